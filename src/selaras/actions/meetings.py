"""Meetings: call one, change it, call it off, write down who came and what was decided, take its papers along."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.utils import timezone

from selaras.access import Actor, demand, may_hold_meetings, meetings_for, one, the_cycle
from selaras.actions import audit
from selaras.actions.plans import commit
from selaras.errors import InputError, Missing, Problem
from selaras.models import Agency, Attendance, Commitment, Cycle, Decision, Guest, Meeting, User
from selaras.models.places import zone_of
from selaras.queries.meetings import agencies_of, lines_of, list_state, meeting_page, printed_head
from selaras.queries.programme import today_in
from selaras.queries.proposals import addressed
from selaras.reports.letters import PAPERS, Paper, paper_file
from selaras.reports.words import full_date

#: More than any meeting of a city has; a letter stays a letter.
LONGEST_GUEST = 200
MOST_GUESTS, MOST_LINES, MOST_DECISIONS, MOST_ATTENDEES = 300, 40, 60, 1500


@dataclass(frozen=True, slots=True)
class Called:
    """A meeting as the secretariat gives it: `starts` and `ends` are moments, texts hold a point a line."""

    kind: str
    title: str
    starts: datetime
    ends: datetime | None
    venue: str
    agenda: str = ""
    letter_number: str = ""
    letter_date: date | None = None
    nature: str = "Penting"
    attachment: str = ""
    note: str = ""
    copies: str = ""
    guests: str = ""


@dataclass(frozen=True, slots=True)
class Decided:
    """One decision as it is given; `id` is that of the row it changes, None for a new one."""

    id: int | None
    text: str
    agency: int | None
    due: date | None


def call_meeting(*, by: Actor, cycle_slug: str, values: Called) -> UUID:
    """A new meeting with its guests; its id. Raises Missing, Forbidden, InputError."""
    cycle = _cycle(by, cycle_slug)
    _check(values)
    with transaction.atomic():
        meeting = Meeting.objects.create(
            cycle=cycle,
            attend_token=secrets.token_urlsafe(32),
            created_by=by if isinstance(by, User) else None,
            **_columns(values),
        )
        count = _invite(meeting, values.guests)
        _record(by, "meetings.call", meeting, kind=meeting.kind, starts=str(meeting.starts), guests=count)
    return meeting.uuid


def change_meeting(*, by: Actor, cycle_slug: str, meeting_id: UUID, version: int, values: Called) -> None:
    """What the meeting says from now on. Raises Missing, Forbidden, InputError where `version` is an older one."""
    _cycle(by, cycle_slug)
    _check(values)
    with transaction.atomic():
        meeting = _changeable(by, cycle_slug, meeting_id, version)
        for field, value in _columns(values).items():
            setattr(meeting, field, value)
        meeting.version += 1
        meeting.save()
        count = _invite(meeting, values.guests)
        _record(by, "meetings.change", meeting, starts=str(meeting.starts), guests=count, version=meeting.version)


def cancel_meeting(*, by: Actor, cycle_slug: str, meeting_id: UUID) -> None:
    """Call it off; what was written stays. Called off already, nothing changes. Raises Missing, Forbidden."""
    _cycle(by, cycle_slug)
    with transaction.atomic():
        meeting = _meeting(by, cycle_slug, meeting_id)
        if meeting.cancelled_at is not None:
            return
        meeting.cancelled_at = timezone.now()
        meeting.version += 1
        meeting.save(update_fields=["cancelled_at", "version"])
        _record(by, "meetings.cancel", meeting)


def reinstate_meeting(*, by: Actor, cycle_slug: str, meeting_id: UUID) -> None:
    """Take a calling off back. Not called off, nothing changes. Raises Missing, Forbidden."""
    _cycle(by, cycle_slug)
    with transaction.atomic():
        meeting = _meeting(by, cycle_slug, meeting_id)
        if meeting.cancelled_at is None:
            return
        meeting.cancelled_at = None
        meeting.version += 1
        meeting.save(update_fields=["cancelled_at", "version"])
        _record(by, "meetings.reinstate", meeting)


def record_minutes(
    *,
    by: Actor,
    cycle_slug: str,
    meeting_id: UUID,
    version: int,
    minutes: str,
    chair: str,
    note_taker: str,
    decisions: Sequence[Decided],
) -> None:
    """What was said and decided, in place of what was written before. A decision without text goes.

    Raises Missing, Forbidden, InputError where `version` is an older one or an agency is not of the place.
    """
    cycle = _cycle(by, cycle_slug)
    kept = [each for each in decisions if each.text.strip()]
    _limit(kept, MOST_DECISIONS, "meeting.decisions")
    known = {pk for pk, _name in agencies_of(cycle.place, today_in(cycle))}
    with transaction.atomic():
        meeting = _changeable(by, cycle_slug, meeting_id, version)
        rows = {row.pk: row for row in meeting.decisions.all()}
        known |= {row.agency_id for row in rows.values() if row.agency_id is not None}
        wrong = [n for n, each in enumerate(kept, start=1) if each.agency is not None and each.agency not in known]
        if wrong:
            raise InputError([Problem("meeting.agency", values={"number": number}) for number in wrong])
        meeting.minutes, meeting.chair, meeting.note_taker = minutes.strip(), chair, note_taker
        meeting.version += 1
        meeting.save(update_fields=["minutes", "chair", "note_taker", "version"])
        _decide(meeting, rows, kept)
        _record(by, "meetings.record_minutes", meeting, decisions=len(kept), version=meeting.version)


def _decide(meeting: Meeting, rows: dict[int, Decision], kept: Sequence[Decided]) -> None:
    """The decisions in their order. A row that stays keeps the commitment that it became."""
    stays: dict[int | None, int | None] = {pk: row.commitment_id for pk, row in rows.items()}
    meeting.decisions.all().delete()
    Decision.objects.bulk_create(
        Decision(
            pk=each.id if each.id in rows else None,
            meeting=meeting,
            position=position,
            text=each.text.strip(),
            agency_id=each.agency,
            due=each.due,
            commitment_id=stays.get(each.id),
        )
        for position, each in enumerate(_once(kept), start=1)
    )


def _once(kept: Sequence[Decided]) -> list[Decided]:
    """The same row given twice is a row and a new one."""
    seen: set[int] = set()
    found = []
    for each in kept:
        again = each.id is not None and each.id in seen
        found.append(Decided(None, each.text, each.agency, each.due) if again else each)
        seen |= {each.id} if each.id is not None else set()
    return found


def commit_decision(*, by: Actor, cycle_slug: str, meeting_id: UUID, decision: int) -> Commitment:
    """The commitment that a decision becomes: its agency's, until its day, with the minutes as its basis.

    Raises Missing, Forbidden, InputError for a decision without an agency or one that became a commitment already.
    """
    _cycle(by, cycle_slug)
    with transaction.atomic():
        meeting = _meeting(by, cycle_slug, meeting_id)
        row = one(meeting.decisions.select_related("agency", "commitment"), pk=decision)
        if row.commitment is not None:
            raise InputError(Problem("meeting.committed", values={"number": str(row.commitment)}))
        if row.agency is None:
            raise InputError(Problem("meeting.decision_agency"))
        day = full_date(meeting.starts.astimezone(zone_of(meeting.cycle.place.code)).date())
        values = {"title": row.text[:200], "ends": row.due, "legal_basis": f"Notulen {meeting.title}, {day}"[:300]}
        made = commit(by=by, cycle_slug=cycle_slug, agency_id=row.agency.pk, values=values)
        row.commitment = made
        row.save(update_fields=["commitment"])
        meeting.version += 1
        meeting.save(update_fields=["version"])
        _record(by, "meetings.commit_decision", meeting, decision=row.position, commitment=made.number)
    return made


# --- who came -------------------------------------------------------------------------------------------------------
def attend(
    *, by: User | AnonymousUser, token: str, name: str, office: str, sex: str, now: datetime | None = None
) -> bool:
    """Write oneself down by the meeting's QR; False where the same name of the same office is there already.

    No account is asked for: whoever is in the room holds the token. Raises Missing for an unknown token, InputError
    outside of the hours around the meeting or where the list is full.
    """
    now = now or timezone.now()
    with transaction.atomic():
        rows = Meeting.objects.select_for_update(of=("self",), no_key=True).select_related("cycle__place")
        meeting = rows.filter(attend_token=token).first()
        if meeting is None:
            raise Missing(Problem("access.missing"))
        if list_state(meeting, now) != "open":
            raise InputError(Problem("attendance.closed"))
        row = _came(meeting, name, office, sex, now, by_qr=True)
        if row is not None:
            _record(by, "meetings.attend", meeting, row=row.pk, by_qr=True)
    return row is not None


def add_attendee(*, by: Actor, cycle_slug: str, meeting_id: UUID, name: str, office: str, sex: str) -> bool:
    """Somebody from the paper list; False where she is there already. Raises Missing, Forbidden, InputError."""
    _cycle(by, cycle_slug)
    with transaction.atomic():
        meeting = _meeting(by, cycle_slug, meeting_id)
        row = _came(meeting, name, office, sex, timezone.now(), by_qr=False)
        if row is not None:
            _record(by, "meetings.add_attendee", meeting, row=row.pk)
    return row is not None


def _came(meeting: Meeting, name: str, office: str, sex: str, now: datetime, *, by_qr: bool) -> Attendance | None:
    name, office = " ".join(name.split()), " ".join(office.split())
    there = [(old.name.casefold(), old.office.casefold()) for old in meeting.attendances.all()]
    if (name.casefold(), office.casefold()) in there:
        return None
    if len(there) >= MOST_ATTENDEES:
        raise InputError(Problem("attendance.full"))
    return Attendance.objects.create(meeting=meeting, name=name, office=office, sex=sex, by_qr=by_qr, at=now)


def correct_attendee(
    *, by: Actor, cycle_slug: str, meeting_id: UUID, row: int, name: str, office: str, sex: str
) -> None:
    """A misspelt line of the list. Raises Missing, Forbidden."""
    _cycle(by, cycle_slug)
    with transaction.atomic():
        meeting = _meeting(by, cycle_slug, meeting_id)
        found = one(meeting.attendances.all(), pk=row)
        found.name, found.office, found.sex = " ".join(name.split()), " ".join(office.split()), sex
        found.save(update_fields=["name", "office", "sex"])
        _record(by, "meetings.correct_attendee", meeting, row=row)


def remove_attendee(*, by: Actor, cycle_slug: str, meeting_id: UUID, row: int) -> None:
    """A line that should not be there. Raises Missing, Forbidden."""
    _cycle(by, cycle_slug)
    with transaction.atomic():
        meeting = _meeting(by, cycle_slug, meeting_id)
        one(meeting.attendances.all(), pk=row).delete()
        _record(by, "meetings.remove_attendee", meeting, row=row)


# --- papers ---------------------------------------------------------------------------------------------------------
def export_paper(*, by: Actor, cycle_slug: str, meeting_id: UUID, paper: str, suffix: str, attend_url: str) -> Paper:
    """One paper of a meeting (`undangan`, `daftar-hadir`, `kehadiran`, `notulen`) as `pdf` or `docx`.

    `attend_url` is what the QR of the attendance list leads to. Raises Missing, Forbidden; InputError for the
    invitation to a meeting that was called off.
    """
    if paper not in PAPERS or suffix not in {"pdf", "docx"}:
        raise Missing(Problem("access.missing"))
    page = meeting_page(by, cycle_slug, meeting_id)
    if paper == "undangan" and page.state == "cancelled":
        raise InputError(Problem("meeting.cancelled"))
    made = paper_file(page, paper, suffix, attend_url=attend_url, chain=printed_head())
    meeting = one(meetings_for(by), uuid=meeting_id)
    with transaction.atomic():
        _record(by, "meetings.export", meeting, paper=paper, file=suffix)
    return made


# --- what all of them do --------------------------------------------------------------------------------------------
def _cycle(by: Actor, slug: str) -> Cycle:
    cycle = the_cycle(by, slug)
    demand(may_hold_meetings, by, cycle)
    if cycle.closed_at is not None:
        raise InputError(Problem("cycle.closed", values={"cycle": str(cycle)}))
    return cycle


def _meeting(by: Actor, slug: str, meeting_id: UUID) -> Meeting:
    """The meeting, held until the transaction ends: of two who press at once, the second sees what the first did."""
    rows = meetings_for(by).select_for_update(of=("self",), no_key=True)
    return one(rows, cycle__slug=slug, uuid=meeting_id)


def _changeable(by: Actor, slug: str, meeting_id: UUID, version: int) -> Meeting:
    meeting = _meeting(by, slug, meeting_id)
    if meeting.cancelled_at is not None:
        raise InputError(Problem("meeting.cancelled"))
    if meeting.version != version:
        raise InputError(Problem("meeting.changed"))
    return meeting


def _check(values: Called) -> None:
    problems = []
    if values.ends is not None and values.ends <= values.starts:
        problems.append(Problem("meeting.ends"))
    for what, text in (("agenda", values.agenda), ("tembusan", values.copies)):
        if (found := len(lines_of(text))) > MOST_LINES:
            problems.append(Problem("meeting.lines", values={"what": what, "found": found, "limit": MOST_LINES}))
    if problems:
        raise InputError(problems)
    guests = lines_of(values.guests)
    _limit(guests, MOST_GUESTS, "meeting.guests")
    long = [
        Problem("meeting.guest_long", values={"guest": f"{name[:40]}…"}) for name in guests if len(name) > LONGEST_GUEST
    ]
    if long:
        raise InputError(long)


def _limit(rows: Sequence[object], most: int, code: str) -> None:
    if len(rows) > most:
        raise InputError(Problem(code, values={"found": len(rows), "limit": most}))


def _columns(values: Called) -> dict[str, object]:
    return {
        "kind": values.kind,
        "title": values.title,
        "starts": values.starts,
        "ends": values.ends,
        "venue": values.venue,
        "agenda": "\n".join(lines_of(values.agenda)),
        "letter_number": values.letter_number,
        "letter_date": values.letter_date,
        "nature": values.nature,
        "attachment": values.attachment,
        "note": values.note.strip(),
        "copies": "\n".join(lines_of(values.copies)),
    }


def _invite(meeting: Meeting, text: str) -> int:
    """The guests in the order they are given, each once, with their agency where they are its head; how many."""
    names = list(dict.fromkeys(lines_of(text)))
    agencies: dict[str, Agency | None] = addressed(meeting.cycle)
    meeting.guests.all().delete()
    Guest.objects.bulk_create(
        Guest(meeting=meeting, position=position, name=name, agency=agencies.get(name))
        for position, name in enumerate(names, start=1)
    )
    return len(names)


def _record(by: Actor, action: str, meeting: Meeting, **details: object) -> None:
    audit.record(
        by=by,
        action=action,
        object_type="meeting",
        object_id=meeting.uuid,
        place_code=meeting.cycle.place.code,
        cycle=meeting.cycle.slug,
        **details,
    )
