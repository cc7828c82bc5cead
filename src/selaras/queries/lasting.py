"""What has lasted of a year: of the families that gained something in it, how many still have it half a year later."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Count, OuterRef, Subquery

from selaras.access import SMALLEST_COUNT, may_see_health, may_see_names
from selaras.models import FollowUp, HouseholdScore, InstrumentVersion, Lokus, Round, RoundKind, State, User
from selaras.queries.change import is_boolean, place_of, rounds_with_answers
from selaras.queries.followups import FollowUpLine, lines_of
from selaras.queries.needs import falling_indicators
from selaras.queries.programme import cycle_ref, lokus_ref
from selaras.queries.refs import CycleRef, LokusRef, RoundRef
from selaras.queries.rounds import round_ref
from selaras.queries.rules import health_indicators, instrument_of
from selaras.queries.spoken import shown


@dataclass(frozen=True, slots=True)
class Lasted:
    """Of those families in one later round: `kept`, `lost`, `unknown` (not asked again, or no answer)."""

    kept: int
    lost: int
    unknown: int


@dataclass(frozen=True, slots=True)
class LastingLine:
    """One indicator: families that `gained` it in the year, and what became of them, a Lasted for each later round.

    `falls`: less is better, and gained is that it is so no more. `hidden`: not told to this person.
    """

    name: str
    label: str
    falls: bool
    gained: int
    later: tuple[Lasted, ...]
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class LastingPage:
    """What has lasted of a lokus' year. `before` and `end` are the year's first and last asking, None without two;
    `later` are the rounds after it that were counted. `nothing` counts indicators that no family gained."""

    cycle: CycleRef
    lokus: LokusRef
    closed: bool
    before: RoundRef | None
    end: RoundRef | None
    later: tuple[RoundRef, ...]
    lines: tuple[LastingLine, ...]
    nothing: int
    followups: tuple[FollowUpLine, ...]
    may_see_names: bool


def lasting_page(user: User, cycle_slug: str, code: str) -> LastingPage:
    """What has lasted. Raises Missing. Two statements a later round, whatever the families."""
    lokus, version = place_of(user, cycle_slug, code)
    known = rounds_with_answers(lokus, version)
    year = [one for one in known if one.kind not in FollowUp.KINDS]
    later = [one for one in known if one.kind in FollowUp.KINDS]
    end = next((one for one in reversed(year) if one.kind == RoundKind.ENDLINE), year[-1] if len(year) > 1 else None)
    before = year[0] if end is not None and year[0].pk != end.pk else None
    lines: tuple[LastingLine, ...] = ()
    if before is not None and end is not None and later:
        lines = tuple(_lines(user, lokus, version, (before, end, *later)))
    return LastingPage(
        cycle=cycle_ref(lokus.cycle),
        lokus=lokus_ref(lokus),
        closed=lokus.cycle.closed_at is not None,
        before=None if before is None else round_ref(before),
        end=None if end is None or before is None else round_ref(end),
        later=tuple(round_ref(one) for one in later),
        lines=tuple(line for line in lines if line.hidden or line.gained),
        nothing=sum(not line.hidden and not line.gained for line in lines),
        followups=lines_of(user, lokus),
        may_see_names=may_see_names(user, lokus),
    )


def _lines(user: User, lokus: Lokus, version: InstrumentVersion, rounds: tuple[Round, ...]) -> Iterable[LastingLine]:
    before, end, *later = rounds
    instrument = instrument_of(version)
    falling, health = falling_indicators(version), health_indicators(version)
    counted = [_became(lokus, version, (before, end, one), falling) for one in later]
    for indicator in instrument.indicators.values():
        if indicator.origin != "survey" or not is_boolean(indicator):
            continue
        parts = [one.get(indicator.name, Lasted(0, 0, 0)) for one in counted]
        few = any(0 < n < SMALLEST_COUNT for part in parts for n in (part.kept, part.lost, part.unknown))
        hidden = indicator.name in health and few and not may_see_health(user, lokus, indicator.agency)
        yield LastingLine(
            name=indicator.name,
            label=shown(indicator.labels, instrument) or indicator.name,
            falls=indicator.name in falling,
            gained=0 if hidden or not parts else parts[0].kept + parts[0].lost + parts[0].unknown,
            later=() if hidden else tuple(parts),
            hidden=hidden,
        )


def _became(
    lokus: Lokus, version: InstrumentVersion, rounds: tuple[Round, Round, Round], falling: frozenset[str]
) -> Mapping[str, Lasted]:
    """Indicator -> what became, in the third of `rounds`, of the families that gained it between the first two."""
    before, end, later = rounds
    same = HouseholdScore.objects.filter(household=OuterRef("household_id"), indicator=OuterRef("indicator_id"))
    rows = HouseholdScore.objects.filter(lokus=lokus, round=before, indicator__version=version)
    rows = rows.filter(state__in=(State.YES, State.NO)).annotate(
        then=Subquery(same.filter(round=end).values("state")[:1]),
        now=Subquery(same.filter(round=later).values("state")[:1]),
    )
    found: dict[str, Counter[str]] = {}
    counted = rows.order_by().values_list("indicator__name", "state", "then", "now").annotate(n=Count("household_id"))
    for name, state, then, now, families in counted:
        good = State.NO if name in falling else State.YES
        if state != good and then == good:
            part = "kept" if now == good else "lost" if now in (State.YES, State.NO) else "unknown"
            found.setdefault(name, Counter())[part] += families
    return {name: Lasted(parts["kept"], parts["lost"], parts["unknown"]) for name, parts in found.items()}
