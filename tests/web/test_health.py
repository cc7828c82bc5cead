"""/sehat"""

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


def test_a_stranger_learns_that_it_is_well_and_nothing_else() -> None:
    response = Client().get("/sehat")
    state = response.json()

    assert (response.status_code, state["database"], state["migrations"]) == (200, "ok", "ok")
    assert set(state) == {"database", "migrations", "jobs", "version"}
    assert "no-store" in response.headers["Cache-Control"]


def test_it_can_only_be_read() -> None:
    assert Client().post("/sehat").status_code == 405
