"""Rows of a workbook are as tall as their text, so that LibreOffice, which does not measure, shows all of it."""

import io

import openpyxl

from selaras.errors import Problem
from selaras.reports.evidence_codes import HEADER, Row, codes_xlsx
from selaras.reports.heights import LINE, height_of
from selaras.reports.problems import Marked, ProblemSheet, problems_xlsx


def test_a_row_is_as_tall_as_its_longest_text_is_in_lines() -> None:
    assert height_of([("satu", 44), (12, 10), (None, 10)]) is None
    assert height_of([]) is None
    assert height_of([("? (belum dijawab)", 12), ("satu", 44)]) == 2 * LINE
    assert height_of([("satu\ndua\n\nempat", 44)]) == 4 * LINE
    assert height_of([("kata " * 2_000, 5)]) == 27 * LINE


def test_what_is_wrong_in_a_row_is_seen_whole() -> None:
    problem = Problem("import.no_rows", "warga!A2", {"name": "a.xlsx"})
    sheet = ProblemSheet(
        name="warga",
        rows=lambda: iter([(1, ["kode"]), (2, ["GD-001"]), (3, ["GD-002"])]),
        header_row=1,
        header=("kode",),
        marked={2: Marked(((0, problem), (0, problem), (0, problem)))},
    )
    page = openpyxl.load_workbook(io.BytesIO(problems_xlsx([sheet])))["warga"]
    lines = str(page["A2"].value).split("\n")
    assert len(lines) == 3
    assert page.row_dimensions[2].height >= 3 * LINE
    assert page.row_dimensions[3].height is None


def test_a_code_without_evidence_has_its_row_beside_those_that_are_proved() -> None:
    proved = Row("1.2", "Perda anak " * 12, "Foto", "photo", "verified", file="a.jpg")
    book = openpyxl.load_workbook(io.BytesIO(codes_xlsx("Daftar", "", [Row("1.1", "Perwal anak"), proved])))
    page = book["Daftar"]
    cells = [tuple(cell.value for cell in row[:3]) for row in page.iter_rows(min_row=4, max_row=6)]
    assert cells == [HEADER[:3], ("1.1", "Perwal anak", "belum ada bukti"), ("1.2", proved.text, "Foto")]
    assert (page.row_dimensions[5].height, page.row_dimensions[6].height) == (None, 3 * LINE)
