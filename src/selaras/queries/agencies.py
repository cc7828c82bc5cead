"""Agencies of a year's place: which there are, what they were called, and which the instruments ask for in vain."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from selaras.access import agencies_for, one
from selaras.models import Agency, Cycle, User
from selaras.queries.programme import cycle_ref
from selaras.queries.refs import CycleRef
from selaras.queries.rules import instrument_of
from selaras.queries.seen import agency_seen
from selaras.queries.setup import managed
from selaras.queries.usual import AGENCIES


@dataclass(frozen=True, slots=True)
class AgencyLine:
    """An agency under its present name, the names before it, and for how many indicators it is asked."""

    id: int
    short_name: str
    name: str
    since: date | None
    formerly: tuple[str, ...]
    indicators: int
    seen: str


@dataclass(frozen=True, slots=True)
class UsualLine:
    """An agency that most cities have and this one has not yet; `asked` for by so many indicators."""

    short_name: str
    name: str
    asked: int


@dataclass(frozen=True, slots=True)
class AgenciesPage:
    """The page. `missing`: short names that the year's instruments name and that no agency has, with how often."""

    cycle: CycleRef
    closed_at: datetime | None
    current: tuple[AgencyLine, ...]
    missing: tuple[tuple[str, int], ...]
    usual: tuple[UsualLine, ...]


def agencies_page(user: User, slug: str) -> AgenciesPage:
    """The agencies of the year's place. Raises Missing, Forbidden."""
    cycle = managed(user, slug)
    rows = {row.pk: row for row in agencies_for(user, cycle).order_by("short_name")}
    asked = _asked(cycle)
    current = [row for row in rows.values() if row.valid_to is None]
    # Under an earlier name an agency is still the one that an older instrument means.
    known = {name.casefold() for row in current for name in (row.short_name, *_formerly(row, rows))}
    counts = {name.casefold(): count for name, count in asked.items()}
    return AgenciesPage(
        cycle=cycle_ref(cycle),
        closed_at=cycle.closed_at,
        current=tuple(_line(row, rows, counts) for row in current),
        missing=tuple((name, count) for name, count in asked.items() if name.casefold() not in known),
        usual=tuple(
            UsualLine(short, name, counts.get(short.casefold(), 0))
            for short, name in AGENCIES.items()
            if short.casefold() not in known
        ),
    )


def _asked(cycle: Cycle) -> dict[str, int]:
    """Short name as an instrument writes it → how many indicators of the year's instruments name it."""
    found: dict[str, int] = {}
    for row in cycle.cycle_instruments.select_related("version__workbook").order_by("-primary", "pk"):
        for indicator in instrument_of(row.version).indicators.values():
            for name in parted(indicator.agency):
                known = next((each for each in found if each.casefold() == name.casefold()), name)
                found[known] = found.get(known, 0) + 1
    return dict(sorted(found.items(), key=lambda item: item[0].casefold()))


def parted(agency: str) -> list[str]:
    """The short names in a workbook's cell, parted as `access.may_see_health` parts them."""
    return [part.strip() for part in re.split(r"[,;/]", agency) if part.strip()]


def _line(row: Agency, rows: dict[int, Agency], counts: dict[str, int]) -> AgencyLine:
    former = _formerly(row, rows)
    names = {name.casefold() for name in (row.short_name, *former)}
    return AgencyLine(
        id=row.pk,
        short_name=row.short_name,
        name=row.name,
        since=row.valid_from,
        formerly=former,
        indicators=sum(counts.get(name, 0) for name in names),
        seen=agency_seen(row),
    )


def _formerly(row: Agency, rows: dict[int, Agency]) -> tuple[str, ...]:
    return tuple(_chain(row, rows))


def _chain(row: Agency, rows: dict[int, Agency]) -> Iterable[str]:
    old = rows.get(row.replaces_id or 0)
    while old is not None:
        yield old.short_name
        old = rows.get(old.replaces_id or 0)


def find_agency(user: User, slug: str, agency_id: int) -> Agency:
    """That agency of the year's place. Raises Missing, Forbidden."""
    return one(agencies_for(user, managed(user, slug)).select_related("place"), pk=agency_id)
