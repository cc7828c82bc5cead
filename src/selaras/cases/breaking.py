"""Break-glass: one ticket opened in an emergency by two people of different tasks, for an hour, with all officers told.

One who may not read tickets asks, by code and for a purpose of a closed list; another, of a task the first has not,
agrees; then the first reads that ticket, and nothing can be changed. Neither is ever an administrator, neither came in
or got her task within the last week, neither is of the other's making, and there is always a third who is told:
officers, or where none is left whoever might ask.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final, Self
from uuid import UUID

from django.utils import timezone

from selaras.access import (
    AGREERS,
    ASKERS,
    asking_areas,
    demand,
    may_agree_to_break,
    may_ask_break,
    may_be_asked_break,
    may_break,
    may_keep_tickets,
    officers_of,
    roles_left,
    watchers_of,
)
from selaras.cases import letters, rows
from selaras.cases.models import Break, Purpose, RoomKey, Ticket
from selaras.cases.rows import in_the_room, note
from selaras.cases.tickets import TicketRead, as_read
from selaras.cases.vouching import demand_apart, demand_settled, demand_two, known_officers_of
from selaras.errors import Forbidden, InputError, Missing, Problem
from selaras.models.people import User

#: How long one waits for the other, and how long the ticket is open then.
WAITS: Final = timedelta(hours=24)
OPEN_FOR: Final = timedelta(hours=1)
#: How long officers see that it happened.
SHOWN: Final = timedelta(days=90)


class Emergency(StrEnum):
    """For what alone a ticket is opened so."""

    OFFICER_ABSENT = "officer_absent"
    DANGER = "danger"
    COURT = "court"


@dataclass(frozen=True, slots=True)
class Asked:
    """One emergency. `asker` and `agreer` are UUIDs of users, `agreer` '' and `agreed_at` None while it waits.

    `told` are UUIDs of those who are told where no officer is left; officers see it by their area.
    """

    id: UUID
    code: str
    place: str
    emergency: Emergency
    asker: str
    asked_at: datetime
    agreer: str = ""
    agreed_at: datetime | None = None
    told: tuple[str, ...] = ()

    def plain(self) -> dict[str, Any]:
        """As JSON holds it; the id is the row's."""
        return {
            "code": self.code,
            "place": self.place,
            "emergency": self.emergency,
            "asker": self.asker,
            "asked_at": self.asked_at.isoformat(),
            "agreer": self.agreer,
            "agreed_at": self.agreed_at.isoformat() if self.agreed_at else "",
            "told": list(self.told),
        }

    @classmethod
    def of(cls, row: Break) -> Self:
        """Unsealed; its key must be at hand."""
        said = row.key.unseal(row.sealed, f"break {row.id}")
        moments = {"asked_at": datetime.fromisoformat(said["asked_at"]), "agreed_at": None}
        if said["agreed_at"]:
            moments["agreed_at"] = datetime.fromisoformat(said["agreed_at"])
        closed = {"id": row.id, "emergency": Emergency(said["emergency"]), "told": tuple(said.get("told", ()))}
        return cls(**said | moments | closed)

    def waits(self, now: datetime) -> bool:
        """Whether somebody may still agree."""
        return self.agreed_at is None and now < self.asked_at + WAITS

    def is_open(self, now: datetime) -> bool:
        """Whether whoever asked may read now."""
        return self.agreed_at is not None and now < self.agreed_at + OPEN_FOR


def ask(*, by: User, code: str, emergency: Emergency, now: datetime | None = None) -> UUID:
    """Ask that this ticket be opened. All officers are told. Raises Forbidden, InputError, ShutError."""
    demand(may_ask_break, by)
    now = now or timezone.now()
    demand_settled(by, ASKERS, [""], now)
    try:
        asked = _ask(by, rows.as_code(code), emergency, now)
    except InputError as error:
        if any(problem.code == "cases.code" for problem in error.problems):
            # Whoever tries codes is seen by the officers of where she works.
            rows.note_refusal(who=str(by.uuid), purpose=emergency, about=rows.as_code(code), places=asking_areas(by))
        raise
    _tell(asked)
    return asked.id


@in_the_room
def _ask(by: User, code: str, emergency: Emergency, now: datetime) -> Asked:
    ticket = Ticket.objects.select_related("key").filter(code=code).first()
    facts = None if ticket is None else rows.unsealed(ticket)
    if facts is None or not may_break(by, facts.place):
        raise InputError(Problem("cases.code", values={"length": rows.LENGTH}))
    demand_settled(by, ASKERS, [facts.place], now)
    row = Break(key=RoomKey.fresh(Purpose.BREAK), asked_on=timezone.localdate(now))
    asked = Asked(row.id, code, facts.place, emergency, str(by.uuid), now)
    asked = replace(asked, told=_third(asked))
    _write(row, asked)
    note(who=asked.asker, action="ask_break", purpose=emergency, about=code, place=facts.place, now=now)
    return asked


def _write(row: Break, asked: Asked) -> None:
    row.sealed = row.key.seal(asked.plain(), f"break {row.id}")
    row.save()


def _third(asked: Asked) -> tuple[str, ...]:
    """Who is told beside the officers: nobody where some are known, else whoever might ask there too.

    Raises InputError where nobody but the two would ever learn of it.
    """
    two = {asked.asker, asked.agreer}
    # Whose second step nobody knows is not let in, and so learns of nothing.
    if any(str(each.uuid) not in two for each in known_officers_of(asked.place)):
        return ()
    told = tuple(str(each.uuid) for each in watchers_of(asked.place) if str(each.uuid) not in two)
    if not told:
        raise InputError(Problem("cases.alone"))
    return told


def agree(*, by: User, break_id: UUID, marks: Collection[str] = (), now: datetime | None = None) -> None:
    """Agree as the second: whoever asked reads that ticket for an hour. All officers are told.

    `marks` are of those who asked in this browser (vouching.mark_of).

    Raises Missing for what she may not agree to; InputError where it is over or answered, she is new, or nobody else
    would learn of it; ShutError.
    """
    demand(may_be_asked_break, by)
    _tell(_agree(by, break_id, marks, now or timezone.now()))


@in_the_room
def _agree(by: User, break_id: UUID, marks: Collection[str], now: datetime) -> Asked:
    row, asked = _one(break_id)
    if not may_agree_to_break(by, asked.place, asked.asker):
        raise Missing(Problem("access.missing"))
    if asked.agreed_at is not None:
        raise InputError(Problem("cases.agreed"))
    if not asked.waits(now):
        raise InputError(Problem("cases.over"))
    demand_settled(by, roles_left(AGREERS, asked.asker), [asked.place], now)
    for asker in User.objects.filter(uuid=asked.asker):
        demand_two(by, asker, marks)
        demand_apart(by, asker)
    asked = replace(asked, agreer=str(by.uuid), agreed_at=now)
    asked = replace(asked, told=_third(asked))
    _write(row, asked)
    note(who=asked.agreer, action="agree_break", purpose=asked.emergency, about=asked.code, place=asked.place, now=now)
    return asked


def _one(break_id: UUID) -> tuple[Break, Asked]:
    row = Break.objects.select_related("key").select_for_update(of=("self",)).filter(pk=break_id).first()
    if row is None:
        raise Missing(Problem("access.missing"))
    return row, Asked.of(row)


@in_the_room
def read(*, by: User, break_id: UUID, now: datetime | None = None) -> TicketRead:
    """The ticket, for whoever asked, while it is open. It is logged. Raises Missing, InputError, ShutError."""
    now = now or timezone.now()
    _row, asked = _one(break_id)
    if asked.asker != str(by.uuid) or not may_break(by, asked.place):
        raise Missing(Problem("access.missing"))
    if not asked.is_open(now):
        raise InputError(Problem("cases.over"))
    ticket = Ticket.objects.select_related("key").filter(code=asked.code).first()
    if ticket is None:
        raise Missing(Problem("access.missing"))
    note(who=asked.asker, action="break_read", purpose=asked.emergency, about=asked.code, place=asked.place, now=now)
    return as_read(asked.code, rows.unsealed(ticket), now)


@in_the_room
def seen_by(user: User, *, now: datetime | None = None) -> tuple[Asked, ...]:
    """What she asked, may agree to, agreed to, or is told of; the newest first. What is seen is logged.

    Raises Forbidden, ShutError.
    """
    if not (may_ask_break(user) or may_be_asked_break(user)):
        raise Forbidden(Problem("access.forbidden", values={"what": ""}))
    now = now or timezone.now()
    found = tuple(_seen(user, now))
    if found:
        cities = tuple(sorted({rows.city(each.place) for each in found}))
        note(who=str(user.uuid), action="breaks", places=cities, now=now, breaks=len(found))
    return found


def _seen(user: User, now: datetime) -> Iterator[Asked]:
    me, since = str(user.uuid), timezone.localdate(now - SHOWN)
    all_ = [Asked.of(row) for row in Break.objects.select_related("key").filter(asked_on__gte=since)]
    for asked in sorted(all_, key=lambda each: each.asked_at, reverse=True):
        mine = me in (asked.asker, asked.agreer, *asked.told) or may_keep_tickets(user, asked.place)
        if mine or (asked.waits(now) and may_agree_to_break(user, asked.place, asked.asker)):
            yield asked


def _tell(asked: Asked) -> None:
    """By mail too, to officers, the two, and who is told beside them; the mail says neither what nor who."""
    uuids = [uuid for uuid in (asked.asker, asked.agreer, *asked.told) if uuid]
    letters.tell({*officers_of(asked.place), *User.objects.filter(uuid__in=uuids)})
