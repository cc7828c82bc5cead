"""From an instrument and answers to counts, on the engine that one asks for."""

from datetime import date

from selaras.errors import InputError, Problem
from selaras.scoring.answers import Answers
from selaras.scoring.engines import duckdb, postgresql
from selaras.scoring.instrument import Instrument
from selaras.scoring.sql.dialects import DIALECTS
from selaras.scoring.sql.rollup import tally_statement
from selaras.scoring.sql.tables import assumed
from selaras.scoring.tally import Tallies

__all__ = ["statement", "tally"]


def tally(
    instrument: Instrument,
    answers: Answers,
    *,
    engine: str = "duckdb",
    dsn: str | None = None,
    today: date | None = None,
) -> Tallies:
    """Everything that the survey says of each unit, counted by one statement.

    `today` is the round's closing date (`today()` is unknown without it). Raises InputError for an unknown engine,
    or where the unit's column or the key of the households is not there.
    """
    if engine == "postgresql":
        if not dsn:
            raise InputError(Problem("engine.dsn", values={"engine": engine}))
        return postgresql.tally(instrument, answers, today, dsn)
    if engine != "duckdb":
        raise InputError(Problem("engine.unknown", values={"engine": engine, "engines": ", ".join(DIALECTS)}))
    return duckdb.tally(instrument, answers, today)


def statement(instrument: Instrument, dialect: str = "duckdb", *, today: date | None = None) -> str:
    """The instrument's one statement, to be read by a person; over tables as a phone's answers would fill them."""
    return tally_statement(instrument, assumed(instrument), DIALECTS[dialect], today=today).sql(pretty=True)
