"""The sheet that somebody uploaded, as it came, with a column in front that says what is wrong with each row."""

import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

from selaras.errors import Problem
from selaras.odk.archive import MAX_COLUMNS
from selaras.odk.grids import Area
from selaras.odk.walk import column_index
from selaras.reports.heights import height_of
from selaras.reports.kip import properties

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

#: The title of the column in front; an import knows it and passes it over.
TITLE = "Masalah (dihapus saat diunggah lagi)"
_PLACE = re.compile(r"(?P<table>.*)!(?P<letters>[A-Z]{1,3})(?P<row>[0-9]+)(?::[A-Z]+[0-9]+)?\Z", re.DOTALL)
#: Whole numbers that a spreadsheet shows as they are, without a zero in front and short enough not to be rounded.
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,9})\Z")
_FORMULA = "=+-@\t\r"
#: How long a spreadsheet's cell may be.
_LONGEST = 32_000
#: The width of the column that says what is wrong.
_SAID = 48


def place_of(problem: Problem) -> tuple[str, int, int]:
    """(sheet, 1-based row, 0-based column) of a problem; ('', 0, 0) where it has no place."""
    match = _PLACE.match(problem.where)
    return (match["table"], int(match["row"]), column_index(match["letters"])) if match else ("", 0, 0)


@dataclass(frozen=True, slots=True)
class Marked:
    """What is wrong in one row: (0-based column, problem), in their order."""

    problems: tuple[tuple[int, Problem], ...]

    @property
    def columns(self) -> frozenset[int]:
        return frozenset(column for column, _ in self.problems)

    @property
    def level(self) -> str:
        return "error" if any(problem.level == "error" for _, problem in self.problems) else "warning"

    @staticmethod
    def of(problems: Iterable[Problem]) -> dict[str, dict[int, "Marked"]]:
        """Problems by sheet and row; those without a place are left out."""
        found: dict[str, dict[int, list[tuple[int, Problem]]]] = {}
        for problem in problems:
            table, row, column = place_of(problem)
            if row:
                found.setdefault(table, {}).setdefault(row, []).append((column, problem))
        return {
            table: {row: Marked(tuple(sorted(said, key=lambda one: one[0]))) for row, said in rows.items()}
            for table, rows in found.items()
        }


@dataclass(frozen=True, slots=True)
class ProblemSheet:
    """One sheet: its rows by 1-based number, the row of its titles, the titles, and what is wrong by row.

    `merged` are its merged cells, of which those of the titles are kept: below them they are a problem.
    """

    name: str
    rows: Callable[[], Iterator[tuple[int, list[str]]]]
    header_row: int
    header: Sequence[str]
    marked: Mapping[int, Marked]
    merged: Sequence[Area] = ()


def problems_xlsx(sheets: Sequence[ProblemSheet]) -> bytes:
    """All sheets as they came, one column to the right.

    Cells are text, so that no zero is lost and nothing runs as a formula; short whole numbers stay numbers.
    """
    import xlsxwriter

    buffer = io.BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        book.set_properties(properties("masalah-impor"))
        looks = {
            "plain": book.add_format({"num_format": "@"}),
            "title": book.add_format({"bold": True, "text_wrap": True, "valign": "top"}),
            "said": book.add_format({"text_wrap": True, "valign": "top", "font_color": "#7a2e0e"}),
            "error": book.add_format({"num_format": "@", "bg_color": "#f8d7c9"}),
            "warning": book.add_format({"num_format": "@", "bg_color": "#fbecc4"}),
        }
        used: set[str] = set()
        for sheet in sheets:
            page = book.add_worksheet(_sheet_name(sheet.name, used))
            page.set_column(0, 0, _SAID, None)
            page.set_column(1, max(len(sheet.header), 1), 18, None)
            page.freeze_panes(sheet.header_row, 1)
            # `merge_range` writes a blank into every cell of the range, which a page written row by row cannot take.
            page.merge += [[area.top - 1, area.left + 1, area.bottom - 1, area.right + 1] for area in _titles(sheet)]
            for number, cells in sheet.rows():
                _write_row(page, sheet, number, cells, looks)
    return buffer.getvalue()


def _titles(sheet: ProblemSheet) -> Iterator[Area]:
    """The merged cells of its titles; of two that overlap the first, for a spreadsheet refuses a file that has both."""
    taken: set[tuple[int, int]] = set()
    for area in sheet.merged:
        if area.bottom > sheet.header_row or area.right - area.left > MAX_COLUMNS:
            continue
        cells = set(product(range(area.top, area.bottom + 1), range(area.left, area.right + 1)))
        if len(cells) > 1 and not cells & taken:
            taken |= cells
            yield area


def _write_row(
    page: "Worksheet", sheet: ProblemSheet, number: int, cells: Sequence[str], looks: "Mapping[str, Format]"
) -> None:
    marked = sheet.marked.get(number)
    write = page.write_string
    if number == sheet.header_row:
        write(number - 1, 0, TITLE, looks["title"])
    if marked is not None and number != sheet.header_row:
        said = said_of(marked, sheet.header)[:_LONGEST]
        page.set_row(number - 1, height_of([(said, _SAID)]))
        write(number - 1, 0, said, looks["said"])
    for column, text in enumerate(cells):
        look = looks["plain"]
        if marked is not None and column in marked.columns:
            look = looks[marked.level]
        if _NUMBER.match(text):
            page.write_number(number - 1, column + 1, int(text), look)
        elif text or look is not looks["plain"]:
            write(number - 1, column + 1, inert(text)[:_LONGEST], look)


def said_of(marked: Marked, header: Sequence[str]) -> str:
    """A row's problems, a line each, by the title of their column: what a person looks for."""
    lines = []
    for column, problem in marked.problems:
        title = header[column] if column < len(header) else ""
        sign = "• " if problem.level == "error" else "○ "
        place = f"{' '.join(title.split())}: " if title else ""
        lines.append(f"{sign}{place}{problem.message}; {problem.remedy}")
    return "\n".join(lines)


def inert(text: str) -> str:
    """Text that a spreadsheet will not run, whatever it is saved as (OWASP, CSV injection)."""
    return f"'{text}" if text[:1] in _FORMULA and len(text) > 1 else text


def _sheet_name(name: str, used: set[str]) -> str:
    plain = re.sub(r"[\[\]:*?/\\]", " ", name).strip("' ")[:31] or "Sheet"
    found, count = plain, 1
    while found.casefold() in used:
        count += 1
        found = f"{plain[:27]} {count}"
    used.add(found.casefold())
    return found
