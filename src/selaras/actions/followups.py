"""After the trophy: name who looks at a lokus again, write down what had lasted, open it again. Nothing is deleted."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from selaras.access import Actor, demand, may_follow_up, may_report_follow_up, the_lokus
from selaras.actions import audit
from selaras.errors import InputError, Problem
from selaras.models import Cycle, FollowUp, Lokus, User
from selaras.models.places import within
from selaras.queries.followups import due_of, owners_of, taken_on

#: Years around the programme's in which a follow-up may be due.
YEARS = 4
LONGEST = 600


def set_follow_up(
    *, by: Actor, cycle_slug: str, code: str, kind: str, owner: UUID | None, due: date | None, seen: int = 0
) -> FollowUp:
    """Say whose a follow-up is and until when; `seen` is its version when the form was made, 0 where nobody had it.

    Raises Missing, Forbidden, and InputError for somebody who has no task there, a day far off, one that is done, and
    where another has changed it meanwhile.
    """
    lokus = the_lokus(by, cycle_slug, code)
    demand(may_follow_up, by, lokus)
    if kind not in FollowUp.KINDS:
        raise InputError(Problem("followup.kind", "jenis"))
    if due is None or abs(due.year - lokus.cycle.year) > YEARS:
        raise InputError(Problem("followup.due", "batas"))
    person = None if owner is None else next((one for one in owners_of(lokus) if one.uuid == owner), None)
    if owner is not None and person is None:
        raise InputError(Problem("followup.owner", "penanggung"))
    with transaction.atomic():
        row = _locked(lokus, kind, seen)
        if row.done_at is not None:
            raise InputError(Problem("followup.done"))
        row.owner, row.due = person, due
        _save(row)
        told = {"owner": None if person is None else str(person.uuid), "due": due.isoformat()}
        _record(by, "followups.set", row, **told)
    return row


def report_follow_up(
    *, by: Actor, cycle_slug: str, code: str, kind: str, found: str, dropped: bool = False, seen: int = 0
) -> FollowUp:
    """What was found, or (`dropped`) why it was not done. Raises as `set_follow_up`, and InputError for no words."""
    lokus = the_lokus(by, cycle_slug, code)
    if kind not in FollowUp.KINDS:
        raise InputError(Problem("followup.kind", "jenis"))
    text = found.strip()
    if not text:
        raise InputError(Problem("followup.found", "temuan"))
    with transaction.atomic():
        row = _locked(lokus, kind, seen)
        demand(may_report_follow_up, by, row)
        if row.done_at is not None:
            raise InputError(Problem("followup.done"))
        row.found, row.dropped, row.done_at = text[:LONGEST], dropped, timezone.now()
        row.done_by = by if isinstance(by, User) else None
        _save(row)
        _record(by, "followups.report", row, dropped=dropped)
    return row


def reopen_follow_up(*, by: Actor, cycle_slug: str, code: str, kind: str, seen: int = 0) -> FollowUp:
    """It is not done yet after all; what had been written stays to be corrected. Raises as `report_follow_up`."""
    lokus = the_lokus(by, cycle_slug, code)
    with transaction.atomic():
        row = _locked(lokus, kind, seen)
        demand(may_report_follow_up, by, row)
        row.dropped, row.done_at, row.done_by = False, None, None
        _save(row)
        _record(by, "followups.reopen", row)
    return row


def refuse_ahead(cycle: Cycle) -> None:
    """Raises InputError where somebody has taken on a follow-up of that year which is not done: a closed year takes no
    answers any more, and nobody could measure what has lasted. One whose owner has no task there any more is nobody's,
    and holds up no year."""
    if ahead := taken_on(cycle):
        raise InputError(Problem("followup.ahead", values={"n": ahead}))


def carry_follow_ups(user: User, to: User, areas: Iterable[str]) -> int:
    """Those of `user` in these areas become another's, in the caller's transaction; how many."""
    own = FollowUp.objects.filter(owner=user, done_at__isnull=True).select_related("lokus")
    there = [row.pk for row in own if any(within(row.lokus.area, area) for area in areas)]
    return FollowUp.objects.filter(pk__in=there).update(owner=to)


def _locked(lokus: Lokus, kind: str, seen: int) -> FollowUp:
    row = FollowUp.objects.select_for_update().filter(lokus=lokus, kind=kind).first()
    if (row.version if row is not None else 0) != seen:
        raise InputError(Problem("followup.stale"))
    if row is None:
        row = FollowUp(lokus=lokus, kind=kind, due=due_of(lokus, kind), version=0)
    row.lokus = lokus
    return row


def _save(row: FollowUp) -> None:
    row.version += 1
    row.updated_at = timezone.now()
    row.save()


def _record(by: Actor, action: str, row: FollowUp, **details: object) -> None:
    audit.record(
        by=by,
        action=action,
        object_type="followup",
        object_id=row.uuid,
        place_code=row.lokus.area,
        kind=row.kind,
        **details,
    )
