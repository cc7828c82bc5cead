"""Reports per 1,000 women, and whether two counts of reports differ by more than chance. Exact intervals of 95 %.

A count of reports says how many reported, not how many were hurt: the interval is of the reporting alone. Sources:
Garwood 1936 (Poisson interval by the chi-squared distribution); Przyborowski, Wilenski 1940 (the ratio of two Poisson
rates, conditional on their sum, is binomial) with the interval of Clopper and Pearson 1934.
"""

from dataclasses import dataclass

PER = 1_000
_TAIL = 0.025


@dataclass(frozen=True, slots=True)
class Rate:
    """`value` reports per 1,000 women, between `low` and `high`."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Ratio:
    """How many times the first rate the second is; `high` is None without end."""

    value: float | None
    low: float
    high: float | None

    @property
    def rose(self) -> bool:
        """Whether more were reported, by more than chance."""
        return self.low > 1

    @property
    def fell(self) -> bool:
        """Whether fewer were reported, by more than chance."""
        return self.high is not None and self.high < 1


def rate(reports: int, women: int) -> Rate:
    """Reports per 1,000 women. Raises ValueError where nobody lives there."""
    from scipy.stats import chi2

    if women <= 0 or reports < 0:
        raise ValueError("a rate needs women and a count")
    low = chi2.ppf(_TAIL, 2 * reports) / 2 if reports else 0.0
    high = chi2.ppf(1 - _TAIL, 2 * reports + 2) / 2
    return Rate(*(PER * float(count) / women for count in (reports, low, high)))


def ratio(before: int, women_before: int, after: int, women_after: int) -> Ratio:
    """The rate after by the rate before. Raises ValueError where nobody lives there."""
    from scipy.stats import beta

    if women_before <= 0 or women_after <= 0 or min(before, after) < 0:
        raise ValueError("a ratio needs women and counts")
    scale = women_before / women_after
    low = float(beta.ppf(_TAIL, after, before + 1)) if after else 0.0
    high = float(beta.ppf(1 - _TAIL, after + 1, before)) if before else 1.0
    value = scale * after / before if before else None
    return Ratio(value, scale * low / (1 - low), scale * high / (1 - high) if high < 1 else None)
