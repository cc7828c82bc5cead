"""What more money or less time would change is exact, and what is left is left for the reason that is told."""

import random
from dataclasses import replace

import pytest

from selaras.scoring.planning.asking import Later, Left, More, days_of, left_by, money_of
from selaras.scoring.planning.situation import Action, Item, Purse, Situation
from selaras.scoring.planning.solving import plan_of
from tests.scoring.planning.build import day, evenly, every_plan, random_situation, situation, worth


def _best(this: Situation) -> int:
    return max(worth(this, units)[0] for units in every_plan(this))


def _with(this: Situation, purse: str, more: int) -> Situation:
    purses = tuple(replace(p, left=p.left + more) if p.key == purse else p for p in this.purses)
    return replace(this, purses=purses)


@pytest.mark.parametrize("seed", range(400, 430))
def test_the_money_that_is_told_closes_more_and_a_rupiah_less_does_not(seed: int) -> None:
    this = random_situation(random.Random(seed))
    now = _best(this)

    told = {more.purse: more for more in money_of(this)}

    for purse in this.purses:
        most = _best(_with(this, purse.key, 200))
        if purse.key not in told:
            assert most == now
            continue
        more = told[purse.key]
        assert _best(_with(this, purse.key, more.money)) >= now + 1
        assert _best(_with(this, purse.key, more.money - 1)) == now
        assert 1 <= more.needs <= _best(_with(this, purse.key, more.money)) - now


@pytest.mark.parametrize("seed", range(430, 445))
def test_what_a_delay_costs_is_the_difference_of_two_best_plans(seed: int) -> None:
    this = random_situation(random.Random(seed))

    assert days_of(this, (7, 30)) == tuple(
        Later(late, _best(this) - _best(replace(this, today=day(late)))) for late in (7, 30)
    )


def _one(action: Action | None, *purses: Purse, needs: int = 5) -> Left:
    this = situation([Item("jamban", needs, evenly(needs))], [action] if action else [], list(purses))
    (left,) = left_by(this, plan_of(this))
    return left


def test_each_reason_why_something_is_left_is_told() -> None:
    dpa = Purse("dpa", "A", 100, day(0), day(90))
    action = Action("jamban", "A", (("jamban", 1),), 30, 9)

    assert _one(None, dpa) == Left("jamban", 5, "no_action")
    assert _one(action, replace(dpa, agency="B")) == Left("jamban", 5, "no_purse", 30)
    assert _one(replace(action, days=91), dpa) == Left("jamban", 5, "too_late", 30)
    assert _one(replace(action, most=2), dpa) == Left("jamban", 3, "limit", 30)
    assert _one(action, dpa) == Left("jamban", 2, "money", 30)


def test_the_price_that_is_told_is_of_what_a_purse_may_pay_in_time() -> None:
    dear = Action("mahal", "A", (("jamban", 1),), 50, 9)
    actions = [dear, replace(dear, key="tanpa dana", agency="B", cost=1), replace(dear, key="lama", cost=2, days=91)]
    this = situation([Item("jamban", 5, evenly(5))], actions, [Purse("dpa", "A", 40, day(0), day(90))])

    assert left_by(this, plan_of(this)) == (Left("jamban", 5, "money", 50),)


def test_what_is_left_because_the_same_money_closes_more_elsewhere_says_so() -> None:
    items = [Item("rumah", 3, evenly(3)), Item("ktp", 9, evenly(9))]
    actions = [Action("rumah", "A", (("rumah", 1),), 90, 9), Action("ktp", "A", (("ktp", 1),), 10, 9)]
    this = situation(items, actions, [Purse("dpa", "A", 100, day(0), day(90))])

    assert left_by(this, plan_of(this)) == (Left("rumah", 3, "elsewhere", 90),)
    assert money_of(this) == (More("dpa", 80, 1),)
