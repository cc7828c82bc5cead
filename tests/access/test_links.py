"""What is seen of links and asks, against the predicates; a link's visitor has her agency's eyes and no others."""

import pytest

from selaras import access
from selaras.access import LinkVisit
from selaras.models import Ask, Cycle, Household, Lokus
from selaras.queries.links import arrival
from tests import build
from tests.access.test_table import CODES, cast, ground
from tests.build_asks import asking, families, link, visitor

pytestmark = pytest.mark.django_db


def test_links_and_asks_are_seen_by_who_manages_the_year_and_asks_by_the_agency_too() -> None:
    people = cast()
    of = asking()
    for agency in of.agencies.values():
        Ask.objects.create(cycle=of.cycle, lokus=of.lokus, agency=agency, indicator="jamban", families=1)
    people = {**people, "visitor": visitor(link(of)), "other_visitor": visitor(link(of, "Dindikbud"))}
    links = {who for who, user in people.items() if access.links_for(user, of.cycle)}
    asks = {who: {ask.agency.short_name for ask in access.asks_for(user, of.cycle)} for who, user in people.items()}

    managers = {who for who, user in people.items() if access.may_manage_cycle(user, of.cycle)}
    assert links == managers == {"secretariat", "console"}
    everything = {"Disperkim", "Dindikbud", "Dinkes"}
    assert {who: seen for who, seen in asks.items() if seen} == {
        "secretariat": everything,
        "console": everything,
        "liaison": {"Dinkes"},
        "visitor": {"Disperkim"},
        "other_visitor": {"Dindikbud"},
    }


def test_a_visitor_sees_her_year_and_no_family_by_any_scope() -> None:
    of = asking()
    families(of, 6, "jamban")
    made = link(of)
    for area in CODES:
        if not Cycle.objects.filter(place__code=CODES[area][:5]).exists():
            ground(area)
    last_year = build.cycle(year=of.cycle.year - 1)
    build.lokus(last_year, prefix="LL")
    by = visitor(made)
    by.link = LinkVisit(made.link.uuid, names_unlocked=True)

    assert set(access.cycles_for(by)) == {of.cycle}
    assert set(access.loci_for(by)) == {of.lokus, of.next}
    assert (Household.objects.count() > 6, list(access.households_for(by)), list(access.submissions_for(by))) == (
        True, [], [],
    )  # fmt: skip
    assert {access.may_see_names(by, lokus) for lokus in Lokus.objects.select_related("place", "cycle")} == {False}


def test_health_is_the_named_agencys_only_where_the_code_was_used() -> None:
    of = asking()
    found = arrival(link(of, "Dinkes").token, "")
    assert found is not None
    assert found.person is not None
    answers = {}
    for unlocked in (False, True):
        found.person.link = LinkVisit(found.person.link.uuid, names_unlocked=unlocked)
        answers[unlocked] = access.may_see_health(found.person, of.lokus, "DP3AP2KB; Dinkes")
    assert answers == {False: False, True: True}
