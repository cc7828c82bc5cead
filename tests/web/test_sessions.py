"""/akun/perangkat/: where one is signed in, and out again from afar."""

import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from selaras.actions.upkeep import tidy
from selaras.models import AuditEntry, BrowserSession, User
from selaras.models.sessions import kept
from selaras.web.sessions import device_words
from tests import leaks
from tests.web.cast import inside

pytestmark = pytest.mark.django_db

PASSWORD = "kenanga-lumbung-9174"
PHONE = (
    "Mozilla/5.0 (Linux; Android 14; SM-A055F) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Mobile Safari/537.36"
)
DESK = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:127.0) Gecko/20100101 Firefox/127.0"


@pytest.fixture(autouse=True)
def fresh_limits() -> None:
    """Tries of one test are not tries of the next."""
    cache.clear()


def signed_in(user: User, agent: str) -> Client:
    """A browser of that kind in which she signed in."""
    client = Client(headers={"user-agent": agent})
    assert client.post("/masuk/", {"login": user.username, "password": PASSWORD}).status_code == 302
    return client


def ani() -> User:
    return User.objects.create_user("ani", PASSWORD, full_name="Ani Uji")


def devices(client: Client) -> list[str]:
    return re.findall(r"<div><b>([^<]+)</b>", client.get("/akun/perangkat/").content.decode())


def test_each_browser_is_listed_this_one_first() -> None:
    user = ani()
    signed_in(User.objects.create_user("dewi", PASSWORD), DESK)
    phone, desk = signed_in(user, PHONE), signed_in(user, DESK)

    assert devices(phone) == ["Chrome di Android", "Firefox di Windows"]
    assert devices(desk) == ["Firefox di Windows", "Chrome di Android"]
    assert phone.get("/akun/perangkat/").content.decode().count("yang ini") == 1


def test_one_is_signed_out_from_another_and_never_somebody_elses() -> None:
    user = ani()
    phone, desk = signed_in(user, PHONE), signed_in(user, DESK)
    number = re.findall(r'name="nomor" value="(\w+)"', desk.get("/akun/perangkat/").content.decode())[0]
    stranger = inside(User.objects.create_user("dewi"))

    assert [stranger.post("/akun/perangkat/keluarkan/", {"nomor": n}).status_code for n in (number, "", "0" * 16)] == [
        404
    ] * 3
    assert phone.get("/akun/").status_code == 200
    assert desk.post("/akun/perangkat/keluarkan/", {"nomor": number}).headers["Location"] == "/akun/perangkat/"
    assert [client.get("/akun/").status_code for client in (phone, desk)] == [302, 200]
    assert AuditEntry.objects.filter(action="people.end_session", actor=user).count() == 1


def test_all_but_this_one_are_signed_out_at_once() -> None:
    user = ani()
    phone, tablet, desk = (signed_in(user, agent) for agent in (PHONE, PHONE, DESK))
    desk.post("/akun/perangkat/keluarkan/")

    assert [client.get("/akun/").status_code for client in (phone, tablet, desk)] == [302, 302, 200]
    assert AuditEntry.objects.get(action="people.end_sessions").details == {"sessions": 2}


def test_a_new_password_keeps_this_browser_and_ends_the_others() -> None:
    user = ani()
    phone, desk = signed_in(user, PHONE), signed_in(user, DESK)
    new = "serambi-angklung-6169"
    desk.post("/akun/sandi/", {"oldpassword": PASSWORD, "password1": new, "password2": new})

    assert [client.get("/akun/").status_code for client in (phone, desk)] == [302, 200]
    assert devices(desk)[0] == "Firefox di Windows"


def test_use_is_written_down_now_and_then_not_with_every_request() -> None:
    client = signed_in(ani(), DESK)

    def statements() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get("/akun/")
        return sum("UPDATE" in query["sql"] for query in captured)

    assert statements() == 0
    session = client.session
    before = timezone.now() - timedelta(minutes=11)
    session["seen"] = before.isoformat()
    session.save()
    assert BrowserSession.objects.get().seen_at == before
    assert statements() == 1
    assert BrowserSession.objects.get().seen_at > before
    assert statements() == 0


def test_the_list_costs_one_statement_however_many_there_are() -> None:
    user = ani()
    client = signed_in(user, DESK)
    counts = []
    for _ in range(3):
        with CaptureQueriesContext(connection) as captured:
            client.get("/akun/perangkat/")
        counts.append(len(captured))
        signed_in(user, PHONE)

    assert counts[0] == counts[1] == counts[2]


def test_signing_out_and_expiry_leave_no_row() -> None:
    client = signed_in(ani(), DESK)
    assert BrowserSession.objects.count() == 1
    client.post("/keluar/")
    assert BrowserSession.objects.filter(user__isnull=False).count() == 0
    for clear in (tidy, lambda: call_command("clearsessions")):
        signed_in(User.objects.get(), DESK)
        BrowserSession.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
        clear()
        assert BrowserSession.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_a_copy_of_the_database_opens_no_session() -> None:
    client = signed_in(ani(), DESK)
    cookie = client.cookies["sessionid"].value

    assert leaks.found({cookie}) == set()
    assert BrowserSession.objects.get().session_key == kept(cookie)
    thief = Client()
    thief.cookies["sessionid"] = kept(cookie)
    assert thief.get("/akun/").status_code == 302


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (PHONE, "Chrome di Android"),
        (DESK, "Firefox di Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Version/17.5 Safari/604.1", "Safari di iPhone"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15) Chrome/126.0 Safari/537.36 Edg/126.0", "Edge di Mac"),
        ("curl/8.7", ""),
        ("", ""),
    ],
)  # fmt: skip
def test_a_browser_is_named_as_people_name_it(agent: str, words: str) -> None:
    assert device_words(agent) == words
