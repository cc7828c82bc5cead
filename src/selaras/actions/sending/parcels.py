"""One item of a browser's queue as bytes: a head of one line that names its parts, then the parts one after another.

Head and parts are one run of bytes, so that a cut anywhere is resumed by a number: how many have arrived.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from selaras.errors import InputError, Problem
from selaras.models import User
from selaras.models.sealing import signed_parcel

#: The head is in the first piece, always.
LONGEST_HEAD = 64 * 1024
#: A form and its photos: as many as a phone may send at once.
MOST_PARTS = 301
#: A whole item, in bytes: what a phone may send in one request.
LARGEST = 100 * 1024 * 1024
_LONGEST_NAME = 255


@dataclass(frozen=True, slots=True)
class PartHead:
    """One part: its name as the sender wrote it, its type, its size in bytes, and its SHA-256 in hexadecimal."""

    name: str
    content_type: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Head:
    """What an item says of itself. `size` is that of the head's line with its end, `digest` the line's SHA-256."""

    kind: str
    parts: tuple[PartHead, ...]
    size: int
    digest: str

    @property
    def total(self) -> int:
        """Bytes of the whole item."""
        return self.size + sum(part.size for part in self.parts)


@dataclass(frozen=True, slots=True)
class Carrier:
    """Who brings an item here for its maker. `signed`: the maker's own browser has signed it, so that it is hers."""

    user: User
    signed: bool


@dataclass(frozen=True, slots=True)
class Signature:
    """What a file says that its maker's browser signed an item with: which of the server's keys, and hexadecimal."""

    version: int
    mac: str

    def is_of(self, maker: User, item: UUID, digest: str) -> bool:
        """Whether she signed that item: its number, and the digest of its head, which names every byte."""
        message = f"selaras parcel\n{item}\n{digest}".encode()
        return signed_parcel(self.version, str(maker.uuid), message, self.mac)


class DamagedError(Exception):
    """A part is not what the head says: damaged on its way, to be sent anew."""


def head_of(content: bytes) -> Head:
    """The head that `content` begins with. Raises InputError where there is none that can be read."""
    line, end, _rest = content[: LONGEST_HEAD + 1].partition(b"\n")
    if not end:
        raise InputError(Problem("parcel.head"))
    try:
        said = json.loads(line)
        parts = tuple(_part(each) for each in said["parts"])
        head = Head(str(said["kind"])[:20], parts, len(line) + 1, hashlib.sha256(line).hexdigest())
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise InputError(Problem("parcel.head")) from error
    if not parts or len(parts) > MOST_PARTS:
        raise InputError(Problem("parcel.parts", values={"most": MOST_PARTS - 1}))
    if head.total > LARGEST:
        raise InputError(Problem("parcel.large"))
    return head


def _part(said: dict[str, Any]) -> PartHead:
    size, sha256 = said["size"], said["sha256"]
    if not isinstance(size, int) or isinstance(size, bool) or size < 0 or not isinstance(sha256, str):
        raise ValueError("no size or no hash")
    kind = _plain(str(said.get("type", "")))[:120] or "application/octet-stream"
    return PartHead(_plain(str(said["name"]))[:_LONGEST_NAME], kind, size, sha256.lower())


def _plain(text: str) -> str:
    """PostgreSQL keeps no NUL, and a log no other control sign."""
    return "".join(sign for sign in text if sign.isprintable())


def parts_in(head: Head, chunks: Iterable[bytes]) -> Iterator[tuple[PartHead, bytes]]:
    """Each part of an item with its bytes, one at a time, from the whole item in chunks of any size.

    Raises DamagedError at the first that is not what the head says.
    """
    flow = _Flow(chunks)
    flow.take(head.size)
    for part in head.parts:
        content = flow.take(part.size)
        if len(content) != part.size or hashlib.sha256(content).hexdigest() != part.sha256:
            raise DamagedError(part.name)
        yield part, content


class _Flow:
    """Bytes by their number out of chunks as they come."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._chunks, self._rest = iter(chunks), b""

    def take(self, size: int) -> bytes:
        found = [self._rest[:size]]
        have = len(found[0])
        self._rest = self._rest[size:]
        while have < size:
            chunk = next(self._chunks, None)
            if chunk is None:
                break
            found.append(chunk[: size - have])
            self._rest = chunk[size - have :]
            have += len(found[-1])
        return b"".join(found)
