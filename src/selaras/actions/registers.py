"""Registers beside the media: a line of JSON for each thing that a restored older backup must be told."""

import fcntl
import json
import logging
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from django.db import transaction

from selaras.errors import InputError, Problem
from selaras.models.files import media_root

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Line = TypeVar("Line", bound="DataclassInstance")
log = logging.getLogger("selaras")


@dataclass(frozen=True, slots=True)
class Register(Generic[Line]):
    """The file `name`, beside the media and beside every backup; `line_of` makes a line of what its JSON says.

    `line_of` raises ValueError, KeyError, TypeError or AttributeError for another form.
    """

    name: str
    line_of: Callable[[Any], Line]

    @property
    def path(self) -> Path:
        """Beside the media, not in the database: it must outlive the restoring of an older backup."""
        return media_root() / self.name

    def note(self, line: Line) -> None:
        """Add it once the caller's transaction has committed."""
        transaction.on_commit(lambda: self.add([line]))

    def add(self, lines: Sequence[Line]) -> None:
        """Add them, on disk when it returns."""
        append(self.path, lines)

    def keep(self, lines: Iterable[Line]) -> int:
        """Add those that it lacks, of other registers or of the database, on disk when it returns; how many."""
        known = {json.dumps(asdict(line)) for line in self.known()}
        fresh = {said: line for line in lines if (said := json.dumps(asdict(line))) not in known}
        self.add(list(fresh.values()))
        return len(fresh)

    def shorten(self, judged: Callable[[Sequence[Line]], Mapping[Line, Line]]) -> int:
        """Write over lines what `judged` makes of them, on disk when it returns; in how many places.

        It is told all lines that can be read, and one that comes while it thinks is not touched. Blanks fill what a
        line is shorter: nothing behind it moves, so that who adds meanwhile loses nothing, and the bytes that said more
        are no longer there. A line that would grow, and one that cannot be read, stay. One process at a time does it:
        another would write back what it had read before.
        """
        try:
            handle = os.open(self.path, os.O_RDWR)
        except FileNotFoundError:
            return 0
        try:
            # Let go when it is closed.
            fcntl.flock(handle, fcntl.LOCK_EX)
            places = self._places(self.path.read_bytes())
            after = judged([line for _at, _room, line in places])
            count = 0
            for at, room, line in places:
                shorter = json.dumps(asdict(after.get(line, line))).encode()
                if after.get(line, line) != line and len(shorter) <= room:
                    os.pwrite(handle, shorter.ljust(room), at)
                    count += 1
            if count:
                os.fsync(handle)
            return count
        finally:
            os.close(handle)

    def _places(self, content: bytes) -> list[tuple[int, int, Line]]:
        """Where each line begins, how long it is, and what it says."""
        found, at = [], 0
        for text in content.split(b"\n"):
            with suppress(ValueError, KeyError, TypeError, AttributeError):
                found.append((at, len(text), self.line_of(json.loads(text))))
            at += len(text) + 1
        return found

    def read(self, path: Path | None = None) -> list[Line]:
        """The lines of it, or of another file of that form; none where there is no file. Raises as `parse`."""
        path = path or self.path
        return self.parse(path.read_bytes()) if path.exists() else []

    def known(self) -> list[Line]:
        """As `read`, without whole lines of another form, which are said in the log: what is done every hour goes on
        for all others."""
        return self.parse(self.path.read_bytes(), strict=False) if self.path.exists() else []

    def parse(self, content: bytes, *, strict: bool = True) -> list[Line]:
        """The lines of what such a file holds. What was broken off is left out, and said in the log. Raises InputError
        for a whole line of another form, where `strict`."""
        found = []
        for number, said in whole_lines(content, self.name):
            try:
                found.append(self.line_of(said))
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                if strict:
                    raise InputError(Problem("backup.beside", values={"name": self.name, "line": number})) from error
                say_strange(self.name, number)
        return found


def append(path: Path, rows: "Sequence[DataclassInstance]") -> None:
    """Add them, one a line, on disk when it returns."""
    if not rows:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    content = b"".join(json.dumps(asdict(row)).encode() + b"\n" for row in rows)
    # A piece is written whole behind whatever stands there, by however many processes; on a line of its own, also where
    # a power cut broke the last one off.
    handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(handle, b"\n" + content)
        os.fsync(handle)
    finally:
        os.close(handle)


@cache
def say_strange(name: str, number: int) -> None:
    """In the log, once while this process lives."""
    log.error("baris %s di %s bukan dari Selaras dan tidak dijalankan", number, name)


def whole_lines(content: bytes, name: str) -> list[tuple[int, Any]]:
    """What each line of a register says, as JSON, with its number; without those that a power cut broke off."""
    found = []
    for number, text in enumerate(content.split(b"\n"), 1):
        try:
            found += [(number, json.loads(text))] if text.strip() else []
        except ValueError:
            log.warning("satu baris %s terpotong dan dilewati", name)
    return found
