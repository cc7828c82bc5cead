"""What waits for a person where there is none: forms and changes of families in a city without a secretariat, and what
touches families that nobody keeps together."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.db.models import Count, Q

from selaras.access import KEEPERS
from selaras.models import Arrival, ArrivalState, Cycle, HouseholdEdit, Membership, Role
from selaras.models.places import lineages, within
from selaras.queries.arrivals import undecided
from selaras.queries.foreseen import touching
from selaras.queries.invitations import place_names

#: Year (its key) and areas, where it came from and those of the families that it touches → how many.
Waiting = Mapping[tuple[int, tuple[str, ...]], int]


@dataclass(frozen=True, slots=True)
class Stranded:
    """A city of a year: how many wait there without a secretariat, and on how many of them no lurah or camat can decide
    either.

    `apart`: beside those, what came from where somebody decides, and touches a family where she does not: nobody's area
    holds both.
    """

    city: str
    held: int
    nobody: int
    apart: int = 0


def stranded_in(cycle: Cycle, areas: Iterable[str], now: datetime) -> tuple[Stranded, ...]:
    """The cities of that year, below one of `areas`, where something waits and no secretariat is, or nobody's area
    holds all that it touches. One statement for changes and one for forms, three more where any wait."""
    areas = list(areas)
    held = {of: n for of, n in _waiting(now, cycle).items() if any(within(of[1][0], area) for area in areas)}
    reach = _Reach.of(held, now)
    without = {of: n for of, n in held.items() if not reach.covers({Role.SECRETARIAT}, of[0], of[1][:1])}
    nobody = reach.out_of(held)
    return _by_city(without, nobody, {of: n for of, n in nobody.items() if of not in without})


def stranded(now: datetime) -> dict[Cycle, tuple[Stranded, ...]]:
    """Of every year, closed ones too, the cities where something waits on which nobody at all can decide."""
    waiting = _waiting(now)
    reach = _Reach.of(waiting, now)
    nobody = reach.out_of(waiting)
    apart = {of: n for of, n in nobody.items() if reach.covers(KEEPERS, of[0], of[1][:1])}
    years = Cycle.objects.filter(pk__in={pk for pk, _areas in nobody}).select_related("place").order_by("pk")

    def own(year: Cycle, rows: Waiting) -> Waiting:
        return {of: n for of, n in rows.items() if of[0] == year.pk}

    held = {of: n for of, n in nobody.items() if of not in apart}
    return {year: _by_city(own(year, held), nobody, own(year, apart)) for year in years}


def who_lets_in(cycle: Cycle, areas: Iterable[str], now: datetime) -> Literal["secretariat", "keeper", ""]:
    """Who can let in a form that touches these areas: a secretariat, else another who keeps records, else nobody."""
    of = (cycle.pk, tuple(areas))
    reach = _Reach.of({of: 1}, now)
    if reach.covers({Role.SECRETARIAT}, *of):
        return "secretariat"
    return "keeper" if reach.covers(KEEPERS, *of) else ""


def _waiting(now: datetime, cycle: Cycle | None = None) -> Waiting:
    forms = touching(Arrival.objects.filter(state=ArrivalState.QUARANTINED), "area")
    edits = HouseholdEdit.objects.filter(undecided(now))
    if cycle is not None:
        forms, edits = forms.filter(cycle=cycle), edits.filter(household__lokus__cycle=cycle)
    found: Counter[tuple[int, tuple[str, ...]]] = Counter()
    of_edits = ("household__lokus__cycle", "household__area")
    for rows, of in ((forms, ("cycle", "area", "family", "before")), (edits, of_edits)):
        for year, *areas, n in rows.order_by().values_list(*of).annotate(n=Count("pk")):
            found[year, tuple(dict.fromkeys(area for area in areas if area))] += n
    return found


@dataclass(frozen=True, slots=True)
class _Reach:
    """Who keeps records where: (role, year or None for all, area) → the people with a task there that holds now, who
    can sign in; and of each area that is asked about the codes whose tasks reach it."""

    tasks: Mapping[tuple[str, int | None, str], set[int]]
    codes: Mapping[str, set[str]]

    @classmethod
    def of(cls, waiting: Waiting, now: datetime) -> _Reach:
        """For what waits. Two statements, none where nothing does."""
        if not waiting:
            return cls({}, {})
        rows = Membership.objects.filter(
            Q(cycle__in={year for year, _areas in waiting}) | Q(cycle__isnull=True),
            Q(ends__isnull=True) | Q(ends__gt=now),
            starts__lte=now,
            role__in=KEEPERS,
            user__is_active=True,
        )
        tasks: defaultdict[tuple[str, int | None, str], set[int]] = defaultdict(set)
        for role, cycle, code, user in rows.values_list("role", "cycle", "place_code", "user"):
            tasks[role, cycle, code].add(user)
        around = {area: _around(area) for _year, areas in waiting for area in areas}
        lines = lineages({code for each in around.values() for code in each})
        return cls(tasks, {area: {code for each in near for code in lines[each]} for area, near in around.items()})

    def covers(self, roles: Iterable[str], year: int, areas: Iterable[str]) -> bool:
        """Whether somebody with such tasks reaches all of these areas."""
        asked = [(role, of) for role in roles for of in (None, year)]
        reached = [
            {who for role, of in asked for code in self.codes[area] for who in self.tasks.get((role, of, code), ())}
            for area in areas
        ]
        return bool(set.intersection(*reached))

    def out_of(self, waiting: Waiting) -> Waiting:
        """What of that nobody at all can decide on."""
        return {of: n for of, n in waiting.items() if not self.covers(KEEPERS, *of)}


def _around(area: str) -> list[str]:
    """'', 36, 36.72, … and the area itself."""
    parts = area.split(".")
    return ["", *(".".join(parts[:i]) for i in range(1, len(parts) + 1))]


def _by_city(held: Waiting, nobody: Waiting, apart: Waiting) -> tuple[Stranded, ...]:
    counts, none, beside = (Counter[str]() for _ in range(3))
    for of, n in held.items():
        counts[_city(of)] += n
        none[_city(of)] += nobody.get(of, 0)
    for of, n in apart.items():
        beside[_city(of)] += n
    cities = sorted(counts.keys() | beside.keys())
    names = place_names(cities) if cities else {}
    return tuple(Stranded(names[city], counts[city], none[city], beside[city]) for city in cities)


def _city(of: tuple[int, tuple[str, ...]]) -> str:
    return ".".join(of[1][0].split(".")[:2])
