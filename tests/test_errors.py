"""The catalogue: every message has a remedy, and both can be filled."""

from string import Formatter

import pytest

from selaras.catalogue.scoring import SCORING
from selaras.errors import CATALOGUE, InputError, Problem

CODES = sorted(CATALOGUE)


@pytest.mark.parametrize("code", CODES)
def test_every_entry_says_what_is_wrong_and_what_to_do(code: str) -> None:
    entry = CATALOGUE[code]
    assert (bool(entry.message.strip()), bool(entry.remedy.strip())) == (True, True)
    words = {word for text in entry for _, word, _, _ in Formatter().parse(text) if word}
    problem = Problem(code, "survey!B2", dict.fromkeys(words, "kata"))
    assert str(problem) == f"survey!B2: {problem.message}; {problem.remedy}"


def test_no_code_is_in_two_places() -> None:
    assert {code: CATALOGUE[code] for code in SCORING} == SCORING


def test_an_unknown_code_fails_where_it_is_written_and_not_before_a_person() -> None:
    with pytest.raises(KeyError):
        Problem("expression.nmae")


def test_an_error_is_its_problems_one_a_line() -> None:
    problems = [Problem("expression.empty", "indicators!F2"), Problem("expression.date", "indicators!F3")]
    assert str(InputError(problems)).splitlines() == [
        "indicators!F2: ungkapan kosong; tulis ungkapannya atau kosongkan selnya",
        "indicators!F3: isi date() bukan tanggal; tulis seperti date('2024-01-31')",
    ]
