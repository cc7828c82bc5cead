"""An uploaded file as tables of text, read one row at a time: .xlsx, .ods, or a CSV parted by comma, semicolon, tab."""

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from selaras.actions.importing.headers import DATA, LOOKED, Header, find_header
from selaras.errors import InputError, Problem
from selaras.odk.archive import MAX_COLUMNS, MAX_FILE, MAX_ROWS, column_letters
from selaras.odk.grids import Area, Grid, plain_cell, read_grids

_BOOKS = (".xlsx", ".xlsm", ".xls", ".ods")
#: How long one cell may be: a paragraph, not a book.
MAX_CELL = 20_000


@dataclass(frozen=True, slots=True)
class Source:
    """One sheet as it came. `label` is what stands before the cell in an address; `height` about how many rows."""

    label: str
    rows: Callable[[], Iterator[tuple[int, list[str]]]]
    height: int
    merged: tuple[Area, ...] = ()
    problems: tuple[Problem, ...] = ()

    def filled(self) -> Iterator[tuple[int, list[str]]]:
        """The rows that hold anything."""
        return (row for row in self.rows() if any(row[1]))


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet whose titles were found. `header` are its columns' titles, each once, '' for a column without one."""

    label: str
    header: tuple[str, ...]
    source: Source
    rows_of_header: tuple[int, int] = (1, 1)
    data_below: int = 1
    certain: int = 0
    problems: tuple[Problem, ...] = field(default=())

    @property
    def header_row(self) -> int:
        """The last row of the titles."""
        return self.rows_of_header[1]

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """The filled rows below the titles, with their 1-based numbers."""
        return (row for row in self.source.rows() if row[0] > self.data_below and any(row[1]))

    def where(self, number: int, column: int) -> str:
        """`Keluarga!C14`, from the 1-based row and the 0-based column."""
        return f"{self.label}!{column_letters(column)}{number}"


def read_sources(content: bytes, filename: str) -> tuple[Source, ...]:
    """Every visible sheet that holds anything. Raises InputError with one problem where nothing can be read."""
    if content.startswith(b"PK") or filename.lower().endswith(_BOOKS):
        sources = [_source(grid) for grid in read_grids(content, name=filename)]
    elif filename.lower().endswith((".csv", ".txt", ".tsv")):
        sources = [_csv_source(content, filename)]
    else:
        raise InputError(Problem("import.kind", values={"name": filename}))
    filled = tuple(source for source in sources if next(source.filled(), None) is not None)
    if not filled:
        raise InputError(Problem("import.no_rows", values={"name": filename}))
    return filled


def as_table(source: Source, known: Callable[[str], bool], said: int | None = None) -> Table:
    """The sheet with its titles. Raises InputError where `said` is not the number of one of its first rows."""
    rows = list(islice(source.filled(), LOOKED))
    header = find_header(rows, source.merged, known, said)
    if header is None:
        values = {"row": said or 0, "sheet": source.label}
        raise InputError(Problem("import.header_row", values=values))
    return Table(
        source.label,
        header.titles,
        source,
        (header.first, header.last),
        header.above,
        header.certain,
        tuple(_title_problems(source, header, dict(rows))),
    )


def _title_problems(source: Source, header: Header, rows: dict[int, list[str]]) -> Iterator[Problem]:
    """What is wrong with the sheet as such: titles that are data, and cells merged where families stand."""
    yield from source.problems
    for column, text in enumerate(rows.get(header.last, ())):
        if DATA.search(text):
            yield Problem("import.title_is_data", f"{source.label}!{column_letters(column)}{header.last}")
    for area in source.merged:
        tall = area.bottom > area.top and area.top > header.above
        if tall:
            yield Problem("import.merged", f"{source.label}!{area.text}", {"area": area.text})


def _source(grid: Grid) -> Source:
    problems = [Problem("import.cell_error", f"{grid.name}!{cell}", level="warning") for cell in grid.errors[:20]]
    if grid.formulas:
        where, values = f"{grid.name}!{grid.formulas[0]}", {"count": len(grid.formulas)}
        problems.append(Problem("import.formulas", where, values, "warning"))
    return Source(grid.name, _cut(grid.rows), grid.height, grid.merged, tuple(problems))


def _cut(rows: Callable[[], Iterator[tuple[int, list[str]]]]) -> Callable[[], Iterator[tuple[int, list[str]]]]:
    def shortened() -> Iterator[tuple[int, list[str]]]:
        for number, cells in rows():
            yield number, [cell[:MAX_CELL] for cell in cells] if max(map(len, cells), default=0) > MAX_CELL else cells

    return shortened


# --- CSV ----------------------------------------------------------------------------------------------------------
def _csv_source(content: bytes, name: str) -> Source:
    if len(content) > MAX_FILE:
        raise InputError(Problem("file.too_big", values={"name": name}))
    text = _decoded(content, name)
    sign = _delimiter(text)
    return Source(name, _cut(lambda: _csv_rows(text, sign, name)), text.count("\n") + 1)


def _csv_rows(text: str, sign: str, name: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=sign, strict=True)
    try:
        for count, cells in enumerate(reader, start=1):
            if count > MAX_ROWS:
                limit = f"{MAX_ROWS:,}".replace(",", ".")
                raise InputError(Problem("file.rows", values={"name": name, "limit": limit}))
            if len(cells) > MAX_COLUMNS:
                where = f"{name}!{column_letters(len(cells) - 1)}{count}"
                raise InputError(Problem("file.columns", where, {"found": len(cells), "limit": MAX_COLUMNS}))
            # A quoted line break makes lines and rows differ; a spreadsheet shows rows.
            yield count, [plain_cell(cell.strip()) for cell in cells]
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
    """The sign that most often parts the first lines outside of quotes; Excel in Indonesia writes semicolons."""
    lines = list(islice(io.StringIO(text), LOOKED))
    outside = ["".join(line.split('"')[::2]) for line in lines]

    def weight(sign: str) -> tuple[int, bool]:
        return max((line.count(sign) for line in outside), default=0), sign == ","

    return max(";,\t|", key=weight)


def rows_shown(numbers: Sequence[int]) -> str:
    """`4, 7–9`: rows as one says them."""
    spans: list[list[int]] = []
    for number in numbers:
        if spans and spans[-1][1] == number - 1:
            spans[-1][1] = number
        else:
            spans.append([number, number])
    said = [str(a) if a == b else f"{a}–{b}" for a, b in spans]
    return ", ".join(said[:12]) + (", …" if len(said) > 12 else "")
