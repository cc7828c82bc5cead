"""Commitments: the list, one of them with its history, the form, how it stands, and the usulan to print."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, cast, get_args
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from selaras.access import named_in
from selaras.actions import planning_sheets as sheets
from selaras.actions import plans as actions
from selaras.errors import InputError, Problem
from selaras.models import CommitmentState
from selaras.queries import choices
from selaras.queries import plans as queries
from selaras.queries.choices import Candidate, Ground
from selaras.queries.plans import Asked, CommitmentPage, CommitmentsPage, Only
from selaras.web.matrix import XLSX, whole
from selaras.web.person import person
from selaras.web.plan_forms import FUNDS, STATES, CommitmentForm, field_words
from selaras.web.tags import angka, bulat, tanggal


@require_safe
def commitments(request: HttpRequest, slug: str) -> HttpResponse:
    """The list with its filters; `?unduh=xlsx` takes along what fits."""
    asked = _asked(request)
    if request.GET.get("unduh") == "xlsx":
        content = sheets.export_commitments(by=person(request), cycle_slug=slug, asked=asked)
        headers = {"Content-Disposition": f'attachment; filename="komitmen-{slug}.xlsx"'}
        return HttpResponse(content, content_type=XLSX, headers=headers)
    page = queries.commitments_page(person(request), slug, asked, page=whole(request.GET.get("hal", "")) or 1)
    return render(request, "commitments.html", _list_context(page))


def _asked(request: HttpRequest) -> Asked:
    get = request.GET.get
    only = get("saring", "all")
    return Asked(
        agency=whole(get("opd", "")),
        state=get("keadaan", ""),
        fund=get("dana", ""),
        lokus=get("lokus", ""),
        only=cast(Only, only) if only in get_args(Only) else "all",
        search=get("cari", "")[:60],
    )


def _list_context(page: CommitmentsPage) -> dict[str, object]:
    asked = page.asked
    query = {
        "opd": str(asked.agency or ""),
        "keadaan": asked.state,
        "dana": asked.fund,
        "lokus": asked.lokus,
        "cari": asked.search,
        "saring": asked.only if asked.only != "all" else "",
    }

    def address(**changed: str) -> str:
        return "?" + urlencode({name: value for name, value in {**query, **changed}.items() if value})

    words: dict[Only, str] = {
        "all": _("Semua"),
        "late": _("Lewat tanggal"),
        "unfunded": _("Belum ada dana"),
        "over": _("Melebihi volume"),
        "proposed": _("Usulan"),
    }
    return {
        "page": page,
        "synthetic": page.cycle.synthetic,
        "tabs": [
            (words[only], page.counts[only], address(saring="" if only == "all" else only), only == asked.only)
            for only in words
        ],
        "states": STATES,
        "funds": FUNDS,
        "xlsx": address(unduh="xlsx"),
        "back": address(hal=str(page.page - 1)) if page.page > 1 else "",
        "ahead": address(hal=str(page.page + 1)) if page.page < page.pages else "",
        "narrowed": any(value for name, value in query.items() if name != "saring"),
    }


@never_cache
@require_safe
def commitment(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """One commitment."""
    return render(request, "commitment.html", _one_context(queries.commitment_page(person(request), slug, number)))


@dataclass(frozen=True, slots=True)
class ChangeWords:
    """One change in words."""

    field: str
    before: str
    after: str


def _one_context(page: CommitmentPage, problem: Sequence[Problem] = ()) -> dict[str, object]:
    words = field_words()
    history = [
        (
            line,
            [
                ChangeWords(
                    words.get(each.field, each.field),
                    value_words(each.field, each.before),
                    value_words(each.field, each.after),
                )
                for each in line.changes
            ],
        )
        for line in page.history
    ]
    return {
        "page": page,
        "line": page.line,
        "synthetic": page.cycle.synthetic,
        "history": history,
        "problems": problem,
        "states": [(name, label) for name, label in STATES.items() if name not in {page.line.state, "cancelled"}],
    }


def value_words(field: str, value: Any) -> str:
    """A stored value as a person reads it; – where there was none."""
    if value in (None, "", []):
        return _("beberapa keluarga") if field == "needs" and value is None else "–"
    match field:
        case "state":
            return str(STATES.get(value, value))
        case "fund":
            return str(FUNDS.get(value, value))
        case "starts" | "ends":
            return tanggal(date.fromisoformat(str(value)))
        case "budget":
            return f"Rp{angka(Decimal(str(value)), 0)}"
        case "needs":
            return _("%(n)s keluarga") % {"n": bulat(value)}
    return str(value)


# --- the form ---------------------------------------------------------------------------------------------------------
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, slug: str) -> HttpResponse:
    """A new commitment; `?indikator=`, `?lokus=`, `?opd=` and `?kebutuhan=` (several) fill it in."""
    ground = choices.ground_of(person(request), slug)
    if request.method != "POST":
        get = request.GET
        asked = {"indicator": "indikator", "lokus": "lokus", "agency": "opd", "state": "keadaan"}
        given = _proposed(ground, {name: get[key] for name, key in asked.items() if get.get(key)})
        chosen = frozenset(filter(None, map(whole, get.getlist("kebutuhan"))))
        return _form(request, slug, ground, CommitmentForm(ground, initial=given), chosen)
    form = CommitmentForm(ground, request.POST)
    chosen = frozenset(filter(None, map(whole, request.POST.getlist("needs"))))
    if "muat" in request.POST:
        return _form(request, slug, ground, CommitmentForm(ground, initial=request.POST.dict()), chosen)
    if not form.is_valid():
        return _form(request, slug, ground, form, chosen, status=422)
    try:
        made = actions.commit(
            by=person(request),
            cycle_slug=slug,
            agency_id=form.cleaned_data["agency"],
            lokus_code=form.cleaned_data["lokus"],
            indicator=form.cleaned_data["indicator"],
            needs=sorted(chosen) if form.cleaned_data["whom"] == "families" else (),
            values=form.values(),
        )
    except InputError as error:
        form.take(error)
        return _form(request, slug, ground, form, chosen, status=422)
    messages.success(request, _("Komitmen %(number)s tercatat.") % {"number": str(made)})
    return redirect("commitment", slug, made.number)


def _proposed(ground: Ground, given: dict[str, str]) -> dict[str, str]:
    """The agency that the workbook names for the indicator, where none was asked for."""
    choice = next((each for each in ground.indicators if each.name == given.get("indicator")), None)
    if choice is None or "agency" in given:
        return given
    named = [agency.id for agency in ground.agencies if agency.short_name.casefold() in named_in(choice.agency)]
    return {**given, "agency": str(named[0])} if len(named) == 1 else given


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Change a commitment; who was overtaken is shown the difference, with what she typed still there."""
    page = queries.commitment_page(person(request), slug, number, to_change=True)
    ground = choices.ground_of(person(request), slug)
    line = page.line
    if request.method != "POST":
        chosen = frozenset(served.need for served in page.served if served.open)
        return _form(request, slug, ground, CommitmentForm(ground, initial=_stored(page)), chosen, page=page)
    form = CommitmentForm(ground, request.POST)
    chosen = frozenset(filter(None, map(whole, request.POST.getlist("needs"))))
    if "muat" in request.POST:
        return _form(request, slug, ground, CommitmentForm(ground, initial=request.POST.dict()), chosen, page=page)
    if not form.is_valid():
        return _form(request, slug, ground, form, chosen, page=page, status=422)
    try:
        actions.change(
            by=person(request),
            cycle_slug=slug,
            number=line.number,
            version=form.cleaned_data["version"] or 0,
            lokus_code=form.cleaned_data["lokus"],
            indicator=form.cleaned_data["indicator"],
            needs=sorted(chosen) if form.cleaned_data["whom"] == "families" else (),
            values=form.values(),
            reason=form.cleaned_data["reason"],
        )
    except InputError as error:
        form.take(error)
        stale = any(problem.code == "plan.stale" for problem in error.problems)
        return _form(request, slug, ground, form, chosen, page=page, status=409 if stale else 422)
    messages.success(request, _("Perubahan tersimpan."))
    return redirect("commitment", slug, line.number)


def _stored(page: CommitmentPage) -> dict[str, Any]:
    line = page.line
    names = ("title", "activity_code", "lokus", "indicator", "volume", "unit", "budget", "fund", "fund_note")
    found = {name: getattr(line, name) for name in (*names, "legal_basis", "starts", "ends", "person", "state")}
    return {
        **found,
        "agency": line.agency.id,
        "area": line.area.removeprefix(line.lokus).strip(".").replace(".", " "),
        "obstacle": line.obstacle,
        "version": line.version,
        "whom": "place" if line.families == 0 else "families",
    }


def _form(
    request: HttpRequest,
    slug: str,
    ground: Ground,
    form: CommitmentForm,
    chosen: frozenset[int],
    *,
    page: CommitmentPage | None = None,
    status: int = 200,
) -> HttpResponse:
    indicator, lokus = form.said("indicator"), form.said("lokus")
    number = page.line.number if page else 0
    found: Sequence[Candidate] = ()
    if indicator:
        found = choices.candidates(person(request), slug, indicator=indicator, code=lokus, number=number)
    context = {
        "page": page,
        "ground": ground,
        "form": form,
        "chosen": chosen,
        "candidates": found,
        "free": sum(not each.others for each in found),
        "differences": differences(form, page) if status == 409 and page else (),
        "synthetic": ground.cycle.synthetic,
    }
    return render(request, "commitment_form.html", context, status=status)


def differences(form: CommitmentForm, page: CommitmentPage) -> list[ChangeWords]:
    """What is stored now against what was typed, field by field where they differ."""
    stored, words = _stored(page), field_words()
    found = []
    for name, typed in form.cleaned_data.items():
        if name in stored and name not in {"version", "whom"} and (stored[name] or None) != (typed or None):
            found.append(
                ChangeWords(
                    words.get(name, name), value_words(name, _json(stored[name])), value_words(name, _json(typed))
                )
            )
    return found


def _json(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


@require_POST
def move(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """How it stands, in one press."""
    post: Mapping[str, str] = request.POST.dict()
    state = post.get("state", "")
    version = whole(post.get("version", ""))
    known: dict[str, Any] = {"by": person(request), "cycle_slug": slug, "number": number, "version": version}
    try:
        if state == CommitmentState.CANCELLED:
            actions.cancel(**known, reason=post.get("reason", "").strip())
        else:
            actions.move(**known, state=cast(CommitmentState, state), obstacle=post.get("obstacle", "").strip())
    except InputError as error:
        page = queries.commitment_page(person(request), slug, number)
        context = {**_one_context(page, error.problems), "typed": post}
        return render(request, "commitment.html", context, status=422)
    messages.success(request, _("Keadaannya tercatat."))
    return redirect("commitment", slug, number)


@require_safe
def proposals(request: HttpRequest, slug: str) -> HttpResponse:
    """The usulan of the year, to print: what nobody can pay for this year."""
    page = queries.proposals_page(person(request), slug)
    return render(request, "commitment_proposals.html", {"page": page, "synthetic": page.cycle.synthetic})


def commitments_address(slug: str, **asked: str) -> str:
    """The list, filtered."""
    return f"{reverse('commitments', args=[slug])}?{urlencode(asked)}"
