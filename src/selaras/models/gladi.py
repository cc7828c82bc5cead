"""Gladi: the city's own people mark its loci as a jury would, before the jury comes; what is lost becomes a task."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_noop as _

from selaras.models.cycles import Achievement, Cycle, Lokus
from selaras.models.fields import ExactDecimalField
from selaras.models.instruments import InstrumentVersion
from selaras.models.people import Agency, User


class Gladi(models.Model):
    """One rehearsal of a year, by the judged items of `version`. It takes sheets until it is closed."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="gladi")
    number = models.PositiveSmallIntegerField(help_text="counts within the year")
    version = models.ForeignKey(InstrumentVersion, models.PROTECT, related_name="+")
    starts = models.DateField()
    ends = models.DateField()
    opened_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    opened_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("cycle", "number")
        verbose_name_plural = "gladi"
        constraints = [
            models.UniqueConstraint(fields=["cycle", "number"], name="one_gladi_a_number"),
            models.CheckConstraint(condition=Q(ends__gte=F("starts")), name="gladi_ends_after_start"),
        ]

    def __str__(self) -> str:
        return f"{self.cycle_id} gladi {self.number}"


class GladiMarker(models.Model):
    """That somebody of another kelurahan marks that lokus in that rehearsal."""

    gladi = models.ForeignKey(Gladi, models.CASCADE, related_name="markers")
    lokus = models.ForeignKey(Lokus, models.PROTECT, related_name="+")
    user = models.ForeignKey(User, models.PROTECT, related_name="gladi_tasks")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["gladi", "lokus", "user"], name="one_marker_once")]

    def __str__(self) -> str:
        return f"{self.gladi_id} {self.lokus_id} {self.user_id}"


class GladiSheet(models.Model):
    """One filled sheet: from a marker's phone, or typed from paper by `typed_by`. Kept whole; the newest counts.

    `uuid` comes from whoever sends it, so that sending twice is one. `name` is who marked on paper.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True)
    gladi = models.ForeignKey(Gladi, models.PROTECT, related_name="sheets")
    lokus = models.ForeignKey(Lokus, models.PROTECT, related_name="gladi_sheets")
    marker = models.ForeignKey(User, models.PROTECT, null=True, related_name="gladi_sheets")
    name = models.CharField(max_length=150, blank=True)
    typed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    received_at = models.DateTimeField(default=timezone.now)
    replaced = models.BooleanField(default=False, help_text="the same marker sent a newer one")

    class Meta:
        ordering = ("gladi", "lokus", "received_at")
        constraints = [
            models.CheckConstraint(condition=Q(marker__isnull=False) | ~Q(name=""), name="sheet_has_a_marker"),
            models.UniqueConstraint(
                fields=["gladi", "lokus", "marker"],
                condition=Q(replaced=False, marker__isnull=False),
                name="one_sheet_a_marker",
            ),
            models.UniqueConstraint(
                fields=["gladi", "lokus", "name"],
                condition=Q(replaced=False, marker__isnull=True),
                name="one_paper_sheet_a_name",
            ),
        ]
        indexes = [models.Index(fields=["gladi", "lokus"], name="sheet_of_gladi")]

    def __str__(self) -> str:
        return str(self.uuid)


class GladiMark(models.Model):
    """What one sheet says of one item: an option, or a number where the item has none, and why."""

    sheet = models.ForeignKey(GladiSheet, models.CASCADE, related_name="marks")
    indicator = models.CharField(max_length=80)
    option = models.CharField(max_length=80, blank=True)
    value = ExactDecimalField(null=True)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sheet", "indicator"], name="one_mark_an_item"),
            models.CheckConstraint(
                condition=Q(value__isnull=False, option="") | (Q(value__isnull=True) & ~Q(option="")),
                name="mark_is_value_or_option",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sheet_id} {self.indicator}"


class TaskState(models.TextChoices):
    """`DONE` is what its owner says; that it is closed a later rehearsal shows (`closed_in`)."""

    OPEN = "open", _("belum selesai")
    DONE = "done", _("dikatakan selesai")


class GladiTask(models.Model):
    """A lost point as somebody's task: what, who, until when. `lost` is the share of the item's points (0…1).

    It stays the same task until a later rehearsal finds the item whole.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    gladi = models.ForeignKey(Gladi, models.PROTECT, related_name="tasks")
    lokus = models.ForeignKey(Lokus, models.PROTECT, related_name="gladi_tasks")
    indicator = models.CharField(max_length=80)
    lost = ExactDecimalField()
    text = models.CharField(max_length=500)
    agency = models.ForeignKey(Agency, models.PROTECT, null=True, related_name="gladi_tasks")
    person = models.CharField(max_length=150, blank=True)
    due = models.DateField(null=True)
    state = models.CharField(max_length=6, choices=TaskState.choices, default=TaskState.OPEN)
    said = models.CharField(max_length=300, blank=True, help_text="what was done, as its owner says")
    closed_in = models.ForeignKey(Gladi, models.PROTECT, null=True, related_name="closed_tasks")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("lokus", "due", "id")
        constraints = [
            models.UniqueConstraint(
                fields=["lokus", "indicator"], condition=Q(closed_in__isnull=True), name="one_open_task_an_item"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.lokus_id} {self.indicator}"


class ChampionFigure(models.Model):
    """What a champion scored in one aspect ('' for the total), as somebody has published it: never without source.

    `version` is the one whose aspect that was; None of a figure from before that was kept.
    """

    achievement = models.ForeignKey(Achievement, models.PROTECT, related_name="figures")
    aspect = models.CharField(max_length=80, blank=True)
    score = models.DecimalField(max_digits=8, decimal_places=2)
    scale = models.DecimalField(max_digits=8, decimal_places=2)
    source = models.CharField(max_length=300)
    entered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    entered_at = models.DateTimeField(default=timezone.now)
    version = models.ForeignKey(InstrumentVersion, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["achievement", "aspect"], name="one_figure_an_aspect"),
            models.CheckConstraint(condition=~Q(source=""), name="figure_has_a_source"),
            models.CheckConstraint(condition=Q(score__gte=0, score__lte=F("scale")), name="figure_within_scale"),
        ]

    def __str__(self) -> str:
        return f"{self.achievement_id} {self.aspect or '='} {self.score}"
