"""What phones, the office and imports changed of a family, line by line and without values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from selaras.models import EditSource, EditState, Household, HouseholdEdit
from selaras.queries.arrivals import PATIENCE


@dataclass(frozen=True, slots=True)
class EditLine:
    """One change, an EditState: by whom, from where (an EditSource), when it came, which items it touches.

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
    source: str = EditSource.PHONE


def edits_of(family: Household, now: datetime) -> tuple[EditLine, ...]:
    """All changes of a family, the newest first. One statement; `family` has its key at hand."""
    rows = HouseholdEdit.objects.filter(household=family).select_related("arrival__by", "by", "decided_by")
    return tuple(_line(edit, family, now) for edit in rows.defer("arrival__raw").order_by("-at", "-pk"))


def _line(edit: HouseholdEdit, family: Household, now: datetime) -> EditLine:
    edit.household = family
    changes = edit.changes()
    waited = edit.state == EditState.BACKLOG and edit.at <= now - PATIENCE
    applied = edit.number is not None
    return EditLine(
        id=edit.uuid,
        by=author.get_full_name() if (author := edit.arrival.by if edit.arrival else edit.by) else "",
        source=edit.source,
        at=edit.at,
        state=edit.state,
        items=tuple(changes),
        held=tuple(name for name, values in changes.items() if applied and values[-1] == values[1]),
        open=edit.state == EditState.CONFLICT or waited,
        arrival=edit.arrival.uuid if edit.arrival else None,
        decided_by=edit.decided_by.get_full_name() if edit.decided_by else "",
        decided_at=edit.decided_at,
    )
