"""What an office asks of a plan: what a little more money or time would change, and why something is left."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import lru_cache
from typing import Literal

from selaras.scoring.planning.program import program_of, solve
from selaras.scoring.planning.situation import Action, Item, Purse, Situation, worth_of
from selaras.scoring.planning.solving import Plan, plan_of

#: Why needs are left: nobody offers anything, no fund may pay for it, no window is long enough, all that can be done
#: is done, the money ends, or the same money closes more elsewhere.
Why = Literal["no_action", "no_purse", "too_late", "limit", "money", "elsewhere"]
#: Seconds for each question: an answer that takes longer is not given.
_PATIENCE = 1.0


@dataclass(frozen=True, slots=True)
class Left:
    """So many needs of an item that the plan leaves open, and why; `cheapest` rupiah would close one of them."""

    item: str
    needs: int
    why: Why
    cheapest: int | None = None


@dataclass(frozen=True, slots=True)
class More:
    """With `money` rupiah more in that purse, and no less, `needs` more needs could be closed."""

    purse: str
    money: int
    needs: int


@dataclass(frozen=True, slots=True)
class Later:
    """What beginning `days` later costs: so many needs fewer could be closed."""

    days: int
    needs: int


def left_by(situation: Situation, plan: Plan) -> tuple[Left, ...]:
    """What the plan leaves open, in the order of the items."""
    found = []
    for item in situation.items:
        needs = item.needs - plan.closed.get(item.key, 0)
        if needs:
            serving = [action for action in situation.actions if any(key == item.key for key, _ in action.serves)]
            why, offered = _why(situation, plan, item, serving)
            cheapest = min((action.cost for action in offered), default=None)
            found.append(Left(item.key, needs, why, cheapest))
    return tuple(found)


def _why(situation: Situation, plan: Plan, item: Item, serving: list[Action]) -> tuple[Why, list[Action]]:
    """Why, and the actions that it is about: where money is what lacks, those alone that money would let begin."""
    if not serving:
        return "no_action", serving
    paid = [(action, purse) for action in serving for purse in situation.purses if situation.may_pay(action, purse)]
    if not paid:
        return "no_purse", serving
    usable = [(action, purse) for action, purse in paid if situation.is_in_time(action, purse)]
    if not usable:
        return "too_late", serving
    done = {action.key: sum(n for (key, _), n in plan.units.items() if key == action.key) for action in serving}
    open_ = [(action, purse) for action, purse in usable if done[action.key] < action.most]
    if not open_:
        return "limit", serving
    alone = any(action.cost <= purse.left for action, purse in open_)
    elsewhere = alone and _is_spent_elsewhere(situation, plan, item, open_)
    return "elsewhere" if elsewhere else "money", [action for action, _purse in open_]


def _is_spent_elsewhere(situation: Situation, plan: Plan, item: Item, open_: list[tuple[Action, Purse]]) -> bool:
    """Whether a purse that could close it pays for something that does not."""
    purses = {purse.key for _action, purse in open_}
    serves = {action.key for action in situation.actions if any(key == item.key for key, _ in action.serves)}
    return any(purse in purses and action not in serves for (action, purse), count in plan.units.items() if count)


@lru_cache(maxsize=64)
def money_of(situation: Situation) -> tuple[More, ...]:
    """For each purse the least money more that closes at least one need more; none where no money would."""
    plan = plan_of(situation)
    return tuple(_more(situation, plan)) if plan.proved and not plan.conflicts else ()


def _more(situation: Situation, plan: Plan) -> Iterator[More]:
    """The purse alone may be overdrawn; how little is enough for one need more."""
    for purse in situation.purses:
        wide = replace(situation, purses=tuple(_widened(each, purse.key, situation) for each in situation.purses))
        made = program_of(wide)
        spent = {column: made.costs[column] for (_action, own), column in made.units.items() if own == purse.key}
        if not made.needs or not any(spent.values()):
            continue
        made.row(plan.needs + 0.5, made.needs, sum(made.upper[column] for column in made.needs) + 1.0)
        found = solve(made, {column: -cost for column, cost in spent.items()}, patience=_PATIENCE)
        if found is None or not found.proved:
            continue
        units = {key: round(found.columns[column]) for key, column in made.units.items()}
        needs, _points, _cost = worth_of(wide, {key: count for key, count in units.items() if count})
        money = sum(units[action, own] * _cost_of(situation, action) for action, own in units if own == purse.key)
        yield More(purse.key, max(0, money - purse.left), needs - plan.needs)


def _widened(purse: Purse, key: str, situation: Situation) -> Purse:
    if purse.key != key:
        return purse
    return replace(purse, left=purse.left + sum(action.cost * action.most for action in situation.actions))


def _cost_of(situation: Situation, key: str) -> int:
    return next(action.cost for action in situation.actions if action.key == key)


@lru_cache(maxsize=64)
def days_of(situation: Situation, days: tuple[int, ...] = (7, 14, 30)) -> tuple[Later, ...]:
    """What it costs to begin later. A delay that breaks what must be done is told as all needs lost."""
    plan = plan_of(situation)
    if plan.conflicts:
        return ()
    found = []
    for late in days:
        then = plan_of(replace(situation, today=situation.today + timedelta(days=late)), _PATIENCE)
        if then.proved:
            found.append(Later(late, plan.needs - then.needs))
    return tuple(found)
