"""Where no plan keeps all rules: the fewest that are in each other's way, and by how much each would have to yield."""

from __future__ import annotations

from dataclasses import dataclass

from selaras.scoring.planning.program import Program, Rule, program_of, solve
from selaras.scoring.planning.situation import Situation


@dataclass(frozen=True, slots=True)
class Conflict:
    """One rule of a set that cannot hold together; without any one of them the others of the set can.

    `rule`: a purse's money, an action's `least` or `most`, an item's `wanted`. `short`: how much more money, or how
    many units or needs fewer (more, for `most`), would do if this rule alone yielded; None where it alone cannot.
    """

    rule: Rule
    short: int | None


def rules_of(situation: Situation) -> list[Rule]:
    """All rules, what must be done first: what is left at the end is told of the others."""
    found: list[Rule] = [("least", action.key) for action in situation.actions if action.least]
    found += [("wanted", item.key) for item in situation.items if item.least]
    found += [("most", action.key) for action in situation.actions]
    return found + [("purse", purse.key) for purse in situation.purses]


def conflicts_of(situation: Situation) -> tuple[Conflict, ...]:
    """An irreducible set of rules that cannot hold together; none where a plan keeps them all.

    By deletion: a rule without which the rest still cannot hold is no part of it (Chinneck & Dravnieks 1991).
    """
    held = rules_of(situation)
    if _holds(situation, held):
        return ()
    for rule in held.copy()[::-1]:
        without = [other for other in held if other != rule]
        if not _holds(situation, without):
            held = without
    everything = rules_of(situation)
    return tuple(Conflict(rule, _short(situation, everything, rule)) for rule in held)


def _holds(situation: Situation, rules: list[Rule]) -> bool:
    return solve(program_of(situation, set(rules)), {}) is not None


def _short(situation: Situation, rules: list[Rule], rule: Rule) -> int | None:
    """By how much that rule alone would have to yield, all others held."""
    made = program_of(situation, {other for other in rules if other != rule})
    terms = _terms(made, rule)
    more_is_better = rule[0] in {"least", "wanted"}
    found = solve(made, {column: factor if more_is_better else -factor for column, factor in terms.items()})
    if found is None:
        return None
    best = round(sum(factor * found.columns[column] for column, factor in terms.items()))
    return abs(best - _bound(situation, rule))


def _terms(made: Program, rule: Rule) -> dict[int, float]:
    """What the rule sums up."""
    kind, key = rule
    if kind == "wanted":
        return {made.closed[key]: 1.0}
    if kind == "purse":
        return {column: made.costs[column] for (_action, purse), column in made.units.items() if purse == key}
    return {column: 1.0 for (action, _purse), column in made.units.items() if action == key}


def _bound(situation: Situation, rule: Rule) -> int:
    kind, key = rule
    if kind == "wanted":
        return next(item.least for item in situation.items if item.key == key)
    if kind == "purse":
        return next(purse.left for purse in situation.purses if purse.key == key)
    action = next(action for action in situation.actions if action.key == key)
    return action.least if kind == "least" else action.most
