"""The matrix and the commitments as workbooks to take along. Codes, counts and offices: no family's name."""

import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from selaras.models import CommitmentState, Fund
from selaras.queries.matrix import Cell, Line, MatrixPage
from selaras.queries.plans import CommitmentLine
from selaras.reports.heights import height_of
from selaras.reports.kip import properties

Value = str | int | Decimal | date | None
#: Columns of commitments: title, width. The import reads the same titles back.
COLUMNS = (
    ("Nomor", 9),
    ("OPD", 16),
    ("Kode sub kegiatan", 22),
    ("Kegiatan", 48),
    ("Kebutuhan", 32),
    ("Lokasi", 22),
    ("Keluarga", 10),
    ("Volume", 10),
    ("Satuan", 12),
    ("Anggaran (Rp)", 16),
    ("Sumber dana", 24),
    ("Keterangan sumber dana", 24),
    ("Dasar hukum", 28),
    ("Mulai", 12),
    ("Selesai", 12),
    ("Penanggung jawab", 24),
    ("Keadaan", 14),
    ("Kendala", 32),
)


def matrix_xlsx(page: MatrixPage, lines: Sequence[CommitmentLine]) -> bytes:
    """Two sheets: the table as it stands on the page, and the commitments behind it."""
    return _book([("matriks", _matrix_rows(page), _matrix_widths(page)), _commitments(page.cycle.synthetic, lines)])


def commitments_xlsx(synthetic: bool, lines: Sequence[CommitmentLine]) -> bytes:
    """One sheet, which the import of commitments reads back."""
    return _book([_commitments(synthetic, lines)])


def _matrix_widths(page: MatrixPage) -> list[int]:
    return [44, 22, 10, 10, 10, 10, 10, *[12] * len(page.columns)]


def _matrix_rows(page: MatrixPage) -> Iterator[tuple[str, Sequence[Value]]]:
    """(style, cells) row by row; style `title`, `head`, `section` or ''."""
    where = "Seluruh lokus" if page.lokus is None else page.lokus.name
    yield "title", (f"Siapa berbuat apa: {page.cycle.programme} {page.cycle.place} {page.cycle.year}",)
    yield "", (f"{where}, per {page.today:%d/%m/%Y}{', DATA CONTOH (sintetis)' if page.cycle.synthetic else ''}",)
    yield (
        "",
        ("Banyaknya kebutuhan keluarga yang terbuka; … berarti ada, tetapi kurang dari 5 dan menyangkut kesehatan.",),
    )
    yield "", ()
    names = [column.short_name for column in page.columns]
    yield "head", ("Kebutuhan", "OPD menurut instrumen", "Keluarga", "Dijanjikan", "Kosong", "Ganda", "Usulan", *names)
    for section in page.sections:
        if section.label:
            yield "section", (section.label,)
        for line in section.lines:
            yield "", (*_line(line), *(_cell(line.cells.get(column.id)) for column in page.columns))
    totals = page.totals
    sums = (totals.needs, totals.served, totals.gap, totals.overlap, totals.proposed)
    yield "section", ("Jumlah yang ditampilkan", "", *sums, *(column.served for column in page.columns))
    volumes = (f"{c.promised}/{c.volume.normalize():f}" if c.volume is not None else None for c in page.columns)
    yield "", ("Keluarga yang dijanjikan / volume", "", None, None, None, None, None, *volumes)


def _line(line: Line) -> tuple[Value, ...]:
    counts = (line.served, line.gap, line.overlap, line.proposed)
    return (line.label, line.named, line.needs or "…", *("…" if count is None else count for count in counts))


def _cell(cell: Cell | None) -> Value:
    if cell is None:
        return None
    if cell.served is None or (cell.served == 0 and cell.proposed is None):
        return "…"
    if cell.served:
        marks = [word for word, yes in (("lewat", cell.late), ("terkendala", cell.blocked)) if yes]
        return f"{cell.served} ({', '.join(marks)})" if marks else cell.served
    if cell.proposed:
        return f"{cell.proposed} (usulan)"
    return "? (belum dijawab)" if cell.asked else None


def _commitments(
    synthetic: bool, lines: Sequence[CommitmentLine]
) -> tuple[str, Iterable[tuple[str, Sequence[Value]]], list[int]]:
    return "komitmen", _commitment_rows(synthetic, lines), [width for _, width in COLUMNS]


def _commitment_rows(synthetic: bool, lines: Sequence[CommitmentLine]) -> Iterator[tuple[str, Sequence[Value]]]:
    if synthetic:
        yield "title", ("DATA CONTOH (sintetis)",)
    yield "head", [title for title, _ in COLUMNS]
    for line in lines:
        yield "", _commitment(line)


def _commitment(line: CommitmentLine) -> tuple[Value, ...]:
    place = " ".join(part for part in (line.place, _inside(line)) if part) or "Seluruh kota"
    return (
        f"K-{line.number:03d}",
        line.agency.short_name,
        line.activity_code,
        line.title,
        line.label,
        place,
        "…" if line.families is None else line.families or None,
        line.volume,
        line.unit,
        line.budget,
        Fund(line.fund).label if line.fund else "",
        line.fund_note,
        line.legal_basis,
        line.starts,
        line.ends,
        line.person,
        CommitmentState(line.state).label,
        line.obstacle,
    )


def _inside(line: CommitmentLine) -> str:
    parts = [part for part in line.area.removeprefix(line.lokus).split(".") if part]
    return " ".join(f"{part[:2]} {part[2:]}" if part.startswith(("RW", "RT")) else part for part in parts)


def _book(sheets: Sequence[tuple[str, Iterable[tuple[str, Sequence[Value]]], Sequence[int]]]) -> bytes:
    import xlsxwriter

    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        book.set_properties(properties("matriks"))
        styles = {
            "": book.add_format({"text_wrap": True, "valign": "top"}),
            "title": book.add_format({"bold": True, "font_size": 14}),
            "head": book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1}),
            "section": book.add_format({"bold": True, "valign": "top"}),
            "date": book.add_format({"num_format": "dd/mm/yyyy", "valign": "top"}),
        }
        for name, rows, widths in sheets:
            _fill(book.add_worksheet(name), rows, widths, styles)
    return buffer.getvalue()


def _fill(sheet: Any, rows: Iterable[tuple[str, Sequence[Value]]], widths: Sequence[int], styles: Any) -> None:
    sheet.set_landscape()
    sheet.set_paper(8)  # A3
    sheet.fit_to_pages(1, 0)
    for index, width in enumerate(widths):
        sheet.set_column(index, index, width)
    for number, (style, cells) in enumerate(rows):
        if style == "head":
            sheet.freeze_panes(number + 1, 1)
            sheet.repeat_rows(number)
        if style in {"", "head"}:
            sheet.set_row(number, height_of(zip(cells, widths, strict=False)))
        for column, value in enumerate(cells):
            _write(sheet, (number, column), value, styles["date" if isinstance(value, date) else style])


def _write(sheet: Any, at: tuple[int, int], value: Value, style: Any) -> None:
    if value is None:
        return
    if isinstance(value, date):
        sheet.write_datetime(*at, value, style)
    elif isinstance(value, int | Decimal):
        sheet.write_number(*at, float(value), style)
    else:
        sheet.write_string(*at, inert(value), style)


def inert(text: str) -> str:
    """Text that no spreadsheet will run, also after it is saved as CSV (OWASP, CSV injection)."""
    return f"'{text}" if text[:1] in "=+-@\t\r" and text else text
