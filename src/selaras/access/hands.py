"""By whose hands somebody is here: who gave her the account, a way into it, or a task that she still holds.

Who gives all of these could be whoever she gives them to. So the locked room asks, of people who speak for each other,
whether one of them, or one other, stands behind two of them (cases/vouching.py).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import Q
from django.utils import timezone

from selaras.access.people import area_of
from selaras.models import AuditEntry, Invitation, Membership, Role, User
from selaras.models.places import lineage, within

#: What gives somebody an account or a way into it, beside an invitation.
GIVING: Final = frozenset("people.create people.activate people.set_password".split())
TASKS: Final = frozenset("people.assign people.hand_over".split())
#: Who gives tasks in many cities, for a living.
ABOVE: Final = frozenset({Role.ADMINISTRATOR, Role.PROVINCE})


@dataclass(frozen=True, slots=True)
class _Gift:
    """`by` is a key of a user, None for the console; `role` is '' for an account or a way in, `area` '' for any."""

    at: datetime
    by: int | None
    role: str = ""
    area: str = ""


def hands_in(user: User, *, since: datetime | None = None) -> frozenset[int]:
    """Who gave her the account, a way into it that is or was used, or a task she holds, after `since`: keys of users.

    A task that has ended, and a way in that was never used and is closed, is nobody's hand any more; an account is for
    ever.
    """
    now = timezone.now()
    held = [row for row in _held(user) if row.ends is None or row.ends > now]
    gifts = (each for each in _gifts(user, now) if since is None or each.at > since)
    found = (each.by for each in gifts if not each.role or any(_is_of(each, row) for row in held))
    return frozenset(by for by in found if by is not None)


def task_since(user: User, roles: Iterable[str], area: str = "") -> datetime | None:
    """Since when she holds a task of `roles` in that area ('' for anywhere), the longest of them; None for never.

    No task begins before it is given (actions/people.py): given anew, it is as young as that.
    """
    now, roles = timezone.now(), set(roles)
    rows = [row for row in _held(user) if row.holds(now) and row.role in roles]
    if area:
        rows = [row for row in rows if any(within(area, own) for own in lineage(area_of(row)))]
    return min((row.starts for row in rows), default=None)


def gave_above(people: Iterable[int]) -> frozenset[int]:
    """Those of these keys who are, or were, an administrator or of the province: they give tasks by their office."""
    return frozenset(Membership.objects.filter(user__in=people, role__in=ABOVE).values_list("user", flat=True))


def _held(user: User) -> list[Membership]:
    return list(Membership.objects.filter(user=user).select_related("agency__place"))


def _is_of(gift: _Gift, row: Membership) -> bool:
    return gift.role == row.role and gift.area in ("", area_of(row))


def _gifts(user: User, now: datetime) -> Iterator[_Gift]:
    me = str(user.uuid)
    about = Q(object_type="user", object_id=me, action__in=GIVING | TASKS | {"people.end_task"})
    handed = Q(action="people.hand_over_all", details__to=me)
    entries = list(AuditEntry.objects.filter(about | handed).order_by("at", "id"))
    # What she gives herself covers nobody's hand.
    gifts = [each for each in (*_of_audit(entries), *_of_invitations(user, now)) if each.by != user.pk]
    for gift in gifts:
        if not (gift.role and _is_over(gift, gifts, entries)):
            yield gift


def _is_over(gift: _Gift, gifts: Iterable[_Gift], entries: Iterable[AuditEntry]) -> bool:
    """Whether it was ended and given anew after that: of several of one role one is always behind what is left."""
    what = (gift.role, gift.area)
    ends = [
        each.at
        for each in entries
        if each.action == "people.end_task" and (each.details.get("role", ""), each.place_code) == what
    ]
    return any(gift.at <= end < each.at for end in ends for each in gifts if (each.role, each.area) == what)


def _of_audit(entries: Iterable[AuditEntry]) -> Iterator[_Gift]:
    for entry in entries:
        if entry.action == "people.hand_over_all":
            yield from (_Gift(entry.at, entry.actor_id, role) for role in entry.details.get("roles", ()))
        elif entry.action in TASKS:
            yield _Gift(entry.at, entry.actor_id, entry.details.get("role", ""), entry.place_code)
        elif entry.action in GIVING:
            yield _Gift(entry.at, entry.actor_id)


def _of_invitations(user: User, now: datetime) -> Iterator[_Gift]:
    """Whoever made it and, where she has handed over since, in whose name it stands."""
    rows = [row for row in Invitation.objects.filter(user=user) if row.used_at is not None or row.is_open(now)]
    ids = [str(row.uuid) for row in rows]
    made = Q(object_type="invitation", object_id__in=ids, action="invitations.make")
    again = Q(action="invitations.make_again", object_id=str(user.uuid), details__invitation__in=ids)
    makers: dict[str, set[int]] = {}
    for entry in AuditEntry.objects.filter(made | again, actor__isnull=False):
        makers.setdefault(entry.details.get("invitation", entry.object_id), set()).add(entry.actor_id or 0)
    for row in rows:
        for by in makers.get(str(row.uuid), set()) | ({row.created_by_id} if row.created_by_id else set()):
            at = row.used_at or row.created_at
            yield _Gift(at, by)
            yield from (_Gift(at, by, said["role"], said["place_code"]) for said in row.roles)
