"""What a browser needs so that forms can be filled without a network: forms, families, and what they last answered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from selaras.access import demand, filling_years, households_for, may_fill, may_send_forms
from selaras.errors import Missing, Problem
from selaras.models import CurrentAnswers, Cycle, FieldForm, Household, InstrumentVersion, NikAsked, Round, Target, User
from selaras.models.places import zone_of
from selaras.models.targets import TargetState
from selaras.odk.fieldform import DATASET
from selaras.odk.forms import Field, Form
from selaras.odk.money import multiple_of, names_money
from selaras.odk.openrosa import md5_of
from selaras.odk.registry import family_items
from selaras.odk.values import is_private
from selaras.queries.phones import form_bytes, label_of, list_of, open_forms
from selaras.queries.programme import cycle_ref
from selaras.queries.progress import answered_in, is_open, last_in, part_of, rounds_of, state_of
from selaras.queries.refs import CycleRef
from selaras.queries.rounds import round_ref
from selaras.queries.rules import health_fields, instrument_of

#: Kinds of questions whose answer a form can begin with.
_KINDS = frozenset({"integer", "decimal", "date", "choice", "choices"})


@dataclass(frozen=True, slots=True)
class FormLine:
    """A form that is open now. `lists` are the attachments that it reads: name and hash. `money`: its questions of
    money and what each asks for so many of, `ribu` or `juta`, '' of rupiah one by one."""

    form_id: str
    version: str
    title: str
    round: str
    practice: bool
    lists: tuple[tuple[str, str], ...]
    money: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Family:
    """A family to be met, by what a cadre picks it by. `state` as in Tally; `asked`: when it last answered."""

    uuid: str
    label: str
    rt: str
    rw: str
    state: str
    asked: date | None


@dataclass(frozen=True, slots=True)
class Work:
    """A year's work of one person: the forms that are open, and her families in the order of their doors.

    `wanting`: a round is open whose form has not been made yet.
    """

    cycle: CycleRef
    forms: tuple[FormLine, ...]
    families: tuple[Family, ...]
    wanting: bool


def year_to_fill(user: User, slug: str = "") -> Cycle:
    """That year, '' for the newest that is open, where she fills in forms. Raises Missing."""
    years = [cycle for cycle in filling_years(user) if may_fill(user, cycle) and slug in {"", cycle.slug}]
    if not years:
        raise Missing(Problem("access.missing"))
    return years[0]


def fills_somewhere(user: User) -> bool:
    """Whether there is such a year, for what a page offers."""
    return any(may_fill(user, cycle) for cycle in filling_years(user))


def work_of(user: User, slug: str = "") -> Work:
    """Her work of that year (`year_to_fill`). Statements do not grow with families. Raises Missing."""
    cycle = year_to_fill(user, slug)
    forms = open_forms(cycle)
    listed = md5_of(list_of(_families(user, cycle))) if forms else ""
    _rounds, round_ = rounds_of(cycle)
    versions = InstrumentVersion.objects.select_related("workbook").in_bulk({form.version_id for form in forms})
    return Work(
        cycle=cycle_ref(cycle),
        forms=tuple(_form_line(form, versions[form.version_id], listed) for form in forms),
        families=tuple(_lines(user, cycle, round_)),
        wanting=_is_wanting(cycle, forms),
    )


def _form_line(form: FieldForm, version: InstrumentVersion, listed: str) -> FormLine:
    label = "" if form.practice else round_ref(form.round).label
    lists = ((f"{DATASET}.csv", listed),)
    asked = instrument_of(version).form.fields.values()
    money = {
        one.name: multiple_of(one)
        for one in asked
        if one.kind in {"integer", "decimal"} and not one.calculation and names_money(one)
    }
    return FormLine(form.form_id, form.form_version, form.title, label, form.practice, lists, money)


def _is_wanting(cycle: Cycle, forms: list[FieldForm]) -> bool:
    """Whether a form must be made first: of the open round there is none of the year's own instrument that asks for
    NIK as the year does."""
    nik = NikAsked.ON if cycle.asks_nik else NikAsked.OFF
    primary = cycle.cycle_instruments.filter(primary=True).values_list("version", flat=True).first()
    made = {form.round_id for form in forms if form.version_id == primary and form.nik == nik and not form.practice}
    _rounds, round_ = rounds_of(cycle)
    return primary is not None and round_ is not None and is_open(cycle, round_) and round_.pk not in made


def _families(user: User, cycle: Cycle) -> QuerySet[Household]:
    return households_for(user).filter(lokus__cycle=cycle)


def _lines(user: User, cycle: Cycle, round_: Round | None) -> Iterator[Family]:
    """Those on the list of 100 where their lokus has begun one, else all."""
    begun = Target.objects.filter(lokus=OuterRef("lokus"), state=TargetState.TARGET)
    rows = _families(user, cycle).filter(Q(target__state=TargetState.TARGET) | ~Exists(begun))
    rows = rows.annotate(done=answered_in(round_), last=last_in(round_, "outcome"))
    asked = _asked(rows, cycle, round_)
    for row in rows.order_by("lokus__prefix", "rw", "rt", "code"):
        state = part_of(state_of(row.done, row.last))
        yield Family(str(row.uuid), label_of(row), row.rt, row.rw, state, asked.get(row.pk))


def _before(cycle: Cycle, round_: Round | None) -> QuerySet[CurrentAnswers]:
    """Answers of earlier rounds of that year, the newest first for each family."""
    if round_ is None:
        return CurrentAnswers.objects.none()
    rows = CurrentAnswers.objects.filter(round__cycle=cycle, round__opens__lt=round_.opens)
    return rows.order_by("household_id", "-round__opens", "-pk")


def _asked(families: QuerySet[Household], cycle: Cycle, round_: Round | None) -> dict[int, date]:
    zone = zone_of(cycle.place.code)
    rows = _before(cycle, round_).filter(household__in=families.order_by().values("pk"))
    found: dict[int, date] = {}
    for household, at in rows.values_list("household_id", "submission__received_at"):
        found.setdefault(household, at.astimezone(zone).date())
    return found


def form_of(user: User, form_id: str, version: str) -> bytes:
    """The XForm's bytes, of a year that is hers to fill in; old versions too. Raises Missing."""
    years = [cycle.pk for cycle in filling_years(user) if may_fill(user, cycle)]
    return form_bytes(years, form_id, version)


def families_csv(user: User, slug: str) -> bytes:
    """`keluarga.csv` of her families in that year, as a phone gets it. Raises Missing."""
    return list_of(_families(user, year_to_fill(user, slug)))


def last_answers(user: User, slug: str) -> dict[str, dict[str, str]]:
    """Family's id -> question -> what it last answered, for the questions of the form that is open now.

    Numbers, dates and choices only: what is sealed (words, numbers of cards, places, pictures) stays sealed, and what
    is of class `kesehatan` is for the agency that an indicator names. Raises Missing.
    """
    cycle = year_to_fill(user, slug)
    _rounds, round_ = rounds_of(cycle)
    forms = [form for form in open_forms(cycle) if not form.practice and round_ is not None and form.round == round_]
    if not forms:
        return {}
    survey = instrument_of(forms[-1].version).form
    hidden = health_fields(forms[-1].version) | set(family_items(survey))
    asked = {name: one for name, one in survey.fields.items() if _may_begin(one) and name not in hidden}
    rows = _before(cycle, round_).filter(household__in=_families(user, cycle).order_by().values("pk"))
    found: dict[str, dict[str, str]] = {}
    old: dict[int, frozenset[str]] = {}
    for answer in rows.select_related("household", "submission__version__workbook"):
        uuid, version = str(answer.household.uuid), answer.submission.version
        if uuid in found:
            continue
        if version.pk not in old:
            old[version.pk] = _health_of(version)
        said = {name: text for name, text in _said(survey, asked, answer.answers) if name not in old[version.pk]}
        found[uuid] = said
    return found


def _health_of(version: InstrumentVersion) -> frozenset[str]:
    """A question that was of class `kesehatan` when it was asked stays so, whatever a newer version says."""
    return health_fields(version)


def _may_begin(one: Field) -> bool:
    return one.repeat is None and one.kind in _KINDS and not one.calculation and not is_private(one)


def _said(survey: Form, asked: Mapping[str, Field], answers: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Answers as a phone writes them; a choice that the form has no more is left out."""
    for name, one in asked.items():
        value = answers.get(name)
        if value in (None, ""):
            continue
        text = str(value)
        if one.kind in {"choice", "choices"}:
            names = {choice.name for choice in survey.lists.get(one.list_name or "", ())}
            text = " ".join(part for part in text.split() if part in names)
        if text:
            yield name, text


def has_forms(user: User) -> bool:
    """Whether a browser may keep forms of hers: she has, or had, a task with families."""
    return may_send_forms(user)


def demand_bringer(user: User) -> None:
    """Raises Forbidden for who has nothing to do with families and so nothing to bring in."""
    demand(may_send_forms, user)
