"""Families that may stand twice in the registry, what a person said of them, and what became of two that are one."""

import uuid

from django.db import models
from django.utils import timezone

from selaras.models.cycles import Lokus
from selaras.models.households import Household
from selaras.models.people import User
from selaras.models.targets import TargetDecision


class DuplicateAnswer(models.TextChoices):
    """What a pair is. One that nobody has answered yet is ''."""

    ONE = "one", "satu keluarga"
    TWO = "two", "dua keluarga"
    HOUSE = "house", "satu rumah, dua keluarga"


class Duplicate(models.Model):
    """Two families that look like one. `weight` is in bits, `levels` says how alike each thing is, and no value.

    `one` is the older row. A pair that was answered is not asked again, whatever is found later. One that a person put
    side by side (`proposed_by`) stays until it is answered, whether or not a comparison finds it too.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    one = models.ForeignKey(Household, models.CASCADE, related_name="+")
    other = models.ForeignKey(Household, models.CASCADE, related_name="+")
    weight = models.FloatField()
    levels = models.JSONField(default=dict)
    found_at = models.DateTimeField(default=timezone.now)
    proposed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False)
    answer = models.CharField(max_length=6, choices=DuplicateAnswer.choices, blank=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["one", "other"], name="one_row_a_pair"),
            models.CheckConstraint(condition=models.Q(one__lt=models.F("other")), name="pair_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.one_id} {self.other_id} {self.answer or '?'}"


class Comparing(models.Model):
    """When the families of a lokus were last compared, and as what: `stamp` is another once any of them is."""

    lokus = models.OneToOneField(Lokus, models.CASCADE, related_name="comparing")
    stamp = models.CharField(max_length=80)
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.lokus_id} {self.stamp}"


class Merge(models.Model):
    """That one family was found to be another, and all that this moved: its undoing reads nothing else.

    While it holds, `gone` has this row's `uuid` as `pending`, so that it is in nobody's view; its own rows stay as they
    were. `moved` holds ids and names of fields, never a value of a family.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kept = models.ForeignKey(Household, models.PROTECT, related_name="merges")
    gone = models.ForeignKey(Household, models.PROTECT, related_name="merged_by", db_index=False)
    decision = models.OneToOneField(TargetDecision, models.PROTECT, null=True, related_name="merge")
    moved = models.JSONField(default=dict)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False)
    at = models.DateTimeField(default=timezone.now)
    undone_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["gone"], condition=models.Q(undone_at__isnull=True), name="one_open_merge_a_family"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.gone_id} -> {self.kept_id}"
