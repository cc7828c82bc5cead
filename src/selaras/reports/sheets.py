"""The sheet of one agency and the matrix on A3: what is laid on the table at the meeting. Codes, never names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from selaras.models import CommitmentState, Fund
from selaras.queries.agency_sheets import AgencySheet, SheetNeed
from selaras.queries.matrix import Cell, Line, MatrixPage
from selaras.queries.plans import CommitmentLine
from selaras.reports.letters import DOCX, Head, Paper, Signature, cleaned, head_of_letter
from selaras.reports.typesetting import typeset
from selaras.reports.words import BLANK, count, full_date

#: A figure that must not be told: fewer than five families, and a matter of health.
UNTOLD = "…"


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: its title, what stands over its columns, their shares of the width, its rows."""

    title: str
    columns: tuple[str, ...]
    widths: tuple[float, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One agency's sheet, to be answered by hand and signed."""

    head: Head
    title: str
    facts: tuple[tuple[str, str], ...]
    grids: tuple[Grid, ...]
    notes: tuple[str, ...]
    dated: str
    signature: Signature


NEEDS = ("Kebutuhan", "Keluarga", "Belum ada yang menangani", "Disanggupi OPD ini", "Kode keluarga", "Jawaban OPD")
COMMITMENTS = ("Nomor", "Kegiatan", "Lokasi", "Volume", "Anggaran (Rp)", "Sumber dana", "Sampai", "Keadaan")


def sheets_file(sheets: Sequence[AgencySheet], name: str, suffix: str) -> Paper:
    """The sheets, each on pages of its own, as `pdf` or `docx`."""
    content = [sheet_of(sheet) for sheet in sheets]
    if suffix == "pdf":
        data = {"sheets": cleaned([asdict(each) for each in content])}
        return Paper(f"{name}.pdf", "application/pdf", typeset("lembar-opd", data))
    from selaras.reports.docx_sheets import sheets_docx

    return Paper(f"{name}.docx", DOCX, sheets_docx(content))


def sheet_of(sheet: AgencySheet) -> Sheet:
    """What stands on it."""
    cycle = sheet.cycle
    grids = [_needs(lokus.name, lokus.needs) for lokus in sheet.loci]
    if sheet.commitments:
        rows = tuple(_commitment(line) for line in sheet.commitments)
        grids.append(Grid("Komitmen yang sudah tercatat", COMMITMENTS, (1.1, 4, 2.4, 1.5, 1.7, 1.9, 1.7, 1.5), rows))
    return Sheet(
        head=head_of_letter(sheet.head, synthetic=cycle.synthetic),
        title=f"LEMBAR {sheet.short_name}",
        facts=(
            ("OPD atau mitra", sheet.name),
            ("Program", f"{cycle.programme} {cycle.place} Tahun {cycle.year}"),
            ("Keadaan per", full_date(sheet.today)),
        ),
        grids=tuple(grids),
        notes=(
            "Jawaban OPD: sanggup, sanggup dengan perubahan, tidak dapat (sebutkan sebabnya), atau usulan tahun depan.",
            f"{UNTOLD} berarti ada, tetapi kurang dari 5 keluarga dan menyangkut kesehatan, jadi tidak disebutkan.",
        ),
        dated=f"{sheet.head.town if sheet.head and sheet.head.town else BLANK}, {BLANK}",
        signature=Signature((sheet.name,), BLANK, "", BLANK),
    )


def _needs(lokus: str, needs: Sequence[SheetNeed]) -> Grid:
    rows = tuple(
        (
            need.label + (" (menunggu jawaban)" if need.asked else ""),
            number(need.needs or None),
            number(need.gap),
            number(need.own),
            ", ".join(need.codes),
            "",
        )
        for need in needs
    )
    return Grid(f"Kebutuhan di {lokus}", NEEDS, (3.8, 1.4, 1.8, 1.8, 5.9, 3.3), rows)


def _commitment(line: CommitmentLine) -> tuple[str, ...]:
    volume = "" if line.volume is None else f"{line.volume.normalize():f}".replace(".", ",")
    state = CommitmentState(line.state).label
    return (
        f"K-{line.number:03d}",
        line.title,
        line.place or "Seluruh kota",
        f"{volume} {line.unit}".strip(),
        "" if line.budget is None else count(int(line.budget)),
        Fund(line.fund).label if line.fund else "belum ada",
        "" if line.ends is None else full_date(line.ends),
        f"{state}: {line.obstacle}" if line.obstacle else state,
    )


def number(value: int | None) -> str:
    """A count, or that it is not told."""
    return UNTOLD if value is None else count(value)


# --- the matrix -------------------------------------------------------------------------------------------------------
def matrix_pdf(page: MatrixPage) -> Paper:
    """The table of the page on A3, lying; its heading comes again on each page."""
    where = "seluruh lokus" if page.lokus is None else page.lokus.name
    totals = page.totals
    data: dict[str, Any] = {
        "synthetic": page.cycle.synthetic,
        "title": f"Siapa berbuat apa: {page.cycle.programme} {page.cycle.place} {page.cycle.year}",
        "where": f"{where[:1].upper()}{where[1:]}, keadaan per {full_date(page.today)}",
        "answer": (
            f"{count(totals.gap)} dari {count(totals.needs)} kebutuhan belum ada yang menangani. "
            f"{count(totals.served)} dijanjikan, {count(totals.overlap)} di antaranya oleh lebih dari satu pihak."
        ),
        "columns": [column.short_name for column in page.columns],
        "sections": [
            {"label": section.label, "lines": [_line(line, page) for line in section.lines]}
            for section in page.sections
        ],
        "unanswered": count(page.unanswered),
    }
    name = f"matriks-{page.cycle.slug}-{page.today.isoformat()}.pdf"
    return Paper(name, "application/pdf", typeset("matriks", cleaned(data)))


def _line(line: Line, page: MatrixPage) -> dict[str, Any]:
    return {
        "label": line.label,
        "needs": number(line.needs or None),
        "gap": number(line.gap),
        "overlap": number(line.overlap),
        "open": bool(line.gap),
        "cells": [_cell(line.cells.get(column.id)) for column in page.columns],
    }


def _cell(cell: Cell | None) -> dict[str, str]:
    """What stands in one cell, and how it is drawn: served, late, blocked, proposed, asked, or empty."""
    if cell is None:
        return {"text": "", "look": ""}
    if cell.served is None or (cell.served == 0 and cell.proposed is None):
        return {"text": UNTOLD, "look": "served" if cell.served is None else "proposed"}
    if cell.served:
        look = "late" if cell.late else "blocked" if cell.blocked else "served"
        return {"text": count(cell.served), "look": look}
    if cell.proposed:
        return {"text": count(cell.proposed), "look": "proposed"}
    return {"text": "?", "look": "asked"} if cell.asked else {"text": "", "look": ""}
