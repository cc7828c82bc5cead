"""What unmet needs cost: the points of the lokus' total that an indicator holds back, and each family's share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from selaras.models import InstrumentVersion, Lokus, Round, User
from selaras.queries.cards import Card, cards_of, exact
from selaras.queries.health import hidden_from
from selaras.queries.programme import counted_rounds, shown_rounds, today_in
from selaras.scoring.instrument import Aspect, Instrument


def held_back(card: Card) -> dict[str, Fraction]:
    """Survey indicator -> how far the total would rise if it were full and nothing else changed.

    Exact as long as only that indicator changes: what has no value keeps out of the sums, as in the score.
    """
    instrument = card.instrument
    found: dict[str, Fraction] = {}
    top = [aspect for aspect in instrument.aspects.values() if aspect.parent is None]
    for aspect, share in _shares(card, top, Fraction(instrument.scale)):
        _below(card, aspect, share, found)
    return found


def _shares(card: Card, aspects: Sequence[Aspect], whole: Fraction) -> list[tuple[Aspect, Fraction]]:
    known = [aspect for aspect in aspects if card.unit.aspects[aspect.name].score is not None]
    weight = sum((Fraction(aspect.weight) for aspect in known), Fraction(0))
    return [(aspect, whole * Fraction(aspect.weight) / weight) for aspect in known]


def _below(card: Card, aspect: Aspect, share: Fraction, found: dict[str, Fraction]) -> None:
    """`share` is what the aspect can add to the total, spread over what has a value in it."""
    instrument: Instrument = card.instrument
    inner = [one for one in instrument.aspects.values() if one.parent == aspect.name]
    inner = [one for one in inner if card.unit.aspects[one.name].score is not None]
    own = [one for one in instrument.indicators.values() if one.aspect == aspect.name]
    valued = [(one, card.unit.indicators[one.name].points) for one in own]
    weight = sum((Fraction(one.weight) for one, points in valued if points is not None), Fraction(0))
    weight += sum((Fraction(one.weight) for one in inner), Fraction(0))
    for one, points in valued:
        if points is not None and one.origin == "survey":
            found[one.name] = share * Fraction(one.weight) / weight * (1 - points)
    for child in inner:
        _below(card, child, share * Fraction(child.weight) / weight, found)


def points_of(
    user: User, loci: Sequence[Lokus], version: InstrumentVersion, needs: Mapping[tuple[int, str], int]
) -> dict[tuple[int, str], Decimal]:
    """(lokus id, indicator) -> points of the lokus' total that one of its `needs` open needs holds back.

    The indicator's loss is shared equally among the families in need, so that their points add up to what the lokus
    lost. Nothing where this person is not told the indicator's figures. Five statements.
    """
    rounds = list(Round.objects.filter(cycle__in={lokus.cycle_id for lokus in loci}).order_by("opens", "id"))
    counted = counted_rounds(loci, version)
    wanted = []
    for lokus in loci:
        own = [round_ for round_ in rounds if round_.cycle_id == lokus.cycle_id]
        wanted += [(lokus, r) for r in shown_rounds(own, counted.get(lokus.pk, ()), today_in(lokus.cycle)) if r]
    cards = cards_of(wanted, version)
    newest: dict[int, Card] = {}
    shown: dict[int, list[Card]] = {}
    for lokus, round_ in wanted:
        newest.setdefault(lokus.pk, cards[lokus.pk, round_.pk])
        shown.setdefault(lokus.pk, []).append(cards[lokus.pk, round_.pk])
    found: dict[tuple[int, str], Decimal] = {}
    for lokus in loci:
        if lokus.pk not in newest:
            continue
        hidden = hidden_from(user, lokus, version, tuple(shown[lokus.pk]))
        for name, loss in held_back(newest[lokus.pk]).items():
            count = needs.get((lokus.pk, name), 0)
            value = exact(loss / count) if count and name not in hidden.indicators else None
            if value is not None:
                found[lokus.pk, name] = value
    return found
