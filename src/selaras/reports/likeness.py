"""Whether two pictures are one shot: saved anew, cropped, mirrored, lightened, with a line of text drawn over it.

Three steps. `views` says how a picture looks in 64 bits for the whole, the whole mirrored, and windows of it
(imagehash.phash; Zauner, Implementation and Benchmarking of Perceptual Image Hash Functions, 2010). `nearest` finds
among thousands those of which a window comes near the whole, and of them the few whose windows meet windows most. Then
`fit` lays the two over each other, moves and stretches the one until edges meet, and says how well they do: the same
shot fits 0.9 and better, two scenes 0.74 at most. Figures: `make bench`, part photos; on drawn scenes, which look more
like each other than photos do. A copy that keeps less than 6 tenths of both sides may be missed, and one turned on its
side is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Any, Final, Literal

if TYPE_CHECKING:
    import numpy as np
    from PIL.Image import Image

    Bits = np.ndarray[Any, np.dtype[np.uint64]]

#: Left, top, right, bottom as shares of a picture.
Window = tuple[float, float, float, float]
How = Literal["alike", "cropped", "mirrored", "both"]

#: Share of a side that a window keeps -> where it begins.
_CUTS: Final = {1.0: (0.0,), 0.85: (0.0, 0.075, 0.15), 0.7: (0.0, 0.1, 0.2, 0.3), 0.55: (0.0, 0.15, 0.3, 0.45)}
_SPANS: Final = tuple((start, start + share) for share, starts in _CUTS.items() for start in starts)
#: The whole first.
WINDOWS: Final[tuple[Window, ...]] = tuple((a, b, c, d) for (a, c), (b, d) in product(_SPANS, _SPANS))
#: Bits in which a picture may differ from a window of another, to be looked at more closely.
NEAR: Final = 18
#: Pictures that are looked at more closely, and that are laid over one, at most.
CLOSER, MOST = 400, 12
#: Windows of 144 that count there: those of the rest may lie outside the other picture.
_MEETING: Final = 48
#: How well edges must meet.
SAME: Final = 0.75
#: A window that keeps more of both sides than this is not called cropped.
WHOLE: Final = 0.97
#: Less contrast than this (of 255) is a covered lens or a blank wall: they all look alike.
LEAST_CONTRAST: Final = 6.0
_SMALL: Final = 192
#: Squares into which two pictures are cut when laid over each other, and how many of them must fit: a line of text
#: or a date stamped over a quarter of the picture does not hide what it is.
_TILES, _FITTING = 4, 12
_STEPS: Final = (0.06, 0.03, 0.015, 0.007)
#: How well edges must meet before the first step, after it, and after the second: what has not come so far will not.
#: On drawn scenes the same shot is at 0.38, 0.68 and 0.85 and better.
_SO_FAR: Final = (0.25, 0.5, 0.65, 0.0)
_LEAST_WINDOW: Final = 0.35


def views(picture: Image) -> bytes | None:
    """8 bytes for the whole mirrored, then 8 for each of WINDOWS; None where it is too plain to tell from another."""
    from PIL import ImageStat

    small = _small(picture)
    if ImageStat.Stat(small.resize((32, 32))).stddev[0] < LEAST_CONTRAST:
        return None
    return _print(_mirror(small), WINDOWS[0]) + b"".join(_print(small, window) for window in WINDOWS)


def mirrored_views(picture: Image) -> bytes | None:
    """`views` of the picture mirrored."""
    return views(_mirror(picture))


def _mirror(picture: Image) -> Image:
    from PIL import ImageOps

    return ImageOps.mirror(picture)


def _print(small: Image, window: Window) -> bytes:
    import imagehash
    from PIL import Image

    box = tuple(_SMALL * share for share in window)
    looked = small.resize((32, 32), Image.Resampling.BILINEAR, box=box)  # type: ignore[arg-type]
    return bytes.fromhex(str(imagehash.phash(looked)))


def _small(picture: Image) -> Image:
    from PIL import Image

    how = Image.Resampling.BOX if min(picture.size) > 2 * _SMALL else Image.Resampling.BILINEAR
    return picture.convert("L").resize((_SMALL, _SMALL), how)


@dataclass(frozen=True, slots=True)
class Near:
    """A picture (its place in what was given) that may be the same shot, perhaps mirrored."""

    index: int
    mirrored: bool


class Gallery:
    """The views of many pictures, to be compared with one at a time."""

    def __init__(self, everything: Sequence[bytes]) -> None:
        self._views = _bits(b"".join(everything)).reshape(len(everything), 1 + len(WINDOWS))

    def nearest(self, mine: bytes, mirrored: bytes) -> tuple[Near, ...]:
        """Those that may show the same as the picture of these views (as it is, and mirrored): the likeliest MOST."""
        import numpy as np

        if not len(self._views):
            return ()
        ways = [_bits(mine)[1:], _bits(mirrored)[1:]]
        distance = np.minimum.reduce([self._nearest_window(windows) for windows in ways])
        closer = np.argsort(distance, kind="stable")[:CLOSER]
        scored = [
            (self._meeting(windows, int(index)), int(index), way == 1)
            for index in closer
            if distance[index] <= NEAR
            for way, windows in enumerate(ways)
        ]
        found: dict[int, Near] = {}
        for _score, index, turned in sorted(scored):
            found.setdefault(index, Near(index, turned))
        return tuple(found.values())[:MOST]

    def _nearest_window(self, windows: Bits) -> Bits:
        """For each picture: bits between its nearest window and the whole, or its whole and the nearest window."""
        import numpy as np

        theirs = self._views[:, 1:]
        whole = np.bitwise_count(theirs ^ windows[0]).min(axis=1)
        nearest: Bits = np.minimum(whole, np.bitwise_count(theirs[:, :1] ^ windows).min(axis=1))
        return nearest

    def _meeting(self, windows: Bits, index: int) -> float:
        """Mean bits between the windows that meet best; one picture may lie in the other, whichever it be."""
        import numpy as np

        bits = np.bitwise_count(windows[:, None] ^ self._views[index, None, 1:])
        return min(float(np.sort(bits.min(axis=side))[:_MEETING].mean()) for side in (0, 1))


def _bits(views_: bytes) -> Bits:
    import numpy as np

    return np.frombuffer(views_, dtype=">u8").astype(np.uint64)


@dataclass(frozen=True, slots=True)
class Fit:
    """How well two pictures fit (of 1), and what was done to one of them so that it is the other."""

    closeness: float
    how: How

    @property
    def same(self) -> bool:
        """Whether they are one shot."""
        return self.closeness >= SAME


def fit(one: Image, other: Image, *, mirrored: bool) -> Fit:
    """The best way to lay the two over each other, one of them mirrored where it says so; 0.05 to 0.2 s."""
    first, second = _small(one), _small(other)
    if mirrored:
        first = _mirror(first)
    closeness, window = max(_laid(first, second), _laid(second, first))
    return Fit(closeness, _how(window, mirrored=mirrored))


def _how(window: Window, *, mirrored: bool) -> How:
    cropped = min(window[2] - window[0], window[3] - window[1]) < WHOLE
    return ("both" if cropped else "mirrored") if mirrored else ("cropped" if cropped else "alike")


def _laid(whole: Image, cut: Image) -> tuple[float, Window]:
    """The window of `cut` that `whole` fits best, and how well: from the nearest windows, then step by step."""
    import numpy as np

    bits = np.frombuffer(_print(whole, WINDOWS[0]), dtype=">u8")
    theirs = np.frombuffer(b"".join(_print(cut, window) for window in WINDOWS), dtype=">u8")
    starts = np.argsort(np.bitwise_count(theirs ^ bits), kind="stable")[:2]
    edges = _edges(whole, WINDOWS[0])
    return max((_climbed(edges, cut, WINDOWS[start]) for start in starts), key=lambda found: found[0])


def _climbed(edges: Any, cut: Image, window: Window) -> tuple[float, Window]:
    best = _closeness(edges, _edges(cut, window))
    for step, so_far in zip(_STEPS, _SO_FAR, strict=True):
        if best < so_far:
            break
        better = True
        while better:
            better = False
            for moved in _moves(window, step):
                closeness = _closeness(edges, _edges(cut, moved))
                if closeness > best + 1e-4:
                    best, window, better = closeness, moved, True
    return best, window


def _moves(window: Window, step: float) -> Iterator[Window]:
    """The window with a side, or two facing sides, moved; none too small, none over the edge."""
    for sides in ((0,), (1,), (2,), (3,), (0, 2), (1, 3)):
        for by in (step, -step):
            a, b, c, d = (min(1.0, max(0.0, at + by * (side in sides))) for side, at in enumerate(window))
            if (a, b, c, d) != window and c - a >= _LEAST_WINDOW and d - b >= _LEAST_WINDOW:
                yield a, b, c, d


def _edges(small: Image, window: Window) -> np.ndarray[Any, np.dtype[np.float32]]:
    """How light changes to the right and downward in a window, softened, by tiles: (16, 128)."""
    import numpy as np
    from PIL import Image

    box = tuple(_SMALL * share for share in window)
    points = np.asarray(small.resize((33, 33), Image.Resampling.BILINEAR, box=box), np.float32)  # type: ignore[arg-type]
    change = np.stack([np.diff(points, axis=1)[:-1], np.diff(points, axis=0)[:, :-1]])
    softened = np.sign(change) * np.sqrt(np.abs(change))
    cut = softened.reshape(2, _TILES, 8, _TILES, 8).transpose(1, 3, 0, 2, 4)
    return cut.reshape(_TILES * _TILES, -1)


def _closeness(one: Any, other: Any) -> float:
    """The correlation of the edges over those tiles that fit best."""
    import numpy as np

    together, mine, theirs = (one * other).sum(axis=1), (one * one).sum(axis=1), (other * other).sum(axis=1)
    each = together / np.sqrt(np.maximum(mine * theirs, 1e-6))
    best = np.argsort(each)[-_FITTING:]
    size = float(np.sqrt(mine[best].sum() * theirs[best].sum()))
    return float(together[best].sum()) / size if size else 0.0
