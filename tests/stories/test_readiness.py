"""A claim is proved and found to be less by another; a finding leads to a change, and somebody looks again later."""

import os
import re

import pytest
from playwright.sync_api import Page, expect

from selaras.models import Agency, ClaimFinding, Evidence, FollowUp, Role, Strategy
from tests import build
from tests.build_change import endline, moved
from tests.build_evidence import states
from tests.build_gladi import year
from tests.build_programme import programme
from tests.stories.looks import PHONE, serious_findings, sticking_out, too_small
from tests.stories.walk import come_in, key, press

# Playwright's loop runs in the tests' thread, and Django would forbid them their queries.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
pytestmark = pytest.mark.django_db(transaction=True)


def sound(page: Page) -> list[str]:
    """What is wrong with it on a phone."""
    page.set_viewport_size({"width": PHONE, "height": 844})
    return [*serious_findings(page), *sticking_out(page), *too_small(page)]


def test_a_claim_counts_by_its_proof_and_falls_to_what_another_finds(window: Page, base: str) -> None:
    of = year()
    liaison = build.member(Role.LIAISON, agency=Agency.objects.get(short_name="Disperkim"), cycle=of.cycle)
    camat = build.member(Role.SUPERVISOR, "36.72.05", cycle=of.cycle)
    item = f"{base}/tahun/{of.cycle.slug}/lokus/{of.lokus.area}/kesiapan/contoh/sk/"

    come_in(window, base, liaison)
    window.goto(item)
    window.get_by_role("radio", name=re.compile("^Ada SK")).check()
    press(window.get_by_role("button", name="Simpan klaim"))
    press(window.get_by_role("link", name="Tambah bukti"))
    window.get_by_label("atau tautan").fill("https://contoh.example/sk-tim")
    window.get_by_label("Apa yang terlihat").fill("SK tim kota")
    press(window.get_by_role("button", name="Kirim bukti"))
    window.goto(item)
    expect(window.get_by_text("menunggu diperiksa", exact=True)).to_be_visible()
    assert sound(window) == []

    come_in(window, base, camat)
    window.goto(f"{base}/tahun/{of.cycle.slug}/bukti/meja/")
    key(window, "t")
    assert states(Evidence.objects.get()) == {"sk": "verified"}
    window.goto(item)
    window.get_by_text("Catat temuan").click()
    window.get_by_role("radio", name=re.compile("^Belum ada SK")).check()
    press(window.get_by_role("button", name="Simpan temuan"))
    expect(window.get_by_role("alert")).to_contain_text("Belum tersimpan.")
    window.get_by_label("Alasan, bila kurang dari klaim").fill("belum ditandatangani")
    press(window.get_by_role("button", name="Simpan temuan"))
    expect(window.get_by_text("yang berlaku", exact=True)).to_be_visible()
    assert sound(window) == []
    assert list(ClaimFinding.objects.values_list("option", "reason", "by")) == [("b", "belum ditandatangani", camat.pk)]


def test_a_finding_leads_to_a_change_and_somebody_looks_again_after_the_year(window: Page, base: str) -> None:
    of = programme()
    moved(of, endline(of), "jamban", {"nn": 6, "ny": 7, "yy": 6})
    secretary = build.member(Role.SECRETARIAT, "36.72", cycle=of.cycle)

    come_in(window, base, secretary)
    window.goto(f"{base}/tahun/{of.cycle.slug}/strategi/")
    press(window.get_by_role("link", name="Tulis temuan Untuk perempuan"))
    window.get_by_role("radio", name="kota sendiri").check()
    window.get_by_label("Apa yang ditemukan").fill("Ibu tidak ditanya letak jambannya")
    window.get_by_label("Di mana tercatat").fill("Gladi 12 Agustus")
    window.get_by_label("Perubahan yang diputuskan").fill("Ibu memilih letaknya")
    window.get_by_text("Ukuran untuk melihatnya").click()
    window.get_by_label("Jamban sehat").check()
    press(window.get_by_role("button", name="Simpan strategi"))
    expect(window.get_by_role("alert")).to_be_visible()
    expect(window.get_by_label("Perubahan yang diputuskan")).to_have_value("Ibu memilih letaknya")
    window.get_by_label("Diputuskan tanggal").fill("2024-03-20")
    press(window.get_by_role("button", name="Simpan strategi"))
    expect(window.get_by_text("Dari 13 keluarga yang dulu belum, 7 kini sudah dan 6 masih belum")).to_be_visible()
    assert sound(window) == []
    assert Strategy.objects.get().indicators == ["jamban"]

    window.goto(f"{base}/tahun/{of.cycle.slug}/tindak-lanjut/")
    first = window.locator("article").first
    first.get_by_text("Tetapkan penanggung jawab").click()
    first.get_by_label("Penanggung jawab").select_option(label=secretary.full_name)
    first.get_by_label("Sebelum").fill("2025-03-20")
    press(first.get_by_role("button", name="Simpan"))
    expect(first.get_by_text("lewat tanggalnya")).to_be_visible()
    first.get_by_text("Catat hasilnya").click()
    first.get_by_label("Apa yang bertahan").fill("Semua masih dipakai")
    press(first.get_by_role("button", name="Simpan hasil"))
    expect(first.get_by_text("Semua masih dipakai")).to_be_visible()
    assert sound(window) == []
    assert [(row.kind, row.owner, row.found) for row in FollowUp.objects.all()] == [
        ("t6", secretary, "Semua masih dipakai")
    ]
