"""The registry of families. Names and addresses are plain here, for search, and nowhere else in the database."""

import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_noop as _

from selaras.models.cycles import Lokus
from selaras.models.keys import DataKey
from selaras.models.places import AREA, area_code


class Household(models.Model):
    """A coached family, under its own key.

    Everything personal but name and address is sealed; `kk_hash` and `phone_hash` find a number without showing
    it. KK is not the same as dwelling. While `pending` names an import it belongs to nobody's view: the import's one
    switch empties it for all its families at once. Once erased, a row without values stays, because scores point
    at it and its code must never be given to another family.

    Restricted at its wish (`restricted_at`), `pending` holds the request: nobody sees or uses it by name, and in the
    figures it counts on, without one. Whoever counts asks `counted()`, whoever names asks for `pending` to be NULL.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    lokus = models.ForeignKey(Lokus, models.PROTECT, related_name="households", db_index=False)
    code = models.CharField(max_length=16, help_text="GD-014")
    rw = models.CharField(max_length=20, blank=True)
    rt = models.CharField(max_length=20, blank=True)
    area = models.CharField(max_length=AREA, editable=False, db_index=True)
    head_name = models.CharField(max_length=120, blank=True)
    address = models.CharField(max_length=300, blank=True)
    kk_sealed = models.BinaryField(null=True)
    kk_hash = models.CharField(max_length=32, null=True, db_index=True)
    phone_sealed = models.BinaryField(null=True)
    phone_hash = models.CharField(max_length=32, null=True, db_index=True)
    key = models.OneToOneField(DataKey, models.PROTECT, null=True, related_name="household")
    pending = models.UUIDField(null=True, help_text="the ImportBatch that is bringing it, until it is published")
    restricted_at = models.DateTimeField(null=True, help_text="since when it is used for figures alone, at its wish")
    brought_by = models.UUIDField(null=True, help_text="the ImportBatch that brought it, for taking it back")
    version = models.PositiveIntegerField(default=1, db_default=1, help_text="counts corrections of the registry")
    created_at = models.DateTimeField(default=timezone.now)
    erased_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["pending"], condition=models.Q(pending__isnull=False), name="household_pending"),
            # Counts and lists the families of a lokus without reading a row: SQLite does not see that a partial index
            # would answer for its own condition.
            models.Index(fields=["lokus", "pending", "erased_at", "code"], name="household_list"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["lokus", "code"], name="one_family_a_code"),
            models.UniqueConstraint(
                fields=["lokus", "kk_hash"], condition=models.Q(kk_hash__isnull=False), name="one_family_a_kk"
            ),
            models.CheckConstraint(
                condition=models.Q(erased_at__isnull=True, key__isnull=False)
                | models.Q(
                    erased_at__isnull=False,
                    key__isnull=True,
                    head_name="",
                    address="",
                    kk_sealed__isnull=True,
                    kk_hash__isnull=True,
                    phone_sealed__isnull=True,
                    phone_hash__isnull=True,
                ),
                name="erased_family_has_no_values",
            ),
        ]

    def __str__(self) -> str:
        return self.code

    def save(self, *args: object, **kwargs: object) -> None:
        """`area` follows lokus, RW and RT, so that no caller can forget it."""
        self.place(self.lokus)
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    @staticmethod
    def counted(prefix: str = "") -> models.Q:
        """The families that figures are made of, as a condition: those that are seen, and the restricted.

        `prefix` is the way to the family, such as `household__`.
        """
        there = models.Q(**{f"{prefix}pending__isnull": True})
        return there | models.Q(**{f"{prefix}restricted_at__isnull": False})

    def place(self, lokus: Lokus) -> None:
        """Set the area from lokus, RW and RT; call it, or `save`, before `bulk_create`."""
        self.area = area_code(lokus.place.code, self.rw or lokus.rw, self.rt)

    def context(self, field: str) -> str:
        """What a value of this family is sealed under: `household.kk:3f2a…`."""
        return f"household.{field}:{self.uuid}"

    def the_key(self) -> DataKey:
        """The key, for a family that has not been erased."""
        if self.key is None:
            raise ValueError(f"household {self.uuid} is erased")
        return self.key

    def set_kk(self, number: str, kk_hash: str | None) -> None:
        """Seal the KK number; `kk_hash` comes from SearchHashes.kk. Not saved."""
        self.kk_sealed = self.the_key().seal_text(number, self.context("kk"))
        self.kk_hash = kk_hash

    def kk(self) -> str:
        """The KK number, '' where unknown."""
        return self.the_key().unseal_text(self.kk_sealed, self.context("kk"))

    def set_phone(self, number: str, phone_hash: str | None) -> None:
        """Seal the phone number; `phone_hash` comes from SearchHashes.phone. Not saved."""
        self.phone_sealed = self.the_key().seal_text(number, self.context("phone"))
        self.phone_hash = phone_hash

    def phone(self) -> str:
        """The phone number, '' where unknown."""
        return self.the_key().unseal_text(self.phone_sealed, self.context("phone"))


class Sex(models.TextChoices):
    FEMALE = "P", "perempuan"
    MALE = "L", "laki-laki"


class NikSaid(models.TextChoices):
    """What was said of a NIK besides a number; '' where nobody asked."""

    NONE = "none", _("belum punya")
    REFUSED = "refused", _("tidak mau menyebut")
    OTHER = "other", _("lain dari yang tercatat")


class Person(models.Model):
    """A member of a family. A person may have no NIK yet: getting one is what the programme is for.

    `nik_said` is a NikSaid: a finding of the survey, and never a number.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    household = models.ForeignKey(Household, models.PROTECT, related_name="persons", db_index=False)
    position = models.PositiveSmallIntegerField(help_text="1-based order in the family's list")
    name = models.CharField(max_length=120)
    sex = models.CharField(max_length=1, choices=Sex.choices, blank=True)
    relation = models.CharField(max_length=40, blank=True, help_text="as the survey's choice names it")
    nik_sealed = models.BinaryField(null=True)
    nik_hash = models.CharField(max_length=32, null=True, db_index=True)
    nik_said = models.CharField(max_length=8, choices=NikSaid.choices, blank=True, default="", db_default="")

    class Meta:
        ordering = ("household", "position")
        indexes = [
            models.Index(fields=["household"], condition=models.Q(nik_said="none"), name="person_without_nik"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["household", "position"], name="one_person_a_position"),
        ]

    def __str__(self) -> str:
        return str(self.uuid)

    def context(self, field: str) -> str:
        """What a value of this person is sealed under."""
        return f"person.{field}:{self.uuid}"

    def set_nik(self, number: str, nik_hash: str | None) -> None:
        """Seal the NIK; `nik_hash` comes from SearchHashes.nik. A number ends what was said instead. Not saved."""
        if number or self.nik_said == NikSaid.OTHER:
            self.nik_said = ""
        self.nik_sealed = self.household.the_key().seal_text(number, self.context("nik"))
        self.nik_hash = nik_hash

    def nik(self) -> str:
        """The NIK, '' where there is none yet."""
        return self.household.the_key().unseal_text(self.nik_sealed, self.context("nik"))


class Erasure(models.Model):
    """The register of erased families: `restore` replays it, so that an older backup brings nobody back.

    `keys` are the ids of all keys that opened values of this family: its own and those of the import files it came
    in. Of somebody in no family `household` is her request's id, and the key is the request's. `swept_at` is when the
    database's free space was rewritten too. `marks` are keyed fingerprints of what told of them in texts
    (`queries.traces`), and the city's code: a backup from before they were known here has no names to look for.
    """

    household = models.UUIDField(unique=True)
    keys = models.JSONField(default=list)
    marks = models.JSONField(default=dict, db_default={})
    at = models.DateTimeField()
    swept_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return str(self.household)
