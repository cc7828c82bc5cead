"""A pair of families is told only to who keeps the records of both."""

import pytest

from selaras.access import duplicates_for
from selaras.models import Duplicate, Household, Role
from tests import build

pytestmark = pytest.mark.django_db


def test_a_pair_across_two_loci_is_the_citys_and_neither_lurahs() -> None:
    cycle = build.cycle()
    here, there = build.lokus(cycle), build.lokus(cycle, "36.72.05.1001", "SJ")
    inside = Duplicate.objects.create(one=build.household(here), other=build.household(here), weight=1)
    across = Duplicate.objects.create(one=build.household(here), other=build.household(there), weight=1)
    seen = {
        role: {pair.pk for pair in duplicates_for(build.member(role, area, cycle=cycle))}
        for role, area in (
            (Role.SECRETARIAT, "36.72"),
            (Role.SUPERVISOR, "36.72.05.1005"),
            (Role.CADRE, "36.72.05.1005"),
            (Role.LEADER, "36.72"),
        )
    }
    assert seen == {
        Role.SECRETARIAT: {inside.pk, across.pk},
        Role.SUPERVISOR: {inside.pk},
        Role.CADRE: set(),
        Role.LEADER: set(),
    }


def test_a_pair_of_which_one_is_hidden_is_shown_only_where_it_was_merged() -> None:
    cycle = build.cycle()
    lokus = build.lokus(cycle)
    pair = Duplicate.objects.create(one=build.household(lokus), other=build.household(lokus), weight=1)
    Household.objects.filter(pk=pair.other_id).update(pending=pair.uuid)
    secretary = build.member(Role.SECRETARIAT, "36.72", cycle=cycle)
    assert list(duplicates_for(secretary)) == []
    Duplicate.objects.update(answer="one")
    assert list(duplicates_for(secretary)) == [pair]
