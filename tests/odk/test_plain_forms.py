"""A plain XLSForm is read as pyxform reads it: the same XForm, the same refusals, each with a place."""

from pathlib import Path

import pytest
from pyxform.errors import PyXFormError
from pyxform.xls2xform import convert

from selaras.scoring.workbook import read_workbook
from tests.build_workbook import Sheet, workbook
from tests.odk.test_xlsform import ELSEWHERE

FORMS: dict[str, dict[str, Sheet]] = {
    "elsewhere": ELSEWHERE,
    "blank rows in choices": {
        "survey": [["type", "name", "label"], ["select_one a", "x", "X"], [], ["select_one b", "y", "Y"]],
        "choices": [["list_name", "name", "label"], ["a", "1", "One"], [], ["b", 2, "Two"], [], []],
    },
    "repeat count": {
        "survey": [
            ["type", "name", "label", "repeat_count"],
            ["integer", "n", "N"],
            ["begin repeat", "r", "R", "${n}"],
            ["text", "t", "T"],
            ["end repeat"],
            ["select_one ${t}", "who", "Who"],
        ]
    },
    "from file": {
        "survey": [
            ["type", "name", "label"],
            ["select_one_from_file a.csv", "x", "X"],
            ["csv-external", "ext"],
            ["audit", "audit"],
            ["background-audio", "ba"],
            ["select_multiple_from_file b.xml", "z", "Z"],
        ]
    },
    "external": {
        "survey": [["type", "name", "label", "choice_filter"], ["select_one_external c", "x", "X", "a=1"]],
        "external_choices": [["list_name", "name", "label"], ["c", "1", "One"]],
    },
    "entities": {
        "survey": [["type", "name", "label", "save_to"], ["text", "a", "A", "p"]],
        "entities": [["list_name", "label"], ["trees", "${a}"]],
    },
    "old": {
        "survey": [
            ["type", "name", "label", "hint"],
            ["add select one prompt using l", "x", "X"],
            ["q string", "s", "S"],
            ["begin lgroup", "g", "G"],
            ["q int", "i", "I"],
            ["end lgroup"],
            ["select all that apply from l", "m", "M"],
        ],
        "choices": [["list name", "name", "label"], ["l", "a", "A"]],
    },
    "settings2": {
        "survey": [["type", "name", "label"], ["text", "a", "A"]],
        "settings": [
            ["form_title", "form_id", "version", "style", "instance_name", "public_key"],
            ["T", "i", 20240101, "pages", "${a}", None],
        ],
    },
    "bools": {
        "survey": [["type", "name", "label", "required", "readonly", "default"], ["text", "a", "A", True, False, 1.5]]
    },
    "no settings, label lang": {
        "survey": [["type", "name", "label::Bahasa Indonesia (id)", "hint:English"], ["text", "a", "A", "b"]]
    },
    "trailing spaces": {"survey": [["type ", "name", " label"], ["text ", "a ", "A  b"]]},
    "nameless": {"survey": [["type", "name", "label"], ["note", None, "Hello"], ["text", None, "x"]]},
    "dup": {"survey": [["type", "name", "label"], ["text", "a", "Hello"], ["text", "a", "x"]]},
    "unknown type": {"survey": [["type", "name", "label"], ["txet", "a", "Hello"]]},
    "no list": {"survey": [["type", "name", "label"], ["select_one q", "a", "Hello"]]},
    "unclosed": {"survey": [["type", "name", "label"], ["begin group", "a", "Hello"], ["text", "b", "b"]]},
    "bad ref": {"survey": [["type", "name", "label", "relevant"], ["text", "b", "b", "${zz}=1"]]},
    "comment rows": {"survey": [["type", "name", "label", "my"], [None, None, None, "comment"], ["text", "b", "b"]]},
    "osm": {
        "survey": [["type", "name", "label"], ["osm tags", "b", "b"]],
        "osm": [["list_name", "name", "label"], ["tags", "x", "X"]],
    },
    "loop": {
        "survey": [["type", "name", "label"], ["begin loop over l", "b", "b"], ["integer", "count", "c"], ["end loop"]],
        "choices": [["list_name", "name", "label"], ["l", "a", "A"]],
    },
    "range": {
        "survey": [
            ["type", "name", "label", "parameters"],
            ["range", "b", "b", "start=0 end=10 step=2"],
            ["image", "im", "i", "max-pixels=640"],
        ]
    },
    "empty": {"survey": [["type", "name", "label"]]},
    "date defaults": {"survey": [["type", "name", "label", "default"], ["date", "b", "b", "2024-01-01"]]},
    "smart": {"survey": [["type", "name", "label", "relevant"], ["text", "a", "a"], ["text", "b", "b", "${a}=‘x’"]]},
}
REFUSED = {
    "nameless": "survey!A3",
    "dup": "survey!B3",
    "unknown type": "survey!A2",
    "no list": "survey!A1",
    "unclosed": "survey!A2",
    "bad ref": "survey!D2",
}


def by_pyxform(file: Path) -> str:
    """The XForm by pyxform's own reading of the file, '' where it refuses it."""
    try:
        return convert(file).xform
    except PyXFormError:
        return ""


@pytest.mark.parametrize("name", FORMS)
def test_a_plain_form_gives_the_xform_that_pyxform_gives(name: str, tmp_path: Path) -> None:
    file = tmp_path / "formulir.xlsx"
    file.write_bytes(workbook(FORMS[name]))
    reading = read_workbook(file)
    assert (reading.form.xform if reading.form else "") == by_pyxform(file)
    assert [(one.code, one.where) for one in reading.errors] == (
        [("form.pyxform", REFUSED[name])] if name in REFUSED else []
    )
    assert (reading.form is None) == (name in REFUSED)


def test_every_refusal_is_among_the_forms() -> None:
    assert set(REFUSED) - set(FORMS) == set()


def test_a_form_without_an_id_is_called_as_its_file(tmp_path: Path) -> None:
    file = tmp_path / "posyandu.xlsx"
    file.write_bytes(workbook(FORMS["osm"]))
    form = read_workbook(file).form
    assert form is not None
    assert (form.id, form.title, form.default_language) == ("posyandu", "posyandu", "default")
