"""From an empty server to *siapa berbuat apa*, by the secretariat's hands alone, for a city that is not in the demo.

The one thing done on the server is to read the one-time code that `selaras serve` prints. Clicks and minutes are
counted: an office has an afternoon, and two people.
"""

import base64
import os
import re
import secrets
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page

from tests.build_sheets import Cell, sheet
from tests.conftest import copy_migrated
from tests.postgres import free_port
from tests.stories.served import WAIT
from tests.stories.walk import press

#: What the issue of the first meeting allows; what it takes by hand is a little more than by a script.
MINUTES, CLICKS = 30, 60
PASSWORD = "kenanga-lumbung-9174"
FAMILIES = 40
HEAD: Sequence[Cell] = (
    *("No", "Nomor Kartu Keluarga\n(16 digit)", "NIK Kepala Keluarga", "Nama Kepala Keluarga", "Alamat", "RT/RW"),
    *("No. HP", "Berapa orang anggota keluarga yang tinggal di rumah ini?", "Keadaan rumah", None),
    *("Penghasilan sebulan (Rp)", "Tgl. kunjungan", "Ket."),
)
#: Two titles under "Keadaan rumah": together they are what the secretary will be asked about.
BELOW: Sequence[Cell] = (*[None] * 8, "Keluarga buang air besar di mana?", "Pekarangan ditanami?", None, None, None)


def untidy() -> bytes:
    """Merged titles, two rows of headers, dates as text, zeros lost, a number that stands twice, blank NIKs, a foot."""
    rows: list[Sequence[Cell]] = [["DATA KELUARGA BINAAN P2WKSS"], ["KELURAHAN CIPOCOK JAYA"], [], HEAD, BELOW]
    for i in range(1, FAMILIES + 1):
        kk = "9900000000000016" if i == 17 else f"99000000{i:08d}"
        nik = None if i % 9 == 0 else f"99110000{i:08d}"
        phone: Cell = f"0812{i:08d}" if i % 2 else 81_200_000_000 + i
        visited = ["3 Maret 2026", "03/03/26", "17-02-2026"][i % 3]
        place = [f"Jl. Uji No. {i}", f"{i % 4 + 1:03d}/{i % 3 + 1}", phone, f"{i % 5 + 2} orang"]
        garden = "ya" if i % 4 else "tidak"
        toilet = "jamban sendiri leher angsa" if i % 3 else "Tidak ada jamban"
        rows.append([i, kk, nik, f"Keluarga Uji {i}", *place, toilet, garden, f"Rp {1000 + i}.000,-", visited, None])
    rows += [[], ["JUMLAH", *[None] * 6, 160], [*[None] * 9, "Serang, 1 Maret 2026"]]
    return sheet(rows, ("A1:M1", "A2:M2", "A4:A5", "B4:B5", "I4:J4"))


@pytest.fixture
def server(tmp_path: Path) -> Iterator[tuple[str, str]]:
    """`selaras serve` on a database that has been migrated and holds nothing: the address, and the code it printed."""
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    clean = {key: value for key, value in os.environ.items() if not key.startswith(("SELARAS_", "DJANGO_"))}
    key = base64.b64encode(os.urandom(32)).decode()
    own = {**clean, "SELARAS_SECRET_KEY": secrets.token_urlsafe(48), "SELARAS_DATA_KEY": f"1:{key}"}
    own |= {"SELARAS_BASE_URL": base, "SELARAS_VAR": str(tmp_path / "var")}
    command = [sys.executable, "-m", "selaras"]
    copy_migrated(tmp_path / "var" / "selaras.sqlite3")
    log = tmp_path / "log"
    with log.open("w") as out:
        process = subprocess.Popen(
            [*command, "serve", "--port", str(port)], env=own, cwd=tmp_path, stdout=out, stderr=out
        )
        try:
            for _ in range(600):
                try:
                    urllib.request.urlopen(f"{base}/sehat", timeout=5).close()
                    break
                except OSError:
                    time.sleep(0.5)
            found = re.search(r"kode (\S+)", log.read_text())
            assert found is not None, log.read_text()
            yield base, found[1]
        finally:
            process.terminate()
            process.wait(timeout=WAIT / 1000)


class Hand:
    """The secretary's: what she presses is counted; what she types is not."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.clicks: list[str] = []

    def press(self, what: Locator) -> None:
        self.clicks.append(what.inner_text() or "?")
        press(what)

    def take(self, what: Locator) -> Path:
        """The file behind a link: no page follows."""
        self.clicks.append(what.inner_text() or "?")
        with self.page.expect_download() as download:
            what.click()
        return download.value.path()

    def link(self, words: str) -> None:
        self.press(self.page.get_by_role("link", name=re.compile(words)).first)

    def button(self, words: str) -> None:
        self.press(self.page.locator("main").get_by_role("button", name=re.compile(words)).first)

    def type(self, **fields: str) -> None:
        for name, text in fields.items():
            self.page.fill(f"[name={name}]", text)

    def choose(self, name: str, label: str) -> None:
        self.clicks.append(label)
        self.page.select_option(f"select[name={name}]", label=label)

    def waits_for(self, words: str) -> None:
        """A page that comes back by itself, until it says so."""
        self.page.get_by_text(re.compile(words)).first.wait_for(timeout=WAIT)


def begun(hand: Hand, base: str, code: str) -> None:
    """An account, the places, a year and its lokus."""
    hand.page.goto(f"{base}/mulai/")
    hand.type(code=code, full_name="Ani Uji", username="ani", password=PASSWORD)
    hand.button("Buat akun")
    hand.type(login="ani", password=PASSWORD)
    hand.button("Masuk")
    hand.link("Pilih provinsi")
    hand.choose("provinsi", "Banten")
    hand.button("Muat wilayah")
    hand.waits_for("kelurahan dan desa")
    hand.link("Buka tahun program")
    hand.choose("wilayah", "Kota Serang")
    hand.type(tahun="2026")
    hand.press(hand.page.locator("main form button").last)
    hand.button("Terbitkan tiga instrumen P2WKSS")
    hand.button("Buka tahun 2026")
    hand.link("Tetapkan lokus")
    hand.choose("place", "Cipocok Jaya")
    hand.button("Tetapkan lokus")


def brought(hand: Hand, given: Path) -> None:
    """The office's sheet, its wrong rows left out."""
    hand.link("Tahun program")
    hand.link("Cipocok Jaya")
    hand.link("Impor jawaban")
    hand.page.set_input_files("input[type=file]", given)
    hand.choose("round", "Data awal")
    hand.press(hand.page.locator("main form button").first)
    hand.waits_for("nomor KK ini juga milik baris")
    hand.button("keluarga yang benar")
    hand.waits_for("Lihat nilai lokus")
    hand.link("Lihat nilai lokus")
    for _ in range(300):
        if hand.page.get_by_text("Belum ada nilai.").count() == 0:
            break
        time.sleep(1)
        hand.page.reload()


def met(hand: Hand, base: str) -> None:
    """Who does what, the letter of the first meeting, the Monday page."""
    page = hand.page
    page.goto(f"{base}/tahun/kota-serang-2026/opd/")
    hand.button("Catat yang dicentang")
    hand.link("Siapa berbuat apa")
    page.locator(".matrix").wait_for()
    hand.link("Rapat")
    hand.link("Rapat koordinasi")
    hand.type(title="Rapat koordinasi P2WKSS", day="2026-12-03", starts="09:00", venue="Aula uji")
    hand.button("Simpan rapat")
    letter = hand.take(page.locator("a[href*='undangan'][href$='.pdf']").first)
    assert letter.read_bytes()[:5] == b"%PDF-"
    hand.link("Senin")
    hand.button("Buat sekarang")
    page.locator("a[href$='senin.pdf']").first.wait_for(timeout=WAIT)


def test_an_untidy_sheet_becomes_who_does_what_in_an_afternoon(
    browser: Browser, server: tuple[str, str], tmp_path: Path
) -> None:
    base, code = server
    given = tmp_path / "data keluarga.xlsx"
    given.write_bytes(untidy())
    began = time.perf_counter()
    page = browser.new_context(viewport={"width": 1280, "height": 900}, locale="id-ID").new_page()
    hand = Hand(page)
    begun(hand, base, code)
    brought(hand, given)
    met(hand, base)
    minutes = (time.perf_counter() - began) / 60
    print(f"{len(hand.clicks)} presses, {minutes:.1f} minutes")
    assert (minutes < MINUTES, len(hand.clicks) < CLICKS) == (True, True), hand.clicks
