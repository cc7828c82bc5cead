"""A file of unsent items, brought in by hand: as if each had been sent, as often as one likes.

The file says whose it is; each item in it is sealed for this server alone (models/sealing.py) and opened here only.
That it is hers her browser shows by a signature: anybody could seal a file and write her name on it.
"""

import base64
import binascii
import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal, Protocol
from uuid import UUID

from django.db import DatabaseError, InterfaceError, transaction

from selaras.access import demand, may_send_forms
from selaras.actions import audit
from selaras.actions.sending import uploads
from selaras.actions.sending.kinds import News
from selaras.actions.sending.parcels import LARGEST, DamagedError, Signature
from selaras.errors import Forbidden, InputError, Missing, Problem
from selaras.models import User
from selaras.models.sealing import CannotUnsealError, open_box

#: A line of the file, and what sealing adds to an item.
_LONGEST_LINE, _TAG = 4096, 16
#: Items of one file.
MOST_ITEMS = 2_000
log = logging.getLogger("selaras")


class Readable(Protocol):
    """A file as far as it is read here."""

    def read(self, size: int, /) -> bytes: ...
    def readline(self, size: int, /) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Brought:
    """One item: what became of it, or why it stays where it was."""

    item: str
    state: Literal["taken", "refused"]
    news: News | None = None
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class _File:
    """What a file's first line says: whose it is, and which of the server's keys seal and sign it."""

    maker: User
    box: int
    seal: int | None


@dataclass(frozen=True, slots=True)
class _Sealed:
    item: UUID
    sender: bytes
    nonce: bytes
    content: bytes
    mac: str


def bring_in(*, by: User, file: Readable, agent: str = "") -> list[Brought]:
    """Take every item of the file that can be; what each became, in the file's order. Idempotent.

    It is filed as its maker's, brought by `by`: herself, or who keeps the records of where the maker works. What
    another brings unsigned waits for a person. Raises Forbidden for who has nothing to do with families, InputError
    where it is no such file, or its maker is unknown.
    """
    demand(may_send_forms, by)
    file_of = _file(_line(file))
    owner, found = file_of.maker, []
    try:
        for sealed in _items(file):
            found.append(_brought(by, file_of, sealed, agent))
            if len(found) >= MOST_ITEMS:
                break
    except InputError as error:
        # What stands before the break is in; what stands behind it is still where the file was made.
        found.append(Brought("", "refused", problems=tuple(error.problems)))
    if not found:
        raise InputError(Problem("parcel.empty"))
    with transaction.atomic():
        audit.record(
            by=by,
            action="arrivals.bring",
            object_type="user",
            object_id=owner.uuid,
            arrivals=sum(each.state == "taken" for each in found),
            left=sum(each.state == "refused" for each in found),
        )
    return found


def _file(head: dict[str, Any]) -> _File:
    version, maker, seal = head.get("box"), _uuid(head.get("user")), head.get("seal")
    if head.get("selaras") != 1 or not isinstance(version, int) or maker is None:
        raise InputError(Problem("parcel.file"))
    owner = User.objects.filter(uuid=maker).first()
    if owner is None:
        raise InputError(Problem("parcel.locked"))
    return _File(owner, version, seal if isinstance(seal, int) else None)


def _brought(by: User, file_of: _File, sealed: _Sealed, agent: str) -> Brought:
    signature = None if file_of.seal is None else Signature(file_of.seal, sealed.mac)
    try:
        content = open_box(file_of.box, sealed.sender, sealed.nonce, sealed.content, str(sealed.item))
        news = uploads.bring(
            by=by, maker=file_of.maker, item=sealed.item, content=content, signature=signature, agent=agent
        )
    except (CannotUnsealError, DamagedError):
        return Brought(str(sealed.item), "refused", problems=(Problem("parcel.locked"),))
    except (DatabaseError, InterfaceError, OSError):
        # The others may fare better, and what is in already must be told and written down.
        log.exception("isian dari berkas tidak dapat disimpan")
        return Brought(str(sealed.item), "refused", problems=(Problem("parcel.later"),))
    except (Forbidden, InputError, Missing) as error:
        return Brought(str(sealed.item), "refused", problems=tuple(error.problems))
    return Brought(str(sealed.item), "taken", news)


def _items(file: Readable) -> Iterator[_Sealed]:
    """Each item as it stands, sealed; where the file is broken off, InputError."""
    while head := _line(file, may_end=True):
        size, item = head.get("size"), _uuid(head.get("uuid"))
        if not isinstance(size, int) or not 0 <= size <= LARGEST + _TAG or item is None:
            raise InputError(Problem("parcel.file"))
        sender, nonce, content = _bytes(head.get("from")), _bytes(head.get("iv")), file.read(size)
        if len(content) != size:
            raise InputError(Problem("parcel.cut"))
        file.read(1)
        yield _Sealed(item, sender, nonce, content, str(head.get("mac", "")))


def _line(file: Readable, *, may_end: bool = False) -> dict[str, Any]:
    line = file.readline(_LONGEST_LINE)
    if not line and may_end:
        return {}
    try:
        said = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise InputError(Problem("parcel.file")) from error
    if not isinstance(said, dict) or not said:
        raise InputError(Problem("parcel.file"))
    return said


def _bytes(text: object) -> bytes:
    try:
        return base64.b64decode(str(text), validate=True)
    except (binascii.Error, ValueError) as error:
        raise InputError(Problem("parcel.file")) from error


def _uuid(text: object) -> UUID | None:
    try:
        return UUID(str(text))
    except ValueError:
        return None
