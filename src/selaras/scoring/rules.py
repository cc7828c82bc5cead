"""The four rules: from a value to a share of points, 0…1."""

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from selaras.scoring.instrument import Band, Indicator
from selaras.scoring.numbers import exact

#: The ends of an interval of values that may still come; None is open.
End = Fraction | None


def band_at(indicator: Indicator, value: Fraction) -> Band | None:
    """The band that `value` falls in, or None outside them all.

    Lower bounds are inclusive, upper ones exclusive; but where bands end in a number, as those of a share end in
    1, the uppermost holds its own end too.
    """
    for band in indicator.bands:
        if (band.low is None or exact(band.low) <= value) and (band.high is None or value < exact(band.high)):
            return band
    closed = [band for band in indicator.bands if band.high is not None]
    if not closed or len(closed) < len(indicator.bands):
        return None
    last = max(closed, key=lambda band: band.high or 0)
    return last if last.high is not None and value == exact(last.high) else None


def points_of_value(indicator: Indicator, value: Fraction, scale: Fraction) -> Fraction | None:
    """The share of points that `value` earns; None where no band holds it. `scale` is the instrument's."""
    if indicator.rule == "yes_no":
        return Fraction(1 if value == 1 else 0)
    if indicator.rule == "linear":
        return _linear(indicator, value)
    band = band_at(indicator, value)
    return None if band is None else exact(band.points) / scale


def points_of_option(indicator: Indicator, option: str, scale: Fraction) -> Fraction:
    """The share of points of a ticked option. Raises KeyError for one that the indicator lacks."""
    return Fraction({known.name: known.points for known in indicator.options}[option]) / scale


def extremes(indicator: Indicator, low: End, high: End, scale: Fraction) -> tuple[Fraction, Fraction]:
    """The smallest and the largest share of points over all values from `low` to `high`."""
    shares = [
        share
        for value in _turns(indicator, low, high)
        if (share := points_of_value(indicator, value, scale)) is not None
    ]
    return (min(shares), max(shares)) if shares else (Fraction(0), Fraction(0))


def _linear(indicator: Indicator, value: Fraction) -> Fraction:
    low, high = exact(indicator.low or Decimal(0)), exact(indicator.high or Decimal(0))
    # Most rules run from 0 to 1, and a country has a million values.
    share = value if low == 0 and high == 1 else (value - low) / (high - low)
    if share <= 0:
        return Fraction(0)
    return share if share < 1 else Fraction(1)


def _turns(indicator: Indicator, low: End, high: End) -> Iterator[Fraction]:
    """Values among which both extremes lie: the ends, and wherever the rule turns or jumps between them."""
    edges = [Fraction(edge) for edge in (indicator.low, indicator.high) if edge is not None]
    edges += [Fraction(end) for band in indicator.bands for end in (band.low, band.high) if end is not None]
    # One beyond the outermost edge on either side stands for an open end: past it no rule changes any more.
    around = [min(edges) - 1, max(edges) + 1] if edges else [Fraction(0), Fraction(1)]
    if indicator.rule == "yes_no":
        around.append(Fraction(1))
    for value in (*edges, *around, *(end for end in (low, high) if end is not None)):
        if (low is None or low <= value) and (high is None or value <= high):
            yield value
