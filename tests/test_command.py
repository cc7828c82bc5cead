"""The command `selaras` as a person runs it: exit codes, what it prints, and that it never loads Django for a score."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from tests.build_workbook import workbook
from tests.sample_workbook import changed, sample

ROOT = Path(__file__).resolve().parents[1]
HOUSEHOLDS = """\
household_id,unit,jumlah,jamban,bantuan,iuran
K1,A,4,leher_angsa,pkh,1000
K2,A,2,cemplung,,3000
K3,A,1,leher_angsa,pkh bpnt,
K4,B,1,,,
K5,,3,kolam,,
"""
MEMBERS = "household_id,umur,sekolah\nK1,9,ya\nK1,40,tidak\nK2,5,\nK3,8,ya\n"
FACTS = "unit,indicator,value,option\nA,sk,,a\nA,saluran,1,\nC,sk,,b\n"


def selaras(*words: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """One run of the command in `folder`."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    run = [sys.executable, "-m", "selaras", *words]
    return subprocess.run(run, cwd=folder, env=environment, capture_output=True, text=True, timeout=300, check=False)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A workbook and its data."""
    (tmp_path / "buku.xlsx").write_bytes(sample())
    (tmp_path / "data.csv").write_text(HOUSEHOLDS)
    (tmp_path / "anggota.csv").write_text(MEMBERS)
    (tmp_path / "nilai.csv").write_text(FACTS)
    return tmp_path


DATA = ("buku.xlsx", "data.csv", "member=anggota.csv", "facts=nilai.csv")


def test_a_sound_workbook_is_praised(folder: Path) -> None:
    found = selaras("check", "buku.xlsx", folder=folder)
    assert (found.returncode, found.stderr) == (0, "")
    praise, _, digest = found.stdout.strip().rpartition(" ")
    assert praise == "buku.xlsx: baik; contoh 2024.1, 5 indikator dalam 3 aspek, sha256"
    assert len(digest) == 12


def test_a_plain_form_is_fine_and_scores_nothing(folder: Path) -> None:
    sheets = {"survey": [["type", "name", "label"], ["integer", "jumlah", "Berapa?"]]}
    (folder / "form.xlsx").write_bytes(workbook(sheets))
    assert selaras("check", "form.xlsx", folder=folder).returncode == 0
    found = selaras("score", "form.xlsx", "data.csv", folder=folder)
    assert (found.returncode, found.stdout) == (
        1,
        "berkas form.xlsx adalah XLSForm biasa, tidak ada yang dinilai; "
        "tambahkan sheet instrument, aspects, indicators\n",
    )


def test_every_error_of_every_workbook_is_a_line_and_the_code_is_one(folder: Path) -> None:
    (folder / "rusak.xlsx").write_bytes(
        changed(("indicators", "I2", "${jambann} = 'leher_angsa'"), ("bands", "C4", "0.9"))
    )
    found = selaras("check", "rusak.xlsx", "buku.xlsx", "tidak-ada.xlsx", folder=folder)
    lines = found.stdout.splitlines()
    assert found.returncode == 1
    assert "rusak.xlsx: indicators!I2: ${jambann} tidak dikenal; maksud Anda ${jamban}?" in lines
    assert sum(line.startswith("rusak.xlsx: ") for line in lines) >= 2
    assert sum(line.startswith("buku.xlsx: baik; ") for line in lines) == 1
    assert sum(line.startswith("tidak-ada.xlsx: ") for line in lines) == 1
    alone = selaras("check", "rusak.xlsx", folder=folder)
    assert "indicators!I2: ${jambann} tidak dikenal; maksud Anda ${jamban}?" in alone.stdout.splitlines()
    scored = selaras("score", "rusak.xlsx", "data.csv", folder=folder)
    assert (scored.returncode, scored.stdout) == (1, alone.stdout)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("check",), "selaras check: yang wajib belum diisi: workbook"),
        (("score", "buku.xlsx"), "selaras score: yang wajib belum diisi: data"),
        (("score", "buku.xlsx", "facts=nilai.csv"), "selaras score: berkas keluarga belum disebut"),
        (
            ("score", "buku.xlsx", "data.csv", "data.csv"),
            "selaras score: berkas keluarga disebut 2 kali; gabungkan menjadi satu",
        ),
        (("score", *DATA, "--engine", "mesin"), "selaras score: --engine tidak mengenal 'mesin'; "),
        (
            ("score", *DATA, "--date", "besok"),
            "selaras score: --date: 'besok' bukan tanggal; tulis seperti 2024-11-30",
        ),
        (("score", *DATA, "--json", "--xlsx", "x"), "selaras score: --xlsx tidak dapat dipakai bersama --json"),
        (("score", *DATA, "--warna"), "selaras score: tidak dikenal: --warna"),
    ],
)
def test_wrong_usage_is_told_on_standard_error_with_code_two(
    folder: Path, words: tuple[str, ...], message: str
) -> None:
    found = selaras(*words, folder=folder)
    assert (found.returncode, found.stdout) == (2, "")
    assert found.stderr.startswith(message)


def test_no_word_at_all_shows_what_there_is(folder: Path) -> None:
    found = selaras(folder=folder)
    assert found.returncode == 2
    assert found.stdout.startswith("Selaras: dari instrumen penilaian ke nilai")
    asked = selaras("--help", folder=folder)
    assert (asked.returncode, asked.stdout) == (0, found.stdout)


def line(
    value: float | None, counts: tuple[int | None, ...], option: str | None, worth: tuple[float, float, float]
) -> dict[str, object]:
    """One indicator of a card; `counts` are n, true, missing, not applicable, `worth` points, weight, score."""
    counted = dict(zip(("n", "true", "missing", "not_applicable"), counts, strict=True))
    return {"value": value, **counted, "option": option, **dict(zip(("points", "weight", "score"), worth, strict=True))}


def test_a_score_as_json_is_the_card(folder: Path) -> None:
    found = selaras("score", *DATA, "--json", folder=folder)
    assert (found.returncode, found.stderr) == (0, "")
    card = json.loads(found.stdout)
    assert card["instrument"]["id"] == "contoh"
    assert [(unit["unit"], unit["households"]) for unit in card["units"]] == [("A", 3), ("B", 1), ("C", 0), (None, 1)]
    assert [f"{one['where']}: {one['message']}" for one in card["problems"]] == [
        "data.csv!D6: isian jamban bukan salah satu pilihannya",
        ": 1 keluarga tidak menyebut wilayah",
    ]
    # A: jamban 2 of 3 is in the band of 50; both pupils of 7 and older but one who skipped; iuran 2000 of 5000.
    assert card["units"][0]["indicators"] == {
        "jamban": line(0.666666666667, (3, 2, 0, 0), None, (0.5, 2, 1)),
        "sekolah": line(0.666666666667, (3, 2, 0, 1), None, (0.333333333333, 1, 0.333333333333)),
        "iuran": line(2000, (2, None, 1, 0), None, (0.4, 1, 0.4)),
        "sk": line(None, (None,) * 4, "a", (1, 1, 1)),
        "saluran": line(1, (None,) * 4, None, (1, 1, 1)),
    }
    # Kesehatan: (0.5 × 1 + 1/3 + 0.4) / 3; total: (60 × that + 40 × 1) / 100.
    assert card["units"][0]["total"] == 64.666666666667


def test_a_score_for_people_is_a_table_and_its_problems(folder: Path) -> None:
    found = selaras("score", *DATA[:3], "--by", "jamban", folder=folder)
    assert found.returncode == 0
    lines = found.stdout.splitlines()
    assert lines[0].startswith("Instrumen contoh (contoh 2024.1), skala 100, duckdb ")
    assert lines[2].split() == ["Wilayah", "Keluarga", "Nilai", "Bobot", "kosong", "Kesehatan", "Kelembagaan"]
    assert [line.split()[:2] for line in lines[4:8]] == [
        ["cemplung", "1"],
        ["kolam", "1"],
        ["leher_angsa", "2"],
        ["(tanpa", "wilayah)"],
    ]
    assert lines[-2:] == [
        "data.csv!D6: isian jamban bukan salah satu pilihannya; pilihan yang ada: leher_angsa, cemplung",
        "1 keluarga tidak menyebut wilayah; isi kolom jamban (peringatan)",
    ]


def test_one_number_is_explained_with_rule_steps_and_sql(folder: Path) -> None:
    found = selaras("score", *DATA, "--explain", "A/jamban", folder=folder)
    assert found.returncode == 0
    assert found.stdout.startswith(
        "Jamban sehat\n\nDihitung sudah bila “Jamban apa yang dipakai?” dijawab Leher angsa.\n"
    )
    assert "\n1. 2 dari 3: keluarga yang sudah, menjadi 66,7 %; 0 belum diketahui, 0 tidak berlaku\n" in found.stdout
    assert "\nSQL:\n" in found.stdout
    wrong = selaras("score", *DATA, "--explain", "Z/jamban", folder=folder)
    assert (wrong.returncode, wrong.stdout) == (1, "wilayah Z tidak ada dalam hasil; wilayah yang ada: A, B, C, ''\n")


def test_the_spreadsheet_holds_scores_steps_rules_and_problems(folder: Path) -> None:
    found = selaras("score", *DATA, "--xlsx", "kartu.xlsx", folder=folder)
    assert found.returncode == 0
    assert found.stdout.splitlines()[0] == "kartu.xlsx: 4 wilayah"
    book = CalamineWorkbook.from_path(str(folder / "kartu.xlsx"))
    assert book.sheet_names == [
        "Ringkasan",
        "Indikator",
        "Golongan",
        "Jejak",
        "Aturan",
        "SQL",
        "Masalah",
        "Tentang",
    ]
    summary = book.get_sheet_by_name("Ringkasan").to_python()
    assert summary[0][:5] == ["Wilayah", "Keluarga", "Nilai", "Bobot belum bernilai", "Kesehatan"]
    assert summary[1][:3] == ["A", 3.0, 64.666666666667]
    assert book.get_sheet_by_name("Jejak").to_python()[1][:4] == ["A", "jamban", 1.0, "2 dari 3"]
    assert book.get_sheet_by_name("Masalah").to_python()[1][0] == "data.csv!D6"


def test_today_must_be_given_where_it_is_used(folder: Path) -> None:
    (folder / "buku.xlsx").write_bytes(changed(("indicators", "I4", "today() - date('2024-01-01')")))
    found = selaras("score", *DATA, folder=folder)
    assert (found.returncode, found.stdout) == (
        1,
        "instrumen ini memakai today(), tetapi tanggal penutupan putaran belum diberikan; "
        "tambahkan --date, misalnya --date 2024-11-30\n",
    )
    dated = selaras("score", *DATA, "--date", "2024-01-31", "--json", folder=folder)
    assert json.loads(dated.stdout)["units"][0]["indicators"]["iuran"]["value"] == 30


def test_data_that_cannot_be_used_ends_with_code_one(folder: Path) -> None:
    missing = selaras("score", "buku.xlsx", "tidak-ada.csv", folder=folder)
    assert (missing.returncode, missing.stdout) == (
        1,
        "berkas tidak-ada.csv tidak dapat dibaca; periksa nama dan isinya: CSV, XLSX, atau Parquet\n",
    )
    (folder / "nilai.csv").write_text("unit,indicator,option\nA,sk,c\nA,skk,a\n")
    facts = selaras("score", *DATA, "--json", folder=folder)
    assert (facts.returncode, facts.stdout.splitlines()) == (
        1,
        [
            "nilai.csv!B2: indikator sk tidak mempunyai pilihan 'c'; pilihan yang ada: a, b",
            "nilai.csv!B3: indikator skk tidak ada dalam instrumen; maksud Anda sk?",
        ],
    )


def test_a_card_that_cannot_be_saved_says_so(folder: Path) -> None:
    found = selaras("score", *DATA, "--xlsx", "tidak-ada/kartu.xlsx", folder=folder)
    assert (found.returncode, found.stdout) == (
        1,
        "berkas tidak-ada/kartu.xlsx tidak dapat ditulis; periksa foldernya, dan tutup berkas itu bila terbuka\n",
    )


def test_all_that_is_wrong_with_facts_is_told_at_once(folder: Path) -> None:
    (folder / "nilai.csv").write_text("unit,indicator,option,value\nA,sk,,banyak\nA,skk,a,\n,sk,a,\n")
    facts = selaras("score", *DATA, "--json", folder=folder)
    assert (facts.returncode, facts.stdout.splitlines()) == (
        1,
        [
            "nilai.csv!D2: isian value bukan bilangan; tulis angka saja, misalnya 3,5",
            "nilai.csv!A4: baris nilai ini tidak menyebut wilayah; isi kolom unit",
            "nilai.csv!B3: indikator skk tidak ada dalam instrumen; maksud Anda sk?",
        ],
    )


def test_neither_check_nor_score_loads_django(folder: Path) -> None:
    program = (
        "import sys\n"
        "from selaras.__main__ import main\n"
        f"codes = main(['check', 'buku.xlsx']), main({['score', *DATA, '--json']!r})\n"
        "loaded = [name for name in ('django', 'pandas') if name in sys.modules]\n"
        "print(codes, loaded, file=sys.stderr)\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    run = [sys.executable, "-c", program]
    found = subprocess.run(run, cwd=folder, env=environment, capture_output=True, text=True, timeout=300, check=False)
    assert found.stderr == "(0, 0) []\n"


def test_a_reader_that_has_read_enough_is_no_error(folder: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    run = [sys.executable, "-m", "selaras", "score", *DATA, "--explain", "A/jamban"]
    with subprocess.Popen(run, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        running.stdout.close()
        complaint = running.stderr.read()
    assert (running.returncode, complaint) == (0, b"")
