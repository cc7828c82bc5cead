"""A situation as a mixed-integer program: its columns and rows, and one solve of them by HiGHS with gap 0.

    x[action, purse]   whole units                      0 … what could still help
    X[action]          their sum, where several purses may pay
    c[item]            needs closed                     0 … needs,  c ≤ Σ reach · X
    z, s               where an item's points do not rise evenly: how far each stretch of them has been gone

X could be left out and c need not be whole: both make HiGHS three to ten times faster on what offices have.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from math import ceil, gcd
from typing import Any, Literal

from selaras.scoring import silent
from selaras.scoring.planning.situation import Action, Item, Situation

#: A rule that a plan must keep: the rows that can be in each other's way.
Rule = tuple[Literal["purse", "least", "most", "wanted"], str]
#: Seconds that one solve may take.
PATIENCE = 20.0
_BIG = 1e30


class UnsolvedError(RuntimeError):
    """HiGHS ended without an answer that can be trusted."""


@dataclass(slots=True)
class Program:
    """Columns and rows as they are given to HiGHS. A row is (low, {column: factor}, high)."""

    upper: list[float] = field(default_factory=list)
    whole: list[bool] = field(default_factory=list)
    rows: list[tuple[float, dict[int, float], float]] = field(default_factory=list)
    units: dict[tuple[str, str], int] = field(default_factory=dict)
    closed: dict[str, int] = field(default_factory=dict)
    gains: dict[int, float] = field(default_factory=dict)
    needs: dict[int, float] = field(default_factory=dict)
    costs: dict[int, float] = field(default_factory=dict)
    done: dict[str, int] = field(default_factory=dict)

    def column(self, upper: float, *, whole: bool) -> int:
        """A new column from 0 to `upper`."""
        self.upper.append(upper)
        self.whole.append(whole)
        return len(self.upper) - 1

    def row(self, low: float, factors: Mapping[int, float], high: float) -> None:
        """low ≤ Σ factor · column ≤ high."""
        self.rows.append((low, dict(factors), high))


def program_of(situation: Situation, rules: Collection[Rule] | None = None) -> Program:
    """The program; with `rules`, only those rules hold (what is not a rule holds always)."""
    made = Program()
    items = {item.key: item for item in situation.items}
    for action in situation.actions:
        _action(made, situation, action, items, rules)
    serving: dict[str, dict[int, float]] = {key: {} for key in items}
    for action in situation.actions:
        for key, reach in action.serves:
            if action.key in made.done and key in items:
                serving[key][made.done[action.key]] = float(min(reach, max(1, items[key].needs)))
    for item in situation.items:
        _item(made, item, serving[item.key], rules)
    for purse in situation.purses:
        if rules is None or ("purse", purse.key) in rules:
            _purse(made, situation, purse.key, purse.left)
    return made


def _action(
    made: Program, situation: Situation, action: Action, items: Mapping[str, Item], rules: Collection[Rule] | None
) -> None:
    """Its units, each purse's apart; no more than could still help, but what must be done."""
    capped = rules is None or ("most", action.key) in rules
    useful = max((ceil(items[key].needs / reach) for key, reach in action.serves if key in items), default=0)
    wanted = max((ceil(items[key].least / reach) for key, reach in action.serves if key in items), default=0)
    most = max(useful, wanted, action.least)
    most = min(most, action.most) if capped else most
    own = {}
    for purse in situation.purses:
        if not situation.pays(action, purse):
            continue
        reachable = purse.left // action.cost if action.cost and rules is None else most
        column = made.column(float(min(most, reachable)), whole=True)
        own[column] = 1.0
        made.units[action.key, purse.key] = column
        made.costs[column] = float(action.cost)
    low = float(action.least) if rules is None or ("least", action.key) in rules else 0.0
    made.row(low, own, float(most) if capped else _BIG)
    if len(own) == 1:
        made.done[action.key] = next(iter(own))
    elif own:
        whole = made.done[action.key] = made.column(float(sum(made.upper[column] for column in own)), whole=True)
        made.row(0.0, {**own, whole: -1.0}, 0.0)


def _item(made: Program, item: Item, serving: Mapping[int, float], rules: Collection[Rule] | None) -> None:
    column = made.closed[item.key] = made.column(float(item.needs), whole=True)
    made.row(0.0, {**serving, column: -1.0}, _BIG)
    if item.least and (rules is None or ("wanted", item.key) in rules):
        # Not by a bound: more than there are must be told, not silently impossible.
        made.row(float(item.least), {column: 1.0}, _BIG)
    if item.families:
        made.needs[column] = 1.0
    stretches = _stretches(item)
    if len(stretches) == 1:
        made.gains[column] = float(stretches[0][1])
    elif stretches:
        _points(made, column, stretches)


def _stretches(item: Item) -> list[tuple[int, int]]:
    """The points as (needs, points a need), one after another."""
    found: list[tuple[int, int]] = []
    for before, after in zip(item.gains, item.gains[1:], strict=False):
        if found and found[-1][1] == after - before:
            found[-1] = (found[-1][0] + 1, after - before)
        else:
            found.append((1, after - before))
    return found


def _points(made: Program, closed: int, stretches: list[tuple[int, int]]) -> None:
    """Points that rise unevenly: a later stretch is begun only when the one before it is full, where it is steeper."""
    columns = [made.column(float(length), whole=False) for length, _rise in stretches]
    made.row(0.0, {closed: 1.0, **dict.fromkeys(columns, -1.0)}, 0.0)
    for column, (_length, rise) in zip(columns, stretches, strict=True):
        made.gains[column] = float(rise)
    for index, (length, rise) in enumerate(stretches[:-1]):
        if all(later <= rise for _length, later in stretches[index + 1 :]):
            continue
        full = made.column(1.0, whole=True)
        made.row(0.0, {columns[index]: 1.0, full: -float(length)}, _BIG)
        for later in range(index + 1, len(stretches)):
            made.row(-_BIG, {columns[later]: 1.0, full: -float(stretches[later][0])}, 0.0)


def _purse(made: Program, situation: Situation, purse: str, left: int) -> None:
    """Σ cost · x ≤ left, divided by what all costs have in common: smaller numbers, the same plans."""
    costs = {action.key: action.cost for action in situation.actions}
    factors = {column: costs[action] for (action, own), column in made.units.items() if own == purse and costs[action]}
    if not factors:
        return
    common = gcd(*factors.values())
    made.row(0.0, {column: cost / common for column, cost in factors.items()}, float(left // common))


@dataclass(frozen=True, slots=True)
class Solved:
    """The columns of the best that was found. `proved`: nothing is better; else nothing is better than `bound`."""

    columns: list[float]
    proved: bool
    bound: float


def solve(made: Program, objective: Mapping[int, float], *, patience: float = PATIENCE) -> Solved | None:
    """Make the sum of the objective, whole where the columns are, the most there can be; None where nothing keeps the
    rules. Raises UnsolvedError where nothing was found in `patience` seconds."""
    if not made.upper:
        return Solved([], True, 0.0) if all(low <= 0 <= high for low, _factors, high in made.rows) else None
    highspy = _highspy()
    engine = silent.engine()
    for name, value in _OPTIONS.items():
        engine.setOptionValue(name, value)
    engine.setOptionValue("time_limit", patience)
    engine.passModel(_model(highspy, made, objective))
    engine.run()
    status = engine.getModelStatus()
    if status in {highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kUnboundedOrInfeasible}:
        return None
    info = engine.getInfo()
    if info.primal_solution_status != highspy.kSolutionStatusFeasible:
        raise UnsolvedError(engine.modelStatusToString(status))
    proved = status == highspy.HighsModelStatus.kOptimal
    return Solved(list(engine.getSolution().col_value), proved, info.mip_dual_bound)


def _highspy() -> Any:
    import highspy

    return highspy


#: Exact: objectives are whole numbers, so less than one above what was found is nothing better. One thread: the same
#: plan each time, and no server is taken from others.
_OPTIONS: dict[str, Any] = {
    "mip_rel_gap": 0.0,
    "mip_abs_gap": 0.5,
    "threads": 1,
    "random_seed": 0,
}


def _model(highspy: Any, made: Program, objective: Mapping[int, float]) -> Any:
    """The same as HiGHS reads it: by columns, maximised."""
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(made.upper), len(made.rows)
    lp.col_cost_ = [objective.get(column, 0.0) for column in range(lp.num_col_)]
    lp.col_lower_ = [0.0] * lp.num_col_
    lp.col_upper_ = made.upper
    lp.row_lower_ = [low if low > -_BIG else -highspy.kHighsInf for low, _factors, _high in made.rows]
    lp.row_upper_ = [high if high < _BIG else highspy.kHighsInf for _low, _factors, high in made.rows]
    starts: list[int] = [0]
    columns: list[int] = []
    factors: list[float] = []
    for _low, row, _high in made.rows:
        columns += row.keys()
        factors += row.values()
        starts.append(len(columns))
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = starts, columns, factors
    kinds = highspy.HighsVarType
    lp.integrality_ = [kinds.kInteger if whole else kinds.kContinuous for whole in made.whole]
    lp.sense_ = highspy.ObjSense.kMaximize
    return lp
