"""What a finding changed: for women and for children apart, what was decided, and by which figures it is looked at."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_noop as _

from selaras.models.cycles import Cycle, Lokus, Round
from selaras.models.people import Agency, User
from selaras.models.places import AREA


class Audience(models.TextChoices):
    WOMEN = "women", _("perempuan")
    CHILDREN = "children", _("anak")


class FindingSource(models.TextChoices):
    """Who found it. A jury's is never overwritten by the city's own."""

    JURY = "jury", _("juri")
    GLADI = "gladi", _("gladi")
    OWN = "own", _("kota sendiri")


class Strategy(models.Model):
    """A finding, the change that was decided for it, and the indicators that are to show what it did.

    `indicators` are names, the same in every version of the instrument. `before` and `after` are the two rounds whose
    figures are compared; NULL is the first and the newest counted. `lokus` NULL is the whole year. What it said before
    is in `StrategyVersion`; taken back, it stays and is shown no more.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="strategies")
    lokus = models.ForeignKey(Lokus, models.PROTECT, null=True, related_name="strategies")
    audience = models.CharField(max_length=10, choices=Audience.choices)
    source = models.CharField(max_length=10, choices=FindingSource.choices)
    finding = models.CharField(max_length=600)
    found_in = models.CharField(
        max_length=300, help_text="where it is written: berita acara juri 2023, gladi 12 Agustus"
    )
    change = models.CharField(max_length=600, blank=True, help_text="'' while nothing has been decided")
    decided_on = models.DateField(null=True)
    agency = models.ForeignKey(Agency, models.PROTECT, null=True, related_name="strategies")
    indicators = models.JSONField(default=list)
    before = models.ForeignKey(Round, models.PROTECT, null=True, related_name="+", db_index=False)
    after = models.ForeignKey(Round, models.PROTECT, null=True, related_name="+", db_index=False)
    lesson = models.CharField(max_length=600, blank=True, help_text="what is kept or done otherwise next year")
    version = models.PositiveIntegerField(default=1)
    created_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False)
    created_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(default=timezone.now)
    taken_back_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("cycle", "created_at", "pk")
        verbose_name_plural = "strategies"
        constraints = [
            models.CheckConstraint(condition=Q(change="") | Q(decided_on__isnull=False), name="a_change_has_its_day"),
        ]

    def __str__(self) -> str:
        return str(self.uuid)


class StrategyVersion(models.Model):
    """What a strategy said from `at` on, and who wrote it."""

    strategy = models.ForeignKey(Strategy, models.CASCADE, related_name="versions", db_index=False)
    number = models.PositiveIntegerField()
    values = models.JSONField()
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("strategy", "number")
        constraints = [models.UniqueConstraint(fields=["strategy", "number"], name="one_strategy_version_a_number")]

    def __str__(self) -> str:
        return f"{self.strategy_id} v{self.number}"


class Comparison(models.Model):
    """How the same question stood in a kelurahan that is not coached, in two rounds, and who says so.

    Counts of families, never a family: `true_…` of `n_…` met it. Asked of other families each time, or not known.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    lokus = models.ForeignKey(Lokus, models.PROTECT, related_name="comparisons", db_index=False)
    indicator = models.CharField(max_length=80)
    place_code = models.CharField(max_length=AREA)
    place_name = models.CharField(max_length=120)
    before = models.ForeignKey(Round, models.PROTECT, related_name="+", db_index=False)
    after = models.ForeignKey(Round, models.PROTECT, related_name="+", db_index=False)
    n_before = models.PositiveIntegerField()
    true_before = models.PositiveIntegerField()
    n_after = models.PositiveIntegerField()
    true_after = models.PositiveIntegerField()
    source = models.CharField(max_length=300)
    entered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False)
    entered_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("lokus", "indicator", "place_code")
        constraints = [
            models.UniqueConstraint(
                fields=["lokus", "indicator", "place_code", "before", "after"], name="one_comparison_an_indicator"
            ),
            models.CheckConstraint(
                condition=Q(true_before__lte=models.F("n_before"), true_after__lte=models.F("n_after")),
                name="comparison_counts_fit",
            ),
            models.CheckConstraint(condition=~Q(source=""), name="comparison_has_a_source"),
        ]

    def __str__(self) -> str:
        return f"{self.lokus_id} {self.indicator} {self.place_code}"
