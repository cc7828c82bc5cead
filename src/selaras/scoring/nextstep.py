"""What it takes to earn more: `Dua keluarga lagi, dan nilainya menjadi 3,75`."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from selaras.scoring.instrument import Indicator
from selaras.scoring.rules import points_of_value
from selaras.scoring.tally import Tally


@dataclass(frozen=True, slots=True)
class NextStep:
    """`more` known units that say no would have to say yes, or, where `up` is False, yes no, because less is better.
    `points` is the share of points then earned, 0…1, after what missing answers cost."""

    more: int
    points: Fraction
    up: bool = True


def next_step(indicator: Indicator, tally: Tally, scale: Fraction) -> NextStep | None:
    """The fewest changes among the known units that earn more points than now; None where nothing can.

    Only for shares and counts of survey indicators: for numbers there is no such unit of change.
    """
    if indicator.aggregate not in ("share", "count") or tally.n == 0:
        return None
    size = tally.n if indicator.aggregate == "share" else 1
    now = points_of_value(indicator, Fraction(tally.true, size), scale)
    if now is None:
        return None
    better = [
        (abs(true - tally.true), points, true > tally.true)
        for true in set(_candidates(indicator, tally, size))
        if 0 <= true <= tally.n
        and (points := points_of_value(indicator, Fraction(true, size), scale)) is not None
        and points > now
    ]
    if not better:
        return None
    more, points, up = min(better, key=lambda found: (found[0], -found[1]))
    kept = Fraction(tally.n, tally.n + tally.missing) if indicator.missing == "zero" else Fraction(1)
    return NextStep(more, points * kept, up)


def _candidates(indicator: Indicator, tally: Tally, size: int) -> Iterator[int]:
    """Counts of true at which points may first change: one step either way, and on both sides of each edge."""
    yield from (tally.true - 1, tally.true + 1)
    edges = [indicator.low, indicator.high, *(end for band in indicator.bands for end in (band.low, band.high))]
    for edge in (*(Fraction(end) for end in edges if end is not None), Fraction(1)):
        step = edge * size
        yield from (int(step) - 1, int(step), int(step) + 1)
