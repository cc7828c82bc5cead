"""The product on a drawn case: through the workbook's bytes and Arrow tables to the card's JSON and back."""

from decimal import Decimal
from fractions import Fraction
from json import loads
from typing import Any

import pyarrow as pa

from selaras.scoring import engines, facts, points
from selaras.scoring.answers import HOUSEHOLD_ID, Answers
from selaras.scoring.card import to_json
from selaras.scoring.instrument import Instrument
from selaras.scoring.workbook import read_workbook
from tests.reference.card import Json, card
from tests.reference.drawn import HOUSEHOLD, Case, Placed, Row
from tests.reference.render import sheets, xlsx

UNIT = "kelurahan"
TYPES = {"integer": pa.int64(), "decimal": pa.decimal128(38, 12), "date": pa.date32()}
OVERFLOW = "engine.overflow"


def instrument(case: Case, lavish: bool = False) -> Instrument:
    """The drawn workbook as the product reads it. Raises AssertionError with the problems it finds."""
    reading = read_workbook(xlsx(sheets(case.workbook, lavish)))
    errors = [str(problem) for problem in reading.problems if problem.level == "error"]
    assert not errors, "\n".join(errors)
    assert reading.instrument is not None
    return reading.instrument


def answers(case: Case) -> Answers:
    """The answers as tables; a column where nobody answered is left out, as a spreadsheet may lack it."""
    placed = case.workbook.placed()
    keys = [f"k{i}" for i in range(len(case.households))]
    columns = {HOUSEHOLD_ID: pa.array(keys, pa.string())}
    if case.by_unit:
        columns[UNIT] = pa.array([home.unit for home in case.households], pa.string())
    mine = {name: each for name, each in placed.items() if each.over == HOUSEHOLD}
    columns |= _columns(mine, [home.answers for home in case.households])
    repeats = {}
    for repeat in case.workbook.repeats():
        pairs = [(key, row) for key, home in zip(keys, case.households, strict=True) for row in home.rows[repeat]]
        theirs = {name: each for name, each in placed.items() if each.over == repeat}
        ids = pa.array([key for key, _ in pairs], pa.string())
        repeats[repeat] = pa.table({HOUSEHOLD_ID: ids, **_columns(theirs, [row for _, row in pairs])})
    return Answers(pa.table(columns), repeats, UNIT if case.by_unit else None)


def _columns(questions: dict[str, Placed], rows: list[Row]) -> dict[str, pa.Array]:
    made = {}
    for name, placed in questions.items():
        values = [decimal(raw) if isinstance(raw, Fraction) else raw for raw in (row.get(name) for row in rows)]
        if any(value is not None for value in values):
            made[name] = pa.array(values, TYPES.get(placed.question.kind, pa.string()))
    return made


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


def computed(case: Case, made: Instrument, engine: str, dsn: str | None) -> tuple[list[Json], set[str]]:
    """The card's units, numbers as fractions, and the codes of the problems found on the way."""
    tallies = engines.tally(made, answers(case), engine=engine, dsn=dsn, today=case.today)
    found: dict[str, Any] = loads(to_json(points.scorecard(made, tallies, given(case))), parse_float=Fraction)
    codes = {problem.code for problem in tallies.problems}
    return found["units"], codes


def difference(case: Case, engine: str = "duckdb", dsn: str | None = None, lavish: bool = False) -> str:
    """What the engine says otherwise than the reference; '' where they agree.

    Where a number that the outcome rests on does not fit, the engine must say so, and its card is not asked for.
    Where one does not fit that the outcome does not rest on, it may say so.
    """
    expected, counted = card(case)
    units, codes = computed(case, instrument(case, lavish), engine, dsn)
    overflowed = any(code.startswith(OVERFLOW) for code in codes)
    if counted.overflow:
        return "" if overflowed else "overflow not reported"
    if overflowed:
        return "" if counted.overflow_seen else "overflow reported where all numbers fit"
    return "\n".join(differences(expected, units, ""))


def differences(expected: Any, found: Any, path: str) -> list[str]:
    """Every leaf that differs, with the way to it."""
    if isinstance(expected, dict) and isinstance(found, dict):
        keys = list(dict.fromkeys([*expected, *found]))
        return [line for key in keys for line in differences(expected.get(key), found.get(key), f"{path}/{key}")]
    if isinstance(expected, list) and isinstance(found, list) and len(expected) == len(found):
        pairs = enumerate(zip(expected, found, strict=True))
        return [line for i, (left, right) in pairs for line in differences(left, right, f"{path}/{i}")]
    return [] if expected == found else [f"{path}: reference {expected}, engine {found}"]
