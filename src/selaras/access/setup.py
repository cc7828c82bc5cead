"""Opening a year: which places one may open it for, and the teams, groups and agencies that she keeps."""

from django.db.models import Q, QuerySet

from selaras.access.programme import may_manage_cycle
from selaras.access.scopes import CONSOLE, Actor, scopes_of
from selaras.models import Agency, Cycle, Group, Place, PlaceLevel, Role, Team
from selaras.models.places import within_q

#: Who begins a year of what; beside them the administrator, who begins the first.
_OPENERS = {PlaceLevel.CITY: Role.SECRETARIAT, PlaceLevel.PROVINCE: Role.PROVINCE}


def opens_years(user: Actor) -> bool:
    """Whether she may begin a year anywhere: for what a page offers. No statement beside those of her scopes."""
    openers = {*_OPENERS.values(), Role.ADMINISTRATOR}
    return user is CONSOLE or any(scope.cycle is None and scope.role in openers for scope in scopes_of(user))


def places_to_open_for(user: Actor) -> QuerySet[Place]:
    """The cities and provinces whose programme year she may begin, exactly as `may_open_cycle` says of each."""
    rows = Place.objects.filter(valid_to__isnull=True, level__in=_OPENERS).order_by("code")
    if user is CONSOLE:
        return rows
    found = Q(pk__in=[])
    for scope in scopes_of(user):
        levels = [level for level, role in _OPENERS.items() if scope.role in {role, Role.ADMINISTRATOR}]
        if scope.cycle is None and levels:
            places = Q(pk__in=[])
            for own in scope.areas:
                places |= within_q("code", own) if own else ~Q(pk__in=[])
            found |= Q(level__in=levels) & places
    return rows.filter(found)


def teams_for(user: Actor, cycle: Cycle) -> QuerySet[Team]:
    """The teams of a year that she manages, with their decrees."""
    rows = Team.objects.select_related("decree_file").filter(cycle=cycle)
    return rows if may_manage_cycle(user, cycle) else rows.none()


def groups_for(user: Actor, cycle: Cycle) -> QuerySet[Group]:
    """The groups of women and children in the place of a year that she manages, present and former."""
    rows = Group.objects.select_related("place__parent").filter(within_q("area", cycle.place.code))
    return rows if may_manage_cycle(user, cycle) else rows.none()


def agencies_for(user: Actor, cycle: Cycle) -> QuerySet[Agency]:
    """The agencies, present and former, of the place of a year that she manages."""
    rows = Agency.objects.select_related("replaces").filter(place__code=cycle.place.code)
    return rows if may_manage_cycle(user, cycle) else rows.none()
