"""`salinan-data-KODE.pdf`: what the office keeps of one family, to be handed to that family in a closed envelope.

Whole, it is for the woman who answered; else without what only she reads (`queries.subject_copy`).
"""

from __future__ import annotations

from collections import Counter
from typing import Any, Final

from selaras.models import (
    AidKind,
    AidUser,
    FamilyState,
    Holder,
    Outcome,
    PhotoUse,
    Role,
    Said,
    SubmissionMode,
    TargetReason,
    TargetState,
    Via,
    WomanAccess,
    WomanBenefit,
    WomanControl,
    WomanSaid,
)
from selaras.queries.answered import Section
from selaras.queries.data_map import BASES, RETENTIONS
from selaras.queries.subject_copy import SubjectCopy, VoiceCopy
from selaras.queries.subject_done import Done
from selaras.reports.letters import Paper, cleaned
from selaras.reports.typesetting import typeset
from selaras.reports.words import count, full_date

_SEX: Final = {"P": "perempuan", "L": "laki-laki", "": "–"}
_STATES: Final = {**dict(Outcome.choices), **dict(FamilyState.choices)}
#: What was done with their data, in their words; whatever is not named here is told as a change.
_DONE: Final = {
    "households.reveal_names": "nama dilihat",
    "households.reveal_numbers": "NIK dan nomor dilihat",
    "households.reveal_points": "letak rumah dilihat",
    "households.find_by_number": "dicari dengan nomor",
    "households.correct": "data dibetulkan",
    "households.merge": "digabungkan dengan catatan lain",
    "households.unmerge": "penggabungan diurungkan",
    "households.split": "anggota dipisahkan",
    "households.unsplit": "pemisahan diurungkan",
    "households.state": "keadaan dicatat",
    "households.state_back": "keadaan diurungkan",
    "photos.consent": "izin foto dicatat",
    "arrivals.reveal_names": "nama di kiriman formulir dilihat",
    "links.show_families": "nama dilihat lewat tautan OPD",
    "asks.show_families": "nama dilihat",
    "targets.export": "ikut dalam daftar sasaran yang diunduh",
    "exports.make": "ikut dalam berkas dengan identitas",
    "rights.copy": "salinan data diambil",
    "families.print": "lembar keluarga dicetak",
    "families.close_sheet": "kode lembar keluarga diganti",
    "families.open_sheet": "lembar keluarga dibuka dengan kodenya",
    "families.wrong_name": "nama salah disebut pada lembar keluarga",
    "families.confirm": "sudah atau belum menerima dicatat",
    "families.holding": "pemegang bantuan dicatat",
    "families.woman": "jawaban perempuan dicatat",
}
#: The same for all that begins so.
_ALIKE: Final = (
    ("targets.", "tempatnya di daftar sasaran ditentukan"),
    ("duplicates.", "dibandingkan dengan catatan lain"),
    ("families.", "lembar keluarga dicatat"),
)
#: Where nobody signed in: who holds the agency's link, or the code on the sheet.
_UNSIGNED: Final = (("links.", "penghubung OPD"), ("families.", "pemegang kode lembar"))
_PLACES: Final = {"rumah": "di rumah", "kelompok": "di kelompok", "rapat": "di rapat"}
_ROLES: Final = {role.value: role.label for role in Role}


def copy_paper(of: SubjectCopy) -> Paper:
    """A4, as many pages as it takes; everything of theirs, and why it is kept."""
    content = typeset("salinan-data", cleaned(_content(of)))
    return Paper(f"salinan-data-{of.code}.pdf", "application/pdf", content)


def _content(of: SubjectCopy) -> dict[str, Any]:
    cycle = of.cycle
    return {
        "synthetic": cycle.synthetic,
        "whole": of.whole,
        "place": f"{cycle.programme} {cycle.place} {cycle.year}, {of.lokus.name}",
        "made": f"Dibuat {full_date(of.made_on)}",
        "code": of.code,
        "facts": _facts(of),
        "members": [(one.name, _SEX.get(one.sex, one.sex), one.relation, one.nik or "–") for one in of.members],
        "states": [f"{full_date(on)}: {_STATES.get(state, state)}" for on, state in of.states],
        "rounds": [
            {
                "title": f"{each.label}, diterima {full_date(each.received_at.date())}",
                "way": SubmissionMode(each.way).label,
                "sections": [_section(one) for one in each.sections],
            }
            for each in of.rounds
        ],
        "needs": [
            f"{label}: sejak {full_date(opened)}" + ("" if closed is None else f", terpenuhi {full_date(closed)}")
            for label, opened, closed in of.needs
        ],
        "promises": [f"{title} ({agency})" for title, agency in of.promises],
        "activities": [f"{title}, {full_date(on)}" for title, on in of.activities],
        "voice": _voice(of.voice),
        "done": _done(of.done),
        "done_more": count(of.done_more) if of.done_more else "",
        "why": _why(of),
    }


def _facts(of: SubjectCopy) -> list[tuple[str, str]]:
    uses = [PhotoUse(use).label for use in sorted(of.photo_uses)]
    return [
        ("Kepala keluarga", of.head or "–"),
        ("Alamat", " ".join(part for part in (of.address, f"RT {of.rt}" if of.rt else "", f"RW {of.rw}") if part)),
        ("Nomor KK", of.kk or "–"),
        ("Nomor HP", of.phone or "–"),
        ("Dalam daftar", _listed(of)),
        ("Izin foto", ", ".join(uses) if uses else "tidak ada"),
        *([("Dari instansi lain", ", ".join(of.sources) or "tidak ada")] if of.whole else []),
        ("Dapat dilihat di kantor", _kept(of)),
    ]


def _listed(of: SubjectCopy) -> str:
    state = TargetState(of.listed).label if of.listed else "belum diputuskan"
    why = [TargetReason(of.replaced).label] if of.replaced else []
    return ": ".join([state, ". ".join([*why, *([of.note] if of.note else [])])]) if why or of.note else state


def _kept(of: SubjectCopy) -> str:
    """What is told by its number: nobody prints a photo with others on it."""
    kept = of.kept
    forms, changes = count(kept.older_forms), count(kept.changes)
    return f"{count(kept.photos)} foto, {forms} isian lama, {changes} perubahan data"


def _voice(of: VoiceCopy) -> list[str]:
    """What she says, a line each, in the order in which it was said within its kind."""
    promises = (
        f"{full_date(row.on)}: {row.commitment.title}, {'sudah' if row.received else 'belum'} diterima, kata "
        f"{Said(row.said).label} ({Via(row.via).label})"
        for row in of.promises
    )
    aid = (
        f"{full_date(row.on)}: {row.commitment.title} ({AidKind(row.kind).label})"
        + (f", dipegang {Holder(row.held_by).label}" if row.held_by else "")
        + (f", dipakai {AidUser(row.used_by).label}" if row.used_by else "")
        for row in of.aid
    )
    return [*promises, *aid, *(_woman(row) for row in of.women)]


def _woman(row: WomanSaid) -> str:
    who = "perempuan di rumah" if row.woman is None else row.woman.name or "perempuan di rumah"
    role = "tidak di mana pun" if row.role == [] else ", ".join(_PLACES.get(one, one) for one in row.role or ())
    parts = [
        *([f"ikut memutuskan {role}"] if role else []),
        *([f"akses pelatihan, modal, layanan: {WomanAccess(row.access).label}"] if row.access else []),
        *([f"yang menguasai hasil: {WomanControl(row.control).label}"] if row.control else []),
        *([f"manfaat: {WomanBenefit(row.benefit).label}"] if row.benefit else []),
    ]
    return f"{full_date(row.on)}: {who}; {'; '.join(parts) or 'tidak menjawab'}"


def _why(of: SubjectCopy) -> list[tuple[str, str, str]]:
    """What is kept alike stands together: titles, on which basis, how long."""
    alike: dict[tuple[str, str], list[str]] = {}
    for table in of.tables:
        alike.setdefault((table.basis, table.retention), []).append(table.title)
    return [(", ".join(titles), BASES[basis], RETENTIONS[kept]) for (basis, kept), titles in alike.items()]


def _section(one: Section) -> dict[str, Any]:
    member = "" if one.member is None else f" (anggota ke-{one.member})"
    return {"title": f"{one.title}{member}", "rows": [(line.question, line.text) for line in one.lines]}


def _done(entries: tuple[Done, ...]) -> list[str]:
    """One line a day, action and role: `3 April 2024: nama dilihat oleh kader (4 kali)`."""
    told = Counter((one.at.date(), _what(one.action), _who(one)) for one in entries)
    times = ((day, what, who, f" ({n} kali)" if n > 1 else "") for (day, what, who), n in told.items())
    return [f"{full_date(day)}: {what} oleh {who}{often}" for day, what, who, often in times]


def _what(action: str) -> str:
    alike = (words for begins, words in _ALIKE if action.startswith(begins))
    return _DONE.get(action) or next(alike, "diubah")


def _who(one: Done) -> str:
    unsigned = (words for begins, words in _UNSIGNED if not one.signed and one.action.startswith(begins))
    return next(unsigned, "") or _ROLES.get(one.role, "petugas")
