"""Nobody narrows a withheld count: 100 invented years times N, attacked with every earlier publication known, and
measured against an office's own ways."""

import os
import random

import pytest

from selaras.scoring.suppression.by_hand import by_hand as line_by_line
from tests.actions.test_hand_overs import publish_report_publish
from tests.scoring.suppression.attacker import narrowed
from tests.scoring.suppression.baseline import by_hand, whole_tables
from tests.scoring.suppression.sequence import told
from tests.scoring.test_handovers import PLACES, unjust

N = int(os.environ.get("N", "1"))
BATCH = 100
THRESHOLD = 5
#: Of one year in so many the tests' own office works too, which takes longest.
OWN = 20


@pytest.mark.parametrize("batch", range(N))
def test_no_withheld_count_is_narrowed_and_no_less_is_published_than_by_hand(batch: int) -> None:
    found = {}
    for seed in range(batch * BATCH, (batch + 1) * BATCH):
        known, withheld, blocks = told(seed)
        if said := narrowed(known, withheld, THRESHOLD):
            found[seed] = said
        for system, keys, hidden in blocks:
            lost = system.lost(hidden)
            whole = whole_tables(system, keys, THRESHOLD)
            hand = line_by_line(system, THRESHOLD, len(system.values) + 1)
            assert hand is not None
            assert seed % OWN or hand == by_hand(system, THRESHOLD)
            assert lost <= system.lost(hand), seed
            assert lost <= system.lost(whole) or narrowed(system, whole, THRESHOLD), seed
    assert found == {}


@pytest.mark.parametrize("batch", range(N))
def test_nobody_loses_by_reporting(batch: int) -> None:
    draw = random.Random(batch)
    for seed in range(batch * BATCH, batch * BATCH + BATCH // 2):
        place, well = draw.choice(PLACES), draw.random() < 0.5
        assert unjust(seed, place, well) == [], (seed, place, well)


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(1, 1 + 4 * N))
def test_publish_report_publish_report_changes_nothing_that_is_out(seed: int) -> None:
    publish_report_publish(random.Random(seed))
