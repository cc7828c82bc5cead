"""Debian's Chromium, and what is done where it stops answering.

Of what a browser is asked much has no clock in Playwright: `evaluate`, `new_page`, `close`. Where what should answer
has died inside (a page that is made of a renderer which dies in that moment, say), the test would wait for ever, and
every test behind it. So who keeps one test longer than any takes is ended, driver and all: what waited fails, where it
waited, and the next test has a new browser. `make test` tries such a test once more, and names it: what hangs twice has
failed.
"""

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Error, Page, Playwright, sync_playwright

from tests.stories.served import WAIT

#: Seconds that no story takes, however busy the machine.
LONGEST = 600.0
PROGRAM = "/usr/bin/chromium"
#: --no-sandbox because CI runs as root in a container.
FLAGS = ("--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu")


class Chromium:
    """The browser of this process, and two windows in it that only look. It begins where it is asked for."""

    #: How often the browsers of this process were ended from without; and whether this test's were.
    ended, hung = 0, False

    def __init__(self) -> None:
        self._playwright: Playwright | None = None
        self._browser: Browser | None = None
        self._windows: dict[bool, Page] = {}
        self._since = 0

    def browser(self) -> Browser:
        """It; a new one where it has died."""
        if self._since != Chromium.ended or (self._browser is not None and not self._browser.is_connected()):
            self.close()
        if self._playwright is None or self._browser is None:
            self._since = Chromium.ended
            self._playwright = sync_playwright().start()
            self._browser = _patient(self._playwright.chromium.launch(executable_path=PROGRAM, args=FLAGS))
        return self._browser

    def window(self, *, scripts: bool) -> Page:
        """With scripts or without. To open a window costs Chromium four times what a page does that is looked at."""
        browser = self.browser()
        if scripts not in self._windows:
            self._windows[scripts] = browser.new_context(java_script_enabled=scripts).new_page()
        return self._windows[scripts]

    def close(self) -> None:
        """End it; what has died already is let go of."""
        self._windows.clear()
        if self._browser is not None:
            with suppress(Error):
                self._browser.close()
        if self._playwright is not None:
            self._playwright.stop()
        self._browser = self._playwright = None


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


@contextmanager
def watched(longest: float = LONGEST) -> Iterator[threading.Thread]:
    """Whoever takes longer than so many seconds inside loses the browsers of this process, and after as many again
    those that were started since. Yields who watches; outside that ends."""
    done, Chromium.hung = threading.Event(), False

    def watch(process: int) -> None:
        while not done.wait(longest):
            Chromium.ended, Chromium.hung = Chromium.ended + 1, True
            _end(process)

    watcher = threading.Thread(target=watch, args=(os.getpid(),), name="watches the browser", daemon=True)
    watcher.start()
    try:
        yield watcher
    finally:
        done.set()


def _end(process: int) -> None:
    """SIGKILL to every browser that it has started, and to their driver: without one the other waits, too."""
    for pid in _below(process):
        # It may have ended by itself.
        with suppress(OSError):
            command = Path(f"/proc/{pid}/cmdline").read_bytes()
            if b"chromium" in command or b"playwright/driver" in command:
                os.kill(pid, signal.SIGKILL)


def _below(ancestor: int) -> list[int]:
    """Its children, theirs, and so on, as they are now."""
    parents: dict[int, int] = {}
    for each in Path("/proc").iterdir():
        if each.name.isdigit():
            with suppress(OSError):
                # pid (name) state parent …, and a name may hold anything.
                parents[int(each.name)] = int((each / "stat").read_text().rpartition(")")[2].split()[1])
    found, new = list[int](), [ancestor]
    while new:
        new = [pid for pid, parent in parents.items() if parent in new]
        found += new
    return found
