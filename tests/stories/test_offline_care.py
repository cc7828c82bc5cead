"""A form in the browser while she changes her mind: another family, back at once, a number that is none, no network."""

import os
from collections.abc import Iterator

import pytest
from django.core.cache import cache
from playwright.sync_api import Browser, Page

from tests import build
from tests.build_field import Field
from tests.stories import offline
from tests.stories.offline import Site, begin_family, finish, question, type_in
from tests.stories.test_offline_form import a_visit, answered_before, opened
from tests.web.statics import collected

# Playwright's loop runs in the tests' thread, and Django would forbid them their queries.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    cache.clear()
    with collected(tmp_path_factory.mktemp("static")):
        made = Site()
        made.on()
        yield made
        made.off()


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
