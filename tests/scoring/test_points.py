"""From counts and facts to points: every rule at its edges, what blanks cost, and the tree of weights."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from selaras.errors import InputError
from selaras.scoring.card import IndicatorScore, UnitScore
from selaras.scoring.facts import Fact
from selaras.scoring.instrument import Instrument
from selaras.scoring.points import scorecard
from selaras.scoring.tally import Tally
from tests.scoring.build import aspect, bands, indicator, instrument, options, tallies, tally

LADDER = bands(("0", "0.4", "0"), ("0.4", "0.6", "50"), ("0.6", "0.8", "75"), ("0.8", "1", "100"))


def scored(counts: Tally, **rule: Any) -> IndicatorScore:
    """The score of one survey indicator of weight 5 with these counts."""
    plan = instrument(indicator("jamban", weight="5", **rule))
    return scorecard(plan, tallies(("A", 100, {"jamban": counts}))).units[0].indicators["jamban"]


def unit_of(plan: Instrument, *facts: Fact, **counts: Tally) -> UnitScore:
    """The one unit `A` with these counts and facts."""
    return scorecard(plan, tallies(("A", 100, counts)), facts).units[0]


@pytest.mark.parametrize(
    ("true", "n", "points"),
    [(0, 10, "0"), (3, 10, "0"), (4, 10, "1/2"), (54, 93, "1/2"), (6, 10, "3/4"), (8, 10, "1"), (10, 10, "1")],
)
def test_a_band_holds_its_lower_end_and_the_last_its_upper(true: int, n: int, points: str) -> None:
    assert scored(tally(n, true), rule="bands", bands=LADDER).points == Fraction(points)


def test_open_bands_hold_every_number() -> None:
    rule = {"rule": "bands", "aggregate": "mean", "bands": bands((None, "0", "100"), ("0", None, "20"))}
    assert scored(tally(2, total=Decimal("-0.000000000001")), **rule).points == 1
    assert scored(tally(2, total=Decimal(0)), **rule).points == Fraction(1, 5)
    assert scored(tally(2, total=Decimal("9999999999999")), **rule).points == Fraction(1, 5)


@pytest.mark.parametrize(
    ("low", "high", "total", "points"),
    [
        ("0", "10", "0", "0"),
        ("0", "10", "25", "1/4"),
        ("0", "10", "-5", "0"),
        ("0", "10", "200", "1"),
        ("10", "0", "25", "3/4"),
        ("10", "0", "0", "1"),
        ("10", "0", "500", "0"),
    ],
)
def test_a_line_runs_either_way_and_is_clipped(low: str, high: str, total: str, points: str) -> None:
    found = scored(tally(10, total=Decimal(total)), aggregate="mean", low=Decimal(low), high=Decimal(high))
    assert found.points == Fraction(points)


def test_yes_no_is_all_or_nothing() -> None:
    assert scored(tally(10, 10), rule="yes_no").points == 1
    assert scored(tally(10, 9), rule="yes_no").points == 0


@pytest.mark.parametrize(
    ("aggregate", "counts", "value"),
    [
        ("share", tally(93, 54), "54/93"),
        ("count", tally(93, 54), "54"),
        ("sum", tally(3, total=Decimal("10")), "10"),
        ("mean", tally(3, total=Decimal("10")), "10/3"),
        ("min", tally(3, low=Decimal("1.5")), "3/2"),
        ("max", tally(3, high=Decimal("7")), "7"),
        ("median", tally(4, middles=(Decimal("2"), Decimal("3"))), "5/2"),
        ("median", tally(3, middles=(Decimal("2"), Decimal("2"))), "2"),
    ],
)
def test_every_aggregate_is_exact(aggregate: str, counts: Tally, value: str) -> None:
    assert scored(counts, aggregate=aggregate).value == Fraction(value)


def test_missing_answers_cost_nothing_under_exclude() -> None:
    assert scored(tally(50, 40, missing=50)) == IndicatorScore(
        "jamban", Decimal(5), Fraction(4, 5), 50, 40, 50, 0, None, Fraction(4, 5), ""
    )


def test_missing_answers_earn_nothing_under_zero_even_where_less_is_better() -> None:
    more = scored(tally(50, 40, missing=50), missing="zero")
    assert (more.value, more.points) == (Fraction(4, 5), Fraction(2, 5))
    less = scored(tally(50, 0, missing=50), missing="zero", low=Decimal(1), high=Decimal(0))
    assert (less.value, less.points) == (Fraction(0), Fraction(1, 2))


def test_one_missing_answer_leaves_no_value_under_fail() -> None:
    found = scored(tally(99, 99, missing=1), missing="fail")
    assert (found.value, found.points, found.score, found.reason) == (None, None, None, "missing")
    assert scored(tally(99, 99, not_applicable=1), missing="fail").points == 1


def test_fewer_than_min_n_leave_no_value() -> None:
    assert scored(tally(4, 4), min_n=5).reason == "too_few"
    assert scored(tally(5, 5), min_n=5).points == 1


@pytest.mark.parametrize("policy", ["exclude", "zero", "fail"])
def test_no_known_answer_is_no_value_and_never_a_zero(policy: str) -> None:
    found = scored(tally(missing=0, not_applicable=7), missing=policy)
    assert (found.value, found.points, found.reason) == (None, None, "no_answers")


def test_aspects_weigh_their_indicators_and_sub_aspects_and_leave_out_what_is_missing() -> None:
    plan = instrument(
        indicator("a", "rumah", "3"),
        indicator("b", "rumah", "1"),
        indicator("c", "sanitasi", "2"),
        indicator("d", "ekonomi", "7"),
        aspects=(aspect("rumah", "20"), aspect("sanitasi", "4", "rumah"), aspect("ekonomi", "30")),
    )
    found = unit_of(plan, a=tally(10, 5), c=tally(10, 10), b=tally(missing=10), d=tally())
    rumah, sanitasi, ekonomi = (found.aspects[name] for name in ("rumah", "sanitasi", "ekonomi"))
    assert (sanitasi.score, sanitasi.weight_missing) == (100, 0)
    # (0.5 × 3 + 1 × 4) / 7: the weight of b is left out, and said.
    assert (rumah.score, rumah.weight_missing) == (Fraction(5500, 70), 1)
    assert (ekonomi.score, ekonomi.weight_missing) == (None, 7)
    assert (found.total, found.weight_missing) == (rumah.score, 30)


def test_the_scale_is_the_instruments() -> None:
    plan = instrument(indicator("a", rule="bands", bands=bands(("0", "1", "3"))), scale="4")
    found = unit_of(plan, a=tally(1, 1))
    assert (found.indicators["a"].points, found.total) == (Fraction(3, 4), 3)


RUBRIC = instrument(
    indicator("sk", origin="record", rule="yes_no"),
    indicator("rakor", origin="activity", rule="linear", low=Decimal(0), high=Decimal(4)),
    indicator("paparan", origin="judged", rule="options", options=options(a="100", b="75", c="25")),
    indicator("kesan", origin="judged", rule="bands", bands=bands((None, "3", "0"), ("3", None, "100"))),
)


def test_facts_become_points_by_their_rule() -> None:
    facts = [
        Fact("A", "sk", Decimal(1)),
        Fact("A", "rakor", Decimal(3)),
        Fact("A", "paparan", option="b"),
        Fact("A", "kesan", Decimal("3.5")),
    ]
    found = unit_of(RUBRIC, *facts)
    assert {name: score.points for name, score in found.indicators.items()} == {
        "sk": 1,
        "rakor": Fraction(3, 4),
        "paparan": Fraction(3, 4),
        "kesan": 1,
    }
    assert (found.indicators["paparan"].option, found.indicators["paparan"].n) == ("b", None)
    assert found.total == Fraction(700, 8)


def test_of_jurors_marks_the_mean_counts() -> None:
    facts = [
        Fact("A", "paparan", option="a"),
        Fact("A", "paparan", option="c"),
        Fact("A", "kesan", Decimal(2)),
        Fact("A", "kesan", Decimal(5)),
    ]
    found = unit_of(RUBRIC, *facts).indicators
    assert (found["paparan"].points, found["paparan"].option) == (Fraction(125, 200), None)
    assert (found["kesan"].value, found["kesan"].points) == (Fraction(7, 2), 1)
    assert (found["sk"].points, found["sk"].reason) == (None, "no_fact")


def test_a_row_with_neither_value_nor_option_says_nothing() -> None:
    assert unit_of(RUBRIC, Fact("A", "sk"), Fact("A", "sk", Decimal(1))).indicators["sk"].points == 1


def test_a_unit_that_has_only_facts_appears_with_no_households_before_the_nameless_one() -> None:
    counts = tallies(("B", 5, {}), (None, 2, {}))
    found = scorecard(RUBRIC, counts, [Fact("A", "sk", Decimal(1))])
    assert [(unit.unit, unit.households) for unit in found.units] == [("A", 0), ("B", 5), (None, 2)]
    assert found.units[0].total == 100


def test_every_wrong_fact_is_told_at_once_with_its_row() -> None:
    plan = instrument(indicator("jamban"), *RUBRIC.indicators.values())
    facts = [
        Fact("A", "paparann", option="a", where="facts.csv!B2"),
        Fact("A", "zzz", Decimal(1), where="facts.csv!B3"),
        Fact("AB", "sk", Decimal(1), where="facts.csv!A4"),
        Fact("A", "jamban", Decimal(1), where="facts.csv!B5"),
        Fact("A", "paparan", option="d", where="facts.csv!D6"),
        Fact("A", "paparan", Decimal(2), where="facts.csv!C7"),
        Fact("A", "rakor", option="a", where="facts.csv!D8"),
        Fact("A", "rakor", Decimal(1), "a", where="facts.csv!C9"),
        Fact("A", "sk", Decimal("0.5"), where="facts.csv!C10"),
        Fact("A", "sk", Decimal(1), where="facts.csv!C11"),
        Fact("A", "sk", Decimal(0), where="facts.csv!C12"),
    ]
    with pytest.raises(InputError) as caught:
        scorecard(plan, tallies(("A", 1, {})), facts, units=["A"])
    assert str(caught.value).splitlines() == [
        "facts.csv!B2: indikator paparann tidak ada dalam instrumen; maksud Anda paparan?",
        "facts.csv!B3: indikator zzz tidak ada dalam instrumen; periksa ejaannya",
        "facts.csv!A4: wilayah 'AB' tidak dikenal; pakai kode wilayah yang dinilai",
        "facts.csv!B5: indikator jamban dihitung dari survei, tidak menerima nilai dari luar; hapus baris ini",
        "facts.csv!D6: indikator paparan tidak mempunyai pilihan 'd'; pilihan yang ada: a, b, c",
        "facts.csv!C7: indikator paparan meminta pilihan; isi kolom option dengan: a, b, c",
        "facts.csv!D8: indikator rakor meminta bilangan; isi kolom value, kosongkan option",
        "facts.csv!C9: indikator rakor diberi nilai dan pilihan sekaligus; isi salah satu saja",
        "facts.csv!C10: indikator sk adalah ya/tidak, bukan 0.5; isi 1 untuk ya, 0 untuk tidak",
        "facts.csv!C12: indikator sk untuk 'A' sudah diisi di baris lain; pilih satu baris, hapus yang lain",
    ]
