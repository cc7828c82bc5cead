"""The form's own expressions, as far as a score rests on them: `relevant` and `constraint`."""

from collections.abc import Iterable, Mapping

from selaras.odk.forms import Field, Form
from selaras.scoring.expressions.tree import Node
from selaras.scoring.expressions.types import Symbol
from selaras.scoring.instrument import HOUSEHOLD, Calculation, Expression
from selaras.scoring.workbook.names import Names, fields_used

#: The form says these of every cell that names a field, used by a score or not.
_SAID_ELSEWHERE = ("expression.name", "expression.name_near")


def read_relevants(
    form: Form, used: Iterable[Node], calculations: Mapping[str, Calculation], names: Names
) -> dict[str, tuple[Expression, ...]]:
    """Field -> the conditions that decide whether it is asked, for each field that `used` rests on.

    A condition outside our language is an error there; on other fields it is not looked at. Constraints of the
    same fields are checked and not kept: they are the phone's.
    """
    household_only = Names(names.report, dict(field_symbols_only(form, names)), names.repeats)
    read: dict[tuple[str, str], Expression | None] = {}
    found: dict[str, tuple[Expression, ...]] = {}
    for name in fields_used(used, calculations):
        field = form.fields.get(name)
        if field is None:
            continue
        conditions = []
        over = field.repeat or HOUSEHOLD
        for text, cell in field.relevants:
            if (cell, over) not in read:
                read[cell, over] = _condition(text, cell, over, household_only)
            condition = read[cell, over]
            if condition is not None:
                conditions.append(condition)
        if conditions:
            found[name] = tuple(conditions)
        _check_constraint(field, household_only)
    return found


def field_symbols_only(form: Form, names: Names) -> dict[str, Symbol]:
    """The symbols of the form: a phone does not know the workbook's calculations."""
    return {name: names.symbols[name] for name in form.fields if name in names.symbols}


def _condition(text: str, cell: str, over: str, names: Names) -> Expression | None:
    expression = _read(text, cell, over, names)
    if expression is not None and expression.kind not in ("boolean", "blank"):
        names.report.add("relevant.kind", cell, kind=names.report.kind_word(expression.kind))
        return None
    return expression


def _check_constraint(field: Field, names: Names) -> None:
    if not field.constraint:
        return
    dot = names.symbols.get(field.name)
    expression = _read(field.constraint, field.constraint_cell, field.repeat or HOUSEHOLD, names, dot=dot)
    if expression is not None and expression.kind not in ("boolean", "blank"):
        names.report.add("constraint.kind", field.constraint_cell, kind=names.report.kind_word(expression.kind))


def _read(text: str, cell: str, over: str, names: Names, *, dot: Symbol | None = None) -> Expression | None:
    before = len(names.report.problems)
    expression = names.read(text, cell, over, dot=dot)
    said = names.report.problems[before:]
    names.report.problems[before:] = [problem for problem in said if problem.code not in _SAID_ELSEWHERE]
    return expression
