"""Two families that are one become one, and two again exactly as they were."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from selaras.access import CONSOLE
from selaras.actions.doctor import examine
from selaras.actions.duplicates import judge, take_back
from selaras.actions.households import Correction, correct_household
from selaras.actions.jobs import work_off
from selaras.actions.results import freeze
from selaras.actions.targets import decide, move, undo
from selaras.errors import Forbidden, InputError, Missing
from selaras.models import (
    Activity,
    Arrival,
    AuditEntry,
    CommitmentNeed,
    Counter,
    CurrentAnswers,
    Duplicate,
    EditState,
    Household,
    HouseholdClass,
    HouseholdEdit,
    HouseholdScore,
    Lokus,
    Merge,
    Need,
    Person,
    PhotoConsent,
    Role,
    Statement,
    Submission,
    Target,
    TargetDecision,
    UnitCounter,
    Visit,
)
from selaras.queries.duplicates import codes_gone, kept_of
from tests import build
from tests.build_plans import commitment
from tests.build_twins import Twins, answered, endline, scored, twins
from tests.leaks import without_chance

pytestmark = pytest.mark.django_db
MOVING = {"id", "version", "dirty", "as_of", "private", "raw", "kk_sealed", "phone_sealed", "nik_sealed", "engine"}


def rows(model: type, **lookup: Any) -> list[dict[str, Any]]:
    found = [{k: v for k, v in row.items() if k not in MOVING} for row in model.objects.filter(**lookup).values()]
    return sorted(found, key=repr)


def everything() -> dict[str, Any]:
    """All that is known of the lokus, opened where it is sealed."""
    families = list(Household.objects.select_related("key").order_by("code"))
    persons = Person.objects.select_related("household__key").order_by("household", "position")
    sent = Submission.objects.select_related("household__key").order_by("pk")
    plain = (HouseholdScore, HouseholdClass, Counter, UnitCounter, Target, Visit, Need, CommitmentNeed, CurrentAnswers)
    plain = (*plain, PhotoConsent, Statement)
    return {
        "families": rows(Household),
        "numbers": [(one.code, one.kk(), one.phone()) for one in families],
        "persons": [(one.household.code, one.position, one.name, one.nik(), one.uuid) for one in persons],
        "sent": [(one.uuid, one.household.code, one.private_values(), one.superseded_by_id) for one in sent],
        "notes": [(one.household.code, one.note()) for one in Target.objects.select_related("household__key")],
        "activities": sorted(Activity.households.through.objects.values_list("activity_id", "household_id")),
        "registered": list(Lokus.objects.values_list("registered", flat=True)),
        **{model.__name__: rows(model) for model in plain},
        "arrivals": sorted(Arrival.objects.values_list("pk", "household_id", "submission_id")),
    }


def one(of: Twins, keep: Household | None = None) -> Duplicate:
    stays = keep or of.one
    return judge(by=of.lurah, **of.where, pair=of.pair.uuid, answer="one", keep=str(stays.uuid))


def two(of: Twins) -> Duplicate:
    return take_back(by=of.lurah, **of.where, pair=of.pair.uuid)


def codes(problems: InputError) -> list[str]:
    return [problem.code for problem in problems.problems]


def test_the_one_that_goes_is_in_nobodys_view_and_the_other_has_what_it_lacked() -> None:
    of = twins()
    one(of)
    kept, gone = (Household.objects.get(pk=row.pk) for row in (of.one, of.other))
    merged = Merge.objects.get()
    assert (gone.pending, gone.kk_hash, kept.pending) == (merged.uuid, None, None)
    assert (kept.kk(), kept.phone(), kept.address, kept.head_name) == (
        *("9900000000000001", "081200000001", "Gang Uji 7", "Siti Aminah"),
    )
    members = [(person.name, person.nik()) for person in kept.persons.select_related("household__key")]
    assert members == [("Siti Aminah", "3672054503850001"), ("Alya Zahra", "")]
    assert Lokus.objects.get().registered == 1
    assert (kept_of(gone.uuid), kept_of(kept.uuid), codes_gone(of.programme.lokus)) == (
        kept,
        None,
        {"GD-002": "GD-001"},
    )
    edit = HouseholdEdit.objects.get()
    assert (edit.source, edit.by, edit.number, kept.version) == ("merge", of.lurah, 2, 2)


def test_answers_of_a_round_follow_where_the_other_has_none_and_count_once() -> None:
    of = twins()
    answered(of.other, of.programme.round, of.programme, jumlah=6)
    before = rows(Counter)
    one(of)
    work_off()
    current = CurrentAnswers.objects.select_related("submission__household__key").get()
    assert (current.household_id, current.answers["jumlah"], current.dirty) == (of.one.pk, 6, False)
    assert current.submission.private_values() == {"catatan": "tentang GD-002"}
    assert rows(Counter) == before
    assert {row.household_id for row in HouseholdScore.objects.all()} == {of.one.pk}
    assert list(Need.objects.filter(household=of.one).values_list("indicator", flat=True)) == ["jamban"]


def test_where_both_have_answered_those_of_the_one_that_stays_count_and_the_counters_lose_the_other() -> None:
    of = twins()
    answered(of.one, of.programme.round, of.programme, jamban="leher_angsa")
    alone = {row["indicator_id"]: (row["n"], row["true"], row["total"]) for row in rows(Counter)}
    answered(of.other, of.programme.round, of.programme)
    one(of)
    work_off()
    assert {row["indicator_id"]: (row["n"], row["true"], row["total"]) for row in rows(Counter)} == alone
    assert [row.household_id for row in CurrentAnswers.objects.all()] == [of.one.pk]
    assert UnitCounter.objects.get().households == 1


def test_a_commitment_that_served_the_one_serves_the_same_need_of_the_other() -> None:
    of = twins()
    answered(of.other, of.programme.round, of.programme)
    made = commitment(of.programme.lokus, needs=Need.objects.filter(household=of.other, indicator="jamban"))
    one(of)
    served = CommitmentNeed.objects.filter(commitment=made, need__household=of.one)
    assert [row.need.indicator for row in served] == ["jamban"]


def test_the_better_place_on_the_list_is_the_families_and_the_lists_own_undo_leaves_it_alone() -> None:
    of = twins()
    third = build.household(of.programme.lokus)
    decide(by=of.lurah, **of.where, households=[third.code, of.other.code], to="target")
    decision = decide(by=of.lurah, **of.where, households=[of.one.code], to="reserve")
    one(of)
    assert list(Target.objects.order_by("state", "position").values_list("household__code", "state", "position")) == [
        ("GD-003", "target", 1),
        ("GD-001", "target", 2),
    ]
    with pytest.raises(InputError) as error:
        undo(by=of.lurah, **of.where, decision=TargetDecision.objects.latest("pk").uuid)
    assert codes(error.value) == ["targets.not_last"]
    with pytest.raises(InputError):
        undo(by=of.lurah, **of.where, decision=decision.uuid)
    two(of)
    undo(by=of.lurah, **of.where, decision=decision.uuid)
    assert {row.household.code for row in Target.objects.all()} == {"GD-002", "GD-003"}


def test_the_list_never_has_more_families_than_it_may_because_a_merge_was_undone() -> None:
    of = twins()
    third = build.household(of.programme.lokus)
    Lokus.objects.update(target_size=2)
    for family in (of.one, of.other):
        decide(by=of.lurah, **of.where, households=[family.code], to="target")
    one(of)
    decide(by=of.lurah, **of.where, households=[third.code], to="target")
    with pytest.raises(InputError) as error:
        two(of)
    assert codes(error.value) == ["unmerge.full"]
    assert Target.objects.filter(state="target").count() == 2

    decide(by=of.lurah, **of.where, households=[third.code], to="")
    two(of)
    assert {row.household.code for row in Target.objects.all()} == {"GD-001", "GD-002"}


def test_a_place_in_the_order_that_was_changed_since_keeps_no_merge() -> None:
    of = twins()
    third = build.household(of.programme.lokus)
    decide(by=of.lurah, **of.where, households=[third.code, of.other.code], to="target")
    one(of)
    move(by=of.lurah, **of.where, household=of.one.code, way="first")
    two(of)
    assert {row.household.code for row in Target.objects.all()} == {"GD-002", "GD-003"}


def test_each_answer_is_written_down_without_a_name() -> None:
    of = twins()
    one(of)
    two(of)
    entries = AuditEntry.objects.exclude(action__startswith="targets").order_by("pk")
    assert [entry.action for entry in entries] == [
        *("households.merge", "duplicates.judge", "households.unmerge", "duplicates.take_back"),
    ]
    said = without_chance(repr([entry.details for entry in entries]))
    assert [text for text in ("Aminah", "Gang", "9900", "3672", "0812") if text in said] == []


def test_two_families_and_two_in_one_house_are_kept_apart_and_taken_back() -> None:
    of = twins()
    for answer in ("two", "house"):
        judge(by=of.lurah, **of.where, pair=of.pair.uuid, answer=answer)
        assert Household.objects.filter(pending__isnull=True).count() == 2
        two(of)
    assert Duplicate.objects.get().answer == ""


def test_somebody_who_answers_second_is_told_so() -> None:
    of = twins()
    judge(by=of.lurah, **of.where, pair=of.pair.uuid, answer="two")
    with pytest.raises(InputError) as error:
        one(of)
    assert codes(error.value) == ["duplicates.answered"]


@pytest.mark.parametrize(
    ("answer", "keep", "code"), [("", "", "answer"), ("three", "", "answer"), ("one", "x", "keep")]
)
def test_what_is_no_answer_is_none(answer: str, keep: str, code: str) -> None:
    of = twins()
    with pytest.raises(InputError) as error:
        judge(by=of.lurah, **of.where, pair=of.pair.uuid, answer=answer, keep=keep)
    assert codes(error.value) == [f"duplicates.{code}"]


def test_a_cadre_may_not_and_the_lurah_next_door_knows_of_nothing() -> None:
    of = twins()
    cadre = build.member(Role.CADRE, f"{of.programme.lokus.place.code}.RW03", cycle=of.programme.cycle)
    with pytest.raises(Forbidden):
        judge(by=cadre, **of.where, pair=of.pair.uuid, answer="two")
    budi = build.member(Role.SUPERVISOR, build.place("36.72.05.1001").code, cycle=of.programme.cycle)
    with pytest.raises(Missing):
        judge(by=budi, **of.where, pair=of.pair.uuid, answer="two")


def test_a_family_whose_answers_are_in_a_frozen_result_stays_and_may_be_the_one_that_stays() -> None:
    of = twins()
    answered(of.other, of.programme.round, of.programme)
    freeze(by=CONSOLE, lokus=of.programme.lokus, round_=of.programme.round)
    with pytest.raises(InputError) as error:
        one(of)
    assert codes(error.value) == ["merge.frozen"]
    one(of, of.other)


def test_a_change_of_a_phone_that_waits_is_decided_first() -> None:
    of = twins()
    edit = HouseholdEdit(household=of.other, base=1, state=EditState.CONFLICT)
    edit.seal_changes({"rt": ["01", "02"]})
    edit.save()
    with pytest.raises(InputError) as error:
        one(of)
    assert codes(error.value) == ["merge.conflict"]


def test_after_a_result_was_frozen_on_it_a_merge_stays() -> None:
    of = twins()
    answered(of.other, of.programme.round, of.programme)
    one(of)
    work_off()
    freeze(by=CONSOLE, lokus=of.programme.lokus, round_=of.programme.round)
    with pytest.raises(InputError) as error:
        two(of)
    assert codes(error.value) == ["unmerge.frozen"]


def test_a_result_frozen_after_a_merge_counts_the_family_once() -> None:
    of = twins()
    answered(of.one, of.programme.round, of.programme)
    answered(of.other, of.programme.round, of.programme)
    one(of)
    work_off()
    frozen = freeze(by=CONSOLE, lokus=of.programme.lokus, round_=of.programme.round)
    assert frozen.card["units"][0]["households"] == 1


def test_what_the_family_was_told_since_stays_with_it() -> None:
    of = twins()
    answered(of.other, of.programme.round, of.programme)
    one(of)
    later = endline(of.programme)
    answered(of.one, later, of.programme, jumlah=9)
    kept = Household.objects.get(pk=of.one.pk)
    correction = Correction(kept.version, "Siti Aminah", "Gang Baru 1", "03", "01")
    correct_household(by=of.lurah, **of.where, household="GD-001", correction=correction)
    two(of)
    work_off()
    kept.refresh_from_db()
    assert (kept.address, kept.kk_hash, kept.phone_hash) == ("Gang Baru 1", None, None)
    counted = CurrentAnswers.objects.values_list("household__code", "round__kind")
    assert sorted(counted) == [("GD-001", "endline"), ("GD-002", "baseline")]


def test_the_doctor_finds_the_counters_right_before_and_after() -> None:
    of = twins()
    for family in (of.one, of.other):
        answered(family, of.programme.round, of.programme)
    for step in (one, two):
        step(of)
        work_off()
        assert [finding.said for finding in examine() if finding.level == "rusak"] == []
    Counter.objects.update(n=99)
    assert len([finding for finding in examine() if finding.level == "rusak"]) == Counter.objects.count()


PLACES = st.sampled_from(["", "target", "reserve"])
JAMBAN = st.sampled_from(["", "leher_angsa", "cemplung"])


#: Without shrinking: an example takes a second, and says what it is.
@settings(
    max_examples=5,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@example(
    rounds=[("leher_angsa", ""), ("cemplung", "leher_angsa")],
    places=("", "target"),
    other_stays=True,
    promised=True,
    visited=True,
)
@example(
    rounds=[("cemplung", "cemplung"), ("", "leher_angsa")],
    places=("reserve", "target"),
    other_stays=False,
    promised=True,
    visited=True,
)
@given(
    rounds=st.lists(st.tuples(JAMBAN, JAMBAN), min_size=2, max_size=2),
    places=st.tuples(PLACES, PLACES),
    other_stays=st.booleans(),
    promised=st.booleans(),
    visited=st.booleans(),
)
def test_merged_and_taken_back_everything_is_as_it_was(
    rounds: list[tuple[str, str]], places: tuple[str, str], other_stays: bool, promised: bool, visited: bool
) -> None:
    with rolled_back():
        merged_and_taken_back(rounds, places, other_stays=other_stays, promised=promised, visited=visited)


@contextmanager
def rolled_back() -> Iterator[None]:
    """One example after another in the same test's transaction."""
    point = transaction.savepoint()
    try:
        yield
    finally:
        transaction.savepoint_rollback(point)


def merged_and_taken_back(
    rounds: list[tuple[str, str]], places: tuple[str, str], *, other_stays: bool, promised: bool, visited: bool
) -> None:
    of = twins()
    second = endline(of.programme)
    for round_, answers in zip((of.programme.round, second), rounds, strict=True):
        for family, jamban in zip((of.one, of.other), answers, strict=True):
            if jamban:
                answered(family, round_, of.programme, jamban=jamban)
    for family, place in zip((of.one, of.other), places, strict=True):
        if place:
            decide(by=of.lurah, **of.where, households=[family.code], to=place)  # type: ignore[arg-type]
    if promised and (needs := list(Need.objects.filter(closed_at__isnull=True))):
        commitment(of.programme.lokus, needs=needs)
    if visited:
        done = Activity.objects.create(cycle=of.programme.cycle, lokus=of.programme.lokus, title="Uji", on="2024-05-01")
        done.households.add(of.other)
    for round_ in (of.programme.round, second):
        scored(round_)
    before = everything()
    one(of, of.other if other_stays else of.one)
    work_off()
    assert CurrentAnswers.objects.count() == sum(bool(a or b) for a, b in rounds)
    two(of)
    work_off()
    after = everything()
    differing = [name for name in before if after[name] != before[name]]
    assert {name: after[name] for name in differing} == {name: before[name] for name in differing}
