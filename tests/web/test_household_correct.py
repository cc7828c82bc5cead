"""/tahun/<slug>/lokus/<code>/keluarga/<household>/betulkan/"""

import html
import re

import pytest
from django.test import Client

from selaras.models import AuditEntry, Household, Role, SearchHashes
from tests import build
from tests.build_programme import Programme
from tests.web.cast import ani, budi, citra, inside, scored, secretary

pytestmark = pytest.mark.django_db
KK = "3672051234567890"


def address(of: Programme, code: str = "GD-001") -> str:
    return f"/tahun/{of.cycle.slug}/lokus/{of.lokus.area}/keluarga/{code}/betulkan/"


def shown(of: Programme) -> Client:
    """The secretary, who has asked for names."""
    client = inside(secretary(of))
    client.post(f"/tahun/{of.cycle.slug}/lokus/{of.lokus.area}/nama/", {"nama": "tampil"})
    return client


def filled(text: str) -> dict[str, str]:
    """What the form holds, by field."""
    tags = re.findall(r"<input[^>]+>", text[text.index('class="card correct"') :])
    found = {}
    for tag in tags:
        name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
        if name is not None and name[1] != "csrfmiddlewaretoken":
            found[name[1]] = html.unescape(value[1]) if value else ""
    return found


def test_only_the_keepers_of_its_lokus_correct_it() -> None:
    of = scored()
    cadre = build.member(Role.CADRE, of.lokus.area, cycle=of.cycle)
    people = {"secretary": secretary(of), "ani": ani(of), "cadre": cadre, "citra": citra(of), "budi": budi(of)}
    seen = {who: inside(user).get(address(of)).status_code for who, user in people.items()}
    sent = {who: inside(user).post(address(of), {}).status_code for who, user in people.items()}

    assert seen == {"secretary": 200, "ani": 404, "cadre": 403, "citra": 403, "budi": 404}
    assert sent == {"secretary": 422, "ani": 404, "cadre": 403, "citra": 403, "budi": 404}


def test_the_form_waits_until_names_are_shown() -> None:
    of = scored()
    text = inside(secretary(of)).get(address(of)).content.decode()

    assert ("Rohayati" in text, 'name="head_name"' in text, "Tampilkan nama" in text) == (False, False, True)
    assert AuditEntry.objects.filter(action="households.reveal_names").count() == 0


def test_what_differs_is_saved_and_the_rest_left() -> None:
    of = scored()
    household = Household.objects.select_related("key", "lokus__place").get(code="GD-001")
    household.set_kk(KK, SearchHashes.load().kk(KK))
    household.save()
    client = shown(of)
    given = filled(client.get(address(of)).content.decode())
    response = client.post(address(of), {**given, "address": "Jalan Mawar 1", "rt": "05"})
    household.refresh_from_db()

    assert (given["head_name"], given["kk"], given["version"]) == ("Rohayati Uji", "", "1")
    assert (response.status_code, response.headers["Location"]) == (302, address(of).replace("betulkan/", ""))
    assert (household.address, household.area[-5:], household.kk()) == ("Jalan Mawar 1", ".RT05", KK)
    assert AuditEntry.objects.get(action="households.correct").details == {"fields": ["address", "rt"]}


def test_a_dash_takes_a_number_away() -> None:
    of = scored()
    household = Household.objects.select_related("key", "lokus__place").get(code="GD-001")
    household.set_kk(KK, SearchHashes.load().kk(KK))
    household.save()
    client = shown(of)
    client.post(address(of), {**filled(client.get(address(of)).content.decode()), "kk": "-"})
    household.refresh_from_db()

    assert household.kk() == ""


def test_a_wrong_number_is_told_beside_its_field_and_everything_typed_stays() -> None:
    of = scored()
    client = shown(of)
    given = {**filled(client.get(address(of)).content.decode()), "kk": "123", "address": "Jalan <Mawar>"}
    response = client.post(address(of), given)
    text = response.content.decode()

    assert (response.status_code, filled(text)) == (422, given)
    assert "nomor KK harus 16 angka" in text.partition('name="kk"')[2].partition("</div>")[0]
    assert Household.objects.get(code="GD-001").address == ""


def test_who_was_slower_is_told_sees_both_and_can_save_hers() -> None:
    of = scored()
    client = shown(of)
    given = {**filled(client.get(address(of)).content.decode()), "address": "Jalan Anggrek"}
    other = shown(of)
    other.post(address(of), {**filled(other.get(address(of)).content.decode()), "address": "Jalan Mawar", "rt": "07"})
    late = client.post(address(of), given)
    text = late.content.decode()
    difference = re.sub(r"<[^>]+>", "|", text.partition('id="beda"')[2].partition("</section>")[0])

    assert (late.status_code, filled(text)) == (422, {**given, "version": "2"})
    assert re.findall(r"\|(Alamat|RT|Nama[^|]*)\|+([^|]+)\|+([^|]+)", difference) == [
        ("RT", "07", "02"), ("Alamat", "Jalan Mawar", "Jalan Anggrek"),
    ]  # fmt: skip
    assert Household.objects.get(code="GD-001").address == "Jalan Mawar"
    assert client.post(address(of), filled(text)).status_code == 302
    assert Household.objects.get(code="GD-001").address == "Jalan Anggrek"


@pytest.mark.parametrize("version", ["", "x", "0", "-1"])
def test_a_form_without_its_version_is_no_form(version: str) -> None:
    of = scored()
    client = shown(of)
    given = filled(client.get(address(of)).content.decode())

    assert client.post(address(of), {**given, "version": version}).status_code == 422
