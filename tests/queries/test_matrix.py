"""The matrix against a slow, plain reading of planted years; and what it tells whom."""

from typing import Any

import pytest

from selaras.models import Agency, Role
from selaras.queries.matrix import MatrixPage, matrix_page
from tests import build
from tests.queries.plain_matrix import NOON, expected, year

pytestmark = pytest.mark.django_db


def said(page: MatrixPage) -> dict[str, Any]:
    """What the page says, in the words of the plain reading."""
    names = dict(Agency.objects.values_list("pk", "short_name"))
    lines = [line for section in page.sections for line in section.lines]
    return {
        "lines": {line.key: (line.needs, line.served, line.gap, line.overlap, line.proposed) for line in lines},
        "cells": {
            (line.key, names[agency]): (cell.served, cell.proposed)
            for line in lines
            for agency, cell in line.cells.items()
            if cell.served or cell.proposed
        },
        "totals": (
            page.totals.needs,
            page.totals.served,
            page.totals.gap,
            page.totals.overlap,
            page.totals.proposed,
        ),
        "families": page.families,
        "late": page.late,
        "unfunded": page.unfunded,
        "over": page.over,
        "capacity": {
            column.short_name: (column.volume, column.promised) for column in page.columns if column.volume is not None
        },
        "unanswered": page.unanswered,
        "overdue": page.overdue,
    }


@pytest.mark.parametrize("seed", range(20))
def test_everything_planted_in_a_year_is_found_and_nothing_else(seed: int) -> None:
    found = year(seed)
    by = build.member(Role.SECRETARIAT, "36.72", cycle=found.of.cycle)
    assert said(matrix_page(by, found.of.cycle.slug, now=NOON)) == expected(found)
    for area in found.of.cycle.loci.values_list("area", flat=True):
        assert said(matrix_page(by, found.of.cycle.slug, code=area, now=NOON)) == expected(found, area)
