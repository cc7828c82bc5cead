"""Every page in every state, in a browser: accessible, within the screen, light, under the strict policy."""

import pytest
from playwright.sync_api import Browser, Page

from tests.stories.looks import DESK, PHONE, serious_findings, sticking_out, too_small
from tests.web.gallery import PAGES

NAMES = [*PAGES, "galat-500"]
#: Where a script spares a typist's hands; they are typed without it too (test_typing.py).
WITH_A_SCRIPT = {"ketik-kertas", "ketik-salah", "ketik-kedua", "ketik-baru", "keluar-isian"}


def test_the_checks_notice_what_they_are_for(browser: Browser) -> None:
    """A pale text, a button without words, a box wider than a phone, a button too low."""
    page = browser.new_page(viewport={"width": PHONE, "height": 900})
    page.set_content(
        "<html lang=id><title>x</title><main><p style='color:#ccc;background:#fff'>pucat</p>"
        "<button style='height:20px'></button><div style='width:600px;height:9px'></div></main>"
    )

    rules = {finding.split(":")[0] for finding in serious_findings(page)}
    assert (rules, sticking_out(page), len(too_small(page))) == ({"color-contrast", "button-name"}, ["DIV."], 1)
    page.close()


def opened(browser: Browser, url: str, width: int, **how: object) -> tuple[Page, list[str]]:
    """The page at that width, and what the browser complained of since it began to load it."""
    page = browser.new_page(viewport={"width": width, "height": 900}, **how)  # type: ignore[arg-type]
    complaints: list[str] = []
    page.on(
        "console", lambda message: complaints.append(message.text) if "Failed to load" not in message.text else None
    )
    page.on("requestfailed", lambda request: complaints.append(request.url))
    page.goto(url)
    return page, complaints


@pytest.mark.parametrize("name", NAMES)
def test_a_page_fits_every_screen_and_axe_finds_nothing_serious_and_the_policy_nothing_to_refuse(
    browser: Browser, gallery: str, name: str
) -> None:
    """As it opens: nothing sticks out and thumbs hit everything; 640 px is a desk screen of 1280 at 200 % zoom. Then
    with all that folds unfolded, for the eyes of axe."""
    page, complaints = opened(browser, f"{gallery}/{name}/", DESK)
    unfit, serious = {}, {}
    for width in (360, PHONE, 640, DESK):
        page.set_viewport_size({"width": width, "height": 900})
        unfit[width] = sticking_out(page) + too_small(page)
    page.evaluate("() => document.querySelectorAll('details').forEach(e => { e.open = true })")
    for width in (DESK, PHONE):
        page.set_viewport_size({"width": width, "height": 900})
        serious[width] = serious_findings(page)

    assert unfit == {360: [], PHONE: [], 640: [], DESK: []}
    assert (serious, complaints) == ({DESK: [], PHONE: []}, [])
    page.close()


@pytest.mark.parametrize("name", ["lokus", "indikator", "tahun", "keluarga", "impor-ditolak", "instrumen", "galat-404"])
def test_dark_mode_keeps_its_contrasts(browser: Browser, gallery: str, name: str) -> None:
    page, _ = opened(browser, f"{gallery}/{name}/", DESK, color_scheme="dark")

    assert serious_findings(page) == []
    page.close()


@pytest.mark.parametrize("name", ["lokus", "indikator", "tahun", "keluarga"])
def test_the_first_load_is_at_most_80_kilobytes(browser: Browser, gallery: str, name: str) -> None:
    sizes: list[int] = []
    page = browser.new_page()
    page.on("requestfinished", lambda request: sizes.append(request.sizes()["responseBodySize"]))
    page.goto(f"{gallery}/{name}/", wait_until="networkidle")

    assert sum(sizes) <= 80_000, sizes
    page.close()


@pytest.mark.parametrize("name", NAMES)
def test_every_page_is_whole_without_javascript(browser: Browser, gallery: str, name: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{gallery}/{name}/")

    assert page.locator("script").count() == (name in WITH_A_SCRIPT)
    assert page.locator("h1").count() == 1
    closed = page.locator("details:not([open])")
    if before := closed.count():
        closed.first.locator("summary").first.click()
        assert closed.count() == before - 1
    context.close()


def test_the_keyboard_reaches_the_content_first_and_sees_where_it_is(browser: Browser, gallery: str) -> None:
    page, _ = opened(browser, f"{gallery}/lokus/", DESK)
    page.keyboard.press("Tab")
    skip = page.evaluate("() => document.activeElement.className")
    ring = page.evaluate("() => getComputedStyle(document.activeElement).outlineStyle")
    page.keyboard.press("Enter")

    assert (skip, ring, page.evaluate("() => document.activeElement.id")) == ("skip", "solid", "isi")
    page.close()


def test_an_aspect_opens_to_its_indicators_by_keyboard(browser: Browser, gallery: str) -> None:
    page, _ = opened(browser, f"{gallery}/lokus/", DESK)
    page.locator("details.aspect > summary").first.focus()
    page.keyboard.press("Enter")

    links = page.locator("details.aspect[open] .indicators a")
    assert [link.get_attribute("href") for link in links.all()] == [
        "/tahun/kota-cilegon-2024/lokus/36.72.05.1005/indikator/usaha/",
        "/tahun/kota-cilegon-2024/lokus/36.72.05.1005/indikator/nib/",
    ]
    page.close()
