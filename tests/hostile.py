"""Files that come as evidence, honest and hostile, made here byte by byte or by Pillow."""

import io
import struct
import zipfile
import zlib
from fractions import Fraction

from PIL import Image

_TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Override PartName="/{part}" ContentType="{type}"/></Types>'
)
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
MACROS = "application/vnd.ms-word.document.macroEnabled.main+xml"


def photo(
    *,
    taken: str = "2024:08:09 10:11:12",
    offset: str = "",
    place: tuple[float, float] | None = None,
    software: str = "",
    size: tuple[int, int] = (64, 48),
    kind: str = "JPEG",
    seed: int = 1,
) -> bytes:
    """A picture with stripes, and with what a camera would write into it. `place` is degrees north and east."""
    picture = Image.new("RGB", size)
    picture.putdata([((x * seed * 7) % 256, (x // 9 * seed) % 256, 90) for x in range(size[0] * size[1])])
    exif = Image.Exif()
    exif[0x0110] = "KameraUji9174"
    if software:
        exif[0x0131] = software
    if taken or offset:
        times = exif.get_ifd(0x8769)
        times[0x9003] = taken
        if offset:
            times[0x9011] = offset
    if place is not None:
        exif.get_ifd(0x8825).update(gps(*place))
    stream = io.BytesIO()
    picture.save(stream, kind, exif=exif)
    return stream.getvalue()


def gps(north: float, east: float) -> dict[int, object]:
    """The GPS tags of that place, with 8 digits behind the point of a second."""

    def parts(value: float) -> tuple[Fraction, Fraction, Fraction]:
        exact = abs(Fraction(value).limit_denominator(10**9))
        degrees = int(exact)
        minutes = int((exact - degrees) * 60)
        seconds = (exact - degrees - Fraction(minutes, 60)) * 3600
        return Fraction(degrees), Fraction(minutes), seconds.limit_denominator(10**6)

    return {1: "S" if north < 0 else "N", 2: parts(north), 3: "W" if east < 0 else "E", 4: parts(east)}


def office(kind: str = WORD, part: str = "word/document.xml", **more: bytes) -> bytes:
    """The smallest DOCX or XLSX that is one, with more parts by name (`__` for `/`)."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", _TYPES.format(part=part, type=kind))
        archive.writestr(part, "<w/>")
        for name, content in more.items():
            archive.writestr(name.replace("__", "/"), content)
    return stream.getvalue()


def sheet() -> bytes:
    """The smallest XLSX that is one."""
    return office(SHEET, "xl/workbook.xml")


def pdf(more: bytes = b"") -> bytes:
    """A PDF of one empty page, with `more` among its objects."""
    return (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R" + more + b">>endobj\n"
        b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]>>endobj\n"
        b"xref\n0 4\ntrailer<</Size 4/Root 1 0 R>>\nstartxref\n9\n%%EOF\n"
    )


def archive(**parts: bytes) -> bytes:
    """A plain ZIP."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as found:
        for name, content in parts.items():
            found.writestr(name, content)
    return stream.getvalue()


def swelling() -> bytes:
    """A DOCX of 400 KB with a part of 400 MB."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as found:
        found.writestr("[Content_Types].xml", _TYPES.format(part="word/document.xml", type=WORD))
        with found.open("word/document.xml", "w", force_zip64=True) as part:
            for _ in range(400):
                part.write(bytes(1024 * 1024))
    return stream.getvalue()


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def huge_png(width: int = 10_000, height: int = 10_000) -> bytes:
    """A PNG of a few hundred bytes that says it is of 100 megapixels."""
    head = _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + _chunk(b"IDAT", zlib.compress(bytes(100))) + _chunk(b"IEND", b"")


SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
