"""The room's key is changed while people hand over and read, in threads of one server: nothing waits for ever, is lost
or stays under the old version. N scales how often they do."""

import os
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest
from django.core.management import call_command
from django.db import connections
from django.test import override_settings

from selaras.cases import rotation, rows, tickets
from selaras.cases.models import RoomKey, Ticket
from selaras.cases.tickets import Reason
from selaras.models import User
from tests.cases.build import PLACE
from tests.cases.known import known, with_step
from tests.cases.people import eka, places

pytestmark = pytest.mark.django_db(transaction=True)
EACH = 15 * int(os.environ.get("N", "1"))
PEOPLE = 3
OLD = "1:cm9vbS1yb29tLXJvb20tcm9vbS1yb29tLXJvb20tdnc="
NEW = "2:bmV3LW5ldy1uZXctbmV3LW5ldy1uZXctbmV3LW5ldy0="


def handed(officer: User, number: int) -> list[str]:
    """One of them hands over and reads, again and again; her codes."""
    codes = []
    try:
        for each in range(EACH):
            press = str(UUID(int=number * 10_000 + each))
            codes.append(tickets.hand_over(by=officer, place=PLACE, press=press))
            tickets.read_ticket(by=officer, code=codes[each // 2], reason=Reason.HANDLE)
    finally:
        connections.close_all()
    return codes


def test_the_key_is_changed_while_others_hand_over_and_read() -> None:
    places()
    officer = known(with_step(eka()))
    before = [tickets.hand_over(by=officer, place=PLACE, press=str(UUID(int=each))) for each in range(EACH)]
    with override_settings(SELARAS_CASES_KEY=f"{OLD},{NEW}"), ThreadPoolExecutor(PEOPLE) as people:
        work = [people.submit(handed, officer, number) for number in range(1, PEOPLE + 1)]
        changed = rotation.rotate()
        while not all(each.done() for each in work):
            rotation.rotate()
        codes = {*before, *(code for each in work for code in each.result())}
        call_command("rotate_cases_keys", verbosity=0)

    assert changed >= EACH
    assert set(RoomKey.objects.values_list("wrapped_by", flat=True)) == {2}
    with override_settings(SELARAS_CASES_KEY=NEW):
        found = {code: tickets.read_ticket(by=officer, code=code, reason=Reason.HANDLE).facts.place for code in codes}
        assert (found, rows.broken_links()) == (dict.fromkeys(codes, PLACE), [])
    assert Ticket.objects.count() == len(codes) == EACH * (PEOPLE + 1)
