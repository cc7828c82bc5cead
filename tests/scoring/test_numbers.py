"""Numbers as a card and a person see them."""

from decimal import Decimal
from fractions import Fraction

import pytest

from selaras.scoring.numbers import half_up, indonesian, percent


@pytest.mark.parametrize(
    ("value", "places", "shown"),
    [
        (Fraction(1, 3), 12, "0.333333333333"),
        (Fraction(2, 3), 12, "0.666666666667"),
        (Fraction(1, 2 * 10**12), 12, "0.000000000001"),
        (Fraction(-1, 2 * 10**12), 12, "-0.000000000001"),
        (Fraction(5, 2), 0, "3"),
        (Fraction(-5, 2), 0, "-3"),
        (Fraction(100), 12, "100"),
        (Fraction(-1, 10**13), 12, "0"),
        (Fraction(9_999_999_999_999), 12, "9999999999999"),
    ],
)
def test_numbers_are_rounded_half_away_from_zero_and_lose_their_trailing_zeros(
    value: Fraction, places: int, shown: str
) -> None:
    assert f"{half_up(value, places):f}" == shown


def test_people_read_points_between_thousands_and_a_comma_before_decimals() -> None:
    assert indonesian(Decimal("1234567.891")) == "1.234.567,89"
    assert indonesian(Fraction(3, 4)) == "0,75"
    assert percent(Fraction(54, 93)) == "58,1 %"
