"""A workbook of an office as rows of text, one row at a time: .xlsx and .ods, hidden sheets left out.

Unlike `sheets`, which reads an instrument and refuses what is not exact, this tells how the sheet is laid out (merged
cells, formulas, error values) and lets the reader decide what that means.
"""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from selaras.errors import InputError, Problem
from selaras.odk.archive import MAX_FAMILIES_INFLATED, column_index, guard
from selaras.odk.opendocument import guard_ods, is_ods
from selaras.odk.sheets import Value, text_of
from selaras.odk.walk import Walked

#: As text it could be a thousand or one; the spreadsheet knows that it is a number, and which.
_THOUSANDTHS = re.compile(r"-?[0-9]{1,3}\.[0-9]{3}\Z")


@dataclass(frozen=True, slots=True)
class Area:
    """A merged range: 1-based rows, 0-based columns, all inclusive."""

    top: int
    left: int
    bottom: int
    right: int
    text: str


@dataclass(frozen=True, slots=True)
class Grid:
    """One visible sheet. `height` is how far its cells reach; `merged`, `formulas` and `errors` where they stand."""

    name: str
    height: int
    merged: tuple[Area, ...]
    formulas: tuple[str, ...]
    errors: tuple[str, ...]
    sheet: CalamineSheet

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Every row from the first on, with its 1-based number; cells as trimmed text, without Excel's apostrophe."""
        for number, row in enumerate(self.sheet.iter_rows(), start=1):
            yield number, [plain_cell(_shown(value)) if value != "" else "" for value in row]


def _shown(value: Value) -> str:
    """A number with three decimals gets the comma that one reads here: the point is for numbers typed as text."""
    text = text_of(value)
    return text.replace(".", ",") if isinstance(value, float) and _THOUSANDTHS.match(text) else text


def plain_cell(text: str) -> str:
    """`'0812` -> `0812`: the mark by which one tells a spreadsheet "text", typed where it was not wanted."""
    return text[1:].lstrip() if text[:1] == "'" else text


def read_grids(content: bytes, *, name: str) -> tuple[Grid, ...]:
    """The visible sheets of an .xlsx or .ods. Raises InputError with one problem where it cannot be used at all."""
    if is_ods(content):
        document = guard_ods(content, name=name)
        packed, walked = document.content, document.walked
    else:
        archive = guard(content, name=name, inflated=MAX_FAMILIES_INFLATED)
        packed, walked = archive.content, archive.walked
        del archive
    del content
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(packed))
        del packed
        shown = [
            metadata.name
            for metadata in workbook.sheets_metadata
            if metadata.typ == SheetTypeEnum.WorkSheet and metadata.visible == SheetVisibleEnum.Visible
        ]
        return tuple(_grid(workbook.get_sheet_by_name(sheet), walked[sheet]) for sheet in shown if sheet in walked)
    except CalamineError as error:
        raise InputError(Problem("file.not_xlsx", values={"name": name})) from error


def _grid(sheet: CalamineSheet, walked: Walked) -> Grid:
    merged = tuple(area for text in walked.merged if (area := _area(text)) is not None)
    return Grid(
        name=sheet.name,
        height=max(walked.rows, sheet.total_height),
        merged=merged,
        formulas=tuple(walked.formulas),
        errors=tuple(walked.errors) + tuple(walked.empty_formulas),
        sheet=sheet,
    )


def _area(text: str) -> Area | None:
    first, _, last = text.partition(":")
    corners = [_corner(part) for part in (first, last or first)]
    if None in corners:
        return None
    (top, left), (bottom, right) = [corner for corner in corners if corner is not None]
    return Area(top, left, bottom, right, text)


def _corner(text: str) -> tuple[int, int] | None:
    letters = text.rstrip("0123456789")
    digits = text[len(letters) :]
    if not digits or not letters.isascii() or not letters.isupper() or len(letters) > 3:
        return None
    return int(digits), column_index(letters)
