"""What each indicator says of each unit: its value, and why there is none."""

from dataclasses import dataclass, replace

from selaras.scoring.instrument import HOUSEHOLD, Indicator, Instrument, Kind
from selaras.scoring.sql import build
from selaras.scoring.sql.absence import not_applicable
from selaras.scoring.sql.build import Sql
from selaras.scoring.sql.compiler import Compiler
from selaras.scoring.sql.terms import Condition, Ref, Term, as_kind, derive

#: More nodes than this are worth a column when a value is read several times.
_WORTH = 3


@dataclass(frozen=True)
class State:
    """One indicator, per unit of `over`.

    `value` is NULL where it is not known, `absent` is true where it is not applicable (None: never), `applies` is
    the indicator's `applies_to` (None: to all). `overflow` are columns that are true where a number overflowed.
    """

    indicator: Indicator
    value: Term
    absent: Condition | None
    overflow: frozenset[Ref]

    @property
    def over(self) -> str:
        """HOUSEHOLD or the repeat whose rows are its units."""
        return self.indicator.over

    @property
    def refs(self) -> frozenset[Ref]:
        """Every column that its counts read."""
        return self.value.refs | (self.absent.refs if self.absent else frozenset()) | self.overflow

    @property
    def known(self) -> Sql:
        """An expression that is NULL exactly where the value is not known."""
        return self.value.known if self.value.known is not None else self.value.sql


def state_of(compiler: Compiler, indicator: Indicator) -> State:
    """The state of a survey indicator."""
    expression = indicator.expression
    if expression is None:
        raise ValueError(f"{indicator.name} takes its value from facts, not from answers")
    scope = indicator.over
    kind: Kind = "boolean" if indicator.aggregate in ("share", "count") else "number"
    value = as_kind(compiler.term(expression.tree, scope), kind)
    if value.size > _WORTH and value.known is None:
        value = compiler.bind(scope, value)
    absent = not_applicable(compiler, value)
    if indicator.applies_to is None:
        return State(indicator, value, absent, value.overflow)
    applies = compiler.plain(compiler.of_kind(indicator.applies_to.tree, scope, "boolean"), scope)
    spared = build.negated(applies.sql)
    if absent is not None:
        spared = build.either(spared, build.both(applies.sql, absent.sql)) or spared
    refs = applies.refs | (absent.refs if absent else frozenset())
    overflow = value.overflow | applies.overflow
    value = replace(
        value,
        sql=build.case((applies.sql, value.sql)),
        known=build.case((applies.sql, value.known)) if value.known is not None else None,
        refs=value.refs | applies.refs,
        stored=None,
    )
    return State(indicator, value, Condition(spared, refs), overflow)


def class_term(compiler: Compiler, instrument: Instrument) -> Term:
    """The household's class as its place in the sheet (0 is the first row); NULL where it is unclassified."""
    branches: list[tuple[Sql, Sql]] = []
    parts: list[Term] = []
    for place, row in enumerate(instrument.classes.values()):
        term = compiler.plain(compiler.of_kind(row.expression.tree, HOUSEHOLD, "boolean"), HOUSEHOLD)
        branches += [(term.sql, build.number(place)), (build.is_null(term.sql), build.null(build.INTEGER))]
        parts.append(term)
    sql = build.case(*branches) if branches else build.null(build.INTEGER)
    return compiler.bind(HOUSEHOLD, derive(sql, "number", *parts))


@dataclass(frozen=True)
class Overflow:
    """Where a number may overflow on the way to `name`: an indicator (`own`), else a calculation or 'classes'."""

    name: str
    scope: str
    refs: frozenset[Ref]
    own: bool = False

    @property
    def condition(self) -> Sql:
        """True where it did."""
        return build.either(*(build.column(ref.name) for ref in sorted(self.refs))) or build.boolean(False)


def overflowing(compiler: Compiler, states: list[State], classes: Term | None) -> list[Overflow]:
    """Everything on whose way a number may overflow."""
    calculations = compiler.instrument.calculations
    found = [Overflow(name, calculations[name].over, term.overflow) for name, term in compiler.calculated.items()]
    found += [Overflow(state.indicator.name, state.over, state.overflow, own=True) for state in states]
    found += [Overflow("classes", HOUSEHOLD, classes.overflow)] if classes else []
    return [overflow for overflow in found if overflow.refs]
