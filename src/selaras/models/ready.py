"""Statements that are asked with every filled form: made by the ORM once a connection, then only filled in.

Django writes a query's SQL anew each time it is asked, which takes longer than a database takes to answer one that
looks up a key; four of them were two thirds of what receiving a form cost. Here it is written once, with marks for
what differs, and values are read by Django's own converters. The query itself stays an ordinary one.
"""

from collections.abc import Callable
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import QuerySet

_Made = tuple[str, tuple[tuple[bool, Any], ...], Any, Any]


class Ready:
    """`make` returns a query of `values_list`; it is called with a mark for each of `like`, an example of each value.

    Values must be text or whole numbers, and stand in the query as they are given: no lookup that changes them.
    """

    def __init__(self, make: Callable[..., QuerySet[Any, Any]], **like: str | int) -> None:
        self._make = make
        self._marks: dict[str, str | int] = {
            name: f"\N{LOZENGE}{name}\N{LOZENGE}" if isinstance(value, str) else -(2**31) + number
            for number, (name, value) in enumerate(like.items(), 1)
        }

    def rows(self, **given: str | int) -> list[tuple[Any, ...]]:
        """The rows for these values, which must be those that were named."""
        connection = connections[DEFAULT_DB_ALIAS]
        # With the connection it ends; another thread has another.
        kept: dict[Ready, _Made] = connection.__dict__.setdefault("selaras_ready", {})
        made = kept.get(self)
        if made is None:
            made = kept[self] = self._written(connection)
        sql, params, compiler, converters = made
        with connection.cursor() as cursor:
            cursor.execute(sql, [given[value] if is_mark else value for is_mark, value in params])
            found = cursor.fetchall()
        return list(map(tuple, compiler.apply_converters(found, converters) if converters else found))

    def _written(self, connection: Any) -> _Made:
        compiler = self._make(**self._marks).query.get_compiler(connection=connection)
        sql, params = compiler.as_sql()
        names = {mark: name for name, mark in self._marks.items()}
        parts = tuple((True, names[one]) if one in names else (False, one) for one in params)
        if {value for is_mark, value in parts if is_mark} != set(self._marks):
            raise ValueError("a value does not stand in the statement as it is given")
        return sql, parts, compiler, compiler.get_converters([column for column, _, _ in compiler.select])
