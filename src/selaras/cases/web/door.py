"""How a page of the room is entered: who is not let in is told that there is nothing, then a code, then a purpose.

Before either, somebody must have said that an officer's second step is hers (vouching.py).

A page that shows a ticket asks for a code of the second step not older than 30 minutes, so that a phone that was left
signed in opens nothing, and for a purpose, which holds 15 minutes and stands in the log beside each reading (gate.py).
"""

from collections.abc import Callable
from functools import wraps
from typing import cast

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from selaras.access import Actor
from selaras.cases.keys import ShutError
from selaras.cases.web import gate
from selaras.cases.web.gate import Ask
from selaras.cases.web.waiting import not_known
from selaras.errors import Missing, Problem
from selaras.models.people import User

View = Callable[..., HttpResponse]


def person(request: HttpRequest) -> User:
    """Who is signed in: LoginRequiredMiddleware lets nobody else as far as a view."""
    return cast(User, request.user)


def behind(*may: Callable[[Actor], bool], second: bool = True, ask: Ask | None = None) -> Callable[[View], View]:
    """Only for whom one of `may` holds: for all others nothing is there. With `second`, after a fresh code; with `ask`,
    which renders the page that asks for it, after a purpose. What is shut says so, and nothing of it stays in a
    browser's memory."""

    def decorator(view: View) -> View:
        @never_cache
        @wraps(view)
        def entered(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
            if not any(each(person(request)) for each in may):
                raise Missing(Problem("access.missing"))
            if second and not is_mfa_enabled(request.user, [Authenticator.Type.TOTP]):
                return render(request, "cases/second_step.html", status=403)
            try:
                if second and (waiting := not_known(request)) is not None:
                    return waiting
                asked = gate.enter(request, ask) if second else None
                answer = view(request, *args, **kwargs) if asked is None else asked
                return gate.keep(request, answer) if second else answer
            except ShutError:
                return render(request, "cases/shut.html", status=503)

        return entered

    return decorator
