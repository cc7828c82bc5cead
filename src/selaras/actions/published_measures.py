"""How fast hand-overs went their way, as facts of each lokus: taken from what was published, never typed.

A lokus's own share where its counts are published, else its kecamatan's or its city's; below the threshold everywhere
there is no value. So no figure in a score can tell of one report, and one that is late is seen in it. A year's is of
what comes out between two fixed days (`scoring.handovers.counts_for`), so that no month is of no contest.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import override

from selaras.access import CONSOLE, Actor
from selaras.actions import audit
from selaras.models import (
    Cycle,
    Fact,
    IndicatorRef,
    InstrumentVersion,
    Lokus,
    Place,
    Publication,
    PublicationKind,
    User,
)
from selaras.models.places import within
from selaras.queries.protection import MeasuredShare, by_choice, measured_share
from selaras.queries.rules import instrument_of
from selaras.scoring.handovers import DONE, MEASURED, PERIODS, called, counts_for, window
from selaras.scoring.numbers import half_up

_PERIODS = tuple(period for periods in PERIODS.values() for period in periods)


@dataclass(frozen=True, slots=True)
class _Told:
    value: Decimal
    source: str


def take_published(*, by: Actor | None, city: str, year: int) -> int:
    """Let every lokus of that city have what is out of that year, where its own year counts it and is open; how many
    facts changed.

    Called by whoever publishes, who has been asked whether she may; twice is once.
    """
    years = {counts_for(year, period, part) for period in _PERIODS for part in DONE}
    loci = Lokus.objects.filter(cycle__year__in=years, cycle__closed_at__isnull=True, cycle__source="")
    found = 0
    for lokus in loci.select_related("cycle", "place").order_by("pk"):
        if within(lokus.area, city):
            found += sum(_renew(by, lokus, version, city) for version in _versions(lokus.cycle))
    return found


def take_all(now: datetime) -> int:
    """The same for every publication of a year that is open: a lokus or an instrument may have come since. Hourly."""
    open_ = Cycle.objects.filter(closed_at__isnull=True, source="").values_list("year", flat=True)
    years = {each for year in open_ for each in (year - 1, year)}
    rows = Publication.objects.filter(kind=PublicationKind.HAND_OVERS, year__in=years, published_at__lte=now)
    return sum(
        take_published(by=CONSOLE, city=city, year=year)
        for city, year in sorted(set(rows.values_list("place_code", "year").order_by()))
    )


def _versions(cycle: Cycle) -> list[InstrumentVersion]:
    rows = cycle.cycle_instruments.select_related("version__workbook").order_by("version_id")
    return [row.version for row in rows]


def _renew(by: Actor | None, lokus: Lokus, version: InstrumentVersion, city: str) -> int:
    indicators = instrument_of(version).indicators.values()
    asked = {one.name: one.measure for one in indicators if one.origin == "protection" and one.measure in MEASURED}
    if not asked:
        return 0
    with transaction.atomic():
        # Who publishes and the hourly duty wait for each other, lokus by lokus.
        Lokus.objects.select_for_update(no_key=True).only("pk").get(pk=lokus.pk)
        year, area = lokus.cycle.year, lokus.area
        told = {
            name: _told(lokus, measured_share(city, year, area, of), by_choice(city, year, of))
            for name, of in asked.items()
        }
        rows = Fact.objects.filter(lokus=lokus, indicator__version=version, indicator__name__in=asked)
        before = {row.indicator.name: row for row in rows.select_related("indicator") if row.round_id is None}
        same = {name for name, row in before.items() if (said := told[name]) and _says(row, said)}
        # One of a round would stand before it, and could only have been typed.
        gone = rows.exclude(round__isnull=True, indicator__name__in=same).delete()[0]
        names = dict(IndicatorRef.objects.filter(version=version, name__in=asked).values_list("name", "id"))
        fresh = {name: said for name, said in told.items() if said is not None and name not in same}
        Fact.objects.bulk_create(
            Fact(
                lokus=lokus,
                indicator_id=names[name],
                value=said.value,
                source=said.source,
                entered_by=by if isinstance(by, User) else None,
                entered_at=timezone.now(),
            )
            for name, said in fresh.items()
        )
        changed = sorted({*fresh, *(name for name in before if name not in same)})
        if changed or gone:
            audit.record(
                by=by,
                action="facts.take_published",
                object_type="lokus",
                object_id=lokus.pk,
                place_code=lokus.area,
                version=str(version),
                indicators=changed,
            )
    return len(changed)


def _says(row: Fact, said: _Told) -> bool:
    return (row.value, row.source) == (said.value, said.source)


def _told(lokus: Lokus, found: MeasuredShare | None, kept: Sequence[tuple[int, str]]) -> _Told | None:
    if found is None:
        return None
    value: Fraction = found.share
    with override("id"):
        area = Place.objects.filter(code=found.area, valid_to__isnull=True).first()
        name = area.full_name if area else found.area
        first, last = (date_format(day, "j F Y") for day in window(lokus.cycle.year))
    wider = "" if found.area == lokus.place.code else ", karena angka kelurahannya terlalu kecil untuk diterbitkan"
    source = f"Rekap rujukan yang terbit {first} sampai {last}, {name}: {found.done} dari {found.due}{wider}"
    silent = ", ".join(f"{called(period)} {year}" for year, period in kept)
    source += f"; tidak diterbitkan atas pilihan kota: {silent}" if kept else ""
    return _Told(half_up(value), source)
