"""How many more families it takes to earn more."""

from decimal import Decimal
from fractions import Fraction

from selaras.scoring.nextstep import NextStep, next_step
from selaras.scoring.tally import Tally
from tests.scoring.build import bands, indicator, tally

HUNDRED = Fraction(100)
LADDER = bands(("0", "0.4", "0"), ("0.4", "0.6", "50"), ("0.6", "0.8", "75"), ("0.8", "1", "100"))


def after(counts: Tally, **rule: object) -> NextStep | None:
    """The next step of a share by this rule."""
    return next_step(indicator("x", **rule), counts, HUNDRED)  # type: ignore[arg-type]


def test_two_more_families_reach_the_next_band() -> None:
    assert after(tally(93, 54, 5, 2), rule="bands", bands=LADDER) == NextStep(2, Fraction(3, 4))


def test_on_a_line_every_family_counts_and_past_its_end_none_does() -> None:
    assert after(tally(10, 5)) == NextStep(1, Fraction(6, 10))
    assert after(tally(10, 10)) is None
    assert after(tally(10, 9), high=Decimal("0.8")) is None
    assert after(tally(10, 1), low=Decimal("0.5")) == NextStep(5, Fraction(1, 5))


def test_where_less_is_better_the_step_goes_down() -> None:
    assert after(tally(10, 5), low=Decimal(1), high=Decimal(0)) == NextStep(1, Fraction(6, 10), up=False)


def test_yes_no_wants_all_and_counts_want_their_edge() -> None:
    assert after(tally(10, 3), rule="yes_no") == NextStep(7, Fraction(1))
    rule = {"aggregate": "count", "rule": "bands", "bands": bands((None, "4", "0"), ("4", None, "100"))}
    assert after(tally(10, 1), **rule) == NextStep(3, Fraction(1))
    assert after(tally(3, 1), **rule) is None


def test_what_missing_answers_cost_stays() -> None:
    assert after(tally(10, 5, missing=10), missing="zero") == NextStep(1, Fraction(3, 10))


def test_numbers_and_empty_units_have_no_step() -> None:
    assert after(tally(10, total=Decimal(5)), aggregate="mean") is None
    assert after(tally(missing=5)) is None
