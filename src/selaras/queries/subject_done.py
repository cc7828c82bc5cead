"""What was done with one family's data, for the family: each look at it, each file that it was in, each change.

Source: UU 27/2022 art. 32 (the record of what was done with it).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from selaras.models import Arrival, AuditEntry, Household, Membership, RightsRequest
from selaras.models.places import within

#: Names shown to an agency, written down with the year and the codes of those shown.
_AGENCY = ("links.show_families", "asks.show_families")
#: What a woman said, or that she was asked: told to herself alone.
VOICE = frozenset({"families.confirm", "families.holding", "families.woman"})


@dataclass(frozen=True, slots=True)
class Done:
    """One entry of the audit about her family: an action's name, by whom (her role then and there, else ''). Not
    `signed`: by somebody who holds a link or a code, or by the server."""

    at: datetime
    action: str
    role: str
    signed: bool


def done_with(family: Household, *, whole: bool) -> tuple[Done, ...]:
    """The newest first. Not `whole`: without what tells that a woman was asked for herself. Some six statements."""
    entries = [row for row in _entries(family) if whole or row.action not in VOICE]
    people = {row.actor_id for row in entries if row.actor_id}
    tasks: dict[int, list[Membership]] = {}
    for task in Membership.objects.filter(user__in=people).select_related("agency__place").order_by("pk"):
        tasks.setdefault(task.user_id, []).append(task)
    found = (
        Done(row.at, row.action, _role(family, row, tasks.get(row.actor_id or 0, [])), row.actor_id is not None)
        for row in entries
    )
    return tuple(sorted(found, key=lambda one: one.at, reverse=True))


def _entries(family: Household) -> Iterator[AuditEntry]:
    """Of the family itself, of its requests and forms; of lists that it stood on; of files with its whole lokus."""
    lokus, cycle = family.lokus, family.lokus.cycle
    requests = RightsRequest.objects.filter(household=family).values_list("uuid", flat=True)
    arrivals = Arrival.objects.filter(household=family).values_list("uuid", flat=True)
    yield from AuditEntry.objects.filter(
        Q(object_type="household", object_id=str(family.uuid))
        | Q(action="rights.copy", object_id__in=[str(one) for one in requests])
        | Q(action="arrivals.reveal_names", object_id__in=[str(one) for one in arrivals])
    )
    # By its area a lokus is another every year, and codes begin anew.
    here = Q(object_type="lokus", object_id=str(lokus.pk))
    here |= Q(object_type="lokus", object_id=lokus.area, details__cycle=cycle.pk)
    # A link's entry names its year in the details, a liaison's by its object; their codes are of a whole year.
    year = Q(action=_AGENCY[0], details__cycle=cycle.slug) | Q(action=_AGENCY[1], object_id=cycle.slug)
    for row in AuditEntry.objects.filter(here | year).iterator():
        if family.code in row.details.get("codes", ()):
            yield row
    made = AuditEntry.objects.filter(action="exports.make", object_id=cycle.slug)
    for row in made.iterator():
        loci = str(row.details.get("lokus", "")).split(", ")
        if row.details.get("identifiers") and lokus.area in loci:
            yield row


def _role(family: Household, row: AuditEntry, tasks: Iterable[Membership]) -> str:
    """The task that held then and there; of who has none there any task that held, else ''."""
    then = [each for each in tasks if each.starts <= row.at and (each.ends is None or row.at < each.ends)]
    area = family.lokus.area

    def there(each: Membership) -> bool:
        place = each.place_code or ("" if each.agency is None else each.agency.place.code)
        return each.cycle_id in {None, family.lokus.cycle_id} and (within(area, place) or within(place, area))

    return next((each.role for each in (*filter(there, then), *then)), "")
