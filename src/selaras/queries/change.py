"""Hasil: what changed for the same families between two rounds of a lokus, better and worse alike.

An indicator of health of which a group of one to four would be told is not shown to whom it is not for. A class that
reads health, or a small group of one class, is told in totals alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

from selaras.access import SMALLEST_COUNT, Actor, commitments_for, may_see_health, may_see_names
from selaras.errors import Missing, Problem
from selaras.models import (
    Commitment,
    CommitmentState,
    CycleInstrument,
    InstrumentVersion,
    Lokus,
    Round,
    UnitCounter,
    User,
)
from selaras.queries.apart import apart_from
from selaras.queries.change_pairs import (
    Asked,
    Rounds,
    Shift,
    amounts,
    asked_of,
    changed_families,
    class_levels,
    class_moves,
    moves_few,
    shifts,
    tells_few,
)
from selaras.queries.needs import falling_indicators, less_is_better
from selaras.queries.programme import counted_rounds, cycle_ref, instrument_ref, lokus_in, lokus_ref, primary_of
from selaras.queries.refs import CycleRef, InstrumentRef, LokusRef, RoundRef
from selaras.queries.rounds import find_round, round_ref
from selaras.queries.rules import health_indicators, instrument_of
from selaras.queries.spoken import over_words, shown
from selaras.scoring.change import (
    FEWEST,
    AmountChange,
    ClassChange,
    Pairs,
    ShareChange,
    amount_change,
    class_change,
    share_change,
    together,
)
from selaras.scoring.instrument import HOUSEHOLD, Indicator, Instrument

#: Which way it went: clear of chance, or not; `few` families are too few to say.
Way = Literal["better", "worse", "open", "few", "same"]
#: Up to this p, read with all others at once, a change is called clear.
CLEAR = Decimal("0.05")
#: Indicators that tell of income and of school, by what their labels say: they stand beside what was built.
LIVES = ("penghasilan", "pendapatan", "sekolah", "income", "school")


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One indicator. `falls`: less is better, and `pairs` count that it is not so. `share` or `amount` is None.

    `members`: a family has it where all of its members have. `way` with `p` as read with all others at once;
    `hidden`: it is not told to this person, and there are no figures.
    """

    name: str
    label: str
    over: str
    members: bool
    unit: str
    falls: bool
    way: Way
    p: Decimal | None
    pairs: Pairs
    unknown: int
    not_applicable: int
    share: ShareChange | None
    amount: AmountChange | None
    lives: bool
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class ClassTable:
    """Families by class then (rows) and now (columns). `moves` is None where only totals may be told; `change` is None
    where not even they may be, or where nothing says which class is better. `unclassified` then or now."""

    instrument: InstrumentRef
    labels: tuple[str, ...]
    moves: tuple[tuple[int, ...], ...] | None
    change: ClassChange | None
    families: int
    unclassified: int


@dataclass(frozen=True, slots=True)
class Work:
    """A commitment that was done: `K-014` of an agency, for how much, and what it was to improve."""

    number: int
    agency: str
    volume: Decimal | None
    unit: str
    indicator: str
    label: str


@dataclass(frozen=True, slots=True)
class FamilySum:
    """Families of which something changed between yes and no: gained, lost, only the one, only the other, both."""

    any_better: int
    any_worse: int
    only_better: int
    only_worse: int
    both: int


@dataclass(frozen=True, slots=True)
class ChangePage:
    """The whole page. `rounds` are those with answers; `before` and `after` are None where there are not two.

    `families` is None for whom single families are not. `tests` counts the changes that were tested at once.
    """

    cycle: CycleRef
    lokus: LokusRef
    instrument: InstrumentRef
    rounds: tuple[RoundRef, ...]
    before: RoundRef | None
    after: RoundRef | None
    asked: Asked | None
    lines: tuple[ChangeLine, ...]
    tests: int
    classes: tuple[ClassTable, ...]
    works: tuple[Work, ...]
    families: FamilySum | None
    may_see_names: bool


def change_page(user: User, cycle_slug: str, code: str, *, before: str = "", after: str = "") -> ChangePage:
    """What changed between two rounds: those named, else the first and the newest that were counted.

    Raises Missing where lokus, instrument or a named round is not there. Statements do not grow with families.
    """
    lokus, version = place_of(user, cycle_slug, code)
    known = rounds_with_answers(lokus, version)
    rounds = chosen(lokus, version, known, before, after)
    page = ChangePage(
        cycle=cycle_ref(lokus.cycle),
        lokus=lokus_ref(lokus),
        instrument=instrument_ref(version),
        rounds=tuple(round_ref(one) for one in known),
        before=None,
        after=None,
        asked=None,
        lines=(),
        tests=0,
        classes=(),
        works=(),
        families=None,
        may_see_names=may_see_names(user, lokus),
    )
    if rounds is None:
        return page
    lines = change_lines(user, rounds, version)
    return replace(
        page,
        before=round_ref(rounds.before),
        after=round_ref(rounds.after),
        asked=asked_of(rounds),
        lines=lines,
        tests=sum(line.p is not None for line in lines),
        classes=tuple(class_tables(user, rounds)),
        works=tuple(_works(user, lokus, version)),
        families=_family_sum(user, rounds, version) if page.may_see_names else None,
    )


def place_of(user: User, cycle_slug: str, code: str) -> tuple[Lokus, InstrumentVersion]:
    """The lokus and what scores it. Raises Missing."""
    lokus = lokus_in(user, cycle_slug, code)
    version = primary_of(lokus.cycle)
    if version is None:
        raise Missing(Problem("import.no_instrument"))
    return lokus, version


def rounds_with_answers(lokus: Lokus, version: InstrumentVersion) -> list[Round]:
    """The rounds in which families of this lokus were counted, by date."""
    counted = UnitCounter.objects.filter(lokus=lokus, version=version, households__gt=0)
    rows = Round.objects.filter(cycle=lokus.cycle_id, pk__in=counted.values("round"))
    return list(rows.select_related("cycle__place").order_by("opens", "pk"))


def chosen(
    lokus: Lokus, version: InstrumentVersion, known: list[Round], before: str = "", after: str = ""
) -> Rounds | None:
    """The two rounds: those named, else the first and the last of which enough families are known. Raises Missing."""
    enough = counted_rounds([lokus], version).get(lokus.pk, set())
    usual = [one for one in known if one.pk in enough] if len(enough) > 1 else known
    first = find_round(lokus.cycle, before) if before else next(iter(usual), None)
    last = find_round(lokus.cycle, after) if after else next(reversed(usual), None)
    if first is None or last is None or first.pk == last.pk:
        return None
    return Rounds(lokus, *sorted((first, last), key=lambda one: (one.opens, one.pk)))


def change_lines(user: Actor, rounds: Rounds, version: InstrumentVersion) -> tuple[ChangeLine, ...]:
    """Every surveyed indicator in the workbook's order, its p read with all others that may be told."""
    instrument = instrument_of(version)
    counted = shifts(rounds, version, falling_indicators(version))
    values = amounts(rounds, version)
    apart = untold(user, rounds.lokus, version, counted, values)
    surveyed = [one for one in instrument.indicators.values() if one.origin == "survey" and one.name in counted]
    lines = [_line(instrument, one, counted[one.name], values, hidden=one.name in apart) for one in surveyed]
    ps = together(line.p for line in lines if line.p is not None)
    read = iter(ps)
    return tuple(_read(line, next(read)) if line.p is not None else line for line in lines)


def untold(
    user: Actor,
    lokus: Lokus,
    version: InstrumentVersion,
    counted: Mapping[str, Shift],
    values: Mapping[str, list[tuple[Decimal, Decimal]]],
) -> frozenset[str]:
    """The indicators of health that would tell this person of a group of one to four."""
    instrument = instrument_of(version)
    health = health_indicators(version) & set(counted)
    others = {name for name in health if not may_see_health(user, lokus, instrument.indicators[name].agency)}
    return frozenset(name for name in others if tells_few(counted[name]) or moves_few(values.get(name, ())))


def is_boolean(indicator: Indicator) -> bool:
    """Whether a family meets it or not; else it has an amount."""
    return indicator.aggregate in {"share", "count"}


def _line(
    instrument: Instrument,
    indicator: Indicator,
    shift: Shift,
    values: Mapping[str, list[tuple[Decimal, Decimal]]],
    *,
    hidden: bool,
) -> ChangeLine:
    share = share_change(shift.pairs) if is_boolean(indicator) else None
    amount = None if is_boolean(indicator) else amount_change(values.get(indicator.name, ()))
    label = shown(indicator.labels, instrument) or indicator.name
    line = ChangeLine(
        name=indicator.name,
        label=label,
        over=over_words(instrument, HOUSEHOLD),
        members=indicator.over != HOUSEHOLD,
        unit=indicator.unit,
        falls=less_is_better(indicator),
        way="open",
        p=None,
        pairs=Pairs(),
        unknown=0,
        not_applicable=0,
        share=None,
        amount=None,
        lives=any(word in label.casefold() for word in LIVES),
        hidden=hidden,
    )
    if hidden:
        return replace(line, way="few")
    found = share or amount
    told = found is not None and found.n >= FEWEST
    return replace(
        line,
        way="open" if told else "few",
        p=found.p if found is not None and told else None,
        pairs=shift.pairs,
        unknown=shift.unknown,
        not_applicable=shift.not_applicable,
        share=share,
        amount=amount,
    )


def _read(line: ChangeLine, p: Decimal) -> ChangeLine:
    """The line with its p as it is read among all, and which way it went."""
    return replace(line, p=p, way=_way(line) if p <= CLEAR else ("same" if _still(line) else "open"))


def _still(line: ChangeLine) -> bool:
    if line.share is not None:
        return not line.pairs.gained and not line.pairs.lost
    return line.amount is not None and not line.amount.up and not line.amount.down


def _way(line: ChangeLine) -> Way:
    if line.share is not None:
        return "better" if line.pairs.gained > line.pairs.lost else "worse"
    assert line.amount is not None  # noqa: S101  (who has a p has the one or the other)
    rose = line.amount.after > line.amount.before
    return "better" if rose != line.falls else "worse"


# --- classes ----------------------------------------------------------------------------------------------------------
def class_tables(user: Actor, rounds: Rounds) -> Iterable[ClassTable]:
    """One for every instrument of the year that has classes, the primary one first."""
    rows = CycleInstrument.objects.filter(cycle=rounds.lokus.cycle_id).select_related("version__workbook")
    for row in rows.order_by("-primary", "id"):
        instrument = instrument_of(row.version)
        counted = class_moves(rounds, row.version) if instrument.classes else None
        if counted:
            yield _class_table(user, rounds, row.version, counted)


def _class_table(
    user: Actor, rounds: Rounds, version: InstrumentVersion, counted: Mapping[tuple[str, str], int]
) -> ClassTable:
    instrument = instrument_of(version)
    names = _ordered(list(instrument.classes), class_levels(rounds, version, falling_indicators(version)))
    order = names or list(instrument.classes)
    places = {name: place for place, name in enumerate(order)}
    known = {(places[one], places[two]): n for (one, two), n in counted.items() if one in places and two in places}
    change = class_change(known) if names else None
    knows = may_see_names(user, rounds.lokus) and not apart_from(user, rounds.lokus, version).classes
    if change is not None and not knows and any(0 < n < SMALLEST_COUNT for n in (change.up, change.same, change.down)):
        change = None
    families = sum(known.values())
    return ClassTable(
        instrument=instrument_ref(version),
        labels=tuple(shown(instrument.classes[name].labels, instrument) or name for name in order),
        moves=tuple(tuple(known.get((i, j), 0) for j in range(len(order))) for i in range(len(order)))
        if knows
        else None,
        change=change,
        families=families,
        unclassified=sum(counted.values()) - families if knows else 0,
    )


def _ordered(names: list[str], levels: Mapping[str, Decimal]) -> list[str]:
    """The classes from worst to best: as the workbook lists them or the other way round, whichever the levels say.

    Empty where the families of at least two classes do not say it.
    """
    there = [(place, levels[name]) for place, name in enumerate(names) if name in levels]
    rising = sum(one[1] < other[1] for i, one in enumerate(there) for other in there[i + 1 :])
    falling = sum(one[1] > other[1] for i, one in enumerate(there) for other in there[i + 1 :])
    if rising == falling:
        return []
    return names if rising > falling else names[::-1]


# --- what was built, and families ------------------------------------------------------------------------------------
def _works(user: User, lokus: Lokus, version: InstrumentVersion) -> Iterable[Work]:
    """The commitments of the lokus that are done, as far as she may read them; not those of the whole city."""
    instrument = instrument_of(version)
    rows: Iterable[Commitment] = commitments_for(user).filter(
        cycle=lokus.cycle_id, lokus=lokus, state=CommitmentState.DONE
    )
    for row in sorted(rows, key=lambda one: one.number):
        known = instrument.indicators.get(row.indicator)
        label = row.indicator if known is None else shown(known.labels, instrument) or known.name
        yield Work(row.number, row.agency.short_name, row.volume, row.unit, row.indicator, label)


def told_names(user: User, lokus: Lokus, version: InstrumentVersion) -> list[str]:
    """The yes-or-no indicators of which single families may be told to who works with them: none of health."""
    instrument = instrument_of(version)
    apart = apart_from(user, lokus, version).indicators
    return [
        one.name
        for one in instrument.indicators.values()
        if one.origin == "survey" and is_boolean(one) and one.name not in apart
    ]


def is_better(name: str, now: str, falling: frozenset[str]) -> bool:
    """Whether a family that changed to this state has gained by it."""
    return (now == "y") != (name in falling)


def _family_sum(user: User, rounds: Rounds, version: InstrumentVersion) -> FamilySum:
    falling = falling_indicators(version)
    better = worse = both = 0
    for moves in changed_families(rounds, version, told_names(user, rounds.lokus, version), user).values():
        ways = {is_better(name, now, falling) for name, now in moves.items()}
        better += ways == {True}
        worse += ways == {False}
        both += len(ways) == 2
    return FamilySum(better + both, worse + both, better, worse, both)
