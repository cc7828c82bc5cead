"""What phones changed of one family in the registry: what waits for a decision, and what became of the rest.

Carries no value: names, addresses and numbers come from `actions.field.showing.reveal_changes`, with its audit entry.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils import timezone

from selaras.access import demand, may_correct_household
from selaras.models import EditState, Household, HouseholdEdit, User
from selaras.queries.arrivals import PATIENCE
from selaras.queries.household import household_of
from selaras.queries.programme import cycle_ref, lokus_ref
from selaras.queries.refs import CycleRef, LokusRef


@dataclass(frozen=True, slots=True)
class EditLine:
    """One phone's change, an EditState: by whom, when it came, which items it touches (`head_name`, …).

    `held` are those that hold as it said; `open`: a person may decide it now.
    """

    id: UUID
    by: str
    at: datetime
    state: str
    items: tuple[str, ...]
    held: tuple[str, ...]
    open: bool
    arrival: UUID | None
    decided_by: str
    decided_at: datetime | None


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


def edits_of(family: Household, now: datetime) -> tuple[EditLine, ...]:
    """All changes of a family by phones, the newest first. One statement; `family` has its key at hand."""
    rows = HouseholdEdit.objects.filter(household=family).select_related("arrival__by", "decided_by")
    return tuple(_line(edit, family, now) for edit in rows.defer("arrival__raw").order_by("-at", "-pk"))


def _line(edit: HouseholdEdit, family: Household, now: datetime) -> EditLine:
    edit.household = family
    changes = edit.changes()
    waited = edit.state == EditState.BACKLOG and edit.at <= now - PATIENCE
    applied = edit.number is not None
    return EditLine(
        id=edit.uuid,
        by=edit.arrival.by.get_full_name() if edit.arrival else "",
        at=edit.at,
        state=edit.state,
        items=tuple(changes),
        held=tuple(name for name, values in changes.items() if applied and values[-1] == values[1]),
        open=edit.state == EditState.CONFLICT or waited,
        arrival=edit.arrival.uuid if edit.arrival else None,
        decided_by=edit.decided_by.get_full_name() if edit.decided_by else "",
        decided_at=edit.decided_at,
    )


def changes_page(user: User, cycle_slug: str, code: str, household: str) -> ChangesPage:
    """What phones changed of that family, for who may decide it. Raises Missing, Forbidden."""
    family = household_of(user, cycle_slug, code, household)
    demand(may_correct_household, user, family)
    return ChangesPage(
        cycle=cycle_ref(family.lokus.cycle),
        lokus=lokus_ref(family.lokus),
        code=family.code,
        version=family.version,
        edits=edits_of(family, timezone.now()),
    )
