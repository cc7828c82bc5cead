"""Personal data itself: who reads the map of it, who takes and answers a request, who keeps the register of breaches.

None of it ends with the year: a family asks about its data as long as they are kept.
"""

from typing import Final

from django.db.models import QuerySet

from selaras.access.families import may_see_household
from selaras.access.scopes import CONSOLE, NAMES, Actor, condition, is_one, scopes_of
from selaras.models import Breach, Cycle, Household, RightsRequest, Role

#: Who answers for how a city keeps personal data.
ANSWERABLE: Final = frozenset({Role.ADMINISTRATOR, Role.SECRETARIAT, Role.PROTECTION})


def may_see_data_map(user: Actor, cycle: Cycle) -> bool:
    """Read what is kept of people, and the impact assessment made of it: who answers for it in that city."""
    return user is CONSOLE or is_one(user, ANSWERABLE, cycle.place.code, cycle.pk)


def may_keep_breaches(user: Actor, cycle: Cycle) -> bool:
    """Read and keep the register of what happened to data, which names nobody: the same people."""
    return user is CONSOLE or is_one(user, ANSWERABLE, cycle.place.code, cycle.pk)


def may_open_requests(user: Actor, cycle: Cycle) -> bool:
    """Open the desk of requests: who works with families by name somewhere in the year. Which ones, says the scope."""
    scopes = [scope for scope in scopes_of(user) if scope.role in NAMES]
    return any(scope.touches(cycle.place.code, cycle.pk) for scope in scopes)


def may_ask_for(user: Actor, household: Household) -> bool:
    """Write down what a family asks about its data: who works with it by name."""
    return may_see_household(user, household)


def may_see_request(user: Actor, request: RightsRequest) -> bool:
    """Read one request and who asks: who works by name where it lies; without a family, the secretariat."""
    return is_one(user, NAMES, request.area, request.cycle_id)


def may_settle_requests(user: Actor, cycle: Cycle) -> bool:
    """Answer requests, take one of somebody who is in no family, retire what has been kept long enough: secretariat."""
    return user is CONSOLE or is_one(user, {Role.SECRETARIAT}, cycle.place.code, cycle.pk)


def requests_for(user: Actor) -> QuerySet[RightsRequest]:
    """The requests that she may read."""
    rows = RightsRequest.objects.select_related("household__lokus__place", "cycle__place", "key", "answered_by")
    return rows.filter(condition(user, "area", "cycle_id", roles=NAMES, around=False))


def breaches_for(user: Actor) -> QuerySet[Breach]:
    """The breaches of the cities whose register she keeps."""
    rows = Breach.objects.select_related("cycle__place", "lokus__place", "entered_by")
    if user is CONSOLE:
        return rows
    return rows.filter(condition(user, "cycle__place__code", "cycle_id", roles=ANSWERABLE, around=False))
