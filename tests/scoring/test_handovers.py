"""Nobody loses by reporting: shares of hand-overs over invented histories, as they are published."""

import random
from dataclasses import asdict, dataclass
from decimal import Decimal
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from selaras.scoring.handovers import MEASURED, hand_over_release, hand_overs, share_of
from selaras.scoring.recaps import Cells, Crossing, Key, crossings
from selaras.scoring.suppression.system import System
from tests.scoring.suppression.attacker import narrowed

PARENTS = {"c": "", "c.1": "c", "c.2": "c", **{f"c.{k}.{n}": f"c.{k}" for k in (1, 2) for n in (1, 2, 3)}}
PLACES = [area for area in PARENTS if area.count(".") == 2]


@dataclass(frozen=True)
class Report:
    """What one report adds: each clock None (not due), True (in time) or False (late)."""

    received: bool | None
    passed: bool | None
    followed: bool | None


@dataclass
class Sums:
    handed_over: int = 0
    received_due: int = 0
    received_in_time: int = 0
    pass_on_due: int = 0
    passed_in_time: int = 0
    follow_up_due: int = 0
    followed_up: int = 0

    def add(self, report: Report) -> None:
        self.handed_over += 1
        for clock, (due, done) in zip(("received", "passed", "followed"), MEASURED.values(), strict=True):
            said = getattr(report, clock)
            setattr(self, due, getattr(self, due) + (said is not None))
            setattr(self, done, getattr(self, done) + bool(said))


def published(history: list[tuple[str, Report]]) -> Cells:
    """The first publication of a year with those reports."""
    sums = {place: Sums() for place in PLACES}
    for place, report in history:
        sums[place].add(report)
    return hand_over_release(hand_overs(PARENTS, sums.items()), {}).cells


def linear(share: Fraction, low: Decimal, high: Decimal) -> Fraction:
    """Points of an unclipped linear rule."""
    return (share - Fraction(low)) / (Fraction(high) - Fraction(low))


def drawn(draw: random.Random) -> list[tuple[str, Report]]:
    """A year: a few reports in most places, many in some; most of them handled in time."""
    clock = (None, True, True, True, False)
    return [
        (place, Report(*(draw.choice(clock) for _clock in range(3))))
        for place in PLACES
        for _report in range(draw.choice((0, 2, 6, 9, 15, 30)))
    ]


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from(PLACES), st.booleans())
def test_a_report_handled_well_lowers_nothing_and_a_late_one_raises_nothing(seed: int, place: str, well: bool) -> None:
    assert unjust(seed, place, well) == []


def unjust(seed: int, place: str, well: bool) -> list[tuple[str, str]]:
    """The measures and areas in which one report more, handled well or late, did what it must not."""
    history = drawn(random.Random(seed))
    before, after = published(history), published([*history, (place, Report(well, well, well))])
    crossed = {crossing.key for crossing in crossings(before, after)}
    found = []
    for measure, (due, _done) in MEASURED.items():
        for area in PARENTS:
            then, now = share_of(before, area, measure), share_of(after, area, measure)
            if Key(area, "", due) in crossed or then is None or now is None:
                continue
            touched = area in {"c", place} or place.startswith(area + ".")
            if not just(Fraction(*then), Fraction(*now), touched=touched, well=well):
                found.append((measure, area))
    return found


def just(a: Fraction, b: Fraction, *, touched: bool, well: bool) -> bool:
    """Whether a share went as it may from `a` to `b`, and the points of it."""
    if not touched:
        return a == b
    points = [linear(share, Decimal("0.2"), Decimal("0.9")) for share in (a, b)]
    if well:
        return b >= a and points[1] >= points[0]
    # A late one lowers the share, and its points, wherever there was anything to lower.
    return (b < a and points[1] < points[0]) or a == b == 0


def test_a_count_that_crosses_the_threshold_is_reported() -> None:
    report = Report(True, None, True)
    before = published([(place, report) for place in PLACES for _report in range(9)] + [("c.1.1", report)] * 0)
    fewer = published([(place, report) for place in PLACES for _report in range(9 if place != "c.1.1" else 4)])
    found = crossings(before, fewer)
    assert Crossing(Key("c.1.1", "", "handed_over"), shown=False) in found
    assert all(not crossing.shown for crossing in found)
    assert {crossing.key for crossing in crossings(fewer, before)} == {crossing.key for crossing in found}


def test_a_place_that_is_no_more_is_counted_in_the_city_alone() -> None:
    report = Report(True, None, None)
    sums = {place: Sums() for place in [*PLACES, "c.9.9"]}
    for each in sums.values():
        for _report in range(10):
            each.add(report)
    made = hand_overs(PARENTS, sums.items())
    assert made.figures.counts[Key("c", "", "handed_over")] == 70
    assert made.figures.counts[Key("c.x", "", "handed_over")] == 10


def test_what_was_done_in_time_tells_nothing_more_of_what_is_withheld() -> None:
    for seed in range(6):
        history = drawn(random.Random(seed))
        cells = published(history)
        sums = {place: Sums() for place in PLACES}
        for place, report in history:
            sums[place].add(report)
        system, withheld = together({place: asdict(each) for place, each in sums.items()}, cells)
        assert narrowed(system, withheld, 5) == {}


def together(sums: dict[str, dict[str, int]], cells: Cells) -> tuple[System, frozenset[int]]:
    """All that is published as one system, late ones too, which are what is left of due."""
    values: list[int] = []
    number: dict[tuple[str, str], int] = {}
    names = ["handed_over", *(name for pair in MEASURED.values() for name in pair)]
    for area in PARENTS:
        inside = [each for place, each in sums.items() if place == area or place.startswith(area + ".")]
        for name in names:
            number[area, name] = len(values)
            values.append(sum(each[name] for each in inside))
    relations = []
    for area in PARENTS:
        parts = [child for child, parent in PARENTS.items() if parent == area]
        if parts:
            relations += [(*((number[part, n], 1) for part in parts), (number[area, n], -1)) for n in names]
    count = len(values)
    for area in PARENTS:
        for due, done in MEASURED.values():
            for more, less in ((due, done), ("handed_over", due)):
                values.append(values[number[area, more]] - values[number[area, less]])
                relations.append(((number[area, less], 1), (len(values) - 1, 1), (number[area, more], -1)))
    done = {name for _due, name in MEASURED.values()}
    hidden = {cell for (area, name), cell in number.items() if cells[Key(area, "", name)] is None}
    silent = frozenset(range(count, len(values))) | {
        cell for (_area, name), cell in number.items() if name in done and cell in hidden
    }
    return System(tuple(values), tuple(relations), silent), frozenset(hidden - silent)
