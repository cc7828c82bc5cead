"""Before a year: places are loaded, a year is begun."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from selaras.actions import opening as actions
from selaras.actions.opening import Plan
from selaras.actions.places import request_load
from selaras.actions.shipped import publish_shipped
from selaras.errors import InputError, Problem
from selaras.models import Cycle, User
from selaras.queries import setup as queries
from selaras.queries.people import user_of
from selaras.queries.places import place_of
from selaras.queries.setup import NewYearPage
from selaras.queries.usual import BUNDLES, Bundle
from selaras.web.person import person
from selaras.web.setup_forms import (
    InstrumentsForm,
    PlaceForm,
    ProvinceForm,
    YearForm,
    dated,
    drafts,
    round_rows,
    stage_rows,
)

#: The page comes back by itself while places are loaded.
SECONDS = 2


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def places(request: HttpRequest) -> HttpResponse:
    """The provinces: which are loaded, how far one is, and one more to load."""
    page = queries.places_page(person(request))
    choices = [(line.code, line.name) for line in (*page.others, *page.known)]
    form = ProvinceForm(choices, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        request_load(by=person(request), province=form.cleaned_data["provinsi"])
        return redirect("places")
    response = render(request, "places.html", {"page": page, "form": form}, status=422 if form.is_bound else 200)
    if page.running:
        response.headers["Refresh"] = str(SECONDS)
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def new_year(request: HttpRequest) -> HttpResponse:
    """Whose year and which; then all that it begins with, to be changed before it is."""
    by = person(request)
    groups = queries.places_to_open(by)
    asked = request.POST if request.method == "POST" else request.GET
    given = asked if "wilayah" in asked else None
    where = PlaceForm(groups, given, initial={"tahun": queries.likely_year()})
    if given is None or not where.is_valid():
        return render(request, "new_year_place.html", {"form": where, "groups": groups}, status=_status(request, where))
    code, year = where.cleaned_data["wilayah"], where.cleaned_data["tahun"]
    page = queries.new_year_page(by, code, year, asked.get("dari"))
    if request.method != "POST":
        return _propose(request, page, None)
    if "terbitkan" in request.POST:
        bundle = BUNDLES.get(request.POST["terbitkan"], BUNDLES["p2wkss"])
        publish_shipped(by=by, bundle=bundle.key)
        return _propose(
            request, queries.new_year_page(by, code, year, asked.get("dari"), bundle), _said(request, bundle)
        )
    return _begin(request, page)


def _said(request: HttpRequest, bundle: Bundle) -> QueryDict:
    """What she typed; a name that is only another bundle's own gives way to this one's."""
    said = request.POST.copy()
    if said.get("programme", "").strip() in {"", *(each.programme for each in BUNDLES.values())}:
        said["programme"] = bundle.programme
    return said


def _status(request: HttpRequest, form: PlaceForm) -> int:
    return 422 if form.is_bound or request.method == "POST" else 200


class _Proposal:
    """The forms of one proposal, filled from it or from what the person made of it."""

    def __init__(self, page: NewYearPage, data: QueryDict | None, *, fresh: bool = False) -> None:
        self.year = YearForm(data, programme=page.programme)
        self.stages = stage_rows(page.stages, data)
        self.rounds = round_rows(page.rounds, data)
        # Just published: there was nothing to tick before, so that what is proposed is ticked now.
        self.instruments = InstrumentsForm(page.instruments, None if fresh else data)

    def is_valid(self) -> bool:
        """Whether each of them is; all are asked, so that every problem is told at once."""
        parts = (self.year, self.stages, self.rounds, self.instruments)
        return [part for part in parts if not part.is_valid()] == []


def _propose(request: HttpRequest, page: NewYearPage, data: QueryDict | None) -> HttpResponse:
    return _show(request, page, _Proposal(page, data, fresh=data is not None), 200)


def _show(request: HttpRequest, page: NewYearPage, forms: _Proposal, status: int) -> HttpResponse:
    context = {"page": page, "forms": forms, "lines": forms.instruments.lines(page.instruments)}
    return render(request, "new_year.html", context, status=status)


def _begin(request: HttpRequest, page: NewYearPage) -> HttpResponse:
    """Open the year as the forms say; with anything wrong, everything typed stays."""
    forms = _Proposal(page, request.POST)
    if not forms.is_valid():
        return _show(request, page, forms, 422)
    try:
        cycle = _open(person(request), page, forms)
    except InputError as error:
        for problem in error.problems:
            forms.year.add_error(None, f"{problem.message}; {problem.remedy}")
        return _show(request, page, forms, 422)
    messages.success(request, _("Tahun program sudah dibuka. Berikutnya: tetapkan lokusnya."))
    mine = not page.appoints or forms.year.cleaned_data["who"] != "lain"
    return redirect("setup" if mine else "cycle", cycle.slug)


def _open(by: User, page: NewYearPage, forms: _Proposal) -> Cycle:
    said, chosen = forms.year.cleaned_data, forms.instruments.cleaned_data
    versions = queries.versions_of(by, [int(key) for key in chosen["versions"]])
    primary = next((version for version in versions if str(version.pk) == chosen["primary"]), None)
    takes_teams = said["teams"] and page.source is not None
    plan = Plan(
        stages=dated(forms.stages),
        rounds=drafts(forms.rounds),
        versions=versions,
        primary=primary,
        teams_from=queries.earlier_year(by, page.source.slug) if takes_teams and page.source else None,
    )
    return actions.begin_year(
        by=by,
        place=place_of(page.place.code),
        year=page.year,
        programme=said["programme"],
        plan=plan,
        secretariat=_secretariat(by, said) if page.appoints else None,
    )


def _secretariat(by: User, said: dict[str, str]) -> User:
    """Who keeps the year: she herself, or the account that she names. Raises InputError where there is none."""
    if said["who"] != "lain":
        return by
    found = user_of(said["username"].strip())
    if found is None:
        raise InputError(Problem("cycle.secretariat", values={"username": said["username"]}))
    return found
