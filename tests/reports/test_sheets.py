"""The sheet of an agency and the matrix on A3: what stands on them, and that text stays text."""

import io
import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from uuid import UUID

import docx
import pytest
from docx.oxml.ns import qn

from selaras.queries.agency_sheets import AgencySheet, SheetLokus, SheetNeed
from selaras.queries.matrix import Cell, Column, Line, MatrixPage, Section, Totals
from selaras.queries.plans import AgencyRef, CommitmentLine
from selaras.reports.sheets import _cell, matrix_pdf, sheet_of, sheets_file
from tests.reports.sample_meeting import HEAD, MEETING

PROMISE = CommitmentLine(
    id=UUID(int=2),
    number=14,
    agency=AgencyRef(1, "Disperkim", "Dinas Perumahan"),
    lokus="36.72.05.1005",
    place="Gedong Dalem",
    area="",
    title="Bangun jamban",
    activity_code="",
    indicator="jamban",
    label="Jamban sehat",
    volume=Decimal("10.50"),
    unit="unit",
    budget=Decimal("150000000.00"),
    fund="dpa",
    fund_note="",
    legal_basis="",
    starts=None,
    ends=date(2024, 8, 31),
    person="",
    state="blocked",
    obstacle="menunggu sertifikat",
    version=1,
    families=10,
    for_place=False,
    late=False,
    unfunded=False,
    over=False,
)
NEEDS = (
    SheetNeed("Jamban sehat", 39, 22, 10, asked=True, codes=("GD-001", "GD-002")),
    SheetNeed("Tanpa batuk lama", 0, None, None, asked=False, codes=()),
)
SHEET = AgencySheet(
    cycle=MEETING.cycle,
    agency_id=1,
    short_name="Disperkim",
    name="Dinas Perumahan",
    loci=(SheetLokus("Gedong Dalem", NEEDS),),
    commitments=(PROMISE,),
    head=HEAD,
    today=date(2024, 4, 25),
)
LINE = Line("jamban", "Jamban sehat", "Disperkim", 39, 17, 22, 2, 0, {1: Cell(served=10, late=True)})
MATRIX = MatrixPage(
    cycle=MEETING.cycle,
    years=(),
    loci=(),
    lokus=None,
    view="opd",
    columns=(Column(1, "Disperkim", "Dinas Perumahan", 10, None, 0, over=False),),
    sections=(Section("Rumah", (LINE,)),),
    totals=Totals(39, 17, 22, 2, 0),
    families=39,
    late=(),
    unfunded=(),
    over=(),
    unanswered=3,
    overdue=0,
    untold=0,
    worst=LINE,
    commitments=1,
    may_plan=True,
    may_commit=True,
    may_see_families=True,
    today=date(2024, 8, 12),
)


def test_a_sheet_says_what_is_asked_what_is_promised_and_leaves_room_for_the_answer() -> None:
    needs, promises = sheet_of(SHEET).grids

    assert needs.rows == (
        ("Jamban sehat (menunggu jawaban)", "39", "22", "10", "GD-001, GD-002", ""),
        ("Tanpa batuk lama", "…", "…", "…", "", ""),
    )
    assert promises.rows == (
        (
            "K-014",
            "Bangun jamban",
            "Gedong Dalem",
            "10,5 unit",
            "150.000.000",
            "DPA tahun ini",
            "31 Agustus 2024",
            "terkendala: menunggu sertifikat",
        ),
    )


@pytest.mark.parametrize("suffix", ["pdf", "docx"])
def test_sheets_are_the_same_bytes_each_time_and_hostile_text_is_text(suffix: str) -> None:
    hostile = '#panic[x] $x$ \x0b <w:p/> "'
    need = replace(NEEDS[0], label=hostile, codes=(hostile,))
    sheet = replace(SHEET, name=hostile, loci=(SheetLokus(hostile, (need,)),))
    one, two = (sheets_file([sheet, SHEET], "lembar", suffix) for _ in range(2))

    assert one.content[:4] == {"pdf": b"%PDF", "docx": b"PK\x03\x04"}[suffix]
    if suffix == "pdf":
        assert one == two
    else:
        tables = docx.Document(io.BytesIO(one.content)).tables
        assert hostile.replace("\x0b", "") in [cell.text for table in tables for cell in table.rows[-1].cells]


def tied(sheet: AgencySheet) -> list[tuple[list[bool], list[bool]]]:
    """For each table of the DOCX with lines, row by row: whether it stays with what comes next, and in one piece."""
    document = docx.Document(io.BytesIO(sheets_file([sheet], "lembar", "docx").content))
    rows = [list(table.rows) for table in document.tables if table.style.name == "Table Grid"]
    return [
        (
            [all(cell.paragraphs[0].paragraph_format.keep_with_next for cell in row.cells) for row in table],
            [row._tr.trPr is not None and row._tr.trPr.find(qn("w:cantSplit")) is not None for row in table],
        )
        for table in rows
    ]


def test_only_the_last_table_of_a_docx_stays_with_the_signature_and_the_first_begins_under_the_letterhead() -> None:
    one = SheetLokus("Gedong Dalem", NEEDS[:1])
    alone, long = replace(SHEET, loci=(one,), commitments=()), replace(NEEDS[0], codes=("GD-001",) * 200)

    # Each of one row, and with its title tied to it: tied to each other too, they would all go to the second page.
    assert tied(replace(SHEET, loci=(one, one))) == [
        *[([False, False], [False, True])] * 2,
        ([False, True], [False, True]),
    ]
    assert tied(alone) == [([False, False], [False, True])]
    assert tied(replace(alone, loci=(SheetLokus("Gedong Dalem", (long, NEEDS[1])),))) == [
        ([False, False, True], [False, False, True])
    ]


def test_without_any_agency_there_is_a_paper_all_the_same() -> None:
    assert [sheets_file([], "lembar", suffix).content[:2] for suffix in ("pdf", "docx")] == [b"%P", b"PK"]


@pytest.mark.parametrize(
    ("cell", "text", "look"),
    [
        (None, "", ""),
        (Cell(), "", ""),
        (Cell(served=12), "12", "served"),
        (Cell(served=12, late=True), "12", "late"),
        (Cell(served=12, blocked=True), "12", "blocked"),
        (Cell(proposed=3), "3", "proposed"),
        (Cell(asked=True), "?", "asked"),
        # Fewer than five, and a matter of health.
        (Cell(served=None), "…", "served"),
        (Cell(proposed=None), "…", "proposed"),
    ],
)
def test_a_cell_of_the_matrix_says_what_it_may(cell: Cell | None, text: str, look: str) -> None:
    assert _cell(cell) == {"text": text, "look": look}


def test_the_matrix_is_one_sheet_named_by_its_day_and_an_empty_one_is_one_too() -> None:
    whole, empty = matrix_pdf(MATRIX), matrix_pdf(replace(MATRIX, columns=(), sections=()))

    assert (whole.name, whole.content[:4]) == ("matriks-kota-uji-2024-2024-08-12.pdf", b"%PDF")
    assert whole == matrix_pdf(MATRIX)
    assert empty.content[:4] == b"%PDF"


@pytest.mark.parametrize("count", [5, 15, 25, 40])
def test_a_matrix_of_a_usual_year_fits_one_sheet(count: int) -> None:
    names = [f"Dinas{number:02}" for number in range(13)]
    columns = tuple(Column(number, name, name, 1, None, 0, over=False) for number, name in enumerate(names))
    cells = {number: Cell(served=number + 1) for number in range(0, 13, 4)}
    lines = tuple(replace(LINE, label=f"Kebutuhan nomor {number} dengan nama", cells=cells) for number in range(count))
    made = matrix_pdf(replace(MATRIX, columns=columns, sections=(Section("Aspek", lines),)))

    assert re.findall(rb"/Count (\d+)", made.content) == [b"1"]
