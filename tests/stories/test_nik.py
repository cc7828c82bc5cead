"""NIK on a phone: what may not fit is said below the number while it is typed, and the form goes on all the same."""

import os

import pytest
from playwright.sync_api import Browser, Page

from selaras.access import CONSOLE
from selaras.actions.cycles import ask_for_nik
from selaras.actions.field.taking import take_in
from selaras.models import Household
from tests import build
from tests.actions.test_nik_asked import ELSEWHERE, NIK, head
from tests.build_field import Field, open_field
from tests.sample_workbook import rows, sample
from tests.stories import offline
from tests.stories.looks import PHONE, serious_findings, sticking_out, too_small
from tests.stories.offline import begin_family, choose, finish, type_in
from tests.stories.served import Site

# Playwright's loop runs in the tests' thread, and Django would forbid them their queries.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
pytestmark = pytest.mark.django_db(transaction=True)
SHAPE, PLACE = "NIK ini perlu diperiksa lagi", "NIK ini diterbitkan di daerah lain"
BORN = "Tanggal lahir di NIK ini lain dari yang tertulis"


def opened(browser: Browser, site: Site, of: Field, family: Household) -> Page:
    """Her form of that family, on a phone."""
    ask_for_nik(by=CONSOLE, cycle=of.programme.cycle, asked=True)
    page = browser.new_page(viewport={"width": PHONE, "height": 844}, locale="id-ID", timezone_id="Asia/Jakarta")
    offline.sign_in(page, site.base, offline.cadre_of(of))
    page.wait_for_selector("details.rt")
    begin_family(page, family.code)
    return page


def doubts(page: Page) -> list[str]:
    return [text for text in (SHAPE, PLACE, BORN) if page.get_by_text(text).is_visible()]


def test_a_number_that_may_not_fit_is_doubted_below_it_and_sent_all_the_same(browser: Browser, site: Site) -> None:
    of = open_field()
    family = build.household(of.programme.lokus, rw="03", rt="02", name="Ibu Uji")
    page = opened(browser, site, of, family)
    choose(page, "sl_nik_punya", "Punya, ini nomornya")
    said = {}
    for number in (NIK, NIK[:-1], ELSEWHERE, "3672054199800001", "9999994101800001"):
        type_in(page, "sl_nik", number)
        said[number] = doubts(page)
    assert said == {
        NIK: [],
        NIK[:-1]: [SHAPE],
        ELSEWHERE: [PLACE],
        "3672054199800001": [SHAPE],
        "9999994101800001": [],
    }
    type_in(page, "sl_nik", ELSEWHERE)
    assert serious_findings(page) + sticking_out(page) + too_small(page) == []
    type_in(page, "jumlah", "4")
    finish(page)
    page.wait_for_selector(".kiriman.sent")
    take_in()
    assert head(family) == (ELSEWHERE, "")


def test_a_members_number_is_held_against_her_day_of_birth(browser: Browser, site: Site) -> None:
    survey = rows("survey")
    place = next(at for at, row in enumerate(survey) if row[1] == "nama")
    survey[place + 1 : place + 1] = [["date", "tanggal_lahir", "Tanggal lahir"], ["text", "nik", "NIK"]]
    privacy = [*rows("privacy"), ["tanggal_lahir", "pribadi", "umur"], ["nik", "pribadi", "dokumen"]]
    of = open_field(sample(survey=survey, privacy=privacy))
    family = build.household(of.programme.lokus, rw="03", rt="02", name="Ibu Uji")
    page = opened(browser, site, of, family)
    type_in(page, "nik", NIK)
    said = [doubts(page)]
    for day in ("1980-01-01", "1980-01-02", "1981-01-01"):
        type_in(page, "tanggal_lahir", day)
        said.append(doubts(page))
    assert said == [[], [], [BORN], [BORN]]
