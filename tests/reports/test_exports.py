"""Tables as CSV, XLSX and Parquet: every kind of value, nothing that a spreadsheet would run, any length."""

import csv
import io
import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl
import pyarrow as pa
import pytest
from pyarrow import parquet

from selaras.queries.extract import Column, FileForm, Row, Table
from selaras.reports import exports
from selaras.reports.exports import Made, write_tables

FAMILIES = Table(
    "keluarga",
    (
        Column("household_id", "Kode keluarga", "text"),
        Column("jumlah", "Berapa orang?", "integer"),
        Column("iuran", "Iuran", "decimal"),
        Column("lahir", "Tanggal lahir", "date"),
        Column("catatan", "=Catatan", "text"),
    ),
)
MEMBERS = Table("member", (Column("household_id", "Kode keluarga", "text"), Column("umur", "Umur", "integer")))
ROWS: list[Row] = [
    ["GD-001", -4, Decimal("-2.500000000001"), date(1985, 3, 3), '=HYPERLINK("x")'],
    ["GD-002", None, None, None, "+62 812"],
    ["GD-003", 2, Decimal(5000), None, "baik, \n sekali"],
]
NOTES = ("Jawaban keluarga", "=bukan rumus")


def write(folder: Path, form: FileForm, *tables: Table, words: bool = False) -> Made:
    chunks = [
        {"keluarga": ROWS[:2], "member": [["GD-001", 30], ["GD-001", 3]]},
        {"keluarga": ROWS[2:], "member": [["GD-003", 61]]},
    ]
    return write_tables(folder, form, tables or (FAMILIES, MEMBERS), chunks, words=words, notes=NOTES)


def table_of(content: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content, newline="")))


def test_one_table_as_csv_is_a_file_by_itself_and_no_cell_begins_a_formula(tmp_path: Path) -> None:
    made = write(tmp_path, "csv", FAMILIES)

    assert (made.suffix, made.families) == (".csv", 3)
    content = made.path.read_bytes()
    assert content.startswith("\ufeff".encode())
    assert table_of(content.decode("utf-8-sig")) == [
        ["household_id", "jumlah", "iuran", "lahir", "catatan"],
        ["GD-001", "-4", "-2.500000000001", "1985-03-03", '\'=HYPERLINK("x")'],
        ["GD-002", "", "", "", "'+62 812"],
        ["GD-003", "2", "5000", "", "baik, \n sekali"],
    ]


def test_a_day_that_spreadsheets_do_not_agree_on_is_text(tmp_path: Path) -> None:
    days = [date(1850, 1, 1), date(1900, 2, 28), date(1900, 3, 1)]
    chunks = [{"keluarga": [["GD-001", None, None, day, None] for day in days]}]
    made = write_tables(tmp_path, "xlsx", (FAMILIES,), chunks, words=False, notes=NOTES)

    sheet = openpyxl.load_workbook(made.path)["keluarga"]
    assert [str(cell.value) for cell in sheet["D"][1:]] == ["1850-01-01", "1900-02-28", "1900-03-01 00:00:00"]


def test_several_tables_come_in_a_zip_with_what_is_to_know(tmp_path: Path) -> None:
    made = write(tmp_path, "csv")

    assert made.suffix == ".zip"
    with zipfile.ZipFile(made.path) as packed:
        assert packed.namelist() == ["petunjuk.txt", "keluarga.csv", "member.csv"]
        assert packed.read("petunjuk.txt").decode() == "Jawaban keluarga\r\n=bukan rumus\r\n"
        members = table_of(packed.read("member.csv").decode("utf-8-sig"))
    assert members == [["household_id", "umur"], ["GD-001", "30"], ["GD-001", "3"], ["GD-003", "61"]]
    # What was packed does not stay beside it.
    assert sorted(path.name for path in tmp_path.iterdir()) == ["semua.zip"]


def test_a_workbook_has_a_sheet_a_table_numbers_as_numbers_and_no_formula(tmp_path: Path) -> None:
    made = write(tmp_path, "xlsx", words=True)

    book = openpyxl.load_workbook(made.path)
    assert (made.suffix, book.sheetnames) == (".xlsx", ["petunjuk", "keluarga", "member"])
    rows = [[cell.value for cell in row] for row in book["keluarga"].iter_rows()]
    assert rows[0] == ["Kode keluarga", "Berapa orang?", "Iuran", "Tanggal lahir", "'=Catatan"]
    assert [rows[1][:3], rows[1][3].date(), rows[1][4]] == [
        ["GD-001", -4, -2.500000000001], date(1985, 3, 3), "'=HYPERLINK(\"x\")",
    ]  # fmt: skip
    kinds = {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row}
    assert kinds == {"s", "n", "d"}
    with zipfile.ZipFile(made.path) as packed:
        assert [name for name in packed.namelist() if b"<f>" in packed.read(name)] == []


def test_a_table_longer_than_a_sheet_goes_on_in_the_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "_MOST_ROWS", 3)
    made = write(tmp_path, "xlsx")

    book = openpyxl.load_workbook(made.path, read_only=True)
    found = {sheet.title: [row[0] for row in sheet.iter_rows(values_only=True)] for sheet in book.worksheets}
    assert found == {
        "petunjuk": ["Jawaban keluarga", "'=bukan rumus"],
        "keluarga": ["household_id", "GD-001", "GD-002"],
        "member": ["household_id", "GD-001", "GD-001"],
        "keluarga 2": ["household_id", "GD-003"],
        "member 2": ["household_id", "GD-003"],
    }


def test_parquet_has_the_types_that_scoring_reads(tmp_path: Path) -> None:
    made = write(tmp_path, "parquet", FAMILIES)

    table = parquet.read_table(made.path)
    assert [(field.name, field.type) for field in table.schema] == [
        ("household_id", pa.string()),
        ("jumlah", pa.int64()),
        ("iuran", pa.decimal128(38, 12)),
        ("lahir", pa.date32()),
        ("catatan", pa.string()),
    ]
    # Nothing runs in Parquet: what was answered stays as it was.
    assert table.column("catatan").to_pylist() == [row[4] for row in ROWS]
    assert table.column("iuran").to_pylist() == [Decimal("-2.500000000001"), None, Decimal(5000)]


@pytest.mark.parametrize("form", exports._WRITERS)
def test_tables_without_a_row_have_their_columns(tmp_path: Path, form: FileForm) -> None:
    made = write_tables(tmp_path, form, (MEMBERS,), [], words=False, notes=NOTES) if form != "xlsx" else None
    if made is None:
        made = write_tables(tmp_path, form, (FAMILIES,), [], words=False, notes=NOTES)
        book = openpyxl.load_workbook(made.path)
        assert [cell.value for cell in book["keluarga"][1]] == [column.name for column in FAMILIES.columns]
    elif form == "csv":
        assert table_of(made.path.read_text("utf-8-sig")) == [["household_id", "umur"]]
    else:
        assert parquet.read_table(made.path).column_names == ["household_id", "umur"]
    assert made.families == 0


def test_parquet_is_written_in_groups_of_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "GROUP", 2)
    made = write(tmp_path, "parquet", FAMILIES)

    assert parquet.ParquetFile(made.path).metadata.num_row_groups == 2
