"""`salinan-data-KODE.pdf`: what the office keeps of one family, to be handed to that family in a closed envelope."""

from __future__ import annotations

from collections import Counter
from typing import Any, Final

from selaras.models import FamilyState, Outcome, PhotoUse, Role, SubmissionMode, TargetState
from selaras.queries.answered import Section
from selaras.queries.data_map import BASES, RETENTIONS
from selaras.queries.subject_copy import Done, SubjectCopy
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
}
_ROLES: Final = {role.value: role.label for role in Role}


def copy_paper(of: SubjectCopy) -> Paper:
    """A4, as many pages as it takes; everything of theirs, and why it is kept."""
    content = typeset("salinan-data", cleaned(_content(of)))
    return Paper(f"salinan-data-{of.code}.pdf", "application/pdf", content)


def _content(of: SubjectCopy) -> dict[str, Any]:
    cycle = of.cycle
    return {
        "synthetic": cycle.synthetic,
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
        ("Dalam daftar", TargetState(of.listed).label if of.listed else "belum diputuskan"),
        ("Izin foto", ", ".join(uses) if uses else "tidak ada"),
        ("Dari instansi lain", ", ".join(of.sources) or "tidak ada"),
    ]


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
    told = Counter((one.at.date(), _DONE.get(one.action, "diubah"), _ROLES.get(one.role, "petugas")) for one in entries)
    times = ((day, what, who, f" ({n} kali)" if n > 1 else "") for (day, what, who), n in told.items())
    return [f"{full_date(day)}: {what} oleh {who}{often}" for day, what, who, often in times]
