"""Meetings of a year, one meeting with its papers' contents, and what a new one could say."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal
from uuid import UUID

from django.db.models import Count, Q
from django.utils import timezone

from selaras.access import Actor, demand, may_hold_meetings, meetings_for, the_cycle, the_meeting
from selaras.errors import Missing, Problem
from selaras.models import Attendance, Cycle, Decision, Guest, Letterhead, Meeting, Place, Seal
from selaras.models.places import zone_label, zone_of
from selaras.queries.programme import cycle_ref, today_in
from selaras.queries.refs import CycleRef

#: The attendance page of a meeting is open from so long before its start until so long after.
OPENS_BEFORE = timedelta(hours=2)
CLOSES_AFTER = timedelta(hours=12)

State = Literal["ahead", "today", "past", "cancelled"]
#: What a paper still needs before it can go out.
Lack = Literal["letterhead", "signer", "number", "date", "guests", "agenda"]


#: Of the list behind a QR: it takes names, not yet, not any more, its meeting or its year is closed.
ListState = Literal["open", "early", "over", "cancelled", "closed"]


@dataclass(frozen=True, slots=True)
class Clock:
    """When, as the place's people say it: day, `09.00`, the end or '', `WIB`."""

    day: date
    starts: str
    ends: str
    zone: str


@dataclass(frozen=True, slots=True)
class LetterheadView:
    """How letters begin and who signs. `logo` are the bytes of its picture, b'' where there is none."""

    lines: tuple[str, ...]
    address: str
    logo: bytes
    town: str
    signer_office: str
    signer_name: str
    signer_rank: str
    signer_nip: str
    version: int


@dataclass(frozen=True, slots=True)
class LetterheadPage:
    """The settings of an office's letters; `head` is None before the first."""

    cycle: CycleRef
    head: LetterheadView | None
    proposed_lines: tuple[str, ...]
    proposed_town: str


@dataclass(frozen=True, slots=True)
class MeetingLine:
    """One meeting in the list. `came` people of whom `women`; `minuted`: somebody wrote what was said."""

    id: UUID
    kind: str
    title: str
    when: Clock
    venue: str
    state: State
    guests: int
    came: int
    women: int
    decisions: int
    minuted: bool


@dataclass(frozen=True, slots=True)
class MeetingsPage:
    """The meetings of a year: those to come, next first; then those that were, newest first."""

    cycle: CycleRef
    ahead: tuple[MeetingLine, ...]
    past: tuple[MeetingLine, ...]
    has_letterhead: bool
    may_change: bool


@dataclass(frozen=True, slots=True)
class Attendee:
    """Somebody who came. `sex` is P, L or ''; `at` is the clock of the place."""

    id: int
    name: str
    office: str
    sex: str
    by_qr: bool
    at: str


@dataclass(frozen=True, slots=True)
class DecisionLine:
    """What was decided. `agency` is its id, `commitment` the number of what it became (`K-014`), or ''."""

    id: int
    position: int
    text: str
    agency: int | None
    agency_name: str
    due: date | None
    commitment: str
    commitment_number: int = 0


@dataclass(frozen=True, slots=True)
class MeetingPage:
    """One meeting with all that its papers say. `lacks` is what the invitation still needs."""

    cycle: CycleRef
    id: UUID
    kind: str
    title: str
    when: Clock
    venue: str
    agenda: tuple[str, ...]
    chair: str
    letter_number: str
    letter_date: date | None
    nature: str
    attachment: str
    note: str
    copies: tuple[str, ...]
    minutes: str
    note_taker: str
    guests: tuple[str, ...]
    attendees: tuple[Attendee, ...]
    decisions: tuple[DecisionLine, ...]
    head: LetterheadView | None
    lacks: tuple[Lack, ...]
    state: State
    token: str
    version: int
    may_change: bool
    may_reinstate: bool
    agencies: tuple[tuple[int, str], ...]

    @property
    def women(self) -> int:
        return sum(person.sex == "P" for person in self.attendees)

    @property
    def men(self) -> int:
        return sum(person.sex == "L" for person in self.attendees)


@dataclass(frozen=True, slots=True)
class OpenList:
    """The attendance page as somebody with a phone sees it: which meeting, and whether it takes names now."""

    title: str
    office: str
    venue: str
    when: Clock
    state: ListState
    opens: Clock
    synthetic: bool


def letterhead_page(user: Actor, slug: str) -> LetterheadPage:
    """The letterhead of the cycle's place. Raises Missing, Forbidden."""
    cycle = _held(user, slug)
    place = cycle.place
    return LetterheadPage(
        cycle=cycle_ref(cycle),
        head=letterhead_of(place),
        proposed_lines=(f"Pemerintah {place.full_name}",),
        proposed_town=place.name.removeprefix("Kota ").removeprefix("Kabupaten "),
    )


def letterhead_of(place: Place) -> LetterheadView | None:
    """How that office's letters begin, or None where nobody has said so."""
    found = Letterhead.objects.select_related("logo").filter(place=place).first()
    if found is None:
        return None
    return LetterheadView(
        lines=tuple(found.lines),
        address=found.address,
        logo=b"" if found.logo is None else found.logo.content(),
        town=found.town,
        signer_office=found.signer_office,
        signer_name=found.signer_name,
        signer_rank=found.signer_rank,
        signer_nip=found.signer_nip,
        version=found.version,
    )


def meetings_page(user: Actor, slug: str, *, now: datetime | None = None) -> MeetingsPage:
    """The meetings of that year. Raises Missing, Forbidden; the number of statements does not grow with meetings."""
    cycle, now = _held(user, slug), now or timezone.now()
    counted = meetings_for(user).filter(cycle=cycle).order_by("starts", "id")
    lines = [_line(row, now) for row in counted]
    counts = _counts(row.pk for row in counted)
    lines = [_with(line, counts.get(row.pk, {})) for line, row in zip(lines, counted, strict=True)]
    ahead = tuple(line for line in lines if line.state in {"ahead", "today"})
    past = tuple(reversed([line for line in lines if line.state in {"past", "cancelled"}]))
    has_letterhead = Letterhead.objects.filter(place=cycle.place).exists()
    return MeetingsPage(cycle_ref(cycle), ahead, past, has_letterhead, cycle.closed_at is None)


Counts = dict[str, int]


def _counts(ids: Iterable[int]) -> dict[int, Counts]:
    """Meeting id -> guests, came, women, decisions. Three statements: one join would multiply the rows."""
    wanted = list(ids)
    found: dict[int, Counts] = {pk: {} for pk in wanted}
    for model, name in ((Guest, "guests"), (Decision, "decisions")):
        rows = model._default_manager.filter(meeting__in=wanted).order_by()
        for pk, count in rows.values_list("meeting").annotate(count=Count("pk")):
            found[pk][name] = count
    came = Attendance.objects.filter(meeting__in=wanted).order_by().values_list("meeting")
    for pk, count, women in came.annotate(count=Count("pk"), women=Count("pk", filter=Q(sex="P"))):
        found[pk] |= {"came": count, "women": women}
    return found


def _line(row: Meeting, now: datetime) -> MeetingLine:
    return MeetingLine(
        row.uuid, row.kind, row.title, _clock(row), row.venue, _state(row, now), 0, 0, 0, 0, bool(row.minutes)
    )


def _with(line: MeetingLine, counts: Counts) -> MeetingLine:
    return MeetingLine(
        line.id,
        line.kind,
        line.title,
        line.when,
        line.venue,
        line.state,
        guests=counts.get("guests", 0),
        came=counts.get("came", 0),
        women=counts.get("women", 0),
        decisions=counts.get("decisions", 0),
        minuted=line.minuted,
    )


def _held(user: Actor, slug: str) -> Cycle:
    cycle = the_cycle(user, slug)
    demand(may_hold_meetings, user, cycle)
    return cycle


def _state(row: Meeting, now: datetime) -> State:
    if row.cancelled_at is not None:
        return "cancelled"
    zone = zone_of(row.cycle.place.code)
    if row.starts.astimezone(zone).date() == now.astimezone(zone).date():
        return "today"
    return "ahead" if row.starts > now else "past"


def _clock(row: Meeting) -> Clock:
    return clock_of(row.starts, row.ends, row.cycle.place.code)


def clock_of(starts: datetime, ends: datetime | None, code: str) -> Clock:
    """A moment, or two of one day, as the people of that place say it."""
    zone = zone_of(code)
    local = starts.astimezone(zone)
    end = "" if ends is None else f"{ends.astimezone(zone):%H.%M}"
    return Clock(local.date(), f"{local:%H.%M}", end, zone_label(code))


def moments(user: Actor, slug: str, day: date, starts: time, ends: time | None) -> tuple[datetime, datetime | None]:
    """Those hours of that day where the cycle's people live, as moments. Raises Missing."""
    zone = zone_of(the_cycle(user, slug).place.code)
    return datetime.combine(day, starts, zone), None if ends is None else datetime.combine(day, ends, zone)


def meeting_page(user: Actor, slug: str, meeting_id: UUID, *, now: datetime | None = None) -> MeetingPage:
    """One meeting. Raises Missing, Forbidden. Eight statements beside those of access, however many came."""
    row = the_meeting(user, slug, meeting_id)
    now = now or timezone.now()
    head = letterhead_of(row.cycle.place)
    guests = tuple(row.guests.values_list("name", flat=True))
    return MeetingPage(
        cycle=cycle_ref(row.cycle),
        id=row.uuid,
        kind=row.kind,
        title=row.title,
        when=_clock(row),
        venue=row.venue,
        agenda=lines_of(row.agenda),
        chair=row.chair,
        letter_number=row.letter_number,
        letter_date=row.letter_date,
        nature=row.nature,
        attachment=row.attachment,
        note=row.note,
        copies=lines_of(row.copies),
        minutes=row.minutes,
        note_taker=row.note_taker,
        guests=guests,
        attendees=tuple(_attendee(each, row) for each in row.attendances.all()),
        decisions=tuple(_decision(each) for each in row.decisions.select_related("agency", "commitment")),
        head=head,
        lacks=_lacks(row, head, guests),
        state=_state(row, now),
        token=row.attend_token,
        version=row.version,
        may_change=row.cycle.closed_at is None and row.cancelled_at is None,
        may_reinstate=row.cycle.closed_at is None and row.cancelled_at is not None,
        agencies=agencies_of(row.cycle.place, today_in(row.cycle, now)),
    )


def lines_of(text: str) -> tuple[str, ...]:
    """A text's lines that say something."""
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def _attendee(row: Attendance, meeting: Meeting) -> Attendee:
    local = row.at.astimezone(zone_of(meeting.cycle.place.code))
    return Attendee(row.pk, row.name, row.office, row.sex, row.by_qr, f"{local:%H.%M}")


def _decision(row: Decision) -> DecisionLine:
    return DecisionLine(
        id=row.pk,
        position=row.position,
        text=row.text,
        agency=row.agency_id,
        agency_name="" if row.agency is None else row.agency.short_name,
        due=row.due,
        commitment="" if row.commitment is None else str(row.commitment),
        commitment_number=0 if row.commitment is None else row.commitment.number,
    )


def _lacks(row: Meeting, head: LetterheadView | None, guests: tuple[str, ...]) -> tuple[Lack, ...]:
    missing: list[tuple[Lack, bool]] = [
        ("letterhead", head is None),
        ("signer", head is not None and not (head.signer_office and head.signer_name)),
        ("number", not row.letter_number),
        ("date", row.letter_date is None),
        ("guests", not guests),
        ("agenda", not row.agenda.strip()),
    ]
    return tuple(lack for lack, is_so in missing if is_so)


def agencies_of(place: Place, today: date) -> tuple[tuple[int, str], ...]:
    """(id, short name) of the agencies of that place that are there today."""
    rows = place.agencies.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=today)).order_by("short_name")
    return tuple(rows.values_list("pk", "short_name"))


def open_list(token: str, *, now: datetime | None = None) -> OpenList:
    """The meeting behind a QR: whoever holds the paper may write her name, without an account. Raises Missing."""
    row = Meeting.objects.select_related("cycle__place").filter(attend_token=token).first()
    if row is None:
        raise Missing(Problem("access.missing"))
    now = now or timezone.now()
    head = Letterhead.objects.filter(place=row.cycle.place).first()
    code = row.cycle.place.code
    return OpenList(
        title=row.title,
        office=head.lines[-1] if head and head.lines else row.cycle.place.full_name,
        venue=row.venue,
        when=_clock(row),
        state=list_state(row, now),
        opens=clock_of(row.starts - OPENS_BEFORE, None, code),
        synthetic=row.cycle.synthetic,
    )


def list_state(row: Meeting, now: datetime) -> ListState:
    """Whether its attendance page takes names now; its year must be at hand."""
    if row.cycle.closed_at is not None:
        return "closed"
    if row.cancelled_at is not None:
        return "cancelled"
    if now < row.starts - OPENS_BEFORE:
        return "early"
    return "open" if now < row.starts + CLOSES_AFTER else "over"


def printed_head() -> str:
    """The audit chain's newest head as paper carries it, '' before the first seal."""
    newest = Seal.objects.order_by("-number").values_list("head", flat=True).first()
    return "" if newest is None else " ".join(newest[i : i + 4] for i in range(0, 16, 4))
