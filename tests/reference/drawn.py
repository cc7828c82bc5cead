"""A workbook and its answers as plain data, before they become sheets and tables."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Literal

from selaras.scoring.expressions.tree import Node

HOUSEHOLD = "household"

FieldKind = Literal["integer", "decimal", "text", "date", "choice", "choices"]
#: What a cell of the answers may hold. Text, choices and sets are strings, right or wrong.
Raw = None | int | Fraction | str | date
Row = Mapping[str, Raw]


@dataclass(frozen=True)
class Question:
    """One question of the survey."""

    name: str
    kind: FieldKind
    options: tuple[str, ...] = ()
    relevant: Node | None = None


@dataclass(frozen=True)
class Group:
    """A group, or a repeat, with what stands in it."""

    name: str
    items: "tuple[Question | Group, ...]"
    relevant: Node | None = None
    is_repeat: bool = False


@dataclass(frozen=True)
class Placed:
    """A question with the repeat that holds it and every condition around it."""

    question: Question
    over: str
    relevants: tuple[Node, ...]


@dataclass(frozen=True)
class Calculation:
    """A row of `calculations`."""

    name: str
    over: str
    tree: Node


@dataclass(frozen=True)
class Band:
    """A row of `bands`; None is an open end."""

    low: Fraction | None
    high: Fraction | None
    points: Fraction


@dataclass(frozen=True)
class Indicator:
    """A row of `indicators` with its rows of `bands` and `options`."""

    name: str
    aspect: str
    weight: Fraction
    origin: str
    rule: str
    over: str = HOUSEHOLD
    applies_to: Node | None = None
    tree: Node | None = None
    aggregate: str = "share"
    low: Fraction | None = None
    high: Fraction | None = None
    missing: str = "exclude"
    min_n: int | None = None
    bands: tuple[Band, ...] = ()
    options: Mapping[str, Fraction] = field(default_factory=dict)


@dataclass(frozen=True)
class Aspect:
    """A row of `aspects`."""

    name: str
    parent: str | None
    weight: Fraction


@dataclass(frozen=True)
class Workbook:
    """A whole instrument."""

    scale: Fraction
    survey: tuple[Question | Group, ...]
    calculations: tuple[Calculation, ...]
    classes: Mapping[str, Node]
    aspects: tuple[Aspect, ...]
    indicators: tuple[Indicator, ...]

    def placed(self) -> dict[str, Placed]:
        """Every question by name, in the order of the survey."""
        return {each.question.name: each for item in self.survey for each in _placed(item, HOUSEHOLD, ())}

    def repeats(self) -> tuple[str, ...]:
        """The names of the repeats."""
        return tuple(name for item in self.survey for name in _repeats(item))


@dataclass(frozen=True)
class Fact:
    """A value or an option that someone gave to a unit."""

    unit: str | None
    indicator: str
    value: Fraction | None = None
    option: str | None = None


@dataclass(frozen=True)
class Household:
    """One household: its unit, its answers, and its rows of each repeat."""

    unit: str | None
    answers: Row
    rows: Mapping[str, tuple[Row, ...]]


@dataclass(frozen=True)
class Case:
    """Everything that one card is made of. `today` is the closing date of the round."""

    workbook: Workbook
    households: tuple[Household, ...]
    facts: tuple[Fact, ...]
    today: date
    by_unit: bool = True


def _placed(item: Question | Group, over: str, relevants: tuple[Node, ...]) -> Iterator[Placed]:
    around = (*relevants, item.relevant) if item.relevant is not None else relevants
    if isinstance(item, Question):
        yield Placed(item, over, around)
        return
    for part in item.items:
        yield from _placed(part, item.name if item.is_repeat else over, around)


def _repeats(item: Question | Group) -> Iterator[str]:
    if isinstance(item, Group):
        if item.is_repeat:
            yield item.name
        for part in item.items:
            yield from _repeats(part)
