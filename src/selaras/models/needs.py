"""Needs: a family's unmet indicators, opened and closed by measurements only."""

from django.db import models
from django.db.models import Q

from selaras.models.cycles import Lokus, Round
from selaras.models.households import Household


class Need(models.Model):
    """One unmet indicator of one family. Nobody closes it by saying so: a later measurement does.

    `indicator` is its name, which is the same in every version of the instrument.
    """

    household = models.ForeignKey(Household, models.PROTECT, related_name="needs")
    lokus = models.ForeignKey(Lokus, models.PROTECT, related_name="needs", db_index=False)
    indicator = models.CharField(max_length=80)
    opened_in = models.ForeignKey(Round, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    closed_in = models.ForeignKey(Round, models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["household", "indicator"], condition=Q(closed_at__isnull=True), name="one_open_need"
            ),
        ]
        indexes = [
            models.Index(fields=["lokus", "indicator", "closed_at", "household"], name="need_by_lokus"),
        ]

    def __str__(self) -> str:
        return f"{self.household_id} {self.indicator}"
