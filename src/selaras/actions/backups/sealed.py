"""A backup as it lies on disk: sealed whole, so that a copy that gets lost tells no name, no address, no date.

    "SELARAS CADANGAN 2\\n"  VERSION of SELARAS_DATA_KEY (4 bytes)  SALT (32 bytes)
    blocks of 64 KiB, each sealed with AES-256-GCM; nonce: its number, and whether it is the last

A block that is changed, left out, moved or cut off at the end is seen. Source: Hoang, Reyhanitabar, Rogaway, Vizár 2015
(STREAM). Every file has a key of its own (HKDF with its salt), so numbers may serve as nonces.
"""

import io
import os
from pathlib import Path
from typing import IO, Final, cast

from selaras.models import sealing

MAGIC: Final = b"SELARAS CADANGAN 2\n"
SALT_BYTES: Final = 32
HEADER: Final = len(MAGIC) + 4 + SALT_BYTES
BLOCK: Final = 64 * 1024
_SEALED: Final = BLOCK + sealing.TAG_BYTES


class SealingWriter(io.RawIOBase):
    """Seals what is written to it into `target`; `close` writes the last block and leaves `target` open."""

    def __init__(self, target: IO[bytes]) -> None:
        self._target, self._waiting, self._number = target, bytearray(), 0
        version, salt = sealing.current_version(), os.urandom(SALT_BYTES)
        self._key = sealing.backup_key(version, salt)
        self._header = MAGIC + version.to_bytes(4) + salt
        target.write(self._header)

    def writable(self) -> bool:
        return True

    def write(self, given: object) -> int:
        data = memoryview(cast(bytes, given)).cast("B")
        self._waiting += data
        # What may be the last block waits: only `close` knows that it is.
        while len(self._waiting) > BLOCK:
            self._put(bytes(self._waiting[:BLOCK]), last=False)
            del self._waiting[:BLOCK]
        return len(data)

    def close(self) -> None:
        if not self.closed:
            self._put(bytes(self._waiting), last=True)
        super().close()

    def _put(self, block: bytes, *, last: bool) -> None:
        self._target.write(sealing.seal_block(self._key, self._number, block, last=last, context=self._header))
        self._number += 1


class OpeningReader(io.RawIOBase):
    """What was sealed, to read from anywhere. Raises CannotUnsealError for changed bytes or a key that is not
    there, OSError where it is cut off."""

    def __init__(self, source: IO[bytes]) -> None:
        self._source, self._at, self._held = source, 0, (-1, b"")
        self._header = source.read(HEADER)
        if len(self._header) != HEADER:
            raise OSError("no whole header")
        version, salt = int.from_bytes(self._header[len(MAGIC) :][:4]), self._header[-SALT_BYTES:]
        self._key = sealing.backup_key(version, salt)
        length = source.seek(0, os.SEEK_END) - HEADER
        self._blocks = -(-length // _SEALED)
        self._size = length - self._blocks * sealing.TAG_BYTES
        if self._blocks < 1 or self._size < 0:
            raise OSError("no whole block")

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        start = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._size}[whence]
        self._at = max(0, start + offset)
        return self._at

    def readinto(self, buffer: object) -> int:
        into = memoryview(cast(bytearray, buffer)).cast("B")
        number, inside = divmod(self._at, BLOCK)
        found = self._block(number)[inside : inside + len(into)] if self._at < self._size else b""
        into[: len(found)] = found
        self._at += len(found)
        return len(found)

    def close(self) -> None:
        self._source.close()
        super().close()

    def _block(self, number: int) -> bytes:
        if self._held[0] != number:
            self._source.seek(HEADER + number * _SEALED)
            last = number == self._blocks - 1
            sealed = self._source.read(_SEALED)
            self._held = (number, sealing.open_block(self._key, number, sealed, last=last, context=self._header))
        return self._held[1]


def plain(path: Path) -> IO[bytes]:
    """The archive in that file, to read: sealed, or as backups were before they were sealed.

    Raises OSError, or CannotUnsealError as `OpeningReader`.
    """
    source = path.open("rb")
    if source.read(len(MAGIC)) != MAGIC:
        source.seek(0)
        return source
    source.seek(0)
    try:
        return cast("IO[bytes]", io.BufferedReader(OpeningReader(source), BLOCK))
    except BaseException:
        source.close()
        raise
