"""A page that touches violence is left at once: by its button, by Esc twice; without scripts it is a link."""

import re
from contextlib import suppress
from typing import Final

from playwright.sync_api import Error, Page, expect

WEATHER: Final = "https://www.bmkg.go.id/"


def weather(page: Page) -> None:
    """The page about the weather, without asking anybody."""
    page.route(f"{WEATHER}**", lambda route: route.fulfill(body="<h1>Cuaca</h1>", content_type="text/html"))


def escape_twice(page: Page) -> None:
    """Within a second, which a busy machine may not manage at the first try."""
    for _ in range(10):
        page.keyboard.press("Escape")
        page.keyboard.press("Escape")
        with suppress(Error):
            page.wait_for_url(WEATHER, timeout=5_000)
            return


def test_the_button_and_esc_twice_lead_away_and_back_does_not_return(window: Page, gallery: str) -> None:
    weather(window)
    for leave in ("button", "keys"):
        window.goto(f"{gallery}/keluarga/")
        window.goto(f"{gallery}/nomor/")
        if leave == "button":
            window.get_by_role("link", name="Tutup halaman ini").click()
        else:
            window.keyboard.press("Escape")
            expect(window.get_by_role("heading", name="Nomor penting")).to_be_visible()
            escape_twice(window)
        window.wait_for_url(WEATHER)
        # It may break off what the browser was about to do; where she is then is what counts.
        with suppress(Error):
            window.go_back()
        expect(window).to_have_url(re.compile("/keluarga/$"))


def test_without_scripts_it_is_a_link_that_says_not_where_one_came_from(plain_window: Page, gallery: str) -> None:
    weather(plain_window)
    plain_window.goto(f"{gallery}/nomor/")
    with plain_window.expect_request(WEATHER) as asked:
        plain_window.get_by_role("link", name="Tutup halaman ini").click()
    assert "referer" not in asked.value.headers
