"""Statements that are asked with every filled form: made by the ORM once a connection, then only filled in.

Django writes a query's SQL anew each time it is asked, which takes longer than a database takes to answer one that
looks up a key; four of them were two thirds of what receiving a form cost. Here it is written once, with marks for
what differs, and values are read by Django's own converters. The query itself stays an ordinary one. So do rows that
are written with every form: their statement follows from the model, and each value is what its field makes of it.
"""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import (
    AutoField,
    BinaryField,
    BooleanField,
    CharField,
    Field,
    ForeignKey,
    IntegerField,
    Model,
    QuerySet,
)

_Made = tuple["_Sql", tuple[tuple[bool, Any], ...], Any, Any]
Value = str | int | date | datetime | UUID


class _Sql:
    """A statement with Django's marks for values, and with SQLite's and PostgreSQL's own."""

    def __init__(self, text: str) -> None:
        # No statement here has a per cent sign of its own.
        first, *rest = text.split("%s")
        self.text, self._own = text, "?".join([first, *rest])
        # The driver would turn a long statement's marks into these every time.
        self._numbered = first + "".join(f"${number}{part}" for number, part in enumerate(rest, 1))

    def run(self, cursor: Any, values: Sequence[Any]) -> None:
        """Ask it. PostgreSQL keeps how it goes about it; values go beside it, not written into it."""
        if isinstance(cursor, sqlite3.Cursor):
            cursor.execute(self._own, values)
        elif isinstance(cursor, psycopg.RawCursor):
            cursor.execute(self._numbered, values, prepare=True)
        else:
            cursor.execute(self.text, values)

    def run_all(self, cursor: Any, values: Sequence[Sequence[Any]], **more: bool) -> None:
        """Ask it for each, by one message to PostgreSQL."""
        own = self._own if isinstance(cursor, sqlite3.Cursor) else self.text
        cursor.executemany(self._numbered if isinstance(cursor, psycopg.RawCursor) else own, values, **more)


@contextmanager
def _cursor(connection: Any) -> Iterator[Any]:
    """The driver's own cursor; Django's where somebody listens to what is asked.

    Django's takes twice as long about a statement as SQLite does to answer it, because it turns its marks every time;
    and on PostgreSQL it writes a form's bytes into the statement, in hexadecimal.
    """
    if connection.queries_logged or connection.execute_wrappers:
        with connection.cursor() as cursor:
            yield cursor
        return
    connection.ensure_connection()
    kind = sqlite3.Cursor if connection.vendor == "sqlite" else psycopg.RawCursor
    with connection.wrap_database_errors, closing(kind(connection.connection)) as cursor:
        yield cursor


class Ready:
    """`make` returns a query of `values_list`; it is called with a mark for each of `like`, an example of each value.

    Values stand in the query as they are given: no lookup changes them.
    """

    def __init__(self, make: Callable[..., QuerySet[Any, Any]], **like: Value) -> None:
        self._make = make
        self._marks = {name: _mark(name, number, value) for number, (name, value) in enumerate(like.items(), 1)}

    def rows(self, **given: Value) -> list[tuple[Any, ...]]:
        """The rows for these values, which must be those that were named."""
        connection = connections[DEFAULT_DB_ALIAS]
        sql, params, compiler, converters = self._made(connection)
        with _cursor(connection) as cursor:
            sql.run(cursor, _filled(connection, params, given))
            found = cursor.fetchall()
        return list(map(tuple, compiler.apply_converters(found, converters) if converters else found))

    def condition(self, connection: Any, given: dict[str, Value]) -> tuple[str, list[Any]]:
        """EXISTS of it, to stand in another statement, and its values."""
        sql, params, _, _ = self._made(connection)
        return f"EXISTS ({sql.text})", _filled(connection, params, given)

    def _made(self, connection: Any) -> _Made:
        # With the connection it ends; another thread has another.
        kept: dict[Ready, _Made] = connection.__dict__.setdefault("selaras_ready", {})
        made = kept.get(self)
        if made is None:
            made = kept[self] = self._written(connection)
        return made

    def _written(self, connection: Any) -> _Made:
        compiler = self._make(**self._marks).query.get_compiler(connection=connection)
        sql, params = compiler.as_sql()
        names = {_sent(connection, mark): name for name, mark in self._marks.items()}
        parts = tuple((True, names[one]) if one in names else (False, one) for one in params)
        if {value for is_mark, value in parts if is_mark} != set(self._marks):
            raise ValueError("a value does not stand in the statement as it is given")
        return _Sql(sql), parts, compiler, compiler.get_converters([column for column, _, _ in compiler.select])


def _filled(connection: Any, params: tuple[tuple[bool, Any], ...], given: dict[str, Value]) -> list[Any]:
    """The values of a statement, those that were given in the places of their marks."""
    return [_sent(connection, given[value]) if is_mark else value for is_mark, value in params]


def _sent(connection: Any, value: Value) -> Any:
    """A value as Django sends it: SQLite has no times, days and UUIDs of its own."""
    if isinstance(value, str | int) or connection.vendor != "sqlite":
        return value
    if isinstance(value, UUID):
        return value.hex
    of_kind = "datetime" if isinstance(value, datetime) else "date"
    return getattr(connection.ops, f"adapt_{of_kind}field_value")(value)


def _mark(name: str, number: int, like: Value) -> Value:
    """A value of the kind of `like` that no query has of itself."""
    if isinstance(like, str):
        return f"\N{LOZENGE}{name}\N{LOZENGE}"
    if isinstance(like, UUID):
        return UUID(int=number)
    if isinstance(like, datetime):
        return datetime(1, 1, 1, tzinfo=UTC) + timedelta(days=number)
    return date(1, 1, 1) + timedelta(days=number) if isinstance(like, date) else -(2**31) + number


class Rows:
    """INSERT of a model's rows, new ones; what Model.save does besides (signals, defaults of the database) is not done.

    A row that a unique constraint forbids is left out unsaid where `quietly`, else the database raises IntegrityError.
    """

    #: What goes to the database as it is.
    _PLAIN = (CharField, IntegerField, BooleanField, BinaryField, AutoField)

    def __init__(self, model: type[Model], *, quietly: bool = False) -> None:
        self._model, self._quietly = model, quietly
        own = model._meta.concrete_fields
        self._fields = [field for field in own if not (field.primary_key and isinstance(field, AutoField))]
        self._parts = [(field.attname, None if self._is_plain(field) else field) for field in self._fields]

    def _is_plain(self, field: Any) -> bool:
        while isinstance(field, ForeignKey):
            field = field.target_field
        return isinstance(field, self._PLAIN)

    def add(self, rows: Sequence[Model]) -> list[bool]:
        """Insert these; whether each is there now. Keys that the database counts are set."""
        connection = connections[DEFAULT_DB_ALIAS]
        counted = isinstance(self._model._meta.pk, AutoField)
        returning = connection.vendor == "postgresql"
        sql, there = self._written(connection, returning=returning), list[bool]()
        with _cursor(connection) as cursor:
            if isinstance(cursor, psycopg.RawCursor) and len(rows) > 1:
                sql.run_all(cursor, [self._values(connection, row) for row in rows], returning=True)
                keys = [found[0] if (found := result.fetchone()) else None for result in cursor.results()]
            else:
                keys = [self._added(cursor, sql, self._values(connection, row), returning=returning) for row in rows]
        for row, key in zip(rows, keys, strict=True):
            there.append(key is not None)
            if key is not None:
                row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS
                if counted:
                    row.pk = key
        return there

    def _added(self, cursor: Any, sql: _Sql, values: Sequence[Any], *, returning: bool) -> Any:
        """The key of the new row, something for one that has its own, None where it was left out."""
        sql.run(cursor, values)
        if returning:
            found = cursor.fetchone()
            return found[0] if found is not None else None
        return cursor.lastrowid if cursor.rowcount else None

    def add_all(self, rows: Sequence[Model]) -> None:
        """Insert several by one call; keys that the database counts are not set."""
        if not rows:
            return
        connection = connections[DEFAULT_DB_ALIAS]
        sql, values = self._written(connection, returning=False), [self._values(connection, row) for row in rows]
        with _cursor(connection) as cursor:
            if len(values) == 1:
                sql.run(cursor, values[0])
            else:
                sql.run_all(cursor, values)

    def add_with(
        self,
        row: Model,
        others: Sequence[tuple["Rows", Model]],
        link: str,
        given: tuple[Ready, dict[str, Value]] | None,
    ) -> bool:
        """PostgreSQL alone: one row, and where it is there now the others, all by one statement; whether it is.

        The column `link` of the others is the row's new key. Where `given` is a query without rows none is added. It is
        a transaction of its own where there is none.
        """
        connection = connections[DEFAULT_DB_ALIAS]
        shape = (self, *(rows for rows, _ in others), given and given[0])
        kept: dict[Any, _Sql] = connection.__dict__.setdefault("selaras_rows", {})
        where, asked = given[0].condition(connection, given[1]) if given is not None else ("", [])
        sql = kept.get(shape)
        if sql is None:
            first = self._insert(connection, returning=True, where=where)
            parts = [f"t{number} AS ({rows._following(connection, link)})" for number, (rows, _) in enumerate(others)]
            text = f"WITH first AS ({first}), {', '.join(parts)} SELECT id FROM first"  # noqa: S608  (of our own)
            sql = kept[shape] = _Sql(text)
        values = [*self._values(connection, row), *asked]
        for rows, other in others:
            values += rows._values(connection, other, without=link)
        with _cursor(connection) as cursor:
            sql.run(cursor, values)
            found = cursor.fetchone()
        if found is not None:
            row.pk = found[0]
        return found is not None

    def _following(self, connection: Any, link: str) -> str:
        name = connection.ops.quote_name
        listed = ", ".join(name(one.column) for one in self._fields)
        marks = ", ".join("first.id" if one.attname == link else "%s" for one in self._fields)
        return f"INSERT INTO {name(self._model._meta.db_table)} ({listed}) SELECT {marks} FROM first"  # noqa: S608

    def _values(self, connection: Any, row: Model, *, without: str = "") -> list[Any]:
        said = row.__dict__
        return [
            said[name] if field is None or said[name] is None else field.get_db_prep_save(said[name], connection)
            for name, field in self._parts
            if name != without
        ]

    def _written(self, connection: Any, *, returning: bool) -> _Sql:
        kept: dict[Any, _Sql] = connection.__dict__.setdefault("selaras_rows", {})
        found = kept.get((self, returning))
        if found is None:
            found = kept[self, returning] = _Sql(self._insert(connection, returning=returning))
        return found

    def _insert(self, connection: Any, *, returning: bool, where: str = "") -> str:
        name = connection.ops.quote_name
        columns: Sequence[Field[Any, Any]] = self._fields
        listed, marks = ", ".join(name(one.column) for one in columns), ", ".join("%s" for _ in columns)
        row = f"SELECT {marks} WHERE {where}" if where else f"VALUES ({marks})"
        sql = f"INSERT INTO {name(self._model._meta.db_table)} ({listed}) {row}"
        return sql + " ON CONFLICT DO NOTHING" * self._quietly + " RETURNING id" * returning
