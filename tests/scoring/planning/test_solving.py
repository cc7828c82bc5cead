"""The plan is the best there is: compared with every plan there is, on cases small enough to try them all."""

import random
import subprocess
import sys
from dataclasses import replace

import pytest

from selaras.scoring.planning import solving
from selaras.scoring.planning.situation import Action, Item, Purse
from selaras.scoring.planning.solving import plan_of
from tests.scoring.planning.build import (
    day,
    evenly,
    every_plan,
    random_situation,
    situation,
    worth,
)

#: Of 116 it takes four seconds to write all plans down: tests/soak/test_plans.py.
SEEDS = sorted({*range(201)} - {116})


@pytest.mark.parametrize("seed", SEEDS)
def test_the_plan_equals_the_best_of_all_plans(seed: int) -> None:
    this = random_situation(random.Random(seed))

    plan = plan_of(this)

    best = max(worth(this, units) for units in every_plan(this))
    assert (plan.needs, plan.points) == best
    assert worth(this, dict(plan.units)) == best
    assert plan.proved


@pytest.mark.parametrize("seed", range(200, 300))
def test_the_plan_equals_the_best_of_all_where_some_things_must_be_done(seed: int) -> None:
    this = random_situation(random.Random(seed), musts=True)

    plan = plan_of(this)

    found = [worth(this, units) for units in every_plan(this)]
    assert bool(plan.conflicts) == (not found)
    assert (plan.needs, plan.points) == max(found, default=(0, 0))


@pytest.mark.parametrize("seed", range(300, 340))
def test_needs_and_points_one_after_the_other_lead_to_the_same(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    this = random_situation(random.Random(seed))
    together = plan_of(this)

    monkeypatch.setattr(solving, "_LARGEST", 0.0)
    apart = plan_of.__wrapped__(this)

    assert (apart.needs, apart.points) == (together.needs, together.points)


@pytest.mark.parametrize("seed", range(340, 380))
def test_no_unit_of_a_plan_could_be_left_out(seed: int) -> None:
    this = random_situation(random.Random(seed))
    plan = plan_of(this)

    for key, count in plan.units.items():
        less = dict(plan.units) | {key: count - 1}
        assert worth(this, less) < (plan.needs, plan.points)


def test_a_need_of_a_family_comes_before_any_number_of_points() -> None:
    items = [Item("jamban", 1, (0, 1)), Item("inovasi", 1, (0, 90_000), families=False)]
    actions = [Action("jamban", "A", (("jamban", 1),), 10, 1), Action("inovasi", "A", (("inovasi", 1),), 10, 1)]

    plan = plan_of(situation(items, actions, [Purse("dpa", "A", 10, day(0), day(90))]))

    assert dict(plan.units) == {("jamban", "dpa"): 1}


def test_points_decide_between_equal_numbers_of_needs_also_where_they_come_only_from_a_band_on() -> None:
    items = [Item("jamban", 3, (0, 0, 0, 50)), Item("sampah", 3, evenly(3, 10))]
    actions = [Action("jamban", "A", (("jamban", 1),), 1, 9), Action("sampah", "A", (("sampah", 1),), 1, 9)]
    purses = [Purse("dpa", "A", 3, day(0), day(90))]

    assert dict(plan_of(situation(items, actions, purses)).units) == {("jamban", "dpa"): 3}
    purses = [replace(purses[0], left=2)]
    assert dict(plan_of(situation(items, actions, purses)).units) == {("sampah", "dpa"): 2}


def test_no_money_goes_to_another_agency_a_closed_window_or_a_fund_that_may_not_pay() -> None:
    items = [Item("jamban", 9, evenly(9))]
    action = Action("jamban", "A", (("jamban", 1),), 1, 9, days=30)
    short, late = Purse("pendek", "A", 9, day(0), day(29)), Purse("akhir", "A", 9, day(80), day(150))
    other, barred = Purse("lain", "B", 9, day(0), day(90)), Purse("csr", "A", 9, day(0), day(90))

    assert plan_of(situation(items, [action], [short, late, other])).needs == 0
    just = replace(short, closes=day(30))
    assert plan_of(situation(items, [action], [just])).needs == 9
    assert plan_of(situation(items, [replace(action, purses=frozenset({"dpa"}))], [barred])).needs == 0


def test_an_item_that_could_only_fall_or_an_action_that_opens_needs_is_refused() -> None:
    with pytest.raises(ValueError, match="gains must rise"):
        Item("jamban", 2, (0, 5, 3))
    with pytest.raises(ValueError, match="opens none"):
        Action("hapus", "A", (("jamban", -1),), 0, 1)


def test_equal_situations_have_equal_plans() -> None:
    this = random_situation(random.Random(7))

    assert plan_of.__wrapped__(this) == plan_of.__wrapped__(this)


def test_a_plan_of_nothing_is_empty() -> None:
    plan = plan_of(situation([], [], []))

    assert (dict(plan.units), plan.needs, plan.points, plan.cost, plan.conflicts) == ({}, 0, 0, 0, ())


def test_the_solver_prints_nothing_not_even_its_name() -> None:
    """In a process of its own: it says its name once a process."""
    asked = "from selaras.scoring import silent; silent.engine().run()"
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)

    assert (done.stdout, done.stderr) == ("", "")
