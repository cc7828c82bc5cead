"""A `relevant` as the phone sees it: XPath 1.0, two values, a blank is the text '' or the number NaN."""

from collections.abc import Mapping
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
    Number,
    Text,
    Today,
)
from tests.reference.numbers import BINARY, rounded


class NotANumber:
    """XPath's NaN: equal to nothing, not even itself."""


NAN = NotANumber()


def truth(tree: Node, answers: Mapping[str, Any], kinds: Mapping[str, str], today: date) -> bool:
    """Whether the phone asks, given clean answers (None is blank) and the kinds of the questions."""
    return Phone(answers, kinds, today).boolean(tree)


class Phone:
    """One evaluation on one phone."""

    def __init__(self, answers: Mapping[str, Any], kinds: Mapping[str, str], today: date) -> None:
        self.answers = answers
        self.kinds = kinds
        self.today = today

    def boolean(self, node: Node) -> bool:
        value = self.value(node)
        assert isinstance(value, bool), node
        return value

    def value(self, node: Node) -> Any:
        match node:
            case Number(value):
                return Fraction(value)
            case Text(value) | Boolean(value) | Day(value):
                return value
            case Today():
                return self.today
            case Blank():
                return ""
            case Name(name):
                return self.field(name)
            case Negative(operand):
                return self.number(lambda a: -a, operand)
            case Binary("and", left, right):
                return self.boolean(left) and self.boolean(right)
            case Binary("or", left, right):
                return self.boolean(left) or self.boolean(right)
            case Binary("+" | "-" | "*" | "div" | "mod" as operator, left, right):
                return self.number(lambda a, b: minus(a, b) if operator == "-" else BINARY[operator](a, b), left, right)
            case Binary(operator, left, right):
                return compare(operator, self.value(left), self.value(right))
            case Call():
                return self.call(node)
        raise AssertionError(node)

    def field(self, name: str) -> Any:
        answer = self.answers[name]
        if answer is None:
            return NAN if self.kinds[name] in ("integer", "decimal", "date") else ""
        return answer

    def number(self, function: Any, *nodes: Node) -> Any:
        values = [self.value(node) for node in nodes]
        return NAN if any(value is NAN or value == "" for value in values) else function(*values)

    def call(self, node: Call) -> Any:
        first, *rest = node.arguments
        match node.function:
            case "not":
                return not self.boolean(first)
            case "if":
                return self.value(rest[0] if self.boolean(first) else rest[1])
            case "coalesce":
                value = self.value(first)
                return self.value(rest[0]) if value is NAN or value == "" else value
            case "selected":
                answer, name = self.value(first), self.value(rest[0])
                return name in answer if isinstance(answer, frozenset) else name == answer
            case "count-selected" | "string-length":
                return Fraction(len(self.value(first)))
            case "round":
                return self.number(lambda x, places: rounded(x, int(places)), *node.arguments)
            case "int":
                return self.number(lambda x: Fraction(trunc(x)), first)
            case "abs" | "min" | "max":
                return self.number({"abs": abs, "min": min, "max": max}[node.function], *node.arguments)
        raise AssertionError(node)


def minus(a: Any, b: Any) -> Any:
    return Fraction((a - b).days) if isinstance(a, date) else a - b


def compare(operator: str, a: Any, b: Any) -> bool:
    """A comparison; with '' on one side it asks whether the other is blank."""
    if a == "" or b == "":
        blank = all(side is NAN or side == "" for side in (a, b))
        return {"=": blank, "!=": not blank}.get(operator, False)
    if a is NAN or b is NAN:
        return operator == "!="
    return {
        "=": lambda: a == b,
        "!=": lambda: a != b,
        "<": lambda: a < b,
        "<=": lambda: a <= b,
        ">": lambda: a > b,
        ">=": lambda: a >= b,
    }[operator]()
