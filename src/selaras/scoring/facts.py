"""Facts: what comes not from households but per unit, from records, activities, protection services and jurors."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from selaras.errors import InputError, Problem
from selaras.scoring.expressions.near import nearest
from selaras.scoring.instrument import Indicator, Instrument
from selaras.scoring.rules import band_at


@dataclass(frozen=True, slots=True)
class Fact:
    """One row: a number or an option for one indicator in one unit. `where` is its place, `facts.csv!C4`.

    A row with neither says that nothing is known yet and counts for nothing.
    """

    unit: str | None
    indicator: str
    value: Decimal | None = None
    option: str | None = None
    where: str = ""


@dataclass(frozen=True, slots=True)
class Marks:
    """What is known of one item: one value or option, or several jurors' ones, in the order they came."""

    values: tuple[Fraction, ...] = ()
    options: tuple[str, ...] = ()


def collect(
    instrument: Instrument, facts: Iterable[Fact], *, units: Collection[str] | None = None
) -> Mapping[str | None, Mapping[str, Marks]]:
    """The marks by unit and indicator.

    `units` are the units that exist, None where that is not known and any is right. Raises InputError with every
    row that is wrong: an unknown indicator, option or unit, a number where an option is wanted or the reverse, an
    item that comes from the survey, or a second fact for one item that is not judged.
    """
    problems: list[Problem] = []
    found: dict[str | None, dict[str, Marks]] = {}
    for fact in facts:
        if fact.value is None and fact.option is None:
            continue
        wrong = _wrong(instrument, fact, units)
        before = found.get(fact.unit, {}).get(fact.indicator)
        if wrong is None and before is not None and instrument.indicators[fact.indicator].origin != "judged":
            wrong = _problem(fact, "facts.twice")
        if wrong is not None:
            problems.append(wrong)
            continue
        found.setdefault(fact.unit, {})[fact.indicator] = _added(before or Marks(), fact)
    if problems:
        raise InputError(problems)
    return found


def _added(marks: Marks, fact: Fact) -> Marks:
    if fact.option is not None:
        return Marks(marks.values, (*marks.options, fact.option))
    return Marks((*marks.values, Fraction(fact.value or 0)), marks.options)


def _problem(fact: Fact, code: str, **values: object) -> Problem:
    return Problem(code, fact.where, {"indicator": fact.indicator, "unit": fact.unit or "", **values})


def _wrong(instrument: Instrument, fact: Fact, units: Collection[str] | None) -> Problem | None:
    """The first thing wrong in one row, or None."""
    indicator = instrument.indicators.get(fact.indicator)
    if indicator is None:
        meant = nearest(fact.indicator, instrument.indicators)
        return _problem(fact, "facts.indicator_near" if meant else "facts.indicator", meant=meant)
    if units is not None and fact.unit not in units:
        meant = nearest(fact.unit or "", units)
        return _problem(fact, "facts.unit_near" if meant else "facts.unit", meant=meant)
    if indicator.origin == "survey":
        return _problem(fact, "facts.survey")
    if fact.value is not None and fact.option is not None:
        return _problem(fact, "facts.both")
    if indicator.rule == "options":
        return _wrong_option(indicator, fact)
    return _wrong_value(indicator, fact)


def _wrong_option(indicator: Indicator, fact: Fact) -> Problem | None:
    names = [option.name for option in indicator.options]
    if fact.option is None:
        return _problem(fact, "facts.option_wanted", options=", ".join(names))
    if fact.option not in names:
        return _problem(fact, "facts.option", option=fact.option, options=", ".join(names))
    return None


def _wrong_value(indicator: Indicator, fact: Fact) -> Problem | None:
    if fact.value is None:
        return _problem(fact, "facts.value_wanted")
    if indicator.rule == "yes_no" and fact.value not in (0, 1):
        return _problem(fact, "facts.yes_no", value=fact.value)
    if indicator.rule == "bands" and band_at(indicator, Fraction(fact.value)) is None:
        return _problem(fact, "facts.outside", value=fact.value)
    return None
