"""From what agencies promised to the package that the jury reads: nine people, two rehearsals, one lokus.

On SQLite with the other stories, on PostgreSQL as well (`make test`): the whole year goes by both.
"""

import hashlib
import io
import json
import os
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import pytest
from playwright.sync_api import Browser, Page, expect

from selaras.access import CONSOLE
from selaras.actions import looking
from selaras.actions.imports import confirm_import, receive_file
from selaras.actions.jobs import work_off
from selaras.models import Activity, Agency, Blur, Commitment, Dossier, Evidence, GladiTask, Need, Role, User
from tests import build
from tests.build_change import endline
from tests.build_evidence import states
from tests.build_gladi import from_elsewhere, year
from tests.build_plans import commitment
from tests.build_programme import Programme, bring, families_file, family
from tests.hostile import photo
from tests.stories import offline
from tests.stories.offline import PASSWORD, choose, finish, type_in
from tests.stories.served import WAIT
from tests.stories.walk import come_in, press

# Playwright's loop runs in the tests' thread, and Django would forbid them their queries.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
pytestmark = pytest.mark.django_db(transaction=True)
TOILETS, FAMILIES = "Jamban untuk sepuluh rumah", 12
#: Who reads nothing of the readiness but what was frozen.
OUTSIDE = ("juror", "province")
NOT_YET = "Kota belum membekukan berkas untuk lokus ini."


@dataclass(slots=True)
class Cast:
    """Who works on the year, one after the other in one window, each signed in already."""

    window: Page
    base: str
    of: Programme
    users: dict[str, User]
    inside: str = ""

    def page(self, who: str) -> Page:
        """The window with her in it."""
        if self.inside != who:
            come_in(self.window, self.base, self.users[who])
            self.inside = who
        return self.window

    def year(self, path: str) -> str:
        """The address of a page of the year."""
        return f"{self.base}/tahun/{self.of.cycle.slug}/{path}"

    def lokus(self, path: str) -> str:
        """The address of a page of the lokus."""
        return self.year(f"lokus/{self.of.lokus.area}/{path}")

    def at(self, who: str, path: str) -> Page:
        """Her browser on a page of the year."""
        page = self.page(who)
        page.goto(self.year(path))
        return page

    def in_lokus(self, who: str, path: str) -> Page:
        """The same of the lokus."""
        page = self.page(who)
        page.goto(self.lokus(path))
        return page

    def answered(self, who: str, address: str) -> int:
        """The status with which the server answers her there."""
        return self.page(who).request.get(address).status


def begun() -> Programme:
    """Twelve families of whom ten have no toilet, and an agency that promised them one."""
    of = year()
    bring(of, families_file([row(n, "cemplung" if n > 2 else "leher_angsa") for n in range(1, FAMILIES + 1)]))
    needs = Need.objects.filter(indicator="jamban").order_by("household__code")
    commitment(of.lokus, needs=needs, title=TOILETS, volume=10, unit="unit", state="running", ends=date(2024, 7, 31))
    return of


def row(number: int, toilet: str) -> list[object]:
    return [*family(f"GD-{number:03d}", 4, toilet, 2000, name=f"Warga {number}")]


def cast(window: Page, base: str, of: Programme) -> Cast:
    area, agency = of.lokus.area, Agency.objects.get(short_name="Disperkim")
    users = {
        "secretariat": build.member(Role.SECRETARIAT, "36.72", cycle=of.cycle),
        "liaison": build.member(Role.LIAISON, agency=agency, cycle=of.cycle),
        "camat": build.member(Role.SUPERVISOR, "36.72.05", cycle=of.cycle),
        "lurah": build.member(Role.SUPERVISOR, area, cycle=of.cycle),
        "neighbour": from_elsewhere(),
        "cadre": build.member(Role.CADRE, f"{area}.RW01", cycle=of.cycle),
        "leader": build.member(Role.LEADER, "36.72", cycle=of.cycle),
        "juror": build.member(Role.JUROR, "36.72", cycle=of.cycle),
        "province": build.member(Role.PROVINCE, "36", cycle=of.cycle),
    }
    users["neighbour"].set_password(PASSWORD)
    users["neighbour"].save()
    return Cast(window, base, of, users)


@pytest.fixture
def people(browser: Browser, base: str) -> Iterator[Cast]:
    context = browser.new_context(service_workers="block")
    context.set_default_timeout(WAIT)
    yield cast(context.new_page(), base, begun())
    context.close()


def test_from_commitments_to_a_frozen_dossier_with_two_rehearsals(people: Cast) -> None:
    assert [people.answered(who, people.lokus("kesiapan/")) for who in OUTSIDE] == [403, 403]
    assert [lead(people.in_lokus(who, "berkas/")) for who in OUTSIDE] == [NOT_YET, NOT_YET]
    assert change(people) == ("Belum ada yang dapat dibandingkan", None)
    # Of the 100: what the families pay is worth 8.
    assert defended(people) == ("8,0", "Klaimnya 8,0; yang sudah terverifikasi 0,0.")

    report_and_verify(people)
    hear_families(people)
    first_rehearsal(people)
    claim_and_prove(people)
    second_rehearsal(people)
    asked_again(people.of)
    assert change(people) == ("1 ukuran membaik, 0 memburuk", "1 komitmen selesai di sini")
    # And the toilets 20.
    assert defended(people) == ("36,0", "Klaimnya 36,0; yang sudah terverifikasi 8,0.")

    freeze(people)
    read(people)


def lead(page: Page) -> str:
    return page.locator(".lead.now").inner_text()


def change(people: Cast) -> tuple[str, str | None]:
    """What changed by the leader's page, and how many commitments stand beside it."""
    page = people.in_lokus("leader", "perubahan/")
    works = page.get_by_role("heading", name=re.compile("komitmen selesai"))
    return page.locator("h1").inner_text(), works.inner_text() if works.count() else None


def defended(people: Cast) -> tuple[str, str]:
    """What can be defended by the leader's page, and what it says of the layers."""
    page = people.in_lokus("leader", "kesiapan/")
    said = page.locator(".readiness-answer .lead").inner_text()
    return page.locator(".readiness-answer .display strong").inner_text(), said[said.index("Klaimnya") :]


def report_and_verify(people: Cast) -> None:
    """The liaison says what was built, the camat looks at its photo, the secretariat at who is on it."""
    page = people.at("liaison", f"kegiatan/baru/?komitmen={Commitment.objects.get().number}")
    page.get_by_label("Jumlah", exact=True).fill("10")
    page.get_by_label("Tanggal").fill("2024-08-09")
    page.get_by_label("Perempuan, dewasa").fill("12")
    shot = {"name": "IMG_1.jpg", "mimeType": "image/jpeg", "buffer": photo(place=(-5.998113, 106.031244), seed=3)}
    page.get_by_label("Foto").set_input_files(shot)  # type: ignore[arg-type]
    press(page.get_by_role("button", name="Kirim laporan"))
    press(page.get_by_role("button", name="Tandai selesai"))
    proof = Evidence.objects.select_related("activity").get()
    assert proof.activity is not None
    assert (proof.activity.commitments.get().state, states(proof)) == ("done", {"jamban": "waiting"})

    desk = people.at("camat", "bukti/meja/")
    desk.wait_for_selector("form[data-desk]")
    desk.keyboard.press("t")
    desk.wait_for_selector("text=Tidak ada yang menunggu Anda periksa")
    assert states(proof) == {"jamban": "verified"}

    looking.ask()
    work_off()
    outside = people.at("secretariat", f"foto-publik/{proof.uuid}/")
    press(outside.get_by_role("button", name="Tidak ada orang di foto ini"))
    assert Blur.objects.get(evidence=proof).confirmed_at is not None


def hear_families(people: Cast) -> None:
    """A mother says by the cadre that she has it; seven papers lie in the box that the lurah opens."""
    page = people.in_lokus("cadre", "suara/")
    press(page.get_by_role("link", name="GD-003"))
    page.get_by_role("group", name=TOILETS).get_by_label("Sudah terima").check()
    page.get_by_role("group", name="Siapa yang menjawab?").get_by_label("ibu sendiri").check()
    press(page.get_by_role("button", name="Simpan jawaban"))
    expect(page.get_by_text("Sudah diterima menurut ibu")).to_be_visible()

    box = people.at("lurah", f"kegiatan/{Activity.objects.get().uuid}/reaksi/")
    press(box.get_by_role("link", name="Ketik isi kotak"))
    box.get_by_label("Kertas di kotak").fill("7")
    for name, count in (("useful_yes", "5"), ("useful_some", "2"), ("use_yes", "7")):
        box.locator(f"[name={name}]").fill(count)
    press(box.get_by_role("button", name="Simpan isi kotak"))
    expect(box.get_by_text("7 orang menjawab")).to_have_count(2)


def open_rehearsal(people: Cast, first: str, last: str) -> Page:
    page = people.at("secretariat", "gladi/")
    page.get_by_label("Hari pertama").fill(first)
    page.get_by_label("Hari terakhir").fill(last)
    press(page.get_by_role("button", name="Buka gladi"))
    return page


def first_rehearsal(people: Cast) -> None:
    """The lurah next door signs in on her phone and fills her sheet there; what is lost becomes a task."""
    page = open_rehearsal(people, "2024-08-12", "2024-08-13")
    page.get_by_label(people.users["neighbour"].full_name).check()
    press(page.get_by_role("button", name="Simpan penilai"))

    browser = people.window.context.browser
    assert browser is not None
    hers = browser.new_page(viewport={"width": 390, "height": 844}, service_workers="block")
    offline.sign_in(hers, people.base, people.users["neighbour"])
    hers.get_by_role("link", name="Beri nilai").click(timeout=WAIT)
    hers.wait_for_selector(".isi-formulir", timeout=WAIT)
    choose(hers, "nilai_sk", "Belum ada SK")
    type_in(hers, "nilai_warga", "100")
    finish(hers)
    expect(hers.locator(".kiriman.sent")).to_have_count(1, timeout=WAIT)
    hers.context.close()

    page = people.at("secretariat", "gladi/1/")
    press(page.get_by_role("button", name="Tutup dan jadikan tugas"))
    assert [(task.indicator, task.agency.short_name) for task in GladiTask.objects.all()] == [("sk", "Disperkim")]


def claim_and_prove(people: Cast) -> None:
    """The liaison of the agency that the item names claims it, which counts once the decree is there and looked at;
    then she says that the task is done."""
    page = people.in_lokus("liaison", "kesiapan/contoh/sk/")
    page.get_by_role("radio", name=re.compile("^Ada SK")).check()
    press(page.get_by_role("button", name="Simpan klaim"))
    assert defended(people) == ("8,0", "Klaimnya 16,0; yang sudah terverifikasi 0,0.")
    page = people.at("liaison", f"bukti/baru/?lokus={people.of.lokus.area}&untuk=contoh:sk")
    page.get_by_label("atau tautan").fill("https://contoh.example/sk-tim")
    page.get_by_label("Apa yang terlihat").fill("SK tim kota, ditandatangani")
    press(page.get_by_role("button", name="Kirim bukti"))
    assert people.answered("liaison", people.year("bukti/meja/")) == 403
    press(people.at("camat", "bukti/meja/").get_by_role("button", name="Terima"))
    assert defended(people) == ("16,0", "Klaimnya 16,0; yang sudah terverifikasi 8,0.")

    page = people.at("liaison", "gladi/tugas/")
    press(page.get_by_role("link", name=re.compile("nyatakan selesai")))
    page.get_by_label("Apa yang sudah dikerjakan").fill("SK terbit 20 Agustus")
    press(page.get_by_role("button", name="Nyatakan selesai"))
    expect(page.get_by_text("dikatakan selesai", exact=True)).to_be_visible()


def second_rehearsal(people: Cast) -> None:
    """On paper this time: the item is whole, and its task is closed by that."""
    open_rehearsal(people, "2024-09-02", "2024-09-03")
    page = people.at("secretariat", f"gladi/2/lembar/{people.of.lokus.area}/")
    page.get_by_label("Nama penilai").fill("Bu Rahma, Sukmajaya")
    page.get_by_label("Ada SK", exact=True).check()
    press(page.get_by_role("button", name="Simpan lembar ini"))
    page = people.at("secretariat", "gladi/2/")
    press(page.get_by_role("button", name="Tutup dan jadikan tugas"))
    page = people.at("lurah", "gladi/tugas/")
    expect(page.locator("h1")).to_have_text("0 tugas belum selesai")
    expect(page.get_by_text("hilang di gladi 1, penuh di gladi 2")).to_be_visible()


def asked_again(of: Programme) -> None:
    """The endline: all but one have a toilet."""
    endline(of)
    rows = [row(n, "leher_angsa" if n < FAMILIES else "cemplung") for n in range(1, FAMILIES + 1)]
    where = {"cycle_slug": of.cycle.slug, "code": of.lokus.area}
    found = receive_file(
        by=CONSOLE, **where, round_slug="endline", filename="akhir.xlsx", file=io.BytesIO(families_file(rows))
    )
    work_off()
    confirm_import(by=CONSOLE, **where, import_id=found)
    work_off()


def freeze(people: Cast) -> None:
    """The secretariat reads what is lacking, freezes it all the same, and holds the package against its manifest."""
    page = people.in_lokus("secretariat", "berkas/")
    lacks = page.locator("#kurang + ul li b, #kurang + ul li a").all_inner_texts()
    assert lacks == ["Kop surat belum diatur.", "Tindak lanjut tanpa penanggung jawab: 2."]
    press(page.get_by_role("button", name="Bekukan berkas"))
    expect(page.get_by_role("heading", name="Sedang dibekukan")).to_be_visible()
    work_off()
    # The page asks again by itself, until the worker is through.
    expect(page.get_by_role("button", name="Bekukan berkas baru")).to_be_visible(timeout=WAIT)
    press(page.get_by_role("link", name="Periksa keutuhan"))
    expect(page.get_by_role("status")).to_contain_text("Utuh.")


def read(people: Cast) -> None:
    """The juror and the province read what was frozen, the same bytes as the city, and nothing else."""
    content = {who: taken(people.in_lokus(who, "berkas/")) for who in ("secretariat", *OUTSIDE)}
    made = Dossier.objects.get()
    hashes = {who: hashlib.sha256(each).hexdigest() for who, each in content.items()}
    assert hashes == dict.fromkeys(content, made.sha256)
    with zipfile.ZipFile(io.BytesIO(content["juror"])) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    manifest = json.loads(files.pop("manifest.json"))
    assert manifest["files"] == {name: hashlib.sha256(each).hexdigest() for name, each in files.items()}
    told = {each["key"]: (each["value"], each["note"]) for each in json.loads(files["angka.json"])}
    assert told["ready"] == ("36,0", "dari 100; diklaim 36,0, terverifikasi 8,0")
    assert (told["done"][0], told["useful"], told["better"][0]) == ("1", ("5", "dari 7 jawaban tanpa nama"), "1")
    assert [people.answered(who, people.lokus("kesiapan/")) for who in ("leader", *OUTSIDE)] == [200, 403, 403]


def taken(page: Page) -> bytes:
    with page.expect_download() as download:
        page.get_by_role("link", name="Unduh ZIP").click()
    return download.value.path().read_bytes()
