"""/tahun/<slug>/komitmen/…: list, page, form, how it stands, usulan; nothing typed is lost."""

import re

import pytest
from django.test import Client

from selaras.models import AuditEntry, Commitment, Need, Role
from tests import build
from tests.build_plans import agency, commitment
from tests.build_programme import Programme
from tests.web.cast import ani, budi, citra, dewi, inside, scored, secretary

pytestmark = pytest.mark.django_db(transaction=True)


def base(of: Programme) -> str:
    return f"/tahun/{of.cycle.slug}/komitmen/"


def given(of: Programme, **changed: object) -> dict[str, object]:
    """A whole form of Disperkim's latrines in the lokus."""
    return {
        "agency": agency("Disperkim").pk,
        "indicator": "jamban",
        "lokus": of.lokus.area,
        "whom": "place",
        "title": "Bangun jamban",
        "state": "planned",
        **changed,
    }


def text_of(client: Client, url: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", client.get(url).content.decode()).split())


def test_who_may_open_list_page_and_form() -> None:
    of = scored()
    made = commitment(of.lokus)
    liaison = build.member(Role.LIAISON, agency=agency("Disperkim"))
    other = build.member(Role.LIAISON, agency=agency("Dinsos"))
    people = {"secretary": secretary(of), "ani": ani(of), "budi": budi(of), "citra": citra(of), "dewi": dewi()}
    people |= {"liaison": liaison, "other": other}
    pages = ["", f"{made.number}/", f"{made.number}/ubah/", "baru/", "impor/"]
    found = {
        who: [client.get(base(of) + page).status_code for page in pages]
        for who, client in ((who, inside(user)) for who, user in people.items())
    }
    assert found == {
        "secretary": [200, 200, 200, 200, 200],
        "liaison": [200, 200, 200, 200, 403],
        "other": [200, 404, 404, 200, 403],
        "ani": [200, 200, 403, 403, 403],
        "citra": [200, 200, 403, 403, 403],
        "budi": [200, 404, 404, 403, 403],
        "dewi": [404, 404, 404, 404, 404],
    }


def test_from_a_form_to_a_commitment_for_the_families_that_were_ticked() -> None:
    of = scored()
    need = Need.objects.get(indicator="jamban")
    client = inside(secretary(of))
    agency("Disperkim")
    page = client.get(base(of) + f"baru/?indikator=jamban&lokus={of.lokus.area}&kebutuhan={need.pk}").content.decode()
    assert re.search(rf'name="needs" value="{need.pk}" checked', page)
    asked = given(of, whom="families", needs=[need.pk], volume="1,5", budget="Rp 1.250.000,-", area="RW 01 RT 2")
    response = client.post(base(of) + "baru/", asked)
    made = Commitment.objects.get()

    assert response.headers["Location"] == base(of) + f"{made.number}/"
    assert (str(made.volume), str(made.budget), made.area) == ("1.50", "1250000.00", f"{of.lokus.area}.RW01.RT02")
    assert list(made.served.values_list("need", flat=True)) == [need.pk]
    text = text_of(client, base(of) + f"{made.number}/")
    assert [
        piece for piece in ("Bangun jamban", "1 keluarga", "Rp1.250.000", "GD-002", "Dicatat") if piece not in text
    ] == []


def test_problems_stand_beside_their_fields_and_what_was_typed_stays() -> None:
    of = scored()
    client = inside(secretary(of))
    wrong = given(
        of, title="", budget="banyak", starts="2024-05-02", ends="2024-05-01", area="di sana", person="Bu Ani"
    )
    response = client.post(base(of) + "baru/", wrong)
    page = response.content.decode()

    assert response.status_code == 422
    said = ["Tulis rupiah penuh tanpa pecahan", "Pilih lokusnya, lalu tulis"]
    assert [piece for piece in said if piece not in page] == []
    assert ('value="banyak"' in page, 'value="Bu Ani"' in page) == (True, True)
    late = client.post(base(of) + "baru/", given(of, starts="2024-05-02", ends="2024-05-01"))
    assert (late.status_code, "selesai mendahului mulai" in late.content.decode()) == (422, True)
    assert Commitment.objects.count() == 0


def test_asking_for_the_families_keeps_what_was_typed_and_stores_nothing() -> None:
    of = scored()
    response = inside(secretary(of)).post(base(of) + "baru/", given(of, title="Jamban komunal", muat="1"))
    page = response.content.decode()

    assert (response.status_code, "Jamban komunal" in page, "GD-002" in page) == (200, True, True)
    assert Commitment.objects.count() == 0


def test_who_was_overtaken_sees_the_difference_and_can_save_her_own() -> None:
    of = scored()
    made = commitment(of.lokus, title="Bangun jamban", indicator="jamban", fund="", person="Ibu Sri")
    client = inside(secretary(of))
    Commitment.objects.filter(pk=made.pk).update(person="Pak Budi", version=2)
    url = base(of) + "1/ubah/"
    response = client.post(url, given(of, person="Bu Rina", version="1"))
    page = response.content.decode()

    assert response.status_code == 409
    assert [piece for piece in ("Yang tersimpan sekarang berbeda", "Pak Budi", "Bu Rina") if piece not in page] == []
    again = re.search(r'name="version" value="(\d+)"', page)
    assert again is not None
    assert client.post(url, given(of, person="Bu Rina", version=again[1])).status_code == 302
    assert Commitment.objects.get().person == "Bu Rina"


def test_how_it_stands_is_said_in_one_press_and_a_hindrance_with_its_reason() -> None:
    of = scored()
    commitment(of.lokus)
    client = inside(secretary(of))
    url = base(of) + "1/keadaan/"
    assert client.post(url, {"state": "running", "version": "1"}).status_code == 302
    refused = client.post(url, {"state": "blocked", "version": "2"})
    assert (refused.status_code, "kendalanya belum ditulis" in refused.content.decode()) == (422, True)
    assert client.post(url, {"state": "terbang", "version": "2"}).status_code == 422
    assert client.post(url, {"state": "blocked", "version": "2", "obstacle": "lahan sengketa"}).status_code == 302
    text = text_of(client, base(of) + "1/")
    assert ("Terkendala karena lahan sengketa" in text, "Keadaan: Berjalan Terkendala" in text) == (True, True)
    assert client.post(url, {"state": "cancelled", "version": "3", "reason": "ganda"}).status_code == 302
    assert "Ubah" not in text_of(client, base(of) + "1/").replace("Diubah", "")


def test_the_list_filters_and_its_workbook_holds_what_fits() -> None:
    of = scored()
    commitment(of.lokus, title="Satu", ends="2024-01-31")
    commitment(of.lokus, of="Dinsos", title="Dua", fund="renja")
    commitment(of.lokus, of="Dinsos", title="Tiga", state="proposed", fund="")
    client = inside(secretary(of))

    def titles(query: str) -> list[str]:
        return re.findall(r"<b>(Satu|Dua|Tiga)</b>", client.get(base(of) + query).content.decode())

    assert titles("") == ["Satu", "Dua", "Tiga"]
    assert titles("?saring=late") == ["Satu"]
    assert titles("?saring=unfunded") == ["Dua"]
    assert titles("?saring=proposed") == ["Tiga"]
    assert titles(f"?opd={agency('Dinsos').pk}&dana=renja") == ["Dua"]
    assert titles("?dana=none") == ["Tiga"]
    assert titles("?cari=k-002") == ["Dua"]
    assert titles("?keadaan=proposed&lokus=" + of.lokus.area) == ["Tiga"]
    assert client.get(base(of) + "?saring=late&unduh=xlsx").content[:2] == b"PK"
    entry = AuditEntry.objects.latest("id")
    assert (entry.action, entry.details) == ("plans.export", {"commitments": 1})


def test_what_waits_for_a_fund_is_listed_to_print() -> None:
    of = scored()
    commitment(of.lokus, title="Sumur bor", state="proposed", fund="renja", budget=75_000_000, volume=3, unit="unit")
    commitment(of.lokus, title="Sudah ada")
    text = text_of(inside(secretary(of)), f"/tahun/{of.cycle.slug}/usulan/")

    assert ("1 usulan" in text, "Rp75.000.000" in text, "Sumur bor" in text, "Sudah ada" in text) == (
        True,
        True,
        True,
        False,
    )


def test_an_agencys_list_is_her_own() -> None:
    of = scored()
    commitment(of.lokus, title="Satu")
    commitment(of.lokus, of="Dinsos", title="Dua")
    client = inside(build.member(Role.LIAISON, agency=agency("Dinsos")))

    assert re.findall(r"<b>(Satu|Dua)</b>", client.get(base(of)).content.decode()) == ["Dua"]
