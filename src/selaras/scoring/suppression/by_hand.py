"""What an office does without a program, made safe: the least that is published.

Withhold what is small; where a sum lacks just one, its smallest other; where somebody can still compute too much of
one, the smallest count in the sums of that one; again, until it is safe.
"""

from typing import TYPE_CHECKING

from selaras.scoring.suppression.program import Differences
from selaras.scoring.suppression.system import System, protected

if TYPE_CHECKING:
    from selaras.scoring.suppression.program import Numbers


def filled(system: System, small: frozenset[int]) -> frozenset[int]:
    """One more, the smallest, in each sum that lacks just one; until there is none."""
    withheld, before = set(small), -1
    while before != len(withheld):
        before = len(withheld)
        for relation in system.relations:
            cells = {cell for cell, _factor in relation}
            if cells & system.silent or len(cells & withheld) != 1:
                continue
            free = cells - withheld - system.known
            if free:
                withheld.add(min(free, key=lambda cell: (system.values[cell], cell)))
    return frozenset(withheld)


def by_hand(system: System, threshold: int, most: int) -> frozenset[int] | None:
    """What is withheld line by line; None as soon as that loses `most` counts or more."""
    withheld = filled(system, system.small(threshold))
    seen = _Seen(system, withheld, threshold)
    while system.lost(withheld) < most:
        # In a fixed order, one by one: the rest need not be asked before this one is mended.
        found = next((cell for cell in sorted(withheld, key=seen.order) if not seen.is_safe(cell)), None)
        if found is None:
            return withheld
        free = {cell for relation in seen.sums[found] for cell, _factor in relation} - seen.closed - withheld
        free = free or set(system.cells) - seen.closed - withheld
        if not free:
            return None
        more = filled(system, withheld | {min(free, key=seen.order)})
        for cell in more - withheld:
            seen.others.set_open(cell, True)
        withheld = more
    return None


class _Seen:
    """What the linear programs have shown so far: the least and most of each count. It only widens."""

    def __init__(self, system: System, withheld: frozenset[int], threshold: int) -> None:
        self.system, self.threshold = system, threshold
        self.others = Differences(system, withheld)
        self.values = self.others.values
        self.low, self.high = self.values.copy(), self.values.copy()
        self.closed = system.silent | system.known
        self.sums: dict[int, list[tuple[tuple[int, int], ...]]] = {cell: [] for cell in range(len(system.values))}
        for relation in system.relations:
            for cell, _factor in relation:
                self.sums[cell].append(relation)

    def order(self, cell: int) -> tuple[int, int]:
        """The smallest first."""
        return self.system.values[cell], cell

    def is_safe(self, cell: int) -> bool:
        """Whether that count may differ as it must."""
        return self._known_safe(cell) or any(self._learn(self.others.alone(cell, up), cell) for up in (True, False))

    def _known_safe(self, cell: int) -> bool:
        return protected(self.system.values[cell], self.low[cell], self.high[cell], self.threshold)

    def _learn(self, table: "Numbers | None", cell: int) -> bool:
        if table is not None:
            self.low = self.others.np.minimum(self.low, self.values + table)
            self.high = self.others.np.maximum(self.high, self.values + table)
        return self._known_safe(cell)
