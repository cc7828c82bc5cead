"""Strategies: what was found, what was changed for it, what it did. Words of the city, without any family."""

from django.db.models import Q, QuerySet

from selaras.access.scopes import CONSOLE, Actor, condition, is_one, lokus_condition
from selaras.models import Cycle, Role, Strategy


def may_keep_strategies(user: Actor, cycle: Cycle) -> bool:
    """Write strategies and what was learnt of them, also when the year is over: the secretariat of its city."""
    return user is CONSOLE or is_one(user, {Role.SECRETARIAT}, cycle.place.code, cycle.id)


def strategies_for(user: Actor) -> QuerySet[Strategy]:
    """The strategies of the years that she sees, of a lokus where she sees that; none that was taken back."""
    rows = Strategy.objects.filter(taken_back_at__isnull=True)
    rows = rows.select_related("lokus__place", "cycle__place", "agency", "before", "after", "created_by")
    if user is CONSOLE:
        return rows
    year = condition(user, "cycle__place__code", "cycle_id", roles=None, around=True)
    return rows.filter(Q(lokus__isnull=True) & year | Q(lokus__isnull=False) & lokus_condition(user, "lokus__"))
