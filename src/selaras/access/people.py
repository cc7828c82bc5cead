"""People: who gives which task where, which tasks one person cannot hold together, and whose sessions are whose.

Who is judged does not judge, nor help the judges; a juror knows nothing of those whom a protection officer serves.
Two tasks meet where one area lies in the other and their years and times overlap: a juror of one city may be
secretary of another. Decided so by the rules for juries (`benturan kepentingan`, UU 30/2014 art. 42 to 45).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations, takewhile
from typing import Final, Self

from django.db.models import Q, QuerySet

from selaras.access.scopes import ASSIGNABLE, CONSOLE, Actor, Scope, condition, scopes_of
from selaras.models import BrowserSession, Cycle, Invitation, Membership, Role, User
from selaras.models.places import lineage, within

#: Whose work a jury looks at.
JUDGED: Final = frozenset({Role.SECRETARIAT, Role.LIAISON, Role.SUPERVISOR, Role.CADRE, Role.LEADER})
#: One of the first with one of the second, and the problem's code that says why not.
APART: Final[tuple[tuple[frozenset[Role], frozenset[Role], str], ...]] = (
    (frozenset({Role.JUROR}), JUDGED, "people.judged"),
    (frozenset({Role.JUROR}), frozenset({Role.PROTECTION}), "people.protected"),
    (frozenset({Role.PROVINCE}), JUDGED - {Role.LEADER}, "people.overseen"),
)


@dataclass(frozen=True, slots=True)
class Task:
    """A task that is held or is to be given. `areas`: all codes that its place has had; `cycle`: None for all years."""

    role: Role
    areas: frozenset[str]
    cycle: int | None
    starts: datetime
    ends: datetime | None

    @classmethod
    def of(cls, row: Membership) -> Self:
        """What a membership says, saved or not; its agency's place must be at hand."""
        return cls(Role(row.role), frozenset(lineage(area_of(row))), row.cycle_id, row.starts, row.ends)

    def meets(self, other: Self) -> bool:
        """Whether the two are about the same families at the same time."""
        if self.cycle is not None and other.cycle is not None and self.cycle != other.cycle:
            return False
        if not (_before(self.starts, other.ends) and _before(other.starts, self.ends)):
            return False
        return any(within(a, b) or within(b, a) for a in self.areas for b in other.areas)


def _before(start: datetime, end: datetime | None) -> bool:
    return end is None or start < end


def why_apart(one: Task, other: Task) -> str | None:
    """The code of the problem where one person cannot hold both; None where she can."""
    for some, others, code in APART:
        pair = (one.role in some and other.role in others) or (other.role in some and one.role in others)
        if pair and one.meets(other):
            return code
    return None


def clashes(tasks: Iterable[Task]) -> list[tuple[str, Task, Task]]:
    """Every two of these tasks that one person cannot hold, with the code of why."""
    pairs = ((why_apart(one, other), one, other) for one, other in combinations(tasks, 2))
    return [(code, one, other) for code, one, other in pairs if code is not None]


def area_of(row: Membership) -> str:
    """Where a task is: its place, of a liaison her agency's."""
    return row.place_code if row.agency is None else row.agency.place.code


def common_area(areas: Iterable[str]) -> str:
    """The smallest code that encloses them all; '' where only the whole server does."""
    parts = [area.split(".") if area else [] for area in areas]
    levels = takewhile(lambda level: len(set(level)) == 1, zip(*parts, strict=False))
    return ".".join(level[0] for level in levels)


# --- who gives ------------------------------------------------------------------------------------------------------
def may_manage_people(user: Actor, area: str) -> bool:
    """Make accounts and give tasks in that area: whoever may give at least one role there."""
    return user is CONSOLE or any(scope.covers(area) for scope in _givers(user))


def may_see_people(user: Actor, cycle: Cycle) -> bool:
    """The people of a year, each giver her own part of them: whoever may give a role somewhere in it."""
    return user is CONSOLE or any(scope.touches(cycle.place.code, cycle.pk) for scope in _givers(user))


def may_assign(user: Actor, role: str, area: str, cycle: int | None = None) -> bool:
    """Give that role in that area. Nobody gives more than she holds: neither a wider area nor other cycles."""
    return user is CONSOLE or any(
        role in ASSIGNABLE[scope.role] and scope.covers(area) and scope.cycle in {None, cycle}
        for scope in _givers(user)
    )


def _givers(user: Actor) -> list[Scope]:
    return [scope for scope in scopes_of(user) if scope.role in ASSIGNABLE]


def given_in(user: Actor, cycle: Cycle) -> tuple[tuple[str, tuple[str, ...], bool], ...]:
    """For each role that she may give in that year: the areas below which, and whether for all years too."""
    found: dict[str, tuple[set[str], bool]] = {}
    for scope in [scope for scope in _givers(user) if scope.touches(cycle.place.code, cycle.pk)]:
        for role in ASSIGNABLE[scope.role]:
            areas, always = found.get(role, (set(), False))
            found[role] = (areas | set(scope.areas), always or scope.cycle is None)
    return tuple((role, tuple(sorted(found[role][0])), found[role][1]) for role in Role.values if role in found)


def memberships_for(user: Actor) -> QuerySet[Membership]:
    """The tasks of people in the area where she may give some; her own always."""
    rows = Membership.objects.select_related("user", "agency__place", "cycle")
    if user is CONSOLE:
        return rows
    roles = frozenset(ASSIGNABLE)
    placed = condition(user, "place_code", "", roles=roles, around=False)
    agencies = condition(user, "agency__place__code", "", roles=roles, around=False)
    own = Q(user=user.pk) if isinstance(user, User) else Q(pk__in=[])
    return rows.filter(Q(agency__isnull=True) & placed | Q(agency__isnull=False) & agencies | own)


def holdings_for(user: Actor, holder: User, now: datetime) -> list[Membership]:
    """The tasks of that person, of now and to come, that `user` may end or hand over."""
    rows = memberships_for(user).filter(Q(ends__isnull=True) | Q(ends__gt=now), user=holder).order_by("pk")
    return [row for row in rows if may_assign(user, row.role, area_of(row), row.cycle_id)]


def people_for(user: Actor) -> QuerySet[User]:
    """Who has or had a task, or was given an account by invitation, in the area where she may give some."""
    rows = User.objects.all()
    if user is CONSOLE:
        return rows
    tasks, invited = memberships_for(user).values("user"), invitations_for(user).filter(user__isnull=False)
    return rows.filter(Q(pk__in=tasks) | Q(pk__in=invited.values("user")))


def invitations_for(user: Actor) -> QuerySet[Invitation]:
    """The invitations to tasks in the area where she may give some."""
    rows = Invitation.objects.select_related("created_by", "user")
    return (
        rows if user is CONSOLE else rows.filter(condition(user, "area", "", roles=frozenset(ASSIGNABLE), around=False))
    )


def sessions_for(user: User, now: datetime) -> QuerySet[BrowserSession]:
    """The browsers in which she herself is signed in."""
    return BrowserSession.objects.filter(user=user, expire_date__gt=now).order_by("-seen_at")
