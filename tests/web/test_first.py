"""/mulai/: one administrator, one code, once."""

import pytest
from django.core.cache import cache
from django.test import Client

from selaras.access import has_role
from selaras.actions.people import first_code
from selaras.models import Role, User
from tests import build

pytestmark = pytest.mark.django_db
SAID = {"full_name": "Ani Uji", "username": "ani", "password": "kenanga-lumbung-9174"}


@pytest.fixture(autouse=True)
def fresh_limits() -> None:
    """Tries of one test are not tries of the next."""
    cache.clear()


def test_the_code_makes_the_first_administrator_and_then_there_is_nothing_here() -> None:
    client = Client()
    assert client.get("/mulai/").status_code == 200
    response = client.post("/mulai/", {**SAID, "code": first_code()})

    assert response.headers["Location"] == "/masuk/"
    assert has_role(User.objects.get(username="ani"), Role.ADMINISTRATOR)
    assert [client.get("/mulai/").status_code, client.post("/mulai/", SAID).status_code] == [404, 404]


def test_a_wrong_code_and_a_weak_password_are_said_on_the_form() -> None:
    wrong = Client().post("/mulai/", {**SAID, "code": "aaaa-aaaa-aaaa-aaaa"})
    weak = Client().post("/mulai/", {**SAID, "code": first_code(), "password": "admin"})

    assert [(page.status_code, 'role="alert"' in page.content.decode()) for page in (wrong, weak)] == [(422, True)] * 2
    assert User.objects.count() == 0


def test_guessing_is_slowed_down() -> None:
    statuses = [Client().post("/mulai/", {**SAID, "code": "aaaa"}).status_code for _ in range(11)]

    assert statuses == [422] * 10 + [429]


def test_where_an_administrator_is_the_page_is_not() -> None:
    build.member(Role.ADMINISTRATOR)

    assert Client().get("/mulai/").status_code == 404
