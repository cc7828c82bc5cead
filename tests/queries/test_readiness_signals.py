"""What should be looked at is found, all of it and nothing else, in drawn years; and told to whom it is for."""

from collections import Counter
from datetime import UTC, date, datetime

import pytest

from selaras.models import ClaimFinding, Household, HouseholdScore, Role, Round
from selaras.queries.layered import layered
from selaras.queries.readiness import readiness_page
from selaras.queries.readiness_signals import signals_page
from selaras.queries.signals import signals_of
from tests import build, build_plans, build_readiness
from tests.build_programme import Programme
from tests.queries.drawn_years import Year
from tests.queries.test_readiness import HEALTH, measured, secretariat
from tests.sample_workbook import sample

pytestmark = pytest.mark.django_db


def found(of: Programme) -> set[tuple[object, ...]]:
    """Every signal, family by family."""
    things: set[tuple[object, ...]] = set()
    for signal in signals_of(layered(of.lokus)):
        if signal.kind == "undelivered":
            things.add((signal.kind, signal.commitment))
        elif signal.kind in {"denied", "worse"}:
            things |= {(signal.kind, signal.indicator, family) for family in signal.families}
        else:
            things.add((signal.kind, signal.indicator))
    return things


def test_in_twenty_drawn_years_all_that_was_planted_is_found_and_nothing_else() -> None:
    """Precision and recall, by kind, over 20 years: 1 and 1."""
    right, planted, told = Counter[object](), Counter[object](), Counter[object]()
    for seed in range(20):
        year = Year(seed)
        wanted, got = year.planted.things(), found(year.of)
        for item in layered(year.of.lokus).items.values():
            chain = [item.layers.verified, item.layers.standing, item.layers.evidenced, item.layers.claim]
            assert [one or 0 for one in chain] == sorted(one or 0 for one in chain)
        assert (seed, got) == (seed, wanted)
        for counter, things in ((right, got & wanted), (planted, wanted), (told, got)):
            counter.update(kind for kind, *_ in things)
    kinds = ("bare", "denied", "undelivered", "worse")
    assert min(planted[kind] for kind in kinds) >= 50
    report = {kind: (planted[kind], right[kind] / told[kind], right[kind] / planted[kind]) for kind in kinds}
    print(report)
    assert {kind: row[1:] for kind, row in report.items()} == dict.fromkeys(kinds, (1.0, 1.0))


def test_a_second_look_a_record_that_differs_and_a_proof_that_shows_less_are_signals() -> None:
    of = measured(1, 0)
    build_readiness.claim(of, "sk", option="a")
    build_readiness.fact(of, "sk", option="b")
    build_readiness.cite(of, "sk", limit={"option": "b"})
    ClaimFinding.objects.create(
        lokus=of.lokus,
        instrument="contoh",
        indicator="sk",
        option="b",
        reason="belum",
        at=datetime(2024, 5, 1, tzinfo=UTC),
    )
    page = signals_page(secretariat(of), of.cycle.slug, of.lokus.area)
    assert [(line.kind, line.name, line.points, line.reason) for line in page.signals] == [
        ("beyond", "sk", 20, ""),
        ("lower", "sk", 20, "belum"),
        ("differs", "sk", 20, "SK"),
        ("stale", "sk", 20, ""),
    ]


def worsened(of: Programme, families: int) -> None:
    """So many families had a latrine in an earlier round; they have none now."""
    before = Round.objects.create(cycle=of.cycle, kind="visit", opens=date(2024, 1, 1), closes=date(2024, 1, 5))
    ref = of.version.indicators.get(name="jamban")
    HouseholdScore.objects.filter(household__code__gt=f"GD-{10 + families:03d}", state="n").update(state="m")
    HouseholdScore.objects.bulk_create(
        HouseholdScore(
            household=family,
            lokus=of.lokus,
            round=before,
            indicator=ref,
            state="y",
            n=1,
            true=1,
            missing=0,
            not_applicable=0,
        )
        for family in Household.objects.filter(code__gt="GD-010", code__lte=f"GD-{10 + families:03d}")
    )


@pytest.mark.parametrize(("families", "count"), [(4, None), (5, 5)])
def test_of_health_a_few_families_are_not_counted_and_none_is_named(families: int, count: int | None) -> None:
    of = measured(10, 10, sample(privacy=HEALTH))
    worsened(of, families)
    (line,) = signals_page(secretariat(of), of.cycle.slug, of.lokus.area).signals
    assert (line.kind, line.name, line.count, line.codes) == ("worse", "jamban", count, ())


def test_families_are_named_by_code_to_who_works_with_them_alone() -> None:
    of = measured(10, 10)
    worsened(of, 2)
    camat = build.member(Role.SUPERVISOR, "36.72.05", cycle=of.cycle)
    leader = build.member(Role.LEADER, "36.72", cycle=of.cycle)
    told = {
        who: signals_page(user, of.cycle.slug, of.lokus.area).signals[0]
        for who, user in (("camat", camat), ("leader", leader))
    }
    assert {who: (line.count, line.codes) for who, line in told.items()} == {
        "camat": (2, ("GD-011", "GD-012")),
        "leader": (2, ()),
    }


def test_a_promise_called_done_that_has_not_come_is_its_agencys() -> None:
    of = measured(1, 1)
    household = Household.objects.get(code="GD-002")
    promise = build_plans.commitment(of.lokus, needs=[household.needs.get()], state="done", title="Jamban keluarga")
    build_readiness.word(household, promise, received=False)
    (line,) = signals_page(secretariat(of), of.cycle.slug, of.lokus.area).signals
    assert (line.kind, line.commitment, line.agency, line.title, line.count, line.points) == (
        "undelivered",
        promise.number,
        "Disperkim",
        "Jamban keluarga",
        1,
        0,
    )


def test_of_a_promise_that_she_may_not_read_an_agencys_liaison_hears_nothing() -> None:
    of = measured(1, 1)
    household = Household.objects.get(code="GD-002")
    promise = build_plans.commitment(of.lokus, needs=[household.needs.get()], state="done")
    build_readiness.word(household, promise, received=False)
    told = {}
    for name in ("Disperkim", "Dinkes"):
        liaison = build.member(Role.LIAISON, agency=build_plans.agency(name))
        page = signals_page(liaison, of.cycle.slug, of.lokus.area)
        counted = readiness_page(liaison, of.cycle.slug, of.lokus.area).signals
        told[name] = [line.kind for line in page.signals], counted
    assert told == {"Disperkim": (["undelivered"], 1), "Dinkes": ([], 0)}
