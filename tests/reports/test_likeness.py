"""The same shot is found however it was changed, and another scene is not taken for it."""

import io
from random import Random

import pytest
from PIL import Image

from selaras.reports.likeness import SAME, WINDOWS, Gallery, fit, mirrored_views, views
from tests.drawn_photos import scene
from tests.photo_plants import CHANGES, saved

SCENES = 40


@pytest.fixture(scope="module")
def scenes() -> list[Image.Image]:
    return [scene(seed) for seed in range(SCENES)]


@pytest.fixture(scope="module")
def gallery(scenes: list[Image.Image]) -> Gallery:
    return Gallery([_seen(each) for each in scenes])


def _seen(picture: Image.Image) -> bytes:
    found = views(picture)
    assert found is not None
    return found


def _told(picture: Image.Image, scenes: list[Image.Image], gallery: Gallery) -> list[tuple[int, str]]:
    mirrored = mirrored_views(picture)
    assert mirrored is not None
    near = gallery.nearest(_seen(picture), mirrored)
    fits = [(each.index, fit(picture, scenes[each.index], mirrored=each.mirrored)) for each in near]
    return [(index, found.how) for index, found in fits if found.same]


@pytest.mark.parametrize("kind", CHANGES)
def test_a_photo_that_was_changed_is_found_with_what_was_done(
    kind: str, scenes: list[Image.Image], gallery: Gallery
) -> None:
    changes, how = CHANGES[kind]
    chance = Random(kind)
    found = []
    for seed in (3, 17, 29):
        for change in changes:
            picture = scenes[seed]
            with Image.open(io.BytesIO(saved(change(picture, chance)))) as sent:
                found.append(_told(sent, scenes, gallery) == [(seed, how)])

    assert found == [True] * len(found)


def test_other_scenes_are_found_nowhere(scenes: list[Image.Image], gallery: Gallery) -> None:
    assert [_told(scene(seed), scenes, gallery) for seed in range(500, 506)] == [[]] * 6


def test_of_two_photos_either_may_be_the_part(scenes: list[Image.Image]) -> None:
    part = CHANGES["cropped"][0][0](scenes[5], Random(1))

    one, other = fit(part, scenes[5], mirrored=False), fit(scenes[5], part, mirrored=False)

    assert (one.how, other.how) == ("cropped", "cropped")
    assert min(one.closeness, other.closeness) > SAME + 0.1


def test_a_wall_or_a_covered_lens_looks_like_nothing() -> None:
    assert [views(Image.new("RGB", (600, 450), colour)) for colour in ("white", "#222", "tan")] == [None] * 3


def test_a_look_has_a_number_for_each_window_and_one_for_the_mirror(scenes: list[Image.Image]) -> None:
    assert len(_seen(scenes[0])) == 8 * (len(WINDOWS) + 1)


def test_among_no_pictures_none_is_near(scenes: list[Image.Image]) -> None:
    assert Gallery([]).nearest(_seen(scenes[0]), _seen(scenes[1])) == ()
