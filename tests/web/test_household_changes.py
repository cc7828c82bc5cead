"""/tahun/<slug>/lokus/<code>/keluarga/<household>/perubahan/: what several phones say, and who decides."""

import re

import pytest
from django.test import Client

from selaras.access import CONSOLE
from selaras.actions.field.deciding import let_in
from selaras.models import AuditEntry, Household, HouseholdEdit, Role
from tests import build
from tests.actions.test_field_taking import corrected, send
from tests.build_field import Field, open_field, phone_of
from tests.web.cast import ani, citra, dewi, inside, secretary

pytestmark = pytest.mark.django_db


def conflict(of: Field) -> Household:
    """Ani's phone and another one have changed the same address without knowing of each other."""
    family = build.household(of.programme.lokus, rw="03", name="Zubaidah", address="Gang Lama")
    send(of, corrected(of, family, "Gang Melati", base=1, trunk="1", branch="a"))
    second = send(of, corrected(of, family, "Gang Mawar", base=1, trunk="1", branch="b"), phone=phone_of(of.programme))
    let_in(by=CONSOLE, cycle_slug=of.programme.cycle.slug, arrival_id=second.uuid)
    return family


def lokus(of: Field) -> str:
    return f"/tahun/{of.programme.cycle.slug}/lokus/{of.programme.lokus.area}/"


def address(of: Field) -> str:
    return f"{lokus(of)}keluarga/GD-001/perubahan/"


def shown(of: Field) -> Client:
    """The secretary, who has asked for names."""
    client = inside(secretary(of.programme))
    client.post(f"{lokus(of)}nama/", {"nama": "tampil"})
    return client


def form(text: str) -> dict[str, list[str]]:
    """Name -> values that the form offers."""
    found: dict[str, list[str]] = {}
    for tag in re.findall(r"<input[^>]+>", text[text.index('class="card deciding"') :]):
        name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
        if name is not None and value is not None:
            found.setdefault(name[1], []).append(value[1])
    return found


def test_only_who_keeps_the_family_decides() -> None:
    of = open_field()
    conflict(of)
    people = {"secretary": secretary(of.programme), "ani": ani(of.programme), "citra": citra(of.programme)}
    people["lurah"] = build.member(Role.SUPERVISOR, of.programme.lokus.area, cycle=of.programme.cycle)
    people["dewi"] = dewi()

    seen = {who: inside(user).get(address(of)).status_code for who, user in people.items()}

    assert seen == {"secretary": 200, "ani": 403, "citra": 403, "lurah": 200, "dewi": 404}


def test_values_wait_until_names_are_shown_and_then_stand_beside_each_other() -> None:
    of = open_field()
    conflict(of)
    closed = inside(secretary(of.programme)).get(address(of)).content.decode()
    assert ("Gang" in closed, "Alamat" in closed) == (False, True)

    text = shown(of).get(address(of)).content.decode()

    assert form(text)["pilih-address"] == ["tetap", str(HouseholdEdit.objects.get(state="conflict").uuid)]
    assert re.findall(r"<b>(Gang \w+)</b>", text) == ["Gang Melati", "Gang Mawar"]
    assert AuditEntry.objects.filter(action="households.reveal_names", details__page=address(of)).count() == 1


def test_what_she_chooses_holds_and_whoever_is_slower_is_told() -> None:
    of = open_field()
    family = conflict(of)
    client = shown(of)
    offered = form(client.get(address(of)).content.decode())
    sent = {"versi": offered["versi"][0], "perubahan": offered["perubahan"][0]}
    sent["pilih-address"] = offered["pilih-address"][1]

    assert client.post(address(of), sent).status_code == 302
    slower = client.post(address(of), sent)

    family.refresh_from_db()
    assert (family.address, family.version) == ("Gang Mawar", 3)
    assert (slower.status_code, "dibetulkan orang lain" in slower.content.decode()) == (422, True)
    entry = AuditEntry.objects.get(action="arrivals.decide_edit")
    assert (entry.object_id, entry.details) == (str(family.uuid), {"version": 3, "chosen": ["address"]})


def test_what_stands_can_be_left_and_nothing_of_what_was_said_is_lost() -> None:
    of = open_field()
    family = conflict(of)
    client = shown(of)
    offered = form(client.get(address(of)).content.decode())
    sent = {"versi": offered["versi"][0], "perubahan": offered["perubahan"][0], "pilih-address": "tetap"}

    client.post(address(of), sent)

    family.refresh_from_db()
    assert (family.address, family.version) == ("Gang Melati", 3)
    text = client.get(address(of)).content.decode()
    assert ("Gang Melati → Gang Mawar" in text, "tidak dipakai" in text) == (True, True)


def test_a_decision_on_nothing_is_refused() -> None:
    of = open_field()
    conflict(of)
    refused = shown(of).post(address(of), {"versi": "2", "perubahan": ["x", "00000000-0000-4000-8000-000000000000"]})

    assert (refused.status_code, "sudah diputuskan orang lain" in refused.content.decode()) == (422, True)
    assert HouseholdEdit.objects.filter(state="conflict").count() == 1


def test_the_familys_page_and_the_list_of_forms_say_that_a_decision_waits() -> None:
    of = open_field()
    conflict(of)
    client = inside(secretary(of.programme))
    page = client.get(f"{lokus(of)}keluarga/GD-001/").content.decode()
    listed = client.get(f"/tahun/{of.programme.cycle.slug}/kiriman/").content.decode()

    for text in (page, listed):
        assert f'href="{address(of)}"' in text
    assert ("menunggu keputusan" in page, "Gang" in page) == (True, False)
    cadre = inside(ani(of.programme)).get(f"{lokus(of)}keluarga/GD-001/").content.decode()
    assert ("menunggu keputusan" in cadre, address(of) in cadre) == (True, False)


def test_numbers_that_differ_show_the_digits_by_which_they_do() -> None:
    of = open_field()
    family = build.household(of.programme.lokus, rw="03", kk="3672051234567890")
    edit = HouseholdEdit(household=family, base=1, state="conflict")
    edit.seal_changes({"kk": ["3672051234567890", "3672059934567890"]})
    edit.save()

    text = shown(of).get(address(of)).content.decode()

    assert re.findall(r"<b>([•\d]{16})</b>", text) == ["••••••12••••7890", "••••••99••••7890"]
