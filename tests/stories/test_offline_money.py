"""Rupiah that may have been meant a thousandfold are asked about in the browser as typed entry asks, without a network
too: a question, never a refusal; where the label names thousands or millions of rupiah nothing is asked."""

import json
import os
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from selaras.actions.field.taking import take_in
from selaras.actions.field.typed import cell_of, read_typed
from selaras.models import CurrentAnswers, Household
from selaras.odk.forms import Field as Asked
from selaras.odk.values import NO_WORDS, answer_of
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
from tests.web.cast import inside

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
    ["integer", "upah", "Upah sehari (rupiah)"],
    ["integer", "modal", "Modal (juta rupiah)"],
    ["integer", "ternak", "Berapa ternak?"],
]
KINDS = [row[1] for row in ASKED]
#: What people write in a field of numbers. Read by Python and by the browser it is one number, or both ask.
TEXTS = (
    *(
        "750,5",
        "750.5",
        "750.500",
        "750500",
        "750 000",
        "750\u00a0000",
        "750 ,5",
        "+750,5",
        "-7,5",
        "- 7",
        "0,5",
        "0.500",
    ),
    *("1.250", "-1.250", "1.250.000", "1.250.000,5", "1250.000,5", "1,000", "4,0", "4.0", "4,00", "12.", ",5", "1e3"),
    *(
        "Rp 1.250.000",
        "Rp1.250",
        "Rp. 750.5",
        "Rp. 12.5",
        "Rp 750,5,-",
        "Rp750.5,-",
        "Rp 750.500",
        "Rp 750 000",
        "-Rp 5",
    ),
    *(
        "Rp\u00a0750,5",
        "rp 0.500",
        "IDR 5",
        "75,-",
        "75,",
        "1.250 rupiah",
        "750.500 rupiah",
        "750,5 rupiah",
        "5 RUPIAH",
    ),
    *(
        "-0,5rupiah",
        "Rp 5 rupiah",
        "1250000 juta",
        "1.250.000 juta rupiah",
        "7,5 jt",
        "1.250 juta",
        "75 ribu",
        "2 rb Rp.",
    ),
    *(
        "999999",
        "1000000",
        "999999,9",
        "3000000000",
        "1000000,5",
        "+-1",
        "1" * 40,
        "1" + "0" * 29 + ",5",
        "12345678901234",
        "0,0000000000001",
        "187500,3333",
        "1 250,375",
    ),
    *("4 orang", "36 m2", "1.250,000 kg", "50 %", "empat", "0750,5", "000", "1.2.3", "1,2,3", "٧", "1,250", "12,345"),
)

#: Amounts that nobody can mistake.
AS_IT_STANDS = ("750500", "1.250.000", "750,0", "1000000,125", "1.250.000,5", "187500,3333")
#: Question -> text -> what it is handed to the engine as, the problem, and what it may be.
IN_THE_BROWSER = """async ([money, kinds, texts]) => {
    const { heap, read, readings, ruleOf } = await import('/static/selaras/isi/values.js');
    const one = (name, type, text) => {
        const rule = ruleOf(money, name);
        const { value, problem, number } = read(type, text, rule);
        const meant = number && (problem === 'tanya-ribuan' ? readings(number) : heap(number, rule, type === 'int'));
        return [value ?? null, problem ?? '', meant ?? null];
    };
    const row = (name, kind) => texts.map((text) => [text, one(name, kind === 'integer' ? 'int' : kind, text)]);
    return Object.fromEntries(Object.entries(kinds).map(([name, kind]) => [name, Object.fromEntries(row(name, kind))]));
}"""


@pytest.fixture
def of() -> Field:
    return open_field(sample(survey=[*rows("survey"), *ASKED]))


def as_typed_entry_asks(of: Field, text: str, name: str = "belanja") -> str:
    """What somebody hears who types the same from paper; '' where it is taken."""
    return heard(of, text, (name,)).get(name, "")


def heard(of: Field, text: str, names: Sequence[str]) -> dict[str, str]:
    """The same text in each of those questions: what is heard of it, by question."""
    form = instrument_of(of.form.version).form
    asked = asked_of(form)
    at = {one.name: cell_of(one.number) for one in asked.questions}
    texts = {at["sl_hasil"]: "1", at["jumlah"]: "4", **{at[name]: text for name in names}}
    found = read_typed(asked, form, texts, known={"code": "GD-001"}, today=date(2026, 11, 28)).problems
    said = {cell: name for name, cell in at.items()}
    return {said[str(each.values["at"])]: f"{each.message}; {each.remedy}" for each in found}


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


def test_rupiah_written_out_where_millions_are_asked_are_asked_about_and_either_answer_is_taken(
    browser: Browser, site: Site, of: Field
) -> None:
    family = build.household(of.programme.lokus, rw="03", rt="02", name="Ibu Uji")
    page = opened(browser, site, of, family)
    said = {}
    for text in ("Rp 1.250.000", "60000000", "1.500.000"):
        for name in ("panen", "modal", "pinjaman"):
            type_in(page, name, text)
            said[name, text] = wrong(page, name)
    both = [answers(page, name) for name in ("panen", "modal", "pinjaman")]
    found = findings(page)
    question(page, "panen").get_by_role("button", name="1.500.000 rupiah", exact=True).click()
    question(page, "modal").get_by_role("button", name="1.500.000 juta rupiah").click()
    type_in(page, "pinjaman", "1.500.000 ribu")
    # A sign of money and blanks are taken as typed entry takes them, and a point in whole rupiah.
    for name, text in (("belanja", "Rp 750.500"), ("sewa", "750 000 rupiah"), ("upah", "1.250"), ("luas", "36 m2")):
        type_in(page, name, text)
    names = ("panen", "modal", "pinjaman", "belanja", "sewa", "upah", "luas")
    after = {name: (shown(page, name), wrong(page, name), answers(page, name)) for name in names}
    # Left again, what has been answered is not asked about again.
    question(page, "modal").locator("input").focus()
    question(page, "modal").locator("input").blur()
    still = wrong(page, "modal")
    finish(page)
    page.wait_for_selector(".kiriman.sent")
    page.close()
    take_in()
    kept = CurrentAnswers.objects.get(household=family).answers

    assert said == {(name, text): as_typed_entry_asks(of, text, name) for name, text in said}
    assert said["panen", "Rp 1.250.000"] == (
        "“Rp 1.250.000” dapat berarti 1.250.000 rupiah atau 1.250.000 juta rupiah; "
        "tulis 1,25, atau “1.250.000 juta” bila memang sebanyak itu"
    )
    assert both == [["1.500.000 rupiah", f"1.500.000 {unit} rupiah"] for unit in ("juta", "juta", "ribu")]
    assert (found, still) == ([], "")
    assert after == {
        name: (text, "", [])
        for name, text in zip(names, ("1,5", "1.500.000", "1500000", "750500", "750000", "1250", "36"), strict=True)
    }
    assert [Decimal(kept[name]) for name in names] == [Decimal("1.5"), 1500000, 1500000, 750500, 750000, 1250, 36]


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
    offline.kept(page)
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


def test_python_and_the_browser_read_one_number_or_both_ask(browser: Browser, site: Site, of: Field) -> None:
    form = instrument_of(of.form.version).form
    money = json.loads(inside(offline.cadre_of(of)).get("/isi/isi.json").content)["forms"][0]["money"]
    kinds = {name: form.fields[name].kind for name in KINDS}
    page = browser.new_page()
    page.goto(f"{site.base}/masuk/")
    there = page.evaluate(IN_THE_BROWSER, [money, kinds, TEXTS])
    page.close()

    numbers, asks, large = {}, {}, set()
    for name, text, (value, problem, meant) in ((name, text, there[name][text]) for name in KINDS for text in TEXTS):
        numbers[name, text] = None if value is None else Decimal(value)
        words = money["words_heaped" if problem == "tanya-satuan" else "words"]
        asks |= {(name, text): words.format(text=" ".join(text.split()), **meant)} if meant else {}
        # The engine's whole numbers have 32 bits, as a phone's have.
        large |= {(name, text)} if problem == "salah-besar" else set()
    here = {(name, text): number(form.fields[name], text) for name, text in numbers}
    typed = {text: heard(of, text, KINDS) for text in TEXTS}
    assert {
        cell: (numbers[cell], here[cell]) for cell in here if numbers[cell] != here[cell] and cell not in large
    } == {}
    assert {cell: said for cell, said in asks.items() if typed[cell[1]].get(cell[0]) != said} == {}
    assert {(n, text) for text in TEXTS for n, said in typed[text].items() if " dapat berarti " in said} == set(asks)
    assert {text for _name, text in large} == {"12345678901234", "3000000000", "1" * 40, "1" + "0" * 29 + ",5"}


def number(field: Asked, text: str) -> Decimal | None:
    """As Python reads it."""
    value, problem = answer_of(field, NO_WORDS, text.strip())
    return None if problem is not None or value is None else Decimal(str(value))
