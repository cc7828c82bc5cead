"""A paper is typed: sent and understood as a phone's form, once however often; typed again, the two are compared."""

from uuid import UUID, uuid4

import pytest

from selaras.access import CONSOLE
from selaras.actions.erasure import erase_household
from selaras.actions.field.keying import Comparison, Keyed, Typed, compare_entry, keep_entry, key_form
from selaras.errors import Forbidden, InputError, Missing
from selaras.models import (
    Arrival,
    AuditEntry,
    CurrentAnswers,
    Household,
    HouseholdEdit,
    Role,
    SecondEntry,
    User,
    Visit,
)
from tests import build
from tests.actions.test_field_taking import send
from tests.build_field import Field, filled, open_field

pytestmark = pytest.mark.django_db
ANSWERS = {"qA": "1", "q1": "4", "q2": "1", "q3": "2 1", "q4": "2500", "q5-1": "Siti Uji", "q6-1": "9", "q7-1": "1"}
NEW = {"qB": "Sumarni Uji", "qC": "Gang Uji 7", "qD": "3", "qE": "2"}


def secretary(of: Field) -> User:
    return build.member(Role.SECRETARIAT, "36.72", cycle=of.programme.cycle)


def cadre(of: Field, rw: str = "RW03") -> User:
    return build.member(Role.CADRE, f"{of.programme.lokus.place.code}.{rw}", cycle=of.programme.cycle)


def typed(of: Field, household: str, texts: dict[str, str] | None = None, instance: UUID | None = None) -> Typed:
    return Typed(of.form.pk, instance or uuid4(), household, None, ANSWERS if texts is None else texts)


def key(of: Field, by: User, one: Typed) -> Keyed:
    return key_form(by=by, cycle_slug=of.programme.cycle.slug, code=of.programme.lokus.area, typed=one)


def compare(of: Field, by: User, one: Typed) -> Comparison:
    return compare_entry(by=by, cycle_slug=of.programme.cycle.slug, code=of.programme.lokus.area, typed=one)


def keep(of: Field, by: User, one: Typed, *first: str) -> Comparison:
    of_ = of.programme
    return keep_entry(by=by, cycle_slug=of_.cycle.slug, code=of_.lokus.area, typed=one, first=first)


def actions() -> list[str]:
    return list(AuditEntry.objects.order_by("id").values_list("action", flat=True))


def test_a_typed_paper_is_what_the_same_form_from_a_phone_would_have_been() -> None:
    of = open_field()
    one, other = (build.household(of.programme.lokus, rw="03") for _ in range(2))
    answers = {"jumlah": "4", "jamban": "leher_angsa", "bantuan": "pkh bpnt", "iuran": "2500"}
    row = "<member><nama>Siti Uji</nama><umur>9</umur><sekolah>ya</sekolah></member>"
    by = cadre(of)

    send(of, filled(of.form, one, answers, more=row))
    done = key(of, by, typed(of, other.code))

    phone, paper = (CurrentAnswers.objects.get(household=each) for each in (one, other))
    assert (done.reason, done.code, done.arrival.state) == ("", other.code, "taken")
    assert (paper.answers, paper.submission.mode) == (phone.answers, "keyed")
    assert paper.submission.private_values()["member"] == phone.submission.private_values()["member"]
    assert [(visit.outcome, visit.by) for visit in Visit.objects.filter(household=other)] == [("bertemu", by)]
    assert [person.name for person in other.persons.all()] == ["Siti Uji"]
    said = [edit.changes() for each in (one, other) for edit in HouseholdEdit.objects.filter(household=each)]
    assert said == [{"members": ["", "1"]}] * 2
    assert (done.arrival.token, done.arrival.device, done.arrival.area) == (None, "ketik", other.area)


def test_the_same_paper_sent_twice_is_one_and_another_of_the_family_waits() -> None:
    of = open_field()
    family, by = build.household(of.programme.lokus, rw="03"), secretary(of)
    one = typed(of, family.code)

    reasons = [key(of, by, one).reason, key(of, by, one).reason, key(of, by, typed(of, family.code)).reason]

    assert reasons == ["", "", "twice"]
    assert [(each.state, each.mode) for each in Arrival.objects.order_by("pk")] == [
        ("taken", "keyed"),
        ("quarantined", "keyed"),
    ]
    assert family.submissions.count() == 1
    assert [one for one in actions() if one.startswith("arrivals.")] == [
        *("arrivals.receive", "arrivals.take"),
        *("arrivals.receive", "arrivals.hold"),
    ]


def test_a_family_without_a_code_gets_one_where_the_typist_works() -> None:
    of = open_field()
    build.household(of.programme.lokus, rw="03")
    done = key(of, cadre(of), typed(of, "", ANSWERS | NEW))
    elsewhere = key(of, cadre(of, "RW01"), typed(of, "", ANSWERS | NEW))

    assert (done.reason, done.code) == ("", "GD-002")
    family = Household.objects.get(code="GD-002")
    assert (family.head_name, family.address, family.rw, family.rt) == ("Sumarni Uji", "Gang Uji 7", "03", "02")
    assert (elsewhere.reason, Household.objects.count()) == ("foreign", 2)


def test_a_mistake_keeps_nothing_and_names_all() -> None:
    of = open_field()
    family = build.household(of.programme.lokus, rw="03")

    with pytest.raises(InputError) as caught:
        key(of, secretary(of), typed(of, family.code, ANSWERS | {"q1": "0", "q2": "9", "q4": ""}))

    assert [problem.where for problem in caught.value.problems] == ["nomor 1", "nomor 2"]
    assert not Arrival.objects.exists()


def test_another_rws_family_is_not_there_and_a_juror_may_not_type() -> None:
    of = open_field()
    family = build.household(of.programme.lokus, rw="03")
    juror = build.member(Role.JUROR, "36.72", cycle=of.programme.cycle)

    with pytest.raises(Missing):
        key(of, cadre(of, "RW01"), typed(of, family.code))
    with pytest.raises(Forbidden):
        key(of, juror, typed(of, family.code))
    with pytest.raises(Missing):
        key(of, secretary(of), Typed(of.practice.pk, uuid4(), family.code, None, ANSWERS))


def test_a_second_entry_that_is_alike_is_noted_and_changes_nothing() -> None:
    of = open_field()
    family, by, other = build.household(of.programme.lokus, rw="03"), cadre(of), secretary(of)
    first = key(of, by, typed(of, family.code)).arrival

    found = keep(of, other, typed(of, family.code))

    # How the visit ended, four of the family, three of a member.
    assert (found.asked, found.same, found.differences) == (8, 8, ())
    second = SecondEntry.objects.get()
    assert (second.arrival, second.correction, second.by, second.asked) == (first, None, other, second.same)
    assert Arrival.objects.count() == 1
    assert actions()[-1] == "arrivals.second_entry"
    with pytest.raises(InputError) as caught:
        keep(of, other, typed(of, family.code))
    assert caught.value.problems[0].code == "typed.nothing"


def test_where_two_entries_differ_the_chosen_one_holds_and_both_stay() -> None:
    of = open_field()
    family, by, other = build.household(of.programme.lokus, rw="03"), cadre(of), secretary(of)
    key(of, by, typed(of, family.code))
    again = typed(of, family.code, ANSWERS | {"q1": "5", "q2": "2", "q6-1": "10"})

    seen = compare(of, other, again)
    kept = keep(of, other, again, "q2")

    assert [(each.at, each.first, each.second) for each in seen.differences] == [
        ("q1", "4", "5"),
        ("q2", "1 Leher angsa", "2 Cemplung"),
        ("q6-1", "9", "10"),
    ]
    assert seen == kept
    current = CurrentAnswers.objects.get(household=family)
    assert (current.answers["jumlah"], current.answers["jamban"]) == (5, "leher_angsa")
    assert current.answers["member"] == [{"umur": 10, "sekolah": "ya"}]
    assert family.submissions.count() == 2
    second = SecondEntry.objects.get()
    assert (second.asked - second.same, second.correction.deprecated_id) == (3, second.arrival.instance_id)
    assert "arrivals.compare_entry" in actions()


def test_nobody_checks_her_own_entry_and_a_cadre_nobodys() -> None:
    of = open_field()
    family, by = build.household(of.programme.lokus, rw="03"), secretary(of)
    with pytest.raises(InputError) as before:
        compare(of, by, typed(of, family.code))
    key(of, by, typed(of, family.code))

    with pytest.raises(InputError) as own:
        compare(of, by, typed(of, family.code))
    with pytest.raises(InputError) as hers:
        compare(of, cadre(of), typed(of, family.code))

    codes = [caught.value.problems[0].code for caught in (before, own, hers)]
    assert codes == ["typed.nothing", "typed.own", "typed.nothing"]


def test_an_erased_family_takes_its_second_entry_along() -> None:
    of = open_field()
    family = build.household(of.programme.lokus, rw="03")
    key(of, cadre(of), typed(of, family.code))
    keep(of, secretary(of), typed(of, family.code, ANSWERS | {"q1": "5"}))

    erase_household(by=CONSOLE, household=family, reason="permintaan")

    assert (SecondEntry.objects.count(), Arrival.objects.count()) == (0, 0)
