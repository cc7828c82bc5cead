"""From a tree to SQL, with three-valued logic: NULL is unknown, and every term knows which fields it used.

Reading of the rules (docs/workbook.md, "Kosong bukan tidak"):

- A blank makes comparisons and arithmetic unknown; `and`, `or`, `not` follow Kleene's logic, which is SQL's.
- `if` with an unknown condition is unknown. `min`, `max` of several numbers are unknown where one of them is.
- Repeat functions count the rows whose predicate is true. An unknown x in a counted row makes `sum`, `mean`, `min`
  and `max` unknown: a blank is never skipped in silence. `any(R[p])` is true where p is true in a row, else unknown
  where p is unknown in a row, else false; `all(R[p1], p2)` likewise, over the rows where p1 is true.
- A number that reaches 10^13 is unknown; the calculation in which that happens is named, and every indicator that
  uses it, which then has no value in that unit. A branch that `if`, `coalesce` or `if-na` does not take overflows
  nobody.
"""

from dataclasses import replace
from datetime import date
from functools import cached_property

from sqlglot import exp

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
from selaras.scoring.instrument import HOUSEHOLD, Instrument, Kind
from selaras.scoring.sql import build
from selaras.scoring.sql.absence import rows_missing
from selaras.scoring.sql.build import Sql
from selaras.scoring.sql.dialects import Width
from selaras.scoring.sql.functions import FUNCTIONS
from selaras.scoring.sql.numbers import COMPARISONS, Arithmetic, literal, width_of
from selaras.scoring.sql.repeats import repeat_term
from selaras.scoring.sql.stages import Stages
from selaras.scoring.sql.tables import kind_of
from selaras.scoring.sql.terms import Condition, Ref, Term, Use, as_kind, derive, merged, unknown

#: A term of more nodes than this gets a column of its own, so that no SQL text explodes.
_LARGE = 40
_EPOCH = date(1970, 1, 1)


class Compiler:
    """Compiles one instrument's expressions over one ladder of stages. `scope` is HOUSEHOLD or a repeat."""

    def __init__(self, instrument: Instrument, stages: Stages, today: date | None) -> None:
        self.instrument = instrument
        self.stages = stages
        self.dialect = stages.dialect
        self.today = today
        self.repeat_terms: dict[RepeatCall, Term] = {}
        self.functions = FUNCTIONS
        self.calculated: dict[str, Term] = {}
        self._skipped: dict[tuple[str, tuple[Node, ...]], Condition] = {}
        self._bound_texts: dict[tuple[str, str], Ref] = {}
        self._rows_missing: dict[tuple[str, frozenset[str]], Ref] = {}

    # --- columns --------------------------------------------------------------------------------------------
    def bind(self, scope: str, term: Term, name: str = "") -> Term:
        """`term` in a column of its own."""
        if isinstance(term.sql, exp.Column) and not name:
            return term
        ref = self._column(scope, term, name)
        return replace(
            term,
            sql=build.column(ref.name),
            refs=frozenset({ref}),
            na=self._bound(scope, term.na),
            known=None,
            stored=None,
            constant=None,
            size=1,
        )

    def _column(self, scope: str, term: Term, name: str) -> Ref:
        """A column for `term`, the same one for the same short text."""
        if name or term.size > _LARGE // 3:
            return self.stages.add(scope, term.sql, term.refs, name)
        key = (scope, term.sql.sql())
        if key not in self._bound_texts:
            self._bound_texts[key] = self.stages.add(scope, term.sql, term.refs)
        return self._bound_texts[key]

    def _bound(self, scope: str, condition: Condition | None) -> Condition | None:
        if condition is None or isinstance(condition.sql, exp.Column | exp.Boolean):
            return condition
        ref = self.flag(scope, condition)
        return Condition(build.column(ref.name), frozenset({ref}))

    def flag(self, scope: str, condition: Condition) -> Ref:
        """`condition` in a column of its own."""
        return self.stages.add(scope, condition.sql, condition.refs)

    def numbers(self, scope: str) -> Arithmetic:
        """Arithmetic whose intermediate results become columns of `scope`."""
        return Arithmetic(
            self.dialect, lambda term: self.bind(scope, term), lambda condition: self.flag(scope, condition)
        )

    def known(self, term: Term) -> Sql:
        """An expression that is NULL exactly where `term` is unknown, cheaper where there is one."""
        return term.known if term.known is not None else term.sql

    # --- names ----------------------------------------------------------------------------------------------
    def field(self, name: str) -> Term:
        """A field of the form: the household's, or of the row at hand."""
        form_field = self.instrument.form.fields[name]
        owner = form_field.repeat or HOUSEHOLD
        used = frozenset({Use(owner, name)})
        ref = self.stages.stored(owner, name)
        if ref is None:
            return replace(unknown(kind_of(form_field)), used=used, free=False)
        shape = self.stages.tables.of(owner).columns[name]
        column = build.column(ref.name)
        term = Term(column, shape.kind, refs=frozenset({ref}), used=used, known=column)
        if shape.kind != "number":
            return term
        term = replace(term, scale=shape.scale, bound=shape.bound, width=shape.width)
        width = width_of(shape.bound)
        if shape.scale:
            return replace(
                term, sql=self.dialect.scaled(column, shape.scale, width), width=width, stored=column, size=3
            )
        if width > shape.width:
            return replace(term, sql=build.cast(column, self.dialect.type_of(width)), width=width)
        return term

    def name(self, name: str) -> Term:
        """A field or a calculation."""
        calculation = self.instrument.calculations.get(name)
        if calculation is None:
            return self.field(name)
        if name not in self.calculated:
            term = self.term(calculation.expression.tree, calculation.over)
            self.calculated[name] = self.bind(calculation.over, as_kind(term, calculation.expression.kind), name)
        return self.calculated[name]

    def plain(self, term: Term, scope: str) -> Term:
        """`term` as something that may be written more than once."""
        return term if term.simple or term.size <= 3 else self.bind(scope, term)

    @cached_property
    def phone(self) -> "Compiler":
        """The same names as the phone reads them."""
        raise NotImplementedError

    # --- blanks ---------------------------------------------------------------------------------------------
    def skipped(self, name: str) -> Condition | None:
        """Where the field `name` was rightly skipped, in its own scope; None where it is always asked."""
        relevants = tuple(expression.tree for expression in self.instrument.relevants.get(name, ()))
        if not relevants:
            return None
        owner = self.instrument.form.fields[name].repeat or HOUSEHOLD
        if (owner, relevants) not in self._skipped:
            parts = [self.phone.of_kind(tree, owner, "boolean") for tree in relevants]
            asked = build.both(*(part.sql for part in parts))
            ref = self.flag(owner, Condition(build.negated(asked), merged(part.refs for part in parts)))
            self._skipped[owner, relevants] = Condition(build.column(ref.name), frozenset({ref}))
        return self._skipped[owner, relevants]

    def rows_missing(self, repeat: str, fields: frozenset[str]) -> Ref:
        """A household's column: whether one of `fields` is blank and not rightly skipped in any row."""
        if (repeat, fields) not in self._rows_missing:
            self._rows_missing[repeat, fields] = rows_missing(self, repeat, fields)
        return self._rows_missing[repeat, fields]

    # --- the tree -------------------------------------------------------------------------------------------
    def term(self, node: Node, scope: str) -> Term:
        """The term of `node`, seen from `scope`."""
        result = self._term(node, scope)
        return self.bind(scope, result) if result.size > _LARGE else result

    def _term(self, node: Node, scope: str) -> Term:
        match node:
            case Number(value):
                return literal(value)
            case Text(value):
                return Term(build.string(value), "text")
            case Boolean(value):
                return Term(build.boolean(value), "boolean")
            case Day(value):
                return self.day(value)
            case Today():
                return self.day(self.today) if self.today else unknown("date")
            case Blank():
                return unknown("blank")
            case NotApplicable():
                return replace(unknown("blank"), na=Condition(exp.true(), frozenset()))
            case Name(name):
                return self.name(name)
            case Negative(operand):
                return self.numbers(scope).negative(self.number(operand, scope))
            case Binary():
                return self.binary(node, scope)
            case Call(function, arguments):
                return self.functions[function](self, arguments, scope)
            case RepeatCall():
                return repeat_term(self, node)
            case _:
                raise ValueError(f"{type(node).__name__} has no value outside a constraint")

    def day(self, day: date) -> Term:
        return Term(build.cast(build.string(day.isoformat()), build.DATE), "date")

    def of_kind(self, node: Node, scope: str, kind: Kind) -> Term:
        """The term of `node` where a `kind` is wanted."""
        return as_kind(self.term(node, scope), kind)

    def number(self, node: Node, scope: str) -> Term:
        """The term of `node` where a number is wanted."""
        return self.of_kind(node, scope, "number")

    # --- operators ------------------------------------------------------------------------------------------
    def binary(self, node: Binary, scope: str) -> Term:
        """Logic, comparison or arithmetic."""
        match node.operator:
            case "and" | "or":
                parts = [self.of_kind(part, scope, "boolean") for part in (node.left, node.right)]
                if node.operator == "or" and (listed := _listed(*parts)) is not None:
                    return listed
                kind = exp.And if node.operator == "and" else exp.Or
                return derive(build.binary(kind, parts[0].sql, parts[1].sql), "boolean", *parts)
            case "=" | "!=" | "<" | "<=" | ">" | ">=":
                return self.comparison(node, scope)
            case _:
                return self._arithmetic(node, scope)

    def comparison(self, node: Binary, scope: str) -> Term:
        """`=` and its kin; unknown where a side is."""
        left, right = self.term(node.left, scope), self.term(node.right, scope)
        if "blank" in (left.kind, right.kind):
            return replace(derive(build.null(build.BOOLEAN), "boolean", left, right), free=True)
        result = self.compared(node.operator, left, right, scope)
        if node.operator == "=" and isinstance(node.right, Text) and isinstance(left.sql, exp.Column):
            return replace(result, one_of=(node.right.value,))
        return result

    def compared(self, operator: str, left: Term, right: Term, scope: str) -> Term:
        """A comparison of two terms of one type."""
        if left.kind == "number":
            return self.numbers(scope).compare(operator, left, right)
        written = [term for term in (left, right) if not term.refs and not term.free and not term.used]
        known = None
        if len(written) == 1:
            other = right if written[0] is left else left
            known = other.known if other.known is not None else (other.sql if other.simple else None)
        sql = build.binary(COMPARISONS[operator], left.sql, right.sql)
        return derive(sql, "boolean", left, right, known=known)

    def _arithmetic(self, node: Binary, scope: str) -> Term:
        left, right = self.term(node.left, scope), self.term(node.right, scope)
        if "date" in (left.kind, right.kind):
            left, right = as_kind(left, "date"), as_kind(right, "date")
            return self.days(left, right)
        left, right = as_kind(left, "number"), as_kind(right, "number")
        numbers = self.numbers(scope)
        match node.operator:
            case "+":
                return numbers.add(left, right)
            case "-":
                return numbers.add(left, right, exp.Sub)
            case "*":
                return numbers.multiply(left, right)
            case "div":
                return numbers.divide(left, right)
            case _:
                return numbers.modulo(left, right)

    def days(self, later: Term, earlier: Term) -> Term:
        """Days from `earlier` to `later`: fewer than 10^7 in ten thousand years of calendar."""
        sql = self.dialect.days(later.sql, earlier.sql)
        return replace(derive(sql, "number", later, earlier), bound=10**7, width=Width.BIG)


def _listed(left: Term, right: Term) -> Term | None:
    """`x = 'a' or x = 'b'` as `x IN ('a', 'b')`, which is known wherever x is; None for any other pair."""
    if not left.one_of or not right.one_of or left.known is None or left.known != right.known:
        return None
    texts = tuple(dict.fromkeys((*left.one_of, *right.one_of)))
    sql = exp.In(this=build.own(left.known), expressions=[build.string(text) for text in texts])
    return replace(derive(sql, "boolean", left, known=left.known), one_of=texts)
