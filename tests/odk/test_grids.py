"""Workbooks of offices: hidden sheets left out, .ods guarded like .xlsx, nothing expanded beyond its limits."""

import io
import zipfile

import pytest
import xlsxwriter

from selaras.errors import InputError
from selaras.odk.archive import MAX_FAMILIES_INFLATED, MAX_INFLATED, guard
from selaras.odk.grids import Grid, read_grids
from tests.build_workbook import repacked

_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?><office:document-content'
    ' xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
    ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
)
_TAIL = "</office:spreadsheet></office:body></office:document-content>"


def ods(body: str, *, head: str = _HEAD, manifest: str = "") -> bytes:
    """An .ods whose content.xml holds these tables."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet", zipfile.ZIP_STORED)
        space = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
        packed.writestr("META-INF/manifest.xml", f'<m:manifest xmlns:m="{space}">{manifest}</m:manifest>')
        packed.writestr("content.xml", head + body + _TAIL)
    return buffer.getvalue()


def row(*texts: str, times: int = 1, wide: int = 1) -> str:
    cell = f'<table:table-cell office:value-type="string" table:number-columns-repeated="{wide}"><text:p>'
    cells = "".join(f"{cell}{text}</text:p></table:table-cell>" for text in texts)
    return f'<table:table-row table:number-rows-repeated="{times}">{cells}</table:table-row>'


def table(*rows: str, name: str = "K") -> str:
    return f'<table:table table:name="{name}">{"".join(rows)}</table:table>'


BLANK = (
    '<table:table-row table:number-rows-repeated="1048570">'
    '<table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
)


def texts(grid: Grid) -> list[list[str]]:
    return [cells for _, cells in grid.rows()]


def test_an_ods_is_read_and_its_endless_blank_rest_is_not() -> None:
    merged = (
        '<table:table-row><table:table-cell table:number-columns-spanned="2" table:number-rows-spanned="1"'
        ' office:value-type="string"><text:p>Judul</text:p></table:table-cell><table:covered-table-cell/>'
        "</table:table-row>"
    )
    (grid,) = read_grids(ods(table(merged, row("kode", "'0812"), BLANK)), name="a.ods")
    assert (grid.name, texts(grid)) == ("K", [["Judul", ""], ["kode", "0812"]])
    assert [(area.top, area.left, area.bottom, area.right) for area in grid.merged] == [(1, 0, 1, 1)]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (ods(table(row("x", times=900_000))), "berisi lebih dari 200.000 baris"),
        (ods(table(BLANK, row("x"))), "berisi lebih dari 200.000 baris"),
        (ods(table(row("x", wide=9_000))), "terlalu luas untuk dibaca"),
        (ods(table(row("x", times=9_000, wide=900))), "terlalu luas untuk dibaca"),
        (ods(table(row("x" * 2_000, times=150_000))), "membengkak"),
        (ods("", head='<!DOCTYPE x [<!ENTITY a "b">]>' + _HEAD), "membawa DTD"),
        (ods(table(row("a")), manifest="<m:encryption-data/>"), "dikunci dengan sandi"),
        (ods("<table:table>"), "isi berkas a.ods rusak"),
        (ods(table(row("a")))[:200], "bukan buku kerja"),
    ],
)
def test_what_could_fill_the_memory_or_is_broken_is_refused_in_words(content: bytes, said: str) -> None:
    with pytest.raises(InputError) as refused:
        read_grids(content, name="a.ods")
    assert [said in str(problem) for problem in refused.value.problems] == [True]


def test_hidden_sheets_are_left_out_and_formulas_and_errors_told() -> None:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        page = book.add_worksheet("Data")
        page.write_formula("A1", "=1+1", None, 2)
        page.write_formula("B2", "=1/0", None, "#DIV/0!")
        book.add_worksheet("Rahasia").hide()
    (grid,) = read_grids(buffer.getvalue(), name="a.xlsx")
    assert (grid.name, grid.formulas) == ("Data", ("A1", "B2"))


def test_a_number_with_three_decimals_is_no_thousand_and_what_was_typed_as_text_stays() -> None:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        page = book.add_worksheet("Data")
        for column, value in enumerate((3.125, -0.125, 3.5, 1250, 1250.125)):
            page.write_number(0, column, value)
        page.write_string(0, 5, "3.125")
    (grid,) = read_grids(buffer.getvalue(), name="a.xlsx")
    assert texts(grid) == [["3,125", "-0,125", "3.5", "1250", "1250.125", "3.125"]]


def test_a_sheet_of_families_may_be_larger_than_a_workbook_of_the_programme() -> None:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        book.add_worksheet("keluarga").write_string(0, 0, "kode")

    def padded(size: int) -> bytes:
        """One more part of so many MiB."""
        return repacked(buffer.getvalue(), {"xl/lain.xml": b"<a>" + b" " * (size * 1024**2) + b"</a>"})

    [grid] = read_grids(padded(65), name="data.xlsx")
    assert list(grid.rows()) == [(1, ["kode"])]
    said = []
    for most, content in ((MAX_INFLATED, padded(65)), (MAX_FAMILIES_INFLATED, padded(161))):
        with pytest.raises(InputError) as refused:
            guard(content, name="data.xlsx", inflated=most)
        said += [str(problem).partition(";")[0] for problem in refused.value.problems]
    assert said == [f"isi berkas data.xlsx membengkak lebih dari batas {limit} MiB saat dibuka" for limit in (64, 160)]
