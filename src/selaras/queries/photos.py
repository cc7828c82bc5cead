"""Photos: what kind they are by their content, and without what cameras write into them besides the picture.

What is stored is what came: where and when it was taken is evidence, and sealed. What is served has lost it: place,
time, device and thumbnail stand in EXIF, XMP and comments (JEITA CP-3451; ISO 10918-1; W3C PNG; ISO 23008-12). No
pixel is decoded here: nothing that a photo contains is run through a decoder while somebody waits (actions/photos.py
does, in the worker).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Final, Literal

from selaras.errors import InputError, Problem

PhotoKind = Literal["jpeg", "png", "heic"]
TYPES: Final[dict[PhotoKind, str]] = {"jpeg": "image/jpeg", "png": "image/png", "heic": "image/heic"}

_PNG = b"\x89PNG\r\n\x1a\n"
_HEIC = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}
#: Chunks that draw the picture; all others are words.
_DRAWN = {b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"sBIT", b"pHYs", b"bKGD"}
#: Items of a HEIC file that are words.
_WORDS = frozenset({b"Exif", b"mime", b"uri "})
#: Boxes of a HEIC file that the picture needs.
_BOXES = {b"ftyp", b"meta", b"mdat", b"idat"}


def kind_of(content: bytes) -> PhotoKind:
    """By its first bytes, whatever it is called. Raises InputError for anything else."""
    if content.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if content.startswith(_PNG):
        return "png"
    if content[4:8] == b"ftyp" and {content[8:12], *_brands(content)} & _HEIC:
        return "heic"
    raise InputError(Problem("photo.kind"))


def _brands(content: bytes) -> set[bytes]:
    size = min(int.from_bytes(content[:4], "big"), 256)
    return {content[i : i + 4] for i in range(16, size, 4)}


def without_metadata(content: bytes) -> bytes:
    """The same picture without EXIF, XMP, comments and what hangs behind it; which way is up stays.

    Raises InputError where the file is broken: what cannot be read cannot be cleaned, and is not taken.
    """
    kind = kind_of(content)
    clean = {"jpeg": _jpeg, "png": _png, "heic": _heic}[kind]
    try:
        return clean(content)
    except (LookupError, ValueError) as error:
        raise InputError(Problem("photo.broken")) from error


# --- what a camera wrote, for who asks where and when ---------------------------------------------------------------
def exif_of(content: bytes) -> bytes:
    """The TIFF block that a camera wrote, b'' where there is none. Raises InputError where the file is broken."""
    kind = kind_of(content)
    find = {"jpeg": _exif_in_jpeg, "png": _exif_in_png, "heic": _exif_in_heic}[kind]
    try:
        return find(content)
    except (LookupError, ValueError) as error:
        raise InputError(Problem("photo.broken")) from error


def dimensions_of(content: bytes) -> tuple[int, int] | None:
    """Width and height as the file says, in points, without drawing any; None where it does not say.

    Of a HEIC picture made of tiles it is that of the whole. Raises InputError where the file is broken.
    """
    kind = kind_of(content)
    try:
        if kind == "jpeg":
            # The frame (SOF): 8 or more bits deep, lines, points a line.
            frames = (segment for marker, segment in _segments(content) if marker in _FRAMES)
            frame = next(frames)
            return int.from_bytes(frame[7:9], "big"), int.from_bytes(frame[5:7], "big")
        if kind == "png":
            return int.from_bytes(content[16:20], "big"), int.from_bytes(content[20:24], "big")
        return _heic_dimensions(content)
    except (LookupError, ValueError, StopIteration) as error:
        raise InputError(Problem("photo.broken")) from error


def after_picture(content: bytes) -> bytes:
    """What hangs behind the end of a JPEG or PNG: phones hang films there, and others hang other files."""
    kind = kind_of(content)
    try:
        if kind == "jpeg":
            end = 2 + sum(len(segment) for _, segment in _segments(content, count_fill=True))
            return content[end:]
        return content[_png_end(content) :] if kind == "png" else b""
    except (LookupError, ValueError) as error:
        raise InputError(Problem("photo.broken")) from error


#: Start of frame, whichever the coding; C4, C8 and CC are tables.
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


def _exif_in_jpeg(content: bytes) -> bytes:
    found = (s[10:] for marker, s in _segments(content) if marker == 0xE1 and s[4:10] == b"Exif\x00\x00")
    return next(found, b"")


def _exif_in_png(content: bytes) -> bytes:
    return next((body for kind, body in _chunks(content) if kind == b"eXIf"), b"")


def _exif_in_heic(content: bytes) -> bytes:
    for inside in _meta_boxes(content):
        items = set(_items_of_words(content, *inside[b"iinf"], names={b"Exif"}))
        stored = inside.get(b"idat", (0, 0))[0]
        for item, start, length in _extents(content, inside[b"iloc"][0], stored):
            block = content[start : start + length]
            # ISO 23008-12 A.2: four bytes say where the TIFF block begins behind them.
            if item in items and len(block) > 4:
                return block[4 + int.from_bytes(block[:4], "big") :]
    return b""


def _heic_dimensions(content: bytes) -> tuple[int, int] | None:
    found = []
    for inside in _meta_boxes(content):
        if b"iprp" not in inside:
            continue
        for kind, _, body, end in _boxes(content, *inside[b"iprp"]):
            properties = _boxes(content, body, end) if kind == b"ipco" else ()
            found += [content[at + 4 : at + 12] for name, _, at, _ in properties if name == b"ispe"]
    sizes = [(int.from_bytes(each[:4], "big"), int.from_bytes(each[4:], "big")) for each in found]
    return max(sizes, key=lambda size: size[0] * size[1]) if sizes else None


def _meta_boxes(content: bytes) -> Iterator[dict[bytes, tuple[int, int]]]:
    for kind, _, body, end in _boxes(content, 0, len(content)):
        if kind == b"meta":
            yield {name: (at, stop) for name, _, at, stop in _boxes(content, body + 4, end)}


# --- JPEG -----------------------------------------------------------------------------------------------------------
def _jpeg(content: bytes) -> bytes:
    """Segments that draw; a colour profile; of EXIF only the orientation; nothing behind the end of the picture."""
    kept = [b"\xff\xd8"]
    turn = 1
    for marker, segment in _segments(content):
        if marker == 0xE1 and segment[4:10] == b"Exif\x00\x00":
            turn = _orientation(segment[10:])
        if _draws(marker, segment):
            kept.append(segment)
    if turn != 1:
        kept.insert(1, _upright(turn))
    return b"".join(kept)


def _draws(marker: int, segment: bytes) -> bool:
    if marker == 0xE2:
        return segment[4:16] == b"ICC_PROFILE\x00"
    # APP0 says how wide pixels are, APP14 how colours are coded; the other APPs and the comment are words.
    return marker in {0xE0, 0xEE} or not (0xE0 <= marker <= 0xEF or marker == 0xFE)


def _segments(content: bytes, *, count_fill: bool = False) -> Iterator[tuple[int, bytes]]:
    """(marker, its whole segment), a scan with its data; ends with the end of the picture.

    `count_fill`: with the filling bytes that may stand before a marker, as segments of their own.
    """
    at = 2
    while True:
        if content[at] != 0xFF:
            raise ValueError(at)
        while content[at + 1] == 0xFF:
            if count_fill:
                yield 0xFF, b"\xff"
            at += 1
        marker = content[at + 1]
        if marker == 0xD9:
            yield marker, b"\xff\xd9"
            return
        length = 2 + int.from_bytes(content[at + 2 : at + 4], "big")
        end = at + length
        if length < 4 or end > len(content):
            raise ValueError(at)
        if marker == 0xDA:
            end = _after_scan(content, end)
        yield marker, content[at:end]
        at = end


def _after_scan(content: bytes, at: int) -> int:
    """Where the coded data ends: at the next marker that is neither a stuffed 0xFF nor a restart."""
    while True:
        at = content.index(b"\xff", at)
        if content[at + 1] != 0 and not 0xD0 <= content[at + 1] <= 0xD7:
            return at
        at += 2


def _orientation(tiff: bytes) -> int:
    """1 to 8; 1 where the block says nothing sensible."""
    order: Literal["little", "big"] = "little" if tiff[:2] == b"II" else "big"
    first = int.from_bytes(tiff[4:8], order)
    for n in range(int.from_bytes(tiff[first : first + 2], order)):
        entry = tiff[first + 2 + 12 * n : first + 14 + 12 * n]
        if len(entry) == 12 and int.from_bytes(entry[:2], order) == 0x0112:
            turn = int.from_bytes(entry[8:10], order)
            return turn if 1 <= turn <= 8 else 1
    return 1


def _upright(turn: int) -> bytes:
    """An EXIF segment that says nothing but which way is up: photos of phones lie on their side without it."""
    entry = b"\x01\x12\x00\x03\x00\x00\x00\x01" + turn.to_bytes(2, "big") + b"\x00\x00"
    body = b"Exif\x00\x00MM\x00\x2a\x00\x00\x00\x08\x00\x01" + entry + b"\x00\x00\x00\x00"
    return b"\xff\xe1" + (len(body) + 2).to_bytes(2, "big") + body


# --- PNG ------------------------------------------------------------------------------------------------------------
def _png(content: bytes) -> bytes:
    return b"".join([_PNG, *(content[start:end] for kind, start, end in _placed(content) if kind in _DRAWN)])


def _chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    return ((kind, content[start + 8 : end - 4]) for kind, start, end in _placed(content))


def _png_end(content: bytes) -> int:
    return max(end for _, _, end in _placed(content))


def _placed(content: bytes) -> Iterator[tuple[bytes, int, int]]:
    """(kind, start, end) of each chunk, up to the last."""
    at = len(_PNG)
    while True:
        kind = content[at + 4 : at + 8]
        end = at + 12 + int.from_bytes(content[at : at + 4], "big")
        if end > len(content):
            raise ValueError(at)
        yield kind, at, end
        if kind == b"IEND":
            return
        at = end


# --- HEIC -----------------------------------------------------------------------------------------------------------
def _heic(content: bytes) -> bytes:
    """The same bytes with EXIF and XMP overwritten by zeros: positions in the file must not move."""
    clean = bytearray(content)
    found = False
    for kind, start, body, end in _boxes(content, 0, len(content)):
        if kind == b"meta":
            found = True
            _blank_items(content, clean, body + 4, end)
        elif kind not in _BOXES:
            clean[start + 4 : start + 8] = b"free"
            clean[body:end] = bytes(end - body)
    if not found:
        raise ValueError("no meta box")
    return bytes(clean)


def _boxes(content: bytes, at: int, stop: int) -> Iterator[tuple[bytes, int, int, int]]:
    """(kind, start, start of what is inside, end) of the boxes between two places."""
    while at < stop:
        size, kind, head = int.from_bytes(content[at : at + 4], "big"), content[at + 4 : at + 8], 8
        if size == 1:
            size, head = int.from_bytes(content[at + 8 : at + 16], "big"), 16
        end = stop if size == 0 else at + size
        if end > stop or end < at + head:
            raise ValueError(at)
        yield kind, at, at + head, end
        at = end


def _blank_items(content: bytes, clean: bytearray, at: int, stop: int) -> None:
    inside = {kind: (body, end) for kind, _, body, end in _boxes(content, at, stop)}
    words = set(_items_of_words(content, *inside[b"iinf"]))
    stored = inside.get(b"idat", (0, 0))[0]
    for item, start, length in _extents(content, inside[b"iloc"][0], stored):
        if item in words:
            if start + length > len(content):
                raise ValueError(start)
            clean[start : start + length] = bytes(length)


def _items_of_words(content: bytes, at: int, stop: int, *, names: Collection[bytes] = _WORDS) -> Iterator[int]:
    """The items that are EXIF or a text such as XMP."""
    wide = content[at] > 0
    for kind, _, body, _end in _boxes(content, at + (8 if wide else 6), stop):
        version = content[body]
        if kind == b"infe" and version >= 2:
            width = 2 if version == 2 else 4
            name = content[body + 4 + width + 2 : body + 8 + width + 2]
            if name in names:
                yield int.from_bytes(content[body + 4 : body + 4 + width], "big")


def _extents(content: bytes, at: int, stored: int) -> Iterator[tuple[int, int, int]]:
    """(item, place in the file, length) of every piece of every item. `stored` is where `idat` begins."""
    version = content[at]
    sizes = content[at + 4], content[at + 5]
    offset_size, length_size, base_size = sizes[0] >> 4, sizes[0] & 15, sizes[1] >> 4
    index_size = sizes[1] & 15 if version else 0
    reader = _Reader(content, at + 6)
    for _ in range(reader.take(2 if version < 2 else 4)):
        item = reader.take(2 if version < 2 else 4)
        method = reader.take(2) & 15 if version else 0
        reader.take(2)
        base = reader.take(base_size)
        for _extent in range(reader.take(2)):
            reader.take(index_size)
            start, length = reader.take(offset_size), reader.take(length_size)
            if method > 1:
                raise ValueError("items made of items")
            yield item, base + start + (stored if method else 0), length


class _Reader:
    """Numbers one after another."""

    def __init__(self, content: bytes, at: int) -> None:
        self._content = content
        self._at = at

    def take(self, size: int) -> int:
        """The next number of `size` bytes; 0 for none. Raises IndexError behind the end."""
        if self._at + size > len(self._content):
            raise IndexError(self._at)
        number = int.from_bytes(self._content[self._at : self._at + size], "big")
        self._at += size
        return number
