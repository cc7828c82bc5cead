"""The room's log as officers read it: who read or did what, for which purpose. Reading it is logged too."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import islice
from typing import Final

from django.utils import timezone

from selaras.access import demand, kept_areas, may_enter_room, may_keep_tickets, officers_of
from selaras.cases import rows
from selaras.cases.rows import Line, in_the_room, looked_at, note
from selaras.cases.tickets import Reason
from selaras.models.people import User
from selaras.models.places import within

#: So many lines a page, and so many entries of others looked through for them before the next page is offered.
PAGE: Final = 50
LOOKED_THROUGH: Final = 2000
#: Within this, whoever looks at the log again and again has looked once.
ONCE: Final = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Told:
    """The newest of `times` entries of one hour that say the same; `first` is when the oldest of them was."""

    line: Line
    times: int
    first: datetime


@dataclass(frozen=True, slots=True)
class Trail:
    """`told` newest first, those of her area and of the room itself; `names` by UUID; `broken`: links that are not
    whole, looked for on the newest page; `officers`: who may enter with her; `older`: before which number there is
    more to read, or None."""

    told: tuple[Told, ...]
    names: dict[str, str]
    broken: tuple[int, ...]
    officers: tuple[str, ...]
    older: int | None = None


@looked_at
def read_trail(*, by: User, reason: Reason, before: int | None = None, now: datetime | None = None) -> Trail:
    """A page of it: the newest, or what stands before that number. Raises Forbidden, ShutError."""
    demand(may_enter_room, by)
    areas = kept_areas(by)
    _note(by, reason, areas, now or timezone.now())
    told, older = _page(by, areas, before)
    people = User.objects.filter(uuid__in={each.line.who for each in told if each.line.who})
    officers = {str(each) for area in areas for each in officers_of(area)}
    broken = tuple(rows.broken_links()) if before is None else ()
    return Trail(told, {str(each.uuid): str(each) for each in people}, broken, tuple(sorted(officers)), older)


@in_the_room
def _note(by: User, reason: Reason, areas: tuple[str, ...], now: datetime) -> None:
    """Once for all that she looks at it now: her own looking covers nobody's reading."""
    said = (str(by.uuid), "trail", reason.value)
    newest = next(rows.lines(), None)
    if newest is not None and (newest.who, newest.action, newest.purpose) == said and now - newest.at < ONCE:
        return
    note(who=said[0], action=said[1], purpose=reason, places=areas, now=now)


def _page(by: User, areas: tuple[str, ...], before: int | None) -> tuple[tuple[Told, ...], int | None]:
    """Chosen before anything is cut off; the same again within an hour is one line, so that none hides behind many."""
    told: dict[object, Told] = {}
    last, looked = None, 0
    for line in islice(rows.lines(before), LOOKED_THROUGH):
        looked += 1
        if _hers(by, areas, line):
            shown = _shown(by, line)
            hour = line.at.replace(minute=0, second=0, microsecond=0)
            same = (line.who, line.action, line.purpose, shown.about, line.gone, hour)
            if same not in told and len(told) == PAGE:
                return tuple(told.values()), last
            found = told.get(same)
            told[same] = Told(shown, 1, line.at) if found is None else Told(found.line, found.times + 1, line.at)
        last = line.number
    return tuple(told.values()), last if looked == LOOKED_THROUGH else None


def _hers(by: User, areas: tuple[str, ...], line: Line) -> bool:
    """What lies in her area, or was read by whoever keeps one around it; her own; and what the room itself did.

    That somebody looked at emergencies is kept with their city alone, and tells that there were some: it is read by
    whoever keeps all of that.
    """
    if line.who == str(by.uuid) or not line.places:
        return True
    around = line.action != "breaks"
    return any(within(place, area) or (around and within(area, place)) for place in line.places for area in areas)


def _shown(by: User, line: Line) -> Line:
    """Without the code of a ticket that is not hers: of what was refused to somebody it may be another city's."""
    mine = line.who == str(by.uuid) and line.action != "refused"
    ours = any(may_keep_tickets(by, place) for place in line.places[-1:])
    return line if mine or ours else replace(line, about="")
