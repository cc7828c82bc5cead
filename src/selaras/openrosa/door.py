"""Who comes in by a phone's address, and how every answer looks to a phone."""

import logging
from collections.abc import Callable
from contextlib import suppress
from functools import wraps

from django.contrib.auth.decorators import login_not_required
from django.db import IntegrityError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from selaras.actions.field.phones import come_in, lately
from selaras.errors import Missing, SelarasError
from selaras.models import PhoneToken
from selaras.odk import openrosa
from selaras.openrosa.parcels import plain

NOT_OPEN = (
    "Kode HP ini tidak berlaku lagi. Isian Anda aman di HP. Minta kode QR baru kepada kelurahan, lalu kirim ulang."
)
NOT_THERE = "Formulir itu tidak ada untuk HP ini. Perbarui daftar formulir di HP Anda."
NOT_SO = "Cara itu tidak dikenal di alamat ini."
NOT_NOW = "Server sedang tidak dapat menyimpan. Isian aman di HP; kirim lagi nanti."
log = logging.getLogger("selaras")
View = Callable[..., HttpResponse]
#: Of a request and a phone that came in lately: the answer, or None where `View` must be asked.
AtOnce = Callable[[HttpRequest, PhoneToken], HttpResponse | None]


def answer(body: bytes, *, status: int = 200, content_type: str = openrosa.CONTENT_TYPE) -> HttpResponse:
    """An answer with the headers that Collect wants on all of them."""
    response = HttpResponse(body, status=status, content_type=content_type)
    for name, value in openrosa.HEADERS.items():
        response[name] = value
    # Lists of families are kept by the phone's own cache, which asks whether they changed, and by nobody between.
    response["Cache-Control"] = "private, no-cache"
    return response


def says(message: str, *, status: int) -> HttpResponse:
    """A sentence that the phone shows."""
    return answer(openrosa.response(message), status=status)


def for_phones(*methods: str, at_once: AtOnce | None = None) -> Callable[[View], View]:
    """A view for the holder of an open token: it gets the phone in place of the token.

    A wrong, revoked or misshapen token is 403 on every call: at 401 phones ask for a password that there is not.
    Nothing is redirected, no cookie is set, no form's token is asked for: phones know none of them. `at_once` is asked
    before with what is posted, where the phone came in lately; it must do nothing for one that was revoked since.
    """

    def wrap(view: View) -> View:
        @csrf_exempt
        @login_not_required
        @wraps(view)
        def guarded(request: HttpRequest, token: str, **parts: str) -> HttpResponse:
            if request.method not in methods:
                response = says(NOT_SO, status=405)
                response["Allow"] = ", ".join(methods)
                return response
            response = _answered(view, at_once, request, token, **parts)
            if response.status_code >= 400:
                _read_out(request)
            return response

        return guarded

    return wrap


def _answered(view: View, at_once: AtOnce | None, request: HttpRequest, token: str, **parts: str) -> HttpResponse:
    device, agent = request.GET.get("deviceID", ""), request.headers.get("User-Agent", "")
    try:
        if at_once is not None and request.method == "POST":
            known = lately(token=token, device=plain(device))
            if known is not None and (response := at_once(request, known)) is not None:
                return response
        phone = come_in(token=token, device=plain(device), agent=plain(agent))
        return says(NOT_OPEN, status=403) if phone is None else view(request, phone, **parts)
    except Missing:
        return says(NOT_THERE, status=404)
    except SelarasError as error:
        return says("; ".join(str(problem) for problem in error.problems), status=400)
    except (OSError, OperationalError, InterfaceError, IntegrityError):
        # The disk is full, the database is away or busy too long, or what a photo belongs to was erased in this very
        # moment: what a phone keeps, it sends again.
        log.exception("HP tidak dapat dilayani")
        return says(NOT_NOW, status=503)


def _read_out(request: HttpRequest) -> None:
    """Read the rest of a body that nobody wants: a phone that is still sending it would not hear why.

    As much as a phone that keeps to our limit can send, form and all; who sends more may find the line closed.
    """
    left = 2 * openrosa.ACCEPT_CONTENT_LENGTH
    with suppress(OSError):
        while left > 0 and (part := request.read(65536)):
            left -= len(part)
