"""Forget a family for good: its key, its rows, its files, and the free space where they were.

Scores, classes and counters that were stored stay: they point at a row that says nothing any more. What cannot be
reached from here is written into a register that `restore` replays on older backups.
Source: UU 27/2022 art. 8 and 43 (erasure, and proof of it).
"""

import json
import os
import tempfile
import time
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Literal
from uuid import UUID

from allauth.account.models import EmailAddress
from django.db import OperationalError, connection, transaction
from django.db.backends.utils import CursorWrapper
from django.db.models import Model, Q, QuerySet
from django.utils import timezone

from selaras.access import Actor, demand, loci_for, may_erase_household, one
from selaras.actions import audit
from selaras.actions.counting import count_registered
from selaras.actions.dossiers import forget_in_annexes
from selaras.actions.exports import forget_of
from selaras.actions.field.forgetting import forget_arrivals, forget_by_keys, keys_of_arrivals
from selaras.actions.jobs import enqueue
from selaras.actions.merging import part_before_erasure
from selaras.actions.registers import say_strange
from selaras.actions.restriction_marks import forget_marks
from selaras.actions.rights_kept import forget_by_request_keys, forget_marked_account, forget_requests_of
from selaras.actions.same_family import found_to_be, hidden_again, leave_to_another
from selaras.actions.traces import marks_of, take_out, take_out_marked, traces_of_family
from selaras.errors import InputError, Missing, Problem
from selaras.models import (
    AgencyLink,
    AgreedAnswers,
    AgreedImport,
    AgreedState,
    Arrival,
    ArrivalFile,
    BatchState,
    Confirmation,
    CurrentAnswers,
    DataKey,
    DossierAnnex,
    Duplicate,
    Erasure,
    FamilySheet,
    Holding,
    Household,
    HouseholdEdit,
    ImportBatch,
    ImportRow,
    Invitation,
    Job,
    Lokus,
    Person,
    PhotoConsent,
    PhotoPrint,
    ReactionText,
    RecheckEntry,
    RecheckFamily,
    RightsRequest,
    Round,
    SecondEntry,
    Statement,
    StoredFile,
    Submission,
    Target,
    TargetChange,
    User,
    Visit,
    WomanSaid,
)
from selaras.models.files import media_root
from selaras.queries.traces import TEXTS, Traces

#: Why a family is erased: at its wish, because it should never have been entered, or because its time is up.
Reason = Literal["permintaan", "salah-data", "masa-simpan"]
#: Tables that hold, or held, values of families and of who asked; PostgreSQL rewrites these and those of TEXTS alone.
PERSONAL = (
    *(DataKey, Household, Person, Submission, CurrentAnswers, ImportRow, ImportBatch, StoredFile),
    *(Target, TargetChange),
    *(Arrival, ArrivalFile, HouseholdEdit, SecondEntry, Visit, RecheckFamily, RecheckEntry),
    *(PhotoConsent, PhotoPrint),
    *(AgreedImport, AgreedAnswers),
    *(Duplicate, Statement),
    *(FamilySheet, Confirmation, Holding, WomanSaid),
    *(DossierAnnex, RightsRequest, ReactionText, Job),
    # The closed account of somebody who asked to be forgotten.
    *(User, EmailAddress, Invitation, AgencyLink),
)
#: Milliseconds that a sweep waits for somebody who reads: whoever comes after waits behind it.
LOCK_WAIT = 3000


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the register: whom to forget, and every key that ever opened values of theirs.

    `marks` are fingerprints of what told of them in texts; {} in lines of earlier versions.
    """

    household: str
    keys: tuple[str, ...]
    at: str
    marks: dict[str, Any] = field(default_factory=dict)


def erase_household(*, by: Actor, household: Household, reason: Reason, sweep_after: bool = True) -> Erasure:
    """Destroy every value of that family; returns its line of the register.

    In order: words of offices that tell its names or numbers lose them; the imports that still hold it are discarded;
    answers, members, files and values are deleted; its key is destroyed; register and audit are written. What came in
    anew and was hidden by the same request goes along. After the commit the free space is swept, unless the caller does
    so for many at once (`finish_erasures`). Raises Forbidden, or Missing where it has been erased already.
    """
    demand(may_erase_household, by, household)
    now = timezone.now()
    with transaction.atomic():
        # Of a year whose time is over each goes by itself.
        anew = reason != "masa-simpan"
        _hold(household, *(hidden_again(household) if anew else ()))
        found = Household.objects.select_for_update().filter(pk=household.pk, erased_at__isnull=True).first()
        if found is None:
            raise Missing(Problem("access.missing"))
        request = found.pending if found.restricted_at is not None else None
        entries = [found, *(hidden_again(found) if anew else ())]
        erasures = [_erased_whole(by, entry, now, reason) for entry in entries]
        if request is not None:
            leave_to_another(request)
        if sweep_after:
            transaction.on_commit(finish_erasures)
    household.refresh_from_db()
    return erasures[0]


def _erased_whole(by: Actor, household: Household, now: datetime, reason: Reason) -> Erasure:
    """Itself, and the families that were found to be it."""
    parts, twins = reason != "masa-simpan", found_to_be(household)
    erasure, words = _erased(household, now, parts)
    words += sum(_erased(twin, now, parts)[1] for twin in twins)
    audit.record(
        by=by,
        action="households.erase",
        object_type="household",
        object_id=household.uuid,
        place_code=household.lokus.area,
        reason=reason,
        **({"texts": words} if words else {}),
    )
    return erasure


def _erased(household: Household, now: datetime, parts: bool) -> tuple[Erasure, int]:
    """Its line of the register, and in how many texts it stood."""
    keys, traces = _keys_of(household), traces_of_family(household, parts=parts)
    marks = marks_of(traces, household.lokus.cycle.place)
    words = _forget(household, now, traces)
    return Erasure.objects.create(household=household.uuid, keys=keys, at=now, marks=marks), words


def erase_by_code(*, by: Actor, cycle_slug: str, code: str, reason: Reason) -> Erasure:
    """`erase_household` for a door, which knows the year and the family's code. Raises Missing and Forbidden as it."""
    rows = Household.objects.filter(lokus__in=loci_for(by), pending__isnull=True, erased_at__isnull=True)
    household = one(rows.select_related("lokus__cycle", "key"), lokus__cycle__slug=cycle_slug, code=code)
    return erase_household(by=by, household=household, reason=reason)


def _hold(*households: Household) -> None:
    """Their loci, then their rounds, before the families themselves: whoever writes about families begins with the
    lokus, and whoever scores has the round when it names them. Else each would wait for what the other has.
    """
    loci = {household.lokus_id for household in households}
    list(Lokus.objects.select_for_update(no_key=True).filter(pk__in=loci).order_by("pk").values_list("pk", flat=True))
    rounds = Round.objects.filter(pk__in=Round.objects.filter(cycle__loci__in=loci).values("pk"))
    list(rounds.select_for_update(no_key=True).order_by("pk").values_list("pk", flat=True))


def finish_erasures() -> None:
    """What follows an erasure, or many: their lines in the register, no fingerprint in another, and the free space
    swept."""
    write_register()
    forget_marks()
    sweep()


def _keys_of(household: Household) -> list[str]:
    """Ids of its own key and of the keys of every import that it came in or may be in: older backups hold those."""
    came = Submission.objects.filter(household=household, batch__isnull=False).values_list("batch__key_id", flat=True)
    waiting = _waiting(household).values_list("key_id", flat=True)
    agreed = AgreedImport.objects.filter(lokus=household.lokus_id).values_list("key_id", flat=True)
    others = {key for key in (*came, *waiting, *agreed, *keys_of_arrivals(household)) if key is not None}
    return [str(key) for key in (household.the_key().pk, *sorted(others))]


def _waiting(household: Household) -> QuerySet[ImportBatch]:
    """Imports on their way into its lokus. Their files are sealed and need not name a KK: any may hold the family."""
    there = Q(lokus=household.lokus_id) | Q(lokus__isnull=True, round__cycle=household.lokus.cycle_id)
    return _unpublished().filter(there)


def _unpublished() -> QuerySet[ImportBatch]:
    rows = ImportBatch.objects.exclude(state=BatchState.PUBLISHED).filter(key__wrapped__isnull=False)
    return rows.select_related("key", "file")


def _forget(household: Household, now: datetime, traces: Traces) -> int:
    """Everything of the family but the row that scores point at; in how many texts of offices it stood."""
    words = sum(take_out(traces, household.lokus.cycle.place).values())
    for batch in _waiting(household):
        empty_batch(batch=batch, now=now)
    for listed in AgreedImport.objects.filter(lokus=household.lokus_id).select_related("key", "file"):
        empty_agreed(listed, now)
    forget_of(household.lokus.cycle)
    forget_in_annexes(household)
    forget_arrivals(household, now)
    forget_requests_of(household, now)
    _delete_values([household.pk])
    # Its place on the list with all that was said of it; whoever came in its stead stays.
    TargetChange.objects.filter(household=household).delete()
    Target.objects.filter(household=household).delete()
    # How much it was like another family, and what became of it, is said of it too.
    Duplicate.objects.filter(Q(one=household) | Q(other=household)).delete()
    Statement.objects.filter(household=household).delete()
    ImportRow.objects.filter(household=household).update(household=None)
    key = household.the_key()
    for stored in StoredFile.objects.filter(key=key):
        stored.erase()
    household.head_name = household.address = household.rt = ""
    household.kk_sealed = household.kk_hash = household.phone_sealed = household.phone_hash = None
    household.key, household.pending, household.restricted_at, household.erased_at = None, None, None, now
    household.save()
    count_registered(household.lokus_id)
    key.destroy(now)
    return words


def _delete_values(households: list[int]) -> None:
    """Answers and members of those families. Submissions point at one another, so the pointers go first."""
    CurrentAnswers.objects.filter(household__in=households).delete()
    RecheckFamily.objects.filter(household__in=households).delete()
    PhotoConsent.objects.filter(household__in=households).delete()
    for said in (FamilySheet, Confirmation, Holding, WomanSaid):
        said.objects.filter(household__in=households).delete()
    submissions = Submission.objects.filter(household__in=households)
    submissions.update(superseded_by=None)
    # Where a form was corrected to be about another family, that family's answers point at these.
    Submission.objects.filter(superseded_by__household__in=households).update(superseded_by=None)
    submissions.delete()
    Person.objects.filter(household__in=households).delete()


def empty_batch(*, batch: ImportBatch, now: datetime) -> None:
    """Destroy what an import holds, in the caller's transaction: staged rows, file and key.

    For a published one, once each raw row is kept with its family. An unpublished one becomes *discarded*, with all
    that it had prepared unseen; a job that is still preparing finds it so, and what that leaves the tidying job
    removes. Doing it twice changes nothing.
    """
    if batch.state != BatchState.PUBLISHED:
        _discard(batch, now)
    batch.staged.all().delete()
    stored, batch.file = batch.file, None
    batch.save(update_fields=["file"])
    if stored is not None:
        stored.erase()
    if batch.key.wrapped is not None:
        batch.key.destroy(now)


def empty_agreed(listed: AgreedImport, now: datetime) -> None:
    """Destroy the file of a list from elsewhere, in the caller's transaction; one not used yet is discarded."""
    if listed.state == AgreedState.UPLOADED:
        listed.state = AgreedState.DISCARDED
    stored, listed.file = listed.file, None
    listed.save(update_fields=["state", "file"])
    if stored is not None:
        stored.erase()
    if listed.key.wrapped is not None:
        listed.key.destroy(now)


def _discard(batch: ImportBatch, now: datetime) -> None:
    brought = list(Household.objects.filter(pending=batch.uuid).values_list("pk", "key_id"))
    Submission.objects.filter(batch=batch).delete()
    _delete_values([pk for pk, _ in brought])
    Household.objects.filter(pk__in=[pk for pk, _ in brought]).delete()
    DataKey.objects.filter(pk__in=[key for _, key in brought]).delete()
    batch.state, batch.finished_at = BatchState.DISCARDED, now
    # Titles of columns: of a file without titles they are its first family.
    batch.problems, batch.mapping, batch.summary = [], {}, {}
    batch.save(update_fields=["state", "finished_at", "problems", "mapping", "summary"])
    enqueue(by=None, kind="imports.tidy", batch=str(batch.uuid))


# --- the register -----------------------------------------------------------------------------------------------------
def register_path() -> Path:
    """Beside the media, not in the database: it must outlive the restoring of an older backup."""
    return media_root() / "erasures.jsonl"


def read_register(path: Path) -> list[Entry]:
    """The lines of a register file; none where there is no file. Raises InputError for lines of another form."""
    lines = _lines_of(path)
    if strange := [number for number, _, entry in lines if entry is None]:
        raise InputError([Problem("backup.beside", values={"name": path.name, "line": number}) for number in strange])
    return [entry for _, _, entry in lines if entry is not None]


def known_register() -> tuple[list[Entry], list[int]]:
    """The lines of the one beside the media, and the numbers of those that nobody can read, which are said in the log:
    what is done every hour goes on for all others."""
    lines = _lines_of(register_path())
    strange = [number for number, _, entry in lines if entry is None]
    for number in strange:
        say_strange(register_path().name, number)
    return [entry for _, _, entry in lines if entry is not None], strange


def _lines_of(path: Path) -> list[tuple[int, bytes, Entry | None]]:
    """Each with its number; None where it is of another form. Empty ones are none."""
    found: list[tuple[int, bytes, Entry | None]] = []
    for number, line in enumerate(path.read_bytes().splitlines() if path.exists() else [], 1):
        try:
            found += [(number, line, entry_of(line))] if line.strip() else []
        except InputError:
            found += [(number, line, None)]
    return found


def entry_of(line: bytes) -> Entry:
    """One line as it was written, checked. Raises InputError."""
    try:
        said = json.loads(line)
        keys = tuple(str(UUID(key)) for key in said["keys"])
        marks = _checked(dict(said.get("marks") or {}))
        return Entry(str(UUID(said["household"])), keys, datetime.fromisoformat(said["at"]).isoformat(), marks)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError(Problem("backup.register", values={"name": register_path().name})) from error


def _checked(marks: dict[str, Any]) -> dict[str, Any]:
    """Fingerprints that are looked for later are words. Raises ValueError, TypeError or AttributeError."""
    if not all(isinstance(mark, str) for kind in ("words", "parts", "numbers") for mark in marks.get(kind, [])):
        raise ValueError("marks")
    return marks | ({"account": str(UUID(marks["account"]))} if marks.get("account") else {})


def entries() -> list[Entry]:
    """What the database knows to be erased."""
    rows = Erasure.objects.order_by("at", "household")
    return [Entry(str(row.household), tuple(row.keys), row.at.isoformat(), row.marks) for row in rows]


def write_register(more: Iterable[Entry] | None = None) -> None:
    """The register file anew: what it held and what the database knows, or `more`. Whole or not at all, and on disk.

    A line that cannot be read stays where it stands, as it is: somebody is to be forgotten by it.
    """
    path = register_path()
    lines: dict[str | int, bytes] = {}
    for number, line, entry in _lines_of(path):
        lines |= {number: line} if entry is None else {entry.household: line_of(entry)}
    lines |= {entry.household: line_of(entry) for entry in (entries() if more is None else more)}
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    with os.fdopen(handle, "wb") as stream:
        stream.writelines(line + b"\n" for line in lines.values())
        stream.flush()
        os.fsync(stream.fileno())
    Path(temporary).replace(path)


def line_of(entry: Entry) -> bytes:
    """As it stands in the file, without the end of the line."""
    return json.dumps(asdict(entry)).encode()


def replay(*, by: Actor, register: Iterable[Entry]) -> int:
    """Forget again whom an older backup brought back; how many families. Whom the database knows erased is left.

    Where that backup did not know some erasure, every import that was on its way in it is discarded: it may hold
    the family, and its sheet can be uploaded again.
    """
    now, count = timezone.now(), 0
    known = {str(uuid) for uuid in Erasure.objects.values_list("household", flat=True)}
    unknown = {entry.household: entry for entry in register if entry.household not in known}
    erased = {UUID(uuid) for uuid in (*known, *unknown)}
    for entry in unknown.values():
        with transaction.atomic():
            household = Household.objects.filter(uuid=entry.household, erased_at__isnull=True).first()
            if household is not None:
                part_before_erasure(by=by, household=household, erased=erased, now=now)
            count += _replay_one(by, entry, now)
    if unknown:
        with transaction.atomic():
            for batch in _unpublished():
                empty_batch(batch=batch, now=now)
        sweep()
    return count


def _replay_one(by: Actor, entry: Entry, now: datetime) -> int:
    at = datetime.fromisoformat(entry.at)
    Erasure.objects.create(household=entry.household, keys=list(entry.keys), at=at, marks=entry.marks)
    for batch in ImportBatch.objects.filter(key__in=[UUID(key) for key in entry.keys]).select_related("key", "file"):
        empty_batch(batch=batch, now=now)
    for listed in AgreedImport.objects.filter(key__in=[UUID(key) for key in entry.keys]).select_related("key", "file"):
        empty_agreed(listed, now)
    forget_by_keys([UUID(key) for key in entry.keys], now)
    forget_by_request_keys([UUID(key) for key in entry.keys], now)
    household = Household.objects.filter(uuid=entry.household, erased_at__isnull=True).first()
    if household is None:
        # Not known in this backup yet, and named in its texts all the same.
        take_out_marked(entry.marks)
        forget_marked_account(entry.marks)
        return 0
    _forget(household, now, traces_of_family(household, parts=True))
    audit.record(by=by, action="households.erase.replay", object_type="household", object_id=entry.household)
    return 1


# --- free space -------------------------------------------------------------------------------------------------------
def sweep() -> bool:
    """Rewrite the tables of values so that no deleted byte stays in them; whether it could be done now.

    SQLite zeroes what is deleted (secure_delete), but copies of it can stay where pages were split: VACUUM rewrites
    them and the write-ahead log is emptied. PostgreSQL keeps dead rows until VACUUM FULL. Both hold up writers: about
    two seconds for 100 MB. Where a long reader is in the way (a backup) nothing is marked, and the next call does it.
    """
    unswept = list(Erasure.objects.filter(swept_at__isnull=True).values_list("pk", flat=True))
    try:
        with connection.cursor() as cursor:
            done = _sweep_sqlite(cursor) if connection.vendor == "sqlite" else _sweep_postgresql(cursor)
    except OperationalError:
        return False
    if done:
        Erasure.objects.filter(pk__in=unswept).update(swept_at=timezone.now())
    return done


def _sweep_sqlite(cursor: CursorWrapper) -> bool:
    cursor.execute("PRAGMA busy_timeout")
    usual = int(cursor.fetchone()[0])
    cursor.execute(f"PRAGMA busy_timeout = {LOCK_WAIT}")
    try:
        cursor.execute("VACUUM")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return bool(cursor.fetchone()[0] == 0)
    finally:
        cursor.execute(f"PRAGMA busy_timeout = {usual}")


def _sweep_postgresql(cursor: CursorWrapper) -> bool:
    if not _nobody_looks_back(cursor):
        return False
    # Whoever waits for this lock makes everybody behind it wait: give up soon instead.
    cursor.execute(f"SET lock_timeout = {LOCK_WAIT}")
    try:
        rewritten: list[type[Model]] = [*PERSONAL, *TEXTS]
        for model in dict.fromkeys(rewritten):
            cursor.execute(f"VACUUM (FULL, ANALYZE) {connection.ops.quote_name(model._meta.db_table)}")
    finally:
        cursor.execute("RESET lock_timeout")
    return True


def _nobody_looks_back(cursor: CursorWrapper) -> bool:
    """Whether every transaction that may still see the deleted rows has ended; waits LOCK_WAIT at most.

    VACUUM FULL copies such rows into the new table without a word. A transaction that writes to another database of
    the same server counts too: it holds back the snapshot of the VACUUM itself.
    """
    cursor.execute("SELECT pg_snapshot_xmax(pg_current_snapshot())::text")
    moment = cursor.fetchone()[0]
    end = time.monotonic() + LOCK_WAIT / 1000
    while True:
        cursor.execute(
            "SELECT pg_snapshot_xmin(pg_current_snapshot()) >= %s::xid8 AND NOT EXISTS ("
            " SELECT 1 FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND backend_xmin IS NOT NULL"
            " AND datname = current_database() AND age(backend_xmin) > age(%s::xid8::xid))",
            [moment, moment],
        )
        if cursor.fetchone()[0]:
            return True
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
