"""Which figures of health may not be told to this person: decided once, for every page and export."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from selaras.access import Actor, may_see_health, shown_count
from selaras.models import InstrumentVersion, Lokus
from selaras.queries.rules import health_indicators
from selaras.scoring.card import IndicatorScore
from selaras.scoring.instrument import Aspect, Indicator, Instrument
from selaras.scoring.tally import Tally


class Unit(Protocol):
    """The scores of a card."""

    @property
    def indicators(self) -> Mapping[str, IndicatorScore]: ...


class Counts(Protocol):
    """The counts of a card."""

    @property
    def indicators(self) -> Mapping[str, Tally]: ...


class Counted(Protocol):
    """A card, of now or frozen: what is scored, and the counts behind it."""

    @property
    def instrument(self) -> Instrument: ...

    @property
    def unit(self) -> Unit: ...

    @property
    def tally(self) -> Counts: ...


@dataclass(slots=True)
class Hidden:
    """Names of indicators and aspects whose figures are not shown; `total`: not even that of the lokus is."""

    indicators: set[str] = field(default_factory=set)
    aspects: set[str] = field(default_factory=set)
    total: bool = False


def hidden_from(
    user: Actor,
    lokus: Lokus,
    version: InstrumentVersion,
    cards: tuple[Counted | None, ...],
    *,
    also: Collection[str] = (),
) -> Hidden:
    """The figures that count a group of one to four of whose health they tell, to someone whom they are not for.

    `cards` are all whose figures are shown: the round before may tell what this one does not. `also` are indicators
    that tell of such a group by something else that is shown, where they are of health. One hidden score
    alone would be its aspect's score less the others, so a second one of the aspect is hidden with it
    (complementary suppression: Hundepool et al., Statistical Disclosure Control, 2012, section 4.2).
    """
    shown = [card for card in cards if card is not None]
    hidden = Hidden()
    if not shown:
        return hidden
    instrument = shown[0].instrument
    health = health_indicators(version)
    for name in health:
        indicator = instrument.indicators[name]
        tells = name in also or any(_tells(card, indicator) for card in shown)
        if tells and not may_see_health(user, lokus, indicator.agency):
            hidden.indicators.add(name)
    if hidden.indicators:
        _Complement(instrument, health, shown, hidden).all()
    return hidden


def _tells(card: Counted, indicator: Indicator) -> bool:
    tally = card.tally.indicators.get(indicator.name)
    if tally is None:
        return False
    asked = tally.n + tally.missing
    if shown_count(asked, asked + tally.not_applicable) is None:
        return True
    boolean = indicator.aggregate in {"share", "count"}
    return shown_count(tally.true if boolean else tally.n, tally.n) is None


class _Complement:
    """Hides what would tell a hidden score by subtraction, aspect by aspect, from the leaves up."""

    def __init__(self, instrument: Instrument, health: frozenset[str], cards: list[Counted], hidden: Hidden) -> None:
        self._instrument = instrument
        self._health = health
        self._cards = cards
        self._hidden = hidden

    def all(self) -> None:
        self._hidden.total = self._node(None)

    def _node(self, name: str | None) -> bool:
        """Make the children of an aspect (None: of the whole) safe; whether its own score must be hidden for that."""
        aspects = self._below(name)
        for aspect in aspects:
            if self._node(aspect.name):
                self._hidden.aspects.add(aspect.name)
        own = self._own(name)
        lost = sum(one.name in self._hidden.indicators for one in own)
        lost += sum(aspect.name in self._hidden.aspects for aspect in aspects)
        return lost == 1 and not self._hide_another(own, aspects)

    def _hide_another(self, own: list[Indicator], aspects: list[Aspect]) -> bool:
        """Hide one more child, and for an aspect one below it, too; whether there was one."""
        for one in own:
            if one.name not in self._hidden.indicators:
                self._hidden.indicators.add(one.name)
                return True
        for aspect in aspects:
            if aspect.name not in self._hidden.aspects and self._hide_another(
                self._own(aspect.name), self._below(aspect.name)
            ):
                self._hidden.aspects.add(aspect.name)
                return True
        return False

    def _below(self, name: str | None) -> list[Aspect]:
        return [aspect for aspect in self._instrument.aspects.values() if aspect.parent == name and aspect.weight]

    def _own(self, name: str | None) -> list[Indicator]:
        """The indicators that bear on the score of an aspect, the one to hide first in front."""
        own = [one for one in self._instrument.indicators.values() if one.aspect == name and self._bears(one)]
        return sorted(own, key=lambda one: (one.name not in self._health, one.origin != "survey", -one.weight))

    def _bears(self, one: Indicator) -> bool:
        return bool(one.weight) and any(card.unit.indicators[one.name].points is not None for card in self._cards)
