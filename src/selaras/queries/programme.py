"""What several pages ask first: the primary instrument of a cycle, and which rounds to show."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from selaras.access import SMALLEST_COUNT, Actor, loci_for, one, the_cycle
from selaras.models import Cycle, CycleInstrument, InstrumentVersion, Lokus, Round, RoundKind, UnitCounter
from selaras.models.places import zone_of
from selaras.queries.refs import CycleRef, InstrumentRef, LokusRef

#: The example that is shipped says so itself; what a city has published from its own decree is its own.
_EXAMPLES = ("contoh", "example")


@dataclass(frozen=True, slots=True)
class Programme:
    """A cycle with what scores it. `version` is None before an instrument has been published for it."""

    cycle: Cycle
    version: InstrumentVersion | None
    rounds: tuple[Round, ...]
    loci: tuple[Lokus, ...]


def primary_of(cycle: Cycle) -> InstrumentVersion | None:
    """The version that gives the year's score, with its workbook's file."""
    rows = CycleInstrument.objects.filter(cycle=cycle, primary=True).select_related("version__workbook")
    found = rows.first()
    return found.version if found else None


def programme_of(user: Actor, slug: str) -> Programme:
    """The cycle, its primary instrument, its rounds by date, all its loci by place. Four statements; raises Missing."""
    cycle = the_cycle(user, slug)
    loci = Lokus.objects.filter(cycle=cycle).select_related("place__parent", "cycle__place").order_by("area")
    rounds = Round.objects.filter(cycle=cycle).order_by("opens", "id")
    return Programme(cycle, primary_of(cycle), tuple(rounds), tuple(loci))


def lokus_in(user: Actor, slug: str, code: str) -> Lokus:
    """The lokus with its place's parents at hand. Raises Missing."""
    return one(loci_for(user).select_related("place__parent", "cycle__place"), cycle__slug=slug, area=code)


def shown_rounds(rounds: Iterable[Round], counted: Iterable[int], today: date) -> tuple[Round | None, Round | None]:
    """The round whose score a page shows, and the counted one before it.

    The newest that has been counted; where none has, the one that is open today, else the first to come.
    """
    ordered = sorted(rounds, key=lambda round_: (round_.opens, round_.pk))
    ids = set(counted)
    have = [round_ for round_ in ordered if round_.pk in ids]
    if have:
        return have[-1], have[-2] if len(have) > 1 else None
    open_now = [round_ for round_ in ordered if round_.opens <= today]
    return (open_now[-1] if open_now else next(iter(ordered), None)), None


def counted_rounds(
    loci: Iterable[Lokus], version: InstrumentVersion | None, *, today: date | None = None
) -> dict[int, set[int]]:
    """Lokus id -> ids of the rounds that have been counted, without those that have only begun.

    The first forms of a round come in one by one: a handful of families is not yet how the lokus stands. A round
    counts once it has half as many families as the largest before it. One that measures (not a visit, which is paid
    to some families only) counts also with fewer once it has closed, from SMALLEST_COUNT on: no more will come, and
    without it the round before would look as if nobody had been asked again. Pages say of how many families.
    """
    found: dict[int, set[int]] = {}
    most: dict[int, int] = {}
    there = list(loci)
    if version is None or not there:
        return found
    # Of the lokus itself: its cycle need not be at hand.
    today = today or timezone.now().astimezone(zone_of(there[0].area)).date()
    rows = UnitCounter.objects.filter(lokus__in=[lokus.pk for lokus in there], version=version)
    ordered = rows.order_by("round__opens", "round_id")
    read = ordered.values_list("lokus_id", "round_id", "round__kind", "round__closes", "households")
    for lokus, round_, kind, closes, households in read:
        over = kind != RoundKind.VISIT and closes < today and households >= SMALLEST_COUNT
        if over or 2 * households >= most.get(lokus, 0):
            found.setdefault(lokus, set()).add(round_)
        most[lokus] = max(most.get(lokus, 0), households)
    return found


def today_in(cycle: Cycle, now: datetime | None = None) -> date:
    """The date that the place's people write."""
    return (now or timezone.now()).astimezone(zone_of(cycle.place.code)).date()


def cycle_ref(cycle: Cycle) -> CycleRef:
    """The cycle as pages name it."""
    return CycleRef(cycle.slug, cycle.programme, cycle.place.full_name, cycle.year, cycle.synthetic)


def lokus_ref(lokus: Lokus) -> LokusRef:
    """The lokus as pages name it; its parent place must be at hand."""
    parent = lokus.place.parent
    area = f"RW {lokus.rw}" if lokus.rw else ""
    return LokusRef(lokus.area, lokus.place.name, parent.name if parent else "", area, lokus.representative)


def instrument_ref(version: InstrumentVersion) -> InstrumentRef:
    """The version as pages name it; our own example says in its title that it is one."""
    title = version.title.casefold()
    official = not any(word in title for word in _EXAMPLES)
    return InstrumentRef(version.instrument, version.version, version.title, version.sha256, official)
