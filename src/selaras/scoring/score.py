"""From an instrument and answers to a scorecard, in one call."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from datetime import date

from selaras.errors import InputError, Problem
from selaras.scoring.answers import Answers
from selaras.scoring.card import Scorecard
from selaras.scoring.engines import tally
from selaras.scoring.expressions.types import uses_today
from selaras.scoring.facts import Fact
from selaras.scoring.instrument import Expression, Instrument
from selaras.scoring.points import scorecard


def score(
    instrument: Instrument,
    answers: Answers,
    facts: Iterable[Fact] = (),
    *,
    engine: str = "duckdb",
    dsn: str | None = None,
    today: date | None = None,
    units: Collection[str] | None = None,
    problems: Iterable[Problem] = (),
) -> Scorecard:
    """The card of every unit. `problems` of reading come first in the card, then those of counting.

    `today` is the round's closing date; `units` are the units that exist, None where any is right. Raises
    InputError where the instrument needs `today` and has none, where facts cannot be used, and what the engine
    raises (`engines.tally`).
    """
    if today is None and needs_today(instrument):
        raise InputError(Problem("data.today"))
    counted = tally(instrument, answers, engine=engine, dsn=dsn, today=today)
    found = [*problems, *counted.problems]
    nameless = sum(unit.households for unit in counted.units if unit.unit is None)
    if answers.unit is not None and nameless:
        column = answers.unit.removeprefix("unit:")
        found.append(Problem("data.no_unit", values={"count": nameless, "column": column}, level="warning"))
    return scorecard(instrument, replace(counted, problems=tuple(found)), facts, units=units)


def needs_today(instrument: Instrument) -> bool:
    """Whether any expression of the instrument uses `today()`."""
    return any(uses_today(expression.tree) for expression in _expressions(instrument))


def _expressions(instrument: Instrument) -> Iterator[Expression]:
    for relevants in instrument.relevants.values():
        yield from relevants
    for calculation in instrument.calculations.values():
        yield calculation.expression
    for household_class in instrument.classes.values():
        yield household_class.expression
    for indicator in instrument.indicators.values():
        yield from (part for part in (indicator.applies_to, indicator.expression) if part is not None)
