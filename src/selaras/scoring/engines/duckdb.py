"""DuckDB, embedded: the default engine. It reads Parquet as a stream and Arrow where it lies."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from selaras.scoring.answers import Answers
from selaras.scoring.engines.sources import Sources, prepare
from selaras.scoring.instrument import Instrument
from selaras.scoring.sql.dialects import DIALECTS, Dialect
from selaras.scoring.sql.rollup import Statement

if TYPE_CHECKING:
    import duckdb


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


class DuckDBRun:
    """Answers ready to be counted by DuckDB. `problems` are answers that their list or type does not have."""

    dialect: Dialect = DIALECTS["duckdb"]

    def __init__(self, connection: "duckdb.DuckDBPyConnection", sources: Sources, name: str) -> None:
        self._connection = connection
        self.name = name
        self.tables = sources.tables
        self.problems = sources.problems

    def rows(self, statement: Statement) -> list[tuple[Any, ...]]:
        """The statement's rows."""
        return self._connection.execute(statement.sql()).fetchall()


@contextmanager
def opened(instrument: Instrument, answers: Answers) -> Iterator[DuckDBRun]:
    """DuckDB over `answers`; raises InputError where they cannot be used."""
    import duckdb

    with connected() as connection:
        sources = prepare(connection, instrument, answers)
        yield DuckDBRun(connection, sources, f"duckdb {duckdb.__version__}")
