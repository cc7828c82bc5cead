"""The papers of a meeting as DOCX: the same content as the PDF, for an office that wants to change a word."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import fields, is_dataclass, replace
from datetime import datetime
from io import BytesIO
from typing import Any, Final, cast

from docx import Document
from docx.document import Document as Doc
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from docx.opc.constants import RELATIONSHIP_TYPE as RT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph

from selaras.reports.kip import keywords
from selaras.reports.letters import AttendanceList, Content, Head, Invitation, Minutes, Row, Signature, qr_svg
from selaras.reports.typesetting import typeset
from selaras.reports.words import BLANK, plain

#: On every office machine, and what the guidelines name.
TYPEFACE: Final = "Arial"
#: A document says when it was made; ours say the same whenever they are, so that two copies can be compared.
MADE: Final = datetime(2024, 1, 1)  # noqa: DTZ001  (python-docx writes it as UTC)
#: Letters in a cell from which its row may be parted between pages: kept whole, it would leave most of a page empty.
WHOLE: Final = 1000


#: What each is called in `kip`.
_OUTPUTS: Final[dict[type, str]] = {Invitation: "undangan", AttendanceList: "daftar-hadir", Minutes: "notulen"}


def letter_docx(content: Content) -> bytes:
    """The content as a document of A4."""
    content = printable(content)
    document = blank(content.head.synthetic, _OUTPUTS[type(content)])
    writers: dict[type, Callable[[Doc, Any], None]] = {
        Invitation: _invitation,
        AttendanceList: _attendance,
        Minutes: _minutes,
    }
    kop(document, content.head)
    writers[type(content)](document, content)
    stream = BytesIO()
    document.save(stream)
    return stream.getvalue()


def printable(value: Any) -> Any:
    """The same content without characters that XML forbids."""
    if isinstance(value, str):
        return plain(value)
    if isinstance(value, tuple):
        return tuple(printable(each) for each in value)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{each.name: printable(getattr(value, each.name)) for each in fields(value)})
    return value


def blank(synthetic: bool, output: str) -> Doc:
    """An empty document of A4 in our typeface; `output` is its name in `kip`, whose class it says of itself."""
    document = Document()
    # The library's own document comes with a picture of itself, and with what the camera of that wrote.
    rels = document.part.package.rels
    for key in [key for key, each in rels.items() if each.reltype == RT.THUMBNAIL]:
        del rels[key]
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin, section.right_margin = Cm(3), Cm(2)
    section.top_margin, section.bottom_margin = Cm(1.5), Cm(2)
    style = document.styles["Normal"]
    style.font.name, style.font.size = TYPEFACE, Pt(11)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), TYPEFACE)
    style.paragraph_format.space_after = Pt(0)
    document.core_properties.author = "Selaras"
    document.core_properties.keywords = keywords(output)
    document.core_properties.created = document.core_properties.modified = MADE
    if synthetic:
        footer = section.footer.paragraphs[0]
        footer.alignment = WD_ALIGN_PARAGRAPH.CENTER
        footer.add_run("DATA CONTOH (SINTETIS)").bold = True
    return document


def kop(document: Doc, head: Head, *, width: float = 16) -> None:
    """The letterhead: emblem at the left, lines in the middle, a double line under it."""
    table = document.add_table(rows=1, cols=3)
    _widths(table, (2.2, width - 4.4, 2.2))
    left, middle, _right = table.rows[0].cells
    if head.logo:
        left.paragraphs[0].add_run().add_picture(BytesIO(head.logo), height=Cm(2.2))
    for number, line in enumerate(head.lines):
        last = number == len(head.lines) - 1
        paragraph = _next(middle, first=number == 0)
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        run = paragraph.add_run(line.upper())
        run.bold, run.font.size = last, Pt(14 if last else 12)
    if head.address:
        paragraph = _next(middle, first=not head.lines)
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        paragraph.add_run(head.address).font.size = Pt(9)
    _rule(document.add_paragraph())


def _next(cell: _Cell, *, first: bool) -> Paragraph:
    paragraph: Paragraph = cell.paragraphs[0] if first else cell.add_paragraph()
    return paragraph


def _rule(paragraph: Paragraph) -> None:
    border = OxmlElement("w:pBdr")
    line = OxmlElement("w:top")
    for name, value in (("val", "thickThinSmallGap"), ("sz", "18"), ("space", "1"), ("color", "000000")):
        line.set(qn(f"w:{name}"), value)
    border.append(line)
    paragraph._p.get_or_add_pPr().append(border)


def _widths(table: Table, widths: Sequence[float]) -> None:
    table.autofit = False
    # Word reads the cells' widths, LibreOffice the columns'.
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Cm(width)
    for row in table.rows:
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = Cm(width)


def facts(
    document: Doc, rows: Iterable[tuple[str, str]], *, label: float = 3.2, indent: float = 0, width: float = 16
) -> None:
    """Lines of a name, a colon and a value."""
    given = list(rows)
    table = document.add_table(rows=len(given), cols=3)
    _widths(table, (label + indent, 0.5, width - 0.5 - label - indent))
    for row, (name, value) in zip(table.rows, given, strict=True):
        row.cells[0].paragraphs[0].add_run(name)
        row.cells[0].paragraphs[0].paragraph_format.left_indent = Cm(indent)
        row.cells[1].paragraphs[0].add_run(":")
        row.cells[2].paragraphs[0].add_run(value)


def _numbered(document: Doc, lines: Iterable[str], *, indent: float = 0) -> None:
    for number, line in enumerate(lines, start=1):
        paragraph = document.add_paragraph(f"{number}.\t{line}")
        shape = paragraph.paragraph_format
        shape.left_indent, shape.first_line_indent = Cm(indent + 0.7), Cm(-0.7)
        shape.tab_stops.add_tab_stop(Cm(indent + 0.7))


def text(document: Doc, words: str, *, before: float = 8, bold: bool = False, middle: bool = False) -> Paragraph:
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.space_before = Pt(before)
    paragraph.add_run(words).bold = bold
    if middle:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    return paragraph


def together(paragraph: Paragraph) -> Paragraph:
    """The same paragraph, on one page with what comes after."""
    paragraph.paragraph_format.keep_with_next = True
    return paragraph


def signature(where: Doc | _Cell, who: Signature, *above: str, indent: float = 8.4) -> None:
    """Office, room to sign, name underlined, rank, NIP; kept together on one page."""
    office = [*who.office[:-1], f"{who.office[-1]},"]
    below = [each for each in (who.rank, f"NIP {who.nip}" if who.nip else "") if each]
    for line in [*above, *office, "", "", "", ""]:
        _signing(where, line, indent)
    name = _signing(where, "", indent).add_run(who.name)
    # A line of dots is one already.
    name.bold, name.underline = True, not who.name.startswith(BLANK)
    for line in below:
        _signing(where, line, indent)


def _signing(where: Doc | _Cell, text: str, indent: float) -> Paragraph:
    paragraph = cast(Paragraph, where.add_paragraph(text))
    paragraph.paragraph_format.left_indent = Cm(indent)
    paragraph.paragraph_format.keep_with_next = True
    return paragraph


def table_of(
    document: Doc,
    titles: Sequence[str],
    widths: Sequence[float],
    rows: Sequence[Sequence[str]],
    *,
    with_next: bool = True,
) -> Table:
    """A table with lines whose first row comes again on each page, no row parted but a long one.

    `with_next`: its last row stays with what comes after. Of a table of one row that is all of it, with its heading.
    """
    table: Table = document.add_table(rows=1 + len(rows), cols=len(titles), style="Table Grid")
    _widths(table, widths)
    mark = OxmlElement("w:tblHeader")
    mark.set(qn("w:val"), "true")
    table.rows[0]._tr.get_or_add_trPr().append(mark)
    for cell, title in zip(table.rows[0].cells, titles, strict=True):
        cell.paragraphs[0].add_run(title).bold = True
    # Through the rows once: asking a long table for one cell at a time takes time that grows with its square.
    for row, values in zip(list(table.rows)[1:], rows, strict=True):
        for cell, value in zip(row.cells, values, strict=True):
            cell.paragraphs[0].add_run(value)
        if max(map(len, values)) <= WHOLE:
            row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    if with_next:
        # Nobody signs a page that says nothing.
        for cell in table.rows[-1].cells:
            cell.paragraphs[0].paragraph_format.keep_with_next = True
    return table


# --- the papers -----------------------------------------------------------------------------------------------------
def _invitation(document: Doc, letter: Invitation) -> None:
    dated = document.add_paragraph(letter.dated)
    dated.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    said = (letter.number, letter.nature, letter.attachment, letter.subject)
    facts(document, zip(("Nomor", "Sifat", "Lampiran", "Hal"), said, strict=True), label=2.2)
    if letter.attached:
        text(document, "Yth. Daftar terlampir")
    elif len(letter.guests) == 1:
        text(document, f"Yth. {letter.guests[0]}")
    else:
        text(document, "Yth.")
        _numbered(document, letter.guests)
    text(document, f"di {letter.town}", before=2)
    text(document, letter.opening, before=12).alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    text(document, "", before=0)
    facts(document, letter.facts, indent=0.8)
    if letter.agenda:
        text(document, "Agenda:", before=4).paragraph_format.left_indent = Cm(0.8)
        _numbered(document, letter.agenda, indent=0.8)
    if letter.note:
        text(document, letter.note).alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    closing = together(text(document, letter.closing))
    closing.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    together(text(document, "", before=4))
    signature(document, letter.signature)
    if letter.copies:
        text(document, "Tembusan:", before=14)
        _numbered(document, letter.copies)
    if letter.attached:
        _attached(document, letter)


def _attached(document: Doc, letter: Invitation) -> None:
    document.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
    date = letter.dated.partition(", ")[2]
    for line in ("Lampiran Surat", f"Nomor: {letter.number}", f"Tanggal: {date}"):
        document.add_paragraph(line).paragraph_format.left_indent = Cm(8.4)
    text(document, "DAFTAR UNDANGAN", bold=True, middle=True, before=10)
    rows = [(str(number), name) for number, name in enumerate(letter.attached, start=1)]
    table_of(document, ("No.", "Kepada"), (1.3, 14.7), rows)
    together(text(document, "", before=4))
    signature(document, letter.signature)


def _attendance(document: Doc, paper: AttendanceList) -> None:
    text(document, paper.title, bold=True, middle=True, before=4)
    facts(document, paper.facts)
    if paper.qr:
        drawn = typeset("qr", {"qr": qr_svg(paper.qr).decode()}, format="png", ppi=300)
        where = document.add_paragraph()
        where.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        where.add_run().add_picture(BytesIO(drawn), width=Cm(2.7))
        caption = document.add_paragraph()
        caption.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        caption.add_run("Pindai untuk mengisi dari HP").font.size = Pt(8)
    rows = [_row(number, row, signing=not paper.total) for number, row in enumerate(paper.rows, start=1)]
    titles = ("No.", "Nama", "Jabatan/instansi", "L/P", "Tanda tangan")
    table = table_of(document, titles, (1.1, 4.8, 5, 1.1, 4), rows)
    if not paper.total:
        for row in list(table.rows)[1:]:
            row.height = Cm(0.95)
    else:
        together(text(document, paper.total, before=4))
    together(text(document, "", before=4))
    signature(document, paper.signature, paper.dated)


def _row(number: int, row: Row, *, signing: bool) -> tuple[str, ...]:
    sign = f"{number}." if signing else row.sign
    return (str(number), row.name, row.office, row.sex, sign)


def _minutes(document: Doc, paper: Minutes) -> None:
    text(document, "NOTULEN", bold=True, middle=True, before=4)
    facts(document, paper.facts, label=3.6)
    if paper.agenda:
        text(document, "Agenda", bold=True)
        _numbered(document, paper.agenda)
    text(document, "Pembahasan", bold=True)
    for line in paper.said or ("Belum dicatat.",):
        text(document, line, before=3).alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    text(document, "Keputusan dan tindak lanjut", bold=True)
    if paper.decisions:
        rows = [
            (str(number), text + (f" ({became})" if became else ""), who, due)
            for number, (text, who, due, became) in enumerate(paper.decisions, start=1)
        ]
        table_of(document, ("No.", "Keputusan", "Penanggung jawab", "Paling lambat"), (1.1, 8, 3.4, 3.5), rows)
    else:
        together(text(document, "Tidak ada keputusan yang dicatat.", before=3))
    together(text(document, "", before=6))
    table = document.add_table(rows=1, cols=2)
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    _widths(table, (8, 8))
    left, right = table.rows[0].cells
    left.paragraphs[0].add_run("Mengetahui,")
    signature(left, paper.signature, indent=0)
    right.paragraphs[0].add_run(paper.dated)
    empty = len(paper.signature.office) - 1
    signature(right, Signature((*("",) * empty, "Notulis"), paper.note_taker, "", ""), indent=0)
    if paper.chain:
        text(document, f"Kepala rantai audit Selaras: {paper.chain}").runs[0].font.size = Pt(8)
