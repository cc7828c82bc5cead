"""Tickets sealed and unsealed, and the room's log: the only file that knows how rows and facts belong together."""

from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, time
from functools import wraps
from typing import Any, Final, ParamSpec, TypeVar
from uuid import UUID

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
#: So many entries of the log are opened at once.
CHUNK: Final = 200


def looked_at(step: Callable[Given, Got]) -> Callable[Given, Got]:
    """Reads the room's database, and holds nobody up who writes. Raises ShutError where its key or its database cannot
    be used."""

    @wraps(step)
    def inside(*args: Given.args, **kwargs: Given.kwargs) -> Got:
        try:
            return step(*args, **kwargs)
        except (CannotUnsealError, OperationalError, ProgrammingError, InterfaceError) as error:
            raise ShutError(str(error)) from error

    return inside


def in_the_room(step: Callable[Given, Got]) -> Callable[Given, Got]:
    """One transaction of the room's database. Raises ShutError where its key or its database cannot be used."""

    @looked_at
    @wraps(step)
    def inside(*args: Given.args, **kwargs: Given.kwargs) -> Got:
        with transaction.atomic(using=room()):
            return step(*args, **kwargs)

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
    """The row and its key: what it sealed is gone here, and what the log says of it too. A backup of before holds the
    wrapped key still, for as long as that backup is kept (docs/operations.md)."""
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
    """One entry, unsealed. `who` is a user's UUID or '' for the room itself; `about` a ticket's code or ''; `places`
    what it lies in or was read by: codes. `gone`: its ticket was destroyed, and what was said of it too; of what the
    front line did nothing is left then but the day.
    """

    number: int
    at: datetime
    who: str
    action: str
    purpose: str
    about: str
    more: dict[str, Any]
    places: tuple[str, ...] = ()
    gone: bool = False


def note(
    *,
    who: str,
    action: str,
    purpose: str = "",
    about: str = "",
    place: str = "",
    places: tuple[str, ...] = (),
    now: datetime | None = None,
    **more: Any,
) -> None:
    """Write one entry, linked to the one before, in the caller's transaction. `more` are codes, counts and moments.

    What is said of a ticket (`about`, `place`, `more`) is sealed under the ticket's own key and goes with it. Where
    there is no purpose the front line did it: then who and when go too, for they tell when, and where, she was told.
    """
    now = now or timezone.now()
    connection = connections[room()]
    if connection.vendor == "postgresql":
        # One link after the other: two at once would both follow the same one.
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE cases_entry IN SHARE ROW EXCLUSIVE MODE")
    last = Entry.objects.order_by("-number").first()
    number = 1 if last is None else last.number + 1
    doing = {"at": now.isoformat(), "who": who, "action": action}
    said: dict[str, Any] = {**doing, "purpose": purpose, "more": more, "places": [*places, *([place] if place else ())]}
    if about:
        key = RoomKey.objects.get(ticket__code=about)
        inner = {"about": about, "place": place, "more": more} | ({} if purpose else doing)
        kept = {} if not purpose else doing | {"purpose": purpose}
        hidden = b64encode(key.seal(inner, _of_entry(number), block=1)).decode()
        said = {**kept, "key": str(key.pk), "inner": hidden, "places": [*places, city(place)]}
    entry = Entry(
        number=number,
        day=timezone.localdate(now),
        sealed=RoomKey.only(Purpose.LOG).seal(said, _of_entry(number)),
        previous=FIRST_PREVIOUS if last is None else last.digest,
    )
    entry.digest = entry.computed_digest()
    entry.save(force_insert=True)


def _of_entry(number: int) -> str:
    return f"entry {number}"


def city(place: str) -> str:
    """All that stays of where a ticket was: the first two parts of the kelurahan's code."""
    return ".".join(place.split(".")[:2])


def lines(before: int | None = None) -> Iterator[Line]:
    """Entries, newest first, or those before that number; they end where a key was lost."""
    log = RoomKey.only(Purpose.LOG)
    while True:
        found = Entry.objects.order_by("-number") if before is None else Entry.objects.filter(number__lt=before)
        chunk = list(found.order_by("-number")[:CHUNK])
        if not chunk:
            return
        opened: list[tuple[Entry, dict[str, Any]]] = []
        for entry in chunk:
            try:
                opened.append((entry, log.unseal(entry.sealed, _of_entry(entry.number))))
            except CannotUnsealError:
                break
        keys = RoomKey.objects.in_bulk({UUID(said["key"]) for _, said in opened if "key" in said})
        for entry, said in opened:
            yield _line(entry, said, keys.get(UUID(said["key"])) if "key" in said else None)
        if len(opened) < len(chunk):
            return
        before = chunk[-1].number


def _line(entry: Entry, said: dict[str, Any], key: RoomKey | None) -> Line:
    """With what its ticket's key opens, where that is still there."""
    inner = {} if key is None else key.unseal(b64decode(said["inner"]), _of_entry(entry.number))
    # Its city is for when it is gone: until then whoever keeps another part of the city learns of nothing.
    held = said.get("places", [])[:-1] if inner.get("place") else said.get("places", [])
    said = said | inner
    # Of the front line's, whose moment is gone, the day.
    at = said.get("at") or timezone.make_aware(datetime.combine(entry.day, time())).isoformat()
    return Line(
        number=entry.number,
        at=datetime.fromisoformat(at),
        who=said.get("who", ""),
        action=said.get("action", ""),
        purpose=said.get("purpose", ""),
        about=said.get("about", ""),
        more=said.get("more", {}),
        places=tuple(each for each in (*held, said.get("place", "")) if each),
        gone="key" in said and key is None,
    )


@in_the_room
def note_refusal(*, who: str, purpose: str, about: str, places: tuple[str, ...]) -> None:
    """Somebody asked for a ticket that is not hers, or not there: written after the refusal, in a transaction of its
    own. `places`: hers, whose officers read it; where there is such a ticket its officers read it too."""
    ticket = Ticket.objects.select_related("key").filter(code=as_code(about)).first()
    if ticket is None:
        note(who=who, action="refused", purpose=purpose, places=places)
    else:
        place = unsealed(ticket).place
        note(who=who, action="refused", purpose=purpose, about=ticket.code, place=place, places=places)


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
