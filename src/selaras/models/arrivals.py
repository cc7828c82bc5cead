"""What phones and browsers sent, as it came: kept first, understood later, and never rejected for good."""

import json
import uuid
from datetime import date, tzinfo
from typing import Any

from django.db import models
from django.utils import timezone

from selaras.models.cycles import Cycle, Round
from selaras.models.files import StoredFile
from selaras.models.households import Household
from selaras.models.ids import time_ordered
from selaras.models.keys import DataKey
from selaras.models.people import User
from selaras.models.phones import FieldForm, PhoneToken
from selaras.models.places import AREA
from selaras.models.submissions import Submission, SubmissionMode


class ArrivalState(models.TextChoices):
    WAITING = "waiting", "menunggu dibaca"
    TAKEN = "taken", "diterima"
    PRACTICE = "practice", "latihan"
    QUARANTINED = "quarantined", "perlu diputuskan"
    SET_ASIDE = "set_aside", "disisihkan"


class Reason(models.TextChoices):
    """Why an arrival waits for a person."""

    BROKEN = "broken", "isi kiriman rusak"
    NO_ID = "no_id", "kiriman tanpa nomor"
    OTHER_BYTES = "other_bytes", "nomor kiriman sama, isinya lain"
    UNKNOWN_FORM = "unknown_form", "formulir tidak dikenal"
    UNKNOWN_VERSION = "unknown_version", "versi formulir tidak dikenal"
    LATE = "late", "putaran sudah ditutup"
    CLOSED = "closed", "tahun program sudah ditutup"
    NO_HOUSEHOLD = "no_household", "keluarga tidak dikenal"
    RESTRICTED = "restricted", "keluarga meminta datanya tidak dipakai atas nama"
    FOREIGN = "foreign", "keluarga di luar wilayah kader"
    NO_ORIGINAL = "no_original", "kiriman yang diperbaiki belum ada"
    TWICE = "twice", "keluarga sudah didata pada putaran ini"
    OTHER_FAMILY = "other_family", "perbaikan menunjuk keluarga lain"
    KNOWN_KK = "known_kk", "nomor KK sudah milik keluarga lain"
    NO_TASK = "no_task", "pengirim tidak bertugas lagi"
    CARRIED = "carried", "dibawa orang lain tanpa tanda pengirimnya"
    FAILED = "failed", "kiriman tidak dapat dibaca"


class Arrival(models.Model):
    """One filled form: its bytes, under a key of its own until its family is known.

    The first with an instance id is `first`; the same bytes again are no new row, other bytes under that id are
    another row that waits for a person. `raw_hash` is keyed (SearchHashes.raw). A form too big for a row stands in
    `file`. `at`, `started` and `ended` of the phone are data; `received_at` is the truth. `carrier` brought it in a
    file for `by`, None where she sent it herself.
    """

    uuid = models.UUIDField(default=time_ordered, unique=True, editable=False)
    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="arrivals", db_index=False)
    token = models.ForeignKey(PhoneToken, models.PROTECT, null=True, related_name="arrivals", db_index=False)
    by = models.ForeignKey(User, models.PROTECT, related_name="arrivals", db_index=False)
    carrier = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False)
    area = models.CharField(max_length=AREA, help_text="the sender's, until its family is known")
    mode = models.CharField(max_length=10, choices=SubmissionMode.choices)
    instance_id = models.CharField(max_length=249, blank=True)
    first = models.BooleanField()
    form_id = models.CharField(max_length=249, blank=True)
    form_version = models.CharField(max_length=249, blank=True)
    deprecated_id = models.CharField(max_length=249, blank=True)
    raw = models.BinaryField(null=True)
    raw_hash = models.CharField(max_length=32)
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="arrivals")
    key = models.ForeignKey(DataKey, models.PROTECT, related_name="arrivals")
    received_at = models.DateTimeField(default=timezone.now)
    device = models.CharField(max_length=120, blank=True)
    agent = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=12, choices=ArrivalState.choices)
    reason = models.CharField(max_length=20, choices=Reason.choices, blank=True)
    field_form = models.ForeignKey(FieldForm, models.PROTECT, null=True, related_name="arrivals", db_index=False)
    about = models.UUIDField(null=True, db_index=True, help_text="the family that the form names, known or not")
    household = models.ForeignKey(Household, models.PROTECT, null=True, related_name="arrivals")
    tries = models.PositiveSmallIntegerField(default=0, help_text="how often it met others who wrote the same")
    confirmed = models.JSONField(default=list, help_text="doubts that a person has settled")
    submission = models.OneToOneField(Submission, models.PROTECT, null=True, related_name="arrival")
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False)
    decided_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=300, blank=True, help_text="why it was set aside or let in")

    class Meta:
        constraints = [
            # What makes a repeat a repeat. The first of an id, and each content once.
            models.UniqueConstraint(
                fields=["cycle", "instance_id"], condition=models.Q(first=True), name="one_first_arrival"
            ),
            models.UniqueConstraint(
                fields=["cycle", "instance_id", "raw_hash"],
                condition=~models.Q(instance_id=""),
                name="one_arrival_a_content",
            ),
            # Broken bytes of two phones are two arrivals: nobody's photo is put to another's form.
            models.UniqueConstraint(
                fields=["by", "cycle", "raw_hash"], condition=models.Q(instance_id=""), name="one_nameless_a_content"
            ),
        ]
        indexes = [
            models.Index(fields=["id"], condition=models.Q(state="waiting"), name="arrivals_waiting"),
            models.Index(fields=["cycle", "state", "-received_at"], name="arrivals_of_cycle"),
            models.Index(fields=["by", "-received_at"], name="arrivals_by_sender"),
        ]

    def __str__(self) -> str:
        return f"{self.uuid} {self.state}"

    def context(self) -> str:
        """What `raw` is sealed under."""
        return f"arrival.raw:{self.uuid}"

    def seal_raw(self, raw: bytes) -> None:
        """Seal the bytes as they came, under the arrival's own key; not saved."""
        self.raw = self.key.seal(raw, self.context())

    def raw_bytes(self) -> bytes:
        """The bytes as they came. Raises CannotUnsealError once the key is destroyed."""
        if self.file is not None:
            return self.file.content()
        return self.key.unseal(self.raw or b"", self.context())


class ArrivalFile(models.Model):
    """A photo or other attachment, sealed under its arrival's key. `named` where the form's answers name it.

    The same name with other bytes is another row: nobody knows which the family meant.
    """

    arrival = models.ForeignKey(Arrival, models.PROTECT, related_name="files", db_index=False)
    name = models.CharField(max_length=255)
    content_hash = models.CharField(max_length=32)
    named = models.BooleanField()
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="arrival_files")
    received_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["arrival", "name", "content_hash"], name="one_file_a_content"),
        ]

    def __str__(self) -> str:
        return f"{self.arrival_id} {self.name}"


class Outcome(models.TextChoices):
    """How a visit ended."""

    MET = "bertemu", "bertemu dan didata"
    OUT = "tidak_di_rumah", "tidak di rumah"
    MOVED = "pindah", "sudah pindah"
    REFUSED = "menolak", "tidak bersedia"
    NOT_FOUND = "tidak_ditemukan", "rumah tidak ditemukan"
    DIED = "meninggal", "meninggal, tidak ada anggota lain"


class Visit(models.Model):
    """That somebody was at a family's door in a round, and how it ended.

    `at` is when its form was taken in: by it rounds are in time and one visit comes after another. `on` is the day that
    the form itself says, for her who was there; NULL where it says none that can be.
    """

    household = models.ForeignKey(Household, models.PROTECT, related_name="visits", db_index=False)
    round = models.ForeignKey(Round, models.PROTECT, related_name="visits")
    outcome = models.CharField(max_length=16, choices=Outcome.choices)
    arrival = models.OneToOneField(Arrival, models.PROTECT, related_name="visit")
    by = models.ForeignKey(User, models.PROTECT, related_name="visits", db_index=False)
    at = models.DateTimeField(default=timezone.now)
    on = models.DateField(null=True, help_text="by the phone's clock")

    class Meta:
        indexes = [models.Index(fields=["household", "round", "-at"], name="visits_of_family")]

    def __str__(self) -> str:
        return f"{self.household_id} {self.outcome}"

    def day(self, zone: tzinfo) -> date:
        """When it was made, as far as anybody knows."""
        return self.on or self.at.astimezone(zone).date()


class EditState(models.TextChoices):
    APPLIED = "applied", "berlaku"
    BACKLOG = "backlog", "menunggu perubahan sebelumnya"
    CONFLICT = "conflict", "bertentangan"
    RESOLVED = "resolved", "diputuskan"


class EditSource(models.TextChoices):
    PHONE = "phone", "dari HP"
    OFFICE = "office", "dikoreksi kantor"
    IMPORT = "import", "dikoreksi lewat impor"
    UNDO = "undo", "impor diurungkan"
    MERGE = "merge", "digabungkan dengan keluarga lain"


class HouseholdEdit(models.Model):
    """What a phone, the office or an import changed of a family's registry, whether it holds or not: every version
    stays. `by` is who did; what has an `arrival` is by its sender.

    `number` is the family's version after it, NULL while it does not hold. `base`, `trunk` and `branch` are what the
    phone had before it (ODK entities 2024.1): `trunk` the server's version when it went offline, `base` the one that it
    changed, its own numbering included. `sealed` holds property -> [stood, said] under the family's key; once a person
    has decided, [stood, said, holds].
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    household = models.ForeignKey(Household, models.PROTECT, related_name="edits", db_index=False)
    arrival = models.OneToOneField(Arrival, models.PROTECT, null=True, related_name="edit")
    source = models.CharField(
        max_length=10, choices=EditSource.choices, default=EditSource.PHONE, db_default=EditSource.PHONE
    )
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False)
    number = models.PositiveIntegerField(null=True)
    base = models.PositiveIntegerField()
    trunk = models.PositiveIntegerField(null=True)
    branch = models.CharField(max_length=249, blank=True)
    sealed = models.BinaryField()
    state = models.CharField(max_length=10, choices=EditState.choices)
    at = models.DateTimeField(default=timezone.now)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["household", "number"], condition=models.Q(number__isnull=False), name="one_edit_a_version"
            ),
        ]
        indexes = [models.Index(fields=["household", "state"], name="edits_of_family")]

    def __str__(self) -> str:
        return f"{self.household_id} {self.state}"

    @property
    def _context(self) -> str:
        return f"householdedit:{self.uuid}"

    def seal_changes(self, changes: dict[str, list[str]]) -> None:
        """Property -> [stood, said], or with what holds after a decision; not saved."""
        text = json.dumps(changes, ensure_ascii=False).encode()
        self.sealed = self.household.the_key().seal(text, self._context)

    def changes(self) -> dict[str, list[str]]:
        """What `seal_changes` was given."""
        values: dict[str, Any] = json.loads(self.household.the_key().unseal(self.sealed, self._context))
        return values


class SecondEntry(models.Model):
    """That another person typed the same paper again: how many answers the two gave, and how many alike.

    `correction` is the form that says what was chosen where they differ; None where the first was right.
    """

    arrival = models.OneToOneField(Arrival, models.CASCADE, related_name="second_entry")
    correction = models.OneToOneField(Arrival, models.CASCADE, null=True, related_name="corrects_entry")
    by = models.ForeignKey(User, models.PROTECT, related_name="second_entries", db_index=False)
    at = models.DateTimeField(default=timezone.now)
    asked = models.PositiveIntegerField()
    same = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.arrival_id}: {self.same}/{self.asked}"
