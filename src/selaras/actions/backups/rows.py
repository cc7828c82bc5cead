"""Rows as JSON lines and back, the same text on SQLite and PostgreSQL.

A line is an object by column name, keys sorted: bytes in base64, decimals as text, times in UTC.
"""

import base64
import json
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import islice
from typing import Any, Final
from uuid import UUID

from django.apps import apps
from django.core.management.color import no_style
from django.db import connections, models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

CHUNK: Final = 1000
#: What is made again by itself, or means nothing elsewhere: sessions, the queue, who is at work, files that are gone
#: tomorrow, Django's own lists.
LEFT_OUT: Final = frozenset({"auth", "contenttypes", "sessions", "django_tasks_database"})
LEFT_OUT_MODELS: Final = frozenset(
    {"account.emailconfirmation", "selaras.browsersession", "selaras.worker", "selaras.export"}
)


def is_kept(app_label: str, label: str) -> bool:
    """Whether a backup holds the table of that model (`selaras.household`)."""
    return app_label not in LEFT_OUT and label not in LEFT_OUT_MODELS


def kept_models() -> list[type[models.Model]]:
    """The models whose tables a backup holds, through Django's registry: another app is found by itself."""
    found = [model for model in apps.get_models(include_auto_created=True) if model._meta.managed]
    return [model for model in found if is_kept(model._meta.app_label, model._meta.label_lower)]


def is_told(model: type[models.Model]) -> bool:
    """Whether a backup's words, and the log of what was done, may count its rows: not those of an app that says no."""
    return not getattr(apps.get_app_config(model._meta.app_label), "secret", False)


def columns_of(model: type[models.Model]) -> dict[str, models.Field[Any, Any]]:
    """Column name (`household_id`) → field."""
    return {field.attname: field for field in model._meta.concrete_fields}


# --- one moment of the whole database -------------------------------------------------------------------------------
@contextmanager
def snapshot() -> Iterator[None]:
    """Inside, this thread reads one moment of the database through a second connection; where the locked room has a
    database of its own, one moment of that too, a blink apart.

    It holds up no writer, however long it reads: on SQLite it does not ask for the write lock at BEGIN, as the main
    connection does. Writing inside is refused by PostgreSQL, and a mistake everywhere.
    """
    with ExitStack() as stack:
        for alias in connections:
            stack.enter_context(_moment_of(alias))
        yield


@contextmanager
def _moment_of(alias: str) -> Iterator[None]:
    main = connections[alias]
    second = main.copy()
    if second.vendor == "sqlite":
        second.settings_dict["OPTIONS"]["transaction_mode"] = "DEFERRED"
    connections[alias] = second
    try:
        with transaction.atomic(using=alias):
            with second.cursor() as cursor:
                if second.vendor == "postgresql":
                    cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
                # The first read fixes the moment.
                cursor.execute("SELECT count(*) FROM django_migrations")
            yield
    finally:
        connections[alias] = main
        second.close()


def lines_of(model: type[models.Model]) -> Iterator[bytes]:
    """Every row of the table in order of its key, one line each."""
    columns = columns_of(model)
    order = [field.attname for field in _key_fields(model)]
    rows = model._base_manager.order_by(*order).values_list(*columns)
    for row in rows.iterator(chunk_size=CHUNK):
        plain = {name: to_plain(field, value) for (name, field), value in zip(columns.items(), row, strict=True)}
        yield json.dumps(plain, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _key_fields(model: type[models.Model]) -> list[models.Field[Any, Any]]:
    return [field for field in model._meta.pk_fields if field.concrete]


def to_plain(field: models.Field[Any, Any], value: Any) -> Any:
    """A column's value as JSON has it."""
    if value is None or isinstance(field, models.JSONField):
        return value
    match value:
        case bytes() | memoryview():
            return base64.b64encode(bytes(value)).decode()
        case datetime():
            return value.astimezone(UTC).isoformat()
        case date() | UUID() | Decimal():
            return value.isoformat() if isinstance(value, date) else str(value)
    return value


# --- and back -------------------------------------------------------------------------------------------------------
def store_lines(model: type[models.Model], lines: Iterable[bytes]) -> int:
    """Insert the rows that the lines hold, with their keys; how many. In the caller's transaction."""
    columns = {name: _target(field) for name, field in columns_of(model).items()}
    rows, count = iter(lines), 0
    while chunk := list(islice(rows, CHUNK)):
        model._base_manager.bulk_create(model(**_from_plain(columns, json.loads(line))) for line in chunk)
        count += len(chunk)
    return count


def _target(field: models.Field[Any, Any]) -> models.Field[Any, Any]:
    """The field that knows the type: of a foreign key, the key that it points at."""
    while isinstance(field, models.ForeignKey):
        field = field.target_field
    return field


def _from_plain(columns: dict[str, models.Field[Any, Any]], line: dict[str, Any]) -> dict[str, Any]:
    return {
        name: value if value is None or isinstance(field := columns[name], models.JSONField) else field.to_python(value)
        for name, value in line.items()
    }


def reset_sequences(database: BaseDatabaseWrapper, loaded: Iterable[type[models.Model]]) -> None:
    """Let the next new row get the number after the highest that was loaded."""
    with database.cursor() as cursor:
        for statement in database.ops.sequence_reset_sql(no_style(), list(loaded)):
            cursor.execute(statement)
