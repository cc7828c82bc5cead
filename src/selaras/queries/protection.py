"""What is published of reports and hand-overs: the only figures of violence that pages and scores may use."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from fractions import Fraction
from itertools import groupby
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from selaras.access import Actor
from selaras.cases import counts
from selaras.errors import Forbidden, Problem
from selaras.models import (
    Every,
    Place,
    PlaceLevel,
    Publication,
    PublicationKind,
    PublicationRule,
    Recap,
    Unpublished,
    User,
)
from selaras.models.places import codes_since, own_codes, within_q
from selaras.queries.coming_out import Clock, Coming, clock_of
from selaras.scoring.handovers import (
    FIRST,
    MEASURED,
    PERIODS,
    HandOvers,
    counts_for,
    hand_overs,
    part_of,
    share_of,
    span,
)
from selaras.scoring.recaps import Cells, Figures, Key
from selaras.scoring.suppression import LEAST

#: From receipt to the police (cases/country.json).
_PASS_ON = timedelta(hours=72)


class UntrustedError(Forbidden):
    """An officer, who may not see what is not published yet; `why` says what she lacks."""

    def __init__(self, why: counts.Trust) -> None:
        super().__init__(Problem(f"recap.{why}"))
        self.why = why


def demand_trust(user: Actor) -> None:
    """Raises UntrustedError for an officer whose second step is not known as the locked room knows it: whoever gave
    her the task or set her password would read exact counts with it. Comes after `may_keep_recaps`."""
    if isinstance(user, User) and (why := counts.trust_in(user)) != counts.Trust.KNOWN:
        raise UntrustedError(why)


@dataclass(frozen=True, slots=True)
class Release:
    """One publication: the how manieth of its city, kind and year, from where and of which day its counts are."""

    number: int
    period: str
    part: str
    source: str
    as_of: date
    threshold: int
    cells: Cells


@dataclass(frozen=True, slots=True)
class Published:
    """What everybody may know of a city's year of one kind: everything that came out of it, each cell once.

    `women` and their source are those of the newest.
    """

    city: str
    year: int
    releases: tuple[Release, ...]
    cells: Cells
    women: Mapping[str, int]
    women_source: str


@dataclass(frozen=True, slots=True)
class MeasuredShare:
    """A share of hand-overs and of which area it is: the asked one, or the nearest around it that is published."""

    area: str
    done: int
    due: int

    @property
    def share(self) -> Fraction:
        """`done` of `due`, exactly."""
        return Fraction(self.done, self.due)


def keyed(rows: Iterable[Iterable[Any]]) -> dict[Key, int | None]:
    """Cells as they are stored: [area, period, unit, dimension, category, count]."""
    return {Key(*row[:5]): row[5] for row in map(list, rows)}


def published(city: str, kind: str, year: int) -> Published | None:
    """What is out of that city, kind and year. No scope of its own: it is public to whoever may ask."""
    rows = list(Publication.objects.filter(place_code=city, kind=kind, year=year).order_by("number"))
    return _together(rows) if rows else None


def published_years(seen: QuerySet[Publication], city: str, kind: str) -> dict[int, Published]:
    """Of those what is out of each year, the earliest year first. One query."""
    rows = seen.filter(place_code=city, kind=kind).select_related(None).order_by("year", "number")
    return {year: _together(list(group)) for year, group in groupby(rows, key=lambda row: row.year)}


def _together(rows: list[Publication]) -> Published:
    releases = tuple(
        Release(row.number, row.period, row.part, row.source, row.as_of, row.threshold, keyed(row.cells))
        for row in rows
    )
    newest = rows[-1]
    cells = {key: count for each in releases for key, count in each.cells.items()}
    return Published(newest.place_code, newest.year, releases, cells, newest.women, newest.women_source)


@dataclass(frozen=True, slots=True)
class CutShort:
    """A period that came out though it was counted before it had ended, and the day of that count."""

    year: int
    period: str
    as_of: date


def cut_short(every: Iterable[Published]) -> tuple[CutShort, ...]:
    """The periods that were counted before they had ended, as once was taken in; the others of such a year are whole.

    Half a year beside a whole one would look like a fall, or the next like a rise: who compares leaves out the year.
    """
    return tuple(
        CutShort(each.year, period, of.as_of)
        for each in every
        for of in each.releases
        for period in sorted({key.period for key in of.cells})
        if of.as_of <= span(each.year, period)[1]
    )


def out_already(city: str, kind: str, year: int) -> dict[Key, int | None]:
    """All that was ever published of that year, None where it is withheld."""
    found = published(city, kind, year)
    return {} if found is None else dict(found.cells)


@dataclass(frozen=True, slots=True)
class RuleInForce:
    """By which rule a city's year is published; `every` is how long a period of hand-overs is."""

    threshold: int
    every: str

    @property
    def periods(self) -> tuple[str, ...]:
        """Of hand-overs, in order."""
        return PERIODS[self.every]


def rule_of(city: str, year: int) -> RuleInForce:
    """The rule of the year; what was set for an earlier one goes on until something else is set."""
    row = PublicationRule.objects.filter(place_code=city, year__lte=year).order_by("-year").first()
    return RuleInForce(LEAST, Every.HALF) if row is None else RuleInForce(row.threshold, row.every)


def measured_share(city: str, year: int, area: str, measure: str) -> MeasuredShare | None:
    """That measure of `scoring.protection` (handover_24h, passed_on_in_time, followup_3_months) for a contest of that
    year, as it was published: of the area, or of the nearest around it whose counts are; None where `silence` says why
    not. Of a place that was given another code, what came out under each of them."""
    if measure not in MEASURED:
        return None
    out = _counted(city, year, measure)
    parts = area.split(".") if out else []
    for length in range(len(parts), len(city.split(".")) - 1, -1):
        code = ".".join(parts[:length])
        codes = own_codes(code)
        found = [share_of(cells, each, measure, periods) for cells, periods in out.values() for each in codes]
        done, due = (sum(pair[n] for pair in found if pair) for n in (0, 1))
        if due:
            return MeasuredShare(code, done, due)
    return None


def _counted(city: str, year: int, measure: str) -> dict[int, tuple[Cells, frozenset[str]]]:
    """By the year of its periods: what is out, withheld or not, that counts for a contest of `year`."""
    part, name = part_of(measure), MEASURED[measure][1]
    found: dict[int, tuple[Cells, frozenset[str]]] = {}
    for of in (year - 1, year):
        cells = out_already(city, PublicationKind.HAND_OVERS, of)
        periods = {key.period for key in cells if key.unit == name}
        if counted := frozenset(period for period in periods if counts_for(of, period, part) == year):
            found[of] = cells, counted
    return found


class Silence(StrEnum):
    """Why a share has no value, or not all of it: RAISED is below a threshold that the city itself chose to raise;
    NOT_YET comes out still. NO_YEAR is of a city that has no year of its own, by which alone anything comes out, for
    what its measures count, and could still open it in time; UNREFUSED could never have been kept back in time; NEVER
    is of a year that was closed, or counted, before its day."""

    CHOICE = "choice"
    BELOW = "below"
    RAISED = "raised"
    NOT_YET = "not_yet"
    NO_YEAR = "no_year"
    UNREFUSED = "unrefused"
    NEVER = "never"


def silence(city: str, year: int, measure: str, now: datetime | None = None) -> Silence:
    """Why that measure has no value in the year, where it has none: the city chose so; all is below the threshold;
    nothing of it has come out; or nothing can. A choice is said first: a silence that was chosen looks like no other.

    A province's year publishes nothing for its cities, and must not. What comes out comes out by itself on a day that
    was fixed, so somebody must be able to keep it back until then wherever a person would be known by it: the city's
    own protection officer, who has no say in a province's year. And where two years published one city, whoever has
    both tables would know from their difference what each withholds. Which silence this is depends on years, tasks and
    days alone, never on what was reported.
    """
    if by_choice(city, year, measure):
        return Silence.CHOICE
    if out := _counted(city, year, measure):
        return Silence.RAISED if any(rule_of(city, of).threshold > LEAST for of in out) else Silence.BELOW
    part, counted = part_of(measure), _counting(city, year, measure)
    clocks = {of: clock_of(city, of, now) for of in {of for of, _period in counted}}
    coming = [_coming(city, clocks[of], period, part) for of, period in counted]
    if any(each.may_come for each in coming):
        return Silence.NOT_YET
    if any(clocks[of].opened is None and clocks[of].in_time(period, FIRST) for of, period in counted):
        return Silence.NO_YEAR
    return Silence.UNREFUSED if Coming.UNREFUSED in coming else Silence.NEVER


def year_of(city: str, year: int, measure: str) -> int:
    """The last year of which a period counts for that measure in a contest of `year`: where its silence is NO_YEAR, the
    one that the city may still open."""
    return max(of for of, _period in _counting(city, year, measure))


def _counting(city: str, year: int, measure: str) -> tuple[tuple[int, str], ...]:
    """All periods (year, name) that count for that measure in a contest of `year`, by the rules of their years."""
    part = part_of(measure)
    return tuple(
        (of, period)
        for of in (year - 1, year)
        for period in rule_of(city, of).periods
        if counts_for(of, period, part) == year
    )


def _coming(city: str, clock: Clock, period: str, part: str) -> Coming:
    """Of that part, which is not out: who was followed up comes out only of what has come out, counted whole."""
    first = Publication.objects.filter(
        kind=PublicationKind.HAND_OVERS, place_code=city, year=clock.year, period=period, part=FIRST
    ).first()
    if first is not None and first.as_of <= span(clock.year, period)[1]:
        return Coming.NEVER
    before = clock.coming(period, FIRST) if first is None else None
    return before if before is not None and not before.may_come else clock.coming(period, part)


def part_kept(city: str, year: int, measure: str) -> Fraction:
    """Of the periods of that measure that are out or were kept back, how many the city kept back."""
    kept = by_choice(city, year, measure)
    if not kept:
        return Fraction(0)
    out = sum(len(periods) for _cells, periods in _counted(city, year, measure).values())
    return Fraction(len(kept), len(kept) + out)


def by_choice(city: str, year: int, measure: str) -> tuple[tuple[int, str], ...]:
    """The periods (year, name) that count for a contest of that year, of which the city chose not to publish it."""
    rows = Unpublished.objects.filter(place_code=city, year__in=(year - 1, year)).order_by("year", "period")
    part = part_of(measure)
    kept = [each for each in rows.values_list("year", "period") if counts_for(*each, part) == year]
    out = _out_of(city, year, measure) if kept else set()
    return tuple(each for each in kept if each not in out)


def _out_of(city: str, year: int, measure: str) -> set[tuple[int, str]]:
    """The periods (year, name) that count for a contest of that year, of which that measure is out, withheld or not."""
    return {(of, period) for of, (_cells, periods) in _counted(city, year, measure).items() for period in periods}


def areas_of(city: str, *levels: str) -> dict[str, Place]:
    """The current places of the city of those levels, by code, in order."""
    rows = Place.objects.filter(within_q("code", city), valid_to__isnull=True, level__in=levels)
    return {row.code: row for row in rows.order_by("code")}


def hand_overs_of(
    city: str, year: int, period: str, *, now: datetime | None = None, first: Cells | None = None
) -> HandOvers | None:
    """A period's hand-overs in exact counts: for the suppression alone, never for a page. None while the room is
    shut. By the city's areas of today, or by those of `first`, where that part is out: who was followed up is told of
    the same ones, whatever code their kelurahan was given since. A code that is older than the areas is followed to
    its place's own.

    A period comes out once, so that what nobody has received by then, or received so late that its 72 hours still run,
    counts as not passed on: else whoever receives late would never be late in passing on.
    """
    found = counts.cells(city, *span(year, period), now=(now or timezone.now()) + _PASS_ON)
    if found is None:
        return None
    levels = (PlaceLevel.CITY, PlaceLevel.KECAMATAN, PlaceLevel.KELURAHAN)
    areas = areas_of(city, *levels) if first is None else dict.fromkeys(key.area for key in first)
    parents = {code: code.rpartition(".")[0] if code != city else "" for code in areas}
    here = codes_since({cell.place for cell in found}, parents)
    counted = [(here.get(cell.place, cell.place), _with_unreceived(cell.tally)) for cell in found]
    return hand_overs(parents, counted, period)


def _with_unreceived(tally: counts.Tally) -> counts.Tally:
    return replace(tally, pass_on_due=tally.pass_on_due + tally.handed_over - tally.received)


def opened(recap: Recap) -> tuple[Figures, dict[str, int], list[list[Any]]]:
    """A waiting recap's figures, women by area, and its cells as they will be published. Raises CannotUnsealError."""
    said = json.loads(recap.key.unseal(bytes(recap.figures or b""), f"recap.figures:{recap.uuid}"))
    figures = Figures(
        parents=said["parents"],
        quarters=tuple(said["quarters"]),
        tables=tuple((unit, name) for unit, name in said["tables"]),
        counts={Key(*row[:5]): row[5] for row in said["counts"]},
        whole_year=said["whole_year"],
    )
    return figures, said["women"], said["cells"]
