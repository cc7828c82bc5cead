"""An import from upload to done: what was read, what is wrong with it, how far it is.

The door tells `actions.imports`: `receive_file(*, by, cycle_slug, code, round_slug, filename, file) -> UUID` (keeps
the bytes, enqueues the check), `confirm_import(*, by, cycle_slug, code, import_id)`, `discard_import(...)` likewise.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.db.models import F

from selaras.access import demand, imports_for, may_import, one
from selaras.errors import Missing, Problem
from selaras.models import (
    BatchState,
    CannotUnsealError,
    ImportBatch,
    ImportRow,
    InstrumentVersion,
    JobState,
    Round,
    User,
)
from selaras.odk.forms import Field, FieldKind
from selaras.odk.types import SILENT
from selaras.odk.values import choice_shown, is_private
from selaras.queries.columns import read_titles
from selaras.queries.programme import cycle_ref, instrument_ref, lokus_in, lokus_ref, primary_of
from selaras.queries.refs import CycleRef, InstrumentRef, LokusRef, RoundRef
from selaras.queries.rounds import round_ref
from selaras.queries.rules import health_fields, instrument_of
from selaras.queries.spoken import shown
from selaras.queries.undoing import blockers, brought
from selaras.queries.unwilling import told_to
from selaras.scoring.expressions.words import label_of
from selaras.scoring.instrument import Instrument

#: Imports in the list of a lokus, and rows of a file in its preview.
RECENT = 10
PREVIEWED = 5
MASK = "•••"
#: In an import's summary: the rows of whom to restrict again, each a problem with its request.
AGAIN = "unwilling"

#: received → checking → ready or refused; ready → importing → done or failed; ready, refused → discarded;
#: done → undoing → undone.
ImportState = Literal[
    "received", "checking", "ready", "refused", "importing", "done", "failed", "discarded", "undoing", "undone"
]

#: Here the page tells what became of its families, no longer what would.
SAVED: frozenset[ImportState] = frozenset({"done", "undoing", "undone"})


@dataclass(frozen=True, slots=True)
class ColumnLine:
    """A column that the file may have: its name, the question, what it takes, whether it must be there."""

    name: str
    label: str
    takes: str
    needed: bool


@dataclass(frozen=True, slots=True)
class ImportLine:
    """One import in the list of the lokus."""

    id: UUID
    filename: str
    state: ImportState
    received_at: datetime
    by: str
    households: int
    problems: int


@dataclass(frozen=True, slots=True)
class ImportsPage:
    """The page where a file is given. `rounds` may receive answers; `columns` are those of the instrument."""

    cycle: CycleRef
    lokus: LokusRef
    instrument: InstrumentRef
    rounds: tuple[RoundRef, ...]
    columns: tuple[ColumnLine, ...]
    recent: tuple[ImportLine, ...]


@dataclass(frozen=True, slots=True)
class ImportPage:
    """One import.

    `done` of `total` rows in the running step. `new`/`known` families, `answers` filled cells, `members` rows.
    `problems` are the first 200 of `problem_count`, `errors` of them forbid the import; `where` of a problem is
    `FILE!CELL` or `SHEET!CELL`. `ignored` columns are not the instrument's. `header` and `preview` show the first
    rows as they will be read, personal columns masked. Nothing of it is in the registry before `done`.

    `questions` columns should be looked at. `good` families have no error and can be saved alone where `skippable`.
    `restricted`: codes of those that came in and are used no further by name, for they had asked for it before;
    `restricted_told`: she may read by which request each.
    `downloadable` while the file can be read; `undo_reasons` say why a done import cannot be taken back, none where it
    can.
    """

    cycle: CycleRef
    lokus: LokusRef
    round: RoundRef
    id: UUID
    filename: str
    state: ImportState
    received_at: datetime
    by: str
    done: int
    total: int
    new: int
    known: int
    members: int
    answers: int
    problems: tuple[Problem, ...]
    problem_count: int
    errors: int
    ignored: tuple[str, ...]
    header: tuple[str, ...]
    preview: tuple[tuple[str, ...], ...]
    questions: int
    has_columns: bool
    good: int
    skippable: bool
    downloadable: bool
    undo_reasons: tuple[Problem, ...]
    restricted: tuple[str, ...]
    restricted_told: bool


def imports_page(user: User, cycle_slug: str, code: str) -> ImportsPage:
    """Where a file is given for this lokus. Raises Missing, or Forbidden for who may see it but not import."""
    lokus = lokus_in(user, cycle_slug, code)
    demand(may_import, user, lokus)
    version = primary_of(lokus.cycle)
    if version is None:
        raise Missing(Problem("import.no_instrument"))
    recent = imports_for(user).filter(lokus=lokus).select_related("job", "created_by").order_by("-created_at", "-pk")
    rounds = Round.objects.filter(cycle=lokus.cycle).order_by("opens", "id")
    return ImportsPage(
        cycle=cycle_ref(lokus.cycle),
        lokus=lokus_ref(lokus),
        instrument=instrument_ref(version),
        rounds=tuple(round_ref(row) for row in rounds),
        columns=tuple(_columns(version)),
        recent=tuple(_line(batch) for batch in recent[:RECENT]),
    )


_TAKES: dict[FieldKind, str] = {
    "integer": "bilangan bulat",
    "decimal": "bilangan, misalnya 3,5",
    "date": "tanggal, misalnya 25/4/2024",
    "time": "jam, misalnya 07:30",
    "datetime": "tanggal dan jam",
    "text": "teks",
    "geo": "koordinat",
    "file": "nama berkas",
}


def _columns(version: InstrumentVersion) -> Iterator[ColumnLine]:
    """The columns of the families' sheet first, then those of each repeat's."""
    instrument = instrument_of(version)
    form = instrument.form
    yield ColumnLine("kode", "Kode keluarga", "misalnya GD-001", True)
    for field in sorted(form.fields.values(), key=lambda field: (field.repeat is not None, field.row)):
        if field.kind == "other" or field.type in SILENT:
            continue
        label = label_of(shown(field.labels, instrument)) or field.name
        name = field.name if field.repeat is None else f"{field.repeat}: {field.name}"
        yield ColumnLine(name, label, _takes(field, instrument), field.required and not field.relevants)


def _takes(field: Field, instrument: Instrument) -> str:
    if field.kind not in {"choice", "choices"}:
        return _TAKES.get(field.kind, "teks")
    form = instrument.form
    choices = [choice_shown(choice, form.default_language) for choice in form.lists.get(field.list_name or "", ())]
    listed = ", ".join(choices[:8]) + (", …" if len(choices) > 8 else "")
    return f"{'salah satu' if field.kind == 'choice' else 'satu atau lebih'} dari: {listed}"


def _line(batch: ImportBatch) -> ImportLine:
    return ImportLine(
        id=batch.uuid,
        filename=batch.filename,
        state=state_of(batch),
        received_at=batch.created_at,
        by=_who(batch),
        households=batch.rows,
        problems=int(batch.summary.get("problems", 0)),
    )


def _who(batch: ImportBatch) -> str:
    return str(batch.created_by) if batch.created_by else "server"


def state_of(batch: ImportBatch) -> ImportState:
    """Where an import stands, from its own state and that of its newest job (both must be at hand)."""
    job = batch.job
    if batch.state == BatchState.PUBLISHED:
        undoing = job is not None and job.kind == "imports.undo" and not job.is_over
        return "undoing" if undoing else "done"
    if batch.state == BatchState.UNDONE:
        return "undone"
    if batch.state == BatchState.DISCARDED:
        return "discarded"
    if job is not None and job.state == JobState.FAILED:
        return "failed"
    if batch.state == BatchState.UPLOADED:
        return "checking" if job is not None and job.state == JobState.RUNNING else "received"
    if job is not None and job.kind == "imports.publish" and not job.is_over:
        return "importing"
    return "refused" if batch.summary.get("errors") else "ready"


def import_page(user: User, cycle_slug: str, code: str, import_id: UUID) -> ImportPage:
    """One import of this lokus. Raises Missing, or Forbidden for who may see the lokus but not import."""
    lokus = lokus_in(user, cycle_slug, code)
    demand(may_import, user, lokus)
    rows = imports_for(user).select_related("job", "created_by", "key", "version__workbook", "round")
    batch = one(rows, uuid=import_id, lokus=lokus)
    summary, job = batch.summary, batch.job
    header, preview = _preview(batch)
    again = () if state_of(batch) in SAVED else tuple(_again(user, batch))
    away = _unwilling(batch)
    return ImportPage(
        cycle=cycle_ref(lokus.cycle),
        lokus=lokus_ref(lokus),
        round=round_ref(batch.round),
        id=batch.uuid,
        filename=batch.filename,
        state=state_of(batch),
        received_at=batch.created_at,
        by=_who(batch),
        done=job.done if job else 0,
        total=(job.total or batch.rows) if job else batch.rows,
        new=batch.households_new,
        known=batch.households_known,
        members=int(summary.get("members", 0)),
        answers=int(summary.get("answers", 0)),
        problems=(*_problems(batch), *again),
        problem_count=int(summary.get("problems", 0)) + len(_failure(batch)) + len(again),
        errors=int(summary.get("errors", 0)) + len(_failure(batch)),
        ignored=tuple(summary.get("ignored", ())),
        header=header,
        preview=preview,
        questions=int(summary.get("questions", 0)),
        has_columns=batch.state == BatchState.CHECKED and batch.key.wrapped is not None and bool(read_titles(batch)),
        good=(good := batch.rows - int(summary.get("bad", 0))),
        skippable=bool(summary.get("errors")) and not summary.get("blocking") and good > 0,
        downloadable=batch.state == BatchState.CHECKED and batch.key.wrapped is not None and bool(batch.rows),
        undo_reasons=tuple(blockers(batch)) if state_of(batch) == "done" else (),
        restricted=tuple(away),
        restricted_told=set(away.values()) <= told_to(user, lokus.cycle, away.values()),
    )


def _unwilling(batch: ImportBatch) -> dict[str, str]:
    """Of a published import the families that are away although they came after they had asked for it: code ->
    request."""
    if batch.state != BatchState.PUBLISHED:
        return {}
    rows = brought(batch).filter(restricted_at__lt=F("created_at"), erased_at__isnull=True).order_by("code")
    return {code: str(request) for code, request in rows.values_list("code", "pending")}


def _again(user: User, batch: ImportBatch) -> Iterator[Problem]:
    """Rows of whom to restrict again, as far as she is told before it is saved."""
    rows = batch.summary.get(AGAIN, ())
    told = told_to(user, batch.round.cycle, (row["values"]["request"] for row in rows))
    for row in rows:
        if row["values"]["request"] in told:
            yield Problem(row["code"], row["where"], row["values"], row["level"])


def _problems(batch: ImportBatch) -> Iterator[Problem]:
    yield from _failure(batch)
    for row in batch.problems:
        yield Problem(row["code"], row["where"], row["values"], row["level"])


def _failure(batch: ImportBatch) -> list[Problem]:
    """What stopped the job, where it was stopped."""
    if batch.job is None or batch.job.state != JobState.FAILED:
        return []
    return [Problem("import.stopped", values={"reason": batch.job.note})]


def _preview(batch: ImportBatch) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """The first families as they stand in the file, what is personal masked. Nothing once the key is gone."""
    header = tuple(batch.summary.get("header", ()))
    if batch.key.wrapped is None or not header:
        return header, ()
    open_columns = _open_columns(batch)
    rows = []
    for row in ImportRow.objects.filter(batch=batch, sheet="").order_by("number")[:PREVIEWED]:
        row.batch = batch
        try:
            raw: dict[str, Any] = row.values()["raw"]
        except CannotUnsealError:
            return header, ()
        rows.append(tuple(_cell(text, str(raw.get(text, "")), open_columns) for text in header))
    return header, tuple(rows)


def _cell(column: str, text: str, open_columns: frozenset[str]) -> str:
    return text if column in open_columns or not text else MASK


def _open_columns(batch: ImportBatch) -> frozenset[str]:
    """Columns whose cells may be shown: codes, neighbourhoods, answers that are neither free text nor of health."""
    fields = instrument_of(batch.version).form.fields
    header = set(batch.summary.get("header", ()))
    # A title of another table may be the same and mean something else.
    tables: dict[str, dict[str, str]] = batch.mapping.get("read", {})
    mapping = next((table for table in tables.values() if set(table) == header), {})
    closed = health_fields(batch.version)
    plain = {"code", "rw", "rt", "rt_rw", "kode_keluarga"}
    return frozenset(
        text
        for text, name in mapping.items()
        if (last := name.rpartition(".")[2]) in plain
        or (last in fields and last not in closed and not is_private(fields[last]))
    )
