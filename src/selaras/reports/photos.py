"""Photos as pixels: what came is drawn once, upright and small enough to look at; what goes out is made of that alone.

A decoder meets here what somebody sent, so this runs in the worker and nowhere a person waits (`public_copy` alone is
given a picture that we drew ourselves). A picture unfolds to no more than MOST_POINTS.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from PIL.Image import Image

#: The longer side of a picture as it is looked at, and as it goes out.
SIDE: Final = 1600
#: As queries.evidence_files: a picture with more points is no phone's, and is not unfolded.
MOST_POINTS: Final = 80_000_000
FORMATS: Final = ("JPEG", "PNG", "HEIF")
#: How well JPEG keeps it: what a person looks at, and what goes out.
WORK_QUALITY: Final = 92
PUBLIC_QUALITY: Final = 85

#: Points of a picture: left, top, width, height.
Region = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Drawn:
    """A picture as JPEG without a word beside it, and its sides in points."""

    content: bytes
    width: int
    height: int


def drawn(content: bytes) -> Image | None:
    """The picture, upright, in RGB, at most SIDE wide and high, without a word beside it.

    None for what is no JPEG, PNG or HEIC, is broken, or has more points than any camera's.
    """
    from PIL import Image, ImageOps

    _read_heic()
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as picture:
            if picture.width * picture.height > MOST_POINTS:
                return None
            # A JPEG is read at a half, a quarter or an eighth of its size where that is enough.
            picture.draft("RGB", (SIDE, SIDE))
            upright = ImageOps.exif_transpose(_flat(picture))
    except Exception:
        # Whatever a decoder meets in what somebody sent: nothing of it goes out then.
        return None
    upright.thumbnail((SIDE, SIDE), Image.Resampling.LANCZOS)
    return _alone(upright)


def jpeg(picture: Image, quality: int) -> Drawn:
    """The picture's points as JPEG, and nothing besides: no EXIF, no profile, no comment, no small picture inside."""
    stream = io.BytesIO()
    _alone(picture).save(stream, "JPEG", quality=quality, optimize=True)
    return Drawn(stream.getvalue(), picture.width, picture.height)


def work_copy(picture: Image) -> Drawn:
    """What a person looks at while she says what is to be hidden."""
    return jpeg(picture, WORK_QUALITY)


def public_copy(work: bytes, regions: Iterable[Region]) -> Drawn:
    """What may go out: the regions filled with one colour each, then written anew.

    Of what was in a region only its mean colour is left, in steps of 32: there is nothing to be undone, as there is in
    a mosaic or a blur (McPherson, Shokri, Shmatikov, Defeating Image Obfuscation with Deep Learning, 2016).
    """
    from PIL import Image

    with Image.open(io.BytesIO(work), formats=("JPEG",)) as opened:
        picture = opened.convert("RGB")
    for left, top, width, height in regions:
        box = (max(0, left), max(0, top), min(picture.width, left + width), min(picture.height, top + height))
        if box[0] < box[2] and box[1] < box[3]:
            picture.paste(_colour_of(picture, box), box)
    return jpeg(picture, PUBLIC_QUALITY)


def _colour_of(picture: Image, box: tuple[int, int, int, int]) -> tuple[int, ...]:
    from PIL import ImageStat

    return tuple(min(255, int(value) // 32 * 32 + 16) for value in ImageStat.Stat(picture.crop(box)).mean)


def _read_heic() -> None:
    """HEIC, which Pillow alone does not read; never the small picture inside."""
    from pi_heif import register_heif_opener

    register_heif_opener(thumbnails=False)


def _flat(picture: Image) -> Image:
    """In RGB, on white where it is see-through; which way is up is still said beside it."""
    from PIL import Image

    turn = picture.getexif().get(0x0112)
    if picture.mode in {"RGBA", "LA", "PA"} or "transparency" in picture.info:
        clear = picture.convert("RGBA")
        flat = Image.new("RGB", clear.size, "white")
        flat.paste(clear, mask=clear.getchannel("A"))
    else:
        flat = picture.convert("RGB")
    if turn:
        flat.getexif()[0x0112] = turn
    return flat


def _alone(picture: Image) -> Image:
    """The points in a picture of its own: what a library keeps beside them stays behind."""
    from PIL import Image

    return Image.frombytes("RGB", picture.size, picture.convert("RGB").tobytes())
