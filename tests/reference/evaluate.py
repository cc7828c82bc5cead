"""The value of an expression for one household or one row: true, false, a number, a text, a date, or unknown.

Eager on purpose: every part is evaluated, so that an overflow in a part that does not matter is seen too
(`Home.overflow_seen`), apart from one that the result rests on (`Result.overflow`).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from math import trunc
from typing import Any

from selaras.scoring.expressions.tree import (
    Binary,
    Blank,
    Boolean,
    Call,
    Day,
    Name,
    Negative,
    Node,
    NotApplicable,
    Number,
    RepeatCall,
    Text,
    Today,
)
from tests.reference import phone
from tests.reference.drawn import HOUSEHOLD, Calculation, Household, Placed, Question, Raw, Row, Workbook
from tests.reference.numbers import BINARY, LIMIT, OVERFLOW, PLACES, held, power, rounded

EPOCH = date(1970, 1, 1)


@dataclass(frozen=True)
class Result:
    """`value` is None where unknown; `na` says that it is unknown because na() was chosen."""

    value: Any = None
    na: bool = False
    overflow: bool = False


UNKNOWN = Result()
OVERFLOWED = Result(overflow=True)


def clean(question: Question, raw: Raw) -> Any:
    """An answer as the language sees it; None for a blank and for an answer that its list does not have."""
    if raw is None or not isinstance(raw, str):
        return Fraction(raw) if isinstance(raw, int | Fraction) else raw
    text = raw.strip(" ")
    if question.kind == "choice":
        return text if text in question.options else None
    if question.kind == "choices":
        names = frozenset(text.split())
        return names if names and names <= frozenset(question.options) else None
    return text or None


@dataclass
class Home:
    """One household under evaluation: clean answers, what was rightly skipped, and the calculations so far."""

    workbook: Workbook
    household: Household
    today: date
    overflow_seen: bool = False
    placed: dict[str, Placed] = field(init=False)
    calculations: dict[str, Calculation] = field(init=False)
    known: dict[tuple[str, int | None], Result] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.placed = self.workbook.placed()
        self.calculations = {each.name: each for each in self.workbook.calculations}

    # --- answers --------------------------------------------------------------------------------------------
    def row_of(self, over: str, row: int | None) -> Row:
        return self.household.answers if over == HOUSEHOLD else self.household.rows[over][row or 0]

    def answer(self, name: str, row: int | None) -> Any:
        placed = self.placed[name]
        return clean(placed.question, self.row_of(placed.over, row).get(name))

    def skipped(self, name: str, row: int | None) -> bool:
        """Whether a condition around the question is false as the phone sees it."""
        answers = {other: self.answer(other, row) for other in self.placed if self.in_view(other, name)}
        kinds = {other: self.placed[other].question.kind for other in answers}
        return any(not phone.truth(tree, answers, kinds, self.today) for tree in self.placed[name].relevants)

    def in_view(self, other: str, name: str) -> bool:
        return self.placed[other].over in (HOUSEHOLD, self.placed[name].over)

    def missing(self, name: str, row: int | None) -> bool:
        """Whether an answer is blank and should not be."""
        return self.answer(name, row) is None and not self.skipped(name, row)

    # --- what an expression rests on ------------------------------------------------------------------------
    def uses(self, node: Node) -> frozenset[tuple[str, str]]:
        """Every question that `node` names, through calculations too, with where: household, row, any row."""
        found: set[tuple[str, str]] = set()
        for part, inside in _names(node, False):
            if part in self.placed:
                over = self.placed[part].over
                below = {(part, "household" if over == HOUSEHOLD else "row")}
            else:
                below = set(self.uses(self.calculations[part].tree))
            found |= {(name, "any" if inside and where == "row" else where) for name, where in below}
        return frozenset(found)

    def not_applicable(self, node: Node, result: Result, row: int | None) -> bool:
        """Whether an unknown result is so because the question does not arise."""
        if result.value is not None or result.overflow:
            return False
        return result.na or not any(self.lacks(name, where, row) for name, where in self.uses(node))

    def lacks(self, name: str, where: str, row: int | None) -> bool:
        if where == "any":
            return any(self.missing(name, each) for each in range(len(self.household.rows[self.placed[name].over])))
        return self.missing(name, row if where == "row" else None)

    # --- values ---------------------------------------------------------------------------------------------
    def evaluate(self, node: Node, row: int | None) -> Result:
        """The value of `node`; `row` is the row of the repeat in view, None for the household."""
        match node:
            case Number(value):
                return Result(Fraction(value))
            case Text(value) | Boolean(value) | Day(value):
                return Result(value)
            case Today():
                return Result(self.today)
            case Blank():
                return UNKNOWN
            case NotApplicable():
                return Result(na=True)
            case Name(name):
                return self.named(name, row)
            case Negative(operand):
                found = self.evaluate(operand, row)
                return Result(-found.value) if found.value is not None else Result(overflow=found.overflow)
            case Binary("and" | "or" as operator, left, right):
                return logic(operator, [self.evaluate(left, row), self.evaluate(right, row)])
            case Binary(operator, left, right):
                return self.strict(_binary(operator), [self.evaluate(left, row), self.evaluate(right, row)])
            case Call():
                return self.call(node, row)
            case RepeatCall():
                return self.repeat_call(node)
        raise AssertionError(node)

    def named(self, name: str, row: int | None) -> Result:
        if name in self.placed:
            return Result(self.answer(name, row))
        calculation = self.calculations[name]
        at = None if calculation.over == HOUSEHOLD else row
        if (name, at) not in self.known:
            self.known[name, at] = self.evaluate(calculation.tree, at)
        return self.known[name, at]

    def strict(self, function: Any, parts: list[Result]) -> Result:
        """A function of known values: unknown where one of them is unknown."""
        if any(part.value is None and not part.overflow for part in parts):
            return UNKNOWN
        if any(part.overflow for part in parts):
            return OVERFLOWED
        return self.seen(function(*(part.value for part in parts)))

    def seen(self, outcome: Any) -> Result:
        if outcome is OVERFLOW:
            self.overflow_seen = True
            return OVERFLOWED
        return Result(outcome)

    def call(self, node: Call, row: int | None) -> Result:
        parts = [self.evaluate(argument, row) for argument in node.arguments]
        match node.function:
            case "if":
                condition, yes, no = parts
                if condition.value is None:
                    return Result(overflow=condition.overflow)
                return yes if condition.value else no
            case "coalesce":
                return parts[1] if parts[0].value is None and not parts[0].overflow else parts[0]
            case "if-na":
                return parts[1] if self.not_applicable(node.arguments[0], parts[0], row) else parts[0]
            case "share-true":
                return self.share_true(node, parts, row)
        return self.strict(FUNCTIONS[node.function], parts)

    def share_true(self, node: Call, parts: list[Result], row: int | None) -> Result:
        pairs = zip(node.arguments, parts, strict=True)
        left = [part for argument, part in pairs if not self.not_applicable(argument, part, row)]
        if not left:
            return Result(na=True)
        return self.strict(lambda *known: rounded(Fraction(sum(known), len(known)), PLACES), left)

    def repeat_call(self, node: RepeatCall) -> Result:
        counted: list[int] = []
        tests: list[Result] = []
        for row in range(len(self.household.rows[node.repeat])):
            test = Result(True) if node.predicate is None else self.evaluate(node.predicate, row)
            tests.append(test)
            if test.value:
                counted.append(row)
        values = {}
        if node.value is not None:
            rows = range(len(tests))
            values = {row: self.evaluate(node.value, row) for row in rows}
        if node.function == "any":
            return logic("or", tests)
        if any(test.overflow for test in tests):
            return OVERFLOWED
        if node.function == "count":
            return Result(Fraction(len(counted)))
        chosen = [values[row] for row in counted]
        return logic("and", chosen) if node.function == "all" else self.strict(self.over_rows(node.function), chosen)

    def over_rows(self, function: str) -> Any:
        def total(*numbers: Fraction) -> Any:
            whole = sum(numbers, Fraction(0))
            if function == "sum":
                return held(whole)
            # The mean fits where its sum does not: an engine may stop at the sum, and may not.
            self.overflow_seen |= abs(whole) >= LIMIT
            return rounded(whole / len(numbers), PLACES) if numbers else None

        return {
            "sum": total,
            "mean": total,
            "min": lambda *numbers: min(numbers, default=None),
            "max": lambda *numbers: max(numbers, default=None),
        }[function]


def logic(operator: str, parts: list[Result]) -> Result:
    """`and` and `or` in three values: one false part decides an `and`, whatever the rest is."""
    decides = operator == "or"
    if any(part.value is decides for part in parts):
        return Result(decides)
    if any(part.value is None and not part.overflow for part in parts):
        return UNKNOWN
    return OVERFLOWED if any(part.overflow for part in parts) else Result(not decides)


def _binary(operator: str) -> Any:
    comparisons: Mapping[str, Any] = {
        "=": lambda a, b: a == b,
        "!=": lambda a, b: a != b,
        "<": lambda a, b: a < b,
        "<=": lambda a, b: a <= b,
        ">": lambda a, b: a > b,
        ">=": lambda a, b: a >= b,
    }
    if operator in comparisons:
        return comparisons[operator]
    if operator == "-":
        return lambda a, b: Fraction((a - b).days) if isinstance(a, date) else held(a - b)
    return BINARY[operator]


FUNCTIONS: Mapping[str, Any] = {
    "not": lambda a: not a,
    "selected": lambda answer, name: name in answer if isinstance(answer, frozenset) else name == answer,
    "count-selected": lambda answer: Fraction(len(answer)),
    "string-length": lambda text: Fraction(len(text)),
    "round": lambda x, places: held(rounded(x, int(places))),
    "int": lambda x: Fraction(trunc(x)),
    "abs": abs,
    "min": lambda *numbers: min(numbers),
    "max": lambda *numbers: max(numbers),
    "pow": lambda x, exponent: power(x, int(exponent)),
    "decimal-date-time": lambda day: Fraction((day - EPOCH).days),
}


def _names(node: Node, inside: bool) -> Iterator[tuple[str, bool]]:
    """Each `${name}` in `node`, and whether it stands inside a repeat function."""
    match node:
        case Name(name):
            yield name, inside
        case Negative(operand):
            yield from _names(operand, inside)
        case Binary(_, left, right):
            yield from _names(left, inside)
            yield from _names(right, inside)
        case Call(_, arguments):
            for argument in arguments:
                yield from _names(argument, inside)
        case RepeatCall(_, _, predicate, value):
            for part in (predicate, value):
                if part is not None:
                    yield from _names(part, True)
