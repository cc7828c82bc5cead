"""/tahun/<slug>/lokus/<code>/indikator/<name>/ and its numbers to take along."""

import csv
import io
import re
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import openpyxl
import pytest

from selaras.access import CONSOLE
from selaras.actions.hand_overs import keep_back
from selaras.models import AuditEntry, Publication, PublicationKind, Role, User
from selaras.reports.indicators import indicator_csv, indicator_xlsx
from tests import build
from tests.build_programme import Programme, programme
from tests.build_readiness import claim
from tests.sample_workbook import changed
from tests.web.cast import ani, budi, citra, dewi, inside, scored, secretary
from tests.web.sample_indicators import JAMBAN

pytestmark = pytest.mark.django_db


def address(of: Programme, name: str = "jamban") -> str:
    return f"/tahun/{of.cycle.slug}/lokus/{of.lokus.area}/indikator/{name}/"


def names(of: Programme) -> str:
    return f"/tahun/{of.cycle.slug}/lokus/{of.lokus.area}/nama/"


def test_who_sees_the_lokus_sees_its_indicators() -> None:
    of = scored()
    seen = {who.__name__: inside(who(of)).get(address(of)).status_code for who in (secretary, ani, citra, budi)}

    assert (seen, inside(dewi()).get(address(of)).status_code) == (
        {"secretary": 200, "ani": 200, "citra": 200, "budi": 404},
        404,
    )
    assert inside(secretary(of)).get(address(of, "tidak_ada")).status_code == 404


def test_the_answer_the_squares_and_the_codes_are_there() -> None:
    of = scored()
    text = inside(secretary(of)).get(address(of)).content.decode()

    assert [
        piece for piece in ("66,7", "2 dari 3 keluarga", "GD-001", "GD-002", "Lihat SQL") if piece not in text
    ] == []
    assert text.count('<rect x="1" y="1" width="14" height="14" rx="3"/>') == 4  # one a side, and one a list


def _said(user: User, of: Programme, name: str) -> str:
    return _sentence(inside(user).get(address(of, name)).content.decode())


def _sentence(text: str) -> str:
    (said,) = re.findall(r'<p class="lead"><b>(.*?)</b>', text)
    return str(said)


_UNRECORDED = "Belum ada angka yang dicatat untuk indikator ini."
_KEEPERS = "Instrumen tidak menyebut OPD-nya, jadi yang menyiapkannya sekretariat, camat, atau lurah."


_JUDGED = "Juri yang menilainya; yang menyiapkannya sekretariat, camat, atau lurah."


@pytest.mark.parametrize(("name", "whose"), [("sk", _JUDGED), ("saluran", _KEEPERS)])
def test_what_has_no_fact_says_who_prepares_it(name: str, whose: str) -> None:
    of = programme(changed(("indicators", "N6", "channel_exists")))

    assert _said(secretary(of), of, name) == f"{_UNRECORDED} {whose}"


def test_a_claim_changes_nothing_here_and_her_own_people_are_led_to_it() -> None:
    of = scored()
    readiness = f"/tahun/{of.cycle.slug}/lokus/{of.lokus.area}/kesiapan/{of.version.instrument}/saluran/"
    lurah = build.member(Role.SUPERVISOR, of.lokus.area, cycle=of.cycle)
    province = build.member(Role.PROVINCE, "36", cycle=of.cycle)
    people = {"own": secretary(of), "lurah": lurah, "cadre": ani(of), "juror": citra(of), "province": province}

    def shown() -> dict[str, str]:
        """What each is told between the title and the foot."""
        pages = {who: inside(user).get(address(of, "saluran")).content.decode() for who, user in people.items()}
        return {who: text.partition("<h1>")[2].partition("<footer")[0] for who, text in pages.items()}

    before = shown()
    claim(of, "saluran", value=Decimal(1), basis="Nomor yang diketahui sekretariat", by=lurah)
    assert shown() == before
    assert {_sentence(text) for text in before.values()} == {f"{_UNRECORDED} {_KEEPERS}"}
    links = {who: text.count(f'href="{readiness}"') for who, text in before.items()}
    assert links == {"own": 1, "lurah": 1, "cadre": 0, "juror": 0, "province": 0}
    # There it stands, and in the form that changes it.
    assert inside(lurah).get(readiness).content.decode().count("Nomor yang diketahui sekretariat") == 2


def test_what_was_not_published_says_why_to_whoever_reads() -> None:
    linear = [("N6", "handover_24h"), ("F6", "linear"), ("K6", 0), ("L6", 1)]
    of = programme(changed(*(("indicators", cell, value) for cell, value in linear)))

    def said() -> list[str]:
        juror, own = (_said(user, of, "saluran") for user in (citra(of), secretary(of)))
        assert juror == own
        return own.split(". ")

    only = "Angkanya hanya dari rekap rujukan yang terbit."
    assert said()[0].startswith("Tidak akan terbit: sebelum hari terbitnya tahun program kota atau kabupaten ini")
    build.in_time(of.cycle)
    assert said() == ["Belum terbit", only]
    cells = [["36.72", "h1", name, "", "", None] for name in ("received_due", "received_in_time")]
    Publication.objects.create(
        kind=PublicationKind.HAND_OVERS, place_code="36.72", year=2024, number=1, period="h1", cells=cells,
        source="Ruang uji", as_of="2024-07-15", threshold=5,
    )  # fmt: skip
    assert said() == ["Angkanya di bawah ambang terbit", only]
    keep_back(by=CONSOLE, cycle_slug=of.cycle.slug, year="2023", period="h2", reason="choice")
    assert said() == ["Tidak diterbitkan atas pilihan kota", only]


def test_a_juror_sees_counts_and_no_family() -> None:
    of = scored()
    text = inside(citra(of)).get(address(of)).content.decode()

    assert ("2 dari 3 keluarga" in text, "GD-00" in text, "Tampilkan nama" in text) == (True, False, False)


def test_names_are_shown_on_request_only_and_the_request_is_logged() -> None:
    of = scored()
    client = inside(secretary(of))
    before = client.get(address(of)).content.decode()
    asked = client.post(names(of), {"nama": "tampil", "kembali": address(of)})
    after = client.get(address(of)).content.decode()

    assert ("Rohayati" in before, asked.headers["Location"], "Rohayati" in after) == (False, address(of), True)
    (entry,) = AuditEntry.objects.filter(action="households.reveal_names")
    assert (entry.details["codes"], entry.details["page"]) == (["GD-001", "GD-002", "GD-003"], address(of))
    client.post(names(of), {"nama": "samar"})
    assert "Rohayati" not in client.get(address(of)).content.decode()


def test_a_juror_who_asks_for_names_gets_none() -> None:
    of = scored()
    client = inside(citra(of))
    client.post(names(of), {"nama": "tampil"})

    assert "Rohayati" not in client.get(address(of)).content.decode()
    assert AuditEntry.objects.filter(action="households.reveal_names").count() == 0


def test_a_cadre_sees_the_families_of_her_own_rw() -> None:
    of = scored()
    client = inside(ani(of))
    client.post(names(of), {"nama": "tampil"})
    text = client.get(address(of)).content.decode()

    assert [name in text for name in ("Eni Uji", "Rohayati", "Sumiyati")] == [True, False, False]


def test_the_way_back_from_names_stays_on_this_server() -> None:
    of = scored()
    response = inside(secretary(of)).post(names(of), {"nama": "tampil", "kembali": "https://example.org/"})

    assert response.headers["Location"] == f"/tahun/{of.cycle.slug}/lokus/{of.lokus.area}/keluarga/"


def test_the_numbers_leave_as_csv_and_xlsx_without_any_family() -> None:
    of = scored()
    client = inside(secretary(of))
    text = client.get(f"{address(of)}angka.csv").content.decode("utf-8-sig")
    rows = dict(csv.reader(io.StringIO(text)))
    book = openpyxl.load_workbook(io.BytesIO(client.get(f"{address(of)}angka.xlsx").content))

    assert (rows["ya"], rows["diketahui"], rows["belum diketahui"]) == ("2", "3", "0")
    assert rows["informasi publik"] == "terbuka, tersedia setiap saat (UU 14/2008 Pasal 11)"
    assert dict(book.active.iter_rows(min_row=2, values_only=True))["ya"] == 2
    assert ("GD-0" in text, "Uji" in text) == (False, False)
    assert client.get(f"{address(of)}angka.pdf").status_code == 404


@pytest.mark.parametrize(
    ("code", "local", "offset", "zone"),
    [("36.72.05.1005", 6, 7, "WIB"), ("73.71.01.1001", 7, 8, "WITA"), ("91.71.01.1001", 8, 9, "WIT")],
)
def test_when_it_was_counted_is_a_moment_of_the_places_own_clock(code: str, local: int, offset: int, zone: str) -> None:
    # 23.00 UTC of the day before, and some microseconds.
    counted = datetime(2024, 8, 11, 23, 0, 5, 123456, tzinfo=UTC)
    page = replace(JAMBAN, as_of=counted, lokus=replace(JAMBAN.lokus, code=code))
    rows = dict(csv.reader(io.StringIO(indicator_csv(page).decode("utf-8-sig"))))
    sheet = openpyxl.load_workbook(io.BytesIO(indicator_xlsx(page))).active
    (cell,) = [value for what, value in sheet.iter_rows(min_row=2) if what.value == "dihitung pada"]

    assert rows["dihitung pada"] == f"2024-08-12 0{local}:00:05+0{offset}:00"
    moment = (cell.data_type, str(cell.value), cell.number_format)
    assert moment == ("d", f"2024-08-12 0{local}:00:05", f'dd/mm/yyyy hh:mm "{zone}"')


def test_what_was_never_counted_has_no_moment() -> None:
    page = replace(JAMBAN, as_of=None)
    rows = dict(csv.reader(io.StringIO(indicator_csv(page).decode("utf-8-sig"))))
    sheet = openpyxl.load_workbook(io.BytesIO(indicator_xlsx(page))).active

    assert (rows["dihitung pada"], dict(sheet.iter_rows(values_only=True))["dihitung pada"]) == ("", None)
