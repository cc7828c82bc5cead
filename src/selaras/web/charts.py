"""Geometry of the pictures: from numbers to places on an SVG. Pure; templates/parts/ draws.

Widths along a bar are percentages, so that a bar fits any screen without a script; step pictures use a fixed view
box of WIDTH × HEIGHT units.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import ceil

from selaras.queries.indicators import BandStep, SideKind
from selaras.queries.refs import Score

#: Up to here each unit gets its own square; above, a bar.
SQUARES = 200
#: A square and its gap, in units of the view box.
CELL = 19
SIDE = 14
WIDEST = 16

WIDTH, HEIGHT = 360, 150
LEFT, RIGHT, TOP, BASE = 8, 352, 24, 112


def percent(value: Decimal, scale: Decimal) -> str:
    """A place on a bar of that scale, `45.8%`, held inside it; a point for the decimal, as SVG wants."""
    share = min(max(value / scale, Decimal(0)), Decimal(1))
    return f"{share * 100:.2f}%"


@dataclass(frozen=True, slots=True)
class Bar:
    """A score on its track: filled to `value`; range from `low` to `high` under it; hollow dot at `before`."""

    value: str | None
    low: str | None
    high: str | None
    before: str | None

    @property
    def ranged(self) -> bool:
        """Whether missing answers leave a range to draw."""
        return self.low is not None and self.low != self.high


def bar(score: Score, scale: Decimal) -> Bar:
    """The bar of a score on the scale 0…`scale`."""
    value, low, high, before = (
        None if number is None else percent(number, scale)
        for number in (score.value, score.low, score.high, score.before)
    )
    return Bar(value, low, high, before)


@dataclass(frozen=True, slots=True)
class Square:
    """One unit: its upper left corner."""

    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Block:
    """All units of one side as squares, filled row by row."""

    kind: SideKind
    count: int
    width: int
    height: int
    squares: tuple[Square, ...]


def blocks(sides: Sequence[tuple[SideKind, int]]) -> tuple[Block, ...]:
    """One block for each side that has units; all with the same number of rows, none wider than a phone."""
    largest = max((count for _, count in sides), default=0)
    rows = max(4, ceil(largest / WIDEST))
    return tuple(_block(kind, count, rows) for kind, count in sides if count)


def _block(kind: SideKind, count: int, rows: int) -> Block:
    columns = ceil(count / rows)
    squares = tuple(Square(number % columns * CELL + 1, number // columns * CELL + 1) for number in range(count))
    return Block(kind, count, columns * CELL - CELL + SIDE + 2, ceil(count / columns) * CELL - CELL + SIDE + 2, squares)


@dataclass(frozen=True, slots=True)
class Step:
    """A band drawn as a step: a rectangle from `x` on, with the middle for its label and its ends' texts."""

    x: float
    y: float
    width: float
    height: float
    middle: float
    points: Decimal
    current: bool


@dataclass(frozen=True, slots=True)
class Tick:
    """A number under the axis."""

    x: float
    value: Decimal


@dataclass(frozen=True, slots=True)
class Steps:
    """Bands as steps: places of the value and of its range on the axis, None where they are not known."""

    steps: tuple[Step, ...]
    ticks: tuple[Tick, ...]
    value: float | None
    low: float | None
    high: float | None


def band_steps(
    bands: Sequence[BandStep], scale: Decimal, value: Decimal | None, low: Decimal | None, high: Decimal | None
) -> Steps:
    """The picture of a rule with bands; an open end is drawn as long as the mean of the closed ones."""
    ordered = sorted(bands, key=lambda band: (band.low is not None, band.low or Decimal(0)))
    edges = _edges(ordered)
    axis = _Axis(edges[0], edges[-1])
    steps = []
    for band, start, end in zip(ordered, edges, edges[1:], strict=False):
        height = float(band.points / scale) * (BASE - TOP)
        x, width = axis.at(start) + 1, axis.at(end) - axis.at(start) - 2
        steps.append(Step(x, BASE - height, width, height, x + width / 2, band.points, band.current))
    inner = [edge for edge in edges if any(edge in (band.low, band.high) for band in ordered)]
    ticks = tuple(Tick(axis.at(edge), edge) for edge in inner)
    value_at, low_at, high_at = (None if number is None else axis.at(number) for number in (value, low, high))
    return Steps(tuple(steps), ticks, value_at, low_at, high_at)


def _edges(bands: Sequence[BandStep]) -> list[Decimal]:
    inner = sorted({end for band in bands for end in (band.low, band.high) if end is not None})
    if not inner:
        return [Decimal(0), Decimal(1)]
    stride = (inner[-1] - inner[0]) / (len(inner) - 1) if len(inner) > 1 else max(abs(inner[0]), Decimal(1))
    first = [] if bands[0].low is not None else [inner[0] - stride]
    last = [] if bands[-1].high is not None else [inner[-1] + stride]
    return [*first, *inner, *last]


@dataclass(frozen=True, slots=True)
class _Axis:
    start: Decimal
    end: Decimal

    def at(self, value: Decimal) -> float:
        share = float((value - self.start) / (self.end - self.start)) if self.end != self.start else 0.0
        return round(LEFT + min(max(share, 0.0), 1.0) * (RIGHT - LEFT), 1)


@dataclass(frozen=True, slots=True)
class Slope:
    """A linear rule: from no points to all, as a line; where the value stands on it."""

    x0: float
    y0: float
    x1: float
    y1: float
    left: Decimal
    right: Decimal
    ticks: tuple[Tick, ...]
    value: float | None
    value_y: float
    low: float | None
    high: float | None


def slope(start: Decimal, end: Decimal, value: Decimal | None, low: Decimal | None, high: Decimal | None) -> Slope:
    """The picture of a linear rule from `start` (no points) to `end` (all); `start > end` falls."""
    room = abs(end - start) / 5
    axis = _Axis(min(start, end) - room, max(start, end) + room)
    share = Decimal(0) if value is None else min(max((value - start) / (end - start), Decimal(0)), Decimal(1))
    value_at, low_at, high_at = (None if number is None else axis.at(number) for number in (value, low, high))
    return Slope(
        x0=axis.at(start),
        y0=BASE,
        x1=axis.at(end),
        y1=TOP,
        left=axis.start,
        right=axis.end,
        ticks=(Tick(axis.at(start), start), Tick(axis.at(end), end)),
        value=value_at,
        value_y=round(BASE - float(share) * (BASE - TOP), 1),
        low=low_at,
        high=high_at,
    )


def side_bars(sides: Sequence[tuple[SideKind, int]]) -> Iterator[tuple[SideKind, str]]:
    """Each side that has units, with the length of its bar as a percentage of all units."""
    whole = sum(count for _, count in sides)
    for kind, count in sides:
        if count:
            yield kind, percent(Decimal(count), Decimal(whole))
