"""What of a photo may go out: points and nothing else, and of what was hidden not one point."""

import base64
import io
from collections.abc import Callable

import pytest
from PIL import Image, ImageDraw
from PIL.PngImagePlugin import PngInfo

from selaras.reports.photos import SIDE, drawn, public_copy, work_copy
from tests.drawn_photos import scene

#: 64 by 48 points, red in the upper left corner, with a device and a place; as pillow-heif writes it.
HEIC = base64.b64decode(
    "AAAAHGZ0eXBoZWljAAAAAG1pZjFoZWljbWlhZgAAAb5tZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAAAAAAAAAAAAAA"
    "ADRpbG9jAAAAAERAAAIAAQAAAAAB4gABAAAAAAAAADUAAgAAAAACFwABAAAAAAAAAKQAAAA4aWluZgAAAAAAAgAAABVpbmZlAgAA"
    "AAABAABodmMxAAAAABVpbmZlAgAAAQACAABFeGlmAAAAAA5waXRtAAAAAAABAAAA/WlwcnAAAADdaXBjbwAAAHZodmNDAQNwAAAA"
    "kAAAAAAAHvAA/P34+AAADwNgAAEAGEABDAH//wNwAAADAJAAAAMAAAMAHroCQGEAAQAqQgEBA3AAAAMAkAAAAwAAAwAeoCCBBZbq"
    "5Ka5uAhoMCAAAAMDIAAAAwAhYgABAAZEAcFzwIkAAAATY29scm5jbHgAAQANAAaAAAAAFGlzcGUAAAAAAAAAQAAAAEAAAAAoY2xh"
    "cAAAAEAAAAABAAAAMAAAAAEAAAAAAAAAAv////AAAAACAAAAEHBpeGkAAAAAAwgICAAAABhpcG1hAAAAAAAAAAEAAQWBAgMFhAAA"
    "ABppcmVmAAAAAAAAAA5jZHNjAAIAAQABAAAA4W1kYXQAAAAxKAGvE4DmqHuz//XeCv/KtZ/5m4alb9UbFHwlD/56GBp/+/Bix2ic"
    "/6M6HZ0KDgeH4AAAAAZFeGlmAABNTQAqAAAACAACARAAAgAAAA4AAAAmiCUABAAAAAEAAAA0AAAAAEthbWVyYVVqaTkxNzQAAAQA"
    "AQACAAAAAlMAAAAAAgAFAAAAAwAAAGoAAwACAAAAAkUAAAAABAAFAAAAAwAAAIIAAAAAAAAABQAAAAEAAAA6AAAAAQAAMzMAAAD6"
    "AAAAagAAAAEAAAABAAAAAQAAEnsAAAB9"
)
#: Where the photo was taken and by what: none of it may be in any byte that goes out.
SECRETS = (b"Exif", b"GPS", b"http://ns.adobe.com", b"Ciwedus", b"iPhone", b"JFXX", b"ICC_PROFILE", b"rahasia", b"MPF")


def photo_of_a_phone(picture: Image.Image, turn: int = 1) -> bytes:
    """A JPEG with all that cameras write: EXIF with GPS and a small picture inside, XMP, a comment, a profile."""
    exif = Image.Exif()
    exif[0x0112], exif[0x010F], exif[0x0110], exif[0x010E] = turn, "Apple", "iPhone 15", "rahasia Ciwedus"
    gps = exif.get_ifd(0x8825)
    gps[1], gps[2], gps[3], gps[4] = "S", (6.0, 1.0, 30.5), "E", (106.0, 3.0, 20.25)
    stream = io.BytesIO()
    xmp = b'<x:xmpmeta xmlns:x="http://ns.adobe.com/xap/1.0/">Ciwedus</x:xmpmeta>'
    picture.save(stream, "JPEG", exif=exif, xmp=xmp, comment=b"rahasia", icc_profile=b"rahasia" * 30, quality=90)
    return stream.getvalue() + b"rahasia di belakang"


def is_clean(content: bytes) -> bool:
    with Image.open(io.BytesIO(content)) as picture:
        words = {name: value for name, value in picture.info.items() if name not in {"jfif", "jfif_version"}}
        words = {name: value for name, value in words.items() if not name.startswith("jfif_")}
        assert (dict(picture.getexif()), words) == ({}, {})
    return not [secret for secret in SECRETS if secret in content]


def read(content: bytes) -> Image.Image:
    with Image.open(io.BytesIO(content)) as picture:
        return picture.convert("RGB")


@pytest.fixture
def picture() -> Image.Image:
    return scene(3)


def test_the_planted_photo_carries_what_must_not_go_out(picture: Image.Image) -> None:
    came = photo_of_a_phone(picture)

    assert [secret for secret in (b"Exif", b"Ciwedus", b"iPhone", b"rahasia") if secret not in came] == []


def test_neither_what_is_looked_at_nor_what_goes_out_has_a_word_of_the_camera(picture: Image.Image) -> None:
    seen = drawn(photo_of_a_phone(picture))
    assert seen is not None
    work = work_copy(seen)

    assert is_clean(work.content)
    assert is_clean(public_copy(work.content, [(10, 10, 50, 50)]).content)
    assert is_clean(public_copy(work.content, []).content)


@pytest.mark.parametrize("turn", range(1, 9))
def test_a_photo_that_lies_on_its_side_stands_upright_and_keeps_its_sides(turn: int) -> None:
    marked = Image.new("RGB", (400, 200), "white")
    ImageDraw.Draw(marked).rectangle((0, 0, 60, 60), fill="red")
    stored = {
        1: marked,
        2: marked.transpose(Image.Transpose.FLIP_LEFT_RIGHT),
        3: marked.transpose(Image.Transpose.ROTATE_180),
        4: marked.transpose(Image.Transpose.FLIP_TOP_BOTTOM),
        5: marked.transpose(Image.Transpose.TRANSPOSE),
        6: marked.transpose(Image.Transpose.ROTATE_90),
        7: marked.transpose(Image.Transpose.TRANSVERSE),
        8: marked.transpose(Image.Transpose.ROTATE_270),
    }[turn]

    seen = drawn(photo_of_a_phone(stored, turn))

    assert seen is not None
    assert seen.size == (400, 200)
    corner = seen.getpixel((20, 20))
    assert isinstance(corner, tuple)
    assert corner[0] > 200
    assert corner[1] < 60


def test_a_large_photo_is_made_small_enough_to_look_at() -> None:
    stream = io.BytesIO()
    scene(4).resize((4800, 3600)).save(stream, "JPEG", quality=60)

    seen = drawn(stream.getvalue())

    assert seen is not None
    assert seen.size == (SIDE, 1200)


def _png(make: Callable[[], Image.Image], **more: object) -> bytes:
    stream = io.BytesIO()
    make().save(stream, "PNG", **more)
    return stream.getvalue()


def test_what_is_see_through_is_on_white_and_words_in_a_png_stay_behind() -> None:
    words = PngInfo()
    words.add_text("Comment", "rahasia")
    clear = _png(lambda: Image.new("RGBA", (60, 40), (200, 0, 0, 0)), pnginfo=words)

    seen = drawn(clear)

    assert seen is not None
    assert seen.getpixel((5, 5)) == (255, 255, 255)
    assert is_clean(work_copy(seen).content)


def test_a_heic_is_drawn_and_what_the_phone_wrote_stays_behind() -> None:
    assert b"KameraUji9174" in HEIC

    seen = drawn(HEIC)

    assert seen is not None
    corner, other = seen.getpixel((5, 5)), seen.getpixel((50, 40))
    assert isinstance(corner, tuple)
    assert isinstance(other, tuple)
    assert (seen.size, corner[0] > 200, corner[1] < 60, min(other) > 200) == ((64, 48), True, True, True)
    copy = public_copy(work_copy(seen).content, []).content
    assert (is_clean(copy), b"KameraUji9174" in copy) == (True, False)
    assert drawn(HEIC[:400]) is None


def test_what_cannot_be_drawn_gives_no_picture() -> None:
    bomb = _png(lambda: Image.new("1", (9000, 8900)))
    svg = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
    gif = io.BytesIO()
    Image.new("P", (10, 10)).save(gif, "GIF")

    whole = photo_of_a_phone(scene(5))
    assert [drawn(each) for each in (b"", b"bukan foto", bomb, svg, gif.getvalue(), whole[:300])] == [None] * 6


def test_of_what_was_hidden_not_one_point_is_left() -> None:
    """Two photos that differ only in the hidden part, with one mean colour, give the same bytes."""
    plain = scene(6)
    region, other = (104, 120, 160, 96), plain.copy()
    part = plain.crop((104, 120, 264, 216))
    other.paste(part.rotate(180), (104, 120))
    assert other.tobytes() != plain.tobytes()

    # As points: what is looked at is JPEG, which would touch the neighbours.
    copies = [public_copy(_lossless(each), [region]).content for each in (plain, other)]

    assert copies[0] == copies[1]
    inside = read(copies[0]).crop((116, 136, 244, 200)).getcolors(1 << 20)
    assert inside is not None
    assert len(inside) == 1


def _lossless(picture: Image.Image) -> bytes:
    """JPEG that keeps each 8 by 8 block apart: a hidden part on its borders does not touch its neighbours."""
    stream = io.BytesIO()
    picture.save(stream, "JPEG", quality=100, subsampling=0)
    return stream.getvalue()


def test_a_region_over_the_edge_hides_what_is_inside_and_one_outside_hides_nothing() -> None:
    work = work_copy(scene(7))

    hidden = read(public_copy(work.content, [(-50, -50, 100, 100)]).content)
    untouched = public_copy(work.content, [(5000, 10, 50, 50), (10, 10, 0, 30)])

    assert len({hidden.getpixel((x, y)) for x in range(0, 40, 8) for y in range(0, 40, 8)}) == 1
    assert untouched == public_copy(work.content, [])
