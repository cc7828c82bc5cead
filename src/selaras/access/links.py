"""Links of agencies and what agencies are asked: who asks, who answers, and when families are named to whom."""

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet

from selaras.access.families import may_see_health
from selaras.access.programme import may_manage_cycle
from selaras.access.scopes import Actor, Scope, scopes_of
from selaras.models import AgencyLink, Ask, Cycle, Need, Role, User
from selaras.models.places import within_q


@dataclass(frozen=True, slots=True)
class LinkVisit:
    """That somebody came by an agency's link, and whether this very browser has used its one-time code.

    It stands as `link` on the User who acts. A forwarded link opens in another browser: there no family is named.
    """

    uuid: UUID
    names_unlocked: bool


def may_ask(user: Actor, cycle: Cycle) -> bool:
    """Ask agencies, make their links, remind them, while the year is open: its secretariat."""
    return cycle.closed_at is None and may_manage_cycle(user, cycle)


def may_answer(user: Actor, ask: Ask) -> bool:
    """Answer for the agency that was asked, while the year is open: its liaison."""
    return ask.cycle.closed_at is None and _speaks_for(user, ask)


def may_open_answers(user: Actor, cycle: Cycle) -> bool:
    """Open what her agency was asked in that year: its liaison, signed in or by a link."""
    return any(scope.touches(cycle.place.code, cycle.pk) for scope in _liaison(user))


def _speaks_for(user: Actor, ask: Ask) -> bool:
    agency = ask.agency.short_name.casefold()
    scopes = [scope for scope in _liaison(user) if agency in scope.agencies]
    return any(scope.covers(ask.lokus.area, ask.cycle_id) for scope in scopes)


def _liaison(user: Actor) -> list[Scope]:
    return [scope for scope in scopes_of(user) if scope.role == Role.LIAISON]


def links_for(user: Actor, cycle: Cycle) -> QuerySet[AgencyLink]:
    """The links of that year, for who manages it."""
    rows = AgencyLink.objects.filter(cycle=cycle).select_related("agency__place", "cycle__place", "user", "created_by")
    return rows if may_manage_cycle(user, cycle) else rows.none()


def asks_for(user: Actor, cycle: Cycle, *, own: bool = False) -> QuerySet[Ask]:
    """What agencies were asked in that year: all of it for who manages it, her agency's for a liaison.

    `own` is her agency's alone, also for a liaison who manages the year as well.
    """
    rows = Ask.objects.filter(cycle=cycle).select_related("cycle__place", "lokus__place__parent", "agency__place")
    if not own and may_manage_cycle(user, cycle):
        return rows
    found = Q(pk__in=[])
    for scope in _liaison(user):
        if scope.cycle not in {None, cycle.pk}:
            continue
        names, areas = Q(pk__in=[]), Q(pk__in=[])
        for name in scope.agencies:
            names |= Q(agency__short_name__iexact=name)
        for area in scope.areas:
            areas |= within_q("lokus__area", area)
        found |= names & areas
    return rows.filter(found)


def needs_named_for(
    user: Actor, asks: Iterable[Ask], health: Mapping[str, str], known: Container[str]
) -> QuerySet[Need]:
    """The open needs behind `asks` whose families this liaison may be told by name: by a link only once unlocked.

    `health` has the agencies that an indicator of health names, by indicator; `known` are all of the instrument: what
    it does not know any more may have been of health.
    """
    rows = Need.objects.filter(closed_at__isnull=True, household__erased_at__isnull=True)
    rows = rows.filter(household__pending__isnull=True).select_related("household")
    visit = user.link if isinstance(user, User) else None
    if visit is not None and not visit.names_unlocked:
        return rows.none()
    found = Q(pk__in=[])
    for ask in asks:
        if ask.indicator not in known:
            continue
        named = health.get(ask.indicator)
        if _speaks_for(user, ask) and (named is None or may_see_health(user, ask.lokus, named)):
            found |= Q(lokus=ask.lokus_id, indicator=ask.indicator)
    return rows.filter(found)
