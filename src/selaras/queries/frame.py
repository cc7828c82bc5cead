"""What surrounds a page: who looks, at which programme year and lokus, and where she may go."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import Literal

from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import OuterRef, Subquery
from django.utils import timezone

from selaras.access import (
    cycles_for,
    has_role,
    loci_for,
    may_enter_room,
    may_export,
    may_fill,
    may_hear_families,
    may_hold_meetings,
    may_import,
    may_load_places,
    may_manage_cycle,
    may_open_answers,
    may_open_audit,
    may_see_arrivals,
    may_see_checks,
    may_see_data_map,
    may_see_dossiers,
    may_see_names,
    may_see_people,
    may_see_preparation,
    may_see_publications,
    may_see_readiness,
    may_see_year_evidence,
    opens_years,
)
from selaras.models import Cycle, Job, JobState, Lokus, Membership, PlaceKind, Role, User, Worker
from selaras.models import Place as PlaceRow
from selaras.queries.invitations import role_words
from selaras.queries.programme import cycle_ref, instrument_ref, lokus_ref, primary_of
from selaras.queries.refs import CycleRef, InstrumentRef, LokusRef, ResultRef, RoundRef, Score

__all__ = [
    "CycleRef",
    "Frame",
    "InstrumentRef",
    "Landing",
    "LokusRef",
    "Place",
    "ResultRef",
    "RoundRef",
    "Score",
    "frame",
    "health",
    "landing",
]


#: One entry of the side bar, in order. Only what the person may open is in a Frame.
Place = Literal[
    "cycle",
    "lokus",
    "households",
    "readiness",
    "dossiers",
    "preparation",
    "checks",
    "imports",
    "instrument",
    "meetings",
    "documents",
    "evidence",
    "asks",
    "answers",
    "people",
    "exports",
    "audit",
    "setup",
    "places",
    "new_year",
    "field",
    "filling",
    "own_families",
    "voice",
    "room",
    "data",
    "counts",
]


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around every page of a signed-in person.

    `role` is in words (`Sekretariat kota`), `office` her agency or kelurahan, or ''. `cycle` is the programme year
    in view, or her newest; None where she has none. `loci` are those she may open. `lokus` is the one in view, or
    her only one. `places` are the entries of the menu that she may open.
    """

    person: str
    role: str
    office: str
    cycle: CycleRef | None
    loci: tuple[LokusRef, ...]
    lokus: LokusRef | None
    instrument: InstrumentRef | None
    places: frozenset[Place]


@dataclass(frozen=True, slots=True)
class Landing:
    """Where a person lands after signing in: a cycle, one of its loci, or neither (nothing assigned yet).

    `answers`: on what her agency is asked in that cycle; `own_families`: on a cadre's own page.
    """

    cycle_slug: str | None
    code: str | None
    answers: bool = False
    own_families: bool = False


def frame(user: User, cycle_slug: str | None = None, code: str | None = None) -> Frame:
    """The surroundings of a page about this cycle and lokus (area code), as this person may see them.

    Never raises for a cycle that she may not see: the page itself does. Three SQL statements
    beside the two that read her scopes, which the page needs anyway; one more where she has no lokus.
    """
    memberships = _tasks(user)
    loci = _loci(user, cycle_slug)
    cycle = _cycle(user, loci, cycle_slug)
    own = [lokus for lokus in loci if cycle is not None and lokus.cycle_id == cycle.pk]
    lokus = next((one for one in own if one.area == code), own[0] if len(own) == 1 else None)
    version = None if cycle is None else primary_of(cycle)
    places = _server_places(user)
    if cycle is not None:
        places |= _year_places(user, cycle)
    if lokus is not None:
        places.add("lokus")
        if may_see_names(user, lokus):
            places.add("households")
        if version is not None and may_see_readiness(user, lokus):
            places.add("readiness")
        if may_see_dossiers(user, lokus):
            places.add("dossiers")
        if may_see_checks(user, lokus):
            places.add("checks")
        if may_import(user, lokus):
            places.add("imports")
        if may_hear_families(user, lokus):
            places.add("voice")
    if loci and has_role(user, Role.CADRE):
        places.add("own_families")
    if version is not None:
        places.add("instrument")
    if may_open_audit(user):
        places.add("audit")
    task = memberships[0] if memberships else None
    return Frame(
        person=user.get_full_name() or user.username,
        role=role_words(task.role) if task else "",
        office=_office(task) if task else "",
        cycle=None if cycle is None else cycle_ref(cycle),
        loci=tuple(lokus_ref(one) for one in own),
        lokus=None if lokus is None else lokus_ref(lokus),
        instrument=None if version is None else instrument_ref(version),
        places=frozenset(places),
    )


def _server_places(user: User) -> set[Place]:
    """What she may open of the server, whatever the year. No statement."""
    places: set[Place] = {"places"} if may_load_places(user) else set()
    if may_enter_room(user):
        places.add("room")
    return places | {"new_year"} if opens_years(user) else places


def _year_places(user: User, cycle: Cycle) -> set[Place]:
    """What she may open of that year, whatever the lokus."""
    places: set[Place] = {"cycle"}
    if may_manage_cycle(user, cycle):
        places |= {"asks", "setup"}
    if may_open_answers(user, cycle):
        places.add("answers")
    if may_hold_meetings(user, cycle):
        places |= {"meetings", "documents"}
    if may_see_preparation(user, cycle):
        places.add("preparation")
    if may_see_people(user, cycle):
        places.add("people")
    if may_see_year_evidence(user, cycle):
        places.add("evidence")
    if may_export(user, cycle):
        places.add("exports")
    if may_see_arrivals(user, cycle):
        places.add("field")
    if may_fill(user, cycle):
        places.add("filling")
    if may_see_data_map(user, cycle):
        places.add("data")
    if may_see_publications(user, cycle) and any(has_role(user, role) for role in _COUNTING):
        places.add("counts")
    return places


#: Who looks for published counts in the menu; whoever else may read them comes from elsewhere.
_COUNTING = (Role.PROTECTION, Role.SECRETARIAT, Role.LEADER)
#: Whoever has several tasks is greeted by the first of these.
_ORDER = (
    Role.ADMINISTRATOR,
    Role.SECRETARIAT,
    Role.PROVINCE,
    Role.LEADER,
    Role.SUPERVISOR,
    Role.LIAISON,
    Role.PROTECTION,
    Role.JUROR,
    Role.CADRE,
)


def _tasks(user: User) -> list[Membership]:
    """Her tasks of now, the first of _ORDER first, each with the name of its place."""
    now = timezone.now()
    current = PlaceRow.objects.filter(code=OuterRef("place_code"), valid_to__isnull=True)
    rows = (
        Membership.objects.filter(user=user, starts__lte=now)
        .select_related("agency")
        .annotate(place_name=Subquery(current.values("name")[:1]), place_kind=Subquery(current.values("kind")[:1]))
    )
    return sorted((row for row in rows if row.holds(now)), key=lambda row: (_ORDER.index(Role(row.role)), row.pk))


def _office(task: Membership) -> str:
    if task.agency is not None:
        return task.agency.short_name
    name, kind = getattr(task, "place_name", None), getattr(task, "place_kind", None)
    if not name or not kind:
        return ""
    area = task.place_code.partition(".RW")[2].partition(".")[0]
    label = PlaceKind(kind).label
    # The official list writes some names with their kind (Kota Cilegon) and some without (Gedong Dalem).
    whole = name if name.lower().startswith(f"{label.lower()} ") else f"{label} {name}"
    return whole + (f", RW {area}" if area else "")


def _loci(user: User, cycle_slug: str | None) -> list[Lokus]:
    """The loci that she may open, those of the newest cycle first."""
    rows = loci_for(user).select_related("place__parent", "cycle__place")
    if cycle_slug is not None:
        rows = rows.filter(cycle__slug=cycle_slug)
    return list(rows.order_by("-cycle__year", "-cycle_id", "area"))


def _cycle(user: User, loci: list[Lokus], cycle_slug: str | None) -> Cycle | None:
    rows = cycles_for(user).order_by("-year", "-pk")
    if cycle_slug is not None:
        return loci[0].cycle if loci else rows.filter(slug=cycle_slug).first()
    if loci and not (has_role(user, Role.SECRETARIAT) or has_role(user, Role.PROVINCE)):
        return loci[0].cycle
    # A year that was just opened has no lokus yet, and is the one that its secretariat works in.
    newest = rows.first()
    mine = newest is not None and may_manage_cycle(user, newest)
    return loci[0].cycle if loci and not mine else newest


def landing(user: User) -> Landing:
    """Where this person's role lands: a liaison on what is asked of her; on her lokus or her newest cycle."""
    loci = _loci(user, None)
    cycle = _cycle(user, loci, None)
    if cycle is None:
        return Landing(None, None)
    before = _ORDER[: _ORDER.index(Role.LIAISON)]
    if cycle.closed_at is None and may_open_answers(user, cycle) and not any(has_role(user, role) for role in before):
        return Landing(cycle.slug, None, answers=True)
    own = [lokus for lokus in loci if lokus.cycle_id == cycle.pk]
    if own and cycle.closed_at is None and only_cadre(user):
        return Landing(cycle.slug, None, own_families=True)
    return Landing(cycle.slug, own[0].area if len(own) == 1 else None)


def only_cadre(user: User) -> bool:
    """Whether going from door to door is the first of her tasks: who is more than that has another first page."""
    return has_role(user, Role.CADRE) and not any(has_role(user, role) for role in _ORDER[: _ORDER.index(Role.CADRE)])


def health() -> dict[str, str]:
    """`{"database": "ok", "migrations": "ok", "jobs": "ok", "version": "0.1.0"}`; any other word is a fault.

    Names no path, address or secret: a stranger may read it.
    """
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        pending = not _known_migrations() <= set(MigrationRecorder(connection).applied_migrations())
        now = timezone.now()
        awake = Worker.objects.filter(seen_at__gt=now - _AWAKE).exists()
        late = Job.objects.filter(state=JobState.QUEUED, created_at__lt=now - _AWAKE).exists()
    except DatabaseError:
        return {"database": "unreachable", "migrations": "unknown", "jobs": "unknown", "version": _version()}
    jobs = "ok" if awake else "waiting" if late else "no worker"
    return {"database": "ok", "migrations": "pending" if pending else "ok", "jobs": jobs, "version": _version()}


#: A worker says that it lives every few seconds.
_AWAKE = timedelta(minutes=2)


@cache
def _known_migrations() -> frozenset[tuple[str, str]]:
    return frozenset(MigrationLoader(None).disk_migrations)


def _version() -> str:
    try:
        return version("selaras")
    except PackageNotFoundError:
        return "unknown"
