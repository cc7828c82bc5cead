"""kill -9 at any moment of freezing, backing up and migrating: nothing is half there, and the next start is clean."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from selaras.actions.backups import archive
from tests.openrosa import serving
from tests.soak.test_killed_imports import database

__all__ = ["database"]

#: How often each is killed.
KILLS = 3 * int(os.environ.get("N", "1"))


def start(environment: dict[str, str], *words: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.soak.serving", *words], env=environment, stdout=subprocess.PIPE, text=True
    )


def done(environment: dict[str, str], *words: str) -> str:
    with start(environment, *words) as process:
        output, _ = process.communicate(timeout=1200)
    assert process.returncode == 0, words
    return output


def look(environment: dict[str, str], word: str = "look") -> dict[str, Any]:
    seen: dict[str, Any] = json.loads(done(environment, word).splitlines()[-1])
    return seen


def killed(environment: dict[str, str], after: float, *words: str) -> bool:
    """Start and kill; whether it was killed before it was done."""
    with start(environment, *words) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "mulai\n"
        time.sleep(after)
        process.send_signal(signal.SIGKILL)
        rest = process.stdout.read()
    return "selesai" not in rest


def longest(environment: dict[str, str], *words: str) -> float:
    """Seconds that it takes when nobody kills it."""
    return float(done(environment, *words).split()[-1])


def sooner(most: float, amid: bool) -> float:
    """What came too late was measured on a machine that had much else to do just then."""
    return most if amid else most / 4


def test_a_killed_freeze_leaves_a_whole_result_or_none(database: dict[str, str]) -> None:
    done(database, "begin")
    draw, kills = random.Random(20240426), 0
    most = longest(database, "freeze")
    for _ in range(KILLS):
        amid = killed(database, draw.uniform(0.0, most), "freeze")
        kills, most = kills + amid, sooner(most, amid)
        seen = look(database)
        assert (seen["hold"], seen["audit"], seen["results"]) == (True, True, seen["frozen"])
    assert kills > 0
    before = look(database)["results"]
    done(database, "freeze")
    assert look(database)["results"] == before + 1


def test_a_killed_backup_is_no_file_or_a_whole_one(database: dict[str, str], tmp_path: Path) -> None:
    done(database, "begin")
    draw, kills = random.Random(20240427), 0
    most = longest(database, "backup", str(tmp_path / "0.zip"))
    for number in range(1, KILLS + 1):
        path = tmp_path / f"{number}.zip"
        amid = killed(database, draw.uniform(0.0, most), "backup", str(path))
        kills, most = kills + amid, sooner(most, amid)
        if path.exists():
            with archive.reading(path) as reader:
                assert reader.manifest.tables()
    assert kills > 0
    done(database, "backup", str(tmp_path / "akhir.zip"))
    assert look(database)["audit"]


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_killed_migration_goes_on_where_it_was(kind: str, tmp_path: Path) -> None:
    with serving.empty(kind, tmp_path) as database:
        done(database, "old")
        draw, kills = random.Random(20240428), 0
        for _ in range(KILLS):
            kills += killed(database, draw.uniform(0.0, 1.0), "migrate")
            assert look(database, "waiting")["waiting"] >= 0
        done(database, "migrate")
        seen = look(database)
    assert (seen["waiting"], seen["hold"], seen["audit"]) == (0, True, True)
    assert (kills > 0, seen["results"] > 0) == (True, True)
