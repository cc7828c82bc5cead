"""/tahun/SLUG/pengganti/: one cadre does another's task for a while."""

from collections.abc import Sequence
from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from selaras.actions import stand_ins as actions
from selaras.errors import InputError, Problem
from selaras.queries.stand_ins import StandInsPage, stand_ins_page
from selaras.web.person import person
from selaras.web.sent import whole


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def stand_ins(request: HttpRequest, slug: str) -> HttpResponse:
    """Who stands in for whom; posted, somebody more."""
    page = stand_ins_page(person(request), slug)
    if request.method != "POST":
        return render(request, "stand_ins.html", context(page))
    said = {name: request.POST.get(name, "")[:20] for name in ("kader", "pengganti", "mulai", "sampai")}
    first, last = _day(said["mulai"]), _day(said["sampai"])
    absent, by_whom = whole(said["kader"]), whole(said["pengganti"])
    try:
        if first is None or last is None:
            raise InputError(Problem("stand_in.days"))
        if not absent or not by_whom:
            raise InputError(Problem("stand_in.who"))
        made = actions.stand_in(
            by=person(request), cycle_slug=slug, membership_id=absent, by_whom=by_whom, first=first, last=last
        )
    except InputError as error:
        return render(request, "stand_ins.html", context(page, said, error.problems), status=422)
    messages.success(
        request, _("%(name)s menggantikan sampai tanggal itu, lalu berhenti sendiri.") % {"name": made.user.full_name}
    )
    return redirect("stand_ins", slug)


def context(
    page: StandInsPage, said: dict[str, str] | None = None, problems: Sequence[Problem] = ()
) -> dict[str, object]:
    """What the template reads."""
    first = {"mulai": page.today.isoformat()}
    return {"page": page, "synthetic": page.cycle.synthetic, "said": said or first, "problems": problems}


@require_POST
def end(request: HttpRequest, slug: str, task: int) -> HttpResponse:
    """It ends now."""
    actions.end_stand_in(by=person(request), cycle_slug=slug, membership_id=task)
    messages.success(request, _("Penggantian diakhiri."))
    return redirect("stand_ins", slug)


def _day(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None


urlpatterns = [
    path("tahun/<slug:slug>/pengganti/", stand_ins, name="stand_ins"),
    path("tahun/<slug:slug>/pengganti/<int:task>/akhiri/", end, name="stand_in_end"),
]
