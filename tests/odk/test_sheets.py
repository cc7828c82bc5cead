"""Cells as text, with their address."""

import datetime
import io

import pytest
import xlsxwriter

from selaras.odk.archive import column_index, column_letters
from selaras.odk.sheets import read_sheets, text_of
from selaras.odk.table import as_table
from tests.build_workbook import workbook


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1.0, "1"),
        (0.1, "0.1"),
        (0.1 + 0.2, "0.3"),
        (1e15, "1000000000000000"),
        (3672051234567890.0, "3672051234567890"),
        (1e21, "1000000000000000000000"),
        (1e-7, "0.0000001"),
        (-2.50, "-2.5"),
        (7, "7"),
        (True, "TRUE"),
        (False, "FALSE"),
        (" a\r\nb ", "a\nb"),
        ("a_x000D_\nb", "a\nb"),
        ("1.0", "1.0"),
        ("007", "007"),
        (datetime.date(2024, 1, 31), "2024-01-31"),
        (datetime.datetime(2024, 1, 31), "2024-01-31"),  # noqa: DTZ001  (a spreadsheet knows no zone)
        (datetime.datetime(2024, 1, 31, 5, 30), "2024-01-31T05:30:00"),  # noqa: DTZ001
        (datetime.time(4, 5), "04:05:00"),
        (datetime.timedelta(hours=30), "1 day, 6:00:00"),
        ("", ""),
    ],
)
def test_a_cell_becomes_the_text_that_a_person_meant(value: object, text: str) -> None:
    assert text_of(value) == text  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("index", "letters"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA"), (16383, "XFD")]
)
def test_columns_have_letters(index: int, letters: str) -> None:
    assert column_letters(index) == letters
    assert column_index(letters) == index


def test_rows_keep_their_place_and_lose_their_blank_ends() -> None:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        page = book.add_worksheet("survey")
        page.write(2, 2, "c3")
        page.write(4, 0, "a5")
        page.write_blank(9, 9, None, book.add_format({"bold": True}))
    sheet = read_sheets(buffer.getvalue()).sheets["survey"]
    assert sheet.rows == ((), (), ("", "", "c3"), (), ("a5",))
    assert sheet.where(3, 2) == "survey!C3"


def test_a_table_finds_columns_by_name_and_language_in_any_order() -> None:
    content = workbook(
        {
            "x": [
                ["Label::English (en)", "bind::relevant", "list name", "label"],
                ["Age", "1 = 1", "a", "Umur"],
                [],
                ["x"],
            ]
        }
    )
    table = as_table(read_sheets(content).sheets["x"], {})
    first, last = table.rows
    assert (first.number, last.number) == (2, 4)
    assert first.labels("label", "Bahasa Indonesia (id)") == {"English (en)": "Age", "Bahasa Indonesia (id)": "Umur"}
    assert (first.text("relevant"), first.where("relevant")) == ("1 = 1", "x!B2")
    assert (first.text("list_name"), last.text("list_name")) == ("a", "")
    assert (last.where("label"), last.where("nothing")) == ("x!D4", "x!A4")


def test_chart_sheets_are_passed_over() -> None:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        page = book.add_worksheet("survey")
        page.write(0, 0, 1)
        chart = book.add_chart({"type": "column"})
        chart.add_series({"values": "=survey!$A$1:$A$1"})
        book.add_chartsheet("grafik").set_chart(chart)
    assert list(read_sheets(buffer.getvalue()).sheets) == ["survey"]
