"""Needs: which indicators an agency is named for, and the families behind a number of the matrix."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Literal

from django.db.models import QuerySet

from selaras.access import Actor, has_role, may_plan, may_see_names, needs_for
from selaras.models import CommitmentState, Cycle, InstrumentVersion, Lokus, Need, Role, User
from selaras.models.places import within_q
from selaras.queries.matching import Lot, Matching, Service, Sums
from selaras.queries.matrix import Table, rt_words
from selaras.queries.matrix_rows import loci_of
from selaras.queries.programme import cycle_ref, lokus_ref, primary_of, today_in
from selaras.queries.refs import CycleRef, LokusRef
from selaras.queries.rules import health_indicators, instrument_of, read_published
from selaras.queries.spoken import shown
from selaras.queries.weights import points_of
from selaras.scoring.instrument import Indicator

Which = Literal["all", "gap", "served", "overlap", "proposed"]
PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class Server:
    """Who serves a need: `K-014` of `agency`; `for_place`: not for this family by name."""

    number: int
    agency: str
    state: str
    for_place: bool


@dataclass(frozen=True, slots=True)
class NeedLine:
    """One open need. `points` of the lokus' total that it holds back, None where that is not told."""

    id: int
    indicator: str
    label: str
    servers: tuple[Server, ...]
    overlap: bool
    points: Decimal | None


@dataclass(frozen=True, slots=True)
class FamilyRow:
    """One family by its code, with its needs that fit."""

    code: str
    rt: str
    rw: str
    lokus: str
    needs: tuple[NeedLine, ...]


@dataclass(frozen=True, slots=True)
class NeedsPage:
    """The list behind a number. `counts` are of needs that may be told; `rows` only of families she works with.

    `untold`: there are needs of health here that are not counted for her. `families` fit, on `pages` of PAGE_SIZE.
    """

    cycle: CycleRef
    loci: tuple[LokusRef, ...]
    lokus: LokusRef | None
    indicator: str
    label: str
    agency_id: int
    agency: str
    area: str
    area_words: str
    which: Which
    counts: dict[Which, int]
    untold: bool
    rows: tuple[FamilyRow, ...]
    families: int
    page: int
    pages: int
    may_see_families: bool
    may_see_names: bool
    may_commit: bool


def agencies_named(version: InstrumentVersion) -> dict[str, str]:
    """Survey indicator -> the agencies that the workbook names for it, as it writes them."""
    return _named(version.workbook.sha256, f"{version.instrument}-{version.version}.xlsx")


@lru_cache(maxsize=32)
def _named(sha256: str, name: str) -> dict[str, str]:
    indicators = read_published(sha256, name).indicators.values()
    return {one.name: one.agency for one in indicators if one.origin == "survey"}


def falling_indicators(version: InstrumentVersion) -> frozenset[str]:
    """The survey indicators of yes and no where less is better: what is true there is what is lacking."""
    return _falling(version.workbook.sha256, f"{version.instrument}-{version.version}.xlsx")


@lru_cache(maxsize=32)
def _falling(sha256: str, name: str) -> frozenset[str]:
    indicators = read_published(sha256, name).indicators.values()
    boolean = (one for one in indicators if one.origin == "survey" and one.aggregate in {"share", "count"})
    return frozenset(one.name for one in boolean if less_is_better(one))


def less_is_better(indicator: Indicator) -> bool:
    """Whether its rule gives more points for less."""
    if indicator.rule == "linear" and indicator.low is not None and indicator.high is not None:
        return indicator.low > indicator.high
    if indicator.bands:
        ordered = sorted(indicator.bands, key=lambda band: (band.low is not None, band.low or Decimal(0)))
        return ordered[0].points > ordered[-1].points
    return False


def needs_seen(user: Actor, cycle: Cycle, version: InstrumentVersion | None) -> QuerySet[Need]:
    """The needs of that year, open and closed, that she may see family by family."""
    if version is None:
        return Need.objects.none()
    return needs_for(user, agencies_named(version), health_indicators(version)).filter(lokus__cycle=cycle)


def needs_page(
    user: User,
    cycle_slug: str,
    *,
    code: str = "",
    indicator: str = "",
    agency: int = 0,
    area: str = "",
    which: Which = "all",
    page: int = 1,
) -> NeedsPage:
    """The open needs of a lokus (`code`), indicator, agency (id) or RT (`area`), as the matrix counts them.

    What is not there filters to nothing. A page beyond the end is the last one. Raises Missing.
    """
    cycle, _everywhere, own = loci_of(user, cycle_slug)
    chosen = [lokus for lokus in own if lokus.area == code] or own
    version = primary_of(cycle)
    table = Table(user, cycle, chosen, version, today_in(cycle), areas=bool(area))
    found = table.agencies.get(agency)
    agency = agency if found is None else found.id
    # What is told of a lokus' health is not told of its parts.
    lots = [lot for lot in (table.parts if agency or area else table.whole) if _fits(lot, indicator, agency, area)]
    told = {(lot.lokus, lot.indicator) for lot in (table.parts if agency or area else table.whole)}
    untold = any((lot.lokus, lot.indicator) not in told for lot in table.lots if _fits(lot, indicator, agency, area))
    rows = _Families(user, cycle, chosen, version, table).rows(indicator, agency, area, which)
    pages = max(1, -(-len(rows) // PAGE_SIZE))
    page = min(max(page, 1), pages)
    return NeedsPage(
        cycle=cycle_ref(cycle),
        loci=tuple(lokus_ref(lokus) for lokus in own),
        lokus=lokus_ref(chosen[0]) if len(chosen) == 1 else None,
        indicator=indicator,
        label=_label(version, indicator),
        agency_id=agency if found else 0,
        agency=found.short_name if found else "",
        area=area,
        area_words=rt_words(area) if area else "",
        which=which,
        counts=_counts(lots),
        untold=untold,
        rows=tuple(rows[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]),
        families=len(rows),
        page=page,
        pages=pages,
        may_see_families=has_role(user, Role.LIAISON) or any(may_see_names(user, lokus) for lokus in chosen),
        may_see_names=any(may_see_names(user, lokus) for lokus in chosen),
        may_commit=may_plan(user, cycle) or (cycle.closed_at is None and has_role(user, Role.LIAISON)),
    )


def _label(version: InstrumentVersion | None, indicator: str) -> str:
    if version is None or not indicator:
        return indicator
    instrument = instrument_of(version)
    known = instrument.indicators.get(indicator)
    return indicator if known is None else shown(known.labels, instrument) or indicator


def _fits(lot: Lot, indicator: str, agency: int, area: str) -> bool:
    if (indicator and lot.indicator != indicator) or (area and lot.area != area):
        return False
    return not agency or _does(lot.service, agency)


def _does(service: Service, agency: int) -> bool:
    return agency in service.agencies or any(promise.agency == agency for promise in service.proposed)


def _counts(lots: Iterable[Lot]) -> dict[Which, int]:
    sums = Sums()
    for lot in lots:
        sums.add(lot)
    return {
        "all": sums.needs,
        "gap": sums.gap,
        "served": sums.served,
        "overlap": sums.overlap,
        "proposed": sums.proposed,
    }


def _is(service: Service, which: Which) -> bool:
    match which:
        case "all":
            return True
        case "gap":
            return service.is_gap
        case "served":
            return not service.is_gap
        case "overlap":
            return service.is_overlap
        case "proposed":
            return service.is_gap and bool(service.proposed)


class _Families:
    """The needs that she may see, family by family, each with who serves it and what it weighs."""

    def __init__(
        self, user: User, cycle: Cycle, loci: list[Lokus], version: InstrumentVersion | None, table: Table
    ) -> None:
        self._rows = needs_seen(user, cycle, version).filter(lokus__in=loci, closed_at__isnull=True)
        self._loci = {lokus.pk: lokus for lokus in loci}
        self._version = version
        self._agencies = table.agencies
        self._matching = Matching(table.promises)
        needs = Counter({(lot.lokus, lot.indicator): 0 for lot in table.lots})
        for lot in table.lots:
            needs[lot.lokus, lot.indicator] += lot.count
        self._points = {} if version is None else points_of(user, loci, version, needs)

    def rows(self, indicator: str, agency: int, area: str, which: Which) -> list[FamilyRow]:
        """By code."""
        rows = self._rows.filter(within_q("household__area", area)) if area else self._rows
        if indicator:
            rows = rows.filter(indicator=indicator)
        order = {} if self._version is None else {n: i for i, n in enumerate(instrument_of(self._version).indicators)}
        served: dict[int, list[int]] = {}
        needs: dict[int, tuple[int, str, str, str, str, str]] = {}
        values = ("pk", "lokus_id", "indicator", "household__code", "household__rt", "household__rw", "household__area")
        for pk, *rest, commitment in rows.values_list(*values, "served_by__commitment_id"):
            needs[pk] = tuple(rest)
            served.setdefault(pk, []).append(commitment)
        families: dict[tuple[str, str, str, int], list[tuple[int, NeedLine]]] = {}
        for pk, (lokus, name, code, rt, rw, place) in needs.items():
            service = self._matching.service(lokus, name, place, [one for one in served[pk] if one])
            if _is(service, which) and (not agency or _does(service, agency)):
                line = self._line(pk, lokus, name, service)
                families.setdefault((code, rt, rw, lokus), []).append((order.get(name, 0), line))
        return [
            FamilyRow(code, rt, rw, self._loci[lokus].place.name, tuple(line for _, line in sorted(lines, key=_place)))
            for (code, rt, rw, lokus), lines in sorted(families.items())
        ]

    def _line(self, pk: int, lokus: int, name: str, service: Service) -> NeedLine:
        return NeedLine(
            id=pk,
            indicator=name,
            label=_label(self._version, name),
            servers=tuple(
                Server(
                    promise.number,
                    self._agencies[promise.agency].short_name,
                    CommitmentState(promise.state).value,
                    promise.for_place,
                )
                for promise in (*service.live, *service.proposed)
            ),
            overlap=service.is_overlap,
            points=self._points.get((lokus, name)),
        )


def _place(line: tuple[int, NeedLine]) -> int:
    """Where its indicator stands in the workbook."""
    return line[0]
