"""Links of agencies: who holds one, who has opened it, and who comes in by one."""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal
from uuid import UUID

from django.utils import timezone

from selaras.access import LinkVisit, demand, links_for, may_ask, may_manage_cycle, the_cycle
from selaras.models import Agency, AgencyLink, Ask, Cycle, User
from selaras.models.links import CODE_TRIES
from selaras.models.places import within_q
from selaras.queries.programme import cycle_ref, today_in
from selaras.queries.refs import CycleRef

#: What a link is made for where nobody says otherwise.
USUAL_DAYS = 60

LinkState = Literal["open", "expired", "revoked"]
CodeState = Literal["waiting", "used", "locked"]


@dataclass(frozen=True, slots=True)
class AgencyChoice:
    """An agency of the place as a form offers it."""

    id: int
    short_name: str
    name: str


@dataclass(frozen=True, slots=True)
class LinkLine:
    """One link. `seen_at` is when it was last opened (to the hour), None: never; `used_at` when its code was."""

    id: UUID
    agency: str
    holder: str
    email: str
    made_at: datetime
    made_by: str
    until: date
    state: LinkState
    code: CodeState
    used_at: datetime | None
    seen_at: datetime | None


@dataclass(frozen=True, slots=True)
class LinksPage:
    """The links of a year. `without` are the agencies that were asked and hold no open link."""

    cycle: CycleRef
    may_change: bool
    agencies: tuple[AgencyChoice, ...]
    open: tuple[LinkLine, ...]
    closed: tuple[LinkLine, ...]
    without: tuple[str, ...]
    today: date
    until: date


@dataclass(frozen=True, slots=True)
class Arrival:
    """Somebody at an agency's door. `person` acts, and only where the link is open; `code` is its code's state."""

    state: LinkState
    person: User | None
    agency: str
    agency_name: str
    cycle: CycleRef
    until: date
    expires_at: datetime
    code: CodeState


def links_page(user: User, slug: str) -> LinksPage:
    """The links of that year, the newest first. Raises Missing, Forbidden."""
    cycle = the_cycle(user, slug)
    demand(may_manage_cycle, user, cycle)
    now = timezone.now()
    rows = links_for(user, cycle).order_by("agency__short_name", "-created_at")
    lines = tuple(_line(link, now) for link in rows)
    asked = Ask.objects.filter(cycle=cycle).values_list("agency__short_name", flat=True).distinct().order_by()
    held = {line.agency for line in lines if line.state == "open"}
    today = today_in(cycle, now)
    return LinksPage(
        cycle=cycle_ref(cycle),
        may_change=may_ask(user, cycle),
        agencies=agencies_in(cycle),
        open=tuple(line for line in lines if line.state == "open"),
        closed=tuple(line for line in lines if line.state != "open"),
        without=tuple(sorted(set(asked) - held)),
        today=today,
        until=today + timedelta(days=USUAL_DAYS),
    )


def agencies_in(cycle: Cycle) -> tuple[AgencyChoice, ...]:
    """The agencies of now of the year's place."""
    rows = Agency.objects.filter(within_q("place__code", cycle.place.code), valid_to=None).order_by("short_name", "pk")
    return tuple(AgencyChoice(row.pk, row.short_name, row.name) for row in rows)


def _line(link: AgencyLink, now: datetime) -> LinkLine:
    return LinkLine(
        id=link.uuid,
        agency=link.agency.short_name,
        holder=link.holder,
        email=link.user.email,
        made_at=link.created_at,
        made_by=str(link.created_by) if link.created_by else "server",
        until=_last_day(link),
        state=_state(link, now),
        code=_code_state(link),
        used_at=link.code_used_at,
        seen_at=link.last_seen_at,
    )


def _last_day(link: AgencyLink) -> date:
    """Links end at midnight: the day before is the last on which they open."""
    return (link.expires_at.astimezone(link.cycle.place.zone) - timedelta(seconds=1)).date()


def _state(link: AgencyLink, now: datetime) -> LinkState:
    if link.revoked_at is not None:
        return "revoked"
    return "open" if link.is_open(now) else "expired"


def _code_state(link: AgencyLink) -> CodeState:
    if link.code_used_at is not None:
        return "used"
    return "locked" if link.code_tries >= CODE_TRIES else "waiting"


def hash_of(token: str) -> str:
    """How a token of 256 random bits is stored."""
    return hashlib.sha256(token.encode()).hexdigest()


def feed_of(token: str) -> str:
    """The calendar's own secret, made of the link's: nobody gets from it back to the link."""
    digest = hmac.digest(token.encode(), b"selaras kalender", "sha256")
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def arrival(token: str, proof: str, *, now: datetime | None = None) -> Arrival | None:
    """Who comes with this token, from a browser that keeps `proof` (or ''); None where there is no such link."""
    now = now or timezone.now()
    rows = AgencyLink.objects.select_related("agency__place", "cycle__place", "user")
    link = rows.filter(token_hash=hash_of(token)).first()
    if link is None:
        return None
    state = _state(link, now)
    used = link.code_used_at is not None and bool(proof)
    visit = LinkVisit(link.uuid, used and hmac.compare_digest(proof, link.code_hash))
    link.user.link = visit
    return Arrival(
        state=state,
        person=link.user if state == "open" else None,
        agency=link.agency.short_name,
        agency_name=link.agency.name,
        cycle=cycle_ref(link.cycle),
        until=_last_day(link),
        expires_at=link.expires_at,
        code=_code_state(link),
    )
