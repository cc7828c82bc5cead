"""What the city says of an item that no family is asked, what each proof shows, and what somebody else found."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone

from selaras.models.cycles import Lokus
from selaras.models.evidence import EvidenceUse
from selaras.models.fields import ExactDecimalField
from selaras.models.people import User


class SaidColumns(models.Model):
    """A value or an option of an item; in a claim neither, once it was taken back."""

    value = ExactDecimalField(null=True)
    option = models.CharField(max_length=80, blank=True)

    class Meta:
        abstract = True


def _one_thing(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=Q(value__isnull=False, option="") | Q(value__isnull=True) & ~Q(option=""), name=name
    )


class Claim(SaidColumns):
    """What the city says of one item of one lokus. What families are asked is measured and never claimed.

    `indicator` is its name, the same in every version of `instrument`. Without a claim a Fact of the item stands for
    one. `basis` says in words what it rests on, never a person. `version` counts changes: what it said before is in the
    audit.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    lokus = models.ForeignKey(Lokus, models.PROTECT, related_name="claims", db_index=False)
    instrument = models.CharField(max_length=60)
    indicator = models.CharField(max_length=80)
    basis = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="claims")
    at = models.DateTimeField(default=timezone.now)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("lokus", "instrument", "indicator")
        constraints = [
            models.UniqueConstraint(fields=["lokus", "instrument", "indicator"], name="one_claim_an_item"),
            models.CheckConstraint(condition=Q(value__isnull=True) | Q(option=""), name="claim_is_value_or_option"),
        ]

    def __str__(self) -> str:
        return f"{self.lokus_id} {self.indicator}"


class ClaimFinding(SaidColumns):
    """What somebody else found when she held an item against its evidence. The newest holds; none is ever changed.

    `instrument` and `indicator` as a Claim's: what was measured, or stands in a record, is looked at as well.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    lokus = models.ForeignKey(Lokus, models.PROTECT, related_name="findings", db_index=False)
    instrument = models.CharField(max_length=60)
    indicator = models.CharField(max_length=80)
    reason = models.CharField(max_length=300)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="findings")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("lokus", "instrument", "indicator", "at", "id")
        constraints = [_one_thing("claim_finding_is_value_or_option")]
        indexes = [models.Index(fields=["lokus", "instrument", "indicator", "at"], name="claim_finding_of_item")]

    def __str__(self) -> str:
        return f"{self.lokus_id} {self.indicator}"


class ProofLimit(SaidColumns):
    """What one citation of evidence shows at most: a decree that there is a team, not that it met."""

    use = models.OneToOneField(EvidenceUse, models.CASCADE, related_name="limit", primary_key=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [_one_thing("proof_limit_is_value_or_option")]

    def __str__(self) -> str:
        return f"{self.use_id} {self.option or self.value}"


class KeptLimit(SaidColumns):
    """A ProofLimit of evidence that was taken back: it holds again as soon as the same bytes, or the same link, come.

    `content` is the SHA-256 of the bytes as they came, or of the link.
    """

    content = models.CharField(max_length=64)
    lokus = models.ForeignKey(Lokus, models.PROTECT, related_name="+", db_index=False)
    instrument = models.CharField(max_length=60)
    indicator = models.CharField(max_length=80)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            _one_thing("kept_limit_is_value_or_option"),
            models.UniqueConstraint(fields=["content", "lokus", "instrument", "indicator"], name="one_kept_limit"),
        ]

    def __str__(self) -> str:
        return f"{self.lokus_id} {self.indicator} {self.option or self.value}"
