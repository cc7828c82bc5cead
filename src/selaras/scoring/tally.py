"""What an engine counts: the long rows between the SQL statement and the points.

Everything here is exact: counts are integers, sums are Decimal with 12 places, nothing has been divided yet.
"""

import gc
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from selaras.errors import Problem


class Tally(NamedTuple):
    """One survey indicator in one unit (or, from `states`, in one household).

    n = units (households, or rows of the repeat) with a known value; `true` those where a boolean value is true
    (0 for numbers); n + missing + not_applicable = all. `total` is the exact sum of known numbers (0 for
    booleans); `low`/`high` the smallest and largest; `middles` the two middle values of the sorted known numbers
    (equal where n is odd). Each is None unless the indicator's aggregate needs it.
    """

    n: int
    true: int
    missing: int
    not_applicable: int
    total: Decimal = Decimal(0)
    low: Decimal | None = None
    high: Decimal | None = None
    middles: tuple[Decimal, Decimal] | None = None


@dataclass(frozen=True, slots=True)
class UnitTally:
    """All that was counted in one unit. `unit` is None for households that name no unit."""

    unit: str | None
    households: int
    classes: Mapping[str, int]
    unclassified: int
    indicators: Mapping[str, Tally]


@dataclass(frozen=True, slots=True)
class Tallies:
    """A whole run: `engine` is its name and version (`duckdb 2.0.0`), `units` sorted by code, None last."""

    engine: str
    units: tuple[UnitTally, ...]
    problems: tuple[Problem, ...] = ()


@contextmanager
def uncollected() -> Iterator[None]:
    """Without the garbage collector, which would walk all that was made so far again and again: none forms a circle."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
