"""Frozen cards: listed, opened, held against each other, and no more told of health than on the page."""

from decimal import Decimal
from uuid import UUID

import pytest

from selaras.access import CONSOLE
from selaras.actions.results import freeze
from selaras.errors import Missing
from selaras.models import Role
from selaras.queries.results import compare_page, result_page, results_page
from tests import build
from tests.build_programme import Programme, bring, families_file, family, programme, publish
from tests.sample_workbook import changed, sample

pytestmark = pytest.mark.django_db


def frozen(of: Programme) -> UUID:
    return freeze(by=CONSOLE, lokus=of.lokus, round_=of.round).uuid


def scored(of: Programme, latrines: int, of_families: int = 10) -> UUID:
    """Bring answers in which so many have a latrine, and freeze."""
    kinds = ["leher_angsa"] * latrines + ["cemplung"] * (of_families - latrines)
    bring(of, families_file([family(f"GD-{i:03d}", 4, kind, 2000) for i, kind in enumerate(kinds, start=1)]))
    return frozen(of)


def test_what_moved_between_two_results_is_said_and_by_how_much() -> None:
    of = programme()
    first, same = scored(of, 5), frozen(of)
    second = scored(of, 9)
    user = build.member(Role.JUROR, "36.72", cycle=of.cycle)
    page = compare_page(user, of.cycle.slug, of.lokus.area, second, first)
    assert (page.before.uuid, page.after.uuid) == (first, second)
    assert (page.data_moved, page.instrument_moved, page.engine_moved, page.round_moved) == (True, False, False, False)
    assert [(row.label, row.before, row.after) for row in page.indicators] == [
        ("Jamban sehat", Decimal("0.5"), Decimal("0.9"))
    ]
    assert [row.label for row in page.aspects] == ["Kesehatan", "Sanitasi"]
    nothing = compare_page(user, of.cycle.slug, of.lokus.area, first, same)
    assert (nothing.data_moved, nothing.aspects, nothing.indicators) == (False, (), ())


def test_a_new_version_of_the_instrument_is_told_from_new_answers() -> None:
    of = programme()
    first = scored(of, 5)
    publish(changed(("indicators", "D4", 3), ("instrument", "B3", "2024.2")), of.cycle, primary=False)
    version = of.cycle.cycle_instruments.get(primary=False)
    of.cycle.cycle_instruments.filter(primary=True).delete()
    version.primary = True
    version.save()
    second = frozen(of)
    user = build.member(Role.SECRETARIAT, "36.72", cycle=of.cycle)
    page = compare_page(user, of.cycle.slug, of.lokus.area, first, second)
    assert (page.data_moved, page.instrument_moved) == (False, True)
    assert page.indicators == ()


def test_the_list_is_newest_first_and_a_result_says_how_to_check_it() -> None:
    of = programme()
    first, second = scored(of, 5), scored(of, 9)
    user = build.member(Role.SECRETARIAT, "36.72", cycle=of.cycle)
    listed = results_page(user, of.cycle.slug, of.lokus.area)
    assert ([line.uuid for line in listed.results], listed.may_freeze) == ([second, first], True)
    page = result_page(user, of.cycle.slug, of.lokus.area, first)
    assert (page.line.uuid, page.households, len(page.instrument_sha256), [o.uuid for o in page.others]) == (
        first,
        10,
        64,
        [second],
    )
    assert page.line.total is not None


def test_a_small_group_of_health_is_not_told_by_a_frozen_card() -> None:
    of = programme(sample(privacy="| field | class | purpose |\n| jamban | kesehatan | uji |"))
    first, second = scored(of, 10), scored(of, 8)
    user = build.member(Role.SECRETARIAT, "36.72", cycle=of.cycle)
    page = compare_page(user, of.cycle.slug, of.lokus.area, first, second)
    told = {row.label: (row.before, row.after, row.hidden) for row in (*page.indicators, *page.aspects)}
    assert told["Jamban sehat"] == (None, None, True)
    assert told["Sanitasi"] == (None, None, True)
    assert told["Iuran"] == (None, None, True)


def test_another_lokus_has_none_of_them() -> None:
    of = programme()
    first = scored(of, 5)
    neighbour = build.member(Role.SUPERVISOR, "36.72.05.1001")
    with pytest.raises(Missing):
        results_page(neighbour, of.cycle.slug, of.lokus.area)
    other = build.lokus(of.cycle, "36.72.05.1001", prefix="SJ")
    with pytest.raises(Missing):
        result_page(neighbour, of.cycle.slug, other.area, first)


@pytest.mark.parametrize("many", [1, 3])
def test_the_list_asks_no_more_for_three_than_for_one(many: int, django_assert_num_queries: object) -> None:
    of = programme()
    scored(of, 5)
    for _ in range(many - 1):
        frozen(of)
    user = build.member(Role.SECRETARIAT, "36.72", cycle=of.cycle)
    with django_assert_num_queries(3):  # type: ignore[operator]
        assert len(results_page(user, of.cycle.slug, of.lokus.area).results) == many
