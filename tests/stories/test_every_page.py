"""Every page in every state, in a browser: accessible, within the screen, light, under the strict policy."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, expect

from tests.stories.looks import DESK, PHONE, at_width, serious_findings, sticking_out, too_small, unfit
from tests.stories.walk import key
from tests.web.gallery import PAGES
from tests.web.scripted import WITH_A_SCRIPT

NAMES = [*PAGES, "galat-500"]
#: Looked at without scripts: where there is one, and some that fold. That no other page has one: tests/web.
PLAIN = [*sorted(WITH_A_SCRIPT), "lokus", "indikator", "tahun", "satu-keluarga", "impor-ditolak", "galat-404"]


def test_the_checks_notice_what_they_are_for(window: Page) -> None:
    """A pale text, a button without words, a box wider than a phone, a button too low."""
    window.set_viewport_size({"width": PHONE, "height": 900})
    # Away from a page of ours, whose policy would hold for what is set here.
    window.goto("about:blank")
    window.set_content(
        "<html lang=id><title>x</title><main><p style='color:#ccc;background:#fff'>pucat</p>"
        "<button style='height:20px'></button><div style='width:600px;height:9px'></div></main>"
    )

    rules = {finding.split(":")[0] for finding in serious_findings(window)}
    assert (rules, sticking_out(window), len(too_small(window))) == ({"color-contrast", "button-name"}, ["DIV."], 1)


@contextmanager
def complaining(page: Page) -> Iterator[list[str]]:
    """What the browser complains of meanwhile: what the policy refuses, what is not to be had. A photo that the page
    before was still fetching when it was left is no complaint of this one."""
    complaints: list[str] = []
    asked: set[Request] = set()

    def heard(message: ConsoleMessage) -> None:
        complaints.extend([message.text] if "Failed to load" not in message.text else [])

    def sent(request: Request) -> None:
        asked.add(request)

    def missed(request: Request) -> None:
        complaints.extend([request.url] if request in asked else [])

    page.on("console", heard)
    page.on("request", sent)
    page.on("requestfailed", missed)
    try:
        yield complaints
    finally:
        page.remove_listener("console", heard)
        page.remove_listener("request", sent)
        page.remove_listener("requestfailed", missed)


def test_what_a_browser_complains_of_is_heard(window: Page) -> None:
    with complaining(window) as complaints:
        # Away from a page of ours, whose policy would hold for what is set here.
        window.goto("about:blank")
        with window.expect_event("requestfailed"), window.expect_console_message(lambda said: said.text == "aduh"):
            window.set_content("<img src='http://127.0.0.1:9/x.png'><script>console.log('aduh')</script>")

    assert sorted(complaints) == ["aduh", "http://127.0.0.1:9/x.png"]


@pytest.mark.parametrize("name", NAMES)
def test_a_page_fits_every_screen_and_axe_finds_nothing_serious_and_the_policy_nothing_to_refuse(
    window: Page, gallery: str, name: str
) -> None:
    """As it opens: nothing sticks out and thumbs hit everything; 640 px is a desk screen of 1280 at 200 % zoom. Then
    with all that folds unfolded, for the eyes of axe."""
    found, serious = {}, {}
    with complaining(window) as complaints:
        window.goto(f"{gallery}/{name}/")
        for width in (DESK, 640, 360, PHONE):
            at_width(window, width)
            found[width] = unfit(window)
        window.evaluate("() => document.querySelectorAll('details').forEach(e => { e.open = true })")
        for width in (PHONE, DESK):
            at_width(window, width)
            serious[width] = serious_findings(window)

    assert found == {360: [], PHONE: [], 640: [], DESK: []}
    assert (serious, complaints) == ({DESK: [], PHONE: []}, [])


@pytest.mark.parametrize("name", ["lokus", "indikator", "tahun", "keluarga", "impor-ditolak", "instrumen", "galat-404"])
def test_dark_mode_keeps_its_contrasts(window: Page, gallery: str, name: str) -> None:
    window.emulate_media(color_scheme="dark")
    window.goto(f"{gallery}/{name}/")

    assert serious_findings(window) == []


@pytest.mark.parametrize("name", ["lokus", "indikator", "tahun", "keluarga"])
def test_the_first_load_is_at_most_80_kilobytes(browser: Browser, gallery: str, name: str) -> None:
    """In a window of its own, which has nothing yet."""
    sizes: list[int] = []
    page = browser.new_page()
    page.on("requestfinished", lambda request: sizes.append(request.sizes()["responseBodySize"]))
    page.goto(f"{gallery}/{name}/", wait_until="networkidle")

    assert sum(sizes) <= 80_000, sizes
    page.close()


@pytest.mark.parametrize("name", PLAIN)
def test_a_page_is_whole_without_javascript(plain_window: Page, gallery: str, name: str) -> None:
    plain_window.goto(f"{gallery}/{name}/")

    assert plain_window.locator("h1").count() == 1
    closed = plain_window.locator("details:not([open])")
    if before := closed.count():
        closed.first.locator("summary").first.click()
        assert closed.count() == before - 1


def test_the_keyboard_reaches_the_content_first_and_sees_where_it_is(window: Page, gallery: str) -> None:
    window.goto(f"{gallery}/lokus/")
    window.keyboard.press("Tab")
    skip = window.evaluate("() => document.activeElement.className")
    ring = window.evaluate("() => getComputedStyle(document.activeElement).outlineStyle")
    key(window, "Enter")

    assert (skip, ring, window.evaluate("() => document.activeElement.id")) == ("skip", "solid", "isi")


def test_an_aspect_opens_to_its_indicators_by_keyboard(window: Page, gallery: str) -> None:
    window.goto(f"{gallery}/lokus/")
    window.locator("details.aspect > summary").first.focus()
    window.keyboard.press("Enter")

    links = window.locator("details.aspect[open] .indicators a")
    expect(links).to_have_count(2)
    assert [link.get_attribute("href") for link in links.all()] == [
        "/tahun/kota-cilegon-2024/lokus/36.72.05.1005/indikator/usaha/",
        "/tahun/kota-cilegon-2024/lokus/36.72.05.1005/indikator/nib/",
    ]
