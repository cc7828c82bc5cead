"""What a place won, and its years before Selaras: each with who says so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from selaras.access import may_record_achievement, may_see_cycle, one
from selaras.models import Achievement, AuditEntry, Confidence, Cycle, Lokus, Place, PlaceLevel, User
from selaras.models.places import within_q
from selaras.queries.programme import cycle_ref
from selaras.queries.refs import CycleRef
from selaras.queries.setup import PlaceChoice, kelurahan_of, managed
from selaras.queries.usual import programmes_called
from selaras.queries.words import told


@dataclass(frozen=True, slots=True)
class WonLine:
    """One achievement, to be looked at and taken back; `programme` as it is stored, and in words ('' not known).

    `may_change`: its own city's secretariat alone may, in whosever year it is shown.
    """

    id: int
    year: int
    title: str
    level: str
    place: str
    source: str
    confidence: str
    programme: str
    programme_name: str
    may_change: bool = True


@dataclass(frozen=True, slots=True)
class PastLokusLine:
    """A lokus of an earlier year; `total` of `scale` as `source` says, None where nothing was found."""

    name: str
    rw: str
    total: Decimal | None
    scale: Decimal | None
    source: str


@dataclass(frozen=True, slots=True)
class PastYear:
    """An earlier year of the same place. `source` is '' for a year that was run with Selaras.

    What was published of it everybody may read; its page is for those who may see that year (`may_open`).
    """

    cycle: CycleRef
    source: str
    may_open: bool
    loci: tuple[PastLokusLine, ...]


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """The page where both are entered."""

    cycle: CycleRef
    closed_at: datetime | None
    won: tuple[WonLine, ...]
    past: tuple[PastYear, ...]
    places: tuple[tuple[str, tuple[PlaceChoice, ...]], ...]
    kelurahan: tuple[tuple[str, tuple[PlaceChoice, ...]], ...]


def history_page(user: User, slug: str) -> HistoryPage:
    """Achievements and earlier years of the year's place. Raises Missing, Forbidden."""
    cycle = managed(user, slug)
    kelurahan = kelurahan_of(cycle.place.code)
    whole = (PlaceChoice(cycle.place.code, cycle.place.full_name),)
    return HistoryPage(
        cycle=cycle_ref(cycle),
        closed_at=cycle.closed_at,
        won=tuple(_won(user, row) for row in _achievements(cycle)),
        past=past_years(user, cycle),
        # What a city or its kelurahan won, that city's secretariat records.
        places=((cycle.place.full_name, whole), *(() if cycle.place.level == PlaceLevel.PROVINCE else kelurahan)),
        kelurahan=kelurahan,
    )


def _achievements(cycle: Cycle) -> list[Achievement]:
    rows = Achievement.objects.filter(within_q("place__code", cycle.place.code)).select_related("place")
    return list(rows.order_by("-year", "place__code", "pk"))


def _won(user: User, row: Achievement) -> WonLine:
    label = told(Confidence(row.confidence).label)
    place, name = row.place.full_name, programmes_called({row.programme})
    may = may_record_achievement(user, row.place)
    return WonLine(row.pk, row.year, row.title, row.level, place, row.source, label, row.programme, name, may)


def past_years(user: User, cycle: Cycle) -> tuple[PastYear, ...]:
    """The years of the same place before this one, newest first. One statement where there are none, else two."""
    rows = Cycle.objects.filter(place__code=cycle.place.code, year__lt=cycle.year).select_related("place")
    years = list(rows.order_by("-year", "slug"))
    loci: dict[int, list[PastLokusLine]] = {}
    if years:
        for lokus in Lokus.objects.filter(cycle__in=years).select_related("place").order_by("area"):
            loci.setdefault(lokus.cycle_id, []).append(past_lokus(lokus))
    return tuple(
        PastYear(cycle_ref(year), year.source, may_see_cycle(user, year), tuple(loci.get(year.pk, ())))
        for year in years
    )


def past_lokus(lokus: Lokus) -> PastLokusLine:
    """What was published of a lokus; its place must be at hand."""
    return PastLokusLine(lokus.place.name, lokus.rw, lokus.reported_total, lokus.reported_scale, lokus.reported_source)


def find_achievement(user: User, slug: str, achievement_id: int) -> Achievement:
    """What was won in the place of that year. Raises Missing, Forbidden."""
    cycle = managed(user, slug)
    rows = Achievement.objects.filter(within_q("place__code", cycle.place.code)).select_related("place")
    return one(rows, pk=achievement_id)


def cities_with_figures(achievement: Achievement) -> str:
    """Whose rehearsals it was given figures in: `Kota Cilegon, Kota Serang`."""
    typed = AuditEntry.objects.filter(
        action="gladi.champion", object_type="achievement", object_id=str(achievement.pk)
    ).values("place_code")
    return ", ".join(place.full_name for place in Place.objects.filter(code__in=typed).order_by("code"))
