"""One table of wrapped keys: whoever destroys a row's bytes has destroyed what was sealed with them."""

import re
import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from django.db import models
from django.utils import timezone

from selaras.models import sealing
from selaras.models.ids import time_ordered
from selaras.models.ready import Ready
from selaras.models.sealing import CannotUnsealError


class KeyPurpose(models.TextChoices):
    HOUSEHOLD = "household", "keluarga"
    BATCH = "batch", "berkas impor"
    SUBMISSION = "submission", "kiriman yang belum dikenali keluarganya"
    SEARCH = "search", "sidik pencarian"
    SECOND_STEP = "second_step", "langkah kedua saat masuk"
    ACTIVITY = "activity", "foto kegiatan"
    EXPORT = "export", "berkas yang diekspor"
    EVIDENCE = "evidence", "bukti dukung"
    REACTION = "reaction", "reaksi"
    DOSSIER = "dossier", "lampiran nama berkas penilaian"
    RIGHTS = "rights", "permintaan pemilik data"
    RECAP = "recap", "rekap laporan kekerasan"


#: Of these there is one key for the whole server.
ALONE = (KeyPurpose.SEARCH, KeyPurpose.SECOND_STEP)


class DataKey(models.Model):
    """A random key, wrapped by the master key of version `wrapped_by`. `wrapped` is NULL once destroyed.

    Values are sealed under a context that names table, field and row, so that a sealed value moved to another row
    does not open there.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    purpose = models.CharField(max_length=16, choices=KeyPurpose.choices)
    wrapped = models.BinaryField(null=True)
    wrapped_by = models.PositiveSmallIntegerField()
    created_at = models.DateTimeField(default=timezone.now)
    destroyed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["purpose"], condition=models.Q(purpose__in=["search", "second_step"]), name="one_key_alone"
            ),
            models.CheckConstraint(
                condition=models.Q(wrapped__isnull=True, destroyed_at__isnull=False)
                | models.Q(wrapped__isnull=False, destroyed_at__isnull=True),
                name="destroyed_key_has_no_bytes",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.id}"

    @classmethod
    def fresh(cls, purpose: KeyPurpose) -> Self:
        """A new key, not yet saved: save it, or `bulk_create` many, before what it seals."""
        # A form's key comes with its form, by the hundred; of the others none says more of its moment than it must.
        id_ = time_ordered() if purpose == KeyPurpose.SUBMISSION else uuid.uuid4()
        key = cls(id=id_, purpose=purpose, wrapped_by=sealing.current_version())
        key.wrapped = sealing.wrap(sealing.new_secret(), key.wrapped_by, key._context)
        return key

    @classmethod
    def only(cls, purpose: KeyPurpose) -> Self:
        """The server's one key of that purpose (of ALONE), made on first use."""
        found = cls.objects.filter(purpose=purpose).first()
        if found is not None:
            return found
        fresh = cls.fresh(purpose)
        made, _ = cls.objects.get_or_create(
            purpose=purpose, defaults={"id": fresh.id, "wrapped": fresh.wrapped, "wrapped_by": fresh.wrapped_by}
        )
        return made

    @property
    def _context(self) -> str:
        return context_of(self.id)

    def secret(self) -> bytes:
        """The 32 bytes. Raises CannotUnsealError when destroyed, or when the setting lacks the version."""
        if self.wrapped is None:
            raise CannotUnsealError(f"key {self.id} is destroyed")
        return sealing.unwrap(bytes(self.wrapped), self.wrapped_by, self._context)

    def seal(self, value: bytes, context: str) -> bytes:
        """`value` sealed; `context` is `table.field:row`, such as `household.kk:3f2a…`."""
        return sealing.seal(self.secret(), value, context)

    def unseal(self, sealed: bytes | memoryview, context: str) -> bytes:
        """What `seal` was given with the same context. Raises CannotUnsealError."""
        return sealing.unseal(self.secret(), bytes(sealed), context)

    def seal_text(self, text: str, context: str) -> bytes | None:
        """None for an empty text, so that blank stays blank."""
        return self.seal(text.encode(), context) if text else None

    def unseal_text(self, sealed: bytes | memoryview | None, context: str) -> str:
        """'' for None."""
        return "" if sealed is None else self.unseal(sealed, context).decode()

    def mark(self, text: str, kind: str) -> str:
        """32 hexadecimal digits that say whether `text` is still the same, and nothing once the key is destroyed."""
        return sealing.search_hash(self.secret(), f"mark {kind}", text)

    def rewrap(self) -> None:
        """Wrap with the newest master key; not saved. What the key sealed stays as it is."""
        secret = self.secret()
        self.wrapped_by = sealing.current_version()
        self.wrapped = sealing.wrap(secret, self.wrapped_by, self._context)

    def destroy(self, now: datetime) -> None:
        """Forget the bytes for good; saved. The row stays, so that what pointed at it says why it cannot open."""
        self.wrapped = None
        self.destroyed_at = now
        self.save(update_fields=["wrapped", "destroyed_at"])
        sealing.forget_unwrapped()


def context_of(key: uuid.UUID) -> str:
    """What a key is wrapped under."""
    return f"key {key}"


_SEARCH_KEY = Ready(
    lambda purpose: (
        DataKey.objects.filter(purpose=purpose)
        # In the words of the index `one_key_alone`: SQLite sees only so that it answers, and would read every key.
        .extra(where=["purpose IN ('search', 'second_step')"])
        .values_list("id", "wrapped", "wrapped_by")
    ),
    purpose="",
)


@dataclass(frozen=True, slots=True)
class SearchHashes:
    """Makes the hashes by which NIK, KK number and phone are found without being readable.

    The secret is a random key of the table, not the master key itself: rotating SELARAS_DATA_KEY keeps every hash.
    """

    secret: bytes
    #: Of the row that it was read from; None where it was made just now.
    key: uuid.UUID | None = None

    @classmethod
    def load(cls) -> "SearchHashes":
        """One query; makes the key on first use. Load once for a batch."""
        found = _SEARCH_KEY.rows(purpose=KeyPurpose.SEARCH.value)
        if not found:
            return cls(DataKey.only(KeyPurpose.SEARCH).secret())
        ((pk, wrapped, wrapped_by),) = found
        return cls(sealing.unwrap(bytes(wrapped), wrapped_by, context_of(pk)), pk)

    def _hash(self, kind: str, value: str) -> str | None:
        return sealing.search_hash(self.secret, kind, value) if value else None

    def nik(self, text: str) -> str | None:
        """32 hexadecimal digits, equal however the digits were spaced; None where there is no digit."""
        return self._hash("nik", digits(text))

    def kk(self, text: str) -> str | None:
        """As `nik`, of another kind: the two never match each other."""
        return self._hash("kk", digits(text))

    def phone(self, text: str) -> str | None:
        """0812…, 62812… and +62 812… are one number."""
        return self._hash("phone", phone_digits(text))

    def sheet(self, code: str) -> str:
        """Finds a family's sheet by the code that stands on it, in the letters of `confirmations.CODE_LETTERS`."""
        return sealing.search_hash(self.secret, "sheet", code)

    def raw(self, value: bytes) -> str:
        """Tells a form sent twice from two forms; keyed, because a plain hash of a form can be guessed."""
        return sealing.search_hash(self.secret, "raw", value.hex())

    def content(self, value: bytes) -> str:
        """Tells a file sent twice from two files; keyed, because a photo's plain hash can be compared."""
        return sealing.file_hash(self.secret, "content", value)


def digits(text: str) -> str:
    """Only the digits of `text`."""
    return re.sub(r"[^0-9]", "", text)


def phone_digits(text: str) -> str:
    """An Indonesian number with its country code and no sign: `62812…`."""
    number = digits(text)
    if number.startswith("0"):
        return "62" + number.lstrip("0")
    return number if not number or number.startswith("62") else "62" + number
