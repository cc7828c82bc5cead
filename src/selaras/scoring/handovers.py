"""How fast hand-overs went their way: what of the locked room's counts is published, and the shares made of it.

A period's hand-overs come out on a fixed day, once, whatever they are: those reported in the period, and later, of the
same ones, who was followed up. So each ticket counts in one period for each of its clocks, and nothing that happens
later changes what is out. A correctly handled report is one more done of one more due: no share falls by it. A late one
is one more due. Which counts crossed the threshold from one period to the next, the page says.
"""

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

from selaras.scoring.recaps import Cells, Figures, Key, release
from selaras.scoring.suppression import LEAST

#: Measure → (how many were due, how many of them were done). The clocks: cases/country.json. Whoever is handed over is
#: to be followed up, so that the third needs no count of its own.
MEASURED: Mapping[str, tuple[str, str]] = {
    "handover_24h": ("received_due", "received_in_time"),
    "passed_on_in_time": ("pass_on_due", "passed_in_time"),
    "followup_3_months": ("received_due", "followed_up"),
}
#: What is withheld where it is small. How many were due to be passed on says how many the law is about, so it is; and
#: so are those who were not.
PROTECTED = ("received_due", "pass_on_due", "void")
WITHIN = (("received_due", "pass_on_due"),)
FIRST, FOLLOW_UP = "first", "follow_up"
#: Part of a publication → what of it was done, and since when it can be known.
DONE: Mapping[str, tuple[str, ...]] = {FIRST: ("received_in_time", "passed_in_time"), FOLLOW_UP: ("followed_up",)}
#: Behind the city's code: of the city, and of none of the areas that it has now.
ELSEWHERE = ".x"
#: How long a period is → its periods.
PERIODS: Mapping[str, tuple[str, ...]] = {"quarter": ("q1", "q2", "q3", "q4"), "half": ("h1", "h2"), "year": ("",)}
#: On that day of the month after its end a period comes out, when each of its receipts has been noted.
DAY = 15
#: Three months, a month more to note it (cases/country.json), and half a month.
_FOLLOW_UP_MONTHS = 5
#: With July ends what counts for a contest of that year.
_LAST_MONTH = 7


class Counted(Protocol):
    """Whole numbers of hand-overs, such as the room's tallies."""

    @property
    def received_due(self) -> int: ...

    @property
    def received_in_time(self) -> int: ...

    @property
    def pass_on_due(self) -> int: ...

    @property
    def passed_in_time(self) -> int: ...

    @property
    def followed_up(self) -> int: ...

    @property
    def void(self) -> int: ...


@dataclass(frozen=True, slots=True)
class HandOvers:
    """A period's hand-overs in exact counts: `figures` of what is protected, `done` of what was done in time."""

    figures: Figures
    done: Mapping[Key, int]


def span(year: int, period: str) -> tuple[date, date]:
    """The first and last day of a period. Raises ValueError for another name."""
    months = {"": (1, 12), "h1": (1, 6), "h2": (7, 12), **{f"q{n}": (3 * n - 2, 3 * n) for n in (1, 2, 3, 4)}}
    if period not in months:
        raise ValueError(period)
    first, last = months[period]
    return date(year, first, 1), _month(year, last + 1) - timedelta(days=1)


def called(period: str) -> str:
    """Its name in words."""
    return {"": "setahun", "h": "semester ", "q": "triwulan "}[period[:1]] + period[1:]


def comes_out(year: int, period: str, part: str) -> date:
    """The day on which that part of a period is published, fixed before anything of it has happened."""
    end = span(year, period)[1]
    return _month(end.year, end.month + (1 if part == FIRST else _FOLLOW_UP_MONTHS)).replace(day=DAY)


def counts_for(year: int, period: str, part: str) -> int:
    """The contest's year of whose measures that part of a period is: what comes out from 1 August to 31 July.

    So each part counts once, whichever month it is of, and all of a contest's is out before its jury comes. Of
    half-years: the second of the year before and the first, and who was followed up of both of the year before.
    """
    day = comes_out(year, period, part)
    return day.year + (day.month > _LAST_MONTH)


def window(year: int) -> tuple[date, date]:
    """The first and last day between which comes out what counts for that contest's year."""
    return date(year - 1, _LAST_MONTH + 1, 1), _month(year, _LAST_MONTH + 1) - timedelta(days=1)


def part_of(measure: str) -> str:
    """In which part of a publication that measure comes out."""
    return next(part for part, names in DONE.items() if MEASURED[measure][1] in names)


def _month(year: int, month: int) -> date:
    return date(year + (month - 1) // 12, (month - 1) % 12 + 1, 1)


def hand_overs(parents: Mapping[str, str], counted: Iterable[tuple[str, Counted]], period: str = "") -> HandOvers:
    """Of each area and of all that it is part of. A place that `parents` lacks is counted as ELSEWHERE in the city."""
    city = next(area for area, parent in parents.items() if not parent)
    counted = list(counted)
    if any(place not in parents for place, _tally in counted):
        parents = {**parents, city + ELSEWHERE: city}
    names = [name for names in DONE.values() for name in names]
    done = {Key(area, period, name): 0 for name in names for area in parents}
    counts = {Key(area, period, name): 0 for name in PROTECTED for area in parents}
    for place, tally in counted:
        for area in _up(parents, place if place in parents else city + ELSEWHERE):
            for name in PROTECTED:
                counts[Key(area, period, name)] += getattr(tally, name)
            for name in names:
                done[Key(area, period, name)] += getattr(tally, name)
    quarters = (period,) if period else ()
    return HandOvers(Figures(dict(parents), quarters, (), counts, not period, bounds=(), within=WITHIN), done)


def hand_over_release(made: HandOvers, threshold: int = LEAST) -> dict[Key, int | None]:
    """What may be published of a period that has just come out: done in time stands where how many were due does.

    In a tree of areas that tells nothing more: done and late are each withheld in the same areas, and what one of them
    may be adds to what the other may be. Raises as `release`.
    """
    cells = release(made.figures, threshold)
    return cells | _done(made, cells, FIRST)


def follow_up_release(made: HandOvers, first: Cells) -> dict[Key, int | None]:
    """Who was followed up, of those who came out in `first`: the same ones, however many it would be by now."""
    return _done(made, first, FOLLOW_UP)


def _done(made: HandOvers, cells: Cells, part: str) -> dict[Key, int | None]:
    found: dict[Key, int | None] = {}
    for due_name, name in MEASURED.values():
        if name not in DONE[part]:
            continue
        for key, due in cells.items():
            if key.unit == due_name:
                # Fewer than five late are not hidden: they are the office's, not a woman's.
                of = key._replace(unit=name)
                found[of] = None if due is None else min(due, made.done.get(of, 0))
    return found


def _up(parents: Mapping[str, str], area: str) -> Iterable[str]:
    while area:
        yield area
        area = parents[area]


def share_of(cells: Cells, area: str, measure: str, periods: Container[str] | None = None) -> tuple[int, int] | None:
    """(done, due) of that measure and area over all periods (or those) in which both are out; None where nothing was
    due."""
    due_name, done_name = MEASURED[measure]
    done = due = 0
    for key, count in cells.items():
        if key.area == area and key.unit == done_name and (periods is None or key.period in periods):
            of = cells.get(key._replace(unit=due_name))
            if count is not None and of is not None:
                done, due = done + count, due + of
    return (done, due) if due else None
