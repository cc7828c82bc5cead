"""Photos drawn from a seed: sky, ground, houses, people, and the grain of a cheap camera; no two seeds look alike."""

import io
import random
from collections.abc import Callable
from functools import lru_cache

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

Change = Callable[[Image.Image], Image.Image]


def scene(seed: int, size: tuple[int, int] = (600, 450)) -> Image.Image:
    """A picture of that seed; the caller's to change."""
    return _drawn(seed, size).copy()


@lru_cache(maxsize=64)
def _drawn(seed: int, size: tuple[int, int]) -> Image.Image:
    draw_, width, height = random.Random(seed), *size
    picture = Image.new("RGB", size, tuple(draw_.randint(150, 240) for _ in range(3)))  # type: ignore[arg-type]
    pen, ground = ImageDraw.Draw(picture), int(height * draw_.uniform(0.35, 0.65))

    def colour() -> tuple[int, int, int]:
        return draw_.randint(20, 230), draw_.randint(20, 230), draw_.randint(20, 230)

    pen.rectangle((0, ground, width, height), fill=colour())
    for _ in range(draw_.randint(2, 5)):
        left, top = draw_.randint(-50, width - 100), draw_.randint(ground - 175, ground - 25)
        wide, high = draw_.randint(100, 300), draw_.randint(100, 225)
        pen.rectangle((left, top, left + wide, top + high), fill=colour())
        pen.polygon([(left - 15, top), (left + wide + 15, top), (left + wide // 2, top - 50)], fill=colour())
        pen.rectangle((left + 20, top + 20, left + 60, top + 90), fill=colour())
    for _ in range(draw_.randint(1, 4)):
        left = draw_.randint(25, width - 25)
        pen.rectangle((left - 30, ground - 55, left + 30, ground + 75), fill=colour())
    picture = picture.filter(ImageFilter.GaussianBlur(1))
    grain = np.random.default_rng(seed).normal(0, 10, (height, width, 3))
    return Image.fromarray(np.clip(np.asarray(picture, float) + grain, 0, 255).astype("uint8"))


def photo(seed: int, change: Change | None = None, quality: int = 85) -> bytes:
    """The picture of that seed as a JPEG, changed first."""
    picture, stream = scene(seed), io.BytesIO()
    (picture if change is None else change(picture)).save(stream, "JPEG", quality=quality)
    return stream.getvalue()


def cropped(picture: Image.Image, share: float = 0.025) -> Image.Image:
    """Without that share of each side."""
    width, height = picture.size
    return picture.crop((int(width * share), int(height * share), int(width * (1 - share)), int(height * (1 - share))))
