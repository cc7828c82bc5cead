"""DuckDB, embedded: the default engine. It reads Parquet as a stream and Arrow where it lies."""

import atexit
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from threading import Lock
from typing import TYPE_CHECKING, Any

from selaras.scoring.answers import Answers
from selaras.scoring.engines.sources import Sources, prepare
from selaras.scoring.instrument import Instrument
from selaras.scoring.sql.dialects import DIALECTS, Dialect
from selaras.scoring.sql.rollup import Statement

if TYPE_CHECKING:
    import duckdb


#: The engine of each process that has asked for one: starting it costs ten times what a small import asks of it.
_engines: dict[int, "duckdb.DuckDBPyConnection"] = {}
_starting = Lock()
_runs = count(1)


def _engine() -> "duckdb.DuckDBPyConnection":
    """This process's own, with a place of its own to spill to; no extension is ever fetched."""
    import duckdb

    with _starting:
        if os.getpid() not in _engines:
            folder = tempfile.mkdtemp(prefix="selaras-")
            atexit.register(shutil.rmtree, folder, ignore_errors=True)
            config: dict[str, str | bool | int | float | list[str]] = {
                "temp_directory": folder,
                "preserve_insertion_order": False,
                "autoinstall_known_extensions": False,
                "autoload_known_extensions": False,
            }
            _engines[os.getpid()] = duckdb.connect(":memory:", config=config)
        return _engines[os.getpid()]


@contextmanager
def connected() -> Iterator["duckdb.DuckDBPyConnection"]:
    """An empty database in memory, of which nothing is left afterwards."""
    import duckdb

    connection, name = _engine().cursor(), f"run{next(_runs)}"
    try:
        connection.execute(f"ATTACH ':memory:' AS {name}; USE {name}")
        yield connection
    finally:
        try:
            connection.execute(f"USE memory; DETACH {name}")
        except duckdb.Error:
            # An engine that has met a fault of its own answers nobody any more: the next run starts another.
            _engines.pop(os.getpid(), None)
        connection.close()


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
