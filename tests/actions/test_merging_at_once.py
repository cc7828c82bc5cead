"""Two families become one and two again while their round is scored: nobody waits for ever, every counter is right."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from selaras.actions.duplicates import judge, take_back
from selaras.actions.jobs import work_off
from selaras.actions.merging import merge, unmerge
from selaras.actions.recounting import full_check
from selaras.models import CurrentAnswers, Household, Merge
from tests import build
from tests.build_twins import Twins, answered, scored, twins

ROUNDS = 6


@pytest.mark.django_db
def test_what_moves_is_locked_before_it_is_read_rounds_before_answers_before_counters() -> None:
    of = twins()
    answered(of.other, of.programme.round, of.programme)
    made: list[Merge] = []
    for step in (lambda: made.append(merged(of)), lambda: unmerge(by=of.lurah, merged=made[0])):
        with transaction.atomic(), CaptureQueriesContext(connection) as asked:
            step()
        said = [query["sql"] for query in asked.captured_queries if "selaras_" in query["sql"]]
        tables = [text.split(' FROM "')[1].split('"')[0].removeprefix("selaras_") for text in said[:4]]
        assert tables == ["lokus", "household", "round", "currentanswers"]
        locks = [" FOR " in text for text in said[:4]]
        assert locks == [connection.features.has_select_for_update] * 4
        # Whoever scores has the round and names families then: nobody keeps them from being named.
        named = ["NO KEY" in text for text in said[:4]]
        assert named == [connection.features.has_select_for_no_key_update] * 3 + [False]


def merged(of: Twins) -> Merge:
    return merge(by=of.lurah, kept=of.one, gone=of.other)


@pytest.mark.django_db(transaction=True)
def test_merging_and_scoring_at_once_leave_every_counter_right() -> None:
    of = twins()
    third = build.household(of.programme.lokus)
    for family in (of.other, third):
        answered(family, of.programme.round, of.programme)

    def become_one_and_two() -> None:
        for _ in range(ROUNDS):
            judge(by=of.lurah, **of.where, pair=of.pair.uuid, answer="one", keep=str(of.one.uuid))
            take_back(by=of.lurah, **of.where, pair=of.pair.uuid)

    def score() -> None:
        for number in range(2 * ROUNDS):
            jamban = ("cemplung", "leher_angsa")[number % 2]
            CurrentAnswers.objects.update(dirty=True, answers={"jumlah": number, "jamban": jamban})
            scored(of.programme.round)

    with ThreadPoolExecutor(2) as pool:
        for running in [pool.submit(closing(become_one_and_two)), pool.submit(closing(score))]:
            running.result()
    work_off()
    assert list(full_check()) == []
    assert Household.objects.filter(pending__isnull=True).count() == 3


def closing(work: Callable[[], None]) -> Callable[[], None]:
    """Each thread has its own connection, which nobody else would close."""

    def run() -> None:
        try:
            work()
        finally:
            connection.close()

    return run
