"""The sheets `calculations` and `classes`: named values in the order of their rows, and the household ladder."""

from collections.abc import Mapping
from dataclasses import dataclass

from selaras.odk.table import Row, Table
from selaras.scoring.expressions.tree import Node
from selaras.scoring.expressions.types import Symbol, names_in
from selaras.scoring.instrument import HOUSEHOLD, Calculation, Expression, HouseholdClass
from selaras.scoring.workbook.circles import circles_of, shown
from selaras.scoring.workbook.names import Names


@dataclass(frozen=True, slots=True)
class _Drafted:
    """One row before its expression is checked. `over` is None where the column names nothing known; the tree of
    what is not `sound` is only good for finding more mistakes."""

    row: Row
    name: str
    over: str | None
    tree: Node | None
    sound: bool = False


def read_calculations(table: Table | None, names: Names) -> dict[str, Calculation]:
    """Every usable row. A name defined below, a circle and each mistake in an expression go to the report.

    Afterwards `names` knows every calculation, so that indicators may use all of them.
    """
    drafts = [_draft(row, names) for row in table or ()]
    trees = {draft.name: draft.tree for draft in drafts if draft.name and draft.tree is not None}
    circles = circles_of(
        {name: tuple(used for used in names_in(tree) if used in trees) for name, tree in trees.items()}
    )
    # Members of a circle fit anywhere while the expressions around them are checked: a circle is told once.
    names.symbols |= {name: Symbol(name, "blank") for name in circles}
    found: dict[str, Calculation] = {}
    below = [draft.name for draft in drafts if draft.name]
    for draft in drafts:
        expression = _expression(draft, names, circles, frozenset(below))
        labels = names.report.labels(draft.row, mandatory=False, name=draft.name)
        if not draft.name:
            continue
        below.remove(draft.name)
        repeat = None if draft.over in (HOUSEHOLD, None) else draft.over
        kind = expression.kind if expression is not None else "blank"
        options = _options(expression, names)
        names.symbols[draft.name] = Symbol(draft.name, kind, repeat, options)
        if expression is None or draft.over is None:
            continue
        unit, source = draft.row.text("unit"), draft.row.text("source")
        found[draft.name] = Calculation(draft.name, draft.over, expression, labels, unit, source)
    return found


def _draft(row: Row, names: Names) -> _Drafted:
    name = names.report.name(row, "name", names.taken)
    over = names.over(row.text("over"), row.where("over"))
    text, where = row.text("expression"), row.where("expression")
    if not text:
        names.report.blank(row, "expression")
        return _Drafted(row, name, over, None)
    return _Drafted(row, name, over, *names.tree(text, where))


def _expression(
    draft: _Drafted, names: Names, circles: Mapping[str, tuple[str, ...]], below: frozenset[str]
) -> Expression | None:
    if draft.tree is None or draft.over is None:
        return None
    where = draft.row.where("expression")
    circle = circles.get(draft.name, ())
    if circle:
        names.report.add("calculation.circle", where, circle=shown(circle))
    names.later = below - set(circles)
    expression = names.checked(draft.tree, draft.row.text("expression"), where, draft.over)
    names.later = frozenset()
    return None if circle or not draft.sound else expression


def _options(expression: Expression | None, names: Names) -> frozenset[str] | None:
    """The options of a calculation whose value is a choice: those of every field that it may take it from."""
    if expression is None or expression.kind not in ("choice", "choices"):
        return None
    sources = [names.symbols[name].options for name in names_in(expression.tree) if name in names.symbols]
    known = [options for options in sources if options is not None]
    return frozenset().union(*known) if known else None


def read_classes(table: Table | None, names: Names) -> dict[str, HouseholdClass]:
    """The ladder, in the order of its rows; the first true row wins."""
    found: dict[str, HouseholdClass] = {}
    taken: dict[str, str] = {}
    for row in table or ():
        name = names.report.name(row, "class", taken)
        labels = names.report.labels(row, mandatory=True, name=name)
        text, where = row.text("expression"), row.where("expression")
        if not text:
            names.report.blank(row, "expression")
            continue
        expression = names.read(text, where, HOUSEHOLD)
        if expression is None:
            continue
        if expression.kind not in ("boolean", "blank"):
            names.report.add("class.kind", where, kind=names.report.kind_word(expression.kind))
        elif name:
            found[name] = HouseholdClass(name, labels, expression)
    return found
