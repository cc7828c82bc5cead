"""A drawn case as the files that `selaras score` takes: a workbook, CSV of households and repeats, CSV of facts.

Where a number or a date is blank, every third cell holds nonsense instead: it must count as blank and be told.
"""

import csv
from collections.abc import Sequence
from fractions import Fraction
from itertools import count as counter
from json import loads
from pathlib import Path
from typing import Any

from selaras.scoring.card import to_json
from selaras.scoring.reading import read_answers, read_facts
from selaras.scoring.score import score
from tests.reference import tally
from tests.reference.card import Json, card
from tests.reference.drawn import HOUSEHOLD, Case, Placed, Row
from tests.reference.engine import UNIT, decimal, differences, instrument, no_answers

NONSENSE = "entah"


def difference(case: Case, folder: Path) -> str:
    """What the card from files says otherwise than the reference; '' where they agree. For cases without overflow."""
    made = instrument(case)
    told = write(case, folder)
    repeats = {repeat: folder / f"{repeat}.csv" for repeat in case.workbook.repeats()}
    by = UNIT if case.by_unit else None
    answers, problems = read_answers(made, folder / "keluarga.csv", repeats, by=by)
    facts, wrong = read_facts(folder / "nilai.csv") if case.facts else ((), ())
    assert not wrong, wrong
    scored = score(made, answers, facts, today=case.today, problems=problems)
    found: dict[str, Any] = loads(to_json(scored), parse_float=Fraction)
    expected: list[Json] = card(case, tally.count(case))
    errors = sum(problem.level == "error" for problem in scored.problems)
    return "\n".join(differences(expected, found["units"], "") + differences(told, errors, "answers told"))


def write(case: Case, folder: Path) -> int:
    """Write the files; how many of their cells are no answers."""
    nonsense = counter()
    placed = case.workbook.placed()
    mine = [name for name, each in placed.items() if each.over == HOUSEHOLD]
    header = ["household_id", *([UNIT] if case.by_unit else []), *mine]
    rows = [
        [f"k{i}", *([home.unit or ""] if case.by_unit else []), *_cells(mine, placed, home.answers, nonsense)]
        for i, home in enumerate(case.households)
    ]
    _write(folder / "keluarga.csv", header, rows)
    for repeat in case.workbook.repeats():
        theirs = [name for name, each in placed.items() if each.over == repeat]
        below = [
            [f"k{i}", *_cells(theirs, placed, row, nonsense)]
            for i, home in enumerate(case.households)
            for row in home.rows[repeat]
        ]
        _write(folder / f"{repeat}.csv", ["household_id", *theirs], below)
    given = [[fact.indicator, _number(fact.value), fact.option or ""] for fact in case.facts]
    columns = ["indicator", "value", "option"]
    if case.by_unit:
        columns = ["unit", *columns]
        given = [[fact.unit or "", *cells] for fact, cells in zip(case.facts, given, strict=True)]
    _write(folder / "nilai.csv", columns, given)
    return sum(no_answers(case, set(placed)).values()) + (next(nonsense) + 2) // 3


def _cells(names: list[str], placed: dict[str, Placed], row: Row, nonsense: "counter[int]") -> list[str]:
    cells = []
    for name in names:
        raw = row.get(name)
        if raw is None and placed[name].question.kind in ("integer", "decimal", "date"):
            cells.append("" if next(nonsense) % 3 else NONSENSE)
        elif isinstance(raw, Fraction):
            cells.append(_number(raw))
        else:
            cells.append("" if raw is None else str(raw))
    return cells


def _number(number: Fraction | None) -> str:
    return "" if number is None else f"{decimal(number):f}"


def _write(path: Path, header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([header, *rows])
