"""Tables that look the same from outside, as linear programs: how far each count may differ from what it is.

A column is a count's difference from its value: at least -value, 0 where the count is published. HiGHS keeps its
basis between two questions, so that each of the thousands costs little.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from selaras.scoring import silent
from selaras.scoring.suppression.system import System

if TYPE_CHECKING:
    import numpy as np

    Numbers = np.ndarray[Any, np.dtype[np.float64]]

#: As good as without end: more than any count of reports.
FAR = 1e7


def steady() -> Any:
    """An engine that does not wander between threads."""
    engine = silent.engine()
    engine.setOptionValue("threads", 1)
    # Only costs and a few bounds change between two questions: from the last answer the primal simplex has not far.
    engine.setOptionValue("simplex_strategy", 4)
    engine.setOptionValue("presolve", "off")
    engine.setOptionValue("random_seed", 1)
    return engine


class Differences:
    """The other tables that somebody outside cannot tell from the true one, as long as `open` cells are withheld."""

    def __init__(self, system: System, withheld: Iterable[int]) -> None:
        import highspy
        import numpy as np

        self.np, self._optimal = np, highspy.HighsModelStatus.kOptimal
        self.values = np.array(system.values, dtype=float)
        self.count = len(system.values)
        self._all = np.arange(self.count, dtype=np.int32)
        self._engine = steady()
        self._engine.passModel(_model(highspy, system))
        self.open = np.zeros(self.count, dtype=bool)
        self.open[[*withheld, *system.silent]] = True
        self._bound()
        #: How many programs were solved.
        self.solved = 0

    def set_open(self, cell: int, is_open: bool) -> None:
        """Withhold one more, or publish it again."""
        self.open[cell] = is_open
        low, high = (-self.values[cell], FAR) if is_open else (0.0, 0.0)
        self._engine.changeColBounds(int(cell), float(low), float(high))

    def furthest(self, towards: "Numbers") -> "Numbers | None":
        """The table that goes furthest that way (differences, one a cell); None where HiGHS gave none."""
        self.solved += 1
        self._engine.changeColsCost(self.count, self._all, -towards)
        self._engine.run()
        if self._engine.getModelStatus() != self._optimal:
            # Stuck on the way from the last answer: once more from the beginning.
            self._engine.clearSolver()
            self._engine.run()
        if self._engine.getModelStatus() != self._optimal:
            return None
        return self.np.asarray(self._engine.getSolution().col_value)

    def alone(self, cell: int, up: bool) -> "Numbers | None":
        """The table in which that cell is as high, or as low, as it can be."""
        towards = self.np.zeros(self.count)
        towards[cell] = 1.0 if up else -1.0
        return self.furthest(towards)

    def _bound(self) -> None:
        low = self.np.where(self.open, -self.values, 0.0)
        high = self.np.where(self.open, FAR, 0.0)
        self._engine.changeColsBounds(self.count, self._all, low, high)


def _model(highspy: Any, system: System) -> Any:
    count = len(system.values)
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = count, len(system.relations)
    lp.col_cost_ = [0.0] * count
    lp.col_lower_, lp.col_upper_ = [0.0] * count, [0.0] * count
    lp.row_lower_ = lp.row_upper_ = [0.0] * len(system.relations)
    rows(highspy, lp, [list(relation) for relation in system.relations])
    return lp


def rows(highspy: Any, lp: Any, given: list[list[tuple[int, int]]]) -> None:
    """The rows' factors as HiGHS reads them."""
    starts, columns, factors = [0], [], []
    for row in given:
        columns += [column for column, _factor in row]
        factors += [float(factor) for _column, factor in row]
        starts.append(len(columns))
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = starts, columns, factors


class Openings:
    """Which published counts must be withheld beside, so that one cell can differ by as much as it needs.

    The least sum of changes, weighted; asked again with weights that punish small changes, because each cell that
    changes at all is lost (Candès, Wakin, Boyd 2008, reweighted l1).
    """

    ROUNDS = 3

    def __init__(self, system: System) -> None:
        import highspy
        import numpy as np

        self.np, self._optimal = np, highspy.HighsModelStatus.kOptimal
        self.values = np.array(system.values, dtype=float)
        count = self.count = len(system.values)
        self.weights = np.array(system.weights or (1.0,) * count)
        self._fixed = np.zeros(count, dtype=bool)
        self._fixed[sorted(system.known)] = True
        self._all = np.arange(2 * count, dtype=np.int32)
        self._engine = steady()
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = 2 * count, len(system.relations)
        lp.col_cost_ = [0.0] * (2 * count)
        lp.col_lower_ = [0.0] * (2 * count)
        lp.col_upper_ = [0.0] * (2 * count)
        lp.row_lower_ = lp.row_upper_ = [0.0] * len(system.relations)
        split = [
            [(cell, factor) for cell, factor in relation] + [(count + cell, -factor) for cell, factor in relation]
            for relation in system.relations
        ]
        rows(highspy, lp, split)
        self._engine.passModel(lp)
        self.solved = 0

    def reach(self, cell: int, by: float, is_open: Any) -> "Numbers | None":
        """A table in which that cell differs by `by`, and few cells that are published now differ; None: there is
        none."""
        np = self.np
        up = np.where(self._fixed, 0.0, FAR)
        down = np.where(self._fixed, 0.0, self.values)
        low = np.zeros(2 * self.count)
        up[cell], down[cell] = max(by, 0.0), max(-by, 0.0)
        low[cell], low[self.count + cell] = up[cell], down[cell]
        self._engine.changeColsBounds(2 * self.count, self._all, low, np.concatenate([up, down]))
        weights, best, least = np.where(is_open, 1e-4, self.weights), None, np.inf
        cost = weights
        for _round in range(self.ROUNDS):
            self.solved += 1
            self._engine.changeColsCost(2 * self.count, self._all, np.concatenate([cost, cost]))
            self._engine.run()
            if self._engine.getModelStatus() != self._optimal:
                return best
            found = np.asarray(self._engine.getSolution().col_value)
            table = found[: self.count] - found[self.count :]
            lost = float(self.weights[(np.abs(table) > 1e-7) & ~is_open].sum())
            if lost < least:
                best, least = table, lost
            cost = weights / (np.abs(table) + 0.25)
        return best
