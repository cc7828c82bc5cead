"""After the trophy: who looks at a lokus again half a year and a year later, and what she found had lasted."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone

from selaras.models.cycles import Lokus, RoundKind
from selaras.models.people import User


class FollowUp(models.Model):
    """That somebody sees to it that a lokus is looked at again, until which day, and what came of it.

    `kind` is the kind of round in which families are asked again. There is one for every lokus and kind, whether or
    not a row says whose it is: a missing row is a follow-up that nobody has taken on. `done_at` with `found` is what
    was seen; with `dropped` it was not done, and `found` says why. Neither is ever deleted.
    """

    KINDS = (RoundKind.T6, RoundKind.T12)

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    lokus = models.ForeignKey(Lokus, models.PROTECT, related_name="followups", db_index=False)
    kind = models.CharField(max_length=10, choices=[(kind.value, kind.label) for kind in KINDS])
    due = models.DateField()
    owner = models.ForeignKey(User, models.PROTECT, null=True, related_name="followups")
    found = models.CharField(max_length=600, blank=True)
    dropped = models.BooleanField(default=False)
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False)
    version = models.PositiveIntegerField(default=1)
    updated_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("lokus", "due")
        constraints = [
            models.UniqueConstraint(fields=["lokus", "kind"], name="one_follow_up_a_kind"),
            models.CheckConstraint(condition=Q(done_at__isnull=True) | ~Q(found=""), name="done_follow_up_says_what"),
            models.CheckConstraint(condition=Q(done_at__isnull=False) | Q(dropped=False), name="dropped_is_done"),
        ]

    def __str__(self) -> str:
        return f"{self.lokus_id} {self.kind}"
