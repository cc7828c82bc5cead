"""The room's keys changed while people work, and begun anew where one is lost. Nobody's doing, but logged."""

import os
import socket
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import chain
from pathlib import Path
from typing import Any

from django.core import serializers
from django.db import connections
from django.utils import timezone

from selaras.cases import keys
from selaras.cases.keys import ShutError
from selaras.cases.models import ALONE, Break, Holder, Purpose, RoomKey, Sum, Ticket, Vouch
from selaras.cases.router import room
from selaras.cases.rows import in_the_room, note

#: At most so many in one transaction.
CHUNK = 100
#: A process that was not heard of for so long is no more.
SILENT = timedelta(days=1)


class BehindError(Exception):
    """Processes that lack the newest version: `names`. They would be shut out of the room while people work there."""

    def __init__(self, names: tuple[str, ...]) -> None:
        super().__init__(", ".join(names))
        self.names = names


class SameVersionError(Exception):
    """The new key has the number of a lost one: a slip of the pen looks just like that."""


# --- which process has which ------------------------------------------------------------------------------------------
def say_newest(role: str, *, now: datetime | None = None) -> None:
    """The newest version that this process has, for whoever changes the key. Every process of a server (`role`: web or
    worker) says it when it starts and every hour, so that one that was not started again is seen beside the others.

    Nothing happens where the room's database cannot be reached.
    """
    versions, host = keys.versions(), _host()
    try:
        _say(f"{host}:{role}:{os.getpid()}", max(versions, default=0), timezone.localdate(now))
    except ShutError:
        return


def forget_ended() -> None:
    """Forget this machine's processes that run no more. Nothing happens where the room's database cannot be reached."""
    try:
        _forget_ended()
    except ShutError:
        return


def _host() -> str:
    return socket.gethostname()[:40]


@in_the_room
def _say(name: str, newest: int, today: date) -> None:
    Holder.objects.update_or_create(name=name, defaults={"newest": newest, "seen_on": today})
    Holder.objects.filter(seen_on__lt=today - SILENT).delete()
    _forget_ended()


@in_the_room
def _forget_ended() -> None:
    here = Holder.objects.filter(name__startswith=f"{_host()}:").values_list("name", flat=True)
    Holder.objects.filter(name__in=[name for name in here if not _runs(int(name.rpartition(":")[2]))]).delete()


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)  # a signal that asks only whether there is somebody
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


@in_the_room
def _demand_all_have(newest: int) -> None:
    heard = Holder.objects.filter(seen_on__gte=timezone.localdate() - SILENT)
    behind = heard.filter(newest__lt=newest, newest__gt=0).order_by("name")
    if names := tuple(behind.values_list("name", flat=True)):
        raise BehindError(names)


# --- wrapped anew -----------------------------------------------------------------------------------------------------
def rotate(*, despite: bool = False) -> int:
    """Wrap every key of the room with the newest version of SELARAS_CASES_KEY; how many were wrapped anew.

    What they sealed stays as it is, and who works in the room meanwhile notices nothing: both versions open. Each chunk
    commits by itself; the keys that are one of their kind come last. From then on nobody writes under an old version:
    a server that has that alone cannot write into the log, so it writes nothing.

    Raises BehindError where a process lacks the newest version, unless `despite`; ShutError where the setting lacks a
    version that some key still needs.
    """
    newest, done = keys.current_version(), 0
    if not despite:
        _demand_all_have(newest)
    while count := _rotate_chunk(newest):
        done += count
    return done + _finish(newest, done)


@in_the_room
def _rotate_chunk(newest: int) -> int:
    stale = RoomKey.objects.exclude(wrapped_by=newest).exclude(purpose__in=ALONE)
    return _rewrap(list(stale.select_for_update().order_by("pk")[:CHUNK]))


def _rewrap(stale: list[RoomKey]) -> int:
    for key in stale:
        key.rewrap()
    RoomKey.objects.bulk_update(stale, ["wrapped", "wrapped_by"])
    return len(stale)


@in_the_room
def _finish(newest: int, done: int) -> int:
    """The last ones, while nobody writes a key: whoever has begun is waited for, and what she wrote is wrapped too."""
    connection = connections[room()]
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE cases_roomkey IN SHARE ROW EXCLUSIVE MODE")
    count = _rewrap(list(RoomKey.objects.exclude(wrapped_by=newest).order_by("pk")))
    note(who="", action="rotate", version=newest, keys=done + count)
    return count


# --- begun anew -------------------------------------------------------------------------------------------------------
@in_the_room
def begin_anew(copy: Path) -> int:
    """After a key was lost for good: drop every key that no version opens, with what it sealed; how many tickets.

    What is dropped is first written into `copy`, sealed as it is, so that the right key, once found, opens it again
    (Django's `loaddata`). The log's chain stays as it is and goes on under a new key; what the lost one sealed of it is
    read by nobody.

    Raises FileExistsError, OSError, or SameVersionError where the new key has a lost one's number.
    """
    lost = []
    for key in RoomKey.objects.order_by("pk"):
        try:
            key.secret()
        except ShutError:
            lost.append(key)
    if any(key.wrapped_by >= keys.current_version() for key in lost):
        raise SameVersionError
    _write(copy, [key for key in lost if key.purpose not in ALONE])
    of_lost: dict[str, Any] = {"key__in": [key.pk for key in lost]}
    tickets, _ = Ticket.objects.filter(**of_lost).delete()
    Break.objects.filter(**of_lost).delete()
    Vouch.objects.filter(**of_lost).delete()
    if any(key.purpose == Purpose.SUMS for key in lost):
        Sum.objects.all().delete()
    RoomKey.objects.filter(pk__in=[key.pk for key in lost]).delete()
    note(who="", action="begin_anew", tickets=tickets, keys=len(lost))
    return tickets


def _write(copy: Path, lost: list[RoomKey]) -> None:
    """Keys, then what they seal, as `loaddata` reads them; readable by the owner alone, and on the disk before all is
    dropped. Sums go with the key of sums: those are in a backup."""
    keys_of = [key.pk for key in lost]
    models = (Ticket, Break, Vouch)
    sealed: Iterator[Any] = chain(*(model._default_manager.filter(key__in=keys_of) for model in models))
    with os.fdopen(os.open(copy, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as stream:
        serializers.serialize("json", chain(lost, sealed), stream=stream)
        stream.flush()
        os.fsync(stream.fileno())
