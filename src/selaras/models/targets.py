"""The list of 100: which families are coached, who waits in reserve, who was replaced and why."""

from django.db import models
from django.utils import timezone

from selaras.models.cycles import Cycle, Lokus
from selaras.models.households import Household
from selaras.models.people import User


class TargetState(models.TextChoices):
    TARGET = "target", "sasaran"
    RESERVE = "reserve", "cadangan"
    REPLACED = "replaced", "diganti"


class Target(models.Model):
    """A family's place on the list of its lokus. A family without a row has not been decided about."""

    lokus = models.ForeignKey(Lokus, models.PROTECT, related_name="targets")
    household = models.OneToOneField(Household, models.PROTECT, related_name="target")
    state = models.CharField(max_length=10, choices=TargetState.choices)
    position = models.PositiveIntegerField(help_text="order among those of the same state")
    reason = models.CharField(max_length=300, blank=True, help_text="why it was replaced, or came in")
    replaced_by = models.ForeignKey(Household, models.PROTECT, null=True, related_name="replaces")
    decided_at = models.DateTimeField(default=timezone.now)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ("lokus", "state", "position")

    def __str__(self) -> str:
        return f"{self.lokus_id} {self.household_id} {self.state}"


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
