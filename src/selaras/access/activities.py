"""Activities: who reports them, for which agency, who changes them, and who sees the photo."""

from django.db.models import QuerySet

from selaras.access.programme import is_open
from selaras.access.scopes import CONSOLE, KEEPERS, Actor, is_one, is_own, lokus_condition, scopes_of
from selaras.models import Activity, Agency, Lokus, Role, User

#: Who looks at photos with people on them as they came; the server's administrator has no task with people.
PHOTO_LOOKERS = frozenset({Role.SECRETARIAT, Role.SUPERVISOR, Role.CADRE, Role.LIAISON, Role.LEADER})


def may_report_activity(user: Actor, lokus: Lokus) -> bool:
    """Say what was done in a lokus of an open year: its keepers, a cadre in it, liaisons of the city's agencies."""
    return is_open(lokus) and (_reports_for_all(user, lokus) or bool(_reported_agencies(user, lokus)))


def may_report_for(user: Actor, lokus: Lokus, agency: Agency | None) -> bool:
    """Say that an agency did it: a liaison for hers alone; keepers and cadres for any, and for none."""
    if not is_open(lokus):
        return False
    own = agency is not None and agency.short_name.casefold() in _reported_agencies(user, lokus)
    return own or _reports_for_all(user, lokus)


def _reports_for_all(user: Actor, lokus: Lokus) -> bool:
    cadre = any(s.role == Role.CADRE and s.touches(lokus.area, lokus.cycle_id) for s in scopes_of(user))
    return user is CONSOLE or cadre or is_one(user, KEEPERS, lokus.area, lokus.cycle_id)


def _reported_agencies(user: Actor, lokus: Lokus) -> frozenset[str]:
    scopes = [scope for scope in scopes_of(user) if scope.role == Role.LIAISON]
    return frozenset().union(*(s.agencies for s in scopes if s.covers(lokus.area, lokus.cycle_id)))


def may_change_activity(user: Actor, activity: Activity) -> bool:
    """Correct it, take it back: whoever reported it, as long as she still might, and the secretariat."""
    lokus = activity.lokus
    if not is_open(lokus):
        return False
    own = isinstance(user, User) and activity.reported_by_id == user.pk and may_report_for(user, lokus, activity.agency)
    return own or user is CONSOLE or is_one(user, {Role.SECRETARIAT}, lokus.area, lokus.cycle_id)


def may_see_photo(user: Actor, activity: Activity) -> bool:
    """The photo, on which people may be: the city's own around it. By a link, only where its one-time code was used.

    Jurors, the province and its governor see its public copy (queries/public_photos.py), once a person has made one.
    """
    locked = isinstance(user, User) and user.link is not None and not user.link.names_unlocked
    lokus = activity.lokus
    own = is_own(user, PHOTO_LOOKERS, lokus.cycle.place.code, lokus.area, lokus.cycle_id)
    return user is CONSOLE or (own and not locked)


def activities_for(user: Actor) -> QuerySet[Activity]:
    """The activities that she may see, with their counts; those taken back are not among them."""
    rows = Activity.objects.filter(deleted_at__isnull=True)
    rows = rows.select_related("lokus__place", "lokus__cycle__place", "agency", "reported_by")
    return rows if user is CONSOLE else rows.filter(lokus_condition(user, "lokus__"))
