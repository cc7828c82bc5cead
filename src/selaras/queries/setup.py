"""Opening a year and setting it up: what there is to choose from, what has been chosen, and how far loading is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from django.db.models import Count, Exists, OuterRef
from django.db.models.functions import Substr
from django.utils import timezone
from lokal import wilayah

from selaras.access import (
    audit_for,
    cycles_for,
    demand,
    instruments_for,
    loci_for,
    may_load_places,
    may_manage_cycle,
    may_open_cycle,
    one,
    places_to_open_for,
    the_cycle,
)
from selaras.errors import Forbidden, Problem
from selaras.models import (
    Cycle,
    CycleInstrument,
    Household,
    ImportBatch,
    InstrumentVersion,
    Job,
    JobState,
    Lokus,
    Place,
    PlaceLevel,
    TeamMember,
    User,
)
from selaras.models.places import within_q
from selaras.queries.arrivals import held_in
from selaras.queries.people import Kept, kept_by
from selaras.queries.programme import cycle_ref, instrument_ref
from selaras.queries.refs import CycleRef, InstrumentRef
from selaras.queries.seen import instruments_seen, lokus_seen, rounds_seen, stages_seen
from selaras.queries.usual import (
    BUNDLES,
    Bundle,
    RoundDraft,
    StageDraft,
    bundles_of,
    shifted,
    usual_rounds,
    usual_stages,
)

LoadState = Literal["none", "waiting", "running", "failed", "loaded"]


# --- places ------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class ProvinceLine:
    """A province of the list: how many kelurahan and desa of it are stored, and where its loading stands.

    `done` of `total` places while it runs; `note` is what went wrong where it failed.
    """

    code: str
    name: str
    kelurahan: int
    state: LoadState
    done: int = 0
    total: int = 0
    note: str = ""


@dataclass(frozen=True, slots=True)
class PlacesPage:
    """All provinces: those that are loaded or being loaded in `known`, the rest in `others`."""

    known: tuple[ProvinceLine, ...]
    others: tuple[ProvinceLine, ...]
    running: bool
    loaded: bool


def places_page(user: User) -> PlacesPage:
    """The provinces. Two statements; raises Forbidden."""
    demand(may_load_places, user)
    stored = dict(
        Place.objects.filter(level=PlaceLevel.KELURAHAN, valid_to__isnull=True)
        .values_list(Substr("code", 1, 2))
        .annotate(count=Count("pk"))
    )
    newest = {job.params.get("province"): job for job in Job.objects.filter(kind="places.load").order_by("id")}
    lines = [
        _province(place.code, place.name, stored.get(place.code, 0), newest.get(place.code))
        for place in wilayah.list_wilayah()
    ]
    return PlacesPage(
        known=tuple(line for line in lines if line.state != "none"),
        others=tuple(line for line in lines if line.state == "none"),
        running=any(line.state in {"waiting", "running"} for line in lines),
        loaded=any(line.state == "loaded" for line in lines),
    )


def _province(code: str, name: str, kelurahan: int, job: Job | None) -> ProvinceLine:
    state: LoadState = "loaded" if kelurahan else "none"
    if job is None or job.state == JobState.DONE:
        return ProvinceLine(code, name, kelurahan, state)
    states: dict[str, LoadState] = {JobState.QUEUED: "waiting", JobState.RUNNING: "running", JobState.FAILED: "failed"}
    return ProvinceLine(code, name, kelurahan, states[job.state], job.done, job.total or 0, job.note)


def first_steps(user: User) -> tuple[bool, bool] | None:
    """Of a person without any year: whether she may load places, and whether she may open a year now.

    None for whoever may do neither: she waits for a task.
    """
    loads, opens = may_load_places(user), places_to_open_for(user).exists()
    return (loads, opens) if loads or opens else None


# --- a new year ----------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class PlaceChoice:
    """A city or province whose year she may open."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class InstrumentChoice:
    """A published version that a year may be scored by. `key` is what a form sends."""

    key: int
    ref: InstrumentRef
    chosen: bool
    primary: bool


@dataclass(frozen=True, slots=True)
class NewYearPage:
    """What a year of that place would begin with.

    `source` is the year that stages, rounds and instruments were taken from, None where from nothing; `earlier` are
    those that could be. `appoints`: she is not the place's secretariat and must say who is.
    """

    place: PlaceChoice
    year: int
    programme: str
    source: CycleRef | None
    earlier: tuple[CycleRef, ...]
    teams: int
    stages: tuple[StageDraft, ...]
    rounds: tuple[RoundDraft, ...]
    instruments: tuple[InstrumentChoice, ...]
    bundles: tuple[Bundle, ...]
    appoints: bool


def places_to_open(user: User) -> tuple[tuple[str, tuple[PlaceChoice, ...]], ...]:
    """Province's name → itself and its cities, as far as she may open a year there. Raises Forbidden where nowhere."""
    rows = list(places_to_open_for(user).select_related("parent"))
    if not rows and not may_load_places(user):
        raise Forbidden(Problem("access.forbidden", values={"what": "membuka tahun program"}))
    groups: dict[str, list[PlaceChoice]] = {}
    for row in rows:
        name = row.full_name if row.parent is None else row.parent.full_name
        groups.setdefault(name, []).append(PlaceChoice(row.code, row.full_name))
    return tuple((name, tuple(choices)) for name, choices in groups.items())


def likely_year(now: datetime | None = None) -> int:
    """The year that is being prepared: from October on, the next one."""
    today = timezone.localtime(now or timezone.now()).date()
    return today.year + (today.month >= 10)


def new_year_page(
    user: User, code: str, year: int, source: str | None = None, bundle: Bundle | None = None
) -> NewYearPage:
    """The proposal for a year of that place. `source`: a slug, '' from nothing, None the newest there is.

    `bundle`: shipped instruments that were just published for it; they are proposed, and their programme's name.

    Raises Missing for a place or year that is not hers to begin with.
    """
    place = one(places_to_open_for(user), code=code)
    rows = cycles_for(user).filter(place__code=code, source="").order_by("-year", "-pk")
    earlier = list(rows)
    old = one(rows, slug=source) if source else (earlier[0] if earlier and source is None else None)
    return NewYearPage(
        place=PlaceChoice(place.code, place.full_name),
        year=year,
        programme=bundle.programme
        if bundle
        else next(iter(BUNDLES.values())).programme
        if old is None
        else old.programme,
        source=None if old is None else cycle_ref(old),
        earlier=tuple(cycle_ref(each) for each in earlier),
        teams=0 if old is None else old.teams.count(),
        stages=usual_stages(year) if old is None else _shifted_stages(old, year - old.year),
        rounds=usual_rounds(year) if old is None else _shifted_rounds(old, year - old.year),
        instruments=tuple(_instruments(user, old, bundle)),
        bundles=tuple(BUNDLES.values()),
        appoints=not may_manage_cycle(user, Cycle(place=place)),
    )


def _programme(old: Cycle | None, bundle: Bundle | None) -> str:
    if bundle is not None:
        return bundle.programme
    return next(iter(BUNDLES.values())).programme if old is None else old.programme


def _shifted_stages(old: Cycle, years: int) -> tuple[StageDraft, ...]:
    # The source of last year's date says nothing of this year's.
    rows = old.stages.order_by("position")
    return tuple(StageDraft(s.name, shifted(s.starts, years), shifted(s.ends, years)) for s in rows)


def _shifted_rounds(old: Cycle, years: int) -> tuple[RoundDraft, ...]:
    rows = old.rounds.order_by("opens", "id")
    return tuple(RoundDraft(r.kind, r.number, shifted(r.opens, years), shifted(r.closes, years)) for r in rows)


def _instruments(user: User, old: Cycle | None, bundle: Bundle | None) -> Iterable[InstrumentChoice]:
    """Every published version, newest first; chosen is the newest of each instrument, of last year's where there is."""
    newest: set[str] = set()
    rows = list(instruments_for(user).order_by("-published_at", "-pk"))
    known = {row.instrument for row in rows}
    if bundle is not None:
        used = {name: name == bundle.instruments[0] for name in bundle.instruments}
    else:
        used = {row.version.instrument: row.primary for row in _used(old)} if old is not None else {}
    main = next((name for name, primary in used.items() if primary), _main(known))
    others = set() if used else _of_other_bundles(main)
    for row in rows:
        chosen = row.instrument not in newest and row.instrument not in others and (not used or row.instrument in used)
        newest.add(row.instrument)
        yield InstrumentChoice(row.pk, instrument_ref(row), chosen, chosen and row.instrument == main)


def _main(known: set[str]) -> str:
    """Which of the published instruments is a year's likely primary one: the programme's own."""
    keys = list(BUNDLES)
    likely = (name for key in keys for name in sorted(known) if key in name)
    return next(likely, min(known, default=""))


def _of_other_bundles(main: str) -> set[str]:
    """What ships with another programme than that of this primary instrument."""
    return {name for bundle in BUNDLES.values() if main not in bundle.instruments for name in bundle.instruments}


def _used(cycle: Cycle) -> Iterable[CycleInstrument]:
    return cycle.cycle_instruments.select_related("version")


def versions_of(user: User, keys: Sequence[int]) -> list[InstrumentVersion]:
    """The published versions with these keys that she may read."""
    return list(instruments_for(user).filter(pk__in=keys).order_by("pk"))


def earlier_year(user: User, slug: str) -> Cycle:
    """The year whose teams are taken over. Raises Missing."""
    return the_cycle(user, slug)


# --- a year ----------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class LastChange:
    """Who changed something last, and when."""

    who: str
    at: datetime


@dataclass(frozen=True, slots=True)
class SetupPage:
    """Stages, rounds and instruments of a year, each with what its form was filled from (`…_seen`).

    `held` is how many forms and changes of families wait for a person, and `kept` who is left to decide on them when
    the year is closed.
    """

    cycle: CycleRef
    closed_at: datetime | None
    stages: tuple[StageDraft, ...]
    stages_seen: str
    rounds: tuple[RoundDraft, ...]
    rounds_seen: str
    instruments: tuple[InstrumentChoice, ...]
    instruments_seen: str
    bundles: tuple[Bundle, ...]
    loci: int
    members: int
    agencies: int
    may_open_next: bool
    asks_nik: bool = False
    held: int = 0
    kept: Kept = field(default_factory=Kept)


def managed(user: User, slug: str) -> Cycle:
    """That year, to be managed. Raises Missing, or Forbidden for who only sees it."""
    cycle = the_cycle(user, slug)
    demand(may_manage_cycle, user, cycle)
    return cycle


def setup_page(user: User, slug: str) -> SetupPage:
    """The page of dates and instruments. Raises as `managed`."""
    cycle = managed(user, slug)
    used = {row.version_id: row.primary for row in cycle.cycle_instruments.all()}
    versions = instruments_for(user).order_by("-published_at", "-pk")
    return SetupPage(
        cycle=cycle_ref(cycle),
        closed_at=cycle.closed_at,
        stages=tuple(StageDraft(s.name, s.starts, s.ends, s.source) for s in cycle.stages.order_by("position")),
        stages_seen=stages_seen(cycle),
        rounds=tuple(RoundDraft(r.kind, r.number, r.opens, r.closes) for r in cycle.rounds.order_by("opens", "id")),
        rounds_seen=rounds_seen(cycle),
        instruments=tuple(
            InstrumentChoice(row.pk, instrument_ref(row), row.pk in used, used.get(row.pk, False)) for row in versions
        ),
        instruments_seen=instruments_seen(cycle),
        bundles=bundles_of(cycle.programme),
        asks_nik=cycle.asks_nik,
        loci=cycle.loci.count(),
        members=TeamMember.objects.filter(team__cycle=cycle).count(),
        agencies=cycle.place.agencies.filter(valid_to__isnull=True).count(),
        may_open_next=may_open_cycle(user, cycle.place),
        held=held_in(cycle),
        kept=kept_by(cycle),
    )


def last_change(user: User, action: str, object_type: str, object_id: str) -> LastChange | None:
    """Who did `action` to that thing last, as far as she may read the audit; None where nobody has."""
    rows = audit_for(user).filter(action=action, object_type=object_type, object_id=object_id)
    entry = rows.order_by("-id").first()
    return None if entry is None else LastChange(str(entry.actor or "server"), entry.at)


# --- loci ------------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class LokusLine:
    """One lokus to be changed. `fast`: families have codes with its prefix, so that prefix and RW stand."""

    code: str
    name: str
    kecamatan: str
    rw: str
    prefix: str
    target: int
    registered: int
    representative: bool | None
    fast: bool
    seen: str


@dataclass(frozen=True, slots=True)
class LociPage:
    """The loci of a year, and the kelurahan to choose from by kecamatan. A province is narrowed to one of `cities`."""

    cycle: CycleRef
    closed_at: datetime | None
    loci: tuple[LokusLine, ...]
    representative: str
    cities: tuple[PlaceChoice, ...]
    city: str
    choices: tuple[tuple[str, tuple[PlaceChoice, ...]], ...]


def loci_page(user: User, slug: str, city: str = "") -> LociPage:
    """The page of loci. Raises as `managed`."""
    cycle = managed(user, slug)
    cities = _cities(cycle)
    chosen = next((each.code for each in cities if each.code == city), cities[0].code if cities else cycle.place.code)
    lines = tuple(_line(lokus) for lokus in _loci(user, cycle))
    return LociPage(
        cycle=cycle_ref(cycle),
        closed_at=cycle.closed_at,
        loci=lines,
        representative=next((line.code for line in lines if line.representative), ""),
        cities=cities,
        city=chosen,
        choices=kelurahan_of(chosen),
    )


def _loci(user: User, cycle: Cycle) -> Iterable[Lokus]:
    rows = loci_for(user).filter(cycle=cycle).select_related("place__parent").order_by("area")
    families = Household.objects.filter(lokus=OuterRef("pk"))
    files = ImportBatch.objects.filter(lokus=OuterRef("pk"))
    return rows.annotate(held=Exists(families) | Exists(files))


def _line(lokus: Lokus) -> LokusLine:
    return LokusLine(
        code=lokus.area,
        name=lokus.place.name,
        kecamatan=lokus.place.parent.name if lokus.place.parent else "",
        rw=lokus.rw,
        prefix=lokus.prefix,
        target=lokus.target_size,
        registered=lokus.registered,
        representative=lokus.representative,
        fast=bool(getattr(lokus, "held", False)),
        seen=lokus_seen(lokus),
    )


def _cities(cycle: Cycle) -> tuple[PlaceChoice, ...]:
    if cycle.place.level != PlaceLevel.PROVINCE:
        return ()
    rows = Place.objects.filter(within_q("code", cycle.place.code), level=PlaceLevel.CITY, valid_to__isnull=True)
    return tuple(PlaceChoice(row.code, row.full_name) for row in rows.order_by("code"))


def kelurahan_of(code: str) -> tuple[tuple[str, tuple[PlaceChoice, ...]], ...]:
    """Kecamatan's name → its kelurahan and desa, of the city with that code. One statement."""
    rows = Place.objects.filter(within_q("code", code), level=PlaceLevel.KELURAHAN, valid_to__isnull=True)
    groups: dict[str, list[PlaceChoice]] = {}
    for row in rows.select_related("parent").order_by("parent__name", "name"):
        name = row.parent.full_name if row.parent else ""
        groups.setdefault(name, []).append(PlaceChoice(row.code, row.name))
    return tuple((name, tuple(choices)) for name, choices in groups.items())
