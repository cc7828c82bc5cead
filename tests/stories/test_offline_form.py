"""The page of a form in the browser: for readers, for a keyboard alone, in another language, and on a second visit."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page

from selaras.access import CONSOLE
from selaras.actions.field.forms import prepare_forms
from selaras.actions.field.taking import take_in
from selaras.models import CurrentAnswers, Household, Round, Submission
from tests import build
from tests.build_field import Field
from tests.stories import offline
from tests.stories.looks import DESK, PHONE, serious_findings, sticking_out, too_small
from tests.stories.offline import begin_family, choose, finish, question, take_photo, type_in
from tests.stories.served import Site
from tests.stories.walk import picture

# Playwright's loop runs in the tests' thread, and Django would forbid them their queries.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
pytestmark = pytest.mark.django_db(transaction=True)
PICTURES = Path(__file__).parent.parent.parent / "var" / "screenshots"


@pytest.fixture
def of() -> Field:
    return offline.open_with_photos()


def opened(browser: Browser, site: Site, of: Field, **how: object) -> Page:
    """Her page in a window of a phone's size."""
    page = browser.new_page(
        viewport={"width": PHONE, "height": 844},
        locale="id-ID",
        timezone_id="Asia/Jakarta",
        **how,  # type: ignore[arg-type]
    )
    offline.sign_in(page, site.base, offline.cadre_of(of))
    page.wait_for_selector("details.rt")
    return page


def findings(page: Page) -> list[str]:
    """What axe, a narrow screen and a thumb find."""
    return serious_findings(page) + sticking_out(page) + too_small(page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_readers_and_thumbs_find_nothing_wrong_empty_with_errors_filled_in_english_and_at_home(
    browser: Browser, site: Site, of: Field, scheme: str
) -> None:
    family = build.household(of.programme.lokus, rw="03", rt="02", name="Ibu Uji")
    page = opened(browser, site, of, color_scheme=scheme)
    found = {"home": findings(page)}
    picture(page, PICTURES, f"isi-{scheme}", (PHONE, DESK))
    page.set_viewport_size({"width": PHONE, "height": 844})
    begin_family(page, family.code)
    found["empty"] = findings(page)
    page.get_by_role("button", name="Selesai dan kirim").click()
    page.wait_for_selector(".ringkasan li")
    found["errors"] = findings(page)
    picture(page, PICTURES, f"isi-salah-{scheme}", (PHONE, DESK))
    page.set_viewport_size({"width": PHONE, "height": 844})
    type_in(page, "jumlah", "4")
    choose(page, "jamban", "Cemplung")
    choose(page, "bantuan", "PKH")
    take_photo(page, "foto", "rumah.jpg", offline.photo(page, 800, 600))
    type_in(page, "nama", "Sri")
    page.select_option("#bahasa-formulir", label="English")
    page.wait_for_function("() => document.querySelector('[data-nama=jamban] legend').textContent === 'Which toilet?'")
    found["filled, English"] = findings(page)
    picture(page, PICTURES, f"isi-terisi-{scheme}", (PHONE, DESK))
    page.set_viewport_size({"width": PHONE, "height": 844})
    page.get_by_role("link", name="Kembali", exact=True).click()
    page.wait_for_selector(".kiriman.draf")
    found["drafts"] = findings(page)
    page.close()

    assert found == {"home": [], "empty": [], "errors": [], "filled, English": [], "drafts": []}


def reach(page: Page, name: str, control: str = "input") -> None:
    """Tab until that question's control has the focus."""
    for _ in range(60):
        page.keyboard.press("Tab")
        here = "([name, control]) => document.activeElement.closest('[data-nama]')?.dataset.nama === name"
        if page.evaluate(f"{here} && document.activeElement.matches(control)", [name, control]):
            return
    raise AssertionError(name)


def press_tab_to(page: Page, words: str) -> None:
    """Tab until what has these words has the focus."""
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("() => document.activeElement.textContent.trim()") == words:
            return
    raise AssertionError(words)


def add_and_remove_a_member(page: Page) -> None:
    """The focus goes to what was added, and to what stands in the place of what was removed."""
    press_tab_to(page, "Tambah: Anggota")
    page.keyboard.press("Enter")
    page.wait_for_function("() => document.activeElement.textContent === 'Anggota 2'")
    press_tab_to(page, "Hapus")
    page.keyboard.press("Enter")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    page.wait_for_function("() => document.activeElement.textContent === 'Anggota 1: Sri'")


def test_a_form_is_filled_and_sent_by_keyboard_alone(browser: Browser, site: Site, of: Field) -> None:
    """Tab, Space, arrows and Enter; no question is reached by anything else."""
    families = [build.household(of.programme.lokus, rw="03", name=f"Ibu Uji {n}") for n in range(3)]
    page = opened(browser, site, of)
    page.get_by_role("link", name="Keluarga baru").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector(".isi-formulir")

    # "Belum" was chosen for her; one arrow up says that the family is on the list.
    reach(page, "sl_ada_di_daftar")
    page.keyboard.press("ArrowUp")
    reach(page, "sl_keluarga")
    page.keyboard.type(families[1].code.lower())
    page.keyboard.press("Enter")
    reach(page, "sl_hasil")
    page.keyboard.press("Space")
    reach(page, "sl_cara")
    page.keyboard.press("Space")
    reach(page, "jumlah")
    page.keyboard.type("3")
    reach(page, "jamban")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    reach(page, "kec", "select")
    page.keyboard.type("Jombang")
    reach(page, "desa")
    page.keyboard.press("Space")
    reach(page, "nama")
    page.keyboard.type("Sri")
    add_and_remove_a_member(page)
    press_tab_to(page, "Selesai dan kirim")
    page.keyboard.press("Enter")
    page.wait_for_selector(".kiriman.sent")
    page.close()

    take_in()
    current = CurrentAnswers.objects.get()
    assert current.household == families[1]
    answers = {name: current.answers[name] for name in ("jumlah", "jamban", "kec", "desa")}
    assert answers == {"jumlah": 3, "jamban": "cemplung", "kec": "jombang", "desa": "gedong"}
    assert len(current.answers["member"]) == 1


def test_what_is_wrong_is_listed_with_links_that_lead_to_it(browser: Browser, site: Site, of: Field) -> None:
    family = build.household(of.programme.lokus, rw="03")
    page = opened(browser, site, of)
    begin_family(page, family.code)
    page.get_by_role("button", name="Tambah: Anggota").click()
    type_in(page, "nama", "Sri")
    page.get_by_role("button", name="Selesai dan kirim").click()
    lines = page.locator(".ringkasan li").all_inner_texts()
    page.locator(".ringkasan a").last.click()
    focused = page.evaluate("() => document.activeElement.closest('[data-nama]').dataset.nama")
    described = question(page, "nama", 1).locator("input").get_attribute("aria-invalid")
    page.close()

    assert lines == ["Berapa orang? Belum dijawab.", "Anggota 2: Nama: Belum dijawab."]
    assert (focused, described) == ("nama", "true")


def test_what_was_put_right_leaves_the_list_at_once(browser: Browser, site: Site, of: Field) -> None:
    family = build.household(of.programme.lokus, rw="03")
    page = opened(browser, site, of)
    begin_family(page, family.code)
    page.get_by_role("button", name="Selesai dan kirim").click()
    before = page.locator(".ringkasan li").all_inner_texts()
    type_in(page, "jumlah", "4")
    page.wait_for_function("() => document.querySelectorAll('.ringkasan li').length === 1")
    type_in(page, "nama", "Sri")
    page.wait_for_function("() => !document.querySelector('.ringkasan').childElementCount")
    page.close()

    assert before == ["Berapa orang? Belum dijawab.", "Anggota 1: Nama: Belum dijawab."]


def test_rows_that_a_smaller_number_takes_away_come_back_with_the_larger_one(
    browser: Browser, site: Site, of: Field
) -> None:
    family = build.household(of.programme.lokus, rw="03")
    page = opened(browser, site, of)
    begin_family(page, family.code)
    type_in(page, "jumlah_cucu", "3")
    for row, name in enumerate(("Ani", "Budi", "Citra")):
        type_in(page, "nama_cucu", name, row)
    type_in(page, "jumlah_cucu", "1")
    said = page.get_by_text("2 baris yang sudah diisi").inner_text()
    type_in(page, "jumlah_cucu", "3")
    page.get_by_text("2 baris yang sudah diisi").wait_for(state="hidden")
    names = [question(page, "nama_cucu", row).locator("input").input_value() for row in range(3)]
    page.close()

    assert said == "2 baris yang sudah diisi tidak ikut lagi. Naikkan jumlahnya lagi untuk mengembalikannya."
    assert names == ["Ani", "Budi", "Citra"]


def a_visit(of: Field, family: Household, answers: dict[str, object]) -> None:
    """The baseline is over and was answered; a visit is open."""
    today = timezone.localdate()
    Round.objects.filter(pk=of.programme.round.pk).update(
        opens=today - timedelta(days=60), closes=today - timedelta(days=30)
    )
    Round.objects.create(
        cycle=of.programme.cycle, kind="visit", opens=today - timedelta(days=1), closes=today + timedelta(days=20)
    )
    prepare_forms(by=CONSOLE, cycle=of.programme.cycle)
    answered_before(of, family, answers)


def answered_before(of: Field, family: Household, answers: dict[str, object]) -> None:
    """That family's answers of the baseline."""
    sent = Submission(
        household=family, round=of.programme.round, version=of.form.version, mode="phone", answers=answers
    )
    sent.received_at = timezone.now() - timedelta(days=40)
    sent.save()
    CurrentAnswers.objects.create(
        household=family, round=of.programme.round, lokus=family.lokus, submission=sent, answers=answers
    )


def test_a_second_visit_asks_what_has_changed_and_takes_no_old_answer_unseen(
    browser: Browser, site: Site, of: Field
) -> None:
    family = build.household(of.programme.lokus, rw="03")
    a_visit(of, family, {"jumlah": 5, "jamban": "cemplung", "iuran": "12.5", "kec": "jombang", "desa": "sukmajaya"})
    page = opened(browser, site, of)
    begin_family(page, family.code)
    page.wait_for_selector(".dulu:visible")
    marked = page.locator(".isian:has(.dulu:visible)")
    names = [each.get_attribute("data-nama") for each in marked.all()]
    notice = page.locator(".notice.needs", has_text="Apa yang berubah?").inner_text()
    picture(page, PICTURES, "isi-berubah", (PHONE, DESK))
    page.set_viewport_size({"width": PHONE, "height": 844})
    found = findings(page)
    type_in(page, "nama", "Sri")
    page.get_by_role("button", name="Selesai dan kirim").click()
    refused = page.locator(".ringkasan li").count()
    # One has changed, one is said to be as before, the rest of the part too.
    choose(page, "jamban", "Leher angsa")
    question(page, "jumlah").get_by_role("button", name="Masih sama").click()
    page.get_by_role("button", name="3 jawaban di bagian ini masih sama").click()
    finish(page)
    page.wait_for_selector(".kiriman.sent")
    page.close()

    take_in()
    assert names == ["jumlah", "jamban", "iuran", "kec", "desa"]
    assert "5 jawaban belum Anda periksa." in notice
    assert (found, refused) == ([], 5)
    current = CurrentAnswers.objects.get(household=family, round__kind="visit")
    answers = {name: current.answers[name] for name in ("jumlah", "jamban", "iuran", "kec", "desa")}
    assert answers == {"jumlah": 5, "jamban": "leher_angsa", "iuran": "12.5", "kec": "jombang", "desa": "sukmajaya"}


def test_every_sentence_of_the_scripts_stands_in_the_page_and_none_is_there_for_nobody() -> None:
    folder = Path(__file__).parent.parent.parent / "src" / "selaras" / "web"
    scripts = "".join(
        each.read_text()
        for each in (folder / "static" / "selaras" / "isi").glob("*.js")
        if each.name not in {"engine.js", "worker.js"}
    )
    page = (folder / "templates" / "isi" / "texts.html").read_text()
    keys = {part.partition('"')[0] for part in page.split('data-kata="')[1:]}
    asked = {part.partition('"')[0] for start in (' t("', '(t("', '[t("', '${t("') for part in scripts.split(start)[1:]}
    by_state = {key for key in keys if key.startswith(("antre-", "keadaan-", "ditolak-4"))}

    assert asked - keys == set()
    assert {key for key in keys - by_state if f'"{key}"' not in scripts} == set()
