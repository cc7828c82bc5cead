"""The room's log as officers read it: who read or did what, for which purpose. Reading it is logged too."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from selaras.access import demand, kept_areas, may_enter_room, may_keep_tickets, officers_of
from selaras.cases import rows
from selaras.cases.rows import Line, in_the_room, note
from selaras.cases.tickets import Reason
from selaras.models.people import User

#: So many of the newest entries are looked through.
NEWEST = 500


@dataclass(frozen=True, slots=True)
class Trail:
    """`lines` newest first, those of her area and of the room itself; `names` by UUID; `broken`: links that are not
    whole; `officers`: who may enter with her."""

    lines: tuple[Line, ...]
    names: dict[str, str]
    broken: tuple[int, ...]
    officers: tuple[str, ...]


@in_the_room
def read_trail(*, by: User, reason: Reason, now: datetime | None = None) -> Trail:
    """Raises Forbidden, ShutError."""
    demand(may_enter_room, by)
    areas = kept_areas(by)
    note(who=str(by.uuid), action="trail", purpose=reason, place=areas[0], now=now or timezone.now())
    lines = tuple(line for line in rows.lines(NEWEST) if _hers(by, line))
    people = User.objects.filter(uuid__in={line.who for line in lines if line.who})
    officers = {str(each) for area in areas for each in officers_of(area)}
    return Trail(
        lines, {str(each.uuid): str(each) for each in people}, tuple(rows.broken_links()), tuple(sorted(officers))
    )


def _hers(by: User, line: Line) -> bool:
    place = line.more.get("place", "")
    return line.who in ("", str(by.uuid)) or (bool(place) and may_keep_tickets(by, place))
