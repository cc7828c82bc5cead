"""What phones changed of one family in the registry: what waits for a decision, and what became of the rest.

Carries no value: names, addresses and numbers come from `actions.field.showing.reveal_changes`, with its audit entry.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import timezone

from selaras.access import demand, may_settle_household
from selaras.models import User
from selaras.queries.edits import EditLine, edits_of
from selaras.queries.household import household_of
from selaras.queries.programme import cycle_ref, lokus_ref
from selaras.queries.refs import CycleRef, LokusRef


@dataclass(frozen=True, slots=True)
class ChangesPage:
    """The changes of one family, the newest first. `version` is what a decision must be based on."""

    cycle: CycleRef
    lokus: LokusRef
    code: str
    version: int
    edits: tuple[EditLine, ...]

    @property
    def open(self) -> tuple[EditLine, ...]:
        """Those to be decided, the oldest first."""
        return tuple(edit for edit in reversed(self.edits) if edit.open)


def changes_page(user: User, cycle_slug: str, code: str, household: str) -> ChangesPage:
    """What phones changed of that family, for who may decide it. Raises Missing, Forbidden."""
    family = household_of(user, cycle_slug, code, household)
    demand(may_settle_household, user, family)
    return ChangesPage(
        cycle=cycle_ref(family.lokus.cycle),
        lokus=lokus_ref(family.lokus),
        code=family.code,
        version=family.version,
        edits=edits_of(family, timezone.now()),
    )
