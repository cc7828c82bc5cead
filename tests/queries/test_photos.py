"""What is served of a photo: the picture, which way is up, and no word of what the camera wrote."""

import random

import pytest

from selaras.errors import InputError
from selaras.queries.photos import kind_of, without_metadata
from tests.photos import DOT, PLANTED, heic, jpeg, png

MADE = {"jpeg": jpeg(), "png": png(), "heic": heic()}


@pytest.mark.parametrize("kind", MADE)
def test_the_kind_is_that_of_the_content(kind: str) -> None:
    assert kind_of(MADE[kind]) == kind


@pytest.mark.parametrize(
    "content",
    [b"", b"GIF89a", b"%PDF-1.7", b"<svg xmlns=''/>", b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42", b"\xff\xd8"],
)
def test_anything_else_is_refused(content: bytes) -> None:
    with pytest.raises(InputError, match="harus JPEG, PNG, atau HEIC"):
        kind_of(content)


@pytest.mark.parametrize("kind", MADE)
def test_nothing_that_was_planted_is_left(kind: str) -> None:
    planted = [word for word in PLANTED if word in MADE[kind]]
    clean = without_metadata(MADE[kind])

    assert len(planted) >= 4
    assert [word for word in PLANTED if word in clean] == []
    assert kind_of(clean) == kind


def test_of_a_jpeg_the_picture_its_colours_and_which_way_is_up_stay() -> None:
    upright = bytes.fromhex("ffe10022457869660000 4d4d002a00000008 0001 0112 0003 00000001 0006 0000 00000000")
    profile = b"\xff\xe2\x00\x24ICC_PROFILE\x00\x01\x01" + b"warna" * 4
    body = DOT[2:]

    assert without_metadata(jpeg(turn=6)) == b"\xff\xd8" + upright + body[:18] + profile + body[18:]
    assert without_metadata(jpeg(turn=6, order="<")) == without_metadata(jpeg(turn=6))
    assert without_metadata(jpeg(turn=1)) == b"\xff\xd8" + body[:18] + profile + body[18:]


def test_of_a_png_what_draws_stays() -> None:
    chunks = [without_metadata(png())[i : i + 4] for i in range(12, len(without_metadata(png())) - 4)]
    kinds = [
        kind for kind in (b"IHDR", b"pHYs", b"IDAT", b"IEND", b"tEXt", b"iTXt", b"tIME", b"eXIf") if kind in chunks
    ]

    assert kinds == [b"IHDR", b"pHYs", b"IDAT", b"IEND"]


def test_of_a_heic_nothing_moves_and_the_picture_stays() -> None:
    clean = without_metadata(heic())

    assert (len(clean), b"GAMBAR" * 4 in clean, clean.count(b"free")) == (len(heic()), True, 1)


def test_cleaning_again_changes_nothing() -> None:
    assert {kind: without_metadata(without_metadata(made)) for kind, made in MADE.items()} == {
        kind: without_metadata(made) for kind, made in MADE.items()
    }


@pytest.mark.parametrize("kind", MADE)
def test_cut_or_damaged_it_is_cleaned_or_refused_and_never_breaks(kind: str) -> None:
    dice = random.Random(kind)
    made, codes, longer = MADE[kind], set[str](), list[int]()
    for _ in range(600):
        cut = bytearray(made[: dice.randrange(12, len(made) + 1)])
        for _ in range(dice.randrange(4)):
            cut[dice.randrange(4, len(cut))] = dice.randrange(256)
        try:
            clean = without_metadata(bytes(cut))
        except InputError as error:
            codes.update(problem.code for problem in error.problems)
        else:
            longer.append(len(clean) - len(cut))
    assert codes <= {"photo.broken", "photo.kind"}
    assert max(longer, default=0) <= 36
