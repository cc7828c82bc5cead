"""Everybody at every door outside the locked room, in two worlds that differ in one ticket: the same bytes."""

import pytest
from django.core.cache import cache

from tests.web.doors.table import NOT_SO, TABLE
from tests.web.doors.two_worlds import OUTSIDE, answers, differences, one_moment, one_ticket_more
from tests.web.doors.world import CAST, OWN, world
from tests.web.statics import collected

pytestmark = pytest.mark.django_db
#: Drawn anew each time, with the moment of drawing in the file: compared by what the database was asked instead.
DRAWN = ("application/pdf", "application/zip", "spreadsheetml", "wordprocessingml", "image/")


def test_everybody_is_answered_alike_in_both() -> None:
    where = [(name, OWN) for name in OUTSIDE if TABLE[name].get is not NOT_SO]
    with collected(), one_moment():
        planted = world()
        cache.clear()
        for who in CAST:
            # What a process remembers once it was asked is asked before both.
            answers(planted, who, where)
        cache.clear()
        before = {who: answers(planted, who, where) for who in CAST}
        one_ticket_more()
        cache.clear()
        after = {who: answers(planted, who, where) for who in CAST}

    for who in CAST:
        for at in where:
            if same_but_drawn(before[who][at], after[who][at]):
                after[who][at] = before[who][at]
    assert [line for who in CAST for line in differences(before[who], after[who])] == []


def same_but_drawn(one: tuple, other: tuple) -> bool:
    drawn = any(kind in one[1].partition("\n\n")[0] for kind in DRAWN)
    return drawn and (one[0], one[2:]) == (other[0], other[2:])
