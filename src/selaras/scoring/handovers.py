"""How fast hand-overs went their way: what of the locked room's counts is published, and the shares made of it.

A correctly handled report is one more done of one more due: no share falls by it. A late one is one more due. So
nobody loses by reporting, as long as the same counts stay published; where a count crosses the threshold, the area
whose count is used changes, and the page of the publication says which did.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from selaras.scoring.recaps import Cells, Figures, Key, Release, release
from selaras.scoring.suppression import LEAST

#: Measure → (how many were due, how many of them were done). The clocks: cases/country.json.
MEASURED: Mapping[str, tuple[str, str]] = {
    "handover_24h": ("received_due", "received_in_time"),
    "passed_on_in_time": ("pass_on_due", "passed_in_time"),
    "followup_3_months": ("follow_up_due", "followed_up"),
}
#: What is withheld where it is small. How many were due to be passed on says how many the law is about, so it is.
PROTECTED = ("handed_over", "received_due", "pass_on_due", "follow_up_due")
#: Behind the city's code: of the city, and of none of the areas that it has now.
ELSEWHERE = ".x"


class Counted(Protocol):
    """Whole numbers of hand-overs, such as the room's tallies."""

    @property
    def handed_over(self) -> int: ...

    @property
    def received_due(self) -> int: ...

    @property
    def received_in_time(self) -> int: ...

    @property
    def pass_on_due(self) -> int: ...

    @property
    def passed_in_time(self) -> int: ...

    @property
    def follow_up_due(self) -> int: ...

    @property
    def followed_up(self) -> int: ...


@dataclass(frozen=True, slots=True)
class HandOvers:
    """A year's hand-overs in exact counts: `figures` of what is protected, `done` of what was done in time."""

    figures: Figures
    done: Mapping[Key, int]


def hand_overs(parents: Mapping[str, str], counted: Iterable[tuple[str, Counted]]) -> HandOvers:
    """Of each area and of all that it is part of. A place that `parents` lacks is counted as ELSEWHERE in the city."""
    city = next(area for area, parent in parents.items() if not parent)
    counted = list(counted)
    if any(place not in parents for place, _tally in counted):
        parents = {**parents, city + ELSEWHERE: city}
    done = {Key(area, "", name): 0 for _due, name in MEASURED.values() for area in parents}
    counts = {Key(area, "", name): 0 for name in PROTECTED for area in parents}
    for place, tally in counted:
        for area in _up(parents, place if place in parents else city + ELSEWHERE):
            for name in PROTECTED:
                counts[Key(area, "", name)] += getattr(tally, name)
            for _due, name in MEASURED.values():
                done[Key(area, "", name)] += getattr(tally, name)
    bounds = tuple(("handed_over", name) for name in PROTECTED[1:])
    return HandOvers(Figures(dict(parents), (), (), counts, True, bounds), done)


def hand_over_release(made: HandOvers, earlier: Cells, threshold: int = LEAST) -> Release:
    """What may be published: done in time stands where how many were due does.

    In a tree of areas that tells nothing more: done and late are each withheld in the same areas, and what one of them
    may be adds to what the other may be. Raises as `release`.
    """
    due = {key: count for key, count in earlier.items() if key in made.figures.counts}
    found = release(made.figures, due, threshold)
    cells: dict[Key, int | None] = dict(found.cells)
    for due_name, name in MEASURED.values():
        for area in made.figures.parents:
            key = Key(area, "", name)
            # Fewer than five late are not hidden: they are the office's, not a woman's.
            cells[key] = None if cells[Key(area, "", due_name)] is None else made.done[key]
    return Release(cells, found.plan)


def _up(parents: Mapping[str, str], area: str) -> Iterable[str]:
    while area:
        yield area
        area = parents[area]


def share_of(cells: Cells, area: str, measure: str) -> tuple[int, int] | None:
    """(done, due) of that measure and area as published; None where either is withheld or nothing was due."""
    due, done = (cells.get(Key(area, "", name)) for name in MEASURED[measure])
    return (done, due) if due and done is not None else None
