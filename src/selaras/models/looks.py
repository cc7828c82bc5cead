"""How the pictures of a city look, and which of them show the same shot."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from selaras.models.arrivals import ArrivalFile
from selaras.models.evidence import Evidence
from selaras.models.places import Place


class PictureLook(models.Model):
    """How one picture looks, in 64 bits a view: the whole, the whole mirrored, then windows of it (reports/likeness).

    Of a photo that is evidence, or that a phone sent. NULL `views` where nothing could be drawn of it, or where it is
    so plain that all such look alike. They are compared within `place`, the city. Says nothing of who is on it, goes
    with its picture, and can be made again from it.
    """

    evidence = models.OneToOneField(Evidence, models.CASCADE, null=True, related_name="look")
    file = models.OneToOneField(ArrivalFile, models.CASCADE, null=True, related_name="look")
    place = models.ForeignKey(Place, models.PROTECT, related_name="+")
    views = models.BinaryField(null=True)
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(evidence__isnull=False, file__isnull=True) | Q(evidence__isnull=True, file__isnull=False),
                name="look_is_of_one_picture",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.evidence_id or ''} {self.file_id or ''}".strip()


class Reused(models.TextChoices):
    """How one picture is another."""

    COPY = "copy", "salinan persis"
    ALIKE = "alike", "disimpan ulang"
    CROPPED = "cropped", "dipotong"
    MIRRORED = "mirrored", "dicerminkan"
    BOTH = "both", "dicerminkan dan dipotong"


class PictureMatch(models.Model):
    """Two pictures that are one shot: `later` was looked at after `earlier`; at least one of them is evidence.

    `how` says what was done to one of them, `closeness` how well they fit when laid over each other, of 1.
    """

    later = models.ForeignKey(PictureLook, models.CASCADE, related_name="matches", db_index=False)
    earlier = models.ForeignKey(PictureLook, models.CASCADE, related_name="matched_by")
    how = models.CharField(max_length=10, choices=Reused.choices)
    closeness = models.FloatField()
    found_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["later", "earlier"], name="one_match_a_pair")]

    def __str__(self) -> str:
        return f"{self.later_id} {self.earlier_id} {self.how}"
