"""What an agency's calendar holds: meetings, stages, days on which answers are due, ends of commitments. No family."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from selaras.access import LinkVisit, asks_for, commitments_for, may_see_cycle
from selaras.models import AgencyLink, Answer, Ask, Commitment, CommitmentState, Cycle, Meeting, Stage
from selaras.queries.asks import Ground, ground_of
from selaras.queries.followups import Planned, planned
from selaras.queries.links import hash_of

#: States in which a commitment's end is still something to be reminded of.
UNDER_WAY = (CommitmentState.PLANNED, CommitmentState.RUNNING, CommitmentState.BLOCKED)
#: How long a meeting lasts where nobody said.
USUAL_HOURS = 2


@dataclass(frozen=True, slots=True)
class Event:
    """One entry. Of a whole day `starts` is a date and `ends` the day after its last; else both are moments.

    `changed` is when it was last written, `sequence` how often before.
    """

    uid: str
    summary: str
    starts: date | datetime
    ends: date | datetime
    changed: datetime
    sequence: int = 0
    place: str = ""
    text: str = ""
    cancelled: bool = False


@dataclass(frozen=True, slots=True)
class Feed:
    """An agency's calendar of a year: `Dinkes · P2WKSS Kota Cilegon 2024`."""

    name: str
    zone: str
    events: tuple[Event, ...]


def feed(secret: str, *, now: datetime | None = None) -> Feed | None:
    """The calendar behind that secret; None where there is none, or its link is closed."""
    rows = AgencyLink.objects.select_related("agency", "cycle__place", "user")
    link = rows.filter(feed_hash=hash_of(secret)).first()
    if link is None or not link.is_open(now or timezone.now()):
        return None
    user, cycle = link.user, link.cycle
    user.link = LinkVisit(link.uuid, names_unlocked=False)
    if not may_see_cycle(user, cycle):
        # Her task was ended, or the account behind the link switched off.
        return None
    ground = ground_of(cycle)
    own = commitments_for(user).filter(cycle=cycle, state__in=UNDER_WAY, ends__isnull=False).order_by("ends", "number")
    events = [
        *(_meeting(row) for row in meetings_of(cycle) if is_for(row, link.agency_id)),
        *(_stage(row, link.created_at) for row in Stage.objects.filter(cycle=cycle).order_by("position")),
        *_due(link, asks_for(user, cycle).filter(answer=Answer.NONE, due__isnull=False)),
        *(_end(row, ground) for row in own),
        *(_again(row) for row in planned(user, cycle)),
    ]
    name = f"{link.agency.short_name} · {cycle.programme} {cycle.place.full_name} {cycle.year}"
    return Feed(name, cycle.place.zone.key, tuple(events))


def meetings_of(cycle: Cycle) -> list[Meeting]:
    """The year's meetings with their guests at hand, by time. Two statements."""
    return list(Meeting.objects.filter(cycle=cycle).prefetch_related("guests").order_by("starts", "pk"))


def is_for(meeting: Meeting, agency: int) -> bool:
    """Whether that agency is invited: by name, or with everybody."""
    invited = {guest.agency_id for guest in meeting.guests.all() if guest.agency_id is not None}
    return not invited or agency in invited


def _uid(kind: str, key: object) -> str:
    return f"{kind}-{key}@{urlsplit(settings.SELARAS_BASE_URL).hostname}"


def _meeting(row: Meeting) -> Event:
    return Event(
        uid=_uid("rapat", row.uuid),
        summary=row.title,
        starts=row.starts,
        ends=row.ends or row.starts + timedelta(hours=USUAL_HOURS),
        changed=row.created_at,
        sequence=row.version - 1,
        place=row.venue,
        text=row.agenda,
        cancelled=row.cancelled_at is not None,
    )


def _stage(row: Stage, written: datetime) -> Event:
    return Event(
        uid=_uid("tahap", f"{row.cycle_id}-{row.position}"),
        summary=row.name,
        starts=row.starts,
        ends=row.ends + timedelta(days=1),
        changed=written,
    )


def _due(link: AgencyLink, asks: Iterable[Ask]) -> Iterator[Event]:
    """One entry for each day on which answers are due."""
    days: dict[date, list[Ask]] = {}
    for ask in asks:
        if ask.due is not None:
            days.setdefault(ask.due, []).append(ask)
    for day, waiting in sorted(days.items()):
        yield Event(
            uid=_uid("tenggat", hashlib.sha256(f"{link.uuid} {day}".encode()).hexdigest()[:24]),
            summary=_("Tenggat jawaban: %(n)d kebutuhan") % {"n": len(waiting)},
            starts=day,
            ends=day + timedelta(days=1),
            changed=max(ask.asked_at for ask in waiting),
        )


def _again(row: Planned) -> Event:
    return Event(
        uid=_uid("lanjut", row.uuid),
        summary=_("Tindak lanjut: %(what)s") % {"what": row.label},
        starts=row.due,
        ends=row.due + timedelta(days=1),
        changed=row.changed,
        sequence=row.version - 1,
        place=row.place,
    )


def _end(row: Commitment, ground: Ground) -> Event:
    # Its own title is free text, which might name somebody.
    what = ground.label(row.indicator) if row.indicator else _("komitmen")
    last = row.ends or row.updated_at.date()
    return Event(
        uid=_uid("komitmen", row.uuid),
        summary=_("Akhir K-%(number)03d: %(what)s") % {"number": row.number, "what": what},
        starts=last,
        ends=last + timedelta(days=1),
        changed=row.updated_at,
        sequence=row.version - 1,
        place=row.lokus.place.name if row.lokus is not None else "",
    )
