"""A programme year from its opening to its close."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from selaras.access import CONSOLE, households_for, may_decide_arrival, may_see_arrivals, may_settle_household
from selaras.actions import cycles
from selaras.actions.cycles import Dated
from selaras.actions.links import make_link
from selaras.errors import Forbidden, InputError
from selaras.models import Achievement, Arrival, AuditEntry, Confidence, Cycle, Membership, Role, RoundKind, User
from selaras.models.cycles import stage_on
from selaras.queries.links import arrival
from tests import build

pytestmark = pytest.mark.django_db


def refusal(error: pytest.ExceptionInfo[InputError]) -> list[str]:
    return [problem.code for problem in error.value.problems]


def test_the_secretariat_opens_a_year_once() -> None:
    secretary = build.member(Role.SECRETARIAT, "36.72")
    made = cycles.open_cycle(by=secretary, place=build.place("36.72"), year=2024)
    assert (made.slug, made.programme, made.synthetic) == ("kota-cilegon-2024", "P2WKSS", False)
    with pytest.raises(InputError) as refused:
        cycles.open_cycle(by=secretary, place=build.place("36.72"), year=2024)
    assert refusal(refused) == ["cycle.exists"]
    other = cycles.open_cycle(by=CONSOLE, place=build.place("36.72"), year=2024, programme="KRPPA")
    assert other.slug == "krppa-kota-cilegon-2024"
    with pytest.raises(InputError):
        cycles.open_cycle(by=CONSOLE, place=build.place("36.72.05"), year=2024)
    for by in (build.member(Role.SECRETARIAT, "36.73"), build.member(Role.SECRETARIAT, "36.72", cycle=made)):
        with pytest.raises(Forbidden):
            cycles.open_cycle(by=by, place=build.place("36.72"), year=2025)
    assert AuditEntry.objects.filter(action="cycles.open", place_code="36.72").count() == 2


def test_a_programme_of_a_long_name_has_a_year_in_every_city_and_every_year() -> None:
    long = "Peningkatan Peranan Wanita menuju Keluarga Sehat dan Sejahtera"
    for code, year in (("36.72", 2024), ("36.72", 2025), ("36.73", 2024)):
        cycles.open_cycle(by=CONSOLE, place=build.place(code), year=year, programme=long)
    with pytest.raises(InputError) as refused:
        cycles.open_cycle(by=CONSOLE, place=build.place("36.72"), year=2024, programme=long.upper())
    assert (refusal(refused), refused.value.problems[0].values) == (
        ["cycle.exists"],
        {"cycle": "peningkatan-peranan-wanita-menuju-keluarga-kota-cilegon-2024"},
    )
    # Two names that begin alike are two programmes.
    cycles.open_cycle(by=CONSOLE, place=build.place("36.72"), year=2024, programme=f"{long} Desa")
    assert list(Cycle.objects.order_by("pk").values_list("slug", flat=True)) == [
        "peningkatan-peranan-wanita-menuju-keluarga-kota-cilegon-2024",
        "peningkatan-peranan-wanita-menuju-keluarga-kota-cilegon-2025",
        "peningkatan-peranan-wanita-menuju-keluarga-kota-serang-2024",
        "peningkatan-peranan-wanita-menuju-keluar-kota-cilegon-2024-2",
    ]


def test_loci_lie_in_the_city_and_have_their_own_prefix() -> None:
    cycle = build.cycle()
    lokus = cycles.add_lokus(by=CONSOLE, cycle=cycle, place=build.place("36.72.05.1005"), prefix="GD", rw="RW 3")
    assert (lokus.area, lokus.target_size, lokus.representative) == ("36.72.05.1005.RW03", 100, None)
    wrong = [
        ("36.73.01.1001", "SR", "", ["lokus.place"]),
        ("36.72.05", "JB", "", ["lokus.place"]),
        ("36.72.05.1001", "g", "", ["lokus.prefix"]),
        ("36.72.05.1001", "GD", "", ["lokus.exists"]),
        ("36.72.05.1005", "GE", "03", ["lokus.exists"]),
        ("36.73", "x", "", ["lokus.place", "lokus.prefix"]),
    ]
    for code, prefix, rw, expected in wrong:
        with pytest.raises(InputError) as refused:
            cycles.add_lokus(by=CONSOLE, cycle=cycle, place=build.place(code), prefix=prefix, rw=rw)
        assert refusal(refused) == expected
    assert cycle.loci.count() == 1


def test_the_representative_is_one_or_not_yet_decided() -> None:
    cycle = build.cycle()
    one, two = build.lokus(cycle), build.lokus(cycle, "36.72.05.1001", "SJ")
    steps = [(one, [True, False]), (two, [False, True]), (None, [None, None])]
    for named, expected in steps:
        cycles.name_representative(by=CONSOLE, cycle=cycle, lokus=named)
        assert list(cycle.loci.order_by("prefix").values_list("representative", flat=True)) == expected
    far = build.lokus(build.cycle(year=2025))
    with pytest.raises(InputError):
        cycles.name_representative(by=CONSOLE, cycle=cycle, lokus=far)


def test_stages_are_dated_in_order_and_replaced_as_a_whole() -> None:
    cycle = build.cycle()
    jan, mar, may = date(2024, 1, 1), date(2024, 3, 31), date(2024, 5, 1)
    given = [Dated("Validasi", jan, mar), Dated("Pelaksanaan", mar, may)]
    cycles.set_stages(by=CONSOLE, cycle=cycle, stages=given)
    cycles.set_stages(by=CONSOLE, cycle=cycle, stages=given)
    stages = list(cycle.stages.all())
    assert [(s.position, s.name, s.starts, s.ends) for s in stages] == [
        (1, "Validasi", jan, mar),
        (2, "Pelaksanaan", mar, may),
    ]
    assert stage_on(stages, mar) == stages[1]
    assert stage_on(stages, date(2024, 6, 1)) is None
    with pytest.raises(InputError) as refused:
        cycles.set_stages(by=CONSOLE, cycle=cycle, stages=[Dated("Terbalik", mar, jan)])
    assert refusal(refused) == ["cycle.dates"]
    assert cycle.stages.count() == 2


def test_rounds_are_one_of_a_kind() -> None:
    cycle, day = build.cycle(), date(2024, 2, 1)
    cycles.add_round(by=CONSOLE, cycle=cycle, kind=RoundKind.BASELINE, opens=day, closes=day)
    with pytest.raises(InputError) as refused:
        cycles.add_round(by=CONSOLE, cycle=cycle, kind=RoundKind.BASELINE, opens=day, closes=day)
    assert refusal(refused) == ["cycle.round_exists"]
    with pytest.raises(InputError):
        cycles.add_round(by=CONSOLE, cycle=cycle, kind=RoundKind.VISIT, opens=day, closes=date(2024, 1, 1))
    cycles.add_round(by=CONSOLE, cycle=cycle, kind=RoundKind.VISIT, opens=day, closes=day, number=2)
    assert cycle.rounds.count() == 2


def test_a_closed_year_takes_nothing_more_and_its_own_tasks_end() -> None:
    cycle = build.cycle()
    lokus = build.lokus(cycle)
    juror = build.member(Role.JUROR, "36.72", cycle=cycle)
    lasting = build.member(Role.SECRETARIAT, "36.72")
    cycles.close_cycle(by=lasting, cycle=cycle)
    closed_at = Cycle.objects.get(pk=cycle.pk).closed_at
    assert juror.memberships.get().ends == closed_at
    assert lasting.memberships.get().ends is None
    cycles.close_cycle(by=lasting, cycle=cycle)
    assert Cycle.objects.get(pk=cycle.pk).closed_at == closed_at
    day = date(2024, 12, 1)
    for refused_action in (
        lambda: cycles.add_lokus(by=CONSOLE, cycle=cycle, place=build.place("36.72.05.1001"), prefix="SJ"),
        lambda: cycles.set_stages(by=CONSOLE, cycle=cycle, stages=[]),
        lambda: cycles.name_representative(by=CONSOLE, cycle=cycle, lokus=lokus),
        lambda: cycles.add_round(by=CONSOLE, cycle=cycle, kind=RoundKind.ENDLINE, opens=day, closes=day),
    ):
        with pytest.raises(InputError) as refused:
            refused_action()
        assert refusal(refused) == ["cycle.closed"]


def test_closing_a_year_ends_tasks_that_were_to_last_longer_and_the_links_of_agencies() -> None:
    cycle, now = build.cycle(), timezone.now()
    build.household(build.lokus(cycle))
    cadre, later = (build.member(Role.CADRE, "36.72.05.1005", cycle=cycle) for _ in range(2))
    cadre.memberships.update(ends=now + timedelta(days=300))
    later.memberships.update(starts=now + timedelta(days=9), ends=now + timedelta(days=300))
    agency, until = build.agency("Dinkes"), timezone.localdate() + timedelta(days=60)
    link = make_link(by=CONSOLE, cycle_slug=cycle.slug, agency_id=agency.pk, holder="Rudi", until=until)

    def open_() -> tuple[int, list[bool], str]:
        """Families that she sees; whose tasks hold today or will; how the link stands."""
        last = timezone.now() + timedelta(days=20)
        held = [row.holds(last) for row in Membership.objects.filter(cycle=cycle).order_by("pk")]
        found = arrival(link.token, "")
        return households_for(User.objects.get(pk=cadre.pk)).count(), held, found.state if found else ""

    assert open_() == (1, [True, True, True], "open")
    cycles.close_cycle(by=CONSOLE, cycle=cycle)
    assert open_() == (0, [False, False, False], "expired")
    assert AuditEntry.objects.get(action="cycles.close").details["tasks_ended"] == 3


def test_the_secretariats_tasks_outlive_their_year_so_that_what_waits_is_decided() -> None:
    cycle = build.cycle()
    family = build.household(build.lokus(cycle))
    held = Arrival(cycle=cycle, area=family.area)
    people = [
        build.member(Role.SECRETARIAT, "36.72", cycle=cycle),
        build.member(Role.SUPERVISOR, "36.72.05.1005", cycle=cycle),
        build.member(Role.CADRE, "36.72.05.1005", cycle=cycle),
    ]

    def may() -> list[tuple[bool, bool, bool]]:
        fresh = [User.objects.get(pk=person.pk) for person in people]
        return [
            (may_see_arrivals(one, cycle), may_decide_arrival(one, held), may_settle_household(one, family))
            for one in fresh
        ]

    assert may() == [(True,) * 3, (True,) * 3, (False,) * 3]
    cycles.close_cycle(by=people[0], cycle=cycle)
    assert may() == [(True,) * 3, (False,) * 3, (False,) * 3]
    assert people[0].memberships.get().ends is None
    assert AuditEntry.objects.get(action="cycles.close").details["tasks_ended"] == 2


def test_the_tasks_of_a_citys_own_protection_officers_outlive_their_year_and_no_others() -> None:
    """Who was handed over is followed up after it, and what comes out then must have somebody who can keep it back."""
    city, province = build.cycle(), build.cycle("36")
    its_own, of_a_part, of_another_year = (
        build.member(Role.PROTECTION, place, cycle=of).memberships.get()
        for place, of in (("36.72", city), ("36.72.05.1005", city), ("36.72", province))
    )
    for cycle in (city, province):
        cycles.close_cycle(by=CONSOLE, cycle=cycle)
    holds = [Membership.objects.get(pk=task.pk).holds(timezone.now()) for task in (its_own, of_a_part, of_another_year)]
    assert holds == [True, False, False]


def test_an_achievement_has_a_source_and_stands_once() -> None:
    place = build.place("36.72.05.1005")
    given = {"place": place, "year": 2023, "title": "Juara I", "level": "Provinsi Banten"}
    for source in ("berita A", "berita B"):
        cycles.record_achievement(by=CONSOLE, **given, source=source, confidence=Confidence.PRESS)
    assert [row.source for row in Achievement.objects.all()] == ["berita B"]
    with pytest.raises(InputError):
        cycles.record_achievement(by=CONSOLE, **given, source=" ", confidence=Confidence.PRESS)


def test_an_achievement_is_of_the_programme_that_was_said_else_of_the_one_its_words_name() -> None:
    place = build.place("36.72.05.1005")

    def recorded(title: str, programme: str = "", level: str = "Banten") -> str:
        given = {"place": place, "year": 2023, "title": title, "level": level, "source": "SK"}
        made = cycles.record_achievement(by=CONSOLE, **given, confidence=Confidence.PRESS, programme=programme)
        made.refresh_from_db()
        return made.programme

    said = [("Juara I", ""), ("Juara II", "krppa"), ("Juara II", ""), ("Juara KRPPA", ""), ("Juara II", "p2wkss")]
    assert [recorded(*one) for one in said] == ["", "krppa", "krppa", "krppa", "p2wkss"]
    assert [recorded("Juara III", level="P2WKSS Banten"), recorded("Juara DRPPA dan P2WKSS")] == ["p2wkss", ""]
    assert recorded("Juara DRPPA dan P2WKSS", "krppa") == "krppa"
    kept = AuditEntry.objects.filter(action="achievements.record").order_by("pk").last()
    assert kept is not None
    assert (kept.details["programme"], kept.details["new"]) == ("krppa", False)

    clash = "gelar atau tingkat prestasi itu menyebut KRPPA, sedangkan program yang dipilih adalah"
    for programme, why in (
        ("p2wkss", f"{clash} P2WKSS"),
        ("lain", f"{clash} program lain"),
        ("x", "program 'x' tidak"),
    ):
        with pytest.raises(InputError) as refused:
            recorded("Juara I DRPPA", programme)
        assert [problem.message.startswith(why) for problem in refused.value.problems] == [True]
