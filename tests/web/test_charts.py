"""From numbers to places on a picture."""

from decimal import Decimal

import pytest

from selaras.queries.indicators import BandStep
from selaras.queries.refs import Score
from selaras.web import charts


def test_a_bar_is_filled_to_its_value_and_ranged_where_answers_are_missing() -> None:
    drawn = charts.bar(Score(Decimal("45.8"), Decimal("44"), Decimal("47.1"), Decimal(110)), Decimal(100))

    assert drawn == charts.Bar("45.80%", "44.00%", "47.10%", "100.00%")
    assert drawn.ranged


@pytest.mark.parametrize("value", [Decimal(50), None])
def test_a_certain_or_unknown_score_has_no_range(value: Decimal | None) -> None:
    assert not charts.bar(Score(value, value, value), Decimal(100)).ranged


def test_each_unit_is_one_square_and_all_sides_have_the_same_rows() -> None:
    yes, no, unknown = charts.blocks([("true", 54), ("false", 39), ("missing", 5), ("not_applicable", 0)])

    assert [len(block.squares) for block in (yes, no, unknown)] == [54, 39, 5]
    assert [(block.width, block.height) for block in (yes, no, unknown)] == [(263, 73), (187, 73), (35, 54)]
    assert len({(square.x, square.y) for square in yes.squares}) == 54


def test_no_block_is_wider_than_a_phone() -> None:
    (block,) = charts.blocks([("true", charts.SQUARES)])

    assert block.width == charts.WIDEST * charts.CELL - charts.CELL + charts.SIDE + 2


def test_bars_of_sides_share_the_whole() -> None:
    assert list(charts.side_bars([("true", 6500), ("false", 3500), ("missing", 0)])) == [
        ("true", "65.00%"),
        ("false", "35.00%"),
    ]


def band(low: str | None, high: str | None, points: int, *, current: bool = False) -> BandStep:
    return BandStep(low and Decimal(low), high and Decimal(high), Decimal(points), "", current)  # type: ignore[arg-type]


def test_bands_are_steps_as_high_as_their_points() -> None:
    drawn = charts.band_steps(
        [band("0", "0.5", 0), band("0.5", "1", 100, current=True)], Decimal(100), Decimal("0.75"), None, None
    )

    assert [(step.x, step.width, step.height, step.current) for step in drawn.steps] == [
        (9.0, 170.0, 0.0, False),
        (181.0, 170.0, 88.0, True),
    ]
    assert [tick.value for tick in drawn.ticks] == [Decimal(0), Decimal("0.5"), Decimal(1)]
    assert drawn.value == 266.0


def test_open_ends_are_drawn_but_not_numbered() -> None:
    drawn = charts.band_steps(
        [band(None, "2", 0), band("2", "4", 50), band("4", None, 100)], Decimal(100), None, None, None
    )

    assert [tick.value for tick in drawn.ticks] == [Decimal(2), Decimal(4)]
    assert len(drawn.steps) == 3


def test_a_single_open_band_still_has_an_axis() -> None:
    assert len(charts.band_steps([band(None, None, 50)], Decimal(100), Decimal(1), None, None).steps) == 1


def test_a_falling_rule_falls_and_holds_the_value_on_its_line() -> None:
    drawn = charts.slope(Decimal(30), Decimal(0), Decimal(15), None, None)

    assert (drawn.x0 > drawn.x1, drawn.value, drawn.value_y) == (True, 180.0, 68.0)
    assert charts.slope(Decimal(30), Decimal(0), Decimal(99), None, None).value_y == charts.BASE
