"""Signing out browsers from afar: one's own."""

from django.db import transaction
from django.utils import timezone

from selaras.access import sessions_for
from selaras.actions import audit
from selaras.errors import Missing, Problem
from selaras.models import User
from selaras.models.sessions import kept


def end_session(*, by: User, number: str) -> None:
    """Sign out that browser of hers. Raises Missing for another's or one that has ended."""
    with transaction.atomic():
        rows = sessions_for(by, timezone.now())
        found = next((row for row in rows if row.number == number), None)
        if found is None:
            raise Missing(Problem("access.missing"))
        found.delete()
        audit.record(by=by, action="people.end_session", object_type="user", object_id=by.uuid)


def end_other_sessions(*, by: User, cookie: str | None) -> int:
    """Sign out all her browsers but the one with that cookie; how many."""
    with transaction.atomic():
        count, _ = sessions_for(by, timezone.now()).exclude(session_key=kept(cookie)).delete()
        if count:
            audit.record(by=by, action="people.end_sessions", object_type="user", object_id=by.uuid, sessions=count)
    return count
