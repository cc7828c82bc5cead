"""Commitments as pages show them."""

from __future__ import annotations

from django.db.models import QuerySet

from selaras.access import one
from selaras.models import Agency, Cycle


def agencies_of(cycle: Cycle) -> QuerySet[Agency]:
    """The agencies that may act in that year's place: its own, and those of what lies above it."""
    parts = cycle.place.code.split(".")
    codes = [".".join(parts[:end]) for end in range(1, len(parts) + 1)]
    return Agency.objects.filter(place__code__in=codes).select_related("place").order_by("short_name", "pk")


def agency_of(cycle: Cycle, agency_id: int) -> Agency:
    """That agency of the year's place. Raises Missing."""
    return one(agencies_of(cycle), pk=agency_id)
