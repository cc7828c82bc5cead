"""A cadre photographs what was built where there is no network; it arrives by itself, and the office looks at it."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from selaras.models import Evidence, Role
from tests import build
from tests.build_evidence import states
from tests.build_field import Field, open_field
from tests.hostile import photo
from tests.stories import offline
from tests.stories.looks import DESK, serious_findings, sticking_out, too_small
from tests.stories.served import Site

# Playwright's loop runs in the tests' thread, and Django would forbid them their queries.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
pytestmark = pytest.mark.django_db(transaction=True)
PLACE = (-5.998113, 106.031244)


@pytest.fixture
def of() -> Field:
    return open_field()


def choose(page: Page, *contents: bytes) -> None:
    """Photos from the gallery, as a phone hands them over."""
    files = [{"name": f"IMG_{n}.jpg", "mimeType": "image/jpeg", "buffer": each} for n, each in enumerate(contents)]
    page.set_input_files("#bukti-berkas", files)  # type: ignore[arg-type]
    page.wait_for_function(f"() => document.querySelectorAll('.card .antrean .kiriman').length === {len(contents)}")


def test_photos_chosen_without_a_network_arrive_and_are_looked_at_by_keyboard(
    browser: Browser, site: Site, of: Field, tmp_path: Path
) -> None:
    build.household(of.programme.lokus, rw="03", rt="02")
    contents = [photo(place=PLACE, seed=n) for n in (2, 3)]
    with offline.phone(browser, tmp_path / "hp") as context:
        page = context.new_page()
        offline.sign_in(page, site.base, offline.cadre_of(of))
        offline.ready(page)
        site.off()
        page.reload()
        page.get_by_role("link", name="Pilih foto").click()
        assert (sticking_out(page), too_small(page), serious_findings(page)) == ([], [], [])
        page.get_by_label("Membuktikan apa").select_option("contoh:jamban")
        page.get_by_label("Apa yang terlihat").fill("Jamban RT 02")
        choose(page, *contents)
        assert sorted(parts[f"IMG_{n}.jpg"] for n, parts in enumerate(_waiting(page))) == sorted(contents)
        assert Evidence.objects.count() == 0
        site.on()
        page.get_by_role("link", name="Kembali", exact=True).click()
        page.get_by_role("button", name="Segarkan").click()
        page.wait_for_function("() => document.querySelectorAll('.kiriman.sent').length === 2")

    found = list(Evidence.objects.order_by("id"))
    assert [(each.caption, each.the_place(), states(each)) for each in found] == [
        ("Jamban RT 02", PLACE, {"jamban": "waiting"})
    ] * 2
    _look(browser, site, of)
    assert sorted((each.state, each.reason) for each in Evidence.objects.all()) == [
        ("refused", "Buram"), ("verified", ""),
    ]  # fmt: skip


def _waiting(page: Page) -> list[dict[str, bytes]]:
    lying = offline.queued(page).values()
    return sorted(lying, key=lambda parts: min(name for name in parts if name.startswith("IMG_")))


def _look(browser: Browser, site: Site, of: Field) -> None:
    """The desk, without a mouse: T accepts the first, X and a reason refuse the second."""
    office = build.member(Role.SECRETARIAT, "36.72")
    office.set_password(offline.PASSWORD)
    office.save()
    page = browser.new_page(viewport={"width": DESK, "height": 900})
    page.goto(f"{site.base}/masuk/")
    page.fill("[name=login]", office.username)
    page.fill("[name=password]", offline.PASSWORD)
    page.click("main button.main")
    page.wait_for_url(lambda url: "/masuk/" not in url)
    page.goto(f"{site.base}/tahun/{of.programme.cycle.slug}/bukti/meja/")
    page.wait_for_selector("form[data-desk]")
    assert page.evaluate("() => document.querySelector('figure img').naturalWidth") == 64
    page.keyboard.press("t")
    page.wait_for_url("**/meja/?sesudah=*")
    page.keyboard.press("x")
    page.keyboard.type("Buram")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=Tidak ada yang menunggu Anda periksa")
    page.close()
