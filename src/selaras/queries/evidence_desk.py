"""The desk: what waits, one after the other, the oldest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from selaras.access import demand, desk_for, evidence_for, may_open_desk, the_cycle
from selaras.models import Evidence, EvidenceState, User
from selaras.queries.evidence import EvidenceLine, Reader, waiting_q, with_lines
from selaras.queries.evidence_labels import labels_of
from selaras.queries.programme import cycle_ref
from selaras.queries.refs import CycleRef


@dataclass(frozen=True, slots=True)
class Decided:
    """What she decided last, and can take back."""

    id: UUID
    title: str
    state: str
    version: int
    at: datetime


@dataclass(frozen=True, slots=True)
class DeskPage:
    """The piece to look at now, None where none waits. `left` counts those that wait for her, this one too; `own`
    those that wait for somebody else because she brought them."""

    cycle: CycleRef
    line: EvidenceLine | None
    left: int
    own: int
    skipped: int
    last: Decided | None


def desk_page(user: User, slug: str, *, after: UUID | None = None, this: UUID | None = None) -> DeskPage:
    """The oldest that waits for her; `after` a skipped one the next, `this` one where it still waits or was decided.

    Its statements do not grow. Raises Missing, Forbidden for who vouches for nothing here.
    """
    cycle = the_cycle(user, slug)
    demand(may_open_desk, user, cycle)
    mine = desk_for(user, cycle)
    waits = mine.filter(waiting_q()).order_by("received_at", "pk")
    left = waits.count()
    behind = Evidence.objects.filter(uuid=after, cycle=cycle).first() if after is not None else None
    rest = waits if behind is None else waits.filter(_later(behind))
    row = with_lines(mine).filter(uuid=this).first() if this is not None else with_lines(rest).first()
    skipped = 0 if behind is None else left - rest.count()
    if row is None and behind is not None:
        # Round again: what was skipped still waits.
        row, skipped = with_lines(waits).first(), 0
    last = mine.filter(decided_by=user).order_by("-decided_at").first()
    own = evidence_for(user).filter(cycle=cycle, uploaded_by=user).filter(waiting_q()).count()
    return DeskPage(
        cycle=cycle_ref(cycle),
        line=None if row is None else Reader(user, cycle, labels_of(cycle)).line(row),
        left=left,
        own=own,
        skipped=skipped,
        last=None if last is None or last.decided_at is None
        else Decided(last.uuid, str(last), EvidenceState(last.state).label, last.version, last.decided_at),
    )  # fmt: skip


def _later(than: Evidence) -> Q:
    return Q(received_at__gt=than.received_at) | Q(received_at=than.received_at, pk__gt=than.pk)
