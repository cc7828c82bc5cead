"""The whole way that `selaras score` goes, from CSV files to the card, gives the card of the plain evaluator."""

from pathlib import Path

import pytest

from tests.reference.draw import seeded
from tests.reference.files import difference
from tests.reference.tally import count

#: Seeds of cases with households in which every number fits; a header alone is another matter.
SEEDS = [seed for seed in range(200, 240) if seeded(seed).households and not count(seeded(seed)).overflow_seen][:20]


@pytest.mark.parametrize("seed", SEEDS)
def test_files_give_the_card_of_the_plain_evaluator(seed: int, tmp_path: Path) -> None:
    assert difference(seeded(seed), tmp_path) == ""
