"""Long work: one row that says how far it is, whoever does it and whether they are still alive."""

import uuid
from datetime import datetime, timedelta

from django.db import models
from django.utils import timezone

from selaras.models.people import User

#: A running job whose heartbeat is older than this has lost its worker; another may take it.
LEASE = timedelta(seconds=60)


class JobState(models.TextChoices):
    QUEUED = "queued", "menunggu"
    RUNNING = "running", "berjalan"
    DONE = "done", "selesai"
    FAILED = "failed", "gagal"


class Job(models.Model):
    """Progress of one piece of long work. `params` holds ids only: what is personal stays in its own table."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=40)
    params = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=JobState.choices, default=JobState.QUEUED)
    done = models.PositiveBigIntegerField(default=0)
    total = models.PositiveBigIntegerField(null=True, help_text="NULL until it is known")
    note = models.CharField(max_length=300, blank=True, help_text="shown to people, Indonesian")
    created_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="jobs")
    created_at = models.DateTimeField(default=timezone.now)
    leased_by = models.CharField(max_length=64, blank=True)
    heartbeat_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["state", "kind"], name="job_by_state")]

    def __str__(self) -> str:
        return f"{self.kind} {self.state} {self.done}/{self.total}"

    @property
    def is_over(self) -> bool:
        return self.state in {JobState.DONE, JobState.FAILED}

    def is_abandoned(self, now: datetime) -> bool:
        """Running, yet nobody has said so within the lease."""
        if self.state != JobState.RUNNING:
            return False
        return self.heartbeat_at is None or now - self.heartbeat_at > LEASE


class Worker(models.Model):
    """A process that takes jobs and seals the audit; `doctor` asks when it was last seen."""

    name = models.CharField(max_length=64, primary_key=True)
    started_at = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.name
