"""Which card of a lokus a page shows: that of the newest counted round, beside the one before it."""

from __future__ import annotations

from dataclasses import dataclass

from selaras.errors import Missing, Problem
from selaras.models import InstrumentVersion, Lokus, Round
from selaras.queries.cards import Card, cards_of
from selaras.queries.programme import counted_rounds, primary_of, shown_rounds, today_in


@dataclass(frozen=True, slots=True)
class Shown:
    """The card, its round and version; `earlier` is the card of the round `before`, both None where there is none."""

    version: InstrumentVersion
    round: Round
    card: Card
    before: Round | None = None
    earlier: Card | None = None


def shown_of(lokus: Lokus, version: InstrumentVersion | None = None) -> Shown:
    """What is shown of a lokus by that version, else by the year's primary one.

    Six statements; raises Missing where its cycle has no instrument or no round.
    """
    version = version or primary_of(lokus.cycle)
    if version is None:
        raise Missing(Problem("import.no_instrument"))
    rounds = Round.objects.filter(cycle=lokus.cycle).order_by("opens", "id")
    counted = counted_rounds([lokus], version).get(lokus.pk, set())
    round_, before = shown_rounds(rounds, counted, today_in(lokus.cycle))
    if round_ is None:
        raise Missing(Problem("access.missing"))
    cards = cards_of([(lokus, one) for one in (round_, before) if one is not None], version)
    earlier = cards[lokus.pk, before.pk] if before is not None else None
    return Shown(version, round_, cards[lokus.pk, round_.pk], before, earlier)
