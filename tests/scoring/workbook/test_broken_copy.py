"""One workbook with many mistakes at once: every one is told in one run, sorted, each with place and remedy."""

import pytest

from selaras.scoring.workbook import read_workbook
from tests.sample_workbook import changed
from tests.scoring.workbook.case import told

BROKEN = changed(
    ("instrument", "A5", "skala"),
    ("instrument", "B6", "awal tahun"),
    ("survey", "A2", "intger"),
    ("survey", "A4", "select_multiple bantuann"),
    ("survey", "C5", None),
    ("survey", "D5", "${jumlahh} > 0"),
    ("survey", "B11", "nama"),
    ("survey", "A12", "select_one ya_tidak"),
    ("survey", "B12", "q1"),
    ("survey", "C12", "Pernahkah Ibu dipukul suami?"),
    ("choices", "B3", "leher_angsa"),
    ("choices", "C4", None),
    ("privacy", "A2", "jambn"),
    ("privacy", "B3", "rahasia"),
    ("calculations", "C2", "count(member[${umur} < 18]) + ${rasio}"),
    ("calculations", "C4", "${sekolah} = 'iya'"),
    ("calculations", "A5", "tua"),
    ("calculations", "C5", "${umur} > 60"),
    ("calculations", "A6", "atas"),
    ("calculations", "C6", "${bawah} + 1"),
    ("calculations", "A7", "bawah"),
    ("calculations", "C7", "maks(1, 2)"),
    ("classes", "A3", "sehat"),
    ("classes", "C2", "${jamban} > 3"),
    ("aspects", "B3", "kesehatn"),
    ("aspects", "D2", "-5"),
    ("aspects", "D4", "empat puluh"),
    ("aspects", "A5", "hampa"),
    ("aspects", "C5", "Hampa"),
    ("aspects", "D5", 1),
    ("indicators", "B3", "kesehatann"),
    ("indicators", "E5", "juri"),
    ("indicators", "I2", "${jambann} = 'leher_angsa'"),
    ("indicators", "J4", "share"),
    ("indicators", "K3", 1),
    ("indicators", "N6", "jumlah_kasus"),
    ("indicators", "O1", "catatan"),
    ("bands", "B3", 0.6),
    ("bands", "B4", 0.7),
    ("options", "D2", 120),
    ("options", "B3", "a"),
    ("lampiran", "A1", "x"),
)

EXPECTED = """
instrument.key instrument!A5
cell.date instrument!B6
form.type_near survey!A2
form.list_near survey!A4
form.text_missing survey!C5
form.reference_near survey!D5
form.name_double survey!B11
survey.violence survey!C12
form.choice_double choices!B3
form.text_missing choices!C4
privacy.field_near privacy!A2
cell.closed privacy!B3
calculation.circle calculations!C2
calculation.circle calculations!C3
expression.option_near calculations!C4
expression.name_inside calculations!C5
expression.name_below calculations!C6
expression.function calculations!C7
expression.option_number classes!C2
cell.double classes!A3
weight.not_positive aspects!D2
aspect.parent_near aspects!B3
cell.number aspects!D4
aspect.empty aspects!A5
sheet.column indicators!O1
expression.name_near indicators!I2
indicator.aspect_near indicators!B3
indicator.low_is_high indicators!L3
indicator.wants_boolean indicators!I4
indicator.share_ends indicators!L4
cell.closed indicators!E5
indicator.measure indicators!N6
band.gap bands!B3
band.overlap bands!B4
points.outside options!D2
cell.double options!B3
sheet.unknown lampiran!A1
""".strip().splitlines()


@pytest.fixture(scope="module")
def lines() -> list[str]:
    return [str(problem) for problem in read_workbook(BROKEN, name="buku.xlsx").problems]


def test_all_mistakes_are_told_in_one_run_by_sheet_and_row() -> None:
    assert told(read_workbook(BROKEN, name="buku.xlsx").problems) == EXPECTED
    assert len({line.split(" ")[0] for line in EXPECTED}) >= 30


def test_a_misspelt_name_is_told_as_the_design_words_it(lines: list[str]) -> None:
    assert "indicators!I2: ${jambann} tidak dikenal; maksud Anda ${jamban}?" in lines


def test_each_member_of_a_circle_names_the_way_round_from_itself(lines: list[str]) -> None:
    remedy = "ubah salah satunya agar tidak saling menunggu"
    assert [line for line in lines if "berputar" in line] == [
        f"calculations!C2: hitungan ini berputar: anak → rasio → anak; {remedy}",
        f"calculations!C3: hitungan ini berputar: rasio → anak → rasio; {remedy}",
    ]
