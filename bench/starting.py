"""How long an official waits: a workbook becomes SQL, and `selaras score` on 200 families, start included."""

import os
import subprocess
import sys
import time
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from bench.answers import parquet
from bench.instrument import UNIT, workbook
from bench.table import Figure, judged, show

FAMILIES = 200


def main(runs: int, _households: int) -> list[Figure]:
    """Both figures; the number of households does not matter here."""
    reading, compiling = compile_times(runs)
    with TemporaryDirectory() as folder:
        score = median(score_times(Path(folder), runs))
        bare = median(timed([sys.executable, "-c", "import duckdb"]) for _ in range(runs))
    figures = [
        Figure("reading and checking 100 indicators", f"{median(reading):.3f} s"),
        judged("compiling them to SQL", median(compiling), 0.5, "s", 3),
        Figure("Python with DuckDB, doing nothing", f"{bare:.3f} s"),
        judged(f"selaras score, {FAMILIES} families, wall", score, 1.5, "s", 3),
    ]
    show("Waiting", figures)
    return figures


def compile_times(runs: int) -> tuple[list[float], list[float]]:
    """Seconds from the workbook's bytes to an instrument, and from there to the statement's text."""
    from selaras.scoring import engines
    from selaras.scoring.workbook import read_workbook

    data = workbook(100)
    reading, compiling = [], []
    for _ in range(runs + 1):
        start = time.perf_counter()
        instrument = read_workbook(data).instrument
        assert instrument is not None
        read = time.perf_counter()
        assert engines.statement(instrument)
        reading.append(read - start)
        compiling.append(time.perf_counter() - read)
    return reading[1:], compiling[1:]


def score_times(folder: Path, runs: int) -> list[float]:
    """Wall seconds of the command on the 60 indicators and a CSV, after one run that warms the disk."""
    import duckdb

    book, data = folder / "workbook.xlsx", folder / "keluarga.csv"
    book.write_bytes(workbook())
    with duckdb.connect() as connection:
        connection.execute(f"COPY (FROM '{parquet(FAMILIES)}') TO '{data}' (HEADER)")
    command = [sys.executable, "-m", "selaras", "score", str(book), str(data), "--by", UNIT, "--json"]
    return [timed(command) for _ in range(runs + 1)][1:]


def timed(command: list[str]) -> float:
    """Wall seconds of a command that must succeed."""
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env={**os.environ, "PYTHONDONTWRITEBYTECODE": ""})
    return time.perf_counter() - start
