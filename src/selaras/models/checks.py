"""What a supervisor may want to look at again in a filled form: signals that explain themselves, never a verdict."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone

from selaras.models.cycles import Lokus
from selaras.models.people import User
from selaras.models.submissions import Submission


class CheckKind(models.TextChoices):
    CONSTRAINT = "constraint", "di luar aturan isian"
    NOT_ASKED = "not_asked", "terisi padahal tidak ditanyakan"
    FAST = "fast", "sangat cepat"
    STRAIGHT = "straight", "jawaban seragam"
    PLACE = "place", "titik peta sama"
    HEAPED = "heaped", "angka dibulatkan"
    PHOTO = "photo", "foto dipakai lagi"


class Check(models.Model):
    """One signal about one submission. `field` names the question, '' where it is about the whole form; `row` the
    1-based row of a repeat. `facts` are counts that explain it and never an answer. Once somebody has looked
    (`seen_by`) it is kept and not shown among the open ones."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    submission = models.ForeignKey(Submission, models.CASCADE, related_name="checks", db_index=False)
    lokus = models.ForeignKey(Lokus, models.PROTECT, related_name="checks", db_index=False)
    kind = models.CharField(max_length=12, choices=CheckKind.choices)
    field = models.CharField(max_length=80, blank=True)
    row = models.PositiveSmallIntegerField(default=0, help_text="0 for the family itself")
    facts = models.JSONField(default=dict)
    found_at = models.DateTimeField(default=timezone.now)
    seen_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False)
    seen_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["submission", "kind", "field", "row"], name="one_check_a_signal"),
        ]
        indexes = [
            models.Index(fields=["lokus", "-found_at"], condition=Q(seen_at__isnull=True), name="checks_open"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.field}".strip()
