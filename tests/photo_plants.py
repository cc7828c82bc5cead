"""What people do to a photo before they send it again, by a seed."""

import io
import random
from collections.abc import Callable
from datetime import date, timedelta

from PIL import Image, ImageDraw, ImageEnhance, ImageOps

Random = random.Random
Change = Callable[[Image.Image, Random], Image.Image]


def saved(picture: Image.Image, quality: int = 70) -> bytes:
    """As JPEG."""
    stream = io.BytesIO()
    picture.convert("RGB").save(stream, "JPEG", quality=quality)
    return stream.getvalue()


def smaller(picture: Image.Image, chance: Random) -> Image.Image:
    """Between a third and nine tenths of its size."""
    share = chance.uniform(0.33, 0.9)
    return picture.resize((round(picture.width * share), round(picture.height * share)))


def lighter(picture: Image.Image, chance: Random) -> Image.Image:
    """Lighter or darker, with more or less contrast."""
    changed = ImageEnhance.Brightness(picture).enhance(chance.uniform(0.7, 1.35))
    return ImageEnhance.Contrast(changed).enhance(chance.uniform(0.7, 1.3))


def stamped(picture: Image.Image, chance: Random) -> Image.Image:
    """With a line of date and place over its foot."""
    changed, high = picture.copy(), picture.height
    pen = ImageDraw.Draw(changed)
    pen.rectangle((0, round(high * 0.88), picture.width, high), fill=(0, 0, 0))
    on = date(2026, 1, 1) + timedelta(days=chance.randrange(365))
    pen.text((10, high * 0.9), f"{on} 10:15 Cilegon", fill=(255, 255, 255), font_size=high * 0.06)
    return changed


def cropped(picture: Image.Image, chance: Random) -> Image.Image:
    """From 65 to 95 of 100 of each side, anywhere."""
    wide, high = (round(side * chance.uniform(0.65, 0.95)) for side in picture.size)
    left, top = chance.randrange(picture.width - wide), chance.randrange(picture.height - high)
    return picture.crop((left, top, left + wide, top + high))


def mirrored(picture: Image.Image, chance: Random) -> Image.Image:
    """Left is right."""
    return ImageOps.mirror(picture)


def both(picture: Image.Image, chance: Random) -> Image.Image:
    """Mirrored and cropped."""
    return mirrored(cropped(picture, chance), chance)


#: How it is told, what is done.
CHANGES: dict[str, tuple[tuple[Change, ...], str]] = {
    "reused": ((smaller, lighter, stamped), "alike"),
    "cropped": ((cropped,), "cropped"),
    "mirrored": ((mirrored,), "mirrored"),
    "both": ((both,), "both"),
}
