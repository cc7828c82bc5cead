"""The papers of a meeting, in office form: invitation, attendance list, minutes. The same content as PDF and DOCX.

Form: Peraturan ANRI 5/2021 (tata naskah dinas): letterhead with a line under it, number, nature, attachment and
subject at the left, place and date at the right, the signature at the right with rank and NIP.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from io import BytesIO
from typing import Any, Final

import qrcode
from qrcode.image.svg import SvgPathImage

from selaras.queries.meetings import LetterheadView, MeetingPage
from selaras.reports.typesetting import typeset
from selaras.reports.words import BLANK, count, day_name, full_date, hours, plain

#: With more guests than this the letter says "daftar terlampir", and a page more carries them.
ON_THE_LETTER: Final = 4
#: So many names fit on one attached page.
ON_A_PAGE: Final = 30
#: Empty lines of an attendance list: one for each guest, and some for those whom they bring.
SPARE_LINES, FEWEST_LINES = 5, 20
DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@dataclass(frozen=True, slots=True)
class Paper:
    """A file to take along."""

    name: str
    content_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Head:
    """The letterhead; `logo` are the bytes of its picture, b'' for none."""

    lines: tuple[str, ...]
    address: str
    logo: bytes
    synthetic: bool


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signs; what is not known is left to be written by hand. `office` has one line or more."""

    office: tuple[str, ...]
    name: str
    rank: str
    nip: str


@dataclass(frozen=True, slots=True)
class Invitation:
    """The letter. `guests` stand on it, `attached` on a page of their own; one of the two is empty."""

    head: Head
    dated: str
    number: str
    nature: str
    attachment: str
    subject: str
    guests: tuple[str, ...]
    attached: tuple[str, ...]
    town: str
    opening: str
    facts: tuple[tuple[str, str], ...]
    agenda: tuple[str, ...]
    note: str
    closing: str
    signature: Signature
    copies: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the attendance list; all '' on the one to be signed."""

    name: str = ""
    office: str = ""
    sex: str = ""
    sign: str = ""


@dataclass(frozen=True, slots=True)
class AttendanceList:
    """The list, empty to be signed or as it was filled. `qr` is what its QR leads to, '' for none."""

    head: Head
    title: str
    facts: tuple[tuple[str, str], ...]
    rows: tuple[Row, ...]
    qr: str
    total: str
    dated: str
    signature: Signature


@dataclass(frozen=True, slots=True)
class Minutes:
    """What was said and decided. `decisions`: text, who, until when, the commitment that it became."""

    head: Head
    facts: tuple[tuple[str, str], ...]
    agenda: tuple[str, ...]
    said: tuple[str, ...]
    decisions: tuple[tuple[str, str, str, str], ...]
    dated: str
    note_taker: str
    signature: Signature
    chain: str


Content = Invitation | AttendanceList | Minutes


def paper_file(page: MeetingPage, paper: str, suffix: str, *, attend_url: str = "", chain: str = "") -> Paper:
    """One of PAPERS as `pdf` or `docx`. `chain` is the audit chain's head, printed on minutes."""
    content = PAPERS[paper](page, attend_url, chain)
    name = f"{paper}-{page.when.day.isoformat()}.{suffix}"
    if suffix == "pdf":
        return Paper(name, "application/pdf", letter_pdf(paper, content))
    from selaras.reports.docx import letter_docx

    return Paper(name, DOCX, letter_docx(content))


def letter_pdf(paper: str, content: Content) -> bytes:
    """The content through its template."""
    return typeset(paper, printable(content))


def printable(content: Content) -> dict[str, Any]:
    """What the template reads: the content, and its QR drawn."""
    qr = content.qr if isinstance(content, AttendanceList) else ""
    return {**cleaned(asdict(content)), "qr": qr_svg(qr).decode() if qr else ""}


def letterhead_picture(head: LetterheadView) -> Paper:
    """The top of a letter as a picture, to look at before one is sent."""
    made, signature = head_of_letter(head, synthetic=False), signature_of(head)
    data = {"head": asdict(made), "signature": asdict(signature), "town": head.town or BLANK}
    return Paper("kop.png", "image/png", typeset("kop", cleaned(data), format="png", ppi=110))


def qr_svg(address: str) -> bytes:
    """A QR as SVG: sharp at any size. Level M: a crease or a stain does not kill it."""
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=0)
    code.add_data(address)
    stream = BytesIO()
    code.make_image(image_factory=SvgPathImage).save(stream)
    return stream.getvalue()


def cleaned(value: Any) -> Any:
    """The same data as JSON has it: text that can be printed, and the bytes of a picture as numbers."""
    if isinstance(value, str):
        return plain(value)
    if isinstance(value, dict):
        return {key: cleaned(each) for key, each in value.items()}
    if isinstance(value, bytes):
        return list(value)
    return [cleaned(each) for each in value] if isinstance(value, list | tuple) else value


# --- what each says -------------------------------------------------------------------------------------------------
def invitation(page: MeetingPage, _attend_url: str = "", _chain: str = "") -> Invitation:
    """The letter that invites."""
    few = len(page.guests) <= ON_THE_LETTER
    attached = () if few else page.guests
    pages = "1 (satu) berkas" if len(attached) > ON_A_PAGE else "1 (satu) lembar"
    cycle = page.cycle
    return Invitation(
        head=head_of_letter(page.head, synthetic=cycle.synthetic),
        dated=_dated(page),
        number=page.letter_number or BLANK,
        nature=page.nature or "Biasa",
        attachment=page.attachment or (pages if attached else "-"),
        subject=f"Undangan {page.title}",
        guests=page.guests if few else (),
        attached=attached,
        town=page.head.town if page.head and page.head.town else "Tempat",
        opening=(
            f"Dalam rangka pelaksanaan program {cycle.programme} {cycle.place} Tahun {cycle.year}, kami mengundang "
            "Saudara untuk hadir pada:"
        ),
        facts=_facts(page),
        agenda=page.agenda,
        note=page.note,
        closing="Demikian undangan ini disampaikan. Atas perhatian dan kehadiran Saudara, kami ucapkan terima kasih.",
        signature=signature_of(page.head),
        copies=page.copies,
    )


def empty_list(page: MeetingPage, attend_url: str = "", _chain: str = "") -> AttendanceList:
    """The attendance list to be signed, with its QR."""
    rows = (Row(),) * max(len(page.guests) + SPARE_LINES, FEWEST_LINES)
    return replace(filled_list(page), rows=rows, qr=attend_url, total="")


def filled_list(page: MeetingPage, _attend_url: str = "", _chain: str = "") -> AttendanceList:
    """Who came, as it was written down."""
    came = page.attendees
    rows = tuple(
        Row(each.name, each.office, each.sex, f"HP, {each.at}" if each.by_qr else "daftar kertas") for each in came
    )
    unsaid = len(came) - page.women - page.men
    total = f"Hadir {count(len(came))} orang: {count(page.women)} perempuan, {count(page.men)} laki-laki"
    total += f", {count(unsaid)} tidak menyebutkan." if unsaid else "."
    return AttendanceList(
        head=head_of_letter(page.head, synthetic=page.cycle.synthetic),
        title="DAFTAR HADIR",
        facts=_facts(page),
        rows=rows,
        qr="",
        total=total if came else "Kehadiran belum dicatat.",
        dated=f"{_town(page)}, {full_date(page.when.day)}",
        signature=signature_of(page.head),
    )


def minutes(page: MeetingPage, _attend_url: str = "", chain: str = "") -> Minutes:
    """What was said and decided, by whom it was led and noted, and how many came."""
    came = len(page.attendees)
    people = f"{count(came)} orang, {count(page.women)} di antaranya perempuan" if came else "belum dicatat"
    facts = (*_facts(page), ("Pemimpin rapat", page.chair or BLANK), ("Hadir", people))
    return Minutes(
        head=head_of_letter(page.head, synthetic=page.cycle.synthetic),
        facts=facts,
        agenda=page.agenda,
        said=tuple(line.strip() for line in page.minutes.splitlines() if line.strip()),
        decisions=tuple(
            (each.text, each.agency_name or "-", full_date(each.due) if each.due else "-", each.commitment)
            for each in page.decisions
        ),
        dated=f"{_town(page)}, {full_date(page.when.day)}",
        note_taker=page.note_taker or BLANK,
        signature=signature_of(page.head),
        chain=chain,
    )


PAPERS: Final[dict[str, Callable[[MeetingPage, str, str], Content]]] = {
    "undangan": invitation,
    "daftar-hadir": empty_list,
    "kehadiran": filled_list,
    "notulen": minutes,
}


def _facts(page: MeetingPage) -> tuple[tuple[str, str], ...]:
    day = page.when.day
    return (
        ("Hari, tanggal", f"{day_name(day)}, {full_date(day)}"),
        ("Pukul", hours(page.when)),
        ("Tempat", page.venue),
        ("Acara", page.title),
    )


def _town(page: MeetingPage) -> str:
    return (page.head.town if page.head else "") or BLANK


def _dated(page: MeetingPage) -> str:
    return f"{_town(page)}, {full_date(page.letter_date) if page.letter_date else BLANK}"


def head_of_letter(head: LetterheadView | None, *, synthetic: bool) -> Head:
    """How a paper of that office begins; to be written by hand where nobody has said so."""
    if head is None:
        return Head((BLANK,), "", b"", synthetic)
    return Head(head.lines, head.address, head.logo, synthetic)


def signature_of(head: LetterheadView | None) -> Signature:
    """Who signs the papers of that office; to be written by hand where nobody has said so."""
    if head is None:
        return Signature((BLANK,), BLANK, "", BLANK)
    office = tuple(line.strip() for line in head.signer_office.splitlines() if line.strip())
    # Who is named without one has none: a mayor is elected.
    nip = spaced_nip(head.signer_nip) or ("" if head.signer_name else BLANK)
    return Signature(office or (BLANK,), head.signer_name or BLANK, head.signer_rank, nip)


def spaced_nip(nip: str) -> str:
    """`19700101 199003 2 001`, as it is written under a name."""
    return f"{nip[:8]} {nip[8:14]} {nip[14:15]} {nip[15:]}" if nip else ""
