"""XLSForm sheets become the form model and an XForm that ODK Validate accepts."""

# ruff: noqa: E501  (a table is read across: its rows may be long)

import shutil
from pathlib import Path

import pytest
from pyxform.validators.odk_validate import check_xform

from selaras.odk.forms import Choice, Field, Repeat
from selaras.odk.sheets import read_sheets
from selaras.odk.xlsform import FormReading, read_xlsform
from selaras.scoring.workbook import read_workbook
from tests.build_workbook import Sheet, workbook
from tests.sample_workbook import sample

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = sorted((ROOT / "instruments").glob("*/*/workbook.xlsx"))
LANGUAGE = "Bahasa Indonesia (id)"

#: As forms in the wild look: old spellings, English, names used in two groups, lists from files, comment rows.
ELSEWHERE: dict[str, Sheet] = {
    "Survey": """
        | command              | tag      | label::English | label::French | bind::relevant        | choice_filter       | notes for us |
        | start                | start    |                |               |                       |                     |              |
        | begin group          | first    | First          | Premier       |                       |                     | hm           |
        | text                 | name     | Name           | Nom           |                       |                     |              |
        | end group            |          |                |               |                       |                     |              |
        | begin group          | second   | Second         | Deuxième      |                       |                     |              |
        | text                 | name     | Name           | Nom           |                       |                     |              |
        | select one country   | country  | Country        | Pays          |                       |                     |              |
        | select_one city or_other | city | City           | Ville         | selected(${country}, 'fr') |                |              |
        | select_one town      | town     | Town           | Commune       |                       | city = ${city}      |              |
        | end group            |          |                |               |                       |                     |              |
        | note                 | bye      | Was beaten?    | Battu ?       |                       |                     |              |
        """,
    "choices": """
        | list name | name | label::English | label::French | city |
        | country   | fr   | France         | France        |      |
        | country   | id   | Indonesia      | Indonésie     |      |
        | city      | par  | Paris          | Paris         |      |
        | town      | x    | X              | X             | par  |
        """,
    "settings": """
        | form_title | form_id | version | default_language |
        | Elsewhere  | away    | 3       | English          |
        """,
    "our own notes": [["anything", "at all"]],
}


def read(sheets: dict[str, Sheet], *, strict: bool) -> FormReading:
    return read_xlsform(read_sheets(workbook(sheets), name="buku.xlsx"), strict=strict)


def accepted(xform: str, tmp_path: Path) -> list[str]:
    """What ODK Validate says of an XForm; raises where it refuses it."""
    file = tmp_path / "form.xml"
    file.write_text(xform)
    return check_xform(str(file))


def test_a_plain_form_from_elsewhere_passes(tmp_path: Path) -> None:
    reading = read_workbook(workbook(ELSEWHERE), name="elsewhere.xlsx")
    assert reading.errors == ()
    assert [problem.code for problem in reading.problems] == ["form.pyxform_warning"] * 2
    form = reading.form
    assert form is not None
    assert (form.id, form.version, form.title, form.default_language) == ("away", "3", "Elsewhere", "English")
    assert form.languages == ("English", "French")
    assert list(form.fields) == ["start", "name", "second/name", "country", "city", "city_other", "town", "bye"]
    assert accepted(form.xform, tmp_path) == []


def test_a_plain_form_that_pyxform_refuses_says_so_at_its_row() -> None:
    broken = {
        **ELSEWHERE,
        "settings": [["form_id"], ["away"]],
        "choices": [["list name", "name", "label"], ["x", "y", "z"]],
    }
    assert [f"{one.code} {one.where}" for one in read(broken, strict=False).problems] == ["form.pyxform Survey!A8"]


def test_a_field_knows_where_it_stands_and_when_it_is_asked() -> None:
    form = read(
        {
            "survey": """
                | type           | name   | label  | hint    | relevant      | required | constraint | appearance |
                | begin group    | rumah  | Rumah  |         | ${n} > 0      |          |            |            |
                | begin repeat   | member | Orang  |         | ${n} > 1      |          |            |            |
                | select_one ya  | kerja  | Kerja? | Pilihan | ${umur} > 14  | yes      |            | minimal    |
                | integer        | umur   | Umur?  |         |               |          | . >= 0     |            |
                | end repeat     |        |        |         |               |          |            |            |
                | end group      |        |        |         |               |          |            |            |
                | integer        | n      | Berapa? |        |               |          |            |            |
                """,
            "choices": [["list_name", "name", "label"], ["ya", "ya", "Ya"]],
        },
        strict=True,
    ).form
    assert form is not None
    relevants = (("${n} > 0", "survey!E2"), ("${n} > 1", "survey!E3"), ("${umur} > 14", "survey!E4"))
    assert form.fields["kerja"] == Field(
        name="kerja",
        kind="choice",
        type="select_one ya",
        cell="survey!B4",
        row=4,
        labels={LANGUAGE: "Kerja?"},
        hints={LANGUAGE: "Pilihan"},
        repeat="member",
        list_name="ya",
        relevants=relevants,
        constraint_cell="survey!G4",
        calculation_cell="survey!A4",
        required=True,
        appearance="minimal",
        path=("rumah", "member"),
    )
    assert form.fields["umur"].constraint == ". >= 0"
    assert form.repeats == {"member": Repeat("member", "survey!B3", {LANGUAGE: "Orang"}, relevants[:2], ("rumah",))}
    assert form.fields["n"].repeat is None
    assert form.groups == {"rumah": {LANGUAGE: "Rumah"}}


def test_other_may_be_written_in_and_is_labelled_in_the_forms_language(tmp_path: Path) -> None:
    sheets: dict[str, Sheet] = {
        "survey": [
            ["type", "name", "label", "relevant"],
            ["select_one air or_other", "air", "Air?"],
            ["text", "akhir", "Akhir?", "${air_other} != ''"],
        ],
        "choices": [["list_name", "name", "label"], ["air", "ledeng", "Ledeng"]],
    }
    reading = read(sheets, strict=True)
    form = reading.form
    assert form is not None
    assert form.lists["air"] == (Choice("ledeng", {LANGUAGE: "Ledeng"}), Choice("other", {LANGUAGE: "Lainnya"}))
    assert form.fields["air_other"].kind == "text"
    assert form.fields["air_other"].labels == {LANGUAGE: "Sebutkan lainnya"}
    assert form.fields["air_other"].relevants == (("selected(${air}, 'other')", "survey!B2"),)
    assert "Sebutkan lainnya" in form.xform
    assert "Specify other" not in form.xform
    assert accepted(form.xform, tmp_path) == []


def test_rows_below_a_written_in_question_keep_their_number_in_what_pyxform_says() -> None:
    sheets: dict[str, Sheet] = {
        "survey": [
            ["type", "name", "label", "parameters"],
            ["select_one air or_other", "air", "Air?"],
            [],
            ["range", "skala", "Skala?", "start=x"],
        ],
        "choices": [["list_name", "name", "label"], ["air", "ledeng", "Ledeng"]],
    }
    assert [(one.code, one.where) for one in read(sheets, strict=True).problems] == [("form.pyxform", "survey!D4")]


def test_java_is_there_for_odk_validate() -> None:
    assert shutil.which("java")


def test_the_sample_is_accepted_by_odk_validate(tmp_path: Path) -> None:
    form = read_workbook(sample()).form
    assert form is not None
    assert accepted(form.xform, tmp_path) == []


def test_workbooks_are_shipped() -> None:
    assert len(SHIPPED) >= 3


@pytest.mark.parametrize("file", SHIPPED, ids=[str(file.relative_to(ROOT)) for file in SHIPPED])
def test_every_shipped_workbook_passes_and_odk_validate_accepts_its_form(file: Path, tmp_path: Path) -> None:
    reading = read_workbook(file)
    assert reading.problems == ()
    assert reading.instrument is not None
    assert accepted(reading.instrument.form.xform, tmp_path) == []
