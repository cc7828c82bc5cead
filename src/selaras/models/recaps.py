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
    locked room went their way. SUPERSEDED: hand-overs that came out anew, from before each period came out once."""

    REPORTS = "reports", _("laporan")
    HAND_OVERS = "hand_overs", _("rujukan")
    SUPERSEDED = "superseded", _("rujukan, terbitan yang sudah diganti")


class PublicationPart(models.TextChoices):
    """FIRST: who was received and passed on in time. FOLLOW_UP: of the same period, once three months are over."""

    FIRST = "first", _("diterima dan diteruskan")
    FOLLOW_UP = "follow_up", _("ditindaklanjuti setelah tiga bulan")


class Every(models.TextChoices):
    """How long a period of hand-overs is; the longer, the fewer counts are below the threshold."""

    QUARTER = "quarter", _("tiap triwulan")
    HALF = "half", _("tiap semester")
    YEAR = "year", _("tiap tahun")


class PublicationRule(models.Model):
    """By which rule counts of a city's year are published: fixed before the year begins, whatever its counts are.

    Who publishes holds its row, so that of two publications of a year the later knows the earlier.
    """

    place_code = models.CharField(max_length=AREA, help_text="the city")
    year = models.PositiveSmallIntegerField()
    threshold = models.PositiveSmallIntegerField(default=5)
    every = models.CharField(max_length=8, choices=Every.choices, default=Every.HALF)
    set_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False)
    set_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("place_code", "year")
        constraints = [
            models.UniqueConstraint(fields=["place_code", "year"], name="one_rule_a_year"),
            models.CheckConstraint(condition=Q(threshold__gte=5), name="rule_upward_only"),
        ]

    def __str__(self) -> str:
        return f"{self.place_code} {self.year} {self.every} {self.threshold}"


class Unpublished(models.Model):
    """That the city chose not to publish a period's hand-overs, or no follow-up of them. Final, like publishing."""

    place_code = models.CharField(max_length=AREA, help_text="the city")
    year = models.PositiveSmallIntegerField()
    period = models.CharField(max_length=2, blank=True, help_text="h1, h2, q1…q4; '' is the year")
    reason = models.CharField(max_length=20, help_text="of a closed list")
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("place_code", "year", "period")
        constraints = [
            models.UniqueConstraint(fields=["place_code", "year", "period"], name="one_no_a_period"),
        ]

    def __str__(self) -> str:
        return f"{self.place_code} {self.year} {self.period}"


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
    """What everybody may read of a city's year from then on. Never edited and never renewed: a later one of the year
    is of other periods.

    `cells` is a list of [area, period, unit, dimension, category, count], the count NULL where it is withheld;
    `women` how many women live in each area, by its code. Of hand-overs `period` and `part` say what of them it is.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=10, choices=PublicationKind.choices)
    recap = models.OneToOneField(Recap, models.PROTECT, null=True, related_name="publication")
    place_code = models.CharField(max_length=AREA, help_text="the city")
    year = models.PositiveSmallIntegerField()
    number = models.PositiveSmallIntegerField(help_text="1 for the first of the city, kind and year")
    period = models.CharField(max_length=2, blank=True, help_text="of hand-overs: h1, h2, q1…q4; '' is the year")
    part = models.CharField(max_length=10, choices=PublicationPart.choices, default=PublicationPart.FIRST)
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
            models.UniqueConstraint(
                fields=["place_code", "year", "period", "part"],
                condition=Q(kind="hand_overs"),
                name="hand_overs_come_out_once",
            ),
            models.CheckConstraint(condition=Q(threshold__gte=5), name="threshold_upward_only"),
            models.CheckConstraint(condition=~Q(source=""), name="publication_has_a_source"),
        ]

    def __str__(self) -> str:
        return f"{self.place_code} {self.kind} {self.year} #{self.number}"
