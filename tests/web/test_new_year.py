"""/tahun/baru/"""

import pytest
from django.test import Client

from selaras.access import CONSOLE
from selaras.actions import cycles
from selaras.models import Cycle, Membership, Role
from tests import build
from tests.web.cast import inside
from tests.web.sent import fields_of

pytestmark = pytest.mark.django_db
ASKED = "/tahun/baru/?wilayah=36.72&tahun=2027"


def test_whoever_keeps_all_years_of_a_place_opens_one_and_a_stranger_signs_in() -> None:
    cycle = build.cycle()
    people = {
        "secretary": build.member(Role.SECRETARIAT, "36.72"),
        "this year's": build.member(Role.SECRETARIAT, "36.72", cycle=cycle),
        "neighbour": build.member(Role.SECRETARIAT, build.place("36.73").code),
        "leader": build.member(Role.LEADER, "36.72"),
        "administrator": build.member(Role.ADMINISTRATOR),
    }
    seen = {who: inside(user).get(ASKED).status_code for who, user in people.items()}

    # Another city is not among the neighbour's choices.
    assert seen == {"secretary": 200, "this year's": 403, "neighbour": 422, "leader": 403, "administrator": 200}
    assert Client().get(ASKED).status_code == 302
    posted = {"wilayah": "36.72", "tahun": "2027", "programme": "P2WKSS"}
    assert inside(people["leader"]).post("/tahun/baru/", posted).status_code == 403
    assert inside(people["neighbour"]).post("/tahun/baru/", posted).status_code == 422
    assert Cycle.objects.count() == 1


def test_last_years_stages_are_proposed_and_nothing_typed_is_lost_when_it_is_refused() -> None:
    old = build.cycle(year=2026)
    cycles.open_cycle(by=CONSOLE, place=old.place, year=2027)
    build.baseline(old)
    client = inside(build.member(Role.SECRETARIAT, "36.72"))
    typed = fields_of(client.get(f"{ASKED}&dari={old.slug}"))
    assert (typed["dari"], typed["putaran-0-opens"], typed["tahap-0-name"]) == (old.slug, "2027-01-08", "")
    refused = client.post("/tahun/baru/", {**typed, "tahap-0-name": "Tahap saya", "tahap-0-starts": "2027-02-01"})
    again = fields_of(refused)
    assert (refused.status_code, again["tahap-0-name"], again["tahap-0-starts"]) == (422, "Tahap saya", "2027-02-01")
    taken = client.post("/tahun/baru/", {**again, "tahap-0-ends": "2027-02-03"})
    assert (taken.status_code, "sudah ada" in taken.content.decode()) == (422, True)
    assert fields_of(taken)["tahap-0-name"] == "Tahap saya"
    made = client.post("/tahun/baru/", {**again, "tahap-0-ends": "2027-02-03", "programme": "KRPPA"})
    assert made.headers["Location"] == "/tahun/krppa-kota-cilegon-2027/atur/"


def test_an_administrator_names_somebody_else_and_reads_of_a_name_that_is_not_there() -> None:
    build.place("36.72")
    client, sari = inside(build.member(Role.ADMINISTRATOR)), build.user("sari")
    typed = {**fields_of(client.get(ASKED)), "who": "lain"}
    wrong = client.post("/tahun/baru/", {**typed, "username": "saari"})
    made = client.post("/tahun/baru/", {**typed, "username": "sari"})

    assert (wrong.status_code, "pengguna saari tidak ada" in wrong.content.decode()) == (422, True)
    assert made.headers["Location"] == "/tahun/kota-cilegon-2027/"
    task = Membership.objects.get(user=sari)
    assert (task.role, task.place_code) == ("secretariat", "36.72")
    assert inside(sari).get("/tahun/kota-cilegon-2027/atur/").status_code == 200


def test_before_any_place_is_loaded_the_administrator_is_led_to_load_one() -> None:
    page = inside(build.member(Role.ADMINISTRATOR)).get("/tahun/baru/")

    assert (page.status_code, 'href="/wilayah/"' in page.content.decode()) == (200, True)


@pytest.mark.parametrize("query", ["wilayah=99.99&tahun=2027", "wilayah=36.72&tahun=20270", "wilayah=&tahun=x"])
def test_an_address_that_nobody_can_have_chosen_asks_again(query: str) -> None:
    build.place("36.72")
    client = inside(build.member(Role.ADMINISTRATOR))

    assert client.get(f"/tahun/baru/?{query}").status_code == 422
