"""Photos made byte by byte, with everything that a camera writes into them, planted."""

import base64
import struct
import zlib

#: What must not be served: a place, a device, a moment, a comment.
PLANTED = (b"KameraUji9174", b"2024:08:09 10:11:12", b"GPSUji-5.9812", b"CatatanKamera", b"xmpmeta-uji", b"BuntutVideo")


def _exif(order: str = ">", turn: int = 6) -> bytes:
    """A TIFF block with model, date, orientation and something like a place."""
    texts = [(0x0110, PLANTED[0]), (0x0132, PLANTED[1]), (0x010E, PLANTED[2])]
    count = len(texts) + 1
    at, entries, heap = 8 + 2 + 12 * count + 4, b"", b""
    for tag, text in texts:
        entries += struct.pack(f"{order}HHII", tag, 2, len(text) + 1, at + len(heap))
        heap += text + b"\x00"
    entries += struct.pack(f"{order}HHIHH", 0x0112, 3, 1, turn, 0)
    start = (b"II\x2a\x00" if order == "<" else b"MM\x00\x2a") + struct.pack(f"{order}I", 8)
    return start + struct.pack(f"{order}H", count) + entries + struct.pack(f"{order}I", 0) + heap


def _segment(marker: int, body: bytes) -> bytes:
    return bytes([0xFF, marker]) + struct.pack(">H", len(body) + 2) + body


#: A real picture of one dot, as `cjpeg` writes it, without any metadata.
DOT = base64.b64decode(
    "/9j/4AAQSkZJRgABAQEASABIAAD/2wBDAP//////////////////////////////////////////////////////////////////////////////"
    "////////wgALCAABAAEBAREA/8QAFBABAAAAAAAAAAAAAAAAAAAAAP/aAAgBAQABPxD/2Q=="
)


def jpeg(*, turn: int = 6, order: str = ">") -> bytes:
    """The dot with EXIF, XMP, a comment, other makers' segments, a colour profile, and a film hanging behind it."""
    profile = _segment(0xE2, b"ICC_PROFILE\x00\x01\x01" + b"warna" * 4)
    words = (
        _segment(0xE1, b"Exif\x00\x00" + _exif(order, turn))
        + _segment(0xE1, b"http://ns.adobe.com/xap/1.0/\x00<x:" + PLANTED[4] + b"/>")
        + _segment(0xE2, b"MPF\x00" + PLANTED[2])
        + profile
        + _segment(0xED, PLANTED[3])
        + _segment(0xFE, PLANTED[3])
    )
    return DOT[:20] + words + DOT[20:] + PLANTED[5] * 3


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png() -> bytes:
    """One dot with texts, a time, EXIF, and something behind its end."""
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0))
        + _chunk(b"tEXt", b"Comment\x00" + PLANTED[3])
        + _chunk(b"iTXt", b"XML:com.adobe.xmp\x00\x00\x00\x00\x00" + PLANTED[4])
        + _chunk(b"tIME", b"\x07\xe8\x08\x09\x0a\x0b\x0c")
        + _chunk(b"eXIf", _exif())
        + _chunk(b"pHYs", struct.pack(">IIB", 2835, 2835, 1))
        + _chunk(b"IDAT", zlib.compress(b"\x00\x10\x20\x30"))
        + _chunk(b"IEND", b"")
        + PLANTED[5]
    )


def _box(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body) + 8) + kind + body


def heic() -> bytes:
    """The boxes of a HEIC file with a picture, EXIF and XMP as items, and a film."""
    picture, exif, xmp = b"GAMBAR" * 4, b"\x00\x00\x00\x06Exif\x00\x00" + _exif(), b"<x:" + PLANTED[4] + b"/>"
    items = [(1, b"hvc1", b""), (2, b"Exif", b""), (3, b"mime", b"application/rdf+xml\x00")]
    infes = b"".join(
        _box(b"infe", b"\x02\x00\x00\x00" + struct.pack(">HH", number, 0) + kind + b"\x00" + more)
        for number, kind, more in items
    )
    iinf = _box(b"iinf", b"\x00\x00\x00\x00" + struct.pack(">H", len(items)) + infes)
    ftyp = _box(b"ftyp", b"heic\x00\x00\x00\x00mif1heic")
    film = _box(b"uuid", PLANTED[5] * 2)

    def meta(start: int) -> bytes:
        iloc, at = b"\x01\x00\x00\x00\x44\x00" + struct.pack(">H", 3), start
        for (number, _kind, _more), content in zip(items, (picture, exif, xmp), strict=True):
            iloc += struct.pack(">HHHHII", number, 0, 0, 1, at, len(content))
            at += len(content)
        return _box(b"meta", b"\x00\x00\x00\x00" + iinf + _box(b"iloc", iloc))

    start = len(ftyp) + len(meta(0)) + len(film) + 8
    return ftyp + meta(start) + film + _box(b"mdat", picture + exif + xmp)
