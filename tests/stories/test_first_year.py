"""The first year as `make demo` gives it: every role signs in, lands, walks through its pages and out again.

Pictures of all pages are left in var/screenshots, to be looked at (`make test` takes them with PICTURES=1 alone).
"""

import json
import os
import re
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Response

from tests.conftest import copy_migrated
from tests.postgres import free_port
from tests.stories.looks import DESK, PHONE, serious_findings
from tests.stories.served import WAIT
from tests.stories.walk import Account, picture, places_of, press, sign_in

ROOT = Path(__file__).parent.parent.parent
PICTURES = ROOT / "var" / "screenshots"
ROLES = ["administrator", "secretariat", "liaison", "supervisor", "cadre", "protection", "juror", "province", "leader"]
#: What a role reaches; everybody reaches the rest (year, lokus, indicator, instrument, account).
EXTRA = {
    "secretariat": {"keluarga", "impor", "hp", "pendataan"},
    "supervisor": {"keluarga", "impor", "hp", "pendataan"},
    "cadre": {"keluarga", "kader"},
    "liaison": {"jawab"},
}
ALL = {"tahun", "lokus", "indikator", "instrumen", "akun", "sandi", "keamanan"}


@dataclass(frozen=True, slots=True)
class Demo:
    """A demo that runs: where, and who may sign in."""

    base: str
    accounts: list[Account]
    #: The kinds of page that axe has read.
    read: set[str] = field(default_factory=set)

    def account(self, role: str) -> Account:
        """The first account of that role."""
        return next(account for account in self.accounts if account["role"] == role)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """`selaras demo` as a newcomer starts it, but for the tables, which are there (tests/management/test_demo.py makes
    them too). One process of a run takes all of this file (together.py): it is started once."""
    folder, port = tmp_path_factory.mktemp("demo"), free_port()
    copy_migrated(folder / "var" / "demo.sqlite3")
    clean = {key: value for key, value in os.environ.items() if not key.startswith(("SELARAS_", "DJANGO_"))}
    log = (folder / "log").open("w")
    process = subprocess.Popen(
        [sys.executable, "-m", "selaras", "demo", "--port", str(port)], cwd=folder, env=clean, stdout=log, stderr=log
    )
    base = f"http://127.0.0.1:{port}"
    try:
        _wait_for(base, process, folder / "log")
        accounts = json.loads((folder / "var" / "demo-accounts.json").read_text())["accounts"]
        yield Demo(base, accounts)
    finally:
        process.terminate()
        process.wait(timeout=WAIT / 1000)
        log.close()


def _wait_for(base: str, process: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(3000):
        if process.poll() is not None:
            break
        try:
            with urllib.request.urlopen(f"{base}/sehat", timeout=5):
                return
        except OSError:
            time.sleep(0.2)
    raise AssertionError(f"the demo does not answer:\n{log.read_text()[-4000:]}")


@contextmanager
def noting(page: Page) -> Iterator[list[str]]:
    """What must not be seen meanwhile: refused content, missing files, errors."""
    complaints: list[str] = []

    def heard(message: ConsoleMessage) -> None:
        complaints.append(message.text)

    def answered(response: Response) -> None:
        complaints.extend([response.url] if response.status > 399 else [])

    page.on("console", heard)
    page.on("response", answered)
    try:
        yield complaints
    finally:
        page.remove_listener("console", heard)
        page.remove_listener("response", answered)


@pytest.mark.parametrize("role", ROLES)
def test_a_role_lands_where_it_should_and_every_page_of_hers_is_whole(window: Page, demo: Demo, role: str) -> None:
    """Each kind of page is read by axe where it is met first, and where a role lands: what differs between roles on the
    same page is what the gallery shows (test_every_page.py)."""
    account = demo.account(role)
    with noting(window) as complaints:
        landed = sign_in(window, demo.base, account)
        places, findings = [], []
        for place in places_of(window, demo.base):
            assert window.locator("aside.ribbon").inner_text() == "DATA CONTOH (sintetis)"
            if place.name not in demo.read or not places:
                findings += [f"{place.name}: {finding}" for finding in serious_findings(window)]
            demo.read.add(place.name)
            picture(window, PICTURES / role, place.name, (PHONE, DESK))
            window.set_viewport_size({"width": DESK, "height": 900})
            places.append(place)

    assert (landed, {place.name for place in places}) == (account["lands_on"], ALL | EXTRA.get(role, set()))
    assert (findings, complaints) == ([], [])


def test_an_anonymous_visitor_sees_the_sign_in_page_and_nothing_else(browser: Browser, demo: Demo) -> None:
    page = browser.new_page()
    page.goto(f"{demo.base}/")
    assert page.url == f"{demo.base}/masuk/?next=/"
    picture(page, PICTURES / "anonim", "masuk", (PHONE, DESK))
    page.goto(demo.base + demo.account("supervisor")["lands_on"])
    assert page.locator("h1").inner_text() == "Masuk"
    page.close()


def test_without_javascript_a_lurah_opens_a_number_down_to_the_family(browser: Browser, demo: Demo) -> None:
    """Total → aspect → indicator → codes → names (logged) → codes again."""
    page = browser.new_context(java_script_enabled=False, viewport={"width": PHONE, "height": 844}).new_page()
    sign_in(page, demo.base, demo.account("supervisor"))
    aspect = page.locator("details.aspect", has_text="Hasil sebelum dan sesudah")
    aspect.locator("summary").first.click()
    press(aspect.get_by_role("link", name=re.compile("Jamban sehat")))
    assert page.locator("h1").inner_text() == "Mengapa angka ini?"
    first = page.locator(".side-list li").first
    code = first.locator(".code b").inner_text()

    press(page.get_by_role("button", name="Tampilkan nama"))
    named = page.locator(".side-list li").first
    assert (named.locator(".code b").inner_text(), named.locator(".person").count()) == (code, 1)
    press(page.get_by_role("button", name="Samarkan lagi"))
    assert page.locator(".side-list .person").count() == 0
    page.context.close()


def test_without_javascript_a_bad_file_is_refused_with_its_cells(browser: Browser, demo: Demo, tmp_path: Path) -> None:
    page = browser.new_context(java_script_enabled=False, viewport={"width": DESK, "height": 900}).new_page()
    sign_in(page, demo.base, demo.account("supervisor"))
    press(page.get_by_role("link", name="Impor data"))
    (tmp_path / "salah.csv").write_text("kode;nama;rw;rt\nGD-101;Ani;1;2\n;Budi;1;2\nZZ-1;Citra;1;2\n")
    page.set_input_files("[name=file]", tmp_path / "salah.csv")
    press(page.get_by_role("button", name="Periksa berkas"))
    # The page asks again by itself every two seconds until the server is done.
    page.get_by_role("heading", name="2 hal perlu diperbaiki dulu").wait_for(timeout=180_000)

    cells = [cell.inner_text() for cell in page.locator(".problems .error code").all()]
    said = page.locator(".notice b").inner_text()
    assert (cells, said) == (["salah.csv!A3", "salah.csv!A4"], "Belum ada yang masuk.")
    page.context.close()


def test_english_is_one_press_away_and_stays(browser: Browser, demo: Demo) -> None:
    page = browser.new_context(viewport={"width": DESK, "height": 900}).new_page()
    sign_in(page, demo.base, demo.account("leader"))
    press(page.get_by_role("button", name="English"))
    assert page.locator("aside.ribbon").inner_text() == "SAMPLE DATA (synthetic)"
    picture(page, PICTURES / "english", "tahun", (DESK,))
    page.goto(demo.base + "/akun/")
    assert page.locator("html").get_attribute("lang") == "en"
    page.context.close()
