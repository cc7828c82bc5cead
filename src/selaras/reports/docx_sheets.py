"""The sheets of agencies as DOCX: A4 lying, each agency on pages of its own."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO

from docx.document import Document as Doc
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_BREAK
from docx.shared import Cm, Pt

from selaras.reports.docx import blank, facts, kop, printable, signature, table_of, text, together
from selaras.reports.sheets import Sheet

#: What an A4 sheet lying has between its margins.
WIDTH = 26.0


def sheets_docx(sheets: Sequence[Sheet]) -> bytes:
    """One document of all of them."""
    clean = [printable(sheet) for sheet in sheets]
    document = blank(clean[0].head.synthetic if clean else False, "lembar-opd")
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Cm(29.7), Cm(21)
    section.left_margin = section.right_margin = Cm(1.85)
    for number, sheet in enumerate(clean):
        if number:
            document.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
        _sheet(document, sheet)
    stream = BytesIO()
    document.save(stream)
    return stream.getvalue()


def _sheet(document: Doc, sheet: Sheet) -> None:
    kop(document, sheet.head, width=WIDTH)
    text(document, sheet.title, bold=True, middle=True, before=4)
    facts(document, sheet.facts, width=WIDTH)
    last = len(sheet.grids) - 1
    for number, grid in enumerate(sheet.grids):
        text(document, grid.title, bold=True).paragraph_format.keep_with_next = True
        share = WIDTH / sum(grid.widths)
        # One chain of tables of a row each would go to the next page as a whole, and leave the letterhead alone.
        with_next = number == last and (number > 0 or len(grid.rows) > 1)
        widths = [width * share for width in grid.widths]
        table = table_of(document, grid.columns, widths, grid.rows, with_next=with_next)
        for row in table.rows:
            for cell in row.cells:
                for run in cell.paragraphs[0].runs:
                    run.font.size = Pt(9)
    if not sheet.grids:
        together(text(document, "Belum ada kebutuhan atau komitmen yang tercatat."))
    for note in sheet.notes:
        together(text(document, note, before=3)).runs[0].font.size = Pt(8)
    together(text(document, "", before=4))
    signature(document, sheet.signature, sheet.dated, indent=WIDTH - 8)
