"""What a plan is made of: money that agencies have left, and what they could do with it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from selaras.access import Actor, demand, may_plan, one, the_cycle, the_lokus
from selaras.actions import audit
from selaras.errors import InputError, Problem
from selaras.models import Cycle, Fund, Measure, Purse, User
from selaras.queries.plans import agency_of
from selaras.queries.programme import primary_of
from selaras.queries.rules import instrument_of

_LARGEST = Decimal(10) ** 14


@dataclass(frozen=True, slots=True)
class Measured:
    """What a measure says. `serves`: indicator -> families that one unit helps; `funds`: any where empty."""

    agency_id: int
    title: str
    unit: str
    serves: Mapping[str, int]
    cost: Decimal
    lokus_code: str = ""
    least: int = 0
    most: int | None = None
    days: int = 0
    funds: Collection[str] = field(default_factory=tuple)
    source: str = ""


def set_purse(
    *,
    by: Actor,
    cycle_slug: str,
    agency_id: int,
    fund: str,
    left: Decimal,
    opens: date | None = None,
    closes: date | None = None,
    source: str = "",
) -> Purse:
    """What that agency has left of that fund, in place of what was said. Raises Missing, Forbidden, InputError."""
    cycle = the_cycle(by, cycle_slug)
    demand(may_plan, by, cycle)
    agency = agency_of(cycle, agency_id)
    problems = []
    if fund not in Fund.values:
        problems.append(Problem("plan.fund", "fund", {"found": fund, "known": ", ".join(Fund.values)}))
    if not 0 <= left <= _LARGEST:
        problems.append(Problem("purse.number", "left", {"what": "sisa dana", "found": left}))
    if opens is not None and closes is not None and closes < opens:
        problems.append(Problem("purse.dates", "closes"))
    if problems:
        raise InputError(problems)
    said = {"left": left, "opens": opens, "closes": closes, "source": source.strip()[:300]}
    with transaction.atomic():
        made, _new = Purse.objects.update_or_create(
            cycle=cycle, agency=agency, fund=fund, defaults={**said, **_changed(by)}
        )
        _record(by, "plans.set_purse", cycle, made.uuid, agency=agency.pk, fund=fund, left=str(left))
    return made


def remove_purse(*, by: Actor, cycle_slug: str, purse: UUID) -> None:
    """Nothing of that fund is planned with any more. Raises Missing, Forbidden."""
    cycle = the_cycle(by, cycle_slug)
    demand(may_plan, by, cycle)
    with transaction.atomic():
        found = one(Purse.objects.filter(cycle=cycle), uuid=purse)
        _record(by, "plans.remove_purse", cycle, found.uuid, agency=found.agency_id, fund=found.fund)
        found.delete()


def add_measure(*, by: Actor, cycle_slug: str, said: Measured) -> Measure:
    """One more thing that an agency could do. Raises Missing, Forbidden, InputError with all that does not fit."""
    cycle = the_cycle(by, cycle_slug)
    demand(may_plan, by, cycle)
    agency = agency_of(cycle, said.agency_id)
    lokus = the_lokus(by, cycle_slug, said.lokus_code) if said.lokus_code else None
    problems = list(_wrong(cycle, said))
    if problems:
        raise InputError(problems)
    with transaction.atomic():
        made = Measure.objects.create(
            cycle=cycle,
            agency=agency,
            lokus=lokus,
            title=said.title.strip()[:200],
            unit=said.unit.strip()[:40],
            serves=dict(said.serves),
            cost=said.cost,
            least=said.least,
            most=said.most,
            days=said.days,
            funds=sorted(said.funds),
            source=said.source.strip()[:300],
            **_changed(by),
        )
        _record(by, "plans.add_measure", cycle, made.uuid, agency=agency.pk, indicators=sorted(said.serves))
    return made


def _wrong(cycle: Cycle, said: Measured) -> list[Problem]:
    version = primary_of(cycle)
    known = frozenset() if version is None else frozenset(instrument_of(version).indicators)
    problems = []
    if not said.title.strip():
        problems.append(Problem("measure.title", "title"))
    if not said.unit.strip():
        problems.append(Problem("measure.unit", "unit"))
    if not said.serves or any(reach < 1 for reach in said.serves.values()):
        problems.append(Problem("measure.serves", "indicator"))
    problems += [Problem("plan.indicator", "indicator", {"found": name}) for name in said.serves if name not in known]
    if not 0 <= said.cost <= _LARGEST:
        problems.append(Problem("purse.number", "cost", {"what": "harga satuan", "found": said.cost}))
    if said.most is not None and said.most < said.least:
        problems.append(Problem("measure.most", "most", {"most": said.most, "least": said.least}))
    problems += [
        Problem("plan.fund", "funds", {"found": fund, "known": ", ".join(Fund.values)})
        for fund in said.funds
        if fund not in Fund.values
    ]
    return problems


def remove_measure(*, by: Actor, cycle_slug: str, measure: UUID) -> None:
    """It is not planned with any more. Raises Missing, Forbidden."""
    cycle = the_cycle(by, cycle_slug)
    demand(may_plan, by, cycle)
    with transaction.atomic():
        found = one(Measure.objects.filter(cycle=cycle, removed_at__isnull=True), uuid=measure)
        found.removed_at = timezone.now()
        found.save(update_fields=["removed_at"])
        _record(by, "plans.remove_measure", cycle, found.uuid, agency=found.agency_id)


def _changed(by: Actor) -> dict[str, Any]:
    return {"changed_by": by if isinstance(by, User) else None, "changed_at": timezone.now()}


def _record(by: Actor, action: str, cycle: Cycle, uuid: UUID, **details: Any) -> None:
    audit.record(by=by, action=action, object_type="plan", object_id=uuid, place_code=cycle.place.code, **details)
