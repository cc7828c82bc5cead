"""Which periods of hand-overs the clock lets out, and which never, for nobody could have kept them back in time.

It depends on years and tasks alone, never on what was reported.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from django.db.models import Q
from django.utils import timezone

from selaras.models import AuditEntry, Cycle, Membership, Role
from selaras.models.places import zone_of
from selaras.scoring.handovers import comes_out

#: On so many days before its day somebody must have been able to keep a period back, in a year that was opened as long
#: before. In a month its team can meet and who holds the figures can be asked; and it is twice what lies between a
#: period's end and its day, so that nothing of a period that was over when the year was opened, or the first task
#: given, comes out by itself.
REFUSABLE: Final = timedelta(days=30)
#: They need not follow one another, for a task that ends for two days takes nobody's say away; they are of the last so
#: many, so that what could be kept back was mostly there to be seen.
AMONG: Final = 2 * REFUSABLE
#: And so many of them since the first of its day's month, when nothing is added any more to what comes out. Whoever
#: ends the officer's task earlier lets nothing out behind her back.
SETTLED: Final = timedelta(days=7)


class Coming(StrEnum):
    """What the clock does with what is not out: WAITING for its day; LATE, it is over and the room was shut; NEVER, the
    year was closed; UNREFUSED, nobody could have kept it back on as many days as REFUSABLE, so it never comes out."""

    WAITING = "waiting"
    LATE = "late"
    NEVER = "never"
    UNREFUSED = "unrefused"

    @property
    def may_come(self) -> bool:
        """Whether it can still come out."""
        return self in {Coming.WAITING, Coming.LATE}


@dataclass(frozen=True, slots=True)
class Clock:
    """A city's year as the clock sees it on a day there: when it was `opened` (None: it has no such year of its own),
    whether it still `comes` out, and from when to when somebody had the officer's task and could come in."""

    year: int
    today: date
    opened: date | None
    comes: bool
    tasks: tuple[tuple[date, date | None], ...]

    def coming(self, period: str, part: str) -> Coming:
        """Of a part of one of its periods that is not out."""
        if self.opened is not None and not self.comes:
            return Coming.NEVER
        day = comes_out(self.year, period, part)
        if not self._refusable(day):
            return Coming.UNREFUSED
        return Coming.WAITING if self.today < day else Coming.LATE

    def in_time(self, period: str, part: str) -> bool:
        """Whether its day is so far ahead that a year opened today, with an officer, would still let it out."""
        return self.today + REFUSABLE <= comes_out(self.year, period, part)

    def _refusable(self, day: date) -> bool:
        """Whether somebody could keep it back for long enough, or still can: the task may be given today."""
        if self.opened is None:
            return False
        since = max(self.opened, day - AMONG)
        held: set[int] = set()
        for starts, ends in (*self.tasks, (self.today, None)):
            held.update(range(max(starts, since).toordinal(), min(ends or day, day).toordinal()))
        settled = sum(each >= day.replace(day=1).toordinal() for each in held)
        return len(held) >= REFUSABLE.days and settled >= SETTLED.days


def clock_of(city: str, year: int, now: datetime | None = None) -> Clock:
    """Of that city's year. Three statements.

    Whoever has the officer's task of the city, in whichever year of it, can keep back any of its periods, as long as
    her account is on; what becomes of it later changes nothing of that.
    """
    zone, now = zone_of(city), now or timezone.now()
    today = now.astimezone(zone).date()
    rows = Cycle.objects.filter(place__code=city, source="", year=year).annotate(comes=still_comes_out(today))
    years = list(rows.values_list("created_at", "comes"))
    of_the_city = Q(cycle__isnull=True) | Q(cycle__place__code=city)
    tasks = Membership.objects.filter(of_the_city, role=Role.PROTECTION, place_code=city).select_related("user")
    return Clock(
        year,
        today,
        min((at.astimezone(zone).date() for at, _comes in years), default=None),
        any(comes for _at, comes in years),
        tuple(
            (starts.astimezone(zone).date(), None if ends is None else ends.astimezone(zone).date())
            for starts, ends in _open_to(tasks, now)
        ),
    )


def _open_to(tasks: Iterable[Membership], now: datetime) -> Iterator[tuple[datetime, datetime | None]]:
    """From when to when each was held by an account that was on.

    When it was switched is in the audit. Where that is not known, what an account that is off has not ended yet is
    none, and what has ended is whole.
    """
    tasks = list(tasks)
    rows = AuditEntry.objects.filter(object_type="user", action__in=("people.activate", "people.deactivate"))
    rows = rows.filter(object_id__in={str(task.user.uuid) for task in tasks}).order_by("at", "pk")
    switched: dict[str, list[tuple[datetime, bool]]] = {}
    for whose, at, action in rows.values_list("object_id", "at", "action"):
        switched.setdefault(whose, []).append((at, action == "people.activate"))
    for task in tasks:
        yield from _pieces(task, switched.get(str(task.user.uuid), []), now)


def _pieces(
    task: Membership, switched: Iterable[tuple[datetime, bool]], now: datetime
) -> Iterator[tuple[datetime, datetime | None]]:
    since: datetime | None = task.starts
    for at, on in switched:
        if on:
            since = since or max(at, task.starts)
        elif since is not None:
            yield since, at if task.ends is None else min(at, task.ends)
            since = None
    if since is not None and (task.user.is_active or (task.ends is not None and task.ends <= now)):
        yield since, task.ends


def still_comes_out(now: date) -> Q:
    """Of which years (of Cycle) the clock still publishes hand-overs: open ones, and closed ones of this year or the
    last."""
    return Q(closed_at__isnull=True) | Q(year__gte=now.year - 1)
