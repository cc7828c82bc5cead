"""Forms in the browser, without a network: filled, killed, opened again, sent once. In Chromium, as a phone."""

import hashlib
import os
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from selaras.actions.field.taking import take_in
from selaras.models import Arrival, ArrivalState, CurrentAnswers, Household
from tests import build
from tests.build_field import Field
from tests.stories import offline
from tests.stories.offline import begin_family, choose, finish, question, take_photo, type_in
from tests.stories.served import Site
from tests.stories.walk import press

# Playwright's loop runs in the tests' thread, and Django would forbid them their queries.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def of() -> Field:
    return offline.open_with_photos()


def homes(of: Field, count: int = 3) -> list[Household]:
    return [build.household(of.programme.lokus, rw="03", rt="02", name=f"Ibu Uji {n}") for n in range(count)]


def opened(context: BrowserContext, site: Site, of: Field) -> Page:
    """Her page, kept by the browser."""
    page = context.pages[0] if context.pages else context.new_page()
    offline.sign_in(page, site.base, offline.cadre_of(of))
    offline.ready(page)
    return page


def fill(page: Page, family: Household, content: bytes) -> None:
    """A form of that family with the same photo twice, as phones name them."""
    begin_family(page, family.code)
    type_in(page, "jumlah", "4")
    type_in(page, "nama", "Sri")
    take_photo(page, "foto", "image.jpg", content)
    take_photo(page, "foto_kartu", "image.jpg", content)
    finish(page)


def assert_arrived(waiting: dict[str, dict[str, bytes]]) -> None:
    """Each once, taken, byte for byte."""
    while take_in():
        pass
    arrived = {arrival.instance_id.removeprefix("uuid:"): arrival for arrival in Arrival.objects.all()}
    assert {arrival.state for arrival in arrived.values()} == {ArrivalState.TAKEN}
    assert set(arrived) == set(waiting)
    for uuid, parts in waiting.items():
        files = {each.name: each.file.content() for each in arrived[uuid].files.all()}
        assert {"xml_submission_file": arrived[uuid].raw_bytes(), **files} == parts
        assert set(files) == {"image.jpg", "image-2.jpg"}


def test_three_forms_with_photos_filled_offline_survive_a_kill_and_arrive_once_with_their_very_bytes(
    browser: Browser, site: Site, of: Field, tmp_path: Path
) -> None:
    families = homes(of)
    with offline.phone(browser, tmp_path / "hp") as context:
        page = opened(context, site, of)
        photos = [offline.photo(page, seed=n) for n in range(3)]
        site.off()
        page.reload()
        page.wait_for_selector("details.rt")
        expect(page.locator("main h1")).to_have_text("3 rumah, tinggal 3")
        for family, content in zip(families, photos, strict=True):
            fill(page, family, content)
        waiting = offline.queued(page)
        offline.kill(tmp_path / "hp")
    assert Arrival.objects.count() == 0

    with offline.phone(browser, tmp_path / "hp") as context:
        page = context.pages[0]
        page.goto(f"{site.base}/isi/")
        page.wait_for_selector("details.rt")
        expect(page.locator("main h1")).to_have_text("3 rumah, semua sudah didatangi")
        assert offline.queued(page) == waiting
        site.on()
        page.get_by_role("button", name="Segarkan").click()
        sign_in = page.get_by_role("link", name="Masuk")
        sign_in.or_(page.locator(".kiriman.sent")).first.wait_for()
        if sign_in.count():
            # Chromium writes cookies down late; hers was lost with the kill. Nothing else was.
            offline.sign_in(page, site.base, of.phone.phone.user)
        page.wait_for_function("() => document.querySelectorAll('.kiriman.sent').length === 3")
        # Once more, and from the beginning: nothing is sent twice.
        page.reload()
        page.wait_for_selector(".kiriman.sent")
        page.wait_for_timeout(500)

    assert_arrived(waiting)
    current = CurrentAnswers.objects.filter(household__in=families)
    assert sorted(each.answers["jumlah"] for each in current) == [4, 4, 4]
    assert {each.submission.mode for each in current} == {"web"}


def test_a_draft_with_its_photo_survives_a_kill_and_its_photo_is_sent(
    browser: Browser, site: Site, of: Field, tmp_path: Path
) -> None:
    (family,) = homes(of, 1)
    with offline.phone(browser, tmp_path / "hp") as context:
        page = opened(context, site, of)
        content = offline.photo(page)
        site.off()
        begin_family(page, family.code)
        type_in(page, "jumlah", "5")
        choose(page, "jamban", "Cemplung")
        type_in(page, "catatan", "Di belakang dapur")
        offline.kept(page)
        choose(page, "jamban", "Leher angsa")
        take_photo(page, "foto", "rumah depan.jpeg", content)
        offline.kept(page)
        offline.kill(tmp_path / "hp")

    with offline.phone(browser, tmp_path / "hp") as context:
        page = context.pages[0]
        page.goto(f"{site.base}/isi/")
        page.get_by_role("link", name="Lanjutkan").first.click()
        question(page, "foto").locator("img").wait_for()
        assert question(page, "jumlah").locator("input").input_value() == "5"
        # What a hidden question held comes back with it.
        choose(page, "jamban", "Cemplung")
        assert question(page, "catatan").locator("textarea").input_value() == "Di belakang dapur"
        type_in(page, "nama", "Sri")
        finish(page)
        ((_uuid, parts),) = offline.queued(page).items()

    assert sorted(parts) == ["rumah depan.jpg", "xml_submission_file"]
    assert b"<foto>rumah depan.jpg</foto>" in parts["xml_submission_file"]
    assert hashlib.sha256(parts["rumah depan.jpg"]).hexdigest() != hashlib.sha256(content).hexdigest()
    assert b"KameraRahasia91" not in parts["rumah depan.jpg"]


def test_a_draft_is_open_in_one_tab_at_a_time(browser: Browser, site: Site, of: Field, tmp_path: Path) -> None:
    (family,) = homes(of, 1)
    with offline.phone(browser, tmp_path / "hp") as context:
        page = opened(context, site, of)
        begin_family(page, family.code)
        type_in(page, "jumlah", "5")
        offline.kept(page)
        other = context.new_page()
        other.goto(page.url)
        refused = other.locator("main .notice.harm b").inner_text()
        page.close()
        opened_again = question(other, "jumlah").locator("input")
        for _ in range(20):
            # The browser may need a moment to let go of what the tab held.
            other.reload()
            opened_again.or_(other.locator("main .notice.harm b")).first.wait_for()
            if opened_again.count():
                break
        value = opened_again.input_value()

    assert refused == "Draf ini sedang terbuka di tab lain. Tutup tab itu, lalu buka lagi di sini."
    assert value == "5"


def test_a_phone_that_keeps_nothing_says_so_and_its_file_can_be_brought_in(
    browser: Browser, site: Site, of: Field, tmp_path: Path
) -> None:
    (family,) = homes(of, 1)
    with offline.phone(browser, tmp_path / "hp") as context:
        context.add_init_script("Object.defineProperty(globalThis, 'indexedDB', { value: undefined })")
        page = opened(context, site, of)
        site.off()
        begin_family(page, family.code)
        type_in(page, "jumlah", "6")
        type_in(page, "nama", "Sri")
        finish(page)
        assert "HP ini tidak dapat menyimpan isian" in page.locator(".notice.harm").inner_text()
        with page.expect_download() as download:
            page.get_by_role("button", name="Unduh berkas cadangan").click()
        content = Path(download.value.path()).read_bytes()
        assert b"<jumlah>" not in content
        site.on()
        page.goto(f"{site.base}/kiriman/berkas/")
        page.set_input_files(
            "input[type=file]", {"name": "isian.selaras", "mimeType": "application/octet-stream", "buffer": content}
        )
        press(page.locator("main form button.main"))

    take_in()
    assert CurrentAnswers.objects.get(household=family).answers["jumlah"] == 6


def test_a_correction_of_the_raw_text_is_asked_for_and_never_guessed(
    browser: Browser, site: Site, of: Field, tmp_path: Path
) -> None:
    """What the engine would take for blank or cut off without a word."""
    with offline.phone(browser, tmp_path / "hp") as context:
        page = opened(context, site, of)
        page.get_by_role("link", name="Keluarga baru").click()
        page.wait_for_selector(".isi-formulir")
        choose(page, "sl_hasil", "Bertemu dan didata")
        said = {}
        for name, text in (("jumlah", "4,7"), ("jumlah", "99"), ("jumlah", "99999999999"), ("iuran", "1.234")):
            if name == "iuran":
                for none in ("1.5", "0.004", "1.234"):
                    type_in(page, "jumlah", none)
                    said[f"jumlah {none}"] = offline.wrong(page, "jumlah")
                type_in(page, "jumlah", "4")
            type_in(page, name, text)
            said[f"{name} {text}"] = offline.wrong(page, name)
        type_in(page, "iuran", "1.250,5")
        type_in(page, "jam", "07:30")
        question(page, "saat").locator("input").fill("2026-11-27T08:15")
        question(page, "saat").locator("input").blur()
        offline.kept(page)
        xml = page.evaluate("async () => (await (await import('/static/selaras/isi/store.js')).all('draft'))[0].xml")

    assert said == {
        "jumlah 4,7": "Tulis angka bulat, misalnya 4.",
        "jumlah 99": "Antara 1 dan 39.",
        "jumlah 99999999999": "Angka ini terlalu besar.",
        "jumlah 1.5": "Tulis angka bulat, misalnya 4.",
        "jumlah 0.004": "Tulis angka bulat, misalnya 4.",
        "jumlah 1.234": "Titik ini dapat berarti ribuan atau pecahan. Tulis 1234 untuk seribu lebih.",
        "iuran 1.234": "Titik ini dapat berarti ribuan atau pecahan. "
        "Tulis 1234 untuk seribu lebih, atau 1,234 untuk satu lebih.",
    }
    found = {name: xml.partition(f"<{name}>")[2].partition("<")[0] for name in ("jumlah", "iuran", "jam", "saat")}
    assert found == {
        "jumlah": "4",
        "iuran": "1250.5",
        "jam": "07:30:00.000+07:00",
        "saat": "2026-11-27T08:15:00.000+07:00",
    }


def test_another_parent_clears_the_choice_that_it_allowed(
    browser: Browser, site: Site, of: Field, tmp_path: Path
) -> None:
    with offline.phone(browser, tmp_path / "hp") as context:
        page = opened(context, site, of)
        page.get_by_role("link", name="Keluarga baru").click()
        page.wait_for_selector(".isi-formulir")
        choose(page, "sl_hasil", "Bertemu dan didata")
        before = question(page, "desa").locator("label").all_inner_texts()
        question(page, "kec").locator("select").select_option(label="Jombang")
        choose(page, "desa", "Sukmajaya")
        question(page, "kec").locator("select").select_option(label="Cibeber")
        after = question(page, "desa").locator("label").all_inner_texts()
        checked = question(page, "desa").locator("input:checked").count()

    assert (before, after, checked) == ([], ["Kalitimbang"], 0)


def test_what_this_page_cannot_show_is_refused_and_says_so(
    browser: Browser, site: Site, of: Field, tmp_path: Path
) -> None:
    """Planted in the form that the phone was handed: an encrypted one, one that records, one with a line on a map."""
    with offline.phone(browser, tmp_path / "hp") as context:
        page = opened(context, site, of)
        said = []
        for old, new in (
            ("<itext>", '<submission base64RsaPublicKey="abc"/><itext>'),
            ("</model>", "<recordaudio/></model>"),
            ('type="geopoint"', 'type="geotrace"'),
            ("<h:body", "<h:broken"),
        ):
            page.goto(f"{site.base}/isi/")
            page.wait_for_selector("details.rt, .quiet")
            page.evaluate(
                """async ([old, text]) => {
                    const store = await import('/static/selaras/isi/store.js');
                    for (const form of await store.all('form')) {
                        form.whole ??= form.text;
                        await store.put('form', form.key, { ...form, text: form.whole.replace(old, text) });
                    }
                }""",
                [old, new],
            )
            page.get_by_role("link", name="Keluarga baru").click()
            page.wait_for_selector("main .notice.harm")
            said.append(page.locator("main .notice.harm b").inner_text())

    assert said == [
        "Formulir ini terenkripsi, dan itu belum dapat diisi di peramban. Isi dengan ODK Collect.",
        "Formulir ini merekam suara, dan itu tidak dapat dilakukan di peramban. Isi dengan ODK Collect.",
        "Formulir ini berisi 1 pertanyaan yang belum dapat diisi di peramban. Isi dengan ODK Collect.",
        "Formulir ini tidak dapat dibuka di peramban. Isi dengan ODK Collect, dan kabari kelurahan.",
    ]


def content_of(file: Path) -> bytes:
    """Its bytes; of what is a folder, or has gone since it was listed, none."""
    try:
        return file.read_bytes()
    except OSError:
        return b""


def test_nothing_of_a_family_lies_open_in_the_browser(browser: Browser, site: Site, of: Field, tmp_path: Path) -> None:
    """Planted: a head's name, and what was typed. Neither stands in a file of the profile, nor in what is cached."""
    family = build.household(of.programme.lokus, rw="03", name="Rahasiawati Sembilan")
    with offline.phone(browser, tmp_path / "hp") as context:
        page = opened(context, site, of)
        begin_family(page, family.code)
        type_in(page, "jumlah", "4")
        type_in(page, "nama", "Tersembunyi Tujuh")
        offline.kept(page)
        kept = page.evaluate(
            """async () => {
                const texts = [];
                for (const name of await caches.keys()) {
                    const cache = await caches.open(name);
                    for (const request of await cache.keys()) texts.push(await (await cache.match(request)).text());
                }
                return texts.join(' ') + JSON.stringify(localStorage) + JSON.stringify(sessionStorage);
            }"""
        )
    whole = b"".join(map(content_of, (tmp_path / "hp").rglob("*")))
    planted = ("Rahasiawati", "Tersembunyi")
    open_ = [word for word in planted if word in kept or word.encode() in whole or word.encode("utf-16-le") in whole]

    assert (open_, len(kept) > 100_000) == ([], True)
