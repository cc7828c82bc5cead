"""One browser a worker, two windows that only look, and a server in a thread."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from django.core.cache import cache
from django.test import override_settings
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.stories.looks import DESK, PHONE, at_width
from tests.stories.served import WAIT, Site, serving
from tests.web.statics import collected

if TYPE_CHECKING:
    from tests.stories.together import Together

#: Playwright itself expects for five seconds.
expect.set_options(timeout=WAIT)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> "Together | None":
    """xdist's own: who shares the tests out to the processes."""
    if config.getvalue("dist") != "loadgroup":
        return None
    from tests.stories.together import Together

    return Together(config, log)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium; --no-sandbox because CI runs as root in a container."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"]
        )
        yield _patient(chromium)
        chromium.close()


def _patient(browser: Browser) -> Browser:
    """Every window that it opens waits as long as a busy machine may need; Playwright itself gives up after thirty
    seconds."""
    new_context, new_page = browser.new_context, browser.new_page

    def context(**how: Any) -> BrowserContext:
        made = new_context(**how)
        made.set_default_timeout(WAIT)
        return made

    def page(**how: Any) -> Page:
        made = new_page(**how)
        made.context.set_default_timeout(WAIT)
        return made

    browser.new_context, browser.new_page = context, page  # type: ignore[method-assign]
    return browser


@pytest.fixture(scope="module")
def gallery() -> Iterator[str]:
    """The address of a server with every sample page of tests/web/gallery.py behind the real middleware."""
    with collected(), override_settings(ROOT_URLCONF="tests.web.gallery"), serving() as address:
        yield f"{address}/contoh"


@pytest.fixture
def base() -> Iterator[str]:
    """The address of the real application on the test's database; tries of one test are not tries of the next."""
    cache.clear()
    with collected(), serving() as address:
        yield address


@pytest.fixture
def site() -> Iterator[Site]:
    """The same as `base`, and a test may switch it off and on."""
    cache.clear()
    made = Site()
    with collected():
        made.on()
        yield made
        made.off()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A browser of a phone's size that nothing lies in yet."""
    made = browser.new_context(viewport={"width": PHONE, "height": 844})
    yield made
    made.close()


@pytest.fixture(scope="session")
def _windows(browser: Browser) -> Iterator[dict[bool, Page]]:
    """With scripts and without. To open a window costs Chromium four times what a page does that is looked at in it."""
    windows = {scripts: browser.new_context(java_script_enabled=scripts).new_page() for scripts in (True, False)}
    yield windows
    for page in windows.values():
        page.context.close()


def _as_new(page: Page) -> Page:
    """At a desk, in the light, signed in nowhere."""
    page.context.clear_cookies()
    page.emulate_media(color_scheme="light")
    at_width(page, DESK)
    return page


@pytest.fixture
def window(_windows: dict[bool, Page]) -> Page:
    """The window of all tests that leave nothing behind in it but cookies. A test whose page asks again by itself opens
    its own: the next would hear how that breaks off."""
    return _as_new(_windows[True])


@pytest.fixture
def plain_window(_windows: dict[bool, Page]) -> Page:
    """The same, without scripts."""
    return _as_new(_windows[False])
