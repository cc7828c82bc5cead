"""Counters move by difference; whatever was imported and in whatever order, they equal a full run of the engine."""

import random

import pytest

from selaras.access import CONSOLE
from selaras.actions.jobs import work_off
from selaras.actions.recounting import full_check, recompute
from selaras.models import Counter, CurrentAnswers, HouseholdScore, Submission, UnitCounter
from selaras.queries.cards import card_of
from tests.build_programme import Programme, bring, families_file, family, programme, publish
from tests.build_workbook import Cell
from tests.sample_workbook import changed, rows, sample

#: The sample without bounds: nobody may live in a house, and then what depends on it is rightly skipped.
UNBOUND = changed(("survey", "E2", None))
pytestmark = pytest.mark.django_db


def counters(of: Programme) -> dict[str, tuple[int, int, int, int]]:
    rows = Counter.objects.filter(lokus=of.lokus).select_related("indicator")
    return {row.indicator.name: (row.n, row.true, row.missing, row.not_applicable) for row in rows}


def test_a_corrected_answer_moves_the_counter_and_keeps_the_first_form() -> None:
    of = programme()
    bring(of, families_file([family("GD-001", 4, "cemplung", 1000), family("GD-002", 2, "cemplung", 3000)]))
    assert counters(of)["jamban"] == (2, 0, 0, 0)
    bring(of, families_file([family("GD-001", 4, "leher_angsa", 1000)]))
    assert counters(of)["jamban"] == (2, 1, 0, 0)
    assert list(UnitCounter.objects.values_list("households", "classes")) == [(2, {"rentan": 1, "sehat": 1})]
    first, second = Submission.objects.filter(household__code="GD-001").order_by("pk")
    assert (first.superseded_by, second.superseded_by) == (second, None)
    assert list(full_check()) == []


def test_the_same_file_again_changes_nothing() -> None:
    of = programme()
    content = families_file([family("GD-001", 4, "cemplung", 1000)], [["GD-001", "Ani Uji", "", 30, ""]])
    bring(of, content)
    before = (Submission.objects.count(), list(HouseholdScore.objects.values()), list(Counter.objects.values()))
    bring(of, content)
    after = (Submission.objects.count(), list(HouseholdScore.objects.values()), list(Counter.objects.values()))
    assert after == before


def test_every_instrument_of_the_cycle_is_scored() -> None:
    of = programme()
    other = publish(sample(classes=None), of.cycle, primary=False)
    bring(of, families_file([family("GD-001", 4, "cemplung", 1000)]))
    assert set(UnitCounter.objects.values_list("version_id", "households")) == {(of.version.pk, 1), (other.pk, 1)}


def test_smallest_largest_and_middle_are_of_the_whole_lokus() -> None:
    indicators = rows("indicators")
    for name, aggregate in (("kecil", "min"), ("besar", "max"), ("tengah", "median")):
        line: list[Cell] = [
            name,
            "kesehatan",
            name,
            "1",
            "survey",
            "linear",
            "",
            "",
            "${iuran}",
            aggregate,
            "0",
            "5000",
        ]
        indicators.append(line)
    of = programme(sample(indicators=indicators))
    bring(of, families_file([family(f"GD-00{i}", 4, "cemplung", 1000 * i) for i in (1, 2, 4)]))
    unit = card_of(of.lokus, of.round, of.version).unit
    assert [unit.indicators[name].value for name in ("kecil", "besar", "tengah")] == [1000, 4000, 2000]
    bring(of, families_file([family("GD-001", 4, "cemplung", 3000), family("GD-003", 4, "cemplung", 500)]))
    unit = card_of(of.lokus, of.round, of.version).unit
    assert [unit.indicators[name].value for name in ("kecil", "besar", "tengah")] == [500, 4000, 2500]


def test_blanks_are_counted_for_each_family_and_each_question() -> None:
    of = programme(UNBOUND)
    # iuran is rightly skipped where nobody lives in the house.
    bring(
        of,
        families_file([family("GD-001", 4, "", ""), family("GD-002", 0, "cemplung", ""), family("GD-003", 1, "", 5)]),
    )
    assert dict(CurrentAnswers.objects.values_list("household__code", "blank")) == {
        "GD-001": 2,
        "GD-002": 0,
        "GD-003": 1,
    }
    gaps = {field: (blank, asked) for field, blank, asked in UnitCounter.objects.get().gaps}
    assert gaps["jamban"] == (2, 3)
    assert gaps["iuran"] == (1, 2)


def test_recomputing_a_year_changes_nothing_that_was_right() -> None:
    of = programme()
    bring(of, families_file([family("GD-001", 4, "cemplung", 1000)]))
    before = list(HouseholdScore.objects.values())
    assert recompute(by=CONSOLE, cycle=of.cycle) == 1
    work_off()
    assert list(HouseholdScore.objects.values()) == before
    assert CurrentAnswers.objects.filter(dirty=True).count() == 0


def test_a_counter_that_was_tampered_with_is_found() -> None:
    of = programme()
    bring(of, families_file([family("GD-001", 4, "cemplung", 1000)]))
    Counter.objects.filter(indicator__name="jamban").update(true=1)
    assert [difference.indicator for difference in full_check()] == ["jamban"]


@pytest.mark.parametrize("seed", range(4))
def test_after_any_sequence_of_imports_the_counters_equal_a_full_run(seed: int) -> None:
    draw = random.Random(seed)
    of = programme(UNBOUND)
    for _ in range(3):
        bring(of, random_file(draw))
        assert list(full_check()) == []


def random_file(draw: random.Random) -> bytes:
    """Some of five families, with blanks of every kind."""
    families: list[list[Cell]] = []
    members: list[list[Cell]] = []
    for number in draw.sample(range(1, 6), draw.randint(1, 5)):
        code = f"GD-{number:03d}"
        size, fee = draw.choice(["", 0, 1, 4]), draw.choice(["", 0, 1250, "2500,5"])
        families.append(family(code, size, draw.choice(["", "cemplung", "leher_angsa"]), fee))
        for _ in range(draw.randint(0, 2)):
            members.append([code, "", "", draw.choice(["", 5, 9, 30]), draw.choice(["", "ya", "tidak"])])
    return families_file(families, members)
