"""How a page of the room is entered: who is not let in is told that there is nothing, then a code, then a purpose.

A page that shows a ticket asks for a code of the second step not older than 30 minutes, so that a phone that was left
signed in opens nothing, and for a purpose, which holds 15 minutes and stands in the log beside each reading.
"""

from collections.abc import Callable
from functools import wraps
from time import time
from typing import Final, cast

from allauth.account.authentication import get_authentication_records
from allauth.core.internal import ratelimit
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache

from selaras.access import Actor
from selaras.cases.keys import ShutError
from selaras.cases.tickets import Reason
from selaras.errors import Missing, Problem
from selaras.models.people import User

View = Callable[..., HttpResponse]
#: Seconds for which a code of the second step, and a purpose, hold.
FRESH: Final = 30 * 60
PURPOSE: Final = 15 * 60
_HELD: Final = "room"


def person(request: HttpRequest) -> User:
    """Who is signed in: LoginRequiredMiddleware lets nobody else as far as a view."""
    return cast(User, request.user)


def behind(*may: Callable[[Actor], bool], second: bool = True) -> Callable[[View], View]:
    """Only for whom one of `may` holds: for all others nothing is there. With `second`, after a fresh code. What is
    shut says so, and nothing of it stays in a browser's memory."""

    def decorator(view: View) -> View:
        @never_cache
        @wraps(view)
        def entered(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
            if not any(each(person(request)) for each in may):
                raise Missing(Problem("access.missing"))
            if second and not is_mfa_enabled(request.user, [Authenticator.Type.TOTP]):
                return render(request, "cases/second_step.html", status=403)
            if second and not _fresh(request):
                back = request.get_full_path() if request.method in ("GET", "HEAD") else reverse("cases:room")
                return redirect(f"{reverse('mfa_reauthenticate')}?{urlencode({'next': back})}")
            try:
                return view(request, *args, **kwargs)
            except ShutError:
                return render(request, "cases/shut.html", status=503)

        return entered

    return decorator


def _fresh(request: HttpRequest) -> bool:
    records = get_authentication_records(request, person(request))
    return any(each.get("method") == "mfa" and time() - each["at"] < FRESH for each in records)


def allowed(request: HttpRequest, action: str) -> bool:
    """Whether one more try is, by the rates of settings; it is counted, GET too."""
    return bool(ratelimit.consume(request, app="allauth.account", action=action, limit_get=True))


def too_many(request: HttpRequest) -> HttpResponse:
    """429, as everywhere."""
    response: HttpResponse = ratelimit.respond_429(request)
    return response


# --- the purpose ------------------------------------------------------------------------------------------------------
def give_pass(request: HttpRequest, reason: Reason) -> None:
    """What she reads for from now on."""
    request.session[_HELD] = {"reason": reason.value, "until": int(time()) + PURPOSE}


def drop_pass(request: HttpRequest) -> None:
    """She has done what she came for."""
    request.session.pop(_HELD, None)


def reason_of(request: HttpRequest) -> Reason | None:
    """What she reads for, while it holds."""
    held = request.session.get(_HELD) or {}
    return Reason(held["reason"]) if held.get("until", 0) > time() else None
