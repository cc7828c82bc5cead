"""Rates of reports with exact intervals; figures from published tables of the Poisson interval."""

import pytest

from selaras.scoring.rates import rate, ratio


def test_the_interval_of_a_count_is_garwoods() -> None:
    # Garwood's table: 10 events, 4.795 to 18.390; none, 0 to 3.689.
    ten, none = rate(10, 1_000), rate(0, 1_000)
    assert (ten.value, ten.low, ten.high) == (10, pytest.approx(4.795, abs=1e-3), pytest.approx(18.390, abs=1e-3))
    assert (none.value, none.low, none.high) == (0, 0, pytest.approx(3.689, abs=1e-3))


def test_twice_as_many_of_few_may_be_chance_and_of_many_not() -> None:
    few, many = ratio(5, 10_000, 10, 10_000), ratio(50, 10_000, 100, 10_000)
    assert (few.value, few.rose, few.fell) == (2, False, False)
    assert (many.value, many.rose, many.fell) == (2, True, False)
    assert ratio(100, 10_000, 50, 10_000).fell


def test_more_women_are_no_more_reports() -> None:
    same = ratio(20, 10_000, 40, 20_000)
    assert (same.value, same.rose) == (1, False)
    assert same.low < 1 < (same.high or 0)


def test_from_none_there_is_no_ratio_but_a_least_one() -> None:
    found = ratio(0, 10_000, 20, 10_000)
    assert (found.value, found.high, found.rose) == (None, None, True)


@pytest.mark.parametrize("given", [(1, 0, 1, 10), (1, 10, 1, 0), (-1, 10, 1, 10)])
def test_without_women_there_is_no_rate(given: tuple[int, int, int, int]) -> None:
    with pytest.raises(ValueError, match="women"):
        ratio(*given)
    with pytest.raises(ValueError, match="women"):
        rate(1, 0)
