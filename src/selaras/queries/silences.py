"""Which shares of hand-overs have no value in a year, why, and what a score is where they weigh as much as anywhere.

Not publishing is always allowed and takes nothing away. But a score without them, or of the part of a year that a city
chose, is not made of the same as one with all of it: so it is said beside each, and shown on equal weights.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from selaras.models import Cycle, PlaceLevel
from selaras.queries.cards import Card, exact
from selaras.queries.layered import Layered
from selaras.queries.protection import Silence, part_kept, silence, year_of
from selaras.queries.spoken import shown
from selaras.scoring.handovers import MEASURED
from selaras.scoring.instrument import Instrument
from selaras.scoring.layers import sums_of, worths
from selaras.scoring.points import aspect_scores, total_of


@dataclass(frozen=True, slots=True)
class Silent:
    """(label, why) of each that has no value, or of which a period was kept back; `equal` is the score with all
    weights, what is not out counted as nothing."""

    lines: tuple[tuple[str, Silence], ...]
    equal: Decimal | None


class Reasons:
    """Measure → why it has no value in the city's year. Asked once for any number of loci, and only where asked for.

    In a province's year each lokus is of a city, whose own publications it counts: `of`.
    """

    def __init__(self, cycle: Cycle, city: str = "") -> None:
        self.cycle, self.city = cycle, city or cycle.place.code
        self.known, self.parts, self.cities = dict[str, Silence](), dict[str, Fraction](), dict[str, Reasons]()

    def of(self, area: str) -> Reasons:
        """Those of the city in which that area lies."""
        if self.cycle.place.level != PlaceLevel.PROVINCE:
            return self
        below = self.cycle.place.code.count(".") + 2
        city = ".".join(area.split(".")[:below])
        return self.cities.setdefault(city, Reasons(self.cycle, city))

    def __getitem__(self, measure: str) -> Silence:
        if measure not in self.known:
            self.known[measure] = silence(self.city, self.cycle.year, measure)
        return self.known[measure]

    def year(self, measure: str) -> int:
        """The year that the city may still open, where it has none of its own for what that measure counts."""
        return year_of(self.city, self.cycle.year, measure)

    def kept(self, measure: str) -> Fraction:
        """How much of it the city kept back: a good half of a year is no whole one."""
        if measure not in self.parts:
            self.parts[measure] = part_kept(self.city, self.cycle.year, measure)
        return self.parts[measure]


def silent_card(card: Card, why: Reasons) -> Silent | None:
    """Of a scorecard; None where nothing is silent."""
    lines = _lines(card.instrument, card.facts, why.of(card.unit.unit or ""))
    if not lines:
        return None
    points: dict[str, Fraction | None] = {name: one.points for name, one in card.unit.indicators.items()}
    points |= {name: left * (points[name] or 0) for name, (_line, left) in lines.items()}
    total, _missing = total_of(card.instrument, aspect_scores(card.instrument, points))
    return Silent(tuple(line for line, _left in lines.values()), exact(total))


def silent_layers(found: Layered, why: Reasons) -> Silent | None:
    """Of what a lokus could defend today; None where nothing is silent."""
    instrument = found.shown.card.instrument
    lines = _lines(instrument, found.shown.card.facts, why.of(found.lokus.area))
    if not lines:
        return None
    worth = {name: one * (lines[name][1] if name in lines else 1) for name, one in worths(instrument).items()}
    sums = sums_of((worth[name], item.layers) for name, item in found.items.items())
    return Silent(tuple(line for line, _left in lines.values()), exact(sums.standing))


def _lines(
    instrument: Instrument, facts: Mapping[str, object], why: Reasons
) -> dict[str, tuple[tuple[str, Silence], Fraction]]:
    """Indicator → its label and why it is silent; and how much of it counts."""
    found = {}
    for name, one in instrument.indicators.items():
        if one.measure not in MEASURED:
            continue
        kept = why.kept(one.measure)
        if name not in facts or kept:
            label = shown(one.labels, instrument) or name
            found[name] = ((label, why[one.measure]), 1 - kept if name in facts else Fraction(0))
    return found
