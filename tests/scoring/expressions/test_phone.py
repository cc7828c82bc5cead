"""A condition on one family's answers, as her phone judges it: the same as the reference evaluator's phone."""

from datetime import date
from decimal import Decimal

import pytest

from selaras.scoring.expressions.phone import Value, holds

TODAY = date(2024, 5, 31)
ANSWERS: dict[str, Value] = {
    "umur": Decimal(7),
    "kosong": "",
    "air": "pdam",
    "bantuan": frozenset({"pkh", "bpnt"}),
    "tidak_ada": "",
    "lahir": date(2024, 5, 1),
    "nik": "3672050000000001",
}


@pytest.mark.parametrize(
    ("text", "holding"),
    [
        ("${umur} >= 7", True),
        ("${umur} > 7", False),
        ("${umur} >= 4 and ${umur} <= 18", True),
        # A blank is smaller than nothing, and equal to a blank alone.
        ("${kosong} < 5", False),
        ("${kosong} >= 0", False),
        ("${kosong} = ''", True),
        ("${air} != ''", True),
        ("${kosong} != 'pdam'", True),
        ("not(${kosong} = 'pdam')", True),
        ("${air} = 'pdam' or ${kosong} = 'x'", True),
        ("selected(${bantuan}, 'pkh')", True),
        ("selected(${bantuan}, 'blt')", False),
        ("selected(${kosong}, 'blt')", False),
        ("count-selected(${bantuan}) > 1", True),
        ("count-selected(${tidak_ada}) = 0", True),
        ("today() - ${lahir} = 30", True),
        ("${lahir} < date('2024-06-01')", True),
        ("${umur} div 0 = 1", False),
        ("${umur} * 2 + 1 = 15", True),
        ("if(${umur} > 5, true(), false())", True),
        ("round(${umur} div 2, 0) = 4", True),
        ("regex(${nik}, '^[0-9]{16}$')", True),
        ("regex(${nik}, '[0-9]{3}')", False),
        ("string-length(${nik}) = 16", True),
    ],
)
def test_a_condition_holds_or_not(text: str, holding: bool) -> None:
    assert holds(text, ANSWERS, today=TODAY) is holding


@pytest.mark.parametrize("text", [". >= 1 and . <= 30", "regex(., '^[0-9]+$')"])
def test_the_answer_itself_is_the_dot(text: str) -> None:
    own: Value = Decimal(30) if ">=" in text else "30"
    other: Value = Decimal(31) if ">=" in text else "tiga"

    assert (holds(text, {}, today=TODAY, own=own), holds(text, {}, today=TODAY, own=other)) == (True, False)


@pytest.mark.parametrize(
    "text",
    [
        "${tidak_dikenal} = 1",
        "pulldata('a', 'b') = 1",
        "count(member[${umur} > 3]) > 1",
        "regex(${nik}, '(?=3)')",
        "${air} < 3",
        "",
    ],
)
def test_what_is_not_judged_here_is_left_to_the_phone(text: str) -> None:
    assert holds(text, ANSWERS, today=TODAY) is None
