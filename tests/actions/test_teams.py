"""Teams by decree: members counted, pasted from a sheet, changed by one at a time."""

from datetime import date

import pytest

from selaras.access import CONSOLE
from selaras.actions import teams
from selaras.actions.teams import Decree, Member, read_members
from selaras.errors import Forbidden, InputError
from selaras.models import AuditEntry, Cycle, Role, Team, TeamKind
from selaras.queries.seen import member_seen, team_seen
from tests import build

pytestmark = pytest.mark.django_db


def codes(refused: pytest.ExceptionInfo[InputError]) -> list[str]:
    return [problem.code for problem in refused.value.problems]


def team_of(cycle: Cycle, name: str = "Tim Pembina") -> Team:
    return teams.add_team(by=CONSOLE, cycle=cycle, kind=TeamKind.PEMBINA, name=name, area="36.72")


def test_a_team_lies_in_the_city_and_has_its_own_name_there() -> None:
    cycle = build.cycle()
    made = team_of(cycle, " Tim Pembina ")
    below = teams.add_team(by=CONSOLE, cycle=cycle, kind=TeamKind.POKJA, name="Tim Pembina", area="36.72.05")
    assert (made.name, made.area, below.area) == ("Tim Pembina", "36.72", "36.72.05")
    for area, expected in (("36.73", ["team.area"]), ("36.72", ["team.name"])):
        with pytest.raises(InputError) as refused:
            teams.add_team(by=CONSOLE, cycle=cycle, kind=TeamKind.POKJA, name="Tim Pembina", area=area)
        assert codes(refused) == expected
    with pytest.raises(Forbidden):
        teams.add_team(
            by=build.member(Role.LEADER, "36.72"), cycle=cycle, kind=TeamKind.POKJA, name="Pokja", area="36.72"
        )


def test_a_decree_is_kept_with_its_scan_until_another_is_given() -> None:
    team = team_of(build.cycle())
    day, same = date(2024, 2, 1), {"kind": TeamKind.PEMBINA, "name": team.name, "area": team.area}
    seen = team_seen(team)
    given = Decree("263/Kep.7/2024", day, ("sk.pdf", b"%PDF-1.7 isi"))
    kept = teams.change_team(by=CONSOLE, team=team, decree=given, seen=seen, **same)
    later = teams.change_team(by=CONSOLE, team=team, decree=Decree("263/Kep.8/2024", day), **same)

    assert (kept.decree_number, kept.decree_date, kept.decree_file.content()) == (
        "263/Kep.7/2024",
        day,
        b"%PDF-1.7 isi",
    )
    assert (later.decree_number, later.decree_file.content_type) == ("263/Kep.8/2024", "application/pdf")
    wrong = [
        (Decree("", day), None, ["team.decree"]),
        (Decree("1", day, ("sk.pdf", b"<html>")), None, ["team.file"]),
        (Decree("1", day), seen, ["setup.changed"]),
    ]
    for decree, was, expected in wrong:
        with pytest.raises(InputError) as refused:
            teams.change_team(by=CONSOLE, team=team, decree=decree, seen=was, **same)
        assert codes(refused) == expected
    assert AuditEntry.objects.filter(action="teams.change").count() == 2


def test_members_are_read_from_a_pasted_sheet() -> None:
    dinkes = build.agency("Dinkes")
    text = "1\tHj. Uji, S.Sos\tP\tKetua\tSekretaris Daerah\t\n\n2.;Uji Dua;laki-laki;anggota;;DINKES\nUji Tiga;;anggota"

    assert read_members(text, [dinkes]) == [
        Member("Hj. Uji, S.Sos", "P", "Ketua", "Sekretaris Daerah"),
        Member("Uji Dua", "L", "anggota", "", dinkes),
        Member("Uji Tiga", "", "anggota"),
    ]
    with pytest.raises(InputError) as refused:
        read_members("Uji\nUji;X;ketua\nUji;W;ketua;;Dinas Entah", [dinkes])
    assert [(problem.code, problem.values["line"]) for problem in refused.value.problems] == [
        ("team.line", 1),
        ("team.sex", 2),
        ("team.agency", 3),
    ]


def test_members_stand_in_order_and_are_changed_one_at_a_time() -> None:
    team = team_of(build.cycle())
    teams.add_members(by=CONSOLE, team=team, members=[Member("Satu", "P", "ketua"), Member("Dua", "L", "anggota")])
    teams.add_members(by=CONSOLE, team=team, members=[Member("Tiga", "", "anggota")])
    one, two, three = team.members.order_by("position")
    assert [row.position for row in (one, two, three)] == [1, 2, 3]
    seen = member_seen(two)
    teams.change_member(by=CONSOLE, member=two, to=Member("Dua", "P", "sekretaris", "Kabid"), seen=seen)
    two.refresh_from_db()
    assert (two.sex, two.duty, two.office) == ("P", "sekretaris", "Kabid")
    with pytest.raises(InputError) as refused:
        teams.change_member(by=CONSOLE, member=two, to=Member("Dua", "L", "anggota"), seen=seen)
    assert codes(refused) == ["setup.changed"]
    teams.remove_member(by=CONSOLE, member=one)
    assert list(team.members.values_list("position", "name")) == [(2, "Dua"), (3, "Tiga")]
    with pytest.raises(InputError) as refused:
        teams.add_members(by=CONSOLE, team=team, members=[Member("Uji", "", "anggota")] * 199)
    assert (codes(refused), team.members.count()) == (["team.full"], 2)
    # Names of people are in no entry.
    assert [entry for entry in AuditEntry.objects.all() if "Dua" in str(entry.details)] == []
    teams.remove_team(by=CONSOLE, team=team)
    assert (Team.objects.count(), AuditEntry.objects.get(action="teams.remove").details["members"]) == (0, 2)


def test_a_closed_year_keeps_its_teams_as_they_were() -> None:
    cycle = build.cycle()
    team = team_of(cycle)
    teams.add_members(by=CONSOLE, team=team, members=[Member("Satu", "P", "ketua")])
    Cycle.objects.update(closed_at=build.START)
    team = Team.objects.select_related("cycle__place").get()
    member = team.members.select_related("team__cycle__place").get()
    for refused_action in (
        lambda: team_of(team.cycle, "Lain"),
        lambda: teams.remove_team(by=CONSOLE, team=team),
        lambda: teams.add_members(by=CONSOLE, team=team, members=[]),
        lambda: teams.change_member(by=CONSOLE, member=member, to=Member("X", "", "x")),
        lambda: teams.remove_member(by=CONSOLE, member=member),
        lambda: teams.change_team(by=CONSOLE, team=team, kind=TeamKind.POKJA, name="X", area="36.72", decree=Decree()),
    ):
        with pytest.raises(InputError) as refused:
            refused_action()
        assert codes(refused) == ["cycle.closed"]
