"""Long work: enqueued in the caller's transaction, leased by whoever does it, taken over when that worker dies.

The Job row is the truth; a task of the queue only says "look at job 17". So a task may come twice, or be lost with its
worker, and nothing is done twice or forgotten: `lease` lets one in, and `take_over` enqueues what was abandoned.
"""

import logging
import os
import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.module_loading import import_string
from django_tasks import task
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from selaras.access import Actor
from selaras.errors import SelarasError
from selaras.models import Job, JobState, User, Worker
from selaras.models.jobs import LEASE

log = logging.getLogger("selaras")

#: kind -> the function that does it, by its dotted path: it is loaded by the worker alone.
KINDS: Mapping[str, str] = {
    "blurring.look": "selaras.actions.looking.look",
    "dossiers.annex": "selaras.actions.dossiers.rewrite",
    "dossiers.freeze": "selaras.actions.dossiers.make",
    "duplicates.find": "selaras.actions.duplicates.find",
    "evidence.measure": "selaras.actions.evidence_points.measure_again",
    "exports.make": "selaras.actions.exports.make",
    "imports.check": "selaras.actions.importing.checking.check",
    "imports.publish": "selaras.actions.importing.publishing.publish",
    "imports.undo": "selaras.actions.importing.undoing.undo",
    "imports.tidy": "selaras.actions.importing.publishing.tidy",
    "needs.follow": "selaras.actions.needs.follow_lokus",
    "photos.look": "selaras.actions.photos.look_at_photos",
    "places.load": "selaras.actions.places.load_job",
    "rights.retire": "selaras.actions.retirement.retire",
    "scoring.score": "selaras.actions.scoring.score_dirty",
    "server.backup": "selaras.actions.backups.daily.back_up_today",
    "weekly.draw": "selaras.actions.weekly.draw",
}
#: How long the queue's own rows of ended tasks stay.
RESULTS_KEPT = timedelta(days=14)
#: A heartbeat more often than this only costs a transaction.
HEARTBEAT = timedelta(seconds=5)


@dataclass(slots=True)
class Progress:
    """The leased job, for its function: say how far it is, and thereby that the worker lives."""

    job: Job
    _said: datetime = field(default_factory=timezone.now)

    def say(self, done: int, total: int | None = None, *, note: str | None = None, now: bool = False) -> None:
        """Write progress, at most every HEARTBEAT unless `now`. Raises LeaseLostError when another took the job."""
        moment = timezone.now()
        self.job.done = done
        self.job.total = total if total is not None else self.job.total
        self.job.note = self.job.note if note is None else note
        if not now and moment - self._said < HEARTBEAT:
            return
        self._said = moment
        mine = Job.objects.filter(pk=self.job.pk, state=JobState.RUNNING, leased_by=self.job.leased_by)
        if not mine.update(done=done, total=self.job.total, note=self.job.note, heartbeat_at=moment):
            raise LeaseLostError(self.job.pk)


class JobFailedError(Exception):
    """A job failed by a fault, told by the number of its row alone: the queue keeps what it is told, for ever, and a
    database's own error quotes the row that it refused. The fault itself is in the log."""


class LeaseLostError(Exception):
    """Another worker has taken the job because this one was silent for too long: stop at once."""


def worker_name() -> str:
    """`host:pid`, as jobs are leased by."""
    return f"{socket.gethostname()[:40]}:{os.getpid()}"


def enqueue(*, by: Actor | None, kind: str, total: int | None = None, **params: Any) -> Job:
    """A new job, in the caller's transaction. `params` are ids only."""
    job = Job.objects.create(kind=kind, params=params, total=total, created_by=by if isinstance(by, User) else None)
    run.enqueue(job.pk)
    return job


def enqueue_once(*, by: Actor | None, kind: str, **params: Any) -> Job:
    """As `enqueue`, but a job of the same kind and params that still waits is enough."""
    waiting = Job.objects.filter(kind=kind, params=params, state=JobState.QUEUED).order_by("id").first()
    return waiting or enqueue(by=by, kind=kind, **params)


@task()
def run(job_id: int) -> str:
    """What the queue calls: do the job if it is free; its state afterwards. Raises JobFailedError."""
    try:
        return do(job_id)
    except Exception:
        log.exception("pekerjaan %s gagal", job_id)
    raise JobFailedError(job_id)


def do(job_id: int) -> str:
    """The job if it is free; its state afterwards, `taken` where it is not."""
    with lease(job_id) as progress:
        if progress is None:
            return "taken"
        function: Callable[[Progress], None] = import_string(KINDS[progress.job.kind])
        function(progress)
    return Job.objects.values_list("state", flat=True).get(pk=job_id)


@contextmanager
def lease(job_id: int) -> Iterator[Progress | None]:
    """Hold the job while the block runs; None where it is over or another works on it.

    An error of ours makes it FAILED with the problem as note; any other error too, and is raised again for the log.
    """
    now = timezone.now()
    free = Q(state=JobState.QUEUED) | Q(state=JobState.RUNNING, heartbeat_at__lt=now - LEASE)
    # One UPDATE with its condition: of two workers at once, one changes no row.
    if not Job.objects.filter(free, pk=job_id).update(
        state=JobState.RUNNING, leased_by=worker_name(), heartbeat_at=now
    ):
        yield None
        return
    job = Job.objects.get(pk=job_id)
    try:
        yield Progress(job)
    except LeaseLostError:
        log.warning("pekerjaan %s diambil pekerja lain", job_id)
    except SelarasError as error:
        _finish(job, JobState.FAILED, "; ".join(str(problem) for problem in error.problems))
    except Exception:
        _finish(job, JobState.FAILED, "terjadi kesalahan di server; rinciannya ada di log")
        raise
    else:
        _finish(job, JobState.DONE, job.note)


def _finish(job: Job, state: JobState, note: str) -> None:
    Job.objects.filter(pk=job.pk, leased_by=job.leased_by).update(
        state=state, note=note[:300], done=job.done, total=job.total, finished_at=timezone.now()
    )


def take_over(*, now: datetime | None = None) -> int:
    """Put back into the queue what dead workers left behind; how many. The worker calls it now and then.

    A job is left behind when it is running without a heartbeat, or waits without a task in the queue.
    """
    now = now or timezone.now()
    _free_the_dead()
    silent = Q(heartbeat_at__isnull=True) | Q(heartbeat_at__lt=now - LEASE)
    abandoned = Q(state=JobState.RUNNING) & silent | Q(state=JobState.QUEUED, created_at__lt=now - LEASE)
    ids = set(Job.objects.filter(abandoned).values_list("pk", flat=True))
    if not ids:
        return 0
    with transaction.atomic():
        # Whoever was merely slow finds at its next word that the job is no longer hers.
        Job.objects.filter(pk__in=ids, state=JobState.RUNNING).update(state=JobState.QUEUED, leased_by="")
        for result in DBTaskResult.objects.filter(status=TaskResultStatus.RUNNING, task_path=_PATH):
            if result.args_kwargs["args"][0] in ids:
                result.status, result.finished_at = TaskResultStatus.FAILED, now
                result.save(update_fields=["status", "finished_at"])
        waiting = DBTaskResult.objects.filter(status=TaskResultStatus.READY, task_path=_PATH)
        for job_id in sorted(ids - {result.args_kwargs["args"][0] for result in waiting}):
            run.enqueue(job_id)
    return len(ids)


def forget_results(now: datetime) -> None:
    """Drop what the queue keeps of tasks that ended long ago; the jobs' own rows stay. Called hourly."""
    DBTaskResult.objects.filter(task_path=_PATH, finished_at__lt=now - RESULTS_KEPT).delete()


_PATH = f"{__name__}.run"


def _free_the_dead() -> None:
    """A job leased by a process of this very host that is no more need not wait for its lease to run out."""
    host = worker_name().rpartition(":")[0]
    for job in Job.objects.filter(state=JobState.RUNNING, leased_by__startswith=f"{host}:"):
        number = job.leased_by.rpartition(":")[2]
        if number.isdigit() and not _lives(int(number)):
            Job.objects.filter(pk=job.pk, leased_by=job.leased_by).update(heartbeat_at=None)


def is_gone(name: str) -> bool:
    """Whether that is a process of this very host, as `worker_name` calls it, which is no more."""
    host, _, number = name.rpartition(":")
    return host == worker_name().rpartition(":")[0] and number.isdigit() and not _lives(int(number))


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def work_off() -> int:
    """Do everything that waits, here and now, oldest first; how many jobs. For the demo, the console and tests."""
    count = 0
    while job_id := Job.objects.filter(state=JobState.QUEUED).order_by("id").values_list("pk", flat=True).first():
        do(job_id)
        count += 1
    return count


def seen(name: str, *, now: datetime | None = None) -> None:
    """The worker `name` lives; those not seen for a day are forgotten."""
    now = now or timezone.now()
    Worker.objects.update_or_create(name=name, defaults={"seen_at": now})
    Worker.objects.filter(seen_at__lt=now - timedelta(days=1)).delete()
