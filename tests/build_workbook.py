"""Workbooks for tests, written as tables that a person can read.

    workbook({
        "survey": '''
            | type    | name   | label          |
            | integer | jumlah | Berapa orang?  |
            ''',
        "choices": [["list_name", "name", "label"], ["ya_tidak", "ya", "Ya"]],
    })

A sheet is a text of `|` lines or a list of rows; a number in a list of rows becomes a number cell. Rows of a text
keep their place: row 1 is the header, so the first `|` line below it is row 2.
"""

import io
import zipfile
from collections.abc import Mapping, Sequence

import xlsxwriter

Cell = str | int | float | bool | None
Sheet = str | Sequence[Sequence[Cell]]


def table(text: str) -> list[list[Cell]]:
    """The rows of a text of `|` lines. `\\|` is a bar, a blank cell is empty."""
    rows: list[list[Cell]] = []
    for line in (line.strip() for line in text.strip().splitlines()):
        cells = line.strip().removeprefix("|").removesuffix("|").replace("\\|", "\0").split("|")
        rows.append([cell.strip().replace("\0", "|") for cell in cells])
    return rows


def workbook(sheets: Mapping[str, Sheet]) -> bytes:
    """An .xlsx with these sheets, in this order."""
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        for name, content in sheets.items():
            page = book.add_worksheet(name)
            for row, cells in enumerate(table(content) if isinstance(content, str) else content):
                for column, cell in enumerate(cells):
                    if isinstance(cell, bool):
                        page.write_boolean(row, column, cell)
                    elif isinstance(cell, int | float):
                        page.write_number(row, column, cell)
                    elif cell:
                        page.write_string(row, column, cell)
    return buffer.getvalue()


def part(content: bytes, name: str) -> bytes:
    """One part of an .xlsx, such as `xl/worksheets/sheet1.xml`."""
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        return packed.read(name)


def repacked(content: bytes, parts: Mapping[str, bytes | None]) -> bytes:
    """The same .xlsx with parts replaced, added, or (None) left out."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as packed, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as anew:
        for name in packed.namelist():
            if name not in parts:
                anew.writestr(name, packed.read(name))
        for name, text in parts.items():
            if text is not None:
                anew.writestr(name, text)
    return buffer.getvalue()
