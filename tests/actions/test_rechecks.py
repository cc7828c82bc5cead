"""Back-checks: drawn at random and recorded, asked by somebody else, and compared without touching an answer."""

from importlib import import_module
from uuid import uuid4

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext

from selaras.access import CONSOLE
from selaras.actions.erasure import erase_household
from selaras.actions.merging import merge, unmerge
from selaras.actions.rechecks import draw, fill
from selaras.errors import Forbidden, InputError, Missing
from selaras.models import AuditEntry, CurrentAnswers, Recheck, RecheckEntry, RecheckFamily, Role, Submission, User
from selaras.queries.recheck_rates import Rate, drawn
from selaras.queries.rechecks import fill_page, part_of, questions_of, recheck_page, rechecks_page
from tests import build
from tests.build_programme import Programme, programme
from tests.sample_workbook import rows, sample

pytestmark = pytest.mark.django_db


def workbook() -> bytes:
    """The sample with a question of health, and one that is asked only after another."""
    survey = [*rows("survey"), ["select_one ya_tidak", "batuk", "Ada yang batuk lama?"]]
    survey.append(["integer", "kloset", "Berapa kloset?", "${jamban} = 'leher_angsa'", ". < 10"])
    return sample(survey=survey, privacy=[*rows("privacy"), ["batuk", "kesehatan", "TBC"]])


def keeper(of: Programme) -> User:
    return build.member(Role.SUPERVISOR, of.lokus.place.code, cycle=of.cycle)


def surveyed(
    of: Programme, by: User, count: int, *, mode: str = "phone", answers: dict[str, object] | None = None
) -> None:
    """So many families that she asked, as `take_in` leaves them."""
    for _ in range(count):
        family = build.household(of.lokus)
        said = {"jumlah": 4, "jamban": "cemplung", "bantuan": "pkh bpnt", **(answers or {})}
        form = Submission.objects.create(
            household=family, round=of.round, version=of.version, mode=mode, by=by, answers=said
        )
        CurrentAnswers.objects.create(
            household=family, round=of.round, lokus=of.lokus, submission=form, answers=form.answers
        )


def where(of: Programme) -> dict[str, str]:
    return {"cycle_slug": of.cycle.slug, "code": of.lokus.area}


def a_draw(of: Programme, by: User, *, questions: tuple[str, ...] = ("jumlah", "jamban"), each: int = 2) -> Recheck:
    return draw(by=by, **where(of), round_slug="baseline", questions=questions, each=each)


def said(page_of: Programme, by: User, recheck: Recheck, number: int = 1, **texts: str) -> RecheckFamily:
    """Fill in by the names of questions."""
    page = fill_page(by, **where(page_of), recheck_id=recheck.uuid, number=number)
    numbers = {one.name: one.number for one in page.asked.questions}
    given = {"qA": texts.pop("hasil", "bertemu"), **{f"q{numbers[name]}": text for name, text in texts.items()}}
    return fill(by=by, **where(page_of), recheck_id=recheck.uuid, number=number, texts=given)


def test_each_surveyors_families_are_drawn_and_all_that_it_was_drawn_from_is_kept() -> None:
    of = programme(workbook())
    ani, ina, lurah = build.user(), build.user(), keeper(of)
    surveyed(of, ani, 5)
    surveyed(of, ina, 1, mode="keyed")
    surveyed(of, lurah, 3, mode="import")

    made = a_draw(of, lurah)

    forms = {
        part: {str(one.uuid) for one in user.submissions.all()}
        for part, user in ((str(ani.uuid), ani), (f"{ina.uuid}+kertas", ina))
    }
    assert {who: set(found) for who, found in made.frame.items()} == forms
    families = list(made.families.order_by("number"))
    assert sorted(row.surveyor_id for row in families) == sorted([ani.pk, ani.pk, ina.pk])
    assert [(part_of(row.surveyor, row.submission), str(row.form)) for row in families] == list(
        drawn(made.frame, made.seed, each=2, percent=None)
    )
    assert all(row.submission.household_id == row.household_id for row in families)
    entry = AuditEntry.objects.get(action="rechecks.draw")
    assert (entry.actor, entry.details) == (lurah, {"families": 3, "of": 6, "seed": made.seed})


def test_no_seed_is_used_twice_and_no_family_drawn_twice_in_a_round() -> None:
    of = programme(workbook())
    lurah = keeper(of)
    surveyed(of, build.user(), 4)

    first, second = a_draw(of, lurah), a_draw(of, lurah)

    assert first.seed != second.seed
    assert len({row.household_id for row in RecheckFamily.objects.all()}) == 4
    with pytest.raises(InputError) as refused:
        a_draw(of, lurah)
    assert [problem.code for problem in refused.value.problems] == ["recheck.nobody"]


def test_questions_of_health_free_text_and_members_are_never_asked_again() -> None:
    of = programme(workbook())
    lurah = keeper(of)
    surveyed(of, build.user(), 2)

    assert [one.name for one in questions_of(lurah, of.lokus, of.version)] == [
        "jumlah", "jamban", "bantuan", "iuran", "kloset",
    ]  # fmt: skip
    for wrong in ((), ("batuk",), ("jamban", "nama"), ("tidak_ada",)):
        with pytest.raises(InputError) as refused:
            a_draw(of, lurah, questions=wrong)
        assert [problem.code for problem in refused.value.problems] == ["recheck.questions"]
    assert Recheck.objects.count() == 0


@pytest.mark.parametrize("size", [{}, {"each": 0}, {"each": 51}, {"percent": 101}, {"each": 2, "percent": 10}])
def test_a_size_that_makes_no_sense_is_refused(size: dict[str, int]) -> None:
    of = programme(workbook())
    surveyed(of, build.user(), 2)

    with pytest.raises(InputError) as refused:
        draw(by=keeper(of), **where(of), round_slug="baseline", questions=["jamban"], **size)
    assert [problem.code for problem in refused.value.problems] == ["recheck.size"]


def test_whoever_asked_the_first_time_does_not_ask_again_and_another_lurah_sees_nothing() -> None:
    of = programme(workbook())
    lurah, helper = keeper(of), keeper(of)
    surveyed(of, lurah, 1)
    made = a_draw(of, helper)
    build.place("36.72.05.1001")
    next_door = build.member(Role.SUPERVISOR, "36.72.05.1001", cycle=of.cycle)
    cadre = build.member(Role.CADRE, of.lokus.place.code, cycle=of.cycle)

    with pytest.raises(Forbidden):
        said(of, lurah, made, jamban="cemplung")
    with pytest.raises(Forbidden):
        recheck_page(cadre, **where(of), recheck_id=made.uuid)
    with pytest.raises(Missing):
        recheck_page(next_door, **where(of), recheck_id=made.uuid)
    with pytest.raises(Missing):
        recheck_page(helper, **where(of), recheck_id=uuid4())
    assert said(of, helper, made, jamban="cemplung").answers == {"jamban": "cemplung"}


def test_the_page_says_how_alike_by_surveyor_and_question_and_what_differs() -> None:
    of = programme(workbook())
    lurah, ani = keeper(of), build.user()
    surveyed(of, ani, 1)
    made = a_draw(of, lurah, questions=("jumlah", "jamban", "bantuan"))
    row = said(of, lurah, made, jumlah="4", jamban="leher_angsa", bantuan="2 1")

    page = recheck_page(lurah, **where(of), recheck_id=made.uuid)

    assert row.answers == {"jumlah": 4, "jamban": "leher_angsa", "bantuan": "pkh bpnt"}
    assert (page.total, page.intact, page.done) == (Rate(1, 3, 2), True, 1)
    assert [(line.of, line.drawn, line.rate) for line in page.surveyors] == [(1, 1, Rate(1, 3, 2))]
    assert [line.rate for line in page.questions] == [Rate(1, 1, 1), Rate(1, 1, 0), Rate(1, 1, 1)]
    assert [(each.question, each.before, each.after) for each in page.differences] == [
        ("Jamban apa yang dipakai?", "Cemplung", "Leher angsa")
    ]
    # The family's own answers stand as they were given.
    assert CurrentAnswers.objects.get().answers["jamban"] == "cemplung"


def test_before_it_is_filled_in_no_page_tells_the_first_answer() -> None:
    of = programme(workbook())
    lurah = keeper(of)
    surveyed(of, build.user(), 1, answers={"jumlah": 9133377})
    made = a_draw(of, lurah)

    seen = (
        fill_page(lurah, **where(of), recheck_id=made.uuid, number=1),
        recheck_page(lurah, **where(of), recheck_id=made.uuid),
    )

    assert [text for text in map(repr, seen) if "9133377" in text] == []


def test_a_question_that_hangs_on_another_is_asked_for_itself_and_mistakes_are_named_by_number() -> None:
    of = programme(workbook())
    lurah = keeper(of)
    surveyed(of, build.user(), 2, answers={"kloset": 2, "iuran": "3.125"})
    made = a_draw(of, lurah, questions=("kloset", "iuran"))

    assert said(of, lurah, made, kloset="3", iuran="3,125").answers == {"kloset": 3, "iuran": "3.125"}
    with pytest.raises(InputError) as refused:
        said(of, lurah, made, number=2, kloset="12")
    assert [(problem.code, problem.where) for problem in refused.value.problems] == [("typed.constraint", "nomor 9")]
    with pytest.raises(InputError) as blank:
        said(of, lurah, made, number=2)
    assert [problem.code for problem in blank.value.problems] == ["recheck.blank"]
    assert said(of, lurah, made, number=2, hasil="pindah").outcome == "pindah"


def test_what_was_typed_from_paper_is_no_measure_of_who_typed_it() -> None:
    of = programme(workbook())
    lurah, ani = keeper(of), build.user()
    surveyed(of, ani, 2)
    surveyed(of, ani, 3, mode="keyed")
    surveyed(of, lurah, 1, mode="keyed")
    made = a_draw(of, lurah, each=1)
    for row in made.families.filter(surveyor=ani):
        said(of, lurah, made, number=row.number, jamban="cemplung" if row.submission.mode == "phone" else "leher_angsa")

    page = recheck_page(lurah, **where(of), recheck_id=made.uuid)

    assert [(line.typed, line.of, line.drawn, line.rate) for line in page.surveyors if line.rate.asked] == [
        (False, 2, 1, Rate(1, 1, 1)), (True, 3, 1, Rate(1, 1, 0)),
    ]  # fmt: skip
    assert sorted((line.typed, line.may_fill) for line in page.families) == [
        (False, True), (True, False), (True, True),
    ]  # fmt: skip
    typed = next(line.number for line in page.families if line.typed and line.may_fill)
    assert fill_page(lurah, **where(of), recheck_id=made.uuid, number=typed).typed is True


def test_the_first_comparison_counts_and_what_is_written_afterwards_is_kept_and_said() -> None:
    of = programme(workbook())
    lurah, helper = keeper(of), keeper(of)
    surveyed(of, build.user(), 1)
    made = a_draw(of, lurah)
    said(of, lurah, made, hasil="tidak_di_rumah")
    assert said(of, lurah, made, jumlah="5", jamban="leher_angsa").answers == {"jumlah": 5, "jamban": "leher_angsa"}
    before = recheck_page(lurah, **where(of), recheck_id=made.uuid)

    assert said(of, helper, made, jumlah="4", jamban="cemplung").answers == {"jumlah": 5, "jamban": "leher_angsa"}

    after = recheck_page(lurah, **where(of), recheck_id=made.uuid)
    assert (before.total, after.total, after.differences) == (Rate(1, 2, 0), Rate(1, 2, 0), before.differences)
    assert [line.corrected_at for line in before.families] == [None]
    assert [(line.outcome, line.corrected_by) for line in after.families] == [("bertemu", helper.get_full_name())]
    assert [(line.question, line.before, line.after) for line in after.corrections] == [
        ("Berapa orang di rumah ini?", "5", "4"),
        ("Jamban apa yang dipakai?", "Leher angsa", "Cemplung"),
    ]
    entries = made.families.get().entries.all()
    assert [(each.outcome, each.answers.get("jumlah"), each.by) for each in entries] == [
        ("tidak_di_rumah", None, lurah), ("bertemu", 5, lurah), ("bertemu", 4, helper),
    ]  # fmt: skip
    filled = AuditEntry.objects.filter(action="rechecks.fill").order_by("pk")
    assert [entry.details["counts"] for entry in filled] == [0, 2, 0]
    assert fill_page(lurah, **where(of), recheck_id=made.uuid, number=1).counted is True


def test_a_list_stays_intact_when_a_drawn_family_was_found_to_be_another_and_its_form_became_that_ones() -> None:
    of = programme(workbook())
    lurah = keeper(of)
    surveyed(of, build.user(), 2)
    made = a_draw(of, lurah)
    gone = made.families.get(number=1).household
    kept = build.household(of.lokus)

    merged = merge(by=lurah, kept=kept, gone=gone)
    row = made.families.get(number=1)
    assert (row.household, row.submission.household) == (kept, kept)
    assert recheck_page(lurah, **where(of), recheck_id=made.uuid).intact is True
    unmerge(by=lurah, merged=merged)
    assert recheck_page(lurah, **where(of), recheck_id=made.uuid).intact is True


def test_what_was_there_before_every_version_was_kept_is_the_first_version() -> None:
    of = programme(workbook())
    lurah = keeper(of)
    surveyed(of, build.user(), 1)
    made = a_draw(of, lurah)
    row = said(of, lurah, made, jamban="cemplung")
    RecheckEntry.objects.all().delete()
    RecheckFamily.objects.update(form=uuid4())

    import_module("selaras.migrations.0034_rechecks_keep_every_version").keep_what_is_there(apps, None)

    entry = RecheckEntry.objects.get()
    assert (entry.outcome, entry.answers, entry.by, entry.at) == ("bertemu", {"jamban": "cemplung"}, lurah, row.at)
    assert RecheckFamily.objects.get().form == row.submission.uuid


def test_a_list_that_was_changed_behind_the_programs_back_is_said_so() -> None:
    of = programme(workbook())
    lurah = keeper(of)
    surveyed(of, build.user(), 4)
    made = a_draw(of, lurah)
    seeds = (f"{number:032x}" for number in range(100))
    listed = list(drawn(made.frame, made.seed, each=2, percent=None))
    other = next(seed for seed in seeds if list(drawn(made.frame, seed, each=2, percent=None)) != listed)
    Recheck.objects.update(seed=other)

    assert recheck_page(lurah, **where(of), recheck_id=made.uuid).intact is False


def test_an_erased_family_takes_what_it_said_along_and_leaves_its_place_in_the_draw() -> None:
    of = programme(workbook())
    lurah = keeper(of)
    surveyed(of, build.user(), 3)
    made = a_draw(of, lurah, each=3)
    said(of, lurah, made, number=2, jamban="leher_angsa")

    erase_household(by=CONSOLE, household=made.families.get(number=2).household, reason="permintaan")

    page = recheck_page(lurah, **where(of), recheck_id=made.uuid)
    assert ([line.number for line in page.families], page.intact, page.total) == ([1, 3], True, Rate())


def test_the_proposed_questions_are_those_of_the_last_draw() -> None:
    of = programme(workbook())
    lurah = keeper(of)
    surveyed(of, build.user(), 4)
    before = {one.name for one in rechecks_page(lurah, **where(of)).questions if one.usual}
    a_draw(of, lurah, questions=("bantuan",), each=1)

    after = {one.name for one in rechecks_page(lurah, **where(of)).questions if one.usual}
    assert (before, after) == ({"jamban"}, {"bantuan"})


def test_pages_cost_no_more_statements_for_more_families() -> None:
    of = programme(workbook())
    lurah = keeper(of)
    costs = []
    for count in (1, 3):
        surveyed(of, build.user(), count)
        made = a_draw(of, lurah, each=3)
        for row in made.families.all():
            said(of, lurah, made, number=row.number, jamban="leher_angsa")
        with CaptureQueriesContext(connection) as asked:
            recheck_page(lurah, **where(of), recheck_id=made.uuid)
        costs.append(len(asked))

    assert costs == [costs[0]] * 2
