"""A spreadsheet of families on its way in: what is wrong with it, by cell; what it changes; what it never shows."""

import pytest

from selaras.access import CONSOLE
from selaras.actions.households import Correction, correct_household
from selaras.actions.importing.publishing import publish
from selaras.actions.imports import choose_columns, confirm_import, discard_import, undo_import
from selaras.actions.jobs import Progress, work_off
from selaras.errors import Forbidden, InputError, Missing
from selaras.models import (
    AuditEntry,
    BatchState,
    Counter,
    CurrentAnswers,
    DataKey,
    Household,
    ImportBatch,
    ImportRow,
    Job,
    Person,
    Role,
    StoredFile,
    Submission,
    UnitCounter,
)
from selaras.queries.imports import import_page
from tests import build
from tests.build_programme import (
    HEADER,
    Programme,
    bring,
    confirm,
    families_file,
    family,
    programme,
    receive,
)
from tests.sample_workbook import sample

pytestmark = pytest.mark.django_db

ROWS = [
    family("GD-001", 4, "leher_angsa", 2000, name="Ani Uji"),
    family("GD-002", 3, "Cemplung", "", name="Budi Uji"),
    family("GD-003", "", "", "", name="Citra Uji"),
]
MEMBERS = [
    ["GD-001", "Ani Uji", "0000000000000001", 40, ""],
    ["GD-001", "Anak Satu", "", 9, "ya"],
    ["GD-002", "Anak Dua", "", 10, "tidak"],
]


def test_a_published_file_becomes_families_answers_and_counters() -> None:
    of = programme()
    bring(of, families_file(ROWS, MEMBERS))
    assert list(Household.objects.order_by("code").values_list("code", "head_name", "rw", "rt", "pending")) == [
        ("GD-001", "Ani Uji", "01", "02", None),
        ("GD-002", "Budi Uji", "01", "02", None),
        ("GD-003", "Citra Uji", "01", "02", None),
    ]
    assert list(Person.objects.order_by("household__code", "position").values_list("household__code", "name")) == [
        ("GD-001", "Ani Uji"),
        ("GD-001", "Anak Satu"),
        ("GD-002", "Anak Dua"),
        ("GD-003", "Citra Uji"),
    ]
    answers = dict(CurrentAnswers.objects.values_list("household__code", "answers"))
    assert answers == {
        "GD-001": {
            "jumlah": 4,
            "jamban": "leher_angsa",
            "iuran": "2000",
            "member": [{"umur": 40}, {"umur": 9, "sekolah": "ya"}],
        },
        "GD-002": {"jumlah": 3, "jamban": "cemplung", "member": [{"umur": 10, "sekolah": "tidak"}]},
    }
    counters = {
        row.indicator.name: (row.n, row.true, row.missing) for row in Counter.objects.select_related("indicator")
    }
    assert counters == {"jamban": (2, 1, 0), "sekolah": (2, 1, 1), "iuran": (1, 0, 1)}
    assert list(UnitCounter.objects.values_list("households", "classes", "unclassified")) == [
        (2, {"rentan": 1, "sehat": 1}, 0)
    ]


def problems(of: Programme, content: bytes, *, filename: str = "keluarga.xlsx") -> list[str]:
    """What the import's page says is wrong, a line each."""
    user = build.member(Role.SECRETARIAT, "36.72", cycle=of.cycle)
    page = import_page(user, of.cycle.slug, of.lokus.area, receive(of, content, filename=filename))
    return [str(problem) for problem in page.problems]


def test_every_problem_names_its_cell_and_what_to_do() -> None:
    of = programme()
    found = problems(
        of,
        families_file(
            [
                family("GD-001", "dua", "cemplong", "1.250"),
                family("GD-001", 1, "cemplung", 1),
                family("XX-7", 1, "cemplung", 1),
                family("", 1, "cemplung", 1),
            ],
            [["GD-009", "Siapa", "123", 4, ""], ["GD-001", "Siapa", "3,67E+15", 4, ""]],
        ),
    )
    assert found == [
        "keluarga!E2: isian jumlah bukan bilangan bulat; tulis angka saja, misalnya 12",
        "keluarga!F2: isian jamban bukan salah satu pilihannya; maksud Anda Cemplung?",
        "keluarga!G2: titik pada isian iuran dapat berarti ribuan atau pecahan; "
        "tulis bilangan bulat dan uang tanpa titik (1234), pecahan yang lain dengan koma (1,234)",
        "keluarga!A3: keluarga ini sudah ada di baris 2; gabungkan menjadi satu baris",
        "keluarga!A4: kode keluarga tidak berbentuk GD-001; awali dengan GD- lalu angka",
        "keluarga!A5: kode keluarga kosong; isi kode, misalnya GD-001",
        "member!A2: anggota ini tidak punya keluarga di sheet keluarga; periksa kode keluarganya",
        "member!C3: NIK sudah dibulatkan oleh lembar kerja; ubah format kolomnya menjadi Teks lalu ketik ulang",
        "member!C2: NIK bukan 16 angka; periksa angkanya, atau kosongkan bila belum ada",
    ]


def test_a_file_with_errors_is_refused_and_leaves_nothing() -> None:
    of = programme()
    import_id = receive(of, families_file([family("GD-001", "dua", "", "")]))
    with pytest.raises(InputError):
        confirm_import(by=CONSOLE, cycle_slug=of.cycle.slug, code=of.lokus.area, import_id=import_id)
    assert (Household.objects.count(), Submission.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    ("content", "filename", "what"),
    [
        (b"%PDF-1.7", "keluarga.pdf", "berkas keluarga.pdf bukan .xlsx, .ods, atau .csv"),
        (b"PK\x03\x04rusak", "keluarga.xlsx", "berkas keluarga.xlsx bukan buku kerja .xlsx yang utuh"),
        (b"kode\x00;nama", "keluarga.csv", "berkas keluarga.csv bukan CSV yang dapat dibaca"),
        (b"", "keluarga.csv", "berkas keluarga.csv tidak berisi baris keluarga"),
        (b"kode;jumlah", "keluarga.csv", "berkas keluarga.csv tidak berisi baris keluarga"),
        (b"jumlah;jamban\n1;cemplung", "keluarga.csv", "keluarga.csv!A1: tidak ada kolom kode keluarga"),
    ],
)
def test_a_file_that_cannot_be_used_says_why(content: bytes, filename: str, what: str) -> None:
    found = problems(programme(), content, filename=filename)
    assert [line.startswith(what) for line in found] == [True]


def test_a_csv_of_an_indonesian_excel_is_read() -> None:
    of = programme()
    header = "Kode;Nama Kepala Keluarga;RW;RT;jumlah;Jamban apa yang dipakai?;iuran"
    text = header + '\r\n1;"Uji; Ani";3;2;4;Leher angsa;2500,5\r\n'
    confirm(of, receive(of, text.encode(), filename="keluarga.csv"))
    assert list(Household.objects.values_list("code", "head_name", "area")) == [
        ("GD-001", "Uji; Ani", "36.72.05.1005.RW03.RT02")
    ]
    assert CurrentAnswers.objects.get().answers == {"jumlah": 4, "jamban": "leher_angsa", "iuran": "2500.5"}


def test_members_may_stand_beside_their_family_in_wide_columns() -> None:
    of = programme()
    header = [*HEADER, "member_1_nama", "member_1_umur", "anggota_2_umur", "anggota 2 nama"]
    row = [*family("GD-001", 2, "cemplung", 1), "Ani Uji", 33, 8, "Anak Uji"]
    bring(of, families_file([row], header=header))
    assert list(Person.objects.order_by("position").values_list("name", flat=True)) == ["Ani Uji", "Anak Uji"]
    assert CurrentAnswers.objects.get().answers["member"] == [{"umur": 33}, {"umur": 8}]


def test_a_column_that_is_nearly_a_question_is_read_and_said_so() -> None:
    of = programme()
    header = [*HEADER[:5], "jambann", "catatan petugas"]
    found = problems(of, families_file([["GD-001", "Uji", "1", "2", 4, "cemplung", "x"]], header=header))
    assert found == [
        "keluarga!F1: kolom 'jambann' dibaca sebagai jamban; ganti judulnya bila bukan itu",
        "keluarga!G1: kolom 'catatan petugas' tidak dipakai; biarkan, atau ganti judulnya: lihat daftar kolom",
    ]


def test_a_person_may_say_what_a_column_means() -> None:
    of = programme()
    header = [*HEADER[:5], "WC", "iuran"]
    import_id = receive(of, families_file([family("GD-001", 4, "cemplung", 5)], header=header))
    where = {"cycle_slug": of.cycle.slug, "code": of.lokus.area, "import_id": import_id}
    choose_columns(by=CONSOLE, mapping={"keluarga": {"WC": "jamban", "iuran": ""}}, **where)
    work_off()
    confirm(of, import_id)
    assert CurrentAnswers.objects.get().answers == {"jumlah": 4, "jamban": "cemplung"}


def test_families_without_codes_are_known_by_their_kk_and_get_the_next_code() -> None:
    of = programme()
    header = ["no kk", "nama kepala", "jumlah"]
    bring(of, families_file([["9900000000000001", "Ani Uji", 2]], header=header))
    bring(
        of, families_file([["9900000000000002", "Budi Uji", 3], ["9900 0000 0000 0001", "Ani Uji", 4]], header=header)
    )
    assert list(Household.objects.order_by("code").values_list("code", "head_name")) == [
        ("GD-001", "Ani Uji"),
        ("GD-002", "Budi Uji"),
    ]
    assert dict(CurrentAnswers.objects.values_list("household__code", "answers")) == {
        "GD-001": {"jumlah": 4},
        "GD-002": {"jumlah": 3},
    }


def test_a_kk_that_belongs_to_another_family_is_refused() -> None:
    of = programme()
    header = ["kode", "no kk", "jumlah"]
    bring(of, families_file([["GD-001", "9900000000000001", 2]], header=header))
    found = problems(of, families_file([["GD-002", "9900000000000001", 2]], header=header))
    assert found == ["keluarga!B2: nomor KK ini terdaftar pada keluarga GD-001; periksa kode atau nomor KK baris ini"]


def test_a_kk_that_another_import_took_after_the_check_stops_the_second_with_a_remedy() -> None:
    of = programme()
    header = ["kode", "no kk", "jumlah"]
    first = receive(of, families_file([["GD-001", "9900000000000001", 2]], header=header))
    second = receive(of, families_file([["GD-002", "9900000000000001", 2]], header=header))
    confirm(of, first)
    confirm(of, second)
    job = Job.objects.filter(kind="imports.publish").latest("id")
    assert (job.state, job.note) == (
        "failed",
        "nomor KK ini terdaftar pada keluarga GD-001; periksa kode atau nomor KK baris ini",
    )
    assert list(Household.objects.values_list("code", "pending")) == [("GD-001", None)]


class Interrupted(Progress):
    """A worker that is slower than a person: while it prepares, she corrects the family."""

    def say(self, done: int, total: int | None = None, *, note: str | None = None, now: bool = False) -> None:
        super().say(done, total, note=note, now=now)
        by = build.member(Role.SECRETARIAT, "36.72")
        hers = Correction(version=1, head_name="Ani Betul", address="", rw="03", rt="02")
        correct_household(by=by, cycle_slug="36-72-2024", code="36.72.05.1005", household="GD-001", correction=hers)


def test_what_a_person_corrects_while_an_import_is_prepared_is_not_overwritten() -> None:
    of = programme()
    bring(of, families_file([family("GD-001", 2, "", "", name="Ani Uji", rw="03")]))
    second = receive(of, families_file([family("GD-001", 2, "", "", name="Ani Salah", rw="03")]))
    confirm_import(by=CONSOLE, cycle_slug=of.cycle.slug, code=of.lokus.area, import_id=second)
    with pytest.raises(InputError) as refused:
        publish(Interrupted(Job.objects.get(kind="imports.publish", params__batch=str(second))))

    assert [problem.code for problem in refused.value.problems] == ["import.overtaken"]
    assert list(Household.objects.values_list("head_name", "version")) == [("Ani Betul", 2)]
    assert ImportBatch.objects.get(uuid=second).state == BatchState.CHECKED


def test_names_of_neighbourhoods_may_be_long() -> None:
    of = programme()
    name = "KAMPUNG BARU SELATAN"
    bring(of, families_file([family("GD-001", 2, "", "", rw=name, rt=name)]))
    assert list(Household.objects.values_list("area", flat=True)) == [
        "36.72.05.1005.RWKAMPUNGBARUSELATAN.RTKAMPUNGBARUSELATAN"
    ]


def test_a_corrected_name_and_member_list_replace_the_old_ones() -> None:
    of = programme()
    bring(of, families_file([family("GD-001", 2, "", "")], [["GD-001", "Ani", "", 30, ""]]))
    members = [["GD-001", "Ani Uji", "", 30, ""], ["GD-001", "Bayi Uji", "", 0, ""]]
    bring(of, families_file([family("GD-001", 2, "", "", name="Ani Uji", rw="7")], members))
    assert list(Household.objects.values_list("head_name", "area")) == [("Ani Uji", "36.72.05.1005.RW07.RT02")]
    assert list(Person.objects.values_list("name", flat=True)) == ["Ani Uji", "Bayi Uji"]


def test_after_publishing_neither_file_nor_staged_rows_nor_key_are_left() -> None:
    of = programme()
    import_id = bring(of, families_file(ROWS, MEMBERS))
    batch = ImportBatch.objects.get(uuid=import_id)
    assert (batch.key.wrapped, batch.file, ImportRow.objects.count()) == (None, None, 0)
    assert StoredFile.objects.filter(key__isnull=False).count() == 0
    raw = Submission.objects.get(household__code="GD-002").raw_bytes()
    assert b"Budi Uji" in raw


def test_what_is_personal_lies_nowhere_in_the_answers_or_the_audit() -> None:
    of = programme()
    bring(of, families_file(ROWS, MEMBERS))
    submission = Submission.objects.get(household__code="GD-001")
    assert "Ani" not in str(submission.answers)
    assert submission.private_values() == {"member": [{"nama": "Ani Uji"}, {"nama": "Anak Satu"}]}
    said = str(list(AuditEntry.objects.values_list("action", "details")))
    assert [word for word in ("Ani", "Budi", "Anak", "0000000000000001") if word in said] == []


def test_a_discarded_import_leaves_nothing() -> None:
    of = programme()
    import_id = receive(of, families_file(ROWS, MEMBERS))
    keys = DataKey.objects.filter(purpose="household").count()
    discard_import(by=CONSOLE, cycle_slug=of.cycle.slug, code=of.lokus.area, import_id=import_id)
    work_off()
    batch = ImportBatch.objects.get(uuid=import_id)
    assert (batch.state, batch.file, batch.key.wrapped) == ("discarded", None, None)
    assert (Household.objects.count(), ImportRow.objects.count()) == (0, 0)
    assert DataKey.objects.filter(purpose="household").count() == keys
    with pytest.raises(InputError):
        confirm_import(by=CONSOLE, cycle_slug=of.cycle.slug, code=of.lokus.area, import_id=import_id)


def test_who_may_not_bring_in_this_lokus_is_refused() -> None:
    of = programme()
    content = families_file(ROWS)
    with pytest.raises(Forbidden):
        receive(of, content, by=build.member(Role.CADRE, "36.72.05.1005.RW01", cycle=of.cycle))
    with pytest.raises(Missing):
        receive(of, content, by=build.member(Role.SECRETARIAT, "32.73"))
    import_id = receive(of, content, by=build.member(Role.SUPERVISOR, "36.72.05.1005", cycle=of.cycle))
    with pytest.raises(Missing):
        confirm(of, import_id, by=build.member(Role.SUPERVISOR, "36.73.01", cycle=None))


def test_the_preview_masks_what_is_personal() -> None:
    of = programme()
    user = build.member(Role.SECRETARIAT, "36.72", cycle=of.cycle)
    page = import_page(user, of.cycle.slug, of.lokus.area, receive(of, families_file(ROWS, MEMBERS)))
    assert (page.state, page.new, page.known, page.members, page.errors) == ("ready", 3, 0, 3, 0)
    assert page.header == ("kode", "nama kepala", "rw", "rt", "jumlah", "jamban", "iuran")
    assert page.preview[0] == ("GD-001", "•••", "01", "02", "4", "leher_angsa", "2000")


def test_the_preview_masks_answers_of_health_and_asks_no_other_table_what_a_title_means() -> None:
    privacy = "| field | class | purpose |\n| jamban | kesehatan | uji |\n| umur | umum | uji |"
    of = programme(sample(privacy=privacy))
    header = [*HEADER, "umur"]
    content = families_file([[*ROWS[0], "rahasia"]], MEMBERS, header=header)
    user = build.member(Role.SECRETARIAT, "36.72", cycle=of.cycle)
    page = import_page(user, of.cycle.slug, of.lokus.area, receive(of, content))
    assert page.header == tuple(header)
    assert page.preview[0] == ("GD-001", "•••", "01", "02", "4", "•••", "2000", "•••")


def test_every_step_of_an_import_is_written_down_once() -> None:
    of = programme()
    where = {"by": CONSOLE, "cycle_slug": of.cycle.slug, "code": of.lokus.area}
    import_id = receive(of, families_file([family("GD-001", 4, "", "")]))
    choose_columns(**where, import_id=import_id, mapping={"keluarga": {"iuran": ""}})  # type: ignore[arg-type]
    work_off()
    confirm(of, import_id)
    undo_import(**where, import_id=import_id)  # type: ignore[arg-type]
    work_off()
    undo_import(**where, import_id=import_id)  # type: ignore[arg-type]
    said = AuditEntry.objects.filter(action__startswith="imports.").order_by("id").values_list("action", flat=True)
    assert [action for action in said if action not in {"imports.publish", "imports.undone"}] == [
        "imports.receive",
        "imports.choose_columns",
        "imports.confirm",
        "imports.undo",
    ]
