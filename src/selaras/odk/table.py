"""A sheet read as a table: the first row names the columns, each further row is one thing.

Columns may carry a language after `::`, as XLSForm writes it: `label::English (en)`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from selaras.odk.forms import Labels
from selaras.odk.sheets import Sheet


@dataclass(frozen=True, slots=True)
class Header:
    """One named column. `text` is what stands there, `base` the canonical name, `language` '' where none is said."""

    text: str
    base: str
    language: str
    index: int
    where: str


@dataclass(frozen=True, slots=True)
class Row:
    """One filled row. `number` is its 1-based row on the sheet."""

    number: int
    cells: tuple[str, ...]
    sheet: Sheet
    columns: Mapping[tuple[str, str], Header]

    def text(self, base: str, language: str = "") -> str:
        """The trimmed text of a column, '' where the cell is blank or the column absent."""
        header = self.columns.get((base, language))
        return self.cells[header.index] if header is not None and header.index < len(self.cells) else ""

    def where(self, base: str, language: str = "") -> str:
        """The address of a column's cell in this row; column A where the sheet lacks that column."""
        header = self.columns.get((base, language))
        return self.sheet.where(self.number, header.index if header is not None else 0)

    def speaks(self, base: str, language: str) -> bool:
        """Whether the sheet has this column in this language, or without one."""
        return (base, language) in self.columns or (base, "") in self.columns

    def labels(self, base: str, default_language: str) -> Labels:
        """Language -> text of a translated column; the column without a language is the default language's."""
        return {
            language or default_language: self.text(base, language)
            for (name, language) in self.columns
            if name == base and self.text(base, language)
        }


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet's header and filled rows. `doubled` are headers that repeat an earlier one, `unnamed` the addresses
    of the first cell of each column that has content but no header."""

    sheet: Sheet
    columns: Mapping[tuple[str, str], Header]
    rows: tuple[Row, ...]
    doubled: tuple[Header, ...] = ()
    unnamed: tuple[str, ...] = ()
    languages: tuple[str, ...] = field(default=())

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)

    def speaks(self, base: str, language: str) -> bool:
        """Whether a translated column exists in this language, or without one, which is the default language."""
        return (base, language) in self.columns or (base, "") in self.columns

    def spoken(self, base: str) -> list[Header]:
        """The headers of a translated column, in the order of the sheet."""
        return [header for (name, _), header in self.columns.items() if name == base]

    def has(self, base: str) -> bool:
        """Whether a column of this canonical name exists, in any language."""
        return any(name == base for name, _ in self.columns)


def as_table(sheet: Sheet, aliases: Mapping[str, str]) -> Table:
    """Read a sheet as a table. `aliases` map other spellings of a column to its canonical name."""
    columns: dict[tuple[str, str], Header] = {}
    doubled: list[Header] = []
    for index, text in enumerate(sheet.rows[0] if sheet.rows else ()):
        if not text:
            continue
        base, language = split_header(text, aliases)
        header = Header(text, base, language, index, sheet.where(1, index))
        if (base, language) in columns:
            doubled.append(header)
        else:
            columns[base, language] = header
    rows = tuple(
        Row(number, cells, sheet, columns) for number, cells in enumerate(sheet.rows[1:], start=2) if any(cells)
    )
    named = {header.index for header in (*columns.values(), *doubled)}
    unnamed: dict[int, str] = {}
    for row in rows:
        for index, text in enumerate(row.cells):
            if text and index not in named:
                unnamed.setdefault(index, sheet.where(row.number, index))
    languages = tuple(dict.fromkeys(language for _, language in columns if language))
    return Table(sheet, columns, rows, tuple(doubled), tuple(unnamed.values()), languages)


def split_header(text: str, aliases: Mapping[str, str]) -> tuple[str, str]:
    """`Label :: English (en)` -> ('label', 'English (en)')."""
    left, _, right = text.partition("::")
    base = "_".join(left.split()).lower()
    if base in ("bind", "control", "media", "body") and right:  # bind::relevant is relevant, media::image is image
        inner, _, language = right.partition("::")
        base, right = "_".join(inner.split()).lower(), language
    return aliases.get(base, base), " ".join(right.split())
