"""What a phone or a browser sends is kept, whatever it is; only then is it answered.

The rule of this file: nothing that was acknowledged is lost, nothing is stored twice, and no phone is sent away with a
refusal that it would repeat for ever. What cannot be used waits for a person, with its bytes.
Source: OpenRosa form submission; the quirks of ODK Collect that docs/odk.md lists.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Literal
from uuid import UUID

from django.db import connection
from django.db.models import Exists, Q
from django.utils import timezone

from selaras.actions.field.keeping import FEW, Keeping, keep
from selaras.models import (
    Arrival,
    ArrivalFile,
    ArrivalState,
    Cycle,
    DataKey,
    FieldForm,
    KeyPurpose,
    PhoneToken,
    Reason,
    SearchHashes,
    StoredFile,
    SubmissionMode,
    User,
)
from selaras.models.ready import Ready, Value
from selaras.odk.fieldform import family_in, family_named
from selaras.odk.submission import BrokenXmlError, Envelope, open_envelope
from selaras.queries.programme import today_in

#: A form longer than this stands in a file of its own; no survey comes near.
LARGEST_ROW = 1024 * 1024
#: A form longer than this is kept and not read: of so many bytes of XML a server's memory could be filled.
LARGEST_READ = 4 * 1024 * 1024
#: An attempt may meet another request with the same form in between; then it finds that one's row.
ATTEMPTS = 5


@dataclass(frozen=True, slots=True)
class Sent:
    """One file of a request: its name as the sender wrote it, and its bytes."""

    name: str
    content: bytes
    content_type: str = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class Parcel:
    """One request: the form's bytes and the files that came with it."""

    xml: bytes
    files: Sequence[Sent] = ()
    device: str = ""
    agent: str = ""
    mode: SubmissionMode = SubmissionMode.PHONE


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sends, for which year, and the area that she works in. `phone` is None for who comes by no phone's token.

    `doubt` is a Reason that is known of her before anything is read; `carrier` is who brought it here for her.
    """

    cycle: Cycle
    user: User
    area: str
    phone: PhoneToken | None = None
    doubt: str = ""
    carrier: User | None = None

    @classmethod
    def of(cls, phone: PhoneToken) -> "Sender":
        """Who comes by a phone."""
        return cls(phone.cycle, phone.user, phone.membership.place_code, phone)


@dataclass(frozen=True, slots=True)
class Receipt:
    """What came of it. `repeat`: these very bytes were here already; `again` also where they are held or set aside.

    `held`: a person must look at it, or has and left it out. `files` counts those that were new.
    """

    arrival: Arrival
    kind: Literal["new", "repeat", "held"]
    files: int
    again: bool = False


@dataclass(slots=True)
class _Read:
    """A parcel as far as it could be read. `names` are composed letters: some phones send their accents apart."""

    envelope: Envelope | None
    reason: str
    form_id: int | None = None
    practice: bool = False
    names: frozenset[str] = field(default_factory=frozenset)

    @property
    def instance_id(self) -> str:
        return self.envelope.instance_id if self.envelope is not None else ""


def receive(*, sender: Sender, parcel: Parcel, now: datetime | None = None) -> Receipt:
    """Keep a filled form and its files; idempotent by (year, instance id, bytes).

    A repeat adds the files that were missing. Other bytes under a known id are kept beside it and wait for a person,
    as does what is broken, late, or of a form that nobody handed out. Files are on disk before their rows, and both
    before this returns. Never raises for what was sent.
    """
    now = now or timezone.now()
    envelope = _opened(parcel)
    hashes = SearchHashes.load()
    if hashes.key is not None:
        _HASHES[""] = hashes
    read = _read(sender, parcel, envelope, now)
    raw_hash = hashes.raw(parcel.xml)
    for _ in range(ATTEMPTS):
        known, first = _known(sender, read.instance_id, raw_hash)
        arrival = known or _fresh(sender, parcel, read, raw_hash, now, first=first)
        fresh = known is None
        files = _written(arrival, parcel, read, hashes)
        if not fresh and not files:
            return _receipt(arrival, 0, fresh=False)
        kept = Keeping(sender.carrier or sender.user, arrival, files, fresh)
        keep(kept)
        if kept.kept:
            return _receipt(arrival, kept.stored, fresh=fresh)
        # Another request with the same form was quicker; its rows are there now.
    raise RuntimeError("the same form came more often at once than it can be tried")


def receive_at_once(*, sender: Sender, parcel: Parcel, now: datetime | None = None) -> Receipt | None:
    """What `receive` does with most of what comes, a good new form, by one statement; None where it is anything else.

    The phone, the form and the server's key are taken as they stood a moment ago, and the form is kept only where the
    database says that they still stand so: who was revoked meanwhile gets None, and nothing is kept. What `receive`
    looks up one by one would take four rounds to a database that is not in this process, and there the statement that
    keeps the form says it; SQLite is asked just before, as `receive` asks.
    """
    now = now or timezone.now()
    if sender.phone is None or len(parcel.files) > FEW:
        return None
    envelope = _opened(parcel)
    if envelope is None or not envelope.instance_id or envelope.deprecated_id or sender.cycle.closed_at is not None:
        return None
    form = _FORMS.get((sender.cycle.pk, envelope.form_id, envelope.form_version))
    hashes = _HASHES.get("")
    if hashes is None or form is None or today_in(sender.cycle, now) > form.closes:
        return None
    stood = _as_it_stood(sender, form, hashes, now)
    by_the_way = connection.vendor == "postgresql"
    if not by_the_way and not _STANDS.rows(**stood):
        return None
    read = _Read(envelope, "", form.pk, names=_named(parcel, envelope))
    raw_hash = hashes.raw(parcel.xml)
    # Photos are on disk before their rows: of a form that is here already they would lie there for nothing.
    if parcel.files and _known(sender, read.instance_id, raw_hash) != (None, True):
        return None
    arrival = _fresh(sender, parcel, read, raw_hash, now, first=True)
    files = _written(arrival, parcel, read, hashes)
    kept = Keeping(sender.user, arrival, files, fresh=True, given=(_STANDS, stood) if by_the_way else None)
    keep(kept)
    return _receipt(arrival, kept.stored, fresh=True) if kept.kept else None


@dataclass(frozen=True, slots=True)
class _Form:
    """A form that counts, as it was found last."""

    pk: int
    form_id: str
    version: str
    closes: date


#: What was looked up last, of this process: (year, form, version) -> the form, and the hashes.
_FORMS: dict[tuple[int, str, str], _Form] = {}
_HASHES: dict[str, SearchHashes] = {}
MOST_FORMS = 500


def _as_it_stood(sender: Sender, form: _Form, hashes: SearchHashes, now: datetime) -> dict[str, Value]:
    """For `_STANDS`."""
    assert sender.phone is not None  # noqa: S101  (receive_at_once has looked)
    assert hashes.key is not None  # noqa: S101  (others are not remembered)
    return {
        "phone": sender.phone.pk,
        "token_hash": sender.phone.token_hash,
        "user": sender.user.pk,
        "cycle": sender.cycle.pk,
        "place": sender.cycle.place.code,
        "area": sender.area,
        "now": now,
        "form": form.pk,
        "form_id": form.form_id,
        "version": form.version,
        "closes": form.closes,
        "key": hashes.key,
    }


_STANDS = Ready(
    lambda phone, token_hash, user, cycle, place, area, now, form, form_id, version, closes, key: (
        PhoneToken.objects.filter(
            Q(membership__ends__isnull=True) | Q(membership__ends__gt=now),
            Exists(
                FieldForm.objects.filter(
                    pk=form,
                    form_id=form_id,
                    form_version=version,
                    practice=False,
                    round__cycle=cycle,
                    round__closes=closes,
                )
            ),
            Exists(DataKey.objects.filter(pk=key, wrapped__isnull=False)),
            pk=phone,
            token_hash=token_hash,
            revoked_at__isnull=True,
            user=user,
            user__is_active=True,
            membership__starts__lte=now,
            membership__place_code=area,
            cycle=cycle,
            cycle__closed_at__isnull=True,
            cycle__place__code=place,
        )
        .order_by()
        .values_list("pk")
    ),
    phone=0,
    token_hash="",
    user=0,
    cycle=0,
    place="",
    area="",
    now=datetime(2026, 1, 1, tzinfo=UTC),
    form=0,
    form_id="",
    version="",
    closes=date(2026, 1, 1),
    key=UUID(int=0),
)


def _opened(parcel: Parcel) -> Envelope | None:
    """None for what cannot be read, or is too long to be."""
    if len(parcel.xml) > LARGEST_READ:
        return None
    try:
        return open_envelope(parcel.xml)
    except BrokenXmlError:
        return None


_FORM = Ready(
    lambda cycle, form_id, form_version: FieldForm.objects.filter(
        round__cycle=cycle, form_id=form_id, form_version=form_version
    ).values_list("pk", "practice", "round__closes"),
    cycle=0,
    form_id="",
    form_version="",
)
# In the words of the unique constraints, or SQLite would not see that their indexes answer, and read every arrival.
_KNOWN = Ready(
    lambda cycle, instance_id: Arrival.objects.filter(
        ~Q(instance_id=""), cycle=cycle, instance_id=instance_id
    ).values_list("pk", "raw_hash", "first"),
    cycle=0,
    instance_id="",
)
_NAMELESS = Ready(
    lambda by, cycle, raw_hash: Arrival.objects.filter(
        by=by, cycle=cycle, raw_hash=raw_hash, instance_id=""
    ).values_list("pk", "raw_hash", "first"),
    by=0,
    cycle=0,
    raw_hash="",
)


def _read(sender: Sender, parcel: Parcel, envelope: Envelope | None, now: datetime) -> _Read:
    if envelope is None:
        return _Read(None, Reason.BROKEN)
    names = _named(parcel, envelope)
    if not envelope.instance_id:
        return _Read(envelope, Reason.NO_ID, names=names)
    reason, form_id, practice = _judged(sender, envelope, now)
    return _Read(envelope, reason, form_id, practice, names)


def _named(parcel: Parcel, envelope: Envelope) -> frozenset[str]:
    return frozenset(map(_composed, envelope.names_files() if parcel.files else ()))


def _judged(sender: Sender, envelope: Envelope, now: datetime) -> tuple[str, int | None, bool]:
    """Why a person must look at it, '' where nobody need; the form that it was filled on, and whether for practice."""
    form_id, version = envelope.form_id, envelope.form_version
    found = _FORM.rows(cycle=sender.cycle.pk, form_id=form_id, form_version=version)
    if not found:
        others = FieldForm.objects.filter(form_id=form_id, round__cycle=sender.cycle)
        return (Reason.UNKNOWN_VERSION if others.exists() else Reason.UNKNOWN_FORM), None, False
    ((pk, practice, closes),) = found
    if practice:
        return "", pk, True
    if len(_FORMS) >= MOST_FORMS:
        _FORMS.clear()
    _FORMS[sender.cycle.pk, form_id, version] = _Form(pk, form_id, version, closes)
    if sender.cycle.closed_at is not None and sender.doubt != Reason.CARRIED:
        return Reason.CLOSED, pk, False
    if sender.doubt:
        return sender.doubt, pk, False
    if today_in(sender.cycle, now) > closes:
        return Reason.LATE, pk, False
    if envelope.deprecated_id and not _has_original(sender, envelope.deprecated_id):
        return Reason.NO_ORIGINAL, pk, False
    return "", pk, False


def _has_original(sender: Sender, instance_id: str) -> bool:
    return Arrival.objects.filter(cycle=sender.cycle, instance_id=instance_id, first=True).exists()


def _known(sender: Sender, instance_id: str, raw_hash: str) -> tuple[Arrival | None, bool]:
    """The row of these very bytes, where they were here before; and whether it could be the first of that id.

    Bytes without an id are the sender's own: nobody's photo is put to another's form.
    """
    if instance_id:
        there = _KNOWN.rows(cycle=sender.cycle.pk, instance_id=instance_id)
    else:
        there = _NAMELESS.rows(by=sender.user.pk, cycle=sender.cycle.pk, raw_hash=raw_hash)
    for pk, each, _first in there:
        if each == raw_hash:
            return Arrival.objects.filter(pk=pk).select_related("key").defer("raw").first(), False
    return None, bool(instance_id) and not any(first for _, _, first in there)


def _fresh(sender: Sender, parcel: Parcel, read: _Read, raw_hash: str, now: datetime, *, first: bool) -> Arrival:
    """The row as it would be; nothing is stored."""
    envelope = read.envelope
    reason = read.reason or ("" if first else Reason.OTHER_BYTES)
    state = ArrivalState.PRACTICE if read.practice else ArrivalState.WAITING
    arrival = Arrival(
        cycle=sender.cycle,
        token=sender.phone,
        by=sender.user,
        carrier=sender.carrier,
        area=sender.area,
        mode=parcel.mode,
        instance_id=read.instance_id,
        first=first,
        form_id=envelope.form_id if envelope else "",
        form_version=envelope.form_version if envelope else "",
        deprecated_id=envelope.deprecated_id if envelope else "",
        raw_hash=raw_hash,
        key=DataKey.fresh(KeyPurpose.SUBMISSION),
        received_at=now,
        device=parcel.device[:120],
        agent=parcel.agent[:200],
        state=ArrivalState.QUARANTINED if reason else state,
        reason=reason,
        field_form_id=read.form_id,
        about=family_named(envelope) if envelope else family_in(parcel.xml[:LARGEST_READ]),
    )
    if len(parcel.xml) > LARGEST_ROW:
        arrival.file = StoredFile.written(parcel.xml, "text/xml", arrival.key)
    else:
        arrival.seal_raw(parcel.xml)
    return arrival


def _written(arrival: Arrival, parcel: Parcel, read: _Read, hashes: SearchHashes) -> list[ArrivalFile]:
    """The files that are new to it, on disk; their rows are not stored. The same file twice in a request is one."""
    if not parcel.files:
        return []
    there = set(arrival.files.values_list("name", "content_hash")) if arrival.pk else set()
    rows = []
    for sent in parcel.files:
        name, content_hash = kept_name(sent.name), hashes.content(sent.content)
        if (name, content_hash) in there:
            continue
        there.add((name, content_hash))
        row = ArrivalFile(arrival=arrival, name=name, content_hash=content_hash, named=_composed(name) in read.names)
        row.file = StoredFile.written(sent.content, sent.content_type[:120], arrival.key)
        rows.append(row)
    return rows


def kept_name(name: str) -> str:
    """A name as it is kept: without folders and signs that no file has, never empty; it names no path of ours."""
    name = "".join(sign for sign in name.replace("\\", "/").rpartition("/")[2] if sign.isprintable()).strip()
    return name[:255] or "tanpa-nama"


def _composed(name: str) -> str:
    """Letters and their accents as one sign each."""
    return name if name.isascii() else unicodedata.normalize("NFC", name)


def _receipt(arrival: Arrival, files: int, *, fresh: bool) -> Receipt:
    held = arrival.state in {ArrivalState.QUARANTINED, ArrivalState.SET_ASIDE}
    return Receipt(arrival, "held" if held else "new" if fresh else "repeat", files, again=not fresh)
