"""What is known of every item, and its layers: claim or record, evidence, families' word, what was found."""

from datetime import UTC, datetime
from fractions import Fraction
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from selaras.models import ClaimFinding, EvidenceUse, Household, Need
from selaras.queries.layered import layered
from selaras.scoring.layers import Layers
from tests import build, build_plans, build_readiness
from tests.build_programme import Programme, bring, families_file, family, programme
from tests.kept import kept

pytestmark = pytest.mark.django_db


@kept
def measured(with_latrine: int, without: int) -> Programme:
    """A lokus with so many families that have a latrine, and so many that have none."""
    of = programme()
    kinds = ["leher_angsa"] * with_latrine + ["cemplung"] * without
    bring(of, families_file([family(f"GD-{i:03d}", 4, kind, 2000) for i, kind in enumerate(kinds, start=1)]))
    return of


def layers(of: Programme, name: str) -> Layers:
    return layered(of.lokus).items[name].layers


ONE, NOTHING = Fraction(1), Fraction(0)


def test_a_claim_without_evidence_is_a_claim_and_nothing_more() -> None:
    of = measured(1, 0)
    assert layers(of, "sk") == Layers()
    build_readiness.claim(of, "sk", option="a")
    assert layers(of, "sk") == Layers(ONE, NOTHING, None, NOTHING)


def test_a_record_stands_for_a_claim_until_there_is_one() -> None:
    of = measured(1, 0)
    build_readiness.fact(of, "sk", option="a")
    build_readiness.cite(of, "sk")
    assert layers(of, "sk") == Layers(ONE, ONE, None, NOTHING)
    build_readiness.claim(of, "sk", option="b")
    assert layers(of, "sk") == Layers(NOTHING, NOTHING, None, NOTHING)


@pytest.mark.parametrize(
    ("states", "found"),
    [
        (["waiting"], Layers(ONE, ONE, None, NOTHING)),
        (["refused"], Layers(ONE, NOTHING, None, NOTHING)),
        (["refused", "verified"], Layers(ONE, ONE, None, ONE)),
    ],
)
def test_evidence_carries_a_claim_as_far_as_somebody_vouched(states: list[str], found: Layers) -> None:
    of = measured(1, 0)
    build_readiness.claim(of, "sk", option="a")
    for state in states:
        build_readiness.cite(of, "sk", state=state)
    assert layers(of, "sk") == found


def test_a_citation_is_verified_only_with_its_evidence_and_refused_with_either() -> None:
    of = measured(1, 0)
    build_readiness.claim(of, "sk", option="a")
    use = build_readiness.cite(of, "sk", state="verified")
    EvidenceUse.objects.filter(pk=use.pk).update(state="waiting")
    assert layers(of, "sk").verified == NOTHING
    EvidenceUse.objects.filter(pk=use.pk).update(state="verified")
    type(use.evidence).objects.filter(pk=use.evidence.pk).update(state="refused")
    assert layers(of, "sk").evidenced == NOTHING


@pytest.mark.parametrize("gone", ["evidence", "activity", "another item", "another lokus"])
def test_evidence_that_is_gone_or_of_something_else_carries_nothing(gone: str) -> None:
    of = measured(1, 0)
    build_readiness.claim(of, "sk", option="a")
    use = build_readiness.cite(of, "sk", state="verified")
    if gone == "evidence":
        type(use.evidence).objects.filter(pk=use.evidence.pk).update(deleted_at=timezone.now())
    elif gone == "activity":
        activity = of.cycle.activities.create(lokus=of.lokus, title="Uji", on="2024-05-01", deleted_at=timezone.now())
        type(use.evidence).objects.filter(pk=use.evidence.pk).update(activity=activity)
    elif gone == "another item":
        EvidenceUse.objects.filter(pk=use.pk).update(indicator="saluran")
    else:
        EvidenceUse.objects.filter(pk=use.pk).update(lokus=build.lokus(of.cycle, "36.72.05.1001", "SJ"))
    assert layers(of, "sk") == Layers(ONE, NOTHING, None, NOTHING)


def test_a_proof_shows_no_more_than_what_was_said_of_it_and_the_newest_finding_holds() -> None:
    of = measured(1, 0)
    build_readiness.claim(of, "sk", option="a")
    build_readiness.cite(of, "sk", state="verified", limit={"option": "b"})
    assert layers(of, "sk") == Layers(ONE, NOTHING, None, NOTHING)
    build_readiness.cite(of, "sk", state="verified")
    same: dict[str, Any] = {"lokus": of.lokus, "instrument": of.version.instrument, "indicator": "sk", "reason": "uji"}
    for day, option, left in ((1, "b", NOTHING), (2, "a", ONE), (3, "b", NOTHING)):
        ClaimFinding.objects.create(**same, option=option, at=datetime(2024, 6, day, tzinfo=UTC))
        assert layers(of, "sk") == Layers(ONE, ONE, None, left)


def promised(of: Programme, codes: list[str]) -> list[tuple[Household, Any]]:
    """A done promise of a latrine to each of these families."""
    found = []
    for code in codes:
        household = Household.objects.get(code=code)
        need = Need.objects.filter(household=household).first() or build_plans.need(household, of.round)
        found.append((household, build_plans.commitment(of.lokus, needs=[need], state="done")))
    return found


def test_a_measured_latrine_that_its_family_denies_counts_no_further() -> None:
    of = measured(8, 2)
    assert layers(of, "jamban") == Layers(ONE, ONE, None, NOTHING)
    (first, promise), (second, another) = promised(of, ["GD-001", "GD-002"])
    build_readiness.word(second, another, received=True)
    assert layers(of, "jamban") == Layers(ONE, ONE, ONE, NOTHING)
    build_readiness.word(first, promise, received=False)
    found = layered(of.lokus).items["jamban"]
    # 7 of 10 lie in the band below.
    assert found.layers == Layers(ONE, ONE, Fraction(1, 2), NOTHING)
    assert (found.denied, found.voices.received, found.voices.not_yet) == (frozenset({first.pk}), 1, 1)


def test_who_was_not_measured_to_have_it_takes_nothing_away_by_a_belum() -> None:
    of = measured(8, 2)
    ((family_, promise),) = promised(of, ["GD-009"])
    build_readiness.word(family_, promise, received=False)
    assert layers(of, "jamban").received == ONE


def test_words_about_a_promise_for_a_record_are_heard_there() -> None:
    of = measured(2, 0)
    build_readiness.claim(of, "saluran", value=1)
    build_readiness.cite(of, "saluran", state="verified")
    (first, promise), (second, another) = promised(of, ["GD-001", "GD-002"])
    for one in (promise, another):
        one.indicator = "saluran"
        one.save()
    build_readiness.word(first, promise, received=True)
    build_readiness.word(second, another, received=False)
    half = Fraction(1, 2)
    assert layers(of, "saluran") == Layers(ONE, ONE, half, half)


def test_statements_do_not_grow_with_what_is_known(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    of = measured(8, 2)
    build_readiness.claim(of, "sk", option="a")
    build_readiness.cite(of, "sk")
    ((family_, promise),) = promised(of, ["GD-001"])
    build_readiness.word(family_, promise, received=False)
    with django_assert_num_queries(17):
        layered(of.lokus)
    build_readiness.claim(of, "saluran", value=1)
    for _ in range(3):
        build_readiness.cite(of, "sk", state="verified", limit={"option": "b"})
    for household, made in promised(of, ["GD-002", "GD-003", "GD-004"]):
        build_readiness.word(household, made, received=False)
    with django_assert_num_queries(17):
        layered(of.lokus)
