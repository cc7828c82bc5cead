"""The sheets of families on paper: half a page each, two on A4, in words that a woman who left school at twelve reads.

A code and no name, no class and nothing of health: `queries.family_sheet` says what may stand on it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from selaras.models import CommitmentState
from selaras.queries.family_sheet import PromiseLine, Sheet
from selaras.queries.refs import CycleRef, LokusRef
from selaras.reports.letters import Paper, qr_svg
from selaras.reports.typesetting import typeset
from selaras.reports.words import full_date, plain

#: Longer titles and names are cut: half a page has no room for an office's whole sentence.
LONGEST_TITLE: Final = 80
LONGEST_OFFICE: Final = 60
#: Letters of a code in one group, as one reads them out.
_GROUP: Final = 4


@dataclass(frozen=True, slots=True)
class Coded:
    """A family's sheet with the code that stands on it."""

    sheet: Sheet
    code: str


def sheets_pdf(
    cycle: CycleRef, lokus: LokusRef, coded: Sequence[Coded], *, contact: str, on: date, base_url: str
) -> Paper:
    """One file with the sheets, two a page. `contact` is whom to call ('': room to write it); QRs lead below
    `base_url`."""
    place = f"{cycle.programme} {cycle.place} {cycle.year}, {lokus.name}"
    common = {"place": place, "printed": full_date(on), "contact": plain(contact), "synthetic": cycle.synthetic}
    data = {"sheets": [{**_sheet(one, base_url), **common} for one in coded]}
    name = coded[0].sheet.code if len(coded) == 1 else lokus.code
    return Paper(f"lembar-keluarga-{name}.pdf", "application/pdf", typeset("lembar-keluarga", data))


def grouped(code: str) -> str:
    """`7KQM 3XPA`."""
    return " ".join(code[i : i + _GROUP] for i in range(0, len(code), _GROUP))


def _sheet(one: Coded, base_url: str) -> dict[str, Any]:
    sheet = one.sheet
    where = " ".join(f"{word} {number}" for word, number in (("RT", sheet.rt), ("RW", sheet.rw)) if number)
    return {
        "code": sheet.code,
        "where": where,
        "measured": sheet.measured,
        "recorded": [plain(each.said) for each in sheet.recorded],
        "well": [lowered(plain(each)) for each in sheet.well],
        "promises": [_promise(each) for each in sheet.on_paper],
        "more": sheet.more,
        "address": base_url.removeprefix("https://").removeprefix("http://") + "/lembar",
        "shown": grouped(one.code),
        "qr": qr_svg(f"{base_url}/lembar/{one.code}/").decode(),
    }


def _promise(line: PromiseLine) -> dict[str, str]:
    person = f", {plain(line.person)}" if line.person else ""
    who = f"Dari {cut(plain(line.agency), LONGEST_OFFICE)}{person}."
    return {"title": cut(plain(line.title), LONGEST_TITLE), "who": who, "when": when_words(line)}


def when_words(line: PromiseLine) -> str:
    """Until when, or how it stands, in plain Indonesian."""
    if line.done:
        return "Menurut dinas sudah selesai. Benarkah?"
    until = f"Paling lambat {full_date(line.ends)}." if line.ends else "Waktunya belum ditentukan."
    return f"{until} Sekarang sedang terhambat." if line.state == CommitmentState.BLOCKED else until


def lowered(text: str) -> str:
    """`air bersih`, within a sentence; what is written in capitals (`NIB`) stays."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def cut(text: str, most: int) -> str:
    """The text, or as many whole words of it as fit, with an ellipsis."""
    if len(text) <= most:
        return text
    return text[:most].rsplit(" ", 1)[0].rstrip(" ,.;:") + "…"
