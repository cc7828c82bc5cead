"""Beside photos that phones sent: what each looks like, and what its family lets it be used for."""

from django.db import models
from django.utils import timezone

from selaras.models.arrivals import Arrival, ArrivalFile
from selaras.models.cycles import Cycle
from selaras.models.households import Household
from selaras.models.people import User


class PhotoUse(models.TextChoices):
    """What a family may let a photo be used for, besides checking what came."""

    JURY = "juri", "dilihat tim juri"
    REPORT = "laporan", "dimuat dalam laporan"
    PUBLIC = "publik", "ditampilkan kepada umum"


class PhotoPrint(models.Model):
    """How a photo looks, in 64 bits: alike photos differ in few of them (imagehash.phash, as a signed number).

    NULL where nothing could be drawn of it; then only a copy byte for byte is found. Says nothing of who is on it, goes
    with its file, and can be made again from it.
    """

    file = models.OneToOneField(ArrivalFile, models.CASCADE, related_name="print", primary_key=True)
    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="photo_prints")
    phash = models.BigIntegerField(null=True)
    made_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.file_id}"


class PhotoConsent(models.Model):
    """What a family said of its photos, or of one of them (`file`): never changed, the newest row holds.

    `uses` are of PhotoUse; none is a no to all. `arrival` is the form in which it was said, NULL where the office wrote
    it down; who said so is `by`, NULL where the word was brought back after an older backup. What was said of one photo
    narrows what holds for all, and never widens it.
    """

    household = models.ForeignKey(Household, models.PROTECT, related_name="photo_consents", db_index=False)
    file = models.ForeignKey(ArrivalFile, models.CASCADE, null=True, related_name="consents")
    uses = models.JSONField(default=list)
    arrival = models.ForeignKey(Arrival, models.CASCADE, null=True, related_name="photo_consents")
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["household", "-at"], name="photo_consents_of_family")]

    def __str__(self) -> str:
        return f"{self.household_id} {' '.join(self.uses)}"
