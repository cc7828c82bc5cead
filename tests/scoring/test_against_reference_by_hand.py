"""What expressions mean, case by case: the table that the plain evaluator and both engines must agree with.

Two families answer the survey below; what is in the tables is about the first, so that a blank of the second cannot
help. Outcomes are a value, `missing` or `n/a`.
"""

from datetime import date
from fractions import Fraction

import pytest

from selaras.scoring.expressions.parser import parse
from tests.reference.drawn import Aspect, Calculation, Case, Group, Household, Indicator, Question, Workbook
from tests.reference.engine import Delivery, computed
from tests.reference.tally import count

ROOF = ("genteng", "rumbia")
SURVEY = (
    Question("three", "integer"),
    Question("minus", "decimal"),
    Question("zero", "integer"),
    Question("half", "decimal"),
    Question("tiny", "decimal"),
    Question("most", "decimal"),
    Question("blank", "integer"),
    Question("skipped", "integer", relevant=parse("${zero} > 0")),
    Question("roof", "choice", ROOF),
    Question("noroof", "choice", ROOF),
    Question("water", "choices", ("sumur", "pam", "hujan")),
    Question("nowater", "choices", ("sumur", "pam", "hujan")),
    Question("word", "text"),
    Question("spaces", "text"),
    Question("born", "date"),
    Group("away", (Question("inside", "integer"),), relevant=parse("${noroof} = 'genteng'")),
    Group(
        "member",
        (Question("age", "integer"), Question("works", "choice", ("ya", "tidak"), parse("${age} >= 15"))),
        is_repeat=True,
    ),
    Group("goat", (Question("kilos", "decimal"),), is_repeat=True),
)
CALCULATIONS = (
    Calculation("spared", "household", parse("if(${zero} = 0, na(), 1)")),
    Calculation("doubled", "household", parse("${blank} * 2")),
    Calculation("worker", "member", parse("${works} = 'ya'")),
)
FAMILY = Household(
    None,
    {
        "three": 3,
        "minus": Fraction("-7.5"),
        "zero": 0,
        "half": Fraction("0.0000005"),
        "tiny": Fraction("0.000000000001"),
        "most": Fraction("9999999999999.999999999999"),
        "roof": "genteng",
        "water": "sumur pam",
        "word": " kata ",
        "spaces": "   ",
        "born": date(2000, 2, 29),
    },
    {
        "member": ({"age": 40, "works": "ya"}, {"age": 10}, {"age": 20, "works": "tidak"}, {"age": None}),
        "goat": (),
    },
)
TODAY = date(2024, 6, 30)

BOOLEANS = {
    # Three values: what is false or true whatever the blank would be, is known.
    "false() and ${blank} > 1": "false",
    "true() and ${blank} > 1": "missing",
    "true() or ${blank} > 1": "true",
    "false() or ${blank} > 1": "missing",
    "not(${blank} > 1)": "missing",
    "${blank} = ${blank}": "missing",
    "${blank} = ''": "missing",
    "${noroof} != 'genteng'": "missing",
    "selected(${nowater}, 'pam')": "missing",
    "${spaces} = 'kata'": "missing",
    "${word} = 'kata'": "true",
    "${roof} = 'genteng' and selected(${water}, 'pam')": "true",
    "selected(${water}, 'hujan')": "false",
    "selected(${roof}, 'rumbia')": "false",
    # Precedence: or, and, = !=, < <=, + -, * div mod, unary minus; from the left where equal.
    "true() or true() and false()": "true",
    "1 < 2 = true()": "true",
    "2 + 3 * 2 = 8": "true",
    "-2 * -3 = 6": "true",
    "10 - 3 - 2 = 5": "true",
    # What was rightly skipped does not apply; with an answer lacking beside it, it is missing.
    "${skipped} > 1": "n/a",
    "${skipped} > 1 and ${blank} > 1": "missing",
    "${skipped} > 1 or ${three} = 3": "true",
    "${inside} > 1": "n/a",
    # na() by choice, through if, coalesce and calculations; arithmetic with it has no blank to blame.
    "na()": "n/a",
    "if(${three} = 3, na(), ${blank} > 1)": "n/a",
    "if(${three} = 4, na(), ${blank} > 1)": "missing",
    "if(${blank} = 1, na(), na())": "missing",
    "coalesce(${blank} > 1, na())": "n/a",
    "coalesce(${blank} > 1, true())": "true",
    "if-na(${skipped} > 1, true())": "true",
    "if-na(${blank} > 1, true())": "missing",
    "if-na(${spared} > 1, false())": "false",
    # Over a repeat.
    "any(member[${age} > 30])": "true",
    "any(member[${age} > 50])": "missing",
    "any(goat[${kilos} > 1])": "false",
    "all(goat, ${kilos} > 1)": "true",
    "all(member, ${age} > 10)": "false",
    "all(member, ${age} >= 10)": "missing",
    "all(member[${age} >= 15], ${worker})": "false",
    "all(member[${works} = 'ya'], ${age} > 30)": "true",
}

NUMBERS = {
    # 12 places, half away from zero; exact where it fits.
    "${half} * ${half}": "0",
    "${half} * 0.000001": "0.000000000001",
    "-${half} * 0.000001": "-0.000000000001",
    "0.0000004 * 0.000001": "0",
    "2 div 3": "0.666666666667",
    "-2 div 3": "-0.666666666667",
    "1 div 3 * 3": "0.999999999999",
    "${most} - ${tiny}": "9999999999999.999999999998",
    "${most} * 1": "9999999999999.999999999999",
    "${most} div ${most}": "1",
    "${tiny} div 3": "0",
    "${tiny} div 2": "0.000000000001",
    # Remainders have the sign of what is divided; whole parts go towards zero.
    "${minus} mod 2": "-1.5",
    "7.5 mod -2": "1.5",
    "int(${minus})": "-7",
    "round(${minus}, 0)": "-8",
    "round(0.125, 2)": "0.13",
    "round(-0.125, 2)": "-0.13",
    "round(${most}, 12)": "9999999999999.999999999999",
    "abs(${minus})": "7.5",
    "pow(${minus}, 0)": "1",
    "pow(${minus}, 3)": "-421.875",
    "pow(0.0001, 4)": "0",
    "min(3, ${minus}, ${three})": "-7.5",
    "max(3, ${blank})": "missing",
    # Division by zero is unknown, and no answer lacks.
    "${three} div ${zero}": "n/a",
    "${three} mod ${zero}": "n/a",
    "${blank} div ${zero}": "missing",
    "coalesce(${three} div ${zero}, 5)": "5",
    # Text, sets, dates.
    "string-length(${word})": "4",
    "string-length('à𝄞')": "2",
    "string-length(${spaces})": "missing",
    "count-selected(${water})": "2",
    "count-selected(${nowater})": "missing",
    "today() - ${born}": "8888",
    "${born} - date('2000-03-01')": "-1",
    "decimal-date-time(date('1969-12-31'))": "-1",
    # share-true: what does not apply is left out, what is missing makes it unknown.
    "share-true(true(), false(), ${skipped} > 1)": "0.5",
    "share-true(true(), ${blank} > 1)": "missing",
    "share-true(${skipped} > 1, na())": "n/a",
    "share-true(true(), true(), false())": "0.666666666667",
    # Over a repeat: an unknown condition does not count the row; an unknown number in a counted row counts for all.
    "count(member)": "4",
    "count(member[${age} > 5])": "3",
    "count(member[not(${age} > 5)])": "0",
    "sum(member[${age} > 5], ${age})": "70",
    "sum(member, ${age})": "missing",
    "mean(member[${age} < 30], ${age})": "15",
    "max(member[${works} = 'ya'], ${age})": "40",
    "count(goat)": "0",
    "sum(goat, ${kilos})": "0",
    "mean(goat, ${kilos})": "n/a",
    "min(goat, ${kilos})": "n/a",
    # Who is too young, or gave no age, was rightly not asked; but where `age` is used too, its blank counts.
    "sum(member, if(${worker}, 1, 0))": "n/a",
    "sum(member[${age} < 15], if(${worker}, 1, 0))": "missing",
    "sum(member[${age} > 5], if(if-na(${worker}, false()), 1, 0))": "1",
    # Through calculations.
    "${doubled}": "missing",
    "coalesce(${doubled}, ${spared})": "n/a",
    "${spared} + 1": "n/a",
    # na() keeps its meaning whatever number stands in the other branch.
    "coalesce(${blank} + ${minus}, na())": "n/a",
    "if(${three} = 3, na(), ${blank} * 0.5)": "n/a",
    "if-na(if(${three} = 3, na(), ${blank} * 0.5), ${minus})": "-7.5",
}

OVERFLOWS = (
    "${most} + ${tiny}",
    "${most} * 1.000000000001",
    "-${most} - 1",
    "${three} div ${tiny} * 100000000000",
    "round(${most}, 11)",
    "pow(3162277.660169, 2)",
    "pow(100000, 3) - pow(100000, 3)",
    "sum(member[${age} > 5], ${most})",
    "if(${most} + 1 > 0, 1, 2)",
)


def written(expressions: dict[str, str] | tuple[str, ...], aggregate: str, stem: str) -> tuple[Indicator, ...]:
    """One indicator an expression."""
    return tuple(
        Indicator(
            f"{stem}{place}",
            "all",
            Fraction(1),
            "survey",
            "linear",
            tree=parse(text),
            aggregate=aggregate,
            low=Fraction(0),
            high=Fraction(1),
        )
        for place, text in enumerate(expressions)
    )


def case(*indicators: Indicator) -> Case:
    """The family, and one that left everything blank in another unit."""
    book = Workbook(Fraction(100), SURVEY, CALCULATIONS, {}, (Aspect("all", None, Fraction(1)),), indicators)
    nobody = Household("kosong", {}, {"member": (), "goat": ()})
    return Case(book, (FAMILY, nobody), (), TODAY)


TABLE = case(*written(BOOLEANS, "share", "b"), *written(NUMBERS, "sum", "n"))
EXPECTED = {f"b{i}": said for i, said in enumerate(BOOLEANS.values())} | {
    f"n{i}": said for i, said in enumerate(NUMBERS.values())
}


def outcome(value: Fraction | None, missing: int, not_applicable: int, *, boolean: bool) -> str:
    """As the tables write it."""
    if value is None:
        return {(1, 0): "missing", (0, 1): "n/a"}[missing, not_applicable]
    if boolean:
        return "true" if value else "false"
    whole = abs(value) * 10**12
    text = f"{int(whole):013d}"
    return ("-" if value < 0 else "") + f"{text[:-12]}.{text[-12:]}".rstrip("0").rstrip(".")


def test_the_plain_evaluator_gives_what_the_table_says() -> None:
    counts = count(TABLE).units[None].counts
    found = {
        name: outcome(
            Fraction(one.known[0]) if one.known else None, one.missing, one.not_applicable, boolean=name[0] == "b"
        )
        for name, one in counts.items()
    }
    assert found == EXPECTED


@pytest.mark.parametrize("engine", ["duckdb", "postgresql"])
@pytest.mark.parametrize("checked", [False, True], ids=["raw answers", "checked answers"])
def test_the_engine_gives_what_the_table_says(engine: str, checked: bool, dsn: str) -> None:
    units = computed(TABLE, Delivery(checked=checked), engine, dsn).units
    lines = next(unit for unit in units if unit["unit"] is None)["indicators"]
    found = {
        name: outcome(line["value"], line["missing"], line["not_applicable"], boolean=name[0] == "b")
        for name, line in lines.items()
    }
    assert found == EXPECTED


@pytest.mark.parametrize("engine", ["duckdb", "postgresql"])
def test_a_number_that_does_not_fit_is_named_and_scores_nothing(engine: str, dsn: str) -> None:
    overflowing = case(*written(OVERFLOWS, "sum", "o"))
    assert count(overflowing).units[None].overflow == {f"o{i}" for i in range(len(OVERFLOWS))}
    found = computed(overflowing, Delivery(), engine, dsn)
    assert {name for unit, name in found.overflows if unit is None} == {f"o{i}" for i in range(len(OVERFLOWS))}
    # Only what no answer is needed for overflows for the family that gave none.
    assert {name for unit, name in found.overflows if unit == "kosong"} == {"o5", "o6"}
    lines = next(unit for unit in found.units if unit["unit"] is None)["indicators"]
    assert {name: line["value"] for name, line in lines.items()} == {f"o{i}": None for i in range(len(OVERFLOWS))}
