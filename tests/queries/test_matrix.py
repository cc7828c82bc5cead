"""The matrix against a slow, plain reading of planted years; and what it tells whom."""

from datetime import date, timedelta
from typing import Any

import pytest

from selaras.models import Agency, Role
from selaras.queries.agency_sheets import agency_sheet, agency_sheets
from selaras.queries.matrix import MatrixPage, matrix_page
from selaras.queries.needs import needs_page
from tests import build
from tests.build_plans import ask, commitment, need
from tests.build_programme import programme
from tests.queries.plain_matrix import NOON, TODAY, expected, workbook, year

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


# --- what the instrument does not know any more ---------------------------------------------------------------------
def lines_of(page: MatrixPage) -> dict[str, tuple[int, int | None, int | None]]:
    """Each line's needs, gap and served."""
    return {line.key: (line.needs, line.gap, line.served) for section in page.sections for line in section.lines}


@pytest.mark.parametrize(("lacking", "told"), [(3, 0), (8, 8)])
def test_an_indicator_that_the_instrument_dropped_may_have_been_of_health(lacking: int, told: int) -> None:
    of = programme(workbook())
    by = build.member(Role.SECRETARIAT, "36.72", cycle=of.cycle)
    families = [build.household(of.lokus, "01", "01") for _ in range(20)]
    needs = [need(family, of.round, "dahulu") for family in families[:lacking]]
    known = [need(family, of.round, "butuh1") for family in families[:3]]
    made = commitment(of.lokus, of="Dinkes", needs=needs[:2], volume=1)
    commitment(of.lokus, of="Disperkim", needs=known[:2], volume=1)

    page = matrix_page(by, of.cycle.slug, now=NOON)
    # Of the eight, two are served: neither two nor six is said. The three are not said at all.
    assert lines_of(page) == {"butuh1": (3, 1, 2), "dahulu": (told, None, None)}
    assert [section.label for section in page.sections][1:] == [""]
    assert (page.totals.needs, page.untold) == (3, 1)
    assert page.over == (2,), "that the first promises two families more than one would tell them"
    assert {column.short_name: column.volume for column in page.columns} == {"Dinkes": None, "Disperkim": 1}
    assert lines_of(matrix_page(by, of.cycle.slug, view="rt", now=NOON)) == {f"{of.lokus.area}.RW01.RT01": (3, 1, 2)}
    listed = needs_page(by, of.cycle.slug, indicator="dahulu", agency=made.agency_id)
    assert (listed.counts["all"], listed.untold, listed.rows) == (0, True, ())


# --- agencies that were renamed -------------------------------------------------------------------------------------
def renamed(short_name: str, before: Agency, since: date | None = None) -> Agency:
    return Agency.objects.create(
        place=before.place, short_name=short_name, name=f"Dinas {short_name}", replaces=before, valid_from=since
    )


def test_an_agency_that_was_renamed_is_one_column_under_its_name_of_now() -> None:
    of = programme(workbook())
    by = build.member(Role.SECRETARIAT, "36.72", cycle=of.cycle)
    needs = [need(build.household(of.lokus, "01", "01"), of.round, "butuh1") for _ in range(6)]
    first = commitment(of.lokus, of="DTK", needs=needs[:2], volume=1)
    second = renamed("DCKTR", first.agency, TODAY)
    third = renamed("Disperkim", second, TODAY)
    commitment(of.lokus, of="Disperkim", needs=needs[1:4], volume=5)
    ask(of.lokus, of="DCKTR", indicator="butuh1")

    page = matrix_page(by, of.cycle.slug, now=NOON)
    assert [(c.id, c.short_name, c.formerly, c.served, c.volume, c.promised) for c in page.columns] == [
        (third.pk, "Disperkim", ("DCKTR", "DTK"), 4, 6, 5)
    ]
    # The need that both name is served by one agency, not by two.
    assert (page.totals.overlap, page.sections[0].lines[0].cells[third.pk].asked) == (0, True)
    old = needs_page(by, of.cycle.slug, agency=first.agency_id)
    assert (old.agency, old.counts["served"], len(old.rows)) == ("Disperkim", 4, 4)
    assert {server.agency for row in old.rows for line in row.needs for server in line.servers} == {"Disperkim"}


def test_a_name_that_holds_from_tomorrow_and_an_agency_that_was_parted_change_nothing_yet() -> None:
    of = programme(workbook())
    by = build.member(Role.SECRETARIAT, "36.72", cycle=of.cycle)
    needs = [need(build.household(of.lokus, "01", "01"), of.round, "butuh1") for _ in range(3)]
    renamed("Dinsos P3A", commitment(of.lokus, of="Dinsos", needs=needs).agency, TODAY + timedelta(days=1))
    parted = commitment(of.lokus, of="DPUPR", needs=needs).agency
    for name in ("DPU", "Disperkim"):
        renamed(name, parted)

    page = matrix_page(by, of.cycle.slug, now=NOON)
    assert [(column.short_name, column.formerly) for column in page.columns] == [("Dinsos", ()), ("DPUPR", ())]


def test_the_sheet_of_a_renamed_agency_holds_what_it_promised_under_the_name_before() -> None:
    of = programme(workbook())
    by = build.member(Role.SECRETARIAT, "36.72", cycle=of.cycle)
    needs = [need(build.household(of.lokus, "01", "01"), of.round, "butuh1") for _ in range(6)]
    made = commitment(of.lokus, of="DTK", needs=needs[:2])
    now = renamed("Disperkim", made.agency, TODAY)
    Agency.objects.filter(pk=made.agency_id).update(valid_to=TODAY - timedelta(days=1))

    sheets = agency_sheets(by, of.cycle.slug, now=NOON)
    assert [(sheet.agency_id, sheet.short_name, len(sheet.commitments)) for sheet in sheets] == [
        (now.pk, "Disperkim", 1)
    ]
    assert [one.own for lokus in sheets[0].loci for one in lokus.needs] == [2]
    assert agency_sheet(by, of.cycle.slug, made.agency_id, now=NOON) == sheets[0]
