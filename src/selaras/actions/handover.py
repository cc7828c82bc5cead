"""Everything that a person holds becomes another's in one action, when she is transferred."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from selaras.access import Actor, area_of, common_area, holdings_for, one, people_for
from selaras.actions import audit, invitations, people
from selaras.actions.followups import carry_follow_ups
from selaras.actions.invitations import Invited
from selaras.actions.officers import tell_officers
from selaras.errors import Forbidden, InputError, Problem
from selaras.models import AgencyLink, ApiToken, BrowserSession, Invitation, Membership, Role, User


@dataclass(frozen=True, slots=True)
class _Left:
    """What else ended or moved with the tasks."""

    sessions: int
    tokens: int
    links: int
    carried: int
    revoked: int
    followups: int


def hand_over_all(*, by: Actor, cycle_slug: str, person: UUID, to: UUID, listed: Iterable[int]) -> None:
    """All her tasks that `by` may give become that person's at this moment, in one transaction with one audit entry.

    `listed` are the tasks that the page showed: where she holds others by now, nothing is done. With the tasks go her
    open invitations: those she gave stay good in the name of her successor, those that lead to her account are
    revoked. Her links as a liaison and her tokens are revoked, her sessions end; her saved views stay hers, and what
    commitments say of a person in charge stays as it was written. A task that `to` holds already just ends.
    Raises Missing, Forbidden, or InputError where the list has changed, or `to` cannot hold it all.
    """
    _, user = people.the_person(by, cycle_slug, person)
    successor = one(people_for(by), uuid=to)
    if successor.pk == user.pk:
        raise InputError(Problem("handover.herself"))
    if not successor.is_active:
        raise Forbidden(Problem("handover.inactive", values={"name": successor.get_full_name()}))
    with transaction.atomic():
        _hand_over(by, user, successor, set(listed))


def hand_over_to_invited(
    *, by: Actor, cycle_slug: str, person: UUID, full_name: str, key: UUID, listed: Iterable[int]
) -> Invited:
    """As `hand_over_all`, to somebody who has no account yet: it is made, holds the tasks, and waits for her.

    Raises as that does, and InputError for no name, a used `key`, or an administrator's task: it could be lost with
    the letter.
    """
    _, user = people.the_person(by, cycle_slug, person)
    if not full_name.strip():
        raise InputError(Problem("invitation.name"))
    with transaction.atomic():
        successor = invitations.waiting_account(full_name)
        rows = _hand_over(by, user, successor, set(listed))
        if any(row.role == Role.ADMINISTRATOR for row in rows):
            raise InputError(Problem("handover.administrator"))
        return invitations.issue(by, key, full_name.strip(), common_area(map(area_of, rows)), user=successor)


def _hand_over(by: Actor, user: User, to: User, listed: set[int]) -> list[Membership]:
    # Both rows are locked in one order, so that two hand-overs across each other cannot wait for each other.
    list(User.objects.select_for_update().filter(pk__in=[user.pk, to.pk]).order_by("pk"))
    now = timezone.now()
    rows = holdings_for(by, user, now)
    if not rows:
        raise InputError(Problem("handover.nothing", values={"name": user.get_full_name()}))
    if {row.pk for row in rows} != listed:
        raise InputError(Problem("handover.changed"))
    held = {_what(row) for row in people.held_by(to, now)}
    taken = [_taken(row, to, now) for row in rows if _what(row) not in held]
    people.refuse_clashes(to, taken)
    for row in rows:
        row.ends = max(now, row.starts)
    Membership.objects.bulk_update(rows, ["ends"])
    made = Membership.objects.bulk_create(taken)
    left = _leave(user, to, rows, now)
    audit.record(
        by=by,
        action="people.hand_over_all",
        object_type="user",
        object_id=user.uuid,
        place_code=common_area(map(area_of, rows)),
        to=str(to.uuid),
        tasks=len(rows),
        taken=len(made),
        roles=sorted({str(row.role) for row in rows}),
        sessions=left.sessions,
        tokens=left.tokens,
        links=left.links,
        invitations_carried=left.carried,
        invitations_revoked=left.revoked,
        followups=left.followups,
    )
    tell_officers(to, user, tasks=[row.role for row in rows])
    return rows


def _what(row: Membership) -> tuple[object, ...]:
    return (row.role, row.place_code, row.agency_id, row.cycle_id)


def _taken(row: Membership, to: User, now: datetime) -> Membership:
    return Membership(
        user=to,
        role=row.role,
        place_code=row.place_code,
        agency=row.agency,
        cycle=row.cycle,
        starts=max(now, row.starts),
        ends=row.ends,
        stands_in_for_id=row.stands_in_for_id,
    )


def _leave(user: User, to: User, rows: Sequence[Membership], now: datetime) -> _Left:
    """What opens doors to her is closed. Counts."""
    agencies = [row.agency_id for row in rows if row.agency_id is not None]
    links = AgencyLink.objects.filter(user=user, agency__in=agencies, revoked_at=None)
    given = Invitation.objects.filter(created_by=user, used_at=None, revoked_at=None, expires_at__gt=now)
    return _Left(
        sessions=BrowserSession.objects.filter(user=user).delete()[0],
        tokens=ApiToken.objects.filter(user=user, revoked_at=None).update(revoked_at=now),
        links=links.update(revoked_at=now),
        revoked=invitations.revoke_all(user, now),
        carried=given.update(created_by=to),
        followups=carry_follow_ups(user, to, map(area_of, rows)),
    )
