"""/kirim/<uuid>: where a browser's queue arrives. Every answer is JSON with a sentence that the page shows.

A browser asks first what has arrived (GET or HEAD), then sends from there (PUT with Content-Range). All three carry
`Selaras-Digest`: what is answered is said of those bytes, not of others that came under the same number. Whatever it
hears but `sent` and `held`, it keeps what it has.
"""

import logging
import re
from collections.abc import Sequence
from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import RequestDataTooBig
from django.db import IntegrityError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.request import UnreadablePostError
from django.middleware.csrf import CsrfViewMiddleware, get_token
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from selaras.actions.sending import uploads
from selaras.actions.sending.kinds import News
from selaras.actions.sending.uploads import MOST_AT_ONCE, Piece, Progress
from selaras.errors import Forbidden, InputError, Missing, Problem
from selaras.models import User
from selaras.queries.links import arrival
from selaras.web.field_words import QUIET, WAITS
from selaras.web.limits import allowed
from selaras.web.person import person

#: `bytes 0-99/1000`, and `bytes */1000` where nothing is left to send but the word that it is all.
_RANGE = re.compile(r"bytes (?:(\d{1,12})-(\d{1,12})|\*)/(\d{1,12})")
_DIGEST = re.compile(r"[0-9a-f]{64}")
#: Problem -> status; others are 422.
_STATUS = {"parcel.large": 413, "parcel.unfinished": 507}
log = logging.getLogger("selaras")


class _FormToken(CsrfViewMiddleware):
    """Django's check, to be asked: whoever fails it hears JSON, and not before she is known to be signed in."""

    def _reject(self, request: HttpRequest, reason: str) -> HttpResponse:  # noqa: ARG002
        return HttpResponse(status=403)


def _nothing(_request: HttpRequest) -> HttpResponse:
    return HttpResponse()


def _has_token(request: HttpRequest) -> bool:
    # Asked about a view that is not exempt: `sending` itself is, so that the check comes after who asks.
    return _FormToken(_nothing).process_view(request, _nothing, (), {}) is None


def says(state: str, said: str, *, status: int, **more: object) -> JsonResponse:
    """A sentence for the queue. `state`: sent, held, partial, refused, or failed: try again later."""
    return JsonResponse({"state": state, "said": said, **more}, status=status)


def signed_out() -> JsonResponse:
    """401: her sign-in has expired; everything stays in her browser."""
    said = _("Anda perlu masuk lagi. Isian aman di HP ini dan terkirim setelah Anda masuk.")
    return says("failed", said, status=401, why="sign_in")


def _by_link(request: HttpRequest) -> User | None:
    """Whoever holds an agency's open link, by its token: no account, and only the kinds that such a person may send."""
    found = arrival(request.headers["Selaras-Link"], "") if allowed(request, "opd") else None
    return None if found is None else found.person


def _closed() -> JsonResponse:
    said = _("Tautan ini tidak berlaku lagi. Isian aman di HP ini; minta tautan baru kepada sekretariat.")
    return says("failed", said, status=401, why="link")


@csrf_exempt
@login_not_required
@never_cache
def sending(request: HttpRequest, item: UUID) -> HttpResponse:
    """One item of the queue: how far it is, and more of it."""
    if request.method not in {"GET", "HEAD", "PUT"}:
        response = says("failed", _("Cara itu tidak dikenal di alamat ini."), status=405)
        response["Allow"] = "GET, HEAD, PUT"
        return response
    linked = "Selaras-Link" in request.headers
    by = _by_link(request) if linked else person(request) if request.user.is_authenticated else None
    if by is None:
        return _closed() if linked else signed_out()
    if request.headers.get("Selaras-User", str(by.uuid)) != str(by.uuid):
        # Somebody else has signed in in another tab: what waits here is not hers.
        said = _("Orang lain sedang masuk di peramban ini. Masuklah dengan akun Anda untuk mengirim isian ini.")
        return says("failed", said, status=401, why="other")
    if request.method != "PUT":
        return _told(request, uploads.progress_of(by=by, item=item, digest=request.headers.get("Selaras-Digest", "")))
    # No page of another site can send the link's header along.
    if not linked and not _has_token(request):
        said = _("Halaman ini sudah lama terbuka. Isian aman; pengiriman diulang sebentar lagi.")
        return says("failed", said, status=403, why="token")
    return _kept(request, by, item)


def _kept(request: HttpRequest, by: User, item: UUID) -> HttpResponse:
    """Keep what came, or say why not; nothing of it is lost to who sent it."""
    try:
        piece = _piece(request)
        if piece is None:
            return says("failed", _("Kiriman terputus di jalan; pengiriman diulang."), status=400)
        agent = request.headers.get("User-Agent", "")
        return _told(request, uploads.keep(by=by, item=item, piece=piece, agent=agent))
    except RequestDataTooBig:
        return says("refused", _("Kiriman ini lebih dari 100 MB. Hapus foto yang tidak perlu."), status=413)
    except Missing as error:
        return _refused(error.problems, 404)
    except Forbidden as error:
        return _refused(error.problems, 403)
    except InputError as error:
        return _refused(error.problems, _STATUS.get(error.problems[0].code, 422))
    except OSError:
        log.exception("kiriman tidak dapat disimpan")
        return says("failed", _not_now(), status=507)
    except (OperationalError, InterfaceError, IntegrityError):
        # The last: what it belongs to was erased in this very moment.
        log.exception("kiriman tidak dapat disimpan")
        return says("failed", _not_now(), status=503)


def _not_now() -> str:
    return _("Server sedang tidak dapat menyimpan. Isian aman di HP ini; dikirim lagi nanti.")


def _refused(problems: Sequence[Problem], status: int) -> JsonResponse:
    return says("failed" if status == 507 else "refused", "; ".join(map(str, problems)), status=status)


def _piece(request: HttpRequest) -> Piece | None:
    """The piece that came, whole; None where it was cut or does not say what it is. Raises RequestDataTooBig."""
    digest = request.headers.get("Selaras-Digest", "")
    length = request.headers.get("Content-Length", "0") or "0"
    if not _DIGEST.fullmatch(digest) or not length.isdecimal():
        return None
    if int(length) > MOST_AT_ONCE:
        raise RequestDataTooBig
    try:
        content = request.read(int(length) + 1)
    except UnreadablePostError:
        return None
    if len(content) != int(length):
        return None
    said = request.headers.get("Content-Range")
    if said is None:
        return Piece(0, len(content), digest, content)
    found = _RANGE.fullmatch(said)
    if found is None:
        return None
    total = int(found[3])
    if found[1] is None:
        return Piece(total, total, digest, b"") if not content else None
    start, end = int(found[1]), int(found[2])
    return Piece(start, total, digest, content) if end + 1 - start == len(content) else None


def _told(request: HttpRequest, progress: Progress) -> HttpResponse:
    """How far it is: 202 with `arrived` while more is wanted, 200 with what became of it."""
    news = progress.news
    if news is None:
        # Of what nobody has begun a question is answered like any other.
        status = 202 if request.method == "PUT" else 200
        response = says("partial", "", status=status, arrived=progress.arrived, total=progress.total)
    else:
        response = says(*words_of(news), status=200, arrived=progress.arrived)
    response["Selaras-State"] = "partial" if news is None else news.state
    response["Selaras-Arrived"] = str(progress.arrived)
    response["Selaras-Token"] = get_token(request)
    return response


def words_of(news: News) -> tuple[str, str]:
    """(state, sentence) of a taken item, as its sender is told."""
    if news.state == "held":
        why = WAITS.get(news.reason, "")
        if not why:
            return "held", _("Sudah diterima, ditahan: perlu diputuskan kelurahan.")
        if news.reason in QUIET:
            return "held", _("Sudah diterima, ditahan: %(why)s.") % {"why": why}
        return "held", _("Sudah diterima, ditahan: %(why)s. Perlu diputuskan kelurahan.") % {"why": why}
    if news.state == "aside":
        return "held", _("Sudah diterima, lalu disisihkan kelurahan. Tanyakan alasannya kepada mereka.")
    return "sent", _("Sudah diterima (latihan, tidak dihitung).") if news.practice else _("Sudah diterima.")


urlpatterns = [path("kirim/<uuid:item>", sending, name="sending")]
