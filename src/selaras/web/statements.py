"""What became of a family, said from its page: moved, died, not willing, not found, there again, become two."""

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from selaras.actions import splitting
from selaras.actions import statements as actions
from selaras.errors import InputError, Missing, Problem
from selaras.web import household as pages
from selaras.web.person import person
from selaras.web.sent import uuid_of


@require_POST
def say(request: HttpRequest, slug: str, code: str, household: str) -> HttpResponse:
    """One state with its day."""
    try:
        actions.say_state(
            **_where(request, slug, code, household),
            state=request.POST.get("keadaan", ""),
            on=_day(request.POST.get("sejak", "")),
        )
    except InputError as error:
        return pages.refused(request, slug, code, household, error.problems)
    messages.success(request, _("Keadaan keluarga dicatat; bisa diurungkan di sini."))
    return redirect("household", slug, code, household)


@require_POST
def take_back(request: HttpRequest, slug: str, code: str, household: str) -> HttpResponse:
    """What the office had said holds no more."""
    try:
        statement = UUID(request.POST.get("pernyataan", ""))
    except ValueError:
        raise Missing(Problem("access.missing")) from None
    actions.take_state_back(**_where(request, slug, code, household), statement=statement)
    messages.success(request, _("Diurungkan; yang berlaku keadaan sebelumnya."))
    return redirect("household", slug, code, household)


@require_POST
def split(request: HttpRequest, slug: str, code: str, household: str) -> HttpResponse:
    """The ticked members become a family of their own; with `urungkan=1` the two are one again."""
    where = _where(request, slug, code, household)
    try:
        if request.POST.get("urungkan") == "1":
            made = splitting.unsplit(**where)
            messages.success(request, _("Pemecahan diurungkan; anggotanya kembali."))
            return redirect("household", slug, code, made.old.code)
        chosen = [uuid for text in request.POST.getlist("anggota") if (uuid := uuid_of(text)) is not None]
        made = splitting.split_family(**where, members=chosen, on=_day(request.POST.get("pecah-sejak", "")))
    except InputError as error:
        return pages.refused(request, slug, code, household, error.problems)
    messages.success(request, _("Keluarga baru: %(code)s.") % {"code": made.new.code})
    return redirect("household", slug, code, household)


def _where(request: HttpRequest, slug: str, code: str, household: str) -> dict[str, Any]:
    return {"by": person(request), "cycle_slug": slug, "code": code, "household": household}


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


_FAMILY = "tahun/<slug:slug>/lokus/<str:code>/keluarga/<str:household>/"
urlpatterns = [
    path(f"{_FAMILY}keadaan/", say, name="household_state"),
    path(f"{_FAMILY}keadaan/urungkan/", take_back, name="household_state_back"),
    path(f"{_FAMILY}pecah/", split, name="household_split"),
]
