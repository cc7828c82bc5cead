"""The papers of a meeting: what office form asks for is there, in both formats, and text stays text."""

import io
import json
import re
from dataclasses import asdict, fields, is_dataclass, replace
from typing import Any

import docx
import pytest
import typst
from docx.document import Document
from hypothesis import given, settings
from hypothesis import strategies as some

from selaras.queries.meetings import MeetingPage
from selaras.reports import typesetting
from selaras.reports.letters import PAPERS, invitation, letter_pdf, paper_file, printable, spaced_nip
from selaras.reports.words import day_name, full_date, plain
from tests.reports.sample_meeting import HEAD, MEETING, many_guests

URL = "https://selaras.example/hadir/abc/"


def words(page: MeetingPage, paper: str) -> str:
    """What Typst has made of the text: in a PDF letters are pictures, as HTML they can be read."""
    sources = {path.name: path.read_bytes() for path in typesetting.TEMPLATES.glob("*.typ")}
    sources["main.typ"] = sources[f"{paper}.typ"]
    content = PAPERS[paper](page, URL, "9f3c 71ab")
    inputs = {"data": json.dumps(printable(content))}
    html = typst.compile(sources, format="html", sys_inputs=inputs, ignore_system_fonts=True)
    return html.decode()


def text_of(content: bytes) -> str:
    """Every word of a DOCX, tables included, in order."""
    document: Document = docx.Document(io.BytesIO(content))
    body = document.element.body
    return "\n".join(
        "".join(node.text or "\t" for node in paragraph.iter() if node.tag.endswith(("}t", "}tab")))
        for paragraph in body.iter()
        if paragraph.tag.endswith("}p")
    )


def said(value: Any) -> list[str]:
    """Every text of a paper's content."""
    if isinstance(value, str):
        return [value] if value else []
    if isinstance(value, tuple):
        return [text for each in value for text in said(each)]
    if is_dataclass(value):
        return [text for each in fields(value) for text in said(getattr(value, each.name))]
    return []


def test_a_letter_has_all_that_a_letter_has() -> None:
    letter = invitation(MEETING)

    assert (letter.head.lines, letter.head.address) == (HEAD.lines, HEAD.address)
    assert (letter.dated, letter.number) == ("Kota Uji, 18 April 2024", "400.2/112/UJI")
    assert (letter.nature, letter.attachment) == ("Penting", "-")
    assert letter.subject == "Undangan Rapat Koordinasi Uji"
    assert (letter.guests, letter.attached) == (("Kepala Dinas Sosial", "Lurah Uji"), ())
    assert letter.facts == (
        ("Hari, tanggal", "Kamis, 25 April 2024"),
        ("Pukul", "09.00–12.00 WIB"),
        ("Tempat", "Aula Setda"),
        ("Acara", "Rapat Koordinasi Uji"),
    )
    assert letter.signature.office == ("a.n. Wali Kota Uji", "Sekretaris Daerah")
    assert letter.signature.nip == "19700101 199003 2 001"
    assert letter.copies == ("Wali Kota Uji",)


@pytest.mark.parametrize(
    ("count", "attached", "says"),
    [(4, 0, "-"), (5, 5, "1 (satu) lembar"), (30, 30, "1 (satu) lembar"), (31, 31, "1 (satu) berkas")],
)
def test_many_guests_go_to_a_page_of_their_own(count: int, attached: int, says: str) -> None:
    letter = invitation(many_guests(count))

    assert (len(letter.attached), letter.attachment) == (attached, says)


def test_what_nobody_has_said_yet_is_left_to_be_written_by_hand() -> None:
    letter = invitation(replace(MEETING, head=None, letter_number="", letter_date=None))
    blank = "…………………"

    assert (letter.number, letter.dated, letter.signature.name) == (blank, f"{blank}, {blank}", blank)
    assert letter_pdf("undangan", letter)[:5] == b"%PDF-"


@pytest.mark.parametrize("paper", PAPERS)
def test_the_document_says_what_the_letter_says(paper: str) -> None:
    page = many_guests(6)
    content = PAPERS[paper](page, URL, "9f3c 71ab")
    text = text_of(paper_file(page, paper, "docx", attend_url=URL, chain="9f3c 71ab").content)
    missing = [each for each in said(content) if each.casefold() not in text.casefold() and each != URL]
    # Where a letter is dated stands once; on the attached page its date alone.
    assert [each for each in missing if not each.startswith("HP")] == []


@pytest.mark.parametrize("paper", PAPERS)
def test_the_same_paper_is_the_same_bytes(paper: str) -> None:
    one, two = (paper_file(MEETING, paper, "pdf", attend_url=URL, chain="9f3c") for _ in range(2))

    assert one == two


def test_synthetic_papers_say_so_and_real_ones_do_not() -> None:
    synthetic = replace(MEETING, cycle=replace(MEETING.cycle, synthetic=True))
    real, demo = (paper_file(page, "undangan", "docx").content for page in (MEETING, synthetic))
    footers = [docx.Document(io.BytesIO(content)).sections[0].footer.paragraphs[0].text for content in (real, demo)]

    assert footers == ["", "DATA CONTOH (SINTETIS)"]
    assert [invitation(page).head.synthetic for page in (MEETING, synthetic)] == [False, True]


def test_women_are_counted_and_who_did_not_say_is_said() -> None:
    content = PAPERS["kehadiran"](MEETING, "", "")

    assert content.total == "Hadir 3 orang: 1 perempuan, 1 laki-laki, 1 tidak menyebutkan."  # type: ignore[union-attr]
    assert [row.sign for row in content.rows] == ["HP, 09.05", "daftar kertas", "daftar kertas"]  # type: ignore[union-attr]


def test_the_list_to_be_signed_has_a_line_for_each_guest_and_a_qr_of_its_address() -> None:
    few, many = (PAPERS["daftar-hadir"](many_guests(count), URL, "") for count in (3, 40))

    assert [len(each.rows) for each in (few, many)] == [20, 45]  # type: ignore[union-attr]
    assert set(few.rows) == {few.rows[0]}  # type: ignore[union-attr]
    assert (few.qr, asdict(few.rows[0])) == (URL, {"name": "", "office": "", "sex": "", "sign": ""})  # type: ignore[union-attr]


#: What means something to Typst, to Word or to a spreadsheet.
HOSTILE = (
    '#read("/etc/passwd")',
    "#panic[x]",
    "$x^2$ @ref <label> *b* _i_ `c`",
    "= Judul\n- butir",
    '"); #import "x.typ"',
    "\\u{41} \\ // /* */ ~ ---",
    "<w:p/> & ]]> {{ x }} {% y %}",
    "=HYPERLINK(1)",
    "\x00\x08\x0b\x1f\ufffe",
    "A" * 180,
    "ﷺ 👩‍🌾 वेद ጥ",
)


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("text", HOSTILE)
def test_text_stays_text_whatever_it_looks_like(paper: str, text: str) -> None:
    lines = tuple(text.splitlines()) or (text,)
    page = replace(
        MEETING,
        title=text,
        venue=text,
        agenda=lines,
        note=text,
        copies=lines,
        guests=(text, "b", "c", "d", "e"),
        minutes=text,
        note_taker=text,
        chair=text,
        letter_number=text,
        attendees=(replace(MEETING.attendees[0], name=text, office=text),),
        decisions=(replace(MEETING.decisions[0], text=text, agency_name=text),),
        head=replace(HEAD, lines=lines, address=text, signer_name=text, signer_office=text, town=text),
    )
    pdf = paper_file(page, paper, "pdf", attend_url=URL, chain=text)
    document = paper_file(page, paper, "docx", attend_url=URL, chain=text)

    assert pdf.content[:5] == b"%PDF-"
    assert plain(text).splitlines()[0] in text_of(document.content) if plain(text) else True


def test_typst_sets_the_marks_of_its_own_language_as_letters() -> None:
    text = '#let $x$ @a "q" *b* _i_ \\ // //'
    page = replace(MEETING, minutes=text, decisions=(replace(MEETING.decisions[0], text=text),))
    html = words(page, "notulen")

    # Once where it was said, once where it was decided.
    assert html.replace("&quot;", '"').count(text) == 2


@settings(max_examples=20, deadline=None)
@given(some.text(max_size=60))
def test_any_text_can_be_printed(text: str) -> None:
    page = replace(MEETING, title=text, guests=(text,), minutes=text)

    for paper in ("undangan", "notulen"):
        assert paper_file(page, paper, "pdf").content[:5] == b"%PDF-"
        assert text_of(paper_file(page, paper, "docx").content) != ""


def test_days_and_numbers_are_written_as_offices_write_them() -> None:
    day = MEETING.when.day

    assert (day_name(day), full_date(day)) == ("Kamis", "25 April 2024")
    assert (spaced_nip("197001011990032001"), spaced_nip("")) == ("19700101 199003 2 001", "")
    assert re.fullmatch(r"[\d ]+", spaced_nip("197001011990032001"))
