"""The one statement of an instrument: from answers to long rows of counts and exact sums.

Each row is (unit, kind, name, n, true, missing, not_applicable, total, low, high, middle_low, middle_high, sample):

    kind        name            what it counts
    household   ''              the unit's households, in n
    class       a class         its households, in n
    indicator   an indicator    known, true, missing, not applicable; exact sums as integers of the line's scale
    overflow    an indicator    households or rows in which a number that it rests on reached 10^13, in n, and one
                                household of them in sample
    part        a calculation   the same of a calculation, or of the classes ('classes')

Counts that are the same are counted once; missing is what is left of all. Columns at the end that no row fills are
left out: a million cells of NULL cost time to make and to read.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from sqlglot import exp

from selaras.scoring.instrument import HOUSEHOLD, Indicator, Instrument
from selaras.scoring.sql import build
from selaras.scoring.sql.build import Sql, Type
from selaras.scoring.sql.dialects import Dialect, Width
from selaras.scoring.sql.phone import ScoreCompiler
from selaras.scoring.sql.stages import Stages
from selaras.scoring.sql.states import Overflow, State, class_term, overflowing, state_of
from selaras.scoring.sql.tables import KEY, UNIT, Tables
from selaras.scoring.sql.terms import Ref, Term

COUNTS = ("n", "true", "missing", "not_applicable")
SUMS = ("total", "low", "high", "middle_low", "middle_high")
COLUMNS = (UNIT, "kind", "name", *COUNTS, *SUMS, "sample")


@dataclass(frozen=True)
class Statement:
    """A tree of SQL, and by indicator the scale of its sums (an integer of scale 2 is hundredths)."""

    tree: exp.Query
    dialect: Dialect
    scales: Mapping[str, int]

    def sql(self, *, pretty: bool = False) -> str:
        """The text in the engine's dialect."""
        return self.tree.sql(self.dialect.name, pretty=pretty, copy=False, identify=False)


@dataclass
class _Counting:
    """The counts of one scope: `columns` are its distinct aggregates, `lines` the long rows made of them."""

    dialect: Dialect
    scope: str
    columns: dict[str, tuple[int, Sql]] = field(default_factory=dict)
    lines: list[dict[str, Sql]] = field(default_factory=list)
    refs: set[Ref] = field(default_factory=set)
    keyed: bool = False

    def count(self, aggregate: Sql, kind: Type) -> Sql:
        """A column for `aggregate`, the same one for the same aggregate."""
        key = aggregate.sql()
        if key not in self.columns:
            self.columns[key] = (len(self.columns), build.cast(aggregate, kind))
        return build.column(f"@{self.columns[key][0]}")

    def line(self, kind: str, name: str, **columns: Sql) -> None:
        self.lines.append({"kind": build.string(kind), "name": build.string(name), **columns})

    @property
    def everyone(self) -> Sql:
        return self.count(exp.Count(this=exp.Star()), build.BIGINT)


def tally_statement(
    instrument: Instrument,
    tables: Tables,
    dialect: Dialect,
    *,
    today: date | None = None,
    indicators: Iterable[str] | None = None,
) -> Statement:
    """The statement that counts `indicators` (all that come from the survey, by default) by unit.

    With `indicators` given, neither classes nor households are counted, and columns that nothing fills are left
    out: a statement to show.
    """
    chosen = [
        indicator
        for indicator in instrument.indicators.values()
        if indicator.expression is not None and (indicators is None or indicator.name in set(indicators))
    ]
    most = dialect.most_indicators or max(1, len(chosen))
    bundles: list[list[Indicator]] = [chosen[start : start + most] for start in range(0, len(chosen), most)] or [[]]
    ladder: list[tuple[str, exp.Query]] = []
    counted: list[tuple[_Counting, str]] = []
    scales: dict[str, int] = {}
    for number, bundle in enumerate(bundles):
        prefix = f"part{number}_" if len(bundles) > 1 else ""
        stages = Stages(dialect, tables, prefix)
        whole = indicators is None and number == 0
        counts, own_scales = _counted(instrument, stages, bundle, today, whole=whole)
        scales |= own_scales
        finals = {counting.scope: {stages.unit, *counting.refs} for counting in counts}
        ctes, latest = stages.ladder(finals, keyed=any(counting.keyed for counting in counts))
        ladder += ctes
        for counting in counts:
            name = stages.names.take(f"{prefix}{counting.scope}_counts")
            ladder.append((name, _counts(counting, latest[counting.scope])))
            counted.append((counting, name))
    filled = {column for counting, _ in counted for line in counting.lines for column in line}
    last = max(place for place, column in enumerate(COLUMNS) if column in filled)
    columns = COLUMNS[: last + 1] if indicators is None else [column for column in COLUMNS if column in filled]
    parts = [_long(counting, name, columns) for counting, name in counted]
    query: exp.Query = parts[0]
    for part in parts[1:]:
        query = exp.Union(this=query, expression=part, distinct=False)
    return Statement(with_ladder(query, ladder), dialect, scales)


def with_ladder(query: exp.Query, ladder: Iterable[tuple[str, exp.Query]]) -> exp.Query:
    """`query` after the CTEs that it reads."""
    for name, select in ladder:
        query = query.with_(exp.to_identifier(name, quoted=True), as_=select, copy=False)
    return query


def _counted(
    instrument: Instrument, stages: Stages, bundle: list[Indicator], today: date | None, *, whole: bool
) -> tuple[list[_Counting], dict[str, int]]:
    """What is counted of each scope, and the scale of each indicator's sums."""
    compiler = ScoreCompiler(instrument, stages, today)
    counts = {HOUSEHOLD: _Counting(stages.dialect, HOUSEHOLD)}
    classes = class_term(compiler, instrument) if whole and instrument.classes else None
    states = [state_of(compiler, indicator) for indicator in bundle]
    if whole:
        counts[HOUSEHOLD].line("household", "", n=counts[HOUSEHOLD].everyone)
    if classes is not None:
        _count_classes(counts[HOUSEHOLD], instrument, classes)
    for state in states:
        counting = counts.setdefault(state.over, _Counting(stages.dialect, state.over))
        _count_state(counting, state)
    for overflow in overflowing(compiler, states, classes):
        counting = counts.setdefault(overflow.scope, _Counting(stages.dialect, overflow.scope))
        _count_overflow(counting, overflow)
    scales = {state.indicator.name: state.value.scale for state in states}
    return [counting for counting in counts.values() if counting.lines], scales


def _count_classes(counting: _Counting, instrument: Instrument, classes: Term) -> None:
    counting.refs |= classes.refs
    for place, name in enumerate(instrument.classes):
        is_it = build.binary(exp.EQ, classes.sql, build.number(place))
        counting.line("class", name, n=counting.count(counting.dialect.count_true(is_it), build.BIGINT))


def _count_state(counting: _Counting, state: State) -> None:
    counting.refs |= state.value.refs | (state.absent.refs if state.absent else frozenset())
    dialect, value = counting.dialect, state.value
    columns = {"n": counting.count(exp.Count(this=build.own(state.known)), build.BIGINT)}
    rest = build.binary(exp.Sub, counting.everyone, columns["n"])
    if state.absent is not None:
        columns["not_applicable"] = counting.count(dialect.count_true(state.absent.sql), build.BIGINT)
        rest = build.binary(exp.Sub, rest, columns["not_applicable"])
    columns["missing"] = rest
    if value.kind == "boolean":
        columns["true"] = counting.count(dialect.count_true(value.sql), build.BIGINT)
    else:
        columns |= _sums(counting, state)
    counting.line("indicator", state.indicator.name, **columns)


def _count_overflow(counting: _Counting, overflow: Overflow) -> None:
    counting.refs |= overflow.refs
    counting.keyed = True
    sample = exp.Min(this=build.case((overflow.condition, build.column(KEY))))
    counting.line(
        "overflow" if overflow.own else "part",
        overflow.name,
        n=counting.count(counting.dialect.count_true(overflow.condition), build.BIGINT),
        sample=counting.count(sample, build.TEXT),
    )


def _sums(counting: _Counting, state: State) -> dict[str, Sql]:
    """The exact sums of a number, as far as its aggregate needs them."""
    value, wide = state.value.sql, counting.dialect.wide
    summed = build.call("SUM", value)
    if state.value.stored is not None:
        # A stored decimal is summed as it is: one multiplication a unit, not one a household.
        whole = build.binary(exp.Mul, build.call("SUM", state.value.stored), build.number(10**state.value.scale))
        summed = exp.Paren(this=whole)
    columns = {"total": counting.count(summed, wide)}
    match state.indicator.aggregate:
        case "min":
            columns["low"] = counting.count(exp.Min(this=build.own(value)), wide)
        case "max":
            columns["high"] = counting.count(exp.Max(this=build.own(value)), wide)
        case "median":
            # The upper middle is the lower middle counted from the other end.
            mirrored = counting.dialect.lower_middle(exp.Neg(this=build.wrap(value)))
            columns["middle_low"] = counting.count(counting.dialect.lower_middle(value), wide)
            columns["middle_high"] = exp.Neg(this=counting.count(mirrored, wide))
    return columns


def _counts(counting: _Counting, source: str) -> exp.Select:
    """One wide row a unit: each distinct aggregate once."""
    outputs = [build.alias(aggregate, f"@{place}") for place, aggregate in counting.columns.values()]
    table = exp.Table(this=exp.to_identifier(source, quoted=True))
    return build.select([build.column(UNIT), *outputs], table).group_by(build.column(UNIT), copy=False)


def _long(counting: _Counting, source: str, columns: Iterable[str]) -> exp.Select:
    """The wide row of a unit as long rows."""
    dialect = counting.dialect
    wide = dialect.type_of(Width.WIDE)
    types = {"kind": build.TEXT, "name": build.TEXT, "sample": build.TEXT, **dict.fromkeys(SUMS, wide)}
    outputs: list[Sql] = [build.column(UNIT)]
    for column in columns:
        if column == UNIT:
            continue
        kind = types.get(column, build.BIGINT)
        if all(column not in line for line in counting.lines):
            outputs.append(build.alias(build.null(kind), column))
            continue
        parts = [line.get(column, build.null(kind)) for line in counting.lines]
        if len(parts) == 1:
            outputs.append(build.alias(parts[0], column))
            continue
        outputs.append(build.alias(dialect.unnested(dialect.array(parts)), column))
    return build.select(outputs, exp.Table(this=exp.to_identifier(source, quoted=True)))
