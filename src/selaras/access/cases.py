"""The locked room: who hands over, who keeps tickets, who opens one in an emergency. Never an administrator.

Whoever is an administrator anywhere is nobody here, whatever else she is: she who can give herself any task must not be
able to give herself this. Sources: UU 12/2022 art. 69 (identity is kept), Permen PPPA 2/2022 (who the office is).
"""

from collections.abc import Iterable
from typing import Final

from django.db.models import Q, QuerySet

from selaras.access.scopes import Actor, is_anywhere, scopes_of
from selaras.models import AuditEntry, Membership, Place, Role, User
from selaras.models.places import PlaceLevel, within_q

#: Who meets families and may hand over.
FRONT: Final = frozenset({Role.SUPERVISOR, Role.CADRE, Role.PROTECTION})
#: Who may ask for an emergency; and who agrees, being another person with another task.
ASKERS: Final = frozenset({Role.SECRETARIAT, Role.LEADER})
AGREERS: Final = frozenset({Role.LEADER, Role.PROTECTION})
#: What officers and leaders are told of each other's accounts: whoever may come in by it has changed.
WAYS_IN: Final = frozenset(
    "people.activate people.deactivate people.set_password invitations.make_again people.second_step_on "
    "people.second_step_off people.new_recovery_codes people.known_by_console".split()
)


def _may(user: Actor, roles: Iterable[str], area: str = "") -> bool:
    """By a task in a city, not above it: what a province needs are counts."""
    if is_anywhere(user, {Role.ADMINISTRATOR}):
        return False
    held = [scope for scope in scopes_of(user) if scope.role in roles and all("." in own for own in scope.areas)]
    return any(scope.covers(area) for scope in held) if area else bool(held)


def may_enter_room(user: Actor) -> bool:
    """Whether she keeps tickets anywhere: protection officers."""
    return _may(user, {Role.PROTECTION})


def kept_areas(user: Actor) -> tuple[str, ...]:
    """The areas whose tickets she keeps; () for who keeps none."""
    areas = [area for scope in scopes_of(user) if scope.role == Role.PROTECTION for area in scope.areas]
    return tuple(area for area in areas if may_keep_tickets(user, area))


def may_keep_tickets(user: Actor, area: str) -> bool:
    """Read and carry on the tickets of that kelurahan: its protection officers."""
    return _may(user, {Role.PROTECTION}, area)


def may_hand_over(user: Actor) -> bool:
    """Open a ticket in a kelurahan of hers (`handing_places_for`): lurah, camat, cadre, protection officer."""
    return _may(user, FRONT)


def may_ask_break(user: Actor) -> bool:
    """Ask that one ticket be opened in an emergency: the secretariat or the leader of a city."""
    return _may(user, ASKERS)


def may_be_asked_break(user: Actor) -> bool:
    """Whether she might ever agree: leaders and protection officers."""
    return _may(user, AGREERS)


def may_break(user: Actor, area: str) -> bool:
    """Ask for, and then read, a ticket of that kelurahan."""
    return _may(user, ASKERS, area)


def asking_areas(user: Actor) -> tuple[str, ...]:
    """The areas in which she may ask for an emergency; () for who may not."""
    areas = {area for scope in scopes_of(user) if scope.role in ASKERS for area in scope.areas}
    return tuple(sorted(area for area in areas if may_break(user, area)))


def may_agree_to_break(user: Actor, area: str, asker: str) -> bool:
    """Agree that whoever asked (her UUID) reads a ticket of that kelurahan: somebody else, by a task the asker has not.

    Two of one office are one will; a leader who asks is answered by a protection officer.
    """
    return _may_second(user, AGREERS, area, asker)


def _may_second(user: Actor, roles: Iterable[str], area: str, first: str) -> bool:
    if not isinstance(user, User) or str(user.uuid) == first:
        return False
    return _may(user, roles_left(roles, first), area)


def roles_left(roles: Iterable[str], first: str) -> frozenset[str]:
    """Those of `roles` that the first of two (her UUID) has not: by one of them another may be the second."""
    theirs = {scope.role for each in User.objects.filter(uuid=first) for scope in scopes_of(each)}
    return frozenset(roles) - theirs


def handing_places_for(user: Actor) -> QuerySet[Place]:
    """The kelurahan of today out of which she may hand over: those in, or around, her areas; none for who may not."""
    rows = Place.objects.filter(level=PlaceLevel.KELURAHAN, valid_to__isnull=True)
    if not may_hand_over(user):
        return rows.none()
    areas = {area for scope in scopes_of(user) if scope.role in FRONT for area in scope.areas}
    found = Q(pk__in=[])
    for area in areas:
        # Of an RW its kelurahan: the first four parts of the code.
        found |= within_q("code", ".".join(area.split(".")[:4]))
    return rows.filter(found)


def officers_of(area: str) -> tuple[User, ...]:
    """Whoever keeps the tickets of that kelurahan now: to be told of an emergency."""
    held = Membership.objects.filter(role=Role.PROTECTION).values("user")
    people = User.objects.filter(is_active=True, pk__in=held).order_by("pk")
    return tuple(each for each in people if may_keep_tickets(each, area))


def every_officer() -> tuple[User, ...]:
    """Whoever keeps tickets anywhere now: for the server's owner, who may know them where nobody else may."""
    held = Membership.objects.filter(role=Role.PROTECTION).values("user")
    people = User.objects.filter(is_active=True, pk__in=held).order_by("username")
    return tuple(each for each in people if may_enter_room(each))


def watchers_of(area: str) -> tuple[User, ...]:
    """Whoever may ask for emergencies there: told of one where no officer is left to be told."""
    held = Membership.objects.filter(role__in=ASKERS).values("user")
    people = User.objects.filter(is_active=True, pk__in=held).order_by("pk")
    return tuple(each for each in people if may_break(each, area))


# --- whose second step it is ------------------------------------------------------------------------------------------
def may_vouch(user: Actor) -> bool:
    """Whether she might ever say whose second step an officer's is: officers, the secretariat and leaders of a city."""
    return _may(user, ASKERS | {Role.PROTECTION})


def may_vouch_in(user: Actor, area: str) -> bool:
    """Say it of an officer of that area: an officer of all of it by herself, the others two together."""
    return _may(user, ASKERS | {Role.PROTECTION}, area)


def may_vouch_after(user: Actor, area: str, first: str) -> bool:
    """Say it as the second of two, by a task that the first (her UUID) has not."""
    return _may_second(user, ASKERS, area, first)


def officer_tasks_for(user: Actor) -> QuerySet[Membership]:
    """The officers' tasks in her area or around it, ended ones too: whoever may read what she answers for."""
    return _tasks_around(user, Role.PROTECTION)


def leader_tasks_for(user: Actor) -> QuerySet[Membership]:
    """As `officer_tasks_for`, the city's leaders': each may be the second of two in an emergency."""
    return _tasks_around(user, Role.LEADER)


def _tasks_around(user: Actor, role: Role) -> QuerySet[Membership]:
    rows = Membership.objects.filter(role=role, place_code__contains=".").select_related("user")
    rows = rows.order_by("-starts", "pk")
    if not may_vouch(user):
        return rows.none()
    areas = {area for scope in scopes_of(user) if scope.role in ASKERS | {Role.PROTECTION} for area in scope.areas}
    found = Q(pk__in=[])
    for area in areas:
        parts = area.split(".")
        around = [".".join(parts[:length]) for length in range(2, len(parts))]
        found |= within_q("place_code", area) | Q(place_code__in=around)
    return rows.filter(found)


def officer_changes_for(user: Actor) -> QuerySet[AuditEntry]:
    """What became of the accounts of those officers and leaders: off or on, a new way in, a second step on or off."""
    people = [*officer_tasks_for(user), *leader_tasks_for(user)]
    about = {str(row.user.uuid) for row in people}
    rows = AuditEntry.objects.filter(object_type="user", object_id__in=about, action__in=WAYS_IN)
    return rows.select_related("actor").order_by("-at", "-id")


def officers_around(area: str) -> tuple[User, ...]:
    """Officers who keep tickets in that area, around it or below it: told when somebody new may."""
    parts = area.split(".")
    touch = within_q("place_code", area) | Q(place_code__in=[".".join(parts[:n]) for n in range(2, len(parts))])
    held = Membership.objects.filter(touch, role=Role.PROTECTION).values("user")
    people = User.objects.filter(is_active=True, pk__in=held).order_by("pk")
    return tuple(each for each in people if may_enter_room(each))
