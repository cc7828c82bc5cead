"""Somebody who tries every address in every role with values that no page has asked for.

Whatever she sends: no 500, and never a family that is not hers. N scales the number of steps.
"""

import os
import random
import re

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client

from tests.web.doors.table import HEALTH, NAMES, TABLE
from tests.web.doors.world import CAST, CODES, OWN, PATHS, PREFIXES, World, world
from tests.web.statics import collected

pytestmark = pytest.mark.django_db
STEPS = 40 * int(os.environ.get("N", "1"))
#: What answers may say; 301 leads to the same address with its last slash. A 500 would be raised by the client, as it
#: is by the server's log.
CALM = {200, 301, 302, 400, 401, 403, 404, 405, 410, 422, 429}
ODD = [
    "",
    "\0",
    "a\0b",
    "../../etc/passwd",
    "%2e%2e%2f",
    "..",
    "'; DROP TABLE selaras_user; --",
    '" OR 1=1',
    "{{ 7*7 }}",
    "<script>alert(1)</script>",
    "\u202e\u200f\ufeff",
    "🧕🏽" * 20,
    "٣٤",
    "9" * 400,
    "-1",
    "1e308",
    "NaN",
    "x" * 5000,
    "\ud800".encode("utf-8", "surrogatepass").decode("latin-1"),
    "00000000-0000-0000-0000-000000000000",
    "36.72.05.1005.RW03",
    "\r\nSet-Cookie: a=b",
    "https://example.org/",
    "//example.org",
]
PARAMETERS = ["cari", "hal", "hanya", "semua", "next", "kembali", "nama", "putaran", "round", "language", "code"]
PARAMETERS += ["login", "password", "oldpassword", "password1", "csrfmiddlewaretoken", "_", "file"]
PARAMETERS += ["lalu", "tindakan", "oleh", "objek", "hari", "sebelum"]
_CODE = re.compile(rf"\b({'|'.join(PREFIXES.values())})-\d{{3}}\b")
_NAME = re.compile(r"Zubaidah([A-Z]{2})\d\d")


class Attacker:
    """One role with one seed."""

    def __init__(self, planted: World, who: str, seed: int) -> None:
        self.planted, self.who = planted, who
        self.chance = random.Random(f"{who} {seed}")
        # She posts without regard for tokens: that they are asked for is tested elsewhere.
        self.client = planted.client(who)

    def address(self) -> str:
        """An address with some of its parts bent."""
        area, there = self.chance.choice(list(CODES)), self.chance.choice(list(CODES))
        path = self.planted.address(self.chance.choice(list(PATHS)), area, self.chance.choice(["batuk", "jamban"]))
        if self.chance.random() < 0.3:
            mixed = self.planted.areas[there]
            path = path.replace(CODES[area], CODES[there]).replace(
                str(self.planted.areas[area].waiting), str(mixed.waiting)
            )
        parts = path.split("/")
        if self.chance.random() < 0.5:
            parts[self.chance.randrange(1, len(parts))] = self.chance.choice(ODD)
        if self.chance.random() < 0.2:
            place = self.chance.randrange(len(parts))
            parts[place] = parts[place][::-1] or self.chance.choice(ODD)
        return "/" + "/".join(parts).lstrip("/")

    def values(self) -> dict[str, object]:
        names = self.chance.sample(PARAMETERS, self.chance.randrange(5))
        known = ["tampil", "baseline", "gaps", "Zubaidah", "en", "1", "2"]
        found: dict[str, object] = {name: self.chance.choice([*ODD, *known]) for name in names}
        if "file" in found:
            name = self.chance.choice(["a.csv", "a.xlsx", "../../a.csv", "a\0.csv", "🧕.csv", f"{'a' * 300}.csv"])
            found["file"] = SimpleUploadedFile(name, self.chance.choice(ODD).encode("utf-8", "replace") or b"kode")
        return found

    def step(self) -> tuple[str, int, str]:
        """What she asked, and what she was told."""
        method = self.chance.choices(["GET", "POST", "HEAD", "PUT", "OPTIONS"], [6, 3, 1, 1, 1])[0]
        path, values = self.address(), self.values()
        if method in {"GET", "POST"}:
            response = getattr(self.client, method.lower())(path, values)
        else:
            response = self.client.generic(method, path, b"x=1")
        kind = response.headers.get("Content-Type", "")
        text = response.content.decode() if kind.startswith("text/") else ""
        return f"{self.who} {method} {path!r} {values!r}", response.status_code, text

    def hers(self) -> set[str]:
        """The prefixes of the areas whose families she may meet: an agency in its own question."""
        return {PREFIXES[area] for area in CODES if self.who in NAMES[area] | HEALTH[area]}


@pytest.fixture
def planted(db: None) -> World:
    cache.clear()
    return world()


def test_whatever_is_sent_is_answered_calmly_and_tells_nothing(planted: World) -> None:
    seen: set[int] = set()
    with collected():
        for who in CAST:
            attacker = Attacker(planted, who, seed=1)
            for _ in range(STEPS):
                with transaction.atomic():
                    asked, status, text = attacker.step()
                    transaction.set_rollback(True)
                if status == 429 or "sessionid" not in attacker.client.cookies:
                    cache.clear()
                    attacker.client = planted.client(who)
                shown = text.replace("misalnya GD-001", "")
                assert status in CALM, asked
                # A page repeats its own address, where a language is chosen; what she typed herself tells nothing.
                told = set(_CODE.findall(shown)) - set(_CODE.findall(asked))
                assert told - attacker.hers() == set(), asked
                assert set(_NAME.findall(shown)) - attacker.hers() == set(), asked
                assert (who in NAMES[OWN]) or not _NAME.search(shown), asked
                assert "<script>alert" not in text, asked
                assert "Traceback" not in text, asked
                seen.add(status)
    assert seen >= {200, 302, 403, 404, 405}


def test_headers_that_lie_change_nothing(planted: World) -> None:
    """A cookie, an address or a host of her own making is nobody's session."""
    lies = [
        {"cookie": "sessionid=x"},
        {"cookie": "sessionid=" + "a" * 4000},
        {"x-forwarded-for": "127.0.0.1"},
        {"x-original-url": "/akun/"},
        {"x-http-method-override": "DELETE"},
        {"authorization": "Basic YWRtaW46YWRtaW4="},
        {"accept-language": "\u00ff" * 50},
        {"content-type": "multipart/form-data; boundary="},
    ]
    with collected():
        for headers in lies:
            statuses = [Client().get(planted.address(name), headers=headers).status_code for name in TABLE]
            assert [status for status in statuses if status not in CALM] == []
            assert Client().get(planted.address("lokus"), headers=headers).status_code == 302
