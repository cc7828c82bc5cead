"""Counts of health: a small group is told to nobody but the agency, neither now nor by the round before, nor by a sum."""

# ruff: noqa: E501  (a table is read across: its rows may be long)

from datetime import date
from decimal import Decimal

import pytest

from selaras.models import Counter, Role, Round, UnitCounter
from selaras.queries.cycles import cycle_page
from selaras.queries.indicators import indicator_page
from selaras.queries.loci import lokus_page
from selaras.queries.refs import HIDDEN
from tests import build
from tests.build_programme import bring, families_file, family, programme
from tests.sample_workbook import sample

pytestmark = pytest.mark.django_db


def test_a_small_group_of_the_round_before_is_not_told_by_its_value() -> None:
    of = programme(sample(privacy="| field | class | purpose |\n| jamban | kesehatan | uji |"))
    bring(of, families_file([family(f"GD-{i:03d}", 4, "leher_angsa", 2000) for i in range(1, 11)]))
    user = build.member(Role.SECRETARIAT, "36.72", cycle=of.cycle)
    shown = indicator_page(user, of.cycle.slug, of.lokus.area, "jamban")
    assert (shown.hidden, shown.value, shown.true) == (False, Decimal(1), 10)
    before = Round.objects.create(cycle=of.cycle, kind="visit", opens=date(2024, 1, 2), closes=date(2024, 1, 5))
    for model in (Counter, UnitCounter):
        for row in model.objects.all():
            row.pk, row.round, row._state.adding = None, before, True
            row.save()
    Counter.objects.filter(round=before, indicator__name="jamban").update(true=2)
    page = indicator_page(user, of.cycle.slug, of.lokus.area, "jamban")
    assert (page.hidden, page.value, page.value_before, page.true, page.sides) == (True, None, None, None, ())
    line = lokus_page(user, of.cycle.slug, of.lokus.area).aspects[0].aspects[0].indicators[0]
    assert (line.name, line.hidden, line.value, line.score.value, line.score.before) == (
        "jamban",
        True,
        None,
        None,
        None,
    )


def test_no_sum_tells_what_one_line_hides() -> None:
    """Two of ten have no latrine. Alone below its aspect, the score of that aspect would say so; beside what else
    decides the aspect above, that one less the others would."""
    of = programme(sample(privacy="| field | class | purpose |\n| jamban | kesehatan | uji |"))
    kinds = ["cemplung"] * 2 + ["leher_angsa"] * 8
    bring(of, families_file([family(f"GD-{i:03d}", 4, kind, 2000) for i, kind in enumerate(kinds, start=1)]))
    user = build.member(Role.SECRETARIAT, "36.72", cycle=of.cycle)
    page = lokus_page(user, of.cycle.slug, of.lokus.area)
    health, *_ = page.aspects
    (sanitation,) = health.aspects
    assert [(line.name, line.hidden) for line in (*sanitation.indicators, *health.indicators)] == [
        ("jamban", True),
        ("sekolah", False),
        ("iuran", True),
    ]
    assert (sanitation.score, health.score.hidden, page.total.hidden) == (HIDDEN, False, False)
    assert health.score.value is not None
    assert indicator_page(user, of.cycle.slug, of.lokus.area, "iuran").value is None


def test_a_lokus_scored_by_one_hidden_line_alone_shows_no_total() -> None:
    alone = """
        | indicator | aspect   | label        | weight | from   | rule  | over | applies_to | expression                | aggregate | missing |
        | jamban    | sanitasi | Jamban sehat | 2      | survey | bands |      |            | ${jamban} = 'leher_angsa' | share     | zero    |
        """
    of = programme(
        sample(
            privacy="| field | class | purpose |\n| jamban | kesehatan | uji |",
            aspects="| aspect | parent | label | weight |\n| sanitasi | | Sanitasi | 1 |",
            indicators=alone,
            options=None,
        )
    )
    bring(
        of, families_file([family(f"GD-{i:03d}", 4, "cemplung" if i < 3 else "leher_angsa", 1) for i in range(1, 11)])
    )
    user = build.member(Role.SECRETARIAT, "36.72", cycle=of.cycle)
    page = lokus_page(user, of.cycle.slug, of.lokus.area)
    assert (page.total, page.aspects[0].score) == (HIDDEN, HIDDEN)
    assert cycle_page(user, of.cycle.slug).loci[0].score == HIDDEN
