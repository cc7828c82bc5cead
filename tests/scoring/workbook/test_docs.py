"""docs/workbook.md says all that the code does, and its first example works."""

import re
from pathlib import Path

from selaras.odk import archive, survey
from selaras.scoring.expressions.tree import FUNCTIONS
from selaras.scoring.protection import MEASURES
from selaras.scoring.workbook import read_workbook
from selaras.scoring.workbook.layout import INSTRUMENT_KEYS, SHEETS
from selaras.scoring.workbook.sheets import MAX_ROWS
from tests.build_workbook import Cell, workbook

TEXT = (Path(__file__).resolve().parents[3] / "docs" / "workbook.md").read_text()


def section(heading: str) -> str:
    """What stands under a heading, up to the next of the same height."""
    found = re.search(rf"^## {re.escape(heading)}$(.*?)(?=^## |\Z)", TEXT, re.MULTILINE | re.DOTALL)
    assert found is not None, heading
    return found[1]


def rows_of(text: str) -> list[list[Cell]]:
    lines = [line for line in text.strip().splitlines() if line.startswith("|") and not line.startswith("|---")]
    return [[cell.strip().strip("`") for cell in line.strip("|").split("|")] for line in lines]


def test_every_column_of_every_sheet_is_described() -> None:
    missing = [
        f"{sheet}.{column.name}"
        for sheet, columns in SHEETS.items()
        for column in columns
        if not re.search(rf"\b{column.name}\b", section(sheet))
    ]
    assert missing == []


def test_every_key_closed_value_function_and_measure_is_described() -> None:
    words = [*INSTRUMENT_KEYS, *MEASURES]
    words += [value for columns in SHEETS.values() for column in columns for value in column.closed]
    assert [word for word in words if not re.search(rf"\b{re.escape(word)}\b", TEXT)] == []
    functions = section("Expressions (Ungkapan)") + section("survey, choices, settings")
    assert [name for name in FUNCTIONS if f"{name}(" not in functions] == []


def test_the_limits_are_those_of_the_code() -> None:
    limits = {cells[0]: cells[1] for cells in rows_of(section("Limits"))}
    assert limits["file, and its content once unpacked"] == f"{archive.MAX_INFLATED // 1024**2} MiB"
    assert limits["rows in all sheets"] == f"{archive.MAX_ROWS:,}"
    assert limits["columns of a sheet"] == f"{archive.MAX_COLUMNS:,}"
    assert limits["rows of one of our sheets"] == f"{MAX_ROWS:,}"
    assert limits["fields of the form"] == f"{survey.MAX_FIELDS:,}"


def test_the_example_of_ten_minutes_is_a_sound_instrument() -> None:
    parts = re.split(r"^`(\w+)`.*$", section("In ten minutes"), flags=re.MULTILINE)[1:]
    sheets = {name: rows_of(text) for name, text in zip(parts[::2], parts[1::2], strict=True)}
    assert list(sheets) == ["instrument", "survey", "choices", "aspects", "indicators"]
    reading = read_workbook(workbook(sheets))
    assert reading.problems == ()
    assert reading.instrument is not None
    assert list(reading.instrument.indicators) == ["jamban_sehat"]
    index = sheets["indicators"][0].index("expression")
    sheets["indicators"][1][index] = "${jambann} = 'leher_angsa'"
    told = [str(problem) for problem in read_workbook(workbook(sheets)).problems]
    assert told == ["indicators!G2: ${jambann} tidak dikenal; maksud Anda ${jamban}?"]
    assert told[0] in TEXT
