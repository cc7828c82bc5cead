"""The list of 100: which families are coached, who waits in reserve, who was replaced and why."""

import uuid

from django.db import models
from django.utils import timezone

from selaras.models.cycles import Cycle, Lokus
from selaras.models.households import Household
from selaras.models.people import User


class TargetState(models.TextChoices):
    TARGET = "target", "sasaran"
    RESERVE = "reserve", "cadangan"
    REPLACED = "replaced", "diganti"


class TargetReason(models.TextChoices):
    """Why a family leaves the list: a closed list, so that reasons can be counted and nobody writes a story."""

    MOVED = "moved", "pindah"
    DIED = "died", "meninggal"
    REFUSED = "refused", "menolak"
    UNFIT = "unfit", "ternyata tidak memenuhi syarat"
    DOUBLE = "double", "tercatat dua kali"


class Target(models.Model):
    """A family's place on the list of its lokus. A family without a row has not been decided about.

    `note_sealed` is a short remark to the reason under the family's own key: free text about a family.
    """

    lokus = models.ForeignKey(Lokus, models.PROTECT, related_name="targets")
    household = models.OneToOneField(Household, models.PROTECT, related_name="target")
    state = models.CharField(max_length=10, choices=TargetState.choices)
    position = models.PositiveIntegerField(help_text="order among those of the same state")
    reason = models.CharField(max_length=10, choices=TargetReason.choices, blank=True, help_text="why it was replaced")
    note_sealed = models.BinaryField(null=True)
    replaced_by = models.ForeignKey(Household, models.PROTECT, null=True, related_name="replaces")
    decided_at = models.DateTimeField(default=timezone.now)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ("lokus", "state", "position")

    def __str__(self) -> str:
        return f"{self.lokus_id} {self.household_id} {self.state}"

    @property
    def context(self) -> str:
        """What the remark is sealed under."""
        return f"target.note:{self.household.uuid}"

    def set_note(self, text: str) -> None:
        """Seal a remark under the family's key; '' is none. Not saved."""
        self.note_sealed = self.household.the_key().seal_text(text, self.context)

    def note(self) -> str:
        """The remark, '' where there is none."""
        return self.household.the_key().unseal_text(self.note_sealed, self.context)


class TargetDecision(models.Model):
    """What somebody decided about some families at once. The last one of a lokus can be taken back."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    lokus = models.ForeignKey(Lokus, models.PROTECT, related_name="target_decisions")
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    def __str__(self) -> str:
        return str(self.uuid)


class TargetChange(models.Model):
    """One family's part in a decision: how it stands since, and all that it was before ('' is undecided)."""

    decision = models.ForeignKey(TargetDecision, models.CASCADE, related_name="changes")
    household = models.ForeignKey(Household, models.PROTECT, related_name="target_changes")
    state = models.CharField(max_length=10, choices=TargetState.choices, blank=True)
    position = models.PositiveIntegerField(null=True)
    reason = models.CharField(max_length=10, choices=TargetReason.choices, blank=True)
    before_state = models.CharField(max_length=10, choices=TargetState.choices, blank=True)
    before_position = models.PositiveIntegerField(null=True)
    before_reason = models.CharField(max_length=10, choices=TargetReason.choices, blank=True)
    before_note_sealed = models.BinaryField(null=True)
    before_replaced_by = models.ForeignKey(Household, models.PROTECT, null=True, related_name="+")
    before_decided_at = models.DateTimeField(null=True)
    before_decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["decision", "household"], name="one_change_a_family_and_decision")
        ]

    def __str__(self) -> str:
        return f"{self.decision_id} {self.household_id} {self.before_state or '-'} -> {self.state or '-'}"


class SavedView(models.Model):
    """A search that somebody keeps under a name: `query` is that of the page's address."""

    user = models.ForeignKey(User, models.CASCADE, related_name="saved_views")
    cycle = models.ForeignKey(Cycle, models.CASCADE, related_name="saved_views")
    page = models.CharField(max_length=40, help_text="name of the URL: households, matrix")
    name = models.CharField(max_length=80)
    query = models.CharField(max_length=500)

    class Meta:
        ordering = ("name",)
        constraints = [models.UniqueConstraint(fields=["user", "cycle", "page", "name"], name="one_view_a_name")]

    def __str__(self) -> str:
        return self.name
