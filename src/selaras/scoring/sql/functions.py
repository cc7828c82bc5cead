"""The scalar functions of the language, each as a term of SQL."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Literal, cast

from sqlglot import exp

from selaras.scoring.expressions.tree import Node, Number, Text
from selaras.scoring.instrument import Kind
from selaras.scoring.sql import build
from selaras.scoring.sql.absence import not_applicable
from selaras.scoring.sql.build import Sql
from selaras.scoring.sql.dialects import Width
from selaras.scoring.sql.numbers import literal
from selaras.scoring.sql.terms import Condition, Term, as_kind, derive, merged

if TYPE_CHECKING:
    from selaras.scoring.sql.compiler import Compiler

_EPOCH = date(1970, 1, 1)
#: More names or characters than any answer has.
_MANY = 2**31 - 1

Arguments = tuple[Node, ...]


# --- logic and choice ---------------------------------------------------------------------------------------
def negation(compiler: "Compiler", arguments: Arguments, scope: str) -> Term:
    """`not(x)`."""
    term = compiler.of_kind(arguments[0], scope, "boolean")
    return derive(build.negated(term.sql), "boolean", term, known=term.known)


def choice(compiler: "Compiler", arguments: Arguments, scope: str) -> Term:
    """`if(c, a, b)`: unknown where c is."""
    condition = compiler.plain(compiler.of_kind(arguments[0], scope, "boolean"), scope)
    branches = [compiler.term(argument, scope) for argument in arguments[1:]]
    taken, other = unified(compiler, branches, scope)
    negative = build.negated(condition.sql)
    sql = build.case((condition.sql, taken.sql), (negative, other.sql))
    result = branched(compiler, sql, condition, [(condition.sql, taken), (negative, other)], scope)
    return replace(result, free=condition.free or taken.free or other.free)


def coalesce(compiler: "Compiler", arguments: Arguments, scope: str) -> Term:
    """`coalesce(x, y)`: y where x is unknown."""
    first, second = unified(compiler, [compiler.term(argument, scope) for argument in arguments], scope)
    first = compiler.plain(first, scope)
    blank = build.is_null(compiler.known(first))
    result = branched(compiler, build.coalesce(first.sql, second.sql), first, [(blank, second)], scope)
    return replace(result, free=first.free and second.free)


def if_na(compiler: "Compiler", arguments: Arguments, scope: str) -> Term:
    """`if-na(x, y)`: y where x is not applicable, and only there."""
    first, second = unified(compiler, [compiler.term(argument, scope) for argument in arguments], scope)
    first = compiler.plain(first, scope)
    absent = not_applicable(compiler, first)
    if absent is None:
        return replace(first, used=first.used | second.used, stored=None)
    at = compiler.flag(scope, absent)
    flag = build.column(at.name)
    sql = build.case((build.is_known(compiler.known(first)), first.sql), (flag, second.sql))
    result = branched(compiler, sql, replace(first, refs=first.refs | {at}), [(flag, second)], scope)
    # Where x is missing and not absent, one of its fields is: nothing is unknown for free but y.
    return replace(result, free=second.free)


def branched(compiler: "Compiler", sql: Sql, first: Term, branches: list[tuple[Sql, Term]], scope: str) -> Term:
    """A term whose `branches` count (their `na`, their overflows) only where their condition is true."""
    terms = [term for _, term in branches]
    result = derive(sql, terms[-1].kind, first, *terms)
    if result.kind == "number":
        bound = max(term.bound for term in (first, *terms))
        result = replace(result, scale=terms[-1].scale, width=terms[-1].width, bound=bound)
    absent = [
        Condition(build.both(condition, term.na.sql), first.refs | term.na.refs)
        for condition, term in branches
        if term.na is not None
    ]
    overflow = set(first.overflow)
    for condition, term in branches:
        for ref in term.overflow:
            guarded = Condition(build.both(condition, build.column(ref.name)), first.refs | {ref})
            overflow.add(compiler.flag(scope, guarded))
    na = None
    if absent:
        met = cast(Sql, build.either(*(condition.sql for condition in absent)))
        na = Condition(met, merged(condition.refs for condition in absent))
    return replace(result, na=na, overflow=frozenset(overflow))


def unified(compiler: "Compiler", terms: list[Term], scope: str) -> list[Term]:
    """`terms` of one type and, for numbers, of one scale and width."""
    kind: Kind = next((term.kind for term in terms if term.kind != "blank"), "blank")
    terms = [as_kind(term, kind) for term in terms]
    if kind != "number":
        return terms
    numbers = compiler.numbers(scope)
    aligned, _ = numbers.aligned(terms)
    width = max(term.width for term in aligned)
    return [replace(term, sql=numbers.widened(term, width), width=width, stored=None) for term in aligned]


# --- text and choices ---------------------------------------------------------------------------------------
def selected(compiler: "Compiler", arguments: Arguments, scope: str) -> Term:
    """`selected(${multi}, 'x')`: whether x is one of the names."""
    chosen, option = (compiler.of_kind(argument, scope, "choices") for argument in arguments)
    if chosen.kind != "choices":
        return compiler.compared("=", chosen, option, scope)
    written = arguments[1].value if isinstance(arguments[1], Text) else None
    wanted = _padded(option.sql) if written is None else build.string(f" {written} ")
    place = compiler.dialect.position(_padded(chosen.sql), wanted)
    known = None if written is None else compiler.known(chosen)
    return derive(build.binary(exp.GT, place, build.number(0)), "boolean", chosen, option, known=known)


def _padded(text: Sql) -> Sql:
    before = exp.DPipe(this=build.string(" "), expression=build.wrap(text))
    return exp.Paren(this=exp.DPipe(this=before, expression=build.string(" ")))


def count_selected(compiler: "Compiler", arguments: Arguments, scope: str) -> Term:
    """`count-selected(${multi})`: one more than the spaces between the names."""
    chosen = compiler.of_kind(arguments[0], scope, "choices")
    without = build.call("REPLACE", chosen.sql, build.string(" "), build.string(""))
    length = compiler.dialect.length
    spaces = build.binary(exp.Sub, length(chosen.sql), length(without))
    return _counted(build.binary(exp.Add, spaces, build.number(1)), chosen)


def string_length(compiler: "Compiler", arguments: Arguments, scope: str) -> Term:
    """`string-length(x)`, in characters."""
    text = compiler.of_kind(arguments[0], scope, "text")
    return _counted(compiler.dialect.length(text.sql), text)


def _counted(sql: Sql, part: Term) -> Term:
    term = derive(build.cast(sql, build.BIGINT), "number", part, known=part.known)
    return replace(term, bound=_MANY, width=Width.BIG)


# --- numbers ------------------------------------------------------------------------------------------------
def decimal_date_time(compiler: "Compiler", arguments: Arguments, scope: str) -> Term:
    """`decimal-date-time(d)`: days since 1970-01-01."""
    return compiler.days(compiler.of_kind(arguments[0], scope, "date"), compiler.day(_EPOCH))


def rounded(compiler: "Compiler", arguments: Arguments, scope: str) -> Term:
    """`round(x, n)`: half away from zero."""
    return compiler.numbers(scope).round(compiler.number(arguments[0], scope), _whole(arguments[1]))


def power(compiler: "Compiler", arguments: Arguments, scope: str) -> Term:
    """`pow(x, n)`."""
    return compiler.numbers(scope).power(compiler.number(arguments[0], scope), _whole(arguments[1]))


def truncated(compiler: "Compiler", arguments: Arguments, scope: str) -> Term:
    """`int(x)`: towards zero, as phones do."""
    return compiler.numbers(scope).truncate(compiler.number(arguments[0], scope))


def absolute(compiler: "Compiler", arguments: Arguments, scope: str) -> Term:
    """`abs(x)`."""
    return compiler.numbers(scope).absolute(compiler.number(arguments[0], scope))


def _whole(node: Node) -> int:
    if not isinstance(node, Number):
        raise TypeError("the checker lets only a written number stand here")
    return int(node.value)


def _extreme(which: Literal["LEAST", "GREATEST"]) -> "Function":
    def call(compiler: "Compiler", arguments: Arguments, scope: str) -> Term:
        terms = [compiler.number(argument, scope) for argument in arguments]
        return compiler.numbers(scope).extreme(which, terms)

    return call


def share_true(compiler: "Compiler", arguments: Arguments, scope: str) -> Term:
    """`share-true(a, b, …)`: the true among the applicable; a missing one makes it unknown, none left is na()."""
    terms = [compiler.plain(compiler.of_kind(argument, scope, "boolean"), scope) for argument in arguments]
    count = len(terms)
    absent = [condition for term in terms if (condition := not_applicable(compiler, term)) is not None]

    def tallied(conditions: list[Sql], refs: list[Condition] | list[Term]) -> Term:
        sql = build.cast(build.total([build.indicator_of(condition) for condition in conditions]), build.BIGINT)
        term = Term(sql, "number", 0, count, Width.BIG, merged(part.refs for part in refs))
        return compiler.bind(scope, term)

    true = tallied([term.sql for term in terms], terms)
    blank = tallied([build.is_null(compiler.known(term)) for term in terms], terms)
    left_out = tallied([condition.sql for condition in absent], absent) if absent else literal(Decimal(0))
    numbers = compiler.numbers(scope)
    applicable = literal(Decimal(count))
    if absent:
        applicable = numbers.add(applicable, left_out, exp.Sub)
    complete = build.binary(exp.EQ, blank.sql, left_out.sql)
    counted = replace(true, sql=build.case((complete, true.sql)), refs=true.refs | blank.refs | left_out.refs)
    share = numbers.divide(compiler.bind(scope, counted), applicable)
    nothing = Condition(build.binary(exp.EQ, left_out.sql, build.number(count)), left_out.refs) if absent else None
    whole = replace(derive(share.sql, "number", share, *terms), refs=share.refs, scale=share.scale)
    return replace(whole, bound=10**12, width=share.width, na=nothing, free=nothing is not None)


Function = Callable[["Compiler", Arguments, str], Term]

FUNCTIONS: dict[str, Function] = {
    "not": negation,
    "if": choice,
    "coalesce": coalesce,
    "if-na": if_na,
    "selected": selected,
    "count-selected": count_selected,
    "string-length": string_length,
    "round": rounded,
    "int": truncated,
    "abs": absolute,
    "min": _extreme("LEAST"),
    "max": _extreme("GREATEST"),
    "pow": power,
    "decimal-date-time": decimal_date_time,
    "share-true": share_true,
}
