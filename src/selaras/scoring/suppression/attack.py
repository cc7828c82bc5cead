"""What somebody can compute who knows every published count, every sum, and that nothing is counted below zero."""

from collections.abc import Iterable
from dataclasses import dataclass

from selaras.scoring.suppression.program import FAR, Differences
from selaras.scoring.suppression.system import System


@dataclass(frozen=True, slots=True)
class Interval:
    """A withheld count is nothing below `low` and nothing above `high`; None is without end."""

    low: float
    high: float | None


def intervals(system: System, withheld: Iterable[int]) -> dict[int, Interval]:
    """For each withheld cell the narrowest interval, by two linear programs."""
    cells = sorted(withheld)
    others = Differences(system, cells)
    found = {}
    for cell in cells:
        lowest, highest = others.alone(cell, up=False), others.alone(cell, up=True)
        if lowest is None or highest is None:
            raise RuntimeError(f"HiGHS found no bounds of cell {cell}")
        value = system.values[cell]
        high = value + float(highest[cell])
        found[cell] = Interval(value + float(lowest[cell]), None if high >= FAR else high)
    return found
