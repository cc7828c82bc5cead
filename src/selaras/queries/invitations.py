"""An invitation as whoever holds it sees it, and as its giver does in her list."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from selaras.access import Actor, invitations_for, may_assign, may_manage_people
from selaras.errors import Missing, Problem
from selaras.models import Agency, Cycle, Invitation, Place, Role, User
from selaras.models.places import neighbourhood, within_q
from selaras.queries.words import told

State = Literal["open", "used", "revoked", "expired"]
#: Invitations that can be used no more stay in the list so long.
REMEMBERED = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class TaskWords:
    """A task in words: `Lurah/camat`, `Kelurahan Gedong Dalem, RW 03` or the agency, `P2WKSS 2024` or ''."""

    role: str
    where: str
    year: str


@dataclass(frozen=True, slots=True)
class InvitationPage:
    """What the holder of a link or code sees before she opens it.

    `username` is that of the account that it leads back to, '' where she chooses one; `for_account`: whether it is of
    an account that is there already.
    """

    full_name: str
    inviter: str
    tasks: tuple[TaskWords, ...]
    state: State
    expires_at: datetime
    username: str
    for_account: bool


@dataclass(frozen=True, slots=True)
class InvitationLine:
    """One invitation in the list of whoever gives tasks there. `may_revoke`: whether she could have made it."""

    id: UUID
    full_name: str
    inviter: str
    tasks: tuple[TaskWords, ...]
    state: State
    created_at: datetime
    expires_at: datetime
    may_revoke: bool


def hashes_of(secret: str) -> tuple[str, str]:
    """What is stored of a link's secret, and of a code however it was typed: case, blanks, 0 for O, 1 for I."""
    code = re.sub(r"[^a-z2-7]", "", secret.lower().replace("0", "o").replace("1", "i"))
    return hashlib.sha256(secret.strip().encode()).hexdigest(), hashlib.sha256(code.encode()).hexdigest()


def found_by(secret: str) -> Q:
    """The condition that a row is the one this secret opens."""
    token, code = hashes_of(secret)
    return Q(token_hash=token) | Q(code_hash=code)


def invitation_page(secret: str, *, now: datetime | None = None) -> InvitationPage:
    """The invitation that this link or code opens, in whatever state it is. Raises Missing for an unknown one."""
    row = Invitation.objects.select_related("created_by", "user").filter(found_by(secret)).first()
    if row is None:
        raise Missing(Problem("invitation.code"))
    return InvitationPage(
        full_name=row.full_name,
        inviter="" if row.created_by is None else row.created_by.get_full_name(),
        tasks=words_of([row])[row.pk],
        state=state_of(row, now or timezone.now()),
        expires_at=row.expires_at,
        username="" if row.user is None or is_waiting(row.user) else row.user.username,
        for_account=row.user is not None,
    )


def invitation_lines(user: Actor, cycle: Cycle, *, now: datetime) -> tuple[InvitationLine, ...]:
    """The open invitations to that year, newest first, then those that ended lately. Five statements."""
    code = cycle.place.code
    # Those of its province and of the server too, for whoever may give such tasks.
    rows = invitations_for(user).filter(within_q("area", code) | Q(area__in=["", code.partition(".")[0]]))
    lately = now - REMEMBERED
    rows = rows.filter(Q(expires_at__gt=lately), Q(revoked_at=None) | Q(revoked_at__gt=lately), used_at=None)
    chosen = [row for row in rows.order_by("-created_at", "-pk") if _of_year(row, cycle)]
    words, areas = words_of(chosen), agency_areas(chosen)
    lines = [
        InvitationLine(
            id=row.uuid,
            full_name=row.full_name,
            inviter="" if row.created_by is None else row.created_by.get_full_name(),
            tasks=words[row.pk],
            state=state_of(row, now),
            created_at=row.created_at,
            expires_at=row.expires_at,
            may_revoke=state_of(row, now) == "open" and could_give(user, row, areas),
        )
        for row in chosen
    ]
    return tuple(sorted(lines, key=lambda line: line.state != "open"))


def agency_areas(rows: Iterable[Invitation]) -> dict[int, str]:
    """Agency id → the code of its place, for the liaisons' tasks among them. One statement."""
    ids = {role["agency"] for row in rows for role in row.roles if role["agency"] is not None}
    return dict(Agency.objects.filter(pk__in=ids).values_list("pk", "place__code"))


def could_give(user: Actor, row: Invitation, areas: dict[int, str]) -> bool:
    """Whether she may give every task in it; of a way back to an account, whether she gives tasks in its area."""
    if not row.roles:
        return may_manage_people(user, row.area)
    given = [(role["role"], areas.get(role["agency"], role["place_code"]), role["cycle"]) for role in row.roles]
    return all(may_assign(user, role, area, cycle) for role, area, cycle in given)


def _of_year(row: Invitation, cycle: Cycle) -> bool:
    return not row.roles or any(role["cycle"] in {None, cycle.pk} for role in row.roles)


def state_of(row: Invitation, now: datetime) -> State:
    """Whether it can be used, and if not, why not."""
    if row.used_at is not None:
        return "used"
    if row.revoked_at is not None:
        return "revoked"
    return "open" if now < row.expires_at else "expired"


def is_waiting(user: User) -> bool:
    """Whether the account was made by a hand-over and its person has never chosen a name and password."""
    return user.username.startswith("undangan-") and not user.has_usable_password()


def words_of(rows: Iterable[Invitation]) -> dict[int, tuple[TaskWords, ...]]:
    """Invitation id → its tasks in words. Three statements for all of them."""
    every = {row.pk: row.roles for row in rows}
    roles = [role for given in every.values() for role in given]
    places = place_names(role["place_code"] for role in roles)
    agencies = Agency.objects.in_bulk([role["agency"] for role in roles if role["agency"] is not None])
    cycles = Cycle.objects.in_bulk([role["cycle"] for role in roles if role["cycle"] is not None])

    def words(role: dict[str, object]) -> TaskWords:
        agency, cycle, code = agencies.get(role["agency"]), cycles.get(role["cycle"]), str(role["place_code"])
        return TaskWords(
            role=role_words(str(role["role"])),
            where=agency.name if agency is not None else places.get(code, code),
            year="" if cycle is None else str(cycle),
        )

    return {pk: tuple(words(role) for role in given) for pk, given in every.items()}


def role_words(role: str) -> str:
    """`Lurah/camat`."""
    label = told(Role(role).label)
    return label[:1].upper() + label[1:]


def place_names(codes: Iterable[str]) -> dict[str, str]:
    """Code → `Kelurahan Gedong Dalem, RW 03`. One statement."""
    wanted = set(codes)
    bare = {code: code.partition(".RW")[0] for code in wanted if code}
    rows = Place.objects.filter(code__in=set(bare.values()), valid_to__isnull=True)
    names = {place.code: place.full_name for place in rows}
    return {code: _with_rw(names.get(place, place), code) for code, place in bare.items()}


def _with_rw(name: str, code: str) -> str:
    rw = code.partition(".RW")[2].partition(".")[0]
    return f"{name}, RW {neighbourhood(rw)}" if rw else name
