"""Two families that were found to be one are counted once, wherever families are counted."""

from datetime import date
from uuid import uuid4

import pytest

from selaras.access import CONSOLE
from selaras.actions.activities import Told, report
from selaras.actions.merging import merge, unmerge
from selaras.models import Merge, Need
from selaras.queries.activities import activity_page
from selaras.queries.matrix_rows import promises_of
from selaras.queries.plans import Asked, commitments_page
from tests.build_plans import commitment
from tests.build_twins import Twins, answered, twins

pytestmark = pytest.mark.django_db


def merged(of: Twins) -> Merge:
    return merge(by=of.lurah, kept=of.one, gone=of.other)


def test_a_commitment_that_serves_both_serves_one_family_while_they_are_one() -> None:
    of = twins()
    for family in (of.one, of.other):
        answered(family, of.programme.round, of.programme)
    commitment(of.programme.lokus, needs=Need.objects.filter(indicator="jamban"))
    cycle = of.programme.cycle

    def counted() -> tuple[list[int], list[int | None]]:
        page = commitments_page(CONSOLE, cycle.slug, Asked())
        return [promise.families for promise, _ in promises_of(cycle)], [line.families for line in page.lines]

    before, made = counted(), merged(of)
    assert (before, counted()) == (([2], [2]), ([1], [1]))
    unmerge(by=of.lurah, merged=made)
    assert counted() == before


def test_an_activity_that_reached_both_has_reached_no_family_that_cannot_be_seen() -> None:
    of = twins()
    slug = of.programme.cycle.slug
    told = Told(title="Penyuluhan jamban", on=date(2024, 4, 1), households=(of.one.uuid, of.other.uuid))
    done = report(by=of.lurah, cycle_slug=slug, lokus_code=of.programme.lokus.area, activity_id=uuid4(), told=told)
    merged(of)

    page = activity_page(of.lurah, slug, done.uuid)
    assert (page.families, page.hidden_families) == (("GD-001",), 0)
