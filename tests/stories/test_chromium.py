"""A browser that does not answer keeps nobody waiting for ever, and the next story has another."""

import pytest
from playwright.sync_api import Browser, Error, Page

from tests.stories.chromium import Chromium, watched


def _hang(browser: Browser, window: Page, asked: str) -> None:
    if asked == "a promise":
        window.evaluate("() => new Promise(() => {})")
    while True:
        # One is being made when all ends.
        browser.new_page()


@pytest.mark.parametrize("asked", ["a promise", "a window"])
def test_what_waits_for_a_browser_that_hangs_fails_and_the_next_has_a_new_one(chromium: Chromium, asked: str) -> None:
    browser, window = chromium.browser(), chromium.window(scripts=True)
    with watched(1.0), pytest.raises(Error, match="has been closed"):
        _hang(browser, window, asked)

    assert chromium.browser() is not browser
    assert chromium.window(scripts=True).evaluate("() => 1 + 1") == 2


def test_who_is_quick_enough_keeps_her_browser(chromium: Chromium) -> None:
    window = chromium.window(scripts=True)
    with watched() as watcher:
        window.evaluate("() => 1")
    watcher.join(60.0)

    assert not watcher.is_alive()
    assert window.evaluate("() => 1 + 1") == 2
