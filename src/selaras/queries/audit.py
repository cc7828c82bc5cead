"""The audit as its readers see it: who did what when, a page at a time, newest first, and the chain's head."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from selaras.access import audit_for, demand, may_open_audit
from selaras.models import AuditEntry, Seal, User
from selaras.queries.invitations import place_names

PAGE_SIZE = 50
#: Rows of an export: a city's busiest years, and what a spreadsheet opens at once.
MOST = 20_000
CHUNK = 2000


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to show: an action (`people.assign`) or a topic (`people.`), words of a name, an object, a local day.

    `subject` is `TYPE`, `TYPE:ID` or `ID`.
    """

    action: str = ""
    person: str = ""
    subject: str = ""
    day: date | None = None


@dataclass(frozen=True, slots=True)
class EntryLine:
    """One entry. `who` is '' for the server itself; `subject_name` a person's name where it is about one, else ''.

    `details` are ids, codes and counts. `seal` is the number of its seal, None before the sealer has been by.
    """

    id: int
    uuid: UUID
    at: datetime
    who: str
    by_console: bool
    action: str
    subject_type: str
    subject_id: str
    subject_name: str
    place_code: str
    place: str
    details: tuple[tuple[str, str], ...]
    seal: int | None
    digest: str


@dataclass(frozen=True, slots=True)
class ChainHead:
    """The newest seal, and its head as it is printed: 32 digits in groups of four."""

    number: int
    at: datetime
    printed: str


@dataclass(frozen=True, slots=True)
class AuditPage:
    """One page. `older` is where the next begins, None on the last; `waiting`: entries that no seal has yet."""

    lines: tuple[EntryLine, ...]
    wanted: Wanted
    head: ChainHead | None
    waiting: int
    older: int | None


def audit_page(user: User, wanted: Wanted, *, before: int | None = None) -> AuditPage:
    """The PAGE_SIZE newest entries of those she may read, or of those older than `before`.

    Seven statements for any number of entries. Raises Forbidden.
    """
    demand(may_open_audit, user)
    rows = entries(user, wanted)
    if before is not None:
        rows = rows.filter(id__lt=before)
    found = list(rows[: PAGE_SIZE + 1])
    shown = found[:PAGE_SIZE]
    last = Seal.objects.order_by("-number").first()
    return AuditPage(
        lines=tuple(lines_of(shown)),
        wanted=wanted,
        head=None if last is None else ChainHead(last.number, last.at, last.printed),
        waiting=audit_for(user).filter(seal__isnull=True).count(),
        older=shown[-1].pk if len(found) > PAGE_SIZE else None,
    )


def entries(user: User, wanted: Wanted) -> QuerySet[AuditEntry]:
    """Those that she may read and that fit, newest first."""
    rows = audit_for(user).order_by("-id")
    if wanted.action:
        exact = Q(action=wanted.action)
        rows = rows.filter(Q(action__startswith=wanted.action) if wanted.action.endswith(".") else exact)
    for word in wanted.person.split():
        rows = rows.filter(Q(actor__full_name__icontains=word) | Q(actor__username__icontains=word))
    if wanted.subject:
        kind, _, number = wanted.subject.partition(":")
        whole = Q(object_type=kind, object_id=number) if number else Q(object_type=kind) | Q(object_id=kind)
        rows = rows.filter(whole)
    if wanted.day is not None:
        begin = datetime.combine(wanted.day, time(), timezone.get_current_timezone())
        rows = rows.filter(at__gte=begin, at__lt=begin + timedelta(days=1))
    return rows


def exported(user: User, wanted: Wanted) -> Iterator[EntryLine]:
    """The MOST newest that fit, in chunks, so that memory holds one."""
    last = None
    for _ in range(MOST // CHUNK):
        rows = entries(user, wanted)
        chunk = list(rows[:CHUNK] if last is None else rows.filter(id__lt=last)[:CHUNK])
        yield from lines_of(chunk)
        if len(chunk) < CHUNK:
            return
        last = chunk[-1].pk


def lines_of(rows: Iterable[AuditEntry]) -> Iterator[EntryLine]:
    """Entries with the names of their places and of the people who work here. Two statements."""
    rows = list(rows)
    places = place_names(row.place_code for row in rows)
    ids = {row.object_id for row in rows if row.object_type == "user"}
    people = {str(user.uuid): user.get_full_name() for user in User.objects.filter(uuid__in=filter(_is_uuid, ids))}
    for row in rows:
        yield EntryLine(
            id=row.pk,
            uuid=row.uuid,
            at=row.at,
            who="" if row.actor is None else row.actor.get_full_name() or row.actor.username,
            by_console=row.details.get("via") == "console",
            action=row.action,
            subject_type=row.object_type,
            subject_id=row.object_id,
            subject_name=people.get(row.object_id, ""),
            place_code=row.place_code,
            place=places.get(row.place_code, row.place_code),
            details=tuple((key, _said(value)) for key, value in row.details.items() if key != "via"),
            seal=row.seal_id,
            digest=row.digest,
        )


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def _said(value: Any) -> str:
    """A value of the details on one line; '' where there is none."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "✓" if value else "–"
    if isinstance(value, dict):
        return ", ".join(f"{key} {_said(each)}" for key, each in value.items())
    if isinstance(value, list):
        return ", ".join(_said(each) for each in value)
    return str(value)
