"""Readiness: whose it is to see before the jury comes, who claims for the city, and who looks at a claim."""

from typing import Final

from selaras.access.programme import is_open
from selaras.access.scopes import CONSOLE, KEEPERS, Actor, Scope, is_one, named_in, scopes_of
from selaras.models import Lokus, Role, User
from selaras.models.places import within

#: The city's own people who answer for a claim. Jurors, the province and the public see what a city hands over.
OWN: Final = frozenset({Role.SECRETARIAT, Role.SUPERVISOR, Role.LIAISON, Role.LEADER})


def may_see_readiness(user: Actor, lokus: Lokus) -> bool:
    """Read what is claimed, proved and still missing: the city's own people, none whose area is larger than it."""
    return user is CONSOLE or (not _by_link(user) and any(_own(scope, lokus) for scope in scopes_of(user)))


def _by_link(user: Actor) -> bool:
    return isinstance(user, User) and user.link is not None


def _own(scope: Scope, lokus: Lokus) -> bool:
    city = lokus.cycle.place.code
    inside = any(within(own, city) for own in scope.areas)
    return scope.role in OWN and inside and scope.covers(lokus.area, lokus.cycle_id)


def may_claim(user: Actor, lokus: Lokus, agency: str) -> bool:
    """Say what the city claims of an item in an open year: its keepers, and the agency that the item names.

    `agency` is the workbook's column: one short name, or several parted by comma, semicolon or slash.
    """
    if not is_open(lokus) or _by_link(user):
        return False
    named = named_in(agency)
    own = [scope for scope in scopes_of(user) if scope.role == Role.LIAISON and scope.agencies & named]
    keeps = is_one(user, KEEPERS, lokus.area, lokus.cycle_id)
    return user is CONSOLE or keeps or any(scope.covers(lokus.area, lokus.cycle_id) for scope in own)


def may_find(user: Actor, lokus: Lokus) -> bool:
    """Hold a claim of an open year against its evidence: the secretariat and the camat, as they vouch for evidence.

    The lurah's own lokus is what is scored. Nobody looks at what she claimed herself: the action sees to that.
    """
    kecamatan = lokus.place.code.rpartition(".")[0]
    above = kecamatan != "" and is_one(user, {Role.SUPERVISOR}, kecamatan, lokus.cycle_id)
    city = is_one(user, {Role.SECRETARIAT}, lokus.area, lokus.cycle_id)
    return is_open(lokus) and (user is CONSOLE or city or above)
