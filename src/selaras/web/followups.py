"""/tahun/…/tindak-lanjut/: who looks at each lokus again after the year; /bertahan/: what has lasted of it."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from selaras.actions import followups as actions
from selaras.errors import InputError, Problem
from selaras.queries import followups as queries
from selaras.queries import lasting as lasting_queries
from selaras.queries.followups import FollowUpLine, FollowUpsPage
from selaras.queries.lasting import LastingLine, LastingPage
from selaras.web.person import person
from selaras.web.tags import bulat


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def followups(request: HttpRequest, slug: str) -> HttpResponse:
    """Whose they are and until when; posted, one of them set, written down, or opened again."""
    if request.method != "POST":
        return render(request, "followups.html", context(queries.followups_page(person(request), slug)))
    said = request.POST
    try:
        told = _act(request, slug, said)
    except InputError as error:
        page = queries.followups_page(person(request), slug)
        return render(request, "followups.html", context(page, said=said, problems=error.problems), status=422)
    messages.success(request, told)
    return redirect("followups", slug)


def _act(request: HttpRequest, slug: str, said: Mapping[str, str]) -> str:
    where: dict[str, Any] = {
        "by": person(request),
        "cycle_slug": said.get("tahun", slug)[:60] or slug,
        "code": said.get("lokus", "")[:64],
        "kind": said.get("jenis", "")[:10],
        "seen": _number(said.get("seen", "")),
    }
    if said.get("kerja") == "catat":
        actions.report_follow_up(**where, found=said.get("temuan", "")[:2000], dropped=said.get("tidak") == "ya")
        return _("Hasil tindak lanjut tercatat.")
    if said.get("kerja") == "buka":
        actions.reopen_follow_up(**where)
        return _("Tindak lanjut dibuka lagi.")
    actions.set_follow_up(**where, owner=_uuid(said.get("penanggung", "")), due=_day(said.get("batas", "")))
    return _("Penanggung jawab dan tanggalnya tersimpan.")


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        raise InputError(Problem("followup.owner", "penanggung")) from None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def context(
    page: FollowUpsPage, *, said: Mapping[str, str] | None = None, problems: Sequence[Problem] = ()
) -> dict[str, object]:
    """What the template of the follow-ups reads; `said` is what was posted and refused."""
    lines = [*page.earlier, *page.lines]
    waiting = [line for line in lines if line.standing in {"late", "near", "nobody"}]
    return {
        "page": page,
        "synthetic": page.cycle.synthetic,
        "said": said or {},
        "problems": problems,
        "first": min(waiting, key=lambda line: line.due, default=None),
        "waiting": len(waiting),
        "wrong": next((line for line in lines if _is(line, page, said)), None) if said else None,
    }


def _is(line: FollowUpLine, page: FollowUpsPage, said: Mapping[str, str] | None) -> bool:
    said = said or {}
    here = said.get("tahun") or page.cycle.slug
    return (line.cycle.slug, line.lokus.code, line.kind) == (here, said.get("lokus"), said.get("jenis"))


@never_cache
@require_safe
def lasting(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """What has lasted of a lokus' year."""
    return render(request, "lasting.html", lasting_context(lasting_queries.lasting_page(person(request), slug, code)))


def lasting_context(page: LastingPage) -> dict[str, object]:
    """What the template reads: each line in words, one a later round, what lasted least first."""
    rows = [(line, lasting_words(line, page)) for line in page.lines]
    rows.sort(key=lambda row: (-max((part.lost for part in row[0].later), default=0), row[0].label))
    last = [line.later[-1] for line in page.lines if line.later]
    return {
        "page": page,
        "synthetic": page.cycle.synthetic,
        "rows": rows,
        "kept": sum(part.kept for part in last),
        "known": sum(part.kept + part.lost for part in last),
    }


def lasting_words(line: LastingLine, page: LastingPage) -> tuple[str, ...]:
    """`6 bulan sesudahnya: 14 dari 17 masih; 1 tidak lagi; 2 tidak diketahui.` for each later round."""
    if line.hidden:
        return (_("Tidak ditampilkan: angkanya bisa membuka keadaan kelompok kurang dari 5 keluarga."),)
    found = []
    for round_, part in zip(page.later, line.later, strict=True):
        values = {
            "round": round_.label,
            "kept": bulat(part.kept),
            "of": bulat(line.gained),
            "lost": bulat(part.lost),
            "unknown": bulat(part.unknown),
        }
        words = _("%(round)s: %(kept)s dari %(of)s masih, %(lost)s tidak lagi, %(unknown)s tidak diketahui.")
        if line.falls:
            words = _("%(round)s: %(kept)s dari %(of)s tetap tidak mengalaminya, %(lost)s mengalaminya lagi, "
                      "%(unknown)s tidak diketahui.")  # fmt: skip
        found.append(words % values)
    return tuple(found)


urlpatterns = [
    path("tahun/<slug:slug>/tindak-lanjut/", followups, name="followups"),
    path("tahun/<slug:slug>/lokus/<str:code>/bertahan/", lasting, name="lasting"),
]
