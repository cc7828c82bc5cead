"""Standing in: a cadre who does another's task for a while reaches the families of both, by every door, until it ends.

It is a task of its own, so that all scopes read it like any other; what is said here is who may give one, and for whom
a form was filled in. Where a phone reaches with it: phones.areas_of.
"""

from datetime import datetime

from django.db.models import Q, QuerySet

from selaras.access.phones import holders_for, may_give_phone
from selaras.access.scopes import NAMES, Actor
from selaras.models import Cycle, Membership, Role, User
from selaras.models.places import within


def may_stand_in(user: Actor, membership: Membership, cycle: Cycle) -> bool:
    """Let another do that cadre's task for a while, or end that: who keeps her area's records, in an open year."""
    return membership.role == Role.CADRE and may_give_phone(user, membership, cycle)


def stand_ins_for(user: Actor, cycle: Cycle) -> QuerySet[Membership]:
    """The tasks of who stands in, now or ever, in the areas whose records she keeps."""
    return holders_for(user, cycle).filter(stands_in_for__isnull=False).select_related("user", "stands_in_for__user")


def absent_cadre(user: User, cycle: int, area: str, at: datetime) -> User | None:
    """Whose work she did at that moment in that area: None where it was her own."""
    rows = Membership.objects.filter(Q(cycle=cycle) | Q(cycle__isnull=True), user=user, role__in=NAMES).select_related(
        "stands_in_for__user"
    )
    held = [row for row in rows.order_by("pk") if row.holds(at) and within(area, row.place_code)]
    if any(row.stands_in_for is None for row in held):
        return None
    return next((row.stands_in_for.user for row in held if row.stands_in_for is not None), None)
