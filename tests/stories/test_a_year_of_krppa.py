"""A KRPPA year of a second city, from an empty year to the package that the jury reads: P2WKSS is nowhere in sight."""

import io
import json
import os
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Page, expect

from selaras.access import CONSOLE
from selaras.actions.jobs import work_off
from selaras.actions.published_measures import take_published
from selaras.models import Lokus, Need, Publication, PublicationKind, Role
from tests import build
from tests.build_plans import commitment
from tests.build_workbook import workbook
from tests.pdf import pdf_text
from tests.stories.served import WAIT
from tests.stories.walk import press

# Playwright's loop runs in the tests' thread, and Django would forbid them their queries.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
pytestmark = pytest.mark.django_db(transaction=True)
YEAR, AREA = "krppa-kota-serang-2024", "36.73.01.1001"
HEADER = ["kode", "nama kepala", "rw", "rt", "household_size", "woman_business", "women_groups", "voice"]
HEADER += ["felt_safety", "knows_channel", "parenting_shared", "parenting_class", "child_time"]
MEMBERS = ["kode", "nama", "relation", "sex", "age_years", "has_birth_cert", "in_school"]
FAMILIES = 8


@dataclass(slots=True)
class Secretary:
    """Her window, and every page that she has had before her."""

    page: Page
    base: str
    seen: dict[str, str] = field(default_factory=dict)

    def at(self, path: str, *, whole: bool = True) -> Page:
        self.page.goto(f"{self.base}/tahun/{path}")
        return self.noted() if whole else self.page

    def noted(self) -> Page:
        """The page that is there now is remembered."""
        self.seen[self.page.url.removeprefix(self.base)] = self.page.content()
        return self.page


@pytest.fixture
def secretary(browser: Browser, base: str) -> Iterator[Secretary]:
    build.place(AREA)
    client = Client()
    client.force_login(build.member(Role.SECRETARIAT, "36.73"))
    context = browser.new_context(service_workers="block")
    context.set_default_timeout(WAIT)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": base}])
    yield Secretary(context.new_page(), base)
    context.close()


def test_a_krppa_year_of_a_second_city_goes_from_set_up_to_its_dossier(secretary: Secretary, tmp_path: Path) -> None:
    begin(secretary)
    bring_families(secretary, tmp_path)
    plan_and_claim(secretary)
    rehearse(secretary)
    package = freeze(secretary)

    told = {each["key"]: each["value"] for each in json.loads(package["angka.json"])}
    assert told["families"] == str(FAMILIES)
    words = {**secretary.seen, **{name: said(name, content) for name, content in package.items()}}
    assert {name for name, text in words.items() if "KRPPA" not in text} <= {"angka.json", "manifest.json"}
    assert [name for name, text in words.items() if "p2wkss" in (name + text).lower()] == []


def begin(of: Secretary) -> None:
    """The year with its own instruments, a lokus, and the offices."""
    page = of.at("baru/?wilayah=36.73&tahun=2024", whole=False)
    press(page.get_by_role("button", name="Terbitkan tiga instrumen KRPPA"))
    assert page.locator("[name=programme]").input_value() == "KRPPA"
    press(page.get_by_role("button", name=re.compile("Buka tahun")))
    assert page.url.endswith(f"/tahun/{YEAR}/atur/")
    of.noted()
    press(page.get_by_role("link", name=re.compile("Tetapkan lokus")))
    page.select_option("select[name=place]", label="Serang")
    press(page.get_by_role("button", name="Tetapkan lokus"))
    of.noted()
    press(of.at(f"{YEAR}/opd/").get_by_role("button", name="Catat yang dicentang"))
    of.noted()


def bring_families(of: Secretary, folder: Path) -> None:
    """The office's sheet: eight families, of whom two have a woman in business."""
    rows, members = [], []
    for n in range(1, FAMILIES + 1):
        code, business = f"SR-{n:03d}", "ya" if n <= 2 else "tidak"
        groups, safe = ("dasawisma", "aman") if n % 2 else ("tidak_ada", "kurang_aman")
        rows.append([code, f"Warga {n}", "01", "01", 2, business, groups, "tidak", safe, "ya", "ya", "tidak", "ya"])
        members.append([code, f"Ibu {n}", "kepala", "perempuan", 35, "", ""])
        members.append([code, f"Anak {n}", "anak", "perempuan", 14, "ya", "ya" if n < FAMILIES else "tidak"])
    sheet = folder / "keluarga.xlsx"
    sheet.write_bytes(workbook({"keluarga": [HEADER, *rows], "member": [MEMBERS, *members]}))
    page = of.at(f"{YEAR}/lokus/{AREA}/impor/")
    page.set_input_files("input[type=file]", sheet)
    page.select_option("select[name=round]", label="Data awal")
    press(page.locator("main form button").first)
    work_off()
    page.get_by_role("button", name="Simpan semuanya").wait_for()  # a page that waits for its job loads itself again
    press(page.get_by_role("button", name="Simpan semuanya"))
    work_off()
    page.get_by_role("link", name="Lihat nilai lokus").wait_for()
    of.noted()
    assert Need.objects.filter(indicator="perempuan_berusaha").count() == FAMILIES - 2
    of.at(f"{YEAR}/lokus/{AREA}/")


def plan_and_claim(of: Secretary) -> None:
    """A promise for the needs, the matrix; a claim for what exists; the hand-overs' share is published, not claimed."""
    lokus = Lokus.objects.select_related("cycle").get(area=AREA)
    needs = Need.objects.filter(indicator="perempuan_berusaha").order_by("household__code")
    commitment(lokus, of="Dinkop UKM", needs=needs, title="Kelas usaha perempuan", volume=6, unit="orang", state="done")
    expect(of.at(f"{YEAR}/matriks/").get_by_text("Keluarga yang perempuannya punya usaha").first).to_be_visible()

    page = of.at(f"{YEAR}/lokus/{AREA}/kesiapan/krppa/forum_anak/")
    page.get_by_role("radio", name=re.compile("SK atau ketetapan")).check()
    press(page.get_by_role("button", name="Simpan klaim"))
    of.noted()

    cells = [["36.73", "h1", name, "", "", count] for name, count in (("received_in_time", 9), ("received_due", 12))]
    Publication.objects.create(
        kind=PublicationKind.HAND_OVERS, place_code="36.73", year=2024, number=1, period="h1", cells=cells,
        source="Ruang uji", as_of=date(2024, 9, 1), threshold=5,
    )  # fmt: skip
    assert take_published(by=CONSOLE, city="36.73", year=2024) == 1
    page = of.at(f"{YEAR}/lokus/{AREA}/kesiapan/krppa/rujukan_24_jam/")
    expect(page.get_by_text("9 dari 12").first).to_be_visible()
    assert page.get_by_role("button", name="Simpan klaim").count() == 0
    of.at(f"{YEAR}/lokus/{AREA}/kesiapan/")


def rehearse(of: Secretary) -> None:
    """One sheet on paper; what is lost becomes tasks."""
    page = of.at(f"{YEAR}/gladi/")
    page.get_by_label("Hari pertama").fill("2024-09-02")
    page.get_by_label("Hari terakhir").fill("2024-09-03")
    press(page.get_by_role("button", name="Buka gladi"))
    page = of.at(f"{YEAR}/gladi/1/lembar/{AREA}/")
    page.get_by_label("Nama penilai").fill("Bu Rahma, Cipare")
    page.get_by_label(re.compile("Belum ada kebijakan")).check()
    press(page.get_by_role("button", name="Simpan lembar ini"))
    page = of.at(f"{YEAR}/gladi/1/")
    press(page.get_by_role("button", name="Tutup dan jadikan tugas"))
    of.at(f"{YEAR}/gladi/tugas/")


def freeze(of: Secretary) -> dict[str, bytes]:
    """The package, by the name of each file in it."""
    page = of.at(f"{YEAR}/lokus/{AREA}/berkas/")
    press(page.get_by_role("button", name="Bekukan berkas"))
    work_off()
    page.get_by_role("link", name="Unduh ZIP").wait_for()
    of.noted()
    with page.expect_download() as download:
        page.get_by_role("link", name="Unduh ZIP").click()
    assert "krppa" in download.value.suggested_filename
    with zipfile.ZipFile(download.value.path()) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def said(name: str, content: bytes) -> str:
    """The text of a file of the package."""
    if name.endswith(".pdf"):
        return pdf_text(content)
    if name.endswith((".docx", ".pptx")):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = [archive.read(part).decode() for part in archive.namelist() if part.endswith(".xml")]
        return " ".join(re.sub(r"<[^>]*>", "", part) for part in parts)
    return content.decode()
