"""A PostgreSQL of our own for one run: a cluster in a temporary folder that is gone afterwards.

    python -m tests.postgres -- pytest tests/scoring      # any command; it finds the two variables below
    with cluster() as dsn: ...

`SELARAS_TEST_DSN` is for the scoring engine, `SELARAS_DATABASE_URL` for Django; both name the same cluster. It
listens on a free loopback port and on a socket in its folder, never on 5432, and does not sync to disk: what it
holds is worth nothing after the run.
"""

import os
import pwd
import random
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.chance import REAL

BINARIES = Path("/usr/lib/postgresql")
OLDEST = 15
#: Speed over safety, and enough sort memory that a comparison in bench/ does not spill where others do not.
CONFIGURATION = """
fsync = off
synchronous_commit = off
full_page_writes = off
max_connections = 40
shared_buffers = 256MB
work_mem = 64MB
max_wal_size = 2GB
autovacuum = off
log_min_messages = warning
"""


def newest() -> Path:
    """The folder of initdb and pg_ctl; raises FileNotFoundError where no PostgreSQL ≥ 15 is installed."""
    versions = [path for path in BINARIES.glob("*/bin/initdb") if re.fullmatch(r"\d+", path.parents[1].name)]
    usable = [path.parent for path in versions if int(path.parents[1].name) >= OLDEST]
    if not usable:
        raise FileNotFoundError(f"no PostgreSQL {OLDEST} or newer under {BINARIES}; run `make system`")
    return max(usable, key=lambda path: int(path.parent.name))


def unprivileged() -> str | None:
    """Whom the server runs as: PostgreSQL refuses root. None where we are not root."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"


def run(command: list[str | Path], user: str | None) -> None:
    """Run one of PostgreSQL's programs; its output is shown only if it fails."""
    prefix = ["runuser", "-u", user, "--"] if user else []
    # The server keeps the descriptors it inherits, so a pipe would never close: a file does.
    with tempfile.TemporaryFile() as output:
        done = subprocess.run([*prefix, *map(str, command)], stdout=output, stderr=output, check=False, cwd="/")
        if done.returncode:
            output.seek(0)
            raise RuntimeError(f"{command[0]}: {output.read().decode(errors='replace')}")


def free_port() -> int:
    """A loopback port that nobody uses now, below those a kernel gives to who calls out (32768 and up on Linux): one of
    those would be taken by a neighbour's call before the server that it was found for has begun to listen."""
    # The system itself is asked: two processes of one run draw the same in tests.
    for port in random.Random(REAL(16)).sample(range(15_000, 32_000), 100):
        with socket.socket() as listener, suppress(OSError):
            listener.bind(("127.0.0.1", port))
            return port
    raise OSError("no free port between 15000 and 32000")


@contextmanager
def cluster(more: str = "") -> Iterator[str]:
    """Start a cluster, yield the URL of its database `selaras`, stop and delete it. `more` is configuration."""
    binaries, user, port = newest(), unprivileged(), free_port()
    folder = Path(tempfile.mkdtemp(prefix="selaras-postgres-"))
    data, log = folder / "data", folder / "log"
    if user:
        shutil.chown(folder, user)
    folder.chmod(0o755)
    try:
        run([binaries / "initdb", "-D", data, "-U", "selaras", "-A", "trust", "-E", "UTF8", "--no-locale", "-N"], user)
        with (data / "postgresql.conf").open("a") as configuration:
            configuration.write(
                f"{CONFIGURATION}port = {port}\nlisten_addresses = '127.0.0.1'\n"
                f"unix_socket_directories = '{folder}'\n{more}\n"
            )
        run([binaries / "pg_ctl", "-D", data, "-l", log, "-w", "-t", "60", "start"], user)
        try:
            owner = ["-h", "127.0.0.1", "-p", str(port), "-U", "selaras"]
            run([binaries / "createdb", *owner, "selaras"], user)
            yield f"postgresql://selaras@127.0.0.1:{port}/selaras"
        finally:
            run([binaries / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop"], user)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def wait(process: "subprocess.Popen[bytes]") -> int:
    """The command's exit code. Ctrl-C reaches it directly; a polite end is passed on, then we clean up."""
    signal.signal(signal.SIGTERM, lambda *_: process.terminate())
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:
            time.sleep(0.1)


def main(arguments: list[str]) -> int:
    """`-- COMMAND…`: run it with a cluster at hand; its exit code is ours."""
    command = arguments[1:] if arguments[:1] == ["--"] else arguments
    if not command:
        print("usage: python -m tests.postgres -- COMMAND…", file=sys.stderr)
        return 2
    with cluster() as dsn:
        environment = {**os.environ, "SELARAS_TEST_DSN": dsn, "SELARAS_DATABASE_URL": dsn}
        return wait(subprocess.Popen(command, env=environment))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
