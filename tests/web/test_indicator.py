"""/tahun/<slug>/lokus/<code>/indikator/<name>/ and its numbers to take along."""

import csv
import io
import re
from dataclasses import replace
from datetime import UTC, datetime

import openpyxl
import pytest

from selaras.models import AuditEntry
from selaras.reports.indicators import indicator_csv, indicator_xlsx
from tests.build_programme import Programme, programme
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


@pytest.mark.parametrize(
    ("measure", "name", "said"),
    [
        ("channel_exists", "sk", "Belum ada yang mengisi indikator ini. Juri yang menilainya."),
        (
            "channel_exists",
            "saluran",
            "Belum ada yang mengisi indikator ini. Instrumen tidak menyebut OPD-nya, jadi yang mengisinya sekretariat, "
            "camat, atau lurah.",
        ),
        ("handover_24h", "saluran", "Belum ada angkanya: ia diambil dari rekap rujukan yang terbit."),
    ],
)
def test_what_has_no_value_says_whose_it_is_to_fill_in(measure: str, name: str, said: str) -> None:
    linear = [("F6", "linear"), ("K6", 0), ("L6", 1)] if measure == "handover_24h" else []
    of = programme(changed(*(("indicators", cell, value) for cell, value in [("N6", measure), *linear])))
    text = inside(secretary(of)).get(address(of, name)).content.decode()

    assert re.findall(r'<p class="lead"><b>(.*?)</b>', text) == [said]


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
