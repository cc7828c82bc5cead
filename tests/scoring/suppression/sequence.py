"""Years that come out period by period, and what somebody knows who has kept every publication.

Each period is counted, planned and published by itself, once. Later the holder of the cases finds more of it; that is
shown nowhere, but she knows that it can only be more, and that everything adds up to a year.
"""

import random
from dataclasses import replace

from selaras.scoring.suppression import plan
from selaras.scoring.suppression.system import Relation, System
from tests.scoring.suppression.tables import Key, drawn, shape, system, year

#: A publication: its counts, their keys, and what of it is withheld.
Block = tuple[System, list[Key], frozenset[int]]
Told = tuple[System, frozenset[int], list[Block]]


def told(seed: int, threshold: int = 5) -> Told:
    """All that is known of the year of that seed, what of it is withheld, and each thing that was published.

    A year without periods, and every other one with them, comes out at once; the rest one period after the other.
    """
    cut = shape(random.Random(seed))
    if not cut.periods or seed % 2:
        made, keys = drawn(seed)
        hidden = plan(made, threshold).withheld
        return made, hidden, [(made, keys, hidden)]
    draw = random.Random(seed)
    alone = replace(shape(draw), periods={})
    counts = [year(draw, alone) for _period in cut.periods]
    blocks: list[Block] = []
    for each in counts:
        made, keys = system(alone, each)
        blocks.append((made, keys, plan(made, threshold).withheld))
    withheld, values, relations, silent, unshown = set[int](), list[int](), list[Relation](), set[int](), set[int]()
    starts = []
    for (made, _keys, hidden), more in zip(blocks, [_found_later(draw, each) for each in counts], strict=True):
        start = len(values)
        starts.append(start)
        size = len(made.values)
        later, _same_keys = system(alone, more)
        withheld |= {start + cell for cell in hidden}
        # The block as it came out, what was found later, and both together: no longer what is published.
        values += [*made.values, *later.values, *(a + b for a, b in zip(made.values, later.values, strict=True))]
        for offset in (start, start + size, start + 2 * size):
            relations += [tuple((cell + offset, factor) for cell, factor in one) for one in made.relations]
        relations += [((start + c, 1), (start + size + c, 1), (start + 2 * size + c, -1)) for c in range(size)]
        silent |= {start + cell for cell in made.silent} | set(range(start + size, start + 3 * size))
        unshown |= {start + cell for cell in made.unshown}
    # The year as it really was is the sum of its periods; nobody publishes it.
    size = len(blocks[0][0].values)
    whole = len(values)
    values += [sum(values[start + 2 * size + cell] for start in starts) for cell in range(size)]
    relations += [(*((start + 2 * size + c, 1) for start in starts), (whole + c, -1)) for c in range(size)]
    silent |= set(range(whole, len(values)))
    known = System(tuple(values), tuple(relations), silent=frozenset(silent), unshown=frozenset(unshown))
    return known, frozenset(withheld), blocks


def _found_later(draw: random.Random, counts: dict[Key, int]) -> dict[Key, int]:
    """Nothing, or as many again: whatever it is, it adds up as the counts do."""
    return dict.fromkeys(counts, 0) if draw.random() < 0.2 else dict(counts)
