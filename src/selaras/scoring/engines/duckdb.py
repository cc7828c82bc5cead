"""DuckDB, embedded: the default engine. It reads Parquet as a stream and Arrow where it lies."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING

from selaras.scoring.answers import Answers
from selaras.scoring.engines.lines import lines, tallies
from selaras.scoring.engines.sources import prepare
from selaras.scoring.instrument import Instrument
from selaras.scoring.sql.dialects import DIALECTS
from selaras.scoring.sql.rollup import tally_statement
from selaras.scoring.tally import Tallies

if TYPE_CHECKING:
    import duckdb

DIALECT = DIALECTS["duckdb"]


@contextmanager
def connected() -> Iterator["duckdb.DuckDBPyConnection"]:
    """An empty database in memory, with a place of its own to spill to; no extension is ever fetched."""
    import duckdb

    with tempfile.TemporaryDirectory(prefix="selaras-") as folder:
        config: dict[str, str | bool | int | float | list[str]] = {
            "temp_directory": folder,
            "preserve_insertion_order": False,
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        }
        with duckdb.connect(":memory:", config=config) as connection:
            yield connection


def tally(instrument: Instrument, answers: Answers, today: date | None) -> Tallies:
    """What DuckDB counts of `answers`."""
    import duckdb

    with connected() as connection:
        sources = prepare(connection, instrument, answers)
        statement = tally_statement(instrument, sources.tables, DIALECT, today=today)
        rows = lines(connection.execute(statement.sql()).fetchall())
    return tallies(instrument, f"duckdb {duckdb.__version__}", rows, statement.scales, sources.problems)
