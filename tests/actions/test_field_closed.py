"""A year that is closed strands nothing that was acknowledged: it is read before, or decided on afterwards."""

import uuid

import pytest

from selaras.actions.cycles import close_cycle
from selaras.actions.field.deciding import decide_edit, let_in, set_aside
from selaras.actions.field.receiving import Parcel, Sender, receive
from selaras.actions.field.taking import take_in
from selaras.errors import InputError
from selaras.models import Arrival, Cycle, HouseholdEdit, Role
from selaras.queries.arrivals import held_in
from tests import build
from tests.actions.test_field_taking import corrected, send, slug
from tests.build_field import filled, open_field, phone_of

pytestmark = pytest.mark.django_db


def stand() -> list[tuple[str, str]]:
    return list(Arrival.objects.order_by("pk").values_list("state", "reason"))


def test_a_year_is_not_closed_over_forms_that_were_thanked_for_and_not_read_yet() -> None:
    of = open_field()
    office, cycle, sender = build.member(Role.SECRETARIAT, "36.72"), of.programme.cycle, Sender.of(of.phone.phone)
    families = [build.household(of.programme.lokus) for _ in range(2)]
    receive(sender=sender, parcel=Parcel(filled(of.form, families[0])))
    with pytest.raises(InputError) as refused:
        close_cycle(by=office, cycle=cycle)
    assert [(each.code, each.values) for each in refused.value.problems] == [("cycle.unread", {"n": 1})]
    take_in()

    # Received in the very moment of closing: stored before, and read only after it.
    late = receive(sender=sender, parcel=Parcel(filled(of.form, families[1]))).arrival
    Arrival.objects.filter(pk=late.pk).update(state="taken")
    assert close_cycle(by=office, cycle=Cycle.objects.get(pk=cycle.pk)) == 0
    Arrival.objects.filter(pk=late.pk).update(state="waiting")
    take_in()
    assert stand() == [("taken", ""), ("taken", "")]


def test_what_waits_when_its_year_is_closed_and_what_comes_later_is_let_in_mapped_or_set_aside() -> None:
    of = open_field()
    office, cycle = build.member(Role.SECRETARIAT, "36.72"), of.programme.cycle
    twice, later, mapped = (build.household(of.programme.lokus) for _ in range(3))
    send(of, corrected(of, twice, "Gang Baru", base=1))
    second = send(of, corrected(of, twice, "Gang Lain", base=1), phone=phone_of(of.programme))
    broken = send(of, b"rusak")
    assert close_cycle(by=office, cycle=cycle) == 2

    came = send(of, filled(of.form, later))
    strange = send(of, filled(of.form, mapped).replace(str(mapped.uuid).encode(), str(uuid.uuid4()).encode()))
    held = [("quarantined", reason) for reason in ("twice", "broken", "closed", "closed")]
    assert stand() == [("taken", ""), *held]

    let_in(by=office, cycle_slug=slug(of), arrival_id=second.uuid)
    let_in(by=office, cycle_slug=slug(of), arrival_id=came.uuid)
    let_in(by=office, cycle_slug=slug(of), arrival_id=strange.uuid, household=mapped.code)
    set_aside(by=office, cycle_slug=slug(of), arrival_id=broken.uuid, why="HP rusak")
    conflict = HouseholdEdit.objects.get(state="conflict")
    decide_edit(by=office, cycle_slug=slug(of), edit_id=conflict.uuid, chosen=["address"])

    twice.refresh_from_db()
    assert stand() == [("taken", ""), ("taken", ""), ("set_aside", "broken"), ("taken", ""), ("taken", "")]
    assert (twice.address, later.submissions.count(), mapped.submissions.count()) == ("Gang Lain", 1, 1)
    assert held_in(cycle) == 0
