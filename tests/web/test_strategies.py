"""/strategi/: what was found, what was changed for it, what it did; for women and for children apart."""

import re
from datetime import date

import pytest
from django.utils.html import strip_tags

from selaras.models import AuditEntry, Role, Strategy
from selaras.queries.strategies import strategies_page
from tests import build
from tests.build_change import endline, moved
from tests.build_programme import Programme, programme
from tests.queries.test_change import STORY, secretariat
from tests.web.cast import inside

pytestmark = pytest.mark.django_db

SAID = {
    "untuk": "women",
    "asal": "jury",
    "temuan": "Kelompok perempuan tidak dilibatkan saat jamban dibangun",
    "tercatat": "Berita acara juri 2023",
    "perubahan": "Kelompok perempuan memilih letak dan tukangnya",
    "diputuskan": "2024-03-20",
    "ukuran": ["jamban"],
    "seen": "0",
}


def text_of(response: object) -> str:
    return re.sub(r"\s+", " ", strip_tags(response.content.decode()))  # type: ignore[attr-defined]


def address(of: Programme, more: str = "") -> str:
    return f"/tahun/{of.cycle.slug}/strategi/{more}"


def test_a_finding_leads_to_a_change_and_to_what_two_rounds_say_it_did() -> None:
    of = programme()
    moved(of, endline(of), "jamban", STORY)
    user = secretariat(of)
    client = inside(user)
    answer = client.post(address(of, "baru/"), SAID)
    row = Strategy.objects.get()
    page = text_of(client.get(address(of)))

    assert (answer.status_code, row.audience, row.source, row.decided_on, row.indicators, row.created_by) == (
        302, "women", "jury", date(2024, 3, 20), ["jamban"], user,
    )  # fmt: skip
    assert "1 dari 1 temuan sudah diputuskan perubahannya." in page
    assert "Dari juri: Berita acara juri 2023" in page
    assert (
        "Dari 23 keluarga yang dulu belum, 17 kini sudah dan 6 masih belum; 2 yang dulu sudah kini tidak lagi." in page
    )
    assert "Data awal, lalu Data akhir. Berubah bersamaan belum berarti karena strategi ini." in page


def test_women_and_children_stand_apart_and_what_has_no_measure_or_no_second_round_says_so() -> None:
    of = programme()
    client = inside(secretariat(of))
    client.post(address(of, "baru/"), {**SAID, "ukuran": []})
    client.post(address(of, "baru/"), {**SAID, "untuk": "children", "asal": "own", "perubahan": "", "diputuskan": ""})
    page = strategies_page(secretariat(of), of.cycle.slug)
    shown = text_of(client.get(address(of)))

    assert ([line.source for line in page.women], [line.source for line in page.children]) == (["jury"], ["own"])
    assert "Belum dipilih ukuran untuk melihatnya." in shown
    assert "Belum ada dua putaran untuk dibandingkan." in shown
    assert "Belum diputuskan." in shown


def test_every_version_is_kept_and_who_comes_late_is_told() -> None:
    of = programme()
    client = inside(secretariat(of))
    client.post(address(of, "baru/"), SAID)
    row = Strategy.objects.get()
    there = address(of, f"{row.uuid}/ubah/")
    form = client.get(there).content.decode()
    first = client.post(there, {**SAID, "seen": "1", "pelajaran": "Diteruskan"})
    late = client.post(there, {**SAID, "seen": "1", "pelajaran": "Dihentikan"})
    row.refresh_from_db()

    assert 'name="seen" value="1"' in form
    assert (first.status_code, late.status_code, row.lesson) == (302, 422, "Diteruskan")
    assert "sudah diubah orang lain" in text_of(late)
    assert "Dihentikan" in late.content.decode()
    assert [(one.number, one.values["lesson"]) for one in row.versions.all()] == [(1, ""), (2, "Diteruskan")]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"untuk": ""}, "perempuan atau anak belum dipilih"),
        ({"asal": "tetangga"}, "asal temuan belum dipilih"),
        ({"temuan": " "}, "temuannya belum ditulis"),
        ({"tercatat": ""}, "belum ditulis di mana temuan itu tercatat"),
        ({"diputuskan": ""}, "harus diisi bersama"),
        ({"perubahan": ""}, "harus diisi bersama"),
        ({"diputuskan": "kemarin"}, "kemarin bukan tanggal"),
        ({"ukuran": ["sk"]}, "ukuran yang dipilih tidak ada"),
        ({"ukuran": ["jamban", "tidak_ada"]}, "ukuran yang dipilih tidak ada"),
        ({"opd": "999"}, "OPD belum dipilih"),
        ({"temuan": "a" * 601}, "temuan lebih panjang dari 600 huruf"),
        ({"dari": "endline", "ke": "baseline"}, "putaran kedua tidak sesudah yang pertama"),
    ],
)
def test_what_is_wrong_is_told_and_what_was_typed_stays(change: dict[str, object], told: str) -> None:
    of = programme()
    endline(of)
    said = {**SAID, **change}
    answer = inside(secretariat(of)).post(address(of, "baru/"), said)

    assert (answer.status_code, Strategy.objects.count()) == (422, 0)
    assert told in text_of(answer)
    assert f'value="{said["tercatat"]}"' in answer.content.decode()


def test_what_was_taken_back_is_brought_back_and_the_audit_knows_both() -> None:
    of = programme()
    user = secretariat(of)
    client = inside(user)
    client.post(address(of, "baru/"), SAID)
    there = address(of, f"{Strategy.objects.get().uuid}/tarik/")
    client.post(there)
    gone = strategies_page(user, of.cycle.slug)
    leader = strategies_page(build.member(Role.LEADER, "36.72"), of.cycle.slug)
    client.post(there, {"kembali": "1"})

    assert (gone.women, len(gone.taken_back), leader.taken_back) == ((), 1, ())
    assert len(strategies_page(user, of.cycle.slug).women) == 1
    entries = AuditEntry.objects.filter(action__startswith="strategies.").order_by("pk")
    assert [one.action for one in entries] == ["strategies.write", "strategies.take_back", "strategies.bring_back"]


def test_the_next_year_reads_what_this_one_learnt_and_who_may_not_keep_them_has_no_form() -> None:
    of = programme()
    inside(secretariat(of)).post(address(of, "baru/"), {**SAID, "pelajaran": "Diteruskan"})
    following = build.cycle(year=2025)
    leader = inside(build.member(Role.LEADER, "36.72"))
    page = text_of(leader.get(f"/tahun/{following.slug}/strategi/"))

    assert "2024, perempuan. Kelompok perempuan tidak dilibatkan" in page
    assert "Diteruskan" in page
    assert leader.get(address(of, "baru/")).status_code == 403
    assert b"Tarik" not in leader.get(address(of)).content
    assert inside(build.member(Role.SECRETARIAT, "32.73")).get(address(of)).status_code == 404
