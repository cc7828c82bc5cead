"""The guard at the door for .ods: inflate, count, and pack anew only what the reader needs.

An .ods says "this cell a million times" in a few bytes, so what counts is how far its cells reach once repeated.
"""

import io
import zipfile
import zlib
from dataclasses import dataclass, field
from xml.parsers import expat

from selaras.errors import InputError, Problem
from selaras.odk.archive import MAX_CELLS, MAX_COLUMNS, MAX_FILE, MAX_INFLATED, MAX_ROWS, MAX_TEXT
from selaras.odk.walk import Walked, column_letters

MIMETYPE = b"application/vnd.oasis.opendocument.spreadsheet"
_PARTS = ("mimetype", "META-INF/manifest.xml", "content.xml", "styles.xml")
_BROKEN = (zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, NotImplementedError, EOFError, OSError, ValueError)
_CHUNK = 64 * 1024


@dataclass(frozen=True, slots=True)
class OpenDocument:
    """A guarded .ods: `content` is a fresh zip, `walked` what each table (by name) holds."""

    content: bytes
    walked: dict[str, Walked]


def is_ods(content: bytes) -> bool:
    """Whether these bytes say of themselves that they are an .ods: its first entry names the type, stored."""
    return content[:4] == b"PK\x03\x04" and MIMETYPE in content[:200]


def guard_ods(content: bytes, *, name: str) -> OpenDocument:
    """Inflate and walk the file. Raises InputError with one problem: broken, locked, with a DTD, or past a limit."""
    if len(content) > MAX_FILE:
        raise _refuse("file.too_big", name)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            parts = {part: _inflated(packed, part, name) for part in _PARTS if part in packed.namelist()}
        if "content.xml" not in parts or len(set(parts)) != len(parts):
            raise _refuse("file.not_xlsx", name)
        if b"encryption-data" in parts.get("META-INF/manifest.xml", b""):
            raise _refuse("file.encrypted", name)
        walk = _Walk(name)
        walk.read(parts["content.xml"])
    except _BROKEN as error:
        raise _refuse("file.not_xlsx", name) from error
    except RuntimeError as error:
        raise _refuse("file.encrypted", name) from error
    except expat.ExpatError as error:
        raise _refuse("file.broken_xml", name) from error
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as anew:
        for part, text in parts.items():
            anew.writestr(part, text)
    return OpenDocument(buffer.getvalue(), walk.tables)


def _refuse(code: str, name: str, **values: object) -> InputError:
    return InputError(Problem(code, values={"name": name, **values}))


def _inflated(packed: zipfile.ZipFile, part: str, name: str) -> bytes:
    kept = io.BytesIO()
    with packed.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            kept.write(chunk)
            if kept.tell() > MAX_INFLATED:
                raise _refuse("file.bomb", name, limit=f"{MAX_INFLATED // 1024**2} MiB")
    return kept.getvalue()


@dataclass(slots=True)
class _Row:
    """The row being walked: how often it stands there, its columns so far, those filled, characters."""

    repeated: int = 1
    column: int = 0
    columns: int = 0
    characters: int = 0
    merged: list[tuple[int, int, int]] = field(default_factory=list)


class _Walk:
    """One pass over content.xml. Blank rows and columns count only where something follows them."""

    def __init__(self, name: str) -> None:
        self.tables: dict[str, Walked] = {}
        self._name = name
        self._table = Walked()
        self._rows = 0
        self._row = _Row()
        self._repeat = 1
        self._filled = False
        self._characters = self._cells = self._all = 0
        self._parser = expat.ParserCreate("utf-8")
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._text
        self._parser.StartDoctypeDeclHandler = self._dtd
        self._parser.EntityDeclHandler = self._dtd

    def read(self, content: bytes) -> None:
        """Walk the whole part."""
        self._parser.Parse(content, True)

    def _dtd(self, *_: object) -> None:
        raise _refuse("file.dtd", self._name)

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "table:table":
            self._table = self.tables.setdefault(attributes.get("table:name", ""), Walked())
            self._rows = 0
        elif tag == "table:table-row":
            self._row = _Row(_times(attributes.get("table:number-rows-repeated")))
        elif tag in ("table:table-cell", "table:covered-table-cell"):
            self._repeat = _times(attributes.get("table:number-columns-repeated"))
            self._filled = "office:value-type" in attributes or "calcext:value-type" in attributes
            if "table:formula" in attributes:
                self._table.formulas.append(f"{column_letters(self._row.column)}{self._rows + 1}")
            spans = (
                _times(attributes.get("table:number-columns-spanned")),
                _times(attributes.get("table:number-rows-spanned")),
            )
            if spans != (1, 1):
                self._row.merged.append((self._row.column, *spans))

    def _text(self, text: str) -> None:
        if text.strip():
            self._filled = True
            self._characters += len(text)

    def _end(self, tag: str) -> None:
        if tag in ("table:table-cell", "table:covered-table-cell"):
            self._row.column += self._repeat
            if self._filled:
                self._row.columns = self._row.column
                self._row.characters += self._characters * self._repeat
            self._filled, self._characters = False, 0
        elif tag == "table:table-row":
            self._close_row()

    def _close_row(self) -> None:
        row, table = self._row, self._table
        for column, wide, high in row.merged:
            first, last = column_letters(column), column_letters(min(column + wide, MAX_COLUMNS) - 1)
            table.merged.append(f"{first}{self._rows + 1}:{last}{self._rows + high}")
        self._rows += row.repeated
        if not row.columns:
            return
        self._all += row.repeated
        self._cells += row.characters * row.repeated
        table.rows, table.columns = self._rows, max(table.columns, row.columns)
        if table.columns > MAX_COLUMNS:
            raise _refuse("file.cells", self._name)
        if table.rows > MAX_ROWS:
            raise _refuse("file.rows", self._name, limit=f"{MAX_ROWS:,}".replace(",", "."))
        if self._cells > MAX_TEXT:
            raise _refuse("file.bomb", self._name, limit=f"{MAX_TEXT // 1024**2} MiB")
        if sum(one.rows * one.columns for one in self.tables.values()) > MAX_CELLS:
            raise _refuse("file.cells", self._name)


def _times(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) <= 9 and int(text) > 0 else 1
