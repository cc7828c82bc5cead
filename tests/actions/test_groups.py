"""Groups of women and children: named once in their place, counted where somebody counted, ended and not deleted."""

import pytest
from django.utils import timezone

from selaras.access import CONSOLE
from selaras.actions import groups
from selaras.actions.groups import Told
from selaras.errors import Forbidden, InputError
from selaras.models import Group, GroupKind, Role
from selaras.queries.seen import group_seen
from tests import build

pytestmark = pytest.mark.django_db


def codes(refused: pytest.ExceptionInfo[InputError]) -> list[str]:
    return [problem.code for problem in refused.value.problems]


def test_a_group_stands_in_a_kelurahan_of_the_city_or_an_rw_of_it() -> None:
    cycle, place = build.cycle(), build.place("36.72.05.1005")
    told = Told(GroupKind.KWT, " Melati ", women=20)
    made = groups.add_group(by=CONSOLE, cycle=cycle, place=place, rw="3", told=told)
    groups.add_group(by=CONSOLE, cycle=cycle, place=place, rw="", told=told)
    assert (made.area, made.name, made.women, made.children, made.valid_to) == (
        "36.72.05.1005.RW03", "Melati", 20, None, None,
    )  # fmt: skip
    with pytest.raises(InputError) as refused:
        groups.add_group(by=CONSOLE, cycle=cycle, place=place, rw="RW 03", told=Told(GroupKind.PATBM, "melati"))
    assert codes(refused) == ["group.name"]
    for code in ("36.73.01.1001", "36.72.05"):
        with pytest.raises(InputError) as refused:
            groups.add_group(by=CONSOLE, cycle=cycle, place=build.place(code), rw="", told=told)
        assert codes(refused) == ["group.place"]
    with pytest.raises(Forbidden):
        groups.add_group(by=build.member(Role.CADRE, "36.72.05.1005.RW03"), cycle=cycle, place=place, rw="", told=told)


def test_the_second_of_two_who_change_a_group_is_told() -> None:
    cycle, place = build.cycle(), build.place("36.72.05.1005")
    made = groups.add_group(by=CONSOLE, cycle=cycle, place=place, rw="", told=Told(GroupKind.KWT, "Melati"))
    seen = group_seen(made)
    changed = groups.change_group(
        by=CONSOLE, cycle=cycle, group=made, told=Told(GroupKind.UP2K, "Mawar", 10, 0), seen=seen
    )
    assert (changed.kind, changed.name, changed.women, changed.children) == ("up2k", "Mawar", 10, 0)
    with pytest.raises(InputError) as refused:
        groups.change_group(by=CONSOLE, cycle=cycle, group=made, told=Told(GroupKind.KWT, "X"), seen=seen)
    assert codes(refused) == ["setup.changed"]


def test_a_group_that_is_no_more_leaves_its_name_free() -> None:
    cycle, place = build.cycle(), build.place("36.72.05.1005")
    told = Told(GroupKind.KWT, "Melati")
    made = groups.add_group(by=CONSOLE, cycle=cycle, place=place, rw="", told=told)
    groups.end_group(by=CONSOLE, cycle=cycle, group=made)
    groups.end_group(by=CONSOLE, cycle=cycle, group=Group.objects.get())
    assert Group.objects.get().valid_to == timezone.localdate()
    groups.add_group(by=CONSOLE, cycle=cycle, place=place, rw="", told=told)
    far = build.cycle("36.73")
    with pytest.raises(InputError) as refused:
        groups.end_group(by=CONSOLE, cycle=far, group=Group.objects.latest("pk"))
    assert codes(refused) == ["group.place"]
