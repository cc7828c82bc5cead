"""What is published of reports and hand-overs: the only figures of violence that pages and scores may use."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import groupby
from typing import Any

from django.db.models import QuerySet

from selaras.cases import counts
from selaras.models import Place, PlaceLevel, Publication, PublicationKind, Recap
from selaras.models.places import within_q
from selaras.scoring.handovers import MEASURED, HandOvers, hand_overs, share_of
from selaras.scoring.recaps import Cells, Figures, Key


@dataclass(frozen=True, slots=True)
class Published:
    """What everybody may know of a city's year of one kind: the newest publication of it. `number` says the how
    manieth, `before` the cells of the one before it (empty for the first)."""

    city: str
    year: int
    number: int
    source: str
    as_of: date
    threshold: int
    cells: Cells
    women: Mapping[str, int]
    women_source: str
    before: Cells


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
    """The newest publication of that city, kind and year. No scope of its own: it is public to whoever may ask."""
    rows = list(Publication.objects.filter(place_code=city, kind=kind, year=year).order_by("-number")[:2])
    return _newest(rows) if rows else None


def published_years(seen: QuerySet[Publication], city: str, kind: str) -> dict[int, Published]:
    """Of those the newest publication of each year, the earliest year first. One query."""
    rows = seen.filter(place_code=city, kind=kind).select_related(None).order_by("year", "-number")
    return {year: _newest(list(group)[:2]) for year, group in groupby(rows, key=lambda row: row.year)}


def _newest(rows: list[Publication]) -> Published:
    """The first of them, and of the second what it published."""
    newest = rows[0]
    return Published(
        city=newest.place_code,
        year=newest.year,
        number=newest.number,
        source=newest.source,
        as_of=newest.as_of,
        threshold=newest.threshold,
        cells=keyed(newest.cells),
        women=newest.women,
        women_source=newest.women_source,
        before=keyed(rows[1].cells) if len(rows) > 1 else {},
    )


def out_already(city: str, kind: str, year: int) -> dict[Key, int | None]:
    """All that was ever published of that year: the newest count of each cell, None where it never was."""
    found: dict[Key, int | None] = {}
    for row in Publication.objects.filter(place_code=city, kind=kind, year=year).order_by("number"):
        for key, count in keyed(row.cells).items():
            if count is not None or key not in found:
                found[key] = count
    return found


def measured_share(city: str, year: int, area: str, measure: str) -> MeasuredShare | None:
    """That measure of `scoring.protection` (handover_24h, passed_on_in_time, followup_3_months) of the year as it was
    published: of the area, or of the nearest around it whose counts are; None below the threshold everywhere."""
    of_year = published(city, PublicationKind.HAND_OVERS, year)
    if of_year is None or measure not in MEASURED:
        return None
    parts = area.split(".")
    for length in range(len(parts), len(city.split(".")) - 1, -1):
        code = ".".join(parts[:length])
        found = share_of(of_year.cells, code, measure)
        if found is not None:
            return MeasuredShare(code, *found)
    return None


def areas_of(city: str, *levels: str) -> dict[str, Place]:
    """The current places of the city of those levels, by code, in order."""
    rows = Place.objects.filter(within_q("code", city), valid_to__isnull=True, level__in=levels)
    return {row.code: row for row in rows.order_by("code")}


def hand_overs_of(city: str, year: int) -> HandOvers | None:
    """The year's hand-overs in exact counts: for the suppression alone, never for a page. None while the room is
    shut."""
    found = counts.cells(city, date(year, 1, 1), date(year, 12, 31))
    if found is None:
        return None
    places = areas_of(city, PlaceLevel.CITY, PlaceLevel.KECAMATAN, PlaceLevel.KELURAHAN)
    parents = {code: code.rpartition(".")[0] if code != city else "" for code in places}
    return hand_overs(parents, [(cell.place, cell.tally) for cell in found])


def opened(recap: Recap) -> tuple[Figures, dict[str, int], list[list[Any]]]:
    """A waiting recap's figures, women by area, and its cells as they would be published. Raises CannotUnsealError."""
    said = json.loads(recap.key.unseal(bytes(recap.figures or b""), f"recap.figures:{recap.uuid}"))
    figures = Figures(
        parents=said["parents"],
        quarters=tuple(said["quarters"]),
        tables=tuple((unit, name) for unit, name in said["tables"]),
        counts={Key(*row[:5]): row[5] for row in said["counts"]},
        whole_year=said["whole_year"],
    )
    return figures, said["women"], said["cells"]
