"""Nobody narrows a withheld count: 100 invented years times N, attacked, and measured against an office's own way."""

import os
import random

import pytest

from selaras.scoring.suppression import plan
from tests.scoring.suppression.attacker import narrowed
from tests.scoring.suppression.baseline import by_hand, whole_tables
from tests.scoring.suppression.tables import drawn
from tests.scoring.test_handovers import PLACES, unjust

N = int(os.environ.get("N", "1"))
BATCH = 100
THRESHOLD = 5
#: Of one year in so many what an office would do by hand is worked out too, which takes longest.
HAND = 5


@pytest.mark.parametrize("batch", range(N))
def test_no_withheld_count_is_narrowed_and_no_less_is_published_than_by_hand(batch: int) -> None:
    seeds = range(batch * BATCH, (batch + 1) * BATCH)
    found, ours, theirs, tables = {}, 0, 0, 0
    for seed in seeds:
        system, keys = drawn(seed)
        withheld = plan(system, THRESHOLD).withheld
        if said := narrowed(system, withheld, THRESHOLD):
            found[seed] = said
        tables += len(whole_tables(system, keys, THRESHOLD)) - len(withheld)
        if seed % HAND == 0:
            ours, theirs = ours + len(withheld), theirs + len(by_hand(system, THRESHOLD))
    assert found == {}
    assert ours <= theirs
    assert tables >= 0


@pytest.mark.parametrize("batch", range(N))
def test_nobody_loses_by_reporting(batch: int) -> None:
    draw = random.Random(batch)
    for seed in range(batch * BATCH, batch * BATCH + BATCH // 2):
        place, well = draw.choice(PLACES), draw.random() < 0.5
        assert unjust(seed, place, well) == [], (seed, place, well)
