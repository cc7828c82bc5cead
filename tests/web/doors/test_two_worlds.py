"""One ticket more in the locked room changes no byte, no query and no line of the log outside of it.

Here a part of the cast's doors; tests/soak asks everybody at every door. That no door outside asks a table of the room
at all is held by every request of test_doors.py.
"""

import pytest

from tests.web.doors.table import NOT_SO, TABLE
from tests.web.doors.two_worlds import OUTSIDE, answers, differences, one_moment, one_ticket_more
from tests.web.doors.world import CAST, OWN, World

pytestmark = pytest.mark.django_db
#: Each is asked at so many doors, so that a sixteenth of all doors is asked here.
EVERY = 16 * len(CAST)


def test_two_worlds_that_differ_in_one_ticket_answer_alike(planted: World) -> None:
    doors = [name for name in OUTSIDE if TABLE[name].get is not NOT_SO]
    where = {
        who: [(name, OWN) for number, name in enumerate(doors) if number % EVERY == turn * 16 % EVERY]
        for turn, who in enumerate(CAST)
    }
    with one_moment():
        # What a process remembers once it was asked is asked before both.
        for who, at in where.items():
            answers(planted, who, at)
        before = {who: answers(planted, who, at) for who, at in where.items()}
        one_ticket_more()
        after = {who: answers(planted, who, at) for who, at in where.items()}

    assert sum(map(len, before.values())) >= len(doors) // 16
    assert [line for who in where for line in differences(before[who], after[who])] == []
