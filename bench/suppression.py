"""How much is published of invented years when small counts are withheld, and that nobody computes one.

    python -m bench suppression

10,000 years of tables, areas and periods (tests/scoring/suppression) at `--households` 1,000,000; fewer in proportion.
Half of those with periods come out one period after the other; the attacker, by linear programs, knows every
publication of the year, that later corrections only add, and that all adds up. Of each year is counted too what two
baselines would publish: whole tables, and line by line as an office would; one in twenty of those by the tests' own.
"""

import time
from dataclasses import dataclass, field

from tests.scoring.suppression import sequence
from tests.scoring.suppression.attacker import narrowed
from tests.scoring.suppression.baseline import by_hand, whole_tables
from tests.scoring.suppression.sequence import Block

from bench.table import Figure, show
from selaras.scoring.suppression.by_hand import by_hand as line_by_line

YEARS = 10_000
OWN, WHOLE_NUMBERS = 20, 50


@dataclass
class Found:
    """Sums over the years."""

    years: int = 0
    sequences: int = 0
    cells: int = 0
    small: int = 0
    published: int = 0
    whole: int = 0
    worse_than_whole: int = 0
    hand: int = 0
    worse_than_hand: int = 0
    other_hands: int = 0
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
    begun = time.process_time()
    known, withheld, blocks = sequence.told(seed)
    took = time.process_time() - begun
    found.years, found.sequences = found.years + 1, found.sequences + (len(blocks) > 1)
    found.seconds, found.slowest = found.seconds + took, max(found.slowest, took)
    if narrowed(known, withheld, 5):
        found.narrowed.append(seed)
    if seed % WHOLE_NUMBERS == 0 and len(blocks) == 1:
        found.whole_years += 1
        found.whole_narrowed += bool(narrowed(known, withheld, 5, whole=True))
    for block in blocks:
        _compare(found, block, own=seed % OWN == 0)


def _compare(found: Found, block: Block, *, own: bool) -> None:
    """What came out, and what would by each baseline."""
    system, keys, withheld = block
    lost = system.lost(withheld)
    found.cells += len(keys)
    found.small += len(system.small(5) - system.unshown)
    found.published += len(keys) - lost
    whole = whole_tables(system, keys, 5)
    found.whole += len(keys) - system.lost(whole)
    # That one is not always safe; then it is no measure.
    found.worse_than_whole += lost > system.lost(whole) and not narrowed(system, whole, 5)
    hand = line_by_line(system, 5, len(keys) + len(system.unshown) + 1)
    assert hand is not None
    found.hand += len(keys) - system.lost(hand)
    found.worse_than_hand += lost > system.lost(hand)
    found.other_hands += own and by_hand(system, 5) != hand


def told(found: Found) -> list[Figure]:
    """The table."""

    def share(part: int, of: int) -> str:
        return f"{part / max(of, 1):.1%} of {of:,}"

    years = f"{found.years:,} years, {found.sequences:,} period by period,"
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
        Figure(
            "the same by hand, line by line", share(found.hand, found.cells), "≤ ours", found.hand <= found.published
        ),
        Figure("years in which a hand publishes more", str(found.worse_than_hand), "0", not found.worse_than_hand),
        Figure("years in which the tests' own hand differs", str(found.other_hands), "0", not found.other_hands),
        Figure(f"narrowed if she knows they are whole, of {found.whole_years}", str(found.whole_narrowed)),
        Figure(
            "seconds a year on the processor", f"{found.seconds / max(found.years, 1):.3f}, at most {found.slowest:.1f}"
        ),
    ]
