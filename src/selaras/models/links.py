"""What opens a door without a password: invitations, links of agencies, tokens of programs. Only hashes are kept.

The secret itself is shown once, to whoever makes it. A hash is SHA-256 of 256 random bits: nothing to guess.
"""

import uuid
from datetime import datetime

from django.db import models
from django.utils import timezone

from selaras.models.cycles import Cycle
from selaras.models.people import Agency, User
from selaras.models.places import AREA

#: Wrong codes before only a new one helps: of 8 digits, that guesses one in 20 million.
CODE_TRIES = 5


class Invitation(models.Model):
    """A way to an account: by link, or by the one-time code on a printed slip. Opened once.

    With `user` from the start it leads to that account, which waits for its first password or has lost it.

    `roles` are the tasks that come with it, as `people.assign` takes them: role, cycle (id or null), place_code,
    agency (id or null).
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    full_name = models.CharField(max_length=150)
    token_hash = models.CharField(max_length=64, unique=True)
    code_hash = models.CharField(max_length=64, unique=True)
    roles = models.JSONField(default=list)
    area = models.CharField(max_length=AREA, blank=True, help_text="what encloses all its tasks; '' is the server")
    created_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="invitations")
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    user = models.ForeignKey(User, models.PROTECT, null=True, related_name="invited_by")

    def __str__(self) -> str:
        return str(self.uuid)

    def is_open(self, now: datetime) -> bool:
        """Whether it can still be used."""
        return self.used_at is None and self.revoked_at is None and now < self.expires_at


class AgencyLink(models.Model):
    """A liaison's link: opens her agency's needs of a year, without an account that could sign in.

    `user` is who acts in the audit: an account without a password, whose membership is the liaison's. Names of
    families are shown only in a browser that has used the one-time code; the code is used up by the first.
    `feed_hash` is of the calendar's own secret: calendars leak their addresses.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="agency_links")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="links")
    user = models.ForeignKey(User, models.PROTECT, related_name="agency_links")
    holder = models.CharField(max_length=150, help_text="to whom it was given")
    token_hash = models.CharField(max_length=64, unique=True)
    feed_hash = models.CharField(max_length=64, unique=True)
    code_hash = models.CharField(max_length=64)
    code_tries = models.PositiveSmallIntegerField(default=0)
    code_used_at = models.DateTimeField(null=True)
    created_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    last_seen_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("cycle", "agency", "-created_at")

    def __str__(self) -> str:
        return f"{self.agency_id} {self.uuid}"

    def is_open(self, now: datetime) -> bool:
        """Whether it can still be used."""
        return self.revoked_at is None and now < self.expires_at


class ApiToken(models.Model):
    """A program's way in: reads as its owner, and no further than `scopes` (names of API resources) say."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(User, models.PROTECT, related_name="api_tokens")
    name = models.CharField(max_length=80)
    token_hash = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(default=list)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.name} {self.uuid}"

    def is_open(self, now: datetime) -> bool:
        """Whether it can still be used."""
        return self.revoked_at is None and now < self.expires_at
