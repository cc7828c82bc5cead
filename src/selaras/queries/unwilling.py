"""Who is told that a row of a sheet, or a filled form, is of a family that is used no further by name.

What a family wished is not to be found out by uploading its number: until it is saved only who may read that request
hears of it. Afterwards whoever imports sees in any case that a row of hers is not shown. Nor by sending it on a form.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db.models import Q

from selaras.access import CONSOLE, Actor, may_settle_requests, requests_for
from selaras.models import Arrival, Cycle, Household, RightsRequest


def told_to(user: Actor, cycle: Cycle, requests: Iterable[str]) -> frozenset[str]:
    """Those of the requests, ids as text, whose restriction holds and that she may read; one that this server has lost
    is told to who answers requests. One statement, none where nothing is asked."""
    asked = set(requests)
    if not asked:
        return frozenset()
    ended = Q(lifted_at__isnull=False) | Q(household__erased_at__isnull=False)
    over = RightsRequest.objects.filter(ended, uuid__in=asked).values_list("uuid", flat=True)
    if user is CONSOLE or may_settle_requests(user, cycle):
        return frozenset(asked.difference(map(str, over)))
    hers = requests_for(user).filter(uuid__in=asked).exclude(uuid__in=over).values_list("uuid", flat=True)
    return frozenset(map(str, hers))


def arrivals_told(user: Actor, cycle: Cycle, rows: Sequence[Arrival]) -> frozenset[int]:
    """Those of these forms of that year, by key, of which she may be told that their family is away at its wish.

    One that is known by its numbers alone is told to who answers requests. Two statements, none where there is no row.
    """
    if not rows or user is CONSOLE or may_settle_requests(user, cycle):
        return frozenset(row.pk for row in rows)
    there = Household.objects.filter(lokus__cycle=cycle, erased_at__isnull=True, restricted_at__isnull=False)
    found = there.filter(Q(uuid__in={row.about for row in rows}) | Q(pk__in={row.household_id for row in rows}))
    away: dict[object, str] = {}
    for pk, uuid, request in found.values_list("pk", "uuid", "pending"):
        away |= {pk: str(request), uuid: str(request)}
    told = told_to(user, cycle, away.values())
    return frozenset(row.pk for row in rows if away.get(row.household_id or row.about, "") in told)
