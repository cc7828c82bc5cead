"""A mother answers on her phone, the cadre reads aloud at the next door, the office sees who has not received."""

import os

import pytest
from playwright.sync_api import Browser, Page, expect

from selaras.actions.family_sheets import print_sheets
from selaras.models import Confirmation, FamilySheet, Holding, User, WomanSaid
from selaras.queries.voice import Wanted
from tests.build_voice import TOILET, Voice, cadre, voice
from tests.stories.looks import PHONE, serious_findings, sticking_out, too_small
from tests.stories.walk import key, press, sign_in
from tests.web.cast import secretary

# Playwright's loop runs in the tests' thread, and Django would forbid them their queries.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
pytestmark = pytest.mark.django_db(transaction=True)
PASSWORD = "kenanga-lumbung-9174"


def phone(browser: Browser) -> Page:
    return browser.new_context(viewport={"width": PHONE, "height": 844}).new_page()


def signed_in(browser: Browser, base: str, user: User) -> Page:
    user.set_password(PASSWORD)
    user.save()
    page = phone(browser)
    sign_in(page, base, {"username": user.username, "password": PASSWORD})
    return page


def sound(page: Page) -> list[str]:
    return [*serious_findings(page), *sticking_out(page), *too_small(page)]


def sheet_of(of: Voice) -> str:
    where = {"cycle_slug": of.cycle.slug, "code": of.lokus.area}
    print_sheets(by=secretary(of.of), **where, wanted=Wanted(household="GD-002"), base_url="https://selaras.example")
    return FamilySheet.objects.get().code()


def test_she_answers_by_the_code_of_her_sheet_and_her_name_and_by_keyboard_alone(browser: Browser, base: str) -> None:
    of = voice()
    code, page = sheet_of(of), phone(browser)
    page.goto(f"{base}/lembar/")
    page.get_by_label("Kode").fill(f"{code[:4]} {code[4:]}".lower())
    key(page, "Enter")
    expect(page.get_by_role("heading", name="Siapa nama Ibu?")).to_be_visible()
    expect(page.get_by_text(TOILET)).to_have_count(0)
    page.get_by_label("Nama Ibu").fill("Bu Sumiati")
    key(page, "Enter")
    expect(page.get_by_role("heading", name="Sudah Ibu terima?")).to_be_visible()
    assert sound(page) == []
    page.get_by_role("group", name=TOILET).get_by_label("Sudah", exact=True).focus()
    page.keyboard.press("ArrowRight")
    page.get_by_role("button", name="Kirim jawaban").focus()
    key(page, "Enter")
    expect(page.get_by_role("status")).to_contain_text("Jawaban Ibu sudah kami terima")
    page.context.close()
    assert list(Confirmation.objects.values_list("commitment", "received", "via")) == [(of.toilet.pk, False, "lembar")]


def test_the_cadre_reads_aloud_and_the_office_sees_whom_an_office_forgot(browser: Browser, base: str) -> None:
    of = voice()
    page = signed_in(browser, base, cadre(of))
    page.goto(f"{base}/tahun/{of.cycle.slug}/lokus/{of.lokus.area}/suara/")
    press(page.get_by_role("link", name="GD-002"))
    page.get_by_role("group", name=TOILET).get_by_label("Sudah terima").check()
    page.get_by_role("group", name="Siapa yang menjawab?").get_by_label("ibu sendiri").check()
    press(page.get_by_role("button", name="Simpan jawaban"))
    page.get_by_label("Jenis").select_option("alat")
    page.get_by_label("Sekarang dipegang").select_option("laki_laki")
    page.get_by_label("Sekarang dipakai").select_option("laki_laki")
    press(page.get_by_role("button", name=f"Simpan {TOILET}"))
    expect(page.get_by_text("diambil alih laki-laki di rumah")).to_be_visible()
    mother = page.locator("details", has_text="Anggota 2")
    mother.locator("summary").click()
    mother.get_by_label("di kelompok").check()
    mother.get_by_role("group", name="Kontrol").get_by_label("suami", exact=True).check()
    press(mother.get_by_role("button", name="Simpan jawabannya"))
    assert sound(page) == []
    page.context.close()
    assert Holding.objects.values_list("held_by", "used_by").get() == ("laki_laki", "laki_laki")
    assert WomanSaid.objects.values_list("role", "control").get() == (["kelompok"], "suami")

    # What is said later of the same day holds.
    day = Confirmation.objects.latest("on").on
    Confirmation.objects.create(
        household=of.family, commitment=of.toilet, received=False, said="ibu", via="kertas", on=day
    )
    office = signed_in(browser, base, secretary(of.of))
    office.goto(f"{base}/tahun/{of.cycle.slug}/lokus/{of.lokus.area}/suara/")
    expect(office.get_by_text("disebut selesai, 1 keluarga belum menerima")).to_be_visible()
    expect(office.get_by_text("1 bantuan diambil alih suami")).to_be_visible()
    assert sound(office) == []
    office.context.close()
