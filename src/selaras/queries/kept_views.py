"""Searches that a person keeps under a name of her own."""

from __future__ import annotations

from dataclasses import dataclass

from selaras.access import views_for
from selaras.models import Cycle, User


@dataclass(frozen=True, slots=True)
class KeptView:
    """A kept search of hers: its name and the query of the address."""

    id: int
    name: str
    query: str


def kept_views(user: User, cycle: Cycle, page: str) -> tuple[KeptView, ...]:
    """Her kept searches of that page in that year, by name. One statement."""
    rows = views_for(user).filter(cycle=cycle, page=page).values_list("pk", "name", "query")
    return tuple(KeptView(*values) for values in rows)
