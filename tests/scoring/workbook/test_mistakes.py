"""Every mistake that the checker knows, one a time; and the guard that none of its messages is left untested."""

import re
from pathlib import Path

import pytest

from selaras import errors
from selaras.errors import CATALOGUE
from selaras.scoring.workbook import read_workbook
from tests.odk.test_hostile import ELSEWHERE, HOSTILE
from tests.scoring.workbook import cases_form, cases_scores, cases_sheets
from tests.scoring.workbook.case import Case, told

CASES = {**cases_form.CASES, **cases_sheets.CASES, **cases_scores.CASES}
SECTIONS = ("reading a file", "the form", "the workbook")
#: Codes that need a workbook of thousands of mistakes, or none at all: tested in files of their own.
OWN_TESTS = {"workbook.too_many", "workbook.only_a_form"}


def codes_of(sections: tuple[str, ...]) -> set[str]:
    """The codes that stand between the comments of these sections in errors.py."""
    found: set[str] = set()
    section = ""
    for line in Path(errors.__file__).read_text().splitlines():
        heading = re.match(r"    # --- (.+?) -+$", line)
        code = re.match(r'    "([a-z_.]+)": Entry\(', line)
        section = heading[1] if heading else section
        if code and section in sections:
            found.add(code[1])
    return found


@pytest.mark.parametrize("one", CASES.values(), ids=CASES)
def test_a_mistake_is_told_where_it_is_and_once(one: Case) -> None:
    reading = read_workbook(one.content, name="buku.xlsx")
    assert told(reading.problems) == list(one.expected)
    assert (reading.instrument is None) == bool(reading.errors)


def test_no_case_of_one_file_hides_a_case_of_another() -> None:
    parts = (cases_form.CASES, *(cases_sheets.SHEET_CASES, cases_sheets.KEY_CASES, cases_sheets.NAME_CASES))
    parts += (cases_scores.ASPECT_CASES, cases_scores.INDICATOR_CASES, cases_scores.POINT_CASES)
    assert len(CASES) == sum(map(len, parts))


def test_every_message_of_the_checker_is_given_by_a_test() -> None:
    given = {line.split(" ")[0] for one in CASES.values() for line in one.expected}
    given |= {code for _, code in HOSTILE} | ELSEWHERE | OWN_TESTS
    wanted = codes_of(SECTIONS)
    assert len(wanted) > 90
    assert wanted - given == set()


def test_every_problem_is_one_line_with_its_place_and_its_remedy() -> None:
    problems = [problem for one in CASES.values() for problem in read_workbook(one.content, xform=False).problems]
    assert len(problems) > 100
    lines = [str(problem) for problem in problems]
    assert [line for line in lines if not re.fullmatch(r"\S+![A-Z]+\d+(:[A-Z]+\d+)?: [^\n]+; [^\n]+", line)] == []


def test_every_remedy_of_the_checker_is_not_empty() -> None:
    assert [code for code in sorted(codes_of(SECTIONS)) if not CATALOGUE[code].remedy.strip()] == []
