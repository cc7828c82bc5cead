"""Photos of a dossier made small before anything is set with them: a page needs no more points than its paper shows.

Decoding, scaling and encoding leave Python's lock, so that threads use every core; a JPEG is decoded at a half, a
quarter or an eighth of its size where that is enough. What comes out is points alone: no EXIF, no profile, no comment.
"""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import Final
from uuid import UUID

#: The longer side in points: 8 cm wide at 165 points an inch. What sets the page decodes each photo: twice the side is
#: four times the memory.
SIDE: Final = 520
QUALITY: Final = 80
#: Photos that are in memory at once as they came.
AT_ONCE: Final = 4


def small_photos(photos: Iterable[UUID], content_of: Callable[[UUID], bytes | None]) -> Mapping[UUID, bytes]:
    """Each photo as a small JPEG. `content_of` is asked in this thread, one after the other; None leaves it out."""
    found: dict[UUID, bytes] = {}
    with ThreadPoolExecutor(max_workers=min(4, os.cpu_count() or 1)) as pool:
        left = iter(photos)
        while some := tuple(islice(left, AT_ONCE)):
            given = [(key, content) for key in some if (content := content_of(key)) is not None]
            made = pool.map(small, (content for _key, content in given))
            found.update((key, done) for (key, _), done in zip(given, made, strict=True) if done is not None)
    return found


def small(content: bytes) -> bytes | None:
    """A JPEG of at most SIDE points a side, or None for what is no picture."""
    from PIL import Image

    try:
        with Image.open(io.BytesIO(content), formats=("JPEG",)) as picture:
            part = min(1.0, SIDE / max(picture.size))
            wanted = (max(1, round(picture.width * part)), max(1, round(picture.height * part)))
            picture.draft("RGB", wanted)
            drawn = picture.convert("RGB")
    except (OSError, ValueError, SyntaxError):
        return None
    if drawn.size != wanted:
        drawn = drawn.resize(wanted, Image.Resampling.BOX)
    # What the library keeps beside the points (a comment) stays behind.
    drawn.info = {}
    stream = io.BytesIO()
    drawn.save(stream, "JPEG", quality=QUALITY)
    return stream.getvalue()
