"""Families that may stand twice are found by the worker, without a word to whoever brings them."""

import logging
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from selaras.access import CONSOLE
from selaras.actions.alike.comparing import Pair
from selaras.actions.duplicates import _keep, ask_when_changed, judge, propose, reveal_pairs
from selaras.actions.erasure import erase_household
from selaras.actions.households import Correction, correct_household
from selaras.actions.jobs import work_off
from selaras.errors import InputError
from selaras.models import AuditEntry, Comparing, Duplicate, Erasure, Household, Job, Person, Role
from selaras.queries.duplicates import LISTED, duplicates_page
from tests import build
from tests.build_programme import bring, families_file, family
from tests.build_twins import Twins, twins

pytestmark = pytest.mark.django_db


def later() -> int:
    """The worker looks, some minutes after the last family came."""
    # By one clock for all that it does: each lokus is compared anew every week, and a week may end in between.
    with time_machine.travel(timezone.now() + timedelta(minutes=5)):
        asked = ask_when_changed(timezone.now())
        work_off()
    return asked


def corrected(of: Twins, name: str = "Siti Aminah") -> None:
    """The office writes the first family's address, and its name."""
    family = Household.objects.get(pk=of.one.pk)
    correction = Correction(family.version, name, f"Gang Baru {family.version}", "03", "01")
    correct_household(by=of.lurah, **of.where, household=family.code, correction=correction)


def without_pair() -> Twins:
    of = twins()
    Duplicate.objects.all().delete()
    return of


def test_a_lokus_is_compared_once_it_is_quiet_and_again_only_when_a_family_has_changed() -> None:
    of = without_pair()
    assert ask_when_changed(timezone.now()) == 0
    assert (later(), later()) == (1, 0)
    pair = Duplicate.objects.get()
    assert (pair.one, pair.other, pair.answer) == (of.one, of.other, "")
    assert (pair.levels["head"], pair.levels["niks"], pair.levels["kk"]) == ("part", "one", "blank")
    corrected(of)
    assert later() == 1


def test_what_a_sheet_brings_is_compared_with_what_was_there() -> None:
    of = without_pair()
    row = family("GD-050", 4, "leher_angsa", 1000, name="Rohman Hakim", rw="05", rt="01")
    there = build.household(of.programme.lokus, rw="05", rt="01", name="Hakim Rohman", address="Gang Uji 9")
    build.person(there, "Hakim Rohman")
    bring(of.programme, families_file([row]))
    later()
    pairs = {frozenset((pair.one.head_name, pair.other.head_name)) for pair in Duplicate.objects.all()}
    assert frozenset(("Hakim Rohman", "Rohman Hakim")) in pairs


def test_a_pair_that_was_answered_is_not_asked_again_and_one_that_is_none_any_more_goes() -> None:
    of = without_pair()
    later()
    judge(by=of.lurah, **of.where, pair=Duplicate.objects.get().uuid, answer="two")
    corrected(of)
    later()
    assert Duplicate.objects.get().answer == "two"
    Duplicate.objects.update(answer="")
    Person.objects.filter(household=of.one).delete()
    corrected(of, "Sarmin")
    later()
    assert Duplicate.objects.count() == 0


def test_a_family_of_another_lokus_of_the_year_is_compared_where_it_shares_a_number() -> None:
    of = without_pair()
    far = build.lokus(of.programme.cycle, "36.72.05.1001", "SJ")
    moved = build.household(far, name="Siti Aminah", kk="9900000000000001")
    build.person(moved, "Siti Aminah", nik="3672054503850001")
    build.household(far, name="Siti Aminah")
    later()
    across = Duplicate.objects.filter(one__lokus=of.programme.lokus, other__lokus=far)
    assert {pair.other for pair in across} == {moved}


def test_a_closed_year_is_not_compared() -> None:
    of = without_pair()
    of.programme.cycle.closed_at = timezone.now()
    of.programme.cycle.save()
    assert later() == 0


def test_no_name_number_or_address_is_logged_or_kept_with_a_pair(caplog: pytest.LogCaptureFixture) -> None:
    without_pair()
    with caplog.at_level(logging.DEBUG):
        later()
    job = Job.objects.get(kind="duplicates.find")
    stored = list(Duplicate.objects.values_list("levels", "weight")) + list(Comparing.objects.values_list("stamp"))
    said = " ".join([caplog.text, repr(stored), job.note, repr(job.params)]).casefold()
    assert [text for text in ("aminah", "gang uji", "367205", "990000", "0812000", "1985-03-05") if text in said] == []
    assert job.note == "1 pasang mungkin tercatat dua kali"


def test_two_families_that_nobody_proposed_can_be_put_side_by_side() -> None:
    of = without_pair()
    made = propose(by=of.lurah, **of.where, households=["gd-002", " GD-001"])
    assert (made.one, made.other) == (of.one, of.other)
    assert propose(by=of.lurah, **of.where, households=["GD-001", "GD-002"]) == made
    for codes in (["GD-001"], ["GD-001", "GD-001"], ["GD-001", "GD-099"], ["GD-001", "a\0"]):
        with pytest.raises(InputError) as error:
            propose(by=of.lurah, **of.where, households=codes)
        assert [problem.code for problem in error.value.problems] == ["duplicates.two"]


def test_what_a_person_put_side_by_side_no_comparing_takes_away() -> None:
    of = without_pair()
    strangers = [build.household(of.programme.lokus, name=name, rw=rw) for name, rw in (("Sarmin", "1"), ("Wati", "9"))]
    made = propose(by=of.lurah, **of.where, households=[family.code for family in strangers])
    later()
    assert Duplicate.objects.filter(pk=made.pk).exists()


def test_a_pair_that_a_person_made_stays_hers_when_a_comparing_finds_it_and_when_a_later_one_does_not() -> None:
    of = without_pair()
    made = propose(by=of.lurah, **of.where, households=["GD-001", "GD-002"])
    later()
    found = Duplicate.objects.get()
    assert (found.pk, bool(found.levels), found.proposed_by) == (made.pk, True, of.lurah)
    _keep(of.programme.lokus, [], timezone.now())
    assert Duplicate.objects.get() == made
    (line,) = duplicates_page(of.lurah, of.where["cycle_slug"], of.where["code"]).open
    assert line.proposed_by == of.lurah.get_full_name()


def test_no_pair_is_kept_of_a_family_that_was_erased_while_it_was_compared() -> None:
    of = without_pair()
    found = [Pair(of.one.pk, of.other.pk, 12.5, {"head": "same"})]
    sekretariat = build.member(Role.SECRETARIAT, "36.72", cycle=of.programme.cycle)
    erase_household(by=sekretariat, household=of.other, reason="permintaan")
    _keep(of.programme.lokus, found, timezone.now())
    assert list(Duplicate.objects.all()) == []


def test_only_families_whose_names_the_page_shows_are_written_down_as_shown() -> None:
    of = twins()
    others = [build.household(of.programme.lokus) for _ in range(LISTED)]
    for other in others:
        Duplicate.objects.create(one=of.one, other=other, weight=20)
    answered = build.household(of.programme.lokus)
    Duplicate.objects.create(one=of.one, other=answered, weight=30, answer="two", answered_at=timezone.now())
    names = reveal_pairs(by=of.lurah, **of.where, page="/x")
    assert set(names) == {of.one.uuid, *(other.uuid for other in others)}
    entry = AuditEntry.objects.get(action="households.reveal_names")
    assert entry.details["codes"] == sorted([of.one.code, *(other.code for other in others)])


def test_every_answer_has_a_button_that_takes_it_back() -> None:
    of = twins()
    for other in [build.household(of.programme.lokus) for _ in range(30)]:
        Duplicate.objects.create(one=of.one, other=other, weight=1, answer="two", answered_at=timezone.now())
    assert len(duplicates_page(of.lurah, **of.where).answered) == 30


def test_who_erases_a_family_erases_those_that_were_found_to_be_it() -> None:
    of = twins()
    third = build.household(of.programme.lokus, name="Aminah Siti")
    judge(by=of.lurah, **of.where, pair=of.pair.uuid, answer="one", keep=str(of.other.uuid))
    pair = propose(by=of.lurah, **of.where, households=["GD-002", third.code])
    judge(by=of.lurah, **of.where, pair=pair.uuid, answer="one", keep=str(third.uuid))
    erase_household(by=CONSOLE, household=third, reason="permintaan")
    rows = [(row.head_name, row.key, row.pending, row.erased_at is None) for row in Household.objects.all()]
    assert set(rows) == {("", None, None, False)}
    assert (Person.objects.count(), Duplicate.objects.count(), Erasure.objects.count()) == (0, 0, 3)
