"""Draft notices of a breach, as documents that an office changes and signs: to the authority, and to whose data it is.

Both say what art. 46 paragraph (2) of UU 27/2022 asks for at least: which data, when and how, what was done against it.
"""

from __future__ import annotations

from datetime import datetime
from io import BytesIO
from typing import Final

from django.utils import timezone

from selaras.models import BreachCause, BreachKind
from selaras.queries.breaches import BreachPage
from selaras.reports.docx import blank, facts, kop, printable, signature, text
from selaras.reports.letters import DOCX, Paper, head_of_letter, signature_of
from selaras.reports.words import BLANK, count, full_date

_TO: Final = {
    "authority": (
        "lembaga",
        "Yth. Lembaga penyelenggara pelindungan data pribadi (Pasal 58 UU 27/2022)",
        "di Jakarta (periksa alamat yang berlaku)",
    ),
    "people": ("pemilik-data", f"Yth. Ibu/Bapak {BLANK}", f"keluarga dengan kode {BLANK}"),
}


def breach_letter(page: BreachPage, to: str) -> Paper:
    """The draft to `authority` or `people`. It names nobody: names are written by hand, or by whoever prints it."""
    page = printable(page)
    slug, *whom = _TO[to]
    head = head_of_letter(page.head, synthetic=page.cycle.synthetic)
    document = blank(page.cycle.synthetic, "pemberitahuan")
    kop(document, head)
    town = page.head.town if page.head and page.head.town else BLANK
    text(document, f"{town}, {BLANK}")
    text(document, "", before=0)
    about = [("Nomor", BLANK), ("Sifat", "Segera"), ("Hal", "Pemberitahuan kegagalan pelindungan data pribadi")]
    facts(document, about, label=2.2)
    for number, line in enumerate(whom):
        text(document, line, before=0 if number else 12)
    for words in _opening(page, to):
        text(document, words)
    # A table keeps no room around itself.
    text(document, "", before=0)
    facts(document, _facts(page), label=4.8)
    for words in _closing(page, to):
        text(document, words)
    text(document, "", before=8)
    signature(document, signature_of(page.head))
    stream = BytesIO()
    document.save(stream)
    return Paper(f"pemberitahuan-{page.line.number}-{slug}.docx", DOCX, stream.getvalue())


def _opening(page: BreachPage, to: str) -> list[str]:
    who = f"Pemerintah {page.cycle.place}, sebagai pengendali data program {page.cycle.programme} {page.cycle.year}"
    if to == "authority":
        return [f"{who}, dengan ini memberitahukan kegagalan pelindungan data pribadi menurut Pasal 46 UU 27/2022."]
    return [
        f"{who}, menyimpan data keluarga Ibu/Bapak. Telah terjadi sesuatu pada data itu, dan Ibu/Bapak berhak tahu.",
    ]


def _facts(page: BreachPage) -> list[tuple[str, str]]:
    line = page.line
    before = "" if page.known_first is None else f" (semula dicatat {_moment(page.known_first)})"
    kinds = ", ".join(BreachKind(kind).label for kind in line.kinds)
    many = [
        *([f"{count(line.families)} keluarga"] if line.families is not None else []),
        *([f"{count(line.accounts)} akun petugas"] if line.accounts is not None else []),
    ]
    return [
        ("Data yang terkena", kinds),
        ("Banyaknya", " dan ".join(many) or "belum diketahui"),
        ("Di mana", line.lokus or "seluruh kota"),
        ("Apa yang terjadi", f"{BreachCause(line.cause).label}. {line.happened}"),
        ("Diketahui", f"{_moment(line.known_at)}{before}"),
        ("Penanganan dan pemulihan", line.handled or BLANK),
    ]


def _closing(page: BreachPage, to: str) -> list[str]:
    if to == "authority":
        late = timezone.now() > page.line.due_at
        why = f" Pemberitahuan ini melewati 3 × 24 jam karena {BLANK}." if late else ""
        return [f"Batas pemberitahuan: {_moment(page.line.due_at)}.{why}", f"Narahubung: {BLANK}, telepon {BLANK}."]
    return [
        "Yang dapat Ibu/Bapak lakukan: jangan memberikan kode atau sandi kepada siapa pun yang menelepon; bila ada "
        "yang mengaku petugas, minta surat tugasnya; tanyakan kepada kami bila ada yang mencurigakan.",
        f"Hubungi: {BLANK}, telepon {BLANK}. Ibu/Bapak dapat meminta melihat, membetulkan, atau menghapus datanya, "
        "tanpa biaya.",
        "Kami mohon maaf.",
    ]


def _moment(at: datetime) -> str:
    local = timezone.localtime(at)
    return f"{full_date(local.date())} pukul {local:%H.%M} {local.tzname()}"
