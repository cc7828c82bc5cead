"""Who is told that a row of a sheet is of a family that is used no further by name, before the sheet is saved.

What a family wished is not to be found out by uploading its number: until it is saved only who may read that request
hears of it. Afterwards whoever imports sees in any case that a row of hers is not shown.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q

from selaras.access import CONSOLE, Actor, may_settle_requests, requests_for
from selaras.models import Cycle, RightsRequest


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
