"""Years before Selaras and what was won: nothing without its source."""

from decimal import Decimal

import pytest

from selaras.access import CONSOLE
from selaras.actions import cycles, history
from selaras.actions.history import PastLokus
from selaras.errors import Forbidden, InputError
from selaras.models import Achievement, AuditEntry, Confidence, Cycle, Role
from tests import build

pytestmark = pytest.mark.django_db
GIVEN = {"year": 2021, "programme": "P2WKSS", "source": "berita 2021"}


def codes(refused: pytest.ExceptionInfo[InputError]) -> list[str]:
    return [problem.code for problem in refused.value.problems]


def test_a_past_year_is_closed_with_its_loci_and_what_was_published_of_them() -> None:
    cycle, dalem, jaya = build.cycle(), build.place("36.72.05.1005"), build.place("36.72.05.1001")
    loci = [PastLokus(dalem, "3", Decimal("87.5"), None, " SK 9/2021 "), PastLokus(jaya)]
    past = history.record_past_year(by=CONSOLE, cycle=cycle, loci=loci, **GIVEN)

    assert (past.slug, past.source, past.closed_at is None, past.place) == (
        "kota-cilegon-2021", "berita 2021", False, cycle.place,
    )  # fmt: skip
    assert list(past.loci.values_list("area", "prefix", "reported_total", "reported_scale", "reported_source")) == [
        ("36.72.05.1005.RW03", "GD", Decimal("87.50"), Decimal(100), "SK 9/2021"),
        ("36.72.05.1001", "SK", None, None, ""),
    ]
    assert AuditEntry.objects.get(action="history.record_year").details["source"] == "berita 2021"


def test_a_past_year_gets_more_loci_by_recording_it_again() -> None:
    cycle, dalem, jaya = build.cycle(), build.place("36.72.05.1005"), build.place("36.72.05.1001")
    past = history.record_past_year(by=CONSOLE, cycle=cycle, loci=[PastLokus(dalem)], **GIVEN)
    with pytest.raises(InputError) as refused:
        history.record_past_year(by=CONSOLE, cycle=cycle, loci=[PastLokus(dalem), PastLokus(jaya)], **GIVEN)
    assert codes(refused) == ["lokus.exists"]
    later = GIVEN | {"source": "SK 9/2021"}
    more = history.record_past_year(by=CONSOLE, cycle=cycle, loci=[PastLokus(jaya)], **later)

    assert (more.pk, more.closed_at, more.source) == (past.pk, past.closed_at, "berita 2021; SK 9/2021")
    assert sorted(more.loci.values_list("area", flat=True)) == ["36.72.05.1001", "36.72.05.1005"]
    assert AuditEntry.objects.filter(action="history.record_year").count() == 2


def test_past_years_of_a_programme_of_a_long_name_are_kept_apart() -> None:
    cycle, dalem = build.cycle(), build.place("36.72.05.1005")
    long = GIVEN | {"programme": "Peningkatan Peranan Wanita menuju Keluarga Sehat dan Sejahtera"}
    first = history.record_past_year(by=CONSOLE, cycle=cycle, loci=[PastLokus(dalem)], **long)
    other = history.record_past_year(by=CONSOLE, cycle=cycle, loci=[PastLokus(dalem)], **(long | {"year": 2022}))

    assert [(each.year, each.loci.count()) for each in (first, other)] == [(2021, 1), (2022, 1)]
    assert first.pk != other.pk


def test_nothing_is_stored_without_a_source_nor_of_a_year_that_is_not_past() -> None:
    cycle, dalem = build.cycle(), build.place("36.72.05.1005")
    far = build.place("36.73.01.1001")
    build.cycle(year=2022)
    Cycle.objects.filter(year=2022).update(slug="kota-cilegon-2022")
    one = [PastLokus(dalem)]
    wrong: list[tuple[dict[str, object], list[str]]] = [
        ({"source": " ", "loci": one}, ["history.source"]),
        ({"loci": []}, ["history.loci"]),
        ({"year": 2024, "loci": one}, ["history.year"]),
        ({"year": 2022, "loci": one}, ["cycle.exists"]),
        ({"programme": " ", "loci": one}, ["cycle.programme"]),
        ({"loci": one * 2}, ["lokus.exists"]),
        ({"loci": [PastLokus(far)]}, ["lokus.place"]),
        ({"loci": [PastLokus(dalem, total=Decimal(80))]}, ["history.source"]),
        ({"loci": [PastLokus(dalem, total=Decimal(101), source="SK")]}, ["history.total"]),
        ({"loci": [PastLokus(dalem, total=Decimal(-1), scale=Decimal(10), source="SK")]}, ["history.total"]),
    ]
    for given, expected in wrong:
        with pytest.raises(InputError) as refused:
            history.record_past_year(by=CONSOLE, cycle=cycle, **(GIVEN | given))  # type: ignore[arg-type]
        assert codes(refused) == expected
    with pytest.raises(Forbidden):
        history.record_past_year(by=build.member(Role.LEADER, "36.72"), cycle=cycle, loci=one, **GIVEN)  # type: ignore[arg-type]
    assert Cycle.objects.count() == 2


def test_what_was_recorded_by_mistake_is_taken_back_and_that_is_written_down() -> None:
    cycle = build.cycle()
    won = cycles.record_achievement(
        by=CONSOLE, place=cycle.place, year=2023, title="Juara I", level="Banten", source="SK",
        confidence=Confidence.PRESS,
    )  # fmt: skip
    with pytest.raises(Forbidden):
        history.remove_achievement(by=build.member(Role.LEADER, "36.72"), cycle=cycle, achievement=won)
    history.remove_achievement(by=CONSOLE, cycle=cycle, achievement=won)

    assert (Achievement.objects.count(), AuditEntry.objects.filter(action="achievements.remove").count()) == (0, 1)


def test_what_a_city_won_its_province_only_reads_in_its_own_year() -> None:
    theirs, own = build.cycle("36"), build.cycle("36.73")
    who = build.member(Role.PROVINCE, "36")
    given = {"by": CONSOLE, "year": 2023, "title": "Juara I", "level": "Banten", "source": "SK"}
    won, provinces = (
        cycles.record_achievement(place=each.place, confidence=Confidence.PRESS, **given) for each in (own, theirs)
    )
    with pytest.raises(Forbidden):
        history.tell_programme(by=who, cycle=theirs, achievement=won, programme="krppa")
    with pytest.raises(Forbidden):
        history.remove_achievement(by=who, cycle=theirs, achievement=won)
    unchanged = set(Achievement.objects.filter(programme=""))
    assert (unchanged, AuditEntry.objects.filter(actor=who).count()) == ({won, provinces}, 0)
    history.remove_achievement(by=who, cycle=theirs, achievement=provinces)
    history.remove_achievement(by=build.member(Role.SECRETARIAT, "36.73"), cycle=own, achievement=won)
    assert Achievement.objects.count() == 0


def test_of_which_programme_it_was_is_told_later_and_written_down_once() -> None:
    cycle = build.cycle()
    won = cycles.record_achievement(
        by=CONSOLE, place=cycle.place, year=2023, title="Juara I", level="Banten", source="SK",
        confidence=Confidence.PRESS,
    )  # fmt: skip
    with pytest.raises(Forbidden):
        history.tell_programme(by=build.member(Role.LEADER, "36.72"), cycle=cycle, achievement=won, programme="krppa")
    for _ in range(2):
        history.tell_programme(by=CONSOLE, cycle=cycle, achievement=won, programme="krppa")
    with pytest.raises(InputError) as refused:
        history.tell_programme(by=CONSOLE, cycle=cycle, achievement=won, programme="x")
    assert codes(refused) == ["achievement.no_programme"]

    won.refresh_from_db()
    (entry,) = AuditEntry.objects.filter(action="achievements.tell_programme")
    assert (won.programme, entry.object_id, entry.details) == (
        "krppa", cycle.place.code,
        {"via": "console", "year": 2023, "title": "Juara I", "level": "Banten", "before": "", "programme": "krppa"},
    )  # fmt: skip
