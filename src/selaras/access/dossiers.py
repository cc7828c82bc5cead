"""Dossiers: the one way by which readiness and evidence leave the city, and only as they were frozen."""

from typing import Final

from django.db.models import QuerySet

from selaras.access.readiness import OWN, may_see_readiness
from selaras.access.scopes import CONSOLE, KEEPERS, Actor, condition, is_one, scopes_of
from selaras.models import Dossier, Lokus, Role, User

#: Who reads what was frozen of a lokus in her area: the city's own, those who judge, and the province above them.
READERS: Final = OWN | {Role.PROVINCE, Role.JUROR}


def _by_link(user: Actor) -> bool:
    return isinstance(user, User) and user.link is not None


def may_freeze_dossier(user: Actor, lokus: Lokus) -> bool:
    """Freeze a package of the lokus, also when the year is over: the secretariat, who answers for it."""
    return user is CONSOLE or (not _by_link(user) and is_one(user, {Role.SECRETARIAT}, lokus.area, lokus.cycle_id))


def may_prepare_dossier(user: Actor, lokus: Lokus) -> bool:
    """See what a dossier would still lack: whoever sees its readiness before it is frozen."""
    return may_see_readiness(user, lokus)


def may_see_dossiers(user: Actor, lokus: Lokus) -> bool:
    """Read what was frozen of that lokus, and check that it is whole."""
    if user is CONSOLE:
        return True
    reads = any(scope.role in READERS and scope.covers(lokus.area, lokus.cycle_id) for scope in scopes_of(user))
    return reads and not _by_link(user)


def may_take_annex(user: Actor, lokus: Lokus) -> bool:
    """The names that belong to a dossier: who keeps the records of that whole lokus."""
    return user is CONSOLE or (not _by_link(user) and is_one(user, KEEPERS, lokus.area, lokus.cycle_id))


def dossiers_for(user: Actor) -> QuerySet[Dossier]:
    """The frozen dossiers that she may read."""
    rows = Dossier.objects.select_related("cycle__place", "lokus__place", "lokus__cycle__place", "file", "made_by")
    if user is CONSOLE:
        return rows
    return (
        rows.none()
        if _by_link(user)
        else rows.filter(condition(user, "lokus__area", "cycle_id", roles=READERS, around=False))
    )
