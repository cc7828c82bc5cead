"""Hasil: scores of a whole year's loci, and what they were at the baseline, as far as everybody may read them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from django.contrib.auth.models import AnonymousUser

from selaras.models import InstrumentVersion, Lokus, Round
from selaras.queries.cards import Card, cards_of, exact
from selaras.queries.health import Hidden, hidden_from
from selaras.queries.programme import counted_rounds
from selaras.queries.refs import HIDDEN, Score
from selaras.queries.weeks.figures import Outcome
from selaras.queries.weeks.subjects import Subject

NOTHING = Outcome(value=None, before=None, low=None, high=None, hidden=False)


@dataclass(frozen=True, slots=True)
class Standing:
    """One lokus: its card of the newest counted round, that of its baseline, and what strangers are not told."""

    lokus: Lokus
    round: Round
    card: Card
    baseline: Round | None
    first: Card | None
    hidden: Hidden


def standings(loci: Sequence[Lokus], rounds: Iterable[Round], version: InstrumentVersion | None) -> list[Standing]:
    """The loci that have been counted, in order; six statements however many there are."""
    if version is None:
        return []
    counted = counted_rounds(loci, version)
    ordered = sorted(rounds, key=lambda round_: (round_.opens, round_.pk))
    ends: list[tuple[Lokus, Round, Round | None]] = []
    for lokus in loci:
        have = [round_ for round_ in ordered if round_.pk in counted.get(lokus.pk, ())]
        if have:
            ends.append((lokus, have[-1], have[0] if len(have) > 1 else None))
    cards = cards_of(
        [(lokus, one) for lokus, newest, first in ends for one in (newest, first) if one is not None], version
    )
    found = []
    for lokus, newest, baseline in ends:
        card = cards[lokus.pk, newest.pk]
        first = None if baseline is None else cards[lokus.pk, baseline.pk]
        hidden = hidden_from(AnonymousUser(), lokus, version, (card, first))
        found.append(Standing(lokus, newest, card, baseline, first, hidden))
    return found


def total_of(one: Standing) -> Score:
    """The lokus's total."""
    return HIDDEN if one.hidden.total else one.card.total(one.first)


def row_of(one: Standing, subject: Subject) -> Score:
    """The lokus's score of a row."""
    if not subject.aspect:
        return _together(one, subject.indicators)
    return HIDDEN if subject.aspect in one.hidden.aspects else one.card.aspect(subject.aspect, one.first)


def _together(one: Standing, names: frozenset[str]) -> Score:
    """Several indicators as if they were one aspect. Those hidden from strangers stay out: who knows the others'
    scores could work out the hidden one."""
    told = names - one.hidden.indicators
    before = None if one.first is None else one.first.unit.indicators
    return Score(
        value=_share_of(one, {name: one.card.unit.indicators[name].points for name in told}),
        low=_share_of(one, {name: one.card.low.points[name] for name in told}),
        high=_share_of(one, {name: one.card.high.points[name] for name in told}),
        before=None if before is None else _share_of(one, {name: before[name].points for name in told}),
    )


def _share_of(one: Standing, points: Mapping[str, Fraction | None]) -> Decimal | None:
    """scale × Σ(points × weight)/Σ(weight) over what has points, as an aspect is scored."""
    instrument = one.card.instrument
    known = [
        (Fraction(instrument.indicators[name].weight), share) for name, share in points.items() if share is not None
    ]
    if not known:
        return None
    earned = sum((weight * share for weight, share in known), Fraction(0))
    return exact(Fraction(instrument.scale) * earned / sum((weight for weight, _ in known), Fraction(0)))


def combined(scores: Sequence[tuple[Lokus, Score]]) -> Outcome:
    """The mean over the loci that have a value, by the families they aim at; hidden as soon as one of them is.

    `before` is there only where every one of those loci has one: a change must be of the same loci.
    """
    if any(score.hidden for _, score in scores):
        return Outcome(value=None, before=None, low=None, high=None, hidden=True)
    known = [(Decimal(max(lokus.target_size, 1)), score) for lokus, score in scores if score.value is not None]
    return Outcome(
        value=_mean([(weight, score.value) for weight, score in known]),
        before=_mean([(weight, score.before) for weight, score in known]),
        low=_mean([(weight, score.low) for weight, score in known]),
        high=_mean([(weight, score.high) for weight, score in known]),
        hidden=False,
    )


def _mean(parts: list[tuple[Decimal, Decimal | None]]) -> str | None:
    values = [(weight, value) for weight, value in parts if value is not None]
    if not values or len(values) < len(parts):
        return None
    mean = sum((weight * value for weight, value in values), Decimal(0)) / sum(weight for weight, _ in values)
    return str(mean.quantize(Decimal("0.1"), rounding=ROUND_HALF_UP))
