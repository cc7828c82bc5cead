"""Needs are opened and closed by measurements alone, whatever the order in which these are counted."""

import random
from datetime import UTC, date, datetime
from itertools import permutations

import pytest
from django.db import transaction

from selaras.access import CONSOLE
from selaras.actions import needs, upkeep
from selaras.actions.erasure import erase_household
from selaras.actions.jobs import work_off
from selaras.actions.recounting import full_check, recompute
from selaras.models import CurrentAnswers, Household, HouseholdScore, Job, Need, Round, State
from tests import build
from tests.build_plans import commitment
from tests.build_programme import Programme, bring, families_file, family, programme
from tests.sample_workbook import changed

pytestmark = pytest.mark.django_db(transaction=True)
NOW = datetime(2024, 7, 1, tzinfo=UTC)


def visit(of: Programme, number: int = 1, opens: date = date(2024, 7, 1)) -> Round:
    """A later round."""
    return Round.objects.create(cycle=of.cycle, kind="visit", number=number, opens=opens, closes=opens)


def measured(of: Programme, household: Household, round_: Round, state: State, indicator: str = "jamban") -> None:
    """That state, as the scoring job stores it, and what follows of it."""
    reference = of.version.indicators.get(name=indicator)
    values = {"lokus": of.lokus, "state": state, "n": 1, "true": state == State.YES, "missing": 0, "not_applicable": 0}
    HouseholdScore.objects.update_or_create(household=household, round=round_, indicator=reference, defaults=values)
    follow(of, household)


def follow(of: Programme, household: Household) -> None:
    with transaction.atomic():
        needs.follow(version=of.version, households=[household.pk], now=NOW)


def said(household: Household) -> list[tuple[str, str, str | None]]:
    """(indicator, opened in, closed in) of its needs, those taken back left out."""
    rows = (
        Need.objects.filter(household=household).order_by("opened_in__opens").select_related("opened_in", "closed_in")
    )
    return [
        (need.indicator, need.opened_in.kind, None if need.closed_in is None else need.closed_in.kind)
        for need in rows
        if not needs.is_void(need)
    ]


def test_the_scoring_job_opens_a_need_for_each_no_and_for_nothing_else() -> None:
    of = programme()
    members = [["GD-001", "Ani", "", 12, "tidak"], ["GD-001", "Budi", "", 9, "ya"], ["GD-002", "Citra", "", 8, "ya"]]
    rows = [family("GD-001", 4, "leher_angsa", 1), family("GD-002", 3, "cemplung", 1), family("GD-003", 2, "", 1)]
    bring(of, families_file(rows, members))
    found = {(need.household.code, need.indicator) for need in Need.objects.select_related("household")}

    # Of several members the worst one speaks; a blank is no need, and a mean has none.
    assert found == {("GD-001", "sekolah"), ("GD-002", "jamban")}
    assert {(need.opened_in, need.closed_in) for need in Need.objects.select_related("opened_in")} == {(of.round, None)}


def test_where_less_is_better_what_is_true_is_the_need() -> None:
    of = programme(changed(("indicators", "K3", 1), ("indicators", "L3", 0)))
    later = visit(of)
    bring(of, families_file([family("GD-001", 4, "cemplung", 1)], [["GD-001", "Ani", "", 9, "ya"]]))
    household = Household.objects.get()
    reference = of.version.indicators.get(name="sekolah")
    assert ("sekolah", "baseline", None) in said(household)
    values = {"lokus": of.lokus, "not_applicable": 0, "round": later, "indicator": reference, "household": household}
    score = HouseholdScore.objects.create(**values, state=State.MISSING, n=1, true=1, missing=1)
    follow(of, household)
    assert ("sekolah", "baseline", None) in said(household)
    HouseholdScore.objects.filter(pk=score.pk).update(state=State.NO, true=0, missing=0)
    follow(of, household)
    assert ("sekolah", "baseline", "visit") in said(household)
    assert list(full_check()) == []


def test_a_later_yes_closes_it_and_a_blank_changes_nothing() -> None:
    of = programme()
    household, later = build.household(of.lokus), visit(of)
    measured(of, household, of.round, State.NO)
    measured(of, household, later, State.MISSING)
    assert said(household) == [("jamban", "baseline", None)]
    measured(of, household, later, State.YES)
    assert said(household) == [("jamban", "baseline", "visit")]
    assert Need.objects.get().closed_at == NOW


def test_what_no_longer_applies_closes_it_and_a_new_no_opens_another() -> None:
    of = programme()
    household, later, last = build.household(of.lokus), visit(of), visit(of, 2, date(2024, 9, 1))
    measured(of, household, of.round, State.NO)
    measured(of, household, later, State.NOT_APPLICABLE)
    measured(of, household, last, State.NO)

    assert said(household) == [("jamban", "baseline", "visit"), ("jamban", "visit", None)]


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_the_order_of_counting_does_not_matter(order: tuple[int, ...]) -> None:
    """An older round that arrives late neither opens nor closes anything against a newer one."""
    of = programme()
    household = build.household(of.lokus)
    rounds = [of.round, visit(of), visit(of, 2, date(2024, 9, 1))]
    states = [State.NO, State.YES, State.NO]
    for index in order:
        measured(of, household, rounds[index], states[index])

    assert said(household) == [("jamban", "baseline", "visit"), ("jamban", "visit", None)]


def test_an_older_round_says_nothing_against_a_newer_one() -> None:
    of = programme()
    household, later = build.household(of.lokus), visit(of)
    measured(of, household, later, State.YES)
    measured(of, household, of.round, State.NO)
    assert Need.objects.filter(closed_at__isnull=True).count() == 0
    other = build.household(of.lokus)
    measured(of, other, later, State.NO)
    measured(of, other, of.round, State.YES)
    assert said(other) == [("jamban", "visit", None)]


def test_a_corrected_answer_takes_its_need_back_and_a_commitment_keeps_it() -> None:
    of = programme()
    free, promised = build.household(of.lokus), build.household(of.lokus)
    for household in (free, promised):
        measured(of, household, of.round, State.NO)
    need = Need.objects.get(household=promised)
    commitment(of.lokus, needs=[need])
    for household in (free, promised):
        measured(of, household, of.round, State.YES)

    assert (said(free), said(promised)) == ([], [])
    assert list(Need.objects.values_list("pk", "opened_in", "closed_in")) == [(need.pk, of.round.pk, of.round.pk)]
    measured(of, promised, of.round, State.NO)
    assert list(Need.objects.values_list("pk", "closed_in")) == [(need.pk, None)]


def test_counting_again_changes_nothing_and_fills_what_was_missing() -> None:
    of = programme()
    bring(of, families_file([family("GD-001", 4, "cemplung", 1), family("GD-002", 3, "cemplung", 1)]))
    before = list(Need.objects.order_by("pk").values())
    recompute(by=CONSOLE, cycle=of.cycle)
    work_off()
    assert (len(before), list(Need.objects.order_by("pk").values())) == (2, before)
    Need.objects.all().delete()
    assert [str(one) for one in full_check()] == [
        "36.72.05.1005, jamban: kebutuhan 2 dari 2 keluarga tidak menurut pengukurannya"
    ]
    recompute(by=CONSOLE, cycle=of.cycle)
    work_off()
    assert (Need.objects.count(), list(full_check())) == (2, [])


def test_what_a_release_before_has_measured_gets_its_needs_by_itself() -> None:
    of = programme()
    bring(of, families_file([family("GD-001", 4, "cemplung", 1), family("GD-002", 3, "leher_angsa", 1)]))
    before = Need.objects.values_list("household__code", "indicator").get()
    Need.objects.all().delete()
    upkeep.resume()
    upkeep.resume()
    queued = Job.objects.filter(state="queued").values_list("kind", "params")
    assert list(queued) == [("needs.follow", {"lokus": of.lokus.pk})]
    work_off()
    assert Need.objects.values_list("household__code", "indicator").get() == before
    upkeep.resume()
    assert (Job.objects.filter(state="queued").count(), list(full_check())) == (0, [])


def test_an_erased_family_keeps_an_empty_need_and_the_check_holds() -> None:
    of = programme()
    bring(of, families_file([family("GD-001", 4, "cemplung", 1)]))
    erase_household(by=CONSOLE, household=Household.objects.get(), reason="permintaan")

    assert (Need.objects.count(), list(full_check())) == (1, [])


def test_random_histories_in_random_orders_are_what_a_plain_reading_says() -> None:
    """Against a reading of the rules that knows no database: the newest telling state, walked from the oldest."""
    of = programme()
    draw = random.Random(11)
    rounds = [of.round, *(visit(of, n, date(2024, 4 + n, 1)) for n in range(1, 4))]
    for _ in range(25):
        household = build.household(of.lokus)
        history = [draw.choice([State.YES, State.NO, State.MISSING, State.NOT_APPLICABLE]) for _ in rounds]
        for index in draw.sample(range(4), 4):
            measured(of, household, rounds[index], history[index])
        found = [
            (need.opened_in_id, need.closed_in_id)
            for need in Need.objects.filter(household=household).order_by("opened_in__opens")
            if not needs.is_void(need)
        ]
        assert found == plainly(history, [round_.pk for round_ in rounds]), history
    assert CurrentAnswers.objects.count() == 0


def plainly(history: list[State], rounds: list[int]) -> list[tuple[int, int | None]]:
    found: list[tuple[int, int | None]] = []
    start = None
    for state, round_ in zip(history, rounds, strict=True):
        if state == "n":
            start = start or round_
        elif state in ("y", "a") and start:
            found.append((start, round_))
            start = None
    return [*found, (start, None)] if start else found
