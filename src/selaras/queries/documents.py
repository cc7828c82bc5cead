"""What a programme must have on paper by the time of its assessment: what of it is here, and what is missing.

The list is assembled from what juries of several provinces asked for (no official list was found). Nothing is
claimed that is not stored: what offices keep outside of Selaras is named as such.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from zoneinfo import ZoneInfo

from django.db.models import Count, Q
from django.utils import timezone

from selaras.access import Actor, demand, may_hold_meetings, meetings_for, the_cycle
from selaras.models import (
    Activity,
    Commitment,
    CommitmentState,
    CurrentAnswers,
    Cycle,
    Lokus,
    Meeting,
    MeetingKind,
    Result,
    RoundKind,
    Target,
    TargetState,
    Team,
    WeeklyPage,
)
from selaras.models.places import within, zone_of
from selaras.queries.meetings import letterhead_of
from selaras.queries.programme import cycle_ref, today_in
from selaras.queries.refs import CycleRef

Key = Literal[
    "letterhead",
    "city_team",
    "lokus_teams",
    "targets",
    "baseline",
    "matrix",
    "invitations",
    "attendance",
    "minutes",
    "coaching",
    "activities",
    "before",
    "after",
    "weekly",
]


@dataclass(frozen=True, slots=True)
class Needed:
    """One kind of paper: `have` of `of`, and whether that is all, some or nothing of what is wanted.

    `of` is None where no number is wanted. `newest` is the day of the newest, where it has one.
    """

    key: Key
    state: Literal["there", "part", "absent"]
    have: int
    of: int | None = None
    newest: date | None = None


@dataclass(frozen=True, slots=True)
class DocumentsPage:
    """The checklist of a year."""

    cycle: CycleRef
    today: date
    needed: tuple[Needed, ...]
    loci: tuple[tuple[str, str], ...]

    @property
    def complete(self) -> int:
        return sum(line.state == "there" for line in self.needed)


def documents_page(user: Actor, slug: str, *, now: datetime | None = None) -> DocumentsPage:
    """The checklist. Raises Missing, Forbidden. The number of statements does not grow with loci or meetings."""
    cycle = the_cycle(user, slug)
    demand(may_hold_meetings, user, cycle)
    now = now or timezone.now()
    loci = list(Lokus.objects.filter(cycle=cycle).select_related("place").order_by("area"))
    lines = (*_set_up(cycle, loci), *_meetings(user, cycle, now), *_work(cycle, loci))
    named = tuple((lokus.area, lokus.place.name) for lokus in loci)
    return DocumentsPage(cycle_ref(cycle), today_in(cycle, now), lines, named)


def _line(key: Key, have: int, of: int | None = None, newest: date | None = None) -> Needed:
    if not have:
        return Needed(key, "absent", have, of, newest)
    return Needed(key, "there" if of is None or have >= of else "part", have, of, newest)


def _set_up(cycle: Cycle, loci: list[Lokus]) -> Iterator[Needed]:
    head = letterhead_of(cycle.place)
    signed = head is not None and bool(head.signer_name and head.signer_office)
    yield Needed("letterhead", "there" if signed else "part" if head else "absent", int(head is not None))
    decreed = [
        (team.area, bool(team.decree_number and team.decree_file_id)) for team in Team.objects.filter(cycle=cycle)
    ]
    of_city = [whole for area, whole in decreed if area == cycle.place.code]
    state: Literal["there", "part", "absent"] = "there" if any(of_city) else "part" if of_city else "absent"
    yield Needed("city_team", state, len(of_city))
    with_team = sum(any(whole and within(area, lokus.place.code) for area, whole in decreed) for lokus in loci)
    yield _line("lokus_teams", with_team, len(loci) or None)
    target = Target.objects.filter(lokus__cycle=cycle, state=TargetState.TARGET, household__erased_at__isnull=True)
    yield _line("targets", target.count(), sum(lokus.target_size for lokus in loci) or None)
    answered = CurrentAnswers.objects.filter(
        lokus__cycle=cycle, round__kind=RoundKind.BASELINE, household__erased_at__isnull=True
    )
    yield _line("baseline", answered.count(), sum(lokus.registered for lokus in loci) or None)


def _meetings(user: Actor, cycle: Cycle, now: datetime) -> Iterator[Needed]:
    held = meetings_for(user).filter(cycle=cycle, cancelled_at__isnull=True)
    counted = held.annotate(came=Count("attendances", distinct=True), asked=Count("guests", distinct=True))
    rows = list(counted.order_by("starts"))
    zone = zone_of(cycle.place.code)
    past = [row for row in rows if row.starts < now]
    sent = [row for row in rows if row.letter_number and row.asked]
    yield _line("invitations", len(sent), len(rows) or None, sent[-1].letter_date if sent else None)
    with_list = [row for row in past if row.came]
    yield _line("attendance", len(with_list), len(past) or None, _day(with_list, zone))
    noted = [row for row in past if row.minutes]
    yield _line("minutes", len(noted), len(past) or None, _day(noted, zone))
    coached = [row for row in noted if row.kind == MeetingKind.PEMBINAAN]
    months = {(local.year, local.month) for local in (row.starts.astimezone(zone) for row in coached)}
    yield _line("coaching", len(months), None, _day(coached, zone))


def _day(rows: Sequence[Meeting], zone: ZoneInfo) -> date | None:
    return rows[-1].starts.astimezone(zone).date() if rows else None


def _work(cycle: Cycle, loci: list[Lokus]) -> Iterator[Needed]:
    promised = Commitment.objects.filter(cycle=cycle).exclude(state=CommitmentState.CANCELLED)
    yield _line("matrix", promised.count())
    done = Activity.objects.filter(cycle=cycle).aggregate(
        all=Count("pk"), seen=Count("pk", filter=Q(photo__isnull=False))
    )
    yield _line("activities", done["seen"], done["all"] or None)
    frozen = Result.objects.filter(lokus__in=[lokus.pk for lokus in loci]).values_list("lokus", "round__kind")
    kinds = set(frozen.distinct())
    for key, kind in (("before", RoundKind.BASELINE), ("after", RoundKind.ENDLINE)):
        have = sum((lokus.pk, kind.value) in kinds for lokus in loci)
        yield _line("before" if key == "before" else "after", have, len(loci) or None)
    weeks = WeeklyPage.objects.filter(cycle=cycle).count()
    yield _line("weekly", weeks)
