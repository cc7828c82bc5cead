"""Rupiah that may have been meant a thousandfold are asked about in the browser as typed entry asks, without a network
too: a question, never a refusal; where the label names thousands or millions of rupiah nothing is asked."""

import os
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from selaras.actions.field.taking import take_in
from selaras.actions.field.typed import cell_of, read_typed
from selaras.models import CurrentAnswers, Household
from selaras.queries.rules import instrument_of
from tests import build
from tests.build_field import Field, open_field
from tests.odk.test_questionnaire import asked_of
from tests.sample_workbook import rows, sample
from tests.stories import offline
from tests.stories.looks import PHONE, serious_findings, sticking_out, too_small
from tests.stories.offline import begin_family, finish, question, type_in, wrong
from tests.stories.served import Site
from tests.stories.walk import picture

# Playwright's loop runs in the tests' thread, and Django would forbid them their queries.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
pytestmark = pytest.mark.django_db(transaction=True)
PICTURES = Path(__file__).parent.parent.parent / "var" / "screenshots"
ASKED = [
    ["decimal", "belanja", "Belanja sebulan (rupiah)"],
    ["decimal", "sewa", "Sewa rumah (Rp)"],
    ["decimal", "panen", "Hasil panen (juta rupiah)"],
    ["decimal", "pinjaman", "Pinjaman (ribu rupiah)"],
    ["decimal", "luas", "Luas sawah"],
]

#: Amounts that nobody can mistake.
AS_IT_STANDS = ("750500", "1.250.000", "750,0", "1000000,125", "1.250.000,5", "187500,3333")


@pytest.fixture
def of() -> Field:
    return open_field(sample(survey=[*rows("survey"), *ASKED]))


def as_typed_entry_asks(of: Field, text: str) -> str:
    """What somebody hears who types the same from paper; '' where it is taken."""
    form = instrument_of(of.form.version).form
    asked = asked_of(form)
    at = {one.name: cell_of(one.number) for one in asked.questions}
    texts = {at["sl_hasil"]: "1", at["jumlah"]: "4", at["belanja"]: text}
    found = read_typed(asked, form, texts, known={"code": "GD-001"}, today=date(2026, 11, 28)).problems
    return "\n".join(f"{problem.message}; {problem.remedy}" for problem in found)


def answers(page: Page, name: str) -> list[str]:
    """The amounts that may be pressed below a question."""
    return question(page, name).locator("p.actions:visible button").all_inner_texts()


def shown(page: Page, name: str) -> str:
    return question(page, name).locator("input").input_value()


def findings(page: Page) -> list[str]:
    return serious_findings(page) + sticking_out(page) + too_small(page)


def opened(browser: Browser, site: Site, of: Field, family: Household) -> Page:
    page = browser.new_page(viewport={"width": PHONE, "height": 844}, locale="id-ID", timezone_id="Asia/Jakarta")
    offline.sign_in(page, site.base, offline.cadre_of(of))
    page.wait_for_selector("details.rt")
    begin_family(page, family.code)
    type_in(page, "jumlah", "4")
    return page


def test_a_doubtful_amount_is_asked_about_as_typed_entry_asks_and_either_answer_is_taken(
    browser: Browser, site: Site, of: Field
) -> None:
    family = build.household(of.programme.lokus, rw="03", rt="02", name="Ibu Uji")
    page = opened(browser, site, of, family)
    page.context.set_offline(True)
    for name in ("panen", "pinjaman", "luas"):
        type_in(page, name, "750,5")
    said = {}
    for text in ("750,5", "0,5", "1,000", "1001,250", "750.5", "750,12345", "-7,5"):
        type_in(page, "belanja", text)
        said[text] = wrong(page, "belanja")
    for name, text in (("belanja", "750,5"), ("sewa", "2,5")):
        type_in(page, name, text)
    both = [answers(page, name) for name in ("belanja", "sewa", "panen", "pinjaman", "luas")]
    unasked = [wrong(page, name) for name in ("panen", "pinjaman", "luas")]
    found = findings(page)
    picture(page, PICTURES, "isi-ribuan", (PHONE,))
    page.get_by_role("button", name="Selesai dan kirim").click()
    summary = page.locator(".ringkasan li").all_inner_texts()
    question(page, "belanja").get_by_role("button", name="750.500 rupiah").click()
    question(page, "sewa").get_by_role("button", name="2,5 rupiah").click()
    after = [(shown(page, name), wrong(page, name), answers(page, name)) for name in ("belanja", "sewa")]
    focused = page.evaluate("() => document.activeElement.closest('[data-nama]').dataset.nama")
    # Left again, what she has answered is not asked about again.
    question(page, "sewa").locator("input").blur()
    still = wrong(page, "sewa")
    page.context.set_offline(False)
    finish(page)
    page.wait_for_selector(".kiriman.sent")
    page.close()
    take_in()
    kept = CurrentAnswers.objects.get(household=family).answers

    assert said == {text: as_typed_entry_asks(of, text) for text in said}
    assert said["750,5"] == (
        "“750,5” dapat berarti 750.500 atau 750,5 rupiah; tulis 750500, atau “750,5 rupiah” bila memang sekecil itu"
    )
    assert both == [["750.500 rupiah", "750,5 rupiah"], ["2.500 rupiah", "2,5 rupiah"], [], [], []]
    assert (unasked, found) == (["", "", ""], [])
    assert summary == [
        f"Belanja sebulan (rupiah): {said['750,5']}",
        "Sewa rumah (Rp): “2,5” dapat berarti 2.500 atau 2,5 rupiah; "
        "tulis 2500, atau “2,5 rupiah” bila memang sekecil itu",
    ]
    assert after == [("750500", "", []), ("2,5", "", [])]
    assert (focused, still) == ("sewa", "")
    assert {name: kept[name] for name in ("belanja", "sewa", "panen", "pinjaman", "luas")} == {
        "belanja": "750500.0", "sewa": "2.5", "panen": "750.5", "pinjaman": "750.5", "luas": "750.5",
    }  # fmt: skip


def test_what_is_not_doubtful_is_not_asked_about_and_the_question_waits_in_the_draft(
    browser: Browser, site: Site, of: Field
) -> None:
    family = build.household(of.programme.lokus, rw="03", rt="02", name="Ibu Uji")
    page = opened(browser, site, of, family)
    quiet = {}
    for text in (*AS_IT_STANDS, "750,5 rupiah", "7,5 RUPIAH"):
        type_in(page, "belanja", text)
        quiet[text] = (wrong(page, "belanja"), shown(page, "belanja"))
    type_in(page, "belanja", "7,5")
    answered_before = wrong(page, "belanja")
    type_in(page, "belanja", "8,5")
    page.wait_for_timeout(600)
    page.get_by_role("link", name="Kembali", exact=True).click()
    page.wait_for_selector(".kiriman.draf")
    page.reload()
    page.locator(".kiriman.draf").get_by_role("link").first.click()
    page.wait_for_selector(".isi-formulir")
    again = (shown(page, "belanja"), wrong(page, "belanja"), answers(page, "belanja"))
    question(page, "belanja").get_by_role("button", name="8.500 rupiah").click()
    done = (shown(page, "belanja"), wrong(page, "belanja"))
    page.close()

    assert quiet == {
        **{text: ("", text) for text in AS_IT_STANDS},
        "750,5 rupiah": ("", "750,5"),
        "7,5 RUPIAH": ("", "7,5"),
    }
    assert [as_typed_entry_asks(of, text) for text in quiet] == [""] * len(quiet)
    assert answered_before == ""
    assert again == ("8,5", as_typed_entry_asks(of, "8,5"), ["8.500 rupiah", "8,5 rupiah"])
    assert done == ("8500", "")
