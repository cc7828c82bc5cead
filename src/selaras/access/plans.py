"""Needs and commitments: who sees which family's need, who reads what agencies promise, who promises."""

from collections.abc import Mapping
from typing import Final

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, When

from selaras.access.scopes import CONSOLE, NAMES, Actor, Scope, condition, is_one, named_in, scopes_of
from selaras.models import Agency, Ask, Commitment, CommitmentNeed, Cycle, Need, Role
from selaras.models.places import within_q

#: Who reads what all agencies do in her area; an agency reads its own.
READERS: Final = frozenset(Role.values) - {Role.LIAISON}


def may_plan(user: Actor, cycle: Cycle) -> bool:
    """Keep the whole matrix of an open year, also from a sheet: the secretariat of its city."""
    if cycle.closed_at is not None:
        return False
    return user is CONSOLE or is_one(user, {Role.SECRETARIAT}, cycle.place.code, cycle.id)


def may_commit(user: Actor, cycle: Cycle, agency: Agency) -> bool:
    """Promise something in that agency's name in an open year: the secretariat, and the agency's own liaison."""
    own = any(_speaks_for(scope, agency, cycle) for scope in scopes_of(user))
    return cycle.closed_at is None and (own or may_plan(user, cycle))


def may_change_commitment(user: Actor, commitment: Commitment) -> bool:
    """Change, move on or call off: whoever may promise it."""
    return may_commit(user, commitment.cycle, commitment.agency)


def may_see_commitment(user: Actor, commitment: Commitment) -> bool:
    """Read it: everybody who works where it is to happen, around it or above it; of the liaisons its agency's own."""
    cycle = commitment.cycle
    lokus = commitment.lokus.area if commitment.lokus is not None else cycle.place.code
    scopes = scopes_of(user)
    reads = any(s.role in READERS and s.touches(commitment.area or lokus, cycle.id) for s in scopes)
    return user is CONSOLE or reads or any(_speaks_for(s, commitment.agency, cycle) for s in scopes)


def _speaks_for(scope: Scope, agency: Agency, cycle: Cycle) -> bool:
    its = scope.role == Role.LIAISON and agency.short_name.casefold() in scope.agencies
    return its and scope.covers(cycle.place.code, cycle.id)


def commitments_for(user: Actor) -> QuerySet[Commitment]:
    """The commitments that she may read."""
    rows = Commitment.objects.select_related("agency__place", "lokus__place", "cycle__place")
    if user is CONSOLE:
        return rows
    where = Case(
        When(~Q(area=""), then=F("area")),
        When(lokus__isnull=False, then=F("lokus__area")),
        default=F("cycle__place__code"),
    )
    found = condition(user, "where", "cycle_id", roles=READERS, around=True)
    for scope in _liaisons(user):
        found |= _covered(scope, "cycle__place__code", "cycle_id") & _named(scope, "agency__short_name")
    return rows.annotate(where=where).filter(found)


def needs_for(user: Actor, agencies: Mapping[str, str], health: frozenset[str]) -> QuerySet[Need]:
    """The needs that she may see family by family.

    Who works with the families: all but those of `health` (indicators that read an answer of class `kesehatan`). An
    agency: those of the indicators that name it (`agencies`: indicator -> the workbook's text), and, health apart,
    those that it was asked for or serves.
    """
    rows = Need.objects.filter(household__erased_at__isnull=True, household__pending__isnull=True)
    rows = rows.select_related("household", "lokus")
    known = condition(user, "household__area", "lokus__cycle_id", roles=NAMES, around=False)
    # An indicator that the instrument does not know any more may have been of health.
    open_ = Q(indicator__in=set(agencies) - health)
    found = known & open_
    for scope in _liaisons(user):
        own = [name for name, text in agencies.items() if scope.agencies & named_in(text)]
        asked = Ask.objects.filter(_named(scope, "agency__short_name"), lokus=OuterRef("lokus"))
        serves = CommitmentNeed.objects.filter(_named(scope, "commitment__agency__short_name"), need=OuterRef("pk"))
        hers = Exists(asked.filter(indicator=OuterRef("indicator"))) | Exists(serves)
        found |= _covered(scope, "lokus__area", "lokus__cycle_id") & (Q(indicator__in=own) | open_ & Q(hers))
    return rows.filter(found)


def _liaisons(user: Actor) -> list[Scope]:
    return [scope for scope in scopes_of(user) if scope.role == Role.LIAISON]


def _covered(scope: Scope, area: str, cycle: str) -> Q:
    places = Q(pk__in=[])
    for own in scope.areas:
        places |= within_q(area, own)
    return places if scope.cycle is None else places & Q(**{cycle: scope.cycle})


def _named(scope: Scope, column: str) -> Q:
    found = Q(pk__in=[])
    for name in scope.agencies:
        found |= Q(**{f"{column}__iexact": name})
    return found
