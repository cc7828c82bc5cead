"""The list of 100 as a sheet: codes, neighbourhood and state; nothing that says what a family lacks."""

import io
from collections.abc import Sequence

from selaras.models import TargetState
from selaras.queries.targets import PaperList, PaperRow
from selaras.reports.kip import properties

COLUMNS = ("urutan", "kode", "RT", "RW", "keadaan")
NAME = "nama kepala keluarga"


def targets_xlsx(listed: PaperList, rows: Sequence[PaperRow], *, names: bool) -> bytes:
    """A workbook with one sheet; every text is text, so that nothing in a name runs as a formula."""
    import xlsxwriter

    columns = (*COLUMNS, NAME) if names else COLUMNS
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        book.set_properties(properties("daftar-sasaran"))
        sheet = book.add_worksheet("sasaran")
        bold = book.add_format({"bold": True})
        sheet.set_column(0, len(COLUMNS) - 1, 11)
        sheet.set_column(len(COLUMNS), len(COLUMNS), 34)
        sheet.freeze_panes(1, 0)
        sheet.write_row(0, 0, columns, bold)
        for at, row in enumerate(rows, start=1):
            sheet.write_number(at, 0, row.rank)
            said = (row.code, row.rt, row.rw, TargetState(row.state).label, *((row.name,) if names else ()))
            for column, text in enumerate(said, start=1):
                sheet.write_string(at, column, inert(text))
        source = f"{listed.cycle.programme} {listed.cycle.place} {listed.cycle.year}, {listed.lokus.name}"
        lines = [source, listed.on.isoformat()] + (["data contoh (sintetis)"] if listed.cycle.synthetic else [])
        notes = book.add_worksheet("keterangan")
        notes.set_column(0, 0, 60)
        for at, line in enumerate(lines):
            notes.write_string(at, 0, line)
    return buffer.getvalue()


def inert(text: str) -> str:
    """Text that a spreadsheet will not run when it is saved as CSV: no formula begins a cell (OWASP, CSV injection)."""
    return f"'{text}" if text[:1] in "=+-@\t\r" and text else text
