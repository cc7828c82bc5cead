"""An uploaded file as tables of text: an .xlsx, or a CSV parted by comma, semicolon or tab."""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from selaras.errors import InputError, Problem
from selaras.odk.archive import MAX_COLUMNS, MAX_FILE, MAX_ROWS, column_letters
from selaras.odk.sheets import read_sheets

_ZIP = b"PK"
#: A NIK, a KK, a phone number: no title is like that.
_DATA = re.compile(r"(?:[0-9][ .-]?){9,}")
#: How long one cell may be: a paragraph, not a book.
MAX_CELL = 20_000


@dataclass(frozen=True, slots=True)
class Table:
    """One sheet. `header` is its first filled row, `rows` the filled ones below: (1-based number, cells).

    `label` is what stands before the cell in an address: the sheet's name, or the file's for a CSV.
    """

    label: str
    header: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    header_row: int = 1
    problems: tuple[Problem, ...] = ()

    def where(self, number: int, column: int) -> str:
        """`Keluarga!C14`, from the 1-based row and the 0-based column."""
        return f"{self.label}!{column_letters(column)}{number}"


def read_tables(content: bytes, filename: str) -> tuple[Table, ...]:
    """Every sheet that holds anything. Raises InputError with one problem where the file cannot be used at all."""
    if content.startswith(_ZIP) or filename.lower().endswith((".xlsx", ".xlsm", ".xls")):
        sheets = read_sheets(content, name=filename).sheets.values()
        tables = [_table(sheet.name, enumerate(sheet.rows, start=1), sheet.problems) for sheet in sheets]
    elif filename.lower().endswith((".csv", ".txt", ".tsv")):
        tables = [_table(filename, _csv_rows(content, filename), ())]
    else:
        raise InputError(Problem("import.kind", values={"name": filename}))
    filled = tuple(table for table in tables if table is not None)
    if not filled:
        raise InputError(Problem("import.no_rows", values={"name": filename}))
    return filled


def _table(label: str, numbered: Iterator[tuple[int, Sequence[str]]], problems: Sequence[Problem]) -> Table | None:
    filled = ((number, tuple(cells)) for number, cells in numbered if any(cells))
    first = next(filled, None)
    if first is None:
        return None
    header = tuple("" if _DATA.search(text) else text for text in first[1])
    found = [
        Problem("import.title_is_data", f"{label}!{column_letters(index)}{first[0]}")
        for index, text in enumerate(first[1])
        if _DATA.search(text)
    ]
    return Table(label, header, tuple(filled), first[0], (*problems, *found))


def _csv_rows(content: bytes, name: str) -> Iterator[tuple[int, Sequence[str]]]:
    if len(content) > MAX_FILE:
        raise InputError(Problem("file.too_big", values={"name": name}))
    text = _decoded(content, name)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    try:
        for count, cells in enumerate(reader, start=1):
            if count > MAX_ROWS:
                raise InputError(
                    Problem("file.rows", values={"name": name, "limit": f"{MAX_ROWS:,}".replace(",", ".")})
                )
            if len(cells) > MAX_COLUMNS:
                where = f"{name}!{column_letters(len(cells) - 1)}{count}"
                raise InputError(Problem("file.columns", where, {"found": len(cells), "limit": MAX_COLUMNS}))
            # A quoted line break makes lines and rows differ; a spreadsheet shows rows.
            yield count, [cell.strip()[:MAX_CELL] for cell in cells]
    except csv.Error as error:
        raise InputError(Problem("import.not_text", values={"name": name})) from error


def _decoded(content: bytes, name: str) -> str:
    """UTF-8 with or without its mark; else what Excel in Indonesia writes (Windows-1252)."""
    if b"\0" in content:
        raise InputError(Problem("import.not_text", values={"name": name}))
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _delimiter(text: str) -> str:
    """The sign that most often parts the first line outside of quotes; Excel in Indonesia writes semicolons."""
    line = next(iter(text.splitlines()), "")
    outside = "".join(line.split('"')[::2])
    return max(";,\t|", key=lambda sign: (outside.count(sign), sign == ","))
