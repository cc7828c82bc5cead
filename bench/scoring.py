"""1,000,000 and 10,000,000 households × 60 indicators, ours and other ways, in turns."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from bench.answers import FOLDER
from bench.table import Figure, judged, show

BASE = "SQL by hand"
CARD, COUNTS = "selaras, to the card", "selaras, to the counts"
OTHERS = ("naive avg(CASE …)", "Polars", "pandas", "selaras, answers unchecked")
POSTGRESQL = ("PostgreSQL, SQL by hand", "selaras on PostgreSQL")
GIB = 1024.0
#: Households of the run that only warms.
SMALL = 2_000


@dataclass
class Runs:
    """What the runs of one way gave."""

    seconds: list[float] = field(default_factory=list)
    mib: list[float] = field(default_factory=list)
    totals: list[int] = field(default_factory=list)

    @property
    def median(self) -> float:
        return median(self.seconds)


def answers(households: int) -> Path:
    """The Parquet file, written by a process of its own so that this one stays small."""
    path = FOLDER / f"answers-{households}.parquet"
    if not path.exists():
        print(f"writing {path} …", flush=True)
        command = f"from bench.answers import parquet; parquet({households})"
        subprocess.run([sys.executable, "-c", command], check=True)
    return path


def in_turns(ways: tuple[str, ...], path: Path, runs: int) -> dict[str, Runs]:
    """Each way once to warm the file's pages, then `runs` rounds of each in turn: A B C A B C."""
    found = {way: Runs() for way in ways}
    small = [] if ways == POSTGRESQL else [str(answers(SMALL))]
    for turn in range(runs + 1):
        for way in ways:
            command = [sys.executable, "-m", "bench.child", way, str(path), *small]
            done = subprocess.run(command, check=True, capture_output=True, text=True)
            result = json.loads(done.stdout)
            if turn:
                found[way].seconds.append(result["seconds"])
                found[way].mib.append(result["mib"])
                found[way].totals = result["totals"]
    return found


def million(runs: int, households: int = 1_000_000) -> list[Figure]:
    """Ours against SQL by hand, with the others beside."""
    path = answers(households)
    ways = (CARD, COUNTS, BASE, *OTHERS)
    found = in_turns(ways, path, runs)
    if os.environ.get("SELARAS_TEST_DSN"):
        # The slow ones once: their ratio is not a close call.
        subprocess.run([sys.executable, "-m", "bench.postgres", str(path)], check=True)
        found |= in_turns(POSTGRESQL, path, 1)
    base = found[BASE]
    figures = [
        Figure(way, f"{one.median:.2f} s = {one.median / base.median:.2f} × by hand, {max(one.mib):.0f} MiB")
        for way, one in found.items()
    ]
    others = [way for way, one in found.items() if one.totals and one.totals != base.totals]
    return [
        *figures,
        Figure("every way counts the same", "no: " + ", ".join(others) if others else "yes", "yes", not others),
        judged("counts: ours to SQL by hand", found[COUNTS].median / base.median, 1.2, "×"),
        judged("peak memory", max(found[CARD].mib) / GIB, 1.0, "GiB"),
    ]


def ten_million(runs: int, households: int = 1_000_000) -> list[Figure]:
    """Ours on ten times as many, in turns with ours on so many."""
    small, large = answers(households), answers(10 * households)
    one, ten = Runs(), Runs()
    for _ in range(runs):
        for runs_of, path in ((one, small), (ten, large)):
            found = in_turns((CARD,), path, 1)[CARD]
            runs_of.seconds += found.seconds
            runs_of.mib += found.mib
    return [
        Figure(f"{households:,} households", f"{one.median:.2f} s"),
        Figure(f"{10 * households:,} households", f"{ten.median:.2f} s"),
        judged("ten times as many", ten.median / one.median, 11, "×"),
        judged("peak memory", max(ten.mib) / GIB, 4.0, "GiB"),
    ]


def main(runs: int, households: int) -> list[Figure]:
    """Both."""
    first = million(runs, households)
    show(f"{households:,} households × 60 indicators by kelurahan, from Parquet", first)
    second = ten_million(max(1, runs // 2), households)
    show("Ten times as many", second)
    return first + second
