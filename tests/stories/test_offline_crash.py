"""A tab that dies while the worker lives, or dies with it: the next opening does not hang, and the draft is there.

Chromium holds back a page whose worker it cannot reach; whatever the worker waits for, it waits for by a clock.
"""

import os
import time
from contextlib import suppress
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page

from tests import build
from tests.build_field import Field
from tests.stories import offline
from tests.stories.offline import begin_family, question, type_in
from tests.stories.served import WAIT, Site

# Playwright's loop runs in the tests' thread, and Django would forbid them their queries.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
pytestmark = pytest.mark.django_db(transaction=True)
#: How often; and the seconds that an opening may take on a busy machine.
TIMES, LONGEST = 3, 60.0
#: How often a tab is asked for.
TAPS = 6


@pytest.fixture
def of() -> Field:
    return offline.open_with_photos()


def die(page: Page, folder: Path, how: str) -> None:
    """The tab alone, as a fault in it; or everything that draws pages, as a phone that needs the memory."""
    with page.expect_event("crash"):
        if how == "fault":
            # It never arrives there.
            with suppress(Error):
                page.goto("chrome://crash", wait_until="commit")
        else:
            offline.kill(folder, only=b"--type=renderer")


def another(context: BrowserContext) -> Page:
    """A new tab. Where what should draw it has died in the same moment, the debugger is not told of it, and `new_page`
    would wait for ever; she would tap once more."""
    assert context.browser is not None
    debugger = context.browser.new_browser_cdp_session()
    for _ in range(TAPS):
        # What died a moment later is one that crashed.
        with suppress(Error), context.expect_page(timeout=WAIT / TAPS) as tab:
            debugger.send("Target.createTarget", {"url": "about:blank"})
            return tab.value
    raise AssertionError("no tab opens")


def opened_again(context: BrowserContext, address: str) -> tuple[float, str]:
    """How long the form takes to be there, and what stands in it."""
    page = another(context)
    began = time.monotonic()
    page.goto(address)
    value = question(page, "jumlah").locator("input").input_value()
    return time.monotonic() - began, value


@pytest.mark.parametrize("case", ["fault online", "fault offline", "memory online", "memory offline"])
def test_after_a_tab_died_the_next_opening_does_not_hang_and_the_draft_is_there(
    browser: Browser, site: Site, of: Field, tmp_path: Path, case: str
) -> None:
    how, network = case.split()
    family = build.household(of.programme.lokus, rw="03")
    with offline.phone(browser, tmp_path / "hp") as context:
        page = context.pages[0]
        offline.sign_in(page, site.base, offline.cadre_of(of))
        offline.ready(page)
        begin_family(page, family.code)
        type_in(page, "jumlah", "5")
        offline.kept(page)
        address = page.url
        if network == "offline":
            site.off()
        found = []
        for _ in range(TIMES):
            die(context.pages[-1], tmp_path / "hp", how)
            found.append(opened_again(context, address))

    assert [value for _, value in found] == ["5"] * TIMES
    assert [took for took, _ in found if took > LONGEST] == []
