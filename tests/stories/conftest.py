"""One browser a worker, two windows that only look, and a server in a thread."""

from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING, Any

import pytest
from django.core.cache import cache
from django.test import override_settings
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.stories.chromium import Chromium, watched
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


def pytest_itemcollected(item: pytest.Item) -> None:
    """Whose browser had to be ended is tried once more; what fails in any other way has failed."""
    item.add_marker(pytest.mark.flaky(reruns=1, condition=lambda: Chromium.hung))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol() -> Generator[None, object, object]:
    """No story waits for ever for a browser that does not answer."""
    with watched():
        return (yield)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Chromium]:
    """The browser of a process, where a story asks for it."""
    made = Chromium()
    yield made
    made.close()


@pytest.fixture
def browser(chromium: Chromium) -> Browser:
    """One for all stories of a process, for as long as it lives."""
    return chromium.browser()


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


def _as_new(page: Page) -> Page:
    """At a desk, in the light, signed in nowhere."""
    page.context.clear_cookies()
    page.emulate_media(color_scheme="light")
    at_width(page, DESK)
    return page


@pytest.fixture
def window(chromium: Chromium) -> Page:
    """The window of all tests that leave nothing behind in it but cookies. A test whose page asks again by itself opens
    its own: the next would hear how that breaks off."""
    return _as_new(chromium.window(scripts=True))


@pytest.fixture
def plain_window(chromium: Chromium) -> Page:
    """The same, without scripts."""
    return _as_new(chromium.window(scripts=False))
