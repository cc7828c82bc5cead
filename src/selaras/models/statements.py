"""What became of a family, as the office was told: moved away, died, not willing, not found, or there again."""

import uuid

from django.db import models
from django.utils import timezone

from selaras.models.households import Household
from selaras.models.people import User


class FamilyState(models.TextChoices):
    """Where a family is. The values are those of `Outcome`: a cadre's visit says the same. HERE ends the others."""

    MOVED = "pindah", "pindah"
    DIED = "meninggal", "meninggal, tidak ada anggota lain"
    REFUSED = "menolak", "tidak bersedia"
    NOT_FOUND = "tidak_ditemukan", "tidak ditemukan"
    HERE = "ada", "masih ada"


class Statement(models.Model):
    """That somebody of the office said what became of a family, `on` which day it was so.

    The newest that has not been taken back holds, unless a later visit tells otherwise: see `queries.statements`.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    household = models.ForeignKey(Household, models.PROTECT, related_name="statements", db_index=False)
    state = models.CharField(max_length=16, choices=FamilyState.choices)
    on = models.DateField()
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False)
    at = models.DateTimeField(default=timezone.now)
    taken_back_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False)
    taken_back_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["household", "-at"], name="statements_of_family")]

    def __str__(self) -> str:
        return f"{self.household_id} {self.state}"


class Split(models.Model):
    """That a family became two (*pecah KK*): which members left `old` and are `new` since. Undone, it is one again.

    `moved` holds ids, never a value.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    old = models.ForeignKey(Household, models.PROTECT, related_name="splits")
    new = models.OneToOneField(Household, models.PROTECT, related_name="split_from")
    on = models.DateField()
    moved = models.JSONField(default=dict)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False)
    at = models.DateTimeField(default=timezone.now)
    undone_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False)
    undone_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.old_id} -> {self.new_id}"
