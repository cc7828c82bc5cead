"""What is typed from paper: codes, skips, limits and rows as a phone would have asked, each mistake by its number."""

from datetime import date

import pytest

from selaras.actions.field.typed import MOST_ROWS, Read, cell_of, read_typed, row_counts
from tests.odk.test_questionnaire import P2WKSS, asked_of, form_of
from tests.sample_workbook import rows, sample

TODAY = date(2024, 5, 31)
KNOWN = {"code": "GD-014", "head_name": "Rohayati Uji", "address": "Gang Uji 7", "rw": "03", "rt": "02"}
MET = {"qA": "1"}


def read(texts: dict[str, str], *, known: dict[str, str] | None = None) -> Read:
    form = form_of(sample())
    return read_typed(asked_of(form, new=known is None), form, MET | texts, known=known, today=TODAY)


def wrong(found: Read) -> list[tuple[str, str]]:
    return [(problem.where, problem.code) for problem in found.problems]


def test_choices_are_typed_as_codes_letters_or_words_and_several_together() -> None:
    ways = [("1", "1 2"), ("a", "a,b"), ("leher_angsa", "12"), ("Leher angsa", "PKH; BPNT"), ("01", "2.1")]

    found = [read({"q1": "4", "q2": one, "q3": several, "q4": "2500"}, known=KNOWN) for one, several in ways]

    assert {wrong(each) == [] for each in found} == {True}
    assert {tuple(each.values.items()) for each in found} == {
        (("jumlah", "4"), ("jamban", "leher_angsa"), ("bantuan", "pkh bpnt"), ("iuran", "2500"))
    }


def test_each_kind_of_mistake_is_named_by_its_number_in_the_order_of_the_page() -> None:
    found = read(
        {"q1": "0", "q2": "3", "q3": "1 9", "q4": "2.500", "q6-2": "tua", "q5-1": "Siti", "q6-1": "-1", "q7-1": "1"},
        known=KNOWN,
    )

    assert wrong(found) == [
        ("nomor 1", "typed.constraint"),
        ("nomor 2", "typed.choice"),
        ("nomor 3", "typed.choice"),
        ("nomor 4", "typed.number"),
        ("nomor 6, baris 1", "typed.constraint"),
        ("nomor 7, baris 1", "typed.not_asked"),
        ("nomor 6, baris 2", "typed.whole"),
    ]
    assert [str(problem.values["at"]) for problem in found.problems][-1] == "q6-2"
    assert "1 Leher angsa, 2 Cemplung" in found.problems[1].remedy


def test_rupiah_that_may_be_thousands_are_asked_about_and_both_answers_are_taken() -> None:
    survey = [*rows("survey"), ["decimal", "belanja", "Belanja (rupiah)"], ["decimal", "panen", "Panen (juta rupiah)"]]
    form = form_of(sample(survey=survey))
    asked = asked_of(form)
    at = {one.name: cell_of(one.number) for one in asked.questions}

    def typed(belanja: str) -> Read:
        texts = {**MET, at["jumlah"]: "4", at["belanja"]: belanja, at["panen"]: "750,5"}
        return read_typed(asked, form, texts, known=KNOWN, today=TODAY)

    doubtful, answers = typed("750,5"), [typed("750500"), typed("750,5 rupiah")]
    assert [(problem.values["at"], f"{problem.message}; {problem.remedy}") for problem in doubtful.problems] == [
        (
            at["belanja"],
            "“750,5” dapat berarti 750.500 atau 750,5 rupiah; "
            "tulis 750500, atau “750,5 rupiah” bila memang sekecil itu",
        )
    ]
    assert [(wrong(each), each.values["belanja"], each.values["panen"]) for each in answers] == [
        ([], "750500", "750.5"),
        ([], "750.5", "750.5"),
    ]


def of_money(text: str, *fields: tuple[str, str]) -> list[str]:
    """What is said of that text in questions of that kind and label; '' where it is taken."""
    survey = [*rows("survey"), *([kind, f"uang{n}", label] for n, (kind, label) in enumerate(fields))]
    form = form_of(sample(survey=survey))
    asked = asked_of(form)
    at = {one.name: cell_of(one.number) for one in asked.questions}
    cells = [at[f"uang{n}"] for n in range(len(fields))]
    texts = {**MET, at["jumlah"]: "4", **dict.fromkeys(cells, text)}
    problems = read_typed(asked, form, texts, known=KNOWN, today=TODAY).problems
    said = {problem.values["at"]: f"{problem.message}; {problem.remedy}" for problem in problems}
    return [said.get(cell, "") for cell in cells]


@pytest.mark.parametrize(
    ("text", "both", "typed"),
    [
        ("Rp. 750.5", "750.500 atau 750,5", "750500"),
        ("Rp. 12.5", "12.500 atau 12,5", "12500"),
        ("Rp 750,5,-", "750.500 atau 750,5", "750500"),
        ("Rp750.5,-", "750.500 atau 750,5", "750500"),
        ("-7,5", "-7.500 atau -7,5", "-7500"),
        ("Rp 1 001,250", "1.001.250 atau 1.001,250", "1001250"),
    ],
)
def test_the_sign_of_money_is_no_part_of_an_amount_that_is_asked_about(text: str, both: str, typed: str) -> None:
    plain = both.partition(" atau ")[2]
    assert of_money(text, ("decimal", "Belanja (rupiah)")) == [
        f"“{text}” dapat berarti {both} rupiah; tulis {typed}, atau “{plain} rupiah” bila memang sekecil itu"
    ]


def test_rupiah_written_out_where_millions_are_asked_are_asked_about_and_both_answers_are_taken() -> None:
    juta = [("decimal", "Panen (juta rupiah)"), ("integer", "Modal (juta rupiah)")]
    said = "“{0}” dapat berarti 1.250.000 rupiah atau 1.250.000 juta rupiah; "
    said += "tulis {1}, atau “1.250.000 juta” bila memang sebanyak itu"

    for text in ("Rp 1.250.000", "1.250.000", "1250000", "Rp 1.250.000,-"):
        assert of_money(text, *juta) == [said.format(text, typed) for typed in ("1,25", "1")]
    assert [of_money(text, juta[0]) for text in ("1,25", "1.250.000 juta", "999999")] == [[""]] * 3
    assert of_money("1.250.000", ("decimal", "Belanja (rupiah)"), ("decimal", "Luas")) == ["", ""]


def test_a_question_that_is_not_asked_is_left_blank() -> None:
    young, old = {"q5-1": "Siti", "q6-1": "3"}, {"q5-1": "Siti", "q6-1": "9"}

    assert wrong(read({"q1": "4", **young, "q7-1": "1"}, known=KNOWN)) == [("nomor 7, baris 1", "typed.not_asked")]
    assert wrong(read({"q1": "4", **young}, known=KNOWN)) == []
    assert wrong(read({"q1": "4", **old, "q7-1": "1"}, known=KNOWN)) == []


def test_a_new_family_says_who_and_where_it_is_and_one_that_was_not_met_nothing() -> None:
    assert [where for where, code in wrong(read({"q1": "4"})) if code == "typed.blank"] == [
        "nomor B",
        "nomor C",
        "nomor D",
        "nomor E",
    ]
    away = read({"qA": "2", "q1": ""}, known=KNOWN)
    both = read({"qA": "3", "q1": "4"}, known=KNOWN)

    assert (away.outcome, away.values, wrong(away)) == ("tidak_di_rumah", {}, [])
    assert wrong(both) == [("nomor A", "typed.not_met")]
    assert wrong(read({"qA": ""}, known=KNOWN)) == [("nomor A", "typed.blank")]


def family(size: int) -> dict[str, str]:
    """The required answers of a family of the shipped survey; each member is an adult man who works."""
    one = {
        "11": "Budi Uji",
        "12": "1",
        "13": "2",
        "14": "40",
        "17": "2",
        "20": "1",
        "22": "1",
        "23": "1",
        "24": "1",
        "25": "2",
    }
    rows = {cell_of(number, row): text for row in range(1, size + 1) for number, text in one.items()}
    yes = {cell_of(str(number)): "1" for number in range(36, 82)}
    said = {"q40": "3", "q41": "2", "q48": "36", "q55": "1", "q59": "1500000", "q38": "2", "q39": ""}
    return {**MET, "q1": "25/4/2024", "q2": "1", "q4": "2", "q10": str(size), **rows, **yes, **said}


def shipped(texts: dict[str, str], known: dict[str, str] | None = KNOWN) -> Read:
    form = form_of(P2WKSS.read_bytes())
    return read_typed(asked_of(form, new=known is None), form, texts, known=known, today=TODAY)


def test_a_family_of_the_shipped_survey_is_typed_without_what_the_list_knows() -> None:
    found = shipped(family(2))

    assert wrong(found) == []
    assert {name: found.values[name] for name in ("kode_keluarga", "head_name", "rw", "visit_date", "floor_area")} == {
        "kode_keluarga": "GD-014",
        "head_name": "Rohayati Uji",
        "rw": "03",
        "visit_date": "2024-04-25",
        "floor_area": "36",
    }
    assert [(row["relation"], row["age_years"], row["nik"]) for row in found.rows["member"]] == [
        ("kepala", "40", "")
    ] * 2


def test_without_the_list_what_is_required_is_missed_by_its_number() -> None:
    assert wrong(shipped(family(1), None)) == [(f"nomor {n}", "typed.blank") for n in (3, 7, 8, 9)]


def test_there_are_as_many_rows_as_people_are_said() -> None:
    more, fewer = family(3) | {"q10": "2"}, family(2) | {"q10": "3"}

    assert wrong(shipped(more)) == [("nomor 10", "typed.rows")]
    assert wrong(shipped(fewer)) == [("nomor 11, baris 3", "typed.row")]
    asked = asked_of(form_of(P2WKSS.read_bytes()))
    assert row_counts(asked, {"q10": "5", "q14-7": "3"}) == {"member": 7}
    assert row_counts(asked, {"q10": "900", "q14-x": "3"}) == {"member": MOST_ROWS}


def test_limits_and_conditions_across_questions_are_those_of_the_survey() -> None:
    odd = {"q18-1": "367205", "q14-2": "3", "q15-2": "60", "q67": "1 2", "q5": "12", "q2": "2"}
    found = shipped(family(2) | odd)
    numbers = [where.removeprefix("nomor ") for where, _code in wrong(found)]

    assert numbers[:3] == ["2", "5", "18, baris 1"]
    assert "15, baris 2" in numbers
    assert dict(wrong(found))["nomor 18, baris 1"] == "typed.not_asked"
