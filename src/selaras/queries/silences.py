"""Which shares of hand-overs have no value in a year, why, and what a score is where they weigh as much as anywhere.

Not publishing is always allowed and takes nothing away. But a score without them is not made of the same as one with
them, so it is said beside each, and shown on equal weights.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from selaras.models import Cycle
from selaras.queries.cards import Card, exact
from selaras.queries.layered import Layered
from selaras.queries.protection import Silence, silence
from selaras.queries.spoken import shown
from selaras.scoring.handovers import MEASURED
from selaras.scoring.instrument import Instrument
from selaras.scoring.layers import sums_of, worths
from selaras.scoring.points import aspect_scores, total_of


@dataclass(frozen=True, slots=True)
class Silent:
    """(label, why) of each that has no value; `equal` is the score with all weights, those counted as nothing."""

    lines: tuple[tuple[str, Silence], ...]
    equal: Decimal | None


class Reasons:
    """Measure → why it has no value in the city's year. Asked once for any number of loci, and only where asked for."""

    def __init__(self, cycle: Cycle) -> None:
        self.cycle, self.known = cycle, dict[str, Silence]()

    def __getitem__(self, measure: str) -> Silence:
        if measure not in self.known:
            self.known[measure] = silence(self.cycle.place.code, self.cycle.year, measure)
        return self.known[measure]


def silent_card(card: Card, why: Reasons) -> Silent | None:
    """Of a scorecard; None where nothing is silent."""
    lines = _lines(card.instrument, card.facts, why)
    if not lines:
        return None
    points: dict[str, Fraction | None] = {name: one.points for name, one in card.unit.indicators.items()}
    points |= {name: Fraction(0) for name in lines}
    total, _missing = total_of(card.instrument, aspect_scores(card.instrument, points))
    return Silent(tuple(lines.values()), exact(total))


def silent_layers(found: Layered, why: Reasons) -> Silent | None:
    """Of what a lokus could defend today; None where nothing is silent."""
    instrument = found.shown.card.instrument
    lines = _lines(instrument, found.shown.card.facts, why)
    if not lines:
        return None
    worth = worths(instrument)
    sums = sums_of((worth[name], item.layers) for name, item in found.items.items())
    return Silent(tuple(lines.values()), exact(sums.standing))


def _lines(instrument: Instrument, facts: Mapping[str, object], why: Reasons) -> dict[str, tuple[str, Silence]]:
    """Indicator → its label, and why it is silent."""
    return {
        name: (shown(one.labels, instrument) or name, why[one.measure])
        for name, one in instrument.indicators.items()
        if one.measure in MEASURED and name not in facts
    }
