"""The families of a lokus, by code, a page at a time.

Names come from `actions.households.reveal_names(*, by, cycle_slug, code, households, page) -> dict[str, str]`: code →
name of the head of the family for the codes shown, with one audit entry that names the codes and the `page` (its path).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from selaras.queries.frame import CycleRef, LokusRef, RoundRef

if TYPE_CHECKING:
    from selaras.models.people import User

Only = Literal["all", "answered", "waiting", "gaps"]
PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class HouseholdRow:
    """One family. `blank` counts its missing indicator values in the round, None before it has answers."""

    code: str
    rt: str
    rw: str
    members: int
    answered_at: datetime | None
    blank: int | None


@dataclass(frozen=True, slots=True)
class HouseholdsPage:
    """One page of the list, by code. `total` fit the search; `counts` are all, answered, waiting, with gaps."""

    cycle: CycleRef
    lokus: LokusRef
    round: RoundRef | None
    rows: tuple[HouseholdRow, ...]
    search: str
    only: Only
    total: int
    page: int
    pages: int
    counts: dict[Only, int]
    may_see_names: bool
    may_import: bool


def households_page(
    user: User,
    cycle_slug: str,
    code: str,
    *,
    search: str = "",
    by_name: bool = False,
    only: Only = "all",
    page: int = 1,
) -> HouseholdsPage:
    """One page of PAGE_SIZE families whose code, RT or RW (`02/01`) fits the search, also by name if `by_name`.

    `by_name` is ignored for who may not see names. Carries codes, never names (see actions.households.reveal_names).
    A page beyond the end is the last one. Raises Missing where the lokus is not there or its families are not hers.
    """
    raise NotImplementedError
