"""What browsers send in pieces, as far as it has come: one queue for filled forms and for whatever comes after them."""

import uuid

from django.db import models
from django.utils import timezone

from selaras.models.files import StoredFile
from selaras.models.keys import DataKey
from selaras.models.people import User


class Upload(models.Model):
    """One item of somebody's queue, under the number that her browser gave it; another's same number is another's.

    `digest` is keyed (SearchHashes.raw) and of the item's head, which names the hash of every part: the same number
    with other bytes begins anew. `key` seals the pieces and is destroyed with them. `result` is what was made of it,
    known once `done_at` is: which table it stands in is the kind's to say.
    """

    uuid = models.UUIDField(default=uuid.uuid4)
    by = models.ForeignKey(User, models.PROTECT, related_name="uploads", db_index=False)
    kind = models.CharField(max_length=20)
    digest = models.CharField(max_length=32)
    total = models.PositiveBigIntegerField(help_text="bytes")
    arrived = models.PositiveBigIntegerField(default=0, help_text="bytes kept, without a gap")
    key = models.ForeignKey(DataKey, models.PROTECT, null=True, related_name="uploads", db_index=False)
    begun_at = models.DateTimeField(default=timezone.now)
    touched_at = models.DateTimeField(default=timezone.now)
    done_at = models.DateTimeField(null=True)
    result = models.UUIDField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["by", "uuid"], name="one_upload_a_number")]
        indexes = [
            models.Index(fields=["touched_at"], condition=models.Q(done_at__isnull=True), name="uploads_under_way"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.uuid} {self.arrived}/{self.total}"


class UploadPiece(models.Model):
    """Bytes of an upload from `start` on, sealed under its key. Gone once the whole has been taken."""

    upload = models.ForeignKey(Upload, models.CASCADE, related_name="pieces", db_index=False)
    start = models.PositiveBigIntegerField()
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="upload_pieces")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["upload", "start"], name="one_piece_a_place")]

    def __str__(self) -> str:
        return f"{self.upload_id} {self.start}"
