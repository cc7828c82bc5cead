"""The register of breaches: what happened to personal data, and how long the law still gives to tell of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from django.utils import timezone

from selaras.access import Actor, breaches_for, demand, may_keep_breaches, one, the_cycle
from selaras.models import AuditEntry, Breach, Cycle, Lokus
from selaras.queries.legal_clocks import NEAR, Clock, clocks, hours_left
from selaras.queries.meetings import LetterheadView, letterhead_of
from selaras.queries.programme import cycle_ref, lokus_ref, today_in
from selaras.queries.refs import CycleRef, LokusRef

Standing = Literal["late", "near", "open", "told", "closed"]


@dataclass(frozen=True, slots=True)
class BreachLine:
    """One breach. `kinds` are of BreachKind; `families` and `accounts` are None while nobody knows.

    `standing`: late, near (a day or less), open; `told` to the authority and the people; closed.
    """

    uuid: UUID
    number: int
    cause: str
    kinds: tuple[str, ...]
    lokus: str
    lokus_code: str
    known_at: datetime
    due_at: datetime
    hours: int
    happened: str
    handled: str
    families: int | None
    accounts: int | None
    authority_told_at: datetime | None
    people_told_at: datetime | None
    public_told_at: datetime | None
    closed_at: datetime | None
    closed_as: str
    entered_by: str
    version: int
    standing: Standing


@dataclass(frozen=True, slots=True)
class BreachesPage:
    """The year's, those still open first; `loci` to choose from when one is written down."""

    cycle: CycleRef
    open: tuple[BreachLine, ...]
    closed: tuple[BreachLine, ...]
    loci: tuple[LokusRef, ...]
    clock: Clock


@dataclass(frozen=True, slots=True)
class BreachPage:
    """One of them, and how the office's letters begin. `known_first`: the earliest hour that was ever written down as
    the one in which somebody knew, where that is before the one of now; else None."""

    cycle: CycleRef
    line: BreachLine
    loci: tuple[LokusRef, ...]
    clock: Clock
    head: LetterheadView | None
    today: date
    known_first: datetime | None = None


def breaches_page(user: Actor, slug: str) -> BreachesPage:
    """The register. Raises Missing, Forbidden. Four statements."""
    cycle = _kept(user, slug)
    now = timezone.now()
    lines = [_line(row, now) for row in breaches_for(user).filter(cycle=cycle).order_by("due_at", "pk")]
    return BreachesPage(
        cycle=cycle_ref(cycle),
        open=tuple(line for line in lines if line.standing != "closed"),
        closed=tuple(line for line in reversed(lines) if line.standing == "closed"),
        loci=_loci(cycle),
        clock=clocks()["breach"],
    )


def breach_page(user: Actor, slug: str, breach: UUID) -> BreachPage:
    """One. Raises Missing, Forbidden."""
    row = breach_of(user, slug, breach)
    return BreachPage(
        cycle=cycle_ref(row.cycle),
        line=_line(row, timezone.now()),
        loci=_loci(row.cycle),
        clock=clocks()["breach"],
        head=letterhead_of(row.cycle.place),
        today=today_in(row.cycle),
        known_first=_known_first(row),
    )


def _known_first(row: Breach) -> datetime | None:
    """The earliest hour that was ever written down, where a later one stands now: it is said beside the clock, so that
    who puts the hour right hides nothing."""
    entries = AuditEntry.objects.filter(object_type="breach", object_id=str(row.uuid))
    told = entries.filter(action__in=("breaches.enter", "breaches.change")).values_list("details", flat=True)
    hours = [datetime.fromisoformat(each[name]) for each in told for name in ("known_at", "was") if name in each]
    first = min(hours, default=row.known_at)
    return first if first < row.known_at.replace(second=0, microsecond=0) else None


def breach_of(user: Actor, slug: str, breach: UUID) -> Breach:
    """The row, with its cycle at hand. Raises Missing, Forbidden."""
    return one(breaches_for(user).filter(cycle=_kept(user, slug)), uuid=breach)


def _kept(user: Actor, slug: str) -> Cycle:
    cycle = the_cycle(user, slug)
    demand(may_keep_breaches, user, cycle)
    return cycle


def _loci(cycle: Cycle) -> tuple[LokusRef, ...]:
    rows = Lokus.objects.filter(cycle=cycle).select_related("place__parent", "cycle__place").order_by("area")
    return tuple(lokus_ref(row) for row in rows)


def _line(row: Breach, now: datetime) -> BreachLine:
    hours = hours_left(row.due_at, now)
    return BreachLine(
        uuid=row.uuid,
        number=row.number,
        cause=row.cause,
        kinds=tuple(row.kinds),
        lokus="" if row.lokus is None else row.lokus.place.name,
        lokus_code="" if row.lokus is None else row.lokus.area,
        known_at=row.known_at,
        due_at=row.due_at,
        hours=hours,
        happened=row.happened,
        handled=row.handled,
        families=row.families,
        accounts=row.accounts,
        authority_told_at=row.authority_told_at,
        people_told_at=row.people_told_at,
        public_told_at=row.public_told_at,
        closed_at=row.closed_at,
        closed_as=row.closed_as,
        entered_by="" if row.entered_by is None else row.entered_by.get_full_name(),
        version=row.version,
        standing=_standing(row, hours),
    )


def _standing(row: Breach, hours: int) -> Standing:
    if row.closed_at is not None:
        return "closed"
    if row.authority_told_at is not None and row.people_told_at is not None:
        return "told"
    if hours < 0:
        return "late"
    return "near" if hours <= NEAR else "open"
