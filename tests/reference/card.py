"""From counts and facts to the card: values, points, weights, as the documentation says them."""

from fractions import Fraction
from typing import Any

from tests.reference.drawn import Case, Fact, Indicator, Workbook
from tests.reference.numbers import PLACES, rounded
from tests.reference.tally import Count, Counted, Unit

Json = dict[str, Any]


#: An indicator in a unit.
Place = tuple[str | None, str]


def card(case: Case, counted: Counted, valueless: frozenset[Place] = frozenset()) -> list[Json]:
    """The `units` of the card, numbers as fractions of 12 places.

    `valueless` are the places whose indicator has no value because a number did not fit.
    """
    return [_unit(case, name, unit, valueless) for name, unit in counted.units.items()]


def _unit(case: Case, name: str | None, unit: Unit, valueless: frozenset[Place]) -> Json:
    book = case.workbook
    lines = {
        each.name: _survey(each, unit.counts[each.name], book.scale)
        if each.origin == "survey"
        else _fact(each, [fact for fact in case.facts if (fact.unit, fact.indicator) == (name, each.name)], book.scale)
        for each in book.indicators
    }
    for each in lines:
        if (name, each) in valueless:
            lines[each] |= {"value": None, "share": None}
    aspects = {aspect.name: _aspect(book, aspect.name, lines) for aspect in book.aspects}
    tops = [(aspect.weight, aspects[aspect.name][0]) for aspect in book.aspects if aspect.parent is None]
    total, weight_missing = _weighted(tops)
    return {
        "unit": name,
        "households": unit.households,
        "total": _shown(_times(total, book.scale)),
        "weight_missing": _shown(weight_missing),
        "classes": unit.classes,
        "unclassified": unit.unclassified,
        "aspects": {
            aspect.name: {
                "score": _shown(_times(aspects[aspect.name][0], book.scale)),
                "weight": _shown(aspect.weight),
                "weight_missing": _shown(aspects[aspect.name][1]),
            }
            for aspect in book.aspects
        },
        "indicators": {name: _line(book, name, line) for name, line in lines.items()},
    }


# --- one indicator -------------------------------------------------------------------------------------------


def _survey(indicator: Indicator, found: Count, scale: Fraction) -> Json:
    value = _value(indicator, found)
    n, boolean = len(found.known), indicator.aggregate in ("share", "count")
    if n < max(1, indicator.min_n or 0) or (indicator.missing == "fail" and found.missing):
        value = None
    share = _share(indicator, value, scale)
    if share is not None and indicator.missing == "zero":
        share = share * n / (n + found.missing)
    counts = {"n": n, "true": found.known.count(True) if boolean else None, "missing": found.missing}
    return {"value": value, **counts, "not_applicable": found.not_applicable, "option": None, "share": share}


def _value(indicator: Indicator, found: Count) -> Fraction | None:
    numbers = sorted(Fraction(value) for value in found.known)
    n = len(numbers)
    if not n:
        return None
    return {
        "count": sum(numbers),
        "sum": sum(numbers),
        "share": sum(numbers) / n,
        "mean": sum(numbers) / n,
        "median": (numbers[(n - 1) // 2] + numbers[n // 2]) / 2,
        "min": numbers[0],
        "max": numbers[-1],
    }[indicator.aggregate]


def _fact(indicator: Indicator, facts: list[Fact], scale: Fraction) -> Json:
    """A value or an option that someone gave; of several jurors the mean."""
    empty = {"n": None, "true": None, "missing": None, "not_applicable": None}
    if not facts:
        return {"value": None, **empty, "option": None, "share": None}
    if indicator.rule == "options":
        options = [fact.option or "" for fact in facts]
        points = sum((indicator.options[option] for option in options), Fraction(0)) / len(options)
        return {
            "value": None,
            **empty,
            "option": options[0] if len(set(options)) == 1 else None,
            "share": points / scale,
        }
    value = sum((fact.value or Fraction(0) for fact in facts), Fraction(0)) / len(facts)
    # A juror's yes is worth all points and a no none, so that two of three are worth two thirds.
    share = value if indicator.rule == "yes_no" else _share(indicator, value, scale)
    return {"value": value, **empty, "option": None, "share": share}


def _share(indicator: Indicator, value: Fraction | None, scale: Fraction) -> Fraction | None:
    """The share of points, 0 to 1."""
    if value is None:
        return None
    if indicator.rule == "yes_no":
        return Fraction(value == 1)
    if indicator.rule == "linear":
        assert indicator.low is not None
        assert indicator.high is not None
        return max(Fraction(0), min(Fraction(1), (value - indicator.low) / (indicator.high - indicator.low)))
    for band in sorted(indicator.bands, key=lambda band: (band.low is not None, band.low or 0)):
        # The upper bound is exclusive, but a share has both ends: its last band holds 1 too.
        last = indicator.aggregate == "share" and band.high == value == 1
        if (band.low is None or value >= band.low) and (band.high is None or value < band.high or last):
            return band.points / scale
    raise AssertionError(f"no band of {indicator.name} holds {value}")


# --- weights -------------------------------------------------------------------------------------------------


def _aspect(book: Workbook, name: str, lines: dict[str, Json]) -> tuple[Fraction | None, Fraction]:
    """The aspect's share of its points, and the weight of its direct children without a value."""
    children = [
        (aspect.weight, _aspect(book, aspect.name, lines)[0]) for aspect in book.aspects if aspect.parent == name
    ]
    children += [(each.weight, lines[each.name]["share"]) for each in book.indicators if each.aspect == name]
    return _weighted(children)


def _weighted(children: list[tuple[Fraction, Fraction | None]]) -> tuple[Fraction | None, Fraction]:
    known = [(weight, share) for weight, share in children if share is not None]
    missing = sum((weight for weight, share in children if share is None), Fraction(0))
    if not known:
        return None, missing
    return sum((weight * share for weight, share in known), Fraction(0)) / sum(weight for weight, _ in known), missing


def _line(book: Workbook, name: str, line: Json) -> Json:
    weight = next(each.weight for each in book.indicators if each.name == name)
    shown = {key: line[key] for key in ("n", "true", "missing", "not_applicable", "option")}
    return {
        "value": _shown(line["value"]),
        **shown,
        "points": _shown(line["share"]),
        "weight": _shown(weight),
        "score": _shown(_times(line["share"], weight)),
    }


def _times(share: Fraction | None, factor: Fraction) -> Fraction | None:
    return None if share is None else share * factor


def _shown(number: Fraction | None) -> Fraction | None:
    return None if number is None else rounded(number, PLACES)
