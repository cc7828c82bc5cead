"""Between what and what a score lies: if every missing answer were the worst, and if every one were the best.

Only answers that a household still owes are let vary. Facts that have not come are not guessed, and an owed answer
is taken to apply: that it might turn out not applicable would only draw the ends closer together.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from selaras.scoring.card import Scorecard, UnitScore
from selaras.scoring.instrument import Indicator, Instrument
from selaras.scoring.points import aspect_scores, total_of
from selaras.scoring.rules import End, extremes, points_of_value
from selaras.scoring.tally import Tallies, Tally


@dataclass(frozen=True, slots=True)
class Range:
    """The lowest and the highest, both reachable; equal where nothing is missing. None is an open end."""

    low: Fraction | None
    high: Fraction | None


@dataclass(frozen=True, slots=True)
class UnitRanges:
    """The ranges of one unit; what has no score even then is left out (`total` None)."""

    values: Mapping[str, Range]
    points: Mapping[str, Range]
    aspects: Mapping[str, Range]
    total: Range | None


def possible_range(instrument: Instrument, tallies: Tallies, card: Scorecard) -> dict[str | None, UnitRanges]:
    """The ranges of every unit of the card, by unit. `values` in the indicator's own unit (a share in 0…1),
    `points` as shares 0…1, aspects and total on the instrument's scale."""
    counted = {tally.unit: tally.indicators for tally in tallies.units}
    return {unit.unit: _unit(instrument, unit, counted.get(unit.unit, {})) for unit in card.units}


def _unit(instrument: Instrument, unit: UnitScore, counts: Mapping[str, Tally]) -> UnitRanges:
    scale = Fraction(instrument.scale)
    values: dict[str, Range] = {}
    points: dict[str, Range] = {}
    for name, indicator in instrument.indicators.items():
        scored = unit.indicators[name]
        tally = counts.get(name)
        if indicator.origin != "survey" and scored.points is not None:
            points[name] = Range(scored.points, scored.points)
        elif tally is not None and tally.n + tally.missing >= max(indicator.min_n, 1):
            values[name] = value_range(indicator, tally)
            points[name] = _points(indicator, tally, values[name], scale)
    worst = aspect_scores(instrument, {name: found.low for name, found in points.items()})
    best = aspect_scores(instrument, {name: found.high for name, found in points.items()})
    lowest, _ = total_of(instrument, worst)
    highest, _ = total_of(instrument, best)
    return UnitRanges(
        values,
        points,
        {name: Range(one.score, best[name].score) for name, one in worst.items() if one.score is not None},
        None if lowest is None else Range(lowest, highest),
    )


def value_range(indicator: Indicator, tally: Tally) -> Range:
    """Between what the value lies if every missing answer comes in: of a share, from none of them true to all."""
    everyone = tally.n + tally.missing
    match indicator.aggregate:
        case "share":
            return Range(Fraction(tally.true, everyone), Fraction(tally.true + tally.missing, everyone))
        case "count":
            return Range(Fraction(tally.true), Fraction(tally.true + tally.missing))
        case "sum" | "mean":
            known = Fraction(tally.total) / (everyone if indicator.aggregate == "mean" else 1)
            return Range(None, None) if tally.missing else Range(known, known)
        case "min":
            return Range(None if tally.missing else _exact(tally.low), _exact(tally.low))
        case "max":
            return Range(_exact(tally.high), None if tally.missing else _exact(tally.high))
        case "median":
            known = sum((Fraction(middle) for middle in tally.middles or ()), Fraction(0)) / 2
            return Range(None, None) if tally.missing else Range(known, known)


def _exact(number: object) -> End:
    return None if number is None else Fraction(str(number))


def _points(indicator: Indicator, tally: Tally, values: Range, scale: Fraction) -> Range:
    if indicator.aggregate not in ("share", "count"):
        return Range(*extremes(indicator, values.low, values.high, scale))
    # Shares and counts move in steps; only steps beside a turn of the rule, and the two ends, can be extremes.
    size = tally.n + tally.missing if indicator.aggregate == "share" else 1
    steps = {tally.true, tally.true + tally.missing}
    for edge in _edges(indicator):
        steps |= {int(edge * size) + shift for shift in (-1, 0, 1)}
    shares = [
        share
        for step in steps
        if tally.true <= step <= tally.true + tally.missing
        and (share := points_of_value(indicator, Fraction(step, size), scale)) is not None
    ]
    return Range(min(shares), max(shares)) if shares else Range(Fraction(0), Fraction(0))


def _edges(indicator: Indicator) -> list[Fraction]:
    ends = [indicator.low, indicator.high, *(end for band in indicator.bands for end in (band.low, band.high))]
    return [Fraction(end) for end in ends if end is not None] + [Fraction(1)]
