"""Write down what was done, and chain it so that nobody can rewrite it unseen.

Sources: Haber and Stornetta 1991 (linking), and our measure of it: one chained row per action costs two thirds of
the throughput, so entries carry their own digest and one sealer links them in batches.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from selaras.access import CONSOLE, Actor, audited_area, demand, may_open_audit
from selaras.errors import InputError, Problem
from selaras.models import AuditEntry, Seal, User
from selaras.models.log import FIRST_PREVIOUS, head_to_print
from selaras.models.ready import Rows
from selaras.queries.audit import EntryLine, Wanted, exported
from selaras.reports.audit import audit_csv

__all__ = ["Verdict", "export", "head_to_print", "record", "seal_pending", "verify"]

#: At most so many entries in one seal: a batch is one short transaction on SQLite too.
BATCH = 500
#: Rows that `verify` holds in memory.
CHUNK = 2000
#: Shortest printed head that is accepted: 64 bits cannot be met by accident.
SHORTEST_HEAD = 16


def record(
    *,
    by: Actor | None,
    action: str,
    object_type: str = "",
    object_id: object = "",
    place_code: str = "",
    **details: Any,
) -> AuditEntry:
    """One entry, in the caller's transaction; raises RuntimeError outside of one.

    `by` is None for the system itself. `details` are ids, codes, counts and dates as text: never a name, an address
    or a number of a family.
    """
    entry = entry_of(
        by=by, action=action, object_type=object_type, object_id=object_id, place_code=place_code, **details
    )
    _demand_transaction()
    entry.finish()
    ENTRIES.add([entry])
    return entry


def entry_of(
    *,
    by: Actor | None,
    action: str,
    object_type: str = "",
    object_id: object = "",
    place_code: str = "",
    **details: Any,
) -> AuditEntry:
    """The entry as `record` would write it, for who writes several rows at once: `write` it in their transaction."""
    if by is CONSOLE:
        details = {"via": "console", **details}
    return AuditEntry(
        actor=by if isinstance(by, User) else None,
        action=action,
        object_type=object_type,
        object_id=str(object_id),
        place_code=place_code,
        details=details,
    )


#: Where entries are written, once they are finished.
ENTRIES = Rows(AuditEntry)


def write(entries: Sequence[AuditEntry]) -> None:
    """Those entries, in the caller's transaction, by one call; raises RuntimeError outside of one."""
    _demand_transaction()
    for entry in entries:
        entry.finish()
    ENTRIES.add_all(entries)


def _demand_transaction() -> None:
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("an audit entry belongs to the transaction of what it records")


def seal_pending(*, now: datetime | None = None) -> int:
    """Link the committed entries that no seal has yet; how many. One batch a transaction; safe to run twice at once.

    The worker calls it every few seconds. A second sealer meets the number that the first has taken and stops.
    """
    sealed = 0
    while count := _seal_batch(now or timezone.now()):
        sealed += count
    return sealed


def _seal_batch(now: datetime) -> int:
    if not AuditEntry.objects.filter(seal__isnull=True).exists():
        return 0
    try:
        with transaction.atomic():
            entries = list(
                AuditEntry.objects.filter(seal__isnull=True).order_by("id").values_list("id", "digest")[:BATCH]
            )
            last = Seal.objects.order_by("-number").first()
            seal = Seal(
                number=1 if last is None else last.number + 1,
                at=now,
                previous=FIRST_PREVIOUS if last is None else last.head,
                count=len(entries),
            )
            seal.head = seal.computed_head(digest for _, digest in entries)
            seal.save(force_insert=True)
            ids = [entry_id for entry_id, _ in entries]
            taken = AuditEntry.objects.filter(id__in=ids, seal__isnull=True).update(seal=seal)
            if taken != len(entries):
                raise IntegrityError("another sealer has been here")
    except IntegrityError:
        return 0
    return len(entries)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What `verify` found. `seals` and `entries` were followed, `unsealed` still wait for the sealer.

    `breaks` say in Indonesian what does not fit, first break first; `head` is the newest. `printed` is the number of
    the seal that the printed head belongs to, or None where none was asked for.
    """

    seals: int
    entries: int
    unsealed: int
    head: str
    breaks: tuple[str, ...]
    printed: int | None = None

    @property
    def holds(self) -> bool:
        return not self.breaks


def verify(*, head: str = "") -> Verdict:
    """Recompute every digest and follow the whole chain; reads only.

    `head` is one that was printed: 16 hexadecimal digits or more, blanks and hyphens ignored. It must be a link of
    the chain, so that a server whose past was rewritten, seals and all, is found out by an old sheet of paper.
    Raises InputError where `head` is not of that form.
    """
    wanted = _printed_head(head)
    breaks: list[str] = []
    previous, number, entries, printed = FIRST_PREVIOUS, 0, 0, None
    for seal, sealed in _seals():
        number += 1
        for entry in sealed:
            _check(entry, breaks)
        entries += len(sealed)
        digests = [entry.digest for entry in sealed]
        if seal.number != number:
            breaks.append(f"segel {number} hilang")
            number = seal.number
        if seal.previous != previous:
            breaks.append(f"segel {seal.number} tidak menyambung dengan segel sebelumnya")
        if seal.count != len(digests) or seal.computed_head(digests) != seal.head:
            breaks.append(f"segel {seal.number} tidak cocok dengan catatannya")
        if wanted and seal.head.startswith(wanted):
            printed = seal.number
        previous = seal.head
    unsealed = 0
    for entry in AuditEntry.objects.filter(seal__isnull=True).iterator(chunk_size=CHUNK):
        unsealed += 1
        _check(entry, breaks)
    if wanted and printed is None:
        breaks.append("kepala rantai yang tercetak itu tidak ada di sini: riwayat telah diubah")
    return Verdict(number, entries, unsealed, previous, tuple(breaks), printed)


def _seals() -> Iterator[tuple[Seal, list[AuditEntry]]]:
    """Every seal in order with its entries, from two streams: a seal of one entry a query would take hours."""
    sealed = AuditEntry.objects.filter(seal__isnull=False).order_by("seal_id", "id").iterator(chunk_size=CHUNK)
    groups = groupby(sealed, key=lambda entry: entry.seal_id)
    number, group = next(groups, (None, iter(())))
    for seal in Seal.objects.order_by("number").iterator(chunk_size=CHUNK):
        if number != seal.number:
            yield seal, []
            continue
        yield seal, list(group)
        number, group = next(groups, (None, iter(())))


def _check(entry: AuditEntry, breaks: list[str]) -> None:
    if entry.computed_digest() != entry.digest:
        breaks.append(f"catatan {entry.uuid} telah diubah")


def _printed_head(text: str) -> str:
    head = re.sub(r"[\s-]", "", text).lower()
    if head and (len(head) < SHORTEST_HEAD or re.fullmatch(r"[0-9a-f]{16,64}", head) is None):
        raise InputError(Problem("audit.head", values={"head": text, "shortest": SHORTEST_HEAD}))
    return head


def export(*, by: User, wanted: Wanted) -> bytes:
    """The entries that she may read and that fit, at most `queries.audit.MOST`, as CSV. Raises Forbidden."""
    demand(may_open_audit, by)
    count = 0

    def counted() -> Iterator[EntryLine]:
        nonlocal count
        for line in exported(by, wanted):
            count += 1
            yield line

    content = audit_csv(counted())
    with transaction.atomic():
        record(
            by=by,
            action="audit.export",
            place_code=audited_area(by),
            rows=count,
            wanted=wanted.action,
            day=wanted.day.isoformat() if wanted.day else "",
        )
    return content
