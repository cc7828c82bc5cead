"""Photos of a dossier: small, upright as they came, points alone, and no picture that is none."""

import io
from uuid import UUID

import pytest
from PIL import Image

from selaras.reports.dossier_photos import SIDE, small, small_photos
from tests.build_blurs import PLANTED, taken


@pytest.mark.parametrize(
    ("size", "becomes"), [((1600, 1200), (SIDE, SIDE * 3 // 4)), ((900, 1600), (292, SIDE)), ((300, 200), (300, 200))]
)
def test_a_photo_is_at_most_so_large_and_keeps_its_shape(size: tuple[int, int], becomes: tuple[int, int]) -> None:
    made = small(taken(Image.new("RGB", size, "green")))
    assert made is not None
    with Image.open(io.BytesIO(made)) as picture:
        assert abs(picture.width - becomes[0]) <= 1
        assert abs(picture.height - becomes[1]) <= 1


def test_nothing_that_a_camera_wrote_is_left() -> None:
    came = taken(Image.new("RGB", (1600, 1200), "green"))
    made = small(came)
    assert made is not None
    assert [mark for mark in PLANTED if mark not in came] == []
    assert [mark for mark in PLANTED if mark in made] == []


def test_what_is_no_picture_and_what_is_gone_is_left_out() -> None:
    photos = {UUID(int=1): taken(Image.new("RGB", (64, 64), "red")), UUID(int=2): b"<svg/>", UUID(int=3): None}
    assert list(small_photos(photos, photos.get)) == [UUID(int=1)]
