"""The guard at the door: what is inside an .xlsx, before any library trusts it.

An .xlsx is a zip of XML, and both can be made to explode: a small file that inflates to gigabytes, a header that
lies about sizes, two cells so far apart that a dense table between them fills the memory, one long text that a
million cells repeat. Everything is therefore inflated here, counted while it comes out, looked over (`walk.py`), and
packed anew: the reader after us gets the very bytes that were counted.
"""

import io
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.parsers import expat

from selaras.errors import InputError, Problem
from selaras.odk.walk import Walked, column_index, column_letters, walk

__all__ = ["MAX_COLUMNS", "MAX_FILE", "MAX_ROWS", "Archive", "Walked", "column_index", "column_letters", "guard"]

MAX_INFLATED = 64 * 1024 * 1024
#: What a sheet of families may be: 60,000 rows of 60 answers. Reading 132 MiB of it takes 410 MiB of memory.
MAX_FAMILIES_INFLATED = 160 * 1024 * 1024
#: From here on what was counted waits packed for its reader, which copies it once more.
_LARGE = 16 * 1024 * 1024
MAX_FILE = 64 * 1024 * 1024
MAX_PARTS = 2_000
MAX_ROWS = 200_000
MAX_COLUMNS = 2_000
MAX_CELLS = 6_000_000
MAX_TEXT = 128 * 1024 * 1024
_CHUNK = 64 * 1024
_BROKEN = (zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, NotImplementedError, EOFError)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@dataclass(frozen=True, slots=True)
class Archive:
    """A guarded workbook: `content` is a fresh zip for the reader, `walked` what each sheet (by name) holds."""

    content: bytes
    walked: dict[str, Walked]


def guard(source: Path | bytes, *, name: str, inflated: int = MAX_INFLATED) -> Archive:
    """Inflate, count and walk the whole file; return what is safe to read.

    Raises InputError with one problem that names the file: not an .xlsx, encrypted, macros, a DTD, or past one of
    the limits above. Memory is bounded by `inflated` bytes and MAX_CELLS whatever the file says of itself.
    """
    data = _bytes(source, name)
    if data.startswith(_OLE):
        encrypted = "EncryptedPackage".encode("utf-16-le") in data
        raise _refuse("file.encrypted" if encrypted else "file.old_format", name)
    suffix = name.lower().rpartition(".")[2]
    if suffix in ("xls", "xlsm"):  # renamed or not: who opens it next would trust the name
        raise _refuse("file.old_format" if suffix == "xls" else "file.macros", name)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            return _unpack(packed, name, inflated)
    except (*_BROKEN, OSError, ValueError) as error:
        raise _refuse("file.not_xlsx", name) from error
    except RuntimeError as error:  # zipfile's word for an entry that wants a password
        raise _refuse("file.encrypted", name) from error
    except expat.ExpatError as error:
        raise _refuse("file.broken_xml", name) from error


def _bytes(source: Path | bytes, name: str) -> bytes:
    if isinstance(source, bytes):
        data = source
    else:
        try:
            with source.open("rb") as file:
                data = file.read(MAX_FILE + 1)
        except FileNotFoundError as error:
            raise _refuse("file.absent", name) from error
        except OSError as error:
            raise _refuse("file.unreadable", name) from error
    if len(data) > MAX_FILE:
        raise _refuse("file.too_big", name)
    return data


def _refuse(code: str, name: str, **values: object) -> InputError:
    return InputError(Problem(code, values={"name": name or "ini", **values}))


def _unpack(packed: zipfile.ZipFile, name: str, most: int) -> Archive:
    entries = packed.infolist()
    names = [entry.filename for entry in entries]
    _check_names(names, name)
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise _refuse("file.encrypted", name)
    if any(entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for entry in entries):
        raise _refuse("file.not_xlsx", name)
    parts: dict[str, bytes] = {}
    walks: dict[str, Walked] = {}
    inflated = 0
    for entry in entries:
        xml = entry.filename.lower().endswith((".xml", ".rels", ".vml"))
        check = _Check(name)
        kept: list[bytes] = []
        for chunk in _chunks(packed, entry):
            inflated += len(chunk)
            if inflated > most:
                raise _refuse("file.bomb", name, limit=f"{most // 1024**2} MiB")
            if xml:
                check.feed(chunk)
                kept.append(chunk)
        if xml:
            check.close()
            parts[entry.filename] = b"".join(kept)
            kept.clear()
            walks[entry.filename] = walk(parts[entry.filename])
    if b"macroEnabled" in parts.get("[Content_Types].xml", b""):
        raise _refuse("file.macros", name)
    sheets = _sheet_parts(parts)
    walked = {sheet: walks[part] for sheet, part in sheets.items() if part in walks}
    _check_sizes(walks, walked, name)
    return Archive(_packed(parts), walked)


def _check_names(names: list[str], name: str) -> None:
    lowered = [part.lower() for part in names]
    if any(part.endswith("vbaproject.bin") for part in lowered):
        raise _refuse("file.macros", name)
    if len(names) > MAX_PARTS or len(set(lowered)) != len(lowered) or "xl/workbook.xml" not in names:
        raise _refuse("file.not_xlsx", name)


def _chunks(packed: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    with packed.open(entry) as part:
        while chunk := part.read(_CHUNK):
            yield chunk


class _Check:
    """Whether a part is well-formed UTF-8 XML without a DTD, told while it comes out of the zip."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._first = True
        self._parser = expat.ParserCreate("utf-8")
        self._parser.XmlDeclHandler = self._declaration
        self._parser.StartDoctypeDeclHandler = self._refuse_dtd
        self._parser.EntityDeclHandler = self._refuse_dtd

    def feed(self, chunk: bytes) -> None:
        if self._first and (chunk[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in chunk[:4]):
            raise _refuse("file.broken_xml", self._name)
        self._first = False
        self._parser.Parse(chunk, False)

    def close(self) -> None:
        self._parser.Parse(b"", True)

    def _declaration(self, _version: str, encoding: str | None, _standalone: int) -> None:
        if encoding is not None and encoding.lower() not in ("utf-8", "us-ascii"):
            raise _refuse("file.broken_xml", self._name)

    def _refuse_dtd(self, *_: object) -> None:
        raise _refuse("file.dtd", self._name)


class _Names:
    """`<sheet name= r:id=>` of the workbook, or `<Relationship Id= Target=>`, in order."""

    def __init__(self, content: bytes, tag: str, key: str, value: str) -> None:
        self.found: list[tuple[str, str]] = []
        self._wanted = (tag, key, value)
        parser = expat.ParserCreate("utf-8")
        parser.StartElementHandler = self._start
        parser.Parse(content, True)

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        wanted, key, value = self._wanted
        if tag.rpartition(":")[2] == wanted:
            local = {name.rpartition(":")[2]: text for name, text in attributes.items()}
            self.found.append((local.get(key, ""), local.get(value, "")))


def _sheet_parts(parts: dict[str, bytes]) -> dict[str, str]:
    """Sheet name -> the part that holds it, by way of the workbook's relations."""
    sheets = _Names(parts["xl/workbook.xml"], "sheet", "name", "id").found
    relations = dict(_Names(parts.get("xl/_rels/workbook.xml.rels", b"<r/>"), "Relationship", "Id", "Target").found)
    found: dict[str, str] = {}
    for sheet, relation in sheets:
        target = relations.get(relation, "")
        found[sheet] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    return found


def _check_sizes(walks: dict[str, Walked], sheets: dict[str, Walked], name: str) -> None:
    if sum(one.rows for one in walks.values()) > MAX_ROWS:
        raise _refuse("file.rows", name, limit=f"{MAX_ROWS:,}".replace(",", "."))
    for sheet, one in sheets.items():
        if one.columns > MAX_COLUMNS:
            code, last = "file.columns", f"{column_letters(one.columns - 1)}1"
            raise InputError(Problem(code, f"{sheet}!{last}", {"found": one.columns, "limit": MAX_COLUMNS}))
    if sum(one.rows * one.columns for one in walks.values()) > MAX_CELLS:
        raise _refuse("file.cells", name)
    lengths = next((one.lengths for one in walks.values() if one.lengths), [])
    repeated = sum(lengths[index] for one in walks.values() for index in one.shared if index < len(lengths))
    if repeated > MAX_TEXT:
        raise _refuse("file.bomb", name, limit=f"{MAX_TEXT // 1024**2} MiB")


def _packed(parts: dict[str, bytes]) -> bytes:
    """A fresh zip of the parts, which are let go one by one."""
    buffer = io.BytesIO()
    large = sum(map(len, parts.values())) > _LARGE
    kind, level = (zipfile.ZIP_DEFLATED, 1) if large else (zipfile.ZIP_STORED, None)
    with zipfile.ZipFile(buffer, "w", kind, compresslevel=level) as packed:
        for part in list(parts):
            content = parts.pop(part)
            # Drawings and comments are never read: cells are all that an instrument says.
            if not part.startswith(("xl/drawings/", "xl/comments", "xl/media/", "docProps/")):
                packed.writestr(part, content)
    return buffer.getvalue()
