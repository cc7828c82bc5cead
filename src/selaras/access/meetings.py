"""Meetings, their papers, and the letterhead under which they go out: the secretariat's; an agency has its sheet."""

from uuid import UUID

from django.db.models import Q, QuerySet

from selaras.access.doors import demand, one, the_cycle
from selaras.access.scopes import CONSOLE, Actor, condition, is_one, scopes_of
from selaras.models import Agency, Cycle, Meeting, Place, PlaceLevel, Role


def may_hold_meetings(user: Actor, cycle: Cycle) -> bool:
    """Invite, keep the attendance list and the minutes, print papers: the secretariat of the cycle's place."""
    return user is CONSOLE or is_one(user, {_owner(cycle.place)}, cycle.place.code, cycle.id)


def may_set_letterhead(user: Actor, place: Place) -> bool:
    """Say how the office's letters begin and who signs them: its secretariat."""
    return user is CONSOLE or is_one(user, {_owner(place)}, place.code)


def may_take_sheet(user: Actor, cycle: Cycle, agency: Agency) -> bool:
    """The sheet of one agency, with the codes of its families: who holds the meetings, and the agency's own liaison."""
    own = any(
        scope.role == Role.LIAISON
        and agency.short_name.casefold() in scope.agencies
        and scope.covers(cycle.place.code, cycle.id)
        for scope in scopes_of(user)
    )
    return own or may_hold_meetings(user, cycle)


def _owner(place: Place) -> str:
    return Role.PROVINCE if place.level == PlaceLevel.PROVINCE else Role.SECRETARIAT


def meetings_for(user: Actor) -> QuerySet[Meeting]:
    """The meetings whose papers she may open; the names of those who came are among them."""
    rows = Meeting.objects.select_related("cycle__place")
    if user is CONSOLE:
        return rows
    of_province = Q(cycle__place__level=PlaceLevel.PROVINCE)
    return rows.filter(of_province & _held(user, Role.PROVINCE) | ~of_province & _held(user, Role.SECRETARIAT))


def _held(user: Actor, role: Role) -> Q:
    return condition(user, "cycle__place__code", "cycle_id", roles=frozenset({role}), around=False)


def the_meeting(user: Actor, slug: str, uuid: UUID) -> Meeting:
    """That meeting of that year. Raises Forbidden in a year she sees and does not keep, Missing elsewhere."""
    cycle = the_cycle(user, slug)
    demand(may_hold_meetings, user, cycle)
    return one(meetings_for(user), cycle=cycle, uuid=uuid)
