"""What every test stands on: secrets that protect nothing, and the database that the environment names."""

import atexit
import fcntl
import gc
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import hypothesis
import pytest

from tests.chance import chance

# A slow machine fails no test; how long something may take is a bench's to say. The examples are the same in every run.
TIMED = [hypothesis.HealthCheck.too_slow]
hypothesis.settings.register_profile("selaras", deadline=None, derandomize=True, suppress_health_check=TIMED)
hypothesis.settings.load_profile("selaras")

# Before Django reads its settings. The keys are fixed so that a failure can be repeated.
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "selaras.settings")
os.environ.setdefault("SELARAS_SECRET_KEY", "only-for-tests-" * 4)
os.environ.setdefault("SELARAS_DATA_KEY", "1:" + "dGVzdC10ZXN0LXRlc3QtdGVzdC10ZXN0LXRlc3Qtdnc=")
os.environ.setdefault("SELARAS_CASES_KEY", "1:" + "cm9vbS1yb29tLXJvb20tcm9vbS1yb29tLXJvb20tdnc=")
if "SELARAS_VAR" not in os.environ:
    os.environ["SELARAS_VAR"] = tempfile.mkdtemp(prefix="selaras-test-")
    atexit.register(shutil.rmtree, os.environ["SELARAS_VAR"], ignore_errors=True)
os.environ.setdefault("SELARAS_ALLOWED_HOSTS", "127.0.0.1,localhost,testserver")
#: Of this run: its workers are started with the same environment.
VAR = Path(os.environ["SELARAS_VAR"])
ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "selaras"
#: What one run leaves for the next; nothing is lost with it.
KEPT = ROOT / "var" / "tests"


def pytest_configure() -> None:
    """SQLite tests run on a file with its write-ahead log, as the product does, not in memory. Two things that cost
    seconds and are nobody's subject are cheap: a password's hash is made in one round instead of a million (what a
    server uses, and what it costs, is asked in tests/house/test_hashing.py), and nothing waits for a disk (a commit
    is the same for whoever reads it; what outlives a power cut is asked of `selaras serve` in its own process). A code
    of the second step is good for as long again as it stands on the screen: the next may come between two requests.
    Each process of a run has media of its own: a test that tidies sweeps what stands in no row of its own database."""
    from django.conf import settings

    settings.MEDIA_ROOT = f"{VAR}/media-{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"

    settings.PASSWORD_HASHERS = ["tests.hashing.OneRound", *settings.PASSWORD_HASHERS]
    settings.MFA_TOTP_TOLERANCE = 1
    database = settings.DATABASES["default"]
    if "sqlite" in database["ENGINE"]:
        # Who writes while another does has longer to wait on a busy machine.
        database["OPTIONS"]["timeout"] = 60
        database.setdefault("TEST", {})["NAME"] = f"{VAR}/test.sqlite3"
        options = database["OPTIONS"]
        options["init_command"] = options["init_command"].replace("synchronous=FULL", "synchronous=OFF")


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup() -> None:
    """Tries of one test are no tries of the next, nor is a code that it typed one that is used up: both are remembered
    by the number of a person, which the next has too. And no test begins in the last half minute of a day, by the
    clocks of the three zones or by UTC: it would ask on the next about what it has made on this one. Midnight in
    Jayapura, Makassar and Jakarta is at 15, 16 and 17 UTC."""
    from django.core.cache import cache

    cache.clear()
    hour, second = divmod(time.time() % 86_400, 3600)
    if hour in {14, 15, 16, 23} and second > 3570:
        time.sleep(3600 - second)


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(
    fixturedef: pytest.FixtureDef[Any], request: pytest.FixtureRequest
) -> Generator[None, object, object]:
    with chance(f"{request.node.nodeid} {fixturedef.argname} {request.param_index}"):
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, None, None]:
    with chance(item.nodeid):
        yield


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What asks the database says so by its mark: the run on PostgreSQL is chosen by it."""
    unmarked = [
        item.nodeid
        for item in items
        if {"db", "transactional_db"} & set(getattr(item, "fixturenames", ()))
        and item.get_closest_marker("django_db") is None
    ]
    if unmarked:
        raise pytest.UsageError(f"mark with pytest.mark.django_db: {unmarked}")


def pytest_collection_finish() -> None:
    """What is there by now stays to the end: whoever collects garbage need not look through it again and again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """pytest-django's own: the file of a worker is there before Django looks for it. PostgreSQL's ends with its run."""
    from django.conf import settings

    return "sqlite" in settings.DATABASES["default"]["ENGINE"]


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """pytest-django's own: the tables are made once a run, and each worker begins with a copy of what came of it."""
    from django.conf import settings
    from django.db.models.signals import post_migrate

    # Each test with threads empties the tables, and Django writes its permissions, which nobody here asks, anew.
    assert post_migrate.disconnect(dispatch_uid="django.contrib.auth.management.create_permissions")
    database = settings.DATABASES["default"]
    with first_come():
        if "sqlite" in database["ENGINE"]:
            shutil.copyfile(migrated_file(), database["TEST"]["NAME"])
        else:
            database.setdefault("TEST", {})["TEMPLATE"] = migrated_database(database["NAME"])


@contextmanager
def first_come() -> Iterator[None]:
    """One worker of the run at a time."""
    with (VAR / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def make_tables(url: str) -> None:
    """All at once, as they are after every migration, in a process of its own."""
    command = [sys.executable, str(ROOT / "tests" / "tables.py")]
    subprocess.run(command, env={**os.environ, "SELARAS_DATABASE_URL": url}, check=True)


def copy_migrated(to: Path) -> None:
    """An empty SQLite database that is up to date, for a process of its own whose subject is not how it came about."""
    to.parent.mkdir(parents=True, exist_ok=True)
    with first_come():
        shutil.copyfile(migrated_file(), to)
    to.chmod(0o600)


def migrated_file() -> Path:
    """The SQLite file that is copied. One a run; the next run finds it again where nothing of it has changed since."""
    ready = VAR / "migrated.sqlite3"
    if not ready.exists():
        shape, made = shape_of_tables(), VAR / "migrating.sqlite3"
        kept = KEPT / f"migrated-{shape}.sqlite3"
        if kept.exists():
            shutil.copyfile(kept, made)
        else:
            make_tables(f"sqlite:///{made}")
            if shape == shape_of_tables():
                keep(made, kept)
        made.rename(ready)
    return ready


def shape_of_tables() -> str:
    """A digest of all that says what migrations make: they, the models and settings they run with, the libraries."""
    parts = ("migrations/*.py", "models/*.py", "cases/migrations/*.py", "cases/models.py", "settings.py")
    files = [path for part in parts for path in SOURCE.glob(part)]
    files.append(SOURCE / "management" / "demo" / "tables.py")
    digest = hashlib.sha256((ROOT / "requirements" / "base.txt").read_bytes())
    for path in sorted(files):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def keep(made: Path, kept: Path) -> None:
    """For the next run; those of other shapes go after a week."""
    KEPT.mkdir(parents=True, exist_ok=True)
    for old in KEPT.glob("migrated-*.sqlite3"):
        if time.time() - old.stat().st_mtime > 7 * 86_400:
            old.unlink(missing_ok=True)
    copy = KEPT / f"{VAR.name}.part"
    shutil.copyfile(made, copy)
    copy.rename(kept)


def migrated_database(beside: str) -> str:
    """The name of the PostgreSQL database that is copied."""
    import psycopg

    url, name = urlsplit(os.environ["SELARAS_DATABASE_URL"]), f"{beside}_migrated"
    with psycopg.connect(url.geturl(), autocommit=True) as connection:
        done = VAR / "migrated"
        if not done.exists():
            connection.execute(f'DROP DATABASE IF EXISTS "{name}"')
            connection.execute(f'CREATE DATABASE "{name}"')
            make_tables(url._replace(path=f"/{name}").geturl())
            done.touch()
    return name
