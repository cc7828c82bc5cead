"""Rehearsals: who holds one, who may mark a lokus (never its own people), who sees and settles what was lost."""

from collections.abc import Iterable
from typing import Final

from django.db.models import Q, QuerySet
from django.utils import timezone

from selaras.access.scopes import CONSOLE, Actor, Scope, condition, is_one, scopes_of
from selaras.models import Cycle, Gladi, GladiMarker, GladiTask, Lokus, Membership, Role, User
from selaras.models.places import within

#: Who prepares: the city's own. The jury and the province are whom a rehearsal is held for.
OWN: Final = frozenset({Role.SECRETARIAT, Role.SUPERVISOR, Role.LIAISON, Role.LEADER})
#: Who may be asked to mark a lokus that is not theirs.
MARKERS: Final = frozenset({Role.SUPERVISOR, Role.CADRE})


def may_see_preparation(user: Actor, cycle: Cycle) -> bool:
    """Read rehearsals, their tasks and what to do next: the city's own people, none whose area is larger than it."""
    return user is CONSOLE or any(_own(scope, cycle) for scope in _scopes(user))


def _scopes(user: Actor) -> tuple[Scope, ...]:
    """Her scopes; none by an agency's link, which can be forwarded."""
    return () if isinstance(user, User) and user.link is not None else scopes_of(user)


def _own(scope: Scope, cycle: Cycle) -> bool:
    city = cycle.place.code
    return scope.role in OWN and any(own and within(own, city) for own in scope.areas) and scope.touches(city, cycle.id)


def may_hold_gladi(user: Actor, cycle: Cycle) -> bool:
    """Open and close a rehearsal of an open year, name who marks, type paper sheets: the secretariat."""
    return cycle.closed_at is None and (user is CONSOLE or is_one(user, {Role.SECRETARIAT}, cycle.place.code, cycle.id))


def may_mark(user: Actor, gladi: Gladi, lokus: Lokus) -> bool:
    """Mark that lokus in an open rehearsal: who was asked to, as long as she has nothing to do with that kelurahan."""
    if not isinstance(user, User) or gladi.closed_at is not None or gladi.cycle.closed_at is not None:
        return False
    asked = GladiMarker.objects.filter(gladi=gladi, lokus=lokus, user=user).exists()
    return asked and not any(scope.touches(lokus.place.code, gladi.cycle_id) for scope in scopes_of(user))


def may_settle_gladi_task(user: Actor, task: GladiTask) -> bool:
    """Say who does what until when, and that it is done: the secretariat, the agency's liaison, the lurah there."""
    cycle = task.gladi.cycle
    if cycle.closed_at is not None:
        return False
    agency = None if task.agency is None else task.agency.short_name.casefold()
    liaison = any(
        scope.role == Role.LIAISON and agency in scope.agencies and scope.covers(cycle.place.code, cycle.id)
        for scope in _scopes(user)
    )
    lurah = is_one(user, {Role.SUPERVISOR}, task.lokus.area, cycle.id)
    return user is CONSOLE or liaison or lurah or may_hold_gladi(user, cycle)


def gladi_for(user: Actor) -> QuerySet[Gladi]:
    """The rehearsals that she may read."""
    rows = Gladi.objects.select_related("cycle__place", "version__workbook")
    return rows if user is CONSOLE else rows.filter(_seen(user, "cycle__"))


def gladi_tasks_for(user: Actor) -> QuerySet[GladiTask]:
    """The tasks of rehearsals that she may read."""
    rows = GladiTask.objects.select_related("gladi__cycle__place", "lokus__place", "lokus__cycle", "agency")
    return rows if user is CONSOLE else rows.filter(_seen(user, "gladi__cycle__"))


def _seen(user: Actor, prefix: str) -> Q:
    found = Q(pk__in=[])
    for scope in _scopes(user):
        if scope.role not in OWN:
            continue
        for own in scope.areas:
            parts = own.split(".")
            around = [".".join(parts[: length + 1]) for length in range(len(parts))]
            inside = Q(**{f"{prefix}place__code__in": around}) if own else Q(pk__in=[])
            found |= inside if scope.cycle is None else inside & Q(**{f"{prefix}id": scope.cycle})
    return found


def marked_by(user: Actor) -> QuerySet[GladiMarker]:
    """What she was asked to mark in rehearsals that are still open, and has nothing else to do with."""
    if not isinstance(user, User):
        return GladiMarker.objects.none()
    rows = GladiMarker.objects.filter(user=user, gladi__closed_at__isnull=True, gladi__cycle__closed_at__isnull=True)
    rows = rows.select_related("gladi__cycle__place", "gladi__version__workbook", "lokus__place")
    return rows.exclude(condition(user, "lokus__place__code", "gladi__cycle_id", roles=None, around=True))


def may_send_marks(user: Actor) -> bool:
    """Send filled sheets: whoever was ever asked to mark. What she may no longer mark is refused, and says so."""
    return isinstance(user, User) and user.link is None and GladiMarker.objects.filter(user=user).exists()


def markers_of(gladi: Gladi, lokus: Lokus) -> list[User]:
    """Who could be asked to mark that lokus: lurah, camat and cadres of the city that have no task around it."""
    city, there, now = gladi.cycle.place.code, lokus.place.code, timezone.now()
    rows = Membership.objects.filter(Q(cycle=gladi.cycle) | Q(cycle__isnull=True), user__is_active=True)
    held: dict[User, list[Membership]] = {}
    for row in rows.select_related("user", "agency__place"):
        if row.holds(now):
            held.setdefault(row.user, []).append(row)
    found = [user for user, tasks in held.items() if _is_from_elsewhere(tasks, city, there)]
    return sorted(found, key=lambda user: (user.full_name.casefold(), user.pk))


def _is_from_elsewhere(tasks: Iterable[Membership], city: str, there: str) -> bool:
    areas = [(task.role, task.place_code if task.agency is None else task.agency.place.code) for task in tasks]
    inside = any(role in MARKERS and within(area, city) and area != city for role, area in areas)
    return inside and not any(not area or within(area, there) or within(there, area) for _role, area in areas)
