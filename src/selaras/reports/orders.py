"""The letter that sends a cadre to families' doors (surat tugas): who she is, where, for what, and what she keeps to.

Form: Peraturan ANRI 5/2021 (tata naskah dinas), as the other letters of the office.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

from selaras.queries.phone_holders import OrderView
from selaras.reports.letters import Head, Paper, Signature, cleaned, head_of_letter, signature_of
from selaras.reports.typesetting import typeset
from selaras.reports.words import BLANK, full_date


@dataclass(frozen=True, slots=True)
class Order:
    """The letter. Number and date are written by hand when it is signed."""

    head: Head
    number: str
    opening: str
    whom: tuple[tuple[str, str], ...]
    duties: tuple[str, ...]
    closing: str
    dated: str
    signature: Signature


def order_pdf(view: OrderView) -> Paper:
    """The letter as PDF, one page."""
    return Paper("surat-tugas.pdf", "application/pdf", typeset("surat-tugas", cleaned(asdict(order(view)))))


def order(view: OrderView) -> Order:
    """What it says; always in Indonesian, because it is shown at doors."""
    cycle, town = view.cycle, view.head.town if view.head and view.head.town else BLANK
    return Order(
        head=head_of_letter(view.head, synthetic=cycle.synthetic),
        number=BLANK,
        opening=(
            f"Dalam rangka pelaksanaan program {cycle.programme} {cycle.place} Tahun {cycle.year}, "
            "yang bertanda tangan di bawah ini menugaskan:"
        ),
        whom=(("Nama", view.name), ("Sebagai", view.role), ("Wilayah tugas", view.where)),
        duties=(
            f"mendata keluarga di wilayah tugasnya{_when(view)};",
            "menjelaskan kepada keluarga siapa yang mendata dan untuk apa, serta meninggalkan kartu keterangannya;",
            "meminta izin sebelum memotret, dan tidak memotret bila keluarga tidak mengizinkan;",
            "menjaga kerahasiaan keterangan keluarga dan hanya menyampaikannya lewat aplikasi pendataan.",
        ),
        closing=(
            "Pendataan tidak dipungut biaya. Surat tugas ini diperlihatkan bila diminta, dan dilaksanakan dengan penuh "
            "tanggung jawab."
        ),
        dated=f"{town}, {BLANK}",
        signature=signature_of(view.head),
    )


def _when(view: OrderView) -> str:
    spans = [f"{each.label.lower()} ({full_date(each.starts)} s.d. {full_date(each.ends)})" for each in view.rounds]
    return f" pada putaran {', '.join(spans)}" if spans else ""
