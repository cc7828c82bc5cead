"""Faces that are drawn, of nobody: a detector takes them for faces."""

from functools import lru_cache

from PIL import Image, ImageDraw, ImageFilter

from tests.drawn_photos import scene

Colour = tuple[int, int, int]


def face(size: int = 120, skin: Colour = (176, 128, 98), veil: Colour | None = None) -> Image.Image:
    """A face from the front, with a veil where a colour for it is given; the head fills most of the square."""
    side = 400
    picture = Image.new("RGB", (side, side), (120, 130, 120))
    pen = ImageDraw.Draw(picture)
    pen.ellipse((70, 30, 330, 400) if veil else (95, 30, 305, 260), fill=veil or (35, 28, 25))
    pen.rectangle((165, 300, 235, 400), fill=veil or _darker(skin, 0.85))
    pen.ellipse((115, 70, 285, 340), fill=skin)
    shade = Image.new("L", (side, side), 0)
    rim = ImageDraw.Draw(shade)
    rim.ellipse((115, 70, 285, 340), fill=90)
    rim.ellipse((130, 80, 262, 320), fill=0)
    dark = Image.new("RGB", (side, side), _darker(skin, 0.55))
    picture.paste(dark, mask=shade.filter(ImageFilter.GaussianBlur(18)))
    if veil is None:
        pen.chord((100, 35, 300, 240), 185, 355, fill=(35, 28, 25))
    for x in (165, 235):
        pen.ellipse((x - 26, 160, x + 26, 200), fill=_darker(skin, 0.8))
        pen.ellipse((x - 18, 170, x + 18, 192), fill=(235, 232, 228))
        pen.ellipse((x - 9, 171, x + 9, 191), fill=(40, 28, 22))
        pen.line([(x - 27, 150), (x, 141), (x + 27, 150)], fill=(40, 30, 26), width=9)
    pen.polygon([(200, 185), (184, 240), (216, 240)], fill=_darker(skin, 0.9))
    for x in (186, 202):
        pen.ellipse((x, 235, x + 12, 244), fill=(90, 55, 45))
    pen.ellipse((165, 268, 235, 300), fill=(150, 70, 70))
    pen.line([(165, 283), (200, 287), (235, 283)], fill=(90, 40, 40), width=4)
    return picture.filter(ImageFilter.GaussianBlur(3)).resize((size, size), Image.Resampling.LANCZOS)


def group(seed: int = 1) -> tuple[Image.Image, list[tuple[int, int]]]:
    """A photo of three people of different sizes, and the middle of each face; the caller's to change."""
    picture, middles = _drawn(seed)
    return picture.copy(), list(middles)


@lru_cache(maxsize=8)
def _drawn(seed: int) -> tuple[Image.Image, list[tuple[int, int]]]:
    picture, middles = scene(seed, (1200, 900)), []
    for place, size, colours in (
        ((120, 380), 150, {}),
        ((520, 420), 90, {"veil": (40, 90, 110)}),
        ((900, 400), 60, {"skin": (120, 85, 65)}),
    ):
        picture.paste(face(size, **colours), place)  # type: ignore[arg-type]
        middles.append((place[0] + size // 2, place[1] + size // 2))
    return picture, middles


def _darker(colour: Colour, share: float) -> Colour:
    red, green, blue = (int(part * share) for part in colour)
    return red, green, blue
