"""Published workbooks. Never edited: what is wrong is followed by a new version."""

import uuid

from django.db import models
from django.utils import timezone

from selaras.models.files import StoredFile
from selaras.models.people import User


class InstrumentVersion(models.Model):
    """One published version. `instrument` is the workbook's id, `sha256` that of its canonical content."""

    instrument = models.CharField(max_length=60)
    version = models.CharField(max_length=30)
    title = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    workbook = models.ForeignKey(StoredFile, models.PROTECT, related_name="instrument_versions")
    published_at = models.DateTimeField(default=timezone.now)
    published_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="published_instruments")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["instrument", "version"], name="one_content_a_version"),
        ]

    def __str__(self) -> str:
        return f"{self.instrument} {self.version}"


class InstrumentDraft(models.Model):
    """A workbook that was checked and is not published yet: somebody looks first at what it would change."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="drafts")
    filename = models.CharField(max_length=200)
    uploaded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    uploaded_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.filename


class IndicatorRef(models.Model):
    """An indicator of a version as a small number, so that millions of states can point at it cheaply."""

    id = models.AutoField(primary_key=True)
    version = models.ForeignKey(InstrumentVersion, models.PROTECT, related_name="indicators")
    name = models.CharField(max_length=80)
    position = models.PositiveSmallIntegerField(help_text="0-based row in the workbook's sheet")

    class Meta:
        ordering = ("version", "position")
        constraints = [
            models.UniqueConstraint(fields=["version", "name"], name="one_indicator_a_name"),
        ]

    def __str__(self) -> str:
        return self.name
