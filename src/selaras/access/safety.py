"""Safe places: whom to call is public, kept by few; what a walk found is the city's own until it is a plan."""

from django.db.models import QuerySet

from selaras.access.programme import is_open
from selaras.access.scopes import CONSOLE, INSIDE, KEEPERS, Actor, is_one, is_own, own_condition, scopes_of
from selaras.models import Lokus, Place, Role, SafetyWalk, User

#: Who knows whether a number still answers.
NUMBER_KEEPERS = frozenset({Role.SECRETARIAT, Role.PROTECTION})


def may_keep_helplines(user: Actor, place: Place) -> bool:
    """Say whom to call in a city: its secretariat, and its protection officer where the whole city is hers."""
    return user is CONSOLE or is_one(user, NUMBER_KEEPERS, place.code)


def may_walk(user: Actor, lokus: Lokus) -> bool:
    """Note a safety walk in a lokus of an open year: its keepers, a cadre who works in it."""
    cadre = any(s.role == Role.CADRE and s.touches(lokus.area, lokus.cycle_id) for s in scopes_of(user))
    keeps = user is CONSOLE or cadre or is_one(user, KEEPERS, lokus.area, lokus.cycle_id)
    return keeps and is_open(lokus)


def may_see_walks(user: Actor, lokus: Lokus) -> bool:
    """Read what was found in a lokus: the city's own people who work in it, around it or above it."""
    return user is CONSOLE or is_own(user, INSIDE, lokus.cycle.place.code, lokus.area, lokus.cycle_id)


def may_change_walk(user: Actor, walk: SafetyWalk) -> bool:
    """Add to it, take from it, take it back: whoever noted it, as long as she still might, and the secretariat."""
    lokus = walk.lokus
    own = isinstance(user, User) and walk.noted_by_id == user.pk and may_walk(user, lokus)
    office = user is CONSOLE or is_one(user, {Role.SECRETARIAT}, lokus.area, lokus.cycle_id)
    return is_open(lokus) and (own or office)


def walks_for(user: Actor) -> QuerySet[SafetyWalk]:
    """The walks that she may read."""
    rows = SafetyWalk.objects.select_related("lokus__place__parent", "lokus__cycle__place", "noted_by")
    return rows if user is CONSOLE else rows.filter(own_condition(user, "lokus__"))
