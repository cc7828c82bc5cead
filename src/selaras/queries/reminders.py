"""Whom to remind of what: open questions, what is due or late, the next meeting. In Indonesian: it is sent."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Q
from django.utils import timezone, translation
from django.utils.dateformat import format as date_format

from selaras.access import Actor, asks_for, commitments_for, demand, may_ask, may_manage_cycle, the_cycle
from selaras.models import Agency, AgencyLink, Answer, Ask, Commitment, Cycle, Digest, Meeting, Membership, Role, User
from selaras.models.places import zone_label
from selaras.queries.asks import ground_of
from selaras.queries.feeds import UNDER_WAY, is_for, meetings_of
from selaras.queries.plans import agencies_of
from selaras.queries.programme import cycle_ref, today_in
from selaras.queries.refs import CycleRef

#: Days before a day on which it is near.
NEAR = 7
NEAR_MEETING = 3
#: Commitments that a message names one by one.
MOST = 5


@dataclass(frozen=True, slots=True)
class Duty:
    """What one agency has before it. `waiting` asks, `overdue` of them past their day, `due` the next such day.

    `late` and `ending` commitments as `K-014 Jamban sehat (30 April 2024)`. `fresh` is when it was last asked.
    """

    waiting: int
    overdue: int
    due: date | None
    fresh: datetime | None
    late: tuple[str, ...]
    ending: tuple[str, ...]
    meeting: str
    meeting_near: bool

    @property
    def empty(self) -> bool:
        """Whether there is nothing to be reminded of."""
        return not (self.waiting or self.late or self.ending or self.meeting)


@dataclass(frozen=True, slots=True)
class Reminder:
    """A liaison and the message for her. `link`: she answers by link. `said` is when she was reminded today."""

    user: UUID
    name: str
    email: str
    agency: str
    link: bool
    duty: Duty
    text: str
    said: datetime | None
    by_mail: bool


@dataclass(frozen=True, slots=True)
class RemindersPage:
    """The reminders of a day. `nobody` are agencies that have something before them and no liaison."""

    cycle: CycleRef
    may_change: bool
    today: date
    open: tuple[Reminder, ...]
    done: tuple[Reminder, ...]
    nobody: tuple[str, ...]


def reminders_page(user: User, slug: str) -> RemindersPage:
    """The messages of today for the liaisons of that year. Raises Missing, Forbidden."""
    cycle = the_cycle(user, slug)
    demand(may_manage_cycle, user, cycle)
    now = timezone.now()
    found, nobody = reminders_of(user, cycle, now)
    return RemindersPage(
        cycle=cycle_ref(cycle),
        may_change=may_ask(user, cycle),
        today=today_in(cycle, now),
        open=tuple(each for each in found if each.said is None),
        done=tuple(each for each in found if each.said is not None),
        nobody=nobody,
    )


def reminders_of(actor: Actor, cycle: Cycle, now: datetime) -> tuple[list[Reminder], tuple[str, ...]]:
    """(who has something before her, agencies of which nobody can be reminded). Statements: as many for any number."""
    today = today_in(cycle, now)
    with translation.override("id"):
        duties = _duties(actor, cycle, today, now)
        people = _liaisons(cycle, now)
        said = {row.user_id: row for row in Digest.objects.filter(day=today, user__in=[user.pk for user, *_ in people])}
        found = []
        for user, agency, link in people:
            duty = duties.get(agency.pk)
            if duty is None or duty.empty:
                continue
            digest = said.get(user.pk)
            found.append(
                Reminder(
                    user=user.uuid,
                    name=user.full_name,
                    email=user.email,
                    agency=agency.short_name,
                    link=link,
                    duty=duty,
                    text=_text(cycle, user, agency, duty, today, link=link),
                    said=digest.made_at if digest else None,
                    by_mail=digest.by_mail if digest else False,
                )
            )
    held = {agency.pk for _user, agency, _link in people}
    busy = {pk for pk, duty in duties.items() if duty.waiting or duty.late}
    names = Agency.objects.filter(pk__in=busy - held).order_by("short_name").values_list("short_name", flat=True)
    return found, tuple(names)


def _liaisons(cycle: Cycle, now: datetime) -> list[tuple[User, Agency, bool]]:
    """Everybody who speaks for an agency in that year, by link or by account. Two statements."""
    links = AgencyLink.objects.filter(cycle=cycle, revoked_at=None, expires_at__gt=now)
    found = [(link.user, link.agency, True) for link in links.select_related("user", "agency")]
    tasks = Membership.objects.filter(Q(cycle=cycle) | Q(cycle=None), role=Role.LIAISON, starts__lte=now)
    tasks = tasks.filter(agency__in=agencies_of(cycle), user__is_active=True, user__agency_links=None)
    found += [
        (row.user, row.agency, False) for row in tasks.select_related("user", "agency") if row.agency and row.holds(now)
    ]
    return sorted(found, key=lambda each: (each[1].short_name.casefold(), each[0].full_name, each[0].pk))


def _duties(actor: Actor, cycle: Cycle, today: date, now: datetime) -> Mapping[int, Duty]:
    ground = ground_of(cycle)
    asks: dict[int, list[Ask]] = defaultdict(list)
    for ask in asks_for(actor, cycle).filter(answer=Answer.NONE):
        asks[ask.agency_id].append(ask)
    promised: dict[int, list[Commitment]] = defaultdict(list)
    own = commitments_for(actor).filter(cycle=cycle, state__in=UNDER_WAY, ends__lte=today + timedelta(days=NEAR))
    for row in own.order_by("ends", "number"):
        promised[row.agency_id].append(row)

    def named(rows: Sequence[Commitment]) -> tuple[str, ...]:
        # By number and indicator: a title is free text, which might name somebody.
        words = [f"{row} {ground.label(row.indicator) if row.indicator else ''}".strip() for row in rows]
        return tuple(f"{word} ({_long(row.ends)})" for word, row in zip(words, rows, strict=True) if row.ends)

    coming = [row for row in meetings_of(cycle) if row.starts > now and row.cancelled_at is None]
    found = {}
    for agency in agencies_of(cycle):
        waiting, rows = asks[agency.pk], promised[agency.pk]
        meeting = next((row for row in coming if is_for(row, agency.pk)), None)
        found[agency.pk] = Duty(
            waiting=len(waiting),
            overdue=sum(ask.due is not None and ask.due < today for ask in waiting),
            due=min((ask.due for ask in waiting if ask.due is not None and ask.due >= today), default=None),
            fresh=max((ask.asked_at for ask in waiting), default=None),
            late=named([row for row in rows if row.ends is not None and row.ends < today]),
            ending=named([row for row in rows if row.ends is not None and row.ends >= today]),
            meeting=_said(meeting, cycle) if meeting else "",
            meeting_near=meeting is not None and meeting.starts <= now + timedelta(days=NEAR_MEETING),
        )
    return found


def is_urgent(duty: Duty, today: date, last: date | None) -> bool:
    """Whether a mail is worth it today: something new since the last one, something near or past its day."""
    near = today + timedelta(days=NEAR)
    new = duty.fresh is not None and (last is None or duty.fresh.date() >= last)
    pressing = duty.overdue > 0 or (duty.due is not None and duty.due <= near)
    return new or pressing or bool(duty.late or duty.ending) or duty.meeting_near


def _long(day: date) -> str:
    return date_format(day, "j F Y")


def _said(meeting: Meeting, cycle: Cycle) -> str:
    local = meeting.starts.astimezone(cycle.place.zone)
    clock = f"{local:%H.%M} {zone_label(cycle.place.code)}"
    return f"{meeting.title}, {_long(local.date())} pukul {clock}, di {meeting.venue}"


def _text(cycle: Cycle, user: User, agency: Agency, duty: Duty, today: date, *, link: bool) -> str:
    """The message, a point a line."""
    lines = [
        f"Yth. {user.full_name}, penghubung {agency.short_name}.",
        f"Pengingat {cycle.programme} {cycle.place.full_name}, {_long(today)}:",
    ]
    if duty.waiting:
        lines.append(f"• {duty.waiting} kebutuhan menunggu jawaban{_until(duty)}.")
    lines += _listed("Komitmen yang melewati tanggal selesai", duty.late)
    lines += _listed(f"Komitmen yang berakhir dalam {NEAR} hari", duty.ending)
    if duty.meeting:
        lines.append(f"• Rapat: {duty.meeting}.")
    if duty.waiting and link:
        lines.append("Jawab lewat tautan yang sudah kami kirim. Bila hilang, mintalah yang baru.")
    elif duty.waiting:
        lines.append("Mohon hubungi sekretariat untuk mendapat tautan jawaban.")
    return "\n".join(lines)


def _until(duty: Duty) -> str:
    parts = []
    if duty.overdue:
        parts.append(f"{duty.overdue} sudah lewat tenggat")
    if duty.due is not None:
        parts.append(f"ditunggu sampai {_long(duty.due)}")
    return f" ({', '.join(parts)})" if parts else ""


def _listed(title: str, rows: Sequence[str]) -> list[str]:
    if not rows:
        return []
    more = f", dan {len(rows) - MOST} lagi" if len(rows) > MOST else ""
    return [f"• {title}: {'; '.join(rows[:MOST])}{more}."]
