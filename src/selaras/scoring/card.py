"""The scorecard: every number of every unit, exact, and its JSON."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from json import dumps
from typing import Literal

from selaras.errors import Problem
from selaras.scoring.numbers import exact, half_up

#: Why an indicator has no value: nobody answered, fewer than min_n did, one is missing under `fail`, no fact came.
Reason = Literal["", "no_answers", "too_few", "missing", "no_fact"]


@dataclass(frozen=True, slots=True)
class IndicatorScore:
    """One indicator in one unit.

    `value` is the indicator's own (a share of 0…1, a mean, a count …), None where there is none or an option was
    ticked. `points` is the share of points, 0…1, after what missing answers cost; `score` is points × weight.
    The counts are those of `Tally`, None for facts; `true` is None where the aggregate counts no trues.
    """

    name: str
    weight: Decimal
    value: Fraction | None = None
    n: int | None = None
    true: int | None = None
    missing: int | None = None
    not_applicable: int | None = None
    option: str | None = None
    points: Fraction | None = None
    reason: Reason = ""

    @property
    def score(self) -> Fraction | None:
        """Points × weight."""
        return None if self.points is None else self.points * exact(self.weight)


@dataclass(frozen=True, slots=True)
class AspectScore:
    """One aspect in one unit. `score` is on the instrument's scale; `weight_missing` of its direct children."""

    name: str
    weight: Decimal
    score: Fraction | None
    weight_missing: Decimal


@dataclass(frozen=True, slots=True)
class UnitScore:
    """All of one unit. `unit` is None for households that name none."""

    unit: str | None
    households: int
    total: Fraction | None
    weight_missing: Decimal
    classes: Mapping[str, int]
    unclassified: int
    aspects: Mapping[str, AspectScore]
    indicators: Mapping[str, IndicatorScore]


@dataclass(frozen=True, slots=True)
class Scorecard:
    """A whole run: the instrument that scored, the engine that counted, and the units by code, None last."""

    instrument: str
    version: str
    sha256: str
    engine: str
    units: tuple[UnitScore, ...]
    problems: tuple[Problem, ...] = ()


#: What stands in a card: like JSON, but numbers are exact.
Data = None | str | int | Decimal | list["Data"] | dict[str, "Data"]


def to_data(card: Scorecard) -> dict[str, Data]:
    """The card as plain data, keys in the order of docs/workbook.md, numbers half up to 12 places."""
    return {
        "instrument": {"id": card.instrument, "version": card.version, "sha256": card.sha256},
        "engine": card.engine,
        "problems": [_problem(problem) for problem in card.problems],
        "units": [_unit(unit) for unit in card.units],
    }


def to_json(card: Scorecard) -> str:
    """The card as JSON text, two spaces a level, one line break at the end."""
    return _json(to_data(card), "\n") + "\n"


def _problem(problem: Problem) -> Data:
    return {
        "level": problem.level,
        "where": problem.where,
        "message": problem.message,
        "remedy": problem.remedy,
    }


def _unit(unit: UnitScore) -> Data:
    return {
        "unit": unit.unit,
        "households": unit.households,
        "total": _number(unit.total),
        "weight_missing": _number(unit.weight_missing),
        "classes": {**unit.classes},
        "unclassified": unit.unclassified,
        "aspects": {name: _aspect(aspect) for name, aspect in unit.aspects.items()},
        "indicators": {name: _indicator(indicator) for name, indicator in unit.indicators.items()},
    }


def _aspect(aspect: AspectScore) -> Data:
    return {
        "score": _number(aspect.score),
        "weight": _number(aspect.weight),
        "weight_missing": _number(aspect.weight_missing),
    }


def _indicator(indicator: IndicatorScore) -> Data:
    return {
        "value": _number(indicator.value),
        "n": indicator.n,
        "true": indicator.true,
        "missing": indicator.missing,
        "not_applicable": indicator.not_applicable,
        "option": indicator.option,
        "points": _number(indicator.points),
        "weight": _number(indicator.weight),
        "score": _number(indicator.score),
    }


def _number(value: Fraction | Decimal | None) -> Decimal | None:
    return None if value is None else half_up(value)


def _json(data: Data, line: str) -> str:
    """JSON whose decimals keep every digit: `json` would pass them through a float."""
    if data is None:
        return "null"
    if isinstance(data, Decimal):
        return f"{data:f}"
    if isinstance(data, dict):
        inner = [f"{_text(key)}: {_json(value, line + '  ')}" for key, value in data.items()]
        return "{" + _lines(inner, line) + "}"
    if isinstance(data, list):
        return "[" + _lines([_json(value, line + "  ") for value in data], line) + "]"
    return _text(data) if isinstance(data, str) else str(data)


@lru_cache(maxsize=4096)
def _text(text: str) -> str:
    """A JSON string; the names of indicators come again for every unit."""
    return dumps(text, ensure_ascii=False)


def _lines(parts: list[str], line: str) -> str:
    return f"{line}  " + f",{line}  ".join(parts) + line if parts else ""
