"""A membership as a scope, and rows as far as a scope goes. The predicates beside it are built of this."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from selaras.models import Agency, AgencyLink, Membership, Place, Role, User
from selaras.models.places import lineage, within, within_q


@dataclass(frozen=True, slots=True)
class Console:
    """Whoever types commands on the server. She owns the files; pretending to refuse her would protect nothing."""


CONSOLE: Final = Console()
Actor = User | AnonymousUser | Console

#: Fewer than this many families of a kind are not counted out loud where health or poverty is concerned.
SMALLEST_COUNT: Final = 5

#: Who works with families by name.
NAMES: Final = frozenset({Role.SECRETARIAT, Role.SUPERVISOR, Role.CADRE})
#: Who brings data in and keeps the records of a lokus.
KEEPERS: Final = frozenset({Role.SECRETARIAT, Role.SUPERVISOR})
#: Who judges a city or stands above it: what the city prepares reaches them by what it hands over.
OUTSIDE: Final = frozenset({Role.JUROR, Role.PROVINCE})
#: All others: each of them in her own city.
INSIDE: Final = frozenset(Role.values) - OUTSIDE
#: Which roles a role may give away, inside its own area.
ASSIGNABLE: Final[dict[str, frozenset[str]]] = {
    Role.ADMINISTRATOR: frozenset(Role.values),
    Role.PROVINCE: frozenset({Role.SECRETARIAT, Role.JUROR, Role.LEADER}),
    Role.SECRETARIAT: frozenset(
        {
            Role.SECRETARIAT,
            Role.LIAISON,
            Role.SUPERVISOR,
            Role.CADRE,
            Role.PROTECTION,
            Role.JUROR,
            Role.LEADER,
        }
    ),
    Role.SUPERVISOR: frozenset({Role.CADRE}),
}


@dataclass(frozen=True, slots=True)
class Scope:
    """A membership that holds now. `areas` are all codes its place has had; `('',)` is the whole server."""

    role: str
    cycle: int | None
    areas: tuple[str, ...]
    agencies: frozenset[str] = frozenset()

    def covers(self, area: str, cycle: int | None = None) -> bool:
        """Whether that area lies in this scope's. `cycle` is None for what belongs to no cycle."""
        return self._in_cycle(cycle) and any(within(area, own) for own in self.areas)

    def touches(self, area: str, cycle: int | None = None) -> bool:
        """Whether that area lies in this scope's, or around it."""
        return self._in_cycle(cycle) and any(within(area, own) or within(own, area) for own in self.areas)

    def is_of(self, city: str) -> bool:
        """Whether it is a task of that city, and not of more than it; the administrator's is of each."""
        return self.role == Role.ADMINISTRATOR or any(own and within(own, city) for own in self.areas)

    def _in_cycle(self, cycle: int | None) -> bool:
        return self.cycle is None or cycle is None or self.cycle == cycle


def scopes_of(user: Actor) -> tuple[Scope, ...]:
    """All that this person is, now. One query for each User object, then remembered on it."""
    if not isinstance(user, User) or not user.is_active:
        return ()
    if user.remembered_scopes is None:
        user.remembered_scopes = _load_scopes(user, timezone.now())
    scopes: tuple[Scope, ...] = user.remembered_scopes
    return scopes


def _load_scopes(user: User, now: datetime) -> tuple[Scope, ...]:
    # The account behind a link is nobody by any other door, even if somebody gave it a password.
    linked = Exists(AgencyLink.objects.filter(user=OuterRef("user")))
    renamed = Exists(Place.objects.filter(replaces__isnull=False))
    rows = Membership.objects.filter(user=user, starts__lte=now).select_related("agency__place")
    rows = rows.annotate(linked=linked, renamed=renamed)
    held = [row for row in rows if row.holds(now) and row.linked == (user.link is not None)]
    return tuple(_scope(row, row.renamed) for row in held)


def _scope(row: Membership, renamed: bool) -> Scope:
    code = row.place_code if row.agency is None else row.agency.place.code
    areas = sorted(lineage(code)) if renamed and code else [code]
    agencies = frozenset(agency.short_name.casefold() for agency in _names(row.agency))
    return Scope(row.role, row.cycle_id, tuple(areas), agencies)


def _names(agency: Agency | None) -> list[Agency]:
    """The agency and the two that it replaces, as they were loaded with it."""
    once = None if agency is None else agency.replaces
    twice = None if once is None else once.replaces
    return [each for each in (agency, once, twice) if each is not None]


def is_one(user: Actor, roles: Iterable[str], area: str, cycle: int | None = None) -> bool:
    """Whether one of `roles` covers that area."""
    return any(scope.role in roles and scope.covers(area, cycle) for scope in scopes_of(user))


def is_own(user: Actor, roles: Iterable[str], city: str, area: str, cycle: int | None = None) -> bool:
    """Whether she is one of the city's own with one of `roles`, in that area of it, around it or above it."""
    return any(s.role in roles and s.is_of(city) and s.touches(area, cycle) for s in scopes_of(user))


def is_anywhere(user: Actor, roles: Iterable[str]) -> bool:
    return any(scope.role in roles for scope in scopes_of(user))


def has_role(user: Actor, role: Role) -> bool:
    """Whether she holds that role anywhere: for what a page offers, never for what it allows."""
    return is_anywhere(user, {role})


def agency_names(text: str) -> tuple[str, ...]:
    """The short names in the workbook's column `agency`, as written: it parts several by comma, semicolon or slash."""
    return tuple(part.strip() for part in re.split(r"[,;/]", text) if part.strip())


def named_in(text: str) -> frozenset[str]:
    """Those names, to be compared."""
    return frozenset(name.casefold() for name in agency_names(text))


def _ancestors(code: str) -> list[str]:
    """36, 36.72, 36.72.05, … without the code itself."""
    parts = code.split(".")
    return [".".join(parts[:i]) for i in range(1, len(parts))]


def condition(user: Actor, area: str, cycle: str, *, roles: frozenset[str] | None, around: bool, city: str = "") -> Q:
    """Rows whose column `area` is covered (or, with `around`, touched) by a scope; nothing where there is none.

    `city` is the column of the city's code: a scope of more than that city counts for nothing then, as in `is_own`.
    """
    found = Q(pk__in=[])
    for scope in scopes_of(user):
        if roles is not None and scope.role not in roles:
            continue
        places = Q(pk__in=[])
        for own in scope.areas:
            places |= within_q(area, own) if own else ~Q(pk__in=[])
            if around:
                places |= Q(**{f"{area}__in": _ancestors(own)})
        if city and scope.role != Role.ADMINISTRATOR:
            above = {code for own in scope.areas if own for code in (*_ancestors(own), own)}
            places &= Q(**{f"{city}__in": sorted(above)})
        found |= places if scope.cycle is None or not cycle else places & Q(**{cycle: scope.cycle})
    return found


def lokus_condition(user: Actor, prefix: str) -> Q:
    return condition(user, f"{prefix}area", f"{prefix}cycle_id", roles=None, around=True)


def own_condition(user: Actor, prefix: str) -> Q:
    """Of the loci in, around or above which she works, those of her own city; none for jurors and the province."""
    city = f"{prefix}cycle__place__code"
    return condition(user, f"{prefix}area", f"{prefix}cycle_id", roles=INSIDE, around=True, city=city)
