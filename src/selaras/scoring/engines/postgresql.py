"""PostgreSQL ≥ 15, on request: the same statement over temporary tables, filled by COPY, all rolled back.

DuckDB cleans the answers on the way, so that both engines count the same values. Nothing permanent is made, and
no right is needed but TEMPORARY on the database.
"""

# ruff: noqa: S608  (table and column names cannot be parameters; each is quoted)

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from selaras.errors import InputError, Problem
from selaras.scoring.answers import Answers
from selaras.scoring.engines.duckdb import connected
from selaras.scoring.engines.sources import Sources, prepare, quoted
from selaras.scoring.instrument import Instrument
from selaras.scoring.sql.dialects import DIALECTS, Dialect
from selaras.scoring.sql.rollup import Statement
from selaras.scoring.sql.tables import KEY, UNIT, Shape, Table, Tables

if TYPE_CHECKING:
    import duckdb
    import psycopg

_OLDEST = 150_000
#: A row must fit in a page of 8 kB: so many columns of a table hold even the longest numbers.
_MOST_COLUMNS = 250
_BATCH = 50_000
_ROW = "#row"


class PostgreSQLRun:
    """Answers ready to be counted by PostgreSQL. `problems` are answers that their list or type does not have."""

    dialect: Dialect = DIALECTS["postgresql"]

    def __init__(self, remote: "psycopg.Connection", sources: Sources) -> None:
        self._remote = remote
        self.name = f"postgresql {_version(remote.info.server_version)}"
        self.tables = sources.tables
        self.problems = sources.problems

    def rows(self, statement: Statement) -> list[tuple[Any, ...]]:
        """The statement's rows."""
        return self._remote.execute(statement.sql().encode()).fetchall()


@contextmanager
def opened(instrument: Instrument, answers: Answers, dsn: str) -> Iterator[PostgreSQLRun]:
    """PostgreSQL over `answers`; raises InputError where it cannot be reached, is too old, or they cannot be used."""
    with connected() as local, _transaction(dsn) as remote:
        sources = prepare(local, instrument, answers)
        load(local, remote, sources.tables)
        yield PostgreSQLRun(remote, sources)


@contextmanager
def _transaction(dsn: str) -> Iterator["psycopg.Connection"]:
    """One transaction that is rolled back at the end, whatever happens."""
    import psycopg

    try:
        connection = psycopg.connect(dsn)
    except psycopg.OperationalError as error:
        message = " ".join(str(error).split())
        raise InputError(Problem("engine.connection", values={"message": message})) from error
    with connection:
        if connection.info.server_version < _OLDEST:
            version = _version(connection.info.server_version)
            raise InputError(Problem("engine.version", values={"version": version}))
        # Compiling a statement of thousands of expressions to machine code takes longer than running it.
        connection.execute("SET LOCAL jit = off")
        connection.execute("SET LOCAL work_mem = '64MB'")
        # A session that is not in UTC, or writes dates otherwise, reads these texts the same.
        connection.execute("SET LOCAL datestyle = 'ISO, YMD'")
        try:
            yield connection
        finally:
            connection.rollback()


def _version(number: int) -> str:
    return f"{number // 10_000}.{number % 10_000}"


# --- answers as temporary tables ----------------------------------------------------------------------------
def load(local: "duckdb.DuckDBPyConnection", remote: "psycopg.Connection", tables: Tables) -> None:
    """Temporary tables named and shaped as DuckDB's views."""
    units = [(UNIT, 'text COLLATE "C"')] if tables.unit else []
    _load_table(local, remote, tables.households, units)
    for table in tables.repeats.values():
        _load_table(local, remote, table, [])


def _load_table(
    local: "duckdb.DuckDBPyConnection", remote: "psycopg.Connection", table: Table, more: list[tuple[str, str]]
) -> None:
    """One table, or parts of it under a view where one row would not fit in a page."""
    columns = [(KEY, 'text COLLATE "C"'), *more, *((shape.name, _type(shape)) for shape in table.columns.values())]
    if len(columns) <= _MOST_COLUMNS:
        _copy(local, remote, (table.name, table.name), columns)
        return
    numbered = f"{table.name}{_ROW}"
    counted = f"SELECT ROW_NUMBER() OVER () AS {quoted(_ROW)}, * FROM {quoted(table.name)}"
    local.execute(f"CREATE TEMP TABLE {quoted(numbered)} AS {counted}")
    parts = []
    for start in range(0, len(columns), _MOST_COLUMNS):
        part = f"{table.name}#{start}"
        _copy(local, remote, (numbered, part), [(_ROW, "bigint"), *columns[start : start + _MOST_COLUMNS]])
        parts.append(quoted(part))
    joined = f" JOIN {{}} USING ({quoted(_ROW)})"
    names = ", ".join(quoted(name) for name, _ in columns)
    source = parts[0] + "".join(joined.format(part) for part in parts[1:])
    remote.execute(f"CREATE TEMP VIEW {quoted(table.name)} AS SELECT {names} FROM {source}".encode())


def _type(shape: Shape) -> str:
    if shape.kind == "number":
        return "numeric" if shape.scale else "bigint"
    return "date" if shape.kind == "date" else 'text COLLATE "C"'


def _copy(
    local: "duckdb.DuckDBPyConnection",
    remote: "psycopg.Connection",
    names: tuple[str, str],
    columns: list[tuple[str, str]],
) -> None:
    """A temporary table with `columns` (name, type) of the local `names[0]`, under `names[1]`."""
    import pyarrow as pa
    from pyarrow import csv

    source, target = quoted(names[0]), quoted(names[1])
    defined = ", ".join(f"{quoted(name)} {kind}" for name, kind in columns)
    remote.execute(f"CREATE TEMP TABLE {target} ({defined}) ON COMMIT DROP".encode())
    # PostgreSQL's text cannot hold the character 0. A clean text is never empty, so that '' stands for NULL.
    texts = ", ".join(f"REPLACE(CAST({quoted(name)} AS VARCHAR), CHR(0), '')" for name, _ in columns)
    reader = local.sql(f"SELECT {texts} FROM {source}").to_arrow_reader(_BATCH)
    options = csv.WriteOptions(include_header=False)
    with remote.cursor().copy(f"COPY {target} FROM STDIN (FORMAT csv)".encode()) as copy:
        for batch in reader:
            sink = pa.BufferOutputStream()
            csv.write_csv(batch, sink, options)
            copy.write(sink.getvalue().to_pybytes())
    remote.execute(f"ANALYZE {target}".encode())
