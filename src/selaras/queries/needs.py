"""Needs: which indicators an agency is named for, and the families behind a number of the matrix."""

from __future__ import annotations

from functools import lru_cache

from selaras.models import InstrumentVersion
from selaras.queries.rules import read_published


def agencies_named(version: InstrumentVersion) -> dict[str, str]:
    """Survey indicator -> the agencies that the workbook names for it, as it writes them."""
    return _named(version.workbook.sha256, f"{version.instrument}-{version.version}.xlsx")


@lru_cache(maxsize=32)
def _named(sha256: str, name: str) -> dict[str, str]:
    indicators = read_published(sha256, name).indicators.values()
    return {one.name: one.agency for one in indicators if one.origin == "survey"}
