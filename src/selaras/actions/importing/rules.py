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
from selaras.odk.values import Answer
from selaras.queries.answers import Sheet, as_answers
from selaras.scoring.answers import HOUSEHOLD_ID
from selaras.scoring.engines import tally
from selaras.scoring.expressions.findings import ExpressionError
from selaras.scoring.expressions.parser import parse
from selaras.scoring.expressions.tree import Binary, Call, Name, Negative, Node, Self
from selaras.scoring.expressions.types import Scope, Symbol, check, children, names_in, repeats_in
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

    @property
    def is_alone(self) -> bool:
        """Whether it hangs on the answer itself and on nothing else."""
        if self.tree is None or self.code != "import.constraint":
            return False
        return set(names_in(self.tree)) <= {self.field.name} and not repeats_in(self.tree)

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
        rules = [rule for rule in _rules_of(form) if rule.field.name in fields]
        self._patterns = [rule for rule in rules if rule.regex is not None]
        # What hangs on the answer alone is asked once for each answer, however many families gave it.
        self._alone = {f"rule {i}": rule for i, rule in enumerate(rules) if rule.is_alone}
        self._known: dict[str, dict[Answer, bool]] = {name: {} for name in self._alone}
        self._joint = {f"rule {i}": rule for i, rule in enumerate(rules) if rule.tree is not None and not rule.is_alone}
        some = next(iter(instrument.indicators.values()), None)
        bare = replace(instrument, indicators={}, classes={}, relevants={}, calculations={})
        self._engines = {
            kind: replace(bare, indicators={name: _probe(name, rule, some) for name, rule in probed.items() if some})
            for kind, probed in (("alone", self._alone), ("joint", self._joint))
        }

    def broken(self, families: Sequence[Family], table: Table) -> Iterator[tuple[Family, Problem]]:
        """Every answer that breaks a rule, by family; `table` is the one that the families stand in."""
        for family, row, rule in self.broken_rules(families):
            yield family, rule.problem(_where(row, family, row.cells[rule.field.name], table))

    def broken_rules(self, families: Sequence[Family]) -> Iterator[tuple[Family, Family | Member, Rule]]:
        """Every answer that breaks a rule: the family, the row that it stands in, and the rule."""
        if self._alone:
            self._learn(families)
        for family in families if self._patterns or self._alone else ():
            for _, row in _rows(family):
                for rule in self._broken_alone(row):
                    yield family, row, rule
        if self._joint:
            yield from self._judged(families)

    def _broken_alone(self, row: Family | Member) -> Iterator[Rule]:
        cells = row.cells
        if not cells:
            return
        for rule in self._patterns:
            if rule.field.name in cells and not rule.accepts(row):
                yield rule
        for name, rule in self._alone.items():
            if rule.field.name in cells and not self._known[name].get(_answer(row, rule.field.name), True):
                yield rule

    def _learn(self, families: Sequence[Family]) -> None:
        """Ask the engine about answers that have not been seen: each row of it holds one new answer to every rule."""
        fresh: dict[str, set[Answer]] = {name: set() for name in self._alone}
        for family in families:
            for _, row in _rows(family):
                if not row.cells:
                    continue
                for name, rule in self._alone.items():
                    value = _answer(row, rule.field.name)
                    if value is not None and value not in self._known[name]:
                        fresh[name].add(value)
        listed = {name: list(values) for name, values in fresh.items()}
        sheets = [
            Sheet(index, None, _sheet_of(self._alone, listed, index))
            for index in range(max(map(len, listed.values()), default=0))
        ]
        for index, counted in self._counted("alone", sheets):
            for name, holds in counted.items():
                if index < len(listed[name]):
                    self._known[name][listed[name][index]] = holds

    def _judged(self, families: Sequence[Family]) -> Iterator[tuple[Family, Family | Member, Rule]]:
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
        for index, counted in self._counted("joint", sheets):
            family, row = whose[index]
            for name, holds in counted.items():
                rule = self._joint[name]
                if not holds and rule.field.name in row.cells:
                    yield family, row, rule

    def _counted(self, kind: str, sheets: Sequence[Sheet]) -> Iterator[tuple[int, dict[str, bool]]]:
        """Of each sheet, by rule, whether nothing in it breaks the rule."""
        probing = self._engines[kind]
        if not sheets or not probing.indicators:
            return
        answers = replace(as_answers(probing, sheets), unit=HOUSEHOLD_ID)
        for unit in tally(probing, answers, today=self._today).units:
            yield int(unit.unit or 0), {name: found.true >= found.n for name, found in unit.indicators.items()}


def _answer(row: Family | Member, name: str) -> Answer:
    value = row.answers.get(name)
    return row.private.get(name) if value is None else value


def _sheet_of(rules: Mapping[str, "Rule"], listed: Mapping[str, list[Answer]], index: int) -> dict[str, object]:
    """Answers to all rules at once, the index-th of each; those of a repeat in its first row."""
    sheet: dict[str, object] = {}
    inside: dict[str, dict[str, Answer]] = {}
    for name, rule in rules.items():
        if index >= len(listed[name]):
            continue
        if rule.field.repeat is None:
            sheet[rule.field.name] = listed[name][index]
        else:
            inside.setdefault(rule.field.repeat, {})[rule.field.name] = listed[name][index]
    return {**sheet, **{repeat: [row] for repeat, row in inside.items()}}


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
