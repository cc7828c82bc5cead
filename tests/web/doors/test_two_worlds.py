"""One ticket more in the locked room changes no byte, no statement and no line of the log outside of it.

Here a part of the cast's doors; tests/soak asks everybody at every door, with every form, and what is no page. That no
door outside asks a table of the room at all is held by every request of test_doors.py.
"""

import base64

import pytest
from django.conf import settings
from django.test import override_settings

from selaras.cases.models import Ticket
from tests.web.doors.leaking import EACH
from tests.web.doors.two_worlds import Asking, Hour, by_turns, compared, main_tables, one_moment
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
