"""Whoever tries at a door that is open to all is told to wait, at each of them."""

import pytest
from django.conf import settings
from django.test import override_settings

from tests.web.doors.world import World

pytestmark = pytest.mark.django_db
#: The rate, the door that it is for, and how it is tried there.
OPEN = [
    ("login", "account_login", "post"),
    ("undangan", "invitation_code", "post"),
    ("hadir", "attend", "post"),
    ("reaksi", "reaction_open", "post"),
    ("reaksi", "reaction_answer", "post"),
    ("opd", "calendar", "get"),
    ("opd_code", "answers_code", "post"),
    ("lembar", "sheet_code", "post"),
    ("lembar", "sheet_door", "post"),
]
#: Of the room, where one is signed in: tests/cases; of a server that has nobody yet: test_first.py; of a password:
#: test_accounts.py.
ELSEWHERE = {"serah", "ruang", "darurat", "mulai", "login_failed"}


def test_every_rate_is_asked_for_here_or_elsewhere() -> None:
    assert {rate for rate, _door, _method in OPEN} == set(settings.ACCOUNT_RATE_LIMITS) - ELSEWHERE


@pytest.mark.parametrize(("rate", "door", "method"), OPEN)
def test_the_second_try_of_a_minute_that_allows_one_waits(planted: World, rate: str, door: str, method: str) -> None:
    client, address = planted.client("stranger"), planted.address(door)
    if rate == "opd":
        address = "/kalender/tidak-ada.ics"
    data = {"login": "tidak", "password": "ada", "kode": "AAAA-AAAA", "code": "AAAA-AAAA-AAAA-AAAA"}
    with override_settings(ACCOUNT_RATE_LIMITS={**settings.ACCOUNT_RATE_LIMITS, rate: "1/m/ip"}):
        tries = [getattr(client, method)(address, data).status_code for _ in range(2)]

    assert tries[0] != 429
    assert tries[1] == 429
