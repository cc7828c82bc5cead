"""Tables of any length as CSV, XLSX or Parquet: written row by row, so that memory does not grow with them."""

from __future__ import annotations

import csv
import re
import shutil
import time
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import IO, Any, Protocol

from selaras.queries.answers import Value
from selaras.queries.extract import FAMILIES, Column, FileForm, Row, Table
from selaras.reports.kip import properties
from selaras.reports.matrix import inert
from selaras.scoring.arrow import column_of

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: Rows of a Parquet row group: few enough to be held, enough to be read fast.
GROUP = 5_000
#: What a sheet holds, its heading among it, and what a cell does.
_MOST_ROWS, _LONGEST = 1_048_576, 32_767
#: Before it spreadsheets know no days, or disagree on them by one: Excel has a 29 February 1900.
_FIRST_DAY = date(1900, 3, 1)
_README = "petunjuk"


@dataclass(frozen=True, slots=True)
class Made:
    """The file, its ending (`.csv`, `.zip`, …), what it is, and how many families are in it."""

    path: Path
    suffix: str
    content_type: str
    families: int


def write_tables(
    folder: Path,
    form: FileForm,
    tables: Sequence[Table],
    chunks: Iterable[Mapping[str, Sequence[Row]]],
    *,
    words: bool,
    notes: Sequence[str],
    said: Callable[[int], None] = lambda _done: None,
) -> Made:
    """Write all rows into `folder`, which must be empty. With `words` the titles stand above the columns.

    Several tables as CSV or Parquet come in a ZIP together with `notes`; a workbook has them on a first sheet
    `petunjuk`, which `selaras score` passes over. `said` is told how many families are written.
    """
    writer: _Writer = _WRITERS[form](folder, tables, words, notes)
    families = 0
    try:
        for rows in chunks:
            for table in tables:
                writer.add(table.name, rows.get(table.name, ()))
            families += len(rows.get(FAMILIES, ()))
            said(families)
    finally:
        writer.close()
    if form == "xlsx":
        return Made(writer.paths[0], ".xlsx", XLSX, families)
    if len(tables) == 1:
        kind = "text/csv; charset=utf-8" if form == "csv" else "application/vnd.apache.parquet"
        return Made(writer.paths[0], f".{form}", kind, families)
    return Made(_zipped(folder, writer.paths, notes), ".zip", "application/zip", families)


def _zipped(folder: Path, paths: Sequence[Path], notes: Sequence[str]) -> Path:
    packed, now = folder / "semua.zip", time.localtime()[:6]
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"{_README}.txt", "\r\n".join(notes) + "\r\n")
        for path in paths:
            member = zipfile.ZipInfo.from_file(path, path.name)
            # The server's clock, as for the first, and not its disk's.
            member.date_time, member.compress_type = now, zipfile.ZIP_DEFLATED
            with path.open("rb") as source, archive.open(member, "w") as target:
                shutil.copyfileobj(source, target)
            path.unlink()
    return packed


class _Writer(Protocol):
    """Takes rows table by table; `paths` are the files once it is closed."""

    paths: list[Path]

    def add(self, table: str, rows: Sequence[Row]) -> None: ...

    def close(self) -> None: ...


def _heading(column: Column, words: bool) -> str:
    return inert(column.title if words else column.name)


class _Csv:
    """UTF-8 with a byte order mark, by which Excel knows it; no formula begins a cell."""

    def __init__(self, folder: Path, tables: Sequence[Table], words: bool, _notes: Sequence[str]) -> None:
        self.paths = [folder / f"{table.name}.csv" for table in tables]
        self._streams: list[IO[str]] = [path.open("w", encoding="utf-8-sig", newline="") for path in self.paths]
        self._rows = {table.name: csv.writer(each) for table, each in zip(tables, self._streams, strict=True)}
        for table in tables:
            self._rows[table.name].writerow([_heading(column, words) for column in table.columns])

    def add(self, table: str, rows: Sequence[Row]) -> None:
        self._rows[table].writerows([_plain(value) for value in row] for row in rows)

    def close(self) -> None:
        for stream in self._streams:
            stream.close()


def _plain(value: Value) -> str:
    if isinstance(value, str):
        return inert(value)
    if isinstance(value, Decimal):
        return f"{value:f}"
    return "" if value is None else str(value)


class _Xlsx:
    """A sheet a table, every row written to disk at once; a table longer than a sheet goes on in the next."""

    def __init__(self, folder: Path, tables: Sequence[Table], words: bool, notes: Sequence[str]) -> None:
        import xlsxwriter

        self.paths = [folder / "semua.xlsx"]
        options = {
            "constant_memory": True,
            "tmpdir": str(folder),
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        }
        self._book = xlsxwriter.Workbook(str(self.paths[0]), options)
        self._book.use_zip64()
        self._book.set_properties(properties("ekspor"))
        self._bold = self._book.add_format({"bold": True})
        self._day = self._book.add_format({"num_format": "yyyy-mm-dd"})
        self._words = words
        readme = self._book.add_worksheet(_README)
        readme.set_column(0, 0, 100)
        for number, note in enumerate(notes):
            readme.write_string(number, 0, inert(note))
        self._tables = {table.name: table for table in tables}
        self._sheets: dict[str, tuple[Any, int]] = {}
        self._names = {_README}
        for table in tables:
            self._begin(table.name)
        self._sheets[FAMILIES][0].activate()

    def _begin(self, table: str) -> None:
        base = re.sub(r"[\[\]:*?/\\']", "_", table)[:26]
        name, number = base, 1
        while name.casefold() in self._names:
            number += 1
            name = f"{base} {number}"
        self._names.add(name.casefold())
        sheet = self._book.add_worksheet(name)
        sheet.freeze_panes(1, 1)
        for place, column in enumerate(self._tables[table].columns):
            sheet.write_string(0, place, _heading(column, self._words)[:_LONGEST], self._bold)
        self._sheets[table] = (sheet, 1)

    def add(self, table: str, rows: Sequence[Row]) -> None:
        for row in rows:
            if self._sheets[table][1] == _MOST_ROWS:
                self._begin(table)
            sheet, number = self._sheets[table]
            for place, value in enumerate(row):
                if value is not None and value != "":
                    self._write(sheet, number, place, value)
            self._sheets[table] = (sheet, number + 1)

    def _write(self, sheet: Any, row: int, column: int, value: Value) -> None:
        if isinstance(value, str):
            sheet.write_string(row, column, inert(value)[:_LONGEST])
        elif isinstance(value, date) and value < _FIRST_DAY:
            sheet.write_string(row, column, value.isoformat())
        elif isinstance(value, date):
            sheet.write_datetime(row, column, value, self._day)
        else:
            sheet.write_number(row, column, value)

    def close(self) -> None:
        self._book.close()


class _Parquet:
    """The canonical types of `scoring.answers`, some thousand rows a group."""

    def __init__(self, folder: Path, tables: Sequence[Table], words: bool, _notes: Sequence[str]) -> None:
        self.paths = [folder / f"{table.name}.parquet" for table in tables]
        self._words = words
        self._tables = {table.name: (table, path) for table, path in zip(tables, self.paths, strict=True)}
        self._writers: dict[str, Any] = {}
        self._held: dict[str, list[Any]] = {table.name: [] for table in tables}

    def add(self, table: str, rows: Sequence[Row]) -> None:
        if rows:
            self._held[table].append(self._arrow(table, rows))
        if sum(part.num_rows for part in self._held[table]) >= GROUP:
            self._flush(table)

    def _arrow(self, table: str, rows: Sequence[Row]) -> Any:
        import pyarrow as pa

        columns = self._tables[table][0].columns
        names = [_heading(column, self._words) for column in columns]
        arrays = [column_of([row[place] for row in rows], column.kind) for place, column in enumerate(columns)]
        return pa.Table.from_arrays(arrays, names=names)

    def _flush(self, table: str) -> None:
        import pyarrow as pa
        from pyarrow import parquet

        held = self._held[table] or [self._arrow(table, ())]
        whole = pa.concat_tables(held)
        if table not in self._writers:
            self._writers[table] = parquet.ParquetWriter(self._tables[table][1], whole.schema, compression="zstd")
        self._writers[table].write_table(whole)
        self._held[table] = []

    def close(self) -> None:
        for table in self._tables:
            if self._held[table] or table not in self._writers:
                self._flush(table)
            self._writers[table].close()


_WRITERS: Mapping[FileForm, Callable[[Path, Sequence[Table], bool, Sequence[str]], _Writer]] = {
    "csv": _Csv,
    "xlsx": _Xlsx,
    "parquet": _Parquet,
}
