"""`paparan` of a dossier: the same few slides as PPTX, to be spoken to and changed, and as PDF."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from math import ceil
from typing import Any, Final, TypeAlias
from uuid import UUID

from selaras.queries.dossier_figures import Figures, Pledge
from selaras.reports.dossier_report import LEFT_OUT, pairs_of
from selaras.reports.dossier_words import (
    Said,
    changed,
    day,
    few,
    numbers,
    ordered_changes,
    place,
    programme,
    score,
    whole,
)
from selaras.reports.kip import keywords
from selaras.reports.typesetting import typeset
from selaras.reports.words import count, plain

#: python-pptx's own kinds say of most things that they may be missing.
Deck: TypeAlias = Any
Page: TypeAlias = Any

#: What fits on a slide.
MOST_ROWS, MOST_NUMBERS, MOST_PAIRS = 11, 12, 3
#: Sizes of words in points, the room below a title in inches, and how wide a letter is in its size.
_SIZES: Final = (24, 20, 17, 15, 13, 12)
_ROOM: Final = 5.3
_LETTER: Final = 0.55
_TYPEFACE: Final = "Arial"
#: A file says when it was made; ours say the same whenever they are.
_MADE: Final = datetime(2024, 1, 1)  # noqa: DTZ001  (python-pptx writes it as UTC)
_INCH: Final = 914400
_TEAL: Final = (0x0B, 0x5A, 0x60)
_PAPER: Final = (0xF6, 0xF2, 0xE8)


@dataclass(frozen=True, slots=True)
class Slide:
    """One slide: a title and below it numbers, lines, a table or two photos with captions."""

    title: str
    lines: tuple[str, ...] = ()
    said: tuple[Said, ...] = ()
    titles: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    photos: tuple[tuple[UUID, str], ...] = ()


def slides_of(of: Figures, photos: Iterable[UUID]) -> tuple[Slide, ...]:
    """The slides in order. `photos` are those that are at hand."""
    return tuple(_slides(of, frozenset(photos)))


def slides_pdf(of: Figures, photos: Mapping[UUID, bytes]) -> bytes:
    """The slides as pages of 16:9, tagged."""
    slides = slides_of(of, photos)
    used = {key for each in slides for key, _caption in each.photos}
    data = {
        "title": f"{programme(of.cycle)}",
        "place": place(of),
        "city": of.city,
        "foot": _foot(of),
        "synthetic": of.cycle.synthetic,
        "slides": [_data(each) for each in slides],
    }
    return typeset("paparan", data, files={f"foto-{key}.jpg": photos[key] for key in used})


def _data(slide: Slide) -> Mapping[str, Any]:
    return {
        "title": plain(slide.title),
        "lines": [plain(each) for each in slide.lines],
        "numbers": [{"label": each.label, "value": each.value, "note": each.note} for each in slide.said],
        "titles": list(slide.titles),
        "rows": [[plain(one) for one in row] for row in slide.rows],
        "size": size_of(slide),
        "photos": [{"file": f"foto-{key}.jpg", "caption": plain(caption)} for key, caption in slide.photos],
    }


def _foot(of: Figures) -> str:
    synthetic = " · DATA CONTOH (SINTETIS)" if of.cycle.synthetic else ""
    return f"{programme(of.cycle)} · {place(of)} · berkas ke-{count(of.number)}, {day(of.made_on)}{synthetic}"


# --- what is on them --------------------------------------------------------------------------------------------------
def _slides(of: Figures, photos: frozenset[UUID]) -> Iterator[Slide]:
    said = numbers(of)
    yield Slide("Tahun ini dalam angka", said=said[:MOST_NUMBERS])
    yield Slide("Caranya: lokus dan sasaran", lines=tuple(_ways(of)))
    for part, rows in enumerate(_parts([_pledge(each, of.city) for each in of.pledges])):
        title = "Aksi: siapa berbuat apa" + (" (lanjutan)" if part else "")
        yield Slide(title, titles=("No.", "OPD atau mitra", "Yang dikerjakan", "Keadaan"), rows=rows)
    for first, last in [pair for pair in pairs_of(of.photos) if {each.id for each in pair} <= photos][:MOST_PAIRS]:
        both = ((first.id, f"Sebelum, {day(first.on)}"), (last.id, f"Sesudah, {day(last.on)}"))
        yield Slide(f"Sebelum dan sesudah: {first.items[0]}", photos=both)
    yield Slide("Reaksi", lines=tuple(_reactions(of, said)))
    changes = [(each.label, changed(each)) for each in ordered_changes(of.changes)]
    for part, pairs in enumerate(_parts(changes, 6)):
        yield Slide(
            "Hasil pada keluarga yang sama" + (" (lanjutan)" if part else ""), titles=("Butir", "Perubahan"), rows=pairs
        )
    if of.readiness is not None and of.readiness.points.claim is not None:
        aspects = [(" › ".join(each.path), score(each.worth), score(each.points.claim), score(each.points.received),
                    score(each.points.verified)) for each in of.readiness.aspects]  # fmt: skip
        titles = ("Aspek", "Nilai penuh", "Klaim", "Dapat dipertahankan", "Terverifikasi")
        for part, rows in enumerate(_parts(aspects, 13)):
            yield Slide("Kesiapan per aspek" + (" (lanjutan)" if part else ""), titles=titles, rows=rows)
    yield Slide("Tindak lanjut", lines=tuple(_later(of)))


def _parts(rows: Sequence[tuple[str, ...]], most: int = MOST_ROWS) -> list[tuple[tuple[str, ...], ...]]:
    return [tuple(rows[at : at + most]) for at in range(0, len(rows), most)]


def _pledge(each: Pledge, city: str) -> tuple[str, ...]:
    wide = f" (seluruh {city})" if each.everywhere else ""
    return (each.code, each.agency, f"{each.title or each.what_for or LEFT_OUT}{wide}", each.state)


def _ways(of: Figures) -> Iterator[str]:
    yield f"Lokus: {place(of)}, {of.city}."
    yield f"Keluarga binaan: {few(of.families)} keluarga."
    if of.teams:
        yield f"Tim pelaksana: {count(of.members)} anggota, {count(of.women_members)} di antaranya perempuan."
    yield f"Rapat yang sudah diadakan: {count(of.meetings)}."
    if of.instrument:
        yield f"Nilai menurut {of.instrument}."


def _reactions(of: Figures, said: Sequence[Said]) -> Iterator[str]:
    by = {each.key: each for each in said}
    yield f"{by['deeds'].value} kegiatan, kehadiran {by['came'].value}."
    if "useful" in by:
        yield f"{by['useful'].value} {by['useful'].note} bilang kegiatannya berguna."
    else:
        yield "Belum ada kegiatan dengan sedikitnya 5 jawaban."
    heard = [each for each in of.pledges if each.asked]
    if heard:
        asked, got = sum(each.asked or 0 for each in heard), sum(each.received or 0 for each in heard)
        yield f"Menurut keluarga sendiri, {count(got)} dari {count(asked)} janji yang ditanyakan sudah diterima."


def _later(of: Figures) -> Iterator[str]:
    for each in of.learnt:
        if each.change:
            yield f"{each.finding}. Yang diubah: {each.change}"
    for one in of.later:
        yield f"{one.label}: paling lambat {day(one.due)}."
    if of.total.value is not None:
        yield f"Nilai terukur sekarang {score(of.total.value)} dari {whole(of.scale)}."


def size_of(slide: Slide) -> int:
    """Points of its lines or of its table's words: the largest in which they still fit, so that the last row reads."""
    return next((size for size in _SIZES if _height(slide, size) <= _ROOM), _SIZES[-1])


def _height(slide: Slide, size: int) -> float:
    """Inches that its lines and rows take at most, each broken where its column ends."""
    em = size / 72
    rows = [*((line,) for line in slide.lines), *(slide.rows and [slide.titles, *slide.rows])]
    widths = _widths(len(slide.titles)) if slide.rows else (11.8,)
    broken = [
        max(ceil(len(text) * _LETTER * em / width) for text, width in zip(row, widths, strict=True)) for row in rows
    ]
    return sum(lines * 1.3 * em + 0.12 for lines in broken)


# --- PPTX -------------------------------------------------------------------------------------------------------------
def slides_pptx(of: Figures, photos: Mapping[UUID, bytes]) -> bytes:
    """The slides as a presentation of 16:9 that PowerPoint and LibreOffice open, its titles real titles."""
    from pptx import Presentation
    from pptx.opc.constants import RELATIONSHIP_TYPE as RT

    deck: Deck = Presentation()
    deck.slide_width, deck.slide_height = int(13.333 * _INCH), int(7.5 * _INCH)
    # The library's own deck comes with a picture of itself, and with what the camera of that wrote.
    package = deck.part.package
    for key in [each.rId for each in package._rels.values() if each.reltype == RT.THUMBNAIL]:
        package.drop_rel(key)
    said = deck.core_properties
    said.keywords = keywords("paparan")
    said.author = said.last_modified_by = "Selaras"
    said.title, said.created, said.modified = f"{programme(of.cycle)}, {place(of)}", _MADE, _MADE
    cover = _page(deck, programme(of.cycle), of, size=40, top=2.4)
    _write(cover, [place(of), of.city, f"Berkas ke-{count(of.number)}, {day(of.made_on)}"], 20, top=3.6)
    for slide in slides_of(of, photos):
        page = _page(deck, slide.title, of)
        if slide.said:
            _numbers(page, slide.said)
        if slide.lines:
            _write(page, slide.lines, size_of(slide))
        if slide.rows:
            _table(page, slide)
        for at, (photo, caption) in enumerate(slide.photos):
            _photo(page, photos[photo], caption, at)
    stream = BytesIO()
    deck.save(stream)
    return stream.getvalue()


def _page(deck: Deck, title: str, of: Figures, *, size: int = 32, top: float = 0.35) -> Page:
    from pptx.util import Inches

    page: Page = deck.slides.add_slide(deck.slide_layouts[5])
    head = page.shapes.title
    head.left, head.top, head.width, head.height = Inches(0.6), Inches(top), Inches(12.1), Inches(0.9)
    head.text_frame.word_wrap = True
    _say(head.text_frame, [plain(title)], size, bold=True, color=_color(_TEAL))
    foot = page.shapes.add_textbox(Inches(0.6), Inches(7.0), Inches(12.1), Inches(0.35))
    foot.text_frame.word_wrap = True
    _say(foot.text_frame, [plain(_foot(of))], 10)
    return page


def _color(parts: tuple[int, int, int]) -> Any:
    from pptx.dml import color

    made: Any = color.RGBColor
    return made(*parts)


def _say(
    frame: Any, lines: Sequence[str], size: int, *, bold: bool = False, color: Any = None, right: bool = False
) -> None:
    from pptx.enum.text import PP_ALIGN
    from pptx.util import Pt

    for number, line in enumerate(lines):
        paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
        paragraph.alignment = PP_ALIGN.RIGHT if right else PP_ALIGN.LEFT
        run = paragraph.add_run()
        run.text = line
        run.font.name, run.font.size, run.font.bold = _TYPEFACE, Pt(size), bold
        if color is not None:
            run.font.color.rgb = color


def _write(page: Page, lines: Sequence[str], size: int, *, top: float = 1.5) -> None:
    from pptx.util import Inches, Pt

    box = page.shapes.add_textbox(Inches(0.6), Inches(top), Inches(12.1), Inches(5.2))
    box.text_frame.word_wrap = True
    _say(box.text_frame, [plain(line) for line in lines], size)
    for paragraph in box.text_frame.paragraphs:
        paragraph.space_after = Pt(8)


def _numbers(page: Page, said: Sequence[Said]) -> None:
    from pptx.enum.text import MSO_AUTO_SIZE
    from pptx.util import Inches

    for at, each in enumerate(said):
        row, column = divmod(at, 4)
        box = page.shapes.add_textbox(Inches(0.6 + 3.05 * column), Inches(1.4 + 1.8 * row), Inches(2.9), Inches(1.7))
        box.text_frame.word_wrap = True
        box.text_frame.auto_size = MSO_AUTO_SIZE.NONE
        box.fill.solid()
        box.fill.fore_color.rgb = _color(_PAPER)
        _say(box.text_frame, [each.label], 12)
        for text, size, bold in ((each.value, 28 if len(each.value) < 11 else 21, True), (each.note, 10, False)):
            if text:
                run = box.text_frame.add_paragraph().add_run()
                run.text = text
                run.font.name, run.font.size, run.font.bold = _TYPEFACE, size * 12700, bold


def _table(page: Page, slide: Slide) -> None:
    from pptx.util import Inches

    rows, columns = len(slide.rows) + 1, len(slide.titles)
    size, height = size_of(slide), Inches(min(0.6, _ROOM / rows))
    shape = page.shapes.add_table(rows, columns, Inches(0.6), Inches(1.4), Inches(12.1), height * rows)
    for column, width in zip(shape.table.columns, _widths(columns), strict=True):
        column.width = Inches(width)
    for values, row in zip([slide.titles, *slide.rows], shape.table.rows, strict=True):
        for number, (value, cell) in enumerate(zip(values, row.cells, strict=True)):
            head = values is slide.titles
            cell.margin_top = cell.margin_bottom = Inches(0.03)
            cell.fill.solid()
            cell.fill.fore_color.rgb = _color(_TEAL if head else _PAPER)
            _say(cell.text_frame, [plain(value)], size, bold=head, right=columns > 4 and number > 0)


def _widths(columns: int) -> tuple[float, ...]:
    """In inches, 12.1 together: two columns of words, a list of commitments, else one of words and the rest numbers."""
    known = {2: (4.0, 8.1), 4: (1.1, 2.6, 6.4, 2.0)}
    return known.get(columns, (12.1 - 1.7 * (columns - 1), *[1.7] * (columns - 1)))


def _photo(page: Page, content: bytes, caption: str, at: int) -> None:
    from pptx.util import Inches

    left = Inches(0.6 + 6.15 * at)
    picture = page.shapes.add_picture(BytesIO(content), left, Inches(1.5), width=Inches(5.9))
    if picture.height > Inches(4.8):
        part = Inches(4.8) / picture.height
        picture.width, picture.height = int(picture.width * part), Inches(4.8)
    picture._element.nvPicPr.cNvPr.set("descr", plain(caption))
    box = page.shapes.add_textbox(left, Inches(6.4), Inches(5.9), Inches(0.5))
    box.text_frame.word_wrap = True
    _say(box.text_frame, [plain(caption)], 14)
