"""What a browser keeps and sends, asked of the modules themselves: sealed, once, whoever else uses the phone."""

import json
import os
from pathlib import Path

import pytest
from django.test import Client
from playwright.sync_api import BrowserContext, Page, Request, Route

from selaras.models import Arrival, ArrivalFile, BrowserSession, Role, Upload
from tests import build
from tests.build_field import Field, filled, open_field
from tests.stories import offline
from tests.stories.looks import serious_findings, sticking_out, too_small
from tests.stories.served import Site
from tests.stories.walk import come_in

os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
pytestmark = pytest.mark.django_db(transaction=True)
MODULES = "/static/selaras/isi"

#: Puts a filled form with a photo of `size` bytes into the queue of who is signed in; nothing is sent.
_ADD = """async ([user, uuid, xml, size]) => {
    const store = await import('/static/selaras/isi/store.js');
    const queue = await import('/static/selaras/isi/queue.js');
    await store.open(user);
    const parts = [{ name: 'xml_submission_file', type: 'text/xml', blob: new Blob([xml]) }];
    const bytes = new Uint8Array(size);
    for (let at = 0; at < size; at += 1) bytes[at] = (at * 7) % 251;
    if (size) parts.push({ name: 'a.jpg', type: 'image/jpeg', blob: new Blob([bytes]) });
    await queue.add({ uuid, kind: 'form', title: 'Data awal', about: 'GD-001 Rohayati Rahasia', parts });
}"""
_SEND = """async () => {
    const queue = await import('/static/selaras/isi/queue.js');
    await queue.send();
    return (await queue.list()).map((item) => [item.uuid, item.state, item.said]);
}"""
_LIST = """async (user) => {
    const store = await import('/static/selaras/isi/store.js');
    const queue = await import('/static/selaras/isi/queue.js');
    await store.open(user);
    return (await queue.list()).map((item) => [item.uuid, item.state]);
}"""
_SAVE = """async () => {
    const queue = await import('/static/selaras/isi/queue.js');
    const file = await queue.exportFile();
    const link = Object.assign(document.createElement('a'), { href: URL.createObjectURL(file), download: file.name });
    link.click();
}"""
#: Every byte of every database, as text, and whether a key gives itself away.
_RAW = """async () => {
    const found = { text: '', keys: [] };
    const ask = (request) => new Promise((yes, no) => { request.onsuccess = () => yes(request.result); request.onerror = no; });
    for (const { name } of await indexedDB.databases()) {
        const db = await ask(indexedDB.open(name));
        for (const store of db.objectStoreNames) {
            for (const row of await ask(db.transaction(store).objectStore(store).getAll())) {
                if (row instanceof CryptoKey) { found.keys.push(row.extractable); continue; }
                found.text += JSON.stringify(row) + new TextDecoder('latin1').decode(row.sealed ?? new ArrayBuffer(0));
            }
        }
        db.close();
    }
    return found;
}"""  # noqa: E501


@pytest.fixture
def of() -> Field:
    return open_field()


def inside(context: BrowserContext, site: Site, of: Field, at: str = "/kader/") -> Page:
    """A page of the cadre's that is none of the forms': the queue is asked by hand."""
    page = context.new_page()
    offline.sign_in(page, site.base, offline.cadre_of(of))
    page.goto(f"{site.base}{at}")
    return page


def queue_up(page: Page, of: Field, size: int = 3000, xml: str | None = None) -> str:
    """A form about a family of hers, in the queue; its number."""
    number = str(build.household(of.programme.lokus, rw="09").uuid)
    home = build.household(of.programme.lokus, rw="03")
    text = filled(of.form, home, instance=f"uuid:{number}", more="<foto>a.jpg</foto>").decode()
    page.evaluate(_ADD, [str(of.phone.phone.user.uuid), number, text if xml is None else xml, size])
    return number


def puts(context: BrowserContext) -> list[Request]:
    """The requests that send, from now on."""
    found: list[Request] = []
    context.on("request", lambda request: found.append(request) if request.method == "PUT" else None)
    return found


def test_two_tabs_that_send_at_once_send_each_item_once(context: BrowserContext, site: Site, of: Field) -> None:
    page = inside(context, site, of)
    numbers = [queue_up(page, of) for _ in range(3)]
    other = context.new_page()
    other.goto(page.url)
    user = str(of.phone.phone.user.uuid)
    other.evaluate(_LIST, user)
    sent = puts(context)

    page.evaluate("() => { window.first = import('/static/selaras/isi/queue.js').then((queue) => queue.send()) }")
    other.evaluate(_SEND)
    page.evaluate("() => window.first")
    there = page.evaluate(_LIST, user)

    assert sorted(there) == sorted([number, "sent"] for number in numbers)
    assert sorted(request.url.rpartition("/")[2] for request in sent) == sorted(numbers)
    assert Arrival.objects.count() == 3


def test_one_bad_item_keeps_nobody_waiting_and_says_why(context: BrowserContext, site: Site, of: Field) -> None:
    page = inside(context, site, of)
    good, bad, last = queue_up(page, of), queue_up(page, of, size=0), queue_up(page, of)
    # As a page of an older release might have written it: nothing in it is a form.
    page.evaluate(
        """async (uuid) => {
            const queue = await import('/static/selaras/isi/queue.js');
            const parts = [{ name: 'a.jpg', type: 'image/jpeg', blob: new Blob(['x']) }];
            await queue.add({ uuid, kind: 'form', parts });
        }""",
        bad,
    )

    listed = {uuid: (state, said) for uuid, state, said in page.evaluate(_SEND)}

    assert (listed[good][0], listed[last][0], listed[bad][0]) == ("sent", "sent", "refused")
    assert listed[bad][1] == (
        "kiriman tiba tanpa formulir; simpan berkas cadangannya, lalu hubungi kelurahan atau pengelola server"
    )
    assert Arrival.objects.count() == 2


def test_what_a_proxy_refuses_as_too_large_goes_in_smaller_pieces(
    context: BrowserContext, site: Site, of: Field
) -> None:
    """Half of what was refused, and never more again."""
    page = inside(context, site, of)
    number = queue_up(page, of, size=200_000)
    refused: list[int] = []

    def proxy(route: Route) -> None:
        """A page of nginx's in the place of what is larger than 20 kB."""
        size = len(route.request.post_data_buffer or b"")
        if size <= 20_000:
            return route.continue_()
        refused.append(size)
        return route.fulfill(status=413, content_type="text/html", body="<h1>413 Request Entity Too Large</h1>")

    page.route("**/kirim/*", proxy)

    assert page.evaluate(_SEND) == [[number, "sent", "Sudah diterima."]]
    assert refused == [131_072, 65_536, 32_768]


def test_what_a_proxy_refuses_is_told_with_what_to_do_and_keeps_nobody_waiting(
    context: BrowserContext, site: Site, of: Field
) -> None:
    words = {
        413: "Sesuatu di depan server menolak kiriman sebesar ini (kode 413). Kabari pengelola server.",
        403: "Yang menjawab bukan Selaras, melainkan sesuatu di depannya (kode 403). Coba jaringan lain;",
        429: "Terlalu banyak permintaan dalam waktu singkat (kode 429). Tunggu beberapa menit.",
        502: "Server sedang tidak dapat menjawab (kode 502). Anda tidak perlu berbuat apa-apa;",
    }
    page = inside(context, site, of)
    bad = {status: queue_up(page, of, size=0) for status in words}
    good = queue_up(page, of)
    statuses = {uuid: status for status, uuid in bad.items()}

    def proxy(route: Route) -> None:
        """A page of nginx's in the place of all but one."""
        status = statuses.get(route.request.url.rpartition("/")[2])
        if status is None:
            return route.continue_()
        return route.fulfill(status=status, content_type="text/html", body="<h1>nginx</h1>")

    context.route("**/kirim/*", proxy)
    page.goto(f"{site.base}/isi/")
    page.locator(f"[data-uuid='{good}'].sent").wait_for()
    told = {status: page.locator(f"[data-uuid='{uuid}'].failed").inner_text() for status, uuid in bad.items()}

    assert {status: said in told[status] for status, said in words.items()} == dict.fromkeys(words, True)
    assert [text for text in told.values() if "Menunggu sinyal" in text] == []


def test_a_long_item_goes_in_pieces_and_after_a_cut_from_where_it_was(
    context: BrowserContext, site: Site, of: Field
) -> None:
    page = inside(context, site, of)
    number = queue_up(page, of, size=50_000)
    page.evaluate("async () => (await import('/static/selaras/isi/store.js')).put('known', 'isi', { chunk: 10000 })")
    left = [2]

    def cut(route: Route) -> None:
        """The third piece does not arrive, once."""
        left[0] -= 1
        if left[0] == -1:
            route.abort()
        else:
            route.continue_()

    page.route("**/kirim/*", lambda route: cut(route) if route.request.method == "PUT" else route.continue_())
    sent = puts(context)
    first = page.evaluate(_SEND)
    halfway = Upload.objects.get().arrived
    ranges = [request.headers["content-range"] for request in sent]
    second = page.evaluate(_SEND)

    starts = [int(request.headers["content-range"].split()[1].split("-")[0]) for request in sent]
    assert (first, halfway) == ([[number, "waiting", ""]], 20_000)
    assert len(ranges) == 3
    assert starts == [0, 10_000, 20_000, 20_000, 30_000, 40_000, 50_000]
    assert [state for _, state, _ in second] == ["sent"]
    expected = bytes(at * 7 % 251 for at in range(50_000))
    assert ArrivalFile.objects.get().file.content() == expected


def test_an_expired_sign_in_wipes_nothing_and_after_signing_in_again_all_is_sent(
    context: BrowserContext, site: Site, of: Field
) -> None:
    page = inside(context, site, of)
    number = queue_up(page, of)
    BrowserSession.objects.all().delete()

    refused = page.evaluate(_SEND)
    offline.sign_in(page, site.base, offline.cadre_of(of))
    page.goto(f"{site.base}/kader/")
    page.evaluate(_LIST, str(of.phone.phone.user.uuid))
    done = page.evaluate(_SEND)

    assert refused == [
        [number, "failed", "Anda perlu masuk lagi. Isian aman di HP ini dan terkirim setelah Anda masuk."]
    ]
    assert done == [[number, "sent", "Sudah diterima."]]


def test_what_lies_in_the_browser_is_sealed_and_its_key_cannot_be_taken_out(
    context: BrowserContext, site: Site, of: Field
) -> None:
    page = inside(context, site, of)
    queue_up(page, of)
    page.evaluate(
        "async () => (await import('/static/selaras/isi/store.js')).put('draft', 'x', { about: 'Rohayati Rahasia' })"
    )

    raw = page.evaluate(_RAW)

    assert [word in raw["text"] for word in ("Rohayati", "Rahasia", "<data", "sl_keluarga", "xml_submission")] == [
        False
    ] * 5
    assert raw["keys"] == [False]


def test_another_person_on_the_same_phone_sees_and_sends_nothing_of_it(
    context: BrowserContext, site: Site, of: Field
) -> None:
    page = inside(context, site, of)
    number = queue_up(page, of)
    other = build.member(Role.CADRE, f"{of.programme.lokus.area}.RW03", cycle=of.programme.cycle)
    other.set_password(offline.PASSWORD)
    other.save()
    context.clear_cookies()
    second = context.new_page()
    offline.sign_in(second, site.base, other)
    second.goto(f"{site.base}/kader/")

    theirs = second.evaluate(_LIST, str(other.uuid))
    second.evaluate(_SEND)
    # The first one's tab is still open, and would send with the other's cookie.
    hers = page.evaluate(_SEND)

    assert theirs == []
    assert hers == [
        [
            number,
            "failed",
            "Orang lain sedang masuk di peramban ini. Masuklah dengan akun Anda untuk mengirim isian ini.",
        ]
    ]
    assert Arrival.objects.count() == 0


def test_values_come_back_as_they_were_put_with_their_files(context: BrowserContext, site: Site, of: Field) -> None:
    page = inside(context, site, of)

    found = page.evaluate(
        """async (user) => {
            const store = await import('/static/selaras/isi/store.js');
            await store.open(user);
            const value = { n: 1, list: ['a', null, { deep: new Blob(['isi'], { type: 'text/plain' }) }], file: new File(['foto'], 'a.jpg', { type: 'image/jpeg' }) };
            await store.put('draft', '1', value);
            await store.put('draft', '2', 'dua');
            const back = await store.get('draft', '1');
            return {
                n: back.n, list: back.list.slice(0, 2), deep: [await back.list[2].deep.text(), back.list[2].deep.type],
                file: [await back.file.text(), back.file.name, back.file.type],
                all: (await store.all('draft')).length, none: (await store.get('draft', '3')) === undefined,
                other: (await store.all('file')).length,
            };
        }""",  # noqa: E501
        str(of.phone.phone.user.uuid),
    )

    assert found == {
        "n": 1,
        "list": ["a", None],
        "deep": ["isi", "text/plain"],
        "file": ["foto", "a.jpg", "image/jpeg"],
        "all": 2,
        "none": True,
        "other": 0,
    }


@pytest.mark.parametrize("refusal", ["undefined", "{ open() { throw new Error('no') } }"])
def test_where_the_browser_keeps_nothing_it_says_so_and_the_file_brings_all_in(
    context: BrowserContext, site: Site, of: Field, tmp_path: Path, refusal: str
) -> None:
    context.add_init_script(f"Object.defineProperty(window, 'indexedDB', {{ value: {refusal} }})")
    page = inside(context, site, of)
    number = queue_up(page, of)

    persisted = page.evaluate("async () => (await import('/static/selaras/isi/store.js')).persisted()")
    with page.expect_download() as downloading:
        page.evaluate(_SAVE)
    file = tmp_path / downloading.value.suggested_filename
    downloading.value.save_as(file)
    page.goto(f"{site.base}/kiriman/berkas/")
    page.set_input_files("#berkas", file)
    page.click("main button.main")
    page.get_by_role("heading", name="1 isian diterima").wait_for()

    assert (persisted, file.suffix) == ("none", ".selaras")
    assert b"Rohayati" not in file.read_bytes()
    assert Arrival.objects.get().instance_id == f"uuid:{number}"
    assert ArrivalFile.objects.get().file.content() == bytes(at * 7 % 251 for at in range(3000))


def test_the_file_that_the_office_brings_is_the_cadres_because_her_browser_signed_it(
    context: BrowserContext, site: Site, of: Field, tmp_path: Path
) -> None:
    page = inside(context, site, of, "/isi/")
    page.wait_for_selector("main h1")
    queue_up(page, of)
    with page.expect_download() as downloading:
        page.evaluate(_SAVE)
    file = tmp_path / "isian.selaras"
    downloading.value.save_as(file)
    lurah = build.member(Role.SUPERVISOR, of.programme.lokus.area, cycle=of.programme.cycle)
    office = Client()
    office.force_login(lurah)

    with file.open("rb") as content:
        answer = office.post("/kiriman/berkas/", {"berkas": content})

    arrived = Arrival.objects.get()
    assert [line["state"] for line in answer.context["lines"]] == ["sent"]
    assert (arrived.by, arrived.carrier, arrived.state) == (of.phone.phone.user, lurah, "waiting")


def test_signing_out_first_sends_or_saves_what_waits_and_then_nothing_of_it_is_left(
    context: BrowserContext, site: Site, of: Field
) -> None:
    page = inside(context, site, of)
    queue_up(page, of)
    page.goto(f"{site.base}/keluar/")
    page.get_by_text("Isian yang belum terkirim dari HP ini: 1").wait_for()
    leave = page.locator("main button", has_text="Keluar")
    barred = leave.is_disabled()
    looks = (serious_findings(page), sticking_out(page), too_small(page))

    page.get_by_role("button", name="Kirim sekarang").click()
    page.get_by_text("Tidak ada isian yang menunggu di HP ini.").wait_for()
    leave.click()
    page.wait_for_url("**/masuk/")

    assert (barred, looks) == (True, ([], [], []))
    assert Arrival.objects.count() == 1
    left = page.evaluate("async () => [(await indexedDB.databases()).map((each) => each.name), { ...localStorage }]")
    # That nobody was here last is all that is said.
    assert left == [[], {"selaras-isi-user": ""}]


def test_signing_out_lets_go_after_the_file_was_saved_and_warns_of_what_is_not_finished(
    context: BrowserContext, site: Site, of: Field
) -> None:
    page = inside(context, site, of)
    queue_up(page, of)
    page.evaluate("async () => (await import('/static/selaras/isi/store.js')).put('draft', 'x', { files: [] })")
    page.goto(f"{site.base}/keluar/")
    leave = page.locator("main button", has_text="Keluar")
    page.get_by_text("Isian yang belum selesai di HP ini: 1").wait_for()

    with page.expect_download():
        page.get_by_role("button", name="Unduh berkas cadangan").click()
    page.get_by_text("Berkas cadangan diunduh.").wait_for()
    saved = leave.is_disabled()
    page.get_by_label("Hapus isian yang belum selesai").check()
    # Waits until it may be pressed.
    leave.click()
    page.wait_for_url("**/masuk/")

    assert saved is True
    assert page.evaluate("async () => (await indexedDB.databases()).length") == 0


def test_signing_out_from_the_menu_asks_where_forms_wait_though_the_mark_is_lost(
    context: BrowserContext, site: Site, of: Field
) -> None:
    page = inside(context, site, of, "/akun/")
    queue_up(page, of)
    context.clear_cookies(name="selaras_isi")

    page.locator("main").get_by_role("button", name="Keluar").click()
    page.get_by_text("Isian yang belum terkirim dari HP ini: 1").wait_for()

    assert page.locator("main button", has_text="Keluar").is_disabled()
    assert page.evaluate("async () => (await indexedDB.databases()).length") == 1
    page.goto(f"{site.base}/akun/")
    assert page.url.endswith("/akun/")


def test_signing_out_from_the_menu_where_nothing_is_kept_asks_nothing(
    context: BrowserContext, site: Site, of: Field
) -> None:
    # Not by /isi/, which keeps something of hers as soon as it is open.
    page = context.new_page()
    come_in(page, site.base, offline.cadre_of(of))
    page.goto(f"{site.base}/akun/")

    page.locator("main").get_by_role("button", name="Keluar").click()
    page.wait_for_url("**/masuk/")

    assert page.evaluate("async () => (await indexedDB.databases()).length") == 0


def test_no_cache_of_the_worker_holds_anything_of_a_family(context: BrowserContext, site: Site, of: Field) -> None:
    home = build.household(of.programme.lokus, rw="03", name="Rohayati Rahasia")
    page = context.new_page()
    offline.sign_in(page, site.base, offline.cadre_of(of))
    offline.ready(page)
    page.get_by_text("Rohayati Rahasia").first.wait_for(state="attached")

    kept = page.evaluate(
        """async () => {
            const found = {};
            for (const name of await caches.keys()) {
                const cache = await caches.open(name);
                for (const request of await cache.keys()) found[new URL(request.url).pathname] = await (await cache.match(request)).text();
            }
            return found;
        }"""  # noqa: E501
    )
    worker = Client().get("/isi/sw.js").content.decode()
    files = [address for address, _ in json.loads(worker.split("FILES = ")[1].split(";\n")[0])]

    planted = ("Rohayati", "Rahasia", str(home.uuid), home.code, of.phone.phone.user.full_name)
    assert sorted(kept) == sorted(["/isi/", *files])
    assert {address: [word for word in planted if word in text] for address, text in kept.items()} == {
        address: [] for address in kept
    }
