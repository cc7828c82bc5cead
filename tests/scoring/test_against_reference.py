"""The engine and the plain evaluator of tests/reference give the same card, on DuckDB and on PostgreSQL.

Small cases come from hypothesis, which shrinks what it finds; large ones from seeds, which reach deeper. A failure
is repeated by its seed: `difference(seeded(17))`.
"""

from pathlib import Path

import pytest
from hypothesis import given

from tests.reference.draw import cases, seeded
from tests.reference.drawn import Case
from tests.reference.engine import Delivery, difference, differences
from tests.reference.profile import fixed

#: Few, because each workbook is read, compiled and run; `make soak` takes as many as one likes.
SMALL = 40
LARGE = range(60)


def delivery(seed: int, folder: Path) -> Delivery:
    """Another way in for each seed."""
    return Delivery(lavish=bool(seed % 2), checked=bool(seed // 2 % 2), folder=folder if seed % 3 == 0 else None)


@fixed(SMALL)
@given(cases())
def test_duckdb_agrees_on_small_cases(case: Case) -> None:
    assert difference(case) == ""


@pytest.mark.parametrize("seed", LARGE)
def test_duckdb_agrees_on_large_cases(seed: int, tmp_path: Path) -> None:
    assert difference(seeded(seed), how=delivery(seed, tmp_path)) == ""


@pytest.mark.parametrize("seed", LARGE)
def test_postgresql_agrees_on_large_cases(seed: int, tmp_path: Path, dsn: str) -> None:
    assert difference(seeded(seed), "postgresql", dsn, delivery(seed, tmp_path)) == ""


def test_a_difference_anywhere_in_a_card_is_found() -> None:
    expected = [{"unit": "a", "indicators": {"jamban": {"value": 1, "n": 3}}}]
    found = [{"unit": "a", "indicators": {"jamban": {"value": 1, "n": 4}}}]
    assert differences(expected, found, "") == ["/0/indicators/jamban/n: reference 3, engine 4"]
    assert differences(expected, [], "") != []
