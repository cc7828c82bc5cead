"""From an instrument and answers to counts, on the engine that one asks for."""

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, Literal, Protocol

from selaras.errors import InputError, Problem
from selaras.scoring.answers import HOUSEHOLD_ID, Answers
from selaras.scoring.engines import duckdb, postgresql
from selaras.scoring.engines.lines import tallies
from selaras.scoring.instrument import Instrument
from selaras.scoring.sql.dialects import DIALECTS, Dialect
from selaras.scoring.sql.rollup import Statement, tally_statement
from selaras.scoring.sql.sides import sides_statement
from selaras.scoring.sql.tables import Tables, assumed
from selaras.scoring.tally import Tallies, Tally, uncollected

__all__ = ["Side", "State", "indicator_sql", "sides", "statement", "states", "tally"]

SideName = Literal["true", "false", "missing", "not_applicable", "value"]


@dataclass(frozen=True, slots=True)
class State:
    """One household: its class (None: unclassified, or the instrument has none) and its tally of each indicator."""

    household_id: str
    household_class: str | None
    indicators: Mapping[str, Tally]


@dataclass(frozen=True, slots=True)
class Side:
    """One household, or one row of it, and where it stands; `value` is its number where the indicator has numbers."""

    household_id: str
    side: SideName
    value: Decimal | None


class Run(Protocol):
    """An engine with the answers in it."""

    name: str
    dialect: Dialect
    tables: Tables
    problems: list[Problem]

    def rows(self, statement: Statement) -> list[tuple[Any, ...]]:
        """The statement's rows."""
        ...


def tally(
    instrument: Instrument,
    answers: Answers,
    *,
    engine: str = "duckdb",
    dsn: str | None = None,
    today: date | None = None,
) -> Tallies:
    """Everything that the survey says of each unit, counted by one statement.

    `today` is the round's closing date (`today()` is unknown without it). An indicator that rests on a number of
    10^13 or more has no value in that unit, and a problem `engine.overflow` names it. Raises InputError for an
    unknown engine, or where the unit's column or the key of the households is not there.
    """
    with _opened(instrument, answers, engine, dsn) as run:
        made = tally_statement(instrument, run.tables, run.dialect, today=today)
        with uncollected():
            return tallies(instrument, run.name, run.rows(made), made.scales, run.problems)


def states(
    instrument: Instrument,
    answers: Answers,
    *,
    engine: str = "duckdb",
    dsn: str | None = None,
    today: date | None = None,
) -> Iterator[State]:
    """Every household by itself, by id: for an indicator over a repeat the counts over its rows.

    Memory grows with households × indicators: give it some thousands of households at a time.
    """
    counted = tally(instrument, replace(answers, unit=HOUSEHOLD_ID), engine=engine, dsn=dsn, today=today)
    for unit in counted.units:
        named = next((name for name, count in unit.classes.items() if count), None)
        yield State(unit.unit or "", named, unit.indicators)


def sides(
    instrument: Instrument,
    answers: Answers,
    indicator: str,
    unit: str | None = None,
    *,
    engine: str = "duckdb",
    dsn: str | None = None,
    today: date | None = None,
) -> tuple[Side, ...]:
    """The households of `unit` (or their rows, for an indicator over a repeat) and the side of each, by household.

    Raises KeyError for an indicator that the instrument lacks, and what `tally` raises.
    """
    asked = instrument.indicators[indicator]
    only = replace(instrument, indicators={indicator: asked}, classes={})
    with _opened(only, answers, engine, dsn) as run:
        made = sides_statement(only, run.tables, run.dialect, asked, unit=unit, today=today)
        scale = made.scales[indicator]
        return tuple(
            Side(household, side, None if value is None else Decimal(int(value)).scaleb(-scale))
            for household, side, value in run.rows(made)
        )


def statement(instrument: Instrument, dialect: str = "duckdb", *, today: date | None = None) -> str:
    """The instrument's one statement, to be read by a person; over tables as a phone's answers would fill them."""
    return tally_statement(instrument, assumed(instrument), _dialect(dialect), today=today).sql(pretty=True)


def indicator_sql(instrument: Instrument, indicator: str, dialect: str = "duckdb", *, today: date | None = None) -> str:
    """The statement that counts one indicator, to be read by a person. Raises KeyError where there is none."""
    only = replace(instrument, indicators={indicator: instrument.indicators[indicator]})
    made = tally_statement(only, assumed(only), _dialect(dialect), today=today, indicators=[indicator])
    return made.sql(pretty=True)


def _dialect(name: str) -> Dialect:
    if name not in DIALECTS:
        raise _unknown(name)
    return DIALECTS[name]


def _opened(instrument: Instrument, answers: Answers, engine: str, dsn: str | None) -> AbstractContextManager[Run]:
    """The engine of this name over `answers`."""
    if engine == "duckdb":
        return duckdb.opened(instrument, answers)
    if engine != "postgresql":
        raise _unknown(engine)
    if not dsn:
        raise InputError(Problem("engine.dsn", values={"engine": engine}))
    return postgresql.opened(instrument, answers, dsn)


def _unknown(engine: str) -> InputError:
    return InputError(Problem("engine.unknown", values={"engine": engine, "engines": ", ".join(DIALECTS)}))
