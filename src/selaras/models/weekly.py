"""The Monday page, and messages that went out: what was said, when, once."""

import uuid

from django.db import models
from django.utils import timezone

from selaras.models.cycles import Cycle
from selaras.models.files import StoredFile
from selaras.models.people import User


class WeeklyPage(models.Model):
    """One Monday of a year, as it was made: figures, the head of the audit's chain, and its files.

    Whoever has its address may read it (`uuid` is 122 random bits): no family can be recognised on it.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="weekly_pages")
    monday = models.DateField()
    figures = models.JSONField()
    head = models.CharField(max_length=64)
    pdf = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    png = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("cycle", "-monday")
        constraints = [models.UniqueConstraint(fields=["cycle", "monday"], name="one_page_a_monday")]

    def __str__(self) -> str:
        return f"{self.cycle_id} {self.monday}"


class Digest(models.Model):
    """That somebody was reminded on a day: never more than once."""

    user = models.ForeignKey(User, models.CASCADE, related_name="digests")
    day = models.DateField()
    by_mail = models.BooleanField(default=False)
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "day"], name="one_digest_a_day")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.day}"
