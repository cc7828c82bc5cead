"""Spreadsheets as offices have them: titles over titles, group headings, sums and signatures around the families."""

# ruff: noqa: E501  (a table is read across: its rows may be long)

import io
from collections.abc import Mapping, Sequence

import xlsxwriter

Cell = str | int | float | None

#: What a kelurahan's secretary sends in February: three merged title rows, two rows of titles, columns numbered.
UNTIDY: Sequence[Sequence[Cell]] = (
    ["DATA KELUARGA BINAAN PROGRAM P2WKSS"],
    ["KELURAHAN UJI TAHUN 2024"],
    [],
    ["No", "Nomor Kartu Keluarga\n(16 digit)", "NIK", "Nama Kepala Keluarga", "Alamat", "RT/RW", "No. HP", "Keadaan rumah", None, "Iuran sebulan\n(Rp)", "Tgl. lahir", "Ket."],
    [None, None, None, None, None, None, None, "Jumlah orang (jiwa)", "Jamban apa yang dipakai?", None, None, None],
    [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12],
    [1, "9900000000000001", "9911000000000001", "Ani Uji", "Jl. Uji No. 1", "003/005", 81200000001, "4 orang", "Leher angsa", "Rp 2.500,-", "3 Maret 1985", None],
    [2, "'9900000000000002", None, "Budi Uji", "Jl. Uji No. 2", "3/5", "0812 0000 0002", 3, "cemplung", "-", "03/03/85", "pindahan"],
    [3, 990000000000003, "9911000000000003", "Citra Uji", "Jl. Uji No. 3", "RT 04 RW 05", None, 2, "Cemplung", 5000, 31109, None],
    [4, "9900000000000001", "9911000000000004", "Dewi Uji", "Jl. Uji No. 4", "04/05", None, 5, "leher angsa", None, "17-08-1990", None],
    [],
    ["JUMLAH", None, None, None, None, None, None, 14, None, 7500, None, None],
    [None, None, None, None, None, None, None, None, None, "Cilegon, 1 Maret 2024"],
    [None, "Mengetahui,", None, None, None, None, None, None, None, "Pendata"],
    [None, "NIP. 19700101 199003 1 001", None, "Lurah Uji"],
)  # fmt: skip
#: Merged areas of UNTIDY: the titles over the whole width, two columns under one title.
UNTIDY_MERGED = ("A1:L1", "A2:L2", "A4:A5", "B4:B5", "C4:C5", "H4:I4", "A12:G12")


def sheet(
    rows: Sequence[Sequence[Cell]],
    merged: Sequence[str] = (),
    *,
    more: Mapping[str, Sequence[Sequence[Cell]]] | None = None,
) -> bytes:
    """An .xlsx with a sheet `DATA 2024` of these rows and merged areas, and `more` plain sheets."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False}) as book:
        for name, content in {"DATA 2024": rows, **(more or {})}.items():
            page = book.add_worksheet(name)
            for area in merged if name == "DATA 2024" else ():
                page.merge_range(area, "")
            for row, cells in enumerate(content):
                for column, cell in enumerate(cells):
                    if isinstance(cell, int | float):
                        page.write_number(row, column, cell)
                    elif cell:
                        page.write_string(row, column, cell)
    return buffer.getvalue()


def untidy(*, without: Sequence[int] = ()) -> bytes:
    """The untidy sheet, some of its rows (1-based) left out of it as if nobody had written them."""
    rows = [[] if number in without else row for number, row in enumerate(UNTIDY, start=1)]
    return sheet(rows, UNTIDY_MERGED)
