"""Everybody at the doors outside the locked room, in two worlds that differ in one ticket: the same bytes.

With N from 4 on everybody at every door; below, each person at some, so that each door is asked by several.
"""

import os

import pytest
from django.core.cache import cache
from django.db import transaction

from tests.web.doors.asking import At
from tests.web.doors.table import NOT_SO, TABLE
from tests.web.doors.two_worlds import OUTSIDE, Answer, answers, differences, one_moment, one_ticket_more
from tests.web.doors.world import CAST, OWN, World, world
from tests.web.statics import collected

pytestmark = pytest.mark.django_db
EVERY = max(1, 4 // int(os.environ.get("N", "1")))
#: Drawn anew each time, with the moment of drawing in the file: compared by what the database was asked instead.
DRAWN = ("application/pdf", "application/zip", "spreadsheetml", "wordprocessingml", "image/")


def test_everybody_is_answered_alike_in_both() -> None:
    doors = [(name, OWN) for name in OUTSIDE if TABLE[name].get is not NOT_SO]
    with collected(), one_moment():
        planted = world()
        found = [line for turn, who in enumerate(CAST) for line in compared(planted, who, doors[turn % EVERY :: EVERY])]

    assert found == []


def compared(planted: World, who: str, where: list[At]) -> list[str]:
    """Where she is answered otherwise once there is one ticket more."""
    # What a process remembers once it was asked is asked before both.
    passes = []
    for ticket in (False, False, True):
        cache.clear()
        with transaction.atomic():
            if ticket:
                one_ticket_more()
            passes.append(answers(planted, who, where))
            transaction.set_rollback(True)
    _warm, before, after = passes
    return [f"{who} {line}" for line in differences(before, {at: same(before[at], after[at]) for at in after})]


def same(one: Answer, other: Answer) -> Answer:
    """Of what is drawn anew each time, the bytes of the first."""
    drawn = any(kind in one[1].partition("\n\n")[0] for kind in DRAWN)
    return (other[0], one[1], *other[2:]) if drawn else other
