"""One family: what is known of it, its whole numbers on request, and corrections of the registry."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from selaras.actions import households as actions
from selaras.actions.households import Correction, Family, MemberCorrection, Numbers
from selaras.errors import InputError, Problem
from selaras.queries import household as queries
from selaras.queries.checks import checks_of
from selaras.queries.household import HouseholdPage, IndicatorLine
from selaras.queries.standing import Standing
from selaras.web import naming
from selaras.web.arrival_words import EDITS, ITEMS, SOURCES
from selaras.web.checks import told
from selaras.web.person import person
from selaras.web.registry_words import COMMITMENT_STATES, DOUBTS, FAMILY_STATES, REASONS, STATES, WAYS

#: What takes a number away: a blank field leaves it.
TAKE_AWAY = "-"


@never_cache
@require_safe
def household(request: HttpRequest, slug: str, code: str, household: str) -> HttpResponse:
    """One family; with names and address while they are shown."""
    return _page(request, slug, code, household, None)


@never_cache
@require_POST
def numbers(request: HttpRequest, slug: str, code: str, household: str) -> HttpResponse:
    """The same page with KK, phone and NIK in full, this once: nothing of them is kept for the next request."""
    shown = actions.reveal_numbers(by=person(request), cycle_slug=slug, code=code, household=household)
    return _page(request, slug, code, household, shown)


def refused(request: HttpRequest, slug: str, code: str, household: str, problems: Sequence[Problem]) -> HttpResponse:
    """The page again with what was wrong in one of its small forms."""
    return _page(request, slug, code, household, None, problems=problems, status=422)


def _page(
    request: HttpRequest,
    slug: str,
    code: str,
    household: str,
    numbers: Numbers | None,
    *,
    problems: Sequence[Problem] = (),
    status: int = 200,
) -> HttpResponse:
    page = queries.household_page(person(request), slug, code, household)
    family = _family(request, slug, code, household)
    back = reverse("household", args=[slug, code, household])
    more = {"back": back, "checks": told(checks_of(person(request), slug, code, household))}
    said = {"problems": problems, "given": request.POST if problems else None}
    return render(request, "household.html", {**context(page, family, numbers), **more, **said}, status=status)


def _family(request: HttpRequest, slug: str, code: str, household: str) -> Family | None:
    """Names and address while they are shown; each showing is written down."""
    if not naming.asked(request, slug, code):
        return None
    return actions.reveal_family(by=person(request), cycle_slug=slug, code=code, household=household, page=request.path)


@dataclass(frozen=True, slots=True)
class Member:
    """A member as the page says her: her name '' while names are not shown, `nik` masked or in full."""

    uuid: UUID
    position: int
    name: str
    sex: str
    relation: str
    nik: str
    doubts: tuple[str, ...] = ()
    said: str = ""


def _doubts(member: queries.MemberLine) -> tuple[str, ...]:
    twice = ("twice",) if member.twice else ()
    return (*member.doubts, *twice, *(("other",) if member.said == "other" else ()))


def context(page: HouseholdPage, family: Family | None, numbers: Numbers | None = None) -> dict[str, object]:
    """What the template reads besides the page."""
    members = [
        Member(
            member.uuid,
            member.position,
            "" if family is None else family.members.get(member.uuid, ""),
            member.sex,
            member.relation,
            member.nik if numbers is None else numbers.niks.get(member.uuid, ""),
            tuple(str(DOUBTS[name]) for name in _doubts(member)),
            member.said,
        )
        for member in page.members
    ]
    groups: dict[Standing, list[IndicatorLine]] = {}
    for line in page.indicators:
        groups.setdefault(line.standing, []).append(line)
    return {
        "page": page,
        "synthetic": page.cycle.synthetic,
        "named": family is not None,
        "family": family,
        "whole": numbers is not None,
        "kk": page.kk if numbers is None else numbers.kk,
        "phone": page.phone if numbers is None else numbers.phone,
        "members": members,
        "groups": list(groups.items()),
        "open_needs": [need for need in page.needs if need.closed_at is None],
        "closed_needs": [need for need in page.needs if need.closed_at is not None],
        "reasons": REASONS,
        "states": STATES,
        "ways": WAYS,
        "commitment_states": COMMITMENT_STATES,
        "family_states": FAMILY_STATES,
        "edits": EDITS,
        "sources": SOURCES,
        "items": ITEMS,
        "undecided": sum(edit.open for edit in page.edits),
        "without_nik": sum(member.said == "none" for member in page.members),
        "has_numbers": bool(page.kk or page.phone or any(member.nik for member in page.members)),
    }


# --- corrections ------------------------------------------------------------------------------------------------------
class CorrectionForm(forms.Form):
    """The registry of one family. Numbers are not shown again: a blank field leaves them, `-` takes them away."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    head_name = forms.CharField(label=gettext_lazy("Nama kepala keluarga"), max_length=120, required=False)
    address = forms.CharField(label=gettext_lazy("Alamat"), max_length=300, required=False)
    rt = forms.CharField(label="RT", max_length=20, required=False)
    rw = forms.CharField(label="RW", max_length=20, required=False)
    kk = forms.CharField(label=gettext_lazy("Nomor KK"), max_length=40, required=False)
    phone = forms.CharField(label=gettext_lazy("Nomor HP"), max_length=40, required=False)

    def __init__(self, page: HouseholdPage, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.page = page
        for name in ("rt", "rw", "kk", "phone"):
            self.fields[name].widget.attrs |= {"inputmode": "numeric", "autocomplete": "off"}
        for member in page.members:
            values = {"n": member.position}
            self.fields[f"name-{member.uuid}"] = forms.CharField(
                label=_("Nama anggota %(n)s") % values, max_length=120, required=False
            )
            self.fields[f"nik-{member.uuid}"] = forms.CharField(
                label=_("NIK anggota %(n)s") % values, max_length=40, required=False,
                widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
            )  # fmt: skip

    def members(self) -> list[tuple[queries.MemberLine, forms.BoundField, forms.BoundField]]:
        """Each member with her two fields."""
        return [(member, self[f"name-{member.uuid}"], self[f"nik-{member.uuid}"]) for member in self.page.members]

    def correction(self) -> Correction:
        """What the form says, for the action."""
        said: Mapping[str, Any] = self.cleaned_data
        return Correction(
            version=said["version"],
            head_name=said["head_name"],
            address=said["address"],
            rw=said["rw"],
            rt=said["rt"],
            kk=_number(said["kk"]),
            phone=_number(said["phone"]),
            members=[
                MemberCorrection(each.uuid, said[f"name-{each.uuid}"], _number(said[f"nik-{each.uuid}"]))
                for each in self.page.members
            ],
        )


def _number(text: str) -> str | None:
    return None if not text else "" if text == TAKE_AWAY else text


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: HttpRequest, slug: str, code: str, household: str) -> HttpResponse:
    """The form of corrections. It shows names, so it opens only while they are shown."""
    page = queries.household_to_correct(person(request), slug, code, household)
    if request.method != "POST":
        family = _family(request, slug, code, household)
        form = CorrectionForm(page, initial=_initial(page, family))
        return _form(request, page, form, family)
    form = CorrectionForm(page, request.POST)
    if not form.is_valid():
        return _form(request, page, form, _family(request, slug, code, household), status=422)
    try:
        changed = actions.correct_household(
            by=person(request), cycle_slug=slug, code=code, household=household, correction=form.correction()
        )
    except InputError as error:
        return _refused(request, page, form, error)
    messages.success(request, _("Data keluarga dibetulkan.") if changed else _("Tidak ada yang berubah."))
    return redirect("household", slug, code, household)


def _initial(page: HouseholdPage, family: Family | None) -> dict[str, object]:
    found: dict[str, object] = {"version": page.version, "rt": page.rt, "rw": page.rw}
    if family is not None:
        found |= {"head_name": family.head_name, "address": family.address}
        found |= {f"name-{uuid}": name for uuid, name in family.members.items()}
    return found


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that somebody else has written meanwhile, or that says something else than what is stored now."""

    label: str
    theirs: str
    hers: str


def _refused(request: HttpRequest, page: HouseholdPage, form: CorrectionForm, error: InputError) -> HttpResponse:
    """The form with everything that was typed. Where somebody was faster, beside what is stored now."""
    slug, code = page.cycle.slug, page.lokus.code
    family = _family(request, slug, code, page.code)
    problem = error.problems[0]
    differences: list[Difference] = []
    if problem.code == "household.changed":
        differences = _differences(page, form, family)
        given = request.POST.copy()
        given["version"] = str(page.version)
        form = CorrectionForm(page, given)
        form.is_valid()
        form.add_error(None, f"{problem.message}; {problem.remedy}")
    else:
        field = problem.where if problem.where in form.fields else None
        form.add_error(field, f"{problem.message}; {problem.remedy}")
    return _form(request, page, form, family, status=422, differences=differences)


def _differences(page: HouseholdPage, form: CorrectionForm, family: Family | None) -> list[Difference]:
    stored = {name: str(value) for name, value in _initial(page, family).items() if name != "version"}
    return [
        Difference(str(form.fields[name].label), theirs, str(form.cleaned_data.get(name, "")))
        for name, theirs in stored.items()
        if name in form.fields and form.cleaned_data.get(name, "") != theirs
    ]


def _form(
    request: HttpRequest,
    page: HouseholdPage,
    form: CorrectionForm,
    family: Family | None,
    *,
    status: int = 200,
    differences: list[Difference] | None = None,
) -> HttpResponse:
    more = {"form": form, "named": family is not None or request.method == "POST", "differences": differences or []}
    context = {"page": page, "synthetic": page.cycle.synthetic, **more}
    return render(request, "household_correct.html", context, status=status)
