"""Codes, areas and zones."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from selaras.models import Place
from selaras.models.places import area_code, codes_since, lineage, within, zone_label
from tests import build


@pytest.mark.parametrize(
    ("code", "label"),
    [("36.72", "WIB"), ("61", "WIB"), ("62", "WIB"), ("51.71", "WITA"), ("64", "WITA"), ("73", "WITA"), ("81", "WIT"),
     ("91.71", "WIT"), ("96", "WIT"), ("11", "WIB"), ("65", "WITA")],
)  # fmt: skip
def test_a_province_has_its_zone(code: str, label: str) -> None:
    assert zone_label(code) == label


@pytest.mark.parametrize(
    ("rw", "rt", "area"),
    [
        ("", "", "K"),
        ("3", "", "K.RW03"),
        ("03", "001", "K.RW03.RT01"),
        ("RW 003", "RT.2", "K.RW03.RT02"),
        ("12", "110", "K.RW12.RT110"),
        ("", "5", "K"),
        ("lima", "", "K.RWLIMA"),
    ],
)
def test_an_rw_is_one_area_however_its_number_is_written(rw: str, rt: str, area: str) -> None:
    assert area_code("K", rw, rt) == area


def test_an_area_ends_at_a_dot() -> None:
    assert within("36.72.05", "36.72")
    assert within("36.72", "36.72")
    assert within("36.72", "")
    assert not within("36.72", "36.7")
    assert not within("36", "36.72")


@pytest.mark.django_db
def test_names_say_what_the_law_calls_a_place() -> None:
    assert build.place("36.72").full_name == "Kota Cilegon"
    assert Place(code="1", name="Kota Cilegon", level="city", kind="kota").full_name == "Kota Cilegon"


@pytest.mark.django_db
def test_a_code_has_one_version_that_holds_now() -> None:
    build.place("36.72")
    with pytest.raises(IntegrityError), transaction.atomic():
        Place.objects.create(code="36.72", name="X", level="city", kind="kota", valid_from=date(2020, 1, 1))
    Place.objects.create(
        code="36.72", name="Lama", level="city", kind="kota", valid_from=date(1999, 4, 27), valid_to=date(2010, 1, 1)
    )
    held = [place.name for place in Place.objects.filter(code="36.72") if place.is_current(date(2005, 1, 1))]
    assert sorted(held) == ["Cilegon", "Lama"]


@pytest.mark.django_db
def test_the_lineage_of_a_code_follows_every_replacement_both_ways() -> None:
    old = build.place("36.72")
    mid = Place.objects.create(code="37.01", name="C", level="city", kind="kota", replaces=old)
    Place.objects.create(code="38.01", name="C", level="city", kind="kota", replaces=mid)
    build.place("36.73")
    assert lineage("37.01") == lineage("36.72") == lineage("38.01") == {"36.72", "37.01", "38.01"}
    assert lineage("36.73") == {"36.73"}


@pytest.mark.django_db
def test_an_old_code_is_followed_to_the_one_that_is_known_and_nowhere_where_its_place_became_several() -> None:
    city = build.place("36.72")

    def made(code: str, replaces: Place | None = None) -> Place:
        given = {"level": "kelurahan", "kind": "kelurahan", "parent": city, "replaces": replaces}
        return Place.objects.create(code=code, name=code, **given)

    first = made("36.72.1")
    second = made("36.72.2", first)
    made("36.72.3", second)
    split = made("36.72.4")
    for code in ("36.72.5", "36.72.6"):
        made(code, split)
    known = {"36.72.2", "36.72.3", "36.72.5", "36.72.6"}
    assert codes_since(["36.72.1", "36.72.3", "36.72.4", "36.72.9"], known) == {
        "36.72.1": "36.72.2", "36.72.3": "36.72.3",
    }  # fmt: skip
