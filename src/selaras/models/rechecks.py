"""Back-check: families of a round drawn at random and asked a few questions again, by somebody else."""

import uuid

from django.db import models
from django.utils import timezone

from selaras.models.cycles import Lokus, Round
from selaras.models.households import Household
from selaras.models.instruments import InstrumentVersion
from selaras.models.people import User
from selaras.models.submissions import Submission


class Recheck(models.Model):
    """One draw, never changed and never drawn anew: nobody can try again until the sample pleases.

    `frame` is what it was drawn from: surveyor's uuid -> uuids of her forms in the order of the draw; what somebody
    typed from paper is a part of its own, under her uuid with TYPED behind it. Whoever knows `seed`, `each` and
    `percent` can draw again and finds the same (queries.recheck_rates.drawn).
    """

    #: Behind a typist's uuid in `frame`: who asked at the door is not known of paper.
    TYPED = "+kertas"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    lokus = models.ForeignKey(Lokus, models.PROTECT, related_name="rechecks")
    round = models.ForeignKey(Round, models.PROTECT, related_name="rechecks", db_index=False)
    version = models.ForeignKey(InstrumentVersion, models.PROTECT, related_name="rechecks", db_index=False)
    questions = models.JSONField(help_text="names of the survey's questions that are asked again")
    seed = models.CharField(max_length=32)
    each = models.PositiveSmallIntegerField(null=True, help_text="families of each surveyor")
    percent = models.PositiveSmallIntegerField(null=True, help_text="of each surveyor's families, where `each` is NULL")
    frame = models.JSONField()
    drawn_by = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False)
    drawn_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(each__isnull=False, percent__isnull=True)
                | models.Q(each__isnull=True, percent__isnull=False),
                name="recheck_by_number_or_share",
            )
        ]

    def __str__(self) -> str:
        return str(self.uuid)


class RecheckFamily(models.Model):
    """A family that was drawn: the form it is compared with, who filled that in, and what it says when asked again.

    `outcome` is '' until somebody was there, then one of arrivals.Outcome. `answers` are as a submission stores them;
    once there are any they stay, because the comparison can be read then: what is written later is a RecheckEntry
    alone. `form` is the form that was drawn; `submission` is another where the family was found to be another.
    """

    recheck = models.ForeignKey(Recheck, models.CASCADE, related_name="families", db_index=False)
    number = models.PositiveSmallIntegerField(help_text="1-based")
    household = models.ForeignKey(Household, models.PROTECT, related_name="rechecks")
    submission = models.ForeignKey(Submission, models.PROTECT, related_name="rechecks")
    form = models.UUIDField(help_text="of the submission that was drawn")
    surveyor = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False)
    outcome = models.CharField(max_length=16, blank=True)
    answers = models.JSONField(default=dict)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False)
    at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("recheck", "number")
        constraints = [
            models.UniqueConstraint(fields=["recheck", "number"], name="one_recheck_a_number"),
            models.UniqueConstraint(fields=["recheck", "household"], name="one_recheck_a_family"),
        ]

    def __str__(self) -> str:
        return f"{self.recheck_id} {self.number}"


class RecheckEntry(models.Model):
    """What was written down of a drawn family, every time: never changed. The first with answers is what counts."""

    family = models.ForeignKey(RecheckFamily, models.CASCADE, related_name="entries")
    outcome = models.CharField(max_length=16)
    answers = models.JSONField(default=dict)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("at", "pk")

    def __str__(self) -> str:
        return f"{self.family_id} {self.outcome}"
