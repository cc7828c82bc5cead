"""Ways to an account: made and shown once, opened once, revoked."""

import base64
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.utils import timezone

from selaras.access import (
    CONSOLE,
    PHRASES,
    Actor,
    Task,
    area_of,
    clashes,
    common_area,
    demand,
    invitations_for,
    may_assign,
    may_see_people,
    one,
    the_cycle,
)
from selaras.actions import audit, people
from selaras.actions.officers import tell_officers
from selaras.actions.people import Asked
from selaras.errors import Forbidden, InputError, Missing, Problem
from selaras.models import Agency, BrowserSession, Cycle, Invitation, Membership, Role, User
from selaras.queries.invitations import agency_areas, could_give, found_by, hashes_of, is_waiting, state_of

#: A letter reaches its kelurahan within a week, and is opened in the next.
LASTS: Final = timedelta(days=14)
#: 256 random bits in a link; 80 in a code that is typed from paper, as in `/mulai/`.
TOKEN_BYTES: Final = 32
CODE_BYTES: Final = 10


@dataclass(frozen=True, slots=True)
class Invited:
    """An invitation with its two secrets, which are nowhere else afterwards. `code` is 16 letters and digits 2 to 7."""

    id: UUID
    full_name: str
    token: str
    code: str
    expires_at: datetime


def invite(*, by: Actor, cycle_slug: str, key: UUID, full_name: str, tasks: Sequence[Asked]) -> Invited:
    """An invitation for a name to one or more tasks of that year. `key` becomes its id: sent twice, it is made once.

    Raises Missing, Forbidden, or InputError for no name, no task, a task that does not fit (`where` says which, from
    0), two tasks that one person cannot hold, or a `key` that was used.
    """
    cycle = the_cycle(by, cycle_slug)
    demand(may_see_people, by, cycle)
    full_name = full_name.strip()
    if not full_name:
        raise InputError(Problem("invitation.name"))
    rows = _tasks(by, cycle, tasks)
    if not rows:
        raise InputError(Problem("invitation.no_task"))
    problems = [
        Problem(code, values={"one": first.role.label, "other": other.role.label})
        for code, first, other in clashes(map(Task.of, rows))
    ]
    if problems:
        raise InputError(problems)
    with transaction.atomic():
        made = issue(by, key, full_name, common_area(map(area_of, rows)), rows=rows)
        _record(by, "invitations.make", made.id, rows)
    return made


def _tasks(by: Actor, cycle: Cycle, tasks: Sequence[Asked]) -> list[Membership]:
    """The tasks, not yet saved, or everything that is wrong with any of them."""
    rows: list[Membership] = []
    problems: list[Problem] = []
    for number, asked in enumerate(tasks):
        try:
            rows.append(people.task_of(by, cycle, asked))
        except InputError as error:
            problems += [replace(problem, where=str(number)) for problem in error.problems]
    if problems:
        raise InputError(problems)
    return rows


def issue(
    by: Actor, key: UUID, full_name: str, area: str, *, rows: Sequence[Membership] = (), user: User | None = None
) -> Invited:
    """The row and its secrets, in the caller's transaction. Raises InputError for a `key` that was used."""
    now = timezone.now()
    token = secrets.token_urlsafe(TOKEN_BYTES)
    code = base64.b32encode(secrets.token_bytes(CODE_BYTES)).decode().lower()
    row = Invitation(
        uuid=key,
        full_name=full_name[:150],
        token_hash=hashes_of(token)[0],
        code_hash=hashes_of(code)[1],
        roles=[_stored(each) for each in rows],
        area=area,
        created_by=by if isinstance(by, User) else None,
        created_at=now,
        expires_at=now + LASTS,
        user=user,
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        # The button was pressed twice, or the page sent again.
        raise InputError(Problem("invitation.made")) from error
    return Invited(row.uuid, row.full_name, token, code, row.expires_at)


def _stored(row: Membership) -> dict[str, Any]:
    return {
        "role": str(row.role),
        "cycle": row.cycle_id,
        "place_code": row.place_code,
        "agency": row.agency_id,
    }


def invite_again(*, by: Actor, cycle_slug: str, person: UUID, key: UUID) -> Invited:
    """A new way in for an account whose password is lost or was never set; older ones of it are revoked.

    Who may: whoever may end every task that it holds. Raises Missing, Forbidden, InputError for a used `key`.
    """
    _, user = people.the_person(by, cycle_slug, person)
    people.demand_over(by, user)
    people.demand_sign_in(user)
    area = people.where_of(user)
    with transaction.atomic():
        revoke_all(user, timezone.now())
        made = issue(by, key, user.get_full_name(), area, user=user)
        audit.record(
            by=by,
            action="invitations.make_again",
            object_type="user",
            object_id=user.uuid,
            place_code=area,
            invitation=str(made.id),
        )
        tell_officers(user)
    return made


def revoke_all(user: User, now: datetime) -> int:
    """Revoke the open ways to that account, in the caller's transaction; how many."""
    return Invitation.objects.filter(user=user, used_at=None, revoked_at=None).update(revoked_at=now)


def revoke(*, by: Actor, cycle_slug: str, invitation: UUID) -> Invitation:
    """Make an invitation useless: whoever could have made it. Twice is once.

    Raises Missing, Forbidden, or InputError for one that was used.
    """
    cycle = the_cycle(by, cycle_slug)
    demand(may_see_people, by, cycle)
    with transaction.atomic():
        row = one(invitations_for(by).select_related(None).select_for_update(), uuid=invitation)
        if not could_give(by, row, agency_areas([row])):
            raise Forbidden(Problem("access.forbidden", values={"what": PHRASES["may_assign"]}))
        if row.used_at is not None:
            raise InputError(Problem("invitation.closed"))
        if row.revoked_at is None:
            row.revoked_at = timezone.now()
            row.save(update_fields=["revoked_at"])
            audit.record(
                by=by,
                action="invitations.revoke",
                object_type="invitation",
                object_id=row.uuid,
                place_code=row.area,
            )
    return row


def open_account(*, secret: str, username: str, password: str) -> User:
    """The invited person's account with the name and password that she chose, and the tasks that come with it.

    Of an account that has a name already only the password is set; it is signed out everywhere. Raises Missing for an
    unknown secret, Forbidden where it is closed or its giver may not give any more, InputError for name or password.
    """
    with transaction.atomic():
        row = _opened(secret)
        _demand_over(row)
        user = row.user or User(full_name=row.full_name)
        if row.user is None or is_waiting(row.user):
            user.username = username
        people.checked(user, password)
        user.save()
        BrowserSession.objects.filter(user=user).delete()
        _take(row, user)
    return user


def accept(*, by: User, secret: str) -> None:
    """The tasks of an invitation, taken with an account that one has already.

    Raises Missing, Forbidden as `open_account`, or InputError where she cannot hold them beside what she holds.
    """
    with transaction.atomic():
        row = _opened(secret)
        if row.user is not None:
            raise Forbidden(Problem("invitation.account"))
        _take(row, by)


def _demand_over(row: Invitation) -> None:
    """Raise Forbidden for a new way into an account over which its giver is not any more: it may hold more by now.

    One that waits for its first password has nothing to take over, and whoever handed herself over has no task left.
    """
    if row.user is None or row.created_by is None or is_waiting(row.user):
        return
    try:
        people.demand_over(row.created_by, row.user)
    except Forbidden as error:
        raise Forbidden(Problem("invitation.giver")) from error


def _opened(secret: str) -> Invitation:
    row = Invitation.objects.select_for_update(of=("self",)).select_related("user").filter(found_by(secret)).first()
    if row is None:
        raise Missing(Problem("invitation.code"))
    state = state_of(row, timezone.now())
    if state != "open":
        raise Forbidden(Problem(f"invitation.{state}"))
    return row


def _take(row: Invitation, user: User) -> None:
    """Her tasks begin and the invitation ends, in the caller's transaction."""
    now = timezone.now()
    giver: Actor = CONSOLE if row.created_by is None else row.created_by
    given = [_task(stored, user, now) for stored in row.roles]
    tasks = [task for task in given if not _ended(row, task.cycle)]
    if given and not tasks:
        raise Forbidden(Problem("invitation.year"))
    for task in tasks:
        if not may_assign(giver, task.role, area_of(task), task.cycle_id):
            raise Forbidden(Problem("invitation.giver"))
        people.check_task(giver, task)
    people.refuse_clashes(user, tasks)
    Membership.objects.bulk_create(tasks)
    row.used_at, row.user = now, user
    row.save(update_fields=["used_at", "user"])
    _record(user, "invitations.open", row.uuid, tasks, user=str(user.uuid))
    tell_officers(user)


def _ended(row: Invitation, cycle: Cycle | None) -> bool:
    """Whether the year of a task was closed since it was given: its tasks have ended then, and this one with them."""
    return cycle is not None and cycle.closed_at is not None and row.created_at < cycle.closed_at


def _task(stored: dict[str, Any], user: User, now: datetime) -> Membership:
    return Membership(
        user=user,
        role=Role(stored["role"]),
        place_code=stored["place_code"],
        agency=Agency.objects.select_related("place").filter(pk=stored["agency"]).first(),
        cycle=Cycle.objects.filter(pk=stored["cycle"]).first(),
        starts=now,
    )


def _record(by: Actor, action: str, invitation: UUID, rows: Sequence[Membership], **details: str) -> None:
    audit.record(
        by=by,
        action=action,
        object_type="invitation",
        object_id=invitation,
        place_code=common_area(map(area_of, rows)),
        roles=[str(row.role) for row in rows],
        **details,
    )


def waiting_account(full_name: str) -> User:
    """A saved account for somebody who has not been in yet: she chooses name and password when she opens her way in."""
    user = User(username=f"undangan-{uuid4().hex[:12]}", full_name=full_name.strip())
    people.checked(user, None)
    user.save(force_insert=True)
    return user
