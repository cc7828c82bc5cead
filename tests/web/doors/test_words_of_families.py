"""What is said of families that may stand twice, and of what became of one: an entry of the audit each."""

import pytest

from selaras.models import Statement
from tests import build
from tests.web.doors.test_written_down import written
from tests.web.doors.world import World

pytestmark = pytest.mark.django_db


def test_each_word_about_a_family_is_one_entry(planted: World) -> None:
    client, to = planted.client("lurah"), planted.address
    families = planted.areas["own"].programme.lokus.households.order_by("pk")
    one, other, third = families[:3]
    said = {"keadaan": "pindah", "sejak": "2024-05-02"}

    assert written(lambda: client.get(to("duplicates"))) == []
    assert written(lambda: client.post(to("duplicate"), {"jawab": "one"})) == []
    # Their answers stand in a frozen result.
    assert written(lambda: client.post(to("duplicate"), {"jawab": "one", "tetap": str(one.uuid)})) == []
    assert written(lambda: client.post(to("duplicate"), {"jawab": "two"})) == ["duplicates.judge"]
    assert written(lambda: client.post(to("duplicate"), {"urungkan": "1"})) == ["duplicates.take_back"]
    codes = {"satu": other.code, "dua": third.code}
    assert written(lambda: client.post(to("duplicate_propose"), codes)) == ["duplicates.propose"]
    assert written(lambda: client.post(to("household_state"), said)) == ["households.state"]
    back = {"pernyataan": str(Statement.objects.get().uuid)}
    assert written(lambda: client.post(to("household_state_back"), back)) == ["households.state_back"]
    build.person(one, "Uji Pecahan")
    leaving = {"anggota": str(one.persons.order_by("position").last().uuid), "pecah-sejak": "2024-05-02"}
    assert written(lambda: client.post(to("household_split"), leaving)) == ["households.split"]
    assert written(lambda: client.post(to("household_split"), {"urungkan": "1"})) == ["households.unsplit"]
    assert written(lambda: client.post(to("names"), {"nama": "tampil"})) == []
    assert written(lambda: client.get(to("duplicates"))) == ["households.reveal_names"]
