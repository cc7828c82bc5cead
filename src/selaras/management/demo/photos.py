"""Photos that wait for the person who hides who is on them: drawn, of nobody, declared synthetic; one is sent twice."""

import io
import uuid
from typing import TYPE_CHECKING

from selaras.actions.evidence import Sent, Told, add
from selaras.models import Cycle, Lokus, User

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageDraw import ImageDraw

Colour = tuple[int, int, int]


def photos(cycle: Cycle, lokus: Lokus, cadre: User) -> None:
    """A training with three faces, and its mirror image under another name: the worker finds both out."""
    from PIL import ImageOps

    whole = _training()
    for caption, picture in (
        ("Pelatihan menjahit (gambar contoh)", whole),
        ("Pelatihan memasak (gambar contoh)", ImageOps.mirror(whole).crop((60, 40, 1180, 880))),
    ):
        add(
            by=cadre,
            cycle_slug=cycle.slug,
            lokus_code=lokus.area,
            evidence_id=uuid.uuid5(uuid.NAMESPACE_URL, f"{lokus.area}/{caption}"),
            told=Told(caption),
            sent=Sent(_jpeg(picture), f"{caption.split(' (')[0].replace(' ', '-').lower()}.jpg"),
        )


def _jpeg(picture: "Image") -> bytes:
    stream = io.BytesIO()
    picture.save(stream, "JPEG", quality=85)
    return stream.getvalue()


def _training() -> "Image":
    from PIL import Image, ImageDraw, ImageFilter

    picture = Image.new("RGB", (1200, 900), (214, 203, 182))
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, 620, 1200, 900), fill=(150, 120, 92))
    pen.rectangle((90, 90, 420, 330), fill=(168, 205, 224), outline=(120, 96, 70), width=14)
    pen.line((255, 90, 255, 330), fill=(120, 96, 70), width=10)
    pen.rectangle((690, 110, 1110, 360), fill=(240, 240, 236), outline=(80, 80, 80), width=6)
    pen.text((720, 140), "GAMBAR CONTOH\n(SINTETIS)", fill=(60, 60, 60), font_size=40)
    for left, size, skin, veil in (
        (180, 210, (176, 128, 98), (60, 100, 120)),
        (500, 190, (196, 148, 118), (150, 80, 90)),
        (840, 200, (132, 92, 68), None),
    ):
        _head(pen, (left, 420, size), skin, veil)
        pen.rectangle((left - 30, 420 + size, left + size + 30, 900), fill=veil or (90, 110, 70))
    return picture.filter(ImageFilter.GaussianBlur(1.5))


def _head(pen: "ImageDraw", where: tuple[int, int, int], skin: Colour, veil: Colour | None) -> None:
    """A face from the front, with what a detector looks for: brows, eyes, nose, mouth."""

    left, top, size = where

    def box(*shares: float) -> list[float]:
        return [(top if n % 2 else left) + share * size for n, share in enumerate(shares)]

    def darker(share: float) -> Colour:
        return int(skin[0] * share), int(skin[1] * share), int(skin[2] * share)

    pen.ellipse(box(0.12, 0.0, 0.88, 1.05), fill=veil or (35, 28, 25))
    pen.ellipse(box(0.28, 0.17, 0.72, 0.86), fill=skin)
    for x in (0.41, 0.59):
        pen.ellipse(box(x - 0.065, 0.4, x + 0.065, 0.5), fill=darker(0.8))
        pen.ellipse(box(x - 0.045, 0.425, x + 0.045, 0.48), fill=(235, 232, 228))
        pen.ellipse(box(x - 0.023, 0.428, x + 0.023, 0.478), fill=(40, 28, 22))
        pen.line(box(x - 0.067, 0.375, x, 0.352, x + 0.067, 0.375), fill=(40, 30, 26), width=max(2, size // 44))
    pen.polygon(box(0.5, 0.46, 0.46, 0.6, 0.54, 0.6), fill=darker(0.9))
    for x in (0.465, 0.505):
        pen.ellipse(box(x, 0.588, x + 0.03, 0.61), fill=(90, 55, 45))
    pen.ellipse(box(0.41, 0.67, 0.59, 0.75), fill=(150, 70, 70))
    pen.line(box(0.41, 0.708, 0.5, 0.718, 0.59, 0.708), fill=(90, 40, 40), width=max(2, size // 100))
