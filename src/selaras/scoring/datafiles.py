"""DATA files of `selaras score` as rows of text: CSV in any usual shape, XLSX, and Parquet where it is small."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from selaras.errors import InputError, Problem
from selaras.odk.archive import column_letters
from selaras.odk.sheets import read_sheets

#: A CSV is read as a whole; what is larger belongs in Parquet, which the engine reads by itself.
MOST_BYTES = 256 * 1024 * 1024
_DELIMITERS = ",;\t|"


@dataclass(frozen=True, slots=True)
class Grid:
    """A table of trimmed text. `rows` are as wide as `header`; `numbers` are their 1-based rows in the file."""

    name: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: tuple[int, ...]
    problems: tuple[Problem, ...] = ()

    def where(self, row: int, column: int) -> str:
        """`keluarga.csv!B12` from the index of a row and of a column."""
        return f"{self.name}!{column_letters(column)}{self.numbers[row]}"


def is_parquet(path: Path) -> bool:
    """Whether the engine reads this file by itself."""
    return path.suffix.lower() in (".parquet", ".pq")


def read_grid(path: Path) -> Grid:
    """The rows of a file, blank ones left out. Raises InputError where it cannot be read or has no header."""
    suffix = path.suffix.lower()
    if suffix in (".xlsx", ".xlsm", ".xls"):
        return _spreadsheet(path)
    if is_parquet(path):
        return _grid(path.name, _parquet(path))
    return _grid(path.name, _csv(path))


def _grid(name: str, lines: Iterator[list[str]], problems: tuple[Problem, ...] = ()) -> Grid:
    header: tuple[str, ...] = ()
    rows: list[tuple[str, ...]] = []
    numbers: list[int] = []
    for number, line in enumerate(lines, start=1):
        cells = [cell.replace("\x00", "").strip() for cell in line]
        if not any(cells):
            continue
        if not header:
            header = tuple(cells)
            continue
        rows.append(tuple((cells + [""] * len(header))[: len(header)]))
        numbers.append(number)
        if any(cells[len(header) :]):
            values = {"row": number}
            problems += (Problem("data.wide", f"{name}!{column_letters(len(header))}{number}", values),)
    if not header:
        raise InputError(Problem("data.empty", values={"name": name}))
    return Grid(name, header, tuple(rows), tuple(numbers), problems)


def _spreadsheet(path: Path) -> Grid:
    for sheet in read_sheets(path).sheets.values():
        if sheet.rows and sheet.name.lower() != "petunjuk":
            renamed = tuple(
                Problem(one.code, f"{path.name}!{one.where.rpartition('!')[2]}", one.values, one.level)
                for one in sheet.problems
            )
            return _grid(path.name, iter([list(row) for row in sheet.rows]), renamed)
    raise InputError(Problem("data.empty", values={"name": path.name}))


def _parquet(path: Path) -> Iterator[list[str]]:
    import pyarrow as pa
    from pyarrow import parquet

    try:
        table = parquet.read_table(path)
    except (OSError, pa.ArrowException) as error:
        raise InputError(Problem("data.unreadable", values={"name": path.name})) from error
    yield list(table.column_names)
    for row in zip(*(column.to_pylist() for column in table.columns), strict=True):
        yield [_text(value) for value in row]


def _text(value: object) -> str:
    """A value as a person would type it: nothing for NaN, which is what pandas writes for it, and no exponents."""
    if value is None or value != value:  # noqa: PLR0124  (only NaN differs from itself)
        return ""
    return format(Decimal(repr(value)), "f") if isinstance(value, float) else str(value)


def _csv(path: Path) -> Iterator[list[str]]:
    text = _decoded(path)
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    except csv.Error as error:
        raise InputError(Problem("data.unreadable", values={"name": path.name})) from error


def _decoded(path: Path) -> str:
    """The text of a file as spreadsheets write it: UTF-8 with or without a mark, UTF-16, or Windows' Latin."""
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise InputError(Problem("data.unreadable", values={"name": path.name})) from error
    if len(content) > MOST_BYTES:
        raise InputError(Problem("data.too_big", values={"name": path.name}))
    if content[:4] == b"PAR1":
        raise InputError(Problem("data.suffix", values={"name": path.name, "suffix": ".parquet"}))
    if content[:4] == b"PK\x03\x04":
        raise InputError(Problem("data.suffix", values={"name": path.name, "suffix": ".xlsx"}))
    for encoding in ("utf-16",) if content[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return content.decode("latin-1")


def _delimiter(text: str) -> str:
    """The sign that splits the header most often, outside quotes; a comma where none does."""
    header = next((line for line in text.splitlines() if line.strip()), "")
    outside = "".join(header.split('"')[::2])
    return max(_DELIMITERS, key=lambda sign: (outside.count(sign), -_DELIMITERS.index(sign)))
