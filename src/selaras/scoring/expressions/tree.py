"""The tree of an expression: what the parser makes, and what the type checker, the compiler and the words read.

The language is the part of XPath that XLSForm authors already write (docs/workbook.md, "Ungkapan").
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

Operator = Literal["and", "or", "=", "!=", "<", "<=", ">", ">=", "+", "-", "*", "div", "mod"]

#: Scalar functions by the name that authors write -> (fewest, most) arguments; None is any number.
FUNCTIONS: dict[str, tuple[int, int | None]] = {
    "not": (1, 1),
    "if": (3, 3),
    "coalesce": (2, 2),
    "if-na": (2, 2),
    "selected": (2, 2),
    "count-selected": (1, 1),
    "string-length": (1, 1),
    "round": (2, 2),
    "int": (1, 1),
    "abs": (1, 1),
    "min": (1, None),
    "max": (1, None),
    "pow": (2, 2),
    "decimal-date-time": (1, 1),
    "share-true": (1, None),
    "regex": (2, 2),  # in `constraint` only
}

RepeatFunction = Literal["count", "sum", "mean", "min", "max", "any", "all"]


@dataclass(frozen=True, slots=True)
class Number:
    """`3`, `0.25`."""

    value: Decimal


@dataclass(frozen=True, slots=True)
class Text:
    """`'leher_angsa'`; never empty: `''` is Blank."""

    value: str


@dataclass(frozen=True, slots=True)
class Boolean:
    """`true()`, `false()`."""

    value: bool


@dataclass(frozen=True, slots=True)
class Day:
    """`date('2024-01-31')`."""

    value: date


@dataclass(frozen=True, slots=True)
class Today:
    """`today()`: the round's closing date, never the wall clock."""


@dataclass(frozen=True, slots=True)
class Blank:
    """`''`: unknown, of any type."""


@dataclass(frozen=True, slots=True)
class NotApplicable:
    """`na()`: unknown because the question does not arise."""


@dataclass(frozen=True, slots=True)
class Self:
    """`.`: the field itself, in `constraint` only."""


@dataclass(frozen=True, slots=True)
class Name:
    """`${field}`: a field or a calculation, of the household or of the repeat in scope."""

    name: str


@dataclass(frozen=True, slots=True)
class Negative:
    """`-x`."""

    operand: "Node"


@dataclass(frozen=True, slots=True)
class Binary:
    """Two operands: logic, comparison or arithmetic."""

    operator: Operator
    left: "Node"
    right: "Node"


@dataclass(frozen=True, slots=True)
class Call:
    """A scalar function of FUNCTIONS."""

    function: str
    arguments: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class RepeatCall:
    """`count(member[p])`, `sum(member[p], x)`, `all(member[p1], p2)` …

    `predicate` is None where there are no brackets; `value` is x (or p2 of `all`), None for `count` and `any`.
    """

    function: RepeatFunction
    repeat: str
    predicate: "Node | None"
    value: "Node | None"


Node = (
    Number | Text | Boolean | Day | Today | Blank | NotApplicable | Self | Name | Negative | Binary | Call | RepeatCall
)
