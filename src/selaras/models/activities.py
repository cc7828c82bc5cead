"""What was done, light: one photo, one number, who came by sex, age and disability, which commitments it served."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone

from selaras.models.cycles import Cycle, Lokus
from selaras.models.files import StoredFile
from selaras.models.households import Household
from selaras.models.keys import DataKey
from selaras.models.people import Agency, User
from selaras.models.plans import Commitment


class Activity(models.Model):
    """One activity. `uuid` comes from whoever reports it, so that sending twice is one.

    `attended` counts people: {"P": {"anak": 3, "dewasa": 20, "lansia": 4}, "L": {…}, "difabel": 2}; never names. The
    photo is sealed under the activity's own key: people are on it. `deleted_at` hides it; a day later it is gone.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True)
    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="activities")
    lokus = models.ForeignKey(Lokus, models.PROTECT, related_name="activities")
    agency = models.ForeignKey(Agency, models.PROTECT, null=True, related_name="activities")
    title = models.CharField(max_length=200)
    on = models.DateField()
    venue = models.CharField(max_length=200, blank=True)
    quantity = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    unit = models.CharField(max_length=40, blank=True)
    attended = models.JSONField(default=dict)
    photo = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    key = models.ForeignKey(DataKey, models.PROTECT, null=True, related_name="activities")
    reported_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="activities")
    reported_at = models.DateTimeField(default=timezone.now)
    deleted_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)
    commitments = models.ManyToManyField(Commitment, related_name="activities")
    households = models.ManyToManyField(Household, related_name="activities")

    class Meta:
        ordering = ("cycle", "-on", "-id")
        verbose_name_plural = "activities"
        constraints = [
            # What is kept without a key is nobody's alone: whoever destroys the photo would find other files there.
            models.CheckConstraint(
                condition=Q(photo__isnull=True, key__isnull=True) | Q(photo__isnull=False, key__isnull=False),
                name="activity_photo_has_its_key",
            ),
        ]

    def __str__(self) -> str:
        return self.title
