"""What others did that whoever answers for a place should hear of: tasks given or ended, and data taken along.

Read from the audit, as far as she may read it; said where she lands until she closes it, or for two weeks.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import Max
from django.utils import timezone

from selaras.access import audit_for, may_open_audit
from selaras.models import AuditEntry, User
from selaras.queries.task_news import LASTS

#: Who may do what has changed.
ROLES: Final = frozenset(
    "people.assign people.end_task people.stand_in people.hand_over people.hand_over_all people.deactivate "
    "people.activate people.set_password invitations.make invitations.make_again invitations.open tokens.make "
    "links.make phones.give".split()
)
#: What is of families or people left the server in somebody's hands; a cadre's own list in her phone is her work.
TAKEN: Final = frozenset(
    "exports.take audit.export arrivals.export_raw imports.export_problems targets.export evidence.take_original "
    "evidence.export_codes dossiers.take_annex families.print papers.export_agency_sheet papers.export_agency_sheets "
    "phones.export_order rights.copy".split()
)
#: So many of the newest entries are looked through: a landing page has no time for more.
NEWEST: Final = 20_000
#: So many lines are said; the audit has all.
MOST: Final = 6


@dataclass(frozen=True, slots=True)
class WatchLine:
    """One person did one thing so many times, the last time at `at`. `who` is '' for the server itself."""

    action: str
    who: str
    times: int
    at: datetime
    taken: bool


@dataclass(frozen=True, slots=True)
class WatchNews:
    """The newest first; `more` lines are left out."""

    lines: tuple[WatchLine, ...]
    more: int
    until: datetime


def watch_news(user: User, *, now: datetime | None = None) -> WatchNews | None:
    """What others did since she last closed the news; None where nothing was, and for who may not read the audit.

    Beside those of her scopes no statement for whoever may not; else two, however much there is.
    """
    if user.tasks_told_at is None or not may_open_audit(user):
        return None
    now = now or timezone.now()
    newest = AuditEntry.objects.aggregate(newest=Max("id"))["newest"] or 0
    rows = audit_for(user).filter(id__gt=newest - NEWEST, at__gt=max(user.tasks_told_at, now - LASTS), at__lte=now)
    rows = rows.filter(action__in=ROLES | TAKEN).exclude(actor=user.pk).order_by("-at")
    alike: dict[tuple[str, str], list[datetime]] = {}
    for entry in rows:
        who = "" if entry.actor is None else entry.actor.get_full_name()
        alike.setdefault((entry.action, who), []).append(entry.at)
    if not alike:
        return None
    lines = tuple(WatchLine(*of, len(times), times[0], of[0] in TAKEN) for of, times in alike.items())
    return WatchNews(lines[:MOST], max(0, len(lines) - MOST), now)
