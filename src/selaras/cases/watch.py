"""What became of officers' tasks and accounts: told to the others before they enter, so that nobody comes in unseen."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.utils import timezone

from selaras.access import officer_changes_for, officer_tasks_for
from selaras.models.people import User

#: How long a change is told, and how many lines at most.
LASTS: Final = timedelta(days=30)
MOST: Final = 12


@dataclass(frozen=True, slots=True)
class Change:
    """`what` is `task`, `ended`, or an action of the audit about her account.

    `by` is '' where the server or she herself did it; `area` is the place code of a task, '' else.
    """

    at: datetime
    who: str
    what: str
    by: str
    area: str = ""


def changes(user: User, *, now: datetime | None = None) -> tuple[Change, ...]:
    """Of the officers in or around her area, the newest first; what she did to her own account is left out."""
    now = now or timezone.now()
    since = now - LASTS
    names: dict[str, str] = {}
    found = []
    for row in officer_tasks_for(user):
        names[str(row.user.uuid)] = str(row.user)
        if since < row.starts and (row.ends is None or row.ends > row.starts):
            found.append(Change(row.starts, str(row.user), "task", "", row.place_code))
        if row.ends is not None and since < row.ends <= now:
            found.append(Change(row.ends, str(row.user), "ended", "", row.place_code))
    for entry in officer_changes_for(user).filter(at__gt=since, at__lte=now)[: MOST * 4]:
        own = entry.actor is not None and str(entry.actor.uuid) == entry.object_id
        if own and entry.object_id == str(user.uuid):
            continue
        by = "" if own or entry.actor is None else str(entry.actor)
        found.append(Change(entry.at, names.get(entry.object_id, ""), entry.action, by))
    return tuple(sorted(found, key=lambda each: each.at, reverse=True)[:MOST])
