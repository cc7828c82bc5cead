"""Answers taken along: what is in a file and what is not, who is told of it, and that nothing of it stays."""

import csv
import io
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pyarrow import parquet
from pytest_django import Settings

from selaras.access import CONSOLE
from selaras.actions import exports
from selaras.actions.erasure import erase_household
from selaras.actions.exports import Ready
from selaras.actions.field.receiving import Parcel, Sender, receive
from selaras.actions.field.taking import take_in
from selaras.errors import Forbidden, InputError
from selaras.models import AuditEntry, CurrentAnswers, Household, Role, Submission, User, Visit
from selaras.models.exports import exports_folder
from selaras.queries.cards import card_of
from selaras.queries.extract import FORMS, FileForm, Wanted
from selaras.queries.rules import instrument_of
from selaras.scoring.reading import read_answers
from selaras.scoring.score import score
from tests import build, leaks
from tests.build_field import filled, open_field
from tests.build_programme import HEADER, Programme, bring, families_file, programme
from tests.sample_workbook import rows, sample

pytestmark = pytest.mark.django_db(transaction=True)

WHY = "laporan triwulan"
#: What names somebody, each as it is given: nothing of it may stand in a file without identities.
NAMED = {
    "Rohayati Planted", "Gang Kalpataru 7", "3672051111110001", "081299887766", "Siti Planted", "3672052222220002",
}  # fmt: skip


@pytest.fixture(autouse=True)
def media(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = str(tmp_path / "media")


def workbook() -> bytes:
    """The sample with a question of health, and one that is asked only after it."""
    survey, indicators = rows("survey"), rows("indicators")
    survey.insert(2, ["select_one ya_tidak", "batuk", "Apakah ada yang batuk lama?"])
    survey.insert(3, ["integer", "lama", "Berapa minggu?", "${batuk} = 'ya'"])
    rule = ["survey", "linear", None, None, "${batuk} = 'ya'", "share", 1, 0, None, None, "Dinkes"]
    indicators.append(["batuk", "kesehatan", "Tanpa batuk lama", 1, *rule])
    indicators[0] = [*indicators[0], "agency"]
    return sample(survey=survey, indicators=indicators, privacy=[*rows("privacy"), ["batuk", "kesehatan", "TBC"]])


def ground(content: bytes | None = None) -> Programme:
    """Three families of two RW with answers, one without."""
    of = programme(content or workbook())
    header = [*HEADER, "alamat", "no kk", "no hp", "batuk", "lama", "bantuan"]
    families = [
        ["GD-001", "Rohayati Planted", "01", "02", 4, "leher_angsa", "2000,5",
         "Gang Kalpataru 7", "3672051111110001", "081299887766", "ya", 3, "pkh bpnt"],
        ["GD-002", "Sumiyati Uji", "01", "02", 3, "cemplung", "", "Jalan Uji", "", "", "tidak", "", ""],
        ["GD-003", "Eni Uji", "03", "01", 2, "leher_angsa", 5000, "Jalan Uji", "", "", "tidak", "", "pkh"],
    ]  # fmt: skip
    members = [
        ["GD-001", "Siti Planted", "3672052222220002", 40, ""],
        ["GD-001", "Budi Uji", "", 9, "ya"],
        ["GD-003", "Eni Uji", "", 8, "tidak"],
    ]
    bring(of, families_file(families, members, header=header))
    build.household(of.lokus)
    return of


def secretary(of: Programme) -> User:
    return build.member(Role.SECRETARIAT, "36.72", cycle=of.cycle)


def cadre(of: Programme) -> User:
    return build.member(Role.CADRE, f"{of.lokus.place.code}.RW03", cycle=of.cycle)


def taken(of: Programme, by: User, form: FileForm = "csv", **more: bool) -> bytes:
    """The file as it is sent."""
    found = exports.export(by=by, cycle_slug=of.cycle.slug, wanted=Wanted("baseline", form, **more), why=WHY)
    assert isinstance(found, Ready)
    with found.stream as stream:
        return stream.read()


def tables(content: bytes) -> dict[str, list[list[str]]]:
    """The tables of a ZIP of CSV by their names."""
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        names = [name for name in packed.namelist() if name.endswith(".csv")]
        texts = {name: packed.read(name).decode("utf-8-sig") for name in names}
    return {name.removesuffix(".csv"): list(csv.reader(io.StringIO(text, newline=""))) for name, text in texts.items()}


def said(content: bytes) -> str:
    """Everything that a file says, however it is packed."""
    if not content.startswith(b"PK"):
        return content.decode(errors="replace")
    found = []
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        for name in packed.namelist():
            inside = packed.read(name)
            table = parquet.read_table(pa.BufferReader(inside)) if name.endswith(".parquet") else None
            found.append(inside.decode(errors="replace") if table is None else str(table.to_pylist()))
    return "\n".join(found)


def details(action: str) -> list[dict[str, Any]]:
    return list(AuditEntry.objects.filter(action=action).order_by("pk").values_list("details", flat=True))


# --- what is in it ----------------------------------------------------------------------------------------------------
def test_a_row_a_family_by_field_names_and_a_second_table_of_members() -> None:
    of = ground()
    found = tables(taken(of, secretary(of)))
    today = timezone.localdate().isoformat()

    assert found == {
        "keluarga": [
            ["household_id", "unit", "sl_lokus", "sl_rw", "sl_rt", "sl_target", "sl_outcome", "sl_mode", "sl_received",
             "jumlah", "jamban", "bantuan", "iuran", "ganda"],
            ["GD-001", of.lokus.area, "Gedong Dalem", "01", "02", "", "", "import", today,
             "4", "leher_angsa", "pkh bpnt", "2000.5", ""],
            ["GD-002", of.lokus.area, "Gedong Dalem", "01", "02", "", "", "import", today, "3", "cemplung", "", "", ""],
            ["GD-003", of.lokus.area, "Gedong Dalem", "03", "01", "", "", "import", today,
             "2", "leher_angsa", "pkh", "5000", ""],
        ],
        "member": [
            ["household_id", "sl_row", "umur", "sekolah"],
            ["GD-001", "1", "40", ""],
            ["GD-001", "2", "9", "ya"],
            ["GD-003", "1", "8", "tidak"],
        ],
    }  # fmt: skip


def test_in_words_the_questions_stand_above_and_choices_are_their_labels() -> None:
    of = ground()
    found = tables(taken(of, secretary(of), words=True))

    assert found["keluarga"][0] == [
        "Kode keluarga", "Kode wilayah lokus", "Lokus", "RW", "RT", "Keadaan di daftar sasaran", "Hasil kunjungan",
        "Cara pendataan", "Tanggal diterima", "Berapa orang di rumah ini?", "Jamban apa yang dipakai?",
        "Bantuan apa yang diterima?", "Iuran sebulan?", "ganda",
    ]  # fmt: skip
    assert found["keluarga"][1][7:] == [
        "impor lembar kerja", timezone.localdate().isoformat(), "4", "Leher angsa", "PKH; BPNT", "2000.5", "",
    ]  # fmt: skip
    assert found["member"][2] == ["GD-001", "2", "9", "Ya"]


def test_families_without_answers_come_only_where_asked_for() -> None:
    of = ground()
    found = tables(taken(of, secretary(of), everybody=True))["keluarga"]

    assert [row[0] for row in found[1:]] == ["GD-001", "GD-002", "GD-003", "GD-004"]
    assert found[4][7:] == [""] * 7


def test_a_visit_says_how_it_ended_and_the_phones_answers_that_they_came_by_phone() -> None:
    field = open_field()
    of = field.programme
    household = build.household(of.lokus, rw="03")
    receive(sender=Sender.of(field.phone.phone), parcel=Parcel(filled(field.form, household)))
    take_in()
    assert Visit.objects.get().outcome == "bertemu"
    (_, row) = tables(taken(of, secretary(of)))["keluarga"]
    assert row[6:8] == ["bertemu", "phone"]


@pytest.mark.parametrize("form", ["csv", "parquet"])
@pytest.mark.parametrize("health", [False, True])
def test_scoring_what_was_taken_gives_the_card_of_the_page(tmp_path: Path, form: FileForm, health: bool) -> None:
    of = ground()
    by = secretary(of)
    if health:
        # The office that the indicator names is hers too: then nothing is left out.
        office = build.agency("Dinkes", "36.72")
        by.memberships.create(role=Role.LIAISON, agency=office)
        by = User.objects.get(pk=by.pk)
    with zipfile.ZipFile(io.BytesIO(taken(of, by, form))) as packed:
        packed.extractall(tmp_path)
    instrument = instrument_of(of.version)
    member = {"member": tmp_path / f"member.{form}"}
    answers, problems = read_answers(instrument, tmp_path / f"keluarga.{form}", member)
    (unit,) = score(instrument, answers, today=of.round.closes).units
    page = card_of(of.lokus, of.round, of.version).unit

    assert [problem.code for problem in problems if problem.code != "data.ignored"] == []
    same = set(unit.indicators) if health else set(unit.indicators) - {"batuk"}
    assert {name: unit.indicators[name] for name in same} == {name: page.indicators[name] for name in same}
    assert (unit.unit, unit.households, unit.classes) == (page.unit, 3, page.classes)
    assert (unit == page) is health


def test_two_lokus_come_one_after_the_other_and_a_code_of_another_kind_tells_its_lokus() -> None:
    of = ground()
    other = build.lokus(of.cycle, "36.72.05.1001", prefix="SJ")
    for lokus in (other, of.lokus):
        Household.objects.filter(pk=build.household(lokus).pk).update(code="A-1")
    found = tables(taken(of, secretary(of), everybody=True))["keluarga"]

    assert [row[0] for row in found[1:]] == ["SJ:A-1", "GD:A-1", "GD-001", "GD-002", "GD-003", "GD-004"]


# --- what is not in it ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("words", [False, True])
def test_no_name_address_number_or_free_text_is_in_it_unless_a_keeper_asks(form: FileForm, words: bool) -> None:
    of = ground()
    by = secretary(of)
    without = said(taken(of, by, form, words=words, everybody=True))
    with_them = said(taken(of, by, form, words=words, identifiers=True))

    assert {value for value in NAMED if value in without} == set()
    assert {value for value in NAMED if value in with_them} == NAMED


@pytest.mark.parametrize("form", FORMS)
def test_answers_of_health_and_what_tells_them_are_left_out_even_with_identities(form: FileForm) -> None:
    of = ground()
    text = said(taken(of, secretary(of), form, identifiers=True))
    assert {name for name in ("batuk", "lama") if f"{name}," in text or f">{name}<" in text or f"'{name}'" in text} == (
        set()
    )


def test_a_cadre_takes_the_families_of_her_rw_alone_and_no_identities() -> None:
    of = ground()
    ani = cadre(of)

    assert [row[0] for row in tables(taken(of, ani))["keluarga"][1:]] == ["GD-003"]
    with pytest.raises(Forbidden):
        taken(of, ani, identifiers=True)


def test_a_lurah_who_is_a_cadre_next_door_takes_identities_of_her_own_lokus_alone() -> None:
    of = ground()
    other = build.lokus(of.cycle, "36.72.05.1001", prefix="SJ")
    build.household(other)
    lurah = build.member(Role.SUPERVISOR, of.lokus.place.code, cycle=of.cycle)
    lurah.memberships.create(role=Role.CADRE, cycle=of.cycle, place_code=other.place.code)
    lurah = User.objects.get(pk=lurah.pk)

    both = tables(taken(of, lurah, everybody=True))["keluarga"]
    named = tables(taken(of, lurah, everybody=True, identifiers=True))["keluarga"]
    assert {row[0][:2] for row in both[1:]} == {"SJ", "GD"}
    assert {row[0][:2] for row in named[1:]} == {"GD"}


def test_an_erased_family_and_one_that_an_import_has_not_published_are_in_no_file() -> None:
    of = ground()
    erase_household(by=CONSOLE, household=Household.objects.get(code="GD-001"), reason="permintaan")
    Household.objects.filter(code="GD-002").update(pending="00000000-0000-4000-8000-000000000000")
    found = tables(taken(of, secretary(of), everybody=True))

    assert [row[0] for row in found["keluarga"][1:]] == ["GD-003", "GD-004"]
    assert [row[0] for row in found["member"][1:]] == ["GD-003"]


def test_synthetic_data_says_so_in_every_row_and_in_its_name() -> None:
    of = ground()
    of.cycle.synthetic = True
    of.cycle.save()
    made = exports.export(by=secretary(of), cycle_slug=of.cycle.slug, wanted=Wanted("baseline", "csv"), why=WHY)
    assert isinstance(made, Ready)
    with made.stream as stream:
        header, *families = tables(stream.read())["keluarga"]

    assert made.name == f"jawaban-{of.cycle.slug}-baseline-data-contoh.zip"
    assert {row[header.index("sl_data_contoh")] for row in families} == {"ya"}


# --- why, and what is written down ------------------------------------------------------------------------------------
def test_each_file_is_written_down_with_who_why_what_and_how_many() -> None:
    of = ground()
    by = secretary(of)
    taken(of, by, "xlsx", identifiers=True)

    entry = AuditEntry.objects.get(action="exports.make")
    assert (entry.actor, entry.object_id, entry.place_code) == (by, of.cycle.slug, "36.72")
    assert entry.details == {
        "round": "baseline", "kind": "xlsx", "identifiers": "ya", "families": 3, "lokus": of.lokus.area, "why": WHY,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("why", "code"),
    [
        ("", "export.why"),
        ("   uji ", "export.why"),
        ("untuk 3672 0511 1111 0001", "export.why_number"),
        ("untuk Ibu Rohayati Planted", "export.why_name"),
    ],
)
def test_without_a_reason_or_with_a_number_or_a_name_in_it_nothing_is_made(why: str, code: str) -> None:
    of = ground()
    with pytest.raises(InputError) as refused:
        exports.export(by=secretary(of), cycle_slug=of.cycle.slug, wanted=Wanted("baseline", "csv"), why=why)

    assert [problem.code for problem in refused.value.problems] == [code]
    assert details("exports.make") == []


def test_nothing_stays_on_the_disk_of_a_file_that_was_sent_at_once() -> None:
    of = ground()
    taken(of, secretary(of), identifiers=True)

    assert sorted(exports_folder().iterdir()) == []
    assert leaks.found(["3672051111110001", "3672052222220002"]) == set()


def test_more_families_cost_no_more_statements_while_they_fit_a_chunk() -> None:
    of = ground()
    by = secretary(of)
    taken(of, by, everybody=True, identifiers=True)
    costs = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as asked:
            taken(of, by, everybody=True, identifiers=True)
        costs.append(len(asked))
        for _more in range(3):
            build.person(build.household(of.lokus))

    assert costs == [costs[0]] * 2


def test_the_workbook_opens_with_what_is_to_know_on_its_first_sheet() -> None:
    of = ground()
    book = openpyxl.load_workbook(io.BytesIO(taken(of, secretary(of), "xlsx")))

    assert book.sheetnames == ["petunjuk", "keluarga", "member"]
    notes = [row[0].value for row in book["petunjuk"].iter_rows()]
    assert notes[0] == f"Jawaban keluarga: {of.cycle.programme} Kota Cilegon 2024"
    assert notes[-2:] == [
        "Jawaban kesehatan per keluarga tidak ada di sini: itu hanya untuk OPD yang disebut indikatornya.",
        "Nama, alamat, NIK, nomor KK, nomor HP, isian teks bebas, dan titik peta tidak ada di sini.",
    ]


def test_the_newest_answers_are_taken_not_what_they_replaced() -> None:
    of = ground()
    current = CurrentAnswers.objects.get(household__code="GD-003")
    corrected = Submission(
        household=current.household, round=of.round, version=of.version, mode="keyed",
        answers={**current.answers, "jumlah": 6},
    )  # fmt: skip
    corrected.save()
    CurrentAnswers.objects.filter(pk=current.pk).update(submission=corrected, answers=corrected.answers)
    row = tables(taken(of, secretary(of)))["keluarga"][3]

    assert (row[7], row[9]) == ("keyed", "6")
