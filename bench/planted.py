"""What is found of photos that are planted in generated years.

Each year is drawn from a seed that nothing was calibrated on (tests/photo_years.py): a fifth of its photos is planted.
Its photos come one by one, and each is looked at as the worker looks at it (actions/looking.py) and read as receipt
reads it (queries/evidence_files.py), without the database. A signal of a planted photo's own kind is right, and for one
that is used again only where the picture found is the one that it was; every other signal is wrong.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime

from PIL import Image
from tests.photo_years import POINT, RADIUS, Photo, Year

from selaras.models.places import zone_of
from selaras.queries.evidence_files import camera_of, metres_between
from selaras.queries.reuse import day_signal, place_signal
from selaras.reports.likeness import Gallery, fit, mirrored_views, views
from selaras.reports.photos import drawn

_SAME = {"reused": "alike"}
Seen = tuple[Image.Image, bytes, bytes]
_NOW = datetime(2025, 1, 1, tzinfo=UTC)


def told(of: Year) -> list[list[tuple[str, int | None]]]:
    """For each photo of the year: (code, number of the photo that it was)."""
    pictures: list[Image.Image] = []
    looks: list[bytes] = []
    found: list[list[tuple[str, int | None]]] = []
    for number, photo in enumerate(of.photos):
        picture = drawn(photo.content)
        if picture is None:
            raise ValueError(number)
        mine, mirrored = views(picture), mirrored_views(picture)
        if mine is None or mirrored is None:
            raise ValueError(number)
        found.append([*_again(of, number, (picture, mine, mirrored), pictures, looks), *_camera(photo)])
        pictures.append(picture)
        looks.append(mine)
    return found


def _again(
    of: Year, number: int, seen: Seen, pictures: list[Image.Image], looks: list[bytes]
) -> Iterator[tuple[str, int | None]]:
    picture, mine, mirrored = seen
    content = of.photos[number].content
    copies = {n for n, before in enumerate(of.photos[:number]) if before.content == content}
    yield from (("copy", n) for n in copies)
    for near in Gallery(looks).nearest(mine, mirrored):
        if near.index not in copies:
            laid = fit(picture, pictures[near.index], mirrored=near.mirrored)
            if laid.same:
                yield laid.how, near.index


def _camera(photo: Photo) -> Iterator[tuple[str, int | None]]:
    zone = zone_of("36.72")
    said = camera_of(photo.content, zone=zone, year=2024, now=_NOW)
    metres = None if said.place is None else metres_between(said.place, POINT)
    day = None if said.taken_at is None else said.taken_at.astimezone(zone).date()
    signals = (place_signal(metres, RADIUS), day_signal(day, photo.on))
    yield from ((signal.code, None) for signal in signals if signal is not None)


def counted(of: Year) -> Counter[tuple[str, str]]:
    """(kind, `planted`, `found` or `wrong`) of one year."""
    counts: Counter[tuple[str, str]] = Counter()
    for photo, signals in zip(of.photos, told(of), strict=True):
        right = (_SAME.get(photo.planted, photo.planted), photo.source)
        # Of a picture that is itself a copy the copy is found too, and that is right.
        same = {right, *((how, n) for how, n in signals if n is not None and of.photos[n].source == photo.source)}
        if photo.planted:
            counts[photo.planted, "planted"] += 1
            counts[photo.planted, "found"] += right in signals
        for signal in signals:
            if not photo.planted or signal not in same:
                counts[kind_of(signal[0]), "wrong"] += 1
    return counts


def kind_of(code: str) -> str:
    return {how: kind for kind, how in _SAME.items()}.get(code, code)
