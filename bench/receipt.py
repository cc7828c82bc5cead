"""How many filled forms a second are received, on SQLite and on PostgreSQL, both durable; and what our promises cost.

    python -m bench receipt
    python -m bench.receipt begin|pages|all PORT     (one of the processes, by hand)

A form of 250 questions, alone or with a distinct photo of 337 kB, from 8 connections to `selaras serve`'s web server.
The plain floor (bench/floor.py) stands behind the same server and takes turns with it; the worker, which would read
what came, runs only in the first part: 50 forms a second for a minute.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

from bench.senders import INSTANCE
from bench.table import Figure, judged, show

QUESTIONS, CONNECTIONS, PHOTO = 250, 8, 337_000
#: Seconds of a turn, and of the part at a steady rate.
TURN, STEADY, RATE = 6.0, 60.0, 50
LEAST, MOST_MIB = 0.6, 400
DURABLE = "fsync = on\nsynchronous_commit = on\nfull_page_writes = on\nautovacuum = on"


def main(runs: int, _households: int) -> list[Figure]:
    """Both databases, one after the other."""
    figures = []
    with tempfile.TemporaryDirectory(prefix="selaras-receipt-") as folder:
        figures += _database("SQLite", Path(folder), f"sqlite:///{folder}/selaras.sqlite3", runs)
    from tests.postgres import cluster

    with tempfile.TemporaryDirectory(prefix="selaras-receipt-") as folder, cluster(DURABLE) as dsn:
        figures += _database("PostgreSQL", Path(folder), dsn, runs)
    show(f"Receipt: {QUESTIONS} questions, {CONNECTIONS} connections", figures)
    return figures


def _database(name: str, folder: Path, url: str, runs: int) -> list[Figure]:
    own = _environment(folder, url)
    begun = json.loads(_child(own, "begin").splitlines()[-1])
    figures = _steady(name, own, begun)
    with _served(own, "pages") as (port, _process):
        for kind, photo in (("without a photo", 0), ("with a photo", PHOTO)):
            rates: dict[str, list[float]] = {"ours": [], "floor": []}
            for turn in range(runs + 1):
                for which, path in (("floor", "/polos"), ("ours", begun["path"])):
                    found = _send(
                        port, path=path, form=begun["form"], photo=photo, rate=0, seconds=TURN if turn else 2.0
                    )
                    if turn:
                        rates[which].append(found["sent"] / found["seconds"])
            ratio = median(ours / floor for ours, floor in zip(rates["ours"], rates["floor"], strict=True))
            figures += [
                Figure(f"{name}, {kind}: the plain floor", _span(rates["floor"])),
                Figure(f"{name}, {kind}: received", _span(rates["ours"])),
                Figure(f"{name}, {kind}: received / floor", f"{ratio:.2f}", f"≥ {LEAST}", ratio >= LEAST),
            ]
    return figures


def _steady(name: str, own: dict[str, str], begun: dict[str, Any]) -> list[Figure]:
    """The part at a steady rate comes first: what the turns bring would be read by the worker at the same time."""
    with _served(own, "all") as (port, process):
        peak = _Peak(process.pid)
        found = _send(port, peak, **begun, photo=0, rate=RATE, seconds=STEADY)
    asked = int(RATE * STEADY)
    return [
        Figure(
            f"{name}, {RATE}/s for {STEADY:.0f} s: received", f"{found['sent']:.0f} of {asked}", "all",
            found["sent"] >= asked and not found["failed"],
        ),
        Figure(f"{name}, {RATE}/s: p50, p95", f"{found['p50']:.1f}, {found['p95']:.1f} ms"),
        judged(f"{name}, {RATE}/s: memory of all processes", peak.mib, MOST_MIB, "MiB", 0),
    ]  # fmt: skip


def _span(rates: list[float]) -> str:
    return f"{median(rates):.0f}/s ({min(rates):.0f}–{max(rates):.0f})"


def _environment(folder: Path, url: str) -> dict[str, str]:
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "bench.floor_settings",
        "SELARAS_SECRET_KEY": "only-for-measuring-" * 3,
        "SELARAS_DATA_KEY": "1:bWVhc3VyZS1tZWFzdXJlLW1lYXN1cmUtbWVhc3VyZSE=",
        "SELARAS_VAR": str(folder),
        "SELARAS_DATABASE_URL": url,
        "SELARAS_ALLOWED_HOSTS": "127.0.0.1",
    }


def _child(own: dict[str, str], *words: str, given: str = "", module: str = "bench.receipt") -> str:
    command = [sys.executable, "-m", module, *words]
    return subprocess.run(command, env=own, input=given, stdout=subprocess.PIPE, text=True, check=True).stdout


class _Peak:
    """The most memory of a process group, shared pages counted once."""

    def __init__(self, group: int) -> None:
        self._group, self.mib = group, 0.0

    def look(self) -> None:
        total = 0
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                if os.getpgid(int(folder.name)) == self._group:
                    lines = (folder / "smaps_rollup").read_text().splitlines()
                    total += next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
            except (OSError, StopIteration):
                continue
        self.mib = max(self.mib, total / 1024)


def _send(port: int, peak: _Peak | None = None, **orders: Any) -> dict[str, float]:
    """What bench.senders found."""
    orders |= {"port": port, "connections": CONNECTIONS}
    command = [sys.executable, "-m", "bench.senders"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(json.dumps(orders))
        process.stdin.close()
        while peak is not None and process.poll() is None:
            peak.look()
            time.sleep(1.0)
        found: dict[str, float] = json.loads(process.stdout.read())
    return found


@contextmanager
def _served(own: dict[str, str], word: str) -> Iterator[tuple[int, "subprocess.Popen[bytes]"]]:
    from tests.postgres import free_port

    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "bench.receipt", word, str(port)], env=own, start_new_session=True
    )
    try:
        for _ in range(600):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/masuk/", timeout=10).read()
                break
            except OSError:
                time.sleep(0.1)
        yield port, process
    finally:
        process.terminate()
        process.wait(60)


def begin() -> dict[str, Any]:
    """A round with the long form handed out, its phone, and the floor's table."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    from tests import build
    from tests.build_field import filled, open_field
    from tests.sample_workbook import rows, sample

    from bench.models import Plain

    with connection.schema_editor() as editor:
        editor.create_model(Plain)
    asked = [["text", f"q{number:03}", f"Pertanyaan {number} tentang keluarga?"] for number in range(QUESTIONS)]
    of = open_field(sample(survey=[*rows("survey"), *asked]))
    answers = "".join(f"<q{number:03}>jawaban {number} dari keluarga</q{number:03}>" for number in range(QUESTIONS))
    xml = filled(of.form, build.household(of.programme.lokus), instance=f"uuid:{INSTANCE}", more=answers)
    return {"path": f"/odk/{of.phone.token}/submission", "form": xml.decode()}


def serve(word: str, port: int) -> None:
    """The web server alone, or with the worker."""
    import django

    django.setup()
    from selaras.management import serving

    start = serving.serve_pages if word == "pages" else serving.serve
    start(host="127.0.0.1", port=port, processes=2, threads=4)


if __name__ == "__main__":
    if sys.argv[1] == "begin":
        print(json.dumps(begin()))
    else:
        serve(sys.argv[1], int(sys.argv[2]))
