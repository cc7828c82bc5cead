"""The desk of requests that people make about their own data: what waits, how long the law still gives, who asks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, Literal
from uuid import UUID

from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from selaras.access import (
    Actor,
    demand,
    may_keep_breaches,
    may_open_requests,
    may_see_data_map,
    may_settle_requests,
    one,
    requests_for,
    restricted_for,
    the_cycle,
)
from selaras.models import Breach, Cycle, Deed, Household, RequestKind, RequestState, RightsRequest
from selaras.queries.duplicates import kept_of
from selaras.queries.legal_clocks import NEAR, Clock, clocks, hours_left
from selaras.queries.programme import cycle_ref
from selaras.queries.refs import CycleRef
from selaras.queries.retirement import Retirement, due_of
from selaras.queries.traces import told_of, traces_of_person

#: Answered ones that the desk still lists; older ones are counted.
LISTED: Final = 30
#: Texts that name who is in no family: so many are shown.
MOST_TEXTS: Final = 200
Standing = Literal["late", "near", "open", "untold", "closed"]
#: Nobody is to be told of anything any more.
ENDED: Final = frozenset({RequestState.WITHDRAWN, RequestState.LAPSED})
#: What can be done for somebody who is in no family, by what is asked: the office chooses.
DEEDS_OF_NOBODY: Final[Mapping[RequestKind, tuple[Deed, ...]]] = {
    RequestKind.SEE: (Deed.GIVEN,),
    RequestKind.COPY: (Deed.GIVEN,),
    RequestKind.CORRECT: (Deed.CORRECTED,),
    **dict.fromkeys(
        (RequestKind.OBJECT, RequestKind.STOP, RequestKind.RESTRICT, RequestKind.ERASE),
        (Deed.NAMES, Deed.PHOTOS, Deed.ACCOUNT),
    ),
}


@dataclass(frozen=True, slots=True)
class RequestLine:
    """One request: of which family ('' for none), until when, whole hours left (negative once late).

    `standing`: late, near (a day or less), open; answered and not yet told (`untold`); closed.
    """

    uuid: UUID
    number: int
    kind: str
    household: str
    lokus: str
    received_at: datetime
    due_at: datetime
    hours: int
    state: str
    standing: Standing


@dataclass(frozen=True, slots=True)
class AgainLine:
    """A family that came in anew, by a sheet or a phone, and is used no further by name again: by which request."""

    request: UUID
    number: int
    code: str
    lokus: str
    at: datetime
    via: Literal["import", "form"]


@dataclass(frozen=True, slots=True)
class DeskPage:
    """What waits, the most urgent first; then what was closed lately. `closed_all` counts all of the year. `again`: who
    came in anew and is away again, the newest first, as many as are listed."""

    cycle: CycleRef
    waiting: tuple[RequestLine, ...]
    closed: tuple[RequestLine, ...]
    closed_all: int
    clocks: Mapping[str, Clock]
    may_settle: bool
    may_see_map: bool
    retirement: Retirement | None
    again: tuple[AgainLine, ...] = ()


@dataclass(frozen=True, slots=True)
class RequestPage:
    """One request with what is sealed of it; '' once that was destroyed (`forgotten`).

    Its family is the one that it is about now; `asked_as`: by which code it asked, where that was found to be another.
    `household_restricted`: its family is in nobody's view at its wish, by this request or another one; its copy it may
    still have (`has_copy`).
    `looks`: the texts that name who asks, and is in no family, are to be looked at now (`texts_naming`).
    `again`: the entries that came in anew since, and are away again by it.
    """

    cycle: CycleRef
    line: RequestLine
    clock: Clock
    asker: str
    reach: str
    words: str
    forgotten: bool
    known_at: datetime | None
    ground: str
    answered_at: datetime | None
    answered_by: str
    told_at: datetime | None
    lokus_code: str
    asked_as: str
    household_there: bool
    household_restricted: bool
    has_copy: bool
    deed: str
    looks: bool
    lifted_at: datetime | None
    version: int
    may_settle: bool
    again: tuple[AgainLine, ...] = ()


@dataclass(frozen=True, slots=True)
class Named:
    """What is kept of who is in no family: (what it is, the text), the first MOST_TEXTS; whether there are `more`."""

    texts: tuple[tuple[str, str], ...]
    more: bool


@dataclass(frozen=True, slots=True)
class ClockNews:
    """How many requests wait for an answer, how many breaches were not told of; the first of their hours."""

    requests: int
    breaches: int
    due: datetime
    late: bool


def desk_page(user: Actor, slug: str) -> DeskPage:
    """The year's, as far as she works with families by name. Raises Missing, Forbidden. Seven statements at most."""
    cycle = _opened(user, slug)
    rows = requests_for(user).filter(cycle=cycle)
    settles = may_settle_requests(user, cycle)
    now = timezone.now()
    waiting = [_line(row, now) for row in _unfinished(rows).order_by("due_at", "pk")]
    closed = rows.exclude(pk__in=_unfinished(rows).values("pk"))
    return DeskPage(
        cycle=cycle_ref(cycle),
        waiting=tuple(sorted(waiting, key=lambda line: (line.standing == "untold", line.due_at))),
        closed=tuple(_line(row, now) for row in closed.order_by("-answered_at", "-pk")[:LISTED]),
        closed_all=closed.count(),
        clocks=clocks(),
        may_settle=settles,
        may_see_map=may_see_data_map(user, cycle),
        retirement=due_of(cycle) if settles else None,
        again=_again(user, rows),
    )


def request_page(user: Actor, slug: str, request: UUID) -> RequestPage:
    """One of them, opened. Raises Missing, Forbidden."""
    row = request_of(user, slug, request)
    now = family_now(row)
    family, line = now or row.household, _line(row, timezone.now())
    there = now is not None and now.restricted_at is None
    restricted = now is not None and now.restricted_at is not None
    merged = line.household if now is not None and now != row.household else ""
    if now is not None and merged:
        line = replace(line, household=now.code, lokus=now.lokus.place.name)
    return RequestPage(
        cycle=cycle_ref(row.cycle),
        line=line,
        clock=clocks()[row.kind],
        asker=opened(row, "asker"),
        reach=opened(row, "reach"),
        words=opened(row, "words"),
        forgotten=row.forgotten_at is not None,
        known_at=row.known_at,
        ground=row.ground,
        answered_at=row.answered_at,
        answered_by="" if row.answered_by is None else row.answered_by.get_full_name(),
        told_at=row.told_at,
        lokus_code="" if family is None else family.lokus.area,
        asked_as=merged,
        household_there=there,
        household_restricted=restricted,
        has_copy=there or restricted,
        deed=row.deed,
        looks=looks_at_texts(user, row),
        lifted_at=row.lifted_at,
        version=row.version,
        may_settle=may_settle_requests(user, row.cycle),
        again=_again(user, RightsRequest.objects.filter(pk=row.pk)),
    )


def _again(user: Actor, requests: QuerySet[RightsRequest]) -> tuple[AgainLine, ...]:
    """What was registered in her own area after it had been restricted by one of them: where else, is not hers to know.
    One statement."""
    rows = restricted_for(user).filter(pending__in=requests.order_by().values("uuid"))
    by = RightsRequest.objects.filter(uuid=OuterRef("pending")).values("number")
    rows = rows.filter(created_at__gt=F("restricted_at")).annotate(number=Subquery(by)).order_by("-created_at", "-pk")
    values = rows.values_list("pending", "number", "code", "lokus__place__name", "created_at", "brought_by")
    return tuple(
        AgainLine(request, number, code, lokus, at, "form" if batch is None else "import")
        for request, number, code, lokus, at, batch in values[:LISTED]
        if request is not None
    )


def family_now(row: RightsRequest) -> Household | None:
    """The family that it is about now: where it was found to be another one since, that one, also one in nobody's view
    at its wish. None where it is about nobody's, or the family is gone."""
    found = row.household
    if found is not None and found.pending is not None and found.restricted_at is None:
        found = kept_of(found.uuid, restricted=True)
    return None if found is None or found.erased_at is not None else found


def looks_at_texts(user: Actor, row: RightsRequest) -> bool:
    """Whether she reads what names who asks: who answers, once it is sure who asks, of somebody in no family."""
    if row.household is not None or row.known_at is None or row.state != RequestState.OPEN:
        return False
    return may_settle_requests(user, row.cycle)


def texts_naming(row: RightsRequest) -> Named:
    """What names who asks, by the name and number that she gave. It is hers to see: `actions.rights.read_texts` writes
    the look down."""
    city = row.cycle.place
    found = told_of(traces_of_person(opened(row, "asker"), opened(row, "reach"), city), city, MOST_TEXTS + 1)
    return Named(found[:MOST_TEXTS], len(found) > MOST_TEXTS)


def has_requests(cycle: Cycle) -> bool:
    """Whether anybody of that year has asked yet."""
    return RightsRequest.objects.filter(cycle=cycle).exists()


def clock_news(user: Actor, slug: str, now: datetime | None = None) -> ClockNews | None:
    """What of a year waits for her by a clock of the law, None where nothing does. Two statements at most.

    Raises Missing.
    """
    cycle = the_cycle(user, slug)
    asked = RightsRequest.objects.filter(cycle=cycle, state=RequestState.OPEN)
    happened = Breach.objects.filter(cycle=cycle, closed_at__isnull=True)
    untold = happened.filter(Q(authority_told_at__isnull=True) | Q(people_told_at__isnull=True))
    requests = list(asked.values_list("due_at", flat=True)) if may_settle_requests(user, cycle) else []
    breaches = list(untold.values_list("due_at", flat=True)) if may_keep_breaches(user, cycle) else []
    if not requests and not breaches:
        return None
    due = min([*requests, *breaches])
    return ClockNews(len(requests), len(breaches), due, due < (now or timezone.now()))


def request_of(user: Actor, slug: str, request: UUID) -> RightsRequest:
    """The row, with its family and cycle at hand. Raises Missing, Forbidden."""
    cycle = _opened(user, slug)
    return one(requests_for(user).filter(cycle=cycle), uuid=request)


def opened(row: RightsRequest, field: Literal["asker", "reach", "words"]) -> str:
    """What was sealed under that name, '' where nothing is."""
    sealed = getattr(row, f"{field}_sealed")
    return row.key.unseal_text(sealed, row.context(field))


def _opened(user: Actor, slug: str) -> Cycle:
    cycle = the_cycle(user, slug)
    demand(may_open_requests, user, cycle)
    return cycle


def _unfinished(rows: QuerySet[RightsRequest]) -> QuerySet[RightsRequest]:
    """Not answered; or answered, and she does not know it yet."""
    return rows.filter(told_at__isnull=True).exclude(state__in=ENDED)


def _line(row: RightsRequest, now: datetime) -> RequestLine:
    hours = hours_left(row.due_at, now)
    return RequestLine(
        uuid=row.uuid,
        number=row.number,
        kind=row.kind,
        household="" if row.household is None else row.household.code,
        lokus="" if row.household is None else row.household.lokus.place.name,
        received_at=row.received_at,
        due_at=row.due_at,
        hours=hours,
        state=row.state,
        standing=_standing(row, hours),
    )


def _standing(row: RightsRequest, hours: int) -> Standing:
    if row.state in ENDED or row.told_at is not None:
        return "closed"
    if row.state != RequestState.OPEN:
        return "untold"
    if hours < 0:
        return "late"
    return "near" if hours <= NEAR else "open"
