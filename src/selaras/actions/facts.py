"""Facts of a lokus that no family is asked: records, activities, measures of protection, marks."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from selaras.access import Actor, demand, may_enter_facts
from selaras.actions import audit
from selaras.actions.claims import record_says
from selaras.errors import InputError, Problem
from selaras.models import Fact, IndicatorRef, InstrumentVersion, Lokus, Round, User
from selaras.queries.rules import instrument_of
from selaras.scoring.facts import Fact as Given
from selaras.scoring.facts import collect
from selaras.scoring.handovers import MEASURED
from selaras.scoring.layers import Said


@dataclass(frozen=True, slots=True)
class Entry:
    """One fact: a value or an option of an indicator. `source` names a document or register, never a person."""

    indicator: str
    value: Decimal | None = None
    option: str = ""
    source: str = ""


def record_facts(
    *, by: Actor, lokus: Lokus, round_: Round | None, version: InstrumentVersion, facts: Sequence[Entry]
) -> int:
    """Write facts of a round (None: of the whole cycle) in place of earlier ones of the same items; how many changed.

    Raises Forbidden, or InputError with everything that does not fit the instrument. Cards show them at once.
    """
    demand(may_enter_facts, by, lokus)
    given = [Given(lokus.area, fact.indicator, fact.value, fact.option or None) for fact in facts]
    instrument = instrument_of(version)
    collect(instrument, given, units={lokus.area})
    typed = [fact.indicator for fact in facts if instrument.indicators[fact.indicator].measure in MEASURED]
    if typed:
        raise InputError([Problem("facts.published", values={"indicator": name}) for name in typed])
    names = dict(IndicatorRef.objects.filter(version=version).values_list("name", "id"))
    changed: list[str] = []
    with transaction.atomic():
        rows = Fact.objects.filter(lokus=lokus, round=round_, indicator__version=version)
        before = {row.indicator_id: row for row in rows}
        for fact in facts:
            row = before.get(names[fact.indicator])
            if row is not None and (row.value, row.option, row.source) == (fact.value, fact.option, fact.source):
                continue
            was = None if row is None else Said(row.value, row.option)
            row = row or Fact(lokus=lokus, round=round_, indicator_id=names[fact.indicator])
            row.value, row.option, row.source = fact.value, fact.option, fact.source
            row.entered_by = by if isinstance(by, User) else None
            row.entered_at = timezone.now()
            row.save()
            item, now = instrument.indicators[fact.indicator], Said(fact.value, fact.option)
            record_says(by=by, lokus=lokus, version=version, indicator=item, before=was, said=now)
            changed.append(fact.indicator)
        if changed:
            audit.record(
                by=by,
                action="facts.record",
                object_type="lokus",
                object_id=lokus.pk,
                place_code=lokus.area,
                round=round_.pk if round_ else None,
                version=str(version),
                indicators=changed,
            )
    return len(changed)
