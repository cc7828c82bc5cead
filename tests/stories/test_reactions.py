"""Six women answer on phones, one slip each, without signing in; the box is opened; the office prints and reads."""

import os

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from selaras.models import AuditEntry, BrowserSession, Reaction, User
from tests import build
from tests.build_programme import programme
from tests.build_reactions import activity, printed
from tests.stories.looks import PHONE, serious_findings, sticking_out, too_small
from tests.stories.walk import press, sign_in

# Playwright's loop runs in the tests' thread, and Django would forbid them their queries.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
pytestmark = pytest.mark.django_db(transaction=True)
PASSWORD = "kenanga-lumbung-9174"


def phone(browser: Browser, *, scripts: bool = True) -> Page:
    """Somebody's phone that knows nobody."""
    made: BrowserContext = browser.new_context(viewport={"width": PHONE, "height": 844}, java_script_enabled=scripts)
    return made.new_page()


def reply(page: Page, useful: str, use: str) -> None:
    """What she picks, and send."""
    page.get_by_role("group", name="Apakah kegiatan ini berguna bagi Anda?").get_by_label(useful, exact=True).check()
    page.get_by_role("group", name="Apakah akan Anda pakai?").get_by_label(use, exact=True).check()
    press(page.get_by_role("button", name="Kirim jawaban"))


def test_six_slips_are_answered_and_the_box_opened_and_nobody_was_known(browser: Browser, base: str) -> None:
    of = programme()
    made = activity(of.lokus, title="Pelatihan menjahit")
    slips = printed(made, 12)
    asked: list[str] = []
    entries = AuditEntry.objects.count()
    for number, code in enumerate(slips.codes[:6]):
        # The last has a phone without scripts and types what is printed.
        page = phone(browser, scripts=number < 5)
        page.on("request", lambda request: asked.append(request.url))
        page.goto(f"{base}/reaksi/#{code}")
        if number < 5:
            expect(page.get_by_text("Kode lembar Anda sudah terbaca.")).to_be_visible()
            expect(page.get_by_label("Kode di lembar Anda")).to_be_hidden()
            assert page.url == f"{base}/reaksi/"
        else:
            page.get_by_label("Kode di lembar Anda").fill(f"{code[:4]} {code[4:]}".lower())
        reply(page, "Ya, berguna" if number else "Tidak", "Belum tahu")
        expect(page.get_by_role("status")).to_have_text("Jawaban Anda sudah masuk kotak.")
        page.context.close()

    # Another phone, the same slip: it was good once.
    again = phone(browser)
    again.goto(f"{base}/reaksi/#{slips.codes[0]}")
    reply(again, "Sebagian", "Ya")
    expect(again.get_by_text("tidak dikenal, atau sudah dipakai")).to_be_visible()
    assert Reaction.objects.count() == 0

    again.goto(f"{base}/reaksi/buka/#{slips.opener}")
    press(again.get_by_role("button", name="Buka kotak"))
    expect(again.get_by_role("status")).to_contain_text("Kotak sudah dibuka")
    # What servers and proxies on the way could write down.
    assert [url for url in asked if any(code[:8] in url for code in slips.codes)] == []
    assert (AuditEntry.objects.count(), BrowserSession.objects.count()) == (entries, 0)


def test_the_office_prints_and_reads_on_a_phone(browser: Browser, base: str) -> None:
    of = programme()
    made = activity(of.lokus, title="Pelatihan menjahit")
    person: User = build.member("secretariat", "36.72", cycle=of.cycle)
    person.set_password(PASSWORD)
    person.save()
    page = phone(browser)
    sign_in(page, base, {"username": person.username, "password": PASSWORD})
    page.goto(f"{base}/tahun/{of.cycle.slug}/kegiatan/{made.uuid}/")
    press(page.get_by_role("link", name="Reaksi yang hadir"))
    page.get_by_label("Banyaknya lembar").fill("8")
    with page.expect_download() as taken:
        page.get_by_role("button", name="Cetak lembar").click()
    page.reload()

    assert taken.value.suggested_filename == "lembar-reaksi.pdf"
    expect(page.get_by_text("Belum ada jawaban.")).to_be_visible()
    press(page.get_by_role("link", name="Ketik isi kotak"))
    page.get_by_label("Kertas di kotak").fill("7")
    for name, count in (("useful_yes", "5"), ("useful_some", "2"), ("use_yes", "7")):
        page.locator(f"[name={name}]").fill(count)
    press(page.get_by_role("button", name="Simpan isi kotak"))
    expect(page.get_by_text("7 kertas tercatat.")).to_be_visible()
    expect(page.get_by_text("7 orang menjawab")).to_have_count(2)
    assert (serious_findings(page), sticking_out(page), too_small(page)) == ([], [], [])
