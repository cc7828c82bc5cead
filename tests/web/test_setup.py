"""/tahun/<slug>/atur/ and its loci."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.html import strip_tags

from selaras.models import Cycle, InstrumentVersion, Lokus, Role, User
from tests import build
from tests.build_field import held_in_a_province
from tests.web.cast import dewi, inside
from tests.web.sent import fields_of

pytestmark = pytest.mark.django_db


def address(of: Cycle) -> str:
    return f"/tahun/{of.slug}/atur/"


def secretary() -> Client:
    return inside(build.member(Role.SECRETARIAT, "36.72"))


def test_only_the_secretariat_sets_a_year_up() -> None:
    cycle = build.cycle()
    people = {"leader": build.member(Role.LEADER, "36.72"), "stranger": dewi()}
    seen = {
        (who, page): inside(user).get(address(cycle) + page).status_code
        for who, user in people.items()
        for page in ("", "lokus/")
    }

    assert seen == {
        ("leader", ""): 403,
        ("leader", "lokus/"): 403,
        ("stranger", ""): 404,
        ("stranger", "lokus/"): 404,
    }
    assert inside(people["leader"]).post(address(cycle), {"bagian": "tutup", "mengerti": "ya"}).status_code == 403
    assert Cycle.objects.get().closed_at is None


def test_stages_are_added_changed_moved_and_removed() -> None:
    cycle, client = build.cycle(), secretary()
    day = {"starts": "2024-03-01", "ends": "2024-03-31"}
    blank = fields_of(client.get(address(cycle)), bagian="tahap")
    first = {**blank, "tahap-0-name": "Kedua", **{f"tahap-0-{k}": v for k, v in day.items()}}
    first |= {"tahap-1-name": "Pertama", "tahap-1-starts": "2024-01-01", "tahap-1-ends": "2024-01-31"}
    assert client.post(address(cycle), first).status_code == 302
    assert list(cycle.stages.values_list("name", flat=True)) == ["Pertama", "Kedua"]
    second = fields_of(client.get(address(cycle)), bagian="tahap")
    moved = {**second, "tahap-0-starts": "2024-05-01", "tahap-0-ends": "2024-05-02", "tahap-1-remove": "on"}
    assert client.post(address(cycle), moved).status_code == 302
    assert [(s.name, s.starts.isoformat()) for s in cycle.stages.all()] == [("Pertama", "2024-05-01")]


def test_a_half_filled_row_and_a_stage_that_ends_before_it_starts_are_said_and_kept() -> None:
    cycle, client = build.cycle(), secretary()
    blank = fields_of(client.get(address(cycle)), bagian="tahap")
    half = client.post(address(cycle), {**blank, "tahap-0-name": "Setengah"})
    reversed_ = {**blank, "tahap-0-name": "Terbalik", "tahap-0-starts": "2024-03-02", "tahap-0-ends": "2024-03-01"}
    wrong = client.post(address(cycle), reversed_)

    assert (half.status_code, fields_of(half, bagian="tahap")["tahap-0-name"]) == (422, "Setengah")
    # Its two days are marked, the blank rows below are not.
    assert half.content.decode().count('aria-invalid="true"') == 2
    assert (wrong.status_code, "Terbalik berakhir sebelum mulai" in wrong.content.decode()) == (422, True)
    assert cycle.stages.count() == 0


def test_stages_of_which_not_all_arrived_are_not_saved_and_stay_on_the_page() -> None:
    cycle, client = build.cycle(), secretary()
    day = {"starts": "2024-03-01", "ends": "2024-03-31"}
    typed = fields_of(client.get(address(cycle)), bagian="tahap")
    typed |= {"tahap-1-name": "Kunjungan", **{f"tahap-1-{k}": v for k, v in day.items()}}
    torn = client.post(address(cycle), {**typed, "tahap-banyak": "1"})
    said = "Tahap: tidak semua baris sampai; yang sampai 3."

    assert (torn.status_code, torn.content.decode().count(said), cycle.stages.count()) == (422, 1, 0)
    again = fields_of(torn, bagian="tahap")
    assert (again["tahap-1-name"], client.post(address(cycle), again).status_code) == ("Kunjungan", 302)
    assert list(cycle.stages.values_list("name", flat=True)) == ["Kunjungan"]


def test_the_second_of_two_sees_what_the_first_has_saved_keeps_her_own_and_may_save_it() -> None:
    cycle = build.cycle()
    ani = inside(build.member(Role.SECRETARIAT, "36.72"))
    client = secretary()
    typed = fields_of(client.get(address(cycle)), bagian="tahap")
    theirs = {"tahap-0-name": "Milik Ani", "tahap-0-starts": "2024-03-01", "tahap-0-ends": "2024-03-31"}
    mine = {**theirs, "tahap-0-name": "Milik saya"}
    ani.post(address(cycle), {**typed, **theirs})
    told = client.post(address(cycle), {**typed, **mine})
    text = told.content.decode()

    assert (told.status_code, "sudah mengubah bagian ini" in text, text.count('class="differs"')) == (422, True, 1)
    again = fields_of(told, bagian="tahap")
    assert again["tahap-0-name"] == "Milik saya"
    assert cycle.stages.get().name == "Milik Ani"
    assert client.post(address(cycle), again).status_code == 302
    assert cycle.stages.get().name == "Milik saya"


def test_rounds_and_instruments_are_saved_each_by_itself() -> None:
    cycle, client = build.cycle(), secretary()
    rounds = fields_of(client.get(address(cycle)), bagian="putaran")
    rounds |= {"putaran-0-kind": "visit", "putaran-0-opens": "2024-07-01", "putaran-0-closes": "2024-07-31"}
    assert client.post(address(cycle), rounds).status_code == 302
    assert list(cycle.rounds.values_list("kind", "number")) == [("visit", 1)]
    assert client.post(address(cycle), {"bagian": "terbitkan-krppa"}).status_code == 302
    versions = [str(pk) for pk in InstrumentVersion.objects.order_by("pk").values_list("pk", flat=True)]
    assert (len(versions), cycle.cycle_instruments.count()) == (3, 0)
    seen = client.get(address(cycle)).context["page"].instruments_seen
    none = client.post(address(cycle), {"bagian": "instrumen", "seen": seen, "versions": versions})
    assert (none.status_code, "instrumen utama belum dipilih" in none.content.decode()) == (422, True)
    chosen = {"bagian": "instrumen", "seen": seen, "versions": versions, "primary": versions[0]}
    assert client.post(address(cycle), chosen).status_code == 302
    assert cycle.cycle_instruments.filter(primary=True).count() == 1


def test_a_year_is_closed_by_whoever_says_that_she_understands_and_then_only_read() -> None:
    cycle, client = build.cycle(), secretary()
    assert client.post(address(cycle), {"bagian": "tutup"}).status_code == 422
    assert client.post(address(cycle), {"bagian": "tutup", "mengerti": "ya"}).status_code == 302
    page = client.get(address(cycle)).content.decode()
    assert ("Tahun ini ditutup" in page, "Simpan tahap" in page) == (True, False)
    assert client.post(address(cycle), {"bagian": "tahap", "tahap-banyak": "0"}).status_code == 422


def test_who_closes_a_year_is_told_before_that_its_secretariat_ends_and_the_remedy_works_afterwards_too() -> None:
    cycle, now = build.cycle(), timezone.now()
    secretary = build.member(Role.SECRETARIAT, "36.72", cycle=cycle)
    client, office = inside(secretary), inside(build.member(Role.ADMINISTRATOR, ""))
    people, nobody = f"/tahun/{cycle.slug}/orang/", "Tahun ini tidak punya sekretariat."
    lasts = client.get(address(cycle)).content.decode()
    secretary.memberships.update(ends=now + timedelta(days=9))
    ends = client.get(address(cycle)).content.decode()
    assert ["tahun ini tidak punya sekretariat lagi" in page for page in (lasts, ends)] == [False, True]
    assert f'<a href="{people}">Buka halaman Orang</a>' in ends
    decide = "hanya lurah dan camat yang masih bertugas dapat memutuskan"
    assert [decide in page for page in (lasts, ends)] == [False, True]
    client.post(address(cycle), {"bagian": "tutup", "mengerti": "ya"})
    secretary.memberships.update(ends=now)

    without = office.get(people).content.decode()
    assert (nobody in without, decide in without) == (True, True)
    person = build.member(Role.LEADER, "36.72")
    given = {"role": Role.SECRETARIAT, "place": "", "rw": "", "years": "this", "starts": "", "ends": ""}
    assert office.post(f"{people}{person.uuid}/", given).status_code == 302
    assert nobody not in office.get(people).content.decode()


def test_a_province_keeps_its_own_year_and_is_told_of_no_missing_secretariat() -> None:
    cycle = build.cycle("36")
    page = inside(build.member(Role.PROVINCE, "36")).get(address(cycle))
    assert (page.status_code, "tidak punya sekretariat" in page.content.decode()) == (200, False)


def test_a_province_is_told_where_something_waits_that_nobody_may_decide_on_and_the_remedy_works() -> None:
    cycle = held_in_a_province("36.72.05.1005", "36.72.05.1001", "36.73.01.1001")
    build.member(Role.SUPERVISOR, "36.72.05.1005", cycle=cycle)
    client, people = inside(build.member(Role.PROVINCE, "36")), f"/tahun/{cycle.slug}/orang/"

    def told(client: Client, page: str) -> list[str]:
        text = client.get(page).content.decode()
        notices = re.findall(r'<div class="notice needs">.*?</div></div>', text, re.DOTALL)
        return [strip_tags(each) for notice in notices for each in re.findall(r"<p>(.*?)</p>", notice, re.DOTALL)]

    cilegon = (
        "Kota Cilegon: 2 kiriman atau perubahan tertahan tanpa sekretariat. "
        "Untuk 1 di antaranya tidak ada yang dapat memutuskan."
    )
    serang = "Kota Serang: 1 kiriman atau perubahan tertahan tanpa sekretariat. Tidak ada yang dapat memutuskan."
    below = "Buka nama seseorang di bawah dan beri dia tugas sekretariat di sana, atau undang orang baru."
    there = (
        "Beri seseorang tugas sekretariat di sana lewat halaman Orang; sesudah tahun ditutup pun bisa. "
        "Buka halaman Orang"
    )
    assert told(client, people) == [cilegon, serang, below]
    assert told(client, address(cycle)) == [cilegon, serang, there]
    build.member(Role.SUPERVISOR, "36.72.05", cycle=cycle)
    lurah = "Kota Cilegon: 2 kiriman atau perubahan tertahan tanpa sekretariat. " + (
        "Hanya lurah dan camat yang masih bertugas dapat memutuskan."
    )
    assert told(client, people) == [lurah, serang, below]

    client.post(address(cycle), {"bagian": "tutup", "mengerti": "ya"})
    person = build.member(Role.LEADER, "36.72")
    given = {"role": Role.SECRETARIAT, "place": "36.72", "rw": "", "years": "this", "starts": "", "ends": ""}
    assert client.post(f"{people}{person.uuid}/", given).status_code == 302
    assert (told(client, people), told(client, address(cycle))) == ([serang, below], [serang, there])
    # The secretariat of one city may appoint nobody in the other, and is not told of it.
    assert told(inside(User.objects.get(pk=person.pk)), people) == []


# --- loci ------------------------------------------------------------------------------------------------------------
def given(code: str, **more: str) -> dict[str, str]:
    return {"bagian": "tambah", "place": code, "rw": "", "letters": "", "target_size": "100"} | more


def test_a_lokus_is_added_changed_named_for_the_jury_and_taken_back() -> None:
    cycle, client = build.cycle(), secretary()
    for code in ("36.72.05.1005", "36.72.05.1001"):
        build.place(code)
    page = address(cycle) + "lokus/"
    client.post(page, given("36.72.05.1005", letters="gd"))
    client.post(page, given("36.72.05.1001", rw="2"))
    assert list(cycle.loci.values_list("area", "prefix")) == [("36.72.05.1005", "GD"), ("36.72.05.1001.RW02", "SK")]
    change = fields_of(client.get(page), yang="36.72.05.1005")
    assert client.post(page, {**change, "bagian": "lokus", "target_size": "80"}).status_code == 302
    told = client.post(page, {**change, "bagian": "lokus", "target_size": "90"})
    assert (told.status_code, fields_of(told, yang="36.72.05.1005")["target_size"]) == (422, "90")
    assert client.post(page, {"bagian": "wakil", "wakil": "36.72.05.1005"}).status_code == 302
    assert list(cycle.loci.values_list("prefix", "representative", "target_size")) == [
        ("GD", True, 80),
        ("SK", False, 100),
    ]
    assert client.post(page, {"bagian": "hapus", "yang": "36.72.05.1001.RW02"}).status_code == 302
    build.household(Lokus.objects.get())
    held = client.post(page, {"bagian": "hapus", "yang": "36.72.05.1005"})
    assert (held.status_code, "sudah berisi data" in held.content.decode(), cycle.loci.count()) == (422, True, 1)


@pytest.mark.parametrize("code", ["36.73.01.1001", "36.72.05", ""])
def test_a_place_elsewhere_is_no_choice(code: str) -> None:
    cycle = build.cycle()
    build.place("36.73.01.1001")

    assert secretary().post(address(cycle) + "lokus/", given(code)).status_code == 422
    assert cycle.loci.count() == 0


def test_ids_of_another_year_or_of_nothing_are_not_found() -> None:
    cycle, far = build.cycle(), build.lokus(build.cycle("36.73"), "36.73.01.1001", "SR")
    client, page = secretary(), address(cycle) + "lokus/"
    posted = [("lokus", far.area), ("hapus", far.area), ("hapus", "\0"), ("hapus", "x" * 900)]

    assert [client.post(page, {"bagian": part, "yang": code}).status_code for part, code in posted] == [404] * 4
    assert client.post(page, {"bagian": "wakil", "wakil": far.area}).status_code == 404


def test_three_loci_cost_no_more_statements_than_one() -> None:
    cycle = build.cycle()
    build.lokus(cycle)
    client = secretary()
    with CaptureQueriesContext(connection) as one:
        client.get(address(cycle) + "lokus/")
    build.lokus(cycle, "36.72.05.1001", "SJ")
    build.lokus(cycle, "36.72.05.1001", "SK", rw="02")
    with CaptureQueriesContext(connection) as three:
        client.get(address(cycle) + "lokus/")

    assert len(three) <= len(one)


def test_a_new_year_without_lokus_is_where_its_secretariat_lands_although_older_ones_have_some() -> None:
    old = build.cycle(year=2023, closed_at=timezone.now())
    build.lokus(old)
    new = build.cycle(year=2025)

    assert secretary().get("/").headers["Location"] == f"/tahun/{new.slug}/"
