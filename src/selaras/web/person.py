"""Who asks."""

from typing import cast

from django.http import HttpRequest

from selaras.models import User


def person(request: HttpRequest) -> User:
    """Who is signed in: LoginRequiredMiddleware lets nobody else as far as a view."""
    return cast(User, request.user)
