"""Instruments, places, the server and its log."""

from typing import Final

from django.db.models import QuerySet

from selaras.access.people import common_area
from selaras.access.scopes import CONSOLE, Actor, condition, is_anywhere, is_one, scopes_of
from selaras.models import AuditEntry, InstrumentVersion, Job, Role, User

#: Who reads what was done in her area.
AUDITORS: Final = frozenset({Role.ADMINISTRATOR, Role.SECRETARIAT, Role.PROVINCE})


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


def may_read_audit(user: Actor, area: str) -> bool:
    """What was done in that area: its secretariats and the administrator."""
    return user is CONSOLE or is_one(user, AUDITORS, area)


def may_open_audit(user: Actor) -> bool:
    """Whether there is any area whose audit she reads: which entries, `audit_for` says."""
    return user is CONSOLE or is_anywhere(user, AUDITORS)


def audited_area(user: Actor) -> str:
    """The code that encloses all whose audit she reads: where her exports of it are written down."""
    scopes = [scope for scope in scopes_of(user) if scope.role in AUDITORS]
    return common_area(scope.areas[0] for scope in scopes)


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
    return rows.filter(condition(user, "place_code", "", roles=AUDITORS, around=False))
