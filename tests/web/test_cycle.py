"""/tahun/<slug>/"""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests import build
from tests.web.cast import citra, dewi, inside, scored, secretary

pytestmark = pytest.mark.django_db


def test_a_stranger_is_led_to_sign_in_and_back() -> None:
    of = scored()
    response = Client().get(f"/tahun/{of.cycle.slug}/")

    assert (response.status_code, response.headers["Location"]) == (302, f"/masuk/?next=/tahun/{of.cycle.slug}/")


def test_it_can_only_be_read() -> None:
    of = scored()

    assert inside(secretary(of)).post(f"/tahun/{of.cycle.slug}/").status_code == 405


def test_another_citys_year_looks_like_one_that_is_not_there() -> None:
    of = scored()
    client = inside(dewi())
    theirs, none = client.get(f"/tahun/{of.cycle.slug}/"), client.get("/tahun/tidak-ada/")

    assert (theirs.status_code, none.status_code) == (404, 404)
    bodies = [page.content.decode().split("csrfmiddlewaretoken")[0] for page in (theirs, none)]
    assert bodies[0] == bodies[1]


def test_it_says_each_score_and_that_no_representative_was_named() -> None:
    of = scored()
    text = inside(citra(of)).get(f"/tahun/{of.cycle.slug}/").content.decode()

    assert [piece in text for piece in ("<strong>60,0</strong>", "Wakil: belum ditetapkan", "3 dari 100 keluarga")] == [
        True,
        True,
        True,
    ]


def test_three_loci_cost_no_more_statements_than_one() -> None:
    of = scored()
    client = inside(secretary(of))
    with CaptureQueriesContext(connection) as one:
        client.get(f"/tahun/{of.cycle.slug}/")
    build.lokus(of.cycle, "36.72.05.1001", "SJ")
    build.lokus(of.cycle, "36.72.05.1001", "SK", rw="02")
    with CaptureQueriesContext(connection) as three:
        client.get(f"/tahun/{of.cycle.slug}/")

    assert len(three) <= len(one)
