"""Nobody can compute a small count: attacked by linear programs, on invented years. The full figure is bench's."""

import pytest

from selaras.scoring.suppression import CannotProtectError, System, intervals, plan
from selaras.scoring.suppression.by_hand import by_hand as line_by_line
from tests.scoring.suppression.attacker import bounds, narrowed
from tests.scoring.suppression.baseline import by_hand
from tests.scoring.suppression.sequence import told
from tests.scoring.suppression.tables import drawn

#: Of a few dozen counts each, so that the daily test stays cheap.
SEEDS = [seed for seed in range(40) if len(drawn(seed)[1]) < 60][:9]


def two_by_two(values: tuple[int, ...], **more: frozenset[int]) -> System:
    """Rows and columns of three by three, with their sums: cells 0…8, rows 9…11, columns 12…14, all 15."""
    rows = [(*((3 * row + column, 1) for column in range(3)), (9 + row, -1)) for row in range(3)]
    columns = [(*((3 * row + column, 1) for row in range(3)), (12 + column, -1)) for column in range(3)]
    whole = [((9, 1), (10, 1), (11, 1), (15, -1)), ((12, 1), (13, 1), (14, 1), (15, -1))]
    sums = [sum(values[3 * row : 3 * row + 3]) for row in range(3)] + [sum(values[at::3]) for at in range(3)]
    return System((*values, *sums, sum(values)), (*rows, *columns, *whole), **more)


def test_a_small_count_takes_three_others_with_it() -> None:
    system = two_by_two((2, 30, 40, 20, 35, 45, 25, 15, 50))
    found = plan(system)
    assert found.small == {0}
    assert len(found.withheld) == 4
    assert intervals(system, found.withheld)[0].low == pytest.approx(0)


def test_a_table_without_small_counts_is_published_whole() -> None:
    assert plan(two_by_two((5, 30, 40, 20, 35, 45, 25, 15, 50))).withheld == frozenset()


def test_a_zero_is_a_small_count_too() -> None:
    assert plan(two_by_two((0, 30, 40, 20, 35, 45, 25, 15, 50))).small == {0}


def test_two_small_counts_in_a_row_do_not_hide_behind_each_other() -> None:
    # 2 + 1 = 3: whoever subtracts would know that neither has 5.
    system = two_by_two((2, 1, 40, 20, 35, 45, 25, 15, 50))
    withheld = plan(system).withheld
    assert {0, 1} < withheld
    assert narrowed(system, withheld, 5) == {}


def test_a_higher_threshold_withholds_more_and_a_lower_one_is_refused() -> None:
    system = two_by_two((7, 30, 40, 20, 35, 45, 25, 15, 50))
    assert plan(system, 10).small == {0}
    with pytest.raises(ValueError, match="at least 5"):
        plan(system, 4)


def test_counts_that_do_not_add_up_are_refused() -> None:
    with pytest.raises(ValueError, match=r"\(0,\)"):
        plan(System((1, 2, 4), (((0, 1), (1, 1), (2, -1)),)))


def test_what_is_out_already_is_not_withheld_but_others_are() -> None:
    system = two_by_two((2, 30, 40, 20, 35, 45, 25, 15, 50), known=frozenset({1, 3}))
    withheld = plan(system).withheld
    assert withheld & {1, 3} == frozenset()
    assert narrowed(system, withheld, 5) == {}


def test_what_is_out_already_can_make_publishing_impossible() -> None:
    system = System((2, 8, 10), (((0, 1), (1, 1), (2, -1)),), known=frozenset({1, 2}))
    with pytest.raises(CannotProtectError) as refused:
        plan(system)
    assert refused.value.cells == (0,)


@pytest.mark.parametrize("seed", SEEDS)
def test_an_attacker_narrows_no_withheld_count_and_a_hand_publishes_no_more(seed: int) -> None:
    system, keys = drawn(seed)
    withheld = plan(system).withheld
    assert withheld - system.unshown <= set(range(len(keys)))
    assert narrowed(system, withheld, 5) == {}
    hand = by_hand(system, 5)
    # The office of the tests, and that of the product, from which the search begins where it publishes more.
    assert line_by_line(system, 5, 10_000) == hand
    assert system.lost(withheld) <= system.lost(hand)


def test_where_working_line_by_line_loses_less_it_is_done() -> None:
    # Without the hand's beginning the search loses 45 of these 48.
    system, keys = drawn(110)
    assert (len(keys), system.lost(by_hand(system, 5))) == (48, 44)
    assert system.lost(plan(system).withheld) == 44


@pytest.mark.parametrize("seed", [0, 82, 86])
def test_periods_that_come_out_one_by_one_tell_nothing_of_each_other(seed: int) -> None:
    known, withheld, blocks = told(seed)
    assert len(blocks) == 2
    assert narrowed(known, withheld, 5) == {}


def test_the_attacker_of_the_tests_finds_what_was_left_open() -> None:
    # She is worth something only if she finds a plan that does too little: the small counts alone.
    found = [narrowed(system, system.small(5), 5) for system, _keys in map(drawn, SEEDS)]
    assert any(found)


def test_the_product_sees_what_the_attacker_sees() -> None:
    system, _keys = drawn(SEEDS[0])
    withheld = plan(system).withheld
    hers = bounds(system, withheld, sorted(withheld))
    ours = {cell: (one.low, one.high or float("inf")) for cell, one in intervals(system, withheld).items()}
    assert {cell: pytest.approx(both) for cell, both in hers.items()} == ours
