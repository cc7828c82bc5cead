"""Whose browser it is: two accounts of one person mostly use the same one, and are refused as two people."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from selaras.cases.vouching import WAITS, mark_of
from selaras.models.people import User

COOKIE = "ruang-orang"


def remember(response: HttpResponse, user: User) -> HttpResponse:
    """The answer; her browser knows for a day that she was the first of two in it. Raises ShutError."""
    response.set_cookie(
        COOKIE,
        mark_of(user),
        max_age=int(WAITS.total_seconds()),
        path=reverse("cases:room"),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Strict",
    )
    return response


def marks(request: HttpRequest) -> tuple[str, ...]:
    """Of whoever was the first of two here."""
    return (request.COOKIES.get(COOKIE, ""),)
