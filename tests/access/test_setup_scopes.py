"""Rows of a year's setting up, against the predicates that they must agree with."""

import pytest

from selaras import access
from selaras.models import Agency, Group, Place, PlaceLevel, Role, Team
from tests import build
from tests.access.test_table import CODES, cast, ground

pytestmark = pytest.mark.django_db


def test_places_are_offered_to_exactly_those_who_may_open_their_year() -> None:
    for code in CODES.values():
        build.place(code)
    rows = list(Place.objects.filter(level__in=[PlaceLevel.PROVINCE, PlaceLevel.CITY]))
    people = cast()
    people["this year's"] = build.member(Role.SECRETARIAT, "36.72", cycle=build.cycle())
    found = {who: set(access.places_to_open_for(user)) for who, user in people.items()}

    assert found == {who: {row for row in rows if access.may_open_cycle(user, row)} for who, user in people.items()}
    assert {who: len(places) for who, places in found.items() if places} == {
        "administrator": 5,
        "secretariat": 1,
        "province": 1,
        "console": 5,
    }


def test_teams_groups_and_agencies_are_seen_by_whoever_manages_the_year() -> None:
    grounds = {area: ground(area) for area in CODES}
    for there in grounds.values():
        city, place = there.cycle.place, there.lokus.place
        Team.objects.create(cycle=there.cycle, kind="pokja", name=f"Pokja {place.code}", area=city.code)
        Group.objects.create(place=place, area=place.code, kind="kwt", name="Melati")
        Agency.objects.get_or_create(place=city, short_name="DLH", defaults={"name": "Dinas LH"})
    for who, user in cast().items():
        for there in grounds.values():
            managed = access.may_manage_cycle(user, there.cycle)
            teams = Team.objects.filter(cycle=there.cycle) if managed else []
            groups = Group.objects.filter(area__startswith=there.cycle.place.code) if managed else []
            agencies = Agency.objects.filter(place=there.cycle.place) if managed else []
            assert set(access.teams_for(user, there.cycle)) == set(teams), who
            assert set(access.groups_for(user, there.cycle)) == set(groups), who
            assert set(access.agencies_for(user, there.cycle)) == set(agencies), who
