"""Letters as they come out of the printer: where pages break, and what a reader of the PDF reads."""

import io
import re
from dataclasses import replace
from typing import Any

import docx
import pytest

from selaras.queries.meetings import Attendee, DecisionLine, MeetingPage
from selaras.reports import weekly
from selaras.reports.letters import PAPERS, paper_file
from selaras.reports.typesetting import typeset
from selaras.reports.weekly import week_pdf
from tests.pdf import pdf_pages, pdf_text
from tests.reports.sample_meeting import HEAD, MEETING, many_guests
from tests.reports.sample_week import FIGURES
from tests.reports.sample_week import HEAD as HEAD_OF_CHAIN
from tests.reports.test_letters import URL, said

LONG = "Kepala Dinas Pemberdayaan Perempuan, Perlindungan Anak, Pengendalian Penduduk dan Keluarga Berencana"


def came(count: int) -> MeetingPage:
    people = (Attendee(n, f"Hadirin {n}.", LONG, "P", by_qr=False, at="") for n in range(1, count + 1))
    return replace(MEETING, attendees=tuple(people))


def decided(count: int) -> MeetingPage:
    lines = (DecisionLine(n, n, f"Putusan {n}. {LONG}", None, "", None, "") for n in range(1, count + 1))
    return replace(MEETING, decisions=tuple(lines))


def pages(page: MeetingPage, paper: str) -> list[str]:
    return pdf_pages(paper_file(page, paper, "pdf").content)


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


@pytest.mark.parametrize("paper", PAPERS)
def test_the_pdf_says_what_the_letter_says(paper: str) -> None:
    page = many_guests(6)
    text = squeezed(pdf_text(paper_file(page, paper, "pdf", attend_url=URL, chain="9f3c 71ab").content)).casefold()
    missing = [each for each in said(PAPERS[paper](page, URL, "9f3c 71ab")) if squeezed(each).casefold() not in text]

    assert [each for each in missing if each != URL] == []


@pytest.mark.parametrize(
    ("paper", "made", "begins"),
    [
        ("undangan", many_guests, "Kepala Dinas {}"),
        ("kehadiran", came, "Hadirin {}."),
        ("notulen", decided, "Putusan {}."),
    ],
)
def test_nobody_signs_a_page_that_says_nothing(paper: str, made: Any, begins: str) -> None:
    """Whatever the number of lines, the last of them stands on the page of the signature, and no line is parted."""
    for count in range(24, 44):
        last = pages(made(count), paper)[-1]
        assert (count, "Ani Uji" in last, begins.format(count) in last) == (count, True, True)


def test_no_line_of_a_list_goes_over_two_pages() -> None:
    parts = [page.count("Berencana") - page.count("Hadirin") for page in pages(came(60), "kehadiran")]

    assert len(parts) > 1
    assert set(parts) == {0}


def test_a_letter_that_is_a_little_too_long_is_set_smaller_and_keeps_its_page() -> None:
    some, more = (
        replace(MEETING, agenda=tuple(f"{LONG} {n}" for n in range(lines)), copies=("Wali Kota", "Inspektur"))
        for lines in (10, 60)
    )

    assert [len(pages(page, "undangan")) for page in (some, more)] == [1, 4]


def test_whom_nobody_has_named_has_dots_to_write_her_number_on_and_an_elected_one_has_no_number() -> None:
    unknown, mayor = replace(MEETING, head=None), replace(MEETING, head=replace(HEAD, signer_nip="", signer_rank=""))
    texts = ["".join(pages(page, "undangan")) for page in (unknown, mayor)]

    assert [re.findall("NIP ?…+", text) for text in texts] == [["NIP …………………"], []]
    assert "NIP" not in texts[1]


def test_rows_of_a_document_hold_together_and_the_last_stays_with_the_signature() -> None:
    document = docx.Document(io.BytesIO(paper_file(many_guests(60), "undangan", "docx").content))
    table = document.tables[-1]
    kept = [row.cells[0].paragraphs[0].paragraph_format.keep_with_next for row in table.rows]

    assert (kept[-1], set(kept[:-1])) == (True, {None})
    assert {len(row._tr.xpath("./w:trPr/w:cantSplit")) for row in list(table.rows)[1:]} == {1}


def test_the_picture_of_a_monday_says_what_its_paper_says() -> None:
    """A picture has no letters: the same template with the same data, drawn as PDF, has the picture's."""
    picture = typeset("weekly", weekly._data(FIGURES, HEAD_OF_CHAIN, "picture"))
    words = [sorted("".join(pdf_pages(content)).split()) for content in (picture, week_pdf(FIGURES, HEAD_OF_CHAIN))]

    assert words[0] == words[1]
    assert len(words[0]) > 100
