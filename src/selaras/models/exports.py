"""Answers on their way out: a file that its asker takes along within a day, sealed until then and destroyed after."""

import os
import tempfile
import uuid
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from django.db import models, transaction
from django.utils import timezone

from selaras.models import sealing
from selaras.models.cycles import Cycle, Round
from selaras.models.files import media_root
from selaras.models.jobs import Job
from selaras.models.keys import DataKey
from selaras.models.people import User

#: Bytes that are sealed at a time, so that a large file is never in memory as a whole.
PIECE = 1024 * 1024
_LENGTH = 4


def exports_folder() -> Path:
    """Beside the stored files and none of them: no backup holds what is gone tomorrow."""
    return media_root() / "exports"


class Export(models.Model):
    """One file that somebody asked for and that was too large to wait for.

    `wanted` says of what (`queries.extract.Wanted`), `held` by which tasks of its asker, `families` how many there are.
    Its bytes stand in one file of sealed pieces under a key of its own; row, key and file go together at `ends_at`.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="exports")
    round = models.ForeignKey(Round, models.PROTECT, related_name="exports", db_index=False)
    by = models.ForeignKey(User, models.PROTECT, related_name="exports")
    wanted = models.JSONField(default=dict)
    held = models.JSONField(default=list)
    why = models.CharField(max_length=200)
    key = models.ForeignKey(DataKey, models.PROTECT, related_name="exports", db_index=False)
    job = models.ForeignKey(Job, models.PROTECT, null=True, related_name="exports", db_index=False)
    name = models.CharField(max_length=200, blank=True, help_text="as the browser saves it")
    content_type = models.CharField(max_length=120, blank=True)
    families = models.PositiveIntegerField(default=0)
    size = models.PositiveBigIntegerField(default=0, help_text="bytes, unsealed")
    pieces = models.PositiveIntegerField(default=0)
    asked_at = models.DateTimeField(default=timezone.now)
    made_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(help_text="from then on it is nobody's")

    def __str__(self) -> str:
        return f"{self.uuid} {self.name}"

    @property
    def path(self) -> Path:
        return exports_folder() / str(self.uuid)

    def is_open(self, now: datetime) -> bool:
        """Whether it can be taken now."""
        return self.made_at is not None and now < self.ends_at

    def _context(self, number: int) -> str:
        # Names the last piece too: a file that was cut short does not open.
        return f"export:{self.uuid}:{number}/{self.pieces}"

    def seal_file(self, plain: Path) -> Path:
        """Write the sealed file, whole and on disk, beside its place, and set `size` and `pieces`; not saved.

        Its owner moves it to `path` once nobody else has: of two workers that make it, one must not spoil the other's.
        """
        self.size = plain.stat().st_size
        self.pieces = max(1, -(-self.size // PIECE))
        self.path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=self.path.parent, prefix=".new-")
        with plain.open("rb") as source, os.fdopen(handle, "wb") as target:
            for number in range(self.pieces):
                sealed = self.key.seal(source.read(PIECE), self._context(number))
                target.write(len(sealed).to_bytes(_LENGTH, "big") + sealed)
            target.flush()
            os.fsync(target.fileno())
        return Path(name)

    def unsealed(self) -> Iterator[bytes]:
        """The bytes as they were made, a piece at a time. Raises CannotUnsealError, or OSError where it is gone."""
        with self.path.open("rb") as source:
            for number in range(self.pieces):
                length = int.from_bytes(source.read(_LENGTH), "big")
                yield self.key.unseal(source.read(length), self._context(number))

    def destroy(self) -> None:
        """The row and its key now, the file when the transaction has committed; without its key it says nothing."""
        path, key = self.path, self.key
        self.delete()
        key.delete()
        sealing.forget_unwrapped()
        transaction.on_commit(lambda: path.unlink(missing_ok=True))
