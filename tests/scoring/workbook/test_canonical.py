"""The SHA-256 is of what a workbook says, not of how a spreadsheet stored it."""

import io
import random
from collections.abc import Callable

import openpyxl
import pytest
import xlsxwriter

from selaras.scoring.workbook import read_workbook
from tests.build_workbook import workbook
from tests.sample_workbook import SAMPLE, changed, rows, sample

FIRST = "7ca2faf48114a23f3ed75b206525b45a3c172dbdbf47227b5fbc440b2def9f8a"


def sha(content: bytes) -> str:
    reading = read_workbook(content, name="buku.xlsx", xform=False)
    assert reading.errors == ()
    assert reading.instrument is not None
    return reading.instrument.sha256


def saved_anew(content: bytes) -> bytes:
    """As another spreadsheet program would save it: new styles, strings and dimensions, the same cells."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    for page in book.worksheets:
        page.freeze_panes = "B2"
        page.column_dimensions["A"].width = 40
        page["A1"].font = openpyxl.styles.Font(bold=True)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def shuffled_columns() -> bytes:
    sheets = {}
    for name in SAMPLE:
        content = rows(name)
        width = max(map(len, content))
        order = random.Random(name).sample(range(width), width)
        sheets[name] = [[(row + [None] * width)[:width][index] for index in order] for row in content]
    return workbook(sheets)


def other_order_of_sheets() -> bytes:
    return workbook({name: SAMPLE[name] for name in reversed(SAMPLE)})


def with_blank_rows() -> bytes:
    return workbook({name: [row for one in rows(name) for row in (one, [])] for name in SAMPLE})


def numbers_as_numbers() -> bytes:
    weights = [[*row[:3], float(row[3]) if row[3] != "weight" else row[3]] for row in rows("aspects")]
    return sample(aspects=weights)


def numbers_with_zeros() -> bytes:
    return changed(("aspects", "D2", "60.00"), ("bands", "C2", "0.50"), ("instrument", "B5", "100.0"))


def spaces_around() -> bytes:
    return changed(("aspects", "C2", "  Kesehatan \n"), ("survey", "C2", " Berapa orang di rumah ini? "))


def guidance_and_looks() -> bytes:
    return sample(petunjuk=[["Baca dulu"]])


def date_as_a_date() -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        for name in SAMPLE:
            page = book.add_worksheet(name)
            for number, row in enumerate(rows(name)):
                for index, cell in enumerate(row):
                    if cell == "2024-01-01":
                        page.write_number(number, index, 45292, day)
                    elif cell:
                        page.write(number, index, cell)
    return buffer.getvalue()


def label_with_its_language() -> bytes:
    content = rows("aspects")
    content[0][2] = "label::Bahasa Indonesia (id)"
    return sample(aspects=content)


@pytest.mark.parametrize(
    "made",
    [
        lambda: saved_anew(sample()),
        lambda: saved_anew(numbers_as_numbers()),
        shuffled_columns,
        other_order_of_sheets,
        with_blank_rows,
        numbers_as_numbers,
        numbers_with_zeros,
        spaces_around,
        guidance_and_looks,
        date_as_a_date,
        label_with_its_language,
    ],
)
def test_the_same_content_has_the_same_sha256(made: Callable[[], bytes]) -> None:
    assert sha(made()) == sha(sample())


@pytest.mark.parametrize(
    "made",
    [
        changed(("aspects", "D2", 61)),
        changed(("aspects", "C2", "Sehat")),
        changed(("survey", "C2", "Berapa jiwa?")),
        changed(("choices", "C2", "Angsa")),
        changed(("instrument", "B3", "2024.10")),
        changed(("privacy", "B2", "pribadi")),
        changed(("bands", "D2", 1)),
        changed(("indicators", "C2", "Jamban")),
        sample(aspects=[rows("aspects")[0], *reversed(rows("aspects")[1:])]),
        sample(settings=[["style"], ["pages"]]),
    ],
)
def test_another_content_has_another_sha256(made: bytes) -> None:
    assert sha(made) != sha(sample())


def test_the_sha256_of_the_sample_never_changes() -> None:
    """Published results carry it: a change here would orphan every frozen card."""
    assert sha(sample()) == FIRST
