"""Accounts and who does what: the people of a year, one person, and what she would hand over."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from selaras.access import (
    Actor,
    area_of,
    demand,
    given_in,
    holdings_for,
    may_assign,
    may_manage_people,
    may_see_people,
    memberships_for,
    one,
    people_for,
    the_cycle,
)
from selaras.models import (
    Agency,
    AgencyLink,
    ApiToken,
    BrowserSession,
    Cycle,
    Invitation,
    Membership,
    Place,
    PlaceLevel,
    Role,
    User,
)
from selaras.models.places import within, within_q, zone_of
from selaras.queries.invitations import InvitationLine, invitation_lines, is_waiting, place_names, role_words
from selaras.queries.programme import cycle_ref
from selaras.queries.refs import CycleRef
from selaras.queries.stranded import Stranded, stranded_in

PAGE_SIZE = 50

#: Of a task: it holds, it will, it did.
When = Literal["now", "ahead", "past"]


def user_of(username: str) -> User | None:
    """The account of that name."""
    return User.objects.filter(username=username).first()


@dataclass(frozen=True, slots=True)
class TaskLine:
    """One task in words. `year` is '' where it holds in all; `may_end`: whether the reader may end it.

    `until` is its last day, in the time of its place.
    """

    id: int
    role: str
    where: str
    year: str
    since: datetime
    until: date | None
    when: When
    may_end: bool


@dataclass(frozen=True, slots=True)
class PersonRow:
    """Somebody. `username` is '' before she has chosen one; `by_link`: the account behind an agency's link."""

    id: UUID
    name: str
    username: str
    by_link: bool
    active: bool
    last_sign_in: datetime | None
    tasks: tuple[TaskLine, ...]


@dataclass(frozen=True, slots=True)
class Kept:
    """Who keeps a year's records, which the secretariat does also once it is closed: whether anybody does now, and the
    last day of the longest of those tasks, None where one has no end. In a province's own year `stranded`: the cities
    where something waits without a secretariat, or for nobody's area that holds all of it."""

    somebody: bool = True
    until: date | None = None
    stranded: tuple[Stranded, ...] = ()

    @property
    def unkept(self) -> bool:
        """Whether a secretariat there would help."""
        return any(each.held for each in self.stranded)


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """One page of the people of a year, by name. `total` fit the search; `past`: ended tasks are shown as well; `kept`
    is for whoever may give the secretariat's task; `officers`: somebody on it is a protection officer now."""

    cycle: CycleRef
    rows: tuple[PersonRow, ...]
    invitations: tuple[InvitationLine, ...]
    search: str
    past: bool
    total: int
    page: int
    pages: int
    kept: Kept = Kept()
    officers: bool = False


@dataclass(frozen=True, slots=True)
class TaskChoices:
    """What may be given in a year. A place is code, name, level; an agency id and name; `always`: in all years too."""

    roles: tuple[tuple[str, str], ...]
    places: tuple[tuple[str, str, str], ...]
    agencies: tuple[tuple[int, str], ...]
    always: bool


@dataclass(frozen=True, slots=True)
class PersonPage:
    """Somebody and what can be done for her. `may_switch`: end every task, hence reset or switch off her account;
    `officer`: she is a protection officer now."""

    cycle: CycleRef
    person: PersonRow
    choices: TaskChoices
    herself: bool
    may_switch: bool
    may_hand_over: bool
    officer: bool = False


@dataclass(frozen=True, slots=True)
class HandoverPage:
    """Everything that would go, and to whom it could. `given` are open invitations that she made."""

    cycle: CycleRef
    person: PersonRow
    tasks: tuple[TaskLine, ...]
    staying: bool
    given: int
    tokens: int
    links: int
    sessions: int
    candidates: tuple[tuple[str, str], ...]
    may_invite: bool


def people_page(user: Actor, cycle_slug: str, *, search: str = "", past: bool = False, page: int = 1) -> PeoplePage:
    """One page of PAGE_SIZE people whose name fits the search. A page beyond the end is the last one.

    Raises Missing, or Forbidden for who gives no task in that year. The same number of statements for any number.
    """
    cycle, now = _year(user, cycle_slug), timezone.now()
    tasks = _tasks(user, cycle)
    held = tasks if past else tasks.filter(Q(ends__isnull=True) | Q(ends__gt=now))
    people = _people(held, search)
    total = people.count()
    pages = max(-(-total // PAGE_SIZE), 1)
    page = min(page, pages)
    chosen = list(people[(page - 1) * PAGE_SIZE : page * PAGE_SIZE])
    here = list(held.filter(user__in=[each.pk for each in chosen]))
    lines = _lines(user, here, now)
    secretariats = next((areas for role, areas, _ in given_in(user, cycle) if role == Role.SECRETARIAT), ())
    return PeoplePage(
        cycle=cycle_ref(cycle),
        rows=tuple(_row(each, lines.get(each.pk, ())) for each in chosen),
        invitations=invitation_lines(user, cycle, now=now),
        search=search,
        past=past,
        total=total,
        page=page,
        pages=pages,
        kept=kept_by(cycle, secretariats) if secretariats else Kept(),
        officers=_is_officer(here, now),
    )


def kept_by(cycle: Cycle, areas: Sequence[str] = ("",)) -> Kept:
    """The secretariat's tasks in that year, of people who can sign in: one statement. A province keeps its own years
    itself, but for the records of its loci, which their cities do: told is what waits there, below `areas`, for
    nobody."""
    now = timezone.now()
    if cycle.place.level == "province":
        return Kept(stranded=stranded_in(cycle, areas, now))
    here = within_q("place_code", cycle.place.code) & (Q(cycle=cycle) | Q(cycle__isnull=True))
    rows = Membership.objects.filter(here, role=Role.SECRETARIAT, user__is_active=True)
    spans = list(rows.filter(Q(ends__isnull=True) | Q(ends__gt=now)).values_list("starts", "ends"))
    ends = [end for _start, end in spans if end is not None]
    last = max(ends) if ends and len(ends) == len(spans) else None
    return Kept(
        somebody=any(start <= now for start, _end in spans),
        until=None if last is None else (last - _MOMENT).astimezone(zone_of(cycle.place.code)).date(),
    )


def person_page(user: User, cycle_slug: str, person: UUID) -> PersonPage:
    """That person with her tasks in the year, past ones too. Raises Missing, Forbidden."""
    cycle, now = _year(user, cycle_slug), timezone.now()
    found = _person(user, person)
    rows = list(_tasks(user, cycle).filter(user=found))
    lines = _lines(user, rows, now)
    every = found.memberships.select_related("agency__place").filter(Q(ends__isnull=True) | Q(ends__gt=now))
    mine = [may_assign(user, row.role, area_of(row), row.cycle_id) for row in every]
    return PersonPage(
        cycle=cycle_ref(cycle),
        person=_row(found, lines.get(found.pk, ())),
        choices=task_choices(user, cycle),
        herself=found.pk == user.pk,
        may_switch=all(mine) if mine else may_manage_people(user, ""),
        may_hand_over=any(mine),
        officer=_is_officer(rows, now),
    )


def _is_officer(rows: Iterable[Membership], now: datetime) -> bool:
    # Whether she is known stands in the locked room alone, which no page outside it asks.
    return any(row.role == Role.PROTECTION and _when(row, now) == "now" for row in rows)


def invite_page(user: User, cycle_slug: str) -> tuple[CycleRef, TaskChoices]:
    """The year and what may be given in it. Raises Missing, Forbidden."""
    cycle = _year(user, cycle_slug)
    return cycle_ref(cycle), task_choices(user, cycle)


def handover_page(user: User, cycle_slug: str, person: UUID) -> HandoverPage:
    """What would be handed over, and to whom. Raises Missing, Forbidden."""
    cycle, now = _year(user, cycle_slug), timezone.now()
    found = _person(user, person)
    rows = holdings_for(user, found, now)
    names = place_names(row.place_code for row in rows)
    others = [each for each in _people(_tasks(user, cycle), "").exclude(pk=found.pk) if each.is_active]
    agencies = [row.agency_id for row in rows if row.agency_id is not None]
    given = Invitation.objects.filter(created_by=found, used_at=None, revoked_at=None, expires_at__gt=now)
    held = found.memberships.filter(Q(ends__isnull=True) | Q(ends__gt=now))
    return HandoverPage(
        cycle=cycle_ref(cycle),
        person=_row(found, ()),
        tasks=tuple(_line(user, row, names, now) for row in rows),
        staying=held.count() > len(rows),
        given=given.count(),
        tokens=ApiToken.objects.filter(user=found, revoked_at=None, expires_at__gt=now).count(),
        links=AgencyLink.objects.filter(user=found, agency__in=agencies, revoked_at=None, expires_at__gt=now).count(),
        sessions=BrowserSession.objects.filter(user=found, expire_date__gt=now).count(),
        candidates=tuple((str(each.uuid), each.get_full_name()) for each in others),
        may_invite=all(row.role != Role.ADMINISTRATOR for row in rows),
    )


def task_choices(user: Actor, cycle: Cycle) -> TaskChoices:
    """The roles, places and agencies that she may choose from. Two statements."""
    given = given_in(user, cycle)
    areas = {area for _, own, _ in given for area in own}
    city, code = cycle.place.level != PlaceLevel.PROVINCE, cycle.place.code
    levels = [PlaceLevel.CITY, PlaceLevel.KECAMATAN, PlaceLevel.KELURAHAN] if city else [PlaceLevel.CITY]
    rows = Place.objects.filter(
        Q(code=code.partition(".")[0]) | within_q("code", code) & Q(level__in=levels), valid_to__isnull=True
    ).order_by("code")
    roles = [role for role, _, _ in given]
    agencies = Agency.objects.filter(within_q("place__code", code), valid_to__isnull=True).order_by("short_name")
    return TaskChoices(
        roles=tuple((role, role_words(role)) for role in roles),
        places=tuple(
            (place.code, place.full_name, PlaceLevel(place.level).label)
            for place in rows
            if any(within(place.code, area) for area in areas)
        ),
        agencies=tuple((row.pk, f"{row.short_name}, {row.name}") for row in agencies) if "liaison" in roles else (),
        always=any(always for _, _, always in given),
    )


def _year(user: Actor, slug: str) -> Cycle:
    cycle = the_cycle(user, slug)
    demand(may_see_people, user, cycle)
    return cycle


def _tasks(user: Actor, cycle: Cycle) -> QuerySet[Membership]:
    """What she may see of the tasks in that year's place, above it and below."""
    code = cycle.place.code
    parts = code.split(".")
    around = [".".join(parts[:i]) for i in range(1, len(parts))]
    placed = Q(agency__isnull=True) & (within_q("place_code", code) | Q(place_code__in=["", *around]))
    agencies = Q(agency__isnull=False) & within_q("agency__place__code", code)
    return memberships_for(user).filter(placed | agencies, Q(cycle__isnull=True) | Q(cycle=cycle))


def _people(tasks: QuerySet[Membership], search: str) -> QuerySet[User]:
    """Whose tasks these are: people, and not the accounts behind agencies' links, which stand on the page of links."""
    linked = Exists(AgencyLink.objects.filter(user=OuterRef("pk")))
    rows = User.objects.filter(~linked, pk__in=tasks.values("user")).order_by("full_name", "pk")
    for word in search.split():
        rows = rows.filter(Q(full_name__icontains=word) | Q(username__icontains=word))
    return rows


def _person(user: Actor, person: UUID) -> User:
    linked = Exists(AgencyLink.objects.filter(user=OuterRef("pk")))
    return one(people_for(user).annotate(by_link=linked), uuid=person)


def _by_link(user: User) -> bool:
    return bool(getattr(user, "by_link", False))


def _row(user: User, tasks: Sequence[TaskLine]) -> PersonRow:
    return PersonRow(
        id=user.uuid,
        name=user.get_full_name() or user.username,
        username="" if is_waiting(user) else user.username,
        by_link=_by_link(user),
        active=user.is_active,
        last_sign_in=user.last_login,
        tasks=tuple(tasks),
    )


def _lines(user: Actor, tasks: Iterable[Membership], now: datetime) -> dict[int, tuple[TaskLine, ...]]:
    """User id → her tasks: of now, to come, past. Two statements."""
    rows = list(tasks)
    names = place_names(row.place_code for row in rows)
    found: dict[int, list[TaskLine]] = {}
    for row in sorted(rows, key=lambda row: (_ORDER[_when(row, now)], row.starts, row.pk)):
        found.setdefault(row.user_id, []).append(_line(user, row, names, now))
    return {pk: tuple(lines) for pk, lines in found.items()}


_ORDER: dict[When, int] = {"now": 0, "ahead": 1, "past": 2}


def _when(row: Membership, now: datetime) -> When:
    if row.ends is not None and row.ends <= now:
        return "past"
    return "now" if row.starts <= now else "ahead"


#: A task that ends at midnight had the day before as its last.
_MOMENT = timedelta(microseconds=1)


def _line(user: Actor, row: Membership, names: dict[str, str], now: datetime) -> TaskLine:
    when = _when(row, now)
    where = row.agency.name if row.agency is not None else names.get(row.place_code, row.place_code)
    return TaskLine(
        id=row.pk,
        role=role_words(row.role),
        where=where,
        year="" if row.cycle is None else str(row.cycle),
        since=row.starts,
        until=None if row.ends is None else (row.ends - _MOMENT).astimezone(zone_of(area_of(row))).date(),
        when=when,
        may_end=when != "past" and may_assign(user, row.role, area_of(row), row.cycle_id),
    )
