"""The page from which answers are taken along: what may be chosen, and the files that were asked for before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from django.utils import timezone

from selaras.access import demand, exports_for, loci_for, may_export, may_export_identifiers, may_see_names, the_cycle
from selaras.models import Cycle, Export, JobState, Round, User
from selaras.queries.extract import Wanted
from selaras.queries.programme import cycle_ref, shown_rounds, today_in
from selaras.queries.refs import CycleRef, RoundRef
from selaras.queries.rounds import round_ref

#: `waiting` also while it is written; `failed` is said with its reason in `note`.
ExportState = Literal["waiting", "ready", "failed"]


@dataclass(frozen=True, slots=True)
class ExportLine:
    """A file that she asked for: how far it is (`done` of `total` families, None while unknown), how long it stays."""

    uuid: UUID
    round: RoundRef
    wanted: Wanted
    state: ExportState
    done: int
    total: int | None
    note: str
    families: int
    size: int
    asked_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class ExportsPage:
    """`loci` are the names of those whose families she may take; `naming` of those with names; `shown` the round to
    begin with, '' where the year has none."""

    cycle: CycleRef
    rounds: tuple[RoundRef, ...]
    shown: str
    loci: tuple[str, ...]
    naming: tuple[str, ...]
    files: tuple[ExportLine, ...]


def exports_page(user: User, cycle_slug: str) -> ExportsPage:
    """The whole page. Raises Missing, and Forbidden for who works with no families by name in that year."""
    cycle = the_cycle(user, cycle_slug)
    demand(may_export, user, cycle)
    rounds = list(Round.objects.filter(cycle=cycle).order_by("opens", "id"))
    loci = [lokus for lokus in loci_for(user).filter(cycle=cycle).order_by("area") if may_see_names(user, lokus)]
    newest, _before = shown_rounds(rounds, (), today_in(cycle))
    return ExportsPage(
        cycle=cycle_ref(cycle),
        rounds=tuple(round_ref(one) for one in rounds),
        shown="" if newest is None else round_ref(newest).slug,
        loci=tuple(lokus.place.name for lokus in loci),
        naming=tuple(lokus.place.name for lokus in loci if may_export_identifiers(user, lokus)),
        files=_files(user, cycle),
    )


def _files(user: User, cycle: Cycle) -> tuple[ExportLine, ...]:
    rows = exports_for(user).filter(cycle=cycle, ends_at__gt=timezone.now()).order_by("-asked_at", "-pk")
    return tuple(_line(row) for row in rows)


def _line(row: Export) -> ExportLine:
    job = row.job
    failed = job is not None and job.state == JobState.FAILED
    state: ExportState = "ready" if row.made_at is not None else "failed" if failed else "waiting"
    return ExportLine(
        uuid=row.uuid,
        round=round_ref(row.round),
        wanted=Wanted.of(row.wanted),
        state=state,
        done=0 if job is None else job.done,
        total=None if job is None else job.total,
        note="" if job is None else job.note,
        families=row.families,
        size=row.size,
        asked_at=row.asked_at,
        ends_at=row.ends_at,
    )
