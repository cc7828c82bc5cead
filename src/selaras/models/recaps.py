"""Recaps of reports of violence by those who hold the cases, and what of them was published.

A recap is counts, never cases. Its figures are sealed until the protection officer has decided, and destroyed then:
what stays is what was published, in which every small count, and what would give one away, is withheld.
"""

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_noop as _

from selaras.models.keys import DataKey
from selaras.models.people import User
from selaras.models.places import AREA


class RecapState(models.TextChoices):
    WAITING = "waiting", _("menunggu keputusan")
    PUBLISHED = "published", _("diterbitkan")
    DECLINED = "declined", _("tidak diterbitkan")
    LAPSED = "lapsed", _("dihapus karena terlalu lama menunggu")


class PublicationKind(models.TextChoices):
    """REPORTS: who reported, by the recap of those who hold the cases. HAND_OVERS: how fast the tickets of the
    locked room went their way."""

    REPORTS = "reports", _("laporan")
    HAND_OVERS = "hand_overs", _("rujukan")


class Recap(models.Model):
    """One recap of a city's year, as it was brought in. `figures` is its counts as JSON, sealed by `key`.

    NULL once it was decided: nobody needs them any more, the holder of the cases has them.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    place_code = models.CharField(max_length=AREA, help_text="the city")
    year = models.PositiveSmallIntegerField(help_text="that the reports are of")
    source = models.CharField(max_length=300, help_text="SIMFONI PPA, rekap tahunan UPTD PPA")
    as_of = models.DateField(help_text="the day on which the holder of the cases counted")
    women_source = models.CharField(max_length=300, blank=True, help_text="of the women per kecamatan, where given")
    tables = models.PositiveSmallIntegerField()
    counts = models.PositiveIntegerField()
    key = models.ForeignKey(DataKey, models.PROTECT, related_name="+", db_index=False)
    figures = models.BinaryField(null=True)
    state = models.CharField(max_length=10, choices=RecapState.choices, default=RecapState.WAITING)
    reason = models.CharField(max_length=20, blank=True, help_text="why it was not published, of a closed list")
    imported_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False)
    imported_at = models.DateTimeField(default=timezone.now)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("place_code", "-year", "-imported_at")
        indexes = [models.Index(fields=["place_code", "state"], name="recaps_of_a_city")]
        constraints = [
            models.CheckConstraint(condition=~Q(source=""), name="recap_has_a_source"),
            models.CheckConstraint(
                condition=Q(state="waiting", figures__isnull=False) | ~Q(state="waiting") & Q(figures__isnull=True),
                name="decided_recap_has_no_figures",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.place_code} {self.year}"


class Publication(models.Model):
    """What everybody may read of a city's year from then on. Never edited; a later one of the same year follows it.

    `cells` is a list of [area, period, unit, dimension, category, count], the count NULL where it is withheld;
    `women` how many women live in each area, by its code. What was once published is known for good: the next
    publication of the year counts it among what an attacker knows.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=10, choices=PublicationKind.choices)
    recap = models.OneToOneField(Recap, models.PROTECT, null=True, related_name="publication")
    place_code = models.CharField(max_length=AREA, help_text="the city")
    year = models.PositiveSmallIntegerField()
    number = models.PositiveSmallIntegerField(help_text="1 for the first of the city, kind and year")
    source = models.CharField(max_length=300)
    as_of = models.DateField()
    women_source = models.CharField(max_length=300, blank=True)
    women = models.JSONField(default=dict)
    threshold = models.PositiveSmallIntegerField()
    cells = models.JSONField(default=list)
    published_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False)
    published_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("place_code", "kind", "year", "number")
        constraints = [
            models.UniqueConstraint(fields=["place_code", "kind", "year", "number"], name="one_publication_a_number"),
            models.CheckConstraint(condition=Q(threshold__gte=5), name="threshold_upward_only"),
            models.CheckConstraint(condition=~Q(source=""), name="publication_has_a_source"),
        ]

    def __str__(self) -> str:
        return f"{self.place_code} {self.kind} {self.year} #{self.number}"
