"""What a city usually begins with."""

from datetime import date

import pytest

from selaras.queries.usual import prefix_for, shifted, usual_rounds, usual_stages


@pytest.mark.parametrize(
    ("name", "taken", "prefix"),
    [
        ("Gedong Dalem", (), "GD"),
        ("Cipare", (), "CP"),
        ("Cipare", ("CP",), "CR"),
        ("Unyur", (), "UN"),
        ("Aia", (), "AI"),
        ("Batu Kuwung", ("BK",), "BT"),
        ("Ii", ("II",), "IA"),
        ("3 Ilir", (), "IL"),
        ("12", (), "LK"),
    ],
)
def test_a_prefix_is_short_and_free(name: str, taken: tuple[str, ...], prefix: str) -> None:
    assert prefix_for(name, taken) == prefix


def test_no_stage_or_round_ends_before_it_starts_and_the_visits_lie_in_the_year() -> None:
    for year in (2024, 2027):
        assert [stage.name for stage in usual_stages(year) if stage.ends < stage.starts] == []
        assert [one.kind for one in usual_rounds(year) if one.closes < one.opens] == []
        assert [one.opens.year - year for one in usual_rounds(year)] == [0, 0, 0, 1, 1]


def test_the_29th_of_february_moves_to_the_28th() -> None:
    moved = [shifted(date(2024, 2, 29), years) for years in (1, 4)]

    assert (moved, shifted(date(2024, 5, 1), -1)) == ([date(2025, 2, 28), date(2028, 2, 29)], date(2023, 5, 1))
