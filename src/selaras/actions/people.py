"""Accounts and tasks: make, assign, end, hand over, switch off."""

import base64
import hmac
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from uuid import UUID

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from selaras.access import (
    CONSOLE,
    Actor,
    Task,
    area_of,
    clashes,
    common_area,
    demand,
    may_assign,
    may_manage_people,
    may_see_people,
    memberships_for,
    one,
    people_for,
    the_cycle,
)
from selaras.actions import audit
from selaras.actions.officers import COUNTING, tell_officers
from selaras.errors import Forbidden, InputError, Problem
from selaras.models import (
    Agency,
    AgencyLink,
    BrowserSession,
    Cycle,
    DataKey,
    Invitation,
    KeyPurpose,
    Membership,
    Place,
    PlaceLevel,
    Role,
    User,
)
from selaras.models.places import area_code, within, zone_of

#: Where each role works. A liaison's area is her agency's, an administrator's the server.
LEVELS: Final[dict[str, tuple[PlaceLevel, ...]]] = {
    Role.SECRETARIAT: (PlaceLevel.CITY,),
    Role.SUPERVISOR: (PlaceLevel.KECAMATAN, PlaceLevel.KELURAHAN),
    Role.CADRE: (PlaceLevel.KELURAHAN,),
    Role.PROTECTION: (PlaceLevel.CITY, PlaceLevel.KECAMATAN, PlaceLevel.KELURAHAN),
    Role.JUROR: (PlaceLevel.PROVINCE, PlaceLevel.CITY),
    Role.PROVINCE: (PlaceLevel.PROVINCE,),
    Role.LEADER: (PlaceLevel.PROVINCE, PlaceLevel.CITY),
}


def create_user(
    *, by: Actor, area: str, username: str, full_name: str, email: str = "", password: str | None = None
) -> User:
    """An account in that area, without any task yet. Without a password it cannot sign in until one is set.

    Raises Forbidden, or InputError for a name that is taken or malformed, or a password that is too weak.
    """
    demand(may_manage_people, by, area)
    user = checked(User(username=username, full_name=full_name, email=email), password)
    with transaction.atomic():
        user.save(force_insert=True)
        audit.record(by=by, action="people.create", object_type="user", object_id=user.uuid, place_code=area)
    return user


def checked(user: User, password: str | None) -> User:
    """The account, not yet saved, with that password; raises InputError with everything that is wrong."""
    user.username = User.normalize_username(user.username.strip())
    user.full_name, user.email = user.full_name.strip(), user.email.strip()
    user.set_password(password)
    problems: list[Problem] = []
    try:
        user.full_clean()
    except ValidationError as error:
        problems += [
            Problem("people.field", values={"field": field, "why": " ".join(messages)})
            for field, messages in error.message_dict.items()
        ]
    if password is not None:
        try:
            validate_password(password, user)
        except ValidationError as error:
            problems.append(Problem("people.password", values={"why": " ".join(error.messages)}))
    if problems:
        raise InputError(problems)
    return user


def assign(
    *,
    by: Actor,
    user: User,
    role: Role,
    place_code: str = "",
    agency: Agency | None = None,
    cycle: Cycle | None = None,
    starts: datetime | None = None,
    ends: datetime | None = None,
) -> Membership:
    """Give a task: a role below `place_code`, or for an agency (a liaison's area is her agency's), in one cycle or all.

    Raises Forbidden where `by` may not give that role there, InputError where place or agency does not fit the role.
    """
    made = Membership(
        user=user,
        role=role,
        place_code=place_code,
        agency=agency,
        cycle=cycle,
        starts=starts or timezone.now(),
        ends=ends,
    )
    check_task(by, made)
    with transaction.atomic():
        refuse_clashes(user, [made])
        made.save(force_insert=True)
        _record(by, "people.assign", made, area_of(made))
        tell_officers(user, tasks=[role])
    return made


def check_task(by: Actor, row: Membership) -> None:
    """Whether `by` may give it and it fits its role. Raises Forbidden, InputError."""
    area = area_of(row)
    demand(may_assign, by, row.role, area, row.cycle_id)
    if (row.role == Role.LIAISON) != (row.agency is not None) or (row.agency is not None and row.place_code):
        raise InputError(Problem("people.agency"))
    if not area and row.role != Role.ADMINISTRATOR:
        raise InputError(Problem("people.area", values={"role": Role(row.role).label}))
    if row.ends is not None and row.ends <= row.starts:
        raise InputError(Problem("people.dates"))


def refuse_clashes(user: User, fresh: Sequence[Membership]) -> None:
    """Raises InputError where she would hold a task twice, or two that one person cannot; in the caller's transaction.

    Her row is locked until it ends, so that two people who give at the same moment see each other. An account behind
    an agency's link takes no other task: nobody signs in to it.
    """
    if user.pk is not None:
        User.objects.select_for_update().filter(pk=user.pk).first()
        demand_sign_in(user)
    held = [] if user.pk is None else held_by(user, timezone.now())
    new = [Task.of(row) for row in fresh]
    found = [pair for pair in clashes([*map(Task.of, held), *new]) if pair[1] in new or pair[2] in new]
    problems = [
        Problem(code, values={"one": first.role.label, "other": other.role.label}) for code, first, other in found
    ]
    if any(_same(row, other) for row in held for other in fresh):
        problems.append(Problem("people.twice", values={"name": user.get_full_name()}))
    if problems:
        raise InputError(problems)


def demand_sign_in(user: User) -> None:
    """Raises InputError for the account behind an agency's link."""
    if AgencyLink.objects.filter(user=user).exists():
        raise InputError(Problem("people.by_link", values={"name": user.get_full_name()}))


def held_by(user: User, now: datetime) -> list[Membership]:
    """Her tasks of now and to come, wherever they are."""
    rows = user.memberships.select_related("agency__place", "cycle", "user").order_by("pk")
    return [row for row in rows if row.ends is None or row.ends > now]


def _same(row: Membership, other: Membership) -> bool:
    what = (row.role, row.place_code, row.agency_id, row.cycle_id)
    return what == (other.role, other.place_code, other.agency_id, other.cycle_id) and Task.of(row).meets(
        Task.of(other)
    )


# --- as a page asks for it ------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Asked:
    """A task as a person chooses it on the page of a year.

    `place` is a code of the official list, '' for where that role works by itself: city, province, or the server.
    `agency` is an id, a liaison's alone. `this_year`: in that year only; otherwise in all.
    """

    role: str
    place: str = ""
    rw: str = ""
    agency: int | None = None
    this_year: bool = True


def task_of(by: Actor, cycle: Cycle, asked: Asked, user: User | None = None) -> Membership:
    """The task that was asked for, not yet saved. Raises Forbidden, or InputError where it does not fit."""
    made = Membership(role=asked.role, cycle=cycle if asked.this_year else None, starts=timezone.now())
    if user is not None:
        made.user = user
    if asked.role == Role.LIAISON:
        made.agency = Agency.objects.select_related("place").filter(pk=asked.agency or 0, valid_to__isnull=True).first()
        if made.agency is None or not within(made.agency.place.code, cycle.place.code):
            raise InputError(Problem("people.agency"))
    elif asked.role == Role.ADMINISTRATOR:
        made.cycle = None
    else:
        made.place_code = _place_of(cycle, asked)
    check_task(by, made)
    return made


def _place_of(cycle: Cycle, asked: Asked) -> str:
    levels, own = LEVELS[asked.role], cycle.place
    by_itself = own if own.level in levels else own.parent if own.parent and own.parent.level in levels else None
    if asked.place:
        place = Place.objects.filter(code=asked.place, valid_to__isnull=True).first()
        if place is None or not (within(place.code, own.code) or within(own.code, place.code)):
            raise InputError(Problem("people.place", values={"code": asked.place}))
    elif by_itself is None:
        raise InputError(Problem("people.area", values={"role": Role(asked.role).label}))
    else:
        place = by_itself
    if place.level not in levels:
        where = " atau ".join(PlaceLevel(level).label for level in levels)
        values = {"role": Role(asked.role).label, "place": place.full_name, "levels": where}
        raise InputError(Problem("people.level", values=values))
    if asked.rw and asked.role != Role.CADRE:
        raise InputError(Problem("people.rw"))
    return area_code(place.code, asked.rw)


def give_task(
    *, by: Actor, cycle_slug: str, person: UUID, asked: Asked, starts: date | None = None, ends: date | None = None
) -> Membership:
    """One more task for somebody in the list of that year; `starts` and `ends` are her first and last day there.

    Raises Missing, Forbidden, or InputError (also where she cannot hold it beside what she holds).
    """
    cycle, user = the_person(by, cycle_slug, person)
    made = task_of(by, cycle, asked, user)
    zone, now = zone_of(cycle.place.code), timezone.now()
    begin = now if starts is None else max(datetime.combine(starts, time(), zone), now)
    end = None if ends is None else datetime.combine(ends, time(), zone) + timedelta(days=1)
    return assign(
        by=by,
        user=user,
        role=Role(made.role),
        place_code=made.place_code,
        agency=made.agency,
        cycle=made.cycle,
        starts=begin,
        ends=end,
    )


def the_person(by: Actor, cycle_slug: str, person: UUID) -> tuple[Cycle, User]:
    """The year and somebody whom `by` may see in its list. Raises Missing, Forbidden."""
    cycle = the_cycle(by, cycle_slug)
    demand(may_see_people, by, cycle)
    return cycle, one(people_for(by), uuid=person)


def end_task_of(*, by: Actor, cycle_slug: str, person: UUID, task: int) -> None:
    """End that task of hers now. Raises Missing, Forbidden, InputError."""
    _, user = the_person(by, cycle_slug, person)
    end_task(by=by, membership=one(memberships_for(by), pk=task, user=user))


def set_active_of(*, by: Actor, cycle_slug: str, person: UUID, active: bool) -> None:
    """Switch that person's account off or on again. Raises Missing, Forbidden."""
    _, user = the_person(by, cycle_slug, person)
    set_active(by=by, user=user, active=active)


def end_task(*, by: Actor, membership: Membership) -> None:
    """End a task now; ended already, nothing changes.

    Raises Forbidden, or InputError for the last administrator's, which only the console may end.
    """
    area = area_of(membership)
    demand(may_assign, by, membership.role, area, membership.cycle_id)
    now = timezone.now()
    if membership.ends is not None and membership.ends <= now:
        return
    membership.ends = max(now, membership.starts)
    with transaction.atomic():
        if membership.role == Role.ADMINISTRATOR and by is not CONSOLE:
            _keep_an_administrator(membership, now)
        membership.save(update_fields=["ends"])
        _record(by, "people.end_task", membership, area)
        if membership.role in COUNTING:
            tell_officers(membership.user, left=area)


def _keep_an_administrator(leaving: Membership, now: datetime) -> None:
    rows = Membership.objects.select_for_update().filter(role=Role.ADMINISTRATOR, user__is_active=True)
    if not any(row.holds(now) for row in rows.exclude(pk=leaving.pk)):
        raise InputError(Problem("people.last_administrator"))


def hand_over(*, by: Actor, membership: Membership, to: User) -> Membership:
    """Her task becomes another's at this moment: nobody holds it twice, and it is never without a holder.

    Raises Forbidden, or InputError where the task has ended, is that person's already, or cannot be hers beside what
    she holds.
    """
    area = area_of(membership)
    demand(may_assign, by, membership.role, area, membership.cycle_id)
    now = timezone.now()
    if not membership.holds(now) or membership.user_id == to.pk:
        raise InputError(Problem("people.hand_over"))
    with transaction.atomic():
        ends, membership.ends = membership.ends, now
        membership.save(update_fields=["ends"])
        made = Membership(
            user=to,
            role=membership.role,
            place_code=membership.place_code,
            agency=membership.agency,
            cycle=membership.cycle,
            starts=now,
            ends=ends,
            stands_in_for=membership.stands_in_for,
        )
        refuse_clashes(to, [made])
        made.save(force_insert=True)
        _record(by, "people.hand_over", made, area, previous=str(membership.user.uuid))
        tell_officers(to, membership.user, tasks=[made.role])
    return made


def set_active(*, by: Actor, user: User, active: bool) -> None:
    """Switch an account off or on again. Who may: whoever may end every task that it holds. Raises Forbidden.

    Nobody switches off herself: the last administrator would lock everybody out.
    """
    demand_over(by, user)
    if by == user:
        raise Forbidden(Problem("people.herself"))
    with transaction.atomic():
        user.is_active = active
        user.save(update_fields=["is_active"])
        if not active:
            BrowserSession.objects.filter(user=user).delete()
        action = "people.activate" if active else "people.deactivate"
        audit.record(by=by, action=action, object_type="user", object_id=user.uuid, place_code=where_of(user))
        tell_officers(user)


def set_password(*, by: Actor, user: User, password: str) -> None:
    """Set another's password. Who may: whoever may end every task that she holds. Raises Forbidden, InputError."""
    demand_over(by, user)
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise InputError(Problem("people.password", values={"why": " ".join(error.messages)})) from error
    user.set_password(password)
    with transaction.atomic():
        user.save(update_fields=["password"])
        BrowserSession.objects.filter(user=user).delete()
        audit.record(
            by=by, action="people.set_password", object_type="user", object_id=user.uuid, place_code=where_of(user)
        )
        tell_officers(user)


def demand_over(by: Actor, user: User) -> None:
    """Raises Forbidden unless `by` may end every task that this account holds or will hold, wherever they are.

    Of an account without any: unless she manages everybody.
    """
    tasks = held_by(user, timezone.now())
    for row in tasks:
        demand(may_assign, by, row.role, area_of(row), row.cycle_id)
    if not tasks:
        demand(may_manage_people, by, "")


def where_of(user: User) -> str:
    """The area that encloses all her tasks: whose audit tells of her account."""
    return common_area(area_of(row) for row in held_by(user, timezone.now()))


def _record(by: Actor, action: str, row: Membership, area: str, **details: str) -> None:
    audit.record(
        by=by,
        action=action,
        object_type="user",
        object_id=row.user.uuid,
        place_code=area,
        role=str(row.role),
        cycle=None if row.cycle is None else row.cycle.slug,
        agency=None if row.agency is None else row.agency.short_name,
        **details,
    )


# --- what a person does to her own account ----------------------------------------------------------------------------
#: What changes by which way she comes in.
_WAYS_IN: Final = frozenset({"second_step_on", "second_step_off", "new_recovery_codes"})


@contextmanager
def own_change(*, by: User, what: str) -> Iterator[None]:
    """The block and its audit entry `people.WHAT` in one transaction: a password, a second step, a sign-in.

    The doors' library makes these changes itself, so that here only the writing down is ours.
    """
    with transaction.atomic():
        yield
        if what == "change_own_password":
            # Who changes it wants others out: a way in that somebody still holds ends too.
            Invitation.objects.filter(user=by, used_at=None, revoked_at=None).update(revoked_at=timezone.now())
        if what == "sign_in":
            # What she was given with her account is no change.
            User.objects.filter(pk=by.pk, tasks_told_at=None).update(tasks_told_at=timezone.now())
        if what in _WAYS_IN:
            tell_officers(by)
        audit.record(by=by, action=f"people.{what}", object_type="user", object_id=by.uuid)


def read_task_news(*, by: User, until: datetime) -> None:
    """Close what her page says of changes of her tasks until that moment; later ones are said again.

    Closed already, nothing changes.
    """
    until = min(until, timezone.now())
    with transaction.atomic():
        if User.objects.filter(pk=by.pk, tasks_told_at__lt=until).update(tasks_told_at=until):
            audit.record(by=by, action="people.read_task_news", object_type="user", object_id=by.uuid)


# --- the second step at sign-in -------------------------------------------------------------------------------------
_SECOND_STEP = "authenticator.secret"


def seal_second_step(text: str) -> str:
    """The secret of somebody's TOTP app or recovery codes, sealed as text: a copy of the database is not enough."""
    sealed = DataKey.only(KeyPurpose.SECOND_STEP).seal(text.encode(), _SECOND_STEP)
    return base64.b64encode(sealed).decode()


def open_second_step(sealed: str) -> str:
    """What `seal_second_step` was given. Raises CannotUnsealError."""
    return DataKey.only(KeyPurpose.SECOND_STEP).unseal(base64.b64decode(sealed), _SECOND_STEP).decode()


# --- the first administrator ----------------------------------------------------------------------------------------
def first_code() -> str:
    """The one-time code for `/mulai/`, '' once there has been an administrator.

    80 bits from the server's secret: nothing is stored, and it stops working for good with its first use.
    """
    if Membership.objects.filter(role=Role.ADMINISTRATOR).exists():
        return ""
    digest = hmac.digest(settings.SECRET_KEY.encode(), b"selaras first administrator", "sha256")
    code = base64.b32encode(digest[:10]).decode().lower()
    return "-".join(code[i : i + 4] for i in range(0, len(code), 4))


def make_first_administrator(*, code: str, username: str, full_name: str, email: str = "", password: str) -> User:
    """The account of the first administrator, from the code that `serve` printed.

    Raises Forbidden for a wrong or used code, InputError for a name or password that cannot be used.
    """
    expected = first_code()
    given = code.strip().lower()
    if not expected or not hmac.compare_digest(given.encode(), expected.encode()):
        raise Forbidden(Problem("people.first_code"))
    user = checked(User(username=username, full_name=full_name, email=email), password)
    with transaction.atomic():
        user.save(force_insert=True)
        # Asked again inside the transaction: of two people with the code, one becomes administrator.
        if not first_code():
            raise Forbidden(Problem("people.first_code"))
        row = Membership.objects.create(user=user, role=Role.ADMINISTRATOR)
        _record(user, "people.first_administrator", row, "")
    return user
