"""A form in the browser while she changes her mind: another family, back at once, a number that is none, no network."""

import os

import pytest
from playwright.sync_api import Browser, Page, expect

from selaras.actions.field.taking import take_in
from selaras.models import Household
from tests import build
from tests.build_field import Field
from tests.stories import offline
from tests.stories.offline import begin_family, finish, question, type_in
from tests.stories.served import Site
from tests.stories.test_offline_form import a_visit, answered_before, opened

# Playwright's loop runs in the tests' thread, and Django would forbid them their queries.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def of() -> Field:
    return offline.open_with_photos()


def another_family(page: Page, code: str) -> None:
    """She chooses that one in the form instead."""
    asked = question(page, "sl_keluarga")
    asked.get_by_role("button", name="Ganti").click()
    asked.locator("input").fill(code)
    asked.locator("input").press("Enter")


def shown(page: Page) -> dict[str, str]:
    """What the form says of the family."""
    values = {name: question(page, name).locator("input").input_value() for name in ("jumlah", "iuran")}
    checked = question(page, "jamban").locator("input:checked")
    return {**values, "jamban": checked.input_value() if checked.count() else ""}


def test_another_family_takes_nothing_over_that_was_confirmed_of_the_one_before(
    browser: Browser, site: Site, of: Field
) -> None:
    wrong, right = (build.household(of.programme.lokus, rw="03") for _ in range(2))
    a_visit(of, wrong, {"jumlah": 5, "jamban": "cemplung", "iuran": "12.5"})
    answered_before(of, right, {"jumlah": 2, "jamban": "leher_angsa"})
    page = opened(browser, site, of)
    begin_family(page, wrong.code)
    page.get_by_role("button", name="3 jawaban di bagian ini masih sama").click()
    type_in(page, "jumlah", "7")
    # A draft of it that is opened again still knows whose answers they were.
    offline.kept(page)
    page.reload()
    another_family(page, right.code)
    page.wait_for_selector(".dulu:visible")
    offered = [each.get_attribute("data-nama") for each in page.locator(".isian:has(.dulu:visible)").all()]
    found = shown(page)
    page.close()

    # Seven people is what she said herself; nothing is left of what the first family had answered.
    assert (found, offered) == ({"jumlah": "7", "iuran": "", "jamban": "leher_angsa"}, ["jamban"])


#: Goes to each address, the next while the one before is still being opened.
_HURRY = """async (places) => {
    for (const place of places) {
        location.hash = place;
        await new Promise((resolve) => setTimeout(resolve, 40));
    }
}"""


def a_draft(page: Page, family: Household) -> str:
    """Of that family, on a page that has opened no form yet; its address."""
    begin_family(page, family.code)
    type_in(page, "jumlah", "5")
    page.wait_for_url("**/isi/#/isi/*")
    offline.kept(page)
    there = "#" + page.url.partition("#")[2]
    page.evaluate("() => { location.hash = '#/' }")
    page.wait_for_selector(".kiriman.draf")
    page.reload()
    page.wait_for_selector(".kiriman.draf")
    return there


def test_a_form_that_she_leaves_before_it_is_open_is_not_drawn_over_where_she_went(
    browser: Browser, site: Site, of: Field
) -> None:
    family = build.household(of.programme.lokus, rw="03")
    page = opened(browser, site, of)
    draft = a_draft(page, family)
    page.evaluate(_HURRY, [draft, "#/"])
    expect(page.locator("main h1")).to_have_text("1 rumah, tinggal 1")
    page.wait_for_timeout(2_500)
    after = (page.locator(".isi-formulir").count(), page.locator("main h1").inner_text())
    page.close()

    assert after == (0, "1 rumah, tinggal 1")


def test_a_draft_that_is_opened_left_and_opened_again_in_a_hurry_is_open_once(
    browser: Browser, site: Site, of: Field
) -> None:
    """Of two openings the first would write its older answers over the second's, whenever the screen goes dark."""
    family = build.household(of.programme.lokus, rw="03")
    page = opened(browser, site, of)
    draft = a_draft(page, family)
    page.evaluate(_HURRY, [draft, "#/", draft])
    page.wait_for_selector(".isi-formulir")
    page.wait_for_timeout(1_500)
    type_in(page, "jumlah", "8")
    offline.kept(page)
    page.evaluate(
        """() => {
            Object.defineProperty(document, 'visibilityState', { value: 'hidden' });
            document.dispatchEvent(new Event('visibilitychange'));
        }"""
    )
    offline.kept(page)
    forms = page.locator(".isi-formulir").count()
    xml = page.evaluate("async () => (await (await import('/static/selaras/isi/store.js')).all('draft'))[0].xml")
    page.close()

    assert (forms, "<jumlah>8</jumlah>" in xml) == (1, True)


def test_a_number_that_is_none_comes_back_with_the_draft_and_is_not_sent_as_the_one_before(
    browser: Browser, site: Site, of: Field
) -> None:
    family = build.household(of.programme.lokus, rw="03")
    page = opened(browser, site, of)
    begin_family(page, family.code)
    type_in(page, "nama", "Sri")
    type_in(page, "jumlah", "4")
    type_in(page, "jumlah", "4,7")
    offline.kept(page)
    page.reload()
    stands = question(page, "jumlah").locator("input").input_value()
    said = offline.wrong(page, "jumlah")
    page.get_by_role("button", name="Selesai dan kirim").click()
    listed = page.locator(".ringkasan li").all_inner_texts()
    type_in(page, "jumlah", "5")
    offline.kept(page)
    page.reload()
    after = (question(page, "jumlah").locator("input").input_value(), offline.wrong(page, "jumlah"))
    page.close()

    assert (stands, said) == ("4,7", "Tulis angka bulat, misalnya 4.")
    assert listed == ["Berapa orang? Tulis angka bulat, misalnya 4."]
    assert after == ("5", "")


def test_a_family_whose_form_has_arrived_is_not_said_to_be_unvisited_when_the_network_goes(
    browser: Browser, site: Site, of: Field
) -> None:
    """She would visit it again, and send it twice."""
    families = [build.household(of.programme.lokus, rw="03", rt="02") for _ in range(2)]
    page = opened(browser, site, of)
    begin_family(page, families[0].code)
    type_in(page, "jumlah", "4")
    type_in(page, "nama", "Sri")
    finish(page)
    page.wait_for_selector(".kiriman.sent")
    at_once = page.locator("main h1").inner_text()
    page.context.set_offline(True)
    page.get_by_role("button", name="Segarkan").click()
    page.get_by_text("Tanpa sinyal").wait_for()
    offline_ = page.locator("main h1").inner_text()
    while take_in():
        pass
    # The signal is back: it asks by itself.
    page.context.set_offline(False)
    page.locator("details.rt li", has_text="sudah didata").wait_for(state="attached")
    after = page.locator("main h1").inner_text()
    page.close()

    assert (at_once, offline_, after) == ("2 rumah, tinggal 1",) * 3


#: The page asks eight seconds after something went; here they pass in a moment. Every other clock runs as it does.
_SOON = """() => {
    const real = window.setTimeout;
    window.setTimeout = (what, wait, ...more) => real(what, what.name === 'askWhatBecame' ? 100 : wait, ...more);
}"""


def test_after_something_went_the_families_are_asked_anew(browser: Browser, site: Site, of: Field) -> None:
    family = build.household(of.programme.lokus, rw="03")
    page = opened(browser, site, of)
    begin_family(page, family.code)
    type_in(page, "jumlah", "4")
    type_in(page, "nama", "Sri")
    page.evaluate(_SOON)
    with page.expect_response("**/isi/isi.json*") as asked:
        finish(page)
    answer = asked.value.status
    page.close()

    assert answer == 200
