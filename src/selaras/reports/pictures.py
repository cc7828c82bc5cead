"""What a picture is, told from its bytes and not from its name, without decoding it: a small file can unfold to
gigabytes. Sources: PNG specification (W3C 2003), IHDR; JPEG (ITU T.81), the frame header SOF.
"""

import struct
from typing import Final

#: What a letterhead's emblem may be at most.
LARGEST_FILE: Final = 1024 * 1024
LARGEST_SIDE: Final = 3000

_PNG = b"\x89PNG\r\n\x1a\n"
_JPEG = b"\xff\xd8\xff"
#: The markers that begin a frame; C4, C8 and CC are something else.
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_ALONE = frozenset(range(0xD0, 0xDA)) | {0x01}


def kind_of(content: bytes) -> str:
    """`image/png`, `image/jpeg`, or '' for anything else."""
    if content.startswith(_PNG):
        return "image/png"
    return "image/jpeg" if content.startswith(_JPEG) else ""


def sides_of(content: bytes) -> tuple[int, int] | None:
    """Width and height as the header says; None where it is no PNG or JPEG or has no whole header."""
    kind = kind_of(content)
    if kind == "image/png" and len(content) >= 24 and content[12:16] == b"IHDR":
        width, height = struct.unpack(">II", content[16:24])
        return width, height
    return _jpeg_sides(content) if kind == "image/jpeg" else None


def _jpeg_sides(content: bytes) -> tuple[int, int] | None:
    at = 2
    while at + 9 <= len(content) and content[at] == 0xFF:
        marker = content[at + 1]
        if marker in _FRAMES:
            height, width = struct.unpack(">HH", content[at + 5 : at + 9])
            return width, height
        at += 2 if marker in _ALONE else 2 + struct.unpack(">H", content[at + 2 : at + 4])[0]
    return None
