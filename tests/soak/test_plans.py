"""The comparison of tests/scoring/planning/test_solving.py of other cases, one that takes long too; N scales it."""

import os

import pytest

from tests.scoring.planning.test_solving import test_the_plan_equals_the_best_of_all_plans as compare

SEEDS = [116, *range(1_000, 1_000 + 50 * int(os.environ.get("N", "1")))]


@pytest.mark.parametrize("seed", SEEDS)
def test_the_plan_equals_the_best_of_all_plans_of_other_cases(seed: int) -> None:
    compare(seed)
