"""Readiness is the city's own until it hands a dossier over, and an item's claim is made by whom it names."""

from datetime import UTC, datetime

import pytest

from selaras.access import may_claim, may_find, may_see_readiness
from selaras.models import Role
from tests import build

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("role", [Role.SECRETARIAT, Role.SUPERVISOR, Role.LEADER])
def test_nobody_whose_area_is_larger_than_the_city_reads_it(role: Role) -> None:
    lokus = build.lokus(build.cycle())
    seen = {area: may_see_readiness(build.member(role, area), lokus) for area in ("36", "36.72", "36.72.05", "36.73")}
    assert seen == {"36": False, "36.72": True, "36.72.05": True, "36.73": False}


@pytest.mark.parametrize("role", [Role.JUROR, Role.PROVINCE, Role.CADRE, Role.PROTECTION])
def test_a_juror_the_province_and_whoever_answers_for_no_claim_do_not(role: Role) -> None:
    lokus = build.lokus(build.cycle())
    assert not may_see_readiness(build.member(role, "36.72"), lokus)
    assert not may_see_readiness(build.member(Role.ADMINISTRATOR), lokus)


def test_an_agency_claims_where_the_item_names_it() -> None:
    lokus = build.lokus(build.cycle())
    liaison = build.member(Role.LIAISON, agency=build.agency("Disperkim"))
    said = {text: may_claim(liaison, lokus, text) for text in ("Disperkim", "Dinkes; disperkim", "Dinkes", "")}
    assert said == {"Disperkim": True, "Dinkes; disperkim": True, "Dinkes": False, "": False}
    assert not may_find(liaison, lokus)


def test_the_lurah_claims_for_her_lokus_and_finds_nothing_in_it() -> None:
    lokus = build.lokus(build.cycle())
    lurah, camat = (build.member(Role.SUPERVISOR, area) for area in (lokus.area, "36.72.05"))
    assert [(may_claim(who, lokus, ""), may_find(who, lokus)) for who in (lurah, camat)] == [
        (True, False),
        (True, True),
    ]


def test_in_a_closed_year_nobody_claims_or_finds_and_who_could_still_reads() -> None:
    lokus = build.lokus(build.cycle(closed_at=datetime(2024, 12, 31, tzinfo=UTC)))
    secretariat = build.member(Role.SECRETARIAT, "36.72")
    assert (may_see_readiness(secretariat, lokus), may_claim(secretariat, lokus, ""), may_find(secretariat, lokus)) == (
        True,
        False,
        False,
    )
