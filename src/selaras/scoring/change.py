"""What changed between two rounds for the same families: shares, amounts and classes, with how sure one can be. Pure.

Shares: the exact test of McNemar and the interval of Newcombe's method 10 for paired proportions. Amounts: Student's
paired interval, and Wilcoxon's signed-rank test, exact up to EXACT families that changed. Every interval is of 95 %.
Families are the whole list of a lokus and no sample: p and interval say how much could be chance in who changed, and
never whether the programme did it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import sqrt
from typing import Final

#: Of 95 % on both sides (z of the normal distribution).
Z: Final = 1.959963984540054
#: Up to so many families with a difference Wilcoxon's p is counted out; above, its normal approximation is used.
EXACT: Final = 50
#: Up to so many with ties it is counted out by trying every sign: 2^13 are 8,192 of them.
EXACT_TIES: Final = 13
#: Below so many families nothing is said of chance.
FEWEST: Final = 5
#: Differences that are alike to so many places are the same.
_SAME: Final = 9


@dataclass(frozen=True, slots=True)
class Pairs:
    """Families known in both rounds by what they had: `kept` in both, `gained`, `lost`, `lacking` in both."""

    kept: int = 0
    gained: int = 0
    lost: int = 0
    lacking: int = 0

    @property
    def n(self) -> int:
        """All of them."""
        return self.kept + self.gained + self.lost + self.lacking

    @property
    def before(self) -> int:
        """Those that had it in the first round."""
        return self.kept + self.lost

    @property
    def after(self) -> int:
        """Those that have it in the second."""
        return self.kept + self.gained


@dataclass(frozen=True, slots=True)
class Interval:
    """A difference, second less first, between `low` and `high` with 95 % confidence."""

    difference: Decimal
    low: Decimal
    high: Decimal


@dataclass(frozen=True, slots=True)
class ShareChange:
    """Shares 0…1 of the same `n` families. `p` is the exact two-sided McNemar test; 1 where nobody changed."""

    n: int
    before: Decimal
    after: Decimal
    interval: Interval
    p: Decimal


@dataclass(frozen=True, slots=True)
class AmountChange:
    """Means of the same `n` families, how many rose, fell and stayed. `interval` is None below two families or where
    all changed alike; `p` is Wilcoxon's, counted out where `exact`."""

    n: int
    before: Decimal
    after: Decimal
    up: int
    down: int
    same: int
    interval: Interval | None
    p: Decimal
    exact: bool


@dataclass(frozen=True, slots=True)
class ClassChange:
    """Families by class in both rounds. `up`, `same`, `down` by the classes' order; `p` is the exact sign test."""

    n: int
    up: int
    same: int
    down: int
    p: Decimal


def share_change(pairs: Pairs) -> ShareChange | None:
    """What became of a share; None where no family is known in both rounds.

    Sources: McNemar (Psychometrika 12, 1947) counted out by the binomial; Newcombe (Statistics in Medicine 17, 1998,
    2635–2650), method 10.
    """
    if not pairs.n:
        return None
    n = pairs.n
    return ShareChange(
        n,
        _places(pairs.before / n),
        _places(pairs.after / n),
        paired_interval(pairs),
        sign_test(pairs.gained, pairs.lost),
    )


def paired_interval(pairs: Pairs) -> Interval:
    """Newcombe's method 10: both Wilson intervals, and how far the two shares go together."""
    n = pairs.n
    first, second = pairs.before / n, pairs.after / n
    low1, high1 = _wilson(pairs.before, n)
    low2, high2 = _wilson(pairs.after, n)
    together = _correlation(pairs)
    down = (second - low2) ** 2 - 2 * together * (second - low2) * (high1 - first) + (high1 - first) ** 2
    up = (high2 - second) ** 2 - 2 * together * (high2 - second) * (first - low1) + (first - low1) ** 2
    return _interval(second - first, sqrt(max(down, 0.0)), sqrt(max(up, 0.0)))


def _correlation(pairs: Pairs) -> float:
    """Phi, drawn towards nought by half a family where it is positive, as Newcombe proposes."""
    margins = pairs.before * (pairs.n - pairs.before) * pairs.after * (pairs.n - pairs.after)
    if not margins:
        return 0.0
    cross = float(pairs.kept * pairs.lacking - pairs.gained * pairs.lost)
    if cross > 0:
        cross = max(cross - pairs.n / 2, 0.0)
    return cross / sqrt(margins)


def unpaired_interval(true1: int, n1: int, true2: int, n2: int) -> Interval:
    """The same share among other people each time: Newcombe (Statistics in Medicine 17, 1998, 873–890), method 10."""
    first, second = true1 / n1, true2 / n2
    low1, high1 = _wilson(true1, n1)
    low2, high2 = _wilson(true2, n2)
    return _interval(
        second - first,
        sqrt((second - low2) ** 2 + (high1 - first) ** 2),
        sqrt((high2 - second) ** 2 + (first - low1) ** 2),
    )


def beside(here: Interval, there: Interval) -> Interval:
    """How much more changed here than there, both independent: the intervals are squared and added.

    Source: Zou and Donner (Statistics in Medicine 27, 2008, 1693–1702).
    """
    one, other = float(here.difference), float(there.difference)
    down = sqrt((one - float(here.low)) ** 2 + (float(there.high) - other) ** 2)
    up = sqrt((float(here.high) - one) ** 2 + (other - float(there.low)) ** 2)
    return _interval(one - other, down, up, widest=2.0)


def sign_test(one: int, other: int) -> Decimal:
    """Two-sided: how often chance alone parts so many at least so unevenly. 1 where there are none."""
    from scipy.stats import binomtest

    return Decimal(1) if not one + other else _places(binomtest(one, one + other).pvalue, 12)


def amount_change(pairs: Sequence[tuple[Decimal, Decimal]]) -> AmountChange | None:
    """What became of an amount, (first, second) of each family; None without any.

    The differences are decimals of _SAME places, so that equal ones are seen as equal: those of means are cut off after
    28 digits, and 2/3 − 1/3 is not 1/3 there. Families that stayed the same are left
    out of the ranks (Wilcoxon 1945).
    """
    if not pairs:
        return None
    n = len(pairs)
    differences = [round(second - first, _SAME) for first, second in pairs]
    moved = [one for one in differences if one]
    p, exact = _signed_ranks(moved)
    return AmountChange(
        n=n,
        before=_places(sum(first for first, _ in pairs) / n),
        after=_places(sum(second for _, second in pairs) / n),
        up=sum(one > 0 for one in differences),
        down=sum(one < 0 for one in differences),
        same=n - len(moved),
        interval=_mean_interval(differences),
        p=p,
        exact=exact,
    )


def _mean_interval(differences: Sequence[Decimal]) -> Interval | None:
    from scipy.stats import ttest_1samp

    if len(set(differences)) < 2:
        # One family, or all alike: there is no spread to tell anything from.
        return None
    found = ttest_1samp([float(one) for one in differences], 0.0)
    ends = found.confidence_interval(0.95)
    return Interval(_places(sum(differences, Decimal(0)) / len(differences)), _places(ends.low), _places(ends.high))


def _signed_ranks(moved: Sequence[Decimal]) -> tuple[Decimal, bool]:
    """Wilcoxon's two-sided p, and whether it was counted out."""
    from scipy.stats import PermutationMethod, wilcoxon

    if not moved:
        return Decimal(1), True
    values = [float(one) for one in moved]
    ties = len({abs(one) for one in moved}) < len(moved)
    if not ties and len(moved) <= EXACT:
        return _places(wilcoxon(values, method="exact").pvalue, 12), True
    if len(moved) <= EXACT_TIES:
        every = PermutationMethod(n_resamples=2 ** len(moved))
        return _places(wilcoxon(values, method=every).pvalue, 12), True
    return _places(wilcoxon(values, method="asymptotic", correction=True).pvalue, 12), False


def class_change(moves: Mapping[tuple[int, int], int]) -> ClassChange:
    """Families that climbed, stayed and sank: (place of the first class, of the second) -> families; worst is 0."""
    up = sum(count for (first, second), count in moves.items() if second > first)
    down = sum(count for (first, second), count in moves.items() if second < first)
    same = sum(count for (first, second), count in moves.items() if second == first)
    return ClassChange(up + same + down, up, same, down, sign_test(up, down))


def together(ps: Iterable[Decimal]) -> tuple[Decimal, ...]:
    """The p of many tests read at once: so large that among those called clear at most 5 % are chance.

    Source: Benjamini and Hochberg (J. R. Statist. Soc. B 57, 1995, 289–300).
    """
    from scipy.stats import false_discovery_control

    given = [float(p) for p in ps]
    return tuple(_places(p, 12) for p in false_discovery_control(given)) if given else ()


def _wilson(true: int, n: int) -> tuple[float, float]:
    share = true / n
    middle, half = share + Z * Z / (2 * n), Z * sqrt(share * (1 - share) / n + Z * Z / (4 * n * n))
    whole = 1 + Z * Z / n
    return max(0.0, (middle - half) / whole), min(1.0, (middle + half) / whole)


def _interval(difference: float, down: float, up: float, *, widest: float = 1.0) -> Interval:
    low, high = max(-widest, difference - down), min(widest, difference + up)
    return Interval(_places(difference), _places(low), _places(high))


def _places(value: float | Decimal, places: int = 6) -> Decimal:
    # A number of numpy is a float that writes itself otherwise.
    return round(value if isinstance(value, Decimal) else Decimal(repr(float(value))), places)
