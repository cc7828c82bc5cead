"""What the engine counts, on small cases that a person can add up."""

from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from selaras.errors import InputError
from selaras.scoring.answers import Answers
from selaras.scoring.engines import indicator_sql, sides, states, tally
from selaras.scoring.instrument import Instrument
from selaras.scoring.tally import Tally
from tests.scoring.engines.small import answers, instrument


def counted(made: Instrument, *rows: dict[str, object], **repeats: list[dict[str, object]]) -> dict[str, Tally]:
    """The indicators of the one unit that all `rows` are in."""
    [unit] = tally(made, answers(made, rows, **repeats)).units
    return dict(unit.indicators)


def test_a_blank_is_missing_and_a_skipped_blank_is_not_applicable() -> None:
    made = instrument(
        "age:integer", "pill:choice:yt", indicators={"pill": "${pill} = 'ya'"}, relevants={"pill": ["${age} < 50"]}
    )
    found = counted(made, {"age": 30, "pill": "ya"}, {"age": 30, "pill": "tidak"}, {"age": 30}, {"age": 60}, {})
    assert found["pill"] == Tally(n=2, true=1, missing=1, not_applicable=2)


def test_a_question_about_a_blank_age_is_asked_as_the_phone_reads_it() -> None:
    made = instrument(
        "age:integer", "pill:choice:yt", indicators={"pill": "${pill} = 'ya'"}, relevants={"pill": ["${age} != ''"]}
    )
    assert counted(made, {"age": 3}, {})["pill"] == Tally(n=0, true=0, missing=1, not_applicable=1)


def test_a_blank_differs_from_nothing_on_the_phone_not_even_in_a_column_that_is_not_there() -> None:
    made = instrument(
        "a:choice:yt", "pill:choice:yt", indicators={"pill": "${pill} = 'ya'"}, relevants={"pill": ["${a} != ${a}"]}
    )
    given = Answers(pa.table({"household_id": ["1", "2"]}))
    assert tally(made, given).units[0].indicators["pill"] == Tally(n=0, true=0, missing=0, not_applicable=2)


def test_products_of_25_digits_are_rounded_half_away_from_zero() -> None:
    made = instrument("x:decimal", indicators={"square": "${x} * ${x}", "negative": "${x} * -${x}"})
    found = counted(made, {"x": Decimal("1234567.000000500000")})
    assert found["square"].total == Decimal("1524155677490.234567000000")
    assert found["negative"].total == Decimal("-1524155677490.234567000000")


def test_a_division_by_zero_is_unknown_and_lacks_no_answer() -> None:
    made = instrument("x:integer", "y:integer", indicators={"ratio": "${x} div ${y}"})
    found = counted(made, {"x": 2, "y": 3}, {"x": 1, "y": 0}, {"x": 1})
    assert found["ratio"] == Tally(1, 0, missing=1, not_applicable=1, total=Decimal("0.666666666667"))


def test_the_middles_of_four_values_are_the_second_and_third() -> None:
    made = instrument("x:integer", indicators={"x": {"expression": "${x}", "aggregate": "median"}})
    rows = [{"x": 9}, {"x": 1}, {"x": 4}, {"x": 2}, {}]
    assert counted(made, *rows)["x"].middles == (2, 4)
    assert counted(made, *rows[:3])["x"].middles == (4, 4)


def test_share_true_leaves_out_what_does_not_apply_and_is_not_applicable_with_nothing_left() -> None:
    made = instrument(
        "a:choice:yt",
        "b:choice:yt",
        "age:integer",
        indicators={"share": "share-true(${a} = 'ya', ${b} = 'ya')"},
        relevants={"a": ["${age} < 50"], "b": ["${age} < 60"]},
    )
    rows = [{"age": 55, "b": "ya"}, {"age": 70}, {"age": 30, "a": "ya"}, {"age": 30, "a": "ya", "b": "tidak"}]
    assert counted(made, *rows)["share"] == Tally(2, 0, 1, 1, total=Decimal("1.5"))


def test_rows_of_a_repeat_are_counted_by_their_households_unit() -> None:
    made = instrument(
        "big:choice:yt",
        "member.age:integer",
        indicators={"adult": {"expression": "${age} >= 18 and ${big} = 'ya'", "over": "member"}},
    )
    rows = [{"big": "ya", "place": "a"}, {"big": "tidak", "place": "b"}]
    members = [{"household_id": "1", "age": 20}, {"household_id": "1"}, {"household_id": "2", "age": 30}]
    first, second = tally(made, answers(made, rows, unit="place", member=members)).units
    assert first.indicators["adult"] == Tally(1, 1, missing=1, not_applicable=0)
    assert second.indicators["adult"] == Tally(1, 0, missing=0, not_applicable=0)


def test_over_no_rows_sums_are_zero_and_means_are_not_applicable() -> None:
    made = instrument(
        "member.pay:integer",
        indicators={"sum": "sum(member, ${pay})", "mean": "mean(member, ${pay})", "all": "all(member, ${pay} > 1)"},
    )
    found = counted(made, {})
    assert found["sum"] == Tally(1, 0, 0, 0)
    assert found["mean"] == Tally(0, 0, 0, 1)
    assert found["all"] == Tally(1, 1, 0, 0)


def test_an_overflow_takes_the_value_away_and_names_calculation_indicator_and_household() -> None:
    made = instrument(
        "x:decimal", calculations={"cube": "pow(${x}, 3)"}, indicators={"cubic": "${cube} + 1", "same": "${x}"}
    )
    found = tally(made, answers(made, [{"x": Decimal(30_000_000)}, {"x": Decimal(2)}]))
    assert found.units[0].indicators["cubic"].n == 0
    assert found.units[0].indicators["same"].total == 30_000_002
    named = [(problem.values["name"], problem.values["household"]) for problem in found.problems]
    assert named == [("cube", "1"), ("cubic", "1")]


def test_an_earlier_unknown_class_leaves_the_household_unclassified() -> None:
    made = instrument("x:integer", "y:integer", classes={"low": "${x} < 5", "high": "${y} > 1"})
    rows = [{"x": 1}, {"x": 9, "y": 2}, {"y": 2}, {"x": 9, "y": 1}]
    [unit] = tally(made, answers(made, rows)).units
    assert (dict(unit.classes), unit.unclassified) == ({"low": 1, "high": 1}, 2)


def test_states_are_of_each_household_and_sides_of_one_indicator() -> None:
    made = instrument("x:integer", classes={"low": "${x} < 5", "high": "true()"}, indicators={"low": "${x} < 5"})
    given = answers(made, [{"x": 1}, {"x": 7}, {}])
    assert [(each.household_id, each.household_class, each.indicators["low"].n) for each in states(made, given)] == [
        ("1", "low", 1),
        ("2", "high", 1),
        ("3", None, 0),
    ]
    assert [(each.household_id, each.side) for each in sides(made, given, "low")] == [
        ("1", "true"),
        ("2", "false"),
        ("3", "missing"),
    ]


def test_parquet_from_outside_is_cleaned_and_what_is_no_answer_is_told(tmp_path: Path) -> None:
    made = instrument(
        "age:integer",
        "toilet:choice:yt",
        "many:choices:letters",
        indicators={"t": "${toilet} = 'ya'", "a": "selected(${many}, 'a')", "age": "${age}"},
    )
    path = tmp_path / "homes.parquet"
    columns = {"age": ["12", "x", " 3 "], "toilet": [" ya ", "entah", ""], "many": ["a  b", "a z", None]}
    pq.write_table(pa.table(columns), path)
    found = tally(made, Answers(path))
    [unit] = found.units
    assert unit.indicators["t"] == Tally(1, 1, 2, 0)
    assert unit.indicators["a"] == Tally(1, 1, 2, 0)
    assert unit.indicators["age"] == Tally(2, 0, 1, 0, total=Decimal(15))
    told = {problem.values["field"]: (problem.values["count"], problem.values["row"]) for problem in found.problems}
    assert told == {"age": (1, 2), "toilet": (1, 2), "many": (1, 2)}


def test_doubles_are_read_as_the_decimals_that_were_meant(tmp_path: Path) -> None:
    made = instrument("x:decimal", "n:integer", indicators={"x": "${x}", "n": "${n}"})
    path = tmp_path / "homes.parquet"
    pq.write_table(pa.table({"x": [0.1, 0.2, float("nan")], "n": [1.0, float("nan"), 3.0]}), path)
    found = tally(made, Answers(path))
    [unit] = found.units
    assert found.problems == ()  # NaN is what pandas writes for "nothing", and nothing is no wrong answer
    assert unit.indicators["x"] == Tally(2, 0, 1, 0, total=Decimal("0.3"))
    assert unit.indicators["n"] == Tally(2, 0, 1, 0, total=Decimal(4))


def test_a_double_that_says_nothing_is_no_unit(tmp_path: Path) -> None:
    path = tmp_path / "homes.parquet"
    pq.write_table(pa.table({"rw": [1.0, float("nan"), 1.0], "x": [1, 2, 3]}), path)
    found = tally(instrument("x:integer", indicators={"x": "${x}"}), Answers(path, unit="rw"))
    assert [(unit.unit, unit.households) for unit in found.units] == [("1.0", 2), (None, 1)]


def test_parquet_needs_no_key_where_no_rows_belong_to_its_households(tmp_path: Path) -> None:
    path = tmp_path / "homes.parquet"
    pq.write_table(pa.table({"x": [1, 2]}), path)
    made = instrument("x:integer", "member.age:integer", indicators={"x": "${x}", "n": "count(member[${age} > 1])"})
    [unit] = tally(made, Answers(path)).units
    assert (unit.indicators["x"].total, unit.indicators["n"]) == (3, Tally(2, 0, 0, 0))


def test_the_same_household_twice_is_refused_where_rows_belong_to_it() -> None:
    made = instrument("member.age:integer", indicators={"n": "count(member[${age} > 1])"})
    given = answers(made, [{"household_id": "7"}, {"household_id": "7"}], checked=False)
    with pytest.raises(InputError, match="kode keluarga '7' ada 2 kali"):
        tally(made, given)


def test_names_that_differ_in_case_alone_are_two_fields() -> None:
    made = instrument("Umur:integer", "umur:integer", indicators={"a": "${Umur}", "b": "${umur}"})
    found = counted(made, {"Umur": 1, "umur": 5})
    assert (found["a"].total, found["b"].total) == (1, 5)


def test_one_indicators_statement_is_short_and_counts_equal_things_once() -> None:
    made = instrument("toilet:choice:yt", indicators={"toilet": "${toilet} = 'ya'", "other": "1 = 1"})
    sql = indicator_sql(made, "toilet")
    assert sql.count("COUNT(") == 2
    assert sql.count("COUNT_IF(") == 1


def test_postgresql_gives_the_same_counts_of_more_fields_than_a_row_of_its_has_columns(dsn: str) -> None:
    """A row has 1,664; each field has four counts."""
    names = [f"f{place}" for place in range(500)]
    made = instrument(*(f"{name}:integer" for name in names), indicators={name: f"${{{name}}} > 1" for name in names})
    given = answers(made, [{name: place % 4 for place, name in enumerate(names)}, {}])
    here, there = tally(made, given), tally(made, given, engine="postgresql", dsn=dsn)
    assert here.units == there.units
    assert here.units[0].indicators["f2"] == Tally(1, 1, 1, 0)


def test_an_engine_that_we_lack_is_named() -> None:
    made = instrument("x:integer", indicators={"x": "${x}"})
    with pytest.raises(InputError, match="mesin spark tidak dikenal"):
        tally(made, answers(made, [{}]), engine="spark")
