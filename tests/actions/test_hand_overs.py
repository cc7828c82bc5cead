"""Hand-overs go from the locked room to what everybody in the city may read: by the clock, once, the small withheld."""

import random
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine

from selaras.access import CONSOLE
from selaras.actions.cycles import close_cycle
from selaras.actions.hand_overs import keep_back, publish_due, publish_part, set_rule
from selaras.actions.people import set_active
from selaras.actions.published_measures import take_published
from selaras.errors import Forbidden, InputError
from selaras.models import (
    AuditEntry,
    Cycle,
    Fact,
    Membership,
    Place,
    Publication,
    PublicationRule,
    Role,
    Unpublished,
    User,
)
from selaras.queries.coming_out import Coming, clock_of
from selaras.queries.protection import Silence, measured_share, out_already, rule_of, silence, year_of
from selaras.queries.recaps import publications_page
from selaras.scoring.handovers import FIRST, FOLLOW_UP
from selaras.scoring.recaps import Key
from tests import build
from tests.build_programme import programme
from tests.cases.build import ticket
from tests.cases.known import known, with_step
from tests.sample_workbook import changed

pytestmark = pytest.mark.django_db
CITY, WEST, EAST = "36.72", "36.72.05", "36.72.06"
#: Tickets of each kelurahan, and how many of them were received late.
TICKETS = {"36.72.05.1001": (9, 2), "36.72.05.1005": (3, 1), "36.72.06.1001": (8, 0), "36.72.06.1002": (6, 0)}
SLUG = "36-72-2024"
MARCH, AUGUST = datetime(2024, 3, 4, 3, tzinfo=UTC), datetime(2024, 8, 5, 3, tzinfo=UTC)
FIRST_DAY, SECOND_DAY = datetime(2024, 7, 15, 3, tzinfo=UTC), datetime(2024, 11, 15, 3, tzinfo=UTC)


def places() -> None:
    cycle = Cycle.objects.filter(slug=SLUG).first() or build.cycle()
    build.in_time(cycle)
    for code in (WEST, EAST, *TICKETS):
        level = "kecamatan" if code.count(".") == 2 else "kelurahan"
        given = {"name": code, "level": level, "kind": level, "parent": cycle.place}
        Place.objects.get_or_create(code=code, defaults=given)


def one(at: datetime, place: str, *, hours: int = 5, **said: Any) -> None:
    received = at + timedelta(hours=hours)
    ticket(now=at, place=place, received_at=received, **({"must_pass": False} | said))


def handed_over(at: datetime = MARCH) -> None:
    for place, (count, late) in TICKETS.items():
        for number in range(count):
            one(at, place, hours=30 if number < late else 5)


def shown(unit: str, period: str = "h1") -> dict[str, int | None]:
    out = out_already(CITY, "hand_overs", 2024)
    return {place: out[Key(place, period, unit)] for place in (CITY, WEST, EAST, *TICKETS)}


def codes(error: pytest.ExceptionInfo[InputError]) -> list[str]:
    return [problem.code for problem in error.value.problems]


def test_a_half_year_comes_out_on_its_day_with_the_small_withheld_and_measured_by_the_nearest_that_is_not() -> None:
    places()
    handed_over()
    assert publish_due(FIRST_DAY - timedelta(days=1)) == 0
    assert (publish_due(FIRST_DAY), publish_due(FIRST_DAY)) == (1, 0)
    # The three of one kelurahan take its neighbour with them, and the kecamatan's whole stays.
    assert shown("received_due") == {
        CITY: 26, WEST: 12, EAST: 14, "36.72.05.1001": None, "36.72.05.1005": None,
        "36.72.06.1001": 8, "36.72.06.1002": 6,
    }  # fmt: skip
    # None had to be passed on, which is a small count itself, and none was void.
    assert set(shown("pass_on_due").values()) | set(shown("void").values()) == {None}
    found = measured_share(CITY, 2024, "36.72.05.1005.RW03", "handover_24h")
    assert found is not None
    assert (found.area, found.done, found.due) == (WEST, 9, 12)
    assert measured_share(CITY, 2024, "36.72.06.1001", "handover_24h").area == "36.72.06.1001"  # type: ignore[union-attr]
    assert measured_share(CITY, 2024, "36.72.06.1001", "passed_on_in_time") is None
    assert [silence(CITY, 2024, of) for of in ("passed_on_in_time", "followup_3_months")] == [
        Silence.BELOW,
        # It counts who was followed up of the year before, which the city has not opened.
        Silence.UNREFUSED,
    ]
    assert silence(CITY, 2025, "followup_3_months", FIRST_DAY) == Silence.NOT_YET
    entry = AuditEntry.objects.get(action="recaps.publish_hand_overs")
    assert set(entry.details) - {"via"} == {"year", "period", "part", "withheld"}
    row = Publication.objects.get()
    assert (row.period, row.part, row.as_of, row.threshold) == ("h1", FIRST, date(2024, 7, 15), 5)


def test_three_months_later_it_is_told_who_was_followed_up_and_nothing_else_changes() -> None:
    places()
    handed_over()
    publish_due(FIRST_DAY)
    before = out_already(CITY, "hand_overs", 2024)
    one(MARCH + timedelta(days=1), "36.72.06.1001", followed_at=MARCH + timedelta(days=90))
    assert publish_due(SECOND_DAY) == 1
    after = out_already(CITY, "hand_overs", 2024)
    assert {key: after[key] for key in before} == before
    assert shown("followed_up") == dict.fromkeys(("36.72.05.1001", "36.72.05.1005"), None) | {
        CITY: 1, WEST: 0, EAST: 1, "36.72.06.1001": 1, "36.72.06.1002": 0,
    }  # fmt: skip


def recoded(old: str, new: str) -> None:
    """The place is given another code."""
    was = Place.objects.get(code=old, valid_to__isnull=True)
    was.valid_to = date(2024, 8, 1)
    was.save()
    given = {"name": was.name, "level": was.level, "kind": was.kind, "parent": was.parent}
    Place.objects.create(code=new, replaces=was, valid_from=was.valid_to, **given)


def test_a_place_that_is_given_another_code_between_the_two_days_keeps_its_own() -> None:
    places()
    for place in TICKETS:
        for _number in range(9):
            one(MARCH, place, followed_at=MARCH + timedelta(days=90))
    publish_due(FIRST_DAY)
    old, new = "36.72.06.1001", "36.72.06.1009"
    recoded(old, new)
    assert publish_due(SECOND_DAY) == 1
    assert shown("followed_up") == {CITY: 36, WEST: 18, EAST: 18} | dict.fromkeys(TICKETS, 9)
    # What was handed over under the old code and comes out after it is of the place as it is called then.
    for place in TICKETS:
        for _number in range(9):
            one(AUGUST, place)
    publish_due(datetime(2025, 1, 15, 3, tzinfo=UTC))
    out = out_already(CITY, "hand_overs", 2024)
    assert (out[Key(new, "h2", "received_due")], out[Key(EAST, "h2", "received_due")]) == (9, 18)
    assert Key(old, "h2", "received_due") not in out


def test_publish_report_publish_report_changes_nothing_that_is_out() -> None:
    publish_report_publish(random.Random(0))


def publish_report_publish(draw: random.Random) -> None:
    """A year as it really goes, hour by hour of publication: nothing that is out changes, and no share between two
    days of it, whatever is reported meanwhile. tests/soak draws more of them."""
    places()
    handed_over()
    areas = (CITY, WEST, EAST, *TICKETS)
    out: dict[Key, int | None] = {}
    shares: dict[str, object] = {}
    days = [datetime(2024, month, 15, 3, tzinfo=UTC) for month in (7, 8, 11, 12)] + [
        datetime(2025, 1, 15, 3, tzinfo=UTC)
    ]
    for day in days:
        publish_due(day)
        now = out_already(CITY, "hand_overs", 2024)
        assert {key: now[key] for key in out} == out
        out, shares = now, {area: measured_share(CITY, 2024, area, "handover_24h") for area in areas}
        # Of what is out and of what is to come, handled well and late.
        for _report in range(3):
            one(draw.choice((MARCH, AUGUST)), draw.choice(list(TICKETS)), hours=draw.choice((1, 40)))
        publish_due(day + timedelta(hours=1))
        assert out_already(CITY, "hand_overs", 2024) == out
        assert {area: measured_share(CITY, 2024, area, "handover_24h") for area in areas} == shares
    assert sorted({key.period for key in out}) == ["h1", "h2"]


def test_what_the_city_keeps_back_is_never_out_and_is_told_apart_from_what_is_below_the_threshold() -> None:
    places()
    handed_over()
    handed_over(AUGUST)
    eka = known(with_step(build.member(Role.PROTECTION, CITY)))
    for year, period, reason, code in (
        ("2024", "h1", "malas", "recap.reason"), ("2024", "q1", "choice", "recap.period"),
        ("2099", "h1", "choice", "recap.year"), ("", "h1", "choice", "recap.year"),
    ):  # fmt: skip
        with pytest.raises(InputError) as refused:
            keep_back(by=eka, cycle_slug=SLUG, year=year, period=period, reason=reason)
        assert codes(refused) == [code]
    with pytest.raises(Forbidden):
        keep_back(by=build.member(Role.LEADER, CITY), cycle_slug=SLUG, year="2024", period="h1", reason="choice")
    publish_due(FIRST_DAY)
    # Of what is out already its follow-up can still be kept back; once.
    keep_back(by=eka, cycle_slug=SLUG, year="2024", period="h1", reason="choice")
    with pytest.raises(InputError) as again:
        keep_back(by=eka, cycle_slug=SLUG, year="2024", period="h1", reason="choice")
    assert codes(again) == ["recap.period_decided"]
    keep_back(by=eka, cycle_slug=SLUG, year="2024", period="h2", reason="not_agreed")
    assert publish_due(SECOND_DAY) + publish_due(datetime(2025, 6, 1, tzinfo=UTC)) == 0
    assert {key.period for key in out_already(CITY, "hand_overs", 2024)} == {"h1"}
    # All of it would count for the next contest.
    assert (silence(CITY, 2025, "followup_3_months"), silence(CITY, 2025, "passed_on_in_time")) == (Silence.CHOICE,) * 2
    entries = AuditEntry.objects.filter(action="recaps.keep_back").order_by("pk")
    assert [entry.details for entry in entries] == [
        {"year": 2024, "period": "h1", "reason": "choice"}, {"year": 2024, "period": "h2", "reason": "not_agreed"},
    ]  # fmt: skip


def test_what_nobody_received_is_not_passed_on_in_time_either() -> None:
    places()
    wanted: dict[str, Any] = {"must_pass": True, "passed_at": MARCH + timedelta(hours=14)}
    for place in TICKETS:
        for _number in range(6):
            one(MARCH, place)
            one(MARCH, place, **wanted)
        # Two that nobody received, and one that was received when the period was about to come out.
        ticket(now=MARCH, place=place)
        ticket(now=MARCH, place=place)
        ticket(now=MARCH, place=place, received_at=FIRST_DAY - timedelta(hours=9))
    publish_due(FIRST_DAY)
    place = "36.72.05.1001"
    assert (shown("received_due")[place], shown("pass_on_due")[place], shown("passed_in_time")[place]) == (15, 9, 6)


def test_a_year_without_hand_overs_comes_out_as_one_with_few() -> None:
    places()
    publish_due(FIRST_DAY)
    assert set(out_already(CITY, "hand_overs", 2024).values()) == {None}
    assert silence(CITY, 2024, "handover_24h") == Silence.BELOW


def test_a_year_of_the_province_publishes_nothing_and_holds_no_city_up() -> None:
    places()
    handed_over()
    build.cycle("36")
    assert publish_due(FIRST_DAY) == 1
    assert set(Publication.objects.values_list("place_code", flat=True)) == {CITY}


NOVEMBER = datetime(2024, 11, 20, 3, tzinfo=UTC)


def held(opened: date, *tasks: tuple[date, date | None]) -> None:
    """The year was opened on that day, and somebody had the officer's task from when to when."""

    def at(day: date) -> datetime:
        return datetime(day.year, day.month, day.day, 3, tzinfo=UTC)

    Membership.objects.all().delete()
    Cycle.objects.filter(slug=SLUG).update(created_at=at(opened))
    for starts, ends in tasks:
        build.member(Role.PROTECTION, CITY).memberships.update(starts=at(starts), ends=ends and at(ends))


def test_a_year_that_is_opened_late_lets_out_nothing_of_what_is_over() -> None:
    """With its province's year alone nobody could refuse; neither could anybody in the hour in which it is opened."""
    places()
    handed_over()
    held(NOVEMBER.date())
    assert (publish_due(NOVEMBER), publish_due(NOVEMBER + timedelta(hours=1))) == (0, 0)
    held(NOVEMBER.date(), (date(2024, 11, 21), None))
    # The half-year that was over stays silent for good, and who was followed up of it; the next has its month.
    assert [publish_due(datetime(*day, 3, tzinfo=UTC)) for day in ((2025, 1, 14), (2025, 1, 15), (2025, 6, 1))] == [
        0, 1, 1,
    ]  # fmt: skip
    assert set(Publication.objects.values_list("period", "part")) == {("h2", FIRST), ("h2", FOLLOW_UP)}
    assert silence(CITY, 2024, "handover_24h") == Silence.UNREFUSED


@pytest.mark.parametrize(
    ("opened", "tasks", "out"),
    [
        (date(2024, 6, 15), [(date(2024, 6, 15), None)], 1),
        (date(2024, 6, 16), [(date(2024, 6, 15), None)], 0),
        (date(2024, 6, 15), [(date(2024, 6, 16), None)], 0),
        (date(2024, 1, 1), [], 0),
        # The task was ended for two days, at the day or before it.
        (date(2024, 1, 1), [(date(2024, 1, 1), date(2024, 7, 13)), (date(2024, 7, 15), None)], 1),
        (date(2024, 1, 1), [(date(2024, 1, 1), date(2024, 7, 1)), (date(2024, 7, 3), None)], 1),
        # Thirty days in all of the last sixty, of the year as it was opened; whoever has it twice a day has it once.
        (date(2024, 1, 1), [(date(2024, 1, 1), date(2024, 6, 7)), (date(2024, 7, 8), None)], 0),
        (date(2024, 1, 1), [(date(2024, 1, 1), date(2024, 6, 8)), (date(2024, 7, 8), None)], 1),
        (date(2024, 6, 1), [(date(2024, 1, 1), date(2024, 6, 8)), (date(2024, 7, 8), None)], 0),
        (date(2024, 1, 1), [(date(2024, 6, 16), None), (date(2024, 6, 16), None)], 0),
        # A week of them when the period is over: who ends the task in June lets nothing out behind her back.
        (date(2024, 1, 1), [(date(2024, 1, 1), date(2024, 7, 7))], 0),
        (date(2024, 1, 1), [(date(2024, 1, 1), date(2024, 7, 8))], 1),
        (date(2024, 1, 1), [(date(2024, 1, 1), date(2024, 6, 15))], 0),
        (date(2024, 1, 1), [(date(2024, 1, 1), date(2024, 6, 20)), (date(2024, 7, 9), None)], 0),
    ],
)
def test_only_what_somebody_could_keep_back_for_a_month_comes_out(
    opened: date, tasks: list[tuple[date, date | None]], out: int
) -> None:
    places()
    held(opened, *tasks)
    assert (publish_due(FIRST_DAY), Publication.objects.count()) == (out, out)


def test_no_other_task_and_nobody_who_cannot_come_in_is_waited_for() -> None:
    places()
    held(date(2024, 1, 1), (date(2024, 1, 1), None))
    User.objects.update(is_active=False)
    for role, place in ((Role.SECRETARIAT, CITY), (Role.PROTECTION, "36"), (Role.PROTECTION, "36.73")):
        build.member(role, place)
    of_the_province = build.cycle("36")
    build.member(Role.PROTECTION, CITY, cycle=of_the_province)
    assert publish_due(FIRST_DAY) == 0
    # Of whichever year of the city, she can keep back any of its periods.
    build.member(Role.PROTECTION, CITY, cycle=build.cycle(year=2025))
    assert publish_due(FIRST_DAY) == 1


@pytest.mark.parametrize(("closed", "later"), [(date(2024, 12, 20), None), (date(2024, 10, 1), date(2025, 1, 5))])
def test_a_year_that_is_closed_before_its_days_comes_out_on_them(closed: date, later: date | None) -> None:
    """An ordinary city gives its tasks for this year, closes it when it is over and opens the next in January."""
    places()
    held(date(2024, 1, 1))
    cycle = Cycle.objects.get(slug=SLUG)
    build.member(Role.PROTECTION, CITY, cycle=cycle).memberships.update(starts=datetime(2024, 1, 1, tzinfo=UTC))
    with time_machine.travel(datetime(closed.year, closed.month, closed.day, 3, tzinfo=UTC), tick=False):
        close_cycle(by=CONSOLE, cycle=cycle)
    if later is not None:
        # Her task is ended by hand in December, and another has the next year's.
        Membership.objects.update(ends=datetime(2024, 12, 20, 3, tzinfo=UTC))
        starts = datetime(later.year, later.month, later.day, 3, tzinfo=UTC)
        build.member(Role.PROTECTION, CITY, cycle=build.cycle(year=2025)).memberships.update(starts=starts)
    days = ((2024, 7, 15), (2024, 11, 15), (2025, 1, 15), (2025, 6, 15))
    assert [publish_due(datetime(*day, 3, tzinfo=UTC)) for day in days] == [1, 1, 1, 1]
    assert set(Publication.objects.values_list("year", "period", "part")) == {
        (2024, period, part) for period in ("h1", "h2") for part in (FIRST, FOLLOW_UP)
    }


@pytest.mark.parametrize(
    ("whose", "switched", "wanted"),
    [
        # The first, whose task ends on 1 July: after it has ended, before it, and off for a while before it.
        (0, [(date(2024, 7, 3), False)], Coming.LATE),
        (0, [(date(2024, 5, 20), False)], Coming.UNREFUSED),
        (0, [(date(2024, 5, 20), False), (date(2024, 6, 1), True)], Coming.LATE),
        (0, [(date(2024, 5, 20), False), (date(2024, 6, 30), True)], Coming.UNREFUSED),
        # The second, whose task is open still: off before the day, and soon after she has begun.
        (1, [(date(2024, 7, 12), False)], Coming.LATE),
        (1, [(date(2024, 7, 3), False)], Coming.UNREFUSED),
        # Off since nobody knows when: what has ended counts, and what is open does not.
        (0, [], Coming.LATE),
        (1, [], Coming.UNREFUSED),
    ],
)
def test_what_becomes_of_an_account_later_takes_nothing_away_and_while_it_is_off_it_could_keep_nothing_back(
    whose: int, switched: list[tuple[date, bool]], wanted: Coming
) -> None:
    places()
    held(date(2024, 1, 1), (date(2024, 1, 1), date(2024, 7, 1)), (date(2024, 7, 1), None))

    def coming() -> Coming:
        return clock_of(CITY, 2024, FIRST_DAY).coming("h1", FIRST)

    assert coming() == Coming.LATE
    officer = Membership.objects.order_by("starts")[whose].user
    for day, on in switched:
        with time_machine.travel(datetime(day.year, day.month, day.day, 3, tzinfo=UTC), tick=False):
            set_active(by=CONSOLE, user=officer, active=on)
    if not switched:
        User.objects.filter(pk=officer.pk).update(is_active=False)
    assert coming() == wanted


def test_who_is_given_the_task_in_time_may_still_bring_a_period_out() -> None:
    """Fifteen days of another count with hers, so nothing is called silent for good as long as it is not."""
    places()
    held(date(2024, 1, 1), (date(2024, 1, 1), date(2024, 6, 1)))

    def coming(day: int) -> Coming:
        return clock_of(CITY, 2024, datetime(2024, 7, day, 3, tzinfo=UTC)).coming("h1", FIRST)

    assert [coming(day) for day in (1, 2)] == [Coming.WAITING, Coming.UNREFUSED]


def test_what_is_silent_for_good_says_so_and_what_may_come_too() -> None:
    """Of each day, of a year that has an officer: by years, tasks and days, and by nothing that was reported."""
    places()
    day = {"before": datetime(2024, 6, 1, 3, tzinfo=UTC), "last": datetime(2024, 6, 20, 3, tzinfo=UTC)}

    def said(of: int = 2024, *, now: str = "before") -> list[Silence]:
        return [silence(CITY, of, each, day[now]) for each in ("handover_24h", "followup_3_months")]

    # The second half of the year before is of a year that the city has not: gone, and all who would be followed up.
    assert said() == [Silence.NOT_YET, Silence.UNREFUSED]
    assert said(2025) == [Silence.NOT_YET, Silence.NOT_YET]
    held(date(2024, 1, 1))
    assert (said()[0], said(now="last")[0]) == (Silence.NOT_YET, Silence.UNREFUSED)
    Cycle.objects.update(year=2026)
    assert [said(of)[0] for of in (2024, 2026)] == [Silence.NO_YEAR, Silence.NOT_YET]
    # Nobody would still be in time.
    assert said(now="last") == [Silence.UNREFUSED, Silence.UNREFUSED]
    assert (said(2025), said(2025, now="last")) == ([Silence.NO_YEAR] * 2, [Silence.NO_YEAR] * 2)
    assert [year_of(CITY, 2025, each) for each in ("handover_24h", "followup_3_months")] == [2025, 2024]
    # Who was followed up comes out only of what has come out: who is in time for the second day alone is late.
    Cycle.objects.update(year=2024)
    rule = PublicationRule.objects.create(place_code=CITY, year=2024, threshold=5, every="year")
    held(date(2025, 2, 1), (date(2025, 2, 1), None))
    assert silence(CITY, 2025, "followup_3_months", datetime(2025, 3, 1, 3, tzinfo=UTC)) == Silence.UNREFUSED
    rule.delete()
    Cycle.objects.update(year=2021, closed_at=NOVEMBER, created_at=datetime(2020, 1, 1, tzinfo=UTC))
    build.in_time(Cycle.objects.get())
    Membership.objects.update(starts=datetime(2020, 1, 1, tzinfo=UTC))
    Cycle.objects.create(slug="lalu", programme="P2WKSS", year=2020, place=Place.objects.get(code=CITY), source="Buku")
    assert said(2022)[1] == Silence.NEVER


def test_a_page_promises_no_day_that_never_comes() -> None:
    """A year that was counted before its period had ended, as was done once, and one that was closed before its day."""
    places()
    handed_over()
    leader, eka = build.member(Role.LEADER, CITY), known(with_step(build.member(Role.PROTECTION, CITY)))

    def said(user: User = eka) -> list[tuple[str, str, bool]]:
        periods = publications_page(user, SLUG, 2024).hand_overs
        return [(each.state, each.later, each.may_come) for each in periods]

    publish_due(FIRST_DAY)
    # By the clock of today both days are over, and the year is open still.
    assert said() == [("out", "late", True), ("late", "late", True)]
    first = Publication.objects.get()
    Publication.objects.update(as_of=date(2024, 6, 30))
    assert said() == [("out", "early", False), ("late", "late", True)]
    assert said(leader) == [("out", "early", False)]
    Publication.objects.update(as_of=first.as_of)
    Cycle.objects.update(closed_at=FIRST_DAY)
    assert said() == [("out", "never", False), ("never", "never", False)]
    Cycle.objects.update(closed_at=None)
    publish_due(SECOND_DAY)
    assert said() == [("out", "out", False), ("late", "late", True)]
    # The second half-year has nobody who could have kept it back for long enough.
    Membership.objects.exclude(user=eka).delete()
    Membership.objects.update(starts=datetime(2024, 12, 20, 3, tzinfo=UTC))
    assert said() == [("out", "out", False), ("unrefused", "late", False)]


def test_the_rule_of_a_year_is_fixed_before_it() -> None:
    places()
    eka = known(with_step(build.member(Role.PROTECTION, CITY)))
    assert (rule_of(CITY, 2024).threshold, rule_of(CITY, 2024).every) == (5, "half")
    for threshold, every, code in (("4", "half", "threshold"), ("21", "half", "threshold"), ("8", "week", "every")):
        with pytest.raises(InputError) as refused:
            set_rule(by=eka, cycle_slug=SLUG, threshold=threshold, every=every)
        assert codes(refused) == [f"recap.{code}"]
    with pytest.raises(Forbidden):
        set_rule(by=build.member(Role.SECRETARIAT, CITY), cycle_slug=SLUG, threshold="8", every="half")
    row = set_rule(by=eka, cycle_slug=SLUG, threshold="8", every="quarter")
    this_year = row.year - 1
    assert (rule_of(CITY, this_year).threshold, rule_of(CITY, row.year).threshold) == (5, 8)
    # It may be thought over until its year begins, and goes on after it.
    set_rule(by=eka, cycle_slug=SLUG, threshold="6", every="half")
    assert [(rule_of(CITY, year).threshold, rule_of(CITY, year).every) for year in (row.year, row.year + 3)] == [
        (6, "half"), (6, "half"),
    ]  # fmt: skip
    # What holds for a year that has begun stays; a later one may go back to the least.
    PublicationRule.objects.create(place_code=CITY, year=this_year, threshold=9, every="half")
    set_rule(by=eka, cycle_slug=SLUG, threshold="5", every="half")
    assert [rule_of(CITY, year).threshold for year in (this_year, row.year)] == [9, 5]


def test_no_part_comes_out_of_a_period_that_is_not_of_the_rule_or_before_its_first() -> None:
    places()
    handed_over()
    given = {"city": CITY, "year": 2024, "now": SECOND_DAY}
    assert publish_part(period="q1", part=FIRST, **given) is None
    assert publish_part(period="h1", part=FOLLOW_UP, **given) is None
    assert not Publication.objects.exists()


def test_a_score_says_what_it_is_of_and_that_the_rest_was_kept_back() -> None:
    workbook = changed(
        ("indicators", "N6", "handover_24h"), ("indicators", "F6", "linear"),
        ("indicators", "K6", 0), ("indicators", "L6", 1),
    )  # fmt: skip
    programme(workbook)
    places()
    handed_over()
    publish_due(FIRST_DAY)
    said = Fact.objects.get()
    assert said.source.startswith("Rekap rujukan yang terbit 1 Agustus 2023 sampai 31 Juli 2024, ")
    assert "atas pilihan" not in said.source
    keep_back(by=CONSOLE, cycle_slug=SLUG, year="2023", period="h2", reason="choice")
    told = Fact.objects.get()
    assert told.value == said.value
    assert told.source == f"{said.source}; tidak diterbitkan atas pilihan kota: semester 2 2023"
    assert take_published(by=CONSOLE, city=CITY, year=2024) == 0
    assert Unpublished.objects.count() == 1
