"""A `relevant` as the phone reads it: XPath 1.0, in which a blank is the text '' or the number NaN.

Here NULL stands for the blank and every boolean is true or false. A comparison with NaN is false, `!=` true;
`'' = ''` is true, and `${age} = ''` asks whether `age` was left blank, as authors mean it and phones do it (an
empty node is a text until it holds a number). A text is true where it is not empty, a number where it is neither 0
nor NaN. A division by zero is NaN here; phones have infinities, which no sensible `relevant` waits for.
"""

from dataclasses import replace
from datetime import date
from functools import cached_property

from sqlglot import exp

from selaras.scoring.expressions.tree import Binary, Node
from selaras.scoring.instrument import Instrument, Kind
from selaras.scoring.sql import build
from selaras.scoring.sql.build import Sql
from selaras.scoring.sql.compiler import Compiler
from selaras.scoring.sql.functions import FUNCTIONS, Arguments, Function, count_selected, string_length, unified
from selaras.scoring.sql.functions import selected as selected_known
from selaras.scoring.sql.stages import Stages
from selaras.scoring.sql.terms import Term, as_kind, derive


class ScoreCompiler(Compiler):
    """The compiler of everything that is scored; `phone` is its companion for `relevant`."""

    @cached_property
    def phone(self) -> Compiler:
        return PhoneCompiler(self.instrument, self.stages, self.today)


class PhoneCompiler(Compiler):
    """Two-valued logic, with blanks as the phone has them."""

    def __init__(self, instrument: Instrument, stages: Stages, today: date | None) -> None:
        super().__init__(instrument, stages, today)
        self.functions = PHONE_FUNCTIONS

    def name(self, name: str) -> Term:
        """A field: phones know no calculation of ours."""
        return self.field(name)

    def of_kind(self, node: Node, scope: str, kind: Kind) -> Term:
        """The term of `node`; where a boolean is wanted, its truth."""
        term = self.term(node, scope)
        return _truth(term) if kind == "boolean" else as_kind(term, kind)

    def comparison(self, node: Binary, scope: str) -> Term:
        """`=` and its kin, never unknown."""
        left, right = self.term(node.left, scope), self.term(node.right, scope)
        if "blank" in (left.kind, right.kind):
            return _with_blank(node.operator, left, right)
        if left.kind == "boolean":
            return self.compared(node.operator, _truth(left), _truth(right), scope)
        result = self.compared(node.operator, left, right, scope)
        written = isinstance(left.sql, exp.Literal) or isinstance(right.sql, exp.Literal)
        if left.kind not in ("number", "date") and not written:
            same = exp.NullSafeEQ if node.operator == "=" else exp.NullSafeNEQ
            return _certain(result, build.binary(same, left.sql, right.sql))
        return _certain(result, build.coalesce(result.sql, build.boolean(node.operator == "!=")))


def _certain(term: Term, sql: Sql) -> Term:
    """A boolean that is never NULL."""
    return replace(term, sql=sql, known=None, free=False)


def _with_blank(operator: str, left: Term, right: Term) -> Term:
    """A comparison with '': only `=` and `!=` can hold, and they ask whether the other side is blank."""
    other = right if left.kind == "blank" else left
    if operator not in ("=", "!="):
        return _certain(derive(build.boolean(False), "boolean"), build.boolean(False))
    if other.kind == "boolean":
        # '' is false where a truth is wanted.
        sql = build.negated(other.sql) if operator == "=" else other.sql
    else:
        sql = build.is_null(other.sql) if operator == "=" else build.is_known(other.sql)
    return _certain(derive(sql, "boolean", other), sql)


def _truth(term: Term) -> Term:
    match term.kind:
        case "boolean":
            return _certain(term, build.coalesce(term.sql, build.boolean(False)) if term.free else term.sql)
        case "number":
            nonzero = build.binary(exp.NEQ, term.sql, build.number(0))
            sql = build.coalesce(nonzero, build.boolean(False))
        case "blank":
            sql = build.boolean(False)
        case _:
            sql = build.is_known(term.sql)
    return _certain(derive(sql, "boolean", term), sql)


def _first_filled(compiler: Compiler, arguments: Arguments, scope: str) -> Term:
    first, second = unified(compiler, [compiler.term(argument, scope) for argument in arguments], scope)
    result = derive(build.coalesce(first.sql, second.sql), first.kind, first, second)
    return replace(result, scale=first.scale, width=first.width, bound=max(first.bound, second.bound))


def _first(compiler: Compiler, arguments: Arguments, scope: str) -> Term:
    return compiler.term(arguments[0], scope)


def _selected(compiler: Compiler, arguments: Arguments, scope: str) -> Term:
    result = selected_known(compiler, arguments, scope)
    chosen, option = (compiler.of_kind(argument, scope, "choices") for argument in arguments)
    # The phone looks for " x " in " a b ": nothing is found in nothing, but anything else is not.
    nothing = build.boolean(False)
    if not isinstance(option.sql, exp.Literal):
        nothing = build.both(build.is_null(chosen.sql), build.is_null(option.sql))
    return _certain(result, build.coalesce(result.sql, nothing))


def _or_zero(function: Function) -> Function:
    def call(compiler: Compiler, arguments: Arguments, scope: str) -> Term:
        result = function(compiler, arguments, scope)
        return replace(result, sql=build.coalesce(result.sql, build.number(0)), known=None)

    return call


#: What the phone answers otherwise than a score does.
PHONE_FUNCTIONS: dict[str, Function] = {
    **FUNCTIONS,
    "coalesce": _first_filled,
    "if-na": _first,
    "selected": _selected,
    "count-selected": _or_zero(count_selected),
    "string-length": _or_zero(string_length),
}
