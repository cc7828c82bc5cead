"""The audit: entries written with what they record, and the chain of seals that nobody can rewrite unseen.

Source: the hash chain is the linked timestamping of Haber and Stornetta (1991), in batches.
"""

import hashlib
import hmac
import json
import secrets
import uuid
from collections.abc import Iterable
from datetime import UTC
from typing import Any, NoReturn

from django.db import models
from django.utils import timezone

from selaras.models.people import User
from selaras.models.places import AREA

SALT_BYTES = 16


class Seal(models.Model):
    """One link: `head` covers the seal before it and the digests of its entries, in order of their ids."""

    number = models.PositiveBigIntegerField(primary_key=True)
    at = models.DateTimeField()
    previous = models.CharField(max_length=64, help_text="head of the seal before; 64 zeros for the first")
    count = models.PositiveIntegerField()
    head = models.CharField(max_length=64, unique=True)

    def __str__(self) -> str:
        return f"{self.number} {self.head[:16]}"

    def computed_head(self, digests: Iterable[str]) -> str:
        """What `head` must be, given the digests of this seal's entries."""
        text = "\n".join([self.previous, str(self.number), self.at.astimezone(UTC).isoformat(), *digests])
        return hashlib.sha256(text.encode()).hexdigest()

    @property
    def printed(self) -> str:
        """Its head as it stands on paper."""
        return head_to_print(self.head)


FIRST_PREVIOUS = "0" * 64


def head_to_print(head: str) -> str:
    """`3f2a 91c0 …`: 32 digits in groups of four, short enough to type back from paper."""
    return " ".join(head[i : i + 4] for i in range(0, 32, 4))


class AuditEntry(models.Model):
    """Who did what to which thing, when. Never a name or a value of a family: ids, codes and counts only.

    `actor` is NULL for the console and the system. `seal` is NULL for the seconds until the sealer has been by.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    at = models.DateTimeField(default=timezone.now)
    actor = models.ForeignKey(User, models.PROTECT, null=True, related_name="audit_entries")
    action = models.CharField(max_length=60, help_text="verb of actions/: households.erase")
    object_type = models.CharField(max_length=40, blank=True)
    object_id = models.CharField(max_length=64, blank=True)
    place_code = models.CharField(max_length=AREA, blank=True)
    details = models.JSONField(default=dict)
    salt = models.CharField(max_length=2 * SALT_BYTES)
    digest = models.CharField(max_length=64)
    seal = models.ForeignKey(Seal, models.PROTECT, null=True, related_name="entries", db_index=False)

    class Meta:
        indexes = [
            models.Index(fields=["seal", "id"], name="audit_by_seal"),
            models.Index(fields=["place_code", "-at"], name="audit_by_place"),
            models.Index(fields=["object_type", "object_id"], name="audit_by_object"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.object_type} {self.object_id}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Only once, with its salt and digest."""
        if not self._state.adding:
            self._refuse()
        self.finish()
        super().save(*args, **kwargs)

    def finish(self) -> None:
        """Its salt and digest; then it is written and says nothing else any more."""
        self.salt = secrets.token_hex(SALT_BYTES)
        self.digest = self.computed_digest()

    def delete(self, *_args: Any, **_kwargs: Any) -> NoReturn:
        self._refuse()

    def _refuse(self) -> NoReturn:
        raise TypeError("an audit entry is written once and never changed")

    def computed_digest(self) -> str:
        """SHA-256 of everything the entry says, keyed by its salt so that short contents cannot be guessed."""
        content = {
            "uuid": str(self.uuid),
            "at": self.at.astimezone(UTC).isoformat(),
            "actor": self.actor_id,
            "action": self.action,
            "object_type": self.object_type,
            "object_id": self.object_id,
            "place_code": self.place_code,
            "details": self.details,
        }
        text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hmac.new(bytes.fromhex(self.salt), text.encode(), hashlib.sha256).hexdigest()
