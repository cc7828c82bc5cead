"""A paper of the shipped survey is typed by keyboard alone: the mouse is not touched from sign-in to the next paper."""

import os
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, expect

from selaras.models import CurrentAnswers, Role, User
from tests import build
from tests.actions.test_typed import family
from tests.build_field import Field, open_field
from tests.odk.test_questionnaire import P2WKSS
from tests.stories.looks import DESK, PHONE, serious_findings, sticking_out, too_small
from tests.stories.walk import key, picture, press

# Playwright's loop runs in the tests' thread, and Django would forbid them their queries.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
pytestmark = pytest.mark.django_db(transaction=True)
PICTURES = Path(__file__).parent.parent.parent / "var" / "screenshots"
PASSWORD = "kenanga-lumbung-9174"
PAGES = ("formulir/", "ketik/", "ketik/baru/", "ketik/GD-001/")
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
HERE = "() => document.activeElement.name || document.activeElement.id"


def typist(of: Field) -> User:
    user = build.member(Role.CADRE, f"{of.programme.lokus.place.code}.RW03", cycle=of.programme.cycle)
    user.set_password(PASSWORD)
    user.save()
    return user


def come_in(page: Page, base: str, user: User, path: str) -> None:
    """Sign in by keyboard, then open that address."""
    page.goto(f"{base}/masuk/")
    page.locator("[name=login]").focus()
    page.keyboard.type(user.username)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    key(page, "Enter")
    page.goto(base + path)


def at(page: Page, name: str) -> None:
    """The keyboard is in that field; where a page opens in one, a moment after it has come."""
    expect(page.locator(f"[name='{name}'], [id='{name}']").first).to_be_focused()


def type_through(page: Page, answers: dict[str, str]) -> list[str]:
    """Enter after every question, to the last; the fields in the order that they came."""
    passed: list[str] = []
    while (name := page.evaluate(HERE)).startswith("q"):
        assert name not in passed
        passed.append(name)
        if name in answers:
            page.keyboard.type(answers[name])
        page.keyboard.press("Enter")
    return passed


def test_a_family_is_typed_from_sign_in_to_the_next_paper_without_a_mouse(browser: Browser, base: str) -> None:
    of = open_field(P2WKSS.read_bytes())
    household = build.household(of.programme.lokus, rw="03", address="Gang Uji 7")
    page = browser.new_context(viewport={"width": DESK, "height": 900}).new_page()
    answers = family(3)
    come_in(page, base, typist(of), f"/tahun/{of.programme.cycle.slug}/lokus/{of.programme.lokus.area}/ketik/")

    at(page, "keluarga")
    page.keyboard.type(household.code.lower())
    key(page, "Enter")
    at(page, "qA")
    passed = type_through(page, answers)
    # The third member's row came when "3" was typed; back to one question by its number, and wrong on purpose.
    assert [name for name in passed if name.startswith("q11-")] == ["q11-1", "q11-2", "q11-3"]
    page.keyboard.press("F2")
    page.keyboard.type("14.2")
    page.keyboard.press("Enter")
    at(page, "q14-2")
    page.keyboard.type("400")
    picture(page, PICTURES, "ketik", (PHONE, DESK))
    key(page, "Control+Enter")
    assert page.locator("#salah a").all_inner_texts()[0] == "nomor 14, baris 2"
    at(page, "q14-2")
    assert page.input_value("[name='q11-3']") == "Budi Uji"
    picture(page, PICTURES, "ketik-salah", (PHONE, DESK))
    page.keyboard.type("40")
    key(page, "Control+Enter")

    assert page.url.endswith("/ketik/?putaran=baseline")
    assert f"{household.code} tersimpan." in page.locator("main").inner_text()
    current = CurrentAnswers.objects.get(household=household)
    assert (current.submission.mode, len(current.answers["member"])) == ("keyed", 3)
    assert (current.answers["household_size"], current.answers["floor_area"]) == (3, "36")
    page.context.close()


def test_the_pages_hold_on_a_phone_and_for_readers(browser: Browser, base: str) -> None:
    """In the light and in the dark; their pictures are left to be looked at."""
    of = open_field(P2WKSS.read_bytes())
    build.household(of.programme.lokus, rw="03")
    page = browser.new_context(viewport={"width": PHONE, "height": 844}).new_page()
    here = f"/tahun/{of.programme.cycle.slug}/lokus/{of.programme.lokus.area}/"
    come_in(page, base, typist(of), here)
    found: dict[tuple[str, str], tuple[list[str], ...]] = {}
    for rest in PAGES:
        page.goto(f"{base}{here}{rest}")
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            page.set_viewport_size({"width": PHONE, "height": 844})
            found[rest, scheme] = (sticking_out(page), too_small(page), serious_findings(page))
            picture(page, PICTURES, f"{rest.strip('/').replace('/', '-').lower()}-{scheme}", (PHONE, DESK))

    assert found == {(rest, scheme): ([], [], []) for rest in PAGES for scheme in SCHEMES}
    page.context.close()


def test_it_is_typed_without_a_script_too(browser: Browser, base: str) -> None:
    of = open_field(P2WKSS.read_bytes())
    household = build.household(of.programme.lokus, rw="03", address="Gang Uji 7")
    page = browser.new_context(viewport={"width": DESK, "height": 900}, java_script_enabled=False).new_page()
    start = f"/tahun/{of.programme.cycle.slug}/lokus/{of.programme.lokus.area}/ketik/{household.code}/"
    come_in(page, base, typist(of), start)
    page.fill("#q10", "2")
    press(page.get_by_role("button", name="Sesuaikan jumlah baris"))
    for name, text in family(2).items():
        page.fill(f"[name='{name}']", text)
    press(page.get_by_role("button", name="Simpan formulir"))

    assert f"{household.code} tersimpan." in page.locator("main").inner_text()
    assert len(CurrentAnswers.objects.get(household=household).answers["member"]) == 2
    page.context.close()
