"""One cadre does another's task for a while: who is ill, away, or without a phone. It ends by itself."""

from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils import timezone

from selaras.access import Actor, demand, holders_for, may_stand_in, one, stand_ins_for, the_cycle
from selaras.actions import audit
from selaras.actions.people import refuse_clashes
from selaras.errors import InputError, Problem
from selaras.models import Cycle, Membership, Role
from selaras.models.places import zone_of

#: The longest time; who is away longer hands her task over.
MOST_DAYS = 92


def stand_in(
    *,
    by: Actor,
    cycle_slug: str,
    membership_id: int,
    by_whom: int,
    first: date,
    last: date,
    now: datetime | None = None,
) -> Membership:
    """A task for the cadre of task `by_whom` in the area of that other cadre's task, from the first day to the last.

    With it the families of that area are hers by every door, her phone's list too, and each form of theirs says whom
    she stood in for. The other's own task stays as it is. Raises Missing, Forbidden, InputError where the days make no
    sense, either has ended, or both are one person's.
    """
    now = now or timezone.now()
    cycle = the_cycle(by, cycle_slug)
    cadres = holders_for(by, cycle).filter(role=Role.CADRE, stands_in_for__isnull=True)
    absent = one(cadres, pk=membership_id)
    demand(may_stand_in, by, absent, cycle)
    other = one(cadres, pk=by_whom)
    _demand_sense(absent, other, now)
    starts, ends = _days(cycle, first, last, now)
    with transaction.atomic():
        made = Membership(
            user=other.user,
            role=Role.CADRE,
            cycle=cycle,
            place_code=absent.place_code,
            starts=starts,
            ends=ends,
            stands_in_for=absent,
        )
        there = Membership.objects.filter(user=other.user, stands_in_for=absent, starts__lt=ends, ends__gt=starts)
        if there.exists():
            raise InputError(Problem("stand_in.twice", values={"name": other.user.get_full_name()}))
        refuse_clashes(other.user, [made])
        made.save(force_insert=True)
        _record(by, "people.stand_in", made, first=first.isoformat(), last=last.isoformat())
    return made


def _demand_sense(absent: Membership, other: Membership, now: datetime) -> None:
    if absent.user_id == other.user_id:
        raise InputError(Problem("stand_in.herself"))
    for task in (absent, other):
        if not task.holds(now) or not task.user.is_active:
            raise InputError(Problem("stand_in.ended", values={"name": task.user.get_full_name()}))


def _days(cycle: Cycle, first: date, last: date, now: datetime) -> tuple[datetime, datetime]:
    """From the beginning of the first day to the end of the last, in the place's zone."""
    zone = zone_of(cycle.place.code)
    if not now.astimezone(zone).date() <= last or not first <= last:
        raise InputError(Problem("stand_in.days"))
    if (last - first).days >= MOST_DAYS:
        raise InputError(Problem("stand_in.long", values={"most": MOST_DAYS}))
    starts = datetime.combine(first, time.min, zone)
    return starts, datetime.combine(last + timedelta(days=1), time.min, zone)


def end_stand_in(*, by: Actor, cycle_slug: str, membership_id: int) -> Membership:
    """It ends now instead of on its last day; ended already, nothing changes. Raises Missing, Forbidden."""
    cycle = the_cycle(by, cycle_slug)
    task = one(stand_ins_for(by, cycle), pk=membership_id)
    demand(may_stand_in, by, task, cycle)
    now = timezone.now()
    if task.ends is None or task.ends > now:
        with transaction.atomic():
            task.ends = max(now, task.starts)
            task.save(update_fields=["ends"])
            _record(by, "people.end_stand_in", task)
    return task


def _record(by: Actor, action: str, task: Membership, **details: str) -> None:
    absent = task.stands_in_for
    audit.record(
        by=by,
        action=action,
        object_type="user",
        object_id=task.user.uuid,
        place_code=task.place_code,
        previous=str(absent.user.uuid) if absent is not None else "",
        **details,
    )
