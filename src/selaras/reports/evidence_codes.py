"""A list of codes as a sheet: what proves each, how it stands, and where it lies in the archive beside it."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from selaras.models import EvidenceKind, EvidenceState
from selaras.reports.heights import height_of
from selaras.reports.kip import properties
from selaras.reports.targets import inert

HEADER = ("Kode", "Isi", "Bukti", "Jenis", "Keadaan", "Berkas di arsip ini", "Tautan", "SHA-256", "Diterima")
_WIDTHS = (12, 50, 40, 12, 22, 40, 40, 24, 12)


@dataclass(frozen=True, slots=True)
class Row:
    """One piece of evidence of a code; without a title the code has none. `file` is '' where it is not beside it."""

    code: str
    text: str
    title: str = ""
    kind: str = ""
    state: str = ""
    file: str = ""
    url: str = ""
    sha256: str = ""
    received: date | None = None


def codes_xlsx(title: str, source: str, rows: Sequence[Row], *, synthetic: bool = False) -> bytes:
    """The sheet `Daftar`: title, source, a row for each code and piece. No cell of it is a formula or a link."""
    import xlsxwriter

    stream = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(stream, options) as book:
        book.set_properties(properties("daftar-kode"))
        bold, wrap = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
        sheet = book.add_worksheet("Daftar")
        sheet.write_string(0, 0, inert(title), bold)
        said = [source, "data contoh (sintetis)"] if synthetic else [source]
        sheet.write_string(1, 0, inert("; ".join(each for each in said if each)))
        for column, (name, width) in enumerate(zip(HEADER, _WIDTHS, strict=True)):
            sheet.set_column(column, column, width)
            sheet.write_string(3, column, name, bold)
        for number, row in enumerate(rows, start=4):
            cells = _cells(row)
            # A code without evidence ends early.
            sheet.set_row(number, height_of(zip(cells, _WIDTHS, strict=False)))
            for column, text in enumerate(cells):
                sheet.write_string(number, column, inert(text), wrap)
        sheet.freeze_panes(4, 0)
    return stream.getvalue()


def _cells(row: Row) -> tuple[str, ...]:
    if not row.title:
        return (row.code, row.text, "belum ada bukti")
    kind, state = EvidenceKind(row.kind).label, EvidenceState(row.state).label
    received = row.received.isoformat() if row.received else ""
    return (row.code, row.text, row.title, str(kind), str(state), row.file, row.url, row.sha256, received)
