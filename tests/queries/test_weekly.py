"""The figures of a Monday page: what each row tells, what it must not, and which decisions come first."""

from datetime import UTC, date, datetime, timedelta

import pytest

from selaras.models import Activity, Commitment, Household, Meeting, Stage
from selaras.queries.rules import instrument_of
from selaras.queries.weekly import figures_of
from selaras.queries.weeks.figures import Figures, Row
from selaras.queries.weeks.subjects import subjects
from tests import build
from tests.build_change import endline, moved
from tests.build_plans import ask, commitment, need
from tests.build_programme import Programme, bring, families_file, family, programme
from tests.build_reactions import activity, printed, say
from tests.sample_workbook import rows as sample_rows
from tests.sample_workbook import sample

pytestmark = pytest.mark.django_db

MONDAY = date(2024, 8, 12)
LATRINE = "Jamban sehat"
NOW = datetime(2024, 8, 11, 23, 0, tzinfo=UTC)  # six o'clock on Monday in Cilegon


def with_families(count: int, *, poor: int = 0) -> tuple[Programme, list[Household]]:
    """A counted lokus of so many families, of which `poor` lack a latrine."""
    of = programme()
    latrines = ["cemplung"] * poor + ["leher_angsa"] * (count - poor)
    bring(of, families_file([family(f"GD-{n:03}", 4, latrine, 1000) for n, latrine in enumerate(latrines, 1)]))
    return of, list(Household.objects.order_by("code"))


def figures(of: Programme) -> Figures:
    return figures_of(of.cycle, monday=MONDAY, now=NOW)


def row(found: Figures, label: str) -> Row:
    return next(one for one in found["rows"] if one["labels"]["id"] == label)


def lack(of: Programme, households: list[Household], indicator: str = "jamban") -> list[object]:
    """Open needs of these families, and no others."""
    of.lokus.needs.all().delete()
    return [need(one, of.round, indicator) for one in households]


def test_the_rows_are_the_aspects_with_indicators_then_women_and_children() -> None:
    of = programme()
    found = {one.labels["id"]: (one.kind, one.indicators, one.surveyed) for one in subjects(instrument_of(of.version))}

    assert found == {
        "Kesehatan": ("aspect", {"sekolah", "iuran"}, True),
        "Sanitasi": ("aspect", {"jamban"}, True),
        "Kelembagaan": ("aspect", {"sk", "saluran"}, False),
        "Perempuan": ("women", set(), False),
        "Anak": ("children", {"sekolah"}, True),
    }


def test_the_aspect_above_speaks_for_what_is_below_it() -> None:
    aspects = [[*line] for line in sample_rows("aspects")]
    aspects[1][2] = "Perlindungan perempuan dan anak"
    of = programme(sample(aspects=aspects))
    found = {one.kind: one.indicators for one in subjects(instrument_of(of.version)) if one.kind != "aspect"}

    assert found == {"women": {"sekolah", "iuran", "jamban"}, "children": {"sekolah", "iuran", "jamban"}}


def test_needs_are_told_with_what_is_promised_of_them() -> None:
    of, families = with_families(20)
    needs = lack(of, families[:12])
    commitment(of.lokus, needs=needs[:6], state="running")  # type: ignore[arg-type]
    commitment(of.lokus, needs=needs[6:8], state="proposed")  # type: ignore[arg-type]
    commitment(of.lokus, needs=needs[8:9], state="cancelled")  # type: ignore[arg-type]
    found = row(figures(of), "Sanitasi")

    assert found["served"] == {"families": True, "measured": True, "open": 12, "promised": 6, "hidden": False}
    assert found["work"] == {
        "total": 1,
        "begun": 1,
        "done": 0,
        "blocked": 0,
        "late": 0,
        "activities": 0,
        "came": None,
    }


def test_a_commitment_for_the_place_serves_all_its_needs_as_in_the_matrix() -> None:
    of, families = with_families(20)
    lack(of, families[:12])
    commitment(of.lokus, indicator="jamban", state="planned")

    assert row(figures(of), "Sanitasi")["served"]["promised"] == 12


@pytest.mark.parametrize(
    ("needing", "promised", "told"),
    [
        (4, 0, (None, None, True)),
        (5, 0, (5, 0, False)),
        (5, 5, (5, 5, False)),
        (12, 3, (12, None, True)),
        (12, 9, (12, None, True)),
        (12, 7, (12, 7, False)),
    ],
)
def test_a_group_of_one_to_four_families_is_never_told_nor_what_is_left(
    needing: int, promised: int, told: tuple[int | None, int | None, bool]
) -> None:
    of, families = with_families(20)
    needs = lack(of, families[:needing])
    if promised:
        commitment(of.lokus, needs=needs[:promised])  # type: ignore[arg-type]
    served = row(figures(of), "Sanitasi")["served"]

    assert (served["open"], served["promised"], served["hidden"]) == told


def test_many_needs_of_few_families_are_not_told_either() -> None:
    of, families = with_families(20)
    lack(of, families[:3])
    for one in families[:3]:
        need(one, of.round, "iuran")
        need(one, of.round, "sekolah")
    found = row(figures(of), "Kesehatan")["served"]

    assert (found["open"], found["promised"], found["hidden"]) == (None, None, True)


def test_what_nobody_has_measured_is_not_zero() -> None:
    of = programme()
    found = figures(of)
    nothing = {"value": None, "before": None, "low": None, "high": None, "hidden": False}

    assert row(found, "Sanitasi")["served"]["measured"] is False
    assert row(found, "Sanitasi")["outcome"] == nothing == found["total"]
    assert row(found, "Kelembagaan")["served"]["families"] is False


def test_scores_are_those_of_the_lokus_page() -> None:
    of, _families = with_families(20, poor=5)
    found = figures(of)

    # 15 of 20 have a latrine: the band 0,5–0,8 is worth 50.
    assert row(found, "Sanitasi")["outcome"] == {
        "value": "50.0",
        "before": None,
        "low": "50.0",
        "high": "50.0",
        "hidden": False,
    }
    assert [line["name"] for line in found["loci"]] == ["Gedong Dalem"]


def test_late_blocked_and_done_commitments_and_their_activities_are_counted() -> None:
    of, families = with_families(20)
    needs = lack(of, families[:12])
    late = commitment(of.lokus, needs=needs, state="planned", ends=MONDAY - timedelta(days=1))  # type: ignore[arg-type]
    commitment(of.lokus, indicator="jamban", state="blocked", ends=MONDAY)
    commitment(of.lokus, indicator="jamban", state="done", ends=MONDAY - timedelta(days=9))
    commitment(of.lokus, indicator="iuran", state="running")
    done = Activity.objects.create(
        cycle=of.cycle,
        lokus=of.lokus,
        title="Pembangunan jamban",
        on=MONDAY - timedelta(days=3),
        attended={"P": {"anak": 2, "dewasa": 20, "lansia": 4}, "L": {"anak": 1, "dewasa": 9}, "difabel": 2},
    )
    done.commitments.add(late)
    Activity.objects.create(cycle=of.cycle, lokus=of.lokus, title="Dihapus", on=MONDAY, deleted_at=NOW)
    found = figures(of)

    assert row(found, "Sanitasi")["work"] == {
        "total": 3,
        "begun": 1,
        "done": 1,
        "blocked": 1,
        "late": 1,
        "activities": 1,
        "came": None,
    }
    assert (found["work"]["total"], found["work"]["activities"], found["activities_week"]) == (4, 1, 1)
    assert [row(found, name)["work"]["came"] for name in ("Perempuan", "Anak")] == [24, 3]


def test_reactions_are_told_of_the_activities_that_served_a_row_and_only_from_five_answers_on() -> None:
    of, families = with_families(20)
    needs = lack(of, families[:12])
    toilets = commitment(of.lokus, needs=needs, state="running")  # type: ignore[arg-type]
    heard_of, few, alone, _unasked = (
        activity(of.lokus, commitments=[toilets]),
        activity(of.lokus, commitments=[toilets]),
        activity(of.lokus),
        activity(of.lokus, commitments=[toilets]),
    )
    say(printed(heard_of, 6).codes[:4], useful="no")
    box = printed(few, 8)
    say(box.codes[:4], useful="yes")
    asked = row(figures(of), "Sanitasi")["heard"]
    last = printed(heard_of, 7)
    say(last.codes, useful="yes")
    say(printed(alone, 5).codes, useful="some")
    found = figures(of)

    assert asked == {"activities": 3, "asked": 2, "people": None, "useful": None}
    assert row(found, "Sanitasi")["heard"] == {"activities": 3, "asked": 2, "people": 7, "useful": 7}
    assert row(found, "Kesehatan")["heard"] == {"activities": 0, "asked": 0, "people": None, "useful": None}
    assert found["heard"] == {"activities": 4, "asked": 3, "people": 12, "useful": 7}


def test_the_biggest_gap_comes_first_then_who_has_not_answered_then_what_is_late() -> None:
    of, families = with_families(20)
    lack(of, families[:12])
    ask(of.lokus, of="Dinsos", due=date(2024, 8, 20))
    ask(of.lokus, of="Dinsos", indicator="iuran")
    ask(of.lokus, of="Dinkes", answer="accept")
    commitment(of.lokus, of="DLH", indicator="iuran", state="running", ends=date(2024, 7, 31))
    found = figures(of)["decisions"]

    assert found == [
        {
            "kind": "gap",
            "whose": "",
            "by": "2024-08-16",
            "count": 12,
            "labels": {"id": "Jamban sehat", "en": "Jamban sehat"},
            "lokus": "Gedong Dalem",
        },
        {"kind": "unanswered", "whose": "Dinsos", "by": "2024-08-20", "count": 2, "since": "2024-04-01"},
        {
            "kind": "late",
            "whose": "DLH",
            "by": "2024-08-16",
            "count": 1,
            "since": "2024-07-31",
            "labels": {"id": "Iuran", "en": "Iuran"},
        },
    ]


@pytest.mark.parametrize("needing", [4, 17])
def test_a_gap_of_few_families_or_of_all_but_few_is_not_named(needing: int) -> None:
    of, families = with_families(20)
    lack(of, families[:needing])

    assert "gap" not in [one["kind"] for one in figures(of)["decisions"]]


def test_what_people_typed_is_not_on_it_and_no_family_either() -> None:
    of, families = with_families(20, poor=12)
    needs = lack(of, families[:12])
    commitment(of.lokus, needs=needs[:6], title="Rumah Ibu Zubaidah", state="blocked")  # type: ignore[arg-type]
    commitment(of.lokus, title="Usulan Ibu Zubaidah", state="proposed")
    Meeting.objects.create(
        cycle=of.cycle, kind="rakor", title="Rapat tentang Ibu Zubaidah", starts=NOW, venue="X", attend_token="t"
    )
    text = str(figures(of))

    assert ["Zubaidah" in text, "GD-0" in text, "Rapat koordinasi" in text] == [False, False, True]


def test_a_meeting_is_due_when_none_was_held_for_a_month_and_none_is_called() -> None:
    of = programme()
    kinds = lambda: [one["kind"] for one in figures(of)["decisions"]]  # noqa: E731
    before = kinds()
    held = Meeting.objects.create(
        cycle=of.cycle, kind="rakor", title="Rapat", starts=NOW - timedelta(days=40), venue="X", attend_token="t"
    )
    long_ago = figures(of)["decisions"]
    Meeting.objects.filter(pk=held.pk).update(starts=NOW - timedelta(days=20))

    assert (before, long_ago, kinds()) == (
        ["meeting"],
        [{"kind": "meeting", "whose": "", "by": "2024-08-16", "count": None, "since": "2024-07-03"}],
        [],
    )


def test_the_ways_name_stage_teams_meetings_and_answers() -> None:
    of = programme()
    Stage.objects.create(
        cycle=of.cycle, position=1, name="Pelaksanaan", starts=date(2024, 4, 1), ends=date(2024, 9, 30)
    )
    Stage.objects.create(cycle=of.cycle, position=2, name="Penilaian", starts=date(2024, 10, 1), ends=date(2024, 10, 9))
    team = of.cycle.teams.create(kind="pembina", name="Tim Pembina", area="36.72")
    for position, sex in enumerate(("P", "P", "L", ""), 1):
        team.members.create(position=position, name="Uji", sex=sex, duty="anggota")
    ask(of.lokus, of="Dinkes", answer="accept")
    ask(of.lokus, of="Dinsos", answer="decline")
    ask(of.lokus, of="Dinsos", indicator="iuran")
    ways = figures(of)["ways"]

    assert (ways["stage"], ways["stage_ends"], ways["next_stage"]) == ("Pelaksanaan", "2024-09-30", "Penilaian")
    assert (ways["teams"], ways["members"], ways["women"], ways["sexes"]) == (1, 4, 2, 3)
    assert (ways["asked"], ways["answered"]) == (2, 1)


@pytest.mark.parametrize(
    ("moves", "told"),
    [
        # As plain what was lost as what was gained.
        ({"ny": 17, "nn": 6, "yn": 5, "yy": 60}, {"gained": (17, 23), "lost": (5, 65)}),
        ({"ny": 17, "nn": 6, "yy": 60}, {"gained": (17, 23), "lost": None}),
        ({"yn": 6, "nn": 12, "yy": 7}, {"gained": None, "lost": (6, 13)}),
        # Two who lost it would be told, or three who were not asked again: nothing is.
        ({"ny": 17, "nn": 6, "yn": 2, "yy": 60}, {"gained": None, "lost": None}),
        ({"ny": 17, "nn": 6, "yy": 60, "y-": 3}, {"gained": None, "lost": None}),
    ],
)
def test_what_most_families_gained_and_lost_is_told_where_no_small_group_is(
    moves: dict[str, int], told: dict[str, tuple[int, int] | None]
) -> None:
    of = programme()
    moved(of, endline(of), "jamban", moves)
    found = figures(of)["moved"]

    assert {
        name: change and (change["labels"]["id"], change["count"], change["of"]) for name, change in found.items()
    } == {name: pair and (LATRINE, *pair) for name, pair in told.items()}


def test_its_cost_does_not_grow_with_loci_families_or_commitments(
    django_assert_max_num_queries: object,
) -> None:
    of, families = with_families(20)
    needs = lack(of, families)
    for n in range(12):
        commitment(of.lokus, needs=needs[n : n + 5], state="running")  # type: ignore[arg-type]
    build.lokus(of.cycle, "36.72.05.1001", prefix="SJ")
    with django_assert_max_num_queries(30):  # type: ignore[operator]
        figures(of)
    assert Commitment.objects.count() == 12
