"""A programme year of photos, generated from a seed: honest ones, and some that were planted.

Nobody is on them and no place is real. Of every year a fifth of its photos is planted, one of KINDS each; the rest is
honest, with what honest photos do too: a clock that is an hour off, GPS that is some metres off, no GPS at all, and
pictures of the same place from another corner, which are other scenes here.
"""

import io
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from random import Random

from PIL import Image

from tests.drawn_photos import scene
from tests.hostile import gps
from tests.photo_plants import CHANGES

#: What is planted: a picture used again, as it is, cropped, mirrored, both; another place; another day.
KINDS = (*CHANGES, "copy", "far", "other_day")
#: Where the lokus is, and how far it reaches.
POINT, RADIUS = (-5.9832, 106.0281), 800
SIZE = (480, 360)
#: Metres of a degree north; of a degree east they are as many, a little south of the equator.
_DEGREE = 111_000


@dataclass(frozen=True, slots=True)
class Photo:
    """One photo as it is sent: of the activity of day `on`. `planted` is '' for an honest one."""

    content: bytes
    on: date
    planted: str = ""
    #: Of a picture used again: the number of the photo that it was.
    source: int | None = None


@dataclass(slots=True)
class Year:
    """The photos in the order in which they come."""

    seed: int
    photos: list[Photo] = field(default_factory=list)


def year(seed: int, size: int = 60) -> Year:
    """`size` photos of that seed. A picture is used again only after it has come."""
    chance, made = Random(f"tahun {seed}"), Year(seed)
    first = date(2024, 2, 1)
    planted = set(chance.sample(range(size // 4, size), size // 5))
    pictures: list[Image.Image] = []
    for number in range(size):
        on = first + timedelta(days=chance.randrange(280))
        kind = chance.choice(KINDS) if number in planted else ""
        picture, source = scene(seed * 1000 + number, SIZE), None
        if kind in CHANGES or kind == "copy":
            source = chance.choice([n for n, each in enumerate(made.photos) if not each.planted])
            picture = _again(pictures[source], kind, chance)
        pictures.append(picture)
        content = _taken(picture, _when(on, kind, chance), _where(kind, chance), chance)
        if kind == "copy" and source is not None:
            content = made.photos[source].content
        made.photos.append(Photo(content, on if kind != "copy" else made.photos[source or 0].on, kind, source))
    return made


def _again(picture: Image.Image, kind: str, chance: Random) -> Image.Image:
    if kind == "copy":
        return picture
    changes, _told = CHANGES[kind]
    return chance.choice(changes)(picture, chance)


def _when(on: date, kind: str, chance: Random) -> datetime:
    """A moment of that day in the lokus's zone (WIB, 7 hours ahead); of another day where that is planted."""
    day = on + timedelta(days=chance.choice((-1, 1)) * chance.randint(2, 90)) if kind == "other_day" else on
    return datetime(day.year, day.month, day.day, 8, tzinfo=UTC) + timedelta(minutes=chance.randrange(6 * 60))


def _where(kind: str, chance: Random) -> tuple[float, float] | None:
    """A place within the lokus; outside it where that is planted; none where the phone knew none."""
    if kind != "far" and chance.random() < 0.3:
        return None
    metres = chance.uniform(1200, 30_000) if kind == "far" else chance.uniform(0, 0.9 * RADIUS)
    away = metres / _DEGREE
    north = chance.uniform(-away, away)
    east = (away**2 - north**2) ** 0.5 * chance.choice((-1, 1))
    return POINT[0] + north, POINT[1] + east


def _taken(picture: Image.Image, at: datetime, place: tuple[float, float] | None, chance: Random) -> bytes:
    exif = Image.Exif()
    exif.get_ifd(0x8769)[0x9003] = at.strftime("%Y:%m:%d %H:%M:%S")
    if place is not None:
        exif.get_ifd(0x8825).update(gps(*place))
    stream = io.BytesIO()
    picture.save(stream, "JPEG", quality=chance.randint(60, 92), exif=exif)
    return stream.getvalue()
