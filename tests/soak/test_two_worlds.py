"""Everybody at the doors outside the locked room, in two worlds that differ in one ticket: the same bytes.

With N from 4 on everybody at every door, in her own area and by turns in another; below, each person at some, so that
each door is asked by several. Every form is sent as it stands, and what leaves by no door is compared too.
"""

import os
from collections.abc import Sequence

import pytest

from tests.soak.beside_doors import everything_beside
from tests.web.doors.asking import daily
from tests.web.doors.forms import forms
from tests.web.doors.two_worlds import OUTSIDE, Asking, Call, Hour, as_call, by_turns, compared, one_moment
from tests.web.doors.world import CAST, OWN, World, surveyed, world
from tests.web.statics import collected

pytestmark = pytest.mark.django_db
EVERY = max(1, 4 // int(os.environ.get("N", "1")))


@pytest.fixture
def planted() -> World:
    """With what pages show only once something was claimed, promised, asked or lost."""
    made = world()
    surveyed(made)
    return made


def test_everybody_is_answered_alike_in_both(planted: World) -> None:
    with collected():
        sent = [form for found in forms(planted).values() for form in found if not form.door.startswith("cases:")]
        with one_moment() as clock:
            asking, hour = Asking(planted), Hour(planted, clock)
            calls = {who: list(each) for who, each in everywhere(asking).items()}
            for form in sent:
                calls[form.who].append(as_call(form))
            found = compared(asking, calls, hour.ticket)

    assert len(sent) > 100
    assert found == []


def everywhere(asking: Asking) -> dict[str, Sequence[Call]]:
    """Who asks where: at every door, by as many turns as N says."""
    if EVERY > 1:
        return by_turns(asking.calls(), EVERY)
    found: dict[str, Sequence[Call]] = {}
    for who in CAST:
        others = set(daily("GET", who)) - {(name, OWN) for name in OUTSIDE}
        elsewhere = [
            call for area in asking.planted.areas for call in asking.calls(area) if (call.name, area) in others
        ]
        found[who] = [*asking.calls(), *elsewhere]
    return found


def test_what_leaves_by_no_door_is_alike_in_both(planted: World) -> None:
    with collected(), one_moment() as clock:
        asking, hour = Asking(planted), Hour(planted, clock)
        # What a process remembers once it was asked is asked before both.
        everything_beside(planted, asking.sequences)
        before = everything_beside(planted, asking.sequences)
        hour.one_ticket_more()
        after = everything_beside(planted, asking.sequences)

    assert [name for name, came in after.items() if came != before[name]] == []
    assert len(before) > 10
