"""A phone without a network, played by a real browser: its own profile on disk, a server that goes and comes back."""

import base64
import io
import json
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Error, Locator, Page
from playwright.sync_api import TimeoutError as Late

from selaras.models import User
from tests.build_field import Field, open_field
from tests.sample_workbook import sample
from tests.stories.chromium import FLAGS, PROGRAM
from tests.stories.looks import PHONE
from tests.stories.served import WAIT
from tests.stories.walk import press

PASSWORD = "kenanga-lumbung-9174"
#: Whether a worker keeps the page; and how often that is hoped for.
READY, TRIES = "() => navigator.serviceWorker.ready.then(() => true)", 3

#: Every kind of question that a form in the browser knows, behind the visit's own.
SURVEY = """
    | type                    | name        | label::Bahasa Indonesia (id) | label::English (en)     | required | relevant               | constraint        | constraint_message::Bahasa Indonesia (id) | calculation   | appearance | choice_filter | repeat_count   |
    | begin_group             | rumah       | Rumah                        | Home                    |          |                        |                   |                                           |               |            |               |                |
    | note                    | salam       | **Salam** <b>dulu</b>        | Greet first             |          |                        |                   |                                           |               |            |               |                |
    | integer                 | jumlah      | Berapa orang?                | How many people?        | yes      |                        | . >= 1 and . < 40 | Antara 1 dan 39.                          |               |            |               |                |
    | select_one jamban       | jamban      | Jamban apa?                  | Which toilet?           |          |                        |                   |                                           |               |            |               |                |
    | select_multiple bantuan | bantuan     | Bantuan apa?                 | Which help?             |          |                        |                   |                                           |               |            |               |                |
    | decimal                 | iuran       | Iuran sebulan?               | Monthly fee?            |          | ${jumlah} > 0          |                   |                                           |               |            |               |                |
    | text                    | catatan     | Catatan                      | Note                    |          | ${jamban} = 'cemplung' |                   |                                           |               | multiline  |               |                |
    | select_one kec          | kec         | Kecamatan                    | District                |          |                        |                   |                                           |               | minimal    |               |                |
    | select_one desa         | desa        | Desa                         | Village                 |          |                        |                   |                                           |               |            | kec = ${kec}  |                |
    | date                    | tanggal     | Tanggal                      | Date                    |          |                        |                   |                                           |               |            |               |                |
    | time                    | jam         | Jam                          | Time                    |          |                        |                   |                                           |               |            |               |                |
    | dateTime                | saat        | Saat                         | Moment                  |          |                        |                   |                                           |               |            |               |                |
    | image                   | foto        | Foto rumah                   | Photo of the home       |          |                        |                   |                                           |               |            |               |                |
    | geopoint                | titik       | Letak rumah                  | Where it is             |          |                        |                   |                                           |               |            |               |                |
    | acknowledge             | periksa     | Sudah diperiksa              | Checked                 |          |                        |                   |                                           |               |            |               |                |
    | range                   | kesan       | Kesan, 1 sampai 10           | Impression, 1 to 10     |          |                        |                   |                                           |               |            |               |                |
    | calculate               | ganda       |                              |                         |          |                        |                   |                                           | ${jumlah} * 2 |            |               |                |
    | note                    | dua         | Dua kali: ${ganda}           | Twice: ${ganda}         |          |                        |                   |                                           |               |            |               |                |
    | end_group               |             |                              |                         |          |                        |                   |                                           |               |            |               |                |
    | begin_repeat            | member      | Anggota                      | Member                  |          |                        |                   |                                           |               |            |               |                |
    | text                    | nama        | Nama                         | Name                    | yes      |                        |                   |                                           |               |            |               |                |
    | integer                 | umur        | Umur                         | Age                     |          |                        | . >= 0            |                                           |               |            |               |                |
    | select_one ya_tidak     | sekolah     | Bersekolah?                  | At school?              |          | ${umur} >= 7           |                   |                                           |               |            |               |                |
    | image                   | foto_kartu  | Foto kartu                   | Photo of the card       |          |                        |                   |                                           |               |            |               |                |
    | end_repeat              |             |                              |                         |          |                        |                   |                                           |               |            |               |                |
    | integer                 | jumlah_cucu | Berapa cucu?                 | How many grandchildren? |          |                        |                   |                                           |               |            |               |                |
    | begin_repeat            | cucu        | Cucu                         | Grandchild              |          |                        |                   |                                           |               |            |               | ${jumlah_cucu} |
    | text                    | nama_cucu   | Nama cucu                    | Name of the grandchild  |          |                        |                   |                                           |               |            |               |                |
    | end_repeat              |             |                              |                         |          |                        |                   |                                           |               |            |               |                |
"""  # noqa: E501
CHOICES = """
    | list_name | name        | label::Bahasa Indonesia (id) | label::English (en) | kec |
    | jamban    | leher_angsa | Leher angsa                  | Goose neck          |     |
    | jamban    | cemplung    | Cemplung                     | Pit                 |     |
    | ya_tidak  | ya          | Ya                           | Yes                 |     |
    | ya_tidak  | tidak       | Tidak                        | No                  |     |
    | bantuan   | pkh         | PKH                          | PKH                 |     |
    | bantuan   | bpnt        | BPNT                         | BPNT                |     |
    | kec       | jombang     | Jombang                      | Jombang             |     |
    | kec       | cibeber     | Cibeber                      | Cibeber             |     |
    | desa      | gedong      | Gedong Dalem                 | Gedong Dalem        | jombang |
    | desa      | sukmajaya   | Sukmajaya                    | Sukmajaya           | jombang |
    | desa      | kalitimbang | Kalitimbang                  | Kalitimbang         | cibeber |
"""


def open_with_photos() -> Field:
    """A lokus whose form asks everything that a browser can be asked."""
    return open_field(sample(survey=SURVEY, choices=CHOICES, privacy=None))


def cadre_of(of: Field) -> User:
    """Who works in its RW 03; she can sign in."""
    user = of.phone.phone.user
    user.set_password(PASSWORD)
    user.save()
    return user


@contextmanager
def phone(browser: Browser, folder: Path, **how: object) -> Iterator[BrowserContext]:
    """A browser of a phone's size with its profile in `folder`; opened again it is the same phone."""
    context = browser.browser_type.launch_persistent_context(
        str(folder),
        executable_path=PROGRAM,
        args=FLAGS,
        viewport={"width": PHONE, "height": 844},
        locale="id-ID",
        timezone_id="Asia/Jakarta",
        **how,  # type: ignore[arg-type]
    )
    context.set_default_timeout(WAIT)
    try:
        yield context
    finally:
        # A killed browser has nothing left to close.
        with suppress(Error):
            context.close()


def kill(folder: Path, only: bytes = b"") -> None:
    """SIGKILL to every process of the browser whose profile lies there, and nothing else; or to its `only` ones."""
    mark = f"--user-data-dir={folder}".encode()
    for _ in range(WAIT // 100):
        commands = {int(each.name): _command(each) for each in Path("/proc").iterdir() if each.name.isdigit()}
        found = [pid for pid, command in commands.items() if mark in command and only in command]
        if not found:
            return
        for pid in found:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        time.sleep(0.1)
    raise AssertionError("the browser lives on")


def _command(process: Path) -> bytes:
    try:
        return (process / "cmdline").read_bytes()
    except OSError:
        return b""


def sign_in(page: Page, base: str, user: User) -> None:
    page.goto(f"{base}/masuk/?next=/isi/")
    page.fill("[name=login]", user.username)
    page.fill("[name=password]", PASSWORD)
    press(page.locator("main button.main"))
    # By a function: "**/isi/" is what the address of the page that is left ends with, too.
    page.wait_for_url(lambda url: "/masuk/" not in url)


def ready(page: Page) -> None:
    """The page is there, and the worker keeps it: from now on it opens without a network."""
    page.wait_for_selector("main h1")
    for _ in range(TRIES):
        with suppress(Late):
            page.wait_for_function(READY, polling=100, timeout=WAIT / TRIES)
            return
        # What its worker should keep did not come in time: the browser tries again when the page is opened again.
        page.reload()
    raise AssertionError("nothing keeps the page")


def question(page: Page, name: str, row: int = 0) -> Locator:
    return page.locator(f'.isi-formulir [data-nama="{name}"]').nth(row)


def type_in(page: Page, name: str, text: str, row: int = 0) -> None:
    control = question(page, name, row).locator("input, textarea").first
    control.fill(text)
    control.blur()


def choose(page: Page, name: str, label: str, row: int = 0) -> None:
    question(page, name, row).get_by_label(label, exact=True).check()


def wrong(page: Page, name: str, row: int = 0) -> str:
    """What stands below a question as wrong; '' where nothing does."""
    said = question(page, name, row).locator(".isian-salah")
    return said.inner_text() if said.is_visible() else ""


def take_photo(page: Page, name: str, called: str, content: bytes, row: int = 0) -> None:
    given = {"name": called, "mimeType": "image/jpeg", "buffer": content}
    question(page, name, row).locator("input[type=file]").set_input_files(given)  # type: ignore[arg-type]
    question(page, name, row).locator("img").wait_for()


def begin_family(page: Page, code: str) -> None:
    """From her list of homes to this family's form, met at home."""
    page.locator("details.rt li", has_text=code).get_by_role("link").first.click()
    page.wait_for_selector(".isi-formulir")
    choose(page, "sl_hasil", "Bertemu dan didata")
    choose(page, "sl_cara", "Di rumahnya")


def finish(page: Page) -> None:
    page.get_by_role("button", name="Selesai dan kirim").click()
    page.wait_for_selector(".antrean")


def kept(page: Page) -> None:
    """The last answer is on disk: the draft is written a moment after it. The moment is counted in the page, whose
    clocks go off in their order however slow it is; and what is put behind the draft is on disk after it."""
    page.evaluate(
        """async () => {
            await new Promise((resolve) => setTimeout(resolve, 900));
            const store = await import('/static/selaras/isi/store.js');
            for (const id of ['satu', 'dua']) await store.put('sesudahnya', id, 1);
            for (const id of ['satu', 'dua']) await store.remove('sesudahnya', id);
        }"""
    )


#: The bytes of a Blob as text: a list of numbers would be carried out of the browser number by number.
_TEXT_OF = """(blob) => new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result.slice(reader.result.indexOf(',') + 1));
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(blob);
})"""


def queued(page: Page) -> dict[str, dict[str, bytes]]:
    """What waits to be sent, as it lies there: number -> name of a part -> its bytes."""
    lines = page.evaluate(
        f"""async () => {{
            const store = await import('/static/selaras/isi/store.js');
            const found = [];
            for (const item of await store.all('queue')) {{
                found.push([item.uuid, await ({_TEXT_OF})(await store.get('queue-bytes', item.uuid))]);
            }}
            return found;
        }}"""
    )
    return {uuid: _parts(base64.b64decode(text)) for uuid, text in lines}


def _parts(whole: bytes) -> dict[str, bytes]:
    """A line that says what follows and how long each is, and then all of it."""
    head, _, rest = whole.partition(b"\n")
    parts, at = {}, 0
    for part in json.loads(head)["parts"]:
        parts[part["name"]] = rest[at : at + part["size"]]
        at += part["size"]
    return parts


def photo(browser_page: Page, width: int = 2400, height: int = 1600, seed: int = 1) -> bytes:
    """A JPEG as a phone takes it: large, and lying on its side with a word of EXIF that says so."""
    drawn = browser_page.evaluate(
        """async ([width, height, seed]) => {
            const canvas = new OffscreenCanvas(width, height);
            const pen = canvas.getContext('2d');
            for (let at = 0; at < 400; at += 1) {
                seed = (seed * 1103515245 + 12345) % 2147483648;
                pen.fillStyle = `hsl(${seed % 360} 70% ${20 + seed % 60}%)`;
                pen.fillRect(seed % width, (seed >> 8) % height, 40 + seed % 300, 40 + (seed >> 4) % 200);
            }
            return (TEXT_OF)(await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.95 }));
        }""".replace("TEXT_OF", _TEXT_OF),
        [width, height, seed],
    )
    exif = b"Exif\0\0MM\0*\0\0\0\x08\0\x02\x01\x0f\0\x02\0\0\0\x10\0\0\0\x26\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0"
    exif += b"KameraRahasia91\0"
    packed = io.BytesIO()
    content = base64.b64decode(drawn)
    packed.write(content[:2] + b"\xff\xe1" + (len(exif) + 2).to_bytes(2, "big") + exif + content[2:])
    return packed.getvalue()
