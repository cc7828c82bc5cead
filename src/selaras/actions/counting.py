"""Write states and classes of a few families, and move the counters by the difference, in the caller's transaction."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from django.db import connection

from selaras.models import (
    Counter,
    Household,
    HouseholdClass,
    HouseholdScore,
    InstrumentVersion,
    Lokus,
    Round,
    State,
    UnitCounter,
)
from selaras.scoring.instrument import Instrument
from selaras.scoring.tally import Tally, UnitTally

#: Indicator's name -> its number in the states.
Refs = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What scored: one version, by one engine, at one moment."""

    instrument: Instrument
    version: InstrumentVersion
    refs: Refs
    engine: str
    now: datetime


@dataclass(frozen=True, slots=True)
class Family:
    """One family's own tally; `lokus` is where it is counted from now on."""

    household: int
    lokus: int
    tally: UnitTally

    @property
    def blank(self) -> int:
        """How many indicators are unknown of it."""
        return sum(1 for tally in self.tally.indicators.values() if tally.missing)

    @property
    def class_name(self) -> str:
        """Its class, '' where it has none."""
        return next((name for name, count in self.tally.classes.items() if count), "")


@dataclass(slots=True)
class _Move:
    n: int = 0
    true: int = 0
    missing: int = 0
    not_applicable: int = 0
    total: Decimal = Decimal(0)

    def add(self, row: HouseholdScore, sign: int) -> None:
        self.n += sign * row.n
        self.true += sign * row.true
        self.missing += sign * row.missing
        self.not_applicable += sign * row.not_applicable
        self.total += sign * (row.total or 0)

    @property
    def is_nothing(self) -> bool:
        return not (self.n or self.true or self.missing or self.not_applicable or self.total)


@dataclass(slots=True)
class _UnitMove:
    households: int = 0
    unclassified: int = 0
    classes: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    def add(self, name: str, sign: int) -> None:
        self.households += sign
        if name:
            self.classes[name] += sign
        else:
            self.unclassified += sign


def store(outcome: Outcome, round_: Round, families: Sequence[Family]) -> None:
    """States, classes and counters of these families, as the outcome says. Equal states are not written again.

    Of two who score one round at once, the second waits: both would begin the same counter.
    """
    Round.objects.select_for_update(no_key=True).get(pk=round_.pk)
    moves = _store_scores(outcome, round_, families)
    units = _store_classes(outcome, round_, families)
    _move_counters(outcome, round_, moves)
    _move_units(outcome, round_, units)


def state_of(tally: Tally, *, boolean: bool) -> State:
    """One letter for a family: of several rows (members) the worst one speaks, a no before an unknown."""
    if boolean and tally.true < tally.n:
        return State.NO
    if tally.missing:
        return State.MISSING
    if not tally.n:
        return State.NOT_APPLICABLE
    return State.YES if boolean else State.VALUE


def count_registered(lokus_id: int) -> None:
    """Set the lokus' counter of families that can be seen, in the caller's transaction; of two at once one waits."""
    lokus = Lokus.objects.select_for_update(no_key=True).get(pk=lokus_id)
    seen = Household.objects.filter(Household.counted(), lokus=lokus_id, erased_at__isnull=True)
    lokus.registered = seen.count()
    lokus.save(update_fields=["registered"])


# --- states -------------------------------------------------------------------------------------------------------
def _store_scores(outcome: Outcome, round_: Round, families: Sequence[Family]) -> dict[tuple[int, int], _Move]:
    ids = [family.household for family in families]
    rows = HouseholdScore.objects.filter(household__in=ids, round=round_, indicator__in=list(outcome.refs.values()))
    before = {(row.household_id, row.indicator_id): row for row in rows}
    moves: dict[tuple[int, int], _Move] = defaultdict(_Move)
    changed: list[HouseholdScore] = []
    for family in families:
        for row in _scores(outcome, round_, family):
            old = before.get((row.household_id, row.indicator_id))
            if old is not None and _same(old, row):
                continue
            if old is not None:
                moves[old.lokus_id, old.indicator_id].add(old, -1)
            moves[row.lokus_id, row.indicator_id].add(row, +1)
            changed.append(row)
    _upsert_scores(changed)
    return moves


def _scores(outcome: Outcome, round_: Round, family: Family) -> Iterable[HouseholdScore]:
    for name, indicator in outcome.instrument.indicators.items():
        if indicator.origin != "survey":
            continue
        tally = family.tally.indicators.get(name) or Tally(0, 0, 0, 0)
        boolean = indicator.aggregate in {"share", "count"}
        yield HouseholdScore(
            household_id=family.household,
            lokus_id=family.lokus,
            round_id=round_.pk,
            indicator_id=outcome.refs[name],
            state=state_of(tally, boolean=boolean),
            n=tally.n,
            true=tally.true,
            missing=tally.missing,
            not_applicable=tally.not_applicable,
            total=None if boolean else tally.total,
        )


_VALUES = ("lokus_id", "state", "n", "true", "missing", "not_applicable", "total")


def _same(a: HouseholdScore, b: HouseholdScore) -> bool:
    return all(getattr(a, name) == getattr(b, name) for name in _VALUES)


_UPSERT_SCORE = """
INSERT INTO selaras_householdscore
  (household_id, round_id, indicator_id, lokus_id, state, n, "true", missing, not_applicable, total)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (household_id, round_id, indicator_id) DO UPDATE SET
  lokus_id = excluded.lokus_id, state = excluded.state, n = excluded.n, "true" = excluded."true",
  missing = excluded.missing, not_applicable = excluded.not_applicable, total = excluded.total
"""
_UPSERT_CLASS = """
INSERT INTO selaras_householdclass (household_id, round_id, version_id, lokus_id, name) VALUES (%s, %s, %s, %s, %s)
ON CONFLICT (household_id, round_id, version_id) DO UPDATE SET lokus_id = excluded.lokus_id, name = excluded.name
"""


def _upsert_scores(rows: Sequence[HouseholdScore]) -> None:
    total = HouseholdScore._meta.get_field("total")
    with connection.cursor() as cursor:
        cursor.executemany(
            _UPSERT_SCORE,
            [
                (
                    *(row.household_id, row.round_id, row.indicator_id, row.lokus_id, str(row.state)),
                    *(row.n, row.true, row.missing, row.not_applicable),
                    total.get_db_prep_value(row.total, connection),
                )
                for row in rows
            ],
        )


# --- classes ------------------------------------------------------------------------------------------------------
def _store_classes(outcome: Outcome, round_: Round, families: Sequence[Family]) -> dict[int, _UnitMove]:
    ids = [family.household for family in families]
    rows = HouseholdClass.objects.filter(household__in=ids, round=round_, version=outcome.version)
    before = {row.household_id: row for row in rows}
    moves: dict[int, _UnitMove] = defaultdict(_UnitMove)
    changed: list[Family] = []
    for family in families:
        # Counted again, even where nothing moves: then `as_of` says so.
        old, move = before.get(family.household), moves[family.lokus]
        if old is not None and (old.lokus_id, old.name) == (family.lokus, family.class_name):
            continue
        if old is not None:
            moves[old.lokus_id].add(old.name, -1)
        move.add(family.class_name, +1)
        changed.append(family)
    with connection.cursor() as cursor:
        cursor.executemany(
            _UPSERT_CLASS,
            [(f.household, round_.pk, outcome.version.pk, f.lokus, f.class_name) for f in changed],
        )
    return moves


# --- counters -----------------------------------------------------------------------------------------------------
def _move_counters(outcome: Outcome, round_: Round, moves: Mapping[tuple[int, int], _Move]) -> None:
    loci = {lokus for lokus, _ in moves}
    rows = Counter.objects.select_for_update().filter(
        lokus__in=loci, round=round_, indicator__in=list(outcome.refs.values())
    )
    there = {(row.lokus_id, row.indicator_id): row for row in rows.order_by("pk")}
    fresh: list[Counter] = []
    changed: list[Counter] = []
    for (lokus, indicator), move in moves.items():
        row = there.get((lokus, indicator))
        if row is None:
            row = Counter(
                lokus_id=lokus, round=round_, indicator_id=indicator, n=0, true=0, missing=0, not_applicable=0
            )
            fresh.append(row)
        elif move.is_nothing:
            continue
        else:
            changed.append(row)
        row.n += move.n
        row.true += move.true
        row.missing += move.missing
        row.not_applicable += move.not_applicable
        if move.total or row.total is not None:
            row.total = (row.total or Decimal(0)) + move.total
    Counter.objects.bulk_create(fresh)
    Counter.objects.bulk_update(changed, ["n", "true", "missing", "not_applicable", "total"])


def _move_units(outcome: Outcome, round_: Round, moves: Mapping[int, _UnitMove]) -> None:
    rows = UnitCounter.objects.select_for_update().filter(lokus__in=moves, round=round_, version=outcome.version)
    there = {row.lokus_id: row for row in rows.order_by("pk")}
    for lokus, move in moves.items():
        row = there.get(lokus) or UnitCounter(
            lokus_id=lokus, round=round_, version=outcome.version, households=0, classes={}
        )
        row.households += move.households
        row.unclassified += move.unclassified
        counts = {name: row.classes.get(name, 0) + move.classes.get(name, 0) for name in {*row.classes, *move.classes}}
        row.classes = {name: counts[name] for name in sorted(counts) if counts[name]}
        row.engine = outcome.engine
        row.as_of = outcome.now
        # Blanks by question are of the whole lokus: the job counts them again at its end.
        row.gaps = []
        row.save()
