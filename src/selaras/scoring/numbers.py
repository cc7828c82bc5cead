"""Exact numbers, rounded only when shown."""

from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

#: |x| below LIMIT with at most PLACES digits after the point: what the decimals of every engine hold exactly.
LIMIT = Decimal(10) ** 13
PLACES = 12


@lru_cache(maxsize=4096)
def exact(value: Decimal) -> Fraction:
    """A number of the workbook as a fraction: there are few, and each is needed once for every unit."""
    return Fraction(value)


def half_up(value: Fraction | Decimal | int, places: int = PLACES) -> Decimal:
    """`value` rounded half away from zero to `places` digits after the point, without trailing zeros."""
    numerator, denominator = value.as_integer_ratio()
    # In whole numbers, because a division of Decimals would already have rounded, half to even.
    whole = (2 * abs(numerator) * 10**places + denominator) // (2 * denominator)
    if whole == 0:
        return Decimal(0)
    digits = str(whole).zfill(places + 1)
    point = len(digits) - places
    fraction = digits[point:].rstrip("0")
    sign = "-" if numerator < 0 else ""
    return Decimal(f"{sign}{digits[:point]}.{fraction}" if fraction else f"{sign}{digits[:point]}")


def indonesian(value: Fraction | Decimal | int, places: int = 2, *, fixed: bool = False) -> str:
    """`value` as a person here reads it: 1.234,5. `fixed` keeps all `places`, for columns that align."""
    shown = half_up(value, places)
    text = f"{shown:,.{places}f}" if fixed else f"{shown:,f}"
    return text.replace(",", " ").replace(".", ",").replace(" ", ".")


def percent(share: Fraction, places: int = 1) -> str:
    """A share of 0…1 as a person reads it: 58,1 %."""
    return f"{indonesian(share * 100, places)} %"
