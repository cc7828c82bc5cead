"""/tahun/<slug>/prestasi/: what was won and the years before, on the year's page too."""

import re

import pytest
from django.test import Client

from selaras.models import Achievement, Cycle, Role
from tests import build
from tests.web.cast import dewi, inside
from tests.web.sent import fields_of

pytestmark = pytest.mark.django_db
WON = {
    "bagian": "prestasi", "place": "36.72.05.1005", "year": "2023", "title": "Juara I", "level": "Provinsi Banten",
    "source": "berita https://contoh.id/a", "confidence": "press", "programme": "p2wkss",
}  # fmt: skip


def secretary() -> Client:
    return inside(build.member(Role.SECRETARIAT, "36.72"))


def address(of: Cycle) -> str:
    return f"/tahun/{of.slug}/prestasi/"


def test_history_is_the_secretariats() -> None:
    cycle = build.cycle()
    seen = [inside(user).get(address(cycle)).status_code for user in (build.member(Role.LEADER, "36.72"), dewi())]

    assert seen == [403, 404]
    assert inside(build.member(Role.LEADER, "36.72")).post(address(cycle), WON).status_code == 403


def test_an_achievement_needs_its_source_stands_on_the_years_page_and_is_taken_back() -> None:
    cycle, client = build.cycle(), secretary()
    build.place("36.72.05.1005")
    Cycle.objects.filter(pk=cycle.pk).update(programme="KRPPA")
    assert re.findall(r"Misalnya Juara[^<]*", client.get(address(cycle)).content.decode()) == [
        "Misalnya Juara I KRPPA."
    ]
    bare = client.post(address(cycle), {**WON, "source": "  "})
    assert (bare.status_code, "sumber prestasi belum ditulis" in bare.content.decode()) == (422, True)
    assert (fields_of(bare, bagian="prestasi")["title"], Achievement.objects.count()) == ("Juara I", 0)
    assert client.post(address(cycle), WON).status_code == 302
    text = client.get(f"/tahun/{cycle.slug}/").content.decode()
    assert ("Juara I" in text, 'href="https://contoh.id/a"' in text) == (True, True)
    assert re.findall(r"<b>Juara I</b>, [^/]*<", text) == [
        '<b>Juara I</b>, Provinsi Banten <span class="small">(P2WKSS)<'
    ]
    won = Achievement.objects.get()
    far = build.cycle("36.73")
    assert client.post(address(far), {"bagian": "hapus", "yang": str(won.pk)}).status_code == 404
    assert client.post(address(cycle), {"bagian": "hapus", "yang": str(won.pk)}).status_code == 302
    assert Achievement.objects.count() == 0


def test_a_prize_says_its_programme_also_that_nobody_knows_and_is_told_it_later() -> None:
    cycle, client = build.cycle(), secretary()
    build.place("36.72.05.1005")
    assert _offered(client.get(address(cycle)).content.decode(), "id_prestasi_programme") == [
        ("", "Pilih program"), ("p2wkss", "P2WKSS"), ("krppa", "KRPPA"), ("lain", "program lain"),
        ("belum", "belum diketahui"),
    ]  # fmt: skip
    # Nothing chosen is not the same as not known.
    unsaid = client.post(address(cycle), {**WON, "programme": ""})
    assert (unsaid.status_code, Achievement.objects.count()) == (422, 0)
    clash = client.post(address(cycle), {**WON, "title": "Juara I KRPPA"})
    why = "gelar atau tingkat prestasi itu menyebut KRPPA, sedangkan program yang dipilih adalah P2WKSS"
    assert (clash.status_code, clash.content.decode().count(why), Achievement.objects.count()) == (422, 1, 0)
    assert client.post(address(cycle), {**WON, "programme": "belum"}).status_code == 302
    won = Achievement.objects.get()
    assert (won.programme, _programme(client, cycle)) == ("", ["Program: belum diketahui"])

    told = {"bagian": "program", "yang": str(won.pk), "programme": "krppa"}
    far = build.cycle("36.73")
    assert client.post(address(far), told).status_code == 404
    assert inside(build.member(Role.LEADER, "36.72")).post(address(cycle), told).status_code == 403
    assert client.post(address(cycle), {**told, "programme": "lainnya"}).status_code == 422
    assert client.post(address(cycle), told).status_code == 302
    assert _programme(client, cycle) == ["Program: KRPPA"]
    assert fields_of(client.get(address(cycle)), bagian="program")["programme"] == "krppa"
    assert client.post(address(cycle), {**told, "programme": "belum"}).status_code == 302
    won.refresh_from_db()
    assert won.programme == ""

    Achievement.objects.update(title="Juara I P2WKSS")
    refused = client.post(address(cycle), told).content.decode()
    why = "gelar atau tingkat prestasi itu menyebut P2WKSS, sedangkan program yang dipilih adalah KRPPA"
    assert (refused.count(why), refused.count("<details open>")) == (1, 1)


def test_a_provinces_page_offers_what_it_may_do_with_its_own_prizes_alone() -> None:
    cycle, client = build.cycle("36"), inside(build.member(Role.PROVINCE, "36"))
    build.place("36.73.01.1001")
    given = {"year": 2023, "level": "Nasional", "source": "SK", "confidence": "press", "programme": "lain"}
    won, own = (
        Achievement.objects.create(place=build.place(code), title=title, **given)
        for code, title in (("36.73", "Juara kota"), ("36", "Juara provinsi"))
    )
    text = client.get(address(cycle)).content.decode()
    assert (text.count("Dari program lain"), "Program: program" in text) == (2, False)
    assert re.findall(r'name="yang" value="(\d+)"', text) == [str(own.pk)] * 2
    assert _offered(text, "id_prestasi_place")[1:] == [("36", "Provinsi Banten")]
    for part in ({"bagian": "program", "programme": "krppa"}, {"bagian": "hapus"}):
        assert client.post(address(cycle), {**part, "yang": str(won.pk)}).status_code == 403
    assert set(Achievement.objects.values_list("pk", "programme")) == {(won.pk, "lain"), (own.pk, "lain")}


def _offered(text: str, field: str) -> list[tuple[str, str]]:
    (select,) = re.findall(rf'<select[^>]*id="{field}".*?</select>', text, re.DOTALL)
    return re.findall(r'<option value="([^"]*)"[^>]*>([^<]*)<', select)


def _programme(client: Client, cycle: Cycle) -> list[str]:
    return re.findall(r"<p>(Program: [^<]*)</p>", client.get(address(cycle)).content.decode())


def test_a_past_year_stands_on_this_years_page_with_its_loci_totals_and_sources() -> None:
    cycle, client = build.cycle(), secretary()
    for code in ("36.72.05.1005", "36.72.05.1001"):
        build.place(code)
    typed = fields_of(client.get(address(cycle)), bagian="lalu") | {
        "year": "2021", "source": "berita 2021", "lokus-0-place": "36.72.05.1005", "lokus-0-total": "87,5",
        "lokus-0-source": "SK 9", "lokus-1-place": "36.72.05.1001", "lokus-1-rw": "2",
    }  # fmt: skip
    for wrong, said in (({"source": ""}, "sumber belum ditulis"), ({"lokus-0-source": ""}, "sumber belum ditulis")):
        refused = client.post(address(cycle), typed | wrong)
        assert (refused.status_code, said in refused.content.decode()) == (422, True)
        assert fields_of(refused, bagian="lalu")["lokus-0-total"] == "87,5"
    assert Cycle.objects.count() == 1
    assert client.post(address(cycle), typed).status_code == 302
    text = client.get(f"/tahun/{cycle.slug}/").content.decode()
    own = client.get("/tahun/kota-cilegon-2021/").content.decode()

    wanted = ("Tahun-tahun lalu", "87,5 dari 100", "berita 2021", "Sukmajaya</b>, RW 2", "/tahun/kota-cilegon-2021/")
    assert [piece for piece in wanted if piece not in text] == []
    assert [
        piece for piece in ("Tahun sebelum Selaras dipakai.", "<strong>87,5</strong>", "SK 9") if piece not in own
    ] == []
    # Who works in this year alone reads of it, without a way in.
    juror = inside(build.member(Role.JUROR, "36.72", cycle=cycle))
    told = juror.get(f"/tahun/{cycle.slug}/").content.decode()
    assert ("87,5 dari 100" in told, "/tahun/kota-cilegon-2021/" in told) == (True, False)
