"""What families say they received: hers is the word, and a *belum* takes nothing away."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from selaras.models import Commitment, CommitmentNeed, Confirmation, Cycle, Household, Need, Target
from selaras.queries.confirmations import Voices, Word, confirmed, standing
from selaras.queries.matching import Matching
from selaras.queries.matrix_rows import promises_of
from tests import build
from tests.build_plans import commitment, need

START = datetime(2024, 6, 1, tzinfo=UTC)
SAID = st.tuples(st.booleans(), st.sampled_from(["ibu", "lain"]), st.sampled_from(["kader", "kertas"]))


def words(said: list[tuple[bool, str, str]]) -> list[Word]:
    return [
        Word(received, who, via, date(2024, 6, 1) + timedelta(days=i), START + timedelta(days=i))
        for i, (received, who, via) in enumerate(said)
    ]


@pytest.mark.parametrize(
    ("said", "stands"),
    [
        ([], "unasked"),
        ([(True, "ibu", "kader")], "received"),
        ([(False, "ibu", "kader")], "not_yet"),
        ([(False, "ibu", "kader"), (True, "ibu", "lembar")], "received"),
        ([(True, "ibu", "lembar"), (False, "ibu", "kertas")], "not_yet"),
        ([(True, "lain", "kader")], "unasked"),
        ([(False, "lain", "kader")], "not_yet"),
        ([(False, "ibu", "kader"), (True, "lain", "kader")], "not_yet"),
        ([(True, "ibu", "kader"), (False, "lain", "kader")], "received"),
        ([(False, "lain", "kader"), (True, "lain", "kader")], "not_yet"),
    ],
)
def test_her_newest_word_holds_and_a_husbands_yes_never_does(said: list[tuple[bool, str, str]], stands: str) -> None:
    assert standing(words(said)) == stands


def test_a_paper_of_an_earlier_day_that_is_typed_later_does_not_overrule_her_last_word() -> None:
    typed = Word(False, "ibu", "kertas", date(2024, 6, 1), datetime(2024, 6, 25, tzinfo=UTC))
    own = Word(True, "ibu", "lembar", date(2024, 6, 20), datetime(2024, 6, 20, tzinfo=UTC))
    assert standing([typed, own]) == standing([own, typed]) == "received"


@given(st.lists(SAID, max_size=6))
def test_nothing_is_received_that_she_did_not_call_received(said: list[tuple[bool, str, str]]) -> None:
    if standing(words(said)) == "received":
        assert [received for received, who, _via in said if who == "ibu"][-1] is True


@given(st.lists(SAID, max_size=6), st.sampled_from(["ibu", "lain"]))
def test_one_more_not_yet_never_makes_a_thing_received(said: list[tuple[bool, str, str]], who: str) -> None:
    before, after = standing(words(said)), standing(words([*said, (False, who, "kader")]))
    assert after == ("not_yet" if who == "ibu" or before == "unasked" else before)


def say(family: Household, to: Commitment, received: bool, *, said: str = "ibu", at: int = 0) -> Confirmation:
    return Confirmation.objects.create(
        household=family, commitment=to, received=received, said=said, via="kader",
        on=date(2024, 6, 1), at=START + timedelta(minutes=at),
    )  # fmt: skip


def year() -> tuple[Cycle, list[Household], list[Need], list[Commitment]]:
    """Three families without a toilet, one of them without water too; a commitment names two, one is for the place."""
    cycle = build.cycle()
    lokus, round_ = build.lokus(cycle), build.baseline(cycle)
    families = [build.household(lokus) for _ in range(3)]
    needs = [need(family, round_) for family in families] + [need(families[0], round_, "air")]
    toilets = commitment(lokus, needs=needs[:2], state="done")
    water = commitment(lokus, of="Perkim", indicator="air")
    return cycle, families, needs, [toilets, water]


@pytest.mark.django_db
def test_each_commitment_need_and_indicator_is_counted_by_families() -> None:
    cycle, families, needs, (toilets, water) = year()
    say(families[0], toilets, received=True)
    say(families[1], toilets, received=False)
    found = confirmed(cycle)
    lokus = families[0].lokus_id
    assert found.commitments == {toilets.pk: Voices(1, 1, 0), water.pk: Voices(0, 0, 1)}
    # Nobody promised the third family anything.
    assert found.needs == {needs[0].pk: "received", needs[1].pk: "not_yet", needs[3].pk: "unasked"}
    assert found.indicators == {(lokus, "jamban"): Voices(1, 1, 0), (lokus, "air"): Voices(0, 0, 1)}
    assert confirmed(cycle, families[0].lokus) == found
    elsewhere = build.lokus(cycle, "36.72.05.1001", "SJ")
    assert confirmed(cycle, elsewhere).commitments == {}


@pytest.mark.django_db
def test_a_proposal_a_called_off_one_and_a_need_taken_back_ask_nobody() -> None:
    cycle, families, needs, (toilets, water) = year()
    say(families[0], toilets, received=True)
    Commitment.objects.filter(pk=toilets.pk).update(state="proposed")
    Commitment.objects.filter(pk=water.pk).update(state="cancelled")
    assert confirmed(cycle).commitments == {}
    Commitment.objects.filter(pk=toilets.pk).update(state="running")
    Need.objects.filter(pk=needs[0].pk).update(closed_in=needs[0].opened_in, closed_at=START)
    assert confirmed(cycle).commitments == {toilets.pk: Voices(0, 0, 1)}


@pytest.mark.django_db
def test_an_erased_family_is_not_counted() -> None:
    cycle, families, _needs, (toilets, _water) = year()
    say(families[0], toilets, received=True)
    Household.objects.filter(pk=families[0].pk).update(pending="6f2b7f5e-0000-4000-8000-000000000000")
    assert confirmed(cycle).commitments == {toilets.pk: Voices(0, 0, 1)}


@pytest.mark.django_db
def test_a_year_costs_the_same_statements_for_one_family_and_for_many(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    cycle, families, _needs, (toilets, _water) = year()
    with django_assert_num_queries(4):
        confirmed(cycle)
    for family in families[:2]:
        say(family, toilets, received=True)
    with django_assert_num_queries(4):
        confirmed(cycle)


def entitled(cycle: Cycle) -> tuple[object, ...]:
    """All that a family is entitled to: its needs, who serves them, what they wait for, its place on the list."""
    needs = list(Need.objects.order_by("pk").values())
    matching = Matching([promise for promise, _area in promises_of(cycle)])
    served = [
        (row.pk, matching.service(row.lokus_id, row.indicator, row.household.area,
                                  CommitmentNeed.objects.filter(need=row).values_list("commitment_id", flat=True)))
        for row in Need.objects.select_related("household").order_by("pk")
    ]  # fmt: skip
    return (
        needs, served, list(CommitmentNeed.objects.order_by("pk").values()),
        list(Commitment.objects.order_by("pk").values()), list(Target.objects.order_by("pk").values()),
    )  # fmt: skip


@pytest.mark.django_db
@settings(
    max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], deadline=None
)
@given(
    st.lists(
        st.tuples(st.integers(0, 2), st.integers(0, 1), st.booleans(), st.sampled_from(["ibu", "lain"])), max_size=8
    )
)
def test_whatever_families_say_their_entitlement_is_the_same_and_a_not_yet_raises_no_count(
    said: list[tuple[int, int, bool, str]],
) -> None:
    Confirmation.objects.all().delete()
    cycle = Cycle.objects.first()
    if cycle is None:
        cycle, families, _needs, commitments = year()
        for number, family in enumerate(families, start=1):
            family.lokus.targets.create(household=family, state="target", position=number)
    else:
        families, commitments = list(Household.objects.order_by("pk")), list(Commitment.objects.order_by("pk"))
    before, received = entitled(cycle), 0
    for at, (family, promise, yes, who) in enumerate(said):
        say(families[family], commitments[promise], yes, said=who, at=at)
        now = sum(one.received for one in confirmed(cycle).commitments.values())
        assert now <= received + (yes and who == "ibu")
        received = now
    assert entitled(cycle) == before
    # No need was closed by a word, and what was never confirmed by her is received by nobody.
    assert Need.objects.filter(closed_at__isnull=False).count() == 0
