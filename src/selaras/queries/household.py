"""One family: who it is, what it answered, what it lacks and who serves that, and how it came onto the list.

Carries codes, masked numbers and no name: names come from `actions.households.reveal_family`, whole numbers from
`actions.households.reveal_numbers`, each showing with its audit entry.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import F, Q
from django.utils import timezone

from selaras.access import (
    commitments_for,
    demand,
    may_correct_household,
    may_decide_targets,
    may_see_class,
    needs_for,
    one,
    registry_for,
    submissions_for,
)
from selaras.models import (
    Activity,
    BatchState,
    Commitment,
    CommitmentNeed,
    Household,
    HouseholdClass,
    HouseholdScore,
    InstrumentVersion,
    Need,
    Person,
    Round,
    Target,
    TargetChange,
    User,
)
from selaras.odk.nik import doubts
from selaras.queries.answered import RoundAnswers, answers_of
from selaras.queries.apart import Apart, apart_from
from selaras.queries.duplicates import ALONE, Related, related_of
from selaras.queries.edits import EditLine, edits_of
from selaras.queries.households import lokus_of_families, round_shown
from selaras.queries.needs import agencies_named, falling_indicators
from selaras.queries.programme import cycle_ref, lokus_ref, primary_of
from selaras.queries.refs import CycleRef, LokusRef, RoundRef
from selaras.queries.rounds import round_ref
from selaras.queries.rules import health_indicators, instrument_of
from selaras.queries.spoken import shown
from selaras.queries.standing import ORDER, Standing, standing
from selaras.queries.statements import NOTHING, Became, became_of
from selaras.scoring.expressions.words import label_of
from selaras.scoring.instrument import Instrument
from selaras.scoring.numbers import indonesian


@dataclass(frozen=True, slots=True)
class MemberLine:
    """A member without her name. `nik` shows the last four digits at most, '' where there is none yet.

    `doubts` are what of it does not fit (`odk.nik.Doubt`); `twice` is True where another family of the year has it;
    `said` is a NikSaid, '' where nobody asked.
    """

    uuid: UUID
    position: int
    sex: str
    relation: str
    nik: str
    doubts: tuple[str, ...] = ()
    twice: bool = False
    said: str = ""


@dataclass(frozen=True, slots=True)
class IndicatorLine:
    """How the family stands by one indicator in the shown round; `value` where it is a number, with its unit."""

    name: str
    label: str
    standing: Standing
    value: str


@dataclass(frozen=True, slots=True)
class Service:
    """A commitment that serves a need: by whom, how far (a CommitmentState), until when."""

    number: str
    title: str
    agency: str
    state: str
    ends: date | None


@dataclass(frozen=True, slots=True)
class NeedLine:
    """A need, open where `closed_at` is None, and who serves it."""

    indicator: str
    label: str
    opened_at: datetime
    closed_at: datetime | None
    services: tuple[Service, ...]


@dataclass(frozen=True, slots=True)
class ActivityLine:
    """Something that was done and reached this family."""

    title: str
    on: date
    agency: str


@dataclass(frozen=True, slots=True)
class SubmissionLine:
    """One answer sheet that came in; `current` where it counts now, `instead_of` the cadre whom `by` stood in for."""

    round: RoundRef
    received_at: datetime
    way: str
    by: str
    current: bool
    instead_of: str = ""


@dataclass(frozen=True, slots=True)
class Decided:
    """One decision about the family: from which TargetState to which ('' is undecided), by whom, when, and why."""

    before: str
    after: str
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Listing:
    """Its TargetState, '' while undecided, and TargetReason. `note` is the remark to the reason."""

    state: str
    reason: str
    note: str
    replaced_by: str
    history: tuple[Decided, ...]


@dataclass(frozen=True, slots=True)
class HouseholdPage:
    """The whole page. `apart`: something of health is kept apart from this person. `class_label` is None where a class
    would tell of health or there is none. `phone` and `kk` show the last four digits at most."""

    cycle: CycleRef
    lokus: LokusRef
    round: RoundRef | None
    uuid: UUID
    code: str
    rt: str
    rw: str
    version: int
    kk: str
    phone: str
    members: tuple[MemberLine, ...]
    class_label: str | None
    indicators: tuple[IndicatorLine, ...]
    needs: tuple[NeedLine, ...]
    listing: Listing
    activities: tuple[ActivityLine, ...]
    answers: tuple[RoundAnswers, ...]
    submissions: tuple[SubmissionLine, ...]
    edits: tuple[EditLine, ...]
    apart: bool
    may_correct: bool
    may_decide: bool
    became: Became = NOTHING
    related: Related = ALONE


def household_of(user: User, cycle_slug: str, code: str, household: str) -> Household:
    """That family of the lokus, with its key, place and cycle at hand. Raises Missing, or Forbidden as its list."""
    lokus = lokus_of_families(user, cycle_slug, code)
    found = one(registry_for(user, lokus).select_related("key"), code=household)
    found.lokus = lokus
    return found


def household_page(user: User, cycle_slug: str, code: str, household: str) -> HouseholdPage:
    """Everything about that family that this person may know. Raises as `household_of`."""
    family = household_of(user, cycle_slug, code, household)
    lokus = family.lokus
    version = primary_of(lokus.cycle)
    round_ = round_shown(lokus, version)
    apart = Apart(frozenset(), frozenset(), classes=False) if version is None else apart_from(user, lokus, version)
    return HouseholdPage(
        cycle=cycle_ref(lokus.cycle),
        lokus=lokus_ref(lokus),
        round=None if round_ is None else round_ref(round_),
        uuid=family.uuid,
        code=family.code,
        rt=family.rt,
        rw=family.rw or lokus.rw,
        version=family.version,
        kk=masked(family.kk()),
        phone=masked(family.phone()),
        members=_members(family, version),
        class_label=_class(user, family, round_, version, apart),
        indicators=() if version is None or round_ is None else _indicators(family, round_, version, apart),
        needs=() if version is None else _needs(user, family, version),
        listing=_listing(user, family),
        activities=_activities(family, apart),
        answers=answers_of(user, family, lokus),
        submissions=_submissions(user, family),
        edits=edits_of(family, timezone.now()),
        apart=bool(apart.indicators or apart.fields),
        may_correct=may_correct_household(user, family),
        may_decide=may_decide_targets(user, lokus),
        became=became_of(family),
        related=related_of(family),
    )


def household_to_correct(user: User, cycle_slug: str, code: str, household: str) -> HouseholdPage:
    """The same page, for who may correct the family. Raises Forbidden for who may only see it."""
    demand(may_correct_household, user, household_of(user, cycle_slug, code, household))
    return household_page(user, cycle_slug, code, household)


def masked(number: str) -> str:
    """`•••• 1234`: the last four digits, which tell a number from another one and nobody who it is."""
    return f"•••• {number[-4:]}" if len(number) > 4 else "••••" if number else ""


def _members(family: Household, version: InstrumentVersion | None) -> tuple[MemberLine, ...]:
    instrument = None if version is None else instrument_of(version)
    persons = list(Person.objects.filter(household=family).order_by("position"))
    niks = {person.nik_hash for person in persons if person.nik_hash}
    others = Person.objects.filter(nik_hash__in=niks, household__lokus__cycle=family.lokus.cycle_id)
    others = others.filter(household__pending__isnull=True).exclude(household=family)
    elsewhere = set(others.values_list("nik_hash", flat=True)) if niks else set()

    def line(person: Person) -> MemberLine:
        person.household = family
        nik = person.nik()
        return MemberLine(
            person.uuid,
            person.position,
            person.sex,
            relation_words(instrument, person.relation),
            masked(nik),
            doubts(nik, area=family.area, sex=person.sex),
            person.nik_hash in elsewhere,
            person.nik_said,
        )

    return tuple(line(person) for person in persons)


def relation_words(instrument: Instrument | None, relation: str) -> str:
    """The label of the choice by which the form names her place in the family."""
    if instrument is None or not relation:
        return relation
    for field in instrument.form.fields.values():
        if field.repeat is None or field.kind != "choice":
            continue
        for choice in instrument.form.lists.get(field.list_name or "", ()):
            if choice.name == relation:
                return label_of(shown(choice.labels, instrument)) or relation
    return relation


def _class(
    user: User, family: Household, round_: Round | None, version: InstrumentVersion | None, apart: Apart
) -> str | None:
    if version is None or round_ is None or apart.classes or not may_see_class(user, family):
        return None
    found = HouseholdClass.objects.filter(household=family, round=round_, version=version).first()
    instrument = instrument_of(version)
    if found is None or found.name not in instrument.classes:
        return None
    return label_of(shown(instrument.classes[found.name].labels, instrument)) or found.name


def _indicators(
    family: Household, round_: Round, version: InstrumentVersion, apart: Apart
) -> tuple[IndicatorLine, ...]:
    """What is not met first, then what nobody knows, in the instrument's order."""
    instrument = instrument_of(version)
    rows = HouseholdScore.objects.filter(household=family, round=round_, indicator__version=version)
    rows = rows.exclude(indicator__name__in=apart.indicators).order_by("indicator__position")
    lines = []
    falling = falling_indicators(version)
    told = rows.values_list("indicator__name", "total", "state", "n", "true", "missing")
    for name, total, state, n, true, missing in told:
        stands = standing(state, n, true, missing, falls=name in falling)
        unit = instrument.indicators[name].unit
        value = f"{indonesian(total)} {unit}".strip() if stands == "value" and total is not None else ""
        lines.append(IndicatorLine(name, _label(instrument, name), stands, value))
    return tuple(sorted(lines, key=lambda line: ORDER.index(line.standing)))


def _label(instrument: Instrument, indicator: str) -> str:
    known = instrument.indicators.get(indicator)
    return indicator if known is None else label_of(shown(known.labels, instrument)) or indicator


def _needs(user: User, family: Household, version: InstrumentVersion) -> tuple[NeedLine, ...]:
    """The open ones first. One that a correction took back is none."""
    rows = needs_for(user, agencies_named(version), health_indicators(version)).filter(household=family)
    needs = list(rows.exclude(closed_in=F("opened_in")).select_related(None).order_by("closed_at", "indicator", "pk"))
    needs.sort(key=lambda need: need.closed_at is not None)
    services = _services(user, needs)
    instrument = instrument_of(version)
    return tuple(
        NeedLine(
            need.indicator,
            _label(instrument, need.indicator),
            need.opened_at,
            need.closed_at,
            tuple(services.get(need.pk, ())),
        )
        for need in needs
    )


def _services(user: User, needs: Sequence[Need]) -> dict[int, list[Service]]:
    links = CommitmentNeed.objects.filter(need__in=[need.pk for need in needs]).order_by("commitment__number")
    pairs = list(links.values_list("need_id", "commitment_id"))
    read = commitments_for(user).filter(pk__in={commitment for _need, commitment in pairs})
    known = {commitment.pk: _service(commitment) for commitment in read}
    found: dict[int, list[Service]] = {}
    for need, commitment in pairs:
        if commitment in known:
            found.setdefault(need, []).append(known[commitment])
    return found


def _service(commitment: Commitment) -> Service:
    agency = commitment.agency.short_name
    return Service(str(commitment), commitment.title, agency, commitment.state, commitment.ends)


def _listing(user: User, family: Household) -> Listing:
    rows = TargetChange.objects.filter(household=family, decision__undone_at__isnull=True)
    rows = rows.select_related("decision__by").order_by("-decision__at", "-pk")
    history = tuple(
        Decided(
            change.before_state,
            change.state,
            change.reason,
            change.decision.by.get_full_name() if change.decision.by else "",
            change.decision.at,
        )
        for change in rows
    )
    target = Target.objects.filter(household=family).first()
    if target is None:
        return Listing("", "", "", "", history)
    target.household = family
    by = registry_for(user, family.lokus).filter(pk=target.replaced_by_id or 0).values_list("code", flat=True).first()
    return Listing(target.state, target.reason, target.note(), by or "", history)


def _activities(family: Household, apart: Apart) -> tuple[ActivityLine, ...]:
    """What reached it, the newest first; not what was done for a need of health, which would tell it."""
    rows = Activity.objects.filter(households=family).select_related("agency").order_by("-on", "-pk")
    health = Q(commitments__indicator__in=apart.indicators) | Q(
        commitments__served__need__in=Need.objects.filter(household=family, indicator__in=apart.indicators)
    )
    rows = rows.exclude(pk__in=Activity.objects.filter(health, households=family).values("pk"))
    return tuple(ActivityLine(row.title, row.on, row.agency.short_name if row.agency else "") for row in rows)


def _submissions(user: User, family: Household) -> tuple[SubmissionLine, ...]:
    """All that came in, the newest first; an import's only once it was published."""
    published = Q(batch__isnull=True) | Q(batch__state=BatchState.PUBLISHED)
    rows = (
        submissions_for(user).filter(published, household=family).select_related("round", "by", "instead_of", "current")
    )
    return tuple(
        SubmissionLine(
            round_ref(row.round),
            row.received_at,
            row.mode,
            row.by.get_full_name() if row.by else "",
            hasattr(row, "current"),
            row.instead_of.get_full_name() if row.instead_of else "",
        )
        for row in rows.defer("answers", "private", "raw", "current__answers").order_by("-received_at", "-pk")
    )
