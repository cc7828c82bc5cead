"""Take somebody out of the words that offices have typed: she asked for it, or her family is being erased."""

from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, Field, IntegerField, JSONField, Model

from selaras.models import CannotUnsealError, ColumnMemory, Household, Place, SavedView, SearchHashes
from selaras.queries.traces import GONE, TEXTS, MarkedTraces, Traces, place_names, rows_of

#: Rows read at a time.
CHUNK = 2_000
#: Of these a row that names her goes whole: it is somebody's convenience, and says nothing without its name.
_CONVENIENCE = (ColumnMemory, SavedView)


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
    return dict(changed)


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
