"""What an office without a program would do, made safe: the measure of how much we publish.

`by_hand`: withhold the small counts; where a sum lacks just one, withhold its smallest other; where somebody can
still compute too much, withhold the smallest count in the sums of that one; again, until it is safe.
`whole_tables`: withhold each table (one kind of count at one level of area and period) in which a count is small.
"""

from selaras.scoring.suppression.system import System
from tests.scoring.suppression.attacker import bounds, narrowed
from tests.scoring.suppression.tables import Key, levels


def by_hand(system: System, threshold: int) -> frozenset[int]:
    """Line by line."""
    withheld = {c for c in range(len(system.values)) if c not in system.silent and system.values[c] < threshold}
    withheld -= system.known
    while True:
        _fill_lines(system, withheld)
        found = _first(system, frozenset(withheld), threshold)
        if found is None:
            return frozenset(withheld)
        beside = {cell for relation in system.relations if _has(relation, found) for cell, _factor in relation}
        free = beside - withheld - system.silent - system.known
        if not free:
            free = set(range(len(system.values))) - withheld - system.silent - system.known
        assert free, found
        withheld.add(min(free, key=lambda cell: (system.values[cell], cell)))


def _has(relation: object, cell: int) -> bool:
    return any(each == cell for each, _factor in relation)  # type: ignore[attr-defined]


def _fill_lines(system: System, withheld: set[int]) -> None:
    changed = True
    while changed:
        changed = False
        for relation in system.relations:
            cells = {cell for cell, _factor in relation}
            free = cells - withheld - system.known
            if cells & system.silent or len(cells & withheld) != 1 or not free:
                continue
            withheld.add(min(free, key=lambda cell: (system.values[cell], cell)))
            changed = True


def _first(system: System, withheld: frozenset[int], threshold: int) -> int | None:
    # In a fixed order, one by one: the rest need not be asked before this one is mended.
    for cell in sorted(withheld, key=lambda each: (system.values[each], each)):
        low, high = bounds(system, withheld, [cell])[cell]
        value = system.values[cell]
        safe = (low < 1e-6 and high > threshold - 1e-6) if value < threshold else high - low > threshold - 1e-6
        if not safe:
            return cell
    return None


def whole_tables(system: System, keys: list[Key], threshold: int) -> frozenset[int]:
    """Table by table; not always safe, and so only a measure. What stands in no table cannot be withheld by itself: it
    is hidden where one of its two counts is, and told where it is small and neither is."""
    tables = levels(keys)
    small = {cell for cell in range(len(keys)) if system.values[cell] < threshold}
    withheld = {cell for cells in tables.values() if cells & small for cell in cells}
    withheld |= {cell for cell in system.unshown if system.values[cell] < threshold}
    for relation in system.relations:
        cells = {cell for cell, _factor in relation}
        withheld |= cells & system.unshown if cells & withheld else set()
    return frozenset(withheld)


__all__ = ["by_hand", "narrowed", "whole_tables"]
