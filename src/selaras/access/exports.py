"""Taking answers along as a file: who may, of which families, and with what that names them."""

from typing import Any

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


def may_take_export(user: Actor, export: Export) -> bool:
    """A file that she asked for, while she has every task by which its families were hers."""
    if not isinstance(user, User) or export.by_id != user.pk:
        return False
    now = export_tasks(user, export.cycle)
    return bool(now) and all(task in now for task in export.held)


def export_tasks(user: Actor, cycle: Cycle) -> list[list[Any]]:
    """Her tasks with families of that year, as JSON: what a file hangs on that is made of them."""
    scopes = [scope for scope in scopes_of(user) if scope.role in NAMES]
    return [[one.role, one.cycle, list(one.areas)] for one in scopes if one.touches(cycle.place.code, cycle.id)]


def exports_for(user: Actor) -> QuerySet[Export]:
    """The files that she has asked for herself: nobody else's, whoever she is."""
    rows = Export.objects.select_related("cycle__place", "round", "key", "job")
    return rows.filter(by=user.pk) if isinstance(user, User) else rows.none()
