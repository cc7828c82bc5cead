"""What the worker tidies now and then: files that no row names, sessions that ended, space not swept at once."""

import logging
import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import IntegrityError, transaction
from django.db.models import Exists, ForeignObjectRel, OuterRef, ProtectedError, Q
from django.utils import timezone

from selaras.access import CONSOLE
from selaras.actions import (
    activities,
    drafts,
    erasure,
    evidence,
    evidence_photos,
    exports,
    hand_overs,
    looking,
    needs,
    photos,
    publication_register,
    published_measures,
    reactions,
    recaps,
    reminders,
    restriction_marks,
    restrictions,
    rights_reminders,
    weekly,
)
from selaras.actions.backups import schedule
from selaras.actions.field.forgetting import forget_unclaimed
from selaras.actions.jobs import enqueue_once, forget_results
from selaras.actions.rights_kept import forget_answered
from selaras.actions.sending import uploads
from selaras.models import (
    BatchState,
    BrowserSession,
    CurrentAnswers,
    Erasure,
    Household,
    ImportBatch,
    ImportRow,
    Job,
    JobState,
    StoredFile,
)
from selaras.models.files import media_root

#: A file is written before its row; one that has had no row for so long belongs to nothing.
ORPHANED_AFTER = timedelta(hours=24)
log = logging.getLogger("selaras")
_STORED = re.compile(r"[0-9a-f]{64}")


def every_hour(*, now: datetime | None = None) -> None:
    """What the worker does by the clock. One that fails is written down and does not hold up the others."""
    now = now or timezone.now()
    for duty in HOURLY:
        try:
            duty(now)
        except Exception:
            log.exception("tugas tiap jam gagal: %s", duty.__name__)


def tidy(*, now: datetime | None = None) -> int:
    """Delete orphaned files and ended sessions, finish what was left unfinished; how many files. Called hourly.

    Unfinished are sweeps that a reader had stopped, erasures and restrictions that registers know and a restore that
    broke off did not replay, and work that no job waits to do.
    """
    now = now or timezone.now()
    erasure.replay(by=CONSOLE, register=erasure.known_register()[0])
    restrictions.replay(by=CONSOLE, lines=restriction_marks.REGISTER.known())
    resume()
    BrowserSession.objects.filter(expire_date__lt=now).delete()
    forget_unused(now=now)
    count = 0
    for path in orphans(now=now):
        path.unlink(missing_ok=True)
        count += 1
    if Erasure.objects.filter(swept_at__isnull=True).exists():
        erasure.write_register()
        erasure.sweep()
    return count


def resume() -> None:
    """Ask for scoring that answers owe, tidying that imports do, needs nobody derived, unless a job has begun it."""
    over = ImportBatch.objects.filter(state__in=[BatchState.PUBLISHED, BatchState.DISCARDED, BatchState.UNDONE])
    # What an undo would need of a published one stays.
    staged = ImportRow.objects.filter(batch=OuterRef("pk")).exclude(sheet__startswith=ImportRow.BEFORE)
    hidden = Household.objects.filter(pending=OuterRef("uuid"))
    untidy = over.filter(Q(file__isnull=False) | Exists(staged) | Exists(hidden))
    owed: list[tuple[str, dict[str, Any]]] = [
        *(
            ("scoring.score", {"round": pk})
            for pk in CurrentAnswers.objects.filter(dirty=True).values_list("round", flat=True).distinct().order_by()
        ),
        *(("imports.tidy", {"batch": str(uuid)}) for uuid in untidy.values_list("uuid", flat=True)),
        *(("needs.follow", {"lokus": pk}) for pk in needs.owed()),
    ]
    for kind, params in owed:
        with transaction.atomic():
            if not Job.objects.filter(kind=kind, params=params, state=JobState.RUNNING).exists():
                enqueue_once(by=None, kind=kind, **params)


def forget_unused(*, now: datetime) -> None:
    """Drop the rows of files that nothing names any more (a decree's scan that another replaced), a day old or more.

    Their bytes go as orphans. Sealed files are their owners' to erase, together with their keys.
    """
    before = now - ORPHANED_AFTER
    unused = StoredFile.objects.filter(key__isnull=True, received_at__lt=before)
    for field in StoredFile._meta.get_fields(include_hidden=True):
        if isinstance(field, ForeignObjectRel):
            naming = field.related_model._base_manager.filter(**{field.field.name: OuterRef("pk")})
            unused = unused.filter(~Exists(naming))
    for stored in unused.order_by("pk"):
        # Given again just now? `write_once` has touched it, and whoever did is about to name the row.
        if stored.path.exists() and stored.path.stat().st_mtime >= before.timestamp():
            continue
        try:
            with transaction.atomic():
                stored.delete()
        except (ProtectedError, IntegrityError):
            log.info("berkas %s baru saja dipakai lagi", stored.sha256)


def orphans(*, now: datetime) -> Iterator[Path]:
    """Files of ours under the media folder that no row names, older than a day; half-written ones among them."""
    before = (now - ORPHANED_AFTER).timestamp()
    for folder in sorted(media_root().glob("[0-9a-f][0-9a-f]")):
        old = [path for path in sorted(folder.iterdir()) if path.is_file() and path.stat().st_mtime < before]
        names = {path.name for path in old if _STORED.fullmatch(path.name)}
        known = set(StoredFile.objects.filter(sha256__in=names).values_list("sha256", flat=True)) if names else set()
        for path in old:
            if path.name.startswith(".new-") or path.name in names - known:
                yield path


def ask_apps(now: datetime) -> None:
    """What an app that keeps its own house does every hour: nobody imports it, so it is asked by its config."""
    for config in apps.get_app_configs():
        duty: Callable[[datetime], object] | None = getattr(config, "every_hour", None)
        if duty is not None:
            duty(now)


def say_alive(role: str, *, now: datetime | None = None) -> None:
    """What apps note of a process of a server (`role`: web or worker): when it starts, and every hour. No request does
    it: it costs them nothing."""
    for config in apps.get_app_configs():
        saying: Callable[[str, datetime], object] | None = getattr(config, "say_alive", None)
        if saying is not None:
            saying(role, now or timezone.now())


def forget_ended() -> None:
    """What apps note of processes of this machine that have ended: when a server stops."""
    for config in apps.get_app_configs():
        forgetting: Callable[[], object] | None = getattr(config, "forget_ended", None)
        if forgetting is not None:
            forgetting()


#: In this order; each is told the moment.
HOURLY: tuple[Callable[[datetime], object], ...] = (
    lambda now: say_alive("worker", now=now),
    lambda now: tidy(now=now),
    schedule.ask_when_due,
    rights_reminders.send_digests,
    reminders.send_digests,
    forget_results,
    drafts.forget_old,
    exports.forget_old,
    uploads.forget_old,
    lambda now: weekly.make_due(now=now),
    lambda _now: weekly.draw_missing(),
    lambda now: activities.purge(now=now),
    lambda now: evidence.purge(now=now),
    evidence_photos.follow_missed,
    lambda now: reactions.forget_unopened(now=now),
    photos.ask_for_missed,
    looking.ask_missed,
    lambda now: forget_unclaimed(now=now),
    recaps.forget_waiting,
    publication_register.complete,
    restrictions.complete,
    hand_overs.publish_due,
    published_measures.take_all,
    forget_answered,
    ask_apps,
)
