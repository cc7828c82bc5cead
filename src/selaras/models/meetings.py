"""Meetings and their papers: letterhead, invitation, attendance, minutes, and decisions that become commitments."""

import uuid

from django.db import models
from django.utils import timezone

from selaras.models.cycles import Cycle
from selaras.models.files import StoredFile
from selaras.models.people import Agency, User
from selaras.models.places import Place
from selaras.models.plans import Commitment


class Letterhead(models.Model):
    """Kop surat of an office and who signs: data, because every office has its own. `lines` from the top down."""

    place = models.OneToOneField(Place, models.PROTECT, related_name="letterhead")
    lines = models.JSONField(default=list)
    address = models.CharField(max_length=300, blank=True)
    logo = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    town = models.CharField(max_length=80, blank=True, help_text="where letters are dated")
    signer_office = models.CharField(max_length=160, blank=True)
    signer_name = models.CharField(max_length=150, blank=True)
    signer_rank = models.CharField(max_length=80, blank=True, help_text="Pembina Utama Muda")
    signer_nip = models.CharField(max_length=18, blank=True)
    version = models.PositiveIntegerField(default=1)

    def __str__(self) -> str:
        return " / ".join(self.lines)


class MeetingKind(models.TextChoices):
    RAKOR = "rakor", "Rapat koordinasi"
    SOSIALISASI = "sosialisasi", "Sosialisasi"
    EVALUASI = "evaluasi", "Rapat evaluasi"
    PEMBINAAN = "pembinaan", "Pembinaan lokasi"


class Meeting(models.Model):
    """One meeting and its letter. `agenda` and `minutes` are text, a point a line; `version` counts changes."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="meetings")
    kind = models.CharField(max_length=12, choices=MeetingKind.choices)
    title = models.CharField(max_length=200)
    starts = models.DateTimeField()
    ends = models.DateTimeField(null=True)
    venue = models.CharField(max_length=200)
    agenda = models.TextField(blank=True)
    chair = models.CharField(max_length=150, blank=True)
    letter_number = models.CharField(max_length=80, blank=True)
    letter_date = models.DateField(null=True)
    attachment = models.CharField(max_length=80, blank=True, help_text="lampiran: '-' or '1 (satu) berkas'")
    nature = models.CharField(max_length=40, default="Penting", help_text="sifat: Biasa, Penting, Segera")
    note = models.TextField(blank=True, help_text="last paragraph of the letter")
    copies = models.TextField(blank=True, help_text="tembusan: an office a line")
    minutes = models.TextField(blank=True)
    note_taker = models.CharField(max_length=150, blank=True)
    attend_token = models.CharField(max_length=43, unique=True, help_text="behind the QR of the attendance list")
    cancelled_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)
    created_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("cycle", "starts")

    def __str__(self) -> str:
        return self.title


class Guest(models.Model):
    """To whom the letter goes: `Kepala Dinas Kesehatan`, with the agency where it is one of ours."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="guests")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=200)
    agency = models.ForeignKey(Agency, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ("meeting", "position")
        constraints = [models.UniqueConstraint(fields=["meeting", "position"], name="one_guest_a_position")]

    def __str__(self) -> str:
        return self.name


class Attendance(models.Model):
    """Somebody who came: by QR on her phone, or copied from the paper list."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="attendances")
    name = models.CharField(max_length=150)
    office = models.CharField(max_length=200, blank=True)
    sex = models.CharField(max_length=1, blank=True)
    by_qr = models.BooleanField(default=False)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("meeting", "id")

    def __str__(self) -> str:
        return f"{self.meeting_id} {self.id}"


class Decision(models.Model):
    """What a meeting decided: for whom, until when, and the commitment that it became."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="decisions")
    position = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=500)
    agency = models.ForeignKey(Agency, models.PROTECT, null=True, related_name="+")
    due = models.DateField(null=True)
    commitment = models.ForeignKey(Commitment, models.SET_NULL, null=True, related_name="decisions")

    class Meta:
        ordering = ("meeting", "position")
        constraints = [models.UniqueConstraint(fields=["meeting", "position"], name="one_decision_a_position")]

    def __str__(self) -> str:
        return f"{self.meeting_id} {self.position}"
