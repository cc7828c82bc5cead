"""The roll-up: from counts and facts to values, points, aspects and totals, in fractions, rounded nowhere."""

from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal
from fractions import Fraction

from selaras.scoring.card import AspectScore, IndicatorScore, Reason, Scorecard, UnitScore
from selaras.scoring.facts import Fact, Marks, collect
from selaras.scoring.instrument import Indicator, Instrument
from selaras.scoring.numbers import exact
from selaras.scoring.rules import points_of_option, points_of_value
from selaras.scoring.tally import Tallies, Tally, UnitTally, uncollected

_NONE = Tally(0, 0, 0, 0)


def scorecard(
    instrument: Instrument,
    tallies: Tallies,
    facts: Iterable[Fact] = (),
    *,
    units: Collection[str] | None = None,
) -> Scorecard:
    """The card of every unit that has households or facts, by code, None last.

    `units` are the units that exist, for facts to be held against; None where any is right. Raises InputError
    with every fact that cannot be used.
    """
    marks = collect(instrument, facts, units=units)
    counted = {tally.unit: tally for tally in tallies.units}
    for unit in marks:
        counted.setdefault(unit, UnitTally(unit, 0, dict.fromkeys(instrument.classes, 0), 0, {}))
    ordered = sorted(counted.values(), key=lambda tally: (tally.unit is None, tally.unit or ""))
    with uncollected():
        scored = tuple(_unit(instrument, tally, marks.get(tally.unit, {})) for tally in ordered)
    return Scorecard(
        instrument=instrument.id,
        version=instrument.version,
        sha256=instrument.sha256,
        engine=tallies.engine,
        units=scored,
        problems=tallies.problems,
    )


def _unit(instrument: Instrument, tally: UnitTally, marks: Mapping[str, Marks]) -> UnitScore:
    scale = exact(instrument.scale)
    indicators = {
        name: (
            survey_score(indicator, tally.indicators.get(name, _NONE), scale)
            if indicator.origin == "survey"
            else fact_score(indicator, marks.get(name, Marks()), scale)
        )
        for name, indicator in instrument.indicators.items()
    }
    shares = {name: indicator.points for name, indicator in indicators.items()}
    aspects = aspect_scores(instrument, shares)
    total, missing = total_of(instrument, aspects)
    return UnitScore(
        unit=tally.unit,
        households=tally.households,
        total=total,
        weight_missing=missing,
        classes={name: tally.classes.get(name, 0) for name in instrument.classes},
        unclassified=tally.unclassified,
        aspects=aspects,
        indicators=indicators,
    )


# --- one indicator ----------------------------------------------------------------------------------------------
def survey_score(indicator: Indicator, tally: Tally, scale: Fraction) -> IndicatorScore:
    """The score of a survey indicator from its counts."""
    reason = _no_value(indicator, tally)
    value = None if reason else value_of(indicator, tally)
    points = None if value is None else points_of_value(indicator, value, scale)
    if points is not None and indicator.missing == "zero":
        points *= Fraction(tally.n, tally.n + tally.missing)
    return IndicatorScore(
        name=indicator.name,
        weight=indicator.weight,
        value=value,
        n=tally.n,
        true=tally.true if indicator.aggregate in ("share", "count") else None,
        missing=tally.missing,
        not_applicable=tally.not_applicable,
        points=points,
        reason=reason,
    )


def _no_value(indicator: Indicator, tally: Tally) -> Reason:
    if tally.n == 0:
        return "no_answers"
    if tally.n < indicator.min_n:
        return "too_few"
    return "missing" if indicator.missing == "fail" and tally.missing else ""


def value_of(indicator: Indicator, tally: Tally) -> Fraction:
    """The aggregate of the known units, exact. Raises ValueError where there is none."""
    if tally.n == 0:
        raise ValueError(indicator.name)
    match indicator.aggregate:
        case "share":
            return Fraction(tally.true, tally.n)
        case "count":
            return Fraction(tally.true)
        case "sum":
            return Fraction(tally.total)
        case "mean":
            return Fraction(tally.total) / tally.n
        case "min":
            return _there(indicator, tally.low)
        case "max":
            return _there(indicator, tally.high)
        case "median":
            lower, upper = tally.middles or (None, None)
            return (_there(indicator, lower) + _there(indicator, upper)) / 2


def _there(indicator: Indicator, number: Decimal | None) -> Fraction:
    if number is None:
        raise ValueError(indicator.name)
    return Fraction(number)


def fact_score(indicator: Indicator, marks: Marks, scale: Fraction) -> IndicatorScore:
    """The score of an indicator whose value is a fact.

    Of several jurors' marks the mean counts: of the numbers, then points by the rule; but where a mark is itself
    worth points (an option, or yes and no) the mean of those points. `option` is the one that all ticked.
    """
    if marks.options:
        shares = [points_of_option(indicator, option, scale) for option in marks.options]
        agreed = marks.options[0] if len(set(marks.options)) == 1 else None
        points = sum(shares, Fraction(0)) / len(shares)
        return IndicatorScore(indicator.name, indicator.weight, option=agreed, points=points)
    if not marks.values:
        return IndicatorScore(indicator.name, indicator.weight, reason="no_fact")
    value = sum(marks.values, Fraction(0)) / len(marks.values)
    share = value if indicator.rule == "yes_no" else points_of_value(indicator, value, scale)
    return IndicatorScore(indicator.name, indicator.weight, value=value, points=share)


# --- aspects ----------------------------------------------------------------------------------------------------
def aspect_scores(instrument: Instrument, shares: Mapping[str, Fraction | None]) -> dict[str, AspectScore]:
    """Every aspect's score on the instrument's scale, in the order of the workbook.

    `shares` are the shares of points of the indicators, 0…1, None where there is no value.
    """
    scale = exact(instrument.scale)
    parts: dict[str, list[tuple[Decimal, Fraction | None]]] = {name: [] for name in instrument.aspects}
    for indicator in instrument.indicators.values():
        parts[indicator.aspect].append((indicator.weight, shares.get(indicator.name)))
    done: dict[str, AspectScore] = {}
    for name in _children_first(instrument):
        aspect = instrument.aspects[name]
        score, missing = _mean(scale, parts[name])
        done[name] = AspectScore(name, aspect.weight, score, missing)
        if aspect.parent is not None:
            parts[aspect.parent].append((aspect.weight, _share(done[name], scale)))
    return {name: done[name] for name in instrument.aspects}


def total_of(instrument: Instrument, aspects: Mapping[str, AspectScore]) -> tuple[Fraction | None, Decimal]:
    """The total on the instrument's scale, and the weight of the top aspects that have no score."""
    scale = exact(instrument.scale)
    top = [name for name, aspect in instrument.aspects.items() if aspect.parent is None]
    return _mean(scale, [(aspects[name].weight, _share(aspects[name], scale)) for name in top])


def _children_first(instrument: Instrument) -> list[str]:
    """The aspects, every sub-aspect before its parent. The reader has refused circles."""
    ordered: list[str] = []
    waiting = [name for name, aspect in instrument.aspects.items() if aspect.parent is None]
    while waiting:
        name = waiting.pop()
        ordered.append(name)
        waiting += [child.name for child in instrument.aspects.values() if child.parent == name]
    return ordered[::-1]


def _share(aspect: AspectScore, scale: Fraction) -> Fraction | None:
    return None if aspect.score is None else aspect.score / scale


def _mean(scale: Fraction, parts: list[tuple[Decimal, Fraction | None]]) -> tuple[Fraction | None, Decimal]:
    """scale × Σ(share × weight)/Σ(weight) over what has a share, and the weight of what has none."""
    missing = sum((weight for weight, share in parts if share is None), Decimal(0))
    present = [(exact(weight), share) for weight, share in parts if share is not None]
    if not present:
        return None, missing
    earned = sum((weight * share for weight, share in present), Fraction(0))
    return scale * earned / sum((weight for weight, _ in present), Fraction(0)), missing
