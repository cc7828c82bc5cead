"""What the room keeps. Without SELARAS_CASES_KEY its rows say opaque codes and days, and nothing else.

No name, NIK, address, category, narrative, photo or free text has a column here, sealed or not. Users and places are
held by value, inside what is sealed: no key of this database points into the other.
"""

import hashlib
import json
import uuid
from typing import Any, Self

from django.db import models

from selaras.cases import keys
from selaras.models import sealing

#: Everything sealed is as long as this, or a multiple: its length does not tell how far a ticket is.
BLOCK = 1024
FIRST_PREVIOUS = "0" * 64


class Purpose(models.TextChoices):
    """What a key of the room seals."""

    TICKET = "ticket"
    BREAK = "break"
    LOG = "log"
    SUMS = "sums"
    CODES = "codes"
    VOUCH = "vouch"


#: Of these there is one key each.
ALONE = (Purpose.LOG, Purpose.SUMS, Purpose.CODES)


class RoomKey(models.Model):
    """A random key, wrapped by version `wrapped_by` of SELARAS_CASES_KEY. Deleting the row destroys what it sealed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    purpose = models.CharField(max_length=8, choices=Purpose.choices)
    wrapped = models.BinaryField()
    wrapped_by = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["purpose"],
                condition=models.Q(purpose__in=["log", "sums", "codes"]),
                name="one_room_key_alone",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.id}"

    @classmethod
    def fresh(cls, purpose: Purpose) -> Self:
        """A new key, saved. Raises ShutError where the setting names none, or another than what is here opens with."""
        cls._demand_openable()
        key = cls(purpose=purpose, wrapped_by=keys.current_version())
        key.wrapped = keys.wrap(sealing.new_secret(), key.wrapped_by, key.context)
        key.save(force_insert=True)
        return key

    @classmethod
    def only(cls, purpose: Purpose) -> Self:
        """The room's one key of that purpose (of ALONE), made on first use."""
        found = cls.objects.filter(purpose=purpose).first()
        if found is not None:
            return found
        cls._demand_openable()
        fresh = cls(purpose=purpose, wrapped_by=keys.current_version())
        fresh.wrapped = keys.wrap(sealing.new_secret(), fresh.wrapped_by, fresh.context)
        made, _ = cls.objects.get_or_create(
            purpose=purpose, defaults={"id": fresh.id, "wrapped": fresh.wrapped, "wrapped_by": fresh.wrapped_by}
        )
        return made

    @classmethod
    def _demand_openable(cls) -> None:
        """Under a wrong key nothing new begins beside what it does not open: one of each version is tried."""
        for version in cls.objects.order_by("wrapped_by").values_list("wrapped_by", flat=True).distinct():
            found = cls.objects.filter(wrapped_by=version).first()
            if found is not None:
                found.secret()

    @property
    def context(self) -> str:
        """What it is wrapped under."""
        return f"room key {self.id}"

    def secret(self) -> bytes:
        """The 32 bytes. Raises ShutError where the setting lacks the version or is another key."""
        return keys.unwrap(bytes(self.wrapped), self.wrapped_by, self.context)

    def seal(self, said: dict[str, Any], context: str, *, block: int = BLOCK) -> bytes:
        """`said` as JSON, filled up to whole blocks, sealed under `table:row`."""
        text = json.dumps(said, sort_keys=True, separators=(",", ":")).encode()
        return sealing.seal(self.secret(), text.ljust(-(-len(text) // block) * block), context)

    def unseal(self, sealed: bytes | memoryview, context: str) -> dict[str, Any]:
        """What `seal` was given. Raises ShutError, or CannotUnsealError for changed bytes or another row's."""
        said: dict[str, Any] = json.loads(sealing.unseal(self.secret(), bytes(sealed), context))
        return said

    def rewrap(self) -> None:
        """Wrap with the newest version; not saved. What it sealed stays as it is."""
        secret = self.secret()
        self.wrapped_by = keys.current_version()
        self.wrapped = keys.wrap(secret, self.wrapped_by, self.context)


class Ticket(models.Model):
    """That somebody was handed over to UPTD PPA. `sealed` holds place, opener, SIMFONI's number, moments (facts.Facts).

    The four days are what can be read without the key.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    code = models.CharField(max_length=12, unique=True, help_text="ten letters and digits, made of nothing")
    key = models.OneToOneField(RoomKey, models.PROTECT, related_name="ticket")
    sealed = models.BinaryField()
    reported_on = models.DateField()
    received_on = models.DateField(null=True)
    passed_on = models.DateField(null=True, help_text="to the police, where the law says so")
    followed_up_on = models.DateField(null=True)

    class Meta:
        indexes = [models.Index(fields=["reported_on"], name="ticket_by_day")]

    def __str__(self) -> str:
        return self.code


class Break(models.Model):
    """That two people opened one ticket in an emergency: who asked, who agreed, for what, which, until when: sealed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.OneToOneField(RoomKey, models.PROTECT, related_name="breaking")
    sealed = models.BinaryField()
    asked_on = models.DateField()

    def __str__(self) -> str:
        return str(self.id)


class Vouch(models.Model):
    """That colleagues know whose second step an officer's is: who she is, which step, for where, said by whom: sealed.

    `about` is a keyed hash of whose it is, so that there is one of each and nobody else can tell whose.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    about = models.CharField(max_length=64, unique=True)
    key = models.OneToOneField(RoomKey, models.PROTECT, related_name="vouch")
    sealed = models.BinaryField()

    def __str__(self) -> str:
        return str(self.id)


class Sum(models.Model):
    """What tickets of one month that were destroyed added up to, by kelurahan: counts for tables of past years."""

    month = models.DateField(primary_key=True, help_text="its first day")
    sealed = models.BinaryField()

    def __str__(self) -> str:
        return self.month.isoformat()


class Entry(models.Model):
    """Who did or read what in the room, for which purpose: sealed; and chained, so that none is changed or taken out.

    What it says of a ticket is sealed once more, under that ticket's key, and is gone with it. The chain is of what is
    sealed, and can be followed without any key. It is the room's own, beside the audit's.
    """

    number = models.PositiveBigIntegerField(primary_key=True)
    day = models.DateField()
    sealed = models.BinaryField()
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64, unique=True)

    def __str__(self) -> str:
        return f"{self.number} {self.digest[:16]}"

    def computed_digest(self) -> str:
        """SHA-256 of the link before and of everything this one says."""
        sealed = hashlib.sha256(bytes(self.sealed)).hexdigest()
        text = f"{self.previous}\n{self.number}\n{self.day.isoformat()}\n{sealed}"
        return hashlib.sha256(text.encode()).hexdigest()


class Holder(models.Model):
    """A process of a server, machine:role:number: the newest version of SELARAS_CASES_KEY that it has, 0 for none, and
    the last day it said so. By it a change of keys knows what has not been started again."""

    name = models.CharField(max_length=64, primary_key=True, help_text="of the machine")
    newest = models.PositiveSmallIntegerField()
    seen_on = models.DateField()

    def __str__(self) -> str:
        return f"{self.name} {self.newest}"
