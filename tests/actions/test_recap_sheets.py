"""How an office names its sheets, columns and places is understood, and what is left open is said to be unknown."""

import pytest

from selaras.actions.recap_sheets import Area, read_recap
from selaras.errors import InputError
from selaras.scoring.recaps import UNKNOWN, Key
from tests.build_workbook import workbook

CITY = Area("36.72", "Kota Cilegon")
PLACES = (Area("36.72.01", "Cibeber"), Area("36.72.05", "Jombang", ("Jombang Kota",)))


def tables(name: str, rows: list[list[object]]) -> tuple[tuple[str, str], ...]:
    return read_recap(workbook({name: rows}), "rekap.xlsx", CITY, PLACES).figures.tables


def rows(first: str = "Cibeber", second: str = "Jombang") -> list[list[object]]:
    return [["Kecamatan", "Fisik", "Seksual", "Jumlah"], [first, 6, 7, 9], [second, 8, 9, 12]]


@pytest.mark.parametrize("name", ["korban bentuk", "Korban menurut Jenis Kekerasan", "BENTUK KEKERASAN (korban)"])
def test_a_sheet_is_known_by_the_words_of_its_name(name: str) -> None:
    assert tables(name, rows()) == (("victims", "form"),)


def test_a_sheet_of_any_name_is_known_by_the_title_above_its_table() -> None:
    assert tables("Tabel 3", [["Banyaknya pelayanan menurut jenis layanan"], ["Kecamatan", "Kesehatan"], ["Cibeber", 6],
                              ["Jombang", 8]]) == (("services", "service"),)  # fmt: skip


def test_victims_of_violence_by_age_are_by_age() -> None:
    by_age = [["Kecamatan", "0-17"], ["Cibeber", 6], ["Jombang", 8]]
    assert tables("korban kekerasan usia", by_age) == (("victims", "age"),)


@pytest.mark.parametrize("name", ["Kec. Jombang", "JOMBANG", "kecamatan jombang", "36.72.05", "Jombang Kota"])
def test_a_place_is_known_by_its_code_its_name_and_its_other_names(name: str) -> None:
    assert tables("korban bentuk", rows(second=name)) == (("victims", "form"),)


def test_a_dash_is_none_and_thousands_have_their_point() -> None:
    given = [["Kecamatan", "Kesehatan"], ["Cibeber", "1.250"], ["Jombang", "–"], ["Kota Cilegon", "1.250"]]
    counts = read_recap(workbook({"layanan jenis": given}), "rekap.xlsx", CITY, PLACES).figures.counts
    assert counts[Key("36.72.01", "", "services")] == 1250
    assert counts[Key("36.72.05", "", "services", "service", "health")] == 0


def test_what_the_columns_leave_open_is_unknown_in_every_place() -> None:
    given = [["Kecamatan", "Perempuan", "Laki-laki", "Jumlah"], ["Cibeber", 6, 7, 15], ["Jombang", 8, 9, 17]]
    counts = read_recap(workbook({"korban jenis kelamin": given}), "rekap.xlsx", CITY, PLACES).figures.counts
    unknown = [counts[Key(area, "", "victims", "sex", UNKNOWN)] for area in ("36.72", "36.72.01", "36.72.05")]
    assert unknown == [2, 2, 0]


def test_the_citys_own_row_must_be_the_sum() -> None:
    wrong = [*rows(), ["Kota Cilegon", 14, 16, 20]]
    with pytest.raises(InputError) as refused:
        tables("korban bentuk", wrong)
    assert [(each.code, each.values) for each in refused.value.problems] == [
        ("recap.city_sum", {"total": 20, "found": 21})
    ]


def test_one_counted_more_than_once_needs_its_whole() -> None:
    with pytest.raises(InputError) as refused:
        tables("korban bentuk", [row[:3] for row in rows()])
    assert [each.code for each in refused.value.problems] == ["recap.no_total", "recap.no_total"]
