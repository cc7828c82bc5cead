"""Reactions: what the office does about them is written down, what is answered is not."""

import pytest
from django.test import Client

from selaras.models import Activity
from tests.build_reactions import printed
from tests.web.doors.test_written_down import written
from tests.web.doors.world import OWN, World

pytestmark = pytest.mark.django_db


def test_what_the_office_does_about_reactions_is_one_entry_each(planted: World) -> None:
    client, to = planted.client("secretariat"), planted.address
    box = {"papers": "6", "useful_yes": "6", "use_yes": "6"}

    assert written(lambda: client.post(to("reaction_slips"), {"slips": "5"})) == ["reactions.print"]
    assert written(lambda: client.post(to("reaction_slips"), {"slips": "4"})) == []
    assert written(lambda: client.post(to("reaction_type"), box)) == []
    assert written(lambda: client.post(to("reaction_type"), {**box, "others": "1"})) == ["reactions.type"]
    assert written(lambda: client.post(to("reaction_text"), {"show": "1"})) == ["reactions.look"]
    assert written(lambda: client.post(to("reaction_text"), {"show": "1"})) == []


def test_answering_and_opening_the_box_leave_no_entry(planted: World) -> None:
    box = printed(Activity.objects.get(lokus=planted.areas[OWN].programme.lokus), 12)
    client, to = Client(), planted.address
    said = {"useful": "yes", "use": "no", "missing": "Jauh"}

    def answered() -> list[int]:
        return [client.post(to("reaction_answer"), {**said, "code": code}).status_code for code in box.codes[:6]]

    assert written(lambda: client.post(to("reaction_answer"), said)) == []
    statuses: list[int] = []
    assert written(lambda: statuses.extend(answered())) == []
    assert written(lambda: client.post(to("reaction_open"), {"code": box.opener})) == []
    assert (statuses, Activity.objects.get(lokus=planted.areas[OWN].programme.lokus).reactions.count()) == (
        [302] * 6,
        52,
    )
