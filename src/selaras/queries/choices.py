"""What a commitment may choose from: agencies, loci, indicators, and the families in need."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from selaras.access import demand, loci_for, may_commit, may_plan, the_cycle
from selaras.models import CommitmentNeed, CommitmentState, InstrumentVersion, User
from selaras.queries.needs import needs_seen
from selaras.queries.plans import AgencyRef, agencies_of
from selaras.queries.programme import cycle_ref, lokus_ref, primary_of
from selaras.queries.refs import CycleRef, LokusRef
from selaras.queries.rules import instrument_of
from selaras.queries.spoken import shown


@dataclass(frozen=True, slots=True)
class Candidate:
    """A family's need that a commitment could serve; `others` say which commitments do already (`K-003 Dinsos`)."""

    need: int
    code: str
    rt: str
    rw: str
    others: tuple[str, ...]


def candidates(
    user: User, cycle_slug: str, *, indicator: str, code: str = "", number: int = 0
) -> tuple[Candidate, ...]:
    """The open needs of that indicator (in that lokus) that she may see, those that nobody else serves in front.

    `number` is the commitment that is being changed: it is not another. Raises Missing.
    """
    cycle = the_cycle(user, cycle_slug)
    rows = needs_seen(user, cycle, primary_of(cycle)).filter(indicator=indicator, closed_at__isnull=True)
    if code:
        rows = rows.filter(lokus__area=code)
    found = {
        pk: (family, rt, rw)
        for pk, family, rt, rw in rows.values_list("pk", "household__code", "household__rt", "household__rw")
    }
    others: dict[int, list[str]] = {}
    served = CommitmentNeed.objects.filter(need__in=rows.values("pk")).exclude(commitment__number=number)
    served = served.exclude(commitment__state=CommitmentState.CANCELLED).order_by("commitment__number")
    for need, other, short in served.values_list("need_id", "commitment__number", "commitment__agency__short_name"):
        others.setdefault(need, []).append(f"K-{other:03d} {short}")
    ready = [Candidate(need, *words, tuple(others.get(need, ()))) for need, words in found.items()]
    return tuple(sorted(ready, key=lambda one: (bool(one.others), one.code)))


@dataclass(frozen=True, slots=True)
class IndicatorChoice:
    """A survey indicator, with the agencies that the workbook names."""

    name: str
    label: str
    agency: str


@dataclass(frozen=True, slots=True)
class Ground:
    """What a new or changed commitment may choose from."""

    cycle: CycleRef
    agencies: tuple[AgencyRef, ...]
    loci: tuple[LokusRef, ...]
    indicators: tuple[IndicatorChoice, ...]


def ground_of(user: User, cycle_slug: str) -> Ground:
    """The choices of this person: agencies she may promise for. Raises Missing, Forbidden without any."""
    cycle = the_cycle(user, cycle_slug)
    agencies = [row for row in agencies_of(cycle) if may_commit(user, cycle, row)]
    if not agencies:
        demand(may_plan, user, cycle)
    loci = loci_for(user).filter(cycle=cycle).select_related("place__parent").order_by("area")
    version = primary_of(cycle)
    return Ground(
        cycle=cycle_ref(cycle),
        agencies=tuple(AgencyRef(row.pk, row.short_name, row.name) for row in agencies),
        loci=tuple(lokus_ref(lokus) for lokus in loci),
        indicators=tuple(_indicators(version)),
    )


def _indicators(version: InstrumentVersion | None) -> Iterable[IndicatorChoice]:
    if version is None:
        return
    instrument = instrument_of(version)
    for name, row in instrument.indicators.items():
        if row.origin == "survey" and row.aggregate in {"share", "count"}:
            yield IndicatorChoice(name, shown(row.labels, instrument) or name, row.agency)


@dataclass(frozen=True, slots=True)
class PlanGround:
    """Where a sheet of commitments is given; `agencies`: how many of the place a row can name."""

    cycle: CycleRef
    agencies: int


def plan_ground(user: User, cycle_slug: str) -> PlanGround:
    """For who keeps the year's matrix. Raises Missing, Forbidden."""
    cycle = the_cycle(user, cycle_slug)
    demand(may_plan, user, cycle)
    return PlanGround(cycle_ref(cycle), agencies_of(cycle).count())
