"""Teams of a year: named by a decree, with members of whom the women are counted."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Max

from selaras.access import Actor, demand, may_manage_cycle
from selaras.actions import audit
from selaras.actions.cycles import still_open
from selaras.errors import InputError, Problem
from selaras.models import Agency, Cycle, StoredFile, Team, TeamKind, TeamMember
from selaras.models.places import within
from selaras.queries.seen import member_seen, team_seen

#: More than any decree of such a team has named.
MOST_MEMBERS = 200
#: First bytes → what a scanned decree may be.
_TYPES = {b"%PDF-": "application/pdf", b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n": "image/png"}


@dataclass(frozen=True, slots=True)
class Decree:
    """The letter that named the team; `file` is (name, bytes) where a new one is given."""

    number: str = ""
    day: date | None = None
    file: tuple[str, bytes] | None = None


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody as a decree names her: `sex` is P, L or '' where it does not say."""

    name: str
    sex: str
    duty: str
    office: str = ""
    agency: Agency | None = None


def add_team(*, by: Actor, cycle: Cycle, kind: TeamKind, name: str, area: str) -> Team:
    """A team at the year's place or within. Raises Forbidden, InputError for a name twice or an area elsewhere."""
    demand(may_manage_cycle, by, cycle)
    still_open(cycle)
    name = name.strip()
    _refuse(cycle, name, area)
    with transaction.atomic():
        team = Team.objects.create(cycle=cycle, kind=kind, name=name, area=area)
        _record(by, "teams.add", team, kind=str(kind))
    return team


def change_team(
    *, by: Actor, team: Team, kind: TeamKind, name: str, area: str, decree: Decree, seen: str | None = None
) -> Team:
    """Name, area and decree of a team; a decree's file stays until another is given.

    `seen` is `team_seen` of when the form was made. Raises Forbidden, or InputError as `add_team`, for a decree without
    number, a file that is no scan, and where another was faster.
    """
    demand(may_manage_cycle, by, team.cycle)
    still_open(team.cycle)
    if not decree.number.strip() and (decree.day or decree.file):
        raise InputError(Problem("team.decree"))
    # Written before the row: a file without a row is swept, a row without a file would be a lie.
    stored = None if decree.file is None else StoredFile.written(decree.file[1], _type_of(*decree.file))
    with transaction.atomic():
        fresh = Team.objects.select_for_update(of=("self",), no_key=True).select_related("cycle__place").get(pk=team.pk)
        if seen is not None and seen != team_seen(fresh):
            raise InputError(Problem("setup.changed"))
        _refuse(fresh.cycle, name.strip(), area, fresh)
        fresh.kind, fresh.name, fresh.area = kind, name.strip(), area
        fresh.decree_number, fresh.decree_date = decree.number.strip(), decree.day
        if stored is not None and decree.file is not None:
            fresh.decree_file = StoredFile.store(decree.file[1], stored.content_type)
        fresh.save()
        _record(by, "teams.change", fresh, decree=fresh.decree_number, file=stored is not None)
    return fresh


def _type_of(name: str, content: bytes) -> str:
    found = next((kind for start, kind in _TYPES.items() if content.startswith(start)), None)
    if found is None:
        raise InputError(Problem("team.file", values={"name": name}))
    return found


def _refuse(cycle: Cycle, name: str, area: str, team: Team | None = None) -> None:
    problems = []
    if not within(area, cycle.place.code):
        problems.append(Problem("team.area", values={"city": cycle.place.full_name}))
    same = Team.objects.filter(cycle=cycle, area=area, name=name)
    if (same if team is None else same.exclude(pk=team.pk)).exists():
        problems.append(Problem("team.name", values={"name": name}))
    if problems:
        raise InputError(problems)


def remove_team(*, by: Actor, team: Team) -> None:
    """Take a team and its members away; the audit keeps that it was. Raises Forbidden, InputError."""
    demand(may_manage_cycle, by, team.cycle)
    still_open(team.cycle)
    with transaction.atomic():
        _record(by, "teams.remove", team, members=team.members.count())
        team.delete()


def add_members(*, by: Actor, team: Team, members: Sequence[Member]) -> int:
    """The members below those that are there, in order; how many. Raises Forbidden, InputError."""
    demand(may_manage_cycle, by, team.cycle)
    still_open(team.cycle)
    with transaction.atomic():
        Team.objects.select_for_update(no_key=True).get(pk=team.pk)
        last = team.members.aggregate(last=Max("position"))["last"] or 0
        if team.members.count() + len(members) > MOST_MEMBERS:
            raise InputError(Problem("team.full", values={"limit": MOST_MEMBERS}))
        TeamMember.objects.bulk_create(
            TeamMember(
                team=team, position=position, name=m.name, sex=m.sex, duty=m.duty, office=m.office, agency=m.agency
            )
            for position, m in enumerate(members, start=last + 1)
        )
        _record(by, "teams.add_members", team, members=len(members))
    return len(members)


def change_member(*, by: Actor, member: TeamMember, to: Member, seen: str | None = None) -> None:
    """What a decree says of one member. Raises Forbidden, InputError where another was faster."""
    demand(may_manage_cycle, by, member.team.cycle)
    still_open(member.team.cycle)
    with transaction.atomic():
        fresh = TeamMember.objects.select_for_update(of=("self",), no_key=True).get(pk=member.pk)
        if seen is not None and seen != member_seen(fresh):
            raise InputError(Problem("setup.changed"))
        fresh.name, fresh.sex, fresh.duty = to.name, to.sex, to.duty
        fresh.office, fresh.agency = to.office, to.agency
        fresh.save()
        _record(by, "teams.change_member", member.team, member=member.pk)


def remove_member(*, by: Actor, member: TeamMember) -> None:
    """Take one member away; the others keep their order. Raises Forbidden, InputError."""
    demand(may_manage_cycle, by, member.team.cycle)
    still_open(member.team.cycle)
    with transaction.atomic():
        _record(by, "teams.remove_member", member.team, member=member.pk)
        member.delete()


def read_members(text: str, agencies: Iterable[Agency]) -> list[Member]:
    """Members out of pasted lines: name; P or L; duty; office; agency, parted by semicolons or tabs.

    Blank lines are skipped; sex, office and agency may be left out. Raises InputError with every line that is wrong.
    """
    known = {agency.short_name.casefold(): agency for agency in agencies}
    found: list[Member] = []
    problems: list[Problem] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip():
            member, wrong = _read_line(number, line, known)
            problems += wrong
            found += [] if member is None else [member]
    if problems:
        raise InputError(problems)
    return found


def _read_line(number: int, line: str, known: Mapping[str, Agency]) -> tuple[Member | None, list[Problem]]:
    cells = [cell.strip() for cell in re.split(r"[;\t]", line)]
    # A list that was numbered in its sheet: the number is not a name.
    cells = cells[1:] if re.fullmatch(r"[0-9]+[.)]?", cells[0]) else cells
    name, sex, duty, office, short = (cells + [""] * 5)[:5]
    said = {"line": number, "text": line.strip()[:80]}
    if not name or not duty or len(name) > 150 or len(duty) > 80 or len(office) > 160:
        return None, [Problem("team.line", values=said)]
    problems = []
    letter = sex[:1].upper().replace("W", "P")
    if letter not in {"P", "L", ""}:
        problems.append(Problem("team.sex", values={"line": number, "text": sex}))
    if short and short.casefold() not in known:
        problems.append(Problem("team.agency", values={"line": number, "text": short}))
    return Member(name, letter, duty, office, known.get(short.casefold())), problems


def _record(by: Actor, action: str, team: Team, **details: object) -> None:
    audit.record(
        by=by,
        action=action,
        object_type="team",
        object_id=team.pk,
        place_code=team.area,
        cycle=team.cycle.slug,
        **details,
    )
