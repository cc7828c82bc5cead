"""`selaras demo` as a newcomer runs it: a first year in two commands, started twice, stopped, killed."""

import hashlib
import json
import os
import signal
import sqlite3
import stat
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing
from http.cookiejar import CookieJar
from pathlib import Path

import pytest

from tests.postgres import free_port

LONGEST = 600.0


def environment(var: Path) -> dict[str, str]:
    """A shell that knows nothing of ours but where to leave files."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("SELARAS_", "DJANGO_"))}
    return {**kept, "SELARAS_VAR": str(var)}


def selaras(var: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "selaras", *words]
    return subprocess.run(command, env=environment(var), capture_output=True, text=True, timeout=LONGEST, check=False)


@pytest.fixture(scope="module")
def var(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demo that has been started once, as a newcomer does; `first.pdf` is what it drew as soon as it had loaded."""
    folder = tmp_path_factory.mktemp("demo")
    # What a start that was cut short while it made its tables has left.
    (folder / "demo.part").write_bytes(b"half of a database")
    base = f"http://127.0.0.1:{free_port()}"
    command = [sys.executable, "-m", "selaras", "demo", "--port", base.rpartition(":")[2]]
    with subprocess.Popen(
        command, env=environment(folder), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    ) as server:
        try:
            eventually(lambda: answers(f"{base}/sehat") == 200 or server.poll() is not None)
            assert server.poll() is None, server.stderr and server.stderr.read().decode()
            (folder / "first.pdf").write_bytes(drawn(base, folder))
            eventually(lambda: rows(folder, COUNTS)[0][-1] == 0)  # that she took it is sealed
        finally:
            server.send_signal(signal.SIGTERM)
            _, said = server.communicate(timeout=LONGEST)
    assert (server.returncode, b"Traceback" in said) == (0, False)
    # Which test comes first is the run's to say; others start and kill it again.
    (folder / "counts.json").write_text(json.dumps(rows(folder, COUNTS)))
    return folder


def test_what_a_start_that_was_cut_short_has_left_is_gone(var: Path) -> None:
    assert [path.name for path in var.glob("demo.*") if ".part" in path.name] == []


def drawn(base: str, folder: Path) -> bytes:
    """The matrix on A3, taken by the secretariat."""
    people = json.loads((folder / "demo-accounts.json").read_text())["accounts"]
    she = next(row for row in people if row["role"] == "secretariat")
    jar = CookieJar()
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    browser.open(f"{base}/masuk/", timeout=60).close()
    token = next(cookie.value or "" for cookie in jar if cookie.name == "csrftoken")
    form = {"csrfmiddlewaretoken": token, "login": she["username"], "password": she["password"]}
    browser.open(f"{base}/masuk/", urllib.parse.urlencode(form).encode(), timeout=60).close()
    with browser.open(f"{base}{she['lands_on']}matriks/a3.pdf", timeout=60) as answer:
        content: bytes = answer.read()
    return content


def rows(var: Path, query: str) -> list[tuple[object, ...]]:
    with sqlite3.connect(f"file:{var / 'demo.sqlite3'}?mode=ro", uri=True) as connection:
        return connection.execute(query).fetchall()


COUNTS = """
SELECT (SELECT count(*) FROM selaras_household WHERE pending IS NULL), (SELECT count(*) FROM selaras_submission),
       (SELECT count(*) FROM selaras_currentanswers WHERE dirty), (SELECT count(*) FROM selaras_unitcounter),
       (SELECT count(*) FROM selaras_fact), (SELECT count(*) FROM selaras_result),
       (SELECT count(*) FROM selaras_auditentry WHERE seal_id IS NULL)
"""


def test_the_demo_has_two_loci_of_a_hundred_families_scored_frozen_and_sealed(var: Path) -> None:
    # The baseline of both, in one of them the 36 forms of a round that has begun, and twelve families of a second city;
    # of the facts six are of hand-overs that are out.
    assert json.loads((var / "counts.json").read_text()) == [[212, 248, 0, 10, 61, 2, 0]]
    scored = """
        SELECT cycle.slug, count(DISTINCT score.household_id), count(DISTINCT score.indicator_id), count(*)
        FROM selaras_householdscore score JOIN selaras_round round ON round.id = score.round_id
        JOIN selaras_cycle cycle ON cycle.id = round.cycle_id WHERE round.kind = 'baseline' GROUP BY 1 ORDER BY 1
    """
    assert rows(var, scored) == [("kota-cilegon-2024", 200, 72, 14400), ("krppa-kota-serang-2024", 12, 14, 168)]


def test_two_cadres_have_been_out_with_phones_and_something_waits_for_the_office(var: Path) -> None:
    phones = rows(var, "SELECT count(*), count(seen_at) FROM selaras_phonetoken")
    states = rows(var, "SELECT state, reason, count(*) FROM selaras_arrival GROUP BY 1, 2 ORDER BY 1, 2")
    edits = rows(var, "SELECT state, count(*) FROM selaras_householdedit GROUP BY 1 ORDER BY 1")
    visits = rows(var, "SELECT outcome, count(*) FROM selaras_visit GROUP BY 1 ORDER BY 1")

    # The third is the one of the file, to be tried.
    assert phones == [(3, 2)]
    assert states == [("practice", "", 2), ("quarantined", "late", 1), ("taken", "", 45)]
    # Ten families said of somebody for the first time that there is no NIK yet.
    assert edits == [("applied", 11), ("conflict", 1)]
    assert dict(visits) == {"bertemu": 36, "menolak": 1, "pindah": 1, "tidak_di_rumah": 6, "tidak_ditemukan": 1}


def test_a_phone_can_be_set_up_with_the_address_of_the_file(var: Path) -> None:
    url = json.loads((var / "demo-accounts.json").read_text())["odk_url"]
    token = url.rpartition("/odk/")[2]
    stored = rows(var, "SELECT token_hash FROM selaras_phonetoken WHERE seen_at IS NULL")

    assert stored == [(hashlib.sha256(token.encode()).hexdigest(),)]


def test_a_sheet_is_drawn_at_once_by_a_demo_that_has_just_drawn_others(var: Path) -> None:
    assert (var / "first.pdf").read_bytes()[:5] == b"%PDF-"


def test_the_accounts_are_one_for_every_role_in_a_file_that_only_its_owner_reads(var: Path) -> None:
    path = var / "demo-accounts.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE((var / "demo-secrets.json").stat().st_mode) == 0o600
    content = json.loads(path.read_text())
    assert set(content) == {"base_url", "odk_url", "accounts"}
    assert {row["role"] for row in content["accounts"]} == {
        "administrator",
        "secretariat",
        "liaison",
        "supervisor",
        "cadre",
        "protection",
        "juror",
        "province",
        "leader",
    }
    lands = {row["username"]: row["lands_on"] for row in content["accounts"]}
    assert lands["sekretariat"] == lands["admin"] == "/tahun/kota-cilegon-2024/"
    assert lands["sekretariat-serang"] == "/tahun/krppa-kota-serang-2024/lokus/36.73.01.1001/"
    assert lands["lurah-gedongdalem"] == "/tahun/kota-cilegon-2024/lokus/36.72.05.1005/"


def test_started_twice_it_keeps_data_and_passwords(var: Path) -> None:
    before = (rows(var, COUNTS), (var / "demo-accounts.json").read_text())
    port = json.loads(before[1])["base_url"].rpartition(":")[2]
    done = selaras(var, "demo", "--no-serve", "--port", port)
    assert (done.returncode, done.stderr) == (0, "")
    assert (rows(var, COUNTS), (var / "demo-accounts.json").read_text()) == before


def test_other_commands_find_the_demo_in_its_folder(var: Path) -> None:
    result = rows(var, "SELECT uuid FROM selaras_result")[0][0]
    done = selaras(var, "verify-result", str(result))
    assert (done.returncode, "cocok: instrumen, data, dan setiap angka sama" in done.stdout) == (0, True)


def test_serve_does_not_take_the_demo_for_a_server(var: Path) -> None:
    done = selaras(var, "serve")
    assert (done.returncode, "SELARAS_SECRET_KEY belum diisi" in done.stderr) == (2, True)


# --- serving --------------------------------------------------------------------------------------------------------
def answers(url: str) -> int:
    try:
        with urllib.request.urlopen(url, timeout=60) as response:
            return int(response.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0


def eventually(holds: Callable[[], bool]) -> None:
    """Wait until it holds; fail after LONGEST seconds."""
    until = time.monotonic() + LONGEST
    while not holds():
        assert time.monotonic() < until, "it never held"
        time.sleep(0.2)


@pytest.fixture
def server(var: Path) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """The demo serving on a free port, named as a shell names it; the stories name theirs by `--port`."""
    port = free_port()
    command = [sys.executable, "-m", "selaras", "demo"]
    named = {**environment(var), "PORT": str(port)}
    with subprocess.Popen(command, env=named, stdout=subprocess.DEVNULL) as process:
        base = f"http://127.0.0.1:{port}"
        eventually(lambda: answers(f"{base}/sehat") == 200)
        yield process, base
        process.kill()


def children(of: int) -> list[int]:
    """Processes that this one started, and theirs."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == of:
            found += [int(path.parent.name), *children(int(path.parent.name))]
    return found


def lives(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def test_it_serves_and_stops_when_asked(var: Path, server: tuple[subprocess.Popen[bytes], str]) -> None:
    process, base = server
    assert answers(f"{base}/masuk/") == 200
    assert json.loads((var / "demo-accounts.json").read_text())["base_url"] == base
    eventually(lambda: len(children(process.pid)) >= 3)  # two web processes and the worker
    started = children(process.pid)
    process.send_signal(signal.SIGTERM)
    assert process.wait(LONGEST) == 0
    assert [one for one in started if lives(one)] == []


def test_killed_it_leaves_nobody_behind(server: tuple[subprocess.Popen[bytes], str]) -> None:
    process, _ = server
    started = children(process.pid)
    process.kill()
    process.wait(LONGEST)
    eventually(lambda: not any(lives(one) for one in started))


def test_a_worker_that_dies_is_started_again(var: Path, server: tuple[subprocess.Popen[bytes], str]) -> None:
    process, _ = server

    def working() -> set[int]:
        """Children that have said in the database that they work: a job is leased by such a name."""
        with closing(sqlite3.connect(var / "demo.sqlite3")) as database:
            names = [name for (name,) in database.execute("SELECT name FROM selaras_worker")]
        return {int(name.rpartition(":")[2]) for name in names} & set(children(process.pid))

    eventually(lambda: len(working()) == 1)
    (worker,) = working()
    os.kill(worker, signal.SIGKILL)
    eventually(lambda: len(working() - {worker}) == 1)
    process.send_signal(signal.SIGTERM)
    assert process.wait(LONGEST) == 0
