"""Exact numbers, rounded only when shown."""

from decimal import Decimal
from fractions import Fraction

#: |x| below LIMIT with at most PLACES digits after the point: what the decimals of every engine hold exactly.
LIMIT = Decimal(10) ** 13
PLACES = 12


def half_up(value: Fraction | Decimal | int, places: int = PLACES) -> Decimal:
    """`value` rounded half away from zero to `places` digits after the point, without trailing zeros."""
    exact = Fraction(value)
    # In whole numbers, because a division of Decimals would already have rounded, half to even.
    doubled = 2 * abs(exact.numerator) * 10**places
    whole = (doubled + exact.denominator) // (2 * exact.denominator)
    return plain(Decimal((1 if exact < 0 else 0, tuple(map(int, str(whole))), -places)))


def plain(value: Decimal) -> Decimal:
    """`value` without trailing zeros and without an exponent: 1E+2 is 100, 5.00 is 5, -0 is 0."""
    if value == 0:
        return Decimal(0)
    digits = value.as_tuple()
    text = f"{value:f}"
    return Decimal(text.rstrip("0").rstrip(".") if int(digits.exponent) < 0 else text)


def indonesian(value: Fraction | Decimal | int, places: int = 2, *, fixed: bool = False) -> str:
    """`value` as a person here reads it: 1.234,5. `fixed` keeps all `places`, for columns that align."""
    shown = half_up(value, places)
    text = f"{shown:,.{places}f}" if fixed else f"{shown:,f}"
    return text.replace(",", " ").replace(".", ",").replace(" ", ".")


def percent(share: Fraction, places: int = 1) -> str:
    """A share of 0…1 as a person reads it: 58,1 %."""
    return f"{indonesian(share * 100, places)} %"
