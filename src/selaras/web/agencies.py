"""Agencies of a year's place: which act there, and what the instruments ask for in vain."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from selaras.access import the_cycle
from selaras.actions import agencies as actions
from selaras.errors import InputError, Missing, Problem
from selaras.models import User
from selaras.queries import agencies as queries
from selaras.queries.agencies import AgenciesPage
from selaras.web.person import person
from selaras.web.saving import Refused, Said, Unfit, number, sent
from selaras.web.team_forms import AgencyForm, UsualForm


@require_http_methods(["GET", "HEAD", "POST"])
def agencies(request: HttpRequest, slug: str) -> HttpResponse:
    """The agencies: one more, several of the usual ones, one under its new name."""
    by = person(request)
    page = queries.agencies_page(by, slug)
    if request.method != "POST":
        return _show(request, page, None)
    said = Said.of(request)
    try:
        done = _save(by, page, said)
    except Unfit:
        return _show(request, page, said, Refused.unfit(said))
    except InputError as error:
        page = queries.agencies_page(by, slug)
        return _show(request, page, said, Refused.because(by, said, error, {}))
    messages.success(request, done)
    return redirect("agencies", slug)


def _save(by: User, page: AgenciesPage, said: Said) -> str:
    place = the_cycle(by, page.cycle.slug).place
    if said.part == "biasa":
        usual = {line.short_name: line.name for line in page.usual}
        form = UsualForm(list(usual), said.data)
        if not form.is_valid():
            raise Unfit
        names = {short: usual[short] for short in form.cleaned_data["chosen"]}
        made = actions.add_agencies(by=by, place=place, names=names)
        return _("%(count)s OPD dan mitra dicatat.") % {"count": len(made)}
    if said.part == "tambah":
        told = _told(AgencyForm(None, said.data))
        if not actions.add_agencies(by=by, place=place, names=told):
            raise InputError(Problem("agency.exists", values={"name": next(iter(told))}))
        return _("%(name)s dicatat.") % {"name": next(iter(told))}
    line = next((line for line in page.current if line.id == number(said.which)), None)
    if line is None:
        raise Missing(Problem("access.missing"))
    if said.part != "nama":
        raise InputError(Problem("setup.nothing"))
    agency = queries.find_agency(by, page.cycle.slug, line.id)
    ((short, name),) = _told(AgencyForm(line, said.data)).items()
    actions.rename_agency(by=by, agency=agency, short_name=short, name=name, seen=said.seen)
    return _("%(old)s sekarang bernama %(new)s.") % {"old": line.short_name, "new": short}


def _told(form: AgencyForm) -> dict[str, str]:
    """Short name → name. Raises Unfit where the form cannot be used."""
    if not form.is_valid():
        raise Unfit
    return {form.cleaned_data["short_name"].strip(): form.cleaned_data["name"].strip()}


def _show(request: HttpRequest, page: AgenciesPage, said: Said | None, refused: Refused | None = None) -> HttpResponse:
    context = {
        "page": page,
        "synthetic": page.cycle.synthetic,
        "form": AgencyForm(None, sent(said, "tambah")),
        "usual": UsualForm([line.short_name for line in page.usual], sent(said, "biasa")),
        "forms": [(line, AgencyForm(line, sent(said, "nama", str(line.id)))) for line in page.current],
        "refused": refused,
        "here": "agencies",
    }
    return render(request, "agencies.html", context, status=422 if refused else 200)
