"""/bahasa/: Indonesian until someone chooses otherwise."""

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


def language(client: Client, **headers: str) -> str:
    return client.get("/masuk/", headers=headers).headers["Content-Language"]


def test_a_browser_bought_elsewhere_changes_nothing() -> None:
    assert language(Client(), accept_language="en-US,en;q=0.9") == "id"


def test_a_choice_is_kept_and_leads_back_to_the_page() -> None:
    client = Client()
    response = client.post("/bahasa/", {"language": "en", "next": "/masuk/"})

    assert (response.headers["Location"], language(client)) == ("/masuk/", "en")
    assert "Sign in" in client.get("/masuk/").content.decode()


@pytest.mark.parametrize("wanted", ["fr", "", "../../etc"])
def test_a_language_that_we_do_not_speak_is_ignored(wanted: str) -> None:
    client = Client()
    client.post("/bahasa/", {"language": wanted, "next": "/masuk/"})

    assert language(client) == "id"


def test_the_way_back_stays_on_this_server() -> None:
    response = Client().post("/bahasa/", {"language": "en", "next": "https://example.org/"})

    assert response.headers["Location"] == "/"
