"""Arithmetic of the language, in fractions: 12 places, half away from zero, |x| < 10^13.

Each function takes known numbers and gives a number, None (unknown) or OVERFLOW.
"""

import math
from fractions import Fraction

LIMIT = Fraction(10**13)
PLACES = 12


class Overflow:
    """The outcome of a number that does not fit."""

    def __repr__(self) -> str:
        return "OVERFLOW"


OVERFLOW = Overflow()
Outcome = Fraction | None | Overflow


def rounded(x: Fraction, places: int) -> Fraction:
    """`x` to so many places, half away from zero."""
    whole = Fraction(math.floor(abs(x) * 10**places + Fraction(1, 2)), 10**places)
    return whole if x >= 0 else -whole


def held(x: Fraction) -> Fraction | Overflow:
    """`x`, or OVERFLOW where it is too large."""
    return x if abs(x) < LIMIT else OVERFLOW


def plus(a: Fraction, b: Fraction) -> Outcome:
    return held(a + b)


def minus(a: Fraction, b: Fraction) -> Outcome:
    return held(a - b)


def times(a: Fraction, b: Fraction) -> Outcome:
    return held(rounded(a * b, PLACES))


def divided(a: Fraction, b: Fraction) -> Outcome:
    """Division by zero is unknown."""
    return None if b == 0 else held(rounded(a / b, PLACES))


def remainder(a: Fraction, b: Fraction) -> Outcome:
    """Has the sign of `a`; by zero it is unknown."""
    return None if b == 0 else a - b * math.trunc(a / b)


def power(x: Fraction, exponent: int) -> Outcome:
    """((x*x)*x)*x, rounded and held at each step."""
    result: Outcome = Fraction(1)
    for step in range(exponent):
        if isinstance(result, Fraction):
            result = x if step == 0 else times(result, x)
    return result


BINARY = {"+": plus, "-": minus, "*": times, "div": divided, "mod": remainder}
