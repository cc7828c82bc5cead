"""Strategies as pages show them: what was found, what was changed for it, and what two rounds say it did."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from selaras.access import demand, loci_for, may_keep_strategies, may_see_lessons, one, strategies_for, the_cycle
from selaras.models import Audience, Cycle, InstrumentVersion, Lokus, Round, Strategy, User
from selaras.queries.change import ChangeLine, change_lines, chosen, rounds_with_answers
from selaras.queries.change_pairs import Rounds
from selaras.queries.plans import AgencyRef, agencies_of
from selaras.queries.programme import cycle_ref, lokus_ref, primary_of
from selaras.queries.refs import CycleRef, LokusRef, RoundRef
from selaras.queries.rounds import round_ref
from selaras.queries.rules import instrument_of
from selaras.queries.spoken import shown
from selaras.scoring.instrument import Instrument


@dataclass(frozen=True, slots=True)
class Outcome:
    """One measure of a strategy in one lokus between the two rounds; `line` is None where it was not asked twice."""

    lokus: str
    code: str
    label: str
    line: ChangeLine | None


@dataclass(frozen=True, slots=True)
class StrategyLine:
    """One strategy. `place` is the lokus' name, '' for the whole year. `outcomes` are empty where no measure was
    named, `rounds` None where there are not two."""

    uuid: UUID
    audience: str
    source: str
    place: str
    finding: str
    found_in: str
    change: str
    decided_on: date | None
    agency: str
    outcomes: tuple[Outcome, ...]
    rounds: tuple[RoundRef, RoundRef] | None
    measures: int
    lesson: str
    by: str
    at: datetime
    version: int


@dataclass(frozen=True, slots=True)
class EarlierLine:
    """What an earlier year of the same place learnt."""

    year: int
    audience: str
    finding: str
    change: str
    lesson: str


@dataclass(frozen=True, slots=True)
class StrategiesPage:
    """The year's strategies, for women and for children apart; those that were taken back, for who may bring them
    back; and what earlier years learnt."""

    cycle: CycleRef
    women: tuple[StrategyLine, ...]
    children: tuple[StrategyLine, ...]
    taken_back: tuple[StrategyLine, ...]
    earlier: tuple[EarlierLine, ...]
    may_keep: bool


@dataclass(frozen=True, slots=True)
class Draft:
    """A strategy as its form holds it: texts, codes and slugs; '' is nothing."""

    audience: str = ""
    source: str = ""
    lokus: str = ""
    finding: str = ""
    found_in: str = ""
    change: str = ""
    decided_on: str = ""
    agency: str = ""
    indicators: tuple[str, ...] = ()
    before: str = ""
    after: str = ""
    lesson: str = ""


@dataclass(frozen=True, slots=True)
class StrategyForm:
    """What the form is made of; `uuid` is None for a new one."""

    cycle: CycleRef
    uuid: UUID | None
    version: int
    draft: Draft
    loci: tuple[LokusRef, ...]
    agencies: tuple[AgencyRef, ...]
    indicators: tuple[tuple[str, str], ...]
    rounds: tuple[RoundRef, ...]


def strategies_page(user: User, slug: str) -> StrategiesPage:
    """The strategies that she may read. Raises Missing, Forbidden."""
    cycle = the_cycle(user, slug)
    demand(may_see_lessons, user, cycle)
    keeps = may_keep_strategies(user, cycle)
    writer = _Writer(user, cycle)
    lines = [writer.line(row) for row in strategies_for(user).filter(cycle=cycle)]
    gone = Strategy.objects.filter(cycle=cycle, taken_back_at__isnull=False) if keeps else Strategy.objects.none()
    gone = gone.select_related("lokus__place", "agency", "before", "after", "created_by")
    return StrategiesPage(
        cycle=cycle_ref(cycle),
        women=tuple(line for line in lines if line.audience == Audience.WOMEN),
        children=tuple(line for line in lines if line.audience == Audience.CHILDREN),
        taken_back=tuple(writer.line(row, measured=False) for row in gone),
        earlier=tuple(_earlier(user, cycle)),
        may_keep=keeps,
    )


def _earlier(user: User, cycle: Cycle) -> Iterable[EarlierLine]:
    rows = strategies_for(user).filter(cycle__place__code=cycle.place.code, cycle__year__lt=cycle.year)
    for row in rows.exclude(change="").order_by("-cycle__year", "created_at"):
        yield EarlierLine(row.cycle.year, row.audience, row.finding, row.change, row.lesson)


def strategy_form(user: User, slug: str, uuid: UUID | None = None) -> StrategyForm:
    """The form of one strategy, or of a new one. Raises Missing, Forbidden."""
    cycle = the_cycle(user, slug)
    demand(may_keep_strategies, user, cycle)
    row = None if uuid is None else one(strategies_for(user).filter(cycle=cycle), uuid=uuid)
    version = primary_of(cycle)
    loci = loci_for(user).filter(cycle=cycle).select_related("place__parent").order_by("area")
    return StrategyForm(
        cycle=cycle_ref(cycle),
        uuid=uuid,
        version=0 if row is None else row.version,
        draft=Draft() if row is None else draft_of(row),
        loci=tuple(lokus_ref(lokus) for lokus in loci),
        agencies=tuple(AgencyRef(agency.pk, agency.short_name, agency.name) for agency in agencies_of(cycle)),
        indicators=() if version is None else tuple(measures_of(instrument_of(version)).items()),
        rounds=tuple(round_ref(round_) for round_ in Round.objects.filter(cycle=cycle).order_by("opens", "pk")),
    )


def draft_of(row: Strategy) -> Draft:
    """What a strategy says, as a form and its versions hold it."""
    return Draft(
        audience=row.audience,
        source=row.source,
        lokus=row.lokus.area if row.lokus is not None else "",
        finding=row.finding,
        found_in=row.found_in,
        change=row.change,
        decided_on=row.decided_on.isoformat() if row.decided_on else "",
        agency=str(row.agency_id or ""),
        indicators=tuple(row.indicators),
        before=round_ref(row.before).slug if row.before is not None else "",
        after=round_ref(row.after).slug if row.after is not None else "",
        lesson=row.lesson,
    )


def measures_of(instrument: Instrument) -> dict[str, str]:
    """The surveyed indicators by which a strategy can be looked at, by label."""
    surveyed = (each for each in instrument.indicators.values() if each.origin == "survey")
    return {each.name: shown(each.labels, instrument) or each.name for each in surveyed}


class _Writer:
    """Writes strategies with what their measures did; each lokus and pair of rounds is counted once."""

    def __init__(self, user: User, cycle: Cycle) -> None:
        self._user = user
        self._version = primary_of(cycle)
        loci = loci_for(user).filter(cycle=cycle).select_related("place__parent", "cycle__place").order_by("area")
        self._loci = list(loci)
        self._known: dict[int, list[Round]] = {}
        self._lines: dict[tuple[int, int, int], Mapping[str, ChangeLine]] = {}

    def line(self, row: Strategy, *, measured: bool = True) -> StrategyLine:
        """One strategy; not `measured`: its words alone."""
        outcomes, rounds = self._outcomes(row) if measured and self._version is not None else ((), None)
        return StrategyLine(
            uuid=row.uuid,
            audience=row.audience,
            source=row.source,
            place=row.lokus.place.name if row.lokus is not None else "",
            finding=row.finding,
            found_in=row.found_in,
            change=row.change,
            decided_on=row.decided_on,
            agency=row.agency.short_name if row.agency is not None else "",
            outcomes=outcomes,
            rounds=rounds,
            measures=len(row.indicators),
            lesson=row.lesson,
            by=row.created_by.get_full_name() if row.created_by is not None else "",
            at=row.created_at,
            version=row.version,
        )

    def _outcomes(self, row: Strategy) -> tuple[tuple[Outcome, ...], tuple[RoundRef, RoundRef] | None]:
        version = self._version
        if version is None or not row.indicators:
            return (), None
        labels = measures_of(instrument_of(version))
        found: list[Outcome] = []
        first: tuple[RoundRef, RoundRef] | None = None
        for lokus in [each for each in self._loci if row.lokus_id in {None, each.pk}]:
            rounds = self._rounds(row, lokus, version)
            lines = {} if rounds is None else self._changes(rounds, version)
            first = first or (None if rounds is None else (round_ref(rounds.before), round_ref(rounds.after)))
            names: Sequence[str] = [name for name in row.indicators if name in labels]
            found += [Outcome(lokus.place.name, lokus.area, labels[name], lines.get(name)) for name in names]
        return tuple(found), first

    def _rounds(self, row: Strategy, lokus: Lokus, version: InstrumentVersion) -> Rounds | None:
        known = self._known.setdefault(lokus.pk, rounds_with_answers(lokus, version))
        before = round_ref(row.before).slug if row.before is not None else ""
        after = round_ref(row.after).slug if row.after is not None else ""
        return chosen(lokus, version, known, before, after)

    def _changes(self, rounds: Rounds, version: InstrumentVersion) -> Mapping[str, ChangeLine]:
        key = (rounds.lokus.pk, rounds.before.pk, rounds.after.pk)
        if key not in self._lines:
            self._lines[key] = {line.name: line for line in change_lines(self._user, rounds, version)}
        return self._lines[key]
