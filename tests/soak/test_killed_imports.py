"""kill -9 at any moment of an import: half of it is never seen, and the next worker finishes it."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.openrosa import serving

#: How often each import is killed before it may finish.
KILLS = 4 * int(os.environ.get("N", "1"))
FAMILIES = 400
#: Longest time that a worker gets before it is killed, in seconds.
LONGEST = 3.0


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[dict[str, str]]:
    """The environment of a fresh database."""
    with serving.environment(request.param, tmp_path) as found:
        yield found


def start(command: str, environment: dict[str, str]) -> subprocess.Popen[str]:
    arguments = [sys.executable, "-m", "tests.soak.importing", command, str(FAMILIES)]
    return subprocess.Popen(arguments, env=environment, stdout=subprocess.PIPE, text=True)


def done(command: str, environment: dict[str, str]) -> str:
    with start(command, environment) as process:
        output, _ = process.communicate(timeout=1200)
    assert process.returncode == 0
    return output


def look(environment: dict[str, str]) -> dict[str, Any]:
    seen: dict[str, Any] = json.loads(done("look", environment).splitlines()[-1])
    return seen


def killed(environment: dict[str, str], after: float) -> bool:
    """Start a worker and kill it; whether it was killed before it was done."""
    with start("work", environment) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "mulai\n"
        time.sleep(after)
        process.send_signal(signal.SIGKILL)
        rest = process.stdout.read()
    return "selesai" not in rest


def test_an_import_killed_again_and_again_is_never_half_visible(database: dict[str, str]) -> None:
    done("begin", database)
    draw = random.Random(20240425)
    kills = 0
    for _ in range(KILLS):
        kills += killed(database, draw.uniform(0.05, LONGEST))
        seen = look(database)
        assert seen["families"] == seen["answers"]
        assert seen["families"] in {0, FAMILIES}
        assert (seen["state"] == "published") == (seen["families"] == FAMILIES)
        assert seen["counted"] == seen["answers"] - seen["dirty"]
        assert seen["wrong"] == []
    assert kills > 0
    done("work", database)
    seen = look(database)
    assert seen == {
        "state": "published",
        "families": FAMILIES,
        "answers": FAMILIES,
        "dirty": 0,
        "counted": FAMILIES,
        "stored": FAMILIES,
        "submissions": FAMILIES,
        "staged": 0,
        "wrong": [],
    }
