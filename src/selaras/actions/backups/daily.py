"""The job that writes a day's backup. Beside `schedule`, which the hourly upkeep asks and a restore thereby loads."""

import shutil
import time
from datetime import timedelta
from pathlib import Path

from django.utils import timezone

from selaras.access import CONSOLE
from selaras.actions.backup import BESIDE, back_up
from selaras.actions.backups.schedule import folder, kept, taken
from selaras.actions.erasure import register_path
from selaras.actions.jobs import Progress


def back_up_today(progress: Progress) -> None:
    """The job: write it, the registers beside it, thin out. Twice is once."""
    where = folder()
    today = timezone.localtime(timezone.now()).date()
    if where is None or today in taken(where):
        return
    progress.say(0, note="menulis cadangan", now=True)
    back_up(by=CONSOLE, path=where / f"selaras-{today.isoformat()}.cadangan")
    for register in (register_path(), *(each.path for each in BESIDE)):
        if register.exists():
            shutil.copyfile(register, where / register.name)
    there = taken(where)
    for day in set(there) - kept(there, today):
        there[day].unlink(missing_ok=True)
    _remove_broken_off(where)


def _remove_broken_off(where: Path) -> None:
    """What a backup left behind that was killed while it wrote; one of today may still be at work."""
    before = time.time() - timedelta(days=1).total_seconds()
    for path in where.glob(".backup-*"):
        if path.stat().st_mtime < before:
            path.unlink(missing_ok=True)
