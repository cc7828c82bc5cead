"""The ways to count that are compared: each takes the path of the Parquet file and counts.

Each is timed from the path to its result in a process of its own, its library loaded; see `bench.child`. What it
returns then adds up its totals, untimed, to be held against those of the others: over all units and indicators
true, known, missing, not applicable, and the sum of amounts in hundredths.
"""

import os
from collections.abc import Callable, Iterable
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench.by_hand import counting, naive
from bench.instrument import UNIT, lines, workbook

if TYPE_CHECKING:
    from selaras.scoring.tally import Tallies

Totals = list[int]
Way = Callable[[Path], Callable[[], Totals]]


def summed(rows: Iterable[tuple[Any, ...]], hundredths: int = 100) -> Totals:
    """The totals of rows with four columns an indicator after the first two; amounts times `hundredths`."""
    totals = [0, 0, 0, 0, 0]
    for row in rows:
        for place, line in enumerate(lines()):
            true, *counts = row[2 + 4 * place : 6 + 4 * place]
            if line.boolean:
                totals[0] += int(true)
            else:
                totals[4] += int(Decimal(true or 0) * hundredths)
            for index, count in enumerate(counts, start=1):
                totals[index] += int(count)
    return totals


# --- ours -----------------------------------------------------------------------------------------------------


def selaras(engine: str, *, checked: bool = True, card: bool = True) -> Callable[[], Way]:
    """The product, from the path to the card, or to the counts that a card is made of.

    The instrument has been read before, as it has in a server; compiling it to SQL is part of the time.
    """

    def prepare() -> Way:
        from selaras.scoring import engines, points
        from selaras.scoring.answers import Answers
        from selaras.scoring.workbook import read_workbook

        __import__("psycopg" if engine == "postgresql" else "duckdb")
        instrument = read_workbook(workbook()).instrument
        assert instrument is not None
        dsn = os.environ.get("SELARAS_TEST_DSN")

        def way(path: Path) -> Callable[[], Totals]:
            answers = Answers(path, unit=UNIT, checked=checked)
            tallies = engines.tally(instrument, answers, engine=engine, dsn=dsn)
            if card:
                points.scorecard(instrument, tallies)
            return lambda: tallied(tallies)

        return way

    return prepare


def tallied(tallies: "Tallies") -> Totals:
    """The totals of what the product counted."""
    totals = [0, 0, 0, 0, 0]
    for unit in tallies.units:
        for tally in unit.indicators.values():
            counts = (tally.true, tally.n, tally.missing, tally.not_applicable, int(tally.total * 100))
            totals = [total + count for total, count in zip(totals, counts, strict=True)]
    return totals


# --- DuckDB and PostgreSQL by hand ----------------------------------------------------------------------------


def by_hand() -> Way:
    import duckdb

    def way(path: Path) -> Callable[[], Totals]:
        with duckdb.connect() as connection:
            rows = connection.execute(counting(f"'{path}'")).fetchall()
        return lambda: summed(rows)

    return way


def naive_average() -> Way:
    import duckdb

    def way(path: Path) -> Callable[[], Totals]:
        with duckdb.connect() as connection:
            connection.execute(naive(f"'{path}'")).fetchall()
        return list

    return way


def postgresql_by_hand() -> Way:
    """Over a table that `bench.postgres.load` has filled before: the time is the query's alone."""
    import psycopg

    def way(path: Path) -> Callable[[], Totals]:
        with psycopg.connect(os.environ["SELARAS_TEST_DSN"]) as connection:
            rows = connection.execute(counting(f'"{path.stem}"')).fetchall()
        return lambda: summed(rows)

    return way


# --- data frames ----------------------------------------------------------------------------------------------


def pandas() -> Way:
    import pandas as pd

    def way(path: Path) -> Callable[[], Totals]:
        frame = pd.read_parquet(path)
        made: dict[str, Any] = {UNIT: frame[UNIT].astype("category"), "households": 1}
        for line in lines():
            made |= _pandas_line(frame, line.kind, line.number, line.name)
        counted = pd.DataFrame(made).groupby(UNIT, observed=True).sum()
        rows = list(counted.itertuples(index=False, name=None))
        return lambda: summed(((None, *row) for row in rows), hundredths=1)

    return way


def _pandas_line(frame: Any, kind: str, i: int, name: str) -> dict[str, Any]:
    everyone = frame[UNIT].notna()
    nobody = ~everyone
    match kind:
        case "plain":
            true, known, absent = frame[f"air{i}"] == "ya", frame[f"air{i}"].notna(), nobody
        case "either":
            true, known, absent = frame[f"rumah{i}"].isin(["baik", "sedang"]), frame[f"rumah{i}"].notna(), nobody
        case "both":
            garden, area = frame[f"kebun{i}"], frame[f"luas{i}"]
            true = (garden == "ya") & (area >= i)
            # In three values: known where both are, or where one alone says no.
            known = (garden.notna() & area.notna()) | (garden.notna() & (garden != "ya")) | (area < i)
            absent = nobody
        case "applies":
            applies = frame["balita"] > 0
            true, known = applies & (frame[f"imun{i}"] == "ya"), applies & frame[f"imun{i}"].notna()
            absent = frame["balita"] <= 0
        case "skipped":
            minutes = frame[f"menit{i}"]
            true, known, absent = minutes <= 20, minutes.notna(), minutes.isna() & (frame[f"jarak{i}"] != "jauh")
        case _:
            # Hundredths as whole numbers: a frame of doubles would not be exact, one of Decimals takes minutes.
            cents = (frame[f"belanja{i}"].astype(float) * 100).round().fillna(0).astype("int64")
            true, known, absent = cents, frame[f"belanja{i}"].notna(), nobody
    return {f"{name}_true": true, f"{name}_known": known, f"{name}_missing": ~known & ~absent, f"{name}_na": absent}


def polars() -> Way:
    import polars as pl

    def way(path: Path) -> Callable[[], Totals]:
        columns = [column for line in lines() for column in _polars_line(pl, line.kind, line.number, line.name)]
        query = pl.scan_parquet(path).group_by(UNIT).agg(pl.len().alias("households"), *columns)
        rows = query.collect(engine="streaming").rows()
        return lambda: summed(rows)

    return way


def _polars_line(pl: Any, kind: str, i: int, name: str) -> list[Any]:
    nobody = pl.lit(0)
    match kind:
        case "plain":
            value, absent = pl.col(f"air{i}") == "ya", nobody
        case "either":
            value, absent = pl.col(f"rumah{i}").is_in(["baik", "sedang"]), nobody
        case "both":
            value, absent = (pl.col(f"kebun{i}") == "ya") & (pl.col(f"luas{i}") >= i), nobody
        case "applies":
            value = pl.when(pl.col("balita") > 0).then(pl.col(f"imun{i}") == "ya")
            absent = (pl.col("balita") <= 0).sum()
        case "skipped":
            value = pl.col(f"menit{i}") <= 20
            absent = (pl.col(f"menit{i}").is_null() & pl.col(f"jarak{i}").ne_missing("jauh")).sum()
        case _:
            value, absent = pl.col(f"belanja{i}"), nobody
    known = value.count()
    parts = {"true": value.sum(), "known": known, "missing": pl.len() - known - absent, "na": absent}
    return [part.alias(f"{name}_{key}") for key, part in parts.items()]


WAYS: dict[str, Callable[[], Way]] = {
    "selaras, to the card": selaras("duckdb"),
    "selaras, to the counts": selaras("duckdb", card=False),
    "selaras, answers unchecked": selaras("duckdb", checked=False),
    "SQL by hand": by_hand,
    "naive avg(CASE …)": naive_average,
    "Polars": polars,
    "pandas": pandas,
    "PostgreSQL, SQL by hand": postgresql_by_hand,
    "selaras on PostgreSQL": selaras("postgresql"),
}
