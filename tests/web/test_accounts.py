"""/masuk/, /keluar/, /akun/…: who gets in, how often one may try, and the second step."""

import re

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from selaras.models import User
from tests.second_step import code_for

pytestmark = pytest.mark.django_db
PASSWORD = "kenanga-lumbung-9174"


@pytest.fixture(autouse=True)
def fresh_limits() -> None:
    """Tries of one test are not tries of the next."""
    cache.clear()


def account(username: str = "ani") -> User:
    return User.objects.create_user(username, PASSWORD, full_name="Ani Uji")


def sign_in(client: Client, password: str = PASSWORD) -> int:
    return client.post("/masuk/", {"login": "ani", "password": password}).status_code


def test_the_right_password_leads_in_and_a_wrong_one_says_so() -> None:
    account()
    wrong = Client().post("/masuk/", {"login": "ani", "password": "bukan-ini"})
    client = Client()

    assert "Nama pengguna atau kata sandi tidak cocok" in wrong.content.decode()
    assert (sign_in(client), client.get("/akun/").status_code) == (302, 200)


def test_an_unknown_name_and_a_wrong_password_look_the_same() -> None:
    account()
    pages = [
        Client().post("/masuk/", {"login": login, "password": "bukan-ini"}).content.decode()
        for login in ("ani", "dewi")
    ]

    assert ["tidak cocok" in page for page in pages] == [True, True]
    assert len({tuple(re.findall(r"<li>.*?</li>", page)) for page in pages}) == 1


def test_the_sixth_wrong_try_waits_even_with_the_right_password() -> None:
    account()
    client = Client()
    for _ in range(5):
        sign_in(client, "bukan-ini")
    last = client.post("/masuk/", {"login": "ani", "password": PASSWORD})

    assert (last.status_code, "Terlalu banyak percobaan" in last.content.decode()) == (200, True)


def test_a_flood_from_one_address_meets_429_in_our_words() -> None:
    client = Client()
    statuses = [client.post("/masuk/", {"login": f"x{n}", "password": "x"}).status_code for n in range(31)]
    last = client.post("/masuk/", {"login": "x", "password": "x"})

    assert (statuses[-1], last.headers["Retry-After"]) == (429, "300")
    assert "Terlalu banyak percobaan" in last.content.decode()


def test_signing_out_needs_a_form_and_ends_the_session() -> None:
    account()
    client = Client()
    sign_in(client)

    assert (client.get("/keluar/").status_code, client.get("/akun/").status_code) == (200, 200)
    assert client.post("/keluar/").headers["Location"] == "/masuk/"
    assert client.get("/akun/").headers["Location"] == "/masuk/?next=/akun/"


def test_the_way_back_after_signing_in_stays_on_this_server() -> None:
    account()
    response = Client().post("/masuk/", {"login": "ani", "password": PASSWORD, "next": "https://example.org/"})

    assert response.headers["Location"] == "/"


def test_the_password_is_changed_only_by_who_knows_it() -> None:
    user = account()
    client = Client()
    sign_in(client)
    new = "serambi-angklung-6169"
    refused = client.post("/akun/sandi/", {"oldpassword": "bukan-ini", "password1": new, "password2": new})
    short = client.post("/akun/sandi/", {"oldpassword": PASSWORD, "password1": "pendek", "password2": "pendek"})
    client.post("/akun/sandi/", {"oldpassword": PASSWORD, "password1": new, "password2": new})

    assert ("Kata sandi sekarang tidak cocok" in refused.content.decode(), short.status_code) == (True, 200)
    user.refresh_from_db()
    assert user.check_password(new)


def test_with_codes_on_a_password_alone_opens_nothing() -> None:
    account()
    client = Client()
    sign_in(client)
    # Setting it up asks for the password once more, as a session may have been left open.
    assert client.get("/akun/keamanan/pasang/").headers["Location"].startswith("/akun/pastikan/")
    client.post("/akun/pastikan/", {"password": PASSWORD})
    assert client.get("/akun/keamanan/pasang/").status_code == 200
    secret = client.session["mfa.totp.secret"]
    client.post("/akun/keamanan/pasang/", {"code": code_for(secret)})
    assert len(re.findall(r"<li><code>\d{8}</code>", client.get("/akun/keamanan/cadangan/").content.decode())) == 10

    other = Client()
    response = other.post("/masuk/", {"login": "ani", "password": PASSWORD})
    assert (response.headers["Location"], other.get("/akun/").status_code) == ("/masuk/kode/", 302)
    wrong = other.post("/masuk/kode/", {"code": "000000"})
    assert "Kode tidak cocok" in wrong.content.decode()


def test_nobody_makes_an_account_for_herself() -> None:
    assert [name for name in ("account_signup", "account_reset_password") if name in get_resolver().reverse_dict] == []
    assert Client().post("/masuk/", {"login": "baru", "password1": PASSWORD, "password2": PASSWORD}).status_code == 200
    assert User.objects.count() == 0


def _patterns(resolver: URLResolver, prefix: str = "") -> list[tuple[str, URLPattern]]:
    found: list[tuple[str, URLPattern]] = []
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            found += _patterns(entry, prefix + str(entry.pattern))
        else:
            found.append((prefix + str(entry.pattern), entry))
    return found


PHONES = (
    *("formList", "forms/<str:form_id>/<str:version>.xml", "manifest/<str:form_id>/<str:version>"),
    *("keluarga.csv", "integrity/keluarga", "submission", "submission/"),
)


def test_every_path_is_closed_unless_it_is_on_this_list() -> None:
    """A new page is closed by default; opening one is a change of this test."""
    opened = {path for path, entry in _patterns(get_resolver()) if not getattr(entry.callback, "login_required", True)}

    account = {"masuk/", "masuk/kode/", "masuk/nonaktif/", "keluar/", "undangan/", "undangan/<str:token>/"}
    programs = {path for path in opened if path.startswith("api/")}
    # Each of these asks for a phone's token: tests/openrosa tries wrong ones on all.
    phones = {f"odk/<str:token>/{path}" for path in PHONES}
    links = {"opd/<str:link>/", "opd/<str:link>/kegiatan/", "opd/<str:link>/kode/", "kalender/<str:feed>.ics"}
    read = {f"senin/<uuid:page_id>/{file}" for file in ("", "senin.pdf", "senin.png")}
    # These say that nobody is signed in, as a page can read it; or say nothing of anybody.
    filling = {f"isi/{file}" for file in ("sw.js", "kotak.js", "manifest.webmanifest", "isi.json", "terakhir.json")}
    filling |= {"isi/formulir/<str:form_id>/<str:version>.xml", "isi/daftar/<slug:slug>/keluarga.csv"}
    filling |= {"kirim/<uuid:item>"}
    families = {"lembar/", "lembar/<str:sheet>/"}
    numbers = {"nomor-penting/", "nomor-penting/<str:city>/"}
    reactions = {"reaksi/", "reaksi/terima-kasih/", "reaksi/buka/", "reaksi/qr.svg"}
    others = {"hadir/<str:attend_token>/", "bahasa/", "sehat", "mulai/"}
    assert opened == account | programs | phones | links | read | filling | families | numbers | reactions | others
    assert programs == {
        "api/",
        "api/openapi.json",
        "api/v1/cycles",
        "api/v1/cycles/<slug>",
        "api/v1/cycles/<slug>/loci/<code>",
        "api/v1/instruments",
        "api/v1/instruments/<instrument_id>/<version>",
    }
