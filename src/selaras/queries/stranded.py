"""What waits for a person where there is none: forms and changes of families in a city without a secretariat."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from selaras.access import KEEPERS
from selaras.models import Arrival, ArrivalState, Cycle, HouseholdEdit, Membership, Role
from selaras.models.places import lineages, within
from selaras.queries.arrivals import undecided
from selaras.queries.invitations import place_names

#: Year (its key) and area → how many.
Waiting = Mapping[tuple[int, str], int]


@dataclass(frozen=True, slots=True)
class Stranded:
    """A city of a year: how many wait there without a secretariat, and on how many of them no lurah or camat can decide
    either."""

    city: str
    held: int
    nobody: int


def stranded_in(cycle: Cycle, areas: Iterable[str], now: datetime) -> tuple[Stranded, ...]:
    """The cities of that year, below one of `areas`, where something waits and no secretariat is. One statement for
    changes and one for forms, five more where any wait."""
    areas = list(areas)
    held = {of: n for of, n in _waiting(now, cycle).items() if any(within(of[1], area) for area in areas)}
    without = _out_of_reach(held, {Role.SECRETARIAT}, now)
    return _by_city(without, _out_of_reach(without, KEEPERS, now))


def stranded(now: datetime) -> dict[Cycle, tuple[Stranded, ...]]:
    """Of every year, closed ones too, the cities where something waits on which nobody at all can decide."""
    nobody = _out_of_reach(_waiting(now), KEEPERS, now)
    years = Cycle.objects.filter(pk__in={pk for pk, _area in nobody}).select_related("place").order_by("pk")
    own = {year: {of: n for of, n in nobody.items() if of[0] == year.pk} for year in years}
    return {year: _by_city(rows, rows) for year, rows in own.items()}


def _waiting(now: datetime, cycle: Cycle | None = None) -> Waiting:
    forms = Arrival.objects.filter(state=ArrivalState.QUARANTINED)
    edits = HouseholdEdit.objects.filter(undecided(now))
    if cycle is not None:
        forms, edits = forms.filter(cycle=cycle), edits.filter(household__lokus__cycle=cycle)
    found: Counter[tuple[int, str]] = Counter()
    for rows, of in ((forms, ("cycle", "area")), (edits, ("household__lokus__cycle", "household__area"))):
        for year, area, n in rows.order_by().values_list(*of).annotate(n=Count("pk")):
            found[year, area] += n
    return found


def _out_of_reach(waiting: Waiting, roles: Iterable[str], now: datetime) -> Waiting:
    """What of that lies in no task of `roles` that holds now, of somebody who can sign in."""
    if not waiting:
        return {}
    rows = Membership.objects.filter(
        Q(cycle__in={year for year, _area in waiting}) | Q(cycle__isnull=True),
        Q(ends__isnull=True) | Q(ends__gt=now),
        starts__lte=now,
        role__in=roles,
        user__is_active=True,
    )
    tasks = set(rows.values_list("cycle", "place_code"))
    around = {area: _around(area) for _year, area in waiting}
    codes = lineages({code for each in around.values() for code in each})

    def reached(year: int, area: str) -> bool:
        own = {code for each in around[area] for code in codes[each]}
        return any((of, code) in tasks for of in (None, year) for code in own)

    return {of: n for of, n in waiting.items() if not reached(*of)}


def _around(area: str) -> list[str]:
    """'', 36, 36.72, … and the area itself."""
    parts = area.split(".")
    return ["", *(".".join(parts[:i]) for i in range(1, len(parts) + 1))]


def _by_city(held: Waiting, nobody: Waiting) -> tuple[Stranded, ...]:
    counts: Counter[str] = Counter()
    none: Counter[str] = Counter()
    for of, n in held.items():
        city = ".".join(of[1].split(".")[:2])
        counts[city] += n
        none[city] += nobody.get(of, 0)
    names = place_names(counts) if counts else {}
    return tuple(Stranded(names[city], n, none[city]) for city, n in sorted(counts.items()))
