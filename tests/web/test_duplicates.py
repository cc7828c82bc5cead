"""/tahun/<slug>/lokus/<code>/dua-kali/ and the state of a family: side by side, answered, taken back."""

import html
import re

import pytest
from django.db import connection
from django.http import HttpResponse as Response
from django.test.utils import CaptureQueriesContext

from selaras.models import Duplicate, Household, Merge, Statement
from tests import build
from tests.build_twins import Twins, twins
from tests.web.cast import ani, budi, citra, dewi, eka, inside, secretary

pytestmark = pytest.mark.django_db


def address(of: Twins, rest: str = "dua-kali/") -> str:
    return f"/tahun/{of.programme.cycle.slug}/lokus/{of.programme.lokus.area}/{rest}"


def words(response: Response) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def test_only_who_keeps_the_lokus_is_asked_and_finds_the_page_from_the_lokus() -> None:
    of = twins()
    programme = of.programme
    people = {who.__name__: who(programme) for who in (secretary, ani, citra, eka, budi)} | {"dewi": dewi()}

    assert {who: inside(user).get(address(of)).status_code for who, user in people.items()} == {
        "secretary": 200, "ani": 403, "citra": 403, "eka": 403, "budi": 404, "dewi": 404,
    }  # fmt: skip
    assert f'href="{address(of)}"' in inside(people["secretary"]).get(address(of, "")).content.decode()
    assert f'href="{address(of)}"' not in inside(people["ani"]).get(address(of, "")).content.decode()


def test_a_pair_is_shown_by_codes_with_what_is_alike_and_names_only_on_request() -> None:
    of = twins()
    client = inside(of.lurah)
    page = words(client.get(address(of)))
    assert "1 pasang mungkin tercatat dua kali" in page
    assert "nama kepala keluarga yang satu bagian dari nama yang lain" in page
    assert [text for text in ("Aminah", "Gang Uji 7", "9900") if text in page] == []
    client.post(address(of, "nama/"), {"nama": "tampil"})
    named = words(client.get(address(of)))
    assert [text for text in ("Siti Aminah", "Hj. Aminah", "Gang Uji 7", "9900", "0812", "3672") if text in named] == [
        *("Siti Aminah", "Hj. Aminah", "Gang Uji 7"),
    ]


def test_one_family_is_made_of_two_and_two_again_from_the_same_page() -> None:
    of = twins()
    client = inside(of.lurah)
    answer = {"jawab": "one", "tetap": str(of.one.uuid)}
    assert client.post(address(of, f"dua-kali/{of.pair.uuid}/"), answer).headers["Location"] == address(of)
    page = words(client.get(address(of)))
    assert ("satu keluarga, yang tetap GD-001" in page, "Tidak ada keluarga yang tampak" in page) == (True, True)
    assert client.get(address(of, "keluarga/GD-002/")).status_code == 404
    assert "Digabungkan dari GD-002." in words(client.get(address(of, "keluarga/GD-001/")))
    client.post(address(of, f"dua-kali/{of.pair.uuid}/"), {"urungkan": "1"})
    assert client.get(address(of, "keluarga/GD-002/")).status_code == 200
    assert (Duplicate.objects.get().answer, Merge.objects.get().undone_by) == ("", of.lurah)


def test_what_forbids_it_is_said_with_its_remedy_and_nothing_is_done() -> None:
    of = twins()
    page = inside(of.lurah).post(address(of, f"dua-kali/{of.pair.uuid}/"), {"jawab": "one"})
    assert page.status_code == 422
    assert "belum dipilih keluarga mana yang tetap; pilih salah satu kode, lalu tekan lagi" in words(page)
    assert Household.objects.filter(pending__isnull=True).count() == 2


def test_two_families_in_one_house_say_so_on_both_pages() -> None:
    of = twins()
    client = inside(of.lurah)
    client.post(address(of, f"dua-kali/{of.pair.uuid}/"), {"jawab": "house"})
    assert "Serumah dengan GD-002 ." in words(client.get(address(of, "keluarga/GD-001/")))
    assert "Serumah dengan GD-001 ." in words(client.get(address(of, "keluarga/GD-002/")))


def test_a_page_of_many_pairs_asks_the_database_no_oftener() -> None:
    of = twins()
    client = inside(of.lurah)

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(address(of))
        return len(queries)

    asked()
    one = asked()
    for _ in range(2):
        Duplicate.objects.create(
            one=build.household(of.programme.lokus), other=build.household(of.programme.lokus), weight=2
        )
    assert asked() == one


def test_what_became_of_a_family_is_said_on_its_page_and_found_in_the_list() -> None:
    of = twins()
    client = inside(of.lurah)
    family = address(of, "keluarga/GD-001/")
    wrong = client.post(f"{family}keadaan/", {"keadaan": "pindah", "sejak": "2999-01-01"})
    assert wrong.status_code == 422
    assert "tanggalnya kosong, belum tiba, atau terlalu lama" in words(wrong)
    assert client.post(f"{family}keadaan/", {"keadaan": "pindah", "sejak": "2024-05-02"}).headers["Location"] == family
    assert "pindah sejak 2 Mei 2024 , dicatat Uji supervisor" in words(client.get(family))
    listed = words(client.get(address(of, "keluarga/?keadaan=pindah")))
    assert ("GD-001 pindah" in listed, "GD-002" in listed) == (True, False)
    client.post(f"{family}keadaan/urungkan/", {"pernyataan": str(Statement.objects.get().uuid)})
    assert "Masih ada, sejauh yang diketahui." in words(client.get(family))


def test_members_leave_for_a_family_of_their_own_and_come_back() -> None:
    of = twins()
    client = inside(of.lurah)
    family = address(of, "keluarga/GD-002/")
    leaving = str(of.other.persons.get(position=2).uuid)
    client.post(f"{family}pecah/", {"anggota": leaving, "pecah-sejak": "2024-05-02"})
    assert "Keluarga baru yang memisah: GD-003 ." in words(client.get(family))
    assert "Pecahan dari GD-002 ." in words(client.get(address(of, "keluarga/GD-003/")))
    assert client.post(f"{address(of, 'keluarga/GD-003/')}pecah/", {"urungkan": "1"}).headers["Location"] == family
    assert client.get(address(of, "keluarga/GD-003/")).status_code == 404
    assert client.post(f"{family}pecah/", {"urungkan": "1"}).status_code == 422
