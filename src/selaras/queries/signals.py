"""What should be looked at in a lokus before anybody reads it: signals that explain themselves, never verdicts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from django.db.models import Exists, OuterRef, Q

from selaras.models import CommitmentState, HouseholdScore, State
from selaras.queries.layered import Item, Layered
from selaras.queries.needs import falling_indicators
from selaras.scoring.layers import Said, share_of
from selaras.scoring.numbers import exact

#: A claim that nothing proves, or that goes beyond its proof; that families deny; a promise called done that they say
#: has not come; families that had something and lack it now; a finding below the claim; a claim that says otherwise
#: than the record, or was changed after somebody had looked at it.
Kind = Literal["bare", "beyond", "denied", "undelivered", "worse", "lower", "differs", "stale"]
KINDS: tuple[Kind, ...] = ("denied", "undelivered", "bare", "beyond", "lower", "worse", "differs", "stale")


@dataclass(frozen=True, slots=True)
class Signal:
    """One thing to look at, before anybody reads it. `families` are ids; `commitment` is the id of a promise."""

    kind: Kind
    indicator: str
    families: frozenset[int] = frozenset()
    count: int = 0
    commitment: int | None = None
    reason: str = ""


def signals_of(found: Layered) -> list[Signal]:
    """Everything that should be looked at in a lokus. One statement beside those of `layered`."""
    signals = [signal for item in found.items.values() for signal in _of_item(found, item)]
    signals += _undelivered(found)
    signals += [Signal("worse", name, families, len(families)) for name, families in worse(found).items()]
    return sorted(signals, key=lambda one: KINDS.index(one.kind))


def _of_item(found: Layered, item: Item) -> Iterator[Signal]:
    name, layers = item.indicator.name, item.layers
    if item.is_measured:
        if item.contradicted:
            yield Signal("denied", name, item.contradicted, len(item.contradicted))
    elif layers.claim and layers.evidenced is not None:
        if item.voices.not_yet:
            yield Signal("denied", name, count=item.voices.not_yet)
        if not item.is_published and not any(one.is_live for one in item.cited):
            yield Signal("bare", name, reason=next((one.reason for one in reversed(item.cited) if one.reason), ""))
        elif layers.evidenced < layers.claim:
            yield Signal("beyond", name)
    yield from _looked_at(found, item)


def _looked_at(found: Layered, item: Item) -> Iterator[Signal]:
    name, claim, fact, finding = item.indicator.name, item.claim, item.fact, item.finding
    if claim is not None and fact is not None and item.said != Said() != Said(fact.value, fact.option) != item.said:
        yield Signal("differs", name, reason=fact.source)
    if finding is None or item.layers.claim is None:
        return
    share = share_of(item.indicator, Said(finding.value, finding.option), exact(found.shown.card.instrument.scale))
    if share is not None and share < item.layers.claim:
        yield Signal("lower", name, reason=finding.reason)
    if claim is not None and claim.at > finding.at:
        yield Signal("stale", name)


def _undelivered(found: Layered) -> Iterator[Signal]:
    for promise in found.promises:
        voices = found.confirmed.commitments.get(promise.id)
        if promise.state == CommitmentState.DONE and voices is not None and voices.not_yet:
            yield Signal("undelivered", promise.indicator, count=voices.not_yet, commitment=promise.id)


def worse(found: Layered) -> dict[str, frozenset[int]]:
    """Indicator -> families that had it in some earlier round and, by their newest answer, lack it. One statement."""
    falling = falling_indicators(found.version)
    rows = HouseholdScore.objects.filter(lokus=found.lokus, indicator__version=found.version)
    other = HouseholdScore.objects.filter(household=OuterRef("household_id"), indicator=OuterRef("indicator_id"))
    earlier = other.filter(round__opens__lt=OuterRef("round__opens"))
    later = other.filter(round__opens__gt=OuterRef("round__opens"), state__in=(State.YES, State.NO))
    falls = Q(indicator__name__in=falling)
    lost = Q(~falls, Exists(earlier.filter(state=State.YES)), state=State.NO)
    lost |= Q(falls, Exists(earlier.filter(state=State.NO)), state=State.YES)
    gone = rows.filter(lost, household__erased_at__isnull=True, household__pending__isnull=True).exclude(Exists(later))
    lost_by: dict[str, set[int]] = defaultdict(set)
    for name, household in gone.values_list("indicator__name", "household_id"):
        lost_by[name].add(household)
    return {name: frozenset(families) for name, families in lost_by.items()}
