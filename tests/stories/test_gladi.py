"""A lurah of another kelurahan marks a lokus on her phone without a network; what is lost becomes a task."""

import os

import pytest
from playwright.sync_api import Browser, expect

from selaras.models import GladiMark, GladiTask
from tests.build_gladi import asked, closed, from_elsewhere, opened, year
from tests.stories import offline
from tests.stories.offline import choose, finish, type_in
from tests.stories.served import WAIT, Site

# Playwright's loop runs in the tests' thread, and Django would forbid them their queries.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
pytestmark = pytest.mark.django_db(transaction=True)


def test_a_sheet_is_filled_without_a_network_and_sent_once_there_is_one(browser: Browser, site: Site) -> None:
    of = year()
    gladi = opened(of)
    ani = from_elsewhere()
    ani.set_password(offline.PASSWORD)
    ani.save()
    asked(gladi, of.lokus, ani)
    page = browser.new_page(viewport={"width": 390, "height": 844}, service_workers="block")
    offline.sign_in(page, site.base, ani)
    page.get_by_role("link", name="Beri nilai").click(timeout=WAIT)
    page.wait_for_selector(".isi-formulir", timeout=WAIT)

    page.context.set_offline(True)
    choose(page, "nilai_sk", "Belum ada SK")
    type_in(page, "catatan_sk", "SK tidak ada di tempat")
    type_in(page, "nilai_warga", "62,5")
    finish(page)
    expect(page.locator(".kiriman.waiting")).to_have_count(1, timeout=WAIT)
    assert GladiMark.objects.count() == 0

    page.context.set_offline(False)
    expect(page.locator(".kiriman.sent")).to_have_count(1, timeout=WAIT)
    page.close()
    found = {mark.indicator: (mark.option, mark.note) for mark in GladiMark.objects.all()}
    assert found == {"sk": ("b", "SK tidak ada di tempat"), "warga": ("", "")}
    closed(gladi)
    assert sorted(task.indicator for task in GladiTask.objects.all()) == ["sk", "warga"]
