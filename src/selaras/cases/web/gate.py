"""What is asked before a page of the room opens: a code of her phone, then a purpose. What was typed goes along.

Both are kept by her browser alone, in a cookie that is sealed under the room's own key and goes to the room's pages
alone. A session's row would tell whoever reads the main database who entered, at which second and what for; so would
the note of a second step's last use. Nothing of either is written here.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from time import time
from typing import Final, TypeVar

from allauth.account.authentication import get_authentication_records
from allauth.core.internal import ratelimit
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from selaras.cases import keys
from selaras.cases.tickets import Reason
from selaras.cases.web.forms import CodeForm, PurposeForm

#: Seconds for which a code of the second step, and a purpose, hold.
FRESH: Final = 30 * 60
PURPOSE: Final = 15 * 60
COOKIE: Final = "ruang"
#: The names of the gate's own fields begin so; all others belong to the page behind it.
OWN: Final = "masuk"
#: Set where she had asked for a page, not sent a form.
LOOKED: Final = f"{OWN}-lihat"
_HELD, _FOUND = "_room_pass", "_room_pass_found"
Response = TypeVar("Response", bound=HttpResponseBase)
#: Renders the page that asks for a purpose.
Ask = Callable[[HttpRequest, PurposeForm, int], HttpResponse]


@dataclass(frozen=True, slots=True)
class Pass:
    """`code_at`: when she last typed a code here; `reason` holds `until`; `ticket` is the code of the one she opened.

    Moments are seconds of the epoch.
    """

    code_at: float = 0
    reason: str = ""
    until: float = 0
    ticket: str = ""


# --- kept by the browser ----------------------------------------------------------------------------------------------
def _context(user: AbstractBaseUser, session_key: str | None) -> str:
    """Another's pass, or one of an earlier sign-in, does not open."""
    return f"pass {user.pk} {session_key}"


def sealed(user: AbstractBaseUser, session_key: str | None, held: Pass) -> str:
    """As the cookie holds it. Raises ShutError."""
    return keys.seal_pass(asdict(held), _context(user, session_key))


def _read(request: HttpRequest) -> Pass:
    user = request.user
    said = keys.unseal_pass(request.COOKIES.get(COOKIE, ""), _context(user, request.session.session_key))  # type: ignore[arg-type]
    return Pass(**said) if said else Pass()


def held(request: HttpRequest) -> Pass:
    """Her pass, as it is now."""
    found: Pass = getattr(request, _HELD)
    return found


def hold(request: HttpRequest, changed: Pass) -> None:
    """From now on; the answer takes it to her browser."""
    setattr(request, _HELD, changed)


def keep(request: HttpRequest, response: Response) -> Response:
    """The answer, with the pass where it has changed."""
    now = held(request)
    if now != getattr(request, _FOUND):
        value = sealed(request.user, request.session.session_key, now)  # type: ignore[arg-type]
        response.set_cookie(
            COOKIE,
            value,
            path=reverse("cases:room"),
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Strict",
        )
    return response


def forget(response: Response) -> Response:
    """The answer, which tells her browser to throw the pass away."""
    response.delete_cookie(COOKIE, path=reverse("cases:room"), samesite="Strict")
    return response


# --- asked ------------------------------------------------------------------------------------------------------------
def enter(request: HttpRequest, ask: Ask | None) -> HttpResponse | None:
    """None where she may go on; else what she is asked first. With `ask` there must be a purpose too.

    Raises ShutError.
    """
    found = _read(request)
    setattr(request, _FOUND, found)
    hold(request, found)
    if request.method not in ("GET", "HEAD", "POST"):
        return None  # for no page: none takes another method
    now, typed = time(), request.POST
    if not _fresh(request, now):
        code = CodeForm(typed if f"{OWN}-code" in typed else None, user=request.user, prefix=OWN)
        if not code.is_valid():
            context = {"form": code, "carried": carried(request)}
            return render(request, "cases/code.html", context, status=422 if code.is_bound else 200)
        hold(request, replace(held(request), code_at=now))
    if ask is not None and held(request).until <= now:
        form = PurposeForm(typed if f"{OWN}-keperluan" in typed else None, prefix=OWN)
        if not form.is_valid():
            return ask(request, form, 422 if form.is_bound else 200)
        hold(request, replace(held(request), reason=form.reason().value, until=now + PURPOSE))
    return redirect(request.get_full_path()) if LOOKED in typed else None


def _fresh(request: HttpRequest, now: float) -> bool:
    """A code of her phone of just now: typed here, or when she signed in."""
    records = get_authentication_records(request, request.user)
    typed = (held(request).code_at, *(each["at"] for each in records if each.get("type") == Authenticator.Type.TOTP))
    return bool(now - max(typed) < FRESH)


def reason(request: HttpRequest) -> Reason:
    """What she reads for: a page behind `ask` has one."""
    return Reason(held(request).reason)


def carried(request: HttpRequest) -> list[tuple[str, str]]:
    """What was typed into the page behind the gate, to be sent again with what is asked: nothing typed is lost."""
    own = (f"{OWN}-", "csrfmiddlewaretoken")
    fields = [(name, text) for name, texts in request.POST.lists() if not name.startswith(own) for text in texts]
    looked = request.method != "POST" or LOOKED in request.POST
    return [*fields, (LOOKED, "1")] if looked else fields


# --- too many ---------------------------------------------------------------------------------------------------------
def allowed(request: HttpRequest, action: str) -> bool:
    """Whether one more try is, by the rates of settings; it is counted, GET too."""
    return bool(ratelimit.consume(request, app="allauth.account", action=action, limit_get=True))


def too_many(request: HttpRequest) -> HttpResponse:
    """429: as everywhere for who only looks; who has sent a form finds it there, to be sent later."""
    if request.method == "POST":
        return render(request, "cases/again.html", {"carried": carried(request)}, status=429)
    response: HttpResponse = ratelimit.respond_429(request)
    return response
