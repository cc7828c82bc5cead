"""What is done with tickets: opened at the front line, read for a purpose, carried on, found void. All of it logged.

The room's own actions: each is one transaction of its database, with its entry in the room's log and none in the
main database.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from selaras.access import demand, handing_places_for, kept_areas, may_enter_room, may_hand_over, may_keep_tickets
from selaras.cases import rows
from selaras.cases.country import country
from selaras.cases.facts import Facts, State, Void
from selaras.cases.models import Ticket
from selaras.cases.router import room
from selaras.cases.rows import in_the_room, note
from selaras.errors import InputError, Missing, Problem
from selaras.models.people import User

#: How long after something happened it can still be written down.
LATEST: Final = timedelta(days=30)


class Reason(StrEnum):
    """What a ticket is read for. Nothing is read for nothing."""

    HANDLE = "handle"
    CLOCKS = "clocks"
    TAKE_OVER = "take_over"
    ASKED = "asked"
    REVIEW = "review"


class Step(StrEnum):
    """What is done next with a ticket."""

    RECEIVE = "receive"
    LAW = "law"
    HAND_ON = "hand_on"
    FOLLOW_UP = "follow_up"
    NUMBER = "number"
    VOID = "void"


@dataclass(frozen=True, slots=True)
class TicketRead:
    """A ticket as an officer reads it. `late`: what is next should have been done."""

    code: str
    facts: Facts
    state: State
    due: datetime | None
    late: bool


@dataclass(frozen=True, slots=True)
class Done:
    """What is said of a step. `at` is when it happened; `simfoni`, `must_pass`, `why` where the step asks for them."""

    step: Step
    at: datetime | None = None
    simfoni: str = ""
    must_pass: bool | None = None
    why: Void | None = None


def hand_over(*, by: User, place: str, press: str, now: datetime | None = None) -> str:
    """Open a ticket for somebody of that kelurahan, of whom nothing is said; its code, to be told to UPTD PPA.

    `press` is the form's own UUID: sent twice it is one ticket. Raises Forbidden, InputError, ShutError.
    """
    demand(may_hand_over, by)
    if not handing_places_for(by).filter(code=place).exists():
        raise InputError(Problem("cases.place"))
    try:
        press = str(UUID(press))
    except ValueError:
        raise InputError(Problem("cases.press")) from None
    return _open(str(by.uuid), place, press, now or timezone.now())


@in_the_room
def _open(who: str, place: str, press: str, now: datetime) -> str:
    code = rows.code_for(who, press)
    try:
        with transaction.atomic(using=room()):
            if not Ticket.objects.filter(code=code).exists():
                rows.write(Ticket(code=code), Facts(place=place, opened_by=who, reported_at=now))
                note(who=who, action="hand_over", about=code, place=place, now=now)
    except IntegrityError:
        # Pressed twice at one moment: the other press has it.
        return code
    return code


@in_the_room
def read_list(*, by: User, reason: Reason, closed: bool = False, now: datetime | None = None) -> tuple[TicketRead, ...]:
    """Her tickets, the most urgent first: those with something to do, or with `closed` the others. It is logged.

    Raises Forbidden, ShutError.
    """
    demand(may_enter_room, by)
    now = now or timezone.now()
    found = [each for each in _hers(by, now) if (each.due is None) == closed]
    note(who=str(by.uuid), action="list", purpose=reason, place=kept_areas(by)[0], now=now, tickets=len(found))
    return tuple(sorted(found, key=lambda each: (each.due or each.facts.reported_at, each.code), reverse=closed))


def _hers(by: User, now: datetime) -> Iterator[TicketRead]:
    for ticket in Ticket.objects.select_related("key"):
        facts = rows.unsealed(ticket)
        if may_keep_tickets(by, facts.place):
            yield as_read(ticket.code, facts, now)


def as_read(code: str, facts: Facts, now: datetime) -> TicketRead:
    """With what is next and until when."""
    due = facts.due()
    return TicketRead(code, facts, facts.state(), due, due is not None and now > due)


@in_the_room
def read_ticket(*, by: User, code: str, reason: Reason, now: datetime | None = None) -> TicketRead:
    """One of hers by its code. It is logged. Raises Missing, ShutError."""
    now = now or timezone.now()
    _ticket, facts = _one(by, code)
    note(who=str(by.uuid), action="read", purpose=reason, about=rows.as_code(code), place=facts.place, now=now)
    return as_read(rows.as_code(code), facts, now)


def _one(by: User, code: str) -> tuple[Ticket, Facts]:
    """Hers, or Missing: another city's looks exactly like one that is not there."""
    ticket = (
        Ticket.objects.select_related("key").select_for_update(of=("self",)).filter(code=rows.as_code(code)).first()
    )
    facts = None if ticket is None else rows.unsealed(ticket)
    if ticket is None or facts is None or not may_keep_tickets(by, facts.place):
        raise Missing(Problem("access.missing"))
    return ticket, facts


@in_the_room
def carry_on(*, by: User, code: str, done: Done, reason: Reason, now: datetime | None = None) -> None:
    """Write down that a step was done. What was said before stays in the log. Raises Missing, InputError, ShutError."""
    now = now or timezone.now()
    ticket, facts = _one(by, code)
    rows.write(ticket, _after(facts, done, now))
    note(
        who=str(by.uuid),
        action=done.step,
        purpose=reason,
        about=ticket.code,
        place=facts.place,
        now=now,
        happened=done.at.isoformat() if done.at else "",
        before=facts.simfoni if done.step is Step.NUMBER else "",
    )


#: In which states a step can be done.
_FITS: Final = {
    Step.RECEIVE: {State.OPEN},
    Step.LAW: {State.RECEIVED},
    Step.HAND_ON: {State.HAND_ON},
    Step.FOLLOW_UP: {State.FOLLOW_UP},
    Step.NUMBER: {State.RECEIVED, State.HAND_ON, State.FOLLOW_UP, State.DONE},
    Step.VOID: set(State) - {State.VOID},
}


def steps_of(state: State) -> tuple[Step, ...]:
    """What can be done with a ticket in that state, the next step first."""
    return tuple(step for step in Step if state in _FITS[step])


def _after(facts: Facts, done: Done, now: datetime) -> Facts:
    if facts.state() not in _FITS[done.step]:
        raise InputError(Problem("cases.step"))
    match done.step:
        case Step.RECEIVE:
            number = _number(done.simfoni) if done.simfoni else facts.simfoni
            at = _moment(done, facts.reported_at, now)
            return replace(facts, received_at=at, must_pass=done.must_pass, simfoni=number)
        case Step.LAW:
            if done.must_pass is None:
                raise InputError(Problem("cases.law"))
            return replace(facts, must_pass=done.must_pass)
        case Step.HAND_ON:
            return replace(facts, passed_at=_moment(done, facts.received_at or facts.reported_at, now))
        case Step.FOLLOW_UP:
            at = _moment(done, facts.received_at or facts.reported_at, now)
            if at < facts.reported_at + country().follow_up_from:
                raise InputError(Problem("cases.early", values={"days": country().follow_up_from.days}))
            return replace(facts, followed_at=at)
        case Step.NUMBER:
            return replace(facts, simfoni=_number(done.simfoni))
        case Step.VOID:
            if done.why is None:
                raise InputError(Problem("cases.void"))
            return replace(facts, void=done.why)


def _moment(done: Done, after: datetime, now: datetime) -> datetime:
    """A form says minutes: what happened in the very minute of the step before happened with it."""
    at = done.at
    if at is None or at > now or at < after.replace(second=0, microsecond=0) or at < now - LATEST:
        raise InputError(Problem("cases.time", values={"days": LATEST.days}))
    return max(at, after)


def _number(text: str) -> str:
    number = country().simfoni(text)
    if number is None:
        raise InputError(Problem("cases.number", values={"example": country().example}))
    return number
