"""How much is published of invented years when small counts are withheld, and that nobody computes one.

    python -m bench suppression

10,000 years of tables, areas and quarters (tests/scoring/suppression/tables.py) at `--households` 1,000,000; fewer in
proportion. Each is attacked by linear programs; one in five is withheld by hand too, as an office would: line by line
until it is safe. Every other is one of two baselines: whole tables.
"""

import time
from dataclasses import dataclass, field

from tests.scoring.suppression.attacker import narrowed
from tests.scoring.suppression.baseline import by_hand, whole_tables
from tests.scoring.suppression.tables import drawn

from bench.table import Figure, show
from selaras.scoring.suppression import plan

YEARS = 10_000
HAND, WHOLE_NUMBERS = 5, 50


@dataclass
class Found:
    """Sums over the years."""

    years: int = 0
    cells: int = 0
    small: int = 0
    published: int = 0
    whole: int = 0
    worse_than_whole: int = 0
    hand_years: int = 0
    hand_cells: int = 0
    hand: int = 0
    hand_ours: int = 0
    worse_than_hand: int = 0
    narrowed: list[int] = field(default_factory=list)
    whole_years: int = 0
    whole_narrowed: int = 0
    seconds: float = 0.0
    slowest: float = 0.0


def main(_runs: int, households: int) -> list[Figure]:
    """Cells published, ours and the baselines', and the years in which an attacker learnt too much."""
    found = Found()
    for seed in range(max(100, YEARS * households // 1_000_000)):
        add(found, seed)
    figures = told(found)
    show("Small counts withheld", figures)
    return figures


def add(found: Found, seed: int) -> None:
    """One year more."""
    system, keys = drawn(seed)
    begun = time.process_time()
    made = plan(system)
    took = time.process_time() - begun
    found.years, found.cells = found.years + 1, found.cells + len(keys)
    found.small += len(made.small)
    found.published += len(keys) - len(made.withheld)
    found.seconds, found.slowest = found.seconds + took, max(found.slowest, took)
    whole = whole_tables(system, keys, 5)
    found.whole += len(keys) - len(whole)
    # That one is not always safe; then it is no measure.
    found.worse_than_whole += len(made.withheld) > len(whole) and not narrowed(system, whole, 5)
    if narrowed(system, made.withheld, 5):
        found.narrowed.append(seed)
    if seed % HAND == 0:
        hand = by_hand(system, 5)
        found.hand_years, found.hand_cells = found.hand_years + 1, found.hand_cells + len(keys)
        found.hand += len(keys) - len(hand)
        found.hand_ours += len(keys) - len(made.withheld)
        found.worse_than_hand += len(made.withheld) > len(hand)
    if seed % WHOLE_NUMBERS == 0:
        found.whole_years += 1
        found.whole_narrowed += bool(narrowed(system, made.withheld, 5, whole=True))


def told(found: Found) -> list[Figure]:
    """The table."""

    def share(part: int, of: int) -> str:
        return f"{part / max(of, 1):.1%} of {of:,}"

    years = f"{found.years:,} years"
    return [
        Figure(f"{years} narrowed by the attacker", str(len(found.narrowed)), "0", not found.narrowed),
        Figure("small themselves", share(found.small, found.cells)),
        Figure("published", share(found.published, found.cells)),
        Figure(
            "published, whole tables withheld",
            share(found.whole, found.cells),
            "≤ ours",
            found.whole <= found.published,
        ),
        Figure(
            "years in which that is safe and publishes more",
            str(found.worse_than_whole),
            "0",
            not found.worse_than_whole,
        ),
        Figure(f"published, {found.hand_years:,} years of ours", share(found.hand_ours, found.hand_cells)),
        Figure(
            "the same by hand, line by line",
            share(found.hand, found.hand_cells),
            "≤ ours",
            found.hand <= found.hand_ours,
        ),
        Figure("years in which a hand publishes more", str(found.worse_than_hand)),
        Figure(f"narrowed if she knows they are whole, of {found.whole_years}", str(found.whole_narrowed)),
        Figure(
            "seconds a year on the processor", f"{found.seconds / max(found.years, 1):.3f}, at most {found.slowest:.1f}"
        ),
    ]
