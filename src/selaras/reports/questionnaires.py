"""Forms to be filled by hand, as one PDF: codes and questions, never a name or what a family lacks."""

from __future__ import annotations

from io import BytesIO
from typing import Any, Final

import qrcode
from qrcode.image.svg import SvgPathImage

from selaras.odk.fieldform import PROPERTIES
from selaras.odk.questionnaire import Note, Option, Question, Questionnaire, Section
from selaras.queries.questionnaires import PaperFamily, Papers
from selaras.reports.letters import Paper
from selaras.reports.typesetting import said, typeset

#: How wide a column for a row's answer is, in centimetres, by its kind; a box for a digit is DIGIT.
WIDTHS: Final = {"choice": 2.1, "choices": 2.8, "number": 1.7, "date": 2.8, "moment": 2.8, "text": 4.6, "tick": 1.4}
DIGIT, ROOM = 0.4, 17.0
#: Choices that stand under the question itself; more of them, or longer ones, stand below the table.
FEW, SHORT = 3, 16


def papers_pdf(papers: Papers, base_url: str) -> Paper:
    """All forms of one file. The QR of each leads to the page where it is typed, below `base_url`."""
    forms = [_form(papers, family, base_url, "listed") for family in papers.families]
    forms += [_form(papers, PaperFamily(), base_url, "new") for _ in range(papers.blank)]
    lokus, cycle = papers.lokus, papers.cycle
    place = ", ".join(part for part in (lokus.name, lokus.area, f"Kec. {lokus.kecamatan}", cycle.place) if part)
    content = typeset(
        "formulir-kode",
        {
            "place": place,
            "round": papers.round.label,
            "listed": _body(papers, papers.listed, listed=True) if papers.families else _NOTHING,
            "new": _body(papers, papers.new, listed=False) if papers.blank else _NOTHING,
            "forms": forms,
        },
    )
    if len(papers.families) == 1 and not papers.blank:
        name = f"formulir-{papers.families[0].code}"
    else:
        name = f"formulir-{lokus.code}"
    return Paper(f"{name}.pdf", "application/pdf", content)


#: A kind of form that nobody asked for.
_NOTHING: Final[dict[str, Any]] = {"pdf": [], "pages": 0}


def form_address(papers: Papers, code: str, base_url: str) -> str:
    """Where the form of that family is typed; '' is a family without a code."""
    path = f"/tahun/{papers.cycle.slug}/lokus/{papers.lokus.code}/ketik/{code or 'baru'}/"
    return f"{base_url}{path}?formulir={papers.form}"


def _body(papers: Papers, asked: Questionnaire, *, listed: bool) -> dict[str, Any]:
    """The pages that all families of one kind share: set once, however many families there are."""
    data = {
        "title": f"{papers.cycle.programme} {papers.cycle.year}",
        "version": f"{papers.title}, formulir {papers.version}",
        "synthetic": papers.cycle.synthetic,
        "rows": papers.rows,
        "sections": _sections(asked, listed=listed),
    }
    return {"pdf": list(typeset("formulir", data)), "pages": said("formulir", data, "pages")}


def _form(papers: Papers, family: PaperFamily, base_url: str, questions: str) -> dict[str, Any]:
    where = " ".join(f"{word} {number}" for word, number in (("RT", family.rt), ("RW", family.rw)) if number)
    return {
        "code": family.code or "Keluarga baru",
        "where": where,
        "questions": questions,
        "qr": _qr(form_address(papers, family.code, base_url)),
    }


def _sections(asked: Questionnaire, *, listed: bool) -> list[dict[str, Any]]:
    opened: set[str] = set()
    found = []
    for one in asked.sections:
        found.append({**_rows(one), "first": one.repeat not in opened} if one.repeat else _family(one, listed))
        opened.add(one.repeat)
    return found


def _family(section: Section, listed: bool) -> dict[str, Any]:
    parts = [
        {"kind": "note", "label": part.label} if isinstance(part, Note) else _question(part, listed=listed)
        for part in section.parts
    ]
    return {"title": section.title, "repeat": False, "parts": parts}


def _rows(section: Section) -> dict[str, Any]:
    """The section's questions in as many tables as fit beside each other on the page."""
    tables: list[list[dict[str, Any]]] = []
    left = 0.0
    for one in section.questions:
        width = max(one.boxes * DIGIT + 0.3, 1.4) if one.kind == "digits" else WIDTHS[one.kind]
        if not tables or width > left:
            tables.append([])
            left = ROOM
        left -= width
        few = len(one.options) <= FEW and all(len(option.label) <= SHORT for option in one.options)
        options = _options(one.options)
        short, long = (options, []) if few else ([], options)
        tables[-1].append({**_question(one, listed=False), "width": width, "short": short, "long": long})
    return {"title": section.title, "repeat": True, "tables": tables}


def _question(one: Question, *, listed: bool) -> dict[str, Any]:
    known = listed and one.item in PROPERTIES
    hint = " ".join(part for part in (one.hint, "Isi bila berubah dari daftar." if known else "") if part)
    return {
        "number": one.number,
        "label": one.label,
        "kind": one.kind,
        "hint": hint,
        "skip": one.skip,
        "options": _options(one.options),
        "boxes": one.boxes,
        "required": one.required and not known,
    }


def _options(options: tuple[Option, ...]) -> list[dict[str, str]]:
    return [{"code": one.code, "label": one.label} for one in options]


def _qr(text: str) -> str:
    buffer = BytesIO()
    qrcode.make(text, image_factory=SvgPathImage, border=1).save(buffer)
    return buffer.getvalue().decode()
