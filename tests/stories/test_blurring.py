"""A photo is prepared for those outside by mouse, by keyboard alone, and on a phone; then it may be seen, hidden."""

import os

import pytest
from playwright.sync_api import Browser, Page, expect

from selaras.models import Blur, Lokus, User
from tests.build_blurs import of_people
from tests.build_evidence import ani, scored_lokus, secretary
from tests.stories.looks import DESK, PHONE

# Playwright's loop runs in the tests' thread, and Django would forbid them their queries.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
pytestmark = pytest.mark.django_db(transaction=True)
PASSWORD = "kenanga-lumbung-9174"


@pytest.fixture
def lokus() -> Lokus:
    return scored_lokus()


def come_in(page: Page, base: str, user: User, path: str) -> None:
    user.set_password(PASSWORD)
    user.save()
    page.goto(f"{base}/masuk/")
    page.fill("[name=login]", user.username)
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url(lambda url: "/masuk/" not in url)
    page.goto(base + path)


def path_of(blur: Blur) -> str:
    return f"/tahun/{blur.evidence.cycle.slug}/foto-publik/{blur.evidence.uuid}/"


def stands(blur: Blur) -> list[list[int]]:
    return Blur.objects.get(pk=blur.pk).regions


def test_what_the_computer_missed_is_drawn_by_mouse_and_what_is_nobody_is_removed_by_keyboard(
    browser: Browser, base: str, lokus: Lokus
) -> None:
    blur = of_people(ani(), lokus)
    count = len(blur.proposed)
    page = browser.new_page(viewport={"width": DESK, "height": 1000})
    come_in(page, base, secretary(), path_of(blur))
    boxes = page.locator(".blur-box")
    expect(boxes).to_have_count(count)

    canvas = page.locator(".blur-canvas").bounding_box()
    assert canvas is not None
    scale = canvas["width"] / blur.width
    page.mouse.move(canvas["x"] + 20 * scale, canvas["y"] + 20 * scale)
    page.mouse.down()
    page.mouse.move(canvas["x"] + 60 * scale, canvas["y"] + 90 * scale, steps=4)
    page.mouse.move(canvas["x"] + 120 * scale, canvas["y"] + 140 * scale, steps=4)
    page.mouse.up()
    expect(boxes).to_have_count(count + 1)
    expect(page.locator("[data-said]")).to_have_text(f"Kotak {count + 1} ditambahkan.")

    # The first that was proposed is no face: by keyboard.
    boxes.first.focus()
    page.keyboard.press("Delete")
    expect(boxes).to_have_count(count)
    page.get_by_label("Sudah saya lihat").check()
    page.get_by_role("button", name="Tutup bagian itu").click()
    page.wait_for_url("**/foto-publik/")

    done = stands(blur)
    assert done[: count - 1] == [box[:4] for box in blur.proposed[1:]]
    left, top, width, height = done[-1]
    assert max(abs(left - 20), abs(top - 20), abs(width - 100), abs(height - 120)) <= 4
    page.goto(base + path_of(blur))
    assert page.locator(".public-copy img").evaluate("image => image.decode().then(() => image.naturalWidth)") == 1200
    page.close()


def test_by_keyboard_alone_a_box_is_added_moved_widened_and_sent(browser: Browser, base: str, lokus: Lokus) -> None:
    blur = of_people(ani(), lokus)
    count = len(blur.proposed)
    page = browser.new_page(viewport={"width": DESK, "height": 1000})
    come_in(page, base, secretary(), path_of(blur))

    page.get_by_role("button", name="Tambah kotak").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".blur-box").last).to_be_focused()
    for key in ("ArrowLeft", "ArrowLeft", "ArrowUp", "Shift+ArrowRight"):
        page.keyboard.press(key)
    page.get_by_role("button", name="Tutup bagian itu").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/foto-publik/")

    # In the middle, 16 of 100 of the shorter side wide; a step is one hundredth of that side.
    assert stands(blur)[count] == [600 - 72 - 18, 450 - 72 - 9, 144 + 9, 173]
    page.close()


def test_on_a_phone_a_tap_adds_a_box_and_without_scripts_numbers_do(browser: Browser, base: str, lokus: Lokus) -> None:
    first, second = of_people(ani(), lokus, 1), of_people(ani(), lokus, 2)
    user = secretary()
    phone = browser.new_context(viewport={"width": PHONE, "height": 844}, has_touch=True, is_mobile=True).new_page()
    come_in(phone, base, user, path_of(first))
    canvas = phone.locator(".blur-canvas").bounding_box()
    assert canvas is not None
    phone.touchscreen.tap(canvas["x"] + canvas["width"] / 2, canvas["y"] + canvas["height"] * 0.85)
    expect(phone.locator(".blur-box")).to_have_count(len(first.proposed) + 1)
    phone.get_by_role("button", name="Tutup bagian itu").click()
    phone.wait_for_url(f"**{path_of(second)}")
    assert len(stands(first)) == len(first.proposed) + 1
    phone.context.close()

    plain = browser.new_context(java_script_enabled=False).new_page()
    come_in(plain, base, user, path_of(second))
    plain.locator("summary").filter(has_text="Ketik letak kotaknya").click()
    row = plain.locator("[data-rows] tr").nth(len(second.proposed))
    for name, number in (("kiri", "7"), ("atas", "8"), ("lebar", "90"), ("tinggi", "100")):
        row.locator(f"[name={name}]").fill(number)
    plain.get_by_role("button", name="Tutup bagian itu").click()
    plain.wait_for_url("**/foto-publik/")
    assert stands(second) == [*(box[:4] for box in second.proposed), [7, 8, 90, 100]]
    plain.context.close()
