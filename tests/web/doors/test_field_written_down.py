"""Phones, what they sent, who stands in, who is asked again: each step is written down."""

import pytest
from django.utils import timezone

from selaras.queries.questionnaires import asked_of_version
from tests.web.doors.test_written_down import written
from tests.web.doors.world import World, surveyed
from tests.web.sent import fields_of

pytestmark = pytest.mark.django_db


def test_each_step_about_a_cadres_phone_is_one_entry_and_so_is_each_form_that_it_makes(planted: World) -> None:
    client, to = planted.client("lurah"), planted.address
    task = {"orang": planted._parts["own"]["task"]}
    prepared = ["forms.prepare", "forms.prepare"]

    assert written(lambda: client.post(to("phones"), task)) == [*prepared, "phones.give"]
    assert written(lambda: client.post(to("phones"), task)) == ["phones.give"]
    assert written(lambda: planted.client("secretariat").post(to("phones_prepare"))) == []
    assert written(lambda: client.get(to("cadre_order"))) == ["phones.export_order"]
    assert written(lambda: client.post(to("phone_revoke"))) == ["phones.revoke"]
    assert written(lambda: client.post(to("phone_revoke"))) == []


def test_each_step_about_what_a_phone_sent_is_one_entry(planted: World) -> None:
    client, to = planted.client("lurah"), planted.address
    aside = {"tindakan": "sisihkan", "alasan": "dobel"}

    assert written(lambda: client.get(to("arrivals"))) == []
    assert written(lambda: client.get(to("arrival"))) == []
    assert written(lambda: client.get(to("arrival_file"))) == ["arrivals.read_file"]
    assert written(lambda: client.get(to("arrival_raw"))) == []
    assert written(lambda: client.post(to("arrival_decide"), aside)) == ["arrivals.set_aside"]
    assert written(lambda: client.post(to("arrival_decide"), aside)) == []
    assert written(lambda: client.post(to("arrival_decide"), {"tindakan": "kembalikan"})) == ["arrivals.take_back"]
    # The name in it is not what the registry says: the family has its own entry of that.
    shown = fields_of(client.get(to("arrivals")))
    assert written(lambda: client.post(to("arrivals_late"), shown)) == ["households.correct", "arrivals.let_in"]
    assert written(lambda: client.post(to("names"), {"nama": "tampil"})) == []
    assert written(lambda: client.get(to("household_changes"))) == ["households.reveal_names"]


def test_each_stand_in_is_one_entry_and_so_is_its_end(planted: World) -> None:
    client, to = planted.client("lurah"), planted.address
    other = planted.people["cadre"].memberships.get()
    days = {"mulai": timezone.localdate().isoformat(), "sampai": timezone.localdate().isoformat()}
    asked = {"kader": planted._parts["own"]["task"], "pengganti": str(other.pk), **days}

    assert written(lambda: client.post(to("stand_ins"), {**asked, "sampai": "2001-01-01"})) == []
    assert written(lambda: client.post(to("stand_ins"), asked)) == ["people.stand_in"]
    assert written(lambda: client.post(to("stand_ins"), asked)) == []
    end = to("stand_ins") + f"{other.user.memberships.get(stands_in_for__isnull=False).pk}/akhiri/"
    assert written(lambda: client.post(end)) == ["people.end_stand_in"]
    assert written(lambda: client.post(end)) == []


def test_each_step_of_a_recheck_is_one_entry(planted: World) -> None:
    client, to = planted.client("lurah"), planted.address
    surveyed(planted)
    chosen = {"putaran": "baseline", "banyak": "1", "cara": "keluarga", "tanya": ["jumlah"]}
    number = next(one.number for one in asked_of_version(planted.version, new=False).questions if one.name == "jumlah")
    said = {"qA": "bertemu", f"q{number}": "4"}

    assert written(lambda: client.post(to("rechecks"), {**chosen, "banyak": "0"})) == []
    assert written(lambda: client.post(to("rechecks"), chosen)) == ["rechecks.draw"]
    assert written(lambda: client.get(to("recheck"))) == written(lambda: client.get(to("recheck_paper"))) == []
    assert written(lambda: client.post(to("recheck_fill"), {"qA": "bertemu"})) == []
    assert written(lambda: client.post(to("recheck_fill"), said)) == ["rechecks.fill"]
