"""`siaran-pers.docx` of a dossier: a page that a newspaper can print, with the numbers of the report."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO

from selaras.queries.dossier_figures import Figures
from selaras.reports.docx import blank, facts, kop, printable, text
from selaras.reports.dossier_words import changed, day, numbers, ordered_changes, place, programme
from selaras.reports.letters import Head
from selaras.reports.words import BLANK

#: Changes that are told, the largest first, better and worse alike.
MOST = 4


def press_docx(of: Figures) -> bytes:
    """The press release; who speaks in it is left to be written in."""
    document = blank(of.cycle.synthetic, "siaran-pers")
    document.core_properties.last_modified_by, document.core_properties.comments = "Selaras", ""
    document.core_properties.title = f"Siaran pers {programme(of.cycle)}"
    head = of.head_of_letter
    lines = (
        Head(head.lines, head.address, head.logo, of.cycle.synthetic)
        if head
        else Head((of.city,), "", b"", of.cycle.synthetic)
    )
    kop(document, printable(lines))
    text(document, "SIARAN PERS", bold=True, middle=True, before=4)
    text(document, printable(_headline(of)), bold=True, middle=True, before=6)
    for paragraph in _paragraphs(of):
        text(document, printable(paragraph))
    text(document, "Angka", bold=True, before=12)
    # How far claims are proved is for who judges, not for the newspaper.
    told = [each for each in numbers(of) if each.key != "ready"]
    rows = [(each.label, f"{each.value}{f' ({each.note})' if each.note else ''}") for each in told]
    facts(document, printable(tuple(rows)), label=5.6)
    text(document, f"Pernyataan: “{BLANK}”, kata {BLANK}.", before=12)
    text(document, f"Narahubung: {BLANK}", before=8)
    stream = BytesIO()
    document.save(stream)
    return stream.getvalue()


def _headline(of: Figures) -> str:
    return f"{programme(of.cycle)} di {place(of)}"


def _paragraphs(of: Figures) -> Iterator[str]:
    by = {each.key: each for each in numbers(of)}
    town = (of.head_of_letter.town if of.head_of_letter else "") or of.city
    yield (
        f"{town}, {day(of.made_on)}. {of.city} membina {by['families'].value} keluarga di {place(of)} dalam program "
        f"{programme(of.cycle)}. Sampai hari ini tercatat {by['pledges'].value} komitmen {by['pledges'].note}, "
        f"{by['done'].value} di antaranya selesai, dan {by['deeds'].value} kegiatan."
    )
    if "useful" in by:
        yield f"Sesudah kegiatan peserta menjawab tanpa nama: {by['useful'].value} {by['useful'].note} bilang berguna."
    told = ordered_changes(of.changes)[:MOST]
    if told and of.before is not None and of.after is not None:
        yield f"Pada keluarga yang sama, antara {of.before.label.lower()} dan {of.after.label.lower()}:"
        for each in told:
            yield f"{each.label}. {changed(each)}"
    if "total" in by:
        yield f"Nilai terukur {by['total'].value} {by['total'].note}."
