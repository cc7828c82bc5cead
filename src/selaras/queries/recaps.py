"""Published counts of reports as pages show them: tables with what is withheld, and how a rise is to be read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from selaras.access import (
    demand,
    loci_for,
    may_keep_recaps,
    may_see_publications,
    one,
    publications_for,
    recaps_for,
    the_cycle,
)
from selaras.models import (
    Cycle,
    Fact,
    Place,
    PlaceLevel,
    Publication,
    PublicationKind,
    Recap,
    RecapState,
    Unpublished,
    User,
)
from selaras.queries.coming_out import Clock, Coming, clock_of
from selaras.queries.programme import cycle_ref, primary_of, today_in
from selaras.queries.protection import (
    CutShort,
    Published,
    Release,
    RuleInForce,
    areas_of,
    cut_short,
    demand_trust,
    hand_overs_of,
    keyed,
    opened,
    published_years,
    rule_of,
)
from selaras.queries.refs import CycleRef
from selaras.queries.rules import instrument_of
from selaras.scoring.handovers import FIRST, FOLLOW_UP, MEASURED, comes_out, hand_over_release, span
from selaras.scoring.protection import MEASURES
from selaras.scoring.rates import Rate, Ratio, rate, ratio
from selaras.scoring.recaps import BY_NAME, UNITS, UNKNOWN, Cells, Key, crossings, with_year

#: Of which unit a rise is told: the first that is published.
_TOLD = ("victims", "cases")
_LEVELS = (PlaceLevel.CITY, PlaceLevel.KECAMATAN, PlaceLevel.KELURAHAN)
#: What says whether more dare to report: measures of the year's instrument.
_SIGNS = ("awareness_endline", "channel_known", "channel_exists", "people_trained")


@dataclass(frozen=True, slots=True)
class TableShown:
    """One table: `unit` and `dimension` as words; its columns, the whole first; rows (place, counts), None withheld.

    `several`: one may be counted in more than one column. `period` '' is the year.
    """

    key: str
    unit: str
    dimension: str
    several: bool
    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[int | None, ...]], ...]
    period: str = ""


@dataclass(frozen=True, slots=True)
class RateLine:
    """Reports of one place or year per 1,000 women; `rate` None where it is withheld or the women are not known."""

    label: str
    reports: int | None
    women: int | None
    rate: Rate | None


@dataclass(frozen=True, slots=True)
class Change:
    """The whole city from one year to the next that is published."""

    before: int
    after: int
    reports_before: int
    reports_after: int
    ratio: Ratio | None


@dataclass(frozen=True, slots=True)
class Sign:
    """What says whether more dare to report: a measure of the year's instrument in one lokus."""

    lokus: str
    measure: str
    label: str
    value: Decimal


@dataclass(frozen=True, slots=True)
class HandOverLine:
    """One place: how many were handed over, (done, due) of each clock, and how many counted for nothing; None where it
    is withheld, or not out yet."""

    place: str
    level: str
    handed_over: int | None
    clocks: tuple[tuple[int, int] | None, ...]
    void: int | None = None


@dataclass(frozen=True, slots=True)
class HandOverPeriod:
    """A period of hand-overs: the days on which it comes out, and what did. `state`: out, kept_back, or what
    `coming_out.Coming` says.

    `lines` is empty until something is out, `follow_up` whether its second part is; `later` says of that what `state`
    says of the first, or early, where the first was counted before its period had ended. Of `crossed` the first is how
    many counts can be read that could not in the period before, the second the other way round.
    """

    period: str
    state: str
    comes_out: date
    follow_up_on: date
    follow_up: bool
    reason: str = ""
    lines: tuple[HandOverLine, ...] = ()
    crossed: tuple[int, int] = (0, 0)
    later: str = "waiting"

    @property
    def may_come(self) -> bool:
        """Whether anything of it can still come out."""
        state = self.later if self.state == "out" else self.state
        return state in {Coming.WAITING, Coming.LATE}


@dataclass(frozen=True, slots=True)
class Said:
    """From where the figures of one publication are, and how much of them is withheld; `periods` '' is the year."""

    number: int
    source: str
    as_of: date
    threshold: int
    counts: int
    withheld: int
    periods: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WaitingRecap:
    """A recap that nobody has decided on."""

    uuid: UUID
    year: int
    source: str
    as_of: date
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class DecidedRecap:
    """What became of a recap."""

    year: int
    state: str
    reason: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class PublicationsPage:
    """What is published of the city; the rest for who keeps recaps. `years` newest first, `year` the chosen.

    `rule` is that of the chosen year, `next_rule` of the one after this; `preview` what a period would show today.
    `cut_short` are the periods for which `change` and `over_time` leave their year out, and the days of their counts.
    """

    cycle: CycleRef
    years: tuple[int, ...]
    year: int | None
    said: tuple[Said, ...]
    unit: str
    tables: tuple[TableShown, ...]
    places: tuple[RateLine, ...]
    over_time: tuple[RateLine, ...]
    change: Change | None
    signs: tuple[Sign, ...]
    women_source: str
    hand_overs: tuple[HandOverPeriod, ...]
    may_keep: bool
    waiting: tuple[WaitingRecap, ...]
    decided: tuple[DecidedRecap, ...]
    this_year: int
    rule: RuleInForce
    next_rule: RuleInForce
    preview: HandOverPeriod | None = None
    cut_short: tuple[CutShort, ...] = ()


@dataclass(frozen=True, slots=True)
class RecapPage:
    """A recap that waits: its exact tables, and the same as they will be published."""

    cycle: CycleRef
    uuid: UUID
    year: int
    source: str
    as_of: date
    exact: tuple[TableShown, ...]
    shown: tuple[TableShown, ...]
    counts: int
    threshold: int
    withheld: int


@dataclass(frozen=True, slots=True)
class RecapForm:
    """What the form that brings a recap in needs: the city's kecamatan, and the day there."""

    cycle: CycleRef
    places: tuple[str, ...]
    today: date
    this_year: int


def recap_form(user: User, slug: str) -> RecapForm:
    """The form. Raises Missing, Forbidden."""
    cycle = the_cycle(user, slug)
    demand(may_keep_recaps, user, cycle)
    today = today_in(cycle)
    places = areas_of(cycle.place.code, PlaceLevel.KECAMATAN)
    return RecapForm(cycle_ref(cycle), tuple(place.name for place in places.values()), today, today.year)


def demand_keeper(user: User, slug: str) -> None:
    """Raises Missing, Forbidden; UntrustedError for an officer who may not see what is not published yet."""
    demand(may_keep_recaps, user, the_cycle(user, slug))
    demand_trust(user)


def publications_page(user: User, slug: str, year: int | None = None, preview: str | None = None) -> PublicationsPage:
    """What is published of the city; `year` or the newest, `preview` a period of it.

    Raises Missing, Forbidden; UntrustedError for an officer who may not see a preview.
    """
    cycle = the_cycle(user, slug)
    demand(may_see_publications, user, cycle)
    city, today = cycle.place.code, today_in(cycle)
    by_year = {kind: published_years(publications_for(user), city, kind) for kind in PublicationKind}
    keeps = may_keep_recaps(user, cycle)
    # Nothing else on this page asks the room: without its key the page is what it was.
    if keeps and preview is not None:
        demand_trust(user)
    out = {found for years in by_year.values() for found in years}
    rows = Cycle.objects.filter(place__code=city, source="", year__lte=today.year) if keeps else Cycle.objects.none()
    kept = set(rows.values_list("year", flat=True))
    known = sorted(out | kept, reverse=True)
    chosen = year if year in known else max(by_year[PublicationKind.REPORTS] or out or kept, default=None)
    reports = by_year[PublicationKind.REPORTS].get(chosen or 0)
    names, every = _names(city), list(by_year[PublicationKind.REPORTS].values())
    unit, early = _told_unit(reports), cut_short(every)
    cut = {each.year for each in early}
    rule = rule_of(city, chosen or today.year)
    out_of_it = by_year[PublicationKind.HAND_OVERS].get(chosen or 0)
    periods = () if chosen is None else _periods(city, rule, out_of_it, clock_of(city, chosen))
    return PublicationsPage(
        cycle=cycle_ref(cycle),
        years=tuple(known),
        year=chosen,
        said=() if reports is None else tuple(map(_said, reports.releases)),
        unit=UNITS[unit],
        tables=() if reports is None else tables_of(with_year(reports.cells), names),
        places=() if reports is None else tuple(_places(reports, unit, names)),
        over_time=tuple(_line(str(each.year), each, unit, city) for each in every if each.year not in cut),
        change=_change(every, unit, chosen, city, cut),
        cut_short=early,
        signs=tuple(_signs(user, cycle)) if reports is not None else (),
        women_source="" if reports is None else reports.women_source,
        hand_overs=periods if keeps else tuple(each for each in periods if each.state in {"out", "kept_back"}),
        may_keep=keeps,
        waiting=tuple(_waiting(user, city)) if keeps else (),
        decided=tuple(_decided(user, city)) if keeps else (),
        this_year=today.year,
        rule=rule,
        next_rule=rule_of(city, today.year + 1),
        preview=_preview(city, chosen, rule, preview, periods) if keeps and preview is not None and chosen else None,
    )


def has_publications(city: str) -> bool:
    """Whether any recap of that city was ever published."""
    return Publication.objects.filter(place_code=city, kind=PublicationKind.REPORTS).exists()


def recap_page(user: User, slug: str, recap: UUID) -> RecapPage:
    """A waiting recap, all its figures. Raises Missing (also once it is decided), Forbidden, UntrustedError."""
    cycle = the_cycle(user, slug)
    demand(may_keep_recaps, user, cycle)
    demand_trust(user)
    city = cycle.place.code
    row = one(recaps_for(user).filter(place_code=city, state=RecapState.WAITING), uuid=recap)
    figures, _women, stored = opened(row)
    shown, names = keyed(stored), _names(city)
    return RecapPage(
        cycle=cycle_ref(cycle),
        uuid=row.uuid,
        year=row.year,
        source=row.source,
        as_of=row.as_of,
        exact=tables_of({key: figures.counts[key] for key in shown}, names),
        shown=tables_of(shown, names),
        counts=len(shown),
        threshold=rule_of(city, row.year).threshold,
        withheld=sum(count is None for count in shown.values()),
    )


def tables_of(cells: Cells, names: Mapping[str, str]) -> tuple[TableShown, ...]:
    """The cells as tables, one for each unit, dimension and period, in the order in which they are stored."""
    found = []
    for unit, dimension in dict.fromkeys((key.unit, key.dimension) for key in cells if key.dimension):
        inside = [key for key in cells if (key.unit, key.dimension) == (unit, dimension)]
        known = BY_NAME[unit, dimension]
        columns = list(dict.fromkeys(key.category for key in inside))
        for period in sorted({key.period for key in inside}):
            areas = list(dict.fromkeys(key.area for key in inside if key.period == period))
            keys = [Key(area, period, unit, dimension) for area in areas]
            rows = tuple((names.get(key.area, key.area), _row(cells, key, columns)) for key in keys)
            labels = tuple("tidak diketahui" if name == UNKNOWN else known.categories[name] for name in columns)
            name = "-".join(part for part in (unit, dimension, period) if part)
            found.append(TableShown(name, UNITS[unit], known.label, known.several, ("jumlah", *labels), rows, period))
    return tuple(found)


def _row(cells: Cells, of: Key, columns: list[str]) -> tuple[int | None, ...]:
    whole = cells.get(Key(of.area, of.period, of.unit))
    return (whole, *(cells.get(of._replace(category=category)) for category in columns))


def _names(city: str) -> dict[str, str]:
    places = areas_of(city, PlaceLevel.CITY, PlaceLevel.KECAMATAN)
    return {code: place.full_name if code == city else place.name for code, place in places.items()}


def _said(of: Release) -> Said:
    return Said(
        number=of.number,
        source=of.source,
        as_of=of.as_of,
        threshold=of.threshold,
        counts=len(of.cells),
        withheld=sum(count is None for count in of.cells.values()),
        periods=tuple(sorted({key.period for key in of.cells})),
    )


def _told_unit(reports: Published | None) -> str:
    units = {key.unit for key in reports.cells} if reports is not None else set()
    return next((unit for unit in _TOLD if unit in units), _TOLD[0])


def _places(of: Published, unit: str, names: Mapping[str, str]) -> Iterator[RateLine]:
    cells = with_year(of.cells)
    for area, name in names.items():
        if Key(area, "", unit) in cells:
            yield _line(name, of, unit, area)


def _line(label: str, of: Published, unit: str, area: str) -> RateLine:
    reports, women = with_year(of.cells).get(Key(area, "", unit)), of.women.get(area)
    return RateLine(label, reports, women, None if reports is None or not women else rate(reports, women))


def _change(every: list[Published], unit: str, chosen: int | None, city: str, cut: set[int]) -> Change | None:
    """From the last published year before the chosen one; None where either is withheld, or was cut short."""
    key = Key(city, "", unit)
    reported = {each.year: with_year(each.cells).get(key) for each in every}
    counted = [each for each in every if reported[each.year] is not None and chosen is not None and each.year <= chosen]
    if len(counted) < 2 or counted[-1].year != chosen:
        return None
    before, after = counted[-2:]
    if {before.year, after.year} & cut:
        return None
    then, now = reported[before.year] or 0, reported[after.year] or 0
    women = before.women.get(city), after.women.get(city)
    found = ratio(then, women[0], now, women[1]) if women[0] and women[1] else None
    return Change(before.year, after.year, then, now, found)


def _signs(user: User, cycle: Cycle) -> Iterator[Sign]:
    version = primary_of(cycle)
    if version is None:
        return
    measures = {name: each.measure for name, each in instrument_of(version).indicators.items() if each.measure}
    wanted = {name for name, measure in measures.items() if measure in _SIGNS}
    loci = loci_for(user).filter(cycle=cycle)
    rows = Fact.objects.filter(lokus__in=loci, indicator__version=version, indicator__name__in=wanted)
    for fact in rows.select_related("lokus__place", "indicator").order_by("lokus__area", "indicator__position"):
        if fact.value is not None:
            measure = MEASURES[measures[fact.indicator.name]]
            yield Sign(fact.lokus.place.name, measure.name, measure.label, fact.value)


def _periods(city: str, rule: RuleInForce, out: Published | None, clock: Clock) -> tuple[HandOverPeriod, ...]:
    """Every period of the year's rule, and what is out of it."""
    year = clock.year
    kept = dict(Unpublished.objects.filter(place_code=city, year=year).values_list("period", "reason"))
    cells = {} if out is None else out.cells
    parts = {} if out is None else {(each.period, each.part): each.as_of for each in out.releases}
    places = areas_of(city, *_LEVELS) if parts else {}
    found: list[HandOverPeriod] = []
    before: Cells = {}
    for period in rule.periods:
        inside = {key: count for key, count in cells.items() if key.period == period}
        day, later = (comes_out(year, period, part) for part in (FIRST, FOLLOW_UP))
        is_out = (period, FIRST) in parts
        state = "out" if is_out else "kept_back" if period in kept else clock.coming(period, FIRST).value
        crossed = crossings(before, inside)
        counts = sum(each.shown for each in crossed), sum(not each.shown for each in crossed)
        lines = tuple(_hand_overs(period, inside, places)) if is_out else ()
        follow_up = (period, FOLLOW_UP) in parts
        second = "out" if follow_up else "kept_back" if period in kept else clock.coming(period, FOLLOW_UP).value
        if is_out and second not in {"out", "kept_back"} and parts[period, FIRST] <= span(year, period)[1]:
            second = "early"
        found.append(HandOverPeriod(period, state, day, later, follow_up, kept.get(period, ""), lines, counts, second))
        before = inside or before
    return tuple(found)


def _preview(
    city: str, year: int, rule: RuleInForce, period: str, periods: tuple[HandOverPeriod, ...]
) -> HandOverPeriod | None:
    """What a period that is not out would show if it came out now; None for another, or while the room is shut."""
    found = next((each for each in periods if each.period == period and each.state in {"waiting", "late"}), None)
    made = None if found is None else hand_overs_of(city, year, period)
    if found is None or made is None:
        return None
    cells = hand_over_release(made, rule.threshold)
    return replace(found, lines=tuple(_hand_overs(period, cells, areas_of(city, *_LEVELS))))


def _hand_overs(period: str, cells: Cells, places: Mapping[str, Place]) -> Iterator[HandOverLine]:
    for code, place in places.items():
        if Key(code, period, "received_due") not in cells:
            continue
        clocks = []
        for due_name, done_name in MEASURED.values():
            due, done = (cells.get(Key(code, period, name)) for name in (due_name, done_name))
            clocks.append(None if due is None or done is None else (done, due))
        count, void = (cells.get(Key(code, period, name)) for name in ("received_due", "void"))
        # A kelurahan of which nothing can be read says nothing but its name.
        if place.level != PlaceLevel.KELURAHAN or count is not None:
            yield HandOverLine(place.full_name, place.level, count, tuple(clocks), void)


def _waiting(user: User, city: str) -> Iterator[WaitingRecap]:
    for row in recaps_for(user).filter(place_code=city, state=RecapState.WAITING).order_by("year"):
        by = "" if row.imported_by is None else row.imported_by.get_full_name()
        yield WaitingRecap(row.uuid, row.year, row.source, row.as_of, by, row.imported_at)


def _decided(user: User, city: str) -> Iterator[DecidedRecap]:
    rows: list[Recap] = list(
        recaps_for(user).filter(place_code=city).exclude(state=RecapState.WAITING).order_by("-decided_at")[:20]
    )
    for row in rows:
        yield DecidedRecap(row.year, row.state, row.reason, row.decided_at)
