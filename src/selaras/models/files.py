"""Files: written and fsynced before their row, immutable, named by the SHA-256 of the stored bytes.

A personal file is sealed, and its name is of the sealed bytes: neither says anything without the key.
"""

import hashlib
import os
import tempfile
import uuid
from contextlib import suppress
from pathlib import Path

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone

from selaras.models.keys import DataKey


class StoredFile(models.Model):
    """One file under the media folder. With a `key` the stored bytes are sealed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    sha256 = models.CharField(max_length=64, unique=True)
    size = models.PositiveBigIntegerField(help_text="bytes as stored")
    content_type = models.CharField(max_length=120)
    received_at = models.DateTimeField(default=timezone.now)
    key = models.ForeignKey(DataKey, models.PROTECT, null=True, related_name="files")

    def __str__(self) -> str:
        return self.sha256

    @property
    def path(self) -> Path:
        return path_of(self.sha256)

    @property
    def _context(self) -> str:
        return f"file:{self.id}"

    @classmethod
    def written(cls, content: bytes, content_type: str, key: DataKey | None = None) -> "StoredFile":
        """The bytes on disk; the row is the caller's to save."""
        stored = cls(content_type=content_type, key=key)
        data = content if key is None else key.seal(content, stored._context)
        stored.sha256, stored.size = hashlib.sha256(data).hexdigest(), len(data)
        write_once(data, stored.sha256)
        return stored

    @classmethod
    def store(cls, content: bytes, content_type: str, key: DataKey | None = None) -> "StoredFile":
        """The bytes on disk, then the row. The same public bytes are stored once; sealed ones never repeat."""
        stored = cls.written(content, content_type, key)
        if key is not None:
            stored.save(force_insert=True)
            return stored
        same, _ = cls.objects.get_or_create(
            sha256=stored.sha256, defaults={"size": stored.size, "content_type": content_type}
        )
        return same

    def content(self) -> bytes:
        """The bytes as they came. Raises CannotUnsealError once the key is destroyed, OSError where gone."""
        data = self.path.read_bytes()
        return data if self.key is None else self.key.unseal(data, self._context)

    def is_intact(self) -> bool:
        """Whether the stored bytes are there and are those of the name."""
        try:
            with self.path.open("rb") as stream:
                return hashlib.file_digest(stream, "sha256").hexdigest() == self.sha256
        except OSError:
            return False

    def erase(self) -> None:
        """The row now, the bytes when the transaction has committed: a rollback must not lose a file."""
        path = self.path
        self.delete()
        transaction.on_commit(lambda: path.unlink(missing_ok=True))


def media_root() -> Path:
    """The folder that SELARAS_MEDIA_URL names."""
    return Path(settings.MEDIA_ROOT)


def path_of(sha256: str) -> Path:
    """`media/ab/abcdef…`: 256 folders keep any one of them short."""
    return media_root() / sha256[:2] / sha256


def write_once(data: bytes, sha256: str) -> Path:
    """Write under its name so that after a power cut there is the whole file or none."""
    path = path_of(sha256)
    with suppress(FileNotFoundError):
        # Young again: what tidies files leaves it alone until its new owner has been stored.
        os.utime(path)
        return path
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)
    return path


def _sync_folder(folder: Path) -> None:
    """A renamed file survives a power cut only once its folder is on disk too."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
