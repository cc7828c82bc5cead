"""After the trophy: every lokus is looked at again half a year and a year later, by whom, until when, what was found.

A follow-up is there whether or not anybody has taken it on: one that nobody has is shown as nobody's.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from selaras.access import (
    LOOKS,
    Actor,
    demand,
    followups_for,
    loci_for,
    may_follow_up,
    may_report_follow_up,
    may_see_follow_ups,
    may_see_lessons,
    the_cycle,
)
from selaras.models import Cycle, FollowUp, Lokus, Membership, Round, RoundKind, UnitCounter, User
from selaras.models.places import within, within_q
from selaras.queries.programme import cycle_ref, lokus_ref, today_in
from selaras.queries.refs import CycleRef, LokusRef
from selaras.queries.rounds import round_ref
from selaras.queries.words import told

#: Months after the year's last asking.
MONTHS: Mapping[str, int] = {RoundKind.T6: 6, RoundKind.T12: 12}
#: Days before its day on which a follow-up is near.
NEAR = 45
Standing = Literal["nobody", "ahead", "near", "late", "done", "dropped"]


@dataclass(frozen=True, slots=True)
class OwnerChoice:
    """A person who can take it on."""

    uuid: UUID
    name: str


@dataclass(frozen=True, slots=True)
class FollowUpLine:
    """One follow-up. `version` is 0 where nobody has set anything; `measured` counts families asked in its round,
    `opens` and `closes` are that round's days, None where the year has no such round. `former` names whoever had taken
    it on and has no task there any more: it is nobody's then."""

    cycle: CycleRef
    lokus: LokusRef
    kind: str
    label: str
    due: date
    standing: Standing
    owner: OwnerChoice | None
    found: str
    done_at: datetime | None
    done_by: str
    version: int
    opens: date | None
    closes: date | None
    measured: int
    owners: tuple[OwnerChoice, ...]
    may_change: bool
    may_report: bool
    former: str = ""


@dataclass(frozen=True, slots=True)
class FollowUpsPage:
    """The year's follow-ups by day (none of a year before Selaras), and those of earlier years not done yet: of the
    last one all, of years before it what somebody had set."""

    cycle: CycleRef
    today: date
    lines: tuple[FollowUpLine, ...]
    earlier: tuple[FollowUpLine, ...]


def followups_page(user: User, slug: str) -> FollowUpsPage:
    """Those of the loci that she sees. Raises Missing, Forbidden. Statements do not grow with loci."""
    cycle = the_cycle(user, slug)
    demand(may_see_lessons, user, cycle)
    lines = [] if cycle.source else _lines(user, loci_for(user).filter(cycle=cycle))
    past = Cycle.objects.filter(place__code=cycle.place.code, year__lt=cycle.year, source="")
    last = past.order_by("-year").values("year")[:1]
    before = loci_for(user).filter(Q(followups__isnull=False) | Q(cycle__year=last), cycle__in=past)
    earlier = [line for line in _lines(user, before.distinct()) if line.done_at is None]
    return FollowUpsPage(cycle_ref(cycle), today_in(cycle), tuple(lines), tuple(earlier))


def lines_of(user: Actor, lokus: Lokus) -> tuple[FollowUpLine, ...]:
    """Both of one lokus, the earlier first; none for whom they are not for."""
    return tuple(_lines(user, loci_for(user).filter(pk=lokus.pk)))


def _lines(user: Actor, rows: QuerySet[Lokus]) -> list[FollowUpLine]:
    seen = rows.select_related("place__parent", "cycle__place")
    loci = [lokus for lokus in seen if may_see_follow_ups(user, lokus)]
    if not loci:
        return []
    known = {(row.lokus_id, row.kind): row for row in followups_for(user).filter(lokus__in=loci)}
    ground = _Ground(_days({lokus.cycle_id for lokus in loci}), _measured(loci), _people(loci))
    found = [_line(user, lokus, known.get((lokus.pk, kind)), kind, ground) for lokus in loci for kind in FollowUp.KINDS]
    return sorted(found, key=lambda line: (line.due, line.lokus.code))


def _measured(loci: Iterable[Lokus]) -> dict[tuple[int, str], int]:
    """(lokus, kind) -> families that were counted in that round by the year's primary instrument."""
    rows = UnitCounter.objects.filter(lokus__in=loci, round__kind__in=FollowUp.KINDS)
    rows = rows.filter(version__cycle_instruments__primary=True)
    return {(lokus, kind): n for lokus, kind, n in rows.values_list("lokus_id", "round__kind", "households")}


@dataclass(frozen=True, slots=True)
class _Ground:
    """What is read once for all lines: rounds by cycle and kind, families measured, people by where their task is."""

    days: Mapping[int, Mapping[str, Round]]
    measured: Mapping[tuple[int, str], int]
    people: Mapping[str, list[User]]


def _line(user: Actor, lokus: Lokus, row: FollowUp | None, kind: RoundKind, ground: _Ground) -> FollowUpLine:
    rounds = ground.days.get(lokus.cycle_id, {})
    round_ = rounds.get(kind)
    due = row.due if row is not None else _due(lokus.cycle, kind, rounds)
    change = may_follow_up(user, lokus)
    owner = row.owner if row is not None else None
    there = _here(ground.people, lokus) if change or owner is not None else []
    gone = owner is not None and owner not in there and row is not None and row.done_at is None
    return FollowUpLine(
        cycle=cycle_ref(lokus.cycle),
        lokus=lokus_ref(lokus),
        kind=kind.value,
        label=_label(kind, round_),
        due=due,
        standing=_standing(row, due, today_in(lokus.cycle), held=owner is not None and not gone),
        owner=None if owner is None or gone else OwnerChoice(owner.uuid, owner.get_full_name()),
        found=row.found if row is not None else "",
        done_at=row.done_at if row is not None else None,
        done_by=row.done_by.get_full_name() if row is not None and row.done_by is not None else "",
        version=row.version if row is not None else 0,
        opens=round_.opens if round_ is not None else None,
        closes=round_.closes if round_ is not None else None,
        measured=ground.measured.get((lokus.pk, kind), 0),
        owners=tuple(OwnerChoice(one.uuid, one.get_full_name()) for one in there) if change else (),
        may_change=change,
        may_report=may_report_follow_up(user, row) if row is not None else change,
        former=owner.get_full_name() if owner is not None and gone else "",
    )


def _label(kind: RoundKind, round_: Round | None) -> str:
    return round_ref(round_).label if round_ is not None else told(kind.label).capitalize()


def _standing(row: FollowUp | None, due: date, today: date, *, held: bool) -> Standing:
    if row is not None and row.done_at is not None:
        return "dropped" if row.dropped else "done"
    if due < today:
        return "late"
    if not held:
        return "nobody"
    return "near" if due <= today + timedelta(days=NEAR) else "ahead"


# --- days ------------------------------------------------------------------------------------------------------------
def due_of(lokus: Lokus, kind: str) -> date:
    """The day that is proposed: the last of that round, else so many months after the year's last asking or stage."""
    return _due(lokus.cycle, kind, _days({lokus.cycle_id}).get(lokus.cycle_id, {}))


def _days(cycles: set[int]) -> dict[int, dict[str, Round]]:
    """Cycle -> kind -> its round, the last of several visits."""
    found: dict[int, dict[str, Round]] = {}
    for row in Round.objects.filter(cycle__in=cycles).select_related("cycle").order_by("closes"):
        found.setdefault(row.cycle_id, {})[row.kind] = row
    return found


def _due(cycle: Cycle, kind: str, rounds: Mapping[str, Round]) -> date:
    if kind in rounds:
        return rounds[kind].closes
    last = rounds.get(RoundKind.ENDLINE)
    return _months_after(last.closes if last is not None else date(cycle.year, 11, 30), MONTHS[kind])


def _months_after(day: date, months: int) -> date:
    year, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + year, month + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


# --- people ----------------------------------------------------------------------------------------------------------
def owners_of(lokus: Lokus) -> list[User]:
    """Who can take on a follow-up of that lokus: has a task there now that looks after families."""
    return _here(_people([lokus]), lokus)


def taken_on(cycle: Cycle) -> int:
    """How many follow-ups of the year that are not done somebody has who can still look. At most two statements."""
    rows = FollowUp.objects.filter(lokus__cycle=cycle, done_at__isnull=True, owner__isnull=False)
    held = list(rows.select_related("lokus__cycle__place"))
    if not held:
        return 0
    people = _people([row.lokus for row in held])
    return sum(any(user.pk == row.owner_id for user in _here(people, row.lokus)) for row in held)


def _people(loci: Iterable[Lokus]) -> dict[str, list[User]]:
    """`cycle id, area` of a task that holds now -> its people; '' is every year. One statement."""
    there = list(loci)
    now = timezone.now()
    rows = Membership.objects.filter(role__in=LOOKS, starts__lte=now, user__is_active=True)
    rows = rows.filter(Q(ends__isnull=True) | Q(ends__gt=now), stands_in_for__isnull=True)
    rows = rows.filter(Q(cycle__in={lokus.cycle_id for lokus in there}) | Q(cycle__isnull=True))
    cities = {lokus.cycle.place.code for lokus in there}
    placed = Q(pk__in=[])
    for city in cities:
        placed |= within_q("place_code", city)
    found: dict[str, list[User]] = {}
    for row in rows.filter(placed).select_related("user").order_by("user__full_name", "user_id"):
        found.setdefault(f"{row.cycle_id or ''}|{row.place_code}", []).append(row.user)
    return found


def _here(people: Mapping[str, list[User]], lokus: Lokus) -> list[User]:
    found: dict[int, User] = {}
    for key, users in people.items():
        cycle, _, area = key.partition("|")
        if cycle in {"", str(lokus.cycle_id)} and (within(lokus.area, area) or within(area, lokus.area)):
            found.update((user.pk, user) for user in users)
    return sorted(found.values(), key=lambda user: (user.get_full_name(), user.pk))


# --- for calendars ----------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Planned:
    """One that somebody has set and that is not done, as a calendar holds it: no person's name."""

    uuid: UUID
    label: str
    place: str
    due: date
    changed: datetime
    version: int


def planned(user: Actor, cycle: Cycle) -> list[Planned]:
    """Those of the year that she may know of, by day. One statement."""
    rows = followups_for(user).filter(lokus__cycle=cycle, done_at__isnull=True)
    return [
        Planned(row.uuid, told(RoundKind(row.kind).label), row.lokus.place.name, row.due, row.updated_at, row.version)
        for row in rows.order_by("due", "pk")
    ]
