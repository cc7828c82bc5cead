"""/pendataan/peta/: homes beside each other for who works with their families; nowhere a place on the earth."""

import re

import pytest

from selaras.actions.field.receiving import Parcel, Sender, receive
from selaras.actions.field.taking import take_in
from selaras.models import AuditEntry, Household, Role
from selaras.queries.points import HomePoint, points_page
from selaras.queries.progress import FamilyLine
from selaras.web.points import EDGE, SCALE, TALLEST, WIDTH, drawn
from tests import build
from tests.build_field import Field, filled, open_field
from tests.sample_workbook import rows, sample
from tests.web.cast import inside

pytestmark = pytest.mark.django_db
#: Two homes 100 m apart, east and west, and one 50 m north; and one that the phone was not sure of.
PLACES = ("-6.0123456 106.0512345 12 5", "-6.0123456 106.0521429 12 5", "-6.0118934 106.0512345 12 5")
VAGUE = "-6.5 106.9 0 250"


def ground() -> tuple[Field, list[Household]]:
    """Five families of RW 03, four of them with a point, one of which is vague."""
    field = open_field(sample(survey=[*rows("survey"), ["geopoint", "titik", "Titik rumah"]]))
    families = [build.household(field.programme.lokus, rw="03") for _ in range(5)]
    for household, place in zip(families, (*PLACES, VAGUE), strict=False):
        xml = filled(field.form, household, {"jumlah": "4", "titik": place})
        receive(sender=Sender.of(field.phone.phone), parcel=Parcel(xml))
    take_in()
    return field, families


def test_homes_stand_as_far_apart_as_they_are_and_a_vague_point_is_none() -> None:
    field, families = ground()
    of = field.programme
    page = points_page(field.phone.phone.user, of.cycle.slug, of.lokus.area)

    at = {point.line.code: (round(point.east), round(point.north)) for point in page.points}
    assert at == {families[0].code: (0, 0), families[1].code: (100, 0), families[2].code: (0, 50)}
    assert [(line.code, line.state) for line in page.without] == [
        (families[3].code, "bertemu"), (families[4].code, ""),
    ]  # fmt: skip


def test_the_page_is_for_who_works_with_the_families_says_no_place_on_earth_and_is_written_down() -> None:
    field, families = ground()
    of = field.programme
    address = f"/tahun/{of.cycle.slug}/lokus/{of.lokus.area}/pendataan/peta/"
    lurah = build.member(Role.SUPERVISOR, of.lokus.place.code, cycle=of.cycle)
    next_rw = build.member(Role.CADRE, f"{of.lokus.place.code}.RW04", cycle=of.cycle)
    juror = build.member(Role.JUROR, "36.72", cycle=of.cycle)

    shown = inside(lurah).get(address).content.decode()
    hidden = inside(next_rw).get(address).content.decode()

    assert shown.count('class="home ') == 3
    assert re.findall(r"-6\.0|106\.0|6,0|106,0", shown) == []
    assert [family.code for family in families if family.code in hidden] == []
    assert inside(juror).get(address).status_code == 403
    entries = AuditEntry.objects.filter(action="households.reveal_points")
    assert [(entry.actor, entry.details) for entry in entries] == [(lurah, {"families": 3, "page": address})]


def home(east: float, north: float) -> HomePoint:
    return HomePoint(FamilyLine("GD-001", "03", "02", "", None), east, north)


@pytest.mark.parametrize("homes", [[home(0, 0)], [home(0, 0), home(900, 5)], [home(0, 0), home(3, 4000)]])
def test_every_home_is_inside_the_picture_and_one_scale_holds_for_both_ways(homes: list[HomePoint]) -> None:
    picture = drawn(homes)
    _left, _top, width, height = map(float, picture.box.split())

    assert (width, height <= TALLEST + SCALE) == (WIDTH, True)
    for dot in picture.dots:
        assert EDGE <= float(dot.x) <= width - EDGE + 0.1
        assert 0 < float(dot.y) < height - SCALE
    first, last = picture.dots[0], picture.dots[-1]
    unit = (float(picture.bar) - EDGE) / picture.metres
    assert float(last.x) - float(first.x) == pytest.approx(homes[-1].east * unit, abs=0.6)
    assert float(first.y) - float(last.y) == pytest.approx(homes[-1].north * unit, abs=0.6)


def test_the_scale_is_a_round_number_that_fits() -> None:
    assert [drawn([home(0, 0), home(east, 0)]).metres for east in (1, 40, 100, 999, 5000)] == [1, 10, 20, 200, 1000]
