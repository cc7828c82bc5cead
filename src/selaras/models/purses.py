"""What a plan is made of: money that agencies have left, and what they could do with it."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from selaras.models.cycles import Cycle, Lokus
from selaras.models.people import Agency, User
from selaras.models.plans import Fund


class Purse(models.Model):
    """What one agency has left of one fund: rupiah that no commitment has promised yet, and when it can be spent.

    Without `opens` it is open now, without `closes` until the programme's last day of work.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="purses")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="purses")
    fund = models.CharField(max_length=12, choices=Fund.choices)
    left = models.DecimalField(max_digits=16, decimal_places=2)
    opens = models.DateField(null=True)
    closes = models.DateField(null=True)
    source = models.CharField(max_length=300, blank=True, help_text="the document that says so")
    version = models.PositiveIntegerField(default=1)
    changed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("cycle", "agency", "fund")
        constraints = [
            models.UniqueConstraint(fields=["cycle", "agency", "fund"], name="one_purse_a_fund"),
            models.CheckConstraint(condition=Q(left__gte=0), name="purse_not_negative"),
            models.CheckConstraint(
                condition=Q(opens__isnull=True) | Q(closes__isnull=True) | Q(closes__gte=F("opens")),
                name="purse_closes_after_open",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agency_id} {self.fund}"


class Measure(models.Model):
    """What an agency could do once more: for how much, in how many days, and how many needs of what it closes.

    `serves`: indicator -> families of one lokus that one unit helps. `funds`: what may pay for it, any where empty.
    `least` is what must be done whatever else the plan says, `most` what the agency can do at all (units).
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="measures")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="measures")
    lokus = models.ForeignKey(Lokus, models.PROTECT, null=True, related_name="+", help_text="None: in any")
    title = models.CharField(max_length=200)
    unit = models.CharField(max_length=40)
    serves = models.JSONField(default=dict)
    cost = models.DecimalField(max_digits=16, decimal_places=2, help_text="rupiah a unit")
    least = models.PositiveIntegerField(default=0)
    most = models.PositiveIntegerField(null=True)
    days = models.PositiveIntegerField(default=0, help_text="from the start until families have it")
    funds = models.JSONField(default=list)
    source = models.CharField(max_length=300, blank=True, help_text="where the price comes from")
    removed_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)
    changed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("cycle", "agency", "title", "id")
        constraints = [
            models.CheckConstraint(condition=Q(cost__gte=0), name="measure_costs_nothing_negative"),
            models.CheckConstraint(
                condition=Q(most__isnull=True) | Q(most__gte=F("least")), name="measure_can_do_what_it_must"
            ),
        ]

    def __str__(self) -> str:
        return self.title
