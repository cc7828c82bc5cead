"""The Monday page: its figures, read once and frozen, and the pages on which it stands.

No family can be recognised on it: no name, no code, no group of one to four. Whoever has its address may read it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal, cast
from uuid import UUID

from selaras.access import SMALLEST_COUNT, Actor, may_manage_cycle, one, the_cycle
from selaras.errors import InputError, Problem
from selaras.models import (
    CommitmentState,
    Cycle,
    Job,
    JobState,
    Lokus,
    MeetingKind,
    Round,
    Sex,
    StoredFile,
    Team,
    WeeklyPage,
)
from selaras.models.cycles import stage_on
from selaras.models.places import zone_label, zone_of
from selaras.queries.programme import cycle_ref, instrument_ref, primary_of, today_in
from selaras.queries.reactions import Summary, summaries_of
from selaras.queries.refs import CycleRef
from selaras.queries.rounds import round_ref
from selaras.queries.rules import instrument_of
from selaras.queries.weeks import outcomes, promises
from selaras.queries.weeks.decisions import (
    Week,
    agencies_answered,
    called_meetings,
    decisions,
    held_on,
    open_asks,
)
from selaras.queries.weeks.figures import Figures, LokusLine, Row, Ways
from selaras.queries.weeks.heard import heard
from selaras.queries.weeks.moved import moved
from selaras.queries.weeks.outcomes import Standing
from selaras.queries.weeks.subjects import subjects

FileKind = Literal["pdf", "png"]


def figures_of(cycle: Cycle, *, monday: date, now: datetime) -> Figures:
    """What the page of that Monday says of the year, as of `now`. Some thirty statements, and two for each lokus."""
    version = primary_of(cycle)
    loci = list(Lokus.objects.filter(cycle=cycle).select_related("place", "cycle__place").order_by("area"))
    today = today_in(cycle, now)
    standing = outcomes.standings(loci, cycle.rounds.all(), version)
    instrument = None if version is None else instrument_of(version)
    week = Week(
        cycle=cycle,
        loci=loci,
        instrument=instrument,
        needs=promises.open_needs(cycle, loci),
        promises=promises.promises(cycle),
        standings=standing,
        asks=open_asks(cycle),
        meetings=called_meetings(cycle),
        day=today,
    )
    done, said = promises.activities(cycle, today), summaries_of(cycle, today)
    registered = sum(lokus.registered for lokus in loci)
    ref = None if version is None else instrument_ref(version)
    return Figures(
        programme=cycle.programme,
        place=cycle.place.full_name,
        year=cycle.year,
        synthetic=cycle.synthetic,
        monday=str(monday),
        made_on=str(today),
        made_clock=f"{now.astimezone(zone_of(cycle.place.code)):%H.%M} {zone_label(cycle.place.code)}",
        scale="100" if instrument is None else str(instrument.scale),
        instrument="" if ref is None else ref.title,
        official=ref is not None and ref.official,
        baseline=_round_label([found.baseline for found in standing]),
        newest=_round_label([found.round for found in standing]),
        families=None if 0 < registered < SMALLEST_COUNT else registered,
        ways=_ways(week),
        work=promises.work(week.promises, done, None, today),
        proposed=sum(each.state == CommitmentState.PROPOSED for each in week.promises),
        activities_week=sum(monday - timedelta(days=7) <= each.on < monday for each in done),
        heard=heard(said, done, week.promises, None),
        moved=moved(standing, version, instrument),
        total=outcomes.combined([(found.lokus, outcomes.total_of(found)) for found in standing]),
        loci=[_lokus(lokus, standing) for lokus in loci],
        rows=[] if instrument is None else _rows(week, done, said),
        decisions=decisions(week),
    )


def _round_label(rounds: Sequence[Round | None]) -> str:
    """The label that the loci's rounds share; of several, the last one's; '' where there is none."""
    labels = [round_ref(each).label for each in rounds if each is not None]
    return labels[-1] if labels else ""


def _lokus(lokus: Lokus, standing: Sequence[Standing]) -> LokusLine:
    found = [(each.lokus, outcomes.total_of(each)) for each in standing if each.lokus.pk == lokus.pk]
    return LokusLine(name=lokus.place.name, outcome=outcomes.combined(found))


def _rows(week: Week, done: Sequence[promises.Done], said: Mapping[int, Summary]) -> list[Row]:
    assert week.instrument is not None  # noqa: S101  (asked for by the caller only then)
    measured = promises.ever_measured(week.cycle)
    rows = []
    for subject in subjects(week.instrument):
        scores = [(each.lokus, outcomes.row_of(each, subject)) for each in week.standings]
        rows.append(
            Row(
                kind=subject.kind,
                labels=subject.labels,
                indicators=len(subject.indicators),
                served=promises.served(week.needs, subject, measured),
                work=promises.work(week.promises, done, subject, week.day),
                outcome=outcomes.combined(scores),
                heard=heard(said, done, week.promises, subject),
            )
        )
    return rows


def _ways(week: Week) -> Ways:
    stages = list(week.cycle.stages.all())
    now = stage_on(stages, week.day)
    ahead = min((stage for stage in stages if stage.starts > week.day), key=lambda stage: stage.starts, default=None)
    teams = list(Team.objects.filter(cycle=week.cycle).prefetch_related("members"))
    members = [member for team in teams for member in team.members.all()]
    past = [meeting for meeting in week.meetings if held_on(meeting) <= week.day]
    coming = [meeting for meeting in week.meetings if held_on(meeting) > week.day]
    answered = agencies_answered(week.asks)
    return Ways(
        stage=now.name if now else "",
        stage_ends=str(now.ends) if now else "",
        next_stage=ahead.name if ahead else "",
        next_starts=str(ahead.starts) if ahead else "",
        teams=len(teams),
        members=len(members),
        women=sum(member.sex == Sex.FEMALE for member in members),
        sexes=sum(bool(member.sex) for member in members),
        held=len(past),
        last=MeetingKind(past[-1].kind).label if past else "",
        last_on=str(held_on(past[-1])) if past else "",
        coming=MeetingKind(coming[0].kind).label if coming else "",
        coming_on=str(held_on(coming[0])) if coming else "",
        asked=len(answered),
        answered=sum(answered.values()),
    )


@dataclass(frozen=True, slots=True)
class WeekRef:
    """One page of the list."""

    id: UUID
    monday: date
    made_at: datetime


@dataclass(frozen=True, slots=True)
class WeekShown:
    """A page with its figures; `has` are the files that are ready."""

    ref: WeekRef
    figures: Figures
    head: str
    has: frozenset[FileKind]


@dataclass(frozen=True, slots=True)
class WeeksPage:
    """The pages of a year, newest first; `busy` while the files of the newest are being made."""

    cycle: CycleRef
    weeks: tuple[WeekRef, ...]
    newest: WeekShown | None
    busy: bool
    may_make: bool


def weeks_page(user: Actor, slug: str) -> WeeksPage:
    """The Monday pages of that year. Raises Missing for a year that is not hers."""
    cycle = the_cycle(user, slug)
    rows = list(WeeklyPage.objects.filter(cycle=cycle).order_by("-monday"))
    newest = _shown(rows[0]) if rows else None
    return WeeksPage(
        cycle=cycle_ref(cycle),
        weeks=tuple(_ref(row) for row in rows),
        newest=newest,
        busy=newest is not None and _is_made(newest.ref.id),
        may_make=cycle.closed_at is None and may_manage_cycle(user, cycle),
    )


def week_page(page_id: UUID) -> WeekShown:
    """The page of that address, for whoever has it. Raises Missing."""
    return _shown(_row(page_id))


def week_file(page_id: UUID, kind: FileKind) -> tuple[bytes, str]:
    """The PDF or picture of that page and its name: `senin-kota-cilegon-2024-08-12.pdf`.

    Raises Missing, or InputError as long as it has not been drawn.
    """
    row = _row(page_id)
    stored: StoredFile | None = row.pdf if kind == "pdf" else row.png
    if stored is None:
        raise InputError(Problem("weekly.not_yet"))
    return stored.content(), f"senin-{row.cycle.slug}-{row.monday}.{kind}"


def _row(page_id: UUID) -> WeeklyPage:
    return one(WeeklyPage.objects.select_related("cycle", "pdf", "png"), uuid=page_id)


def _ref(row: WeeklyPage) -> WeekRef:
    return WeekRef(row.uuid, row.monday, row.made_at)


def _shown(row: WeeklyPage) -> WeekShown:
    kinds: dict[FileKind, object] = {"pdf": row.pdf_id, "png": row.png_id}
    has = frozenset(kind for kind, stored in kinds.items() if stored is not None)
    return WeekShown(_ref(row), cast(Figures, row.figures), row.head, has)


def _is_made(page_id: UUID) -> bool:
    waiting = Job.objects.filter(kind="weekly.draw", params={"page": str(page_id)})
    return waiting.filter(state__in=[JobState.QUEUED, JobState.RUNNING]).exists()
