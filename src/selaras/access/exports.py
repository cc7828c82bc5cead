"""Taking answers along as a file: who may, of which families, and with what that names them."""

from django.db.models import QuerySet

from selaras.access.scopes import KEEPERS, NAMES, Actor, is_one, scopes_of
from selaras.models import Cycle, Export, Lokus, User


def may_export(user: Actor, cycle: Cycle) -> bool:
    """Answers of families as a file: who works with families by name somewhere in the year, of those families alone."""
    scopes = [scope for scope in scopes_of(user) if scope.role in NAMES]
    return any(scope.touches(cycle.place.code, cycle.id) for scope in scopes)


def may_export_identifiers(user: Actor, lokus: Lokus) -> bool:
    """Names, addresses, numbers and free text among them: who keeps the records of that whole lokus."""
    return is_one(user, KEEPERS, lokus.area, lokus.cycle_id)


def exports_for(user: Actor) -> QuerySet[Export]:
    """The files that she has asked for herself: nobody else's, whoever she is."""
    rows = Export.objects.select_related("cycle__place", "round", "key", "job")
    return rows.filter(by=user.pk) if isinstance(user, User) else rows.none()
