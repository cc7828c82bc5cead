"""Who stands in for whom in a year, and who could."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone

from selaras.access import demand, holders_for, may_see_arrivals, stand_ins_for, the_cycle
from selaras.models import Membership, Role, User
from selaras.models.places import zone_of
from selaras.queries.invitations import place_names
from selaras.queries.programme import cycle_ref, today_in
from selaras.queries.refs import CycleRef

#: Past ones that the page lists.
PAST = 30


@dataclass(frozen=True, slots=True)
class CadreChoice:
    """A cadre's task, to choose: `Ani (RW 03 Gedong Dalem)`."""

    task: int
    name: str
    where: str


@dataclass(frozen=True, slots=True)
class StandIn:
    """One who stands in (`name`) for another (`absent`) in her area, first and last day included."""

    task: int
    name: str
    absent: str
    where: str
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class StandInsPage:
    """Those of now and to come, the past ones (the last first, at most PAST), and who may be chosen."""

    cycle: CycleRef
    now: tuple[StandIn, ...]
    past: tuple[StandIn, ...]
    cadres: tuple[CadreChoice, ...]
    today: date
    open: bool


def stand_ins_page(user: User, slug: str) -> StandInsPage:
    """The whole page. Statements do not grow with people. Raises Missing; Forbidden for who keeps no records there."""
    cycle = the_cycle(user, slug)
    demand(may_see_arrivals, user, cycle)
    now = timezone.now()
    rows = list(stand_ins_for(user, cycle).order_by("starts", "pk"))
    cadres = holders_for(user, cycle).filter(role=Role.CADRE, stands_in_for__isnull=True)
    held = [row for row in cadres.order_by("place_code", "user__full_name", "pk") if row.holds(now)]
    names = place_names(row.place_code for row in (*rows, *held))
    lines = [(row, _line(row, names, cycle.place.code)) for row in rows]
    running = [line for row, line in lines if row.ends is None or row.ends > now]
    past = [line for row, line in lines if row.ends is not None and row.ends <= now]
    return StandInsPage(
        cycle=cycle_ref(cycle),
        now=tuple(running),
        past=tuple(past[::-1][:PAST]),
        cadres=tuple(
            CadreChoice(row.pk, row.user.get_full_name() or row.user.username, names.get(row.place_code, ""))
            for row in held
            if row.user.is_active
        ),
        today=today_in(cycle),
        open=cycle.closed_at is None,
    )


def _line(row: Membership, names: dict[str, str], place: str) -> StandIn:
    absent = row.stands_in_for
    return StandIn(
        task=row.pk,
        name=row.user.get_full_name() or row.user.username,
        absent="" if absent is None else absent.user.get_full_name() or absent.user.username,
        where=names.get(row.place_code, row.place_code),
        first=row.starts.astimezone(zone_of(place)).date(),
        last=last_day(row.ends or row.starts, place),
    )


def last_day(ends: datetime, place: str) -> date:
    """The last day on which a task holds that ends at this moment."""
    return (ends.astimezone(zone_of(place)) - timedelta(microseconds=1)).date()


def standing_in(tasks: Iterable[Membership], place: str) -> tuple[StandIn, ...]:
    """Of a cadre's tasks of now, those in which she stands in for another. One statement."""
    mine = [task.pk for task in tasks if task.stands_in_for_id is not None]
    if not mine:
        return ()
    rows = list(Membership.objects.filter(pk__in=mine).select_related("user", "stands_in_for__user").order_by("ends"))
    names = place_names(row.place_code for row in rows)
    return tuple(_line(row, names, place) for row in rows)
