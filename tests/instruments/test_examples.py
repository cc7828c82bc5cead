"""Every example of every shipped instrument is what the engine says."""

from pathlib import Path

import pytest

from tests.instruments.examples import (
    CASES,
    WORKBOOKS,
    as_plain,
    case_name,
    expected_card,
    expected_lines,
    found_lines,
    scored,
)

WITH_CARD = [case for case in CASES if (case / "kartu.json").exists()]
WITH_LINES = [case for case in CASES if (case / "harapan.csv").exists()]


@pytest.mark.parametrize("case", WITH_CARD, ids=case_name)
def test_the_card_is_the_expected_one(case: Path) -> None:
    assert as_plain(scored(case)) == expected_card(case)


@pytest.mark.parametrize("case", WITH_LINES, ids=case_name)
def test_every_family_is_what_its_line_says(case: Path) -> None:
    card = scored(case)
    assert found_lines(card) == expected_lines(case)
    assert {unit.households for unit in card.units} == {1}


def test_every_version_has_an_example_with_a_card_and_every_case_says_what_it_shows() -> None:
    assert {case.parents[1] for case in WITH_CARD} == {workbook.parent for workbook in WORKBOOKS}
    assert [case for case in CASES if not (case / "keterangan.md").exists()] == []
    assert [case for case in CASES if case not in WITH_CARD and case not in WITH_LINES] == []
