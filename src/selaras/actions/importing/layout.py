"""Which sheet holds the families and which their members, and what the columns of each mean."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from selaras.actions.importing.columns import Book, Columns, repeat_of, understand
from selaras.actions.importing.tables import Source, Table, as_table
from selaras.errors import InputError, Problem
from selaras.odk.forms import Form

#: What a person may say that a sheet holds: families, a repeat by its name, or nothing.
FAMILIES, NOTHING = "", "-"
_KEYS = ("code", "kk", "nik", "head_name")
_MEMBER_KEYS = ("code", "kk")
#: Sheets that stand beside the data in our own templates.
_SILENT = frozenset({"petunjuk", "pilihan"})

#: "" for families, else the repeat's name -> plain title -> name of a target, '' to ignore.
Memory = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Choices:
    """What a person said of this file, each by the sheet's name: of columns, of the row of titles, of its contents."""

    columns: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    rows: Mapping[str, int] = field(default_factory=dict)
    roles: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, mapping: Mapping[str, Any]) -> "Choices":
        """From `ImportBatch.mapping`."""
        return cls(mapping.get("chosen") or {}, mapping.get("rows") or {}, mapping.get("roles") or {})


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table whose columns are understood."""

    table: Table
    columns: Columns

    def where(self, number: int, item: str) -> str:
        """The cell of a registry item in a row; column A where there is no such column."""
        return self.table.where(number, self.columns.of_item(item) or 0)

    def first(self) -> str:
        """Where its titles begin."""
        return self.table.where(self.table.header_row, 0)


@dataclass(frozen=True, slots=True)
class Layout:
    """A whole file. `lost` says why nothing can be read of it: then titles may be a family's values."""

    main: Sheet
    members: tuple[Sheet, ...]
    rest: tuple[Table, ...]
    lost: Problem | None
    lost_members: tuple[Problem, ...] = ()

    @property
    def sheets(self) -> tuple[Sheet, ...]:
        return (self.main, *self.members)

    @property
    def labels(self) -> list[str]:
        """All sheets that hold something, families first."""
        return [sheet.table.label for sheet in self.sheets] + [table.label for table in self.rest]

    @property
    def questions(self) -> int:
        """How many columns somebody should look at."""
        return sum(target.asked for sheet in self.sheets for target in sheet.columns.targets)


def lay_out(sources: Sequence[Source], form: Form, choices: Choices, memory: Memory) -> Layout:
    """What each sheet is. Raises InputError where none can hold families, or a row of titles is not there."""
    sources = [source for source in sources if source.label.casefold() not in _SILENT]
    books: dict[str | None, Book] = {name: Book(form, name) for name in (None, *form.repeats)}
    roles = {source.label: _role(source, form, choices) for source in sources}
    tables = {
        source.label: as_table(source, books[roles[source.label]].knows, choices.rows.get(source.label))
        for source in sources
        if choices.roles.get(source.label) != NOTHING
    }
    left = [table for label, table in tables.items() if roles[label] is None]
    if not left:
        raise InputError(Problem("import.no_key"))
    understood = {table.label: _understood(table, None, form, choices, memory) for table in left}
    said = next((table for table in left if choices.roles.get(table.label) == FAMILIES), None)
    main = understood[(said or max(left, key=lambda table: _used(understood[table.label]))).label]
    members = [
        _understood(table, roles[label], form, choices, memory) for label, table in tables.items() if roles[label]
    ]
    good = tuple(sheet for sheet in members if _has(sheet, _MEMBER_KEYS))
    lost = tuple(Problem("import.no_member_key", sheet.first()) for sheet in members if sheet not in good)
    return Layout(
        main=main,
        members=good,
        rest=tuple(table for table in left if table.label != main.table.label),
        lost=None if _has(main, _KEYS) else Problem("import.no_key", main.first()),
        lost_members=lost,
    )


def _role(source: Source, form: Form, choices: Choices) -> str | None:
    said = choices.roles.get(source.label)
    if said is not None:
        return said if said in form.repeats else None
    return repeat_of(form, source.label)


def _understood(table: Table, repeat: str | None, form: Form, choices: Choices, memory: Memory) -> Sheet:
    where = [table.where(table.header_row, index) for index in range(len(table.header))]
    columns = understand(
        table.header,
        form,
        repeat=repeat,
        chosen=choices.columns.get(table.label, {}),
        memory=memory.get(repeat or "", {}),
        where=where,
    )
    return Sheet(table, columns)


def _used(sheet: Sheet) -> int:
    return sum(target.is_used for target in sheet.columns.targets)


def _has(sheet: Sheet, items: Sequence[str]) -> bool:
    return any(sheet.columns.of_item(item) is not None for item in items)
