"""The names that belong to a dossier: of the families that are to be met, or that an annex still holds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from selaras.models import DossierAnnex, Household, Lokus, User
from selaras.queries.programme import cycle_ref, lokus_ref
from selaras.queries.progress import counted_families
from selaras.queries.refs import CycleRef, LokusRef


@dataclass(frozen=True, slots=True)
class AnnexRow:
    """A family by its code, and who it is."""

    code: str
    name: str
    rt: str
    rw: str


@dataclass(frozen=True, slots=True)
class AnnexFigures:
    """What an annex says."""

    cycle: CycleRef
    lokus: LokusRef
    number: int
    made_on: date
    rows: tuple[AnnexRow, ...]


def families_of(user: User, lokus: Lokus) -> list[Household]:
    """The families that a new annex names: those on the list of targets, else all registered, as she sees them."""
    _listed, families = counted_families(user, lokus)
    return list(families.order_by("code"))


def left_in(annex: DossierAnnex) -> list[Household]:
    """The families that an annex names and that have not been erased since."""
    return list(annex.households.filter(erased_at__isnull=True).order_by("code"))


def annex_figures(lokus: Lokus, number: int, families: Iterable[Household], today: date) -> AnnexFigures:
    """Their names as the registry has them now."""
    rows = tuple(AnnexRow(each.code, each.head_name, each.rt, each.rw) for each in families)
    return AnnexFigures(cycle_ref(lokus.cycle), lokus_ref(lokus), number, today, rows)
