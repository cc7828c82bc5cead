"""What came from the field: append-only, every version kept, personal values sealed under the family's key."""

import json
import uuid
from typing import Any

from django.db import models
from django.utils import timezone

from selaras.models.cycles import Cycle, Lokus, Round
from selaras.models.files import StoredFile
from selaras.models.households import Household
from selaras.models.instruments import InstrumentVersion
from selaras.models.jobs import Job
from selaras.models.keys import DataKey
from selaras.models.people import User


class BatchState(models.TextChoices):
    UPLOADED = "uploaded", "diunggah"
    CHECKED = "checked", "diperiksa"
    PUBLISHED = "published", "diterbitkan"
    DISCARDED = "discarded", "dibuang"
    UNDONE = "undone", "diurungkan"


class ImportBatch(models.Model):
    """A spreadsheet of families on its way in, under its own key.

    Nothing of it is visible before it is published, by one switch. Then each raw row is kept with its family, and
    the batch's key and file are destroyed: else erasing a family would leave it readable here. `lokus` is NULL for
    a file that names the lokus in a column. `problems` name row and column, never what the cell said.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    round = models.ForeignKey(Round, models.PROTECT, related_name="batches")
    lokus = models.ForeignKey(Lokus, models.PROTECT, null=True, related_name="batches")
    version = models.ForeignKey(InstrumentVersion, models.PROTECT, related_name="batches")
    key = models.ForeignKey(DataKey, models.PROTECT, related_name="batches")
    file = models.ForeignKey(StoredFile, models.SET_NULL, null=True, related_name="batches")
    filename = models.CharField(max_length=200, blank=True)
    mapping = models.JSONField(default=dict, help_text="column of the file -> field of the survey")
    summary = models.JSONField(default=dict, help_text="what the check counted; never a value of a family")
    state = models.CharField(max_length=10, choices=BatchState.choices, default=BatchState.UPLOADED)
    problems = models.JSONField(default=list)
    rows = models.PositiveIntegerField(default=0)
    households_new = models.PositiveIntegerField(default=0)
    households_known = models.PositiveIntegerField(default=0)
    job = models.ForeignKey(Job, models.PROTECT, null=True, related_name="batches")
    created_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="batches")
    created_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.uuid} {self.state}"


class ColumnMemory(models.Model):
    """What somebody said a column's title means, in this year's files: asked once. `field` '' ignores it."""

    cycle = models.ForeignKey(Cycle, models.CASCADE, related_name="column_memories")
    table = models.CharField(max_length=60, blank=True, help_text="'' for families, else the repeat's name")
    title = models.CharField(max_length=120, help_text="as a plain name: nama_kepala_keluarga")
    field = models.CharField(max_length=80, blank=True)
    said_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    said_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["cycle", "table", "title"], name="one_meaning_a_title")]

    def __str__(self) -> str:
        return f"{self.title} -> {self.field}"


class ImportRow(models.Model):
    """A staged row of one sheet of the file. `household` and `kk_hash` say whose it is, for erasure's sake.

    The row of the sheet TITLES holds titles and first cells for the page of columns. One whose sheet begins with
    BEFORE is what a family's registry said before this import corrected it, sealed under the family's own key: an undo
    reads it.
    """

    TITLES, BEFORE = "#", "~"

    batch = models.ForeignKey(ImportBatch, models.CASCADE, related_name="staged", db_index=False)
    sheet = models.CharField(max_length=60, blank=True, help_text="'' for families, else the repeat's name")
    number = models.PositiveIntegerField(help_text="1-based row in the file, as the person sees it")
    sealed = models.BinaryField()
    household = models.ForeignKey(Household, models.SET_NULL, null=True, related_name="staged")
    kk_hash = models.CharField(max_length=32, null=True, db_index=True)
    problems = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["batch", "sheet", "number"], name="one_staged_row_a_number"),
        ]

    def __str__(self) -> str:
        return f"{self.batch_id} {self.sheet}:{self.number}"

    @property
    def context(self) -> str:
        return f"importrow:{self.batch.uuid}:{self.sheet}:{self.number}"

    def seal(self, values: dict[str, Any]) -> None:
        """Seal the row's cells under the batch's key; not saved."""
        self.sealed = self.batch.key.seal(json.dumps(values, ensure_ascii=False).encode(), self.context)

    def values(self) -> dict[str, Any]:
        """The row's cells."""
        values: dict[str, Any] = json.loads(self.batch.key.unseal(self.sealed, self.context))
        return values


class SubmissionMode(models.TextChoices):
    IMPORT = "import", "impor lembar kerja"
    PHONE = "phone", "formulir di ponsel"
    WEB = "web", "formulir di peramban"
    KEYED = "keyed", "diketik dari kertas"
    GROUP = "group", "pendataan bersama di posyandu"
    AGREED = "agreed", "dari instansi lain"
    DEMO = "demo", "data contoh"


class Submission(models.Model):
    """One answer sheet of a family in a round. Never changed: a correction is a new row that supersedes it.

    `answers` holds what scores may use (numbers, dates, choices), repeats as lists of objects; decimals as text.
    `private` holds the rest (free text, NIK, KK, phone, geo, file names), `raw` the bytes as they came, both sealed.
    `raw_hash` is keyed (SearchHashes.raw). `instead_of` is the cadre whom `by` stood in for.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True)
    household = models.ForeignKey(Household, models.PROTECT, related_name="submissions", db_index=False)
    round = models.ForeignKey(Round, models.PROTECT, related_name="submissions")
    version = models.ForeignKey(InstrumentVersion, models.PROTECT, related_name="submissions")
    mode = models.CharField(max_length=10, choices=SubmissionMode.choices)
    batch = models.ForeignKey(ImportBatch, models.PROTECT, null=True, related_name="submissions")
    received_at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="submissions")
    instead_of = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False)
    answers = models.JSONField()
    private = models.BinaryField(null=True)
    raw = models.BinaryField(null=True)
    raw_hash = models.CharField(max_length=32, blank=True)
    superseded_by = models.ForeignKey("self", models.PROTECT, null=True, related_name="supersedes")

    class Meta:
        indexes = [models.Index(fields=["household", "round", "received_at"], name="submission_of_household")]

    def __str__(self) -> str:
        return str(self.uuid)

    def context(self, field: str) -> str:
        """What `private` and `raw` are sealed under."""
        return f"submission.{field}:{self.uuid}"

    def seal_private(self, values: dict[str, Any]) -> None:
        """Seal what is personal; not saved. Nothing is kept where there is nothing."""
        text = json.dumps(values, ensure_ascii=False) if values else ""
        self.private = self.household.the_key().seal_text(text, self.context("private"))

    def private_values(self) -> dict[str, Any]:
        """What `seal_private` was given."""
        text = self.household.the_key().unseal_text(self.private, self.context("private"))
        values: dict[str, Any] = json.loads(text) if text else {}
        return values

    def seal_raw(self, raw: bytes, raw_hash: str) -> None:
        """Seal the bytes as they came; `raw_hash` comes from SearchHashes.raw. Not saved."""
        self.raw = self.household.the_key().seal(raw, self.context("raw"))
        self.raw_hash = raw_hash

    def raw_bytes(self) -> bytes:
        """What `seal_raw` was given; b'' where nothing was kept."""
        return b"" if self.raw is None else self.household.the_key().unseal(self.raw, self.context("raw"))


class CurrentAnswers(models.Model):
    """The answers that count now for a family in a round: a copy, so that scoring reads one table in order.

    `lokus` is the family's, copied to read a unit without a join. `dirty` until the scoring job has been by, which
    also counts the `blank` ones among the indicators of the cycle's primary instrument (NULL: never scored).
    """

    household = models.ForeignKey(Household, models.PROTECT, related_name="current_answers", db_index=False)
    round = models.ForeignKey(Round, models.PROTECT, related_name="current_answers", db_index=False)
    lokus = models.ForeignKey(Lokus, models.PROTECT, related_name="current_answers", db_index=False)
    submission = models.OneToOneField(Submission, models.PROTECT, related_name="current")
    answers = models.JSONField()
    dirty = models.BooleanField(default=True)
    blank = models.PositiveSmallIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["household", "round"], name="one_current_answer_a_round"),
        ]
        indexes = [
            # Holds what its own condition asks, so that SQLite counts from it without reading a row.
            models.Index(fields=["round", "lokus", "blank"], condition=models.Q(blank__gt=0), name="answers_with_gaps"),
            models.Index(fields=["round", "lokus", "household"], name="answers_of_unit"),
            models.Index(fields=["round", "lokus"], condition=models.Q(dirty=True), name="answers_dirty"),
        ]

    def __str__(self) -> str:
        return f"{self.household_id} {self.round_id}"
