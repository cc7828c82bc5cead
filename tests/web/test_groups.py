"""/tahun/<slug>/kelompok/"""

import pytest
from django.test import Client

from selaras.models import Cycle, Group, Role
from tests import build
from tests.web.cast import dewi, inside
from tests.web.sent import fields_of

pytestmark = pytest.mark.django_db
NEW = {"bagian": "tambah", "kind": "kwt", "name": "Melati", "place": "36.72.05.1005", "women": "20"}


def secretary() -> Client:
    return inside(build.member(Role.SECRETARIAT, "36.72"))


def address(of: Cycle) -> str:
    return f"/tahun/{of.slug}/kelompok/"


def test_groups_are_the_secretariats() -> None:
    cycle = build.cycle()
    seen = [inside(user).get(address(cycle)).status_code for user in (build.member(Role.LEADER, "36.72"), dewi())]

    assert (seen, Client().get(address(cycle)).status_code) == ([403, 404], 302)
    assert inside(build.member(Role.LEADER, "36.72")).post(address(cycle), NEW).status_code == 403


def test_a_group_is_added_changed_and_ended() -> None:
    cycle, client = build.cycle(), secretary()
    build.lokus(cycle)
    build.place("36.72.05.1001")
    page = address(cycle)
    client.post(page, {**NEW, "name": "Jauh", "place": "36.72.05.1001", "women": ""})
    client.post(page, NEW)
    text = client.get(page).content.decode()
    # Those of a lokus of this year first.
    assert text.index("<b>Melati</b>") < text.index("<b>Jauh</b>")
    assert "<b>2 kelompok</b> dengan 20 anggota perempuan" in text
    group = Group.objects.get(name="Melati")
    form = fields_of(client.get(page), yang=str(group.pk))
    changed = {**form, "bagian": "ubah", "children": "7"}
    assert client.post(page, changed).status_code == 302
    told = client.post(page, {**changed, "children": "9"})
    assert (told.status_code, fields_of(told, yang=str(group.pk))["children"]) == (422, "9")
    assert Group.objects.get(pk=group.pk).children == 7
    assert client.post(page, {"bagian": "bubar", "yang": str(group.pk)}).status_code == 302
    assert "<b>Melati</b>" not in client.get(page).content.decode()
    assert client.post(page, {**form, "bagian": "ubah"}).status_code == 404


def test_a_wrong_group_is_sent_back_as_it_was_typed() -> None:
    cycle, client = build.cycle(), secretary()
    build.place("36.72.05.1005")
    page = client.post(address(cycle), {**NEW, "women": "-3"})

    assert (page.status_code, fields_of(page, bagian="tambah")["women"], Group.objects.count()) == (422, "-3", 0)
    client.post(address(cycle), NEW)
    assert client.post(address(cycle), NEW).status_code == 422
    assert client.post(address(cycle), {"bagian": "ubah", "yang": "99"}).status_code == 404
