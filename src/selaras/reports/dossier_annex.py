"""`lampiran-nama.pdf`: who the families of a dossier are. It stays with the city, apart from the dossier."""

from __future__ import annotations

from selaras.queries.dossier_annex import AnnexFigures
from selaras.reports.typesetting import typeset
from selaras.reports.words import count, full_date, plain


def annex_pdf(of: AnnexFigures) -> bytes:
    """Code, head of family, RT and RW; nothing of what the family has or lacks."""
    return typeset(
        "lampiran-nama",
        {
            "title": f"Lampiran nama: {of.cycle.programme} Tahun {of.cycle.year}",
            "place": f"{of.lokus.name}, {of.cycle.place}",
            "number": count(of.number),
            "synthetic": of.cycle.synthetic,
            "made": f"Dibuat {full_date(of.made_on)}",
            "families": count(len(of.rows)),
            "rows": [[plain(value) for value in (each.code, each.name, each.rt, each.rw)] for each in of.rows],
        },
    )
