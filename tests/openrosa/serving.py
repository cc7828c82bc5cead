"""`selaras serve` as an office runs it, on either database, and the wire to it."""

import http.client
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
from django.utils.datastructures import CaseInsensitiveMapping

from tests.conftest import copy_migrated, make_tables
from tests.openrosa.collect import Reply
from tests.postgres import cluster, free_port

#: Seconds that a server may take to answer, on a machine that does other things too.
STARTS_WITHIN = 180.0
ANSWERS_WITHIN = 60.0


@contextmanager
def empty(kind: str, folder: Path) -> Iterator[dict[str, str]]:
    """The environment of a database of `sqlite` or `postgresql` in which there is nothing, with a media folder of its
    own."""
    own = {**os.environ, "SELARAS_VAR": str(folder)}
    own.pop("SELARAS_TEST_DSN", None)
    if kind == "sqlite":
        yield {**own, "SELARAS_DATABASE_URL": f"sqlite:///{folder / 'selaras.sqlite3'}"}
        return
    with cluster() as dsn:
        with psycopg.connect(dsn, autocommit=True) as connection:
            connection.execute("CREATE DATABASE phones")
        yield {**own, "SELARAS_DATABASE_URL": urlsplit(dsn)._replace(path="/phones").geturl()}


@contextmanager
def environment(kind: str, folder: Path) -> Iterator[dict[str, str]]:
    """The same with the tables of today; that migrations make these: tests/soak/test_tables.py."""
    with empty(kind, folder) as own:
        if kind == "sqlite":
            copy_migrated(folder / "selaras.sqlite3")
        else:
            make_tables(own["SELARAS_DATABASE_URL"])
        yield own


def beside(own: Mapping[str, str], *words: str) -> dict[str, Any]:
    """What a process of tests.openrosa.field prints."""
    command = [sys.executable, "-m", "tests.openrosa.field", *words]
    done = subprocess.run(command, env=dict(own), stdout=subprocess.PIPE, text=True, check=True, timeout=300)
    said: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return said


class Server:
    """One `selaras serve` in a process group of its own, so that a kill reaches all of it at once."""

    def __init__(self, own: Mapping[str, str], folder: Path) -> None:
        self.port, self._own, self._log = free_port(), dict(own), folder / "serve.log"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start it and wait until it answers."""
        command = [sys.executable, "-m", "selaras", "serve", "--port", str(self.port)]
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                command, env=self._own, stdout=log, stderr=log, stdin=subprocess.DEVNULL, start_new_session=True
            )
        until = time.monotonic() + STARTS_WITHIN
        while time.monotonic() < until and self._process.poll() is None:
            ask = Wire(self.address)
            try:
                ask("GET", f"http://{self.address}/odk/x/formList", {}, b"")
            except (OSError, http.client.HTTPException):
                time.sleep(0.1)
            else:
                return
            finally:
                ask.close()
        raise RuntimeError(self._log.read_text(errors="replace"))

    def start_again(self) -> None:
        """Where it was stopped; else nothing."""
        if self._process is None:
            self.start()

    def kill(self) -> None:
        """As a power cut would: everything of it at once, at any moment."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """As an operator would."""
        self._end(signal.SIGTERM)

    def _end(self, how: signal.Signals) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        if how == signal.SIGKILL:
            os.killpg(process.pid, how)
        else:
            process.send_signal(how)
        process.wait(STARTS_WITHIN)


@contextmanager
def served(own: Mapping[str, str], folder: Path) -> Iterator[Server]:
    """Started, and stopped at the end."""
    server = Server(own, folder)
    server.start()
    try:
        yield server
    finally:
        server.stop()


class Wire:
    """Requests over one connection that is kept open, as a phone does; to `address`, whatever the URL's host is."""

    def __init__(self, address: str) -> None:
        host, _, port = address.partition(":")
        self._connection = http.client.HTTPConnection(host, int(port), timeout=ANSWERS_WITHIN)

    def __call__(self, method: str, url: str, headers: Mapping[str, str], body: bytes) -> Reply:
        found = urlsplit(url)
        target = found.path + (f"?{found.query}" if found.query else "")
        try:
            self._connection.request(method, target, body or None, {"Host": found.netloc, **headers})
            response = self._connection.getresponse()
            said = CaseInsensitiveMapping(dict(response.headers))
            return Reply(response.status, said, response.read())
        except BaseException:
            self._connection.close()
            raise

    def close(self) -> None:
        """Hang up."""
        self._connection.close()
