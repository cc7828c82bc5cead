"""The product on a drawn case: through the workbook's bytes and Arrow tables to the card's JSON and back."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from json import loads
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from selaras.scoring import engines, facts, points
from selaras.scoring.answers import HOUSEHOLD_ID, Answers
from selaras.scoring.card import to_json
from selaras.scoring.instrument import Instrument
from selaras.scoring.workbook import read_workbook
from tests.reference.card import Json, Place, card
from tests.reference.drawn import HOUSEHOLD, Case, Household, Placed, Question, Raw, Row
from tests.reference.evaluate import Home, clean
from tests.reference.render import sheets, xlsx
from tests.reference.tally import count, unit_of

UNIT = "kelurahan"
TYPES = {"integer": pa.int64(), "decimal": pa.decimal128(38, 12), "date": pa.date32()}


def instrument(case: Case, lavish: bool = False) -> Instrument:
    """The drawn workbook as the product reads it. Raises AssertionError with the problems it finds."""
    reading = read_workbook(xlsx(sheets(case.workbook, lavish)))
    errors = [str(problem) for problem in reading.problems if problem.level == "error"]
    assert not errors, "\n".join(errors)
    assert reading.instrument is not None
    return reading.instrument


@dataclass(frozen=True)
class Delivery:
    """How a case reaches the engine: typed with many parentheses or few, cleaned before or not, as files or not."""

    lavish: bool = False
    checked: bool = False
    folder: Path | None = None


def answers(case: Case, how: Delivery = Delivery()) -> Answers:
    """The answers as tables; a column where nobody answered is left out, as a spreadsheet may lack it."""
    placed = case.workbook.placed()
    keys = [f"k{i}" for i in range(len(case.households))]
    columns = {HOUSEHOLD_ID: pa.array(keys, pa.string())}
    if case.by_unit:
        units = [unit_of(case, home) if how.checked else home.unit for home in case.households]
        columns[UNIT] = pa.array(units, pa.string())
    mine = {name: each for name, each in placed.items() if each.over == HOUSEHOLD}
    columns |= _columns(mine, [home.answers for home in case.households], how)
    repeats = {}
    for repeat in case.workbook.repeats():
        pairs = [(key, row) for key, home in zip(keys, case.households, strict=True) for row in home.rows[repeat]]
        theirs = {name: each for name, each in placed.items() if each.over == repeat}
        ids = pa.array([key for key, _ in pairs], pa.string())
        table = pa.table({HOUSEHOLD_ID: ids, **_columns(theirs, [row for _, row in pairs], how)})
        repeats[repeat] = _delivered(table, repeat, how)
    households = _delivered(pa.table(columns), "households", how)
    return Answers(households, repeats, UNIT if case.by_unit else None, how.checked)


def _delivered(table: pa.Table, name: str, how: Delivery) -> pa.Table | Path:
    if how.folder is None:
        return table
    path = how.folder / f"{name}.parquet"
    pq.write_table(table, path)
    return path


def _columns(questions: dict[str, Placed], rows: list[Row], how: Delivery) -> dict[str, pa.Array]:
    made = {}
    for name, placed in questions.items():
        values = [_cell(placed.question, row.get(name), how) for row in rows]
        if any(value is not None for value in values):
            made[name] = pa.array(values, TYPES.get(placed.question.kind, pa.string()))
    return made


def _cell(question: Question, raw: Raw, how: Delivery) -> Any:
    if isinstance(raw, str) and how.checked:
        value = clean(question, raw)
        return " ".join(sorted(value)) if isinstance(value, frozenset) else value
    return decimal(raw) if isinstance(raw, Fraction) else raw


def decimal(number: Fraction) -> Decimal:
    """Exact, for numbers of at most 12 places."""
    whole = number * 10**12
    assert whole.denominator == 1
    return Decimal(int(whole)).scaleb(-12)


def given(case: Case) -> list[facts.Fact]:
    """The facts as the product takes them."""
    return [
        facts.Fact(fact.unit, fact.indicator, None if fact.value is None else decimal(fact.value), fact.option)
        for fact in case.facts
    ]


@dataclass(frozen=True)
class Outcome:
    """The card's units, numbers as fractions; where a number did not fit; how many answers were no answers."""

    units: list[Json]
    overflows: frozenset[Place]
    dropped: dict[str, int]


def computed(case: Case, how: Delivery, engine: str, dsn: str | None) -> Outcome:
    """What the product makes of a case."""
    made = instrument(case, how.lavish)
    tallies = engines.tally(made, answers(case, how), engine=engine, dsn=dsn, today=case.today)
    found: dict[str, Any] = loads(to_json(points.scorecard(made, tallies, given(case))), parse_float=Fraction)
    overflows = [problem.values for problem in tallies.problems if problem.code == "engine.overflow"]
    dropped = [problem.values for problem in tallies.problems if problem.code == "engine.answers"]
    return Outcome(
        found["units"],
        frozenset((_unit(values["unit"]), str(values["name"])) for values in overflows),
        {str(values["field"]): int(str(values["count"])) for values in dropped},
    )


def _unit(shown: object) -> str | None:
    return None if shown == "-" else str(shown)


def difference(
    case: Case,
    engine: str = "duckdb",
    dsn: str | None = None,
    how: Delivery = Delivery(),
) -> str:
    """What the engine says otherwise than the reference; '' where they agree.

    Where a number that an indicator rests on does not fit, the engine must say so and give no value. Where one
    does not fit that nothing rests on, it may say so, and then give no value.
    """
    counted = count(case)
    found = computed(case, how, engine, dsn)
    wanted = {(name, indicator) for name, unit in counted.units.items() for indicator in unit.overflow}
    if wanted - found.overflows:
        return f"overflow not reported: {sorted(wanted - found.overflows, key=str)}"
    if found.overflows and not counted.overflow_seen:
        return f"overflow reported where all numbers fit: {sorted(found.overflows, key=str)}"
    expected = card(case, counted, found.overflows)
    for unit in (*expected, *found.units):
        for name, line in unit["indicators"].items():
            if (unit["unit"], name) in found.overflows:
                line.update(dict.fromkeys(("n", "true", "missing", "not_applicable")))
    nonsense = {} if how.checked else no_answers(case, used(case))
    return "\n".join(differences(expected, found.units, "") + differences(nonsense, found.dropped, "answers dropped"))


def no_answers(case: Case, names: set[str]) -> dict[str, int]:
    """How many answers to each of these questions are no answers: not blank, and not of its list."""
    found: dict[str, int] = {}
    for home in case.households:
        for name in names:
            placed = case.workbook.placed()[name]
            for row in [home.answers] if placed.over == HOUSEHOLD else home.rows[placed.over]:
                raw = row.get(name)
                wrong = isinstance(raw, str) and bool(raw.strip(" ")) and clean(placed.question, raw) is None
                found[name] = found.get(name, 0) + wrong
    return {name: number for name, number in found.items() if number}


def used(case: Case) -> set[str]:
    """The questions that indicators and classes use, and those that decide whether these are asked."""
    home = Home(case.workbook, Household(None, {}, {}), case.today)
    book = case.workbook
    trees = list(book.classes.values())
    trees += [tree for each in book.indicators for tree in (each.applies_to, each.tree) if tree is not None]
    found = {name for tree in trees for name, _ in home.uses(tree)}
    asked = {name for each in found for tree in book.placed()[each].relevants for name, _ in home.uses(tree)}
    return found | asked


def differences(expected: Any, found: Any, path: str) -> list[str]:
    """Every leaf that differs, with the way to it."""
    if isinstance(expected, dict) and isinstance(found, dict):
        keys = list(dict.fromkeys([*expected, *found]))
        return [line for key in keys for line in differences(expected.get(key), found.get(key), f"{path}/{key}")]
    if isinstance(expected, list) and isinstance(found, list) and len(expected) == len(found):
        pairs = enumerate(zip(expected, found, strict=True))
        return [line for i, (left, right) in pairs for line in differences(left, right, f"{path}/{i}")]
    return [] if expected == found else [f"{path}: reference {expected}, engine {found}"]
