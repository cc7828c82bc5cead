"""Long rows of an engine, read back into tallies."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from selaras.errors import Problem
from selaras.scoring.instrument import HOUSEHOLD, Instrument
from selaras.scoring.sql.rollup import COLUMNS
from selaras.scoring.sql.tables import UNIT
from selaras.scoring.tally import Tallies, Tally, UnitTally

#: A long row as COLUMNS names its cells.
Line = dict[str, Any]
_NOTHING = Tally(0, 0, 0, 0)


def lines(rows: Iterable[Sequence[Any]]) -> list[Line]:
    """Rows of the statement, by column name."""
    return [dict(zip(COLUMNS, row, strict=True)) for row in rows]


def tallies(
    instrument: Instrument,
    engine: str,
    rows: Sequence[Line],
    scales: Mapping[str, int],
    problems: Iterable[Problem] = (),
) -> Tallies:
    """What the long rows say, units by code with the nameless one last."""
    by_unit: dict[str | None, list[Line]] = {}
    for row in rows:
        by_unit.setdefault(row[UNIT], []).append(row)
    units = sorted(by_unit, key=lambda unit: (unit is None, unit or ""))
    counted = tuple(_unit(instrument, unit, by_unit[unit], scales) for unit in units)
    return Tallies(engine, counted, (*problems, *overflows(rows)))


def overflows(rows: Iterable[Line]) -> list[Problem]:
    """One problem for each name and unit in which a number reached 10^13."""
    found: dict[tuple[str, str], Problem] = {}
    for row in rows:
        if row["kind"] in ("overflow", "part") and row["n"]:
            values = {"name": row["name"], "unit": row[UNIT] or "-", "count": row["n"]}
            problem = Problem("engine.overflow", values={**values, "household": row["sample"] or "-"})
            # An indicator that is called like the calculation that it shows is told of once.
            found.setdefault((row["name"], row[UNIT] or ""), problem)
    return [found[key] for key in sorted(found)]


def _unit(instrument: Instrument, unit: str | None, rows: list[Line], scales: Mapping[str, int]) -> UnitTally:
    households = sum(row["n"] for row in rows if row["kind"] == "household")
    classes = {row["name"]: row["n"] for row in rows if row["kind"] == "class"}
    found = {row["name"]: tally(row, scales[row["name"]]) for row in rows if row["kind"] == "indicator"}
    for row in rows:
        if row["kind"] == "overflow" and row["n"] and row["name"] in found:
            found[row["name"]] = _valueless(found[row["name"]])
    indicators = {
        name: found.get(name, _NOTHING)
        for name, indicator in instrument.indicators.items()
        if indicator.expression is not None
    }
    unclassified = households - sum(classes.values()) if instrument.classes else 0
    return UnitTally(unit, households, classes, unclassified, indicators)


def _valueless(counted: Tally) -> Tally:
    """Nothing known: a value without the numbers that did not fit would be a wrong one."""
    return Tally(0, 0, counted.n + counted.missing, counted.not_applicable)


def tally(row: Mapping[str, Any], scale: int) -> Tally:
    """One indicator's line."""

    def exact(column: str) -> Decimal | None:
        value = row.get(column)
        return None if value is None else Decimal(int(value)).scaleb(-scale)

    low, high = exact("middle_low"), exact("middle_high")
    return Tally(
        n=row["n"],
        true=row.get("true") or 0,
        missing=row["missing"],
        not_applicable=row.get("not_applicable") or 0,
        total=exact("total") or Decimal(0),
        low=exact("low"),
        high=exact("high"),
        middles=None if low is None or high is None else (low, high),
    )


__all__ = ["HOUSEHOLD", "Line", "lines", "overflows", "tallies", "tally"]
