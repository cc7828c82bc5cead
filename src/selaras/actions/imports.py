"""Bring in families and answers from a spreadsheet: receive, look at, say what columns mean, publish, take back.

Each verb is short; the long work is a job (importing/checking.py, importing/publishing.py).
"""

import uuid
from collections.abc import Mapping
from typing import BinaryIO

from django.db import transaction
from django.utils import timezone

from selaras.access import Actor, demand, imports_for, may_import, one, the_lokus
from selaras.actions import audit
from selaras.actions.importing.memory import remember
from selaras.actions.importing.problems import read_problems
from selaras.actions.jobs import enqueue
from selaras.errors import InputError, Problem
from selaras.models import (
    BatchState,
    DataKey,
    ImportBatch,
    KeyPurpose,
    Lokus,
    Round,
    StoredFile,
    User,
)
from selaras.odk.archive import MAX_FILE
from selaras.queries.programme import primary_of
from selaras.queries.rounds import find_round
from selaras.queries.rules import instrument_of
from selaras.queries.undoing import blockers
from selaras.reports.problems import problems_xlsx
from selaras.reports.template import template_xlsx

_TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "csv": "text/csv",
}


def receive_file(
    *,
    by: Actor,
    cycle_slug: str,
    code: str,
    round_slug: str,
    filename: str,
    file: BinaryIO,
    mapping: Mapping[str, Mapping[str, str]] | None = None,
) -> uuid.UUID:
    """Keep the file sealed and enqueue its check; the import's id.

    `mapping` says what columns mean where their titles do not: table -> title -> field ('' ignores it). Raises
    Missing, Forbidden, or InputError for a file over 64 MiB.
    """
    lokus, round_ = _target(by, cycle_slug, code, round_slug)
    content = file.read(MAX_FILE + 1)
    if len(content) > MAX_FILE:
        raise InputError(Problem("file.too_big", values={"name": filename}))
    version = lokus.cycle.cycle_instruments.select_related("version").filter(primary=True).first()
    if version is None:
        raise InputError(Problem("import.no_instrument"))
    key = DataKey.fresh(KeyPurpose.BATCH)
    kind = _TYPES.get(filename.rpartition(".")[2].lower(), "application/octet-stream")
    # On disk before anything is locked: 64 MiB take a while to seal and to write.
    stored = StoredFile.written(content, kind, key)
    with transaction.atomic():
        key.save(force_insert=True)
        stored.save(force_insert=True)
        batch = ImportBatch(
            round=round_,
            lokus=lokus,
            version=version.version,
            key=key,
            file=stored,
            filename=filename[-200:],
            mapping={"chosen": {table: dict(said) for table, said in (mapping or {}).items()}},
            created_by=by if isinstance(by, User) else None,
        )
        batch.save()
        batch.job = enqueue(by=by, kind="imports.check", batch=str(batch.uuid))
        batch.save(update_fields=["job"])
        _record(by, "imports.receive", batch, bytes=len(content))
    return batch.uuid


def choose_columns(
    *,
    by: Actor,
    cycle_slug: str,
    code: str,
    import_id: uuid.UUID,
    mapping: Mapping[str, Mapping[str, str]],
    rows: Mapping[str, int] | None = None,
    roles: Mapping[str, str] | None = None,
) -> None:
    """Say what columns mean, and check again. What was said of a title is remembered for this year's files.

    `mapping`: sheet -> title, or `@` and the column's 0-based place -> field ('' ignores it). `rows`: sheet -> the row
    of its titles; `roles`: sheet -> '' for families, a repeat's name, '-' for nothing. Raises as `confirm_import`, and
    InputError for a field that the survey and the registry lack.
    """
    with transaction.atomic():
        batch = _batch(by, cycle_slug, code, import_id)
        chosen = {table: dict(said) for table, said in mapping.items()}
        remember(batch, chosen, by=by if isinstance(by, User) else None, now=timezone.now())
        batch.mapping = {"chosen": chosen, "rows": dict(rows or {}), "roles": dict(roles or {})}
        _step(batch, {BatchState.CHECKED}, BatchState.UPLOADED, mapping=batch.mapping)
        _enqueue(by, batch, "imports.check")
        _record(by, "imports.choose_columns", batch)


def confirm_import(*, by: Actor, cycle_slug: str, code: str, import_id: uuid.UUID, skip: bool = False) -> None:
    """Enqueue the publishing of a checked import. Asked twice, it is done once.

    `skip` leaves out the families that have errors. Raises Missing, Forbidden, or InputError where the file has errors
    (with `skip`: errors of titles or sheets, or nothing else) or the import is not ready.
    """
    with transaction.atomic():
        batch = _batch(by, cycle_slug, code, import_id)
        if batch.state == BatchState.PUBLISHED:
            return
        _demand_sound(batch, skip)
        _step(batch, {BatchState.CHECKED}, BatchState.CHECKED)
        if batch.job is None or batch.job.is_over:
            batch.mapping = {**batch.mapping, "skip": skip}
            batch.save(update_fields=["mapping"])
            _enqueue(by, batch, "imports.publish", total=batch.rows)
            _record(by, "imports.confirm", batch, skipped=batch.summary.get("bad", 0) if skip else 0)


def _demand_sound(batch: ImportBatch, skip: bool) -> None:
    found = batch.summary
    errors, blocking = int(found.get("errors", 0)), int(found.get("blocking", 0))
    if errors and not skip:
        raise InputError(Problem("import.has_errors", values={"count": errors}))
    if blocking:
        raise InputError(Problem("import.blocked", values={"count": blocking}))
    if skip and batch.rows <= int(found.get("bad", 0)):
        raise InputError(Problem("import.nothing_good"))


def undo_import(*, by: Actor, cycle_slug: str, code: str, import_id: uuid.UUID) -> None:
    """Enqueue the taking back of a published import: its new families go, the answers before it count again.

    Raises Missing, Forbidden, or InputError with every reason why something already builds on it.
    """
    with transaction.atomic():
        batch = _batch(by, cycle_slug, code, import_id)
        if batch.state == BatchState.UNDONE:
            return
        if batch.state != BatchState.PUBLISHED:
            raise InputError(Problem("import.not_published"))
        if reasons := blockers(batch):
            raise InputError(reasons)
        if batch.job is None or batch.job.is_over:
            _enqueue(by, batch, "imports.undo")
            _record(by, "imports.undo", batch)


def export_problems(*, by: Actor, cycle_slug: str, code: str, import_id: uuid.UUID) -> tuple[bytes, str]:
    """The file as it came with a column of its problems in front, as .xlsx, and a name for it.

    Raises Missing, Forbidden, or InputError once the file's key is destroyed or where it cannot be read at all.
    """
    with transaction.atomic():
        batch = _batch(by, cycle_slug, code, import_id)
    sheets, count = read_problems(batch, by=by)
    content = problems_xlsx(sheets)
    with transaction.atomic():
        _record(by, "imports.export_problems", batch, problems=count, bytes=len(content))
    return content, f"{batch.filename.rpartition('.')[0] or batch.filename}-masalah.xlsx"


def template(*, by: Actor, cycle_slug: str, code: str) -> bytes:
    """An empty .xlsx for this lokus, made from the year's instrument. Raises Missing, Forbidden, InputError."""
    lokus = the_lokus(by, cycle_slug, code)
    demand(may_import, by, lokus)
    version = primary_of(lokus.cycle)
    if version is None:
        raise InputError(Problem("import.no_instrument"))
    return template_xlsx(instrument_of(version), prefix=lokus.prefix, place=lokus.place.name)


def discard_import(*, by: Actor, cycle_slug: str, code: str, import_id: uuid.UUID) -> None:
    """Throw an import away before it is published: its key at once, its rows and file by a job.

    Raises Missing, Forbidden, or InputError while it is being published or once it has been.
    """
    with transaction.atomic():
        batch = _batch(by, cycle_slug, code, import_id)
        if batch.state == BatchState.DISCARDED:
            return
        if batch.job is not None and batch.job.kind == "imports.publish" and not batch.job.is_over:
            raise InputError(Problem("import.busy"))
        _step(batch, {BatchState.UPLOADED, BatchState.CHECKED}, BatchState.DISCARDED, finished_at=timezone.now())
        batch.key.destroy(timezone.now())
        enqueue(by=by, kind="imports.tidy", batch=str(batch.uuid))
        _record(by, "imports.discard", batch)


def _target(by: Actor, cycle_slug: str, code: str, round_slug: str) -> tuple[Lokus, Round]:
    lokus = the_lokus(by, cycle_slug, code)
    demand(may_import, by, lokus)
    return lokus, find_round(lokus.cycle, round_slug)


def _batch(by: Actor, cycle_slug: str, code: str, import_id: uuid.UUID) -> ImportBatch:
    """The batch, held until the transaction ends: of two who press at once, the second sees what the first did."""
    lokus = the_lokus(by, cycle_slug, code)
    demand(may_import, by, lokus)
    rows = imports_for(by).select_for_update(of=("self",), no_key=True)
    related = ("key", "file__key", "job", "lokus__cycle", "lokus__place", "round", "version__workbook")
    return one(rows.select_related(*related), uuid=import_id, lokus=lokus)


def _step(batch: ImportBatch, from_: set[BatchState], to: BatchState, **fields: object) -> None:
    """Change the state only from one of `from_`, by one conditional UPDATE."""
    if not ImportBatch.objects.filter(pk=batch.pk, state__in=from_).update(state=to, **fields):
        state = BatchState(ImportBatch.objects.values_list("state", flat=True).get(pk=batch.pk)).label
        raise InputError(Problem("import.state", values={"state": f"sudah {state}"}))


def _enqueue(by: Actor, batch: ImportBatch, kind: str, total: int | None = None) -> None:
    batch.job = enqueue(by=by, kind=kind, total=total, batch=str(batch.uuid))
    batch.save(update_fields=["job"])


def _record(by: Actor, action: str, batch: ImportBatch, **details: object) -> None:
    area = batch.lokus.area if batch.lokus else ""
    audit.record(
        by=by,
        action=action,
        object_type="import",
        object_id=batch.uuid,
        place_code=area,
        round=batch.round_id,
        **details,
    )
