"""Rounds, instruments and loci of a year that runs; two people at once; what stands fast."""

from datetime import date

import pytest

from selaras.access import CONSOLE
from selaras.actions import cycles, loci
from selaras.actions.cycles import Dated
from selaras.actions.shipped import publish_shipped
from selaras.errors import Forbidden, InputError
from selaras.models import AuditEntry, CurrentAnswers, Lokus, Role, Round
from selaras.queries.seen import instruments_seen, lokus_seen, rounds_seen, stages_seen
from selaras.queries.usual import RoundDraft
from tests import build
from tests.build_programme import bring, families_file, family, programme

pytestmark = pytest.mark.django_db
JAN, MAR, JUL = date(2024, 1, 8), date(2024, 3, 31), date(2024, 7, 1)


def codes(refused: pytest.ExceptionInfo[InputError]) -> list[str]:
    return [problem.code for problem in refused.value.problems]


def test_rounds_are_dated_anew_added_and_removed_while_nothing_was_sent_in_them() -> None:
    of = programme()
    bring(of, families_file([family("GD-001", 4, "leher_angsa", 2000)]))
    cycles.add_round(by=CONSOLE, cycle=of.cycle, kind="visit", opens=JUL, closes=JUL)  # type: ignore[arg-type]
    CurrentAnswers.objects.update(dirty=False)
    later = date(2024, 4, 5)
    cycles.set_rounds(
        by=CONSOLE,
        cycle=of.cycle,
        rounds=[RoundDraft("baseline", 1, JAN, later), RoundDraft("visit", 2, JUL, JUL)],
        seen=rounds_seen(of.cycle),
    )

    assert list(of.cycle.rounds.values_list("kind", "number", "closes")) == [
        ("baseline", 1, later),
        ("visit", 2, JUL),
    ]
    assert Round.objects.get(kind="baseline").pk == of.round.pk
    # What counts by the round's last day is counted anew.
    assert list(CurrentAnswers.objects.values_list("dirty", flat=True)) == [True]
    with pytest.raises(InputError) as refused:
        cycles.set_rounds(by=CONSOLE, cycle=of.cycle, rounds=[RoundDraft("visit", 2, JUL, JUL)])
    assert (codes(refused), of.cycle.rounds.count()) == (["cycle.round_used"], 2)


def test_the_second_of_two_is_told_and_nothing_of_hers_is_stored() -> None:
    cycle = build.cycle()
    version = build.version()
    stages, rounds, instruments = stages_seen(cycle), rounds_seen(cycle), instruments_seen(cycle)
    cycles.set_stages(by=CONSOLE, cycle=cycle, stages=[Dated("Validasi", JAN, MAR)], seen=stages)
    cycles.set_rounds(by=CONSOLE, cycle=cycle, rounds=[RoundDraft("baseline", 1, JAN, MAR)], seen=rounds)
    cycles.choose_instruments(by=CONSOLE, cycle=cycle, versions=[version], primary=version, seen=instruments)
    for second in (
        lambda: cycles.set_stages(by=CONSOLE, cycle=cycle, stages=[], seen=stages),
        lambda: cycles.set_rounds(by=CONSOLE, cycle=cycle, rounds=[], seen=rounds),
        lambda: cycles.choose_instruments(
            by=CONSOLE, cycle=cycle, versions=[version], primary=version, seen=instruments
        ),
    ):
        with pytest.raises(InputError) as refused:
            second()
        assert codes(refused) == ["setup.changed"]
    assert (cycle.stages.count(), cycle.rounds.count(), cycle.cycle_instruments.count()) == (1, 1, 1)


def test_instruments_are_chosen_with_one_that_is_primary() -> None:
    cycle = build.cycle()
    one, two = build.version(), build.version("lain")
    cycles.choose_instruments(by=CONSOLE, cycle=cycle, versions=[one, two], primary=two)
    assert set(cycle.cycle_instruments.values_list("version", "primary")) == {(one.pk, False), (two.pk, True)}
    for primary in (None, one):
        with pytest.raises(InputError) as refused:
            cycles.choose_instruments(by=CONSOLE, cycle=cycle, versions=[two], primary=primary)
        assert codes(refused) == ["cycle.instrument"]
    with pytest.raises(Forbidden):
        cycles.choose_instruments(by=build.member(Role.LEADER, "36.72"), cycle=cycle, versions=[one], primary=one)


def test_the_shipped_instruments_are_published_once() -> None:
    first, again = publish_shipped(by=CONSOLE), publish_shipped(by=CONSOLE)

    assert [version.instrument for version in first] == ["p2wkss", "keluarga-sejahtera", "iks"]
    assert again == first
    krppa = publish_shipped(by=CONSOLE, bundle="krppa")
    assert [version.instrument for version in krppa] == ["krppa", "ibangga", "phbs"]
    with pytest.raises(Forbidden):
        publish_shipped(by=build.member(Role.LEADER, "36.72"))


def test_a_lokus_is_changed_and_taken_back_while_it_holds_nothing() -> None:
    cycle = build.cycle()
    lokus, other = build.lokus(cycle), build.lokus(cycle, "36.72.05.1001", "SJ")
    seen = lokus_seen(lokus)
    changed = loci.change_lokus(by=CONSOLE, lokus=lokus, prefix="GDL", rw="3", target_size=80, seen=seen)
    assert (changed.area, changed.prefix, changed.target_size) == ("36.72.05.1005.RW03", "GDL", 80)
    wrong = [
        ({"seen": seen}, ["setup.changed"]),
        ({"prefix": "g"}, ["lokus.prefix"]),
        ({"prefix": "SJ"}, ["lokus.exists"]),
        ({"target_size": 0}, ["lokus.target"]),
    ]
    for given, expected in wrong:
        with pytest.raises(InputError) as refused:
            loci.change_lokus(
                by=CONSOLE,
                lokus=lokus,
                **({"prefix": "GDL", "rw": "3", "target_size": 80} | given),  # type: ignore[arg-type]
            )
        assert codes(refused) == expected
    build.household(changed)
    kept = loci.change_lokus(by=CONSOLE, lokus=changed, prefix="GDL", rw="3", target_size=120)
    assert kept.target_size == 120
    for given in ({"prefix": "GE", "rw": "3"}, {"prefix": "GDL", "rw": "4"}):
        with pytest.raises(InputError) as refused:
            loci.change_lokus(by=CONSOLE, lokus=changed, target_size=120, **given)
        assert codes(refused) == ["lokus.used"]
    with pytest.raises(InputError) as refused:
        loci.remove_lokus(by=CONSOLE, lokus=changed)
    assert codes(refused) == ["lokus.used_remove"]
    loci.remove_lokus(by=CONSOLE, lokus=other)
    assert list(Lokus.objects.values_list("prefix", flat=True)) == ["GDL"]
    assert AuditEntry.objects.filter(action="cycles.remove_lokus").count() == 1
    with pytest.raises(Forbidden):
        loci.remove_lokus(by=build.member(Role.SECRETARIAT, "36.73"), lokus=changed)
