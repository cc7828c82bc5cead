"""Whether a count of health may be told to this person: decided once, for every page and export."""

from __future__ import annotations

from selaras.access import may_see_health, shown_count
from selaras.models import InstrumentVersion, Lokus, User
from selaras.queries.cards import Card
from selaras.queries.rules import health_indicators
from selaras.scoring.instrument import Indicator


def is_hidden(
    user: User, lokus: Lokus, version: InstrumentVersion, indicator: Indicator, cards: tuple[Card | None, ...]
) -> bool:
    """Whether one of the cards counts a group of one to four of whose health it tells, to someone whom it is not for.

    `cards` are all whose figures are shown: the round before may tell what this one does not.
    """
    if indicator.name not in health_indicators(version) or may_see_health(user, lokus, indicator.agency):
        return False
    return any(_tells(card, indicator) for card in cards if card is not None)


def _tells(card: Card, indicator: Indicator) -> bool:
    tally = card.tally.indicators.get(indicator.name)
    if tally is None:
        return False
    boolean = indicator.aggregate in {"share", "count"}
    return shown_count(tally.true if boolean else tally.n, tally.n) is None
