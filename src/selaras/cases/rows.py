"""Tickets sealed and unsealed, and the room's log: the only file that knows how rows and facts belong together."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any, Final, ParamSpec, TypeVar

from django.db import InterfaceError, OperationalError, ProgrammingError, connections, transaction
from django.utils import timezone

from selaras.cases.facts import Facts, Tally
from selaras.cases.keys import CannotUnsealError, ShutError
from selaras.cases.models import FIRST_PREVIOUS, Entry, Purpose, RoomKey, Sum, Ticket
from selaras.cases.router import room
from selaras.models import sealing

Given = ParamSpec("Given")
Got = TypeVar("Got")
#: Without 0, 1, I, L, O and U: read out over a phone.
LETTERS: Final = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH: Final = 10


def in_the_room(step: Callable[Given, Got]) -> Callable[Given, Got]:
    """One transaction of the room's database. Raises ShutError where its key or its database cannot be used."""

    @wraps(step)
    def inside(*args: Given.args, **kwargs: Given.kwargs) -> Got:
        try:
            with transaction.atomic(using=room()):
                return step(*args, **kwargs)
        except (CannotUnsealError, OperationalError, ProgrammingError, InterfaceError) as error:
            raise ShutError(str(error)) from error

    return inside


# --- tickets --------------------------------------------------------------------------------------------------------
def _context(ticket: Ticket) -> str:
    return f"ticket {ticket.id}"


def unsealed(ticket: Ticket) -> Facts:
    """What it says; its key must be at hand. Raises ShutError."""
    return Facts.of(ticket.key.unseal(ticket.sealed, _context(ticket)))


def write(ticket: Ticket, facts: Facts) -> None:
    """Seal and save: with a new key where the ticket is new."""
    new = ticket._state.adding
    if new:
        ticket.key = RoomKey.fresh(Purpose.TICKET)
    ticket.sealed = ticket.key.seal(facts.plain(), _context(ticket))
    for column, day in facts.days().items():
        setattr(ticket, column, day)
    ticket.save(force_insert=new)


def destroy(ticket: Ticket) -> None:
    """The row and its key: what it sealed is gone, here and in every copy made with the key."""
    key = ticket.key
    ticket.delete()
    key.delete()


def code_for(user: str, press: str) -> str:
    """The code of what this person opened with that press of the button: pressed twice it is one ticket.

    Made with a key of the room, so that nobody else can tell from a code who opened it or when.
    """
    secret = RoomKey.only(Purpose.CODES).secret()
    number = int(sealing.search_hash(secret, "ticket", f"{user} {press}"), 16)
    letters = []
    for _ in range(LENGTH):
        number, place = divmod(number, len(LETTERS))
        letters.append(LETTERS[place])
    return "".join(letters)


def as_code(text: str) -> str:
    """A code as it is kept, however it was typed: `k7mq 2rtx-9b`."""
    return "".join(text.split()).replace("-", "").upper()[:12]


# --- sums of what was destroyed ---------------------------------------------------------------------------------------
def sums(row: Sum) -> dict[str, Tally]:
    """Kelurahan → what its destroyed tickets of that month added up to."""
    said = RoomKey.only(Purpose.SUMS).unseal(row.sealed, f"sum {row.month.isoformat()}")
    return {place: Tally(*numbers) for place, numbers in said.items()}


def add_sums(month: Any, more: dict[str, Tally]) -> None:
    """Add to that month's."""
    row = Sum.objects.select_for_update().filter(month=month).first()
    there = sums(row) if row is not None else {}
    for place, added in more.items():
        there[place] = there.get(place, Tally()) + added
    said = {place: each.plain() for place, each in there.items()}
    sealed = RoomKey.only(Purpose.SUMS).seal(said, f"sum {month.isoformat()}")
    Sum.objects.update_or_create(month=month, defaults={"sealed": sealed})


# --- the log ----------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Line:
    """One entry, unsealed. `who` is a user's UUID or '' for the room itself; `about` a ticket's code or ''."""

    number: int
    at: datetime
    who: str
    action: str
    purpose: str
    about: str
    more: dict[str, Any]


def note(
    *, who: str, action: str, purpose: str = "", about: str = "", now: datetime | None = None, **more: Any
) -> None:
    """Write one entry, linked to the one before, in the caller's transaction. `more` are codes, counts and moments."""
    now = now or timezone.now()
    connection = connections[room()]
    if connection.vendor == "postgresql":
        # One link after the other: two at once would both follow the same one.
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE cases_entry IN SHARE ROW EXCLUSIVE MODE")
    last = Entry.objects.order_by("-number").first()
    number = 1 if last is None else last.number + 1
    said = {"at": now.isoformat(), "who": who, "action": action, "purpose": purpose, "about": about, "more": more}
    entry = Entry(
        number=number,
        day=timezone.localdate(now),
        sealed=RoomKey.only(Purpose.LOG).seal(said, f"entry {number}"),
        previous=FIRST_PREVIOUS if last is None else last.digest,
    )
    entry.digest = entry.computed_digest()
    entry.save(force_insert=True)


def lines(newest: int) -> Iterator[Line]:
    """The newest entries, newest first; those from before a key was lost are left out."""
    key = RoomKey.only(Purpose.LOG)
    for entry in Entry.objects.order_by("-number")[:newest]:
        try:
            said = key.unseal(entry.sealed, f"entry {entry.number}")
        except CannotUnsealError:
            return
        yield Line(entry.number, datetime.fromisoformat(said.pop("at")), **said)


def broken_links() -> list[int]:
    """Numbers of entries that do not follow what stands before them, or were changed. Needs no key."""
    found, previous, number = [], FIRST_PREVIOUS, 0
    for entry in Entry.objects.order_by("number").iterator(chunk_size=1000):
        number += 1
        if (entry.number, entry.previous, entry.computed_digest()) != (number, previous, entry.digest):
            found.append(entry.number)
            number = entry.number
        previous = entry.digest
    return found
