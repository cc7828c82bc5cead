"""When a backup is due and which ones stay: one a day into the folder of SELARAS_BACKUP_DIR, old ones thinned out.

The way of thinning is grandfather-father-son: the last days, then one a week, then one a month.
"""

import re
from collections.abc import Collection
from datetime import date, datetime
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from selaras.actions.jobs import enqueue_once
from selaras.models import Job, JobState

_NAME = re.compile(r"selaras-(\d{4}-\d{2}-\d{2})\.(?:cadangan|zip)")


def folder() -> Path | None:
    """Where backups go; None where nobody has named a folder."""
    return Path(settings.SELARAS_BACKUP_DIR) if settings.SELARAS_BACKUP_DIR else None


def taken(where: Path) -> dict[date, Path]:
    """The daily backups there, by day. Files of other names are not ours and never touched."""
    found = ((_NAME.fullmatch(path.name), path) for path in where.glob("selaras-*"))
    return {date.fromisoformat(match[1]): path for match, path in found if match}


def ask_when_due(now: datetime) -> None:
    """Enqueue today's backup where there is none and none is being written."""
    where = folder()
    if where is None or timezone.localtime(now).date() in taken(where):
        return
    if not Job.objects.filter(kind="server.backup", state=JobState.RUNNING).exists():
        enqueue_once(by=None, kind="server.backup")


def kept(days: Collection[date], today: date) -> set[date]:
    """Which of these stay: the newest of each of the last so many days, weeks and months that have any."""
    daily, weekly, monthly = settings.SELARAS_BACKUP_KEEP
    newest = sorted((day for day in days if day <= today), reverse=True)
    stay = set(newest[:daily]) | {day for day in days if day > today}
    for many, unit in ((weekly, lambda day: day.isocalendar()[:2]), (monthly, lambda day: (day.year, day.month))):
        first: dict[object, date] = {}
        for day in newest:
            first.setdefault(unit(day), day)
        stay |= set(list(first.values())[:many])
    return stay
