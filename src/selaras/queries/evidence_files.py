"""What a file is by its content, what its camera says of time and place, and what does not fit.

Nothing is drawn, unpacked to disk, or run. A photo is known by how it is built, and where something else hangs in it
that a browser or an office would open as another kind of file, it is refused: what is one thing to who checks it and
another to who opens it proves nothing. Sources: JEITA CP-3451 (EXIF), ISO 32000-1 7.5 (PDF), ECMA-376 part 2 (OPC);
Albertini, "Abusing file formats", PoC||GTFO 7 (2015), on files that are two kinds at once.
"""

from __future__ import annotations

import io
import math
import re
import unicodedata
import zipfile
import zlib
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, Final
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from selaras.errors import InputError, Problem
from selaras.models import EvidenceKind
from selaras.queries.photos import TYPES, after_picture, dimensions_of, exif_of, kind_of, without_metadata

MIB: Final = 1024 * 1024
#: Bytes of a file as it comes.
LARGEST: Final = 25 * MIB
#: A picture with more points is no phone's; nothing of it is ever drawn.
MOST_POINTS: Final = 80_000_000
#: An office file opened: bytes, parts, and how many times its packed size.
MOST_INFLATED: Final = 300 * MIB
MOST_PARTS: Final = 5_000
MOST_SWELLING: Final = 200

PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ENDINGS: Final = {"image/jpeg": "jpg", "image/png": "png", "image/heic": "heic", PDF: "pdf", DOCX: "docx", XLSX: "xlsx"}

#: Beginnings of what is never evidence, in the words of the message.
_REFUSED = (
    (b"MZ", "evidence.program"),
    (b"\x7fELF", "evidence.program"),
    (b"#!", "evidence.program"),
    (b"\xd0\xcf\x11\xe0", "evidence.old_office"),
    (b"\x1aE\xdf\xa3", "evidence.video"),
    (b"RIFF", "evidence.kind"),
)
_FILMS = {b"isom", b"iso2", b"mp41", b"mp42", b"avc1", b"qt  ", b"3gp4", b"3gp5", b"M4V "}
#: What makes a browser or an office open a file as that kind, wherever it stands.
_ELSE = re.compile(rb"%PDF-|PK\x05\x06|<(?:!doctype\s+html|html|svg|script)\b|<\?(?:php|xml)", re.IGNORECASE)
_MARKUP = re.compile(rb"\A(?:\xef\xbb\xbf)?\s*<(?:!doctype|html|svg|\?xml|script|!--)", re.IGNORECASE)
#: What a PDF does by itself, or carries along (ISO 32000-1 12.6, 7.11.4).
_ACTIVE = re.compile(rb"/(?:JavaScript|JS|Launch|EmbeddedFiles?|RichMedia|SubmitForm|ImportData)\b")


@dataclass(frozen=True, slots=True)
class Passport:
    """What a file says of itself. `taken_at` is UTC; `place` degrees north and east; `doubts` are codes of DOUBTS."""

    kind: EvidenceKind
    media_type: str
    filename: str
    taken_at: datetime | None = None
    place: tuple[float, float] | None = None
    width: int | None = None
    height: int | None = None
    doubts: tuple[str, ...] = ()


#: What is told to who looks at it; the words stand in web/evidence_words.py.
DOUBTS: Final = (
    "name", "time_ahead", "time_before", "time_unread", "no_time", "place_zero", "place_unread", "no_place",
    "edited", "film", "pdf_active", "pdf_locked", "carried", "far", "other_day",
)  # fmt: skip


def passport_of(content: bytes, filename: str, *, zone: ZoneInfo, year: int, now: datetime) -> Passport:
    """Read a file that came. `zone` is where a camera's clock without a zone stood; `year` the programme's.

    Raises InputError: another kind of file, broken, too big, two kinds at once, or one that swells.
    """
    if not content:
        raise InputError(Problem("evidence.empty", "file"))
    if len(content) > LARGEST:
        raise InputError(Problem("evidence.too_big", "file", {"most": LARGEST // MIB}))
    media_type = type_of(content)
    name, misnamed = _named(filename, media_type)
    doubts = ["name"] if misnamed else []
    if not media_type.startswith("image/"):
        doubts += _pdf_doubts(content) if media_type == PDF else []
        return Passport(EvidenceKind.DOCUMENT, media_type, name, doubts=tuple(doubts))
    size = dimensions_of(content)
    camera = camera_of(content, zone=zone, year=year, now=now)
    doubts += [*camera.doubts, *(["film"] if len(after_picture(content)) > MIB else [])]
    width, height = size or (None, None)
    return Passport(
        EvidenceKind.PHOTO, media_type, name, camera.taken_at, camera.place, width, height, doubts=tuple(doubts)
    )


def type_of(content: bytes) -> str:
    """One of ENDINGS, by content. Raises InputError for all else, each with what to do instead."""
    for beginning, code in _REFUSED:
        if content.startswith(beginning):
            raise InputError(Problem(code, "file"))
    if _MARKUP.match(content[:1024]):
        raise InputError(Problem("evidence.svg", "file"))
    if content.startswith(b"%PDF-"):
        return _checked_pdf(content)
    if content.startswith(b"PK\x03\x04"):
        return _checked_office(content)
    if content[4:8] == b"ftyp" and content[8:12] in _FILMS:
        raise InputError(Problem("evidence.video", "file"))
    try:
        kind = kind_of(content)
    except InputError as error:
        raise InputError(Problem("evidence.kind", "file")) from error
    _check_photo(content)
    return TYPES[kind]


# --- photos -----------------------------------------------------------------------------------------------------------
def _check_photo(content: bytes) -> None:
    """Raises InputError where it is broken, too large to be drawn, or something else too."""
    try:
        # What cannot be cleaned could never be shown.
        without_metadata(content)
        size = dimensions_of(content)
        behind = after_picture(content)
    except InputError as error:
        raise InputError(Problem("photo.broken", "file")) from error
    if size is not None and (0 in size or size[0] * size[1] > MOST_POINTS):
        if 0 in size:
            raise InputError(Problem("photo.broken", "file"))
        raise InputError(Problem("evidence.points", "file", {"most": MOST_POINTS // 1_000_000}))
    if _ELSE.search(behind) or b"PK\x05\x06" in content[-65_557:]:
        raise InputError(Problem("evidence.two", "file"))


@dataclass(frozen=True, slots=True)
class Camera:
    """What a camera wrote, as far as it can be true; `doubts` say what cannot."""

    taken_at: datetime | None = None
    place: tuple[float, float] | None = None
    doubts: tuple[str, ...] = field(default=())


def camera_of(content: bytes, *, zone: ZoneInfo, year: int, now: datetime) -> Camera:
    """When and where a photo says it was taken; nothing that a clock or a satellite could not have said is kept."""
    block = exif_of(content)
    if not block:
        return Camera(doubts=("no_time", "no_place"))
    from PIL import Image

    exif = Image.Exif()
    try:
        exif.load(b"Exif\x00\x00" + block)
        times, places = exif.get_ifd(0x8769), exif.get_ifd(0x8825)
        software = str(exif.get(0x0131, ""))
    except Exception:
        # Whatever a block makes its reader do: it says nothing then.
        return Camera(doubts=("time_unread", "place_unread"))
    taken, time_doubt = _taken(times, zone, year, now)
    place, place_doubt = _place(places)
    edited = ["edited"] if re.search(r"photoshop|gimp|snapseed|picsart|canva|lightroom|pixlr", software, re.I) else []
    return Camera(taken, place, tuple(doubt for doubt in (time_doubt, place_doubt, *edited) if doubt))


def _taken(said: dict[int, Any], zone: ZoneInfo, year: int, now: datetime) -> tuple[datetime | None, str]:
    """(UTC, doubt) of DateTimeOriginal; a clock without a zone stood in the place's."""
    text = said.get(0x9003)
    if text is None:
        return None, "no_time"
    try:
        local = datetime.strptime(str(text).strip("\x00 "), "%Y:%m:%d %H:%M:%S")  # noqa: DTZ007 (its zone stands apart)
        taken = local.replace(tzinfo=_offset(str(said.get(0x9011, ""))) or zone).astimezone(UTC)
    except (ValueError, OverflowError):
        return None, "time_unread"
    if taken > now + timedelta(hours=1):
        return None, "time_ahead"
    return (taken, "time_before") if taken.year < year - 1 else (taken, "")


def _offset(text: str) -> timezone | None:
    found = re.fullmatch(r"([+-])(\d\d):(\d\d)", text.strip("\x00 "))
    if found is None or int(found[2]) > 14 or int(found[3]) > 59:
        return None
    minutes = 60 * int(found[2]) + int(found[3])
    return timezone(timedelta(minutes=-minutes if found[1] == "-" else minutes))


def _place(said: dict[int, Any]) -> tuple[tuple[float, float] | None, str]:
    """(degrees north and east, doubt)."""
    if 2 not in said and 4 not in said:
        return None, "no_place"
    try:
        north, east = _degrees(said[2], said.get(1), "S"), _degrees(said[4], said.get(3), "W")
    except (KeyError, TypeError, ValueError, ZeroDivisionError, OverflowError):
        return None, "place_unread"
    if not (abs(north) <= 90 and abs(east) <= 180):
        return None, "place_unread"
    if abs(north) < 0.01 and abs(east) < 0.01:
        # What receivers write that have not found a satellite.
        return None, "place_zero"
    return (round(north, 6), round(east, 6)), ""


def _degrees(parts: Any, ref: Any, negative: str) -> float:
    degrees, minutes, seconds = (float(each) for each in parts)
    value = degrees + minutes / 60 + seconds / 3600
    if not math.isfinite(value):
        raise ValueError(parts)
    text = ref.decode("ascii", "replace") if isinstance(ref, bytes) else str(ref or "")
    return -value if text.strip("\x00 ").upper() == negative else value


def metres_between(one: tuple[float, float], other: tuple[float, float]) -> int:
    """Metres on the earth's mean sphere (haversine; IUGG mean radius 6,371,008.8 m)."""
    north, east, north2, east2 = map(math.radians, (*one, *other))
    half = math.sin((north2 - north) / 2) ** 2 + math.cos(north) * math.cos(north2) * math.sin((east2 - east) / 2) ** 2
    return round(2 * 6_371_008.8 * math.asin(math.sqrt(min(1.0, half))))


# --- documents --------------------------------------------------------------------------------------------------------
def _checked_pdf(content: bytes) -> str:
    # A reader looks for the end in the last 1,024 bytes; what hangs behind belongs to another kind.
    if b"%%EOF" not in content[-1024:]:
        raise InputError(Problem("evidence.broken", "file"))
    behind = content[content.rindex(b"%%EOF") + 5 :]
    if b"PK\x05\x06" in content[-65_557:] or _ELSE.search(behind):
        raise InputError(Problem("evidence.two", "file"))
    return PDF


def _pdf_doubts(content: bytes) -> list[str]:
    """A name may stand in packed objects too, where it is not seen: so no browser opens what we serve."""
    found = ["pdf_active"] if _ACTIVE.search(content) else []
    return [*found, "pdf_locked"] if re.search(rb"/Encrypt\b", content) else found


_BROKEN = (zipfile.BadZipFile, zlib.error, KeyError, OSError, ValueError, EOFError, NotImplementedError, RuntimeError)


def _checked_office(content: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            _check_parts(parts, content)
            names = {part.filename.casefold() for part in parts}
            if "[content_types].xml" not in names:
                raise InputError(Problem("evidence.other_zip", "file"))
            types = archive.read("[Content_Types].xml")
    except _BROKEN as error:
        raise InputError(Problem("evidence.broken", "file")) from error
    if b"macroEnabled" in types or any(name.endswith("vbaproject.bin") for name in names):
        raise InputError(Problem("evidence.macros", "file"))
    if b"wordprocessingml.document.main+xml" in types and "word/document.xml" in names:
        return DOCX
    if b"spreadsheetml.sheet.main+xml" in types and "xl/workbook.xml" in names:
        return XLSX
    raise InputError(Problem("evidence.other_zip", "file"))


def _check_parts(parts: list[zipfile.ZipInfo], content: bytes) -> None:
    """Raises InputError where it swells when it is opened, or where something stands before or behind it."""
    inflated, packed = sum(part.file_size for part in parts), sum(part.compress_size for part in parts)
    # Parts that lie over each other are more than the file is long (Fifield, A better zip bomb, 2019).
    swells = inflated > MOST_INFLATED or packed > len(content) or len(parts) > MOST_PARTS
    if any(part.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED} for part in parts):
        raise InputError(Problem("evidence.broken", "file"))
    if swells or any(p.file_size > MIB and p.file_size > MOST_SWELLING * max(p.compress_size, 1) for p in parts):
        raise InputError(Problem("evidence.bomb", "file", {"limit": f"{MOST_INFLATED // MIB} MB"}))
    types = next((part for part in parts if part.filename == "[Content_Types].xml"), None)
    if types is not None and types.file_size > MIB:
        raise InputError(Problem("evidence.bomb", "file", {"limit": "1 MB"}))
    end = content.rfind(b"PK\x05\x06")
    comment = int.from_bytes(content[end + 20 : end + 22], "little")
    if min((part.header_offset for part in parts), default=0) != 0 or end + 22 + comment != len(content) or comment:
        raise InputError(Problem("evidence.two", "file"))


# --- names and links --------------------------------------------------------------------------------------------------
def _named(filename: str, media_type: str) -> tuple[str, bool]:
    """(a name that any computer can keep, with the ending of what it is; whether it was called otherwise)."""
    plain = unicodedata.normalize("NFC", filename).replace("\\", "/").rpartition("/")[2]
    plain = "".join(sign for sign in plain if sign.isprintable() and sign not in '<>:"|?*').strip(". ")
    stem, dot, ending = plain.rpartition(".")
    stem = stem if dot else plain
    right = ENDINGS[media_type]
    called = ending.casefold() if dot else ""
    alike = {"jpg": {"jpg", "jpeg", "jpe", "jfif"}, "heic": {"heic", "heif"}}.get(right, {right})
    return f"{(stem or 'bukti')[:150]}.{right}", bool(called) and called not in alike


def checked_url(text: str) -> str:
    """A link that a browser opens as a page. Raises InputError; nothing is asked of it."""
    url = text.strip()
    parts = None
    try:
        parts = urlsplit(url)
        port_fits = parts.port is None or parts.port > 0
    except ValueError:
        port_fits = False
    fits = parts is not None and port_fits and parts.scheme in {"http", "https"} and "." in (parts.hostname or "")
    if not fits or len(url) > 500 or any(not sign.isprintable() or sign.isspace() for sign in url) or "\\" in url:
        raise InputError(Problem("evidence.url", "url"))
    if parts is not None and (parts.username is not None or parts.password is not None):
        raise InputError(Problem("evidence.url_secret", "url"))
    return url
