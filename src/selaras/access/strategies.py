"""Strategies: what was found, what was changed for it, what it did.

Words of the city, without any family, and its own until a dossier is frozen: jurors and the province read them there.
"""

from django.db.models import Q, QuerySet

from selaras.access.scopes import CONSOLE, INSIDE, Actor, condition, is_one, is_own, own_condition
from selaras.models import Cycle, Role, Strategy


def may_see_lessons(user: Actor, cycle: Cycle) -> bool:
    """Read the year's strategies, and who looks at its loci again: the city's own, wherever in it they work."""
    return user is CONSOLE or is_own(user, INSIDE, cycle.place.code, cycle.place.code, cycle.pk)


def may_keep_strategies(user: Actor, cycle: Cycle) -> bool:
    """Write strategies and what was learnt of them, also when the year is over: the secretariat of its city."""
    return user is CONSOLE or is_one(user, {Role.SECRETARIAT}, cycle.place.code, cycle.id)


def strategies_for(user: Actor) -> QuerySet[Strategy]:
    """The strategies of the years of her own city, of a lokus where she sees that; none that was taken back."""
    rows = Strategy.objects.filter(taken_back_at__isnull=True)
    rows = rows.select_related("lokus__place", "cycle__place", "agency", "before", "after", "created_by")
    if user is CONSOLE:
        return rows
    city = "cycle__place__code"
    year = condition(user, city, "cycle_id", roles=INSIDE, around=True, city=city)
    return rows.filter(Q(lokus__isnull=True) & year | Q(lokus__isnull=False) & own_condition(user, "lokus__"))
