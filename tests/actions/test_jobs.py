"""Long work: done once, by one at a time, and taken over from whoever died."""

from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from selaras.access import CONSOLE
from selaras.actions.jobs import (
    RESULTS_KEPT,
    JobFailedError,
    LeaseLostError,
    Progress,
    do,
    enqueue,
    enqueue_once,
    forget_results,
    lease,
    run,
    take_over,
    work_off,
)
from selaras.errors import InputError, Problem
from selaras.models import Job, JobState
from tests.build_programme import families_file, family, programme, receive

pytestmark = pytest.mark.django_db


def scoring(**params: int) -> Job:
    of = programme()
    return enqueue(by=CONSOLE, kind="scoring.score", round=of.round.pk, **params)


def test_a_job_is_leased_by_one_at_a_time() -> None:
    job = scoring()
    with lease(job.pk) as first, lease(job.pk) as second:
        assert first is not None
        assert second is None
    job.refresh_from_db()
    assert job.state == JobState.DONE
    assert run.call(job.pk) == "taken"


def test_an_error_of_ours_becomes_the_note_of_a_failed_job() -> None:
    job = scoring()
    with lease(job.pk):
        raise InputError(Problem("import.busy"))
    job.refresh_from_db()
    assert (job.state, job.note) == (
        JobState.FAILED,
        "impor lain untuk lokus ini sedang berjalan; tunggu sampai selesai, lalu coba lagi",
    )


def test_a_fault_fails_the_job_and_is_raised_for_the_log() -> None:
    job = scoring()
    with pytest.raises(ZeroDivisionError), lease(job.pk):
        raise ZeroDivisionError
    job.refresh_from_db()
    assert job.state == JobState.FAILED


def test_what_the_queue_keeps_of_a_fault_quotes_nothing_and_goes_after_a_fortnight() -> None:
    job = enqueue(by=CONSOLE, kind="exports.make", export="Eni Rahasia")
    with pytest.raises(ValidationError, match="Eni Rahasia"):
        do(job.pk)
    Job.objects.update(state=JobState.QUEUED)
    with pytest.raises(JobFailedError) as failed:
        run.call(job.pk)
    result = DBTaskResult.objects.get()
    result.set_failed(failed.value)
    assert ("Eni" in result.traceback, result.traceback.splitlines()[-1]) == (
        False, f"selaras.actions.jobs.JobFailedError: {job.pk}",
    )  # fmt: skip
    assert result.finished_at is not None
    for after, left in ((RESULTS_KEPT, 1), (RESULTS_KEPT + timedelta(seconds=1), 0)):
        forget_results(result.finished_at + after)
        assert (DBTaskResult.objects.count(), Job.objects.count()) == (left, 1)


def test_a_silent_job_is_taken_over_and_its_first_worker_stops() -> None:
    job = scoring()
    with lease(job.pk) as progress:
        assert progress is not None
        Job.objects.filter(pk=job.pk).update(heartbeat_at=timezone.now() - timedelta(minutes=5))
        DBTaskResult.objects.update(status="RUNNING")
        assert take_over() == 1
        assert set(DBTaskResult.objects.values_list("status", flat=True)) == {"FAILED", "READY"}
        with pytest.raises(LeaseLostError):
            progress.say(1, now=True)
    job.refresh_from_db()
    assert job.state == JobState.QUEUED
    assert work_off() == 1
    job.refresh_from_db()
    assert job.state == JobState.DONE


def test_a_job_of_a_dead_process_need_not_wait_for_its_lease() -> None:
    job = scoring()
    with lease(job.pk) as progress:
        assert progress is not None
        host = progress.job.leased_by.rpartition(":")[0]
        Job.objects.filter(pk=job.pk).update(leased_by=f"{host}:999999999")
        assert take_over() == 1


def test_a_living_job_is_left_alone() -> None:
    job = scoring()
    with lease(job.pk):
        assert take_over() == 0


def test_one_waiting_job_of_a_kind_is_enough() -> None:
    of = programme()
    with transaction.atomic():
        first = enqueue_once(by=None, kind="scoring.score", round=of.round.pk)
        assert enqueue_once(by=None, kind="scoring.score", round=of.round.pk) == first
        assert enqueue_once(by=None, kind="scoring.score", round=of.round.pk + 1) != first


def test_progress_is_seen_while_the_work_goes_on() -> None:
    of = programme()
    receive(of, families_file([family("GD-001", 1, "cemplung", 1)]))
    job = Job.objects.get(kind="imports.check")
    assert (job.state, job.done, job.total) == (JobState.DONE, 1, 1)


def test_progress_is_written_at_most_every_few_seconds() -> None:
    job = scoring()
    with time_machine.travel(timezone.now(), tick=False), lease(job.pk) as progress:
        assert isinstance(progress, Progress)
        progress.say(1, 9)
        assert Job.objects.get(pk=job.pk).done == 0
        progress.say(2, 9, now=True)
        assert (Job.objects.get(pk=job.pk).done, Job.objects.get(pk=job.pk).total) == (2, 9)
