"""Evidence and its passport: what proves a point, where it came from, who looked at it, and what it is cited for."""

import json
import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_noop as _

from selaras.models.activities import Activity
from selaras.models.cycles import Cycle, Lokus
from selaras.models.files import StoredFile
from selaras.models.keys import DataKey
from selaras.models.people import Agency, User
from selaras.models.places import AREA, Place


class EvidenceKind(models.TextChoices):
    PHOTO = "photo", _("foto")
    DOCUMENT = "document", _("dokumen")
    LINK = "link", _("tautan")


class EvidenceState(models.TextChoices):
    """What whoever did not upload it says of it."""

    WAITING = "waiting", _("menunggu diperiksa")
    VERIFIED = "verified", _("terverifikasi")
    REFUSED = "refused", _("ditolak")


class Evidence(models.Model):
    """One photo, document or link, and its passport. `lokus` is NULL where it is of the whole year (a decree).

    `area` is the code that scopes compare with: the lokus's, else the year's place. `sha256` is of the bytes that
    came, `file` what is stored of them: sealed under `key`, for people are on photos and names in documents. A photo
    of an activity is the activity's own file under the activity's key, and goes with it. `taken_at` and `place` are
    what a camera wrote, and prove nothing alone; `metres` is how far that place is from the lokus's point. `doubts`
    are the codes of what did not fit when it was read. `phash` is as PhotoPrint's. `deleted_at` hides it; a day later
    it is gone.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True)
    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="evidence", db_index=False)
    lokus = models.ForeignKey(Lokus, models.PROTECT, null=True, related_name="evidence")
    area = models.CharField(max_length=AREA)
    agency = models.ForeignKey(Agency, models.PROTECT, null=True, related_name="evidence")
    activity = models.OneToOneField(Activity, models.PROTECT, null=True, related_name="evidence")
    kind = models.CharField(max_length=10, choices=EvidenceKind.choices)
    caption = models.CharField(max_length=200, blank=True)
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="evidence")
    key = models.ForeignKey(DataKey, models.PROTECT, null=True, related_name="evidence")
    sha256 = models.CharField(max_length=64, blank=True)
    media_type = models.CharField(max_length=120, blank=True, help_text="by content, never by name")
    size = models.PositiveBigIntegerField(default=0, help_text="bytes as they came")
    filename = models.CharField(max_length=200, blank=True)
    url = models.URLField(max_length=500, blank=True)
    taken_at = models.DateTimeField(null=True)
    place = models.BinaryField(null=True)
    metres = models.PositiveIntegerField(null=True)
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)
    phash = models.BigIntegerField(null=True)
    looked_at = models.DateTimeField(null=True, help_text="when the worker drew it")
    doubts = models.JSONField(default=list)
    uploaded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="evidence")
    received_at = models.DateTimeField(default=timezone.now)
    state = models.CharField(max_length=10, choices=EvidenceState.choices, default=EvidenceState.WAITING)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False)
    decided_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=300, blank=True)
    deleted_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("cycle", "-received_at", "-id")
        verbose_name_plural = "evidence"
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="link", file__isnull=True) & ~Q(url="")
                | ~Q(kind="link") & Q(file__isnull=False, url="") & ~Q(sha256=""),
                name="evidence_is_a_file_or_a_link",
            ),
            # The same bytes again are the same evidence; of two activities they are two, and found as reuse.
            models.UniqueConstraint(
                fields=["cycle", "area", "sha256"],
                condition=Q(activity__isnull=True, deleted_at__isnull=True) & ~Q(sha256=""),
                name="one_evidence_a_content",
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", decided_at__isnull=True)
                | ~Q(state="waiting") & Q(decided_at__isnull=False),
                name="evidence_decided_at_a_time",
            ),
        ]
        indexes = [
            models.Index(fields=["cycle", "state", "received_at"], name="evidence_of_cycle"),
            models.Index(fields=["cycle", "sha256"], name="evidence_by_content"),
        ]

    def __str__(self) -> str:
        return self.caption or self.filename or self.url or str(self.uuid)

    @property
    def _context(self) -> str:
        return f"evidence.place:{self.uuid}"

    def seal_place(self, place: tuple[float, float] | None) -> None:
        """Degrees north and east that a camera wrote, sealed; not saved."""
        self.place = None
        if place is not None and self.key is not None:
            self.place = self.key.seal(json.dumps(place).encode(), self._context)

    def the_place(self) -> tuple[float, float] | None:
        """What `seal_place` was given. Raises CannotUnsealError once the key is destroyed."""
        if self.place is None or self.key is None:
            return None
        north, east = json.loads(self.key.unseal(self.place, self._context))
        return north, east


class LokusPoint(models.Model):
    """Where a lokus is on a map, said by the office: degrees, and how far from there still is the lokus."""

    lokus = models.OneToOneField(Lokus, models.CASCADE, related_name="point", primary_key=True)
    north = models.FloatField()
    east = models.FloatField()
    radius = models.PositiveIntegerField(help_text="metres")
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False)
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.lokus_id} {self.north} {self.east}"


class CodeList(models.Model):
    """Codes that a city has to prove besides an instrument of ours: the items of its e-KLA, say."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    place = models.ForeignKey(Place, models.PROTECT, related_name="code_lists")
    title = models.CharField(max_length=120)
    source = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("place", "title")
        constraints = [models.UniqueConstraint(fields=["place", "title"], name="one_code_list_a_title")]

    def __str__(self) -> str:
        return self.title


class CodeItem(models.Model):
    """One code of a list. What is left out of a newer list is `retired_at`, for evidence may cite it."""

    list = models.ForeignKey(CodeList, models.PROTECT, related_name="items", db_index=False)
    code = models.CharField(max_length=40)
    text = models.CharField(max_length=300)
    position = models.PositiveSmallIntegerField()
    retired_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("list", "position")
        constraints = [models.UniqueConstraint(fields=["list", "code"], name="one_item_a_code")]

    def __str__(self) -> str:
        return self.code


class EvidenceUse(models.Model):
    """What evidence is cited for: an indicator of an instrument in a lokus, or an item of a list of codes.

    `indicator` is its name, the same in every version of `instrument`. Each citation is looked at for itself: a good
    photo of a well does not prove a school. `lokus` is NULL only of an item.
    """

    evidence = models.ForeignKey(Evidence, models.CASCADE, related_name="uses", db_index=False)
    lokus = models.ForeignKey(Lokus, models.PROTECT, null=True, related_name="evidence_uses")
    instrument = models.CharField(max_length=60, blank=True)
    indicator = models.CharField(max_length=80, blank=True)
    item = models.ForeignKey(CodeItem, models.PROTECT, null=True, related_name="uses")
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False)
    at = models.DateTimeField(default=timezone.now)
    state = models.CharField(max_length=10, choices=EvidenceState.choices, default=EvidenceState.WAITING)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False)
    decided_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ("evidence", "id")
        constraints = [
            models.CheckConstraint(
                condition=Q(item__isnull=True, lokus__isnull=False) & ~Q(instrument="") & ~Q(indicator="")
                | Q(item__isnull=False, lokus__isnull=True, instrument="", indicator=""),
                name="evidence_use_is_one_thing",
            ),
            models.UniqueConstraint(
                fields=["evidence", "lokus", "instrument", "indicator"],
                condition=Q(item__isnull=True),
                name="one_use_an_indicator",
            ),
            models.UniqueConstraint(
                fields=["evidence", "item"], condition=Q(item__isnull=False), name="one_use_an_item"
            ),
        ]
        indexes = [models.Index(fields=["lokus", "instrument", "indicator"], name="uses_by_indicator")]

    def __str__(self) -> str:
        return f"{self.evidence_id} {self.indicator or self.item_id}"
