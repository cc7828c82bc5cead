"""Which periods of hand-overs the clock lets out, and which never, for nobody could have kept them back in time.

It depends on years and tasks alone, never on what was reported.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from django.db.models import Q
from django.utils import timezone

from selaras.models import Cycle, Membership, Role
from selaras.models.places import zone_of
from selaras.scoring.handovers import comes_out

#: For so long before its day somebody must have been able to keep a period back. In a month its team can meet and who
#: holds the figures can be asked; and it is twice what lies between a period's end and its day, so that nothing of a
#: period that was over when the year was opened, or the task given, comes out by itself.
REFUSABLE: Final = timedelta(days=30)


class Coming(StrEnum):
    """What the clock does with what is not out: WAITING for its day; LATE, it is over and the room was shut; NEVER, the
    year was closed; UNREFUSED, nobody could have kept it back for as long as REFUSABLE, so it never comes out."""

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
    whether it still `comes` out, and from when to when somebody has had the officer's task, the earliest first."""

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
        if self.opened is None or not (self.in_time(period, part) or self._refusable(day)):
            return Coming.UNREFUSED
        return Coming.WAITING if self.today < day else Coming.LATE

    def in_time(self, period: str, part: str) -> bool:
        """Whether its day is so far ahead that a year opened today, with an officer, would still let it out."""
        return self.today + REFUSABLE <= comes_out(self.year, period, part)

    def _refusable(self, day: date) -> bool:
        reached = day - REFUSABLE
        if self.opened is None or self.opened > reached:
            return False
        for starts, ends in self.tasks:
            if starts > reached:
                return False
            if ends is None or ends >= day:
                return True
            reached = max(reached, ends)
        return False


def clock_of(city: str, year: int, now: datetime | None = None) -> Clock:
    """Of that city's year. Two statements.

    Whoever has the officer's task of the city, in whichever year of it, can keep back any of its periods.
    """
    zone = zone_of(city)
    today = (now or timezone.now()).astimezone(zone).date()
    rows = Cycle.objects.filter(place__code=city, source="", year=year).annotate(comes=still_comes_out(today))
    years = list(rows.values_list("created_at", "comes"))
    tasks = Membership.objects.filter(
        Q(cycle__isnull=True) | Q(cycle__place__code=city), role=Role.PROTECTION, place_code=city, user__is_active=True
    )
    return Clock(
        year,
        today,
        min((at.astimezone(zone).date() for at, _comes in years), default=None),
        any(comes for _at, comes in years),
        tuple(
            (starts.astimezone(zone).date(), None if ends is None else ends.astimezone(zone).date())
            for starts, ends in tasks.order_by("starts").values_list("starts", "ends")
        ),
    )


def still_comes_out(now: date) -> Q:
    """Of which years (of Cycle) the clock still publishes hand-overs: open ones, and closed ones of this year or the
    last."""
    return Q(closed_at__isnull=True) | Q(year__gte=now.year - 1)
