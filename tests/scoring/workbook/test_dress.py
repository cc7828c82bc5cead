"""A dressed workbook says the same and is pleasant to open."""

from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet
from tools.dress_workbook import main

from selaras.odk.sheets import read_sheets
from selaras.scoring.workbook import read_workbook
from selaras.scoring.workbook.layout import DEFAULT_LANGUAGE, SHEETS
from tests.sample_workbook import SAMPLE, sample

ROOT = Path(__file__).resolve().parents[3]
SHIPPED = sorted((ROOT / "instruments").glob("*/*/workbook.xlsx"))


@pytest.fixture
def dressed(tmp_path: Path) -> Path:
    file = tmp_path / "buku.xlsx"
    file.write_bytes(sample())
    assert main([str(file)]) == 0
    return file


def lists_of(page: Worksheet) -> dict[str, str]:
    """Header -> the values that its drop-down offers."""
    return {
        page.cell(1, next(iter(rule.sqref.ranges)).min_col).value: rule.formula1.strip('"')
        for rule in page.data_validations.dataValidation
    }


def test_dressing_keeps_the_sha256_and_every_cell(dressed: Path) -> None:
    before, after = read_workbook(sample(), xform=False), read_workbook(dressed, xform=False)
    assert after.problems == ()
    assert before.instrument is not None
    assert after.instrument is not None
    assert after.instrument.sha256 == before.instrument.sha256
    cells = {name: sheet.rows for name, sheet in read_sheets(dressed).sheets.items() if name != "petunjuk"}
    assert cells == {name: sheet.rows for name, sheet in read_sheets(sample()).sheets.items()}


def test_dressing_twice_changes_nothing(dressed: Path) -> None:
    before = {name: sheet.rows for name, sheet in read_sheets(dressed).sheets.items()}
    assert main([str(dressed)]) == 0
    assert {name: sheet.rows for name, sheet in read_sheets(dressed).sheets.items()} == before


def test_guidance_stands_first_and_the_sheets_follow_in_reading_order(dressed: Path) -> None:
    names = openpyxl.load_workbook(dressed).sheetnames
    assert names[:4] == ["petunjuk", "instrument", "survey", "choices"]
    assert sorted(names[1:]) == sorted(SAMPLE)


def test_closed_columns_offer_their_values(dressed: Path) -> None:
    book = openpyxl.load_workbook(dressed)
    offered = lists_of(book["indicators"])
    assert offered["from"] == "survey,record,activity,protection,judged"
    assert offered["rule"] == "linear,bands,options,yes_no"
    assert offered["aggregate"] == "share,mean,sum,count,median,min,max"
    assert offered["missing"] == "exclude,zero,fail"
    assert offered["over"] == "household,member"
    assert offered["aspect"] == "aspects!$A$2:$A$404"
    assert lists_of(book["aspects"]) == {"parent": "aspects!$A$2:$A$404"}
    assert lists_of(book["bands"]) == {"indicator": "indicators!$A$2:$A$406"}
    assert offered["measure"].split(",")[:2] == ["channel_exists", "channel_known"]
    assert lists_of(book["privacy"])["class"] == "umum,pribadi,kesehatan"
    assert lists_of(book["calculations"]) == {"over": "household,member"}
    assert "select_one jamban" in lists_of(book["survey"])["type"]


def test_no_drop_down_is_longer_than_a_cell_may_hold(dressed: Path) -> None:
    book = openpyxl.load_workbook(dressed)
    lengths = [len(values) for page in book.worksheets for values in lists_of(page).values()]
    assert lengths
    assert max(lengths) <= 255


def test_headers_stay_in_view_and_say_what_they_are(dressed: Path) -> None:
    book = openpyxl.load_workbook(dressed)
    for name, columns in SHEETS.items():
        page = book[name]
        assert page.freeze_panes == "B2"
        known = {column.name for column in columns}
        headers = [cell for cell in page[1] if str(cell.value).partition("::")[0] in known]
        assert headers
        assert [cell.value for cell in headers if cell.comment is None or not cell.comment.text] == []
        assert [cell.value for cell in headers if not cell.font.bold or not cell.alignment.wrap_text] == []


def test_columns_have_readable_widths(dressed: Path) -> None:
    page = openpyxl.load_workbook(dressed)["indicators"]
    widths = {
        page.cell(1, index).value: page.column_dimensions[letter].width
        for index, letter in ((1, "A"), (3, "C"), (9, "I"))
    }
    assert {name: round(width) for name, width in widths.items()} == {"indicator": 27, "label": 45, "expression": 53}


def test_a_version_stays_text_and_a_weight_is_a_number(dressed: Path) -> None:
    book = openpyxl.load_workbook(dressed)
    assert book["instrument"]["B3"].value == "2024.1"
    assert book["instrument"]["B5"].value == 100
    assert book["aspects"]["D2"].value == 60


def test_guidance_may_come_from_a_file(dressed: Path, tmp_path: Path) -> None:
    text = tmp_path / "petunjuk.md"
    text.write_text("# Untuk apa\nUntuk menilai.\n\n# Cara mengisi\nPelan-pelan.\n")
    assert main([str(dressed), "--guidance", str(text)]) == 0
    page = openpyxl.load_workbook(dressed)["petunjuk"]
    assert [row[0].value for row in page.iter_rows()] == [
        "Untuk apa",
        "Untuk menilai.",
        "",
        "Cara mengisi",
        "Pelan-pelan.",
    ]
    assert [bool(row[0].font.bold) for row in page.iter_rows()] == [True, False, False, True, False]
    assert main([str(dressed)]) == 0
    page = openpyxl.load_workbook(dressed)["petunjuk"]
    assert [bool(row[0].font.bold) for row in page.iter_rows()] == [True, False, False, True, False]


def test_a_new_workbook_has_every_sheet_and_column(tmp_path: Path) -> None:
    file = tmp_path / "baru.xlsx"
    assert main([str(file), "--new"]) == 0
    sheets = read_sheets(file).sheets
    assert list(sheets) == ["petunjuk", "instrument", "survey", "choices", "settings", *list(SHEETS)[1:]]
    for name, columns in SHEETS.items():
        spelled = [f"{one.name}::{DEFAULT_LANGUAGE}" if one.translated else one.name for one in columns]
        assert list(sheets[name].rows[0]) == spelled
    codes = {problem.code for problem in read_workbook(file).problems}
    assert codes == {"cell.blank"}


def test_a_new_workbook_never_overwrites(dressed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = dressed.read_bytes()
    with pytest.raises(SystemExit):
        main([str(dressed), "--new"])
    assert "already exists" in capsys.readouterr().err
    assert dressed.read_bytes() == before


@pytest.mark.parametrize("file", SHIPPED, ids=[str(file.relative_to(ROOT)) for file in SHIPPED])
def test_a_shipped_workbook_opens_on_its_guidance_with_drop_downs_and_frozen_headers(file: Path) -> None:
    book = openpyxl.load_workbook(file)
    assert book.sheetnames[0] == "petunjuk"
    assert book.active is not None
    assert book.active.title == "petunjuk"
    for name, columns in SHEETS.items():
        closed = {column.name for column in columns if column.closed} if name in book.sheetnames else set()
        headers = {cell.value for cell in book[name][1]} if closed else set()
        offered = set(lists_of(book[name])) if closed else set()
        assert closed & headers - offered == set()
    assert [name for name in book.sheetnames[1:] if book[name].freeze_panes != "B2"] == []
