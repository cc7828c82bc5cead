"""Forms on paper and typed from it: who types, and for which area what she types is taken."""

from selaras.access.families import may_see_names
from selaras.access.programme import is_open
from selaras.access.scopes import NAMES, Actor, scopes_of
from selaras.models import Lokus
from selaras.models.places import within


def may_key(user: Actor, lokus: Lokus) -> bool:
    """Type filled paper forms of families that she sees by name, while the year is open."""
    return is_open(lokus) and may_see_names(user, lokus)


def keyed_area(user: Actor, lokus: Lokus) -> str:
    """Where a family that she types for the first time may live: the lokus, or her part of it; '' where nowhere."""
    scopes = [scope for scope in scopes_of(user) if scope.role in NAMES and scope.touches(lokus.area, lokus.cycle_id)]
    if any(scope.covers(lokus.area, lokus.cycle_id) for scope in scopes):
        return lokus.area
    return next((own for scope in scopes for own in scope.areas if within(own, lokus.area)), "")
