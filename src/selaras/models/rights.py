"""What people ask about their own data, and what happened to data that should not have: each with its clock.

Sources: UU 27/2022 art. 5 to 15 (rights), 30, 32, 40 and 41 (3 x 24 hours), 43 to 45 (erasure), 46 (breach).
"""

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_noop as _

from selaras.models.cycles import Cycle, Lokus
from selaras.models.households import Household
from selaras.models.keys import DataKey
from selaras.models.people import User
from selaras.models.places import AREA


class RequestKind(models.TextChoices):
    """What is asked; in the order of the law."""

    SEE = "see", _("melihat data")
    COPY = "copy", _("meminta salinan")
    CORRECT = "correct", _("membetulkan data")
    OBJECT = "object", _("keberatan")
    STOP = "stop", _("menarik persetujuan")
    RESTRICT = "restrict", _("menunda pemrosesan")
    ERASE = "erase", _("menghapus data")


class RequestState(models.TextChoices):
    OPEN = "open", _("menunggu")
    DONE = "done", _("dipenuhi")
    REFUSED = "refused", _("ditolak")
    WITHDRAWN = "withdrawn", _("dicabut pemohon")
    LAPSED = "lapsed", _("tidak pernah dijawab")


class RefusalGround(models.TextChoices):
    """A closed list: no other ground may be given."""

    NOT_HER = "not_her", _("pemohon bukan pemilik data dan bukan walinya")
    DANGER = "danger", _("membahayakan keamanan atau kesehatan seseorang (Pasal 33)")
    OTHERS = "others", _("membuka data pribadi orang lain (Pasal 33)")
    LAW = "law", _("wajib disimpan menurut undang-undang")
    NONE_HELD = "none_held", _("data itu tidak ada di sini")
    PUBLIC = "public", _("dikecualikan untuk kepentingan umum dalam penyelenggaraan negara (Pasal 15 ayat (1))")
    BY_PEOPLE = "by_people", _("tidak ada keputusan oleh mesin saja; yang memutuskan orang (Pasal 10 ayat (1))")


class Deed(models.TextChoices):
    """What was done for who asked: a request is fulfilled by one of these, never by a tick."""

    GIVEN = "given", _("diperlihatkan atau diserahkan")
    CORRECTED = "corrected", _("dibetulkan")
    CONSENT = "consent", _("izin fotonya dicabut")
    RESTRICTED = "restricted", _("keluarganya tidak dipakai lagi atas nama")
    ERASED = "erased", _("keluarganya dihapus")
    NAMES = "names", _("nama dan nomornya dihapus dari tulisan")
    PHOTOS = "photos", _("nama dihapus dari tulisan, dan fotonya dihapus")
    ACCOUNT = "account", _("nama dihapus dari tulisan, dan akunnya ditutup")


class RightsRequest(models.Model):
    """One request of somebody about her own data, until the office has answered and told her.

    Who asks, how she is reached and what she says are sealed under the request's own key, which is destroyed some
    time after it was answered, or with her family: the row stays without them, as the proof that it was answered.
    `household` is NULL where nobody in the registry is meant (a guest of a meeting, somebody with an account), and
    where the import that had brought the family anew was taken back. One that nobody answered ends as LAPSED, so that
    it is not kept for ever; it counts as late.
    `area` is the family's, else the city's: whose desk it lies on.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="rights_requests")
    number = models.PositiveIntegerField()
    area = models.CharField(max_length=AREA)
    household = models.ForeignKey(Household, models.PROTECT, null=True, related_name="rights_requests")
    kind = models.CharField(max_length=10, choices=RequestKind.choices)
    key = models.OneToOneField(DataKey, models.PROTECT, related_name="rights_request")
    asker_sealed = models.BinaryField(null=True, help_text="her name")
    reach_sealed = models.BinaryField(null=True, help_text="how she is told: telephone or address")
    words_sealed = models.BinaryField(null=True, help_text="what she asks, in her words")
    received_at = models.DateTimeField()
    due_at = models.DateTimeField()
    entered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False)
    entered_at = models.DateTimeField(default=timezone.now)
    known_at = models.DateTimeField(null=True, help_text="when the office was sure who she is")
    state = models.CharField(max_length=10, choices=RequestState.choices, default=RequestState.OPEN)
    ground = models.CharField(max_length=10, choices=RefusalGround.choices, blank=True, help_text="'' unless refused")
    deed = models.CharField(max_length=10, choices=Deed.choices, blank=True, help_text="'' unless done")
    lifted_at = models.DateTimeField(null=True, help_text="when the restriction that it led to ended")
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False)
    answered_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True, help_text="when she was told of the answer")
    forgotten_at = models.DateTimeField(null=True, help_text="when the sealed values were destroyed")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("cycle", "due_at", "pk")
        constraints = [
            models.UniqueConstraint(fields=["cycle", "number"], name="one_request_a_number"),
            models.CheckConstraint(
                condition=Q(state="open", answered_at__isnull=True) | ~Q(state="open") & Q(answered_at__isnull=False),
                name="answered_request_says_when",
            ),
            models.CheckConstraint(
                condition=Q(state="refused") & ~Q(ground="") | ~Q(state="refused") & Q(ground=""),
                name="refused_request_says_why",
            ),
            models.CheckConstraint(
                condition=Q(forgotten_at__isnull=True)
                | Q(asker_sealed__isnull=True, reach_sealed__isnull=True, words_sealed__isnull=True),
                name="forgotten_request_has_no_values",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"

    def context(self, field: str) -> str:
        """What a value of this request is sealed under: `rights.asker:3f2a…`."""
        return f"rights.{field}:{self.uuid}"


class BreachCause(models.TextChoices):
    LOST = "lost", _("HP, laptop, atau kertas hilang")
    SENT = "sent", _("terkirim kepada yang salah")
    SEEN = "seen", _("dilihat orang yang tidak berhak")
    INTRUDED = "intruded", _("server atau akun dimasuki orang lain")
    BACKUP = "backup", _("cadangan bocor atau hilang")
    CHANGED = "changed", _("data berubah atau terhapus")
    OTHER = "other", _("lain-lain")


class BreachKind(models.TextChoices):
    """Of which kind the data were; more than one can be true."""

    NAMES = "names", _("nama dan alamat")
    NUMBERS = "numbers", _("NIK, nomor KK, atau nomor HP")
    HEALTH = "health", _("kesehatan")
    CHILDREN = "children", _("anak")
    MONEY = "money", _("keuangan keluarga")
    ANSWERS = "answers", _("jawaban pendataan lain")
    PHOTOS = "photos", _("foto")
    ACCOUNTS = "accounts", _("akun petugas")
    TICKETS = "tickets", _("tiket rujukan")


class Breach(models.Model):
    """Something that happened to personal data, from the hour it was known; the clock of art. 46 begins there.

    The texts name nobody (saving refuses names of the registry, an erasure takes out what it did not know): they go
    into the notices as they stand. `families` and `accounts` are NULL while unknown.
    No row is ever deleted; what it said before is in the audit's count of versions.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="breaches")
    number = models.PositiveIntegerField()
    lokus = models.ForeignKey(Lokus, models.PROTECT, null=True, related_name="breaches", help_text="NULL: the city")
    cause = models.CharField(max_length=10, choices=BreachCause.choices)
    kinds = models.JSONField(default=list, help_text="of BreachKind")
    known_at = models.DateTimeField()
    due_at = models.DateTimeField()
    happened = models.CharField(max_length=300, help_text="when and how, without a name")
    handled = models.CharField(max_length=600, blank=True, help_text="what was done against it")
    families = models.PositiveIntegerField(null=True)
    accounts = models.PositiveIntegerField(null=True)
    authority_told_at = models.DateTimeField(null=True)
    people_told_at = models.DateTimeField(null=True)
    public_told_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    closed_as = models.CharField(max_length=300, blank=True, help_text="what was learnt, or why it was none")
    entered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False)
    entered_at = models.DateTimeField(default=timezone.now)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("cycle", "-known_at", "pk")
        verbose_name_plural = "breaches"
        constraints = [
            models.UniqueConstraint(fields=["cycle", "number"], name="one_breach_a_number"),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | ~Q(closed_as=""), name="closed_breach_says_how"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.cycle_id} {self.number}"
