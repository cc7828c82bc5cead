"""What a person typed in a cell: numbers, dates and choices as people here write them."""

import pytest

from selaras.odk.forms import Choice, Field, FieldKind
from selaras.odk.values import answer_of, choice_shown, is_private, sent_answer_of, words_of

JAMBAN = words_of(
    [
        Choice("leher_angsa", {"id": "Leher angsa", "en": "Pour-flush"}),
        Choice("cemplung", {"id": "Cemplung", "en": "Pit"}),
        Choice("tidak_ada", {"id": "Tidak ada", "en": "None"}),
    ]
)


def asked(kind: FieldKind) -> Field:
    return Field("isian", kind, str(kind), "survey!B2", 2, {}, {})


MONEY = Field("isian", "decimal", "decimal", "survey!B2", 2, {"id": "Penghasilan sebulan (rupiah)"}, {})


@pytest.mark.parametrize(
    "text",
    [
        *("250,375", "Rp 250,375", "Rp250,375,-", "-1,000", "750,5", "750.5", "Rp 750.5", "250,37", "1 250,375"),
        *("250, 375", "1 250,000", "0,5", "1250.000", "750,5 orang"),
    ],
)
def test_a_number_of_an_english_spreadsheet_that_may_be_thousands_is_asked_about_where_money_is(text: str) -> None:
    value, problem = answer_of(MONEY, JAMBAN, text, "keluarga!C4")
    assert (value, problem and problem.code, problem and problem.remedy) == (
        None, "value.parted", "tulis bilangan bulat tanpa titik dan koma, misalnya 250375",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Rp 1.250.000,00", "1250000.00"), ("Rp 1250000.00", "1250000.00"), ("750,0", "750.0"), ("750", "750"),
        ("1.250.000", "1250000"), ("Rp 1.250", "1250"), ("Rp 1001.000,-", "1001000"), ("1 250 000", "1250000"),
        ("1.250.000,5", "1250000.5"),
        ("187500000,3333", "187500000.3333"), ("1250000,0000", "1250000.0000"), ("0,0000", "0.0000"),
    ],
)  # fmt: skip
def test_whole_money_is_read_with_its_noughts(text: str, value: str) -> None:
    assert answer_of(MONEY, JAMBAN, text) == (value, None)


@pytest.mark.parametrize(("text", "value"), [("750.5", "750.5"), ("250.375", "250.375"), ("3.1250E2", "312.50")])
def test_what_a_phone_says_of_money_is_never_asked_about(text: str, value: str) -> None:
    assert sent_answer_of(MONEY, JAMBAN, text) == (value, None)


@pytest.mark.parametrize("unit", ["juta rupiah", "ribu rupiah", "Rp juta", "millions of rupiah"])
def test_where_the_label_names_thousands_or_millions_a_fraction_is_what_it_says(unit: str) -> None:
    field = Field("isian", "decimal", "decimal", "survey!B2", 2, {"id": f"Panen ({unit})"}, {})
    texts = ("750,5", "750.5", "Rp 750,5", "999.999,5", "Rp 1.250", "1.250", "750,5 rupiah")
    found = [(value, problem and problem.code) for value, problem in (answer_of(field, JAMBAN, text) for text in texts)]
    # Of millions Rp 1.250 may be a thousand and a quarter of it; and rupiah are another unit.
    assert found == [
        *[("750.5", None)] * 3, ("999999.5", None), *[(None, "value.ambiguous")] * 2, (None, "value.decimal"),
    ]  # fmt: skip


def of_money(label: str, kind: FieldKind = "decimal") -> Field:
    return Field("isian", kind, kind, "survey!B2", 2, {"id": label}, {})


@pytest.mark.parametrize("kind", ["decimal", "integer"])
def test_what_may_be_rupiah_is_asked_about_where_the_label_names_thousands_or_millions(kind: FieldKind) -> None:
    texts = ("Rp 1.250.000", "1.250.000", "Rp 1.250.000,-", "1000000", "-1 250 000", "999999", "-999.999,0")
    found = [
        [(value, problem and problem.code) for value, problem in (answer_of(field, JAMBAN, text) for text in texts)]
        for field in (of_money("Modal (juta rupiah)", kind), of_money("Pinjaman (ribu rupiah)", kind))
    ]
    assert answer_of(of_money("Modal (juta rupiah)", "integer"), JAMBAN, "1000000,5")[1].code == "value.integer"  # type: ignore[union-attr]
    least = [(999999, None), (-999999, None)] if kind == "integer" else [("999999", None), ("-999999.0", None)]
    assert found == [[*[(None, "value.multiple")] * 5, *least]] * 2
    _value, problem = answer_of(of_money("Modal (juta rupiah)"), JAMBAN, "1.250.000", "keluarga!C4")
    assert problem is not None
    assert (problem.message, problem.remedy) == (
        "angka pada isian isian dapat berarti rupiah atau juta rupiah",
        "tulis dengan satuannya, misalnya 75 juta atau 1250000 juta",
    )


def test_what_is_too_large_for_every_engine_is_refused_and_not_asked_about() -> None:
    found = [answer_of(of_money("Modal (juta rupiah)", kind), JAMBAN, "1" * 40)[1] for kind in ("decimal", "integer")]
    assert [problem and problem.code for problem in found] == ["value.range"] * 2


def test_the_unit_of_a_question_may_stand_behind_its_amount_and_then_it_is_meant_so() -> None:
    texts = ("1250000 juta", "1.250.000 juta rupiah", "Rp 7,5 jt", "7,5 jutaan Rp.", "1.250 juta", "75 ribu", "juta")
    found = [answer_of(of_money("Modal (juta rupiah)"), JAMBAN, text)[0] for text in texts]
    assert found == ["1250000", "1250000", "7.5", "7.5", None, None, None]


def test_a_point_in_whole_rupiah_parts_thousands_and_in_other_whole_numbers_it_is_asked_about() -> None:
    labels = ("Upah (rupiah)", "Modal (juta rupiah)", "Berapa ternak?")
    found = [
        [answer_of(of_money(label, "integer"), JAMBAN, text)[0] for text in ("1.250", "0.500")] for label in labels
    ]
    assert found == [[1250, None], [None, None], [None, None]]


@pytest.mark.parametrize(
    ("text", "value"),
    [("Rp 750 000", "750000"), ("Rp\u00a0750.000", "750000"), ("750\u00a0000", "750000"), ("+750", "750")],
)
def test_blanks_within_an_amount_and_a_plus_before_it_are_nothing(text: str, value: str) -> None:
    assert answer_of(MONEY, JAMBAN, text) == (value, None)


@pytest.mark.parametrize(
    ("text", "value"),
    [("750,5 rupiah", "750.5"), ("750,5 RUPIAH", "750.5"), ("1.250 rupiah", "1250"), ("-0,5rupiah", "-0.5")],
)
def test_rupiah_said_behind_a_number_are_meant_so(text: str, value: str) -> None:
    assert answer_of(MONEY, JAMBAN, text) == (value, None)


def read(kind: FieldKind, text: str) -> tuple[object, str]:
    """The answer, and the code of the problem."""
    value, problem = answer_of(asked(kind), JAMBAN, text, "keluarga!C4")
    assert problem is None or problem.where == "keluarga!C4"
    return value, problem.code if problem else ""


@pytest.mark.parametrize(
    ("kind", "text", "value", "code"),
    [
        ("integer", "12", 12, ""),
        ("integer", "-3", -3, ""),
        ("integer", "1 250 000", 1250000, ""),
        ("integer", "1.250.000", 1250000, ""),
        ("integer", "12.0", 12, ""),
        ("integer", "1.250", None, "value.ambiguous"),
        ("integer", "1,250", None, "value.parted"),
        ("integer", "1 250,000", None, "value.parted"),
        ("integer", "0,125", None, "value.integer"),
        ("decimal", "1,250", "1.250", ""),
        ("integer", "1,5", None, "value.integer"),
        ("integer", "dua", None, "value.integer"),
        ("integer", "10000000000000", None, "value.range"),
        ("decimal", "3,5", "3.5", ""),
        ("decimal", "3.25", "3.25", ""),
        ("decimal", "1.250.000,5", "1250000.5", ""),
        ("decimal", "0,0000000000001", None, "value.range"),
        ("decimal", "tiga", None, "value.decimal"),
        ("date", "2024-01-31", "2024-01-31", ""),
        ("date", "31/1/2024", "2024-01-31", ""),
        ("date", "31-01-2024", "2024-01-31", ""),
        ("date", "31 Januari 2024", "2024-01-31", ""),
        ("date", "31 Agt 2024", "2024-08-31", ""),
        ("date", "30/2/2024", None, "value.date"),
        ("date", "kemarin", None, "value.date"),
        ("time", "07:30", "07:30:00", ""),
        ("time", "pagi", None, "value.time"),
        ("datetime", "2024-01-31T07:30", "2024-01-31T07:30:00", ""),
        ("datetime", "tadi", None, "value.datetime"),
        ("choice", "leher_angsa", "leher_angsa", ""),
        ("choice", "Leher Angsa", "leher_angsa", ""),
        ("choice", "pour-flush", "leher_angsa", ""),
        ("choice", "lehr angsa", None, "value.choice_near"),
        ("choice", "xyz", None, "value.choice"),
        ("choices", "cemplung leher_angsa", "leher_angsa cemplung", ""),
        ("choices", "Cemplung; Leher angsa", "leher_angsa cemplung", ""),
        ("choices", "cemplung, xyz", None, "value.choice"),
        ("text", "apa saja", "apa saja", ""),
        ("other", "catatan", None, ""),
        ("integer", "", None, ""),
    ],
)
def test_a_cell_is_read_as_people_write(kind: FieldKind, text: str, value: object, code: str) -> None:
    assert read(kind, text) == (value, code)


def test_a_message_names_the_choice_that_was_meant_and_never_the_cell() -> None:
    _, problem = answer_of(asked("choice"), JAMBAN, "Budi lehr angsa", "keluarga!C4")
    assert problem is not None
    assert "Budi" not in str(problem)
    _, near = answer_of(asked("choice"), JAMBAN, "cemplong", "keluarga!C4")
    assert str(near) == "keluarga!C4: isian isian bukan salah satu pilihannya; maksud Anda Cemplung?"


def test_a_message_says_choices_as_the_question_does_and_the_code_where_it_says_more() -> None:
    words = words_of(
        [
            Choice("la", {"id": "WC  leher\nangsa", "en": "Pour-flush"}),
            Choice("tidak_ada", {"id": "Tidak ada"}),
            Choice("9", {}),
            Choice("umum", {"id": "Di " + "tempat yang sangat umum " * 4}),
        ],
        "id",
    )
    _, problem = answer_of(asked("choice"), words, "xyz", "keluarga!C4")
    assert str(problem) == (
        "keluarga!C4: isian isian bukan salah satu pilihannya; pilihan yang ada: WC leher angsa (la), Tidak ada, 9,"
        " Di tempat yang sangat umum tempat yang… (umum)"
    )
    assert choice_shown(Choice("la", {"id": "WC", "en": "Toilet"}), "en") == "Toilet (la)"


def test_a_word_that_two_choices_share_says_neither() -> None:
    words = words_of([Choice("a", {"id": "Sama"}), Choice("b", {"id": "Sama"})])
    assert answer_of(asked("choice"), words, "sama")[0] is None
    assert answer_of(asked("choice"), words, "a")[0] == "a"


def test_free_text_places_and_files_are_private() -> None:
    kinds: list[FieldKind] = ["text", "geo", "file", "integer", "decimal", "date", "choice", "choices"]
    assert [kind for kind in kinds if is_private(asked(kind))] == ["text", "geo", "file"]


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("date", "3 Maret 1985", "1985-03-03"),
        ("date", "03/03/85", "1985-03-03"),
        ("date", "17-08-1990", "1990-08-17"),
        ("date", "17 Agt 90", "1990-08-17"),
        ("date", "Cilegon, 3 Maret 1985", "1985-03-03"),
        ("date", "31109", "1985-03-03"),
        ("date", "1985-03-03 00:00:00", "1985-03-03"),
        ("decimal", "Rp 1.250.000,-", "1250000"),
        ("decimal", "Rp. 1.250", "1250"),
        ("decimal", "1.250,000 kg", "1250.000"),
        ("decimal", "1.250,5", "1250.5"),
        ("integer", "4 orang", 4),
        ("decimal", "36 m2", "36"),
        ("integer", "-", None),
        ("date", "–", None),
    ],
)
def test_what_people_write_in_a_sheet_is_read(kind: FieldKind, text: str, value: str | int | None) -> None:
    assert answer_of(asked(kind), JAMBAN, text) == (value, None)


def test_yes_no_and_the_sexes_have_many_words_and_a_list_s_own_come_first() -> None:
    yes_no = words_of([Choice("ya", {}), Choice("tidak", {})])
    said = [
        answer_of(asked("choice"), yes_no, text)[0] for text in ("Y", "v", "√", "ada", "x", "-", "Tdk", "tidak ada")
    ]
    assert said == ["ya"] * 4 + ["tidak"] * 4
    sexes = words_of([Choice("perempuan", {}), Choice("laki_laki", {})])
    assert [answer_of(asked("choice"), sexes, text)[0] for text in ("P", "L", "Lk", "Pr.")] == [
        *("perempuan", "laki_laki", "laki_laki", "perempuan"),
    ]
    # Of three answers, "ada" is one of its own.
    own = words_of([Choice("ya", {}), Choice("ada", {}), Choice("tidak", {})])
    assert answer_of(asked("choice"), own, "ada") == ("ada", None)
    assert answer_of(asked("choice"), JAMBAN, "ya")[0] is None
