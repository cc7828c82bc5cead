"""What an expression compiles to, and the bookkeeping that "not applicable" and "missing" need.

A Term is a SQL expression in which NULL is unknown, with what is known about it before any answer is seen.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import NamedTuple, TypeVar

from sqlglot import exp

from selaras.scoring.instrument import Kind
from selaras.scoring.sql import build
from selaras.scoring.sql.build import Sql, Type
from selaras.scoring.sql.dialects import Width


class Ref(NamedTuple):
    """A column of a stage: `scope` is HOUSEHOLD or a repeat's name, `name` is the column's name in SQL."""

    scope: str
    name: str


class Use(NamedTuple):
    """A field that an expression uses: of the unit at hand or, where `any_row`, in any row of its repeat."""

    scope: str
    field: str
    any_row: bool = False


class Condition(NamedTuple):
    """A boolean SQL expression that is never NULL where it matters, and the columns that it reads."""

    sql: Sql
    refs: frozenset[Ref]


@dataclass(frozen=True, slots=True)
class Term:
    """A compiled expression.

    Numbers are integers: the value is sql / 10^scale and |sql| ≤ bound, held in `width`. `used` are the fields
    whose blanks decide between missing and not applicable. `free` says that it may be unknown although none of
    them is blank (a division by zero, `na()`, the mean of no rows). `na` is true where the value is `na()` itself.
    `overflow` are columns that are true where a number on the way reached 10^13. `known` is a cheaper expression
    that is NULL exactly where `sql` is. `stored` is the decimal column behind a field, for plain comparisons, and
    `constant` the value of a literal. `one_of` are the texts of which one makes `known`, a column, true.
    """

    sql: Sql
    kind: Kind
    scale: int = 0
    bound: int = 0
    width: Width = Width.SMALL
    refs: frozenset[Ref] = frozenset()
    used: frozenset[Use] = frozenset()
    free: bool = False
    na: Condition | None = None
    overflow: frozenset[Ref] = frozenset()
    known: Sql | None = None
    stored: Sql | None = None
    constant: Decimal | None = None
    one_of: tuple[str, ...] = ()
    size: int = 1

    @property
    def simple(self) -> bool:
        """Whether writing it twice costs nothing."""
        return isinstance(self.sql, exp.Column) or self.constant is not None


TYPES: dict[Kind, Type] = {
    "boolean": build.BOOLEAN,
    "number": build.BIGINT,
    "text": build.TEXT,
    "choice": build.TEXT,
    "choices": build.TEXT,
    "date": build.DATE,
    "blank": build.BOOLEAN,
}


def unknown(kind: Kind) -> Term:
    """A blank of `kind`."""
    return Term(build.null(TYPES[kind]), kind, free=True)


def derive(sql: Sql, kind: Kind, *parts: Term, free: bool = False, known: Sql | None = None) -> Term:
    """A term made from `parts`: it uses what they use, and overflows where they do."""
    return Term(
        sql,
        kind,
        refs=merged(part.refs for part in parts),
        used=merged(part.used for part in parts),
        free=free or any(part.free for part in parts),
        overflow=merged(part.overflow for part in parts),
        known=known,
        size=1 + sum(part.size for part in parts),
    )


def as_kind(term: Term, kind: Kind) -> Term:
    """`term`, with a blank given the type of the place where it stands."""
    if term.kind != "blank" or kind == "blank":
        return term
    return replace(term, sql=build.null(TYPES[kind]), kind=kind)


Item = TypeVar("Item")


def merged(sets: Iterable[frozenset[Item]]) -> frozenset[Item]:
    """The union of `sets`."""
    return frozenset().union(*sets)
