"""Begin a year in one step: its stages, rounds, instruments and teams, and who is its secretariat."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from selaras.access import Actor, demand, may_manage_cycle, may_open_cycle
from selaras.actions import audit
from selaras.actions.cycles import (
    Dated,
    open_cycle,
    refuse_reversed,
    refuse_rounds,
    write_instruments,
    write_stages,
)
from selaras.actions.people import assign
from selaras.errors import InputError, Problem
from selaras.models import Cycle, InstrumentVersion, Place, PlaceLevel, Role, Round, Team, TeamMember, User
from selaras.queries.usual import RoundDraft


@dataclass(frozen=True, slots=True)
class Plan:
    """What a year begins with. `teams_from` is the year whose teams are taken over, without their decrees."""

    stages: Sequence[Dated] = ()
    rounds: Sequence[RoundDraft] = ()
    versions: Sequence[InstrumentVersion] = ()
    primary: InstrumentVersion | None = None
    teams_from: Cycle | None = None


def begin_year(
    *, by: Actor, place: Place, year: int, programme: str, plan: Plan, secretariat: User | None = None
) -> Cycle:
    """Open the year of that place and write its plan; all of it or nothing.

    `secretariat` is given that task for all years of the place, where she has not got it: an administrator begins the
    first year so, and goes on as its secretariat herself or through another. Raises Forbidden, or InputError with
    everything that is wrong.
    """
    demand(may_open_cycle, by, place)
    _refuse(place, year, programme, plan)
    with transaction.atomic():
        cycle = open_cycle(by=by, place=place, year=year, programme=programme.strip())
        if secretariat is not None:
            _appoint(by, secretariat, place, cycle)
        write_stages(cycle, plan.stages)
        Round.objects.bulk_create(
            Round(cycle=cycle, kind=draft.kind, number=draft.number, opens=draft.opens, closes=draft.closes)
            for draft in plan.rounds
        )
        write_instruments(cycle, plan.versions, plan.primary)
        teams = 0 if plan.teams_from is None else _take_over(plan.teams_from, cycle)
        audit.record(
            by=by,
            action="cycles.plan",
            object_type="cycle",
            object_id=cycle.slug,
            place_code=place.code,
            stages=len(plan.stages),
            rounds=len(plan.rounds),
            instruments=sorted(str(version) for version in plan.versions),
            primary=None if plan.primary is None else str(plan.primary),
            teams=teams,
        )
    return cycle


def _refuse(place: Place, year: int, programme: str, plan: Plan) -> None:
    problems = []
    if not 1978 <= year <= 2100:
        problems.append(Problem("cycle.year", values={"year": year}))
    if not programme.strip():
        problems.append(Problem("cycle.programme"))
    if plan.versions and plan.primary not in plan.versions:
        problems.append(Problem("cycle.instrument"))
    if plan.teams_from is not None and plan.teams_from.place.code != place.code:
        problems.append(Problem("cycle.from", values={"cycle": str(plan.teams_from)}))
    if problems:
        raise InputError(problems)
    refuse_reversed([(stage.name, stage.starts, stage.ends) for stage in plan.stages])
    refuse_rounds(plan.rounds)


def secretariat_role(place: Place) -> Role:
    """Who keeps the years of that place: a province's secretariat is another role than a city's."""
    return Role.PROVINCE if place.level == PlaceLevel.PROVINCE else Role.SECRETARIAT


def _appoint(by: Actor, user: User, place: Place, cycle: Cycle) -> None:
    """The task for all years; whoever can manage the year already has it."""
    if not may_manage_cycle(user, cycle):
        assign(by=by, user=user, role=secretariat_role(place), place_code=place.code)


def _take_over(old: Cycle, new: Cycle) -> int:
    """Teams and members of last year; each year has its own decree, so that none is taken over."""
    teams = list(Team.objects.filter(cycle=old).prefetch_related("members"))
    for team in teams:
        made = Team.objects.create(cycle=new, kind=team.kind, name=team.name, area=team.area)
        TeamMember.objects.bulk_create(
            TeamMember(
                team=made,
                position=member.position,
                name=member.name,
                sex=member.sex,
                duty=member.duty,
                office=member.office,
                agency_id=member.agency_id,
                user_id=member.user_id,
            )
            for member in team.members.all()
        )
    return len(teams)
