"""Slips on which those who came answer, the organiser's sheet with them, and plain papers for a box."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.utils import translation

from selaras.queries.reactions import ReactionsPage
from selaras.reports.letters import Paper, qr_svg
from selaras.reports.typesetting import typeset
from selaras.reports.words import full_date

#: Papers for the box on one sheet of A4.
ON_A_SHEET: Final = 4


@dataclass(frozen=True, slots=True)
class Slips:
    """What is printed once: codes as they are read, `7KM2-9QXR-4TBN-C3WD`, the organiser's, and until when."""

    codes: Sequence[str]
    opener: str
    closes_on: date


def slips_pdf(page: ReactionsPage, slips: Slips, base_url: str) -> Paper:
    """The organiser's sheet first, then ten slips a page, each with its own QR.

    The code stands behind a `#`: a browser keeps that to itself, so no server's log on the way ever holds it.
    """
    with translation.override("id"):
        data = {
            **_about(page),
            "address": base_url.partition("://")[2] + "/reaksi/",
            "closes": full_date(slips.closes_on),
            "opener": _slip(slips.opener, f"{base_url}/reaksi/buka/"),
            "slips": [_slip(code, f"{base_url}/reaksi/") for code in slips.codes],
        }
    return Paper("lembar-reaksi.pdf", "application/pdf", typeset("lembar-reaksi", data))


def papers_pdf(page: ReactionsPage) -> Paper:
    """Plain papers for a sealed box, ON_A_SHEET on a page: nothing on them tells one from another."""
    with translation.override("id"):
        data = {**_about(page), "papers": ON_A_SHEET}
    return Paper("kertas-reaksi.pdf", "application/pdf", typeset("kertas-reaksi", data))


def _about(page: ReactionsPage) -> dict[str, Any]:
    return {
        "title": page.title,
        "day": full_date(page.on),
        "place": page.lokus.name,
        "synthetic": page.cycle.synthetic,
    }


def _slip(code: str, address: str) -> dict[str, Any]:
    return {"code": code, "qr": list(qr_svg(f"{address}#{code}"))}
