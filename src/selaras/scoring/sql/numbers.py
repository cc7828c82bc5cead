"""Exact arithmetic on scaled integers: what an engine's own decimals and doubles would round or overflow.

A number is |x| < 10^13 with at most 12 places. `+`, `-` and `mod` are exact; `*` and `div` round half away from
zero to 12 places; a result of 10^13 or more is unknown, and its overflow is remembered. Scales and bounds are
known when the statement is written, so that small whole numbers stay in 64 bits and only what needs 38 digits
pays for them.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from sqlglot import exp

from selaras.scoring.sql import build
from selaras.scoring.sql.build import Sql
from selaras.scoring.sql.dialects import LIMITS, Dialect, Width
from selaras.scoring.sql.terms import Condition, Ref, Term, derive

PLACES = 12
_SPLIT = 10**PLACES
COMPARISONS: dict[str, type[exp.Binary]] = {
    "=": exp.EQ,
    "!=": exp.NEQ,
    "<": exp.LT,
    "<=": exp.LTE,
    ">": exp.GT,
    ">=": exp.GTE,
}
_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}


def limit(scale: int) -> int:
    """The smallest magnitude, as an integer of `scale`, that is too large: 10^13."""
    return int(10 ** (13 + scale))


def width_of(bound: int) -> Width:
    """The narrowest type that holds ±bound."""
    return next(width for width in Width if bound < LIMITS[width])


def literal(value: Decimal) -> Term:
    """A number written out."""
    value = value.normalize()
    scale = max(0, -int(value.as_tuple().exponent))
    scaled = int(value.scaleb(scale))
    sql = build.number(scaled)
    return Term(sql, "number", scale, abs(scaled), width_of(abs(scaled)), constant=value)


def _inverse(value: Decimal, places: int) -> Term | None:
    """1/value as a literal where it ends within `places`: dividing by 100 is then a cheap, exact product."""
    inverse = 1 / Fraction(value)
    if 10**places % inverse.denominator:
        return None
    scaled = int(inverse * 10**places)
    return literal(Decimal(scaled).scaleb(-places)) if abs(scaled) < limit(places) else None


@dataclass(frozen=True)
class Arithmetic:
    """Arithmetic in one scope. `bind` gives an expression a column of its own, `flag` a condition."""

    dialect: Dialect
    bind: Callable[[Term], Term]
    flag: Callable[[Condition], Ref]

    # --- shapes ---------------------------------------------------------------------------------------------
    def _number(self, sql: Sql, scale: int, bound: int, width: Width, *parts: Term, free: bool = False) -> Term:
        return replace(derive(sql, "number", *parts, free=free), scale=scale, bound=bound, width=width)

    def plain(self, term: Term) -> Term:
        """`term` as something that may be written more than once."""
        return term if term.simple else self.bind(term)

    def widened(self, term: Term, width: Width) -> Sql:
        """The SQL of `term` in at least `width`."""
        if term.width >= width:
            return term.sql
        return build.cast(term.sql, self.dialect.type_of(width))

    def rescaled(self, term: Term, scale: int) -> Term:
        """The same number with more places."""
        if term.scale == scale:
            return term
        if term.constant is not None:
            scaled = int(term.constant.scaleb(scale))
            sql = build.number(scaled)
            return replace(term, sql=sql, scale=scale, bound=abs(scaled), width=width_of(abs(scaled)))
        factor = 10 ** (scale - term.scale)
        bound = term.bound * factor
        width = width_of(bound)
        sql = build.binary(exp.Mul, self.widened(term, width), build.number(factor))
        # The same number in another shape: where it was na(), it still is.
        return replace(self._number(sql, scale, bound, max(width, term.width), term), na=term.na)

    def limited(self, term: Term) -> Term:
        """`term`, unknown and remembered as an overflow where it reaches 10^13."""
        most = limit(term.scale)
        if term.bound < most:
            return term
        term = self.bind(term)
        width = width_of(most - 1)
        inside = build.both(
            build.binary(exp.GT, term.sql, build.number(-most)), build.binary(exp.LT, term.sql, build.number(most))
        )
        narrow = build.cast(term.sql, self.dialect.type_of(width)) if width < term.width else term.sql
        overflow = self.flag(Condition(build.negated(inside), term.refs))
        result = self._number(
            build.case((inside, narrow)), term.scale, most - 1, min(width, term.width), term, free=True
        )
        return self.bind(replace(result, overflow=result.overflow | {overflow}))

    def aligned(self, terms: list[Term]) -> tuple[list[Term], int]:
        """`terms` with as many places as the one that has most."""
        scale = max(term.scale for term in terms)
        return [self.rescaled(term, scale) for term in terms], scale

    # --- operators ------------------------------------------------------------------------------------------
    def add(self, left: Term, right: Term, kind: type[exp.Binary] = exp.Add) -> Term:
        """`left + right`, or `left - right` with exp.Sub."""
        (left, right), scale = self.aligned([left, right])
        bound = left.bound + right.bound
        width = max(width_of(bound), left.width, right.width)
        sql = build.binary(kind, self.widened(left, width), self.widened(right, width))
        return self.limited(self._number(sql, scale, bound, width, left, right))

    def negative(self, term: Term) -> Term:
        """`-term`."""
        if term.constant is not None:
            return literal(-term.constant)
        return self._number(exp.Neg(this=build.wrap(term.sql)), term.scale, term.bound, term.width, term)

    def multiply(self, left: Term, right: Term) -> Term:
        """`left * right`, rounded to 12 places where it has more."""
        scale = left.scale + right.scale
        product = left.bound * right.bound
        if scale > PLACES and product + 10**scale >= LIMITS[Width.WIDE]:
            return self._split_product(self.rescaled(left, PLACES), self.rescaled(right, PLACES))
        width = max(width_of(product), left.width, right.width)
        sql = build.binary(exp.Mul, self.widened(left, width), self.widened(right, width))
        raw = self._number(sql, scale, product, width, left, right)
        return self.limited(raw) if scale <= PLACES else self.round(raw, PLACES)

    def _split_product(self, left: Term, right: Term) -> Term:
        """The rounded product of two numbers of 25 digits, in 38: each is cut at 10^12.

        With a = a1·10^12 + a0 and b likewise, a·b/10^12 = a1·b1·10^12 + a1·b0 + a0·b1 + a0·b0/10^12, of which
        only the last part is not whole; the sum stays below 10^38 because |a|, |b| < 10^25.
        """
        wide = Width.WIDE
        left, right = self.plain(left), self.plain(right)
        halves = []
        for term in (left, right):
            size = self.plain(self._number(build.call("ABS", self.widened(term, wide)), 12, term.bound, wide, term))
            split = build.number(_SPLIT)
            high = self.dialect.quotient(size.sql, split, wide)
            low = exp.Paren(this=build.binary(exp.Mod, size.sql, split))
            halves += [self.bind(self._number(high, 0, term.bound // _SPLIT, wide, size))]
            halves += [self.bind(self._number(low, 0, _SPLIT, wide, size))]
        a1, a0, b1, b0 = (half.sql for half in halves)
        last = build.binary(exp.Add, build.binary(exp.Mul, a0, b0), build.number(_SPLIT // 2))
        parts = [
            build.binary(exp.Mul, build.binary(exp.Mul, a1, b1), build.number(_SPLIT)),
            build.binary(exp.Mul, a1, b0),
            build.binary(exp.Mul, a0, b1),
            self.dialect.quotient(last, build.number(_SPLIT), wide),
        ]
        bound = left.bound * right.bound // _SPLIT + 1
        size = self.bind(self._number(build.total(parts), PLACES, bound, wide, *halves))
        return self.limited(self._signed(size, left, right))

    def _signed(self, size: Term, left: Term, right: Term) -> Term:
        """`size` with the sign that a product or quotient of `left` and `right` has."""
        zero = build.number(0)
        negative = build.binary(exp.NEQ, build.binary(exp.LT, left.sql, zero), build.binary(exp.LT, right.sql, zero))
        sql = build.case((negative, exp.Neg(this=build.wrap(size.sql))), otherwise=size.sql)
        return self._number(sql, size.scale, size.bound, size.width, size, left, right)

    def divide(self, left: Term, right: Term) -> Term:
        """`left div right`, rounded to 12 places; unknown where `right` is 0."""
        if right.constant is not None and right.constant:
            factor = _inverse(right.constant, PLACES - left.scale)
            if factor is not None:
                return self.multiply(left, factor)
        least = max(1, right.bound if right.constant is not None else 1)
        bound = (2 * left.bound * 10 ** (PLACES + right.scale - left.scale) + least) // (2 * least)
        result = self._quotient(left, right, bound)
        return self.limited(replace(result, free=result.free or not right.constant))

    def ratio(self, total: Term, count: Term, bound: int) -> Term:
        """`total / count` rounded to 12 places, unknown where the count is 0: a mean, at most `bound` at 12 places."""
        return replace(self._quotient(total, count, bound), free=True)

    def _quotient(self, left: Term, right: Term, bound: int) -> Term:
        left, right = self.plain(left), self.plain(right)
        factor = 10 ** (PLACES + right.scale - left.scale)
        width = max(width_of(2 * left.bound * factor + right.bound), left.width, right.width)
        divisor = build.call("NULLIF", build.call("ABS", self.widened(right, width)), build.number(0))
        twice = build.binary(exp.Mul, build.call("ABS", self.widened(left, width)), build.number(2 * factor))
        sql = self.dialect.quotient(
            build.binary(exp.Add, twice, divisor), build.binary(exp.Mul, divisor, build.number(2)), width
        )
        size = self.bind(self._number(sql, PLACES, bound, width, left, right))
        return self._signed(size, left, right)

    def modulo(self, left: Term, right: Term) -> Term:
        """The remainder, with the sign of `left` (XPath 1.0, section 3.5); unknown where `right` is 0."""
        (left, right), scale = self.aligned([left, right])
        width = max(left.width, right.width)
        divisor = build.call("NULLIF", self.widened(right, width), build.number(0))
        sql = exp.Paren(this=build.binary(exp.Mod, self.widened(left, width), divisor))
        return self._number(sql, scale, min(left.bound, right.bound), width, left, right, free=True)

    # --- functions ------------------------------------------------------------------------------------------
    def absolute(self, term: Term) -> Term:
        """The magnitude."""
        return self._number(build.call("ABS", term.sql), term.scale, term.bound, term.width, term)

    def round(self, term: Term, places: int) -> Term:
        """`term` with at most `places` places, half away from zero."""
        return self._cut(term, places, 10 ** max(0, term.scale - places) // 2)

    def truncate(self, term: Term) -> Term:
        """The whole part, towards zero, as phones do."""
        return self._cut(term, 0, 0)

    def _cut(self, term: Term, places: int, half: int) -> Term:
        if term.scale <= places:
            return term
        term = self.plain(term)
        step = 10 ** (term.scale - places)
        width = max(term.width, width_of(term.bound + half))
        sql = self.widened(term, width)

        def cut(size: Sql) -> Sql:
            return self.dialect.quotient(build.binary(exp.Add, size, build.number(half)), build.number(step), width)

        minus = exp.Neg(this=build.wrap(sql))
        below = build.binary(exp.LT, term.sql, build.number(0))
        value = build.case((below, exp.Neg(this=build.wrap(cut(minus)))), otherwise=cut(sql))
        return self.limited(self._number(value, places, (term.bound + half) // step, width, term))

    def power(self, term: Term, exponent: int) -> Term:
        """`((x * x) * x) * x`: each product rounded in turn. x^0 is 1, but unknown where x is."""
        if exponent == 0:
            known = build.case((build.is_known(term.sql), build.number(1)))
            return self._number(known, 0, 1, Width.SMALL, term)
        term = self.plain(term)
        result = term
        for _ in range(exponent - 1):
            result = self.multiply(result, term)
        return result

    def extreme(self, which: Literal["LEAST", "GREATEST"], terms: list[Term]) -> Term:
        """The smallest or largest; unknown where one of them is."""
        plain, scale = self.aligned([self.plain(term) for term in terms])
        width = max(term.width for term in plain)
        sql = build.extreme(which, [self.widened(term, width) for term in plain])
        return self._number(sql, scale, max(term.bound for term in plain), width, *plain)

    # --- comparison -----------------------------------------------------------------------------------------
    def compare(self, operator: str, left: Term, right: Term) -> Term:
        """`left <operator> right`."""
        if left.constant is not None and right.constant is None:
            return self.compare(_MIRRORED.get(operator, operator), right, left)
        if right.constant is not None and left.constant is None:
            return self._compare_constant(operator, left, right.constant)
        (left, right), _ = self.aligned([left, right])
        return derive(build.binary(COMPARISONS[operator], left.sql, right.sql), "boolean", left, right)

    def _compare_constant(self, operator: str, left: Term, value: Decimal) -> Term:
        known = left.known or (left.sql if left.simple else None)
        kind = COMPARISONS[operator]
        if left.stored is not None:
            sql = build.binary(kind, left.stored, exp.Literal.number(f"{value:f}"))
            return derive(sql, "boolean", left, known=known)
        scaled = value.scaleb(left.scale)
        if scaled == int(scaled):
            return derive(build.binary(kind, left.sql, build.number(int(scaled))), "boolean", left, known=known)
        # Between two neighbours: the comparison is the same with the one above or below, and never equal.
        if operator in ("=", "!="):
            same = build.case((build.is_known(known or left.sql), build.boolean(operator == "!=")))
            return derive(same, "boolean", left, known=known)
        floor = int(scaled.to_integral_value(rounding="ROUND_FLOOR"))
        edge = floor if operator in ("<=", ">") else floor + 1
        return derive(build.binary(kind, left.sql, build.number(edge)), "boolean", left, known=known)
