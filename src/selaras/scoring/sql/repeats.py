"""Repeat functions: what a household says of its rows."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sqlglot import exp

from selaras.scoring.expressions.tree import RepeatCall
from selaras.scoring.instrument import HOUSEHOLD, Kind
from selaras.scoring.sql import build
from selaras.scoring.sql.build import Sql
from selaras.scoring.sql.dialects import Width
from selaras.scoring.sql.numbers import PLACES, width_of
from selaras.scoring.sql.terms import Ref, Term, Use, derive, merged

if TYPE_CHECKING:
    from selaras.scoring.sql.compiler import Compiler

#: No household has as many members as this.
_ROWS = 2**31


@dataclass(frozen=True)
class _Rows:
    """The rows of one repeat function. `met` is true where a row counts; None where every row does."""

    compiler: "Compiler"
    repeat: str
    met: Term | None
    value: Term | None

    def aggregate(self, sql: Sql, *terms: Term | None) -> Ref:
        refs = merged(term.refs for term in terms if term is not None)
        return self.compiler.stages.add_aggregate(self.repeat, sql, refs)

    def count(self, sql: Sql | None, *terms: Term | None) -> Ref:
        """How many rows make `sql` true (all where it is None); NULL where the household has no rows."""
        counted = self.compiler.dialect.count_true(sql) if sql is not None else exp.Count(this=exp.Star())
        return self.aggregate(build.cast(counted, build.BIGINT), *terms)

    def among(self, sql: Sql) -> Sql:
        """`sql` of the rows that count."""
        return sql if self.met is None else build.case((self.met.sql, sql))

    def result(self, sql: Sql, kind: Kind, refs: list[Ref], parts: list[Term], *, free: bool) -> Term:
        """A household's term: what its rows use it uses "in any row", and where they overflow it does."""
        whole = derive(sql, kind, *parts, free=free)
        used = frozenset(use if use.scope != self.repeat else Use(*use[:2], any_row=True) for use in whole.used)
        return replace(whole, refs=frozenset(refs), used=used, overflow=self._overflow(whole.overflow))

    def _overflow(self, rows: frozenset[Ref]) -> frozenset[Ref]:
        return frozenset(
            self.compiler.stages.add_aggregate(
                self.repeat, build.call("BOOL_OR", build.column(ref.name)), frozenset({ref})
            )
            for ref in rows
        )


def repeat_term(compiler: "Compiler", node: RepeatCall) -> Term:
    """The term of a repeat function, seen from the household (and so from the rows of any repeat)."""
    if node not in compiler.repeat_terms:
        met = value = None
        if node.predicate is not None:
            met = compiler.plain(compiler.of_kind(node.predicate, node.repeat, "boolean"), node.repeat)
        if node.value is not None:
            kind: Kind = "boolean" if node.function == "all" else "number"
            value = compiler.plain(compiler.of_kind(node.value, node.repeat, kind), node.repeat)
        rows = _Rows(compiler, node.repeat, met, value)
        compiler.repeat_terms[node] = _FUNCTIONS[node.function](rows)
    return compiler.repeat_terms[node]


def _zero(ref: Ref) -> Sql:
    return build.coalesce(build.column(ref.name), build.number(0))


def _positive(ref: Ref) -> Sql:
    # A comparison with NULL, where the household has no rows, is not true either.
    return build.binary(exp.GT, build.column(ref.name), build.number(0))


def _count(rows: _Rows) -> Term:
    counted = rows.count(rows.met.sql if rows.met else None, rows.met)
    term = rows.result(_zero(counted), "number", [counted], [rows.met] if rows.met else [], free=False)
    # An unknown predicate is not counted, so a count is never unknown.
    return replace(term, free=False, bound=_ROWS, width=Width.BIG)


def _any(rows: _Rows) -> Term:
    if rows.met is None:
        there = rows.count(None)
        return rows.result(build.binary(exp.GT, _zero(there), build.number(0)), "boolean", [there], [], free=False)
    true = rows.count(rows.met.sql, rows.met)
    unknown = rows.count(build.is_null(rows.compiler.known(rows.met)), rows.met)
    return _quantified(rows, true, unknown, [rows.met], decided=True)


def _all(rows: _Rows) -> Term:
    value = rows.value
    if value is None:
        raise TypeError("the parser gives all() a condition")
    blank = build.is_null(rows.compiler.known(value))
    false = build.negated(value.sql)
    if rows.met is not None:
        blank, false = build.both(rows.met.sql, blank), build.both(rows.met.sql, false)
    parts = [part for part in (rows.met, value) if part is not None]
    return _quantified(rows, rows.count(false, *parts), rows.count(blank, *parts), parts, decided=False)


def _quantified(rows: _Rows, decisive: Ref, unknown: Ref, parts: list[Term], *, decided: bool) -> Term:
    """`decided` where a decisive row is, else unknown where an unknown row is, else the opposite."""
    sql = build.case(
        (_positive(decisive), build.boolean(decided)),
        (_positive(unknown), build.null(build.BOOLEAN)),
        otherwise=build.boolean(not decided),
    )
    return rows.result(sql, "boolean", [decisive, unknown], parts, free=False)


def _totalled(rows: _Rows) -> tuple[Term, Term]:
    """The sum of the counted rows, unknown where one of them is; and how many they are."""
    value = _value(rows)
    parts = [part for part in (rows.met, value) if part is not None]
    bound = value.bound * _ROWS
    # Wide sums come back in the engine's widest type; a narrow one is cast once, in the household.
    width = width_of(bound)
    numbers = rows.compiler.numbers(rows.repeat)
    total = rows.aggregate(build.call("SUM", rows.among(numbers.widened(value, Width.BIG))), *parts)
    blanks = _blank_rows(rows, parts)
    counted = rows.count(rows.met.sql if rows.met else None, rows.met)
    complete = build.binary(exp.EQ, _zero(blanks), build.number(0))
    sql = build.case((complete, _zero(total)))
    whole = rows.result(
        build.cast(sql, rows.compiler.dialect.type_of(width)), "number", [total, blanks], parts, free=False
    )
    count = Term(_zero(counted), "number", 0, _ROWS, Width.BIG, frozenset({counted}))
    return replace(whole, scale=value.scale, bound=bound, width=width), count


def _blank_rows(rows: _Rows, parts: list[Term]) -> Ref:
    blank = build.is_null(rows.compiler.known(_value(rows)))
    return rows.count(blank if rows.met is None else build.both(rows.met.sql, blank), *parts)


def _value(rows: _Rows) -> Term:
    if rows.value is None:
        raise TypeError("the parser gives this function a value")
    return rows.value


def _sum(rows: _Rows) -> Term:
    return rows.compiler.numbers(HOUSEHOLD).limited(_totalled(rows)[0])


def _mean(rows: _Rows) -> Term:
    total, count = _totalled(rows)
    value = _value(rows)
    bound = value.bound * 10 ** (PLACES - value.scale)
    return rows.compiler.numbers(HOUSEHOLD).ratio(total, count, bound)


def _extreme(function: str, rows: _Rows) -> Term:
    value = _value(rows)
    parts = [part for part in (rows.met, value) if part is not None]
    found = rows.aggregate(build.call(function, rows.among(value.sql)), *parts)
    blanks = _blank_rows(rows, parts)
    complete = build.binary(exp.EQ, _zero(blanks), build.number(0))
    term = rows.result(build.case((complete, build.column(found.name))), "number", [found, blanks], parts, free=True)
    return replace(term, scale=value.scale, bound=value.bound, width=value.width)


def _smallest(rows: _Rows) -> Term:
    return _extreme("MIN", rows)


def _largest(rows: _Rows) -> Term:
    return _extreme("MAX", rows)


_FUNCTIONS = {
    "count": _count,
    "sum": _sum,
    "mean": _mean,
    "min": _smallest,
    "max": _largest,
    "any": _any,
    "all": _all,
}
