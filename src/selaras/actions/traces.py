"""Take somebody out of the words that offices have typed: she asked for it, or her family is being erased."""

from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.db.models import F, Field, IntegerField, JSONField, Model, Q

from selaras.models import (
    CannotUnsealError,
    ColumnMemory,
    DataKey,
    Household,
    Job,
    Place,
    ReactionText,
    RightsRequest,
    SavedView,
    SearchHashes,
    Target,
    TargetChange,
)
from selaras.queries.traces import GONE, TEXTS, MarkedTraces, Traces, place_names, rows_of

#: Rows read at a time.
CHUNK = 2_000
#: Of these a row that names her goes whole: it is somebody's convenience, and says nothing without its name.
_CONVENIENCE = (ColumnMemory, SavedView)


@dataclass(frozen=True, slots=True)
class _Sealed:
    """A column of free words that lies under somebody else's key; `lock` says which key and context of a row."""

    model: type[Model]
    column: str
    way: str
    related: str
    lock: Callable[[Any], tuple[DataKey | None, str]]


#: What others said or typed in which her name may stand: words to an activity, remarks on other families, requests.
#: What other families answered of themselves is not read: that is theirs, and every answer of a city would be opened.
SEALED: Final = (
    _Sealed(ReactionText, "sealed", "activity__cycle__place", "key", lambda row: (row.key, row.context)),
    _Sealed(
        Target, "note_sealed", "lokus__cycle__place", "household__key", lambda row: (row.household.key, row.context)
    ),
    _Sealed(
        TargetChange,
        "before_note_sealed",
        "household__lokus__cycle__place",
        "household__key",
        lambda row: (row.household.key, f"target.note:{row.household.uuid}"),
    ),
    _Sealed(RightsRequest, "words_sealed", "cycle__place", "key", lambda row: (row.key, row.context("words"))),
)


def traces_of_family(household: Household, *, parts: bool) -> Traces:
    """What tells of that family, as the registry has it now. Four statements.

    Numbers that cannot be opened (a key that the setting lacks) are not looked for: an erasure must not wait for them.
    """
    persons = list(household.persons.order_by("position"))
    numbers = []
    with suppress(CannotUnsealError):
        for person in persons:
            person.household = household
        numbers = [household.kk(), household.phone(), *(person.nik() for person in persons)]
    return Traces(
        [household.head_name, *(person.name for person in persons)],
        numbers=numbers,
        addresses=[household.address],
        places=place_names(household.lokus.cycle.place),
        parts=parts,
    )


def marks_of(traces: Traces, city: Place) -> dict[str, Any]:
    """What the register keeps of her for backups that are older than her name here; nothing that tells it."""
    return {} if traces.empty else traces.marks(city.code, SearchHashes.load())


def take_out_marked(marks: Mapping[str, Any]) -> int:
    """Take out again, in the caller's transaction, whom only the register knows; in how many rows."""
    city = Place.objects.filter(code=str(marks.get("city", ""))).first()
    if city is None:
        return 0
    traces = MarkedTraces(marks, SearchHashes.load(), place_names(city))
    return sum(take_out(traces, city).values())


def take_out(traces: Traces, city: Place) -> Mapping[type[Model], int]:
    """Put GONE where she stands in any text about that city, in the caller's transaction; in how many rows of what.

    A form that somebody has open is refused then (`version`), so that it does not bring her back.
    """
    if traces.empty:
        return {}
    changed: Counter[type[Model]] = Counter()
    for model, fields in TEXTS.items():
        rows = model._base_manager.filter(rows_of(model, city)).order_by("pk")
        for pk, *said in rows.values_list("pk", *fields).iterator(chunk_size=CHUNK):
            if any(traces.without_in(value) != value for value in said):
                changed[model] += _write(model, pk, fields, traces)
    for each in SEALED:
        changed[each.model] += sum(_write_sealed(each, pk, traces) for pk in _named_in(each, traces, city))
    changed[Job] += _take_out_of_notes(traces)
    return dict(+changed)


def _take_out_of_notes(traces: Traces) -> int:
    """Of jobs that failed: what was wrong may quote the name of a file. Of no city, so all are read."""
    notes = Job.objects.exclude(note="").values_list("pk", "note")
    left = {pk: said for pk, note in notes.iterator(chunk_size=CHUNK) if (said := traces.without(note)) != note}
    for pk, said in left.items():
        Job.objects.filter(pk=pk).update(note=_fitting(Job._meta.get_field("note"), said))
    return len(left)


def _named_in(of: _Sealed, traces: Traces, city: Place) -> list[int]:
    there = Q(**{of.way: city}) | Q(**{f"{of.way}__code__startswith": f"{city.code}."})
    rows = of.model._base_manager.filter(there, **{f"{of.column}__isnull": False}).select_related(of.related)
    return [row.pk for row in rows.iterator(chunk_size=CHUNK) if _left(of, row, traces) is not None]


def _left(of: _Sealed, row: Any, traces: Traces) -> bytes | None:
    """The words without her, sealed again; None where she is not in them, or nobody can open them."""
    key, context = of.lock(row)
    if key is None:
        return None
    with suppress(CannotUnsealError):
        text = key.unseal_text(getattr(row, of.column), context)
        left = traces.without(text)
        return None if left == text else key.seal_text(left, context)
    return None


def _write_sealed(of: _Sealed, pk: Any, traces: Traces) -> int:
    """Read again under a lock, as `_write`."""
    rows = of.model._base_manager.filter(pk=pk, **{f"{of.column}__isnull": False}).select_related(of.related)
    row = rows.select_for_update(of=("self",)).first()
    left = None if row is None else _left(of, row, traces)
    return 0 if left is None else of.model._base_manager.filter(pk=pk).update(**{of.column: left})


def _write(model: type[Model], pk: Any, fields: tuple[str, ...], traces: Traces) -> int:
    """Read again under a lock: what was typed meanwhile is kept, less her."""
    row = model._base_manager.filter(pk=pk)
    if model in _CONVENIENCE:
        return row.delete()[0]
    locked = row.select_for_update(of=("self",)).values(*fields).first()
    if locked is None:
        return 0
    left = {name: _fitting(model._meta.get_field(name), traces.without_in(value)) for name, value in locked.items()}
    counted = any(field.name == "version" and isinstance(field, IntegerField) for field in model._meta.fields)
    versions = {"version": F("version") + 1} if counted else {}
    try:
        with transaction.atomic():
            return row.update(**left, **versions)
    except IntegrityError:
        # Two groups that were told apart by nothing but a name.
        apart = {name: f"{value[:30]} {pk}" for name, value in left.items() if value != locked[name]}
        return row.update(**{**left, **apart}, **versions)


def _fitting(field: Any, value: Any) -> Any:
    """GONE may be longer than a short name was."""
    if isinstance(field, JSONField) or not isinstance(field, Field) or not field.max_length:
        return value
    return value if len(value) <= field.max_length else value.replace(GONE, "…")[: field.max_length]
