"""Figures of a year become a system of sums; what is published over time is attacked as one."""

import random
from dataclasses import replace

import pytest

from selaras.scoring.recaps import (
    BY_NAME,
    UNKNOWN,
    AllOutError,
    Crossing,
    Figures,
    Key,
    crossings,
    fresh,
    release,
    system,
    with_year,
)
from selaras.scoring.suppression import broken
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
    # Those of the whole that are of another form are protected as any count; how many are of two is not.
    assert (made.unshown, made.silent) == ({3, 4}, {5})
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
        of = fresh(figures(seed, quarters), out)
        # Of a year by quarters each comes out once, and no sum of them beside.
        assert {key.period for key in of.counts} == {f"q{quarters}"}
        out |= release(of)
    made, keys = system(figures(seed, 4))
    withheld = frozenset(cell for cell, key in enumerate(keys) if out.get(key) is None)
    small = {cell for cell in range(len(keys)) if keys[cell].period and made.values[cell] < 5}
    assert small <= withheld
    hers = frozenset(cell for cell in withheld if keys[cell].period)
    known = replace(made, silent=made.silent | (withheld - hers))
    assert narrowed(known, hers, 5) == {}


def test_a_correction_of_what_is_out_is_not_published_and_nothing_else_of_it_either() -> None:
    of = figures(3)
    out = release(of)
    corrected = replace(of, counts={key: count + 1 for key, count in of.counts.items()})
    with pytest.raises(AllOutError):
        fresh(corrected, out)
    by_quarter = figures(3, 2)
    out = release(by_quarter)
    for again in (by_quarter, figures(3)):
        with pytest.raises(AllOutError):
            fresh(again, out)
    later = fresh(figures(3, 4), out)
    assert {key.period for key in later.counts} == {"q3", "q4"}
    assert (later.quarters, later.whole_year) == (("q3", "q4"), False)


def test_nobody_reads_that_all_are_of_one_kind() -> None:
    # Twelve cases, each of them sexual; what else they are of is small.
    counts = {Key("c", "", "cases"): 12}
    counts |= {Key("c", "", "cases", "form", form): count for form, count in (("physical", 6), ("sexual", 12))}
    cells = release(Figures({"c": ""}, (), (("cases", "form"),), counts))
    assert cells[Key("c", "", "cases")] is None or cells[Key("c", "", "cases", "form", "sexual")] is None
    # A table of one column says it of everybody, and does not come out.
    alone = {Key("c", "", "victims"): 12, Key("c", "", "victims", "sex", "female"): 12}
    assert release(Figures({"c": ""}, (), (("victims", "sex"),), alone)) == {Key("c", "", "victims"): 12}


def test_a_year_by_quarters_is_what_its_quarters_add_up_to_where_all_can_be_read() -> None:
    one, two = Key("c", "", "victims"), Key("c.1", "", "victims")
    out: dict[Key, int | None] = {one._replace(period=f"q{n}"): 10 + n for n in (1, 2, 3, 4)}
    out |= {two._replace(period=f"q{n}"): None if n == 2 else 9 for n in (1, 2, 3, 4)}
    assert {key: count for key, count in with_year(out).items() if not key.period} == {one: 50, two: None}
    assert with_year({one._replace(period="q1"): 10}) == {one._replace(period="q1"): 10}
    assert with_year({one: 7}) == {one: 7}


def test_what_crossed_the_threshold_is_told_both_ways() -> None:
    one, two, three = Key("c", "", "victims"), Key("c.1", "", "victims"), Key("c.2", "", "victims")
    before, after = {one: 12, two: None, three: None}, {one: None, two: 9, three: None}
    assert crossings(before, after) == (Crossing(one, shown=False), Crossing(two, shown=True))
    assert crossings({}, after) == ()
    # From one period to the next too.
    later = {one._replace(period="h2"): None}
    assert crossings({one._replace(period="h1"): 12}, later) == (Crossing(one._replace(period="h2"), shown=False),)
