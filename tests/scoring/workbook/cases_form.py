"""One mistake a time in the survey and choices sheets: what was changed, and the codes and cells it gives."""

from tests.sample_workbook import Sheet, changed, rows, sample
from tests.scoring.workbook.case import Case, case


def survey_with(*extra: list[str]) -> Sheet:
    return [*rows("survey"), *extra]


def renamed_column(sheet: str, header: str, to: str) -> Sheet:
    content = rows(sheet)
    content[0][content[0].index(header)] = to
    return content


CASES: dict[str, Case] = {
    "no survey sheet": case(sample(survey=None), "form.no_survey survey!A1"),
    "survey sheet misspelt": case(
        sample(survey=None, surveys=rows("survey")), "form.no_survey_near survey!A1", "sheet.unknown_near surveys!A1"
    ),
    "question without type": case(changed(("survey", "A5", None)), "form.type_missing survey!A5"),
    "unknown type": case(changed(("survey", "A7", "foto_wajah_ke_atas")), "form.type survey!A7"),
    "type misspelt": case(changed(("survey", "A8", "intger")), "form.type_near survey!A8"),
    "unknown list": case(changed(("survey", "A3", "select_one qqqqqq")), "form.list survey!A3"),
    "list misspelt": case(changed(("survey", "A3", "select_one jambann")), "form.list_near survey!A3"),
    "calculate without calculation": case(changed(("survey", "F11", None)), "form.calculation_missing survey!F11"),
    "question without name": case(
        changed(("survey", "B7", None)), "form.name_missing survey!B7", "privacy.field privacy!A3"
    ),
    "name with a space": case(changed(("survey", "B11", "dua kali")), "form.name_invalid survey!B11"),
    "name that starts with a figure": case(changed(("survey", "B11", "2kali")), "form.name_invalid survey!B11"),
    "name of 64 letters": case(changed(("survey", "B11", "x" * 64)), "form.name_invalid survey!B11"),
    "name twice": case(changed(("survey", "B11", "jumlah")), "form.name_double survey!B11"),
    "name twice but for capitals": case(changed(("survey", "B11", "Jumlah")), "form.name_double survey!B11"),
    "a repeat's name taken by a field": case(changed(("survey", "B11", "member")), "form.name_double survey!B11"),
    "a repeat named household": case(
        sample(survey=survey_with(["begin repeat", "household", "R"], ["text", "r", "R"], ["end repeat"])),
        "form.name_reserved survey!B12",
    ),
    "repeat that never ends": case(
        changed(("survey", "A10", None), ("survey", "B10", None)), "form.group_open survey!A6"
    ),
    "end without begin": case(sample(survey=survey_with(["end group"])), "form.group_end survey!A12"),
    "group ended as repeat": case(changed(("survey", "A10", "end group")), "form.group_crossed survey!A10"),
    "question without label": case(changed(("survey", "C5", None)), "form.text_missing survey!C5"),
    "choice without label": case(changed(("choices", "C3", None)), "form.text_missing choices!C3"),
    "hint in English alone": case(
        changed(("survey", "G1", "hint::English (en)"), ("survey", "H1", "hint"), ("survey", "G2", "All people")),
        "form.pyxform_warning survey!A1",
        "form.text_missing survey!H2",
    ),
    "labels in another language alone": case(
        sample(survey=renamed_column("survey", "label", "label::English (en)")), "sheet.language_missing survey!C1"
    ),
    "choice without list": case(changed(("choices", "A3", None)), "form.choice_list_missing choices!A3"),
    "choice without name": case(changed(("choices", "B3", None)), "form.choice_name_missing choices!B3"),
    "choice with a space": case(changed(("choices", "B3", "lubang tanah")), "form.choice_name_space choices!B3"),
    "choice twice": case(changed(("choices", "B3", "leher_angsa")), "form.choice_double choices!B3"),
    "too many fields": case(
        sample(survey=survey_with(*(["integer", f"f{n}", "Satu lagi"] for n in range(1_500)))),
        "form.too_many_fields survey!B1504",
    ),
    "a name that pyxform cannot find, in a question that no score uses": case(
        changed(("survey", "D4", "${qqqqqq} > 1")), "form.reference survey!D4"
    ),
    "the same, misspelt": case(changed(("survey", "D4", "${jumlahh} > 1")), "form.reference_near survey!D4"),
    "a name misspelt in a label": case(changed(("survey", "C4", "Halo ${jumlahh}")), "form.reference_near survey!C4"),
    "what only pyxform knows": case(
        changed(("survey", "G1", "parameters"), ("survey", "A5", "range"), ("survey", "G5", "start=x")),
        "form.pyxform survey!G5",
    ),
    "what pyxform warns of": case(
        changed(("survey", "G1", "disabled"), ("survey", "G4", "no")), "form.pyxform_warning survey!A4"
    ),
    "a column of the survey twice": case(
        changed(("survey", "G1", "label"), ("survey", "G2", "Lagi")), "sheet.column_double survey!G1"
    ),
    "a question about violence": case(
        sample(survey=survey_with(["select_one ya_tidak", "q1", "Pernahkah Ibu dipukul?"])),
        "survey.violence survey!C12",
    ),
    "violence among the choices": case(
        sample(
            survey=survey_with(["select_one masalah", "q1", "Masalah apa yang ada di rumah?"]),
            choices=[*rows("choices"), ["masalah", "hutang", "Hutang"], ["masalah", "x", "KDRT"]],
        ),
        "survey.violence survey!C12",
    ),
}
