"""The plan: small counts, and few others beside them, until nobody can compute a small one.

1. Withhold what is small. 2. Ask linear programs how far each withheld count may differ; one that may not differ
enough opens the cheapest other counts through which it can. 3. Publish again what turned out not to be needed.
Done from two beginnings (nothing beside; and, as by hand, one more in each sum that lacks just one), and from what an
office would do without a program (whole tables; line by line until it is safe) where that loses fewer counts. The
least set is a hard problem (Kelly, Golden, Assad 1992; Fischetti, Salazar 2001); this one is safe by its check, and not
always the least.
"""

import random
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from selaras.scoring.suppression.by_hand import by_hand, filled
from selaras.scoring.suppression.program import Differences, Openings
from selaras.scoring.suppression.system import LEAST, System, broken, protected

if TYPE_CHECKING:
    from selaras.scoring.suppression.program import Numbers

#: Random directions in which tables are looked for, before a cell is asked about by itself: as long as each still
#: frees one in ten.
LOOKS = 30
#: Programs that tidying up may solve, times cells: beyond that what is withheld stays withheld.
TIDYING = 2_000_000


class CannotProtectError(Exception):
    """What is out already gives a small count away whatever else is withheld: `cells`. Do not publish."""

    def __init__(self, cells: tuple[int, ...]) -> None:
        super().__init__(f"cells {cells} cannot be protected")
        self.cells = cells


@dataclass(frozen=True, slots=True)
class Plan:
    """What is withheld: `small` by itself, `beside` because it would tell."""

    withheld: frozenset[int]
    small: frozenset[int]

    @property
    def beside(self) -> frozenset[int]:
        """What is withheld only to protect others."""
        return self.withheld - self.small


def plan(system: System, threshold: int = LEAST) -> Plan:
    """What to withhold so that each withheld count stays `protected`.

    Raises ValueError for a threshold below LEAST or counts that do not add up, CannotProtectError.
    """
    if threshold < LEAST:
        raise ValueError(f"the threshold is at least {LEAST}")
    if wrong := broken(system):
        raise ValueError(f"relations {wrong} do not add up")
    small = system.small(threshold)
    if not small:
        return Plan(frozenset(), small)
    plans = [_Search(system, threshold, begin).plan() for begin in (small, filled(system, small))]
    weights = system.weights or (1.0,) * len(system.values)
    best = min(plans, key=lambda withheld: sum(weights[cell] for cell in withheld))
    # Never less is published than by what an office does without a program, whole tables or line by line.
    whole = small.union(*(table - system.known for table in system.tables if table & small))
    if system.tables and system.lost(whole) < system.lost(best):
        best = min(best, _Search(system, threshold, whole | _beside(system, whole)).plan(), key=system.lost)
    hand = by_hand(system, threshold, system.lost(best))
    if hand is not None:
        best = min(best, _Search(system, threshold, hand).plan(), key=system.lost)
    return Plan(best, small)


def _beside(system: System, withheld: frozenset[int]) -> frozenset[int]:
    """What nobody has any more who does not read both of its counts."""
    cells = [{cell for cell, _factor in relation} for relation in system.relations]
    return frozenset().union(*(each & system.unshown for each in cells if each & withheld))


class _Search:
    """One search. `low` and `high` are the least and most of each count in the tables that were seen so far."""

    def __init__(self, system: System, threshold: int, begin: frozenset[int]) -> None:
        self.system, self.threshold = system, threshold
        self.small = system.small(threshold)
        self.others = Differences(system, begin)
        self.openings = Openings(system)
        self.np: Any = self.others.np
        self.values = self.others.values
        self.withheld = set(begin)
        self.near: dict[int, set[int]] = {}
        for relation in system.relations:
            cells = {each for each, _factor in relation}
            for each in cells:
                self.near.setdefault(each, set()).update(cells)
        self.seen: list[Numbers] = []
        self.low, self.high = self.values.copy(), self.values.copy()
        self.draw = random.Random(len(system.values))  # noqa: S311 - directions, not secrets

    def plan(self) -> frozenset[int]:
        """Open until all are protected, then tidy up."""
        self._look(self._exposed(sorted(self.withheld)))
        waiting = self._by_need(self.withheld)
        while waiting:
            cell = waiting.pop(0)
            if self._is_protected(cell) or self._ask(cell):
                continue
            opened = self._open(cell)
            if opened is None:
                waiting = self._open_all()
                continue
            waiting = [cell, *waiting, *self._by_need(opened)]
        self._tidy_up()
        return frozenset(self.withheld)

    def _is_protected(self, cell: int) -> bool:
        return protected(self.system.values[cell], self.low[cell], self.high[cell], self.threshold)

    def _exposed(self, cells: list[int]) -> list[int]:
        return [cell for cell in cells if not self._is_protected(cell)]

    def _by_need(self, cells: Any) -> list[int]:
        """Largest first: what it opens serves the smaller ones."""
        return sorted(cells, key=lambda cell: (-self.system.values[cell], cell))

    def _learn(self, table: "Numbers") -> None:
        self.seen.append(table)
        self.low = self.np.minimum(self.low, self.values + table)
        self.high = self.np.maximum(self.high, self.values + table)

    def _look(self, exposed: list[int]) -> None:
        """Tables in random directions: each says something about many cells at once."""
        for _look in range(LOOKS):
            if not exposed:
                return
            towards = self.np.zeros(len(self.values))
            towards[exposed] = [self.draw.choice((-1.0, 1.0)) for _cell in exposed]
            table = self.others.furthest(towards)
            if table is not None:
                self._learn(table)
            before, exposed = len(exposed), self._exposed(exposed)
            if len(exposed) > 0.9 * before:
                return

    def _ask(self, cell: int) -> bool:
        """Ask for this cell alone, both ways."""
        for up in (True, False):
            table = self.others.alone(cell, up)
            if table is not None:
                self._learn(table)
            if self._is_protected(cell):
                return True
        return False

    def _open(self, cell: int) -> list[int] | None:
        """Withhold what lets this cell differ as it must, one way; None: there is no way."""
        for by in self._wanted(cell):
            table = self.openings.reach(cell, by, self.others.open)
            if table is None:
                continue
            changed = self.np.flatnonzero(self.np.abs(table) > 1e-7)
            opened = [int(each) for each in changed if not self.others.open[each]]
            for each in opened:
                self.others.set_open(each, True)
            self.withheld.update(opened)
            self._learn(table)
            if opened or self._is_protected(cell):
                return opened
        return None

    def _wanted(self, cell: int) -> list[float]:
        value, low, high = self.system.values[cell], self.low[cell], self.high[cell]
        if value < self.threshold:
            up = [float(self.threshold - value)] if high < self.threshold - 1e-6 else []
            return up or [float(-value)]
        width = self.threshold
        return [float(low + width - value), *([float(high - width - value)] if high - width >= 0 else [])]

    def _open_all(self) -> list[int]:
        """Nothing but what is out already: then it is safe, or cannot be."""
        rest = [cell for cell in self.system.cells if cell not in self.system.known and not self.others.open[cell]]
        if not rest:
            exposed = [cell for cell in self._exposed(sorted(self.withheld)) if not self._ask(cell)]
            raise CannotProtectError(tuple(exposed))
        for cell in rest:
            self.others.set_open(cell, True)
        self.withheld.update(rest)
        return self._by_need(self.withheld)

    def _tidy_up(self) -> None:
        """Publish again, the heaviest first, what is withheld beside and not needed."""
        weights = self.system.weights or (1.0,) * len(self.values)
        beside = sorted(self.withheld - self.small, key=lambda c: (-weights[c], -self.system.values[c], c))
        most = self.others.solved + TIDYING // len(self.values)
        for cell in beside:
            if self.others.solved > most:
                return
            self._try_without(cell)

    def _try_without(self, cell: int) -> None:
        seen, low, high = self.seen, self.low, self.high
        self.seen = [table for table in seen if abs(table[cell]) <= 1e-7]
        stack = self.np.vstack([self.np.zeros(len(self.values)), *self.seen]) + self.values
        self.low, self.high = stack.min(axis=0), stack.max(axis=0)
        self.others.set_open(cell, False)
        self.withheld.discard(cell)
        exposed = self._exposed(sorted(self.withheld))
        # Whoever shares a sum with it is the first to be found out: most tries end here.
        near = [each for each in exposed if each in self.near[cell]]
        if all(self._is_protected(each) or self._ask(each) for each in near):
            self._look(self._exposed(exposed))
            if all(self._is_protected(each) or self._ask(each) for each in self._exposed(exposed)):
                return
        self.others.set_open(cell, True)
        self.withheld.add(cell)
        self.seen, self.low, self.high = seen, low, high
