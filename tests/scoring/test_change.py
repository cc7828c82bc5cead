"""Paired tests and intervals against figures that others have printed, and against counting everything out."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import product
from math import comb

import pytest

from selaras.scoring.change import (
    AmountChange,
    Interval,
    Pairs,
    amount_change,
    beside,
    class_change,
    paired_interval,
    share_change,
    sign_test,
    together,
    unpaired_interval,
)

D = Decimal


def ends(interval: Interval | None, places: str = "0.0001") -> tuple[Decimal, Decimal, Decimal]:
    assert interval is not None
    unit = D(places)
    return tuple(value.quantize(unit) for value in (interval.difference, interval.low, interval.high))  # type: ignore[return-value]


def amounts(first: Sequence[str], second: Sequence[str]) -> AmountChange:
    found = amount_change([(D(a), D(b)) for a, b in zip(first, second, strict=True)])
    assert found is not None
    return found


# --- shares ----------------------------------------------------------------------------------------------------------
#: Printed as first less second; ours is second less first, so that a rise is positive.
PRINTED = [
    # Cavo et al. 2012, in Fagerland, Lydersen, Laake: Statistical Analysis of Contingency Tables (2017), chapter 8.
    pytest.param(Pairs(59, 16, 6, 80), ("0.0621", "0.0046", "0.1186"), "0.0525", id="Cavo"),
    # Bentur et al. 2009, in the same chapter.
    pytest.param(Pairs(1, 7, 1, 12), ("0.2857", "0.0256", "0.5069"), "0.0703", id="Bentur"),
    # Altman, Machin, Bryant, Gardner: Statistics with Confidence (2000), table 6.2.
    pytest.param(Pairs(14, 0, 5, 22), ("-0.1220", "-0.2265", "-0.0115"), "0.0625", id="Altman"),
    # Newcombe 1998, Statistics in Medicine 17: 2635, worked for (36, 12, 2, 0).
    pytest.param(Pairs(36, 2, 12, 0), ("-0.2000", "-0.3404", "-0.0569"), "0.0129", id="Newcombe"),
]


@pytest.mark.parametrize(("pairs", "interval", "p"), PRINTED)
def test_paired_shares_equal_what_textbooks_print(pairs: Pairs, interval: tuple[str, str, str], p: str) -> None:
    found = share_change(pairs)

    assert found is not None
    assert ends(found.interval) == tuple(D(one) for one in interval)
    assert found.p.quantize(D("0.0001")) == D(p)


def test_a_large_table_equals_the_approval_of_the_prime_minister_in_agresti() -> None:
    """Categorical Data Analysis (2002), section 10.1: 794, 150, 86, 570; −0.04 (−0.06, −0.02), p below 0.0001."""
    found = share_change(Pairs(kept=794, lost=150, gained=86, lacking=570))

    assert found is not None
    assert (found.before, found.after) == (D("0.59"), D("0.55"))
    assert ends(found.interval, "0.01") == (D("-0.04"), D("-0.06"), D("-0.02"))
    assert found.p < D("0.0001")


@pytest.mark.parametrize(("one", "other"), [(n, k) for n in range(13) for k in range(13)])
def test_the_test_of_mcnemar_is_counted_out(one: int, other: int) -> None:
    n = one + other
    seen = comb(n, min(one, other))
    exact = Fraction(sum(comb(n, k) for k in range(n + 1) if comb(n, k) <= seen), 2**n)

    assert abs(Fraction(sign_test(one, other)) - exact) < Fraction(1, 10**11)


def test_where_nobody_changed_nothing_is_told_from_chance_and_the_interval_stays_in_its_bounds() -> None:
    for pairs in (Pairs(kept=20), Pairs(lacking=3), Pairs(kept=5, lacking=5)):
        found = share_change(pairs)
        assert found is not None
        assert (found.interval.difference, found.p) == (0, 1)
        assert found.interval.low <= 0 <= found.interval.high

    assert ends(paired_interval(Pairs(gained=4)))[2] == 1
    assert share_change(Pairs()) is None


def test_gaining_and_losing_are_mirror_images() -> None:
    for kept, gained, lost, lacking in product((0, 1, 7), repeat=4):
        if kept + gained + lost + lacking:
            there = paired_interval(Pairs(kept, gained, lost, lacking))
            back = paired_interval(Pairs(kept, lost, gained, lacking))
            assert (back.difference, back.low, back.high) == (-there.difference, -there.high, -there.low)


def test_unpaired_shares_equal_newcombe_1998() -> None:
    """Statistics in Medicine 17: 873, table II: 56 of 70 and 48 of 80, 0.2000 (0.0524 to 0.3339) by method 10."""
    assert ends(unpaired_interval(48, 80, 56, 70)) == (D("0.2000"), D("0.0524"), D("0.3339"))
    # In the same table: 9 of 10 and 3 of 10, 0.6000 (0.1705 to 0.8090).
    assert ends(unpaired_interval(3, 10, 9, 10)) == (D("0.6000"), D("0.1705"), D("0.8090"))


def test_a_change_beside_another_is_squared_and_added() -> None:
    here = Interval(D("0.30"), D("0.18"), D("0.41"))
    there = Interval(D("0.10"), D("0.01"), D("0.15"))

    # 0.12² + 0.05² = 0.13²; 0.11² + 0.09² = 0.0202.
    assert ends(beside(here, there)) == (D("0.2000"), D("0.0700"), D("0.3421"))
    assert ends(beside(here, here))[0] == 0


# --- amounts ---------------------------------------------------------------------------------------------------------
DARWIN = [49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48]
SLEEP = (
    ["0.7", "-1.6", "-0.2", "-1.2", "-0.1", "3.4", "3.7", "0.8", "0.0", "2.0"],
    ["1.9", "0.8", "1.1", "0.1", "-0.1", "4.4", "5.5", "1.6", "4.6", "3.4"],
)


def test_darwins_plants_equal_fisher() -> None:
    """The Design of Experiments (1935), section 17: 20.93 eighths of an inch, 0.03 to 41.84; p of Wilcoxon 0.0413."""
    found = amount_change([(D(0), D(one)) for one in DARWIN])

    assert found is not None
    assert ends(found.interval, "0.01") == (D("20.93"), D("0.03"), D("41.84"))
    assert (found.up, found.down, found.same) == (13, 2, 0)
    assert (found.p.quantize(D("0.0001")), found.exact) == (D("0.0413"), True)


def test_students_sleep_equals_its_paper_with_a_tie_and_somebody_who_did_not_change() -> None:
    """Student, Biometrika 6 (1908): 1.58 hours more, 0.7001 to 2.4599; nine of nine changed alike, 2 of 2⁹."""
    found = amounts(*SLEEP)

    assert (found.before, found.after) == (D("0.75"), D("2.33"))
    assert ends(found.interval) == (D("1.5800"), D("0.7001"), D("2.4599"))
    assert (found.up, found.down, found.same, found.n) == (9, 0, 1, 10)
    assert (found.p, found.exact) == (D(2) / D(2**9), True)


def test_the_depression_scale_equals_hollander_and_wolfe() -> None:
    """Nonparametric Statistical Methods (1973), page 29: nine patients, one-sided p 0.0195, two-sided 0.0391."""
    found = amounts(
        ["1.83", "0.50", "1.62", "2.48", "1.68", "1.88", "1.55", "3.06", "1.30"],
        ["0.878", "0.647", "0.598", "2.05", "1.06", "1.29", "1.06", "3.14", "1.29"],
    )

    assert (found.p.quantize(D("0.0001")), found.exact) == (D("0.0391"), True)


def by_counting(moved: list[int]) -> Fraction:
    """Wilcoxon's two-sided p by trying every sign; ranks of equal sizes are their middle."""
    order = sorted(abs(one) for one in moved)
    ranks = {size: Fraction(2 * order.index(size) + order.count(size) + 1, 2) for size in set(order)}
    each = [ranks[abs(one)] for one in moved]
    whole = sum(each, Fraction(0))
    seen = abs(2 * sum((rank for rank, one in zip(each, moved, strict=True) if one > 0), Fraction(0)) - whole)
    sums = [
        sum(rank for rank, sign in zip(each, signs, strict=True) if sign) for signs in product((0, 1), repeat=len(each))
    ]
    return Fraction(sum(abs(2 * one - whole) >= seen for one in sums), len(sums))


@pytest.mark.parametrize(
    "moved", [[1], [1, 1], [2, -1, 2], [5, -5, 3, 1], [1, 2, 3, 4, -5], [2, 2, 2, -2, 1, 1], [1, -1, 1, 1, 1, 3, 3, -2]]
)
def test_small_samples_are_exact_with_ties_too(moved: list[int]) -> None:
    found = amount_change([(D(100), D(100 + one)) for one in [*moved, 0, 0]])

    assert found is not None
    assert (Fraction(found.p) - by_counting(moved), found.exact, found.same) == (0, True, 2)


def test_many_families_are_told_by_the_normal_approximation_and_say_so() -> None:
    found = amount_change([(D(0), D(number)) for number in range(-20, 80)])

    assert found is not None
    assert (found.exact, found.p < D("0.0001"), found.up, found.down) == (False, True, 79, 20)


def test_without_spread_there_is_no_interval() -> None:
    for pairs in ([(D(1), D(3))], [(D(1), D(3)), (D(2), D(4))]):
        found = amount_change(pairs)
        assert found is not None
        assert found.interval is None
    assert amount_change([]) is None


def test_means_that_rose_alike_are_seen_to_have_risen_alike() -> None:
    means = [(D(of), D(of + 1)) for of in range(5)]
    found = amount_change([(first / 3, second / 3) for first, second in means])
    risen = amount_change([(D(0), D(0)), *((first / 3, second / 3) for first, second in means)])

    assert found is not None
    assert risen is not None
    assert (found.interval, found.up) == (None, 5)
    # Five of one size: 2 of the 32 ways that signs can fall are as far out.
    assert (Fraction(risen.p), risen.exact, risen.same) == (Fraction(2, 32), True, 1)


# --- classes, and many tests at once ---------------------------------------------------------------------------------
def test_classes_climb_stay_and_sink() -> None:
    found = class_change({(0, 0): 30, (0, 1): 12, (1, 2): 3, (2, 0): 1, (1, 0): 2, (1, 1): 9})

    assert (found.n, found.up, found.same, found.down) == (57, 15, 39, 3)
    assert found.p == sign_test(15, 3)


def test_many_tests_at_once_equal_benjamini_and_hochberg() -> None:
    """Their example of 1995, section 3.1: of fifteen p values the four smallest are told at 5 %."""
    given = "0.0001 0.0004 0.0019 0.0095 0.0201 0.0278 0.0298 0.0344 0.0459 0.3240 0.4262 0.5719 0.6528 0.7590 1.000"
    found = together(D(p) for p in given.split())

    assert sum(p <= D("0.05") for p in found) == 4
    assert found[3].quantize(D("0.0001")) == D("0.0356")
    assert together([]) == ()
