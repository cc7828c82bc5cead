"""The best plan there is: families' needs first, then points, without waste. HiGHS proves it; we check it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from selaras.scoring.planning.conflict import Conflict, conflicts_of
from selaras.scoring.planning.program import PATIENCE, Program, Solved, UnsolvedError, program_of, solve
from selaras.scoring.planning.situation import Chosen, Situation, closed_by, worth_of

#: Above this a double could not tell one point more from none: needs and points are then sought one after the other.
_LARGEST = 1e11


@dataclass(frozen=True, slots=True)
class Plan:
    """The plan: units by (action, purse), what each item gains by it, and what it is worth.

    Of all plans that keep the rules none closes more `needs`, and of those none gains more `points` (in PART); no unit
    of it could be left out. Where it is not `proved`, time was up: at most `missed` needs more could be closed. With
    `conflicts` there is no plan: these are the rules that cannot hold together.
    """

    units: Mapping[tuple[str, str], int]
    closed: Mapping[str, int]
    needs: int
    points: int
    cost: int
    proved: bool = True
    missed: int = 0
    conflicts: tuple[Conflict, ...] = ()


@lru_cache(maxsize=64)
def plan_of(situation: Situation, patience: float = PATIENCE) -> Plan:
    """The best plan, exactly. `patience`: seconds for each part of it. Raises UnsolvedError where none was found.

    What does not touch each other is planned apart: the best of the parts is the best of the whole.
    """
    units: dict[tuple[str, str], int] = {}
    proved, missed = True, 0
    for part in parts_of(situation):
        found = _best(part, patience)
        if found is None:
            return Plan({}, {}, 0, 0, 0, conflicts=conflicts_of(situation))
        units |= found.units
        proved &= found.proved
        missed += found.missed
    units = without_waste(situation, units)
    needs, points, cost = worth_of(situation, units)
    return Plan(dict(sorted(units.items())), closed_by(situation, units), needs, points, cost, proved, missed)


@dataclass(frozen=True, slots=True)
class _Found:
    units: Chosen
    proved: bool = True
    missed: int = 0


def _best(part: Situation, patience: float) -> _Found | None:
    """The best of one part; None where nothing keeps its rules."""
    if not part.actions:
        return None if any(item.least for item in part.items) else _Found({})
    made = program_of(part)
    more = float(sum(item.gains[-1] for item in part.items) + 1)
    if more * (sum(item.needs for item in part.items) + 1) > _LARGEST:
        return _one_after_the_other(part, made, patience)
    both = dict(made.gains)
    for column, factor in made.needs.items():
        both[column] = both.get(column, 0.0) + more * factor
    found = solve(made, both, patience=patience)
    if found is None:
        return None
    units = _checked(part, made, found)
    needs, _points, _cost = worth_of(part, units)
    return _Found(units, found.proved, 0 if found.proved else max(0, int(found.bound // more) - needs))


def _one_after_the_other(part: Situation, made: Program, patience: float) -> _Found | None:
    first = solve(made, made.needs, patience=patience)
    if first is None:
        return None
    units = _checked(part, made, first)
    needs, _points, _cost = worth_of(part, units)
    made.row(needs - 0.5, made.needs, sum(made.upper[column] for column in made.needs) + 1.0)
    second = solve(made, made.gains, patience=patience)
    if second is not None:
        units = _checked(part, made, second)
    proved = first.proved and second is not None and second.proved
    return _Found(units, proved, 0 if first.proved else max(0, int(first.bound) - needs))


def without_waste(situation: Situation, units: Chosen) -> dict[tuple[str, str], int]:
    """The same without any unit that closes nothing and gains nothing: the dearest goes first."""
    left = dict(units)
    actions = {action.key: action for action in situation.actions}
    done = Counter[str]()
    given = Counter[str]()
    for (name, _purse), count in left.items():
        done[name] += count
        for item, reach in actions[name].serves:
            given[item] += reach * count
    needs = {item.key: item.needs for item in situation.items}
    for key in sorted(left, key=lambda key: (-actions[key[0]].cost, key)):
        action = actions[key[0]]
        spare = [(given[item] - needs[item]) // reach for item, reach in action.serves if item in needs]
        drop = max(0, min([left[key], done[action.key] - action.least, *spare]))
        left[key] -= drop
        done[action.key] -= drop
        for item, reach in action.serves:
            given[item] -= reach * drop
    return {key: count for key, count in left.items() if count}


def _checked(part: Situation, made: Program, found: Solved) -> Chosen:
    """The units as whole numbers, held against every rule once more, without floating point."""
    chosen = {key: round(found.columns[column]) for key, column in made.units.items() if round(found.columns[column])}
    if not keeps_rules(part, chosen):
        raise UnsolvedError("rounded, the plan breaks a rule")
    return chosen


def keeps_rules(situation: Situation, chosen: Chosen) -> bool:
    """Whether these units keep every purse, window, least and most."""
    spent = dict.fromkeys((purse.key for purse in situation.purses), 0)
    done = dict.fromkeys((action.key for action in situation.actions), 0)
    actions = {action.key: action for action in situation.actions}
    purses = {purse.key: purse for purse in situation.purses}
    for (action, purse), units in chosen.items():
        if units < 0 or not situation.pays(actions[action], purses[purse]):
            return False
        spent[purse] += units * actions[action].cost
        done[action] += units
    closed = closed_by(situation, chosen)
    return (
        all(spent[purse.key] <= purse.left for purse in situation.purses)
        and all(action.least <= done[action.key] <= max(action.most, 0) for action in situation.actions)
        and all(closed[item.key] >= item.least for item in situation.items)
    )


# --- parts ------------------------------------------------------------------------------------------------------------
def parts_of(situation: Situation) -> Iterator[Situation]:
    """The situation in parts that share no item and no purse."""
    roots: dict[str, str] = {}

    def root(key: str) -> str:
        while roots.setdefault(key, key) != key:
            roots[key] = key = roots[roots[key]]
        return key

    for action in situation.actions:
        own = root(f"a {action.key}")
        for key, _reach in action.serves:
            roots[root(f"i {key}")] = own = root(own)
        for purse in situation.purses:
            if situation.pays(action, purse):
                roots[root(f"p {purse.key}")] = own = root(own)
    grouped: dict[str, tuple[list[str], list[str], list[str]]] = {}
    kinds = (
        [item.key for item in situation.items],
        [action.key for action in situation.actions],
        [purse.key for purse in situation.purses],
    )
    for kind, keys in enumerate(kinds):
        for key in keys:
            grouped.setdefault(root(f"{'iap'[kind]} {key}"), ([], [], []))[kind].append(key)
    for items, actions, purses in grouped.values():
        wanted = set(items), set(actions), set(purses)
        yield replace(
            situation,
            items=tuple(item for item in situation.items if item.key in wanted[0]),
            actions=tuple(action for action in situation.actions if action.key in wanted[1]),
            purses=tuple(purse for purse in situation.purses if purse.key in wanted[2]),
        )
