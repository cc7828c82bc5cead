"""What became of officers' and leaders' tasks and accounts: told to the others before they enter, so that nobody
comes in unseen, or agrees in an emergency under another's name."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from django.utils import timezone

from selaras.access import leader_tasks_for, officer_changes_for, officer_tasks_for
from selaras.models.people import User

#: How long a change is told, and of how many at most: so many that none is hidden by giving others something to read.
LASTS: Final = timedelta(days=30)
MOST: Final = 200


@dataclass(frozen=True, slots=True)
class Change:
    """`what` is `task`, `ended`, or an action of the audit about her account.

    `by` is '' where the server or she herself did it; `area` is the place code of a task, '' else; `leader`: what she
    has, or had, is a leader's task, no officer's. `times`: so often the same, `at` the last time.
    """

    at: datetime
    who: str
    what: str
    by: str
    area: str = ""
    leader: bool = False
    times: int = 1


def changes(user: User, *, now: datetime | None = None) -> tuple[Change, ...]:
    """Of the officers in or around her area and its leaders, the newest first; what she did to her own account is left
    out."""
    now = now or timezone.now()
    since = now - LASTS
    names: dict[str, tuple[str, bool]] = {}
    found = []
    for leader, rows in ((True, leader_tasks_for(user)), (False, officer_tasks_for(user))):
        for row in rows:
            who = str(row.user)
            names[str(row.user.uuid)] = (who, leader)
            if since < row.starts and (row.ends is None or row.ends > row.starts):
                found.append(Change(row.starts, who, "task", "", row.place_code, leader))
            if row.ends is not None and since < row.ends <= now:
                found.append(Change(row.ends, who, "ended", "", row.place_code, leader))
    for entry in officer_changes_for(user).filter(at__gt=since, at__lte=now).iterator():
        own = entry.actor is not None and str(entry.actor.uuid) == entry.object_id
        if own and entry.object_id == str(user.uuid):
            continue
        by = "" if own or entry.actor is None else str(entry.actor)
        name, leader = names.get(entry.object_id, ("", False))
        found.append(Change(entry.at, name, entry.action, by, leader=leader))
    return _folded(sorted(found, key=lambda each: each.at, reverse=True))


def _folded(found: Iterable[Change]) -> tuple[Change, ...]:
    """The same again is one line."""
    told: dict[object, Change] = {}
    for each in found:
        same = (each.who, each.what, each.by, each.area, each.leader)
        told[same] = replace(told[same], times=told[same].times + 1) if same in told else each
    return tuple(told.values())[:MOST]
