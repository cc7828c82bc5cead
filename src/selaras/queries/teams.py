"""Teams of a year: what their decrees say, who is in them, how many of them are women."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Q

from selaras.access import agencies_for, loci_for, one, teams_for
from selaras.errors import Missing, Problem
from selaras.models import Agency, Cycle, Place, Team, TeamKind, TeamMember, User
from selaras.queries.programme import cycle_ref
from selaras.queries.refs import CycleRef
from selaras.queries.seen import member_seen, team_seen
from selaras.queries.setup import PlaceChoice, managed
from selaras.queries.words import told


@dataclass(frozen=True, slots=True)
class TeamLine:
    """One team. `women`, `men` and those of whom nobody said (`unsaid`) are its members together."""

    id: int
    kind: str
    name: str
    area: str
    decree_number: str
    decree_date: date | None
    has_file: bool
    members: int
    women: int
    men: int

    @property
    def unsaid(self) -> int:
        return self.members - self.women - self.men


@dataclass(frozen=True, slots=True)
class TeamsPage:
    """The teams of a year, with their sums, and the areas that a team may be of."""

    cycle: CycleRef
    closed_at: datetime | None
    teams: tuple[TeamLine, ...]
    members: int
    women: int
    men: int
    areas: tuple[PlaceChoice, ...]

    @property
    def unsaid(self) -> int:
        return self.members - self.women - self.men


@dataclass(frozen=True, slots=True)
class MemberLine:
    """One member, and what her form was filled from."""

    id: int
    name: str
    sex: str
    duty: str
    office: str
    agency: str
    agency_id: int | None
    seen: str


@dataclass(frozen=True, slots=True)
class TeamPage:
    """One team with its members, and what its form was filled from."""

    cycle: CycleRef
    closed_at: datetime | None
    team: TeamLine
    kind: str
    area: str
    members: tuple[MemberLine, ...]
    areas: tuple[PlaceChoice, ...]
    agencies: tuple[tuple[int, str], ...]
    seen: str


def teams_page(user: User, slug: str) -> TeamsPage:
    """The teams of that year. The number of statements does not grow with them. Raises Missing, Forbidden."""
    cycle = managed(user, slug)
    areas = _areas(user, cycle)
    names = {area.code: area.name for area in areas}
    lines = tuple(_line(team, names) for team in _counted(user, cycle))
    return TeamsPage(
        cycle=cycle_ref(cycle),
        closed_at=cycle.closed_at,
        teams=lines,
        members=sum(line.members for line in lines),
        women=sum(line.women for line in lines),
        men=sum(line.men for line in lines),
        areas=areas,
    )


def _counted(user: User, cycle: Cycle) -> Iterable[Team]:
    return (
        teams_for(user, cycle)
        .annotate(
            everybody=Count("members"),
            women=Count("members", filter=Q(members__sex="P")),
            men=Count("members", filter=Q(members__sex="L")),
        )
        .order_by("pk")
    )


def _line(team: Team, names: dict[str, str]) -> TeamLine:
    counts: dict[str, int] = {name: getattr(team, name) for name in ("everybody", "women", "men")}
    return TeamLine(
        id=team.pk,
        kind=told(TeamKind(team.kind).label),
        name=team.name,
        area=names.get(team.area, team.area),
        decree_number=team.decree_number,
        decree_date=team.decree_date,
        has_file=team.decree_file_id is not None,
        members=counts["everybody"],
        women=counts["women"],
        men=counts["men"],
    )


def _areas(user: User, cycle: Cycle) -> tuple[PlaceChoice, ...]:
    """The year's place, the kecamatan of its loci, and the loci's kelurahan."""
    found = {cycle.place.code: cycle.place.full_name}
    for lokus in loci_for(user).filter(cycle=cycle).select_related("place__parent").order_by("area"):
        above: Place | None = lokus.place.parent
        if above is not None:
            found[above.code] = above.full_name
        found[lokus.place.code] = lokus.place.full_name
    return tuple(PlaceChoice(code, name) for code, name in sorted(found.items()))


def team_page(user: User, slug: str, team_id: int) -> TeamPage:
    """One team of that year. Raises Missing, Forbidden."""
    cycle = managed(user, slug)
    team = _counted_one(user, cycle, team_id)
    areas = _areas(user, cycle)
    names = {area.code: area.name for area in areas}
    if team.area not in names:
        # Its lokus is one no longer: what the team is of is still said.
        areas = (*areas, PlaceChoice(team.area, team.area))
    members = TeamMember.objects.filter(team=team).select_related("agency").order_by("position")
    current = agencies_for(user, cycle).filter(valid_to__isnull=True).order_by("short_name")
    return TeamPage(
        cycle=cycle_ref(cycle),
        closed_at=cycle.closed_at,
        team=_line(team, names),
        kind=team.kind,
        area=team.area,
        members=tuple(_member(member) for member in members),
        areas=areas,
        agencies=tuple((agency.pk, agency.short_name) for agency in current),
        seen=team_seen(team),
    )


def _counted_one(user: User, cycle: Cycle, team_id: int) -> Team:
    found = next((team for team in _counted(user, cycle) if team.pk == team_id), None)
    if found is None:
        raise Missing(Problem("access.missing"))
    return found


def _member(member: TeamMember) -> MemberLine:
    return MemberLine(
        id=member.pk,
        name=member.name,
        sex=member.sex,
        duty=member.duty,
        office=member.office,
        agency=member.agency.short_name if member.agency else "",
        agency_id=member.agency_id,
        seen=member_seen(member),
    )


def find_team(user: User, slug: str, team_id: int) -> Team:
    """That team of a year that she manages. Raises Missing, Forbidden."""
    return one(teams_for(user, managed(user, slug)).select_related("cycle__place"), pk=team_id)


def find_member(user: User, slug: str, team_id: int, member_id: int) -> TeamMember:
    """That member of that team. Raises Missing, Forbidden."""
    rows = TeamMember.objects.filter(team=find_team(user, slug, team_id)).select_related("team__cycle__place")
    return one(rows, pk=member_id)


def current_agencies(user: User, slug: str) -> list[Agency]:
    """The agencies of the year's place, by short name. Raises Missing, Forbidden."""
    return list(agencies_for(user, managed(user, slug)).filter(valid_to__isnull=True).order_by("short_name"))


def agency_named(user: User, slug: str, agency_id: int) -> Agency:
    """An agency of the year's place, present or former. Raises Missing, Forbidden."""
    return one(agencies_for(user, managed(user, slug)), pk=agency_id)


def decree_of(user: User, slug: str, team_id: int) -> tuple[bytes, str, str]:
    """The decree's scan: bytes, type, and the name to save it by. Raises Missing where none was given, Forbidden."""
    team = find_team(user, slug, team_id)
    if team.decree_file is None:
        raise Missing(Problem("access.missing"))
    suffix = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png"}[team.decree_file.content_type]
    number = "-".join("".join(c if c.isascii() and c.isalnum() else " " for c in team.decree_number).split())
    return team.decree_file.content(), team.decree_file.content_type, f"SK-{number or team.pk}.{suffix}"
