"""Small words for building sqlglot trees: every node is owned by one parent and bracketed where it must be.

Nothing here knows what an instrument is. `None` among conditions stands for "never" and is dropped.
"""

from collections.abc import Iterable
from typing import Literal

from sqlglot import exp

Sql = exp.Expr
Type = exp.DataType

BOOLEAN = exp.DataType.build("boolean")
BIGINT = exp.DataType.build("bigint")
INTEGER = exp.DataType.build("int")
TEXT = exp.DataType.build("text")
DATE = exp.DataType.build("date")

_ATOMS = (exp.Column, exp.Literal, exp.Paren, exp.Boolean, exp.Null, exp.Case, exp.Cast, exp.Anonymous, exp.Count)


def own(sql: Sql) -> Sql:
    """`sql` itself if nobody holds it yet, else a copy: a node has one parent."""
    return sql.copy() if sql.parent is not None else sql


def wrap(sql: Sql) -> Sql:
    """`sql` in brackets unless it cannot be torn apart."""
    sql = own(sql)
    return sql if isinstance(sql, _ATOMS) else exp.Paren(this=sql)


def binary(kind: type[exp.Binary], left: Sql, right: Sql) -> Sql:
    """`left <kind> right`."""
    return kind(this=wrap(left), expression=wrap(right))


def column(name: str, table: str | None = None) -> Sql:
    """A quoted column, so that any field name is safe in any dialect."""
    return exp.column(exp.to_identifier(name, quoted=True), table=table)


def number(value: int) -> Sql:
    """An integer literal."""
    return exp.Literal.number(str(value)) if value >= 0 else exp.Neg(this=exp.Literal.number(str(-value)))


def string(value: str) -> Sql:
    """A text literal."""
    return exp.Literal.string(value)


def null(kind: Type) -> Sql:
    """A NULL that knows its type."""
    return exp.Cast(this=exp.Null(), to=kind.copy())


def cast(sql: Sql, kind: Type) -> Sql:
    """`CAST(sql AS kind)`."""
    return exp.Cast(this=own(sql), to=kind.copy())


def call(name: str, *arguments: Sql) -> Sql:
    """A function by the name that the dialect uses."""
    return exp.Anonymous(this=name, expressions=[own(argument) for argument in arguments])


def both(*conditions: Sql | None) -> Sql:
    """`a AND b AND …`; true where there is none."""
    return _joined(exp.And, conditions) or exp.true()


def either(*conditions: Sql | None) -> Sql | None:
    """`a OR b OR …`; None where there is none."""
    return _joined(exp.Or, conditions)


def _joined(kind: type[exp.Connector], conditions: Iterable[Sql | None]) -> Sql | None:
    parts = [wrap(condition) for condition in conditions if condition is not None]
    # Halving keeps the tree flat: a hundred conditions are seven levels deep, not a hundred.
    while len(parts) > 1:
        pairs = [parts[index : index + 2] for index in range(0, len(parts), 2)]
        parts = [exp.Paren(this=kind(this=p[0], expression=p[1])) if len(p) == 2 else p[0] for p in pairs]
    return parts[0] if parts else None


def negated(sql: Sql) -> Sql:
    """`NOT sql`."""
    return exp.Not(this=wrap(sql))


def is_null(sql: Sql) -> Sql:
    """`sql IS NULL`."""
    return exp.Is(this=wrap(sql), expression=exp.Null())


def is_known(sql: Sql) -> Sql:
    """`sql IS NOT NULL`."""
    return exp.Not(this=is_null(sql))


def case(*branches: tuple[Sql, Sql], otherwise: Sql | None = None) -> Sql:
    """`CASE WHEN condition THEN value … ELSE otherwise END`; NULL without `otherwise`."""
    built = exp.Case()
    for condition, value in branches:
        built.append("ifs", exp.If(this=own(condition), true=own(value)))
    if otherwise is not None:
        built.set("default", own(otherwise))
    return built


def alias(sql: Sql, name: str) -> Sql:
    """`sql AS "name"`."""
    return exp.Alias(this=own(sql), alias=exp.to_identifier(name, quoted=True))


def select(outputs: list[Sql], table: Sql) -> exp.Select:
    """`SELECT outputs FROM table`. sqlglot would copy every output; these have no other parent."""
    return exp.select(*outputs, copy=False).from_(table, copy=False)


def coalesce(sql: Sql, otherwise: Sql) -> Sql:
    """`COALESCE(sql, otherwise)`."""
    return call("COALESCE", sql, otherwise)


def extreme(which: Literal["LEAST", "GREATEST"], parts: list[Sql]) -> Sql:
    """The smallest or greatest of `parts`, NULL where one is NULL (the engines' own skip NULLs)."""
    known = both(*(is_known(part) for part in parts))
    # PostgreSQL allows 100 arguments to a function; in bundles of 50 no dialect minds.
    while len(parts) > 1:
        bundles = [parts[index : index + 50] for index in range(0, len(parts), 50)]
        parts = [call(which, *bundle) if len(bundle) > 1 else bundle[0] for bundle in bundles]
    return case((known, parts[0]))


def total(parts: list[Sql]) -> Sql:
    """`a + b + …`, as a flat tree."""
    while len(parts) > 1:
        pairs = [parts[index : index + 2] for index in range(0, len(parts), 2)]
        parts = [binary(exp.Add, pair[0], pair[1]) if len(pair) == 2 else pair[0] for pair in pairs]
    return parts[0]


def indicator_of(condition: Sql) -> Sql:
    """1 where `condition` is true, else 0."""
    return case((condition, number(1)), otherwise=number(0))


def boolean(value: bool) -> Sql:
    """TRUE or FALSE."""
    return exp.Boolean(this=value)
