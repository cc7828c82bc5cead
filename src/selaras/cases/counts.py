"""The only way out of the room: whole numbers by kelurahan and month, never a ticket, a code or a moment; and to whom.

They are exact and small: whoever shows or stores anything made of them suppresses it first (fewer than 5, and whatever
a margin, a period or an area around it would give away), and computes indicators from what was published alone. No
page outside the room may differ because of one ticket before that.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from django.utils import timezone

from selaras.access import may_enter_room
from selaras.cases import vouching
from selaras.cases.facts import Facts, Tally, tally
from selaras.cases.keys import ShutError
from selaras.cases.models import Sum, Ticket
from selaras.cases.rows import in_the_room, sums, unsealed
from selaras.models.people import User
from selaras.models.places import within

__all__ = ["Cell", "Tally", "Trust", "cells", "total", "trust_in"]


@dataclass(frozen=True, slots=True)
class Cell:
    """What was handed over from one kelurahan (its code) in one month (its first day), by the server's calendar."""

    place: str
    month: date
    tally: Tally


def cells(area: str, first: date, last: date, *, now: datetime | None = None) -> tuple[Cell, ...] | None:
    """Every kelurahan and month that has a ticket, of those below the code `area` ('' for all) reported in the months
    of `first` to `last`; in order. None where the room is shut (its key or database is not there): nothing is known
    then, which is not the same as nothing happened.

    Tickets that were destroyed when their time was up are in it still, as sums.
    """
    now = now or timezone.now()
    try:
        found = _read(first.replace(day=1), last, now)
    except ShutError:
        return None
    ordered = sorted(found.items(), key=lambda item: (item[0][1], item[0][0]))
    return tuple(Cell(place, month, each) for (place, month), each in ordered if within(place, area))


def total(of: tuple[Cell, ...]) -> Tally:
    """All of them together."""
    return sum((cell.tally for cell in of), Tally())


class Trust(StrEnum):
    """Whether somebody may be shown figures that are not published; if not, what she lacks."""

    KNOWN = "known"
    #: No officer of the room: an administrator who is one beside is none.
    OUTSIDE = "outside"
    #: No second step.
    BARE = "bare"
    #: Nobody has said that it is hers.
    UNKNOWN = "unknown"
    #: The room's key or database is not there, so nobody can tell.
    SHUT = "shut"


def trust_in(user: User) -> Trust:
    """As the room's door trusts her: an officer whose second step somebody has heard to be hers (vouching.py).

    No ticket changes it, and without a second step the room is not asked.
    """
    if not may_enter_room(user):
        return Trust.OUTSIDE
    if not vouching.step_of(user):
        return Trust.BARE
    try:
        return Trust.KNOWN if vouching.is_known(user) else Trust.UNKNOWN
    except ShutError:
        return Trust.SHUT


@in_the_room
def _read(first: date, last: date, now: datetime) -> dict[tuple[str, date], Tally]:
    until = last.replace(year=last.year + last.month // 12, month=last.month % 12 + 1, day=1)
    found: dict[tuple[str, date], Tally] = {}

    def add(place: str, month: date, each: Tally) -> None:
        found[place, month] = found.get((place, month), Tally()) + each

    for ticket in Ticket.objects.select_related("key").filter(reported_on__gte=first, reported_on__lt=until):
        facts: Facts = unsealed(ticket)
        add(facts.place, ticket.reported_on.replace(day=1), tally(facts, now))
    for row in Sum.objects.filter(month__gte=first, month__lt=until):
        for place, each in sums(row).items():
            add(place, row.month, each)
    return found
