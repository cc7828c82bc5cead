"""Sheets as text: what an official typed, with the address of every cell.

Values come from calamine, after `archive.guard` has counted everything that it will see.
"""

import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum

from selaras.errors import InputError, Problem
from selaras.odk.archive import Walked, column_letters, guard

#: A sheet with thousands of formulas needs one line that says so, not thousands.
NAMED_CELLS = 20

Value = int | float | str | bool | time | date | datetime | timedelta


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet. `rows[0]` is row 1; each row holds its cells as trimmed text from column A, short where the rest
    is blank. `problems` are the merged cells, formulas and error values found on it."""

    name: str
    rows: tuple[tuple[str, ...], ...]
    problems: tuple[Problem, ...] = ()

    def where(self, row: int, column: int) -> str:
        """The address of a cell, `survey!B12`, from its 1-based row and 0-based column."""
        return f"{self.name}!{column_letters(column)}{row}"


@dataclass(frozen=True, slots=True)
class Sheets:
    """A whole file, sheets in their order. `name` is the file's name, for messages."""

    name: str
    sheets: Mapping[str, Sheet] = field(default_factory=dict)


def read_sheets(source: Path | bytes, *, name: str = "") -> Sheets:
    """Read an .xlsx from a path or from bytes.

    Raises InputError with one problem where the file as a whole cannot be used (see `archive.guard`). What is
    wrong on a single sheet stands in its `problems`, so that a reader may ignore sheets that it never reads.
    """
    name = name or (source.name if isinstance(source, Path) else "")
    archive = guard(source, name=name)
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(archive.content))
        found: dict[str, Sheet] = {}
        for metadata in workbook.sheets_metadata:
            if metadata.typ != SheetTypeEnum.WorkSheet or metadata.name not in archive.walked:
                continue
            walked = archive.walked[metadata.name]
            values = workbook.get_sheet_by_name(metadata.name).to_python(skip_empty_area=False)
            found[metadata.name] = Sheet(metadata.name, _rows(values), tuple(_problems(metadata.name, walked)))
    except CalamineError as error:
        raise InputError(Problem("file.not_xlsx", values={"name": name or "ini"})) from error
    return Sheets(name, found)


def _rows(values: list[list[Value]]) -> tuple[tuple[str, ...], ...]:
    rows = [tuple(text_of(value) for value in row) for row in values]
    trimmed = [row[: max((index + 1 for index, cell in enumerate(row) if cell), default=0)] for row in rows]
    while trimmed and not trimmed[-1]:
        trimmed.pop()
    return tuple(trimmed)


def text_of(value: Value) -> str:
    """A cell as text: `1.0` -> `1`, dates as ISO, line ends as one sign, spaces around removed.

    Spreadsheets keep 15 significant digits; beyond them a double only carries noise (0.30000000000000004). Whole
    numbers below 2^53 are exact and stay whole, so that 16 digits typed as a number are not rounded again.
    """
    if isinstance(value, str):
        if "\r" in value or "_x000D_" in value:
            value = value.replace("_x000D_", "").replace("\r\n", "\n").replace("\r", "\n")
        return value.strip()
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        if value.is_integer() and abs(value) < 2**53:
            return str(int(value))
        return format(Decimal(format(value, ".15g")), "f")
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(sep="T", timespec="seconds")
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value)


def _problems(sheet: str, walked: Walked) -> list[Problem]:
    found = [Problem("sheet.merged", f"{sheet}!{area}", {"area": area}) for area in walked.merged[:NAMED_CELLS]]
    found += [Problem("sheet.error_value", f"{sheet}!{cell}") for cell in walked.errors[:NAMED_CELLS]]
    found += [Problem("sheet.formula_empty", f"{sheet}!{cell}") for cell in walked.empty_formulas[:NAMED_CELLS]]
    found += [Problem("sheet.formula", f"{sheet}!{cell}", level="warning") for cell in walked.formulas[:NAMED_CELLS]]
    more = len(walked.formulas) - NAMED_CELLS
    if more > 0:
        found.append(Problem("sheet.formulas", f"{sheet}!{walked.formulas[NAMED_CELLS]}", {"more": more}, "warning"))
    return found
