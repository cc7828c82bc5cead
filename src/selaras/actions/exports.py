"""Answers of a round as a file: small ones at once, large ones by the worker, sealed and kept for a day.

Each making and each taking is written down: who, why, of which round and how many families, with identifiers or not.
"""

import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from selaras.access import demand, export_tasks, exports_for, may_export, may_take_export, one, the_cycle
from selaras.actions import audit
from selaras.actions.jobs import Progress, enqueue, is_gone, worker_name
from selaras.errors import InputError, Missing, Problem
from selaras.models import Cycle, DataKey, Export, KeyPurpose, User
from selaras.models.exports import exports_folder
from selaras.queries.dossier_names import names_of_year
from selaras.queries.extract import Extract, Wanted
from selaras.queries.programme import today_in
from selaras.queries.rounds import round_ref
from selaras.reports.exports import Made, write_tables
from selaras.reports.kip import OUTPUTS

#: Up to so many families are written while the person waits: some two seconds.
AT_ONCE = 1_000
#: How long a large one stays, how long one may wait for the worker, and how many of a year a person may have.
KEPT, WAITS, MOST = timedelta(hours=24), timedelta(hours=48), 5
#: Letters of a reason.
SHORTEST, LONGEST = 5, 200
#: A folder in which a file was being written is of a process that died.
LEFT_BEHIND = timedelta(hours=6)
_NUMBER = re.compile(r"\d(?:[\s.-]?\d){7}")
_WORK = ".work-"


@dataclass(frozen=True, slots=True)
class Ready:
    """A file to be sent now: its bytes, which nothing else holds, its name and kind."""

    stream: IO[bytes]
    name: str
    content_type: str


def export(*, by: User, cycle_slug: str, wanted: Wanted, why: str) -> Ready | Export:
    """Take answers along: the file itself up to AT_ONCE families, else an Export that the worker makes.

    Raises InputError where `why` says nothing, holds a long number or names a family, or too many of hers wait;
    Missing; Forbidden.
    """
    cycle = the_cycle(by, cycle_slug)
    demand(may_export, by, cycle)
    why = _reason(why, cycle)
    extract = Extract(by, cycle, wanted)
    families = extract.count()
    if families > AT_ONCE:
        return _ask(by, extract, why, families)
    with _scratch() as folder:
        made = _written(extract, folder)
        with transaction.atomic():
            _record(by, "exports.make", extract, why, made.families)
        # Open still, and without a name: it is gone with whoever reads it.
        return Ready(made.path.open("rb"), name_of(extract, made), made.content_type)


def _reason(why: str, cycle: Cycle) -> str:
    said = " ".join(why.split())
    if len(said) < SHORTEST:
        raise InputError(Problem("export.why", "why"))
    if _NUMBER.search(said):
        raise InputError(Problem("export.why_number", "why"))
    # It is kept for ever in the audit, which no erasure can change.
    if names_of_year(cycle.pk).tells(said):
        raise InputError(Problem("export.why_name", "why"))
    return said[:LONGEST]


def _ask(by: User, extract: Extract, why: str, families: int) -> Export:
    now = timezone.now()
    mine = exports_for(by).filter(cycle=extract.cycle, ends_at__gt=now)
    if mine.count() >= MOST:
        raise InputError(Problem("export.many", values={"most": MOST}))
    with transaction.atomic():
        key = DataKey.fresh(KeyPurpose.EXPORT)
        key.save(force_insert=True)
        asked = Export.objects.create(
            cycle=extract.cycle,
            round=extract.round,
            by=by,
            wanted=extract.wanted.kept(),
            held=export_tasks(by, extract.cycle),
            why=why,
            key=key,
            asked_at=now,
            ends_at=now + WAITS,
        )
        asked.job = enqueue(by=by, kind="exports.make", total=families, export=str(asked.uuid))
        asked.save(update_fields=["job"])
        _record(by, "exports.ask", extract, why, families)
    return asked


def _record(by: User, action: str, extract: Extract, why: str, families: int) -> None:
    wanted = extract.wanted
    audit.record(
        by=by,
        action=action,
        object_type="cycle",
        object_id=extract.cycle.slug,
        place_code=extract.cycle.place.code,
        round=wanted.round,
        kind=wanted.form,
        identifiers="ya" if wanted.identifiers else "",
        families=families,
        lokus=", ".join(lokus.area for lokus in extract.loci),
        why=why,
    )


# --- making -----------------------------------------------------------------------------------------------------------
def make(progress: Progress) -> None:
    """Write and seal the export of this job. Idempotent; nothing where it was deleted meanwhile.

    What its asker may is looked at again: she may have lost a task since.
    """
    rows = Export.objects.select_related("cycle__place", "key", "by")
    asked = rows.filter(uuid=progress.job.params["export"], made_at__isnull=True).first()
    if asked is None:
        return
    extract = Extract(asked.by, asked.cycle, Wanted.of(asked.wanted))
    held = export_tasks(asked.by, asked.cycle)
    progress.say(0, progress.job.total, note="menulis berkas")
    with _scratch() as folder:
        made = _written(extract, folder, progress)
        sealed = asked.seal_file(made.path)
    now = timezone.now()
    with transaction.atomic():
        # An erasure of one of its families may have deleted it meanwhile: then it must not come back. Or a worker that
        # was only slow has made it: then it is there.
        if not Export.objects.select_for_update().filter(pk=asked.pk, made_at__isnull=True).exists():
            sealed.unlink(missing_ok=True)
            return
        sealed.replace(asked.path)
        asked.name, asked.content_type, asked.families = name_of(extract, made), made.content_type, made.families
        asked.held, asked.made_at, asked.ends_at = held, now, now + KEPT
        asked.save()
        _record(asked.by, "exports.make", extract, asked.why, made.families)
    progress.say(made.families, made.families, note="", now=True)


def _written(extract: Extract, folder: Path, progress: Progress | None = None) -> Made:
    def said(done: int) -> None:
        if progress is not None:
            progress.say(done)

    wanted = extract.wanted
    notes = notes_of(extract)
    return write_tables(
        folder, wanted.form, extract.tables, extract.chunks(), words=wanted.words, notes=notes, said=said
    )


def notes_of(extract: Extract) -> tuple[str, ...]:
    """What stands beside the tables: of what, of when, and what is not in them."""
    cycle, wanted = extract.cycle, extract.wanted
    where = ", ".join(lokus.place.name for lokus in extract.loci)
    column = "Kode keluarga" if wanted.words else "household_id"
    lines = [
        f"Jawaban keluarga: {cycle.programme} {cycle.place.full_name} {cycle.year}",
        *(["DATA CONTOH (sintetis): bukan keluarga sungguhan."] if cycle.synthetic else []),
        f"Putaran: {round_ref(extract.round).label}. Lokus: {where}. Diambil {today_in(cycle):%Y-%m-%d}.",
        f"Tabel keluarga: satu baris satu keluarga. Tabel lain: satu baris satu anggota, disambung lewat {column}.",
        "Nama kolom adalah pertanyaannya, dengan nama isian dalam kurung bila sama."
        if wanted.words
        else "Nama kolom adalah nama isian di instrumen; kolom tambahan dari Selaras diawali sl_.",
        f"{OUTPUTS['ekspor'].said}.",
    ]
    if extract.apart:
        lines.append("Jawaban kesehatan per keluarga tidak ada di sini: itu hanya untuk OPD yang disebut indikatornya.")
    if wanted.identifiers:
        lines.append("Memuat identitas keluarga. Simpan terkunci, jangan teruskan, hapus setelah dipakai (UU 27/2022).")
    else:
        lines.append("Nama, alamat, NIK, nomor KK, nomor HP, isian teks bebas, dan titik peta tidak ada di sini.")
    return tuple(lines)


def name_of(extract: Extract, made: Made) -> str:
    """`jawaban-kota-cilegon-2024-baseline.zip`; what names families and what is synthetic says so.

    A file that is nothing but rows has its class as public information nowhere else.
    """
    parts = ["jawaban", extract.cycle.slug, extract.wanted.round]
    parts += ["label"] if extract.wanted.words else []
    parts += ["dengan-identitas"] if extract.wanted.identifiers else []
    parts += ["data-contoh"] if extract.cycle.synthetic else []
    parts += ["dikecualikan"] if made.suffix in (".csv", ".parquet") else []
    return "-".join(parts) + made.suffix


@contextmanager
def _scratch() -> Iterator[Path]:
    """A folder of our own that its owner alone can read, gone afterwards; what a killed process leaves is swept."""
    exports_folder().mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(dir=exports_folder(), prefix=f"{_WORK}{worker_name()}-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


# --- taking, deleting, forgetting -------------------------------------------------------------------------------------
def take(*, by: User, cycle_slug: str, export_id: UUID) -> tuple[Export, Iterator[bytes]]:
    """A file that the worker has made for her, and its bytes; each taking is written down.

    Raises Missing where it is not hers or over, Forbidden where she has lost a task by which its families were hers.
    """
    found = _mine(by, the_cycle(by, cycle_slug), export_id)
    if not found.is_open(timezone.now()) or not found.path.exists():
        raise Missing(Problem("export.gone"))
    demand(may_take_export, by, found)
    wanted = Wanted.of(found.wanted)
    with transaction.atomic():
        audit.record(
            by=by,
            action="exports.take",
            object_type="cycle",
            object_id=found.cycle.slug,
            place_code=found.cycle.place.code,
            round=wanted.round,
            kind=wanted.form,
            identifiers="ya" if wanted.identifiers else "",
            families=found.families,
            why=found.why,
        )
    return found, found.unsealed()


def drop(*, by: User, cycle_slug: str, export_id: UUID) -> None:
    """Delete one of hers before its time. Raises Missing."""
    with transaction.atomic():
        found = _mine(by, the_cycle(by, cycle_slug), export_id)
        audit.record(
            by=by,
            action="exports.drop",
            object_type="cycle",
            object_id=found.cycle.slug,
            place_code=found.cycle.place.code,
        )
        found.destroy()


def _mine(by: User, cycle: Cycle, export_id: UUID) -> Export:
    demand(may_export, by, cycle)
    return one(exports_for(by).filter(cycle=cycle), uuid=export_id)


def forget_of(cycle: Cycle) -> None:
    """Destroy every file of that year, in the caller's transaction: a family of it is being erased, and may be in.

    Of any year, what a killed process left half written goes too: it lies open.
    """
    for found in Export.objects.filter(cycle=cycle).select_related("key"):
        found.destroy()
    transaction.on_commit(_drop_abandoned)


def _drop_abandoned() -> None:
    for folder in exports_folder().glob(f"{_WORK}*"):
        if is_gone(folder.name.removeprefix(_WORK).rpartition("-")[0]):
            shutil.rmtree(folder, ignore_errors=True)


def forget_old(now: datetime) -> None:
    """Destroy what is over and what has no row; the worker does it hourly."""
    for found in Export.objects.filter(ends_at__lt=now).select_related("key"):
        with transaction.atomic():
            found.destroy()
    _drop_abandoned()
    known = {str(uuid) for uuid in Export.objects.values_list("uuid", flat=True)}
    before = (now - LEFT_BEHIND).timestamp()
    for path in sorted(exports_folder().glob("*")):
        if path.name in known or path.stat().st_mtime > before:
            continue
        shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink(missing_ok=True)
    # A backup holds keys and none of these files: restored, such a key opens nothing.
    DataKey.objects.filter(purpose=KeyPurpose.EXPORT, exports__isnull=True, created_at__lt=now - WAITS).delete()
