"""What a cadre takes back by correcting her form counts no more: for another family, or where nobody was met."""

import uuid

import pytest

from selaras.access import CONSOLE
from selaras.actions.erasure import erase_household
from selaras.actions.field.deciding import let_in
from selaras.actions.field.phones import Handed
from selaras.actions.field.receiving import Parcel, Sender, receive
from selaras.actions.field.taking import take_in
from selaras.actions.jobs import work_off
from selaras.actions.recounting import full_check
from selaras.models import Arrival, Counter, CurrentAnswers, Household, HouseholdScore, Need, Role, UnitCounter, Visit
from tests import build
from tests.build_field import Field, filled, open_field, phone_of
from tests.build_programme import bring, families_file
from tests.build_programme import family as row

pytestmark = pytest.mark.django_db
BAD = {"jumlah": "4", "jamban": "cemplung"}
GOOD = {"jumlah": "5", "jamban": "leher_angsa"}


def number() -> str:
    return f"uuid:{uuid.uuid4()}"


def send(of: Field, xml: bytes, *, phone: Handed | None = None) -> Arrival:
    """Received, understood and scored."""
    found = receive(sender=Sender.of((phone or of.phone).phone), parcel=Parcel(xml)).arrival
    take_in()
    work_off()
    found.refresh_from_db()
    return found


def allow(of: Field, arrival: Arrival) -> None:
    by = build.member(Role.SECRETARIAT, "36.72", cycle=of.programme.cycle)
    let_in(by=by, cycle_slug=of.programme.cycle.slug, arrival_id=arrival.uuid)
    work_off()


def counts() -> dict[int, object]:
    """Family -> the answers that count for it; nothing differs from a count of everything."""
    assert list(full_check()) == []
    return dict(CurrentAnswers.objects.values_list("household", "answers"))


def test_a_form_that_was_about_another_family_counts_for_that_one_alone_once_it_is_let_in() -> None:
    of = open_field()
    wrong, right = (build.household(of.programme.lokus, rw="03") for _ in range(2))
    first = number()
    old = send(of, filled(of.form, wrong, BAD, instance=first))
    assert Counter.objects.get(indicator__name="jamban").n == 1

    correction = send(of, filled(of.form, right, GOOD, deprecated=first))
    assert (correction.state, correction.reason) == ("quarantined", "other_family")
    assert list(counts()) == [wrong.pk]
    allow(of, correction)

    assert counts() == {right.pk: GOOD | {"jumlah": 5}}
    assert not HouseholdScore.objects.filter(household=wrong).exists()
    assert not Need.objects.filter(household=wrong).exists()
    assert (UnitCounter.objects.get().households, Counter.objects.get(indicator__name="jamban").true) == (1, 1)
    assert list(Visit.objects.values_list("household", "outcome")) == [(right.pk, "bertemu")]
    old.refresh_from_db()
    correction.refresh_from_db()
    assert old.submission.superseded_by == correction.submission
    assert old.submission.answers == BAD | {"jumlah": 4}


def test_answers_that_were_there_before_count_again_where_a_form_was_about_another_family() -> None:
    of = open_field()
    bring(of.programme, families_file([row("GD-001", 3, "cemplung", rw="03")]))
    family = Household.objects.get()
    right = build.household(of.programme.lokus, rw="03")
    first, second = number(), number()
    send(of, filled(of.form, family, BAD, instance=first))
    send(of, filled(of.form, family, GOOD, instance=second, deprecated=first))

    allow(of, send(of, filled(of.form, right, GOOD, deprecated=second)))

    assert counts() == {
        family.pk: {"jumlah": 3, "jamban": "cemplung"},
        right.pk: {"jumlah": 5, "jamban": "leher_angsa"},
    }
    assert family.submissions.filter(superseded_by=None).get().batch is not None
    assert Counter.objects.get(indicator__name="jamban").n == 2


def test_a_family_is_erased_though_another_familys_form_was_corrected_to_be_about_it() -> None:
    of = open_field()
    wrong, right = (build.household(of.programme.lokus, rw="03") for _ in range(2))
    first = number()
    old = send(of, filled(of.form, wrong, BAD, instance=first))
    allow(of, send(of, filled(of.form, right, GOOD, deprecated=first)))

    erase_household(by=CONSOLE, household=right, reason="permintaan")

    right.refresh_from_db()
    old.refresh_from_db()
    assert (right.erased_at is not None, right.submissions.count(), old.submission.superseded_by) == (True, 0, None)
    assert counts() == {}


def test_a_form_that_turns_met_into_not_met_takes_its_answers_back() -> None:
    of = open_field()
    family = build.household(of.programme.lokus, rw="03")
    first, second = number(), number()
    send(of, filled(of.form, family, BAD, instance=first))
    at = Visit.objects.get().at

    send(of, filled(of.form, family, outcome="tidak_di_rumah", instance=second, deprecated=first))

    assert counts() == {}
    assert (UnitCounter.objects.count(), HouseholdScore.objects.count(), Need.objects.count()) == (0, 0, 0)
    assert list(Visit.objects.values_list("outcome", "at")) == [("tidak_di_rumah", at)]
    assert family.submissions.count() == 1

    send(of, filled(of.form, family, GOOD, deprecated=second))

    assert counts() == {family.pk: {"jumlah": 5, "jamban": "leher_angsa"}}
    assert [one.outcome for one in Visit.objects.all()] == ["bertemu"]


def test_nobody_takes_back_another_cadres_answers_unasked() -> None:
    of = open_field()
    family = build.household(of.programme.lokus, rw="03")
    first = number()
    send(of, filled(of.form, family, BAD, instance=first))

    other = send(of, filled(of.form, family, outcome="pindah", deprecated=first), phone=phone_of(of.programme, "RW03"))

    assert (other.state, other.reason) == ("quarantined", "twice")
    assert list(counts()) == [family.pk]
    assert [one.outcome for one in Visit.objects.all()] == ["bertemu"]

    allow(of, other)
    assert (counts(), [one.by for one in Visit.objects.all()]) == ({}, [of.phone.phone.user])


def test_a_form_is_corrected_once_and_a_second_correction_of_it_waits() -> None:
    of = open_field()
    family = build.household(of.programme.lokus, rw="03")
    first = number()
    send(of, filled(of.form, family, BAD, instance=first))
    send(of, filled(of.form, family, outcome="tidak_di_rumah", deprecated=first))

    again = send(of, filled(of.form, family, GOOD, deprecated=first))

    assert (again.state, again.reason, counts()) == ("quarantined", "twice", {})
