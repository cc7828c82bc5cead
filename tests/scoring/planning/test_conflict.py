"""Where no plan keeps all rules, the rules that break it are named: no fewer, and no more than are in the way."""

import random
from dataclasses import replace

import pytest

from selaras.scoring.planning.conflict import Conflict, conflicts_of
from selaras.scoring.planning.situation import Action, Item, Purse, Situation
from selaras.scoring.planning.solving import plan_of
from tests.scoring.planning.build import day, evenly, every_plan, random_situation, situation


def _without(this: Situation, dropped: list[tuple[str, str]]) -> Situation:
    """The situation without those rules, written apart from the product: a bound that is left out is wide open."""
    gone = set(dropped)
    wide = 8
    return replace(
        this,
        items=tuple(replace(i, least=0) if ("wanted", i.key) in gone else i for i in this.items),
        actions=tuple(
            replace(
                a,
                least=0 if ("least", a.key) in gone else a.least,
                most=max(a.most, wide) if ("most", a.key) in gone else a.most,
            )
            for a in this.actions
        ),
        purses=tuple(replace(p, left=10_000) if ("purse", p.key) in gone else p for p in this.purses),
    )


def _rules(this: Situation) -> list[tuple[str, str]]:
    return [
        *(("wanted", i.key) for i in this.items),
        *(("least", a.key) for a in this.actions),
        *(("most", a.key) for a in this.actions),
        *(("purse", p.key) for p in this.purses),
    ]


def _impossible() -> list[Situation]:
    found: list[Situation] = []
    seed = 0
    while len(found) < 25:
        this = random_situation(random.Random(f"impossible {seed}"), musts=True)
        if next(every_plan(this), None) is None:
            found.append(this)
        seed += 1
    return found


@pytest.mark.parametrize("this", _impossible())
def test_the_rules_named_cannot_hold_together_and_without_any_one_of_them_they_can(this: Situation) -> None:
    named = [conflict.rule for conflict in conflicts_of(this)]

    others = [rule for rule in _rules(this) if rule not in named]
    assert named
    assert next(every_plan(_without(this, others)), None) is None
    for rule in named:
        assert next(every_plan(_without(this, [*others, rule])), None) is not None


@pytest.mark.parametrize("this", _impossible())
def test_by_how_much_a_purse_would_have_to_grow_is_exact(this: Situation) -> None:
    for conflict in conflicts_of(this):
        kind, key = conflict.rule
        if kind != "purse" or conflict.short is None:
            continue
        assert next(every_plan(_grown(this, key, conflict.short)), None) is not None
        assert next(every_plan(_grown(this, key, conflict.short - 1)), None) is None


def _grown(this: Situation, key: str, more: int) -> Situation:
    purses = tuple(replace(p, left=p.left + more) if p.key == key else p for p in this.purses)
    return replace(this, purses=purses)


def test_a_purse_that_is_too_small_for_what_must_be_done_is_named_with_what_is_missing() -> None:
    items = [Item("jamban", 9, evenly(9)), Item("air", 9, evenly(9))]
    actions = [
        Action("jamban", "A", (("jamban", 1),), 10, 9, least=4),
        Action("air", "A", (("air", 1),), 5, 9),
    ]

    plan = plan_of(situation(items, actions, [Purse("dpa", "A", 32, day(0), day(90))]))

    assert plan.conflicts == (Conflict(("least", "jamban"), 1), Conflict(("purse", "dpa"), 8))
    assert plan.units == {}


def test_more_families_than_there_are_cannot_be_wanted() -> None:
    items = [Item("jamban", 2, evenly(2), least=3)]
    actions = [Action("jamban", "A", (("jamban", 1),), 1, 9)]

    found = conflicts_of(situation(items, actions, [Purse("dpa", "A", 100, day(0), day(90))]))

    assert found == (Conflict(("wanted", "jamban"), 1),)


def test_what_must_be_done_and_no_window_is_long_enough_for_is_named_alone() -> None:
    items = [Item("jamban", 2, evenly(2))]
    actions = [Action("jamban", "A", (("jamban", 1),), 1, 9, least=2, days=60)]

    found = conflicts_of(situation(items, actions, [Purse("dpa", "A", 100, day(0), day(30))]))

    assert found == (Conflict(("least", "jamban"), 2),)


def test_a_situation_with_a_plan_has_no_conflict() -> None:
    assert conflicts_of(random_situation(random.Random(3))) == ()
