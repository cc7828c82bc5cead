"""How long the families of a year are kept: until they were looked at twelve months after it, and no longer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from selaras.models import Cycle, Household, Job, JobState
from selaras.queries.programme import today_in


@dataclass(frozen=True, slots=True)
class Retirement:
    """`on` is the first day after the time of keeping; `over` whether it has come and the year is closed."""

    on: date
    families: int
    over: bool
    closed: bool
    under_way: bool


def families_of(cycle: int) -> QuerySet[Household]:
    """Those of the year that are not erased."""
    return Household.objects.filter(Household.counted(), lokus__cycle=cycle, erased_at__isnull=True)


def due_of(cycle: Cycle) -> Retirement | None:
    """None while nobody is kept. Twelve months after the programme year, as the instruments' sheets `privacy` say."""
    families = families_of(cycle.pk).count()
    if not families:
        return None
    on = _kept_until(cycle)
    under_way = Job.objects.filter(
        kind="rights.retire", params={"cycle": cycle.pk}, state__in=[JobState.QUEUED, JobState.RUNNING]
    ).exists()
    closed = cycle.closed_at is not None
    return Retirement(on, families, closed and today_in(cycle) >= on and not under_way, closed, under_way)


def is_over(cycle: Cycle) -> bool:
    """Whether that time is over and nobody is kept any more: all were erased, or nobody can come in, for it is closed.

    A year that an older backup brought back, open and without its families, is not: they are to come in again.
    """
    if today_in(cycle) < _kept_until(cycle) or families_of(cycle.pk).exists():
        return False
    return cycle.closed_at is not None or Household.objects.filter(lokus__cycle=cycle, erased_at__isnull=False).exists()


def _kept_until(cycle: Cycle) -> date:
    return date(cycle.year + 2, 1, 1)
