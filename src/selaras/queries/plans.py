"""Commitments as pages show them: the list, one with its history, what a form may choose from, and the usulan."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

from django.db.models import QuerySet

from selaras.access import (
    SMALLEST_COUNT,
    commitments_for,
    demand,
    has_role,
    loci_for,
    may_change_commitment,
    may_plan,
    may_see_health,
    one,
    the_cycle,
)
from selaras.models import (
    Agency,
    Commitment,
    CommitmentState,
    CommitmentVersion,
    Cycle,
    InstrumentVersion,
    Lokus,
    Role,
    User,
)
from selaras.queries.matching import Promise
from selaras.queries.matrix_rows import with_families
from selaras.queries.needs import needs_seen
from selaras.queries.programme import cycle_ref, lokus_ref, primary_of, today_in
from selaras.queries.refs import CycleRef, LokusRef
from selaras.queries.rules import health_indicators, instrument_of
from selaras.queries.spoken import shown

#: Filters of the list beside its columns.
Only = Literal["all", "late", "unfunded", "over", "proposed"]
PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class AgencyRef:
    """An agency as a choice."""

    id: int
    short_name: str
    name: str


@dataclass(frozen=True, slots=True)
class CommitmentLine:
    """One commitment. `lokus` and `place` are None and '' for the whole city; `area` an RW or RT inside.

    `families` counts those it names, 0 for the place as a whole, None where so few of a health need are not told.
    `late`, `unfunded` and `over` as the matrix says.
    """

    id: UUID
    number: int
    agency: AgencyRef
    lokus: str
    place: str
    area: str
    title: str
    activity_code: str
    indicator: str
    label: str
    volume: Decimal | None
    unit: str
    budget: Decimal | None
    fund: str
    fund_note: str
    legal_basis: str
    starts: date | None
    ends: date | None
    person: str
    state: str
    obstacle: str
    version: int
    families: int | None
    for_place: bool
    late: bool
    unfunded: bool
    over: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """What the list was asked for; '' and 0 do not filter. `fund` 'none' is without one."""

    agency: int = 0
    state: str = ""
    fund: str = ""
    lokus: str = ""
    only: Only = "all"
    search: str = ""


@dataclass(frozen=True, slots=True)
class CommitmentsPage:
    """A page of the list. `counts` are of each `only` under the other filters, `budget` the sum of what fits."""

    cycle: CycleRef
    asked: Asked
    lines: tuple[CommitmentLine, ...]
    counts: dict[Only, int]
    total: int
    budget: Decimal
    page: int
    pages: int
    agencies: tuple[AgencyRef, ...]
    loci: tuple[LokusRef, ...]
    may_commit: bool
    may_plan: bool


@dataclass(frozen=True, slots=True)
class Change:
    """One field that a version changed; for the families, how many. Texts as stored; None and '' are blank."""

    field: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class VersionLine:
    """What one change did, newest first on the page."""

    number: int
    at: datetime
    by: str
    reason: str
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Served:
    """A family's need that the commitment serves, of those she works with."""

    need: int
    code: str
    rt: str
    rw: str
    open: bool


@dataclass(frozen=True, slots=True)
class CommitmentPage:
    """One commitment with whom it serves and all that it has said."""

    cycle: CycleRef
    line: CommitmentLine
    served: tuple[Served, ...]
    history: tuple[VersionLine, ...]
    created_at: datetime
    created_by: str
    may_change: bool


def agencies_of(cycle: Cycle) -> QuerySet[Agency]:
    """The agencies that may act in that year's place: its own, and those of what lies above it."""
    parts = cycle.place.code.split(".")
    codes = [".".join(parts[:end]) for end in range(1, len(parts) + 1)]
    return Agency.objects.filter(place__code__in=codes).select_related("place").order_by("short_name", "pk")


def agency_of(cycle: Cycle, agency_id: int) -> Agency:
    """That agency of the year's place. Raises Missing."""
    return one(agencies_of(cycle), pk=agency_id)


# --- the list ---------------------------------------------------------------------------------------------------------
def commitments_page(
    user: User, cycle_slug: str, asked: Asked, *, page: int = 1, size: int = PAGE_SIZE, now: datetime | None = None
) -> CommitmentsPage:
    """The commitments that she may read and that fit, by number. A page beyond the end is the last. Raises Missing."""
    cycle = the_cycle(user, cycle_slug)
    reader = _Reader(user, cycle, today_in(cycle, now))
    rows = list(_rows(user, cycle))
    for row in rows:
        row.cycle = cycle
    fit = [line for line in map(reader.line, rows) if _fits(line, asked)]
    kinds: tuple[Only, ...] = ("all", "late", "unfunded", "over", "proposed")
    found = [line for line in fit if _is(line, asked.only)]
    pages = max(1, -(-len(found) // size))
    page = min(max(page, 1), pages)
    loci = loci_for(user).filter(cycle=cycle).select_related("place__parent").order_by("area")
    return CommitmentsPage(
        cycle=cycle_ref(cycle),
        asked=asked,
        lines=tuple(found[(page - 1) * size : page * size]),
        counts={only: sum(_is(line, only) for line in fit) for only in kinds},
        total=len(found),
        budget=sum((line.budget for line in found if line.budget), Decimal(0)),
        page=page,
        pages=pages,
        agencies=tuple(sorted({_agency(row.agency) for row in rows}, key=lambda ref: ref.short_name.casefold())),
        loci=tuple(lokus_ref(lokus) for lokus in loci),
        may_commit=may_plan(user, cycle) or (cycle.closed_at is None and has_role(user, Role.LIAISON)),
        may_plan=may_plan(user, cycle),
    )


def _rows(user: User, cycle: Cycle) -> QuerySet[Commitment]:
    rows: QuerySet[Commitment] = with_families(commitments_for(user).filter(cycle=cycle))
    return rows.order_by("number")


def _fits(line: CommitmentLine, asked: Asked) -> bool:
    if asked.agency and line.agency.id != asked.agency:
        return False
    if asked.state and line.state != asked.state:
        return False
    if asked.fund and (line.fund or "none") != asked.fund:
        return False
    if asked.lokus and line.lokus not in {"", asked.lokus}:
        return False
    words = f"{line.title} {line.activity_code} {line.person} K-{line.number:03d}".casefold()
    return asked.search.strip().casefold() in words


def _is(line: CommitmentLine, only: Only) -> bool:
    match only:
        case "all":
            return True
        case "late":
            return line.late
        case "unfunded":
            return line.unfunded
        case "over":
            return line.over
        case "proposed":
            return line.state == CommitmentState.PROPOSED


def _agency(row: Agency) -> AgencyRef:
    return AgencyRef(row.pk, row.short_name, row.name)


class _Reader:
    """Turns rows into lines for one person, on one day."""

    def __init__(self, user: User, cycle: Cycle, today: date) -> None:
        self._user = user
        self._today = today
        self.version: InstrumentVersion | None = primary_of(cycle)
        self._health = frozenset() if self.version is None else health_indicators(self.version)
        self._loci: list[Lokus] | None = None
        self._cycle = cycle

    def label(self, indicator: str) -> str:
        """The indicator for the reader; its name where the instrument has no such one."""
        if self.version is None or not indicator:
            return indicator
        instrument = instrument_of(self.version)
        known = instrument.indicators.get(indicator)
        return indicator if known is None else shown(known.labels, instrument) or indicator

    def tells(self, indicator: str, lokus: Lokus | None) -> bool:
        """Whether a group of any size may be told of, for that indicator in that lokus."""
        if not indicator:
            return True
        known = None if self.version is None else instrument_of(self.version).indicators.get(indicator)
        if known is None:
            return False
        if indicator not in self._health:
            return True
        named = known.agency
        if lokus is not None:
            return may_see_health(self._user, lokus, named)
        if self._loci is None:
            self._loci = list(Lokus.objects.filter(cycle=self._cycle))
        return bool(self._loci) and all(may_see_health(self._user, each, named) for each in self._loci)

    def line(self, row: Commitment) -> CommitmentLine:
        """One line; the row must be annotated with `families` and `named`."""
        families, named = getattr(row, "families", 0), getattr(row, "named", False)
        promise = Promise(
            row.pk, row.number, row.agency_id, row.state, row.fund, row.indicator, row.lokus_id, row.area, row.volume,
            row.ends, families, named,
        )  # fmt: skip
        small = 0 < families < SMALLEST_COUNT and not self.tells(row.indicator, row.lokus)
        return CommitmentLine(
            id=row.uuid,
            number=row.number,
            agency=_agency(row.agency),
            lokus=row.lokus.area if row.lokus else "",
            place=row.lokus.place.name if row.lokus else "",
            area=row.area,
            title=row.title,
            activity_code=row.activity_code,
            indicator=row.indicator,
            label=self.label(row.indicator),
            volume=row.volume,
            unit=row.unit,
            budget=row.budget,
            fund=row.fund,
            fund_note=row.fund_note,
            legal_basis=row.legal_basis,
            starts=row.starts,
            ends=row.ends,
            person=row.person,
            state=row.state,
            obstacle=row.obstacle,
            version=row.version,
            families=None if small else families,
            for_place=promise.for_place,
            late=promise.is_late(self._today),
            unfunded=promise.is_unfunded,
            over=promise.is_over and not small,
        )


# --- one commitment ---------------------------------------------------------------------------------------------------
def commitment_page(
    user: User, cycle_slug: str, number: int, *, to_change: bool = False, now: datetime | None = None
) -> CommitmentPage:
    """One commitment with its history. Raises Missing, and where she wants to change it and may not, Forbidden."""
    cycle = the_cycle(user, cycle_slug)
    row = one(_rows(user, cycle), number=number)
    row.cycle = cycle
    if to_change:
        demand(may_change_commitment, user, row)
    reader = _Reader(user, cycle, today_in(cycle, now))
    line = reader.line(row)
    versions = list(CommitmentVersion.objects.filter(commitment=row).select_related("by").order_by("number"))
    return CommitmentPage(
        cycle=cycle_ref(cycle),
        line=line,
        served=tuple(_served(user, cycle, reader.version, row)),
        history=tuple(_history(versions, reader, counted=reader.tells(row.indicator, row.lokus))),
        created_at=row.created_at,
        created_by=str(row.created_by) if row.created_by else "",
        may_change=may_change_commitment(user, row),
    )


def _served(user: User, cycle: Cycle, version: InstrumentVersion | None, row: Commitment) -> Iterator[Served]:
    rows = needs_seen(user, cycle, version).filter(served_by__commitment=row)
    values = ("pk", "household__code", "household__rt", "household__rw", "closed_at")
    for pk, code, rt, rw, closed_at in rows.order_by("household__code").values_list(*values):
        yield Served(pk, code, rt, rw, closed_at is None)


def _history(versions: list[CommitmentVersion], reader: _Reader, *, counted: bool) -> list[VersionLine]:
    """Newest first. Of a health need that is not told, that the families changed and not how many they are."""
    found = []
    for before, after in zip([None, *versions], versions, strict=False):
        old = {} if before is None else before.values
        changes = [
            Change(name, _said(name, old.get(name), reader, counted), _said(name, new, reader, counted))
            for name, new in after.values.items()
            if new != old.get(name) and (before is not None or new not in (None, "", []))
        ]
        who = str(after.by) if after.by else ""
        found.append(VersionLine(after.number, after.at, who, after.reason, tuple(changes)))
    return found[::-1]


def _said(name: str, value: Any, reader: _Reader, counted: bool) -> Any:
    if name == "needs":
        return len(value or ()) if counted else None
    return reader.label(value or "") if name == "indicator" else value


# --- usulan -----------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class ProposalsPage:
    """What waits for a fund: by agency its usulan and the sum of their budgets, of all `count` and `budget`."""

    cycle: CycleRef
    groups: tuple[tuple[AgencyRef, tuple[CommitmentLine, ...], Decimal], ...]
    count: int
    budget: Decimal
    may_commit: bool
    today: date


def proposals_page(user: User, cycle_slug: str, *, now: datetime | None = None) -> ProposalsPage:
    """The usulan that she may read, by agency and number. Raises Missing."""
    page = commitments_page(user, cycle_slug, Asked(only="proposed"), size=10_000, now=now)
    groups: dict[AgencyRef, list[CommitmentLine]] = {}
    for line in page.lines:
        groups.setdefault(line.agency, []).append(line)
    ordered = sorted(groups.items(), key=lambda group: group[0].short_name.casefold())
    return ProposalsPage(
        cycle=page.cycle,
        groups=tuple(
            (agency, tuple(lines), sum((line.budget for line in lines if line.budget), Decimal(0)))
            for agency, lines in ordered
        ),
        count=page.total,
        budget=page.budget,
        may_commit=page.may_commit,
        today=today_in(the_cycle(user, cycle_slug), now),
    )
