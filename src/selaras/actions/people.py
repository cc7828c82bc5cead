"""Accounts and tasks: make, assign, end, hand over, switch off."""

import base64
import hmac
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from selaras.access import Actor, demand, may_assign, may_manage_people
from selaras.actions import audit
from selaras.errors import Forbidden, InputError, Problem
from selaras.models import Agency, Cycle, DataKey, KeyPurpose, Membership, Role, User


def create_user(
    *, by: Actor, area: str, username: str, full_name: str, email: str = "", password: str | None = None
) -> User:
    """An account in that area, without any task yet. Without a password it cannot sign in until one is set.

    Raises Forbidden, or InputError for a name that is taken or malformed, or a password that is too weak.
    """
    demand(may_manage_people, by, area)
    user = _checked(username, full_name, email, password)
    with transaction.atomic():
        user.save(force_insert=True)
        audit.record(by=by, action="people.create", object_type="user", object_id=user.uuid, place_code=area)
    return user


def _checked(username: str, full_name: str, email: str, password: str | None) -> User:
    """An unsaved account, or InputError with everything that is wrong."""
    user = User(username=User.normalize_username(username.strip()), full_name=full_name.strip(), email=email.strip())
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
    area = place_code if agency is None else agency.place.code
    demand(may_assign, by, role, area, None if cycle is None else cycle.pk)
    if (role == Role.LIAISON) != (agency is not None) or (agency is not None and place_code):
        raise InputError(Problem("people.agency"))
    if not area and role != Role.ADMINISTRATOR:
        raise InputError(Problem("people.area", values={"role": Role(role).label}))
    starts = starts or timezone.now()
    if ends is not None and ends <= starts:
        raise InputError(Problem("people.dates"))
    with transaction.atomic():
        made = Membership.objects.create(
            user=user, role=role, place_code=place_code, agency=agency, cycle=cycle, starts=starts, ends=ends
        )
        _record(by, "people.assign", made, area)
    return made


def end_task(*, by: Actor, membership: Membership) -> None:
    """End a task now; ended already, nothing changes. Raises Forbidden."""
    area = _area(membership)
    demand(may_assign, by, membership.role, area, membership.cycle_id)
    now = timezone.now()
    if membership.ends is not None and membership.ends <= now:
        return
    membership.ends = now
    with transaction.atomic():
        membership.save(update_fields=["ends"])
        _record(by, "people.end_task", membership, area)


def hand_over(*, by: Actor, membership: Membership, to: User) -> Membership:
    """Her task becomes another's at this moment: nobody holds it twice, and it is never without a holder.

    Raises Forbidden, or InputError where the task has ended or is that person's already.
    """
    area = _area(membership)
    demand(may_assign, by, membership.role, area, membership.cycle_id)
    now = timezone.now()
    if not membership.holds(now) or membership.user_id == to.pk:
        raise InputError(Problem("people.hand_over"))
    with transaction.atomic():
        ends, membership.ends = membership.ends, now
        membership.save(update_fields=["ends"])
        made = Membership.objects.create(
            user=to,
            role=membership.role,
            place_code=membership.place_code,
            agency=membership.agency,
            cycle=membership.cycle,
            starts=now,
            ends=ends,
        )
        _record(by, "people.hand_over", made, area, previous=str(membership.user.uuid))
    return made


def set_active(*, by: Actor, user: User, active: bool) -> None:
    """Switch an account off or on again. Who may: whoever may end every task that it holds. Raises Forbidden.

    Nobody switches off herself: the last administrator would lock everybody out.
    """
    _demand_over(by, user)
    if by == user:
        raise Forbidden(Problem("people.herself"))
    with transaction.atomic():
        user.is_active = active
        user.save(update_fields=["is_active"])
        action = "people.activate" if active else "people.deactivate"
        audit.record(by=by, action=action, object_type="user", object_id=user.uuid)


def set_password(*, by: Actor, user: User, password: str) -> None:
    """Set another's password. Who may: whoever may end every task that she holds. Raises Forbidden, InputError."""
    _demand_over(by, user)
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise InputError(Problem("people.password", values={"why": " ".join(error.messages)})) from error
    user.set_password(password)
    with transaction.atomic():
        user.save(update_fields=["password"])
        audit.record(by=by, action="people.set_password", object_type="user", object_id=user.uuid)


def _demand_over(by: Actor, user: User) -> None:
    """Whoever may end every task that this account holds or will hold; of one without any, who manages everybody."""
    now = timezone.now()
    tasks = [row for row in user.memberships.select_related("agency__place") if row.ends is None or row.ends > now]
    for row in tasks:
        demand(may_assign, by, row.role, _area(row), row.cycle_id)
    if not tasks:
        demand(may_manage_people, by, "")


def _area(membership: Membership) -> str:
    return membership.place_code if membership.agency is None else membership.agency.place.code


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
@contextmanager
def own_change(*, by: User, what: str) -> Iterator[None]:
    """The block and its audit entry `people.WHAT` in one transaction: a password, a second step, a sign-in.

    The doors' library makes these changes itself, so that here only the writing down is ours.
    """
    with transaction.atomic():
        yield
        audit.record(by=by, action=f"people.{what}", object_type="user", object_id=by.uuid)


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
    user = _checked(username, full_name, email, password)
    with transaction.atomic():
        user.save(force_insert=True)
        # Asked again inside the transaction: of two people with the code, one becomes administrator.
        if not first_code():
            raise Forbidden(Problem("people.first_code"))
        row = Membership.objects.create(user=user, role=Role.ADMINISTRATOR)
        _record(user, "people.first_administrator", row, "")
    return user
