"""What the survey itself says of an answer: its `constraint`, and whether it is asked at all (`relevant`).

Both are conditions of the instrument's language, so the engine that scores also judges here: one statement for some
thousand families, one indicator a condition. A condition outside that language is left to the phone.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from selaras.actions.importing.families import Family, Member
from selaras.actions.importing.tables import Table
from selaras.errors import Problem
from selaras.odk.forms import Field, Form
from selaras.queries.answers import Sheet, as_answers
from selaras.scoring.answers import HOUSEHOLD_ID
from selaras.scoring.engines import tally
from selaras.scoring.expressions.findings import ExpressionError
from selaras.scoring.expressions.parser import parse
from selaras.scoring.expressions.tree import Binary, Call, Name, Negative, Node, Self
from selaras.scoring.expressions.types import Scope, Symbol, check, children, names_in
from selaras.scoring.instrument import HOUSEHOLD, Expression, Indicator, Instrument
from selaras.scoring.workbook.names import field_symbols

#: What no engine of ours can match as the phone does: looking ahead or behind, and going back.
_UNUSUAL = re.compile(r"\(\?[=!<]|\\[1-9]")


@dataclass(frozen=True, slots=True)
class Rule:
    """One condition on the answer to `field`; `regex` where it is a pattern by itself, which needs no engine."""

    field: Field
    code: str
    tree: Node | None
    said: str
    text: str
    regex: re.Pattern[str] | None = None

    def accepts(self, row: Family | Member) -> bool:
        """Whether the pattern fits the row's answer; a blank breaks nothing."""
        value = row.answers.get(self.field.name, row.private.get(self.field.name))
        return self.regex is None or value is None or self.regex.fullmatch(str(value)) is not None

    def problem(self, where: str) -> Problem:
        """What is said at the cell that breaks it."""
        if self.code == "import.not_asked":
            return Problem(self.code, where, {"field": self.field.name}, "warning")
        if self.said:
            return Problem("import.constraint_said", where, {"field": self.field.name, "said": self.said})
        return Problem("import.constraint", where, {"field": self.field.name, "rule": self.text})


class Rules:
    """The rules of an instrument, ready for chunk after chunk of families. `today` is the round's closing date."""

    def __init__(self, instrument: Instrument, *, fields: frozenset[str], today: date | None) -> None:
        form = instrument.form
        self._today = today
        self._rules = [rule for rule in _rules_of(form) if rule.field.name in fields]
        self._patterns = [rule for rule in self._rules if rule.regex is not None]
        probed = {f"rule {index}": rule for index, rule in enumerate(self._rules) if rule.tree is not None}
        self._probed = probed
        some = next(iter(instrument.indicators.values()), None)
        if some is not None:
            probes = {name: _probe(name, rule, some) for name, rule in probed.items()}
            self._probing = replace(instrument, indicators=probes, classes={}, relevants={}, calculations={})

    def broken(self, families: Sequence[Family], table: Table) -> Iterator[tuple[Family, Problem]]:
        """Every answer that breaks a rule, by family; `table` is the one that the families stand in."""
        for family in families if self._patterns else ():
            for _, row in _rows(family):
                for rule in self._patterns:
                    column = row.cells.get(rule.field.name)
                    if column is not None and not rule.accepts(row):
                        yield family, rule.problem(_where(row, family, column, table))
        if self._probed and families:
            yield from self._judged(families, table)

    def _judged(self, families: Sequence[Family], table: Table) -> Iterator[tuple[Family, Problem]]:
        """By the engine: each member stands for a household of its own, so that the answer says which one it was."""
        whose: list[tuple[Family, Family | Member]] = []
        sheets: list[Sheet] = []
        for family in families:
            own = {**family.answers, **family.private}
            for repeat, row in _rows(family):
                if not row.cells:
                    continue
                inside = {} if repeat is None else {repeat: [{**row.answers, **row.private}]}
                sheets.append(Sheet(len(whose), None, {**own, **inside}))
                whose.append((family, row))
        found = tally(self._probing, replace(as_answers(self._probing, sheets), unit=HOUSEHOLD_ID), today=self._today)
        for unit in found.units:
            family, row = whose[int(unit.unit or 0)]
            for name, counted in unit.indicators.items():
                rule = self._probed[name]
                column = row.cells.get(rule.field.name)
                if counted.true < counted.n and column is not None:
                    yield family, rule.problem(_where(row, family, column, table))


def _rows(family: Family) -> Iterator[tuple[str | None, Family | Member]]:
    """The family itself, then its members, each with its repeat."""
    yield None, family
    for repeat, rows in family.members.items():
        for member in rows:
            yield repeat, member


def _where(row: Family | Member, family: Family, column: int, table: Table) -> str:
    line = row.line if isinstance(row, Member) else None
    return line.where(column) if line is not None else table.where(family.number, column)


def _rules_of(form: Form) -> Iterator[Rule]:
    symbols = field_symbols(form)
    for field in form.fields.values():
        said = field.constraint_messages.get(form.default_language, "")
        if field.constraint and field.kind not in {"calculate", "other"}:
            tree = _sound(field.constraint, field, symbols, form, dot=symbols.get(field.name))
            pattern = _pattern(tree) if tree is not None else None
            if pattern is not None:
                yield Rule(field, "import.constraint", None, said, field.constraint, pattern)
            elif tree is not None and not _has_regex(tree):
                yield Rule(field, "import.constraint", _named(tree, field.name), said, field.constraint)
        trees = [_sound(text, field, symbols, form) for text, _ in field.relevants]
        asked = [tree for tree in trees if tree is not None]
        if asked and len(asked) == len(trees) and field.kind != "calculate":
            tree = asked[0]
            for other in asked[1:]:
                tree = Binary("and", tree, other)
            yield Rule(field, "import.not_asked", tree, "", field.relevants[-1][0])


def _sound(
    text: str, field: Field, symbols: Mapping[str, Symbol], form: Form, *, dot: Symbol | None = None
) -> Node | None:
    """The tree of a condition that our language has, and whose fields can be asked here; else None."""
    try:
        tree = parse(text)
    except ExpressionError:
        return None
    scope = Scope(dict(symbols), frozenset(form.repeats), field.repeat or HOUSEHOLD, dot=dot)
    kind, findings = check(tree, scope)
    return tree if kind == "boolean" and not findings and set(names_in(tree)) <= set(form.fields) else None


def _pattern(tree: Node) -> re.Pattern[str] | None:
    """The pattern of `regex(., '…')` alone."""
    if not isinstance(tree, Call) or tree.function != "regex" or not isinstance(tree.arguments[0], Self):
        return None
    text = getattr(tree.arguments[1], "value", "")
    try:
        return None if _UNUSUAL.search(text) else re.compile(text)
    except re.error:
        return None


def _has_regex(tree: Node) -> bool:
    return (isinstance(tree, Call) and tree.function == "regex") or any(_has_regex(child) for child in children(tree))


def _named(tree: Node, name: str) -> Node:
    """The tree with the field's name in the place of `.`."""
    match tree:
        case Self():
            return Name(name)
        case Negative(operand):
            return Negative(_named(operand, name))
        case Binary(operator, left, right):
            return Binary(operator, _named(left, name), _named(right, name))
        case Call(function, arguments):
            return Call(function, tuple(_named(argument, name) for argument in arguments))
    return tree


def _probe(name: str, rule: Rule, some: Indicator) -> Indicator:
    assert rule.tree is not None  # noqa: S101  (patterns are not probed)
    return Indicator(
        name=name,
        aspect=some.aspect,
        labels={},
        weight=some.weight,
        origin="survey",
        rule="yes_no",
        over=rule.field.repeat or HOUSEHOLD,
        expression=Expression(rule.text, rule.tree, "boolean", rule.field.cell),
    )
