"""Headers, policy, cookies, sessions, limits and passwords, to the letter: a loosened one is a change of this file."""

import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client, override_settings

from selaras.models import User
from tests.web.hardened import unhardened

#: Settings that follow from the address: what a server behind HTTPS has, and one without.
_ASKED = (
    "SECURE_SSL_REDIRECT SECURE_HSTS_SECONDS SESSION_COOKIE_SECURE CSRF_COOKIE_SECURE SECURE_PROXY_SSL_HEADER "
    "SESSION_COOKIE_HTTPONLY CSRF_COOKIE_HTTPONLY SESSION_COOKIE_SAMESITE DEBUG"
).split()
_CODE = f"from selaras import settings; print([getattr(settings, name, None) for name in {_ASKED!r}])"


def loaded(base_url: str) -> str:
    """The settings of a server of that address, loaded by a process of its own."""
    environment = {**os.environ, "SELARAS_BASE_URL": base_url}
    return subprocess.run(
        [sys.executable, "-c", _CODE], env=environment, capture_output=True, text=True, check=True
    ).stdout


def test_behind_https_every_cookie_is_sealed_to_it_and_nothing_is_answered_without() -> None:
    assert loaded("https://selaras.contoh.go.id").strip() == str(
        [True, 31536000, True, True, ("HTTP_X_FORWARDED_PROTO", "https"), True, True, "Lax", False]
    )
    assert loaded("http://127.0.0.1:8000").strip() == str([False, 0, False, False, None, True, True, "Lax", False])


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/masuk/", "/nomor-penting/", "/tidak-ada/", "/reaksi/"])
def test_every_answer_carries_the_whole_policy_and_no_word_about_the_server(path: str) -> None:
    response = Client().get(path)

    assert unhardened(response) == []
    assert {name: response.headers.get(name) for name in _HEADERS} == _HEADERS


_HEADERS = {
    "Content-Type": "text/html; charset=utf-8",
    "Server": None,
    "X-Powered-By": None,
    "Access-Control-Allow-Origin": None,
}


@pytest.mark.django_db
@override_settings(SESSION_COOKIE_SECURE=True, CSRF_COOKIE_SECURE=True)
def test_cookies_are_for_the_server_alone_and_a_session_has_a_new_name_after_sign_in() -> None:
    User.objects.create_user("ani", "kenanga-lumbung-9174", full_name="Ani Uji")
    client = Client()
    before = client.get("/masuk/").cookies
    given = client.post("/masuk/", {"login": "ani", "password": "kenanga-lumbung-9174"}).cookies
    first = client.session.session_key
    client.post("/keluar/")
    again = client.post("/masuk/", {"login": "ani", "password": "kenanga-lumbung-9174"}).cookies

    assert "sessionid" in given
    for name in ("sessionid", "csrftoken"):
        kept = given[name] if name in given else before[name]
        assert (name, kept["httponly"], kept["secure"], kept["samesite"]) == (name, True, True, "Lax")
    assert "sessionid" not in before
    assert again["sessionid"].value not in {first, given["sessionid"].value}


def test_a_session_lasts_half_a_day_and_tries_are_counted_at_every_open_door() -> None:
    assert (settings.SESSION_COOKIE_AGE, settings.ACCOUNT_LOGOUT_ON_GET) == (12 * 60 * 60, False)
    assert settings.ACCOUNT_RATE_LIMITS == {
        "login": "30/m/ip",
        "login_failed": "10/m/ip,5/5m/key",
        "mulai": "10/m/ip",
        "undangan": "20/m/ip",
        "hadir": "60/m/ip",
        "reaksi": "60/m/ip",
        "opd": "30/m/ip",
        "opd_code": "20/m/ip",
        "lembar": "30/m/ip",
        "serah": "20/h/user",
        "ruang": "300/h/user",
        "darurat": "10/h/user",
    }


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("kenanga-lumbung-9174", set()),
        ("sembilan kucing oranye di pasar", set()),
        ("ñandú-レモン-gerimis-77", set()),
        ("pendek-9", {"password_too_short"}),
        ("8301746592", {"password_entirely_numeric"}),
        ("ani.uji.cilegon", {"password_too_similar"}),
        ("QwertyUiop123", {"password_leaked", "password_too_common"}),
        # Of the list in the package, which Django's own does not have.
        ("iloveyou1234", {"password_leaked"}),
    ],
)
def test_a_password_is_refused_for_what_is_wrong_with_it_and_for_nothing_else(password: str, why: set[str]) -> None:
    found: set[str] = set()
    try:
        validate_password(password, User(username="ani.uji.cilegon", full_name="Ani Uji"))
    except ValidationError as error:
        found = {str(each.code) for each in error.error_list}
    assert found == why
