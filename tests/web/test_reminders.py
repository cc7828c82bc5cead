"""/tahun/<slug>/pengingat/: a message for each liaison, marked as sent, at most one a day."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest

from selaras.actions.asks import ask_all
from selaras.models import Digest, Role
from tests import build
from tests.build_asks import Asking, asking, families, link
from tests.web.cast import inside

pytestmark = pytest.mark.django_db


def address(of: Asking, rest: str = "") -> str:
    return f"/tahun/{of.slug}/pengingat/{rest}"


def test_each_role_is_answered_as_it_should() -> None:
    of = asking()
    build.place("36.73")
    people = {
        "secretariat": of.secretary,
        "liaison": build.member(Role.LIAISON, agency=of.agencies["Dinkes"]),
        "stranger": build.member(Role.SECRETARIAT, "36.73"),
    }
    found = {who: inside(user).get(address(of)).status_code for who, user in people.items()}
    assert found == {"secretariat": 200, "liaison": 403, "stranger": 404}


def test_the_message_is_ready_to_be_sent_and_marking_it_takes_it_away_for_the_day() -> None:
    of = asking()
    families(of, 9, "jamban", "sekolah")
    ask_all(by=of.secretary, cycle_slug=of.slug, due=of.due)
    made, client = link(of), inside(of.secretary)
    text = client.get(address(of)).content.decode()
    share = re.search(r'href="(https://wa\.me/[^"]+)"', text)
    assert share
    message = parse_qs(urlsplit(share[1]).query)["text"][0]

    assert message.startswith("Yth. Rudi Penghubung, penghubung Disperkim.\nPengingat P2WKSS Kota Cilegon, ")
    assert "• 1 kebutuhan menunggu jawaban (ditunggu sampai " in message
    assert (made.token in text, "Zubaidah" in text, "Belum ada yang bisa diingatkan di: <b>Dindikbud</b>" in text) == (
        False, False, True,
    )  # fmt: skip
    after = client.post(address(of, f"{made.link.user.uuid}/"), follow=True).content.decode()
    assert ("Tercatat." in after, "wa.me" in after, "Sudah diingatkan hari ini" in after) == (True, False, True)
    client.post(address(of, f"{made.link.user.uuid}/"))
    assert Digest.objects.count() == 1


def test_nobody_is_marked_who_is_not_a_liaison_of_the_year() -> None:
    of = asking()
    client = inside(of.secretary)
    assert client.post(address(of, f"{build.user().uuid}/")).status_code == 404
    assert Digest.objects.count() == 0
