"""/kirim/<uuid> from who works in several areas: a family that nobody knows yet belongs to the one that it lives in."""

from datetime import timedelta

import pytest
from django.utils import timezone

from selaras.actions.field.taking import take_in
from selaras.actions.stand_ins import stand_in
from selaras.models import Arrival, Household, Role, User
from tests import build
from tests.build_field import Field, filled, open_field
from tests.build_sending import Wire, item
from tests.web.cast import inside

pytestmark = pytest.mark.django_db


def cadre(of: Field) -> User:
    return of.phone.phone.user


def sent(of: Field, *rws: str, by: User | None = None) -> list[tuple[str, str, str]]:
    """New families of those RWs sent by browser: state, reason and the RW where each was registered."""
    wire = Wire(inside(User.objects.get(pk=(by or cadre(of)).pk)))
    for rw in rws:
        wire.put(item(filled(of.form, None).replace(b"<sl_rw>03<", f"<sl_rw>{rw}<".encode())))
    take_in()
    rows = Arrival.objects.order_by("pk").select_related("household")
    return [(row.state, row.reason, row.household.rw if row.household else "") for row in rows]


def test_a_new_family_in_either_of_two_areas_is_registered_where_it_lives_and_none_elsewhere() -> None:
    of = open_field()
    build.member(Role.CADRE, f"{of.programme.lokus.area}.RW05", cycle=of.programme.cycle, user=cadre(of))

    assert sent(of, "03", "05", "07") == [
        ("taken", "", "03"),
        ("taken", "", "05"),
        ("quarantined", "foreign", ""),
    ]
    assert sorted(Household.objects.values_list("area", flat=True)) == [
        f"{of.programme.lokus.area}.RW{rw}.RT02" for rw in ("03", "05")
    ]


def test_who_stands_in_for_another_registers_families_there_for_those_days_alone() -> None:
    of = open_field()
    lurah = build.member(Role.SUPERVISOR, of.programme.lokus.area, cycle=of.programme.cycle)
    ina = build.member(Role.CADRE, f"{of.programme.lokus.area}.RW05", cycle=of.programme.cycle)
    today = timezone.localdate()
    before = sent(of, "05")
    task = stand_in(
        by=lurah,
        cycle_slug=of.programme.cycle.slug,
        membership_id=ina.memberships.get().pk,
        by_whom=cadre(of).memberships.get().pk,
        first=today,
        last=today + timedelta(days=2),
    )
    during = sent(of, "05")

    assert (before, during[1:]) == ([("quarantined", "foreign", "")], [("taken", "", "05")])
    assert task.stands_in_for == ina.memberships.get()


def test_what_came_while_she_stood_in_is_taken_after_it_too() -> None:
    of = open_field()
    task = build.member(
        Role.CADRE, f"{of.programme.lokus.area}.RW05", cycle=of.programme.cycle, user=cadre(of)
    ).memberships.latest("pk")
    Wire(inside(cadre(of))).put(item(filled(of.form, None).replace(b"<sl_rw>03<", b"<sl_rw>05<")))
    task.ends = timezone.now()
    task.save()

    take_in()

    assert Arrival.objects.values_list("state", "reason").get() == ("taken", "")


def test_the_office_that_also_walks_an_rw_registers_families_in_the_whole_lokus() -> None:
    of = open_field()
    build.member(Role.SUPERVISOR, of.programme.lokus.area, cycle=of.programme.cycle, user=cadre(of))

    assert sent(of, "03", "05") == [("taken", "", "03"), ("taken", "", "05")]


def test_a_task_for_the_whole_city_does_not_put_in_doubt_which_lokus_her_own_rw_is_in() -> None:
    of = open_field()
    build.lokus(of.programme.cycle, "36.72.05.1001", prefix="SJ")
    build.member(Role.SECRETARIAT, of.programme.cycle.place.code, cycle=of.programme.cycle, user=cadre(of))

    assert sent(of, "03", "05") == [("taken", "", "03"), ("quarantined", "no_household", "")]


def test_the_same_rw_of_two_lokus_is_for_a_person_to_tell_apart() -> None:
    of = open_field()
    other = build.lokus(of.programme.cycle, "36.72.05.1001", prefix="SJ")
    build.member(Role.CADRE, f"{other.area}.RW03", cycle=of.programme.cycle, user=cadre(of))

    assert sent(of, "03") == [("quarantined", "no_household", "")]
