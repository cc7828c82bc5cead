"""Figures of a year become a system of sums; what is published over time is attacked as one."""

import random
from dataclasses import replace

import pytest

from selaras.scoring.recaps import BY_NAME, UNKNOWN, Crossing, Figures, Key, crossings, release, system
from selaras.scoring.suppression import CannotProtectError, broken
from tests.scoring.suppression.attacker import narrowed

PARENTS = {"c": "", "c.1": "c", "c.2": "c", "c.3": "c"}


def figures(seed: int, quarters: int = 0, tables: tuple[tuple[str, str], ...] = (("victims", "age"),)) -> Figures:
    """An invented year of three kecamatan, up to the quarter `quarters`."""
    draw = random.Random(seed)
    names = tuple(f"q{number + 1}" for number in range(quarters))
    counts: dict[Key, int] = {}
    for area in list(PARENTS)[1:]:
        # Every quarter is drawn, also those that the recap does not have yet: a later one has the same first ones.
        for period in ("q1", "q2", "q3", "q4") if quarters else ("",):
            drawn = _reports(draw, area, period, tables)
            if not quarters or period in names:
                for key, count in drawn.items():
                    for wider in {key, key._replace(area="c")}:
                        for longer in {wider, wider._replace(period="")}:
                            counts[longer] = counts.get(longer, 0) + count
    whole = quarters in {0, 4}
    kept = {key: count for key, count in counts.items() if whole or key.period}
    return Figures(PARENTS, names, tables, kept, whole)


def _reports(draw: random.Random, area: str, period: str, tables: tuple[tuple[str, str], ...]) -> dict[Key, int]:
    found: dict[Key, int] = {}
    for unit in {unit for unit, _name in tables}:
        found[Key(area, period, unit)] = draw.choice((3, 12, 30, 60))
        for _unit, name in [table for table in tables if table[0] == unit]:
            categories = list(BY_NAME[unit, name].categories)[:3]
            for category in categories:
                found[Key(area, period, unit, name, category)] = 0
            for _report in range(found[Key(area, period, unit)]):
                category = draw.choices(categories, (5, 3, 1))[0]
                found[Key(area, period, unit, name, category)] += 1
    return found


def test_the_sums_are_over_areas_quarters_categories_and_units() -> None:
    of = figures(1, 4, (("victims", "age"), ("cases", "place")))
    made, keys = system(of)
    number = {key: cell for cell, key in enumerate(keys)}
    sums = {frozenset(cell for cell, _factor in relation) for relation in made.relations}
    whole = number[Key("c", "", "victims")]
    for parts in (
        [Key(area, "", "victims") for area in ("c.1", "c.2", "c.3")],
        [Key("c", f"q{quarter}", "victims") for quarter in (1, 2, 3, 4)],
        [Key("c", "", "victims", "age", age) for age in ("0-17", "18-24", "25-59")],
    ):
        assert frozenset({whole, *(number[part] for part in parts)}) in sums
    assert broken(made) == ()
    # One that is in no table: by how much there are more victims than cases, where there are.
    assert made.silent == frozenset(range(len(keys), len(made.values)))


def test_a_unit_counted_more_than_once_is_bounded_and_not_summed() -> None:
    counts = {Key("c", "", "cases"): 10}
    counts |= {Key("c", "", "cases", "form", form): count for form, count in (("physical", 8), ("sexual", 7))}
    made, _keys = system(Figures({"c": ""}, (), (("cases", "form"),), counts))
    assert made.values[3:] == (2, 3, 5)
    assert broken(made) == ()


def test_what_is_unknown_is_a_category_where_it_is_anything() -> None:
    of = figures(2)
    counts = dict(of.counts) | {Key(area, "", "victims", "age", UNKNOWN): 6 for area in list(PARENTS)[1:]}
    counts[Key("c", "", "victims", "age", UNKNOWN)] = 18
    for area in PARENTS:
        counts[Key(area, "", "victims")] += 18 if area == "c" else 6
    assert broken(system(replace(of, counts=counts)).system) == ()


@pytest.mark.parametrize("seed", range(4))
def test_quarters_published_one_after_the_other_are_attacked_as_one(seed: int) -> None:
    out: dict[Key, int | None] = {}
    for quarters in (1, 2, 3, 4):
        of = figures(seed, quarters)
        found = release(of, out)
        # What was out stays out, and what was withheld stays withheld.
        assert {key: found.cells[key] for key in out} == out
        out |= found.cells
    made, keys = system(figures(seed, 4))
    withheld = frozenset(cell for cell, key in enumerate(keys) if out[key] is None)
    assert {cell for cell in range(len(keys)) if made.values[cell] < 5} <= withheld
    assert narrowed(made, withheld, 5) == {}


def test_a_difference_below_the_threshold_is_not_published_and_one_above_it_is() -> None:
    of = figures(3)
    first = release(of, {})
    whole = Key("c", "", "victims")
    for more, shown in ((1, False), (4, False), (40, True)):
        counts = dict(of.counts)
        for key in (whole, Key("c.1", "", "victims"), *_of_age("c"), *_of_age("c.1")):
            counts[key] += more
        again = release(replace(of, counts=counts), first.cells)
        assert (again.cells[whole] is not None) == shown
        assert all(again.cells[key] is None for key, count in first.cells.items() if count is None)


def _of_age(area: str) -> tuple[Key, ...]:
    return (Key(area, "", "victims", "age", "0-17"),)


def test_what_is_out_already_can_make_a_year_unpublishable() -> None:
    counts = {Key(area, "", "victims"): count for area, count in (("c", 23), ("c.1", 3), ("c.2", 8), ("c.3", 12))}
    of = Figures(PARENTS, (), (), counts)
    # An office had published the city and two of its three kecamatan before there was anything to mind it.
    earlier: dict[Key, int | None] = {key: count for key, count in counts.items() if key.area != "c.1"}
    with pytest.raises(CannotProtectError):
        release(of, earlier)
    assert release(of, {}).cells == {
        Key("c", "", "victims"): 23,
        Key("c.1", "", "victims"): None,
        Key("c.2", "", "victims"): None,
        Key("c.3", "", "victims"): 12,
    }


def test_what_crossed_the_threshold_is_told_both_ways() -> None:
    one, two, three = Key("c", "", "victims"), Key("c.1", "", "victims"), Key("c.2", "", "victims")
    before, after = {one: 12, two: None, three: None}, {one: None, two: 9, three: None}
    assert crossings(before, after) == (Crossing(one, shown=False), Crossing(two, shown=True))
    assert crossings({}, after) == ()
