"""Stored answers as Arrow tables, for engines. They were typed when they came in; only their shape changes here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.db.models.functions import Coalesce

from selaras.models import BatchState, CurrentAnswers, Household, Lokus, Round, Submission
from selaras.odk.forms import Field, FieldKind
from selaras.scoring.answers import HOUSEHOLD_ID, Answers
from selaras.scoring.arrow import column_of
from selaras.scoring.instrument import Instrument
from selaras.scoring.sql.fields import used_fields, used_repeats

if TYPE_CHECKING:
    import pyarrow as pa

Value = int | Decimal | date | str | None
UNIT = "unit"
#: Rows read from the database at a time: a family's JSON is some 3 kB.
CHUNK = 2_000


@dataclass(frozen=True, slots=True)
class Sheet:
    """One family's answers as scoring reads them: whose, of which lokus, and the JSON."""

    household: int
    unit: str | None
    answers: Mapping[str, Any]


def sheets_of(round_: Round, lokus: Lokus) -> Iterator[Sheet]:
    """All current answers of a lokus in a round, by family; streamed, so that memory does not grow with them."""
    rows = CurrentAnswers.objects.filter(round=round_, lokus=lokus).order_by("household_id")
    for household, answers in rows.values_list("household_id", "answers").iterator(chunk_size=CHUNK):
        yield Sheet(household, lokus.area, answers)


def sheets_at(round_: Round, lokus: Lokus, moment: datetime) -> Iterator[tuple[str, Sheet]]:
    """The answers that counted at a moment, each with its family's pseudonym; nothing that came later.

    Submissions are never changed, so the past can be read again; only what has been erased is missing. A family that
    was found to be another is not read: where its answers are in a result, it cannot be merged.
    """
    counted_since = Coalesce("batch__finished_at", "received_at")
    published = Q(batch__isnull=True) | Q(batch__state=BatchState.PUBLISHED)
    rows = (
        Submission.objects.filter(published, Household.counted("household__"), household__lokus=lokus, round=round_)
        .annotate(since=counted_since)
        .filter(since__lte=moment)
        .order_by("household_id", "since", "pk")
        .values_list("household_id", "household__uuid", "answers")
    )
    last: tuple[str, Sheet] | None = None
    for household, uuid, answers in rows.iterator(chunk_size=CHUNK):
        if last is not None and last[1].household != household:
            yield last
        last = str(uuid), Sheet(household, lokus.area, answers)
    if last is not None:
        yield last


def as_answers(instrument: Instrument, sheets: Iterable[Sheet], *, checked: bool = False) -> Answers:
    """Families and their repeats as Arrow tables, with the columns that the instrument's scores use.

    `checked` where the answers were typed by this very version's form. An answer that does not fit its column's type
    is blank, as in any file.
    """
    import pyarrow as pa

    fields = [instrument.form.fields[name] for name in used_fields(instrument)]
    own = [field for field in fields if field.repeat is None]
    repeats = {name: [field for field in fields if field.repeat == name] for name in used_repeats(instrument)}
    households: list[pa.RecordBatch] = []
    members: dict[str, list[pa.RecordBatch]] = {name: [] for name in repeats}
    for chunk in _chunks(sheets):
        households.append(_household_batch(own, chunk))
        for name, inside in repeats.items():
            members[name].append(_member_batch(name, inside, chunk))
    return Answers(
        households=pa.Table.from_batches(households, schema=_schema(own, unit=True)),
        repeats={
            name: pa.Table.from_batches(members[name], schema=_schema(inside)) for name, inside in repeats.items()
        },
        unit=UNIT,
        checked=checked,
    )


def _chunks(sheets: Iterable[Sheet]) -> Iterator[list[Sheet]]:
    chunk: list[Sheet] = []
    for sheet in sheets:
        chunk.append(sheet)
        if len(chunk) == CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _schema(fields: Sequence[Field], *, unit: bool = False) -> pa.Schema:
    import pyarrow as pa

    columns = [pa.field(HOUSEHOLD_ID, pa.string())]
    if unit:
        columns.append(pa.field(UNIT, pa.string()))
    return pa.schema([*columns, *(pa.field(field.name, _type(field.kind)) for field in fields)])


def _type(kind: FieldKind) -> pa.DataType:
    import pyarrow as pa

    if kind == "integer":
        return pa.int64()
    if kind == "decimal":
        return pa.decimal128(38, 12)
    return pa.date32() if kind == "date" else pa.string()


def _household_batch(fields: Sequence[Field], chunk: Sequence[Sheet]) -> pa.RecordBatch:
    arrays = [
        column_of([str(sheet.household) for sheet in chunk], "text"),
        column_of([sheet.unit for sheet in chunk], "text"),
        *(column_of([typed(one.kind, sheet.answers.get(one.name)) for sheet in chunk], one.kind) for one in fields),
    ]
    return _batch(arrays, _schema(fields, unit=True))


def _member_batch(repeat: str, fields: Sequence[Field], chunk: Sequence[Sheet]) -> pa.RecordBatch:
    rows = [(str(sheet.household), row) for sheet in chunk for row in sheet.answers.get(repeat) or ()]
    arrays = [
        column_of([household for household, _ in rows], "text"),
        *(column_of([typed(one.kind, row.get(one.name)) for _, row in rows], one.kind) for one in fields),
    ]
    return _batch(arrays, _schema(fields))


def _batch(arrays: list[pa.Array], schema: pa.Schema) -> pa.RecordBatch:
    import pyarrow as pa

    return pa.RecordBatch.from_arrays(arrays, schema=schema)


def typed(kind: FieldKind, value: Any) -> Value:
    """What JSON held, as its kind; None where it does not fit, as scoring reads it."""
    if value is None or value == "":
        return None
    try:
        if kind == "integer":
            return int(value)
        if kind == "decimal":
            return Decimal(str(value))
        return date.fromisoformat(str(value)) if kind == "date" else str(value)
    except (ValueError, ArithmeticError):
        return None
