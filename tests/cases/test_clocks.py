"""What counts as late stays late: over invented histories with lies, corrections and voids. Without a database."""

import json
import random
from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from selaras.cases.country import country
from selaras.cases.facts import Clock, Facts, Outcome, State, Tally, Void, clocks, tally
from selaras.cases.models import BLOCK
from selaras.cases.rows import LENGTH
from selaras.cases.steps import Done, Step, Twin, after, called_back, steps_of
from selaras.errors import InputError
from selaras.scoring.handovers import MEASURED
from tests.cases.build import OPENER, OTHER, PLACE

START = datetime(2026, 3, 2, 2, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
BUDI, EKA, FITRI = "b" * 36, "e" * 36, "f" * 36
LAW = country()
seeds = st.integers(0, 10**9)


def opened(at: datetime = START, *, place: str = PLACE) -> Facts:
    return Facts(place=place, opened_by=OPENER, reported_at=at)


def act(facts: Facts, step: Step, now: datetime, *, me: str = EKA, **said: object) -> Facts:
    return after(facts, Done(step, **{"at": now, **said}), me=me, now=now)  # type: ignore[arg-type]


def lies(draw: random.Random, facts: Facts, *, first: datetime | None = None) -> Iterator[tuple[datetime, Facts]]:
    """One officer writes down whatever she likes, true or not, until five months are over, from `first` on."""
    now = first or facts.reported_at
    while now < facts.reported_at + 150 * DAY:
        now += draw.choice((HOUR, 9 * HOUR, DAY, 3 * DAY, 25 * DAY))
        at = now - draw.choice((0, 1, 20, 47, 49, 70, 2000)) * HOUR
        step, law = draw.choice(list(Step)), draw.choice((None, True, False))
        done = Done(step, at=max(at, facts.reported_at), must_pass=law, why=draw.choice(list(Void)), twin="B")
        try:
            facts = after(
                facts, replace(done, simfoni="417/PPA/2026"), me=EKA, now=now, twin=neighbour(draw, facts, now)
            )
        except InputError:
            continue
        yield now, facts


def neighbour(draw: random.Random, facts: Facts, now: datetime) -> Twin:
    """The code of somebody else that lies about; one of its very hours only where it settles nothing any more."""
    far = replace(opened(facts.reported_at + draw.choice((-30, 30)) * HOUR), inside=False)
    near = opened(facts.reported_at + 2 * HOUR)
    found = [Twin(far, False), Twin(replace(near, inside=True), False), Twin(near, True)]
    if facts.received_at is not None or now > facts.reported_at + LAW.receipt:
        found.append(Twin(replace(near, opened_by=BUDI), False))
    return draw.choice(found)


def at_last(draw: random.Random, facts: Facts, *, first: datetime | None = None) -> Facts:
    """What it says after all of that."""
    return [facts, *(later for _now, later in lies(draw, facts, first=first))][-1]


def by_name(facts: Facts, now: datetime) -> dict[str, Clock]:
    return {each.name: each for each in clocks(facts, now)}


@settings(max_examples=150, deadline=None)
@given(seeds)
def test_whatever_one_officer_writes_what_was_late_stays_late_and_what_was_in_time_in_time(seed: int) -> None:
    facts, known, freed = opened(), dict[str, Clock](), False
    for now, facts in lies(random.Random(seed), opened()):
        found = by_name(facts, now)
        for name, clock in known.items():
            assert (name, found[name].up, found[name].outcome is Outcome.MET) == (
                name,
                clock.up,
                clock.outcome is Outcome.MET,
            )
        assert not (freed and "passed" in found)
        freed = facts.received_at is not None and now > facts.received_at + LAW.pass_on and "passed" not in found
        known = {
            name: clock
            for name, clock in found.items()
            if now > clock.up + LAW.note or (clock.outcome is Outcome.MET and name != "passed")
        }
    # She never was rid of it alone.
    assert not facts.is_void()


def share(of: Tally, measure: str) -> Fraction:
    due, done = MEASURED[measure]
    return Fraction(getattr(of, done), getattr(of, due) or 1)


def others(draw: random.Random, now: datetime) -> Tally:
    """What is there already: a few tickets with histories of any kind."""
    found = Tally()
    for _ticket in range(draw.randint(0, 6)):
        facts = at_last(draw, opened(START - draw.randint(0, 100) * DAY))
        if facts.void_waits and draw.random() < 0.5:
            facts = act(facts, Step.AGREE, now, me=FITRI)
        found += tally(facts, now)
    return found


def handled_well(draw: random.Random) -> Facts:
    """Each step in time, and written down soon after."""
    received = START + draw.randint(0, 24) * HOUR
    facts = act(opened(), Step.RECEIVE, received + draw.randint(0, 48) * HOUR, at=received)
    if draw.random() < 0.5:
        facts = act(facts, Step.LAW, received + 60 * HOUR, must_pass=False)
    else:
        passed = received + draw.randint(0, 72) * HOUR
        facts = act(facts, Step.HAND_ON, max(passed + 30 * HOUR, received + 48 * HOUR), at=passed)
    followed = START + draw.randint(75, 120) * DAY
    return act(facts, Step.FOLLOW_UP, followed + 40 * HOUR, at=followed)


@settings(max_examples=60, deadline=None)
@given(seeds)
def test_a_report_handled_well_lowers_no_share(seed: int) -> None:
    draw = random.Random(seed)
    now = START + draw.randint(0, 200) * DAY
    before, facts = others(draw, now), handled_well(draw)
    added = tally(facts, START + 200 * DAY)
    assert [getattr(added, due) - getattr(added, done) for due, done in MEASURED.values()] == [0, 0, 0]
    for measure, (due, _done) in MEASURED.items():
        if getattr(before, due):
            assert share(before + added, measure) >= share(before, measure)


@settings(max_examples=60, deadline=None)
@given(seeds, st.sampled_from(["handover_24h", "passed_on_in_time", "followup_3_months"]))
def test_a_late_one_raises_no_share_whatever_is_written_of_it(seed: int, measure: str) -> None:
    draw = random.Random(seed)
    facts, received = opened(), START + 20 * HOUR
    if measure == "passed_on_in_time":
        facts = act(facts, Step.RECEIVE, received)
    if measure == "followup_3_months":
        facts = act(act(facts, Step.RECEIVE, received), Step.LAW, received, must_pass=False)
    ups = {"handover_24h": "received", "passed_on_in_time": "passed", "followup_3_months": "followed"}
    final = by_name(facts, received)[ups[measure]].up + LAW.note
    now, facts = START + 400 * DAY, at_last(draw, facts, first=final)
    before, added = others(draw, now), tally(facts, now)
    due, done = MEASURED[measure]
    assert (getattr(added, due), getattr(added, done)) == (1, 0)
    assert share(before + added, measure) < share(before, measure) or share(before, measure) == 0


def test_while_nobody_says_whether_the_law_wants_it_the_laws_hours_run() -> None:
    facts = act(opened(), Step.RECEIVE, START + HOUR)
    assert (facts.state(), facts.due()) == (State.RECEIVED, START + 73 * HOUR)
    in_time, late = START + 73 * HOUR, START + 74 * HOUR

    freed = act(facts, Step.LAW, in_time, must_pass=False)
    assert "passed" not in by_name(freed, late)
    # What is said once they are over moves no clock: a late "no" frees nothing, and a late "yes" makes nothing late.
    refused = act(facts, Step.LAW, late, must_pass=False)
    corrected = act(freed, Step.LAW, late, must_pass=True)
    passed = act(corrected, Step.HAND_ON, late + DAY)
    again = act(corrected, Step.LAW, late, must_pass=False)
    assert by_name(refused, late)["passed"].outcome is Outcome.LATE
    assert by_name(act(refused, Step.LAW, late, must_pass=True), late)["passed"].outcome is Outcome.LATE
    assert [each.state() for each in (corrected, passed)] == [State.HAND_ON, State.FOLLOW_UP]
    assert ["passed" in by_name(each, late + DAY) for each in (corrected, passed, again)] == [False] * 3
    # Nor is anything in time by it.
    assert tally(passed, START + 9 * DAY) == tally(freed, START + 9 * DAY)
    # In time it can be corrected both ways.
    corrected = act(act(facts, Step.LAW, in_time, must_pass=True), Step.LAW, in_time, must_pass=False)
    assert "passed" not in by_name(corrected, late)


def test_three_months_are_looked_after_whatever_is_missing_and_long_ago_can_be_written_as_it_was() -> None:
    received, now = START + 2 * HOUR, START + 100 * DAY
    facts = act(opened(), Step.RECEIVE, now, at=received)
    followed = act(facts, Step.FOLLOW_UP, now)
    assert (facts.received_at, by_name(facts, now)["received"].outcome) == (received, Outcome.NOTED_LATE)
    assert (followed.state(), by_name(followed, now)["followed"].outcome) == (State.RECEIVED, Outcome.MET)
    assert Step.FOLLOW_UP not in steps_of(followed, EKA)
    assert act(followed, Step.HAND_ON, now, at=received + HOUR).state() is State.DONE


@pytest.mark.parametrize(
    ("apart", "said", "taken", "waits"),
    [
        (24 * HOUR, {}, False, False),
        (-24 * HOUR, {}, False, False),
        (25 * HOUR, {}, False, True),
        (HOUR, {"inside": True}, False, True),
        (HOUR, {}, True, True),
        # Another's code, of a ticket that is late: most likely another woman's.
        (HOUR, {"opened_by": BUDI}, False, True),
    ],
)
def test_a_second_code_settles_it_alone_only_where_it_was_not_made_for_that(
    apart: timedelta, said: dict[str, Any], taken: bool, waits: bool
) -> None:
    now = START + 3 * DAY
    twin = Twin(replace(opened(START + apart), **said), taken)
    done = Done(Step.VOID, why=Void.TWICE, twin="BBBBBBBBBB")
    asked = after(opened(), done, me=EKA, now=now, twin=twin)
    late = Tally(handed_over=1, received_due=1)
    assert (asked.void_waits, tally(asked, now)) == (waits, late if waits else Tally(void=1))
    if waits:
        with pytest.raises(InputError, match="tidak cocok"):
            act(asked, Step.AGREE, now)
        assert tally(act(asked, Step.AGREE, now, me=FITRI), now) == Tally(void=1)
    wrong = (None, Twin(opened(place=OTHER), False), Twin(replace(opened(), void=Void.MISTAKE), False))
    for other in wrong:
        with pytest.raises(InputError, match="tiket yang satunya"):
            after(opened(), done, me=EKA, now=now, twin=other)


def test_of_two_who_reported_one_woman_one_code_goes_before_it_is_received_or_late_and_no_later() -> None:
    done = Done(Step.VOID, why=Void.TWICE, twin="BBBBBBBBBB")
    twin = Twin(replace(opened(), opened_by=BUDI), False)
    received = act(opened(), Step.RECEIVE, START + HOUR)
    asked = [
        after(facts, done, me=EKA, now=START + ago, twin=twin).void_waits
        for facts, ago in ((opened(), 24 * HOUR), (opened(), 25 * HOUR), (received, 2 * HOUR))
    ]
    assert asked == [False, True, True]


def test_what_was_left_out_by_a_slip_counts_again_with_the_clocks_it_had() -> None:
    now, twin = START + 3 * DAY, Twin(opened(START + HOUR), False)
    void = after(opened(), Done(Step.VOID, why=Void.TWICE, twin="B"), me=EKA, now=now, twin=twin)
    agreed = act(act(opened(), Step.VOID, now, why=Void.MISTAKE), Step.AGREE, now, me=FITRI)
    taken_back = called_back(opened(), me=OPENER, now=START)
    assert [steps_of(each, EKA) for each in (void, agreed, taken_back)] == [(Step.KEEP,), (Step.KEEP,), ()]
    assert [act(each, Step.KEEP, now) for each in (void, agreed)] == [opened()] * 2


@settings(max_examples=60, deadline=None)
@given(seeds)
def test_a_ticket_that_one_officer_left_out_leads_to_one_that_counts(seed: int) -> None:
    draw = random.Random(seed)
    kept = {name: opened(START + draw.randint(0, 60) * HOUR) for name in "ABCDEFGH"}
    kept |= {name: replace(kept[name], inside=True) for name in "AB"}
    for _try in range(60):
        one, other = draw.choice(list(kept)), draw.choice(list(kept))
        taken = any(facts.twin == other for name, facts in kept.items() if name != one)
        done = Done(Step.VOID, why=Void.TWICE, twin=other)
        try:
            asked = after(kept[one], done, me=EKA, now=START + 9 * DAY, twin=Twin(kept[other], taken))
        except InputError:
            continue
        if one != other and not asked.void_waits:
            kept[one] = asked
    for left in kept.values():
        facts = left
        while facts.is_void():
            facts = kept[facts.twin]
            assert not facts.inside


def test_what_the_office_opens_itself_adds_to_nothing_that_it_is_measured_by() -> None:
    facts = replace(handled_well(random.Random(1)), inside=True)
    assert [tally(each, START + 200 * DAY) for each in (facts, replace(facts, void=Void.TWICE))] == [Tally(), Tally()]


def test_who_pressed_by_mistake_takes_it_back_within_the_hour_and_before_it_was_received() -> None:
    facts = opened()
    assert tally(called_back(facts, me=OPENER, now=START + HOUR), START + 9 * DAY) == Tally(void=1)
    received = act(facts, Step.RECEIVE, START)
    for other, me, now in ((facts, EKA, START), (facts, OPENER, START + 61 * HOUR / 60), (received, OPENER, START)):
        with pytest.raises(InputError, match="tidak dapat dibatalkan"):
            called_back(other, me=me, now=now)


def test_a_ticket_that_says_all_it_can_fits_into_one_block_and_is_read_as_it_was_written() -> None:
    moment = START.replace(microsecond=123456)
    moments = {each.name: moment for each in fields(Facts) if each.name.endswith(("_at", "_noted"))}
    texts = {"opened_by": OPENER, "void_by": OPENER, "twin": "K" * LENGTH, "simfoni": "1" * 30}
    full = Facts(place=PLACE, must_pass=False, freed=False, void=Void.MISTAKE, void_waits=False, **moments, **texts)  # type: ignore[arg-type]
    assert len(json.dumps(full.plain(), separators=(",", ":"))) <= BLOCK
    assert Facts.of(full.plain()) == full
    # What was written before answers and notes were dated.
    old = {"place": PLACE, "opened_by": OPENER, "reported_at": START.isoformat(), "received_at": START.isoformat()}
    old |= {"passed_at": None, "followed_at": None, "must_pass": False, "simfoni": "", "void": None}
    assert tally(Facts.of(old), START + 80 * HOUR) == Tally(
        handed_over=1, received=1, received_due=1, received_in_time=1
    )
