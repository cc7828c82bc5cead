"""A long form in the browser: in which part she is, what is open in each, and the way to another; our own survey."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests import build
from tests.build_field import open_field
from tests.stories.looks import DESK, PHONE
from tests.stories.offline import begin_family, kept
from tests.stories.served import Site
from tests.stories.test_offline_form import findings, opened

# Playwright's loop runs in the tests' thread, and Django would forbid them their queries.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
pytestmark = pytest.mark.django_db(transaction=True)
ROOT = Path(__file__).parent.parent.parent
P2WKSS = ROOT / "instruments" / "p2wkss" / "0.1" / "workbook.xlsx"


def open_of(page: Page) -> dict[str, str]:
    """Each part that is shown, and what is said of it."""
    lines = page.locator(".daftar-bagian li:not([hidden])").all()
    return {line.locator("a").inner_text(): line.locator(".small").inner_text() for line in lines}


def look(page: Page, name: str) -> None:
    """The part of it that is on the screen, at a phone's width and at a desk's, in both lights."""
    if os.environ.get("SELARAS_PICTURES") == "0":
        return
    folder = ROOT / "var" / "screenshots"
    folder.mkdir(parents=True, exist_ok=True)
    for scheme in ("dark", "light"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        for width in (DESK, PHONE):
            page.set_viewport_size({"width": width, "height": 844})
            page.screenshot(path=folder / f"{name}-{scheme}-{width}.png")


def test_a_long_form_says_what_is_open_in_each_part_and_leads_there_by_keyboard(browser: Browser, site: Site) -> None:
    of = open_field(P2WKSS.read_bytes())
    family = build.household(of.programme.lokus, rw="03")
    page = opened(browser, site, of)
    begin_family(page, family.code)
    # What is open is counted a moment after the last answer; before that it may have been after the first of the two.
    kept(page)
    bar = page.locator(".daftar-bagian summary")
    bar.wait_for()
    bar.focus()
    page.keyboard.press("Enter")
    before = open_of(page)
    look(page, "isi-bagian")
    found = findings(page)
    page.emulate_media(color_scheme="dark")
    found += findings(page)
    page.locator(".daftar-bagian a", has_text="Rumah dan lingkungan").focus()
    page.keyboard.press("Enter")
    focused = page.evaluate("() => document.activeElement.textContent")
    page.get_by_text("Bagian: Rumah dan lingkungan").wait_for()
    top = page.evaluate("() => document.activeElement.getBoundingClientRect().top")
    below = page.evaluate("() => document.querySelector('.daftar-bagian').getBoundingClientRect().bottom")
    look(page, "isi-bagian-rumah")
    page.close()

    assert (found, focused) == ([], "Rumah dan lingkungan")
    assert below <= top < 200
    assert before == {
        "Kunjungan": "selesai",
        "Keluarga": "5 belum dijawab",
        "Kesehatan keluarga": "3 belum dijawab",
        "Makan, pakaian, dan ibadah": "7 belum dijawab",
        "Rumah dan lingkungan": "11 belum dijawab",
        "Penghasilan keluarga": "4 belum dijawab",
        "Suara perempuan": "8 belum dijawab",
        "Program dan manfaatnya": "1 belum dijawab",
        "Rasa aman dan pengasuhan": "6 belum dijawab",
    }
