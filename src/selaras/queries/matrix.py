"""*Siapa berbuat apa*: the year's open needs against what agencies have promised, as one table.

Everybody who sees the year sees it, over the loci that she may open. A need of class `kesehatan` is told family by
family to the agency that its indicator names; of the others' figures none that counts one to four families, and no
sum that would tell such a one: lokus and indicator go in whole, or as a bare number of needs, or not at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal, cast

from django.db import connection
from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from selaras.access import (
    SMALLEST_COUNT,
    has_role,
    loci_for,
    may_plan,
    may_see_commitment,
    may_see_health,
    may_see_names,
    shown_count,
    the_cycle,
)
from selaras.models import (
    Agency,
    Answer,
    Ask,
    Commitment,
    CommitmentNeed,
    Cycle,
    InstrumentVersion,
    Lokus,
    Need,
    Role,
    User,
)
from selaras.models.places import within
from selaras.queries import matching
from selaras.queries.matching import Lot, Matching, NeedRow, Promise, Share, Sums
from selaras.queries.programme import cycle_ref, lokus_ref, primary_of, today_in
from selaras.queries.refs import CycleRef, LokusRef
from selaras.queries.rules import health_indicators, instrument_of
from selaras.queries.spoken import shown
from selaras.scoring.instrument import Instrument

#: What a line of the table stands for.
View = Literal["opd", "rt", "lokus"]


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
    """One agency; `volume` of `promised` families where commitments with both exist; `over`: more than it can."""

    id: int
    short_name: str
    name: str
    served: int
    volume: Decimal | None
    promised: int
    over: bool


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
    are not (or not wholly) in the totals. `worst` is the line with the widest gap.
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


def matrix_page(
    user: User, cycle_slug: str, *, code: str = "", view: View = "opd", now: datetime | None = None
) -> MatrixPage:
    """The matrix of a year; `code` is a lokus' area, '' for all. Five statements. Raises Missing."""
    cycle, everywhere, own = loci_of(user, cycle_slug)
    chosen = [lokus for lokus in own if lokus.area == code] or own
    version = primary_of(cycle)
    table = Table(user, cycle, chosen, version, today_in(cycle, now))
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
        sections=tuple(table.sections(view, lines)),
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
    )


def loci_of(user: User, cycle_slug: str) -> tuple[Cycle, list[Lokus], list[Lokus]]:
    """The year, all loci of its place in any year, and those of this year, as she may open them."""
    place = Cycle.objects.filter(slug=cycle_slug).values("place__code")
    rows = loci_for(user).select_related("place__parent", "cycle__place").filter(cycle__place__code__in=place)
    found = list(rows.order_by("-cycle__year", "-cycle_id", "area"))
    own = [lokus for lokus in found if lokus.cycle.slug == cycle_slug]
    return own[0].cycle if own else the_cycle(user, cycle_slug), found, own


def _years(cycle: Cycle, loci: Iterable[Lokus]) -> tuple[CycleRef, ...]:
    cycles = {lokus.cycle_id: lokus.cycle for lokus in loci}
    cycles[cycle.pk] = cycle
    return tuple(cycle_ref(one) for one in sorted(cycles.values(), key=lambda one: (-one.year, -one.pk)))


def with_families(rows: QuerySet[Commitment]) -> Any:
    """Commitments with `families` that they name (the erased are none) and `named`: whether they ever named any."""
    served = CommitmentNeed.objects.filter(commitment=OuterRef("pk"))
    seen = served.filter(need__household__erased_at__isnull=True).order_by().values("commitment")
    counted = seen.annotate(count=Count("pk")).values("count")
    return rows.annotate(families=Coalesce(Subquery(counted), 0), named=Exists(served))


_READ = ("number", "state", "fund", "indicator", "area", "volume", "ends", "agency", "lokus", "cycle")


def promises_of(cycle: Cycle) -> list[tuple[Promise, Commitment]]:
    """Every commitment of the year as matching reads it, called off ones too, by number. One statement."""
    rows = with_families(Commitment.objects.filter(cycle=cycle).select_related("agency", "lokus"))
    # Only what matching and access read: the texts of a hundred commitments cost as much as the needs.
    rows = rows.only(*_READ, "agency__short_name", "agency__name", "lokus__area")
    found: list[tuple[Promise, Commitment]] = []
    for row in rows.order_by("number"):
        row.cycle = cycle
        found.append((promise_of(row, row.families, row.named), row))
    return found


def promise_of(row: Commitment, families: int, named: bool) -> Promise:
    """One commitment as matching reads it."""
    return Promise(
        id=row.pk,
        number=row.number,
        agency=row.agency_id,
        state=row.state,
        fund=row.fund,
        indicator=row.indicator,
        lokus=row.lokus_id,
        area=row.area,
        volume=row.volume,
        ends=row.ends,
        families=families,
        named=named,
    )


def need_rows(loci: Sequence[Lokus]) -> list[NeedRow]:
    """The open needs of these loci, each as often as commitments name it. One statement, read without models."""
    rows = Need.objects.filter(lokus__in=loci, closed_at__isnull=True)
    rows = rows.filter(household__erased_at__isnull=True, household__pending__isnull=True)
    query = rows.values_list(
        "pk", "lokus_id", "indicator", "household_id", "household__area", "served_by__commitment_id"
    ).query
    if not loci:
        return []
    sql, params = query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cast(list[NeedRow], cursor.fetchall())


class Table:
    """Everything loaded, matched once, and what of it may be told to this person."""

    def __init__(
        self, user: User, cycle: Cycle, loci: list[Lokus], version: InstrumentVersion | None, today: date
    ) -> None:
        self._user = user
        self._loci = {lokus.pk: lokus for lokus in loci}
        self.today = today
        self._instrument: Instrument | None = None if version is None else instrument_of(version)
        self._health = frozenset() if version is None else health_indicators(version)
        rows = need_rows(loci)
        commitments = promises_of(cycle)
        self.promises = [promise for promise, _ in commitments]
        self.readable = {row.pk for _, row in commitments if may_see_commitment(user, row)}
        asked = Ask.objects.filter(lokus__in=loci, answer=Answer.NONE).select_related("agency")
        self.asks = list(asked)
        self.agencies: dict[int, Agency] = {row.agency_id: row.agency for _, row in commitments}
        self.agencies |= {ask.agency_id: ask.agency for ask in self.asks}
        self.families = len({row[3] for row in rows})
        self.lots = Matching(self.promises).lots(rows)
        self.bare: dict[tuple[int, str], int] = {}
        self.whole = self._told()

    # --- what may be told -----------------------------------------------------------------------------------------
    def _told(self) -> list[Lot]:
        """The lots whose every figure may be told; of the others that may be counted, `_bare` keeps the needs."""
        pairs: dict[tuple[int, str], list[Lot]] = {}
        for lot in self.lots:
            if lot.indicator in self._health and not self._knows(lot.lokus, lot.indicator):
                pairs.setdefault((lot.lokus, lot.indicator), []).append(lot)
        hidden = {pair for pair, lots in pairs.items() if not self._pair_is_told(pair, lots)}
        return [lot for lot in self.lots if (lot.lokus, lot.indicator) not in hidden]

    @property
    def parts(self) -> list[Lot]:
        """The lots that may be told by RT or agency too: what is told of a lokus' health is not told of its parts."""
        return [lot for lot in self.whole if lot.indicator not in self._health or self._knows(lot.lokus, lot.indicator)]

    def _pair_is_told(self, pair: tuple[int, str], lots: list[Lot]) -> bool:
        sums = Sums()
        for lot in lots:
            sums.add(lot)
        if shown_count(sums.needs, max(self._loci[pair[0]].registered, sums.needs)) is None:
            self.bare[pair] = 0
            return False
        parts = [sums.gap, sums.overlap, sums.proposed]
        for share in matching.shares(lots, self.today).values():
            parts += [share.served, share.proposed]
        if any(shown_count(part, sums.needs) is None for part in parts):
            self.bare[pair] = sums.needs
            return False
        return True

    def _knows(self, lokus: int, indicator: str) -> bool:
        named = "" if self._instrument is None else self._instrument.indicators[indicator].agency
        return may_see_health(self._user, self._loci[lokus], named)

    def tells(self, promise: Promise) -> bool:
        """Whether the families that it names may be counted out loud."""
        if promise.indicator not in self._health or promise.families >= SMALLEST_COUNT:
            return True
        return any(self._knows(lokus, promise.indicator) for lokus in self._loci)

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
        order = [] if self._instrument is None else list(self._instrument.indicators)
        ranked = sorted(keys) if view != "opd" else sorted(keys, key=order.index)
        return [self._line(view, key, lots.get(key, []), bare.get(key), asked.get(key, set())) for key in ranked]

    def _key(self, view: View, lot: Lot) -> str:
        if view == "opd":
            return lot.indicator
        return lot.area if view == "rt" else self._loci[lot.lokus].area

    def _asked(self, view: View) -> dict[str, set[int]]:
        found: dict[str, set[int]] = {}
        for ask in self.asks:
            key = ask.indicator if view == "opd" else self._loci[ask.lokus_id].area
            found.setdefault(key, set()).add(ask.agency_id)
        return found

    def _line(self, view: View, key: str, lots: list[Lot], bare: int | None, asked: set[int]) -> Line:
        sums = Sums()
        for lot in lots:
            sums.add(lot)
        found = matching.shares(lots, self.today)
        untold = bare is not None
        if untold:
            hidden = [lot for lot in self.lots if lot.indicator == key]
            found = matching.shares(hidden, self.today)
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
            return next(lokus.place.name for lokus in self._loci.values() if lokus.area == key), ""
        if view == "rt":
            place = next(lokus.place.name for lokus in self._loci.values() if within(key, lokus.area))
            return rt_words(key) if len(self._loci) == 1 else f"{place}, {rt_words(key)}", ""
        if self._instrument is None:
            return key, ""
        indicator = self._instrument.indicators[key]
        return shown(indicator.labels, self._instrument) or key, indicator.agency

    def sections(self, view: View, lines: list[Line]) -> list[Section]:
        """The lines under the aspects of the workbook, or as they are."""
        if view != "opd" or self._instrument is None:
            return [Section("", tuple(lines))] if lines else []
        found: dict[str, list[Line]] = {}
        for line in lines:
            found.setdefault(self._instrument.indicators[line.key].aspect, []).append(line)
        aspects = self._instrument.aspects
        return [
            Section(shown(aspects[name].labels, self._instrument) or name, tuple(found[name]))
            for name in aspects
            if name in found
        ]

    def totals(self) -> Totals:
        """Over everything that may be told whole."""
        sums = Sums()
        for lot in self.whole:
            sums.add(lot)
        return Totals(sums.needs, sums.served, sums.gap, sums.overlap, sums.proposed)

    def columns(self, promises: list[Promise]) -> tuple[Column, ...]:
        """The agencies that do, propose or were asked something here, by name."""
        found = matching.shares(self.lots, self.today)
        told = found if len(self.whole) == len(self.lots) else matching.shares(self.whole, self.today)
        known = matching.capacity(promise for promise in promises if self.tells(promise))
        over = {promise.agency for promise in promises if promise.is_over and self.tells(promise)}
        wanted = {*found, *(ask.agency_id for ask in self.asks), *(p.agency for p in promises if p.is_live)}
        rows = sorted((self.agencies[agency] for agency in wanted), key=lambda row: row.short_name.casefold())
        return tuple(
            Column(
                id=row.pk,
                short_name=row.short_name,
                name=row.name,
                served=told[row.pk].served if row.pk in told else 0,
                volume=known[row.pk][0] if row.pk in known else None,
                promised=known[row.pk][1] if row.pk in known else 0,
                over=row.pk in over,
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
