"""Which tasks one person cannot hold together, complete; areas and years held to the letter."""

from datetime import UTC, datetime, timedelta
from itertools import combinations_with_replacement

import pytest
from django.utils import timezone

from selaras import access
from selaras.access import Task
from selaras.models import Cycle, Membership, Role
from tests import build

pytestmark = pytest.mark.django_db

J, P, S = Role.JUROR, Role.PROVINCE, Role.SECRETARIAT
#: Every pair that is refused, with why; any other pair of roles may be one person's.
REFUSED = {
    frozenset({J, S}): "people.judged",
    frozenset({J, Role.LIAISON}): "people.judged",
    frozenset({J, Role.SUPERVISOR}): "people.judged",
    frozenset({J, Role.CADRE}): "people.judged",
    frozenset({J, Role.LEADER}): "people.judged",
    frozenset({J, Role.PROTECTION}): "people.protected",
    frozenset({P, S}): "people.overseen",
    frozenset({P, Role.LIAISON}): "people.overseen",
    frozenset({P, Role.SUPERVISOR}): "people.overseen",
    frozenset({P, Role.CADRE}): "people.overseen",
}
NOW = datetime(2024, 6, 1, tzinfo=UTC)


def task(role: Role, area: str = "36.72", cycle: int | None = None, days: tuple[int, int | None] = (0, None)) -> Task:
    starts, ends = NOW + timedelta(days[0]), None if days[1] is None else NOW + timedelta(days[1])
    return Task(role, frozenset({area}), cycle, starts, ends)


def test_every_pair_of_roles_is_refused_or_allowed_as_the_table_says() -> None:
    pairs = list(combinations_with_replacement(list(Role), 2))
    found = {frozenset(pair): code for pair in pairs for code, _, _ in access.clashes([task(pair[0]), task(pair[1])])}

    assert len(pairs) == 45
    assert found == REFUSED


@pytest.mark.parametrize(
    ("one", "other", "refused"),
    [
        (task(J), task(S), True),
        (task(S), task(J), True),
        (task(J, "36"), task(S, "36.72"), True),
        (task(J, "36.72"), task(Role.CADRE, "36.72.05.1005.RW03"), True),
        (task(J, "36.73"), task(S, "36.72"), False),
        (task(J, "36.7"), task(S, "36.72"), False),
        (task(J, cycle=1), task(S, cycle=1), True),
        (task(J, cycle=1), task(S, cycle=None), True),
        (task(J, cycle=1), task(S, cycle=2), False),
        (task(J, days=(0, 10)), task(S, days=(10, None)), False),
        (task(J, days=(0, 10)), task(S, days=(9, None)), True),
        (task(J, days=(5, 6)), task(S, days=(0, 5)), False),
        (task(J, days=(0, None)), task(S, days=(90, None)), True),
    ],
)
def test_two_tasks_meet_in_the_same_place_year_and_time(one: Task, other: Task, refused: bool) -> None:
    assert bool(access.clashes([one, other])) is refused


def test_a_task_knows_every_code_of_its_place_and_its_agencys() -> None:
    old = build.place("36.72.05.1005")
    type(old).objects.create(
        code="36.72.09.1001", name="Gedong Dalem", level="kelurahan", kind="kelurahan", replaces=old
    )
    lurah = build.member(Role.SUPERVISOR, "36.72.09.1001").memberships.get()
    liaison = build.member(Role.LIAISON, agency=build.agency()).memberships.get()

    assert Task.of(lurah).areas == {"36.72.09.1001", "36.72.05.1005"}
    assert (Task.of(liaison).areas, access.area_of(liaison)) == ({"36.72"}, "36.72")


@pytest.mark.parametrize(
    ("areas", "common"),
    [
        (["36.72.05.1005.RW03"], "36.72.05.1005.RW03"),
        (["36.72.05.1005.RW03", "36.72.05.1005"], "36.72.05.1005"),
        (["36.72.05.1005", "36.72.06.1005"], "36.72"),
        (["36.72", ""], ""),
        (["36.72", "32.73"], ""),
        ([], ""),
    ],
)
def test_the_common_area_of_tasks_encloses_them_all(areas: list[str], common: str) -> None:
    assert access.common_area(areas) == common


def test_a_giver_is_told_what_she_may_give_in_a_year_and_no_more() -> None:
    cycle = build.cycle()
    far = build.cycle("36.73")
    of_year = build.member(Role.SECRETARIAT, "36.72", cycle=cycle)
    lurah = build.member(Role.SUPERVISOR, "36.72.05.1005")

    def told(user: access.Actor, year: Cycle) -> dict[str, tuple[tuple[str, ...], bool]]:
        return {role: (areas, always) for role, areas, always in access.given_in(user, year)}

    given = {"secretariat", "liaison", "supervisor", "cadre", "protection", "juror", "leader"}
    assert told(of_year, cycle) == dict.fromkeys(given, (("36.72",), False))
    assert told(lurah, cycle) == {"cadre": (("36.72.05.1005",), True)}
    assert told(lurah, far) == told(of_year, far) == {}


def test_what_is_held_is_what_the_giver_may_end_of_now_and_of_later() -> None:
    cycle = build.cycle()
    secretary = build.member(Role.SECRETARIAT, "36.72")
    ani = build.member(Role.CADRE, "36.72.05.1005.RW03", cycle=cycle)
    for role, area, starts, ends in (
        (Role.CADRE, "36.72.05.1005.RW04", build.START, timezone.now() - timedelta(days=1)),
        (Role.LEADER, "36.72", timezone.now() + timedelta(days=9), None),
        (Role.CADRE, "36.73.01.1001.RW01", build.START, None),
        (Role.PROVINCE, "36", build.START, None),
    ):
        Membership.objects.create(user=ani, role=role, place_code=area, starts=starts, ends=ends)
    now = timezone.now()

    assert [row.place_code for row in access.holdings_for(secretary, ani, now)] == ["36.72.05.1005.RW03", "36.72"]
    assert access.holdings_for(build.member(Role.JUROR, "36.72"), ani, now) == []
    assert len(access.holdings_for(build.member(Role.ADMINISTRATOR), ani, now)) == 4
