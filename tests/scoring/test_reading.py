"""DATA files: any usual CSV, XLSX and Parquet become typed answers; what is not an answer is blank and told."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pytest
import xlsxwriter
from pyarrow import parquet

from selaras.errors import InputError, Problem
from selaras.scoring.answers import Answers
from selaras.scoring.facts import Fact
from selaras.scoring.reading import read_answers, read_facts
from tests.scoring.build import choices, field, form, indicator, instrument

PLAN = instrument(
    indicator("a"),
    shape=form(
        field("jamban", "choice", list_name="jamban"),
        field("sumber", "choices", list_name="sumber"),
        field("orang", "integer"),
        field("luas", "decimal"),
        field("lahir", "date"),
        field("catatan", "text"),
        field("penjelasan", "other"),
        field("umur", "integer", repeat="member"),
        lists={
            "jamban": choices(leher_angsa="Leher angsa", cemplung="Cemplung"),
            "sumber": choices(pdam="PDAM", sumur="Sumur"),
        },
        repeats={"member": "Anggota"},
    ),
)


def wrote(folder: Path, name: str, text: str, encoding: str = "utf-8") -> Path:
    """A file of this text."""
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def rows(answers: Answers) -> list[dict[str, object]]:
    """The households as plain rows."""
    assert isinstance(answers.households, pa.Table)
    return answers.households.to_pylist()  # type: ignore[no-any-return]


def told(problems: tuple[Problem, ...]) -> list[str]:
    """The problems as a person reads them."""
    return [str(problem) for problem in problems]


def refused(folder: Path, text: str, **more: object) -> str:
    """The message of a file that cannot be used."""
    with pytest.raises(InputError) as caught:
        read_answers(PLAN, wrote(folder, "data.csv", text), **more)  # type: ignore[arg-type]
    return str(caught.value)


def test_every_type_becomes_its_canonical_column(tmp_path: Path) -> None:
    path = wrote(
        tmp_path,
        "data.csv",
        "household_id,unit,jamban,sumber,orang,luas,lahir,catatan\n"
        'K1,36.72.05.1005,leher_angsa,sumur pdam sumur,4,36.5,1990-04-25," dua, kata "\n'
        "K2,36.72.05.1001,,   ,,,,\n",
    )
    answers, problems = read_answers(PLAN, path)
    assert problems == ()
    assert (answers.unit, answers.checked) == ("unit", True)
    assert rows(answers) == [
        {
            "household_id": "K1",
            "unit": "36.72.05.1005",
            "jamban": "leher_angsa",
            "sumber": "sumur pdam",
            "orang": 4,
            "luas": Decimal("36.5"),
            "lahir": date(1990, 4, 25),
            "catatan": "dua, kata",
        },
        {"household_id": "K2", "unit": "36.72.05.1001"}
        | dict.fromkeys(("jamban", "sumber", "orang", "luas", "lahir", "catatan")),
    ]
    assert isinstance(answers.households, pa.Table)
    assert {name: str(answers.households.schema.field(name).type) for name in ("orang", "luas", "lahir", "unit")} == {
        "orang": "int64",
        "luas": "decimal128(38, 12)",
        "lahir": "date32[day]",
        "unit": "string",
    }


def test_what_is_not_an_answer_is_blank_and_told_by_cell(tmp_path: Path) -> None:
    path = wrote(
        tmp_path,
        "data.csv",
        "household_id;jamban;sumber;orang;luas;lahir\n"
        "K1;leher angsa;pdam kali;4.5;1,234;25/4/1990\n"
        "K2;Zzz;pdam;empat;1e5;1990-02-30\n"
        "K3;cemplung;sumur;10000000000000;0.1234567890123;1990-04-25T08:00\n",
    )
    answers, problems = read_answers(PLAN, path)
    assert told(problems) == [
        "data.csv!B2: isian jamban bukan salah satu pilihannya; maksud Anda leher_angsa?",
        "data.csv!C2: isian sumber bukan salah satu pilihannya; pilihan yang ada: pdam, sumur",
        "data.csv!D2: isian orang bukan bilangan bulat; tulis angka saja, misalnya 12",
        "data.csv!E2: koma pada isian luas dapat berarti ribuan atau pecahan; "
        "tulis pecahan dengan titik, misalnya 1.234",
        "data.csv!F2: isian lahir bukan tanggal; tulis tahun-bulan-tanggal, misalnya 2024-04-25",
        "data.csv!B3: isian jamban bukan salah satu pilihannya; pilihan yang ada: leher_angsa, cemplung",
        "data.csv!D3: isian orang bukan bilangan bulat; tulis angka saja, misalnya 12",
        "data.csv!E3: isian luas bukan bilangan; tulis angka saja, misalnya 3,5",
        "data.csv!F3: isian lahir bukan tanggal; tulis tahun-bulan-tanggal, misalnya 2024-04-25",
        "data.csv!D4: bilangan pada isian orang terlalu besar atau terlalu panjang; "
        "paling banyak 13 angka di depan koma dan 12 di belakangnya",
        "data.csv!E4: bilangan pada isian luas terlalu besar atau terlalu panjang; "
        "paling banyak 13 angka di depan koma dan 12 di belakangnya",
    ]
    assert [list(row.values())[1:] for row in rows(answers)] == [
        [None, None, None, None, None],
        [None, "pdam", None, None, None],
        ["cemplung", "sumur", None, None, date(1990, 4, 25)],
    ]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1.234", "1.234"),
        ("1,5", "1.5"),
        ("1.234,5", "1234.5"),
        ("1.234.567", "1234567"),
        ("-0.5", "-0.5"),
        ("9999999999999.999999999999", "9999999999999.999999999999"),
        ("0.1000000000000", "0.1"),
    ],
)
def test_a_number_is_read_where_it_can_mean_only_one(tmp_path: Path, text: str, number: str) -> None:
    answers, problems = read_answers(PLAN, wrote(tmp_path, "data.csv", f"luas;orang\n{text};1\n"))
    assert problems == ()
    assert [row["luas"] for row in rows(answers)] == [Decimal(number)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_a_csv_of_any_usual_shape_is_read(tmp_path: Path, encoding: str, delimiter: str) -> None:
    text = f"household_id{delimiter}catatan\r\n\r\nK1{delimiter}“café”\r\n"
    answers, problems = read_answers(PLAN, wrote(tmp_path, "data.csv", text, encoding))
    assert problems == ()
    assert rows(answers) == [{"household_id": "K1", "catatan": "“café”"}]


def test_a_file_without_ids_is_numbered_by_its_rows(tmp_path: Path) -> None:
    answers, problems = read_answers(PLAN, wrote(tmp_path, "data.csv", "orang\n1\n\n3\n"))
    assert problems == ()
    assert rows(answers) == [{"household_id": "2", "orang": 1}, {"household_id": "4", "orang": 3}]
    assert answers.unit is None


def test_a_second_row_of_a_household_is_told_and_left_out(tmp_path: Path) -> None:
    path = wrote(tmp_path, "data.csv", "household_id,orang\nK1,1\n,2\nK1,x\n,4\n")
    answers, problems = read_answers(PLAN, path)
    assert told(problems) == [
        "data.csv!A3: household_id kosong; keluarga ini tetap dihitung; isi household_id",
        "data.csv!A4: keluarga ini sudah ada di baris 2; baris ini tidak dihitung; "
        "gabungkan kedua baris atau ganti household_id",
        "data.csv!A5: household_id kosong; keluarga ini tetap dihitung; isi household_id",
    ]
    assert [row["orang"] for row in rows(answers)] == [1, 2, 4]


def test_unknown_columns_are_one_warning_and_a_doubled_one_an_error(tmp_path: Path) -> None:
    path = wrote(tmp_path, "data.csv", "orang,rt,umur,penjelasan,orang,rw\n1,2,3,4,5,6\n")
    answers, problems = read_answers(PLAN, path)
    assert told(problems) == [
        "data.csv!E1: kolom orang muncul dua kali; yang pertama dipakai; hapus salah satu",
        "data.csv!B1: kolom yang tidak dikenal diabaikan: rt, umur, rw; samakan judulnya dengan nama isian survey",
    ]
    assert [problem.level for problem in problems] == ["error", "warning"]
    assert rows(answers) == [{"household_id": "2", "orang": 1}]


def test_any_column_may_be_the_unit_and_stays_what_it_is_in_the_form(tmp_path: Path) -> None:
    path = wrote(tmp_path, "data.csv", "rt,orang,jamban\n02,4,x\n,5,\n")
    answers, _ = read_answers(PLAN, path, by="rt")
    assert (answers.unit, [row["rt"] for row in rows(answers)]) == ("rt", ["02", None])
    answers, _ = read_answers(PLAN, path, by="jamban")
    assert answers.unit == "unit:jamban"
    assert [(row["unit:jamban"], row["jamban"]) for row in rows(answers)] == [("x", None), (None, None)]


def test_a_repeat_is_joined_by_its_households(tmp_path: Path) -> None:
    main = wrote(tmp_path, "data.csv", "household_id\nK1\nK2\n")
    members = wrote(tmp_path, "member.csv", "household_id,umur,orang\nK1,5,1\nK9,6,\n,7,\nK1,x,\n")
    answers, problems = read_answers(PLAN, main, {"member": members})
    assert told(problems) == [
        "member.csv!C1: kolom yang tidak dikenal diabaikan: orang; samakan judulnya dengan nama isian survey",
        "member.csv!A3: keluarga baris ini tidak ada di berkas keluarga; baris ini tidak dihitung; "
        "periksa household_id",
        "member.csv!A4: household_id kosong; baris ini tidak dihitung; isi household_id keluarganya",
        "member.csv!B5: isian umur bukan bilangan bulat; tulis angka saja, misalnya 12",
    ]
    table = answers.repeats["member"]
    assert isinstance(table, pa.Table)
    assert table.to_pylist() == [{"household_id": "K1", "umur": 5}, {"household_id": "K1", "umur": None}]


def test_a_spreadsheet_is_read_with_its_dates_and_numbers(tmp_path: Path) -> None:
    path = tmp_path / "data.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        book.add_worksheet("petunjuk").write("A1", "Isi lembar berikutnya")
        sheet = book.add_worksheet("data")
        sheet.write_row(0, 0, ["household_id", "orang", "luas", "lahir", "jamban"])
        sheet.write_row(1, 0, ["K1", 4, 36.25])
        sheet.write_datetime(1, 3, date(1990, 4, 25), book.add_format({"num_format": "dd/mm/yyyy"}))
        sheet.write(1, 4, "kolam")
    answers, problems = read_answers(PLAN, path)
    assert rows(answers) == [
        {
            "household_id": "K1",
            "orang": 4,
            "luas": Decimal("36.25"),
            "lahir": date(1990, 4, 25),
            "jamban": None,
        }
    ]
    assert told(problems) == [
        "data.xlsx!E2: isian jamban bukan salah satu pilihannya; pilihan yang ada: leher_angsa, cemplung"
    ]


def test_parquet_is_passed_on_unread_and_unchecked(tmp_path: Path) -> None:
    path = tmp_path / "data.parquet"
    parquet.write_table(pa.table({"household_id": ["K1"], "unit": ["A"], "orang": [1]}), path)
    assert read_answers(PLAN, path) == (Answers(path, {}, "unit", checked=False), ())
    with pytest.raises(InputError) as caught:
        read_answers(PLAN, path, by="unitt")
    assert str(caught.value) == "berkas data.parquet tidak mempunyai kolom unitt; maksud Anda unit?"


def test_columns_of_parquet_that_nobody_knows_are_told_in_one_warning(tmp_path: Path) -> None:
    path, members = tmp_path / "data.parquet", tmp_path / "member.parquet"
    parquet.write_table(pa.table({"household_id": ["K1"], "rw": [1], "unit": ["A"], "orang": [1], "rt": [2]}), path)
    parquet.write_table(pa.table({"household_id": ["K1"], "umur": [3], "orang": [1]}), members)
    assert told(read_answers(PLAN, path, {"member": members})[1]) == [
        "data.parquet!B1: kolom yang tidak dikenal diabaikan: rw, rt; samakan judulnya dengan nama isian survey",
        "member.parquet!C1: kolom yang tidak dikenal diabaikan: orang; samakan judulnya dengan nama isian survey",
    ]


def test_a_file_that_cannot_be_used_says_why(tmp_path: Path) -> None:
    members = wrote(tmp_path, "member.csv", "umur\n5\n")
    assert refused(tmp_path, "\n\n") == (
        "berkas data.csv tidak berisi baris judul; isi baris pertama dengan nama isian survey"
    )
    assert refused(tmp_path, "orang\n1\n", by="rt") == (
        "berkas data.csv tidak mempunyai kolom rt; beri --by nama kolom yang ada"
    )
    assert refused(tmp_path, "orang\n1\n", repeats={"membr": members}) == (
        "formulir tidak mempunyai pengulangan membr; maksud Anda member?"
    )
    assert refused(tmp_path, "orang\n1\n", repeats={"fact": members}) == (
        "formulir tidak mempunyai pengulangan fact; maksud Anda facts?"
    )
    for text in ("orang\n1\n", "household_id\nK1\n"):
        name = "data.csv" if text.startswith("orang") else "member.csv"
        assert refused(tmp_path, text, repeats={"member": members}) == (
            f"berkas {name} tidak mempunyai kolom household_id; tambahkan kolom itu supaya baris dapat dipasangkan"
        )
    assert refused(tmp_path, "PK\x03\x04orang\n") == (
        "berkas data.csv ternyata berisi .xlsx; ganti akhiran namanya menjadi .xlsx"
    )
    with pytest.raises(InputError) as caught:
        read_answers(PLAN, tmp_path / "tidak-ada.csv")
    assert str(caught.value) == (
        "berkas tidak-ada.csv tidak dapat dibaca; periksa nama dan isinya: CSV, XLSX, atau Parquet"
    )


def test_facts_are_read_with_their_rows(tmp_path: Path) -> None:
    path = wrote(
        tmp_path,
        "facts.csv",
        "indicator,unit,value,option,juri\nsk,A,ya,,J1\nrakor,A,3.5,,\npaparan,A,,b,\nsk,,1,,\nrakor,B,banyak,,\n",
    )
    facts, problems = read_facts(path)
    assert facts == (
        Fact("A", "sk", Decimal(1), None, "facts.csv!A2"),
        Fact("A", "rakor", Decimal("3.5"), None, "facts.csv!A3"),
        Fact("A", "paparan", None, "b", "facts.csv!A4"),
        Fact(None, "sk", Decimal(1), None, "facts.csv!A5"),
        Fact("B", "rakor", None, None, "facts.csv!A6"),
    )
    assert told(problems) == [
        "facts.csv!E1: kolom yang tidak dikenal diabaikan: juri; samakan judulnya dengan nama isian survey",
        "facts.csv!B5: baris nilai ini tidak menyebut wilayah; isi kolom unit",
        "facts.csv!C6: isian value bukan bilangan; tulis angka saja, misalnya 3,5",
    ]


def test_facts_of_parquet_are_read_as_a_person_would_type_them(tmp_path: Path) -> None:
    path = tmp_path / "facts.parquet"
    values = {"indicator": ["sk", "rakor", "rapat", ""], "value": [1.0, float("nan"), 0.00001, 2.0]}
    parquet.write_table(pa.table(values), path)
    facts, problems = read_facts(path)
    assert [(fact.indicator, fact.value) for fact in facts] == [
        ("sk", Decimal(1)),
        ("rakor", None),
        ("rapat", Decimal("0.00001")),
    ]
    assert told(problems) == ["facts.parquet!A5: baris nilai ini tidak menyebut indikator; isi kolom indicator"]


def test_facts_without_their_columns_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        read_facts(wrote(tmp_path, "facts.csv", "unit,indicator\nA,sk\n"))
    assert str(caught.value) == (
        "facts.csv!A1: berkas nilai tidak mempunyai kolom indicator beserta value atau option; "
        "beri judul kolom: unit, indicator, value, option"
    )
