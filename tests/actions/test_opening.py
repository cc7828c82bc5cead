"""A year begun in one step, from nothing or from last year, by its secretariat or by an administrator."""

from datetime import date

import pytest

from selaras.access import CONSOLE, may_manage_cycle
from selaras.actions import cycles, opening
from selaras.actions.cycles import Dated
from selaras.actions.opening import Plan
from selaras.errors import Forbidden, InputError
from selaras.models import AuditEntry, Cycle, Membership, Role, Team, TeamMember, User
from selaras.queries.setup import new_year_page
from selaras.queries.usual import RoundDraft
from tests import build

pytestmark = pytest.mark.django_db
JAN, MAR = date(2027, 1, 4), date(2027, 3, 31)


def plan(**more: object) -> Plan:
    return Plan(stages=[Dated("Validasi", JAN, MAR)], rounds=[RoundDraft("baseline", 1, JAN, MAR)], **more)  # type: ignore[arg-type]


def codes(refused: pytest.ExceptionInfo[InputError]) -> list[str]:
    return [problem.code for problem in refused.value.problems]


def test_an_administrator_begins_a_citys_first_year_as_its_secretariat_or_through_another() -> None:
    administrator, sari = build.member(Role.ADMINISTRATOR), build.user("sari")
    version = build.version()
    begun = opening.begin_year(
        by=administrator,
        place=build.place("36.73"),
        year=2027,
        programme=" P2WKSS ",
        plan=plan(versions=[version], primary=version),
        secretariat=administrator,
    )
    other = opening.begin_year(
        by=administrator, place=build.place("36.72"), year=2027, programme="KRPPA", plan=Plan(), secretariat=sari
    )

    assert (begun.slug, other.slug) == ("kota-serang-2027", "krppa-kota-cilegon-2027")
    assert [(stage.name, stage.starts, stage.ends) for stage in begun.stages.all()] == [("Validasi", JAN, MAR)]
    assert [(row.kind, row.opens, row.closes) for row in begun.rounds.all()] == [("baseline", JAN, MAR)]
    assert list(begun.cycle_instruments.values_list("version", "primary")) == [(version.pk, True)]
    fresh = {name: User.objects.get(pk=user.pk) for name, user in (("administrator", administrator), ("sari", sari))}
    managed = {
        (name, cycle.slug): may_manage_cycle(user, cycle) for name, user in fresh.items() for cycle in (begun, other)
    }
    assert [key for key, may in managed.items() if may] == [("administrator", begun.slug), ("sari", other.slug)]
    assert list(Membership.objects.filter(role=Role.SECRETARIAT).values_list("place_code", "cycle")) == [
        ("36.73", None),
        ("36.72", None),
    ]


def test_whoever_is_the_secretariat_already_is_not_appointed_again_and_a_provinces_is_another_role() -> None:
    administrator, secretary = build.member(Role.ADMINISTRATOR), build.member(Role.SECRETARIAT, "36.72")
    province = build.user()
    given = {"by": administrator, "year": 2027, "programme": "P2WKSS", "plan": Plan()}
    opening.begin_year(place=build.place("36.72"), secretariat=secretary, **given)  # type: ignore[arg-type]
    opening.begin_year(place=build.place("36"), secretariat=province, **given)  # type: ignore[arg-type]
    # Two tasks that one person cannot hold: then there is no year either.
    build.place("32.73")
    with pytest.raises(InputError):
        opening.begin_year(place=build.place("32"), secretariat=build.member(Role.SECRETARIAT, "32.73"), **given)  # type: ignore[arg-type]

    assert list(secretary.memberships.values_list("role", "place_code")) == [("secretariat", "36.72")]
    assert list(province.memberships.values_list("role", "place_code")) == [("province", "36")]
    assert Cycle.objects.filter(place__code="32").count() == 0


def test_last_years_is_proposed_a_year_later_and_its_teams_come_without_their_decrees() -> None:
    old = build.cycle(year=2024)
    secretary = build.member(Role.SECRETARIAT, "36.72")
    cycles.set_stages(by=CONSOLE, cycle=old, stages=[Dated("Penilaian", date(2024, 2, 29), date(2024, 3, 1), "SK 1")])
    build.baseline(old)
    agency = build.agency()
    team = Team.objects.create(cycle=old, kind="pokja", name="Pokja I", area="36.72", decree_number="7/2024")
    TeamMember.objects.create(team=team, position=3, name="Uji", sex="P", duty="ketua", office="Kabid", agency=agency)
    page = new_year_page(secretary, "36.72", 2026)
    begun = opening.begin_year(by=secretary, place=old.place, year=2026, programme="P2WKSS", plan=Plan(teams_from=old))

    assert page.source is not None
    assert (page.source.year, page.teams, page.appoints) == (2024, 1, False)
    assert [(s.name, s.starts, s.ends, s.source) for s in page.stages] == [
        ("Penilaian", date(2026, 2, 28), date(2026, 3, 1), "")
    ]
    assert [(r.kind, r.opens, r.closes) for r in page.rounds] == [("baseline", date(2026, 1, 8), date(2026, 3, 31))]
    taken = begun.teams.get()
    assert (taken.kind, taken.name, taken.area, taken.decree_number, taken.decree_date) == (
        "pokja", "Pokja I", "36.72", "", None,
    )  # fmt: skip
    row = taken.members.get()
    assert (row.position, row.name, row.sex, row.duty, row.office, row.agency) == (
        3, "Uji", "P", "ketua", "Kabid", agency,
    )  # fmt: skip
    assert AuditEntry.objects.get(action="cycles.plan").details["teams"] == 1


def test_a_year_is_begun_whole_or_not_at_all() -> None:
    secretary, other = build.member(Role.SECRETARIAT, "36.72"), build.cycle("36.73")
    city, version = build.place("36.72"), build.version()
    wrong = [
        ({"year": 1900, "programme": " ", "plan": Plan()}, ["cycle.year", "cycle.programme"]),
        ({"plan": Plan(versions=[version])}, ["cycle.instrument"]),
        ({"plan": Plan(teams_from=other)}, ["cycle.from"]),
        ({"plan": Plan(stages=[Dated("Terbalik", MAR, JAN)])}, ["cycle.dates"]),
        ({"plan": Plan(rounds=[RoundDraft("visit", 1, MAR, JAN)])}, ["cycle.dates"]),
        ({"plan": Plan(rounds=[RoundDraft("visit", 1, JAN, MAR)] * 2)}, ["cycle.twice"]),
    ]
    for given, expected in wrong:
        with pytest.raises(InputError) as refused:
            opening.begin_year(by=secretary, place=city, **({"year": 2027, "programme": "P2WKSS"} | given))
        assert codes(refused) == expected
    for by in (build.member(Role.SECRETARIAT, "36.73"), build.member(Role.LEADER, "36.72")):
        with pytest.raises(Forbidden):
            opening.begin_year(by=by, place=city, year=2027, programme="P2WKSS", plan=Plan())

    assert Cycle.objects.filter(place=city).count() == 0
    opening.begin_year(by=secretary, place=city, year=2027, programme="P2WKSS", plan=plan())
    with pytest.raises(InputError) as refused:
        opening.begin_year(by=secretary, place=city, year=2027, programme="P2WKSS", plan=plan())
    assert (codes(refused), Cycle.objects.filter(place=city).count()) == (["cycle.exists"], 1)
