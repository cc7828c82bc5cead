"""Nobody loses by reporting: shares of hand-overs over invented years, as they are published, period by period."""

import random
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from selaras.scoring.handovers import (
    DONE,
    FIRST,
    FOLLOW_UP,
    MEASURED,
    PERIODS,
    comes_out,
    counts_for,
    follow_up_release,
    hand_over_release,
    hand_overs,
    part_of,
    share_of,
    span,
    window,
)
from selaras.scoring.recaps import Cells, Crossing, Key, crossings
from selaras.scoring.suppression.system import System
from tests.scoring.suppression.attacker import narrowed

PARENTS = {"c": "", "c.1": "c", "c.2": "c", **{f"c.{k}.{n}": f"c.{k}" for k in (1, 2) for n in (1, 2, 3)}}
PLACES = [area for area in PARENTS if area.count(".") == 2]


@dataclass(frozen=True)
class Report:
    """What one report adds: each clock None (not due), True (in time) or False (late). A void one adds nothing else."""

    received: bool
    passed: bool | None
    followed: bool
    void: bool = False


@dataclass
class Sums:
    received_due: int = 0
    received_in_time: int = 0
    pass_on_due: int = 0
    passed_in_time: int = 0
    followed_up: int = 0
    void: int = 0

    def add(self, report: Report) -> None:
        if report.void:
            self.void += 1
            return
        self.received_due += 1
        self.received_in_time += report.received
        self.pass_on_due += report.passed is not None
        self.passed_in_time += bool(report.passed)
        self.followed_up += report.followed


History = list[tuple[str, str, Report]]
HALVES = PERIODS["half"]


def summed(history: History, period: str) -> dict[str, Sums]:
    """What the reports of a period add up to."""
    sums = {place: Sums() for place in PLACES}
    for place, when, report in history:
        if when == period:
            sums[place].add(report)
    return sums


def first(history: History, period: str) -> dict[Key, int | None]:
    """What comes out of a period first."""
    return hand_over_release(hand_overs(PARENTS, summed(history, period).items(), period))


def published(history: History) -> Cells:
    """All that is out of a year when both parts of both halves are."""
    out: dict[Key, int | None] = {}
    for period in HALVES:
        cells = first(history, period)
        out |= cells | follow_up_release(hand_overs(PARENTS, summed(history, period).items(), period), cells)
    return out


def linear(share: Fraction, low: Decimal, high: Decimal) -> Fraction:
    """Points of an unclipped linear rule."""
    return (share - Fraction(low)) / (Fraction(high) - Fraction(low))


def drawn(draw: random.Random) -> History:
    """A year: a few reports in most places, many in some; most of them handled in time."""

    def report() -> Report:
        well = (True, True, True, False)
        passed = draw.choice((None, True, True, False))
        return Report(draw.choice(well), passed, draw.choice(well), void=draw.random() < 0.1)

    return [
        (place, period, report())
        for place in PLACES
        for period in HALVES
        for _report in range(draw.choice((0, 2, 6, 9, 15, 30)))
    ]


@settings(max_examples=5, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from(PLACES), st.sampled_from(HALVES), st.booleans())
def test_a_report_handled_well_lowers_nothing_and_a_late_one_raises_nothing(
    seed: int, place: str, period: str, well: bool
) -> None:
    assert unjust(seed, place, well, period) == []


def unjust(seed: int, place: str, well: bool, period: str = "h1") -> list[tuple[str, str]]:
    """The measures and areas in which one report more of a period, handled well or late, did what it must not."""
    history = drawn(random.Random(seed))
    before, after = published(history), published([*history, (place, period, Report(well, well, well))])
    crossed = {key for key in before if (before[key] is None) != (after[key] is None)}
    found = []
    for measure, pair in MEASURED.items():
        for area in PARENTS:
            then, now = share_of(before, area, measure), share_of(after, area, measure)
            if then is None or now is None or crossed & {Key(area, p, name) for p in HALVES for name in pair}:
                continue
            # A period of which nothing is read here tells nothing of the report either.
            is_read = before[Key(area, period, pair[0])] is not None
            touched = is_read and (area in {"c", place} or place.startswith(area + "."))
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


def test_each_period_has_its_two_days_before_anything_of_it_is_known() -> None:
    assert span(2026, "h2") == (date(2026, 7, 1), date(2026, 12, 31))
    assert span(2026, "q1") == (date(2026, 1, 1), date(2026, 3, 31))
    assert [comes_out(2026, period, FIRST) for period in ("h1", "h2", "q1", "")] == [
        date(2026, 7, 15), date(2027, 1, 15), date(2026, 4, 15), date(2027, 1, 15),
    ]  # fmt: skip
    # Three months and one more after the last report, and half a month to note it.
    assert [comes_out(2026, period, FOLLOW_UP) for period in ("h1", "h2")] == [date(2026, 11, 15), date(2027, 5, 15)]
    for periods in PERIODS.values():
        days = [span(2026, period) for period in periods]
        assert (days[0][0], days[-1][1]) == (date(2026, 1, 1), date(2026, 12, 31))
        assert all((later[0] - earlier[1]).days == 1 for earlier, later in pairwise(days))
    with pytest.raises(ValueError, match="h3"):
        span(2026, "h3")


def test_each_part_counts_for_one_contest_and_all_of_a_contest_is_out_by_july() -> None:
    assert window(2026) == (date(2025, 8, 1), date(2026, 7, 31))
    counted = [
        [(year, period) for year in (2024, 2025, 2026) for period in HALVES if counts_for(year, period, part) == 2026]
        for part in (FIRST, FOLLOW_UP)
    ]
    assert counted == [[(2025, "h2"), (2026, "h1")], [(2025, "h1"), (2025, "h2")]]
    for every, periods in PERIODS.items():
        for part in DONE:
            of = [counts_for(year, period, part) for year in (2024, 2025, 2026) for period in periods]
            # A year's worth of periods for every contest, without a gap.
            assert (of == sorted(of), of.count(2026)) == (True, len(periods)), every
    assert [part_of(measure) for measure in MEASURED] == [FIRST, FIRST, FOLLOW_UP]


def test_nobody_reads_that_almost_all_or_all_had_to_be_passed_on() -> None:
    of = [("c.1.1", "h1", Report(True, True, True))] * 11 + [("c.1.1", "h1", Report(True, None, True))]
    others = [
        (place, "h1", Report(True, passed, True)) for place in PLACES for passed in (True, None) for _ in range(9)
    ]
    for history in ([*of, *others[18:]], [*of[:11], *others[18:]]):
        cells = first(history, "h1")
        pair = [cells[Key("c.1.1", "h1", name)] for name in ("received_due", "pass_on_due")]
        assert None in pair, pair


def test_a_count_that_crosses_the_threshold_is_reported() -> None:
    report = Report(True, None, True)
    history = [(place, "h1", report) for place in PLACES for _report in range(9)]
    history += [(place, "h2", report) for place in PLACES for _report in range(9 if place != "c.1.1" else 4)]
    halves = [first(history, period) for period in HALVES]
    found = crossings(*halves)
    assert Crossing(Key("c.1.1", "h2", "received_due"), shown=False) in found
    assert all(not crossing.shown for crossing in found)
    back = crossings(*reversed(halves))
    assert {crossing.key._replace(period="h2") for crossing in back} == {crossing.key for crossing in found}


def test_a_place_that_is_no_more_is_counted_in_the_city_alone() -> None:
    report = Report(True, None, True)
    sums = {place: Sums() for place in [*PLACES, "c.9.9"]}
    for each in sums.values():
        for _report in range(10):
            each.add(report)
    made = hand_overs(PARENTS, sums.items(), "h1")
    assert made.figures.counts[Key("c", "h1", "received_due")] == 70
    assert made.figures.counts[Key("c.x", "h1", "received_due")] == 10


def test_what_was_done_in_time_tells_nothing_more_of_what_is_withheld() -> None:
    for seed in range(3):
        history = drawn(random.Random(seed))
        cells = {key: count for key, count in published(history).items() if key.period == "h1"}
        sums = {place: asdict(each) for place, each in summed(history, "h1").items()}
        system, withheld = together(sums, cells)
        assert narrowed(system, withheld, 5) == {}


def together(sums: dict[str, dict[str, int]], cells: Cells) -> tuple[System, frozenset[int]]:
    """All that is published of a period as one system: late ones too, which are what is left of due, and those who
    were not to be passed on."""
    values: list[int] = []
    number: dict[tuple[str, str], int] = {}
    names = list(_names())
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
    count, left = len(values), {}
    for area in PARENTS:
        for more, less in (*MEASURED.values(), ("received_due", "pass_on_due")):
            if less == "pass_on_due":
                left[len(values)] = area
            values.append(values[number[area, more]] - values[number[area, less]])
            relations.append(((number[area, less], 1), (len(values) - 1, 1), (number[area, more], -1)))
    done = {name for _due, name in MEASURED.values()}
    hidden = {cell for (area, name), cell in number.items() if cells[Key(area, "h1", name)] is None}
    # Who had not to be passed on: a count that is read wherever both of its counts are.
    hidden |= {
        cell
        for cell, area in left.items()
        if None in {cells[Key(area, "h1", "received_due")], cells[Key(area, "h1", "pass_on_due")]}
    }
    silent = frozenset(range(count, len(values))) - frozenset(left) | {
        cell for (_area, name), cell in number.items() if name in done and cell in hidden
    }
    return System(tuple(values), tuple(relations), silent=silent), frozenset(hidden - silent)


def _names() -> Iterator[str]:
    yield from ("received_due", "pass_on_due")
    yield from (name for names in DONE.values() for name in names)
