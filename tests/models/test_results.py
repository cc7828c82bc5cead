"""Exact numbers come back exact on both databases; the constraints of facts and scopes hold."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from selaras.models import Counter, Fact, Membership
from tests import build

pytestmark = pytest.mark.django_db

numbers = st.decimals(
    min_value=Decimal("-9999999999999999999999999"),
    max_value=Decimal("9999999999999999999999999"),
    places=12,
    allow_nan=False,
    allow_infinity=False,
)


def counter(total: Decimal | None) -> Counter:
    lokus = build.lokus(build.cycle())
    indicator = build.version().indicators.create(name="x", position=0)
    return Counter.objects.create(
        lokus=lokus,
        round=build.baseline(lokus.cycle),
        indicator=indicator,
        n=1,
        true=0,
        missing=0,
        not_applicable=0,
        total=total,
    )


def test_an_exact_decimal_comes_back_digit_for_digit() -> None:
    made = counter(None)
    assert Counter.objects.get().total is None

    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(numbers)
    def comes_back(number: Decimal) -> None:
        Counter.objects.filter(pk=made.pk).update(total=number)
        assert Counter.objects.get(total=number).total == number

    comes_back()


def test_a_fact_is_a_value_or_an_option_and_stands_once() -> None:
    lokus = build.lokus(build.cycle())
    indicator = build.version().indicators.create(name="sk", position=0)
    same = {"lokus": lokus, "indicator": indicator, "source": "SK"}
    Fact.objects.create(**same, option="a")
    for wrong in ({"option": "b"}, {"value": Decimal(1)}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Fact.objects.create(**same, **wrong)
    asked = build.baseline(lokus.cycle)
    for wrong in ({}, {"value": Decimal(1), "option": "a"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Fact.objects.create(**same, round=asked, **wrong)
    Fact.objects.create(**same, round=asked, value=Decimal("0.5"))
    assert Fact.objects.count() == 2


@pytest.mark.parametrize(
    ("role", "place_code", "has_agency", "fits"),
    [
        ("administrator", "", False, True),
        ("administrator", "36", False, True),
        ("administrator", "", True, False),
        ("liaison", "", True, True),
        ("liaison", "36.72", True, False),
        ("liaison", "", False, False),
        ("cadre", "", False, False),
        ("cadre", "36.72", True, False),
        ("secretariat", "36.72", False, True),
    ],
)
def test_a_scope_fits_its_role(role: str, place_code: str, has_agency: bool, fits: bool) -> None:
    agency = build.agency() if has_agency else None
    given = {"user": build.user(), "role": role, "place_code": place_code, "agency": agency}
    if fits:
        assert Membership.objects.create(**given).pk
        return
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(**given)
