"""Long rows of an engine, read back into tallies."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NamedTuple

from selaras.errors import Problem
from selaras.scoring.instrument import Instrument
from selaras.scoring.tally import Tallies, Tally, UnitTally


class _Line(NamedTuple):
    """A long row: its cells as `rollup.COLUMNS` orders them; those at the end may be left out."""

    unit: str | None
    kind: str
    name: str
    n: int
    true: int | None = None
    missing: int = 0
    not_applicable: int | None = None
    total: int | Decimal | None = None
    low: int | Decimal | None = None
    high: int | Decimal | None = None
    middle_low: int | Decimal | None = None
    middle_high: int | Decimal | None = None
    sample: str | None = None


_NOTHING = Tally(0, 0, 0, 0)
_TOTAL = _Line._fields.index("total")


@dataclass
class _Unit:
    """What the rows of one unit say."""

    households: int = 0
    classes: dict[str, int] = field(default_factory=dict)
    indicators: dict[str, Tally] = field(default_factory=dict)
    overflowed: set[str] = field(default_factory=set)


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
    for cells in rows:
        # A million cells: only what is not an indicator's yes or no is given names.
        code, kind, name, n = cells[:4]
        unit = found.get(code)
        if unit is None:
            unit = found[code] = _Unit()
        if kind == "indicator":
            if len(cells) > _TOTAL and cells[_TOTAL] is not None:
                unit.indicators[name] = _amount(_Line(*cells), scales[name])
            else:
                true, missing, absent, *_ = (*cells[4:7], 0, 0, 0)
                unit.indicators[name] = Tally(n, true or 0, missing, absent or 0)
        elif kind == "household":
            unit.households += n
        elif kind == "class":
            unit.classes[name] = n
        elif n:  # overflow, or the overflow of a part
            overflows.append(_Line(*cells))
            if kind == "overflow":
                unit.overflowed.add(name)
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


def _amount(row: _Line, power: int) -> Tally:
    """The line of an indicator that adds numbers, which the statement gives times 10^power."""

    def exact(value: int | Decimal | None) -> Decimal | None:
        return None if value is None else Decimal(int(value)).scaleb(-power)

    low, high = exact(row.middle_low), exact(row.middle_high)
    middles = None if low is None or high is None else (low, high)
    total = exact(row.total) or Decimal(0)
    return Tally(
        row.n, row.true or 0, row.missing, row.not_applicable or 0, total, exact(row.low), exact(row.high), middles
    )
