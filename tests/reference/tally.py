"""Counting: what each indicator and class finds in the households of one unit."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction

from tests.reference.drawn import HOUSEHOLD, Case, Household, Indicator
from tests.reference.evaluate import Home


@dataclass
class Count:
    """One indicator in one unit: the known values, and how many had none and why."""

    known: list[Fraction | bool] = field(default_factory=list)
    missing: int = 0
    not_applicable: int = 0
    overflow: bool = False


@dataclass
class Unit:
    """One unit; `overflow` names the indicators whose outcome rests on a number that did not fit."""

    households: int
    classes: dict[str, int]
    unclassified: int
    counts: dict[str, Count]
    overflow: frozenset[str]


@dataclass
class Counted:
    """All units; and whether any number anywhere did not fit, though no outcome may rest on it."""

    units: dict[str | None, Unit]
    overflow_seen: bool


def count(case: Case) -> Counted:
    """Evaluate everything for every household."""
    homes = [Home(case.workbook, household, case.today) for household in case.households]
    names = {unit_of(case, home.household) for home in homes} | {fact.unit for fact in case.facts}
    units = {
        name: _unit(case, [home for home in homes if unit_of(case, home.household) == name])
        for name in sorted(names, key=lambda name: (name is None, name or ""))
    }
    for home in homes:
        _look_everywhere(home)
    return Counted(units, any(home.overflow_seen for home in homes))


def unit_of(case: Case, household: Household) -> str | None:
    """Where the household belongs; a blank unit is no unit."""
    return (household.unit or "").strip(" ") or None if case.by_unit else None


def _unit(case: Case, homes: list[Home]) -> Unit:
    found = [_class(case, home) for home in homes] if case.workbook.classes else []
    survey = [each for each in case.workbook.indicators if each.origin == "survey"]
    counts = {indicator.name: _indicator(indicator, homes) for indicator in survey}
    return Unit(
        households=len(homes),
        classes={name: found.count(name) for name in case.workbook.classes},
        unclassified=found.count(None),
        counts=counts,
        overflow=frozenset(name for name, one in counts.items() if one.overflow),
    )


def _class(case: Case, home: Home) -> str | None:
    """The first true row; none where an earlier row is unknown or no row is true."""
    for name, tree in case.workbook.classes.items():
        result = home.evaluate(tree, None)
        if result.value is None:
            return None
        if result.value:
            return name
    return None


def _indicator(indicator: Indicator, homes: Iterable[Home]) -> Count:
    found = Count()
    for home in homes:
        rows = [None] if indicator.over == HOUSEHOLD else range(len(home.household.rows[indicator.over]))
        for row in rows:
            _one(indicator, home, row, found)
    return found


def _one(indicator: Indicator, home: Home, row: int | None, found: Count) -> None:
    if indicator.applies_to is not None:
        applies = home.evaluate(indicator.applies_to, row)
        found.overflow |= applies.overflow
        if applies.value is None:
            found.missing += 1
            return
        if not applies.value:
            found.not_applicable += 1
            return
    assert indicator.tree is not None
    result = home.evaluate(indicator.tree, row)
    found.overflow |= result.overflow
    if result.value is not None:
        found.known.append(result.value)
    elif home.not_applicable(indicator.tree, result, row):
        found.not_applicable += 1
    else:
        found.missing += 1


def _look_everywhere(home: Home) -> None:
    """Evaluate what no outcome needed too, so that `overflow_seen` is of the whole workbook."""
    book = home.workbook
    trees = [(each.over, each.tree) for each in book.calculations]
    trees += [(HOUSEHOLD, tree) for tree in book.classes.values()]
    for each in book.indicators:
        trees += [(each.over, tree) for tree in (each.applies_to, each.tree) if tree is not None]
    for over, tree in trees:
        rows = [None] if over == HOUSEHOLD else range(len(home.household.rows[over]))
        for row in rows:
            home.evaluate(tree, row)
