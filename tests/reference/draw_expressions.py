"""Random expressions whose types are right: strategies by kind, over the names that are in view."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, Protocol

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
from tests.reference.drawn import HOUSEHOLD


class Chooser(Protocol):
    """Where every decision comes from: hypothesis, which shrinks, or a seeded generator, which is bolder."""

    def pick(self, options: Sequence[Any]) -> Any: ...

    def between(self, low: int, high: int) -> int: ...


TAME = ("0", "1", "2", "3", "7", "10", "0.5", "1.5", "0.1", "0.333333333333", "12.25")
#: What lies at the edge of the decimals: the largest, the smallest, and what multiplies to a half at place 12.
WILD = (
    "9999999999999",
    "9999999999999.999999999999",
    "5000000000000",
    "3162277.660168",
    "1000000",
    "0.000000000001",
    "0.000001",
    "0.0000005",
    "0.0000015",
    "1.000000000001",
)
DAYS = tuple(date.fromisoformat(day) for day in ("1969-12-31", "2000-02-29", "2023-12-31", "2024-01-01", "2024-06-30"))
TEXTS = ("a", "b", "Ya", "O'Brien", 'kata "ini"', "à la 𝄞", "dua kata", "100%", "\\n")


@dataclass(frozen=True)
class Seen:
    """A name in view: its kind, where it lives, and its options."""

    name: str
    kind: str
    over: str = HOUSEHOLD
    options: tuple[str, ...] = ()


@dataclass(frozen=True)
class View:
    """What an expression may use. `over` is HOUSEHOLD or the repeat whose rows it is about."""

    names: tuple[Seen, ...]
    repeats: tuple[str, ...] = ()
    over: str = HOUSEHOLD
    wild: bool = False

    def of(self, kind: str) -> list[Seen]:
        """The names of a kind, in view here."""
        return [seen for seen in self.names if seen.kind == kind and seen.over in (HOUSEHOLD, self.over)]

    def inside(self, repeat: str) -> "View":
        return replace(self, over=repeat)


class Author:
    """Writes expressions for one view, choosing at each turn."""

    def __init__(self, choose: Chooser, view: View) -> None:
        self.choose = choose
        self.pick = choose.pick
        self.view = view

    def expression(self, kind: str, depth: int, options: tuple[str, ...] = ()) -> Node:
        """An expression of `kind`, at most so deep."""
        if kind == "choice":
            return self.choice(options, depth)
        ways = {"boolean": self.booleans, "number": self.numbers, "text": self.texts, "date": self.dates}[kind](depth)
        node: Node = self.pick(ways)(depth - 1)
        return node

    def boolean(self, depth: int) -> Node:
        return self.expression("boolean", depth)

    def number(self, depth: int) -> Node:
        return self.expression("number", depth)

    # --- what any kind can be -------------------------------------------------------------------------------
    def either(self, kind: str) -> list[Callable[[int], Node]]:
        """`if`, `coalesce`, `if-na`; now and then one of their results is na() or ''."""

        def part(depth: int) -> Node:
            special: Node | None = self.pick((None,) * 8 + (NotApplicable(),) * 2 + (Blank(),))
            return special or self.expression(kind, depth)

        return [
            lambda depth: Call("if", (self.boolean(depth), part(depth), part(depth))),
            lambda depth: Call("coalesce", (part(depth), part(depth))),
            lambda depth: Call("if-na", (part(depth), part(depth))),
        ]

    def named(self, kind: str) -> list[Callable[[int], Node]]:
        return [lambda _: Name(self.pick(self.view.of(kind)).name)] if self.view.of(kind) else []

    # --- booleans -------------------------------------------------------------------------------------------
    def booleans(self, depth: int) -> list[Callable[[int], Node]]:
        choices, sets = self.view.of("choice"), self.view.of("choices")
        ways = [self.compare_numbers, *self.named("boolean")]
        ways += [self.compare_choice, self.selected] if choices else []
        ways += [self.selected, self.selected] if sets else []
        ways += [self.compare_texts] if self.view.of("text") else []
        ways += [self.compare_dates] if self.view.of("date") else []
        if depth <= 0:
            return [*ways, *ways, lambda _: Boolean(self.pick((True, False)))]
        ways += [self.logic, self.logic, self.logic, self.negation, *self.either("boolean"), self.compare_booleans]
        return ways + ([self.any_row, self.all_rows] if self.repeats() else [])

    def logic(self, depth: int) -> Node:
        return Binary(self.pick(("and", "or")), self.boolean(depth), self.boolean(depth))

    def negation(self, depth: int) -> Node:
        return Call("not", (self.boolean(depth),))

    def compare_numbers(self, depth: int) -> Node:
        operator = self.pick(("=", "!=", "<", "<=", ">", ">="))
        return Binary(operator, self.number(depth), self.number(min(depth, 0)))

    def compare_booleans(self, depth: int) -> Node:
        return Binary(self.pick(("=", "!=")), self.boolean(depth), self.boolean(0))

    def compare_choice(self, depth: int) -> Node:
        seen = self.pick(self.view.of("choice"))
        same = [other for other in self.view.of("choice") if other.options == seen.options]
        other = Name(self.pick(same).name) if self.pick((True, False, False)) else Text(self.pick(seen.options))
        left = self.choice(seen.options, depth)
        return Binary(self.pick(("=", "!=")), *((left, other) if self.pick((True, True, False)) else (other, left)))

    def compare_texts(self, depth: int) -> Node:
        if self.view.of("choice") and self.pick((True, False, False)):
            sides = [Name(self.pick(self.view.of(kind)).name) for kind in ("text", "choice")]
            return Binary(self.pick(("=", "!=")), *sides)
        return Binary(self.pick(("=", "!=")), self.expression("text", depth), self.expression("text", 0))

    def compare_dates(self, depth: int) -> Node:
        operator = self.pick(("=", "!=", "<", "<=", ">", ">="))
        return Binary(operator, self.expression("date", depth), self.expression("date", 0))

    def selected(self, _: int) -> Node:
        seen = self.pick(self.view.of("choices") + self.view.of("choice"))
        same = [other for other in self.view.of("choice") if other.options == seen.options]
        # The name that is looked for is written out, or another question's answer.
        wanted = Name(self.pick(same).name) if same and self.pick((True, False, False)) else None
        return Call("selected", (Name(seen.name), wanted or Text(self.pick(seen.options))))

    # --- numbers --------------------------------------------------------------------------------------------
    def literal(self, _: int) -> Node:
        return Number(Decimal(self.pick(TAME + WILD * 4 if self.view.wild else TAME)))

    def numbers(self, depth: int) -> list[Callable[[int], Node]]:
        leaves = [self.literal, *self.named("number") * 3]
        leaves += [self.count_selected] if self.view.of("choices") else []
        leaves += [self.string_length] if self.view.of("text") else []
        leaves += [self.days, self.days_since] if self.view.of("date") else []
        if depth <= 0:
            return leaves
        ways = [*leaves, *[self.arithmetic] * (20 if self.view.wild else 5), *self.either("number")]
        ways += [self.function, self.function, self.least, self.share_true, lambda below: Negative(self.number(below))]
        return ways + ([self.count_rows, *[self.over_rows] * 3] if self.repeats() else [])

    def arithmetic(self, depth: int) -> Node:
        return Binary(self.pick(("+", "-", "*", "div", "mod")), self.number(depth), self.number(depth))

    def function(self, depth: int) -> Node:
        name = self.pick(("round", "int", "abs", "pow"))
        inner = self.number(depth)
        if name in ("int", "abs"):
            return Call(name, (inner,))
        return Call(
            name, (inner, Number(Decimal(self.pick((0, 1, 2, 6, 11, 12) if name == "round" else (0, 1, 2, 3, 4)))))
        )

    def least(self, depth: int) -> Node:
        count = self.pick((1, 2, 3))
        return Call(self.pick(("min", "max")), tuple(self.number(depth) for _ in range(count)))

    def share_true(self, depth: int) -> Node:
        count = self.pick((1, 2, 3, 3))
        special = (NotApplicable(),) if self.pick((False, False, False, True)) else ()
        return Call("share-true", (*special, *(self.boolean(min(depth, 1)) for _ in range(count))))

    def count_selected(self, _: int) -> Node:
        return Call("count-selected", (Name(self.pick(self.view.of("choices")).name),))

    def string_length(self, _: int) -> Node:
        return Call("string-length", (self.expression("text", 0),))

    def days(self, _: int) -> Node:
        return Binary("-", self.expression("date", 0), self.expression("date", 0))

    def days_since(self, _: int) -> Node:
        return Call("decimal-date-time", (self.expression("date", 0),))

    # --- text, dates, choices -------------------------------------------------------------------------------
    def texts(self, depth: int) -> list[Callable[[int], Node]]:
        ways = [lambda _: Text(self.pick(TEXTS)), *self.named("text") * 3]
        return ways + self.either("text") if depth > 0 else ways

    def dates(self, depth: int) -> list[Callable[[int], Node]]:
        ways = [lambda _: Day(self.pick(DAYS)), lambda _: Today(), *self.named("date") * 3]
        return ways + self.either("date") if depth > 0 else ways

    def choice(self, options: tuple[str, ...], depth: int) -> Node:
        """A field of the list, or one of two."""
        names = [seen for seen in self.view.of("choice") if seen.options == options]
        first = Name(self.pick(names).name)
        if depth <= 0 or self.pick((True, True, True, False)):
            return first
        other: Node = self.pick((Name(self.pick(names).name), Text(self.pick(options)), NotApplicable()))
        if self.pick((True, False)):
            return Call("coalesce", (first, other))
        return Call("if", (self.boolean(depth - 1), first, other))

    # --- repeats --------------------------------------------------------------------------------------------
    def repeats(self) -> tuple[str, ...]:
        return self.view.repeats if self.view.over == HOUSEHOLD else ()

    def rows(self, depth: int) -> tuple[str, Node | None, "Author"]:
        repeat = self.pick(self.view.repeats)
        inside = Author(self.choose, self.view.inside(repeat))
        return repeat, inside.boolean(min(depth, 1)) if self.pick((True, True, False)) else None, inside

    def count_rows(self, depth: int) -> Node:
        repeat, predicate, _ = self.rows(depth)
        return RepeatCall("count", repeat, predicate, None)

    def over_rows(self, depth: int) -> Node:
        repeat, predicate, inside = self.rows(depth)
        return RepeatCall(self.pick(("sum", "mean", "min", "max")), repeat, predicate, inside.number(min(depth, 1)))

    def any_row(self, depth: int) -> Node:
        repeat, _, inside = self.rows(depth)
        return RepeatCall("any", repeat, inside.boolean(min(depth, 1)), None)

    def all_rows(self, depth: int) -> Node:
        repeat, predicate, inside = self.rows(depth)
        return RepeatCall("all", repeat, predicate, inside.boolean(min(depth, 1)))


class Skipper(Author):
    """Writes a `relevant`: what a phone understands too, over questions alone."""

    def booleans(self, depth: int) -> list[Callable[[int], Node]]:
        ways = [self.is_blank, self.is_blank] if self.view.names else []
        ways += [self.compare_choice] * 2 if self.view.of("choice") else []
        ways += [self.selected] * 2 if self.view.of("choices") + self.view.of("choice") else []
        ways += [self.compare_numbers] * 3 if self.view.of("number") else []
        ways += [self.compare_dates] if self.view.of("date") else []
        ways += [self.compare_texts] if self.view.of("text") else []
        ways = ways or [lambda _: Boolean(self.pick((True, False)))]
        return ways if depth <= 0 else [*ways, self.logic, self.logic, self.negation]

    def is_blank(self, _: int) -> Node:
        seen = self.pick([seen for seen in self.view.names if seen.over in (HOUSEHOLD, self.view.over)])
        return Binary(self.pick(("=", "!=")), Name(seen.name), Blank())

    def compare_numbers(self, depth: int) -> Node:
        operator = self.pick(("=", "!=", "<", "<=", ">", ">="))
        left: Node = Name(self.pick(self.view.of("number")).name)
        if depth > 0 and self.pick((False, False, True)):
            left = Binary(self.pick(("+", "-")), left, Number(Decimal(self.pick(TAME))))
        if depth > 0 and self.view.of("choices") and self.pick((False, False, True)):
            left = self.count_selected(depth)
        if depth > 0 and self.pick((False, False, True)):
            left = Call(self.pick(("coalesce", "max")), (left, Number(Decimal(self.pick(TAME)))))
        other = Name(self.pick(self.view.of("number")).name) if self.pick((True, False, False, False)) else None
        return Binary(operator, left, other or Number(Decimal(self.pick(TAME))))

    def compare_dates(self, _: int) -> Node:
        operator = self.pick(("=", "!=", "<", "<=", ">", ">="))
        other = self.pick((Today(), Day(DAYS[3]), Name(self.pick(self.view.of("date")).name)))
        return Binary(operator, Name(self.pick(self.view.of("date")).name), other)

    def compare_texts(self, _: int) -> Node:
        return Binary(self.pick(("=", "!=")), Name(self.pick(self.view.of("text")).name), Text(self.pick(TEXTS)))

    def choice(self, options: tuple[str, ...], _: int) -> Node:
        return super().choice(options, 0)
