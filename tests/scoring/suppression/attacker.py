"""An attacker of her own: knows each published count, each sum and that no count is negative. Shares no code with
the product: the counts themselves are her columns."""

from collections.abc import Iterable
from typing import Any

import highspy

from selaras.scoring.suppression.system import System

INFINITE = highspy.kHighsInf
_STATUS = highspy.HighsModelStatus
SURE = {_STATUS.kOptimal, _STATUS.kUnbounded, _STATUS.kUnboundedOrInfeasible}


def model(system: System, withheld: frozenset[int], whole: bool = False) -> Any:
    """Her program; `whole` if she knows too that counts are whole numbers."""
    lp = highspy.HighsLp()
    count = len(system.values)
    hidden = withheld | system.silent
    lp.num_col_, lp.num_row_ = count, len(system.relations)
    lp.col_cost_ = [0.0] * count
    lp.col_lower_ = [0.0 if cell in hidden else float(system.values[cell]) for cell in range(count)]
    lp.col_upper_ = [INFINITE if cell in hidden else float(system.values[cell]) for cell in range(count)]
    lp.row_lower_ = lp.row_upper_ = [0.0] * len(system.relations)
    starts, columns, factors = [0], [], []
    for relation in system.relations:
        columns += [cell for cell, _factor in relation]
        factors += [float(factor) for _cell, factor in relation]
        starts.append(len(columns))
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = starts, columns, factors
    if whole:
        lp.integrality_ = [highspy.HighsVarType.kInteger] * count
    engine = highspy.Highs()
    engine.setOptionValue("output_flag", False)
    engine.setOptionValue("threads", 1)
    engine.passModel(lp)
    return engine


def bounds(system: System, withheld: frozenset[int], cells: Iterable[int], whole: bool = False) -> dict[int, Any]:
    """For each of `cells` the least and the most that it can be."""
    engine = model(system, withheld, whole)
    found = {}
    for cell in cells:
        both = []
        for sign in (1.0, -1.0):
            engine.changeColCost(cell, sign)
            engine.run()
            status = engine.getModelStatus()
            if status not in SURE:
                # Stuck on the way from the last answer: once more from the beginning.
                engine.clearSolver()
                engine.run()
                status = engine.getModelStatus()
            if status == highspy.HighsModelStatus.kOptimal:
                both.append(engine.getSolution().col_value[cell])
            else:
                assert status in SURE, status
                both.append(INFINITE)
        engine.changeColCost(cell, 0.0)
        found[cell] = tuple(both)
    return found


def narrowed(system: System, withheld: frozenset[int], threshold: int, whole: bool = False) -> dict[int, Any]:
    """The withheld cells of which she learns more than she may, with what she learns."""
    return {
        cell: (system.values[cell], low, high)
        for cell, (low, high) in bounds(system, withheld, sorted(withheld), whole).items()
        if not _safe(system.values[cell], low, high, threshold)
    }


def _safe(value: int, low: float, high: float, threshold: int) -> bool:
    if value < threshold:
        return low < 1e-6 and high > threshold - 1e-6
    return high - low > threshold - 1e-6
