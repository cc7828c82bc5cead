"""What the server does not take: opened again and put right, or thrown away; and what could not be put in the queue."""

import os

import pytest
from playwright.sync_api import Browser, Page

from selaras.models import Arrival
from tests import build
from tests.build_field import Field
from tests.stories import offline
from tests.stories.looks import DESK, PHONE
from tests.stories.offline import begin_family, finish, question, take_photo, type_in
from tests.stories.served import Site
from tests.stories.test_offline_form import PICTURES, findings, opened
from tests.stories.walk import picture

# Playwright's loop runs in the tests' thread, and Django would forbid them their queries.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
pytestmark = pytest.mark.django_db(transaction=True)
SAID = "Kiriman ini lebih dari 100 MB. Hapus foto yang tidak perlu."
#: How many rows of each kind lie in the browser.
_LEFT = """async () => {
    const store = await import('/static/selaras/isi/store.js');
    const kinds = ['queue', 'queue-bytes', 'draft', 'file', 'again'];
    return Promise.all(kinds.map(async (kind) => (await store.all(kind)).length));
}"""


@pytest.fixture
def of() -> Field:
    return offline.open_with_photos()


def refused(browser: Browser, site: Site, of: Field) -> Page:
    """A form with a photo that the server has refused."""
    family = build.household(of.programme.lokus, rw="03")
    page = opened(browser, site, of, service_workers="block")
    page.route("**/kirim/*", lambda route: route.fulfill(status=413, json={"state": "refused", "said": SAID}))
    begin_family(page, family.code)
    type_in(page, "jumlah", "4")
    type_in(page, "nama", "Sri")
    take_photo(page, "foto", "rumah.jpg", offline.photo(page, 800, 600))
    finish(page)
    page.wait_for_selector(".kiriman.refused")
    return page


def test_what_was_refused_is_opened_again_put_right_and_sent(browser: Browser, site: Site, of: Field) -> None:
    page = refused(browser, site, of)
    found = findings(page)
    picture(page, PICTURES, "isi-ditolak", (DESK, PHONE))
    page.get_by_role("button", name="Buka lagi").click()
    question(page, "foto").locator("img").wait_for()
    value = question(page, "jumlah").locator("input").input_value()
    question(page, "foto").get_by_role("button", name="Hapus foto").click()
    page.unroute("**/kirim/*")
    finish(page)
    page.wait_for_selector(".kiriman.sent")
    page.close()

    assert (found, value) == ([], "4")
    assert Arrival.objects.get().files.count() == 0


def test_what_was_refused_goes_for_good_after_a_second_press(browser: Browser, site: Site, of: Field) -> None:
    page = refused(browser, site, of)
    before = page.evaluate(_LEFT)
    item = page.locator(".kiriman.refused")
    item.get_by_role("button", name="Hapus").click()
    item.get_by_role("button", name="Ya, hapus kiriman").click()
    item.wait_for(state="detached")
    after = page.evaluate(_LEFT)
    page.close()

    assert (before, after) == ([1, 1, 0, 0, 1], [0, 0, 0, 0, 0])


def test_a_finished_form_that_cannot_be_put_in_the_queue_does_not_keep_the_page_shut(
    browser: Browser, site: Site, of: Field
) -> None:
    """As a phone that died leaves it; its photo cannot be read."""
    build.household(of.programme.lokus, rw="03")
    page = opened(browser, site, of)
    page.evaluate(
        """async () => {
            const store = await import('/static/selaras/isi/store.js');
            const form = { title: 'Data awal', form_id: 'x', version: '1', lists: [] };
            await store.put('draft', 'x', { id: 'x', form, about: 'GD-009 Uji', done: '<a>1</a>', files: null, at: 1 });
        }"""
    )
    page.reload()
    line = page.locator(".kiriman.draf").inner_text()
    page.close()

    assert "Formulir belum masuk antrean kirim." in line
