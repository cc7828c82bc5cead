"""Who may: the ONLY place that decides it. `may_…` say yes or no, `…_for(user)` give the rows a person may see.

A membership is a scope: a role, in one cycle or all, below a place code or for an agency. It *covers* what lies in
its area; it *touches* also what its area lies in: a cadre of RW 03 touches the lokus and the cycle around her.
What a person does not touch does not exist for her (Missing); what she touches and may not do is Forbidden. Rights:

    names, addresses, class labels   secretariat of the city, lurah/camat of the lokus, cadre of her RW
    a family's kesehatan answers     the agency that the indicator names; for others counts of 5 and more
    everything else                  see each predicate, and tests/access/test_table.py, which is complete

Sources: UU 27/2022 art. 4 (health is specific data) and 16 (purpose limitation); domain of the programme's decrees.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, TypeVar
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.db.models import Model, Q, QuerySet
from django.utils import timezone

from selaras.errors import Forbidden, Missing, Problem
from selaras.models import (
    AuditEntry,
    Cycle,
    Fact,
    Household,
    HouseholdScore,
    ImportBatch,
    InstrumentVersion,
    Job,
    Lokus,
    Membership,
    Place,
    Result,
    Role,
    Submission,
    User,
)
from selaras.models.places import lineage, within, within_q


@dataclass(frozen=True, slots=True)
class Console:
    """Whoever types commands on the server. She owns the files; pretending to refuse her would protect nothing."""


CONSOLE: Final = Console()
Actor = User | AnonymousUser | Console
Row = TypeVar("Row", bound=Model)

#: Fewer than this many families of a kind are not counted out loud where health or poverty is concerned.
SMALLEST_COUNT: Final = 5

#: Who works with families by name.
NAMES: Final = frozenset({Role.SECRETARIAT, Role.SUPERVISOR, Role.CADRE})
#: Who brings data in and keeps the records of a lokus.
KEEPERS: Final = frozenset({Role.SECRETARIAT, Role.SUPERVISOR})
#: Which roles a role may give away, inside its own area.
ASSIGNABLE: Final[dict[str, frozenset[str]]] = {
    Role.ADMINISTRATOR: frozenset(Role.values),
    Role.PROVINCE: frozenset({Role.SECRETARIAT, Role.JUROR, Role.LEADER}),
    Role.SECRETARIAT: frozenset(
        {
            Role.SECRETARIAT,
            Role.LIAISON,
            Role.SUPERVISOR,
            Role.CADRE,
            Role.PROTECTION,
            Role.JUROR,
            Role.LEADER,
        }
    ),
    Role.SUPERVISOR: frozenset({Role.CADRE}),
}


# --- scopes ---------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Scope:
    """A membership that holds now. `areas` are all codes its place has had; `('',)` is the whole server."""

    role: str
    cycle: int | None
    areas: tuple[str, ...]
    agencies: frozenset[str] = frozenset()

    def covers(self, area: str, cycle: int | None = None) -> bool:
        """Whether that area lies in this scope's. `cycle` is None for what belongs to no cycle."""
        return self._in_cycle(cycle) and any(within(area, own) for own in self.areas)

    def touches(self, area: str, cycle: int | None = None) -> bool:
        """Whether that area lies in this scope's, or around it."""
        return self._in_cycle(cycle) and any(within(area, own) or within(own, area) for own in self.areas)

    def _in_cycle(self, cycle: int | None) -> bool:
        return self.cycle is None or cycle is None or self.cycle == cycle


def scopes_of(user: Actor) -> tuple[Scope, ...]:
    """All that this person is, now. Two queries for each User object, then remembered on it."""
    if not isinstance(user, User) or not user.is_active:
        return ()
    if user.remembered_scopes is None:
        user.remembered_scopes = _load_scopes(user, timezone.now())
    scopes: tuple[Scope, ...] = user.remembered_scopes
    return scopes


def _load_scopes(user: User, now: datetime) -> tuple[Scope, ...]:
    rows = Membership.objects.filter(user=user, starts__lte=now).select_related("agency__place")
    renamed = Place.objects.filter(replaces__isnull=False).exists()
    return tuple(_scope(row, renamed) for row in rows if row.holds(now))


def _scope(row: Membership, renamed: bool) -> Scope:
    code = row.place_code if row.agency is None else row.agency.place.code
    areas = sorted(lineage(code)) if renamed and code else [code]
    agencies = frozenset() if row.agency is None else frozenset({row.agency.short_name.casefold()})
    return Scope(row.role, row.cycle_id, tuple(areas), agencies)


def _is(user: Actor, roles: Iterable[str], area: str, cycle: int | None = None) -> bool:
    """Whether one of `roles` covers that area."""
    return any(scope.role in roles and scope.covers(area, cycle) for scope in scopes_of(user))


def _is_anywhere(user: Actor, roles: Iterable[str]) -> bool:
    return any(scope.role in roles for scope in scopes_of(user))


def has_role(user: Actor, role: Role) -> bool:
    """Whether she holds that role anywhere: for what a page offers, never for what it allows."""
    return _is_anywhere(user, {role})


# --- cycles and loci ------------------------------------------------------------------------------------------------
def may_see_cycle(user: Actor, cycle: Cycle) -> bool:
    """Everybody who works in it, around it or above it."""
    return user is CONSOLE or any(s.touches(cycle.place.code, cycle.id) for s in scopes_of(user))


def may_manage_cycle(user: Actor, cycle: Cycle) -> bool:
    """Its dates, loci, representative and instruments: the secretariat of its place."""
    return user is CONSOLE or _is(user, {_owner(cycle.place)}, cycle.place.code, cycle.id)


def _owner(place: Place) -> str:
    return Role.PROVINCE if place.level == "province" else Role.SECRETARIAT


def may_open_cycle(user: Actor, place: Place) -> bool:
    """Begin a programme year of that city or province: its secretariat, in a scope of all cycles."""
    scopes = [scope for scope in scopes_of(user) if scope.cycle is None and scope.role == _owner(place)]
    return user is CONSOLE or any(scope.covers(place.code) for scope in scopes)


def may_record_achievement(user: Actor, place: Place) -> bool:
    """What that place won, with its source: the secretariat of its city, for a province its own."""
    return user is CONSOLE or _is(user, {_owner(place)}, place.code)


def may_see_lokus(user: Actor, lokus: Lokus) -> bool:
    """Its score, coverage and counts: everybody who works in it, around it or above it."""
    return user is CONSOLE or any(s.touches(lokus.area, lokus.cycle_id) for s in scopes_of(user))


def may_enter_facts(user: Actor, lokus: Lokus) -> bool:
    """Records and activities of an open cycle: the secretariat, and the lurah or camat of the lokus."""
    return _open(lokus) and (user is CONSOLE or _is(user, KEEPERS, lokus.area, lokus.cycle_id))


def may_score(user: Actor, lokus: Lokus) -> bool:
    """Freeze a scorecard of the lokus: its keepers, and the provincial secretariat."""
    return user is CONSOLE or _is(user, KEEPERS | {Role.PROVINCE}, lokus.area, lokus.cycle_id)


def _open(lokus: Lokus) -> bool:
    return lokus.cycle.closed_at is None


# --- families -------------------------------------------------------------------------------------------------------
def may_see_names(user: Actor, lokus: Lokus) -> bool:
    """Whether there may be families of this lokus she sees by name: which ones, `households_for` says."""
    scopes = [scope for scope in scopes_of(user) if scope.role in NAMES]
    return any(scope.touches(lokus.area, lokus.cycle_id) for scope in scopes)


def may_see_household(user: Actor, household: Household) -> bool:
    """A family's name, address and answers: secretariat, lurah or camat of the lokus, cadre of her RW."""
    there = household.erased_at is None and household.pending is None
    return there and _is(user, NAMES, household.area, household.lokus.cycle_id)


def may_see_class(user: Actor, household: Household) -> bool:
    """A family's welfare class: those who work with the family. No poverty label leaves the office."""
    return may_see_household(user, household)


def may_see_health(user: Actor, lokus: Lokus, agency: str) -> bool:
    """Which families stand on which side of a `kesehatan` indicator: only the agency that the indicator names.

    `agency` is the workbook's column: one short name, or several parted by comma, semicolon or slash.
    """
    named = {part.strip().casefold() for part in re.split(r"[,;/]", agency) if part.strip()}
    scopes = [scope for scope in scopes_of(user) if scope.role == Role.LIAISON and scope.agencies & named]
    return any(scope.covers(lokus.area, lokus.cycle_id) for scope in scopes)


def may_import(user: Actor, lokus: Lokus) -> bool:
    """Bring in families and answers of an open cycle: the secretariat, and the lurah or camat of the lokus."""
    return _open(lokus) and (user is CONSOLE or _is(user, KEEPERS, lokus.area, lokus.cycle_id))


def may_see_batch(user: Actor, batch: ImportBatch) -> bool:
    """An import and what is wrong in it: who may bring in its lokus; without one, the city's secretariat."""
    if batch.lokus is not None:
        return user is CONSOLE or _is(user, KEEPERS, batch.lokus.area, batch.lokus.cycle_id)
    cycle = batch.round.cycle
    return user is CONSOLE or _is(user, {Role.SECRETARIAT}, cycle.place.code, cycle.id)


def may_erase_household(user: Actor, household: Household) -> bool:
    """Destroy a family's values, at its request (UU 27/2022 art. 8): the secretariat."""
    area, cycle = household.area, household.lokus.cycle_id
    return user is CONSOLE or _is(user, {Role.SECRETARIAT}, area, cycle)


def shown_count(count: int, of: int) -> int | None:
    """`count` where neither it nor the rest of `of` is a group of 1 to 4; None where it must not be shown."""
    return None if any(0 < part < SMALLEST_COUNT for part in (count, of - count)) else count


# --- instruments, places, server --------------------------------------------------------------------------------------
def may_see_instrument(user: Actor, _version: InstrumentVersion) -> bool:
    """Everybody with a task: people must be able to read what they are judged by."""
    return user is CONSOLE or bool(scopes_of(user))


def may_publish_instrument(user: Actor) -> bool:
    """Publish a workbook version for this server: administrator and the secretariats."""
    return user is CONSOLE or _is_anywhere(user, {Role.ADMINISTRATOR, Role.SECRETARIAT, Role.PROVINCE})


def may_load_places(user: Actor) -> bool:
    """Load or renew the list of places."""
    return user is CONSOLE or _is_anywhere(user, {Role.ADMINISTRATOR})


def may_back_up(user: Actor) -> bool:
    """Write a backup. It holds names in plain text: only whoever owns the server anyway."""
    return user is CONSOLE


def may_rotate_keys(user: Actor) -> bool:
    """Wrap every key with the newest master key."""
    return user is CONSOLE


# --- people and the log -----------------------------------------------------------------------------------------------
def may_manage_people(user: Actor, area: str) -> bool:
    """Make accounts and give tasks in that area: whoever may give at least one role there."""
    return user is CONSOLE or any(scope.covers(area) for scope in _givers(user))


def may_assign(user: Actor, role: str, area: str, cycle: int | None = None) -> bool:
    """Give that role in that area. Nobody gives more than she holds: neither a wider area nor other cycles."""
    return user is CONSOLE or any(
        role in ASSIGNABLE[scope.role] and scope.covers(area) and scope.cycle in {None, cycle}
        for scope in _givers(user)
    )


def _givers(user: Actor) -> list[Scope]:
    return [scope for scope in scopes_of(user) if scope.role in ASSIGNABLE]


def may_read_audit(user: Actor, area: str) -> bool:
    """What was done in that area: its secretariats and the administrator."""
    return user is CONSOLE or _is(user, {Role.ADMINISTRATOR, Role.SECRETARIAT, Role.PROVINCE}, area)


def may_see_job(user: Actor, job: Job) -> bool:
    """How far a job is: whoever began it, and the administrator."""
    own = isinstance(user, User) and user.is_active and job.created_by_id == user.pk
    return user is CONSOLE or own or _is_anywhere(user, {Role.ADMINISTRATOR})


# --- rows -------------------------------------------------------------------------------------------------------------
def _ancestors(code: str) -> list[str]:
    """36, 36.72, 36.72.05, … without the code itself."""
    parts = code.split(".")
    return [".".join(parts[:i]) for i in range(1, len(parts))]


def _condition(user: Actor, area: str, cycle: str, *, roles: frozenset[str] | None, around: bool) -> Q:
    """Rows whose column `area` is covered (or, with `around`, touched) by a scope; nothing where there is none."""
    found = Q(pk__in=[])
    for scope in scopes_of(user):
        if roles is not None and scope.role not in roles:
            continue
        places = Q(pk__in=[])
        for own in scope.areas:
            places |= within_q(area, own) if own else ~Q(pk__in=[])
            if around:
                places |= Q(**{f"{area}__in": _ancestors(own)})
        found |= places if scope.cycle is None or not cycle else places & Q(**{cycle: scope.cycle})
    return found


def cycles_for(user: Actor) -> QuerySet[Cycle]:
    """The programme years that she may see."""
    rows = Cycle.objects.select_related("place")
    if user is CONSOLE:
        return rows
    return rows.filter(_condition(user, "place__code", "id", roles=None, around=True))


def loci_for(user: Actor) -> QuerySet[Lokus]:
    """The loci whose scores she may see."""
    rows = Lokus.objects.select_related("place", "cycle__place")
    return rows if user is CONSOLE else rows.filter(_lokus_condition(user, ""))


def _lokus_condition(user: Actor, prefix: str) -> Q:
    return _condition(user, f"{prefix}area", f"{prefix}cycle_id", roles=None, around=True)


def households_for(user: Actor) -> QuerySet[Household]:
    """The families that she may see by name; the erased and the not yet published are nobody's, nor the console's."""
    rows = Household.objects.filter(erased_at__isnull=True, pending__isnull=True).select_related("lokus__place", "key")
    return rows.filter(_condition(user, "area", "lokus__cycle_id", roles=NAMES, around=False))


def scores_for(user: Actor, lokus: Lokus) -> QuerySet[HouseholdScore]:
    """The states of the families of this lokus that she may see by name; who sees them all pays for no comparison."""
    rows = HouseholdScore.objects.filter(lokus=lokus, household__erased_at__isnull=True)
    if _is(user, NAMES, lokus.area, lokus.cycle_id):
        return rows
    return rows.filter(_condition(user, "household__area", "household__lokus__cycle_id", roles=NAMES, around=False))


def submissions_for(user: Actor) -> QuerySet[Submission]:
    """The answer sheets of the families that she may see by name."""
    rows = Submission.objects.filter(household__erased_at__isnull=True, household__pending__isnull=True)
    return rows.filter(_condition(user, "household__area", "household__lokus__cycle_id", roles=NAMES, around=False))


def imports_for(user: Actor) -> QuerySet[ImportBatch]:
    """The imports that she may open."""
    rows = ImportBatch.objects.select_related("round__cycle__place", "lokus__place", "lokus__cycle")
    if user is CONSOLE:
        return rows
    named = _condition(user, "lokus__area", "lokus__cycle_id", roles=KEEPERS, around=False)
    whole = _condition(
        user,
        "round__cycle__place__code",
        "round__cycle_id",
        roles=frozenset({Role.SECRETARIAT}),
        around=False,
    )
    return rows.filter(Q(lokus__isnull=False) & named | Q(lokus__isnull=True) & whole)


def facts_for(user: Actor) -> QuerySet[Fact]:
    """The facts of the loci that she may see."""
    return Fact.objects.all() if user is CONSOLE else Fact.objects.filter(_lokus_condition(user, "lokus__"))


def results_for(user: Actor) -> QuerySet[Result]:
    """The frozen cards of the loci that she may see."""
    return Result.objects.all() if user is CONSOLE else Result.objects.filter(_lokus_condition(user, "lokus__"))


def instruments_for(user: Actor) -> QuerySet[InstrumentVersion]:
    """The published versions that she may read."""
    rows = InstrumentVersion.objects.all()
    return rows if user is CONSOLE or scopes_of(user) else rows.none()


def audit_for(user: Actor) -> QuerySet[AuditEntry]:
    """The audit entries that she may read; those of no place are the administrator's."""
    rows = AuditEntry.objects.select_related("actor")
    if user is CONSOLE:
        return rows
    roles = frozenset({Role.ADMINISTRATOR, Role.SECRETARIAT, Role.PROVINCE})
    return rows.filter(_condition(user, "place_code", "", roles=roles, around=False))


def memberships_for(user: Actor) -> QuerySet[Membership]:
    """The tasks of people in the area where she may give some; her own always."""
    rows = Membership.objects.select_related("user", "agency__place", "cycle")
    if user is CONSOLE:
        return rows
    roles = frozenset(ASSIGNABLE)
    placed = _condition(user, "place_code", "", roles=roles, around=False)
    agencies = _condition(user, "agency__place__code", "", roles=roles, around=False)
    own = Q(user=user.pk) if isinstance(user, User) else Q(pk__in=[])
    return rows.filter(Q(agency__isnull=True) & placed | Q(agency__isnull=False) & agencies | own)


# --- doors ask for one thing ------------------------------------------------------------------------------------------
PHRASES: Final[dict[str, str]] = {
    "may_see_cycle": "melihat tahun program ini",
    "may_manage_cycle": "mengatur tahun program ini",
    "may_open_cycle": "membuka tahun program di wilayah ini",
    "may_record_achievement": "mencatat prestasi wilayah ini",
    "may_see_lokus": "melihat lokus ini",
    "may_enter_facts": "mengisi data lokus ini",
    "may_score": "menghitung nilai lokus ini",
    "may_see_names": "melihat nama keluarga di lokus ini",
    "may_see_household": "melihat data keluarga ini",
    "may_see_class": "melihat tahapan kesejahteraan keluarga ini",
    "may_see_health": "melihat data kesehatan per keluarga",
    "may_import": "mengimpor data lokus ini",
    "may_see_batch": "melihat impor ini",
    "may_erase_household": "menghapus data keluarga ini",
    "may_see_instrument": "membaca instrumen ini",
    "may_publish_instrument": "menerbitkan instrumen",
    "may_load_places": "memuat daftar wilayah",
    "may_back_up": "membuat cadangan",
    "may_rotate_keys": "mengganti kunci",
    "may_manage_people": "mengatur pengguna di wilayah ini",
    "may_assign": "memberi penugasan itu",
    "may_read_audit": "membaca jejak audit wilayah ini",
    "may_see_job": "melihat pekerjaan ini",
}


def demand(may: Callable[..., bool], user: Actor, *of: object) -> None:
    """Raise Forbidden unless `may(user, *of)`: the first line of every action."""
    if not may(user, *of):
        raise Forbidden(Problem("access.forbidden", values={"what": PHRASES[may.__name__]}))


def one(rows: QuerySet[Row], **lookup: Any) -> Row:
    """The row of a scope, or Missing: another city's thing looks exactly like one that is not there."""
    found = rows.filter(**lookup).first()
    if found is None:
        raise Missing(Problem("access.missing"))
    return found


def the_cycle(user: Actor, slug: str) -> Cycle:
    """That programme year. Raises Missing."""
    return one(cycles_for(user), slug=slug)


def the_lokus(user: Actor, slug: str, area: str) -> Lokus:
    """The lokus of that cycle by its area code (`36.72.05.1005`, or with its RW). Raises Missing."""
    return one(loci_for(user), cycle__slug=slug, area=area)


def the_household(user: Actor, uuid: UUID) -> Household:
    """That family, to see by name. Raises Forbidden in a lokus she sees without names, Missing elsewhere."""
    found = households_for(user).filter(uuid=uuid).first()
    if found is not None:
        return found
    there = Household.objects.filter(erased_at__isnull=True, pending__isnull=True)
    hidden = one(there.select_related("lokus__cycle"), uuid=uuid)
    if not may_see_lokus(user, hidden.lokus):
        raise Missing(Problem("access.missing"))
    raise Forbidden(Problem("access.forbidden", values={"what": PHRASES["may_see_household"]}))


def the_batch(user: Actor, uuid: UUID) -> ImportBatch:
    """That import. Raises Forbidden in a lokus she sees and does not keep, Missing elsewhere."""
    found = imports_for(user).filter(uuid=uuid).first()
    if found is not None:
        return found
    hidden = one(ImportBatch.objects.select_related("round__cycle__place", "lokus"), uuid=uuid)
    seen = may_see_cycle(user, hidden.round.cycle) if hidden.lokus is None else may_see_lokus(user, hidden.lokus)
    if not seen:
        raise Missing(Problem("access.missing"))
    raise Forbidden(Problem("access.forbidden", values={"what": PHRASES["may_see_batch"]}))
