"""Beside photos that are evidence: what a public copy hides, as a person decided, and the copy itself."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from selaras.models.evidence import Evidence
from selaras.models.files import StoredFile
from selaras.models.people import User


class Blur(models.Model):
    """One photo on its way to those outside the office.

    `work` is the photo as a person looks at it: upright, at most 1600 points wide, without metadata; NULL where nothing
    could be drawn of it, and then it never goes out. `proposed` are what the detector took for faces, `regions` what
    the person hid, both as [left, top, width, height] in points of `work`; the fifth number of a proposal is how sure
    the detector was, of 100. `detector` is '' where none was at hand. `public` is there only while `confirmed_at` is:
    the copy with the regions filled, or the whole picture where `nobody` is on it. Both files are sealed under the
    evidence's key, so that they end with it.
    """

    evidence = models.OneToOneField(Evidence, models.CASCADE, related_name="blur", primary_key=True)
    work = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
    proposed = models.JSONField(default=list)
    detector = models.CharField(max_length=60, blank=True)
    looked_at = models.DateTimeField(default=timezone.now)
    regions = models.JSONField(default=list)
    nobody = models.BooleanField(default=False)
    public = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    confirmed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False)
    confirmed_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(public__isnull=True, confirmed_at__isnull=True, nobody=False)
                | Q(public__isnull=False, confirmed_at__isnull=False),
                name="public_copy_is_confirmed",
            ),
        ]
        indexes = [
            models.Index(fields=["looked_at"], condition=Q(confirmed_at__isnull=True), name="blurs_unconfirmed"),
        ]

    def __str__(self) -> str:
        return f"{self.evidence_id}"
