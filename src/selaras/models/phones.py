"""What cadres' phones are let in by, and the forms that were ever handed to them."""

import uuid
from datetime import datetime

from django.db import models
from django.utils import timezone

from selaras.models.cycles import Cycle, Membership, Round
from selaras.models.files import StoredFile
from selaras.models.instruments import InstrumentVersion
from selaras.models.people import User


class PhoneToken(models.Model):
    """A cadre's way in from a phone: ends with her task, or when it is revoked. Only its hash is kept.

    `seen_at`, `device` and `agent` are what the phone said last: advisory, nobody vouches for them.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="phone_tokens")
    membership = models.ForeignKey(Membership, models.PROTECT, related_name="phone_tokens")
    user = models.ForeignKey(User, models.PROTECT, related_name="phone_tokens")
    token_hash = models.CharField(max_length=64, unique=True)
    created_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    revoked_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)
    device = models.CharField(max_length=120, blank=True)
    agent = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ("-created_at",)

    def __str__(self) -> str:
        return str(self.uuid)

    def is_open(self, now: datetime) -> bool:
        """Whether it can still be used: her task holds, or ended with its year alone, while forms may still wait on it.

        Then it is handed no form and no family any more, and what it sends is held as of a closed year.
        """
        if self.revoked_at is not None or not self.user.is_active:
            return False
        closed = self.cycle.closed_at
        return self.membership.holds(now) or (closed is not None and self.membership.ends == closed)


class NikAsked(models.TextChoices):
    """Whether a form asks for NIK; '' of those that were made before a year could say so: as the instrument does."""

    ON = "on", "on"
    OFF = "off", "off"


class FieldForm(models.Model):
    """A form as phones got it, for one round. Never deleted and never changed: old versions arrive for months.

    `file` holds the XForm's bytes. `md5` is of them. A practice form's answers never count.
    """

    round = models.ForeignKey(Round, models.PROTECT, related_name="field_forms")
    version = models.ForeignKey(InstrumentVersion, models.PROTECT, related_name="field_forms")
    form_id = models.CharField(max_length=120)
    form_version = models.CharField(max_length=60)
    title = models.CharField(max_length=200)
    practice = models.BooleanField(default=False)
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="field_forms")
    md5 = models.CharField(max_length=32)
    nik = models.CharField(max_length=3, choices=NikAsked.choices, blank=True, default="", db_default="")
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["form_id", "form_version"], name="one_form_a_version")]
        indexes = [models.Index(fields=["round", "-made_at"], name="newest_form_of_round")]

    def __str__(self) -> str:
        return f"{self.form_id} {self.form_version}"

    @property
    def cycle(self) -> Cycle:
        return self.round.cycle
