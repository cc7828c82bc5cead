"""/instrumen/<id>/<version>/"""

import pytest
from django.test import Client

from tests.build_programme import programme
from tests.web.cast import citra, inside

pytestmark = pytest.mark.django_db


def test_whoever_is_inside_reads_every_rule_and_weight() -> None:
    of = programme()
    response = inside(citra(of)).get("/instrumen/contoh/1/")
    text = response.content.decode()

    assert response.status_code == 200
    assert [piece for piece in ("Jamban", "bobot", "Golongan keluarga") if piece not in text] == []


def test_a_stranger_signs_in_first_and_a_missing_version_is_missing() -> None:
    of = programme()

    assert Client().get("/instrumen/contoh/1/").headers["Location"] == "/masuk/?next=/instrumen/contoh/1/"
    assert inside(citra(of)).get("/instrumen/contoh/9/").status_code == 404
    assert inside(citra(of)).post("/instrumen/contoh/1/").status_code == 405
