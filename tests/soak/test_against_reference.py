"""The comparison of tests/scoring/test_against_reference.py over other seeds, `N` times as many: `make soak N=50`."""

import os
from pathlib import Path

import pytest

from tests.reference.draw import seeded
from tests.reference.engine import difference
from tests.scoring.test_against_reference import delivery

N = int(os.environ.get("N", "1"))
BATCH = 100
#: Beyond the seeds of the daily test.
FIRST = 1_000


@pytest.mark.parametrize("batch", range(N))
def test_duckdb_agrees_on_more_cases(batch: int, tmp_path: Path) -> None:
    assert disagreements(batch, tmp_path, "duckdb", None) == {}


@pytest.mark.parametrize("batch", range(N))
def test_postgresql_agrees_on_more_cases(batch: int, tmp_path: Path, dsn: str) -> None:
    assert disagreements(batch, tmp_path, "postgresql", dsn) == {}


def disagreements(batch: int, folder: Path, engine: str, dsn: str | None) -> dict[int, str]:
    """What differs, by seed; the first few are enough to see why."""
    found: dict[int, str] = {}
    for seed in range(FIRST + batch * BATCH, FIRST + (batch + 1) * BATCH):
        said = difference(seeded(seed), engine, dsn, delivery(seed, folder))
        if said:
            found[seed] = said
        if len(found) == 5:
            break
    return found
