"""/tahun/…/lokus/…/tempat-aman/: walks of women and children of an RT, noted on a phone while walking."""

import uuid
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from selaras.actions import walks as actions
from selaras.actions.walks import LEAST
from selaras.errors import InputError, Problem
from selaras.models import Near, Unsafe, When
from selaras.queries.walks import WalkPage, WalksPage, walk_page, walks_page
from selaras.web.person import person


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def walks(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """All of a lokus; posted, a walk begins."""
    if request.method != "POST":
        return render(request, "walks.html", list_context(walks_page(person(request), slug, code)))
    said = request.POST
    try:
        made = actions.start_walk(
            **_where(request, slug, code),
            walk_id=_uuid(said.get("id", "")),
            rw=said.get("rw", "").strip()[:20],
            rt=said.get("rt", "").strip()[:20],
            on=_day(said.get("on", "")),
            women=_number(said.get("women", "")),
            children=_number(said.get("children", "") or "0"),
        )
    except InputError as error:
        page = walks_page(person(request), slug, code)
        return render(request, "walks.html", list_context(page, said, error.problems), status=422)
    messages.success(request, _("Jalan bersama dicatat. Sekarang catat yang terasa tidak aman, satu per satu."))
    return redirect("walk", slug, code, made.uuid)


def list_context(
    page: WalksPage, said: Mapping[str, str] | None = None, problems: Sequence[Problem] = ()
) -> dict[str, object]:
    """What the template reads."""
    typed = said or {"id": str(uuid.uuid4()), "on": page.today.isoformat()}
    return {
        "page": page,
        "synthetic": page.cycle.synthetic,
        "least": LEAST,
        "said": typed,
        **_placed(problems, {name: name for name in ("rt", "on", "women", "children")}),
        **_words(),
    }


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def walk(request: HttpRequest, slug: str, code: str, walk_id: UUID) -> HttpResponse:
    """One walk; posted, one thing more that felt unsafe."""
    if request.method != "POST":
        return render(request, "walk.html", context(walk_page(person(request), slug, code, walk_id)))
    said = {name: request.POST.get(name, "")[:20] for name in ("what", "near", "when")}
    try:
        what, near, when = said["what"], said["near"], said["when"]
        new = actions.note_finding(**_where(request, slug, code), walk_id=walk_id, what=what, near=near, when=when)
    except InputError as error:
        page = walk_page(person(request), slug, code, walk_id)
        return render(request, "walk.html", context(page, said, error.problems), status=422)
    messages.success(request, _("Tercatat.") if new else _("Sudah tercatat sebelumnya."))
    return redirect("walk", slug, code, walk_id)


def context(
    page: WalkPage, said: Mapping[str, str] | None = None, problems: Sequence[Problem] = (), *, finding: int = -1
) -> dict[str, object]:
    """What the template reads; `finding` is the one that was to become a proposal, or -1."""
    fields, agency_at = {"what": "what", "near": "near", "when": "when"}, f"opd-{finding}"
    if page.agencies:
        fields["opd"] = agency_at
    return {
        "page": page,
        "synthetic": page.cycle.synthetic,
        "said": said or {"when": When.ALWAYS.value},
        "finding": finding,
        "agency_at": agency_at,
        **_placed(problems, fields),
        **_words(),
    }


def _placed(problems: Sequence[Problem], fields: Mapping[str, str]) -> dict[str, object]:
    """What is wrong: all of it, each with the id of its field or '', and by field what stands there."""
    return {
        "problems": [(problem, fields.get(problem.where, "")) for problem in problems],
        "wrong": {problem.where: problem for problem in reversed(problems) if problem.where in fields},
    }


@require_POST
def drop(request: HttpRequest, slug: str, code: str, walk_id: UUID) -> HttpResponse:
    """One finding less."""

    def act(where: dict[str, Any], finding: int) -> str:
        actions.drop_finding(**where, walk_id=walk_id, finding=finding)
        return _("Temuan dihapus.")

    return _acted(request, slug, code, walk_id, act)


@require_POST
def propose(request: HttpRequest, slug: str, code: str, walk_id: UUID) -> HttpResponse:
    """A finding becomes a proposal of an agency."""

    def act(where: dict[str, Any], finding: int) -> str:
        agency = _number(request.POST.get("opd", ""))
        made = actions.propose(**where, walk_id=walk_id, finding=finding, agency_id=agency)
        return _("Menjadi usulan %(number)s. Lengkapi di halaman komitmennya.") % {"number": made}

    return _acted(request, slug, code, walk_id, act)


@require_POST
def take_back(request: HttpRequest, slug: str, code: str, walk_id: UUID) -> HttpResponse:
    """The whole walk is taken back."""
    try:
        actions.take_back_walk(**_where(request, slug, code), walk_id=walk_id)
    except InputError as error:
        page = walk_page(person(request), slug, code, walk_id)
        return render(request, "walk.html", context(page, problems=error.problems), status=422)
    messages.success(request, _("Catatan jalan bersama dihapus."))
    return redirect("walks", slug, code)


def _acted(
    request: HttpRequest, slug: str, code: str, walk_id: UUID, act: Callable[[dict[str, Any], int], str]
) -> HttpResponse:
    finding = _number(request.POST.get("temuan", ""))
    try:
        told = act(_where(request, slug, code), finding)
    except InputError as error:
        page = walk_page(person(request), slug, code, walk_id)
        return render(request, "walk.html", context(page, problems=error.problems, finding=finding), status=422)
    messages.success(request, told)
    return redirect("walk", slug, code, walk_id)


def _words() -> dict[str, object]:
    """Choices by name, in the reader's language."""
    return {
        "whats": {value: _(str(label)) for value, label in Unsafe.choices},
        "nears": {value: _(str(label)) for value, label in Near.choices},
        "whens": {value: _(str(label)) for value, label in When.choices},
    }


def _where(request: HttpRequest, slug: str, code: str) -> dict[str, Any]:
    return {"by": person(request), "cycle_slug": slug, "code": code}


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return uuid.uuid4()


_LOKUS = "tahun/<slug:slug>/lokus/<str:code>/tempat-aman/"
urlpatterns = [
    path(_LOKUS, walks, name="walks"),
    path(f"{_LOKUS}<uuid:walk_id>/", walk, name="walk"),
    path(f"{_LOKUS}<uuid:walk_id>/buang/", drop, name="walk_drop"),
    path(f"{_LOKUS}<uuid:walk_id>/usul/", propose, name="walk_propose"),
    path(f"{_LOKUS}<uuid:walk_id>/hapus/", take_back, name="walk_take_back"),
]
