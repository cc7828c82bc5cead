"""Long rows of an engine, read back into tallies."""

import gc
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NamedTuple

from selaras.errors import Problem
from selaras.scoring.instrument import Instrument
from selaras.scoring.tally import Tallies, Tally, UnitTally


class _Line(NamedTuple):
    """A long row: its cells as `rollup.COLUMNS` orders them."""

    unit: str | None
    kind: str
    name: str
    n: int
    true: int | None
    missing: int
    not_applicable: int | None
    total: int | Decimal | None
    low: int | Decimal | None
    high: int | Decimal | None
    middle_low: int | Decimal | None
    middle_high: int | Decimal | None
    sample: str | None


_NOTHING = Tally(0, 0, 0, 0)


@dataclass
class _Unit:
    """What the rows of one unit say."""

    households: int = 0
    classes: dict[str, int] = field(default_factory=dict)
    indicators: dict[str, Tally] = field(default_factory=dict)
    overflowed: set[str] = field(default_factory=set)


@contextmanager
def uncollected() -> Iterator[None]:
    """Without the garbage collector, which would walk every row read so far again and again: none forms a circle."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def tallies(
    instrument: Instrument,
    engine: str,
    rows: Iterable[Sequence[Any]],
    scales: Mapping[str, int],
    problems: Iterable[Problem] = (),
) -> Tallies:
    """What the long rows say, units by code with the nameless one last."""
    found: dict[str | None, _Unit] = {}
    overflows: list[_Line] = []
    for row in map(_Line._make, rows):
        unit = found.get(row.unit)
        if unit is None:
            unit = found[row.unit] = _Unit()
        if row.kind == "indicator":
            unit.indicators[row.name] = _tally(row, scales)
        elif row.kind == "household":
            unit.households += row.n
        elif row.kind == "class":
            unit.classes[row.name] = row.n
        elif row.n:  # overflow, or the overflow of a part
            overflows.append(row)
            if row.kind == "overflow":
                unit.overflowed.add(row.name)
    codes = sorted(found, key=lambda code: (code is None, code or ""))
    names = [name for name, indicator in instrument.indicators.items() if indicator.expression is not None]
    counted = tuple(_unit(instrument, code, found[code], names) for code in codes)
    return Tallies(engine, counted, (*problems, *_problems(overflows)))


def _problems(overflows: Iterable[_Line]) -> list[Problem]:
    """One problem for each name and unit in which a number reached 10^13."""
    found: dict[tuple[str, str], Problem] = {}
    for row in overflows:
        name, code = row.name, row.unit
        values = {"name": name, "unit": code or "-", "count": row.n, "household": row.sample or "-"}
        # An indicator that is called like the calculation that it shows is told of once.
        found.setdefault((name, code or ""), Problem("engine.overflow", values=values))
    return [found[key] for key in sorted(found)]


def _unit(instrument: Instrument, code: str | None, unit: _Unit, names: Sequence[str]) -> UnitTally:
    for name in unit.overflowed & unit.indicators.keys():
        unit.indicators[name] = _valueless(unit.indicators[name])
    indicators = {name: unit.indicators.get(name, _NOTHING) for name in names}
    unclassified = unit.households - sum(unit.classes.values()) if instrument.classes else 0
    return UnitTally(code, unit.households, unit.classes, unclassified, indicators)


def _valueless(counted: Tally) -> Tally:
    """Nothing known: a value without the numbers that did not fit would be a wrong one."""
    return Tally(0, 0, counted.n + counted.missing, counted.not_applicable)


def _tally(row: _Line, scales: Mapping[str, int]) -> Tally:
    """One indicator's line."""
    n, true, missing, absent = row.n, row.true or 0, row.missing, row.not_applicable or 0
    if row.total is None:
        return Tally(n, true, missing, absent)
    scale = -scales[row.name]

    def exact(value: int | Decimal | None) -> Decimal | None:
        return None if value is None else Decimal(int(value)).scaleb(scale)

    low, high = exact(row.middle_low), exact(row.middle_high)
    middles = None if low is None or high is None else (low, high)
    return Tally(n, true, missing, absent, exact(row.total) or Decimal(0), exact(row.low), exact(row.high), middles)
