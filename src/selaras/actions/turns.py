"""On SQLite, one writer of the server's processes after the other, woken when its turn has come.

SQLite's own wait is to sleep ever longer and try again: whoever writes without a pause, as the worker does when forms
come, is always quicker, and who sends a form waits for a second. Those who write often take turns at a door instead, a
file beside the database, at which the kernel lets the next one in. Whoever does not come by this door still waits as
SQLite has it. PostgreSQL needs none of it.
"""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import OperationalError, connection, transaction

#: Seconds after which nobody waits for a turn any more, where the database's settings say none.
PATIENCE = 20.0

_doors: dict[str, int] = {}


@contextmanager
def in_turn(since: float | None = None) -> Iterator[None]:
    """A transaction, begun when no other process is in one that came by here; inside another it is a part of that.

    Raises OperationalError to who came (`since`, of the monotonic clock; now, where none is said) longer ago than a
    database is waited for: a database that is locked fails all of a line by then, and not one process after the other.
    """
    with at_door(time.monotonic() if since is None else since), transaction.atomic():
        yield


@contextmanager
def at_door(since: float) -> Iterator[None]:
    """No other process is in a transaction that came by here; none is begun. Raises OperationalError, as `in_turn`.

    Of one process only one thread at a time may come: to the kernel they are one. Inside a transaction nothing is done.
    """
    name = str(connection.settings_dict["NAME"])
    if connection.vendor != "sqlite" or connection.in_atomic_block or not Path(name).is_absolute():
        yield
        return
    door = _doors.get(name)
    if door is None:
        # Open while the process lives.
        door = _doors[name] = os.open(f"{name}-giliran", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    fcntl.flock(door, fcntl.LOCK_EX)
    try:
        if time.monotonic() - since > connection.settings_dict["OPTIONS"].get("timeout", PATIENCE):
            raise OperationalError("database is locked: others waited for it in vain")
        yield
    finally:
        fcntl.flock(door, fcntl.LOCK_UN)
