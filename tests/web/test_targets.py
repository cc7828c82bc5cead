"""/tahun/<slug>/lokus/<code>/sasaran/ and its doors: the list of 100."""

import html
import io
import re

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from selaras.models import AuditEntry, Household, Lokus, Role, Target, TargetDecision
from tests import build
from tests.build_programme import Programme, bring, families_file, family
from tests.web.cast import ROWS, ani, budi, citra, dewi, eka, inside, scored, secretary

pytestmark = pytest.mark.django_db


def address(of: Programme, rest: str = "") -> str:
    return f"/tahun/{of.cycle.slug}/lokus/{of.lokus.area}/sasaran/{rest}"


def codes(text: str) -> list[str]:
    return re.findall(r'<th scope="row"><a href="[^"]+">(GD-\d+)</a>', text)


def ticked(text: str) -> list[str]:
    return re.findall(r'value="(GD-\d+)" checked', text)


def words(text: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text)).split())


def decide(client: Client, of: Programme, to: str, *families: str, part: str = "undecided") -> int:
    return client.post(address(of, "putuskan/"), {"ke": to, "keluarga": families, "bagian": part}).status_code


def listed(of: Programme) -> dict[str, str]:
    rows = Target.objects.filter(lokus=of.lokus).order_by("household__code")
    return dict(rows.values_list("household__code", "state"))


def test_only_who_works_with_the_families_sees_the_list_and_only_keepers_decide() -> None:
    of = scored()
    people = {who.__name__: who(of) for who in (secretary, ani, citra, eka, budi)} | {"dewi": dewi()}
    seen = {who: inside(user).get(address(of)).status_code for who, user in people.items()}
    sent = {who: decide(inside(user), of, "target", "GD-003") for who, user in people.items()}

    assert seen == {"secretary": 200, "ani": 200, "citra": 403, "eka": 403, "budi": 404, "dewi": 404}
    assert sent == {"secretary": 302, "ani": 403, "citra": 403, "eka": 403, "budi": 404, "dewi": 404}
    assert "Jadikan sasaran" not in inside(people["ani"]).get(address(of) + "?bagian=undecided").content.decode()


def test_families_are_proposed_by_unmet_indicators_with_the_reason_and_nothing_is_decided() -> None:
    of = scored([*ROWS, family("GD-004", "", "", "", name="Dewi Uji", rw="01")])
    text = inside(secretary(of)).get(address(of) + "?bagian=undecided").content.decode()
    said = words(text)

    assert codes(text) == ["GD-002", "GD-001", "GD-003", "GD-004"]
    assert "1 belum terpenuhi , 1 belum diketahui · Rentan" in said
    assert (said.count("belum didata"), ticked(text), listed(of)) == (1, [], {})


def test_the_first_ones_are_ticked_on_request_and_a_person_confirms() -> None:
    of = scored()
    client = inside(secretary(of))
    text = client.get(address(of) + "?bagian=undecided&tandai=2").content.decode()
    assert (ticked(text), listed(of)) == (["GD-002", "GD-001"], {})
    decide(client, of, "target", *ticked(text))

    assert listed(of) == {"GD-001": "target", "GD-002": "target"}
    assert "2 dari 100 sasaran, 0 cadangan" in client.get(address(of)).content.decode()


def test_many_go_to_reserve_and_off_the_list_and_the_last_step_is_taken_back() -> None:
    of = scored()
    client = inside(secretary(of))
    decide(client, of, "reserve", "GD-001", "GD-002", "GD-003")
    decide(client, of, "undecided", "GD-002", part="reserve")
    assert listed(of) == {"GD-001": "reserve", "GD-003": "reserve"}
    page = client.get(address(of) + "?bagian=reserve").content.decode()
    decision = re.findall(r'name="keputusan" value="([^"]+)"', page)
    response = client.post(address(of, "urungkan/"), {"keputusan": decision[0], "bagian": "reserve"})

    assert (len(decision), response.status_code, response.headers["Location"]) == (
        1,
        302,
        address(of) + "?bagian=reserve",
    )
    assert listed(of) == {"GD-001": "reserve", "GD-002": "reserve", "GD-003": "reserve"}


def test_a_refused_decision_keeps_the_ticks_and_says_why() -> None:
    of = scored()
    Lokus.objects.filter(pk=of.lokus.pk).update(target_size=1)
    client = inside(secretary(of))
    response = client.post(
        address(of, "putuskan/"), {"ke": "target", "keluarga": ["GD-001", "GD-003"], "bagian": "undecided"}
    )
    text = response.content.decode()

    assert (response.status_code, ticked(text), listed(of)) == (422, ["GD-001", "GD-003"], {})
    assert "masih ada tempat untuk 1, Anda memilih 2" in text
    assert decide(client, of, "target") == 422


@pytest.mark.parametrize("data", [{"ke": "miskin", "keluarga": "GD-001"}, {"keluarga": "GD-001"}])
def test_what_is_no_decision_is_not_there(data: dict[str, str]) -> None:
    of = scored()

    assert inside(secretary(of)).post(address(of, "putuskan/"), data).status_code == 404


def test_a_family_is_replaced_for_a_reason_by_the_first_in_reserve() -> None:
    of = scored()
    client = inside(secretary(of))
    decide(client, of, "target", "GD-001")
    decide(client, of, "reserve", "GD-003", "GD-002")
    form = client.get(address(of, "GD-001/ganti/")).content.decode()
    blank = client.post(address(of, "GD-001/ganti/"), {"note": "pindah ke Serang"})
    done = client.post(address(of, "GD-001/ganti/"), {"reason": "moved", "note": "pindah ke Serang"}, follow=True)
    replaced = words(client.get(address(of) + "?bagian=replaced").content.decode())

    assert "Yang masuk: GD-003" in words(form)
    assert (blank.status_code, 'value="pindah ke Serang"' in blank.content.decode()) == (422, True)
    assert "GD-001 diganti; GD-003 masuk dari cadangan." in words(done.content.decode())
    assert listed(of) == {"GD-001": "replaced", "GD-002": "reserve", "GD-003": "target"}
    assert re.search(r"1 GD-001 02/01 pindah GD-003", replaced) is not None


def test_who_is_not_coached_cannot_be_replaced() -> None:
    of = scored()
    client = inside(secretary(of))
    page = client.get(address(of, "GD-001/ganti/"))

    assert (page.status_code, "bukan sasaran sekarang" in page.content.decode()) == (200, True)
    assert client.post(address(of, "GD-001/ganti/"), {"reason": "moved"}).status_code == 422
    assert client.get(address(of, "GD-999/ganti/")).status_code == 404
    cadre = build.member(Role.CADRE, of.lokus.area, cycle=of.cycle)
    assert inside(cadre).get(address(of, "GD-001/ganti/")).status_code == 403


def test_the_order_is_changed_row_by_row() -> None:
    of = scored()
    client = inside(secretary(of))
    decide(client, of, "reserve", "GD-001", "GD-002", "GD-003")
    moved = client.post(address(of, "geser/"), {"geser": "first GD-003", "bagian": "reserve"})
    edge = client.post(address(of, "geser/"), {"geser": "up GD-003", "bagian": "reserve"})

    assert codes(client.get(moved.headers["Location"]).content.decode()) == ["GD-003", "GD-001", "GD-002"]
    assert (moved.status_code, edge.status_code) == (302, 422)
    assert client.post(address(of, "geser/"), {"geser": "GD-003"}).status_code == 404


def test_only_the_last_decision_is_taken_back() -> None:
    of = scored()
    client = inside(secretary(of))
    decide(client, of, "target", "GD-001")
    old = str(TargetDecision.objects.get().uuid)
    decide(client, of, "target", "GD-002")
    response = client.post(address(of, "urungkan/"), {"keputusan": old})

    assert (response.status_code, "keputusan yang lebih baru" in response.content.decode()) == (422, True)
    assert client.post(address(of, "urungkan/"), {"keputusan": "x"}).status_code == 404
    assert listed(of) == {"GD-001": "target", "GD-002": "target"}


def test_a_family_is_decided_about_on_its_own_page_and_one_stays_there() -> None:
    of = scored()
    client = inside(secretary(of))
    page = f"/tahun/{of.cycle.slug}/lokus/{of.lokus.area}/keluarga/GD-001/"
    response = client.post(address(of, "putuskan/"), {"ke": "target", "keluarga": "GD-001", "kembali": page})

    assert (response.headers["Location"], listed(of)) == (page, {"GD-001": "target"})
    said = words(client.get(page).content.decode())
    assert "Keluarga ini sasaran tahun ini." in said
    assert "belum diputuskan → sasaran" in said
    for number, elsewhere in enumerate(("https://jauh.example/", "//jauh.example/", "keluarga", "²", "")):
        sent = {"ke": ("reserve", "target")[number % 2], "keluarga": "GD-001", "kembali": elsewhere}
        assert client.post(address(of, "putuskan/"), sent).headers["Location"] == address(of) + "?bagian=target"


def test_a_cadre_sees_her_rw_alone_and_no_code_of_a_replacement_elsewhere() -> None:
    of = scored()
    client = inside(secretary(of))
    decide(client, of, "target", "GD-003")
    decide(client, of, "reserve", "GD-001")
    client.post(address(of, "GD-003/ganti/"), {"reason": "moved"})
    hers = [inside(ani(of)).get(f"{address(of)}?bagian={part}").content.decode() for part in ("target", "replaced")]

    assert [codes(text) for text in hers] == [[], ["GD-003"]]
    assert ["GD-001" in text for text in hers] == [False, False]
    page = f"/tahun/{of.cycle.slug}/lokus/{of.lokus.area}/keluarga/GD-003/"
    assert "GD-001" not in inside(ani(of)).get(page).content.decode()


def test_the_sheet_to_print_says_codes_and_nothing_that_a_family_lacks() -> None:
    of = scored()
    client = inside(secretary(of))
    client.post(f"/tahun/{of.cycle.slug}/lokus/{of.lokus.area}/nama/", {"nama": "tampil"})
    decide(client, of, "target", "GD-002")
    decide(client, of, "reserve", "GD-001")
    main = client.get(address(of, "cetak/")).content.decode().partition("<main")[2]

    assert re.findall(r"GD-\d+", main) == ["GD-002", "GD-001"]
    assert [word for word in ("Sumiyati", "Rentan", "terpenuhi", "miskin", "sejahtera") if word in main.lower()] == []


def test_the_workbook_holds_names_only_while_they_are_shown_and_is_written_down() -> None:
    of = scored()
    client = inside(secretary(of))
    decide(client, of, "target", "GD-002")
    sheets = []
    for asks in (False, True):
        if asks:
            client.post(f"/tahun/{of.cycle.slug}/lokus/{of.lokus.area}/nama/", {"nama": "tampil"})
        content = client.get(address(of, "daftar.xlsx")).content
        book = openpyxl.load_workbook(io.BytesIO(content))
        sheets.append(list(book["sasaran"].iter_rows(min_row=2, values_only=True)))

    assert sheets == [[(1, "GD-002", "02", "01", "sasaran")], [(1, "GD-002", "02", "01", "sasaran", "Sumiyati Uji")]]
    entries = AuditEntry.objects.filter(action="targets.export").order_by("id").values_list("details", flat=True)
    assert list(entries) == [{"codes": ["GD-002"], "names": False}, {"codes": ["GD-002"], "names": True}]


@pytest.mark.parametrize("part", ["undecided", "target", "reserve", "replaced"])
def test_three_families_cost_no_more_statements_than_one(part: str) -> None:
    of = scored(ROWS[:1])
    client = inside(secretary(of))
    counts = []
    for rows in (ROWS[:1], ROWS):
        bring(of, families_file(rows))
        if part != "undecided":
            Target.objects.all().delete()
            for number, household in enumerate(Household.objects.order_by("code"), start=1):
                Target.objects.create(
                    lokus=of.lokus, household=household, state=part, position=number, replaced_by=household
                )
        with CaptureQueriesContext(connection) as captured:
            assert len(codes(client.get(f"{address(of)}?bagian={part}").content.decode())) == len(rows)
        counts.append(len(captured))

    assert counts[0] == counts[1]


def test_it_is_never_kept_by_a_browser() -> None:
    of = scored()
    client = inside(secretary(of))

    for rest in ("", "cetak/", "daftar.xlsx"):
        assert "no-store" in client.get(address(of, rest)).headers["Cache-Control"]
