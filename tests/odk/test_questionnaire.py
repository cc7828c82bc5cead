"""A form as paper knows it: numbers that run through, codes of choices, boxes, rows; and written as a phone would."""

from pathlib import Path

import pytest

from selaras.odk.forms import Choice, Form, Labels
from selaras.odk.questionnaire import Note, Option, Questionnaire, options_of, questionnaire
from selaras.odk.registry import family_items
from selaras.odk.submission import open_envelope, read_answers
from selaras.odk.writing import Written, submission_xml
from selaras.scoring.workbook import read_workbook
from tests.sample_workbook import sample

P2WKSS = Path(__file__).parents[2] / "instruments" / "p2wkss" / "0.1" / "workbook.xlsx"


def form_of(content: bytes) -> Form:
    reading = read_workbook(content, name="uji.xlsx", xform=False)
    assert reading.instrument is not None
    return reading.instrument.form


def asked_of(form: Form, *, new: bool = False) -> Questionnaire:
    def say(labels: Labels) -> str:
        return labels.get(form.default_language, "")

    return questionnaire(form, say, items=family_items(form), new=new, title="Kunjungan")


def test_numbers_run_through_the_form_and_ours_are_letters() -> None:
    asked = asked_of(form_of(sample()), new=True)

    assert [(one.number, one.name, one.kind) for one in asked.questions] == [
        ("A", "sl_hasil", "choice"),
        ("B", "sl_nama", "text"),
        ("C", "sl_alamat", "text"),
        ("D", "sl_rw", "number"),
        ("E", "sl_rt", "number"),
        ("1", "jumlah", "number"),
        ("2", "jamban", "choice"),
        ("3", "bantuan", "choices"),
        ("4", "iuran", "number"),
        ("5", "nama", "text"),
        ("6", "umur", "number"),
        ("7", "sekolah", "choice"),
    ]
    assert [(section.title, section.repeat) for section in asked.sections] == [
        ("Kunjungan", ""),
        ("", ""),
        ("Anggota", "member"),
    ]
    assert [one.number for one in asked.rows_of("member")] == ["5", "6", "7"]


def test_a_family_on_the_list_is_not_asked_for_what_the_list_says() -> None:
    assert [one.name for one in asked_of(form_of(sample())).questions if one.field is None] == ["sl_hasil"]


def test_our_own_survey_is_whole_on_paper_but_for_the_code_and_what_only_a_phone_can_do() -> None:
    form = form_of(P2WKSS.read_bytes())
    asked = asked_of(form)
    by_name = {one.name: one for one in asked.questions}
    left_out = [name for name, one in form.fields.items() if name not in by_name and one.type != "note"]

    assert left_out == ["kode_keluarga"]
    assert [one.number for one in asked.questions] == ["A", *map(str, range(1, 82))]
    assert (by_name["nik"].kind, by_name["nik"].boxes, by_name["phone"].boxes) == ("digits", 16, 15)
    assert by_name["has_kk"].options == (Option("1", "ya", "Ya"), Option("2", "tidak", "Tidak"))
    assert {section.count for section in asked.sections if section.repeat} == {"household_size"}
    assert [one.item for one in asked.questions if one.item] == ["head_name", "kk", "phone", "address", "rw", "rt"]
    notes = [part.label for section in asked.sections for part in section.parts if isinstance(part, Note)]
    assert [text.startswith("Bacakan: Kami mendata keluarga") for text in notes] == [True]


def test_a_list_whose_names_are_numbers_keeps_them_as_codes() -> None:
    def say(labels: Labels) -> str:
        return labels.get("id", "")

    numbers = [Choice("1", {"id": "Ya"}), Choice("0", {"id": "Tidak"})]
    words = [Choice("ya", {"id": "Ya"}), Choice("tidak", {})]

    assert options_of(numbers, say) == (Option("1", "1", "Ya"), Option("0", "0", "Tidak"))
    assert options_of(words, say) == (Option("1", "ya", "Ya"), Option("2", "tidak", "tidak"))


def test_a_written_form_reads_as_a_phones() -> None:
    form = form_of(P2WKSS.read_bytes())
    written = Written(
        instance="uuid:1f2e3d4c-0000-4000-8000-000000000001",
        outcome="bertemu",
        family="1f2e3d4c-0000-4000-8000-000000000002",
        base=3,
        deprecated="uuid:lama",
        values={"household_size": "2", "toilet": "tidak_ada", "head_name": "Rohayati & <Uji>\x00", "kk": "3672"},
        rows={"member": [{"name": "Siti", "age_years": "9"}, {"name": "Budi", "nik": "3672050000000001"}]},
    )

    xml = submission_xml("contoh-baseline-1", "0.1-abc", form, written)
    envelope = open_envelope(xml)
    sheet = read_answers(envelope, form)

    assert xml == submission_xml("contoh-baseline-1", "0.1-abc", form, written)
    assert (envelope.form_id, envelope.form_version) == ("contoh-baseline-1", "0.1-abc")
    assert (envelope.instance_id, envelope.deprecated_id) == (written.instance, "uuid:lama")
    (mark,) = envelope.entities
    assert (mark.dataset, mark.id, mark.update, mark.create, mark.base_version) == (
        "keluarga",
        written.family,
        True,
        False,
        3,
    )
    assert sheet.answers == {"household_size": 2, "toilet": "tidak_ada"}
    assert sheet.private == {"head_name": "Rohayati & <Uji>", "kk": "3672"}
    assert [row.raw for row in sheet.members["member"]] == [
        {"name": "Siti", "age_years": "9"},
        {"name": "Budi", "nik": "3672050000000001"},
    ]


def test_a_new_family_that_is_sent_twice_is_one_and_one_that_was_not_met_has_no_answers() -> None:
    form = form_of(sample())
    new = Written("uuid:a", "bertemu", ours={"sl_nama": "Siti"}, values={"jumlah": "4"})
    away = Written("uuid:b", "pindah", family="x", values={"jumlah": "4"})

    (one,), (again,) = (open_envelope(submission_xml("f", "1", form, new)).entities for _ in range(2))
    gone = open_envelope(submission_xml("f", "1", form, away))

    assert (one.create, one.update, one.id) == (True, False, again.id)
    assert (gone.entities, read_answers(gone, form).raw) == ((), {})


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("3.125", "3.125"),
        ("36.250", "36.250"),
        ("1.25E7", "12500000"),
        ("1.0E-4", "0.00010"),
        (".5", "0.5"),
        ("0.1234567890125000", "0.123456789013"),
        ("3,5", "3.5"),
        ("1E999", None),
        ("1.0E99999", None),
        ("NaN", None),
    ],
)
def test_a_decimal_of_a_phone_is_read_with_its_point_as_the_point(sent: str, kept: str | None) -> None:
    form = form_of(sample())
    written = Written("uuid:a", "bertemu", family="x", values={"iuran": sent}, rows={"member": [{"umur": "9.000"}]})

    sheet = read_answers(open_envelope(submission_xml("f", "1", form, written)), form)

    assert (sheet.answers.get("iuran"), sorted(sheet.unread)) == (kept, [] if kept else ["iuran"])
    assert [row.answers for row in sheet.members["member"]] == [{"umur": 9}]
