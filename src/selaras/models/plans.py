"""*Siapa berbuat apa*: what agencies were asked, what they answered, and what they committed themselves to."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_noop as _

from selaras.models.cycles import Cycle, Lokus
from selaras.models.needs import Need
from selaras.models.people import Agency, User
from selaras.models.places import AREA


class Fund(models.TextChoices):
    """Fund sources with their window. T is the programme year."""

    DPA = "dpa", _("DPA tahun ini")
    PERUBAHAN = "perubahan", _("APBD Perubahan tahun ini")
    KELURAHAN = "kelurahan", _("Kelurahan (Salira)")
    BAZNAS = "baznas", _("BAZNAS")
    CSR = "csr", _("CSR")
    SWADAYA = "swadaya", _("Swadaya")
    RENJA = "renja", _("Renja tahun depan")


#: Funds that can still pay this year.
THIS_YEAR = frozenset({Fund.DPA, Fund.PERUBAHAN, Fund.KELURAHAN, Fund.BAZNAS, Fund.CSR, Fund.SWADAYA})


class CommitmentState(models.TextChoices):
    """`BLOCKED` is neutral: it says what is in the way, not whose fault it is. `PROPOSED` waits for a fund."""

    PROPOSED = "proposed", _("usulan")
    PLANNED = "planned", _("direncanakan")
    RUNNING = "running", _("berjalan")
    BLOCKED = "blocked", _("terkendala")
    DONE = "done", _("selesai")
    CANCELLED = "cancelled", _("dibatalkan")


class Commitment(models.Model):
    """What an agency will do, for which families or place, paid by what, until when.

    Families are named by the needs that it serves (`CommitmentNeed`); without any it is for `area` as a whole.
    `budget` is in rupiah. `version` counts changes: who edits an older one is told. What it said before is in
    `CommitmentVersion`.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="commitments")
    number = models.PositiveIntegerField(help_text="counts within the year: K-014")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="commitments")
    lokus = models.ForeignKey(Lokus, models.PROTECT, null=True, related_name="commitments")
    area = models.CharField(max_length=AREA, blank=True, help_text="'' where it is for the lokus or single families")
    title = models.CharField(max_length=200)
    activity_code = models.CharField(max_length=40, blank=True, help_text="sub-kegiatan, as the DPA writes it")
    indicator = models.CharField(max_length=80, blank=True, help_text="what it is to improve")
    volume = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    unit = models.CharField(max_length=40, blank=True)
    budget = models.DecimalField(max_digits=16, decimal_places=2, null=True)
    fund = models.CharField(max_length=12, choices=Fund.choices, blank=True)
    fund_note = models.CharField(max_length=160, blank=True, help_text="which company, which RW")
    legal_basis = models.CharField(max_length=300, blank=True)
    starts = models.DateField(null=True)
    ends = models.DateField(null=True)
    person = models.CharField(max_length=150, blank=True)
    state = models.CharField(max_length=10, choices=CommitmentState.choices, default=CommitmentState.PLANNED)
    obstacle = models.CharField(max_length=300, blank=True)
    version = models.PositiveIntegerField(default=1)
    created_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    updated_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("cycle", "number")
        constraints = [
            models.UniqueConstraint(fields=["cycle", "number"], name="one_commitment_a_number"),
            models.CheckConstraint(
                condition=Q(starts__isnull=True) | Q(ends__isnull=True) | Q(ends__gte=models.F("starts")),
                name="commitment_ends_after_start",
            ),
            models.CheckConstraint(condition=Q(budget__isnull=True) | Q(budget__gte=0), name="budget_not_negative"),
        ]

    def __str__(self) -> str:
        return f"K-{self.number:03d}"


class CommitmentNeed(models.Model):
    """That a commitment serves a family's need."""

    commitment = models.ForeignKey(Commitment, models.CASCADE, related_name="served")
    need = models.ForeignKey(Need, models.PROTECT, related_name="served_by")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["commitment", "need"], name="one_service_a_need")]

    def __str__(self) -> str:
        return f"{self.commitment_id} {self.need_id}"


class CommitmentVersion(models.Model):
    """What a commitment said from `at` on, whoever changed it and why. Needs by their ids: never a name."""

    commitment = models.ForeignKey(Commitment, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    values = models.JSONField()
    reason = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("commitment", "number")
        constraints = [models.UniqueConstraint(fields=["commitment", "number"], name="one_version_a_number")]

    def __str__(self) -> str:
        return f"{self.commitment_id} v{self.number}"


class Answer(models.TextChoices):
    NONE = "", _("belum dijawab")
    ACCEPT = "accept", _("disanggupi")
    CHANGE = "change", _("disanggupi dengan perubahan")
    DECLINE = "decline", _("tidak dapat")
    PROPOSE = "propose", _("usulan")


class Ask(models.Model):
    """What one agency was asked: the families of one lokus with one need. `reason` where it cannot, or changes.

    `families` is how many there were when it was asked.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="asks")
    lokus = models.ForeignKey(Lokus, models.PROTECT, related_name="asks")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="asks")
    indicator = models.CharField(max_length=80)
    families = models.PositiveIntegerField()
    asked_at = models.DateTimeField(default=timezone.now)
    due = models.DateField(null=True)
    answer = models.CharField(max_length=10, choices=Answer.choices, blank=True, default=Answer.NONE)
    reason = models.CharField(max_length=300, blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    commitment = models.ForeignKey(Commitment, models.SET_NULL, null=True, related_name="asks")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("cycle", "agency", "lokus", "id")
        constraints = [models.UniqueConstraint(fields=["lokus", "agency", "indicator"], name="asked_once")]

    def __str__(self) -> str:
        return f"{self.agency_id} {self.lokus_id} {self.indicator}"


class AskVersion(models.Model):
    """What an agency answered from `at` on; the newest is its answer. `values`: volume, fund, months, as given.

    Nothing in it tells of a family: `values` counts them.
    """

    ask = models.ForeignKey(Ask, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    answer = models.CharField(max_length=10, choices=Answer.choices)
    reason = models.CharField(max_length=300, blank=True)
    values = models.JSONField(default=dict)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("ask", "number")
        constraints = [models.UniqueConstraint(fields=["ask", "number"], name="one_answer_a_number")]

    def __str__(self) -> str:
        return f"{self.ask_id} v{self.number}"
