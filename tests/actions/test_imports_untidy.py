"""A sheet as an office has it: read as it stands, asked about once, given back with its problems, taken back whole."""

import io
from datetime import date

import pytest
from openpyxl import Workbook, load_workbook

from selaras.access import CONSOLE
from selaras.actions.imports import choose_columns, confirm_import, export_problems, template
from selaras.actions.jobs import work_off
from selaras.errors import InputError
from selaras.models import AuditEntry, ColumnMemory, CurrentAnswers, Household, ImportBatch, Role, Submission
from selaras.queries.columns import columns_page
from selaras.queries.imports import ImportPage, import_page
from tests import build
from tests.build_programme import Programme, bring, confirm, families_file, family, programme, receive
from tests.build_sheets import sheet, untidy
from tests.sample_workbook import sample

pytestmark = pytest.mark.django_db


def page_of(of: Programme, content: bytes, filename: str = "data.xlsx") -> ImportPage:
    user = build.member(Role.SECRETARIAT, "36.72", cycle=of.cycle)
    return import_page(user, of.cycle.slug, of.lokus.area, receive(of, content, filename=filename))


def where(of: Programme, page: ImportPage) -> dict[str, object]:
    return {"cycle_slug": of.cycle.slug, "code": of.lokus.area, "import_id": page.id}


def test_titles_are_found_below_what_is_merged_above_them_and_the_foot_is_left_out() -> None:
    page = page_of(programme(), untidy())
    assert [str(problem) for problem in page.problems] == [
        "DATA 2024!B10: nomor KK ini juga milik baris 7; periksa nomor KK kedua baris",
        "DATA 2024!H5: kolom 'Keadaan rumah / Jumlah orang (jiwa)' tidak dipakai; "
        "biarkan, atau ganti judulnya: lihat daftar kolom",
        "DATA 2024!K5: kolom 'Tgl. lahir' tidak dipakai; biarkan, atau ganti judulnya: lihat daftar kolom",
        "DATA 2024!L5: kolom 'Ket.' tidak dipakai; biarkan, atau ganti judulnya: lihat daftar kolom",
        "DATA 2024!C8: NIK kosong; lengkapi bila sudah ada; tanpa NIK pun keluarga ini dapat disimpan",
        "DATA 2024!B9: KK 15 angka; nol di depan dikembalikan; periksa, lalu ubah format kolomnya menjadi Teks",
        "DATA 2024!A12: baris 12–15 dilewati: bukan keluarga (jumlah, judul, atau tanda tangan); "
        "biarkan; bila itu keluarga, isi nomor KK atau kodenya",
    ]
    assert (page.state, page.questions, page.good, page.skippable) == ("refused", 3, 3, True)


ANSWERED = {"@7": "jumlah", "@10": "lahir", "@11": ""}


def born() -> Programme:
    """A programme whose survey asks for a date of birth too."""
    survey = """
        | type              | name   | label                    | constraint        | constraint_message       | relevant    |
        | integer           | jumlah | Berapa orang di rumah?   | . >= 1 and . < 40 | Paling banyak 39 orang   |             |
        | select_one jamban | jamban | Jamban apa yang dipakai? |                   |                          |             |
        | decimal           | iuran  | Iuran sebulan?           |                   |                          | ${jumlah} > 2 |
        | date              | lahir  | Lahir kapan?             |                   |                          |             |
        | text              | sandi  | Sandi                    | regex(., '[A-Z]+') |                         |             |
        | begin repeat      | member | Anggota                  |                   |                          |             |
        | integer           | umur   | Umur                     | . >= 0            |                          |             |
        | select_one ya_tidak | sekolah | Sekolah?              |                   |                          | ${umur} >= 7 |
        | end repeat        |        |                          |                   |                          |             |
        """  # noqa: E501
    indicators = """
        | indicator | aspect    | label        | weight | from   | rule   | expression                |
        | jamban    | kesehatan | Jamban sehat | 1      | survey | yes_no | ${jamban} = 'leher_angsa' |
        """
    aspects = """
        | aspect    | label     | weight |
        | kesehatan | Kesehatan | 1      |
        """
    return programme(
        sample(
            survey=survey, indicators=indicators, aspects=aspects, bands=None, options=None, calculations=None,
            privacy=None,
        )
    )  # fmt: skip


def test_columns_are_asked_about_once_and_remembered_for_the_next_file() -> None:
    of = born()
    page = page_of(of, untidy(without=[10]))
    assert page.questions == 3
    choose_columns(by=CONSOLE, mapping={"DATA 2024": ANSWERED}, **where(of, page))  # type: ignore[arg-type]
    work_off()
    assert dict(ColumnMemory.objects.values_list("title", "field")) == {
        "keadaan_rumah_jumlah_orang_jiwa": "jumlah",
        "tgl_lahir": "lahir",
        "ket": "",
    }
    again = page_of(of, untidy(without=[10]))
    assert (again.questions, again.state) == (0, "ready")
    user = build.member(Role.SECRETARIAT, "36.72", cycle=of.cycle)
    columns = columns_page(user, of.cycle.slug, of.lokus.area, again.id)
    assert columns is not None
    assert [(one.letter, one.how) for one in columns.sheets[0].columns if one.how == "remembered"] == [
        ("H", "remembered"),
        ("K", "remembered"),
    ]


def test_what_was_typed_as_people_type_becomes_families_and_answers() -> None:
    of = born()
    page = page_of(of, untidy(without=[10]))
    choose_columns(by=CONSOLE, mapping={"DATA 2024": ANSWERED}, **where(of, page))  # type: ignore[arg-type]
    work_off()
    confirm(of, page.id)
    rows = Household.objects.select_related("key").order_by("code")
    assert [(row.code, row.head_name, row.rw, row.rt, row.kk(), row.phone()) for row in rows] == [
        ("GD-001", "Ani Uji", "05", "03", "9900000000000001", "081200000001"),
        ("GD-002", "Budi Uji", "05", "03", "9900000000000002", "0812 0000 0002"),
        ("GD-003", "Citra Uji", "05", "04", "0990000000000003", ""),
    ]
    assert [answers for (answers,) in CurrentAnswers.objects.order_by("household__code").values_list("answers")] == [
        {"jumlah": 4, "jamban": "leher_angsa", "iuran": "2500", "lahir": "1985-03-03"},
        {"jumlah": 3, "jamban": "cemplung", "lahir": "1985-03-03"},
        {"jumlah": 2, "jamban": "cemplung", "iuran": "5000", "lahir": "1985-03-03"},
    ]


def test_the_same_sheet_again_changes_nothing_even_for_families_without_numbers() -> None:
    of = born()
    rows = [["Nama Kepala Keluarga", "Alamat", "RT/RW", "jumlah"], ["Eka Uji", "Jl. Uji 9", "01/02", 3]]
    bring(of, sheet(rows))
    bring(of, sheet(rows))
    assert (Household.objects.count(), Submission.objects.count()) == (1, 1)


def test_families_with_errors_can_be_left_out() -> None:
    of = programme()
    page = page_of(of, untidy())
    with pytest.raises(InputError):
        confirm_import(by=CONSOLE, **where(of, page))  # type: ignore[arg-type]
    confirm_import(by=CONSOLE, skip=True, **where(of, page))  # type: ignore[arg-type]
    work_off()
    assert list(Household.objects.order_by("code").values_list("head_name", flat=True)) == [
        "Ani Uji",
        "Budi Uji",
        "Citra Uji",
    ]


def test_errors_of_titles_cannot_be_left_out() -> None:
    of = programme()
    page = page_of(
        of,
        families_file([family("GD-001", 1, "cemplung", 1)], header=["kode", "nama", "rw", "rw", "rt", "jamban", "x"]),
    )
    with pytest.raises(InputError) as refused:
        confirm_import(by=CONSOLE, skip=True, **where(of, page))  # type: ignore[arg-type]
    assert [problem.code for problem in refused.value.problems] == ["import.blocked"]


def test_the_survey_s_own_rules_hold_in_its_own_words() -> None:
    of = born()
    header = ["kode", "jumlah", "iuran", "sandi", "member_1_umur", "member_1_sekolah"]
    content = families_file([["GD-001", 40, 5, "AB", -1, ""], ["GD-002", 2, 7, "ab", 3, "ya"]], header=header)
    assert [str(problem) for problem in page_of(of, content).problems] == [
        "keluarga!B2: isian jumlah tidak diterima survei: Paling banyak 39 orang; periksa nilainya",
        "keluarga!E2: isian umur tidak diterima survei; periksa nilainya; syaratnya: . >= 0",
        "keluarga!D3: isian sandi tidak diterima survei; periksa nilainya; syaratnya: regex(., '[A-Z]+')",
        "keluarga!C3: isian iuran terisi padahal tidak ditanyakan kepada keluarga ini; "
        "kosongkan, atau periksa jawaban sebelumnya",
        "keluarga!F3: isian sekolah terisi padahal tidak ditanyakan kepada keluarga ini; "
        "kosongkan, atau periksa jawaban sebelumnya",
    ]


def test_the_sheet_comes_back_with_its_problems_in_front_and_can_be_uploaded_as_it_is() -> None:
    of = programme()
    rows = [["kode", "nama", "jumlah", "alamat"], ["GD-001", "Ani", "dua", "=1+1"], ["GD-002", "+62 Budi", 2, "x"]]
    page = page_of(of, sheet(rows))
    content, name = export_problems(by=CONSOLE, **where(of, page))  # type: ignore[arg-type]
    said = "isian jumlah bukan bilangan bulat; tulis angka saja, misalnya 12"
    book = load_workbook(io.BytesIO(content))
    got = [[cell.value for cell in row] for row in book["DATA 2024"].iter_rows()]
    assert (name, got) == (
        "data-masalah.xlsx",
        [
            ["Masalah (dihapus saat diunggah lagi)", "kode", "nama", "jumlah", "alamat"],
            [f"• jumlah: {said}", "GD-001", "Ani", "dua", "'=1+1"],
            [None, "GD-002", "'+62 Budi", 2, "x"],
        ],
    )  # fmt: skip
    assert AuditEntry.objects.filter(action="imports.export_problems").count() == 1
    book["DATA 2024"]["D2"] = 2
    out = io.BytesIO()
    book.save(out)
    again = page_of(of, out.getvalue())
    assert (again.state, again.questions) == ("ready", 0)
    confirm(of, again.id)
    assert list(Household.objects.order_by("code").values_list("head_name", "address")) == [
        ("Ani", "=1+1"),
        ("+62 Budi", "x"),
    ]


def test_merged_titles_come_back_merged_one_column_to_the_right_and_are_read_again() -> None:
    of = programme()
    book = Workbook()
    page = book.active
    page.title = "DATA"
    for row in (
        ["DAFTAR KELUARGA", None, None, None],
        ["kode", "keluarga", None, "jumlah"],
        [None, "nama", "alamat", None],
        ["GD-001", "Ani", "Jalan Uji 1", "dua"],
    ):
        page.append(row)
    titles = ["A1:D1", "A2:A3", "B2:C2", "D2:D3"]
    for area in titles:
        page.merge_cells(area)
    out = io.BytesIO()
    book.save(out)
    content, _ = export_problems(by=CONSOLE, **where(of, page_of(of, out.getvalue())))  # type: ignore[arg-type]
    got = load_workbook(io.BytesIO(content))["DATA"]

    assert sorted(str(area) for area in got.merged_cells.ranges) == ["B1:E1", "B2:B3", "C2:D2", "E2:E3"]
    assert [cell.value for cell in got[2]] == [None, "kode", "keluarga", None, "jumlah"]
    again = page_of(of, content)
    assert [str(problem) for problem in again.problems if problem.level == "error"] == [
        "DATA!E4: isian jumlah bukan bilangan bulat; tulis angka saja, misalnya 12"
    ]


def test_once_the_key_is_destroyed_no_sheet_comes_back() -> None:
    of = programme()
    import_id = bring(of, families_file([family("GD-001", 1, "cemplung", 1)]))
    with pytest.raises(InputError) as refused:
        export_problems(by=CONSOLE, cycle_slug=of.cycle.slug, code=of.lokus.area, import_id=import_id)
    assert [problem.code for problem in refused.value.problems] == ["import.stale"]


def test_a_filled_template_asks_nothing() -> None:
    of = born()
    book = load_workbook(io.BytesIO(template(by=CONSOLE, cycle_slug=of.cycle.slug, code=of.lokus.area)))
    assert book.sheetnames == ["keluarga", "anggota", "petunjuk", "pilihan"]
    assert [str(cell.value).splitlines()[1] for cell in book["keluarga"][1]] == [
        *("[kode]", "[nama_kepala_keluarga]", "[alamat]", "[rw]", "[rt]", "[no_kk]", "[nik]", "[no_hp]"),
        *("[jumlah]", "[jamban]", "[iuran]", "[lahir]", "[sandi]"),
    ]
    family_row = ["GD-001", "Ani Uji", "Jl. Uji", "05", "03", "9900000000000001", "9911000000000001", "0812"]
    for column, value in enumerate([*family_row, 4, "Leher angsa", 2500, date(1985, 3, 3), "AB"], start=1):
        book["keluarga"].cell(2, column, value)
    for column, value in enumerate(["GD-001", None, "Anak Uji", None, 9, "Ya"], start=1):
        book["anggota"].cell(2, column, value)
    out = io.BytesIO()
    book.save(out)
    page = page_of(of, out.getvalue())
    assert (page.state, page.questions, page.errors, page.members) == ("ready", 0, 0, 1)
    confirm(of, page.id)
    assert CurrentAnswers.objects.get().answers == {
        "jumlah": 4,
        "jamban": "leher_angsa",
        "iuran": "2500",
        "lahir": "1985-03-03",
        "member": [{"umur": 9, "sekolah": "ya"}],
    }


def test_titles_that_may_be_a_family_are_not_remembered() -> None:
    of = programme()
    page = page_of(of, b"Ani Uji;Jalan Uji;Kampung Uji\nBudi Uji;Jalan Uji;Kampung Uji\n", "data.csv")
    mapping = {"data.csv": {"@0": "head_name", "@1": "address"}}
    choose_columns(by=CONSOLE, mapping=mapping, **where(of, page))  # type: ignore[arg-type]
    assert ColumnMemory.objects.count() == 0
    assert "Ani" not in str(ImportBatch.objects.values_list("mapping", "summary", "problems"))
