"""One sheet for each agency: the needs that are its to answer, by lokus, and what it has promised.

Families by code, and only those that whoever takes the sheet may see one by one: a need of class `kesehatan` goes
with its codes to the agency that its indicator names, and to nobody else, the secretariat included.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from selaras.access import demand, may_hold_meetings, may_take_sheet, named_in, the_cycle
from selaras.models import Agency, Cycle, Lokus, User
from selaras.queries.matrix import Line, matrix_page
from selaras.queries.matrix_rows import Office, loci_of, offices_of
from selaras.queries.meetings import LetterheadView, letterhead_of
from selaras.queries.needs import needs_seen
from selaras.queries.plans import Asked, CommitmentLine, agencies_of, agency_of, commitments_page
from selaras.queries.programme import cycle_ref, primary_of, today_in
from selaras.queries.refs import CycleRef

#: More commitments than an agency has in a year.
MOST = 500


@dataclass(frozen=True, slots=True)
class SheetNeed:
    """One need in one lokus. `needs` is 0 and the others None where they must not be told; `own` this agency serves.

    `codes` are of the families with the open need that may be named to whoever takes the sheet.
    """

    label: str
    needs: int
    gap: int | None
    own: int | None
    asked: bool
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SheetLokus:
    """The agency's needs in one lokus."""

    name: str
    needs: tuple[SheetNeed, ...]


@dataclass(frozen=True, slots=True)
class AgencySheet:
    """All that one agency takes to the meeting."""

    cycle: CycleRef
    agency_id: int
    short_name: str
    name: str
    loci: tuple[SheetLokus, ...]
    commitments: tuple[CommitmentLine, ...]
    head: LetterheadView | None
    today: date


def agency_sheet(user: User, cycle_slug: str, agency_id: int, *, now: datetime | None = None) -> AgencySheet:
    """The sheet of that agency. Raises Missing, Forbidden. Statements grow with loci, not with families."""
    cycle = the_cycle(user, cycle_slug)
    agency = agency_of(cycle, agency_id)
    demand(may_take_sheet, user, cycle, agency)
    return _Sheets(user, cycle, now).of(agency)


def agency_sheets(user: User, cycle_slug: str, *, now: datetime | None = None) -> tuple[AgencySheet, ...]:
    """The sheets of all agencies that have needs or commitments, by name. Raises Missing, Forbidden."""
    cycle = the_cycle(user, cycle_slug)
    demand(may_hold_meetings, user, cycle)
    today = today_in(cycle, now)
    made = _Sheets(user, cycle, now)
    here = [agency for agency in agencies_of(cycle) if agency.valid_to is None or agency.valid_to >= today]
    present = {made.office(agency).id: agency for agency in here}
    sheets = [made.of(agency) for agency in present.values()]
    return tuple(sheet for sheet in sheets if sheet.loci or sheet.commitments)


class _Sheets:
    """The year's needs and commitments, loaded once for however many agencies."""

    def __init__(self, user: User, cycle: Cycle, now: datetime | None) -> None:
        self._cycle = cycle
        self._today = today_in(cycle, now)
        _cycle, _everywhere, loci = loci_of(user, cycle.slug)
        self._lines = [(lokus, _lines(user, cycle, lokus, now)) for lokus in loci]
        self._codes = _codes(user, cycle)
        listed = commitments_page(user, cycle.slug, Asked(), size=MOST * 40, now=now)
        self._commitments = listed.lines
        self._head = letterhead_of(cycle.place)
        self._offices = offices_of({agency.pk for agency in agencies_of(cycle)}, self._today)

    def office(self, agency: Agency) -> Office:
        """What that agency is called now."""
        return self._offices[agency.pk]

    def of(self, agency: Agency) -> AgencySheet:
        """That agency's, under its name of now, with what it promised under the names before."""
        office = self.office(agency)
        loci = [(lokus.place.name, tuple(self._needs(office, lokus, lines))) for lokus, lines in self._lines]
        return AgencySheet(
            cycle=cycle_ref(self._cycle),
            agency_id=office.id,
            short_name=office.short_name,
            name=office.name,
            loci=tuple(SheetLokus(name, needs) for name, needs in loci if needs),
            commitments=tuple(line for line in self._commitments if line.agency.id in office.named)[:MOST],
            head=self._head,
            today=self._today,
        )

    def _needs(self, office: Office, lokus: Lokus, lines: Iterable[Line]) -> Iterable[SheetNeed]:
        names = {name.casefold() for name in office.named.values()}
        for line in lines:
            cell = line.cells.get(office.id)
            if cell is None and not names & named_in(line.named):
                continue
            yield SheetNeed(
                label=line.label,
                needs=line.needs,
                gap=line.gap,
                own=0 if cell is None else cell.served,
                asked=cell is not None and cell.asked,
                codes=self._codes.get((lokus.pk, line.key), ()),
            )


def _lines(user: User, cycle: Cycle, lokus: Lokus, now: datetime | None) -> tuple[Line, ...]:
    page = matrix_page(user, cycle.slug, code=lokus.area, view="opd", now=now)
    return tuple(line for section in page.sections for line in section.lines)


def _codes(user: User, cycle: Cycle) -> Mapping[tuple[int, str], tuple[str, ...]]:
    """(lokus id, indicator) -> codes of the families with that open need whom she may see one by one."""
    rows = needs_seen(user, cycle, primary_of(cycle)).filter(closed_at__isnull=True).order_by("household__code")
    found: dict[tuple[int, str], list[str]] = {}
    for lokus, indicator, code in rows.values_list("lokus_id", "indicator", "household__code"):
        found.setdefault((lokus, indicator), []).append(code)
    return {key: tuple(codes) for key, codes in found.items()}
