"""What of her tasks has changed since she last read it: said where she lands, until she closes it or for a while."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from typing import Literal

from django.db.models import Q
from django.utils import timezone

from selaras.models import Membership, User
from selaras.queries.invitations import place_names, role_words

#: How long a change is news.
LASTS = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class TaskChange:
    """A task that began or ended at a moment. `other` is from or to whom it was handed over, '' where nobody's.

    `year` is '' for a task of all years.
    """

    kind: Literal["begun", "ended"]
    role: str
    where: str
    year: str
    at: datetime
    other: str


@dataclass(frozen=True, slots=True)
class TaskNews:
    """The changes, the newest first, as of `until`."""

    changes: tuple[TaskChange, ...]
    until: datetime


def task_news(user: User, *, now: datetime | None = None) -> TaskNews | None:
    """What has changed of her own tasks; None where nothing has, and for whoever has not been told anything yet.

    One statement, where there is news three.
    """
    if user.tasks_told_at is None:
        return None
    now = now or timezone.now()
    since = max(user.tasks_told_at, now - LASTS)
    fresh = Q(starts__gt=since, starts__lte=now) | Q(ends__gt=since, ends__lte=now)
    rows = user.memberships.filter(fresh).select_related("agency", "cycle")
    # What ended before it began never was.
    changed = [row for row in rows if row.ends is None or row.ends > row.starts]
    if not changed:
        return None
    names, others = place_names(row.place_code for row in changed), _others(user, changed, now)
    lines = sorted((_line(row, names, others, now) for row in changed), key=lambda line: line.at, reverse=True)
    return TaskNews(tuple(lines), now)


#: A task as it passes from hand to hand: what it is, and the moment.
_Passed = tuple[str, str, int | None, int | None, datetime]


def _moment(row: Membership, now: datetime) -> tuple[Literal["begun", "ended"], datetime]:
    return ("ended", row.ends) if row.ends is not None and row.ends <= now else ("begun", row.starts)


def _line(row: Membership, names: Mapping[str, str], others: Mapping[_Passed, str], now: datetime) -> TaskChange:
    kind, at = _moment(row, now)
    where = row.agency.name if row.agency is not None else names.get(row.place_code, row.place_code)
    year = "" if row.cycle is None else str(row.cycle)
    return TaskChange(kind, role_words(row.role), where, year, at, others.get(_passed(row, at), ""))


def _passed(row: Membership, at: datetime) -> _Passed:
    return row.role, row.place_code, row.agency_id, row.cycle_id, at


def _others(user: User, changed: Iterable[Membership], now: datetime) -> Mapping[_Passed, str]:
    """Who held the same task until the moment that hers began, or from the moment that it ended."""
    found = []
    for row in changed:
        kind, at = _moment(row, now)
        same = Q(role=row.role, place_code=row.place_code, agency=row.agency_id, cycle=row.cycle_id)
        found.append(same & (Q(ends=at) if kind == "begun" else Q(starts=at)))
    rows = Membership.objects.filter(reduce(or_, found)).exclude(user=user).select_related("user")
    moments = [(each, at) for each in rows for at in (each.starts, each.ends) if at is not None]
    return {_passed(each, at): each.user.get_full_name() for each, at in moments}
