"""*Siapa berbuat apa*: the year's open needs against what agencies have promised, as one table.

Everybody who sees the year sees it, over the loci that she may open. A need of class `kesehatan` is told family by
family to the agency that its indicator names; of the others' figures none that counts one to four families, and no
sum that would tell such a one: lokus and indicator go in whole, or as a bare number of needs, or not at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from selaras.access import (
    SMALLEST_COUNT,
    has_role,
    may_plan,
    may_see_commitment,
    may_see_health,
    may_see_names,
    shown_count,
)
from selaras.models import Agency, Commitment, Cycle, InstrumentVersion, Lokus, Role, User
from selaras.models.places import within
from selaras.queries.kept_views import KeptView, kept_views
from selaras.queries.matching import Lot, Matching, Promise, Share, Sums, capacity, shares
from selaras.queries.matrix_filters import NO_FILTERS, PAGE, MatrixFilters, Only, View
from selaras.queries.matrix_rows import loci_of, lot_rows, offices_of, promises_and_asks
from selaras.queries.programme import cycle_ref, lokus_ref, primary_of, today_in
from selaras.queries.refs import CycleRef, LokusRef
from selaras.queries.rules import health_indicators, instrument_of
from selaras.queries.spoken import shown
from selaras.scoring.instrument import Instrument


@dataclass(frozen=True, slots=True)
class Cell:
    """What one agency does for the needs of a line. Counts are None where they must not be told; then it does some.

    `for_place`: (also) by a commitment for the place. `late`, `blocked`, `unfunded`: one of its commitments here is.
    `asked`: it has been asked and has not answered.
    """

    served: int | None = 0
    proposed: int | None = 0
    for_place: bool = False
    late: bool = False
    blocked: bool = False
    unfunded: bool = False
    asked: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One indicator, RT or lokus. All counts but `needs` are None where they must not be told; `needs` 0: it neither.

    `key` is the indicator's name, the RT's area or the lokus' code. `named` are the agencies of the workbook.
    """

    key: str
    label: str
    named: str
    needs: int
    served: int | None
    gap: int | None
    overlap: int | None
    proposed: int | None
    cells: Mapping[int, Cell]


@dataclass(frozen=True, slots=True)
class Section:
    """Lines under one heading ('' where there is only one section)."""

    label: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """One agency; `volume` of `promised` families where commitments with both exist; `over`: more than it can.

    It stands under its name of now; `formerly` are the short names that it had, the last one first.
    """

    id: int
    short_name: str
    name: str
    served: int
    volume: Decimal | None
    promised: int
    over: bool
    formerly: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Totals:
    """Of open needs that may be told: `needs` = `served` + `gap`; `overlap` of the served, `proposed` of the gap."""

    needs: int
    served: int
    gap: int
    overlap: int
    proposed: int


@dataclass(frozen=True, slots=True)
class MatrixPage:
    """The whole table of one lokus, or (`lokus` None) of all `loci` that she may open.

    `years` are the place's years she may see, newest first. `late`, `unfunded` and `over` are the numbers of
    commitments that she may read; `unanswered` counts asks, `overdue` those past their day. `untold` lines of health
    are not (or not wholly) in the totals. `worst` is the line with the widest gap. `filters` are those that hold; all
    but the lokus narrow the lines and nothing else. `kept` are her own kept filters.
    """

    cycle: CycleRef
    years: tuple[CycleRef, ...]
    loci: tuple[LokusRef, ...]
    lokus: LokusRef | None
    view: View
    columns: tuple[Column, ...]
    sections: tuple[Section, ...]
    totals: Totals
    families: int
    late: tuple[int, ...]
    unfunded: tuple[int, ...]
    over: tuple[int, ...]
    unanswered: int
    overdue: int
    untold: int
    worst: Line | None
    commitments: int
    may_plan: bool
    may_commit: bool
    may_see_families: bool
    today: date
    filters: MatrixFilters = NO_FILTERS
    kept: tuple[KeptView, ...] = ()


def matrix_page(
    user: User,
    cycle_slug: str,
    *,
    code: str = "",
    view: View = "opd",
    only: Only = "all",
    agency: int = 0,
    now: datetime | None = None,
) -> MatrixPage:
    """The matrix of a year; `code` is a lokus' area, '' for all; `only` and `agency` (id) leave lines out.

    Six statements. Raises Missing.
    """
    cycle, everywhere, own = loci_of(user, cycle_slug)
    chosen = [lokus for lokus in own if lokus.area == code] or own
    version = primary_of(cycle)
    table = Table(user, cycle, chosen, version, today_in(cycle, now), areas=view == "rt")
    office = table.agencies.get(agency)
    filters = MatrixFilters(view, code, only, office.id if office else 0).among([lokus.area for lokus in own])
    lines = table.lines(view)
    told = [line for line in lines if line.gap]
    relevant = [row for row in table.promises if row.lokus is None or row.lokus in {lokus.pk for lokus in chosen}]
    mine = [promise for promise in relevant if promise.id in table.readable]
    return MatrixPage(
        cycle=cycle_ref(cycle),
        years=_years(cycle, everywhere),
        loci=tuple(lokus_ref(lokus) for lokus in own),
        lokus=lokus_ref(chosen[0]) if len(chosen) == 1 else None,
        view=view,
        columns=table.columns(relevant),
        sections=tuple(table.sections(view, [line for line in lines if _fits(line, filters)])),
        totals=table.totals(),
        families=table.families,
        late=tuple(promise.number for promise in mine if promise.is_late(table.today)),
        unfunded=tuple(promise.number for promise in mine if promise.is_unfunded),
        over=tuple(promise.number for promise in mine if promise.is_over and table.tells(promise)),
        unanswered=len(table.asks),
        overdue=sum(ask.due is not None and ask.due < table.today for ask in table.asks),
        untold=sum(line.gap is None for line in lines),
        worst=max(told, key=lambda line: line.gap or 0) if told else None,
        commitments=len(mine),
        may_plan=may_plan(user, cycle),
        may_commit=may_plan(user, cycle) or (cycle.closed_at is None and has_role(user, Role.LIAISON)),
        may_see_families=any(may_see_names(user, lokus) for lokus in chosen) or has_role(user, Role.LIAISON),
        today=table.today,
        filters=filters,
        kept=kept_views(user, cycle, PAGE),
    )


def _fits(line: Line, filters: MatrixFilters) -> bool:
    if filters.agency and filters.agency not in line.cells:
        return False
    return bool(line.gap if filters.only == "gap" else line.overlap if filters.only == "overlap" else True)


def _years(cycle: Cycle, loci: Iterable[Lokus]) -> tuple[CycleRef, ...]:
    cycles = {lokus.cycle_id: lokus.cycle for lokus in loci}
    cycles[cycle.pk] = cycle
    return tuple(cycle_ref(one) for one in sorted(cycles.values(), key=lambda one: (-one.year, -one.pk)))


class Table:
    """Everything loaded, matched once, and what of it may be told to this person.

    Without `areas`, lots have an area only where it decides who serves them.
    """

    def __init__(
        self,
        user: User,
        cycle: Cycle,
        loci: list[Lokus],
        version: InstrumentVersion | None,
        today: date,
        *,
        areas: bool,
    ) -> None:
        self._user = user
        self._cycle = cycle
        self._loci = {lokus.pk: lokus for lokus in loci}
        self.today = today
        self._instrument: Instrument | None = None if version is None else instrument_of(version)
        self._health = frozenset() if version is None else health_indicators(version)
        found, asks = promises_and_asks(cycle, loci)
        #: Agency's id → what it is called now: what it did under an earlier name is its own.
        self.agencies = offices_of({promise.agency for promise, _ in found} | {ask.agency for ask in asks}, today)
        self.readable = self._readable(found)
        self.promises = [replace(promise, agency=self.agencies[promise.agency].id) for promise, _ in found]
        self.asks = [replace(ask, agency=self.agencies[ask.agency].id) for ask in asks]
        self.agencies |= {office.id: office for office in self.agencies.values()}
        served = Matching(self.promises)
        rows, self.families = lot_rows(loci, None if areas else served.parted)
        self.lots = served.lots(rows)
        self.bare: dict[tuple[int, str], int] = {}
        self.whole = self._told()

    def _readable(self, found: Iterable[tuple[Promise, str]]) -> frozenset[int]:
        """The commitments that she may read. Agency, lokus and area decide: each of these is asked once."""
        answers: dict[tuple[int, str, str], bool] = {}
        for promise, lokus in found:
            key = (promise.agency, lokus, promise.area)
            if key not in answers:
                office = self.agencies[promise.agency]
                agency = Agency(pk=promise.agency, short_name=office.named[promise.agency])
                row = Commitment(cycle=self._cycle, agency=agency, area=promise.area)
                row.lokus = Lokus(area=lokus) if lokus else None
                answers[key] = may_see_commitment(self._user, row)
        return frozenset(promise.id for promise, lokus in found if answers[promise.agency, lokus, promise.area])

    # --- what may be told -----------------------------------------------------------------------------------------
    def _told(self) -> list[Lot]:
        """The lots whose every figure may be told; of the others that may be counted, `_bare` keeps the needs."""
        pairs: dict[tuple[int, str], list[Lot]] = {}
        for lot in self.lots:
            if self.is_health(lot.indicator) and not self._knows(lot.lokus, lot.indicator):
                pairs.setdefault((lot.lokus, lot.indicator), []).append(lot)
        hidden = {pair for pair, lots in pairs.items() if not self._pair_is_told(pair, lots)}
        return [lot for lot in self.lots if (lot.lokus, lot.indicator) not in hidden]

    @property
    def parts(self) -> list[Lot]:
        """The lots that may be told by RT or agency too: what is told of a lokus' health is not told of its parts."""
        return [lot for lot in self.whole if not self.is_health(lot.indicator) or self._knows(lot.lokus, lot.indicator)]

    def _pair_is_told(self, pair: tuple[int, str], lots: list[Lot]) -> bool:
        sums = Sums()
        for lot in lots:
            sums.add(lot)
        if shown_count(sums.needs, max(self._loci[pair[0]].registered, sums.needs)) is None:
            self.bare[pair] = 0
            return False
        parts = [sums.gap, sums.overlap, sums.proposed]
        for share in shares(lots, self.today).values():
            parts += [share.served, share.proposed]
        if any(shown_count(part, sums.needs) is None for part in parts):
            self.bare[pair] = sums.needs
            return False
        return True

    def is_health(self, indicator: str) -> bool:
        """Whether small groups of it are not told; what the instrument does not know any more may have been so."""
        return indicator in self._health or not self._is_known(indicator)

    def _is_known(self, indicator: str) -> bool:
        return self._instrument is not None and indicator in self._instrument.indicators

    def _knows(self, lokus: int, indicator: str) -> bool:
        if self._instrument is None or indicator not in self._instrument.indicators:
            return False
        return may_see_health(self._user, self._loci[lokus], self._instrument.indicators[indicator].agency)

    def tells(self, promise: Promise) -> bool:
        """Whether the families that it names may be counted out loud."""
        if not promise.indicator or not self.is_health(promise.indicator) or promise.families >= SMALLEST_COUNT:
            return True
        where = [promise.lokus] if promise.lokus in self._loci else list(self._loci)
        return bool(where) and all(self._knows(lokus, promise.indicator) for lokus in where)

    # --- lines ----------------------------------------------------------------------------------------------------
    def lines(self, view: View) -> list[Line]:
        """The lines of that view, in the order of the workbook, or of codes."""
        lots: dict[str, list[Lot]] = {}
        for lot in self.parts if view == "rt" else self.whole:
            lots.setdefault(self._key(view, lot), []).append(lot)
        bare: dict[str, int] = {}
        if view == "opd":
            for (_lokus, indicator), needs in self.bare.items():
                bare[indicator] = bare.get(indicator, 0) + needs
        asked = self._asked(view)
        keys = {*lots, *bare}
        order = (
            {}
            if view != "opd" or self._instrument is None
            else {n: i for i, n in enumerate(self._instrument.indicators)}
        )
        ranked = sorted(keys, key=lambda key: (order.get(key, len(order)), key))
        return [self._line(view, key, lots.get(key, []), bare.get(key), asked.get(key, set())) for key in ranked]

    def _key(self, view: View, lot: Lot) -> str:
        if view == "opd":
            return lot.indicator
        return lot.area if view == "rt" else self._loci[lot.lokus].area

    def _asked(self, view: View) -> dict[str, set[int]]:
        found: dict[str, set[int]] = {}
        for ask in self.asks:
            key = ask.indicator if view == "opd" else self._loci[ask.lokus].area
            found.setdefault(key, set()).add(ask.agency)
        return found

    def _line(self, view: View, key: str, lots: list[Lot], bare: int | None, asked: set[int]) -> Line:
        sums = Sums()
        for lot in lots:
            sums.add(lot)
        found = shares(lots, self.today)
        untold = bare is not None
        if untold:
            hidden = [lot for lot in self.lots if lot.indicator == key]
            found = shares(hidden, self.today)
        cells = {agency: _cell(found.get(agency), agency in asked, untold) for agency in {*found, *asked}}
        label, named = self._words(view, key)
        return Line(
            key=key,
            label=label,
            named=named,
            needs=sums.needs + (bare or 0),
            served=None if untold else sums.served,
            gap=None if untold else sums.gap,
            overlap=None if untold else sums.overlap,
            proposed=None if untold else sums.proposed,
            cells=cells,
        )

    def _words(self, view: View, key: str) -> tuple[str, str]:
        if view == "lokus":
            return next((lokus.place.name for lokus in self._loci.values() if lokus.area == key), key), ""
        if view == "rt":
            # A family may have been moved to where no lokus of this year is.
            place = next((lokus.place.name for lokus in self._loci.values() if within(key, lokus.area)), key)
            return rt_words(key) if len(self._loci) == 1 else f"{place}, {rt_words(key)}", ""
        if self._instrument is None or key not in self._instrument.indicators:
            return key, ""
        indicator = self._instrument.indicators[key]
        return shown(indicator.labels, self._instrument) or key, indicator.agency

    def sections(self, view: View, lines: list[Line]) -> list[Section]:
        """The lines under the aspects of the workbook, those of no aspect last; or as they are."""
        if view != "opd" or self._instrument is None:
            return [Section("", tuple(lines))] if lines else []
        found: dict[str, list[Line]] = {}
        for line in lines:
            aspect = self._instrument.indicators[line.key].aspect if self._is_known(line.key) else ""
            found.setdefault(aspect, []).append(line)
        aspects = self._instrument.aspects
        sections = [
            Section(shown(aspects[name].labels, self._instrument) or name, tuple(found[name]))
            for name in aspects
            if name in found
        ]
        return [*sections, Section("", tuple(found[""]))] if "" in found else sections

    def totals(self) -> Totals:
        """Over everything that may be told whole."""
        sums = Sums()
        for lot in self.whole:
            sums.add(lot)
        return Totals(sums.needs, sums.served, sums.gap, sums.overlap, sums.proposed)

    def columns(self, promises: list[Promise]) -> tuple[Column, ...]:
        """The agencies that do, propose or were asked something here, by name."""
        found = shares(self.lots, self.today)
        told = found if len(self.whole) == len(self.lots) else shares(self.whole, self.today)
        known = capacity(promise for promise in promises if self.tells(promise))
        over = {promise.agency for promise in promises if promise.is_over and self.tells(promise)}
        wanted = {*found, *(ask.agency for ask in self.asks), *(p.agency for p in promises if p.is_live)}
        rows = sorted((self.agencies[agency] for agency in wanted), key=lambda row: row.short_name.casefold())
        return tuple(
            Column(
                id=row.id,
                short_name=row.short_name,
                name=row.name,
                served=told[row.id].served if row.id in told else 0,
                volume=known[row.id][0] if row.id in known else None,
                promised=known[row.id][1] if row.id in known else 0,
                over=row.id in over,
                formerly=row.formerly,
            )
            for row in rows
        )


def _cell(share: Share | None, asked: bool, untold: bool) -> Cell:
    found = share or Share()
    return Cell(
        served=None if untold and found.served else found.served,
        proposed=None if untold and found.proposed else found.proposed,
        for_place=found.for_place,
        late=found.late,
        blocked=found.blocked,
        unfunded=found.unfunded,
        asked=asked,
    )


def rt_words(area: str) -> str:
    """`36.72.05.1005.RW03.RT02` -> `RT 02 / RW 03`; the kelurahan's code where neither is known."""
    parts = [part for part in area.split(".") if part.startswith(("RW", "RT"))]
    return " / ".join(f"{part[:2]} {part[2:]}" for part in reversed(parts)) or area
