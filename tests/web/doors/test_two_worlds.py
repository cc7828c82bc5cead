"""One ticket more in the locked room changes no byte, no statement and no line of the log outside of it.

Here a part of the cast's doors; tests/soak asks everybody at every door, with every form, and what is no page. That no
door outside asks a table of the room at all is held by every request of test_doors.py.
"""

import base64
from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.test import override_settings

from selaras.cases.models import Ticket
from selaras.models import User
from tests.web.doors.leaking import EACH
from tests.web.doors.two_worlds import Asking, Emergency, Hour, by_turns, compared, main_tables, one_moment
from tests.web.doors.world import CAST, World

pytestmark = pytest.mark.django_db
#: One in so many calls is made here.
PART = 16
#: The room's own key, had somebody typed another.
OTHER_KEY = "1:" + base64.b64encode(b"x" * 32).decode()
#: Pages that stand nearest to the room.
BESIDE = ("publications", "card", "data_map", "breaches", "home", "cycle", "lokus", "account_home", "numbers")


def test_two_worlds_that_differ_in_one_ticket_answer_alike(planted: World) -> None:
    with one_moment() as clock:
        asking, hour = Asking(planted), Hour(planted, clock)
        calls = asking.calls()
        each_ones = by_turns(calls, len(CAST))
        some = {who: each_ones[who][turn::PART] for turn, who in enumerate(CAST)}

        assert sum(map(len, some.values())) >= len(calls) // PART
        assert compared(asking, some, hour.ticket) == []


def test_no_row_outside_of_the_room_is_another_once_a_cadre_pressed_and_an_officer_received(planted: World) -> None:
    with one_moment() as clock:
        hour = Hour(planted, clock)
        before = main_tables()
        hour.one_ticket_more()
        after = main_tables()

    assert Ticket.objects.count() == 1
    assert {table for table, rows in after.items() if rows != before[table]} == set()
    assert len(after["selaras_browsersession"]) >= 2


def test_once_two_opened_a_ticket_in_an_emergency_nothing_outside_of_the_room_is_another_but_a_mail_that_says_nothing(
    planted: World, settings: Any
) -> None:
    """The mail is the one difference that is meant: officers and the two must hear of it at once. It is the same as of
    any task or account (tests/actions/test_officers.py), so that it tells that there was something, and not what."""
    settings.SELARAS_EMAIL_URL = {"EMAIL_HOST": "x"}
    for who in ("secretariat", "leader", "protection"):
        User.objects.filter(pk=planted.people[who].pk).update(email=f"{who}@contoh.go.id")
    with one_moment() as clock:
        asking, emergency = Asking(planted), Emergency(planted)
        Hour(planted, clock).one_ticket_more()
        calls = [call for call in asking.calls() if call.method == "GET" and call.name in BESIDE]
        some = dict.fromkeys(("leader", "lurah"), calls)
        before = main_tables()
        assert compared(asking, some, emergency.opened) == []
        mail.outbox.clear()
        emergency.one_emergency_more()
        after = main_tables()

    assert {table for table, rows in after.items() if rows != before[table]} == set()
    told = ["leader@contoh.go.id", "protection@contoh.go.id", "secretariat@contoh.go.id"]
    assert [letter.bcc for letter in mail.outbox] == [[told[1], told[2]], told]
    assert len({(letter.subject, letter.body, *letter.to) for letter in mail.outbox}) == 1


def test_without_the_rooms_key_or_with_another_every_page_outside_is_what_it_was(planted: World) -> None:
    """What was lost with it is the room alone: none of these pages waits for it, fails or says so."""
    with one_moment() as clock:
        asking, hour = Asking(planted), Hour(planted, clock)
        hour.one_ticket_more()
        shut = [override_settings(SELARAS_CASES_KEY=key) for key in ("", OTHER_KEY)]
        some = {"protection": [call for call in asking.calls() if call.method == "GET" and call.name in BESIDE]}

        assert [compared(asking, some, lambda each=each: each) for each in shut] == [[], []]
        with shut[1]:
            assert hour.officer.get(hour.room).status_code == 503


@pytest.mark.parametrize("leak", EACH)
def test_whatever_tells_of_a_ticket_is_seen(planted: World, leak: str) -> None:
    """A comparison that sees nothing would hold nothing."""
    with one_moment() as clock, override_settings(MIDDLEWARE=[*settings.MIDDLEWARE, leak]):
        asking, hour = Asking(planted), Hour(planted, clock)
        calls = [call for call in asking.calls() if (call.method, call.name) == ("GET", "groups")]
        found = compared(asking, {"secretariat": calls}, hour.ticket)

    assert [line.partition(": ")[2].partition(",")[0] for line in found] == [EACH[leak]] * len(calls)
