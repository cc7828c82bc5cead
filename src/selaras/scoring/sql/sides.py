"""The households (or rows of a repeat) on each side of one indicator: the list behind a count."""

from datetime import date

from sqlglot import exp

from selaras.scoring.instrument import Indicator, Instrument
from selaras.scoring.sql import build
from selaras.scoring.sql.build import Sql
from selaras.scoring.sql.dialects import Dialect
from selaras.scoring.sql.phone import ScoreCompiler
from selaras.scoring.sql.rollup import Statement, with_ladder
from selaras.scoring.sql.stages import Stages
from selaras.scoring.sql.states import state_of
from selaras.scoring.sql.tables import KEY, UNIT, Tables

#: What a unit is to an indicator, as the statement writes it.
STATES = ("missing", "not_applicable", "false", "true", "value")


def sides_statement(
    instrument: Instrument,
    tables: Tables,
    dialect: Dialect,
    indicator: Indicator,
    *,
    unit: str | None,
    today: date | None,
) -> Statement:
    """Rows (household_id, state, value) of one indicator in one unit; `value` is an integer of the line's scale."""
    stages = Stages(dialect, tables)
    state = state_of(ScoreCompiler(instrument, stages, today), indicator)
    absent = [] if state.absent is None else [(state.absent.sql, build.string("not_applicable"))]
    branches: list[tuple[Sql, Sql]] = [*absent, (build.is_null(state.known), build.string("missing"))]
    value = build.null(dialect.wide)
    if state.value.kind == "boolean":
        branches.append((state.value.sql, build.string("true")))
    else:
        value = build.cast(state.value.sql, dialect.wide)
    what = build.case(*branches, otherwise=build.string("false" if state.value.kind == "boolean" else "value"))
    refs = state.value.refs | (state.absent.refs if state.absent else frozenset())
    ladder, latest = stages.ladder({state.over: {stages.unit, *refs}}, keyed=True)
    own = build.column(UNIT)
    there = build.is_null(own) if unit is None else build.binary(exp.EQ, own, build.string(unit))
    select = (
        exp.select(build.column(KEY), exp.alias_(what, "state", quoted=True), exp.alias_(value, "value", quoted=True))
        .from_(exp.Table(this=exp.to_identifier(latest[state.over], quoted=True)))
        .where(there)
        .order_by(build.column(KEY))
    )
    return Statement(with_ladder(select, ladder), dialect, {indicator.name: state.value.scale})
