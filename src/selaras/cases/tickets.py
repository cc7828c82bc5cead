"""What is done with tickets: opened at the front line, read for a purpose, carried on, found void. All of it logged.

The room's own actions: each is one transaction of its database, with its entry in the room's log and none in the
main database.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from functools import wraps
from typing import ParamSpec, TypeVar, cast
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from selaras.access import demand, handing_places_for, kept_areas, may_enter_room, may_hand_over, may_keep_tickets
from selaras.cases import rows
from selaras.cases.country import country
from selaras.cases.facts import Facts, State
from selaras.cases.keys import ShutError
from selaras.cases.models import Ticket
from selaras.cases.router import room
from selaras.cases.rows import in_the_room, note
from selaras.cases.steps import Done, Step, Twin, after, called_back, steps_of
from selaras.errors import InputError, Missing, Problem
from selaras.models.people import User

Given = ParamSpec("Given")
Got = TypeVar("Got")


class Reason(StrEnum):
    """What a ticket is read for. Nothing is read for nothing."""

    HANDLE = "handle"
    CLOCKS = "clocks"
    TAKE_OVER = "take_over"
    ASKED = "asked"
    REVIEW = "review"


@dataclass(frozen=True, slots=True)
class TicketRead:
    """A ticket as an officer reads it at `now`. `late`: what is next should have been done by `due`. `steps`: what she
    can do with it."""

    code: str
    facts: Facts
    state: State
    due: datetime | None
    late: bool
    now: datetime
    steps: tuple[Step, ...]

    def waits(self) -> bool:
        """Whether somebody has something to do: the next step, or to agree that it counts for nothing."""
        return self.due is not None or self.facts.void_waits


def hand_over(*, by: User, place: str, press: str, now: datetime | None = None) -> str:
    """Open a ticket for somebody of that kelurahan, of whom nothing is said; its code, to be told to UPTD PPA.

    `press` is the form's own UUID: sent twice it is one ticket. What the office opens itself is measured by nothing.
    Raises Forbidden, InputError, ShutError.
    """
    demand(may_hand_over, by)
    if not handing_places_for(by).filter(code=place).exists():
        raise InputError(Problem("cases.place"))
    opened = Facts(place, str(by.uuid), now or timezone.now(), inside=may_keep_tickets(by, place))
    return _open(opened, _as_press(press))


def _as_press(text: str) -> str:
    try:
        return str(UUID(text))
    except ValueError:
        raise InputError(Problem("cases.press")) from None


def _rows() -> QuerySet[Ticket]:
    return Ticket.objects.select_related("key")


@in_the_room
def _open(facts: Facts, press: str) -> str:
    who, now = facts.opened_by, facts.reported_at
    code = rows.code_for(who, press)
    try:
        with transaction.atomic(using=room()):
            if not _is_open(code, facts.place):
                rows.write(Ticket(code=code), facts)
                note(who=who, action="hand_over", about=code, place=facts.place, now=now)
    except IntegrityError as error:
        # Pressed twice at one moment, the other press has it. Anything else: a code without a ticket is never told.
        if not _is_open(code, facts.place):
            raise ShutError(str(error)) from error
    return code


def _is_open(code: str, place: str) -> bool:
    """Whether that press has its ticket already. A code that counts for nothing, or for another kelurahan, is told to
    nobody: behind it no clock would run. Raises InputError."""
    ticket = _rows().filter(code=code).first()
    if ticket is None:
        return False
    facts = rows.unsealed(ticket)
    if facts.is_void() or facts.place != place:
        raise InputError(Problem("cases.pressed"))
    return True


def call_back(*, by: User, press: str, now: datetime | None = None) -> None:
    """Take back what she opened with that press of the button, soon after and before anybody received it.

    Raises Forbidden, InputError, ShutError.
    """
    demand(may_hand_over, by)
    _call_back(str(by.uuid), _as_press(press), now or timezone.now())


@in_the_room
def _call_back(who: str, press: str, now: datetime) -> None:
    ticket = _rows().select_for_update(of=("self",)).filter(code=rows.code_for(who, press)).first()
    if ticket is None:
        raise InputError(Problem("cases.call_back"))
    facts = called_back(rows.unsealed(ticket), me=who, now=now)
    rows.write(ticket, facts)
    note(who=who, action="call_back", about=ticket.code, place=facts.place, now=now)


@in_the_room
def read_list(*, by: User, reason: Reason, closed: bool = False, now: datetime | None = None) -> tuple[TicketRead, ...]:
    """Her tickets, the most urgent first: those with something to do, or with `closed` the others. It is logged.

    Raises Forbidden, ShutError.
    """
    demand(may_enter_room, by)
    now = now or timezone.now()
    found = [each for each in _hers(by, now) if each.waits() is not closed]
    note(who=str(by.uuid), action="list", purpose=reason, places=kept_areas(by), now=now, tickets=len(found))
    return tuple(sorted(found, key=lambda each: (each.due or each.facts.reported_at, each.code), reverse=closed))


def _hers(by: User, now: datetime) -> Iterator[TicketRead]:
    for ticket in _rows():
        facts = rows.unsealed(ticket)
        if may_keep_tickets(by, facts.place):
            yield as_read(ticket.code, facts, now, by)


def as_read(code: str, facts: Facts, now: datetime, by: User | None = None) -> TicketRead:
    """With what is next, until when, and what `by` can do; None can do nothing."""
    due, steps = facts.due(), () if by is None else steps_of(facts, str(by.uuid))
    return TicketRead(code, facts, facts.state(), due, due is not None and now > due, now, steps)


def _refusals_noted(step: Callable[Given, Got]) -> Callable[Given, Got]:
    """Whoever asks for another's ticket, or for codes that she guesses, is seen: what was refused wrote nothing."""

    @wraps(step)
    def noting(*args: Given.args, **given: Given.kwargs) -> Got:
        try:
            return step(*args, **given)
        except Missing:
            by, about, purpose = cast(User, given["by"]), str(given["code"]), str(given["reason"])
            rows.note_refusal(who=str(by.uuid), purpose=purpose, about=about, places=kept_areas(by))
            raise

    return noting


@_refusals_noted
@in_the_room
def read_ticket(*, by: User, code: str, reason: Reason, now: datetime | None = None) -> TicketRead:
    """One of hers by its code. It is logged. Raises Missing, ShutError."""
    now = now or timezone.now()
    code = rows.as_code(code)
    _ticket, facts = _hers_of(by, _held(code).get(code))
    note(who=str(by.uuid), action="read", purpose=reason, about=code, place=facts.place, now=now)
    return as_read(code, facts, now, by)


def _held(*codes: str) -> dict[str, Ticket]:
    """Those that are there, held in one order: two officers who name each other's ticket would wait for each other."""
    found = _rows().select_for_update(of=("self",)).filter(code__in=codes).order_by("pk")
    return {row.code: row for row in found}


def _hers_of(by: User, ticket: Ticket | None) -> tuple[Ticket, Facts]:
    """Hers, or Missing: another city's looks exactly like one that is not there."""
    facts = None if ticket is None else rows.unsealed(ticket)
    if ticket is None or facts is None or not may_keep_tickets(by, facts.place):
        raise Missing(Problem("access.missing"))
    return ticket, facts


@_refusals_noted
@in_the_room
def carry_on(*, by: User, code: str, done: Done, reason: Reason, now: datetime | None = None) -> None:
    """Write down that a step was done. What was said before stays in the log. Raises Missing, InputError, ShutError."""
    now, me = now or timezone.now(), str(by.uuid)
    code, done = rows.as_code(code), replace(done, twin=rows.as_code(done.twin))
    held = _held(code, done.twin)
    ticket, facts = _hers_of(by, held.get(code))
    rows.write(ticket, after(facts, done, me=me, now=now, twin=_twin(ticket, held.get(done.twin))))
    note(
        who=me,
        action=done.step,
        purpose=reason,
        about=ticket.code,
        place=facts.place,
        now=now,
        happened=done.at.isoformat() if done.at else "",
        before=facts.simfoni if done.step is Step.NUMBER else "",
    )


def _twin(ticket: Ticket, other: Ticket | None) -> Twin | None:
    """The other ticket, which is held; and whether one opened about then names it already. So of two officers at once
    none names it twice, and no two tickets name each other."""
    if other is None or other.pk == ticket.pk:
        return None
    day, days = other.reported_on, country().twin + timedelta(days=1)
    near = _rows().filter(reported_on__range=(day - days, day + days)).exclude(pk__in=(ticket.pk, other.pk))
    return Twin(rows.unsealed(other), any(rows.unsealed(each).twin == other.code for each in near))
