"""Walking through a running server as its demo accounts: sign in, find the pages of a role, take their pictures."""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.test import Client
from playwright.sync_api import Locator, Page

from selaras.models import User

Account = dict[str, str]
#: What a page of its kind is called among the pictures.
_KINDS = (
    ("indikator", re.compile(r"/indikator/")),
    ("keluarga", re.compile(r"/keluarga/")),
    ("impor", re.compile(r"/impor/")),
    ("kader", re.compile(r"^/kader/$")),
    ("hp", re.compile(r"/hp/$")),
    ("pendataan", re.compile(r"/pendataan/$")),
    ("lokus", re.compile(r"/lokus/[^/]+/$")),
    ("jawab", re.compile(r"/jawab/")),
    ("tahun", re.compile(r"/tahun/[^/]+/$")),
    ("instrumen", re.compile(r"/instrumen/")),
    ("keamanan", re.compile(r"/akun/keamanan/")),
    ("sandi", re.compile(r"/akun/sandi/")),
    ("akun", re.compile(r"/akun/$")),
)


@dataclass(frozen=True, slots=True)
class Place:
    """A page of a role: what it is called, and its path."""

    name: str
    path: str


def press(what: Locator) -> None:
    """Press what leads to another page or sends a form, until that page is there: a click alone returns before its
    answer has begun to come, and what is read next would be read from the page that is left."""
    with what.page.expect_navigation():
        what.click()


def key(page: Page, name: str) -> None:
    """The same by a key."""
    with page.expect_navigation():
        page.keyboard.press(name)


def sign_in(page: Page, base: str, account: Account) -> str:
    """Sign in; the path one lands on."""
    page.goto(f"{base}/masuk/")
    page.fill("[name=login]", account["username"])
    page.fill("[name=password]", account["password"])
    press(page.locator("main button.main"))
    return page.url.removeprefix(base)


def come_in(page: Page, base: str, user: User) -> None:
    """The window with her in it, signed in already: how one signs in, and what it costs, other stories tell."""
    client = Client()
    client.force_login(user)
    name = settings.SESSION_COOKIE_NAME
    page.context.clear_cookies()
    page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": base}])


def places_of(page: Page, base: str) -> Iterator[Place]:
    """Every kind of page that the menu of this person leads to, one of each, and what they lead to in turn: each as it
    opens, to be looked at before the next."""
    found: set[str] = set()
    waiting = [page.url.removeprefix(base), "/akun/"]
    while waiting:
        path = waiting.pop(0)
        kind = next((name for name, pattern in _KINDS if pattern.search(path)), None)
        if kind is None or kind in found:
            continue
        found.add(kind)
        page.goto(base + path)
        links = page.eval_on_selector_all("a[href^='/']", "all => all.map(a => a.getAttribute('href'))")
        waiting += [link.partition("#")[0].partition("?")[0] for link in links]
        yield Place(kind, path)


def picture(page: Page, folder: Path, name: str, widths: tuple[int, ...]) -> None:
    """The whole page at each width. The bar of a phone would lie in the middle of a long picture: it is let go. The
    suite as a whole takes none, for nobody looks at them then: `make test PICTURES=1` does."""
    if os.environ.get("SELARAS_PICTURES") == "0":
        return
    folder.mkdir(parents=True, exist_ok=True)
    for width in widths:
        page.set_viewport_size({"width": width, "height": 844 if width < 600 else 900})
        page.evaluate("() => document.querySelector('.bottombar')?.style.setProperty('position', 'static')")
        page.screenshot(path=folder / f"{name}-{width}.png", full_page=True)
