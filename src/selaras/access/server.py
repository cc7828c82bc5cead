"""Instruments, places, the server, its people and its log."""

from django.db.models import Q, QuerySet

from selaras.access.scopes import (
    ASSIGNABLE,
    CONSOLE,
    Actor,
    Scope,
    condition,
    is_anywhere,
    is_one,
    scopes_of,
)
from selaras.models import AuditEntry, InstrumentVersion, Job, Membership, Role, User


def may_see_instrument(user: Actor, _version: InstrumentVersion) -> bool:
    """Everybody with a task: people must be able to read what they are judged by."""
    return user is CONSOLE or bool(scopes_of(user))


def may_publish_instrument(user: Actor) -> bool:
    """Publish a workbook version for this server: administrator and the secretariats."""
    return user is CONSOLE or is_anywhere(user, {Role.ADMINISTRATOR, Role.SECRETARIAT, Role.PROVINCE})


def may_load_places(user: Actor) -> bool:
    """Load or renew the list of places."""
    return user is CONSOLE or is_anywhere(user, {Role.ADMINISTRATOR})


def may_back_up(user: Actor) -> bool:
    """Write a backup. It holds names in plain text: only whoever owns the server anyway."""
    return user is CONSOLE


def may_rotate_keys(user: Actor) -> bool:
    """Wrap every key with the newest master key."""
    return user is CONSOLE


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
    return user is CONSOLE or is_one(user, {Role.ADMINISTRATOR, Role.SECRETARIAT, Role.PROVINCE}, area)


def may_see_job(user: Actor, job: Job) -> bool:
    """How far a job is: whoever began it, and the administrator."""
    own = isinstance(user, User) and user.is_active and job.created_by_id == user.pk
    return user is CONSOLE or own or is_anywhere(user, {Role.ADMINISTRATOR})


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
    return rows.filter(condition(user, "place_code", "", roles=roles, around=False))


def memberships_for(user: Actor) -> QuerySet[Membership]:
    """The tasks of people in the area where she may give some; her own always."""
    rows = Membership.objects.select_related("user", "agency__place", "cycle")
    if user is CONSOLE:
        return rows
    roles = frozenset(ASSIGNABLE)
    placed = condition(user, "place_code", "", roles=roles, around=False)
    agencies = condition(user, "agency__place__code", "", roles=roles, around=False)
    own = Q(user=user.pk) if isinstance(user, User) else Q(pk__in=[])
    return rows.filter(Q(agency__isnull=True) & placed | Q(agency__isnull=False) & agencies | own)
