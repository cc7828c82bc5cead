"""Cadres' phones: who hands one its way in, which families it carries, and who decides on what it sent."""

from datetime import datetime
from functools import reduce
from operator import or_

from django.db.models import Q, QuerySet
from django.utils import timezone

from selaras.access.families import households_for
from selaras.access.scopes import CONSOLE, KEEPERS, NAMES, Actor, condition, is_one, scopes_of
from selaras.models import Arrival, Cycle, Household, Membership, PhoneToken, User
from selaras.models.places import within_q


def may_give_phone(user: Actor, membership: Membership, cycle: Cycle) -> bool:
    """Hand that person a way in from a phone, while the year is open: who keeps her area's records.

    Only to somebody who works with families by name: nobody else has a list to carry.
    """
    return cycle.closed_at is None and may_revoke_phone(user, membership, cycle)


def may_revoke_phone(user: Actor, membership: Membership, cycle: Cycle) -> bool:
    """Take it away, also when the year is closed: a phone is lost at any time."""
    if membership.role not in NAMES or membership.cycle_id not in {None, cycle.pk}:
        return False
    return user is CONSOLE or is_one(user, KEEPERS, membership.place_code, cycle.pk)


def may_see_arrivals(user: Actor, cycle: Cycle) -> bool:
    """What phones sent in that year, as far as `arrivals_for` goes: who works with its families by name."""
    return user is CONSOLE or bool(_keeps(user, cycle))


def _keeps(user: Actor, cycle: Cycle) -> bool:
    scopes = [scope for scope in scopes_of(user) if scope.role in KEEPERS]
    return any(scope.touches(cycle.place.code, cycle.pk) for scope in scopes)


def may_decide_arrival(user: Actor, arrival: Arrival) -> bool:
    """Let in, assign or set aside what waits: who keeps the records of where it came from.

    In a closed year too: what was acknowledged is never left where nobody can decide on it.
    """
    return user is CONSOLE or is_one(user, KEEPERS, arrival.area, arrival.cycle_id)


def holders_for(user: Actor, cycle: Cycle) -> QuerySet[Membership]:
    """The tasks of who may be given a phone in that year (`may_give_phone`), in the areas whose records she keeps."""
    rows = Membership.objects.filter(Q(cycle=cycle) | Q(cycle__isnull=True), role__in=NAMES).select_related("user")
    rows = rows.filter(within_q("place_code", cycle.place.code))
    if user is CONSOLE:
        return rows
    kept = Q(pk__in=[])
    for scope in scopes_of(user):
        if scope.role in KEEPERS and scope.cycle in {None, cycle.pk}:
            for area in scope.areas:
                kept |= within_q("place_code", area)
    return rows.filter(kept)


def phones_for(user: Actor, cycle: Cycle) -> QuerySet[PhoneToken]:
    """The ways in from phones in the areas whose records she keeps."""
    rows = PhoneToken.objects.filter(cycle=cycle).select_related("user", "membership", "cycle__place")
    if user is CONSOLE:
        return rows
    return rows.filter(condition(user, "membership__place_code", "cycle_id", roles=KEEPERS, around=False))


def arrivals_for(user: Actor, cycle: Cycle) -> QuerySet[Arrival]:
    """What phones sent from the areas whose records she keeps, and what she sent herself."""
    rows = Arrival.objects.filter(cycle=cycle).select_related("by", "household", "field_form__round", "cycle__place")
    if user is CONSOLE:
        return rows
    own = Q(by=user) if isinstance(user, User) else Q(pk__in=[])
    return rows.filter(condition(user, "area", "cycle_id", roles=KEEPERS, around=False) | own)


def areas_of(phone: PhoneToken, at: datetime) -> tuple[str, ...]:
    """Where a phone reaches at that moment: its own task's area first, then those where its cadre stands in."""
    rows = Membership.objects.filter(Q(cycle=phone.cycle_id) | Q(cycle__isnull=True), user=phone.user_id)
    rows = rows.filter(stands_in_for__isnull=False).order_by("pk")
    return phone.membership.place_code, *(row.place_code for row in rows if row.holds(at))


def carried_by(phone: PhoneToken) -> QuerySet[Household]:
    """The families that this phone may list and name: of her area in its year, and of those where she stands in now."""
    rows = households_for(phone.user).filter(lokus__cycle=phone.cycle_id)
    return rows.filter(reduce(or_, (within_q("area", area) for area in areas_of(phone, timezone.now()))))
