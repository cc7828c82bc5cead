"""What waits for a person where nobody may decide: of a province's own year, whose cities keep the records."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from selaras.actions.field.receiving import Parcel, Sender, receive
from selaras.actions.field.taking import take_in
from selaras.models import (
    Arrival,
    Cycle,
    EditState,
    Household,
    HouseholdEdit,
    Membership,
    Merge,
    Place,
    Role,
    User,
)
from selaras.queries.stranded import Stranded, stranded, stranded_in
from tests import build
from tests.build_field import filled, held_in_a_province, open_field

pytestmark = pytest.mark.django_db

BOTH = ("36.72.05.1005", "36.72.05.1001", "36.73.01.1001")
CILEGON, SERANG = (Stranded(city, n, n) for city, n in (("Kota Cilegon", 2), ("Kota Serang", 1)))


def within_reach(cycle: Cycle) -> tuple[tuple[Stranded, ...], dict[Cycle, tuple[Stranded, ...]]]:
    now = timezone.now()
    return stranded_in(cycle, [""], now), stranded(now)


def test_what_waits_in_cities_without_a_secretariat_is_counted_and_who_may_decide_takes_it_off() -> None:
    cycle = held_in_a_province(*BOTH)
    assert within_reach(cycle) == ((CILEGON, SERANG), {cycle: (CILEGON, SERANG)})
    assert stranded_in(cycle, ["36.73"], timezone.now()) == (SERANG,)
    # A lurah decides in her own kelurahan; without a secretariat it is told still.
    build.member(Role.SUPERVISOR, "36.72.05.1005", cycle=cycle)
    one = Stranded("Kota Cilegon", 1, 1)
    assert within_reach(cycle) == ((Stranded("Kota Cilegon", 2, 1), SERANG), {cycle: (one, SERANG)})
    build.member(Role.SECRETARIAT, "36.72")
    assert within_reach(cycle) == ((SERANG,), {cycle: (SERANG,)})
    build.member(Role.SECRETARIAT, "36.73", cycle=cycle)
    assert within_reach(cycle) == ((), {})


def ended(task: Membership) -> None:
    task.ends = timezone.now()


def ahead(task: Membership) -> None:
    task.starts = timezone.now() + timedelta(days=1)


def of_another_year(task: Membership) -> None:
    task.cycle = build.cycle()


def of_another_place(task: Membership) -> None:
    task.place_code = build.place("32.73").code


def of_another_kind(task: Membership) -> None:
    task.role = Role.LEADER


def switched_off(task: Membership) -> None:
    User.objects.filter(pk=task.user_id).update(is_active=False)


@pytest.mark.parametrize("change", [ended, ahead, of_another_year, of_another_place, of_another_kind, switched_off])
def test_a_task_that_is_not_there_now_keeps_nothing(change: Callable[[Membership], None]) -> None:
    cycle = held_in_a_province(BOTH[2])
    task = build.member(Role.SECRETARIAT, "36.73", cycle=cycle).memberships.get()
    assert within_reach(cycle) == ((), {})
    change(task)
    task.save()
    assert within_reach(cycle) == ((SERANG,), {cycle: (SERANG,)})


def test_a_task_in_a_city_that_was_given_another_code_keeps_what_came_under_the_old_one() -> None:
    cycle = held_in_a_province(BOTH[2])
    new = Place.objects.create(
        code="36.79", name="Serang Baru", level="city", kind="kota", parent=build.place("36"),
        replaces=build.place("36.73"),
    )  # fmt: skip
    build.member(Role.SECRETARIAT, new.code, cycle=cycle)
    assert within_reach(cycle) == ((), {})


def test_a_change_that_a_person_must_decide_on_waits_too_in_any_citys_year() -> None:
    of = open_field()
    family, cycle = build.household(of.programme.lokus, rw="03"), of.programme.cycle
    states = (EditState.APPLIED, EditState.CONFLICT, EditState.BACKLOG)
    for state in states:
        edit = HouseholdEdit(household=Household.objects.get(pk=family.pk), base=1, state=state)
        edit.seal_changes({"address": ["Gang Lama", "Gang Baru"]})
        edit.save()
    assert within_reach(cycle)[1] == {cycle: (Stranded("Kota Cilegon", 1, 1),)}
    build.member(Role.SECRETARIAT, "36.72", cycle=cycle)
    assert within_reach(cycle)[1] == {}


def test_a_form_that_touches_a_family_where_its_sender_works_not_is_nobodys_until_one_area_holds_both() -> None:
    of = open_field()
    cycle, here = of.programme.cycle, of.programme.lokus.area
    other = build.lokus(cycle, "36.72.05.1001", prefix="SJ")
    family = build.household(other, rw="03")
    held = receive(sender=Sender.of(of.phone.phone), parcel=Parcel(filled(of.form, family))).arrival
    take_in()
    assert within_reach(cycle) == ((Stranded("Kota Cilegon", 1, 1),), {cycle: (Stranded("Kota Cilegon", 1, 1),)})
    apart = Stranded("Kota Cilegon", 0, 0, 1)
    lurah = build.member(Role.SUPERVISOR, here, cycle=cycle)
    build.member(Role.SUPERVISOR, other.area, cycle=cycle)
    assert within_reach(cycle) == ((Stranded("Kota Cilegon", 1, 1),), {cycle: (apart,)})
    build.member(Role.SECRETARIAT, here, cycle=cycle)
    assert within_reach(cycle) == ((apart,), {cycle: (apart,)})
    # The family that was kept of it, and that of what it corrects, count as it does.
    kept = build.household(of.programme.lokus, rw="03")
    merged = Merge.objects.create(kept=kept, gone=family, by=lurah)
    Household.objects.filter(pk=family.pk).update(pending=merged.uuid)
    assert within_reach(cycle) == ((), {})
    first = receive(sender=Sender.of(of.phone.phone), parcel=Parcel(filled(of.form, kept))).arrival
    take_in()
    Arrival.objects.filter(pk=held.pk).update(deprecated_id=first.instance_id)
    assert within_reach(cycle) == ((), {})
    Arrival.objects.filter(pk=first.pk).update(household=build.household(other, rw="03"))
    assert within_reach(cycle) == ((apart,), {cycle: (apart,)})
    both = build.member(Role.SUPERVISOR, here, cycle=cycle)
    build.member(Role.SUPERVISOR, other.area, cycle=cycle, user=both)
    assert within_reach(cycle) == ((), {})


@pytest.mark.parametrize(("kelurahan", "statements"), [((), 2), (BOTH[:1], 5), (BOTH, 5)])
def test_it_costs_the_same_for_one_form_and_three_and_two_statements_where_none_waits(
    kelurahan: tuple[str, ...], statements: int
) -> None:
    cycle = held_in_a_province(*kelurahan)
    with CaptureQueriesContext(connection) as captured:
        found = stranded_in(cycle, [""], timezone.now())
    assert (len(captured), sum(each.held for each in found)) == (statements, len(kelurahan))
