"""One condition on the answers of one family, as a phone judges it while she is asked: XPath 1.0, two values.

A blank is the text '' or the number NaN: it is smaller than nothing, and equal to another blank alone. Statistics are
SQL (`scoring.sql`, which reads a `relevant` in the same way); this is for who types a form and waits for an answer.
"""

import operator
import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, DivisionByZero, InvalidOperation

from selaras.scoring.expressions.findings import ExpressionError
from selaras.scoring.expressions.parser import parse
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
    Self,
    Text,
    Today,
)

#: An answer as it is compared; '' is the blank of every kind, a set the choices of a `select_multiple`.
Value = Decimal | date | str | bool | frozenset[str]

_ORDER: Mapping[str, Callable[..., bool]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
#: What no engine of ours can match as the phone does: looking ahead or behind, and going back.
_UNUSUAL = re.compile(r"\(\?[=!<]|\\[1-9]")


class UnknownError(Exception):
    """The condition uses something that is not judged here; whoever asks leaves it to the phone."""


def holds(text: str, answers: Mapping[str, Value], *, today: date, own: Value = "") -> bool | None:
    """Whether the condition `text` holds; None where it is outside of our language or names what is not in `answers`.

    `own` is the answer that `.` means, `today` what `today()` does.
    """
    try:
        return _Phone(answers, today, own).boolean(parse(text))
    except (ExpressionError, UnknownError, TypeError, InvalidOperation, OverflowError, re.error):
        return None


class _Phone:
    def __init__(self, answers: Mapping[str, Value], today: date, own: Value) -> None:
        self._answers, self._today, self._own = answers, today, own

    def boolean(self, node: Node) -> bool:
        """A text is true where it is not empty, a number where it is not 0."""
        return bool(self.value(node))

    def value(self, node: Node) -> Value:
        """What `node` comes to. Raises UnknownError."""
        match node:
            case Number(value) | Text(value) | Boolean(value) | Day(value):
                return value
            case Today():
                return self._today
            case Blank() | NotApplicable():
                return ""
            case Self():
                return self._own
            case Name(name) if name in self._answers:
                return self._answers[name]
            case Negative(operand):
                return self._number(operator.neg, operand)
            case Binary("and", left, right):
                return self.boolean(left) and self.boolean(right)
            case Binary("or", left, right):
                return self.boolean(left) or self.boolean(right)
            case Binary("+" | "-" | "*" | "div" | "mod" as sign, left, right):
                return self._number(_ARITHMETIC[sign], left, right)
            case Binary(sign, left, right):
                return _compared(sign, self.value(left), self.value(right))
            case Call(function, arguments):
                return self._call(function, arguments)
        raise UnknownError

    def _number(self, function: Callable[..., Value], *nodes: Node) -> Value:
        values = [self.value(node) for node in nodes]
        if any(value == "" for value in values):
            return ""
        try:
            return function(*(_as_number(value) for value in values))
        except DivisionByZero:
            return ""

    def _call(self, function: str, arguments: tuple[Node, ...]) -> Value:
        first, *rest = arguments
        match function:
            case "not":
                return not self.boolean(first)
            case "if":
                return self.value(rest[0] if self.boolean(first) else rest[1])
            case "coalesce" | "if-na":
                value = self.value(first)
                return self.value(rest[0]) if value == "" else value
            case "selected":
                value, wanted = self.value(first), self.value(rest[0])
                return wanted in value if isinstance(value, frozenset) else value == wanted
            case "count-selected":
                value = self.value(first)
                return Decimal(len(value) if isinstance(value, frozenset) else int(value != ""))
            case "string-length":
                return Decimal(len(_as_text(self.value(first))))
            case "regex":
                pattern = _as_text(self.value(rest[0]))
                if _UNUSUAL.search(pattern):
                    raise UnknownError
                return re.fullmatch(pattern, _as_text(self.value(first))) is not None
        if function in _NUMBERS:
            return self._number(_NUMBERS[function], *arguments)
        raise UnknownError


def _compared(sign: str, left: Value, right: Value) -> bool:
    if left == "" or right == "":
        both = left == right
        return {"=": both, "!=": not both}.get(sign, False)
    if isinstance(left, Decimal) != isinstance(right, Decimal) or sign not in {"=", "!="}:
        left, right = _as_number(left), _as_number(right)
    return _ORDER[sign](left, right)


def _as_number(value: Value) -> Decimal | date:
    """A text that holds a number or a day is one; XPath's NaN is not judged here."""
    if isinstance(value, bool):
        return Decimal(int(value))
    if isinstance(value, Decimal | date):
        return value
    try:
        return Decimal(_as_text(value))
    except InvalidOperation:
        raise UnknownError from None


def _as_text(value: Value) -> str:
    if isinstance(value, frozenset):
        return " ".join(sorted(value))
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def _minus(left: Decimal | date, right: Decimal | date) -> Decimal:
    if isinstance(left, date) and isinstance(right, date):
        return Decimal((left - right).days)
    if isinstance(left, date) or isinstance(right, date):
        raise UnknownError
    return left - right


def _rounded(value: Decimal, places: Decimal) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-int(places)), ROUND_HALF_UP)


_ARITHMETIC: Mapping[str, Callable[..., Value]] = {
    "+": operator.add,
    "-": _minus,
    "*": operator.mul,
    "div": operator.truediv,
    "mod": operator.mod,
}
_NUMBERS: Mapping[str, Callable[..., Value]] = {
    "round": _rounded,
    "int": lambda value: Decimal(int(value)),
    "abs": abs,
    "min": min,
    "max": max,
    "pow": operator.pow,
}
