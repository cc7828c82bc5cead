"""One engine serves all runs of a process: what one of them holds, no other sees, and nothing of it stays."""

from concurrent.futures import ThreadPoolExecutor

import duckdb
import pyarrow as pa
import pytest

from selaras.scoring.engines.duckdb import _engine, connected

DATABASES = "SELECT database_name FROM duckdb_databases() WHERE NOT internal"


def test_two_runs_at_once_see_only_their_own() -> None:
    with connected() as mine, connected() as hers:
        mine.execute("CREATE TABLE households AS SELECT 1 AS jumlah")
        mine.register("given", pa.table({"jumlah": [2]}))
        for query in ("SELECT * FROM households", "SELECT * FROM given"):
            assert len(mine.execute(query).fetchall()) == 1
            with pytest.raises(duckdb.CatalogException):
                hers.execute(query)


def failing() -> None:
    with connected() as connection:
        connection.execute("CREATE TABLE households AS SELECT 1 AS jumlah")
        connection.execute("SELECT CAST('x' AS INTEGER)")


def test_nothing_of_a_run_stays_even_where_it_failed() -> None:
    with pytest.raises(duckdb.ConversionException):
        failing()

    with connected() as connection:
        [(own,)] = connection.execute("SELECT current_database()").fetchall()
        assert {name for (name,) in connection.execute(DATABASES).fetchall()} == {"memory", own}
        assert connection.execute("SELECT count(*) FROM duckdb_tables()").fetchall() == [(0,)]


def test_threads_do_not_disturb_each_other() -> None:
    def counted(number: int) -> int:
        with connected() as connection:
            connection.register("given", pa.table({"n": list(range(number))}))
            connection.execute("CREATE VIEW households AS SELECT * FROM given")
            [(found,)] = connection.execute("SELECT count(*) FROM households").fetchall()
            return int(found)

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(counted, range(1, 40))) == list(range(1, 40))


def test_an_engine_that_fails_is_followed_by_another() -> None:
    before = _engine()
    with connected() as connection:
        [(name,)] = connection.execute("SELECT current_database()").fetchall()
        # As after a fault of its own: what it is asked at the end, it does not answer.
        connection.execute(f"USE memory; DETACH {name}")

    assert _engine() is not before
    with connected() as connection:
        assert connection.execute("SELECT 1").fetchall() == [(1,)]
