"""What changed between two rounds: the same families alone, worse as plainly as better, and nothing of few."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from selaras.errors import Forbidden, Missing
from selaras.models import Comparison, Role, User
from selaras.queries.change import ChangeLine, ChangePage, change_page
from selaras.queries.change_families import changed_families_page, indicator_change_page
from selaras.scoring.change import Pairs
from tests import build
from tests.build_change import classed, count_all, endline, moved, score
from tests.build_plans import commitment
from tests.build_programme import Programme, programme
from tests.build_workbook import Cell
from tests.sample_workbook import rows as sample_rows
from tests.sample_workbook import sample

pytestmark = pytest.mark.django_db

#: 23 without a latrine, of whom 17 have one now and 6 have not; 2 have it no more; 60 always had it.
STORY = {"nn": 6, "ny": 17, "yn": 2, "yy": 60}


def secretariat(of: Programme) -> User:
    return build.member(Role.SECRETARIAT, "36.72")


def page_of(user: User, of: Programme) -> ChangePage:
    return change_page(user, of.cycle.slug, of.lokus.area)


def line_of(page: ChangePage, name: str = "jamban") -> ChangeLine:
    return next(line for line in page.lines if line.name == name)


def coughing() -> bytes:
    """The sample with a question of health, for Dinkes; less of it is better."""
    survey, indicators = sample_rows("survey"), sample_rows("indicators")
    survey.insert(1, ["select_one ya_tidak", "batuk", "Apakah ada yang batuk lama?"])
    rule: list[Cell] = ["survey", "linear", None, None, "${batuk} = 'ya'", "share", 1, 0, None, None, "Dinkes"]
    indicators.append(["batuk", "kesehatan", "Batuk lama", 1, *rule])
    indicators[0] = [*indicators[0], "agency"]
    privacy = [*sample_rows("privacy"), ["batuk", "kesehatan", "menemukan TBC"]]
    return sample(survey=survey, indicators=indicators, privacy=privacy)


def test_a_share_is_of_the_same_families_and_tells_who_lost_it_as_plainly_as_who_gained_it() -> None:
    of = programme()
    moved(of, endline(of), "jamban", {**STORY, "ym": 3, "na": 1, "y-": 4, "-n": 2})
    page = page_of(secretariat(of), of)
    line = line_of(page)

    assert (line.pairs, line.unknown, line.not_applicable) == (Pairs(60, 17, 2, 6), 3, 1)
    assert line.share is not None
    assert (line.share.n, line.share.before, line.share.after) == (85, Decimal("0.729412"), Decimal("0.905882"))
    assert (line.way, line.p == line.share.p) == ("better", True)
    assert page.asked is not None
    assert (page.asked.both, page.asked.only_before, page.asked.only_after, page.asked.gone) == (89, 4, 2, {"": 4})
    assert page.families is not None
    assert (page.families.any_better, page.families.any_worse) == (17, 2)


def test_where_more_lost_it_than_gained_it_is_called_worse() -> None:
    of = programme()
    moved(of, endline(of), "jamban", {"yn": 14, "ny": 1, "yy": 20, "nn": 5})

    assert line_of(page_of(secretariat(of), of)).way == "worse"


def test_what_may_be_chance_is_called_open_and_what_nobody_changed_the_same() -> None:
    of = programme()
    after = endline(of)
    moved(of, after, "jamban", {"yn": 2, "ny": 3, "yy": 20})
    moved(of, after, "sekolah", {"yy": 9, "nn": 2})
    page = page_of(secretariat(of), of)

    assert (line_of(page).way, line_of(page, "sekolah").way) == ("open", "same")
    assert (line_of(page, "sekolah").members, page.tests) == (True, 2)


def test_of_fewer_than_five_families_nothing_is_said_of_chance() -> None:
    of = programme()
    moved(of, endline(of), "jamban", {"ny": 4})
    line = line_of(page_of(secretariat(of), of))

    assert (line.way, line.p, line.pairs.gained) == ("few", None, 4)


def test_where_less_is_better_the_pairs_count_that_it_is_not_so() -> None:
    of = programme(coughing())
    moved(of, endline(of), "batuk", {"yn": 12, "ny": 5, "nn": 30, "yy": 6})
    dinkes = build.member(Role.LIAISON, agency=build.agency("Dinkes"))
    line = line_of(page_of(dinkes, of), "batuk")

    assert (line.falls, line.pairs) == (True, Pairs(kept=30, gained=12, lost=5, lacking=6))


def test_amounts_are_of_the_same_families_too() -> None:
    of = programme()
    after = endline(of)
    households = moved(of, after, "jamban", {"yy": 7})
    for number, household in enumerate(households):
        score(household, of.round, of.version, "iuran", "v", value="1000")
        score(household, after, of.version, "iuran", "v", value=str(1000 + 100 * number))
    line = line_of(page_of(secretariat(of), of), "iuran")

    assert line.amount is not None
    assert (line.amount.n, line.amount.before, line.amount.after) == (7, 1000, 1300)
    assert (line.amount.up, line.amount.same, line.amount.down, line.share) == (6, 1, 0, None)
    assert line.amount.p == Decimal(2) / 2**6


def test_the_families_whose_amount_fell_are_named_as_those_whose_rose() -> None:
    of = programme()
    after = endline(of)
    households = moved(of, after, "jamban", {"yy": 5, "y-": 1})
    for household, value in zip(households, ("900", "1000", "1100", "1200", ""), strict=False):
        score(household, of.round, of.version, "iuran", "v", value="1000")
        score(household, after, of.version, "iuran", "v" if value else "m", value=value)
    score(households[5], of.round, of.version, "iuran", "v", value="1000")
    page = indicator_change_page(secretariat(of), of.cycle.slug, of.lokus.area, "iuran")
    juror = indicator_change_page(build.member(Role.JUROR, "36.72"), of.cycle.slug, of.lokus.area, "iuran")

    assert [(group.kind, [one.code for one in group.families]) for group in page.groups] == [
        ("fell", ["GD-001"]),
        ("rose", ["GD-003", "GD-004"]),
        ("same", ["GD-002"]),
        ("unknown", ["GD-005"]),
        ("left", ["GD-006"]),
    ]
    assert (page.may_see_families, juror.groups, juror.may_see_families) == (True, (), False)


@pytest.mark.parametrize(
    "moves",
    [
        {"yy": 20, "nn": 20, "ny": 3},
        {"yy": 20, "nn": 20, "yn": 1},
        {"yy": 20, "nn": 20, "ny": 6, "ym": 2},
        {"yy": 20, "nn": 20, "ny": 6, "y-": 4},
        {"yy": 20, "nn": 20, "ny": 6, "-n": 1},
    ],
)
def test_health_of_one_to_four_families_is_told_to_the_agency_alone(moves: dict[str, int]) -> None:
    of = programme(coughing())
    moved(of, endline(of), "batuk", moves)
    dinkes = build.member(Role.LIAISON, agency=build.agency("Dinkes"))
    told, hidden = line_of(page_of(dinkes, of), "batuk"), line_of(page_of(secretariat(of), of), "batuk")

    assert (hidden.hidden, hidden.pairs, hidden.share, hidden.p, hidden.unknown) == (True, Pairs(), None, None, 0)
    assert hidden.way == "few"
    assert (told.hidden, told.pairs.n > 0) == (False, True)


@pytest.mark.parametrize(("fallen", "hidden"), [(1, True), (5, False)])
def test_an_amount_of_health_that_fell_in_one_to_four_families_is_told_to_the_agency_alone(
    fallen: int, hidden: bool
) -> None:
    survey, indicators = sample_rows("survey"), sample_rows("indicators")
    survey.insert(1, ["integer", "lila", "Lingkar lengan atas"])
    rule: list[Cell] = ["survey", "linear", None, None, "${lila}", "mean", 0, 50, None, None, "Dinkes"]
    indicators.append(["lila", "kesehatan", "Lingkar lengan atas", 1, *rule])
    indicators[0] = [*indicators[0], "agency"]
    privacy = [*sample_rows("privacy"), ["lila", "kesehatan", "menemukan KEK"]]
    of = programme(sample(survey=survey, indicators=indicators, privacy=privacy))
    after = endline(of)
    for number, household in enumerate(moved(of, after, "jamban", {"yy": 40})):
        score(household, of.round, of.version, "lila", "v", value="24")
        score(household, after, of.version, "lila", "v", value="23" if number < fallen else "25")
    dinkes = build.member(Role.LIAISON, agency=build.agency("Dinkes"))
    told, theirs = (line_of(page_of(user, of), "lila") for user in (dinkes, secretariat(of)))

    assert (theirs.hidden, theirs.amount is None) == (hidden, hidden)
    assert told.amount is not None
    assert (told.hidden, told.amount.down, told.amount.up) == (False, fallen, 40 - fallen)


def test_health_of_larger_groups_is_told_but_no_family() -> None:
    of = programme(coughing())
    moved(of, endline(of), "batuk", {"yy": 20, "nn": 20, "ny": 6, "yn": 5})
    user = secretariat(of)
    page = indicator_change_page(user, of.cycle.slug, of.lokus.area, "batuk")
    dinkes = build.member(Role.LIAISON, agency=build.agency("Dinkes"))
    theirs = indicator_change_page(dinkes, of.cycle.slug, of.lokus.area, "batuk")

    assert (page.line.pairs.gained, page.groups, page.may_see_families, page.may_compare) == (5, (), False, False)
    assert {group.kind: len(group.families) for group in theirs.groups} == {
        "lost": 6,
        "lacking": 20,
        "gained": 5,
        "kept": 20,
    }
    assert changed_families_page(user, of.cycle.slug, of.lokus.area).families == ()


def test_the_families_of_a_change_are_those_she_works_with() -> None:
    of = programme()
    after = endline(of)
    hers = moved(of, after, "jamban", {"yn": 2, "nn": 1}, rt="01")
    moved(of, after, "jamban", {"ny": 3, "y-": 1}, rt="02")
    cadre = build.member(Role.CADRE, hers[0].area)
    page = indicator_change_page(cadre, of.cycle.slug, of.lokus.area, "jamban")
    juror = indicator_change_page(build.member(Role.JUROR, "36.72"), of.cycle.slug, of.lokus.area, "jamban")

    assert [(group.kind, [one.code for one in group.families]) for group in page.groups] == [
        ("lost", ["GD-001", "GD-002"]),
        ("lacking", ["GD-003"]),
    ]
    assert (page.line.pairs, juror.line.pairs) == (Pairs(0, 3, 2, 1), Pairs(0, 3, 2, 1))
    assert (juror.groups, juror.may_see_families) == ((), False)


def test_families_that_lost_most_come_first() -> None:
    of = programme()
    after = endline(of)
    first, second = moved(of, after, "jamban", {"ny": 1, "yn": 1})
    for household, states in ((first, "yn"), (second, "yn")):
        score(household, of.round, of.version, "sekolah", states[0])
        score(household, after, of.version, "sekolah", states[1])
    user = secretariat(of)
    page = changed_families_page(user, of.cycle.slug, of.lokus.area)
    lost = changed_families_page(user, of.cycle.slug, of.lokus.area, only="gained")

    assert [(line.code, line.gained, line.lost) for line in page.families] == [
        ("GD-002", (), ("Jamban sehat", "Anak bersekolah")),
        ("GD-001", ("Jamban sehat",), ("Anak bersekolah",)),
    ]
    assert (page.worse, page.better, [line.code for line in lost.families]) == (2, 1, ["GD-001"])
    with pytest.raises(Forbidden):
        changed_families_page(build.member(Role.JUROR, "36.72"), of.cycle.slug, of.lokus.area)


def test_classes_move_between_rounds_and_the_better_one_is_found_from_what_its_families_have() -> None:
    of = programme()
    after = endline(of)
    households = moved(of, after, "jamban", {"yy": 8, "ny": 6, "nn": 7, "yn": 1})
    for number, household in enumerate(households):
        had, has = number < 8 or number == 21, number < 14
        classed(household, of.round, of.version, "sehat" if had else "rentan")
        classed(household, after, of.version, "sehat" if has else "rentan")
    (table,) = page_of(secretariat(of), of).classes
    (theirs,) = page_of(build.member(Role.JUROR, "36.72"), of).classes

    assert table.labels == ("Rentan", "Sehat")
    assert table.moves == ((7, 6), (1, 8))
    assert table.change is not None
    assert (table.change.up, table.change.same, table.change.down) == (6, 15, 1)
    assert (theirs.moves, theirs.change, theirs.unclassified) == (None, None, 0)


def test_work_that_was_done_stands_beside_and_work_that_was_not_does_not() -> None:
    of = programme()
    moved(of, endline(of), "jamban", STORY)
    done = commitment(of.lokus, indicator="jamban", state="done")
    commitment(of.lokus, indicator="jamban", state="running")

    assert [(work.number, work.label) for work in page_of(secretariat(of), of).works] == [(done.number, "Jamban sehat")]


def test_a_kelurahan_that_is_not_coached_stands_beside_with_its_own_interval() -> None:
    of = programme()
    after = endline(of)
    moved(of, after, "jamban", STORY)
    Comparison.objects.create(
        lokus=of.lokus, indicator="jamban", place_code="36.72.05.1001", place_name="Sukmajaya", before=of.round,
        after=after, n_before=80, true_before=48, n_after=70, true_after=56, source="Survei Dinkes 2024",
    )  # fmt: skip
    (line,) = indicator_change_page(secretariat(of), of.cycle.slug, of.lokus.area, "jamban").comparisons

    assert (line.before, line.after, line.there.difference) == (Decimal("0.6"), Decimal("0.8"), Decimal("0.2"))
    assert line.beside is not None
    assert line.beside.difference == Decimal("0.176471") - Decimal("0.2")
    assert line.beside.low < line.beside.difference < line.beside.high


def test_with_one_round_there_is_nothing_yet_and_no_indicator() -> None:
    of = programme()
    moved(of, endline(of), "jamban", {"y-": 9})
    user = secretariat(of)
    page = page_of(user, of)

    assert (page.before, page.lines, [one.slug for one in page.rounds]) == (None, (), ["baseline"])
    with pytest.raises(Missing):
        indicator_change_page(user, of.cycle.slug, of.lokus.area, "jamban")


def test_rounds_are_named_and_a_stranger_finds_no_lokus() -> None:
    of = programme()
    after, later = endline(of), endline(of, "t6")
    moved(of, after, "jamban", {"ny": 9, "yy": 9})
    for household in of.lokus.households.all():
        score(household, later, of.version, "jamban", "y")
    count_all(of, (later,))
    user = secretariat(of)
    turned = change_page(user, of.cycle.slug, of.lokus.area, before="endline", after="baseline")

    assert (turned.before is not None and turned.before.slug, turned.after is not None and turned.after.slug) == (
        "baseline",
        "endline",
    )
    with pytest.raises(Missing):
        change_page(user, of.cycle.slug, of.lokus.area, before="visit-9")
    with pytest.raises(Missing):
        page_of(build.member(Role.SECRETARIAT, "32.73"), of)


@pytest.mark.parametrize("times", [1, 3])
def test_the_page_asks_as_often_for_many_families_as_for_few(times: int) -> None:
    of = programme()
    moved(of, endline(of), "jamban", {"ny": times, "yy": 2 * times})
    user = secretariat(of)
    page_of(user, of)
    with CaptureQueriesContext(connection) as asked:
        page_of(user, of)

    assert len(asked) == 14
