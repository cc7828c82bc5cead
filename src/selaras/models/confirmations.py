"""The family's own voice: its sheet, what it says it received, who holds and uses the aid, what each woman says."""

import uuid
from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils import timezone

from selaras.models.cycles import Lokus, Round
from selaras.models.households import Household, Person
from selaras.models.people import User
from selaras.models.plans import Commitment

#: Of a sheet's code: no vowels, so that it spells nothing, and nothing that is read as another sign. 28^8 codes.
CODE_LETTERS = "23456789BCDFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 8
#: Wrong names before only another code helps.
NAME_TRIES = 5


class FamilySheet(models.Model):
    """The way in that stands on a family's sheet. One is open at a time, and every printing carries the same code.

    `code_hash` finds it (`SearchHashes`, keyed); the code itself is sealed under the family's key, for the next
    printing. `told` are the ids of the commitments that the last printing told of: the page behind the code asks for
    no others. `tries` count wrong names.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    household = models.ForeignKey(Household, models.PROTECT, related_name="sheets", db_index=False)
    code_hash = models.CharField(max_length=32, unique=True)
    code_sealed = models.BinaryField()
    told = models.JSONField(default=list)
    tries = models.PositiveSmallIntegerField(default=0)
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False)
    made_at = models.DateTimeField(default=timezone.now)
    printed_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["household"], condition=Q(closed_at__isnull=True), name="one_open_sheet_a_family"
            ),
        ]
        indexes = [models.Index(fields=["household", "-made_at"], name="sheets_of_family")]

    def __str__(self) -> str:
        return str(self.uuid)

    @property
    def context(self) -> str:
        """What the code is sealed under."""
        return f"familysheet.code:{self.uuid}"

    def set_code(self, code: str, code_hash: str) -> None:
        """Seal the code; `code_hash` comes from SearchHashes.sheet. Not saved."""
        self.code_sealed = self.household.the_key().seal(code.encode(), self.context)
        self.code_hash = code_hash

    def code(self) -> str:
        """What stands on the paper."""
        return self.household.the_key().unseal(self.code_sealed, self.context).decode()

    @property
    def locked(self) -> bool:
        """Whether too many wrong names were given."""
        return self.tries >= NAME_TRIES

    def close(self, now: datetime) -> None:
        """Its code opens nothing any more; saved."""
        self.closed_at = now
        self.save(update_fields=["closed_at"])


class SheetContact(models.Model):
    """Whom the families of a lokus call: an office, as it stands on their sheets."""

    lokus = models.OneToOneField(Lokus, models.PROTECT, related_name="sheet_contact")
    name = models.CharField(max_length=80, help_text="Kelurahan Gedong Dalem, Bu Rina")
    phone = models.CharField(max_length=24)
    said_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False)
    said_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.name


class Via(models.TextChoices):
    """How an answer of a family came."""

    SHEET = "lembar", "dijawab sendiri dengan kode lembar"
    CADRE = "kader", "dibacakan kader"
    PAPER = "kertas", "diketik dari kertas"


class Said(models.TextChoices):
    """Who of the family answered. Only what she says counts as received: see `queries.confirmations.standing`."""

    SHE = "ibu", "ibu sendiri"
    OTHER = "lain", "orang lain di rumah"


class Confirmation(models.Model):
    """What a family said once of something promised to it: *sudah saya terima*, or *belum*. Never changed.

    A later word is another row. It touches no need and no commitment: a need closes by a measurement alone.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    household = models.ForeignKey(Household, models.PROTECT, related_name="confirmations", db_index=False)
    commitment = models.ForeignKey(Commitment, models.PROTECT, related_name="confirmations")
    received = models.BooleanField()
    said = models.CharField(max_length=5, choices=Said.choices)
    via = models.CharField(max_length=8, choices=Via.choices)
    on = models.DateField(help_text="local date on which she said so")
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["household", "commitment", "-at"], name="confirmations_of_family")]
        constraints = [
            models.CheckConstraint(
                condition=Q(via="lembar", by__isnull=True, said="ibu") | ~Q(via="lembar"),
                name="a_sheet_is_answered_by_her",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.household_id} {self.commitment_id} {self.received}"


class AidKind(models.TextChoices):
    """What was given; SERVICE is nothing that one can hold (a training, a paper), and is asked no further."""

    TOOL = "alat", "alat"
    ANIMAL = "ternak", "ternak atau tanaman"
    CAPITAL = "modal", "modal"
    OTHER = "barang", "barang lain"
    SERVICE = "layanan", "pelatihan atau layanan"


class Holder(models.TextChoices):
    """With whom the aid is; the first four as the survey's list `decides` names them."""

    WOMAN = "perempuan", "perempuan di rumah"
    BOTH = "bersama", "perempuan dan laki-laki bersama"
    MAN = "laki_laki", "suami atau laki-laki di rumah"
    OTHER = "orang_lain", "orang lain"
    GROUP = "kelompok", "kelompok"
    OFFICE = "kantor", "masih di kantor"
    GONE = "tidak_ada", "sudah tidak ada"


class AidUser(models.TextChoices):
    """Who uses it, or earns by it, now."""

    WOMAN = "perempuan", "perempuan di rumah"
    BOTH = "bersama", "perempuan dan laki-laki bersama"
    MAN = "laki_laki", "suami atau laki-laki di rumah"
    OTHER = "orang_lain", "orang lain"
    NOBODY = "tidak_dipakai", "tidak dipakai"


class Holding(models.Model):
    """Who held and used what came of a commitment, asked of a family in a round. The newest of a round holds.

    `held_by` and `used_by` are '' for a SERVICE.
    """

    household = models.ForeignKey(Household, models.PROTECT, related_name="holdings", db_index=False)
    commitment = models.ForeignKey(Commitment, models.PROTECT, related_name="holdings", db_index=False)
    round = models.ForeignKey(Round, models.PROTECT, related_name="holdings")
    kind = models.CharField(max_length=8, choices=AidKind.choices)
    held_by = models.CharField(max_length=10, choices=Holder.choices, blank=True)
    used_by = models.CharField(max_length=13, choices=AidUser.choices, blank=True)
    on = models.DateField()
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["household", "commitment", "round", "-at"], name="holdings_of_family")]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="layanan", held_by="", used_by="") | (~Q(kind="layanan") & ~Q(held_by="")),
                name="aid_is_with_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.household_id} {self.commitment_id} {self.held_by}"


class WomanAccess(models.TextChoices):
    """Whether she gets training, capital or a service that she needs."""

    YES = "ya", "bisa"
    SOMETIMES = "kadang", "kadang-kadang"
    NO = "tidak", "tidak"


class WomanControl(models.TextChoices):
    """Who rules over what her work or the aid brings."""

    SHE = "ibu", "ibu sendiri"
    BOTH = "bersama", "bersama suami"
    HUSBAND = "suami", "suami"
    OTHER = "lain", "orang lain"
    NOTHING = "belum", "belum ada hasilnya"


class WomanBenefit(models.TextChoices):
    """Whether her life is better for it."""

    MUCH = "sangat", "jauh lebih baik"
    SOME = "cukup", "lebih baik"
    LITTLE = "sedikit", "sedikit lebih baik"
    NONE = "tidak", "tidak berubah"


class WomanSaid(models.Model):
    """Four questions (*peran, akses, kontrol, manfaat*), asked of one woman in a round; '' is not answered.

    `role` lists where she takes part in deciding (of ROLE_PLACES); None is not answered, [] is nowhere. `woman` is
    NULL once the registry has written her family's members anew.
    """

    ROLE_PLACES = ("rumah", "kelompok", "rapat")

    household = models.ForeignKey(Household, models.PROTECT, related_name="women_said", db_index=False)
    woman = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="said")
    round = models.ForeignKey(Round, models.PROTECT, related_name="women_said", db_index=False)
    role = models.JSONField(null=True)
    access = models.CharField(max_length=8, blank=True)
    control = models.CharField(max_length=10, blank=True)
    benefit = models.CharField(max_length=8, blank=True)
    on = models.DateField()
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [
            models.Index(fields=["round", "household"], name="women_said_in_round"),
            models.Index(fields=["household"], name="women_said_of_family"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["woman", "round"], condition=Q(woman__isnull=False), name="one_word_a_woman_and_round"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.household_id} {self.round_id}"
