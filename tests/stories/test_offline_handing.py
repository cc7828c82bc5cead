"""From a finished draft to the queue: whatever a phone dies of between, its photos go along, and none is left over."""

import os

import pytest
from playwright.sync_api import Browser, Page

from tests import build
from tests.build_field import Field
from tests.stories import offline
from tests.stories.offline import begin_family, finish, question, take_photo, type_in
from tests.stories.served import Site
from tests.stories.test_offline_form import opened
from tests.stories.test_offline_refused import SAID

# Playwright's loop runs in the tests' thread, and Django would forbid them their queries.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
pytestmark = pytest.mark.django_db(transaction=True)
_FILES = "async () => (await import('/static/selaras/isi/store.js')).ids('file')"
_PUT = """async ([kind, id, value]) => {
    const store = await import('/static/selaras/isi/store.js');
    await store.put(kind, id, value ?? new Blob(['x'], { type: 'image/jpeg' }));
}"""


@pytest.fixture
def of() -> Field:
    return offline.open_with_photos()


def filled_in(browser: Browser, site: Site, of: Field) -> Page:
    """A form with one photo that wants nothing but to be finished."""
    family = build.household(of.programme.lokus, rw="03")
    page = opened(browser, site, of, service_workers="block")
    begin_family(page, family.code)
    type_in(page, "jumlah", "4")
    type_in(page, "nama", "Sri")
    take_photo(page, "foto", "rumah.jpg", offline.photo(page, 800, 600))
    offline.kept(page)
    return page


def test_what_was_finished_when_the_phone_died_can_be_opened_again_when_it_is_refused(
    browser: Browser, site: Site, of: Field
) -> None:
    page = filled_in(browser, site, of)
    page.route("**/kirim/*", lambda route: route.fulfill(status=413, json={"state": "refused", "said": SAID}))
    page.get_by_role("link", name="Kembali", exact=True).click()
    page.wait_for_selector(".antrean")
    page.evaluate(
        """async () => {
            const store = await import('/static/selaras/isi/store.js');
            const [draft] = await store.all('draft');
            await store.put('draft', draft.id, { ...draft, done: draft.xml });
        }"""
    )
    page.reload()
    page.wait_for_selector(".kiriman.refused")
    page.get_by_role("button", name="Buka lagi").click()
    question(page, "foto").locator("img").wait_for()
    value = question(page, "jumlah").locator("input").input_value()
    page.close()

    assert value == "4"


def test_a_draft_that_dies_while_it_is_thrown_away_goes_with_all_its_photos_or_not_at_all(
    browser: Browser, site: Site, of: Field
) -> None:
    """It is in the queue; the phone dies with its first photo gone, and hands it over once more."""
    page = filled_in(browser, site, of)
    page.route("**/kirim/*", lambda route: route.abort())
    page.evaluate(
        """() => {
            const real = IDBObjectStore.prototype.delete;
            IDBObjectStore.prototype.delete = function (key) {
                if (key[0] === 'draft') throw new Error('the battery');
                return real.call(this, key);
            };
        }"""
    )
    finish(page)
    before = offline.queued(page)
    page.reload()
    page.wait_for_selector(".antrean")
    after = offline.queued(page)
    page.close()

    assert [sorted(parts) for parts in before.values()] == [["rumah.jpg", "xml_submission_file"]]
    assert after == before


def test_photos_that_no_draft_names_go_and_those_of_drafts_stay(browser: Browser, site: Site, of: Field) -> None:
    page = filled_in(browser, site, of)
    (named,) = page.evaluate(_FILES)
    draft = named.split(" ")[0]
    form = {"form_id": "x", "version": "1", "title": "Data awal", "lists": []}
    page.evaluate(
        _PUT, ["draft", "tutup", {"id": "tutup", "form": form, "files": [{"name": "a.jpg", "note": ""}], "at": 1}]
    )
    for key in ("tutup a.jpg", "tutup b.jpg", "hilang a.jpg", f"{draft} baru.jpg"):
        page.evaluate(_PUT, ["file", key, None])

    page.evaluate("async () => (await import('/static/selaras/isi/kept.js')).refresh()")
    open_ = sorted(page.evaluate(_FILES))
    page.goto(f"{site.base}/isi/")
    page.get_by_role("button", name="Segarkan").click()
    page.wait_for_function(f"async () => (await ({_FILES})()).length === 2")
    shut = sorted(page.evaluate(_FILES))
    page.close()

    # Of the form that is open, one may be kept that its draft names in a moment.
    assert open_ == sorted([named, f"{draft} baru.jpg", "tutup a.jpg"])
    assert shut == sorted([named, "tutup a.jpg"])
