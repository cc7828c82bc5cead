"""Answers that an office has already and may give by an agreement: a health centre's list, SIGA, a dasawisma's book."""

import uuid

from django.db import models
from django.utils import timezone

from selaras.models.cycles import Lokus, Round
from selaras.models.files import StoredFile
from selaras.models.instruments import InstrumentVersion
from selaras.models.keys import DataKey
from selaras.models.people import User
from selaras.models.submissions import Submission


class AgreedState(models.TextChoices):
    UPLOADED = "uploaded", "diunggah"
    PUBLISHED = "published", "dipakai"
    DISCARDED = "discarded", "dibuang"
    UNDONE = "undone", "diurungkan"


class AgreedImport(models.Model):
    """A list from elsewhere, and the agreement by which it came: whose, its number and day, and what for.

    The file is sealed under the import's own key and destroyed with it once it was used or thrown away. `mapping` is
    title of a column -> question, or one of the three by which a family is found; '' leaves it out. `summary` counts
    and names rows, never what a cell said.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    lokus = models.ForeignKey(Lokus, models.PROTECT, related_name="agreed_imports")
    round = models.ForeignKey(Round, models.PROTECT, related_name="agreed_imports", db_index=False)
    version = models.ForeignKey(InstrumentVersion, models.PROTECT, related_name="+", db_index=False)
    source = models.CharField(max_length=120, help_text="Puskesmas Jombang")
    number = models.CharField(max_length=80, help_text="of the agreement")
    agreed_on = models.DateField()
    purpose = models.CharField(max_length=200)
    filename = models.CharField(max_length=200, blank=True)
    key = models.ForeignKey(DataKey, models.PROTECT, related_name="agreed_imports", db_index=False)
    file = models.ForeignKey(StoredFile, models.SET_NULL, null=True, related_name="agreed_imports")
    mapping = models.JSONField(default=dict)
    summary = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=AgreedState.choices, default=AgreedState.UPLOADED)
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+", db_index=False)
    created_at = models.DateTimeField(default=timezone.now)
    published_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.source} {self.uuid}"


class AgreedAnswers(models.Model):
    """That a submission was not asked at the door: it fills blanks of what a family said, and never writes over it."""

    submission = models.OneToOneField(Submission, models.CASCADE, related_name="agreed", primary_key=True)
    source = models.ForeignKey(AgreedImport, models.PROTECT, related_name="answers")

    def __str__(self) -> str:
        return f"{self.submission_id}"
