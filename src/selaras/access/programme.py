"""Programme years, loci, their scores and what was won."""

from django.db.models import QuerySet

from selaras.access.scopes import CONSOLE, KEEPERS, Actor, condition, is_one, lokus_condition, scopes_of
from selaras.models import Cycle, Fact, Lokus, Place, Result, Role


def may_see_cycle(user: Actor, cycle: Cycle) -> bool:
    """Everybody who works in it, around it or above it."""
    return user is CONSOLE or any(s.touches(cycle.place.code, cycle.id) for s in scopes_of(user))


def may_manage_cycle(user: Actor, cycle: Cycle) -> bool:
    """Its dates, loci, representative and instruments: the secretariat of its place."""
    return user is CONSOLE or is_one(user, {_owner(cycle.place)}, cycle.place.code, cycle.id)


def _owner(place: Place) -> str:
    return Role.PROVINCE if place.level == "province" else Role.SECRETARIAT


def may_open_cycle(user: Actor, place: Place) -> bool:
    """Begin a programme year of that city or province: its secretariat, in a scope of all cycles.

    The administrator too: on a new server there is nobody else, and she names the secretariat in the same step.
    """
    roles = {_owner(place), Role.ADMINISTRATOR}
    scopes = [scope for scope in scopes_of(user) if scope.cycle is None and scope.role in roles]
    return user is CONSOLE or any(scope.covers(place.code) for scope in scopes)


def may_record_achievement(user: Actor, place: Place) -> bool:
    """What that place won, with its source: the secretariat of its city, for a province its own."""
    return user is CONSOLE or is_one(user, {_owner(place)}, place.code)


def may_see_lokus(user: Actor, lokus: Lokus) -> bool:
    """Its score, coverage and counts: everybody who works in it, around it or above it."""
    return user is CONSOLE or any(s.touches(lokus.area, lokus.cycle_id) for s in scopes_of(user))


def may_enter_facts(user: Actor, lokus: Lokus) -> bool:
    """Records and activities of an open cycle: the secretariat, and the lurah or camat of the lokus."""
    return is_open(lokus) and (user is CONSOLE or is_one(user, KEEPERS, lokus.area, lokus.cycle_id))


def may_score(user: Actor, lokus: Lokus) -> bool:
    """Freeze a scorecard of the lokus: its keepers, and the provincial secretariat."""
    return user is CONSOLE or is_one(user, KEEPERS | {Role.PROVINCE}, lokus.area, lokus.cycle_id)


def is_open(lokus: Lokus) -> bool:
    """Whether its programme year still takes data."""
    return lokus.cycle.closed_at is None


def cycles_for(user: Actor) -> QuerySet[Cycle]:
    """The programme years that she may see."""
    rows = Cycle.objects.select_related("place")
    if user is CONSOLE:
        return rows
    return rows.filter(condition(user, "place__code", "id", roles=None, around=True))


def loci_for(user: Actor) -> QuerySet[Lokus]:
    """The loci whose scores she may see."""
    rows = Lokus.objects.select_related("place", "cycle__place")
    return rows if user is CONSOLE else rows.filter(lokus_condition(user, ""))


def facts_for(user: Actor) -> QuerySet[Fact]:
    """The facts of the loci that she may see."""
    return Fact.objects.all() if user is CONSOLE else Fact.objects.filter(lokus_condition(user, "lokus__"))


def results_for(user: Actor) -> QuerySet[Result]:
    """The frozen cards of the loci that she may see."""
    return Result.objects.all() if user is CONSOLE else Result.objects.filter(lokus_condition(user, "lokus__"))
