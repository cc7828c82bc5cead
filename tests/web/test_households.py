"""/tahun/<slug>/lokus/<code>/keluarga/"""

import html
import re

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from selaras.models import AuditEntry, Household, SavedView, Target
from selaras.queries.households import PAGE_SIZE
from tests import build
from tests.build_programme import Programme, bring, families_file, programme
from tests.web.cast import ROWS, ani, budi, citra, eka, inside, scored, secretary

pytestmark = pytest.mark.django_db


def address(of: Programme) -> str:
    return f"/tahun/{of.cycle.slug}/lokus/{of.lokus.area}/keluarga/"


def codes(text: str) -> list[str]:
    return re.findall(r'<th scope="row"><a href="[^"]+">(GD-\d+)</a></th>', text)


def test_only_who_works_with_the_families_sees_the_list() -> None:
    of = scored()
    seen = {who.__name__: inside(who(of)).get(address(of)).status_code for who in (secretary, ani, citra, eka, budi)}

    assert seen == {"secretary": 200, "ani": 200, "citra": 403, "eka": 403, "budi": 404}


def test_a_cadre_sees_her_rw_and_the_secretariat_all() -> None:
    of = scored()
    lists = [codes(inside(who(of)).get(address(of)).content.decode()) for who in (secretary, ani)]

    assert lists == [["GD-001", "GD-002", "GD-003"], ["GD-003"]]


def test_search_and_filter_narrow_it() -> None:
    of = scored()
    client = inside(secretary(of))
    found = {
        query: codes(client.get(address(of) + query).content.decode())
        for query in ("?cari=GD-002", "?cari=02/03", "?hanya=gaps", "?hanya=waiting", "?cari=Rohayati")
    }

    assert found == {
        "?cari=GD-002": ["GD-002"],
        "?cari=02/03": ["GD-003"],
        "?hanya=gaps": ["GD-002"],
        "?hanya=waiting": [],
        "?cari=Rohayati": [],
    }


def test_names_can_be_searched_only_while_they_are_shown() -> None:
    of = scored()
    client = inside(secretary(of))
    client.post(f"/tahun/{of.cycle.slug}/lokus/{of.lokus.area}/nama/", {"nama": "tampil"})
    text = client.get(address(of) + "?cari=Rohayati").content.decode()

    assert (codes(text), "Rohayati Uji" in text) == (["GD-001"], True)
    assert AuditEntry.objects.filter(action="households.reveal_names").count() == 1


def test_an_address_is_found_like_a_name_and_a_member_too() -> None:
    of = scored()
    household = Household.objects.get(code="GD-002")
    Household.objects.filter(pk=household.pk).update(address="Gang Kenanga 7")
    build.person(household, "Tini")
    client = inside(secretary(of))
    client.post(f"/tahun/{of.cycle.slug}/lokus/{of.lokus.area}/nama/", {"nama": "tampil"})
    found = [codes(client.get(address(of), {"cari": words}).content.decode()) for words in ("kenanga", "tini", "Eni")]

    assert found == [["GD-002"], ["GD-002"], ["GD-003"]]


def test_filters_narrow_it_together() -> None:
    of = scored()
    first = Household.objects.get(code="GD-001")
    Target.objects.create(lokus=of.lokus, household=first, state="target", position=1)
    client = inside(secretary(of))
    found = {
        query: codes(client.get(f"{address(of)}?{query}").content.decode())
        for query in (
            "rw=1", "rw=03", "rt=2&rw=03", "rt=9", "sasaran=target", "sasaran=undecided", "sasaran=reserve",
            "belum=jamban", "belum=jamban&sasaran=target", "belum=tidak_ada", "rt=Rohayati",
        )
    }  # fmt: skip

    assert found == {
        "rw=1": ["GD-001", "GD-002"],
        "rw=03": ["GD-003"],
        "rt=2&rw=03": ["GD-003"],
        "rt=9": [],
        "sasaran=target": ["GD-001"],
        "sasaran=undecided": ["GD-002", "GD-003"],
        "sasaran=reserve": [],
        "belum=jamban": ["GD-002"],
        "belum=jamban&sasaran=target": [],
        "belum=tidak_ada": ["GD-001", "GD-002", "GD-003"],
        "rt=Rohayati": ["GD-001", "GD-002", "GD-003"],
    }


def steps(text: str) -> dict[str, str]:
    """Where the pager leads."""
    return {rel: html.unescape(href) for rel, href in re.findall(r'rel="(prev|next)" href="([^"]+)"', text)}


def test_one_walks_through_the_list_and_back_and_keeps_the_filters() -> None:
    of = programme()
    for _ in range(PAGE_SIZE * 2 + 1):
        build.household(of.lokus, rt="02")
    client = inside(secretary(of))
    seen, query = [], "?rt=02"
    while True:
        text = client.get(address(of) + query).content.decode()
        seen.append((len(codes(text)), codes(text)[0]))
        if "next" not in steps(text):
            break
        query = steps(text)["next"]
    back = client.get(address(of) + steps(text)["prev"]).content.decode()

    assert seen == [(50, "GD-001"), (50, "GD-051"), (1, "GD-101")]
    assert (codes(back)[0], len(codes(back)), "rt=02" in query) == ("GD-051", 50, True)
    assert codes(client.get(address(of) + steps(back)["prev"]).content.decode())[0] == "GD-001"


@pytest.mark.parametrize("query", ["sesudah=ZZ", "sebelum=AA", "sesudah=%00", "temu=x", "hal=9"])
def test_an_address_that_leads_nowhere_is_a_page_all_the_same(query: str) -> None:
    of = scored()
    response = inside(secretary(of)).get(f"{address(of)}?{query}")

    assert (response.status_code, len(codes(response.content.decode()))) == (
        200,
        0 if query in {"sesudah=ZZ", "sebelum=AA"} else 3,
    )


# --- by a number ------------------------------------------------------------------------------------------------------
KK = "3672051234567890"


def find(client: Client, of: Programme, number: str) -> HttpResponse:
    return client.post(address(of) + "cari-nomor/", {"nomor": number})


def test_a_number_leads_to_its_family_and_stands_in_no_address() -> None:
    of = scored()
    household = build.household(of.lokus, kk=KK)
    response = find(inside(secretary(of)), of, "3672 0512 3456 7890")

    assert (response.status_code, response.headers["Location"]) == (302, f"{address(of)}{household.code}/")


def test_a_number_of_several_families_lists_them_by_their_ids() -> None:
    of = scored()
    phone = "081234567890"
    for _ in range(2):
        build.household(of.lokus, phone=phone)
    client = inside(secretary(of))
    response = find(client, of, phone)
    location = response.headers["Location"]
    text = client.get(location).content.decode()

    assert (phone[1:] in location, codes(text)) == (False, ["GD-004", "GD-005"])
    assert codes(inside(ani(of)).get(location).content.decode()) == ["GD-004", "GD-005"]
    Household.objects.filter(code="GD-005").update(area=f"{of.lokus.area}.RW01")
    assert codes(inside(ani(of)).get(location).content.decode()) == ["GD-004"]


def test_a_number_of_nobody_and_one_that_is_none_are_told() -> None:
    of = scored()
    client = inside(secretary(of))
    nobody = client.post(address(of) + "cari-nomor/", {"nomor": KK}, follow=True).content.decode()
    wrong = find(client, of, "36720512")

    assert (len(codes(nobody)), "tidak terdaftar" in nobody, KK in nobody) == (3, True, False)
    assert (wrong.status_code, 'value="36720512"' in wrong.content.decode()) == (422, True)


def test_the_log_says_nothing_of_a_number(caplog: pytest.LogCaptureFixture) -> None:
    of = scored()
    with caplog.at_level("DEBUG"):
        find(inside(secretary(of)), of, KK)
        find(inside(secretary(of)), of, KK[:-1])

    assert [
        record.getMessage()
        for record in caplog.records
        if KK[:-1] in record.getMessage() and "django.db" not in record.name
    ] == []


# --- kept searches ----------------------------------------------------------------------------------------------------
def test_filters_are_kept_under_a_name_opened_and_deleted() -> None:
    of = scored()
    client = inside(secretary(of))
    kept = client.post(address(of) + "tampilan/", {"nama": "RW 03", "saringan": "rw=03&cari=Rohayati"})
    text = client.get(kept.headers["Location"]).content.decode()

    assert (kept.headers["Location"], codes(text), ">RW 03</a>" in text) == (f"{address(of)}?rw=03", ["GD-003"], True)
    assert ">RW 03</a>" not in inside(ani(of)).get(address(of)).content.decode()
    client.post(address(of) + "tampilan/hapus/", {"tampilan": str(SavedView.objects.get().pk)})
    assert ">RW 03</a>" not in client.get(address(of)).content.decode()


def test_a_name_that_cannot_be_kept_is_told_beside_it_and_stays() -> None:
    of = scored()
    response = inside(secretary(of)).post(address(of) + "tampilan/", {"nama": "x" * 81, "saringan": "rw=03"})
    text = response.content.decode()

    assert (response.status_code, codes(text), "terlalu panjang" in text) == (422, ["GD-003"], True)


def test_it_is_never_kept_by_a_browser() -> None:
    of = scored()

    assert "no-store" in inside(secretary(of)).get(address(of)).headers["Cache-Control"]


def test_three_families_cost_no_more_statements_than_one() -> None:
    of = scored(ROWS[:1])
    client = inside(secretary(of))
    counts = []
    for rows in (ROWS[:1], ROWS):
        bring(of, families_file(rows))
        with CaptureQueriesContext(connection) as captured:
            assert len(codes(client.get(address(of)).content.decode())) == len(rows)
        counts.append(len(captured))

    assert counts[0] == counts[1]
