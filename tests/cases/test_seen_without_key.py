"""Whoever reads every table without SELARAS_CASES_KEY: what stands there openly has the shape of a code, a day, a name
of the server or a number of its own."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from uuid import UUID

import pytest
from django.apps import apps
from django.db import models
from django.utils import timezone

from selaras.actions.upkeep import say_alive
from selaras.cases import breaking, keeping, tickets
from selaras.cases.breaking import Emergency
from selaras.cases.models import Purpose, Ticket
from selaras.cases.tickets import Done, Reason, Step
from selaras.errors import Missing
from selaras.models import Role
from tests import build
from tests.cases.build import NUMBER, OTHER, PLACE, ticket
from tests.cases.known import known, with_step
from tests.cases.people import CITY, eka, places

#: How each column that is not sealed may look.
OPEN = {
    "RoomKey.purpose": re.compile("|".join(Purpose.values)),
    "Ticket.code": re.compile(r"[2-9A-HJKMNP-TV-Z]{10}"),
    "Vouch.about": re.compile(r"[0-9a-f]{32}"),
    "Entry.previous": re.compile(r"[0-9a-f]{64}"),
    "Entry.digest": re.compile(r"[0-9a-f]{64}"),
    "Holder.name": re.compile(r"[\w.-]+:(web|worker):\d+"),
}


@pytest.mark.django_db
def test_each_open_value_of_the_room_is_a_code_a_day_a_digest_or_a_number_of_its_own() -> None:
    everything_that_is_done_there()
    seen = dict(open_values())
    words = {name: values for name, values in seen.items() if any(isinstance(each, str) for each in values)}

    assert {name for name, values in seen.items() if not values - {None}} == set()
    assert words.keys() == OPEN.keys()
    assert {
        (name, each) for name, values in words.items() for each in values if not OPEN[name].fullmatch(each)
    } == set()
    others = {type(each) for name, values in seen.items() if name not in words for each in values}
    # A day is a `date`; what has a moment is a subclass of it, and would be named here.
    assert others == {UUID, int, date}


def everything_that_is_done_there() -> None:
    """Every table has a row: handed over, received, refused, opened in an emergency, destroyed; officers are known."""
    places()
    officer, now = known(with_step(eka())), timezone.now()
    secretary, leader = (with_step(build.member(role, CITY)) for role in (Role.SECRETARIAT, Role.LEADER))
    ticket(ago=timedelta(days=900), place=OTHER, received_at=now - timedelta(days=899))
    keeping.destroy_due(now=now)
    code = tickets.hand_over(by=officer, place=PLACE, press=str(UUID(int=7)), now=now - timedelta(days=1))
    done = Done(Step.RECEIVE, at=now, simfoni=NUMBER, must_pass=True)
    tickets.carry_on(by=officer, code=code, done=done, reason=Reason.HANDLE, now=now)
    for step in (Done(Step.HAND_ON, at=now), Done(Step.FOLLOW_UP, at=now + timedelta(days=91))):
        tickets.carry_on(by=officer, code=code, done=step, reason=Reason.HANDLE, now=step.at)
    with pytest.raises(Missing):
        tickets.read_ticket(by=officer, code="AAAABBBBCC", reason=Reason.ASKED, now=now)
    asked = breaking.ask(by=secretary, code=code, emergency=Emergency.DANGER, now=now)
    breaking.agree(by=leader, break_id=asked, now=now)
    say_alive("web", now=now)
    assert Ticket.objects.get().followed_up_on is not None


def open_values() -> Iterator[tuple[str, set[object]]]:
    """Model and column → what stands there, of every column that is not sealed or wrapped."""
    for model in apps.get_app_config("cases").get_models():
        for column in model._meta.concrete_fields:
            if not isinstance(column, models.BinaryField):
                yield f"{model.__name__}.{column.name}", set(model._base_manager.values_list(column.attname, flat=True))
