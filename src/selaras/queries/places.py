"""Places by code."""

from __future__ import annotations

from selaras.access import one
from selaras.models import Place


def place_of(code: str) -> Place:
    """The current place of that code. Raises Missing."""
    return one(Place.objects.filter(valid_to__isnull=True), code=code)


def has_places(province: str) -> bool:
    """Whether the kelurahan of a province have been loaded."""
    return Place.objects.filter(code__startswith=f"{province}.", level="kelurahan", valid_to__isnull=True).exists()
