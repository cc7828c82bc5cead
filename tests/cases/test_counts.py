"""The only way out: whole numbers, the same before and after tickets are destroyed."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import override_settings

from selaras.actions.upkeep import ask_apps
from selaras.cases.counts import Cell, Tally, cells, total
from selaras.cases.facts import Facts, tally
from selaras.cases.keeping import destroy_due
from selaras.cases.models import RoomKey, Sum, Ticket
from tests.cases.build import OPENER, OTHER, PLACE, ticket

NOW = datetime(2026, 11, 27, 5, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
REPORTED = NOW - 200 * DAY


def facts(**said: object) -> Facts:
    return Facts(place=PLACE, opened_by=OPENER, reported_at=REPORTED, **said)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("said", "after", "expected"),
    [
        ({}, HOUR, Tally(handed_over=1)),
        ({}, 25 * HOUR, Tally(handed_over=1, received_due=1)),
        (
            {"received_at": REPORTED + 24 * HOUR},
            24 * HOUR,
            Tally(handed_over=1, received=1, received_due=1, received_in_time=1),
        ),
        (
            {"received_at": REPORTED + 25 * HOUR, "must_pass": True},
            40 * HOUR,
            Tally(handed_over=1, received=1, received_due=1),
        ),
        # Unanswered is wanted, once the law's hours are over; and what was answered after that changes nothing.
        ({"received_at": REPORTED}, 72 * HOUR, Tally(handed_over=1, received=1, received_due=1, received_in_time=1)),
        (
            {"received_at": REPORTED},
            73 * HOUR,
            Tally(handed_over=1, received=1, received_due=1, received_in_time=1, pass_on_due=1),
        ),
        (
            {"received_at": REPORTED, "must_pass": False, "freed": False},
            73 * HOUR,
            Tally(handed_over=1, received=1, received_due=1, received_in_time=1, pass_on_due=1),
        ),
        # In time is what was written down within two days of it.
        (
            {"received_at": REPORTED + HOUR, "received_noted": REPORTED + 49 * HOUR, "must_pass": False},
            50 * HOUR,
            Tally(handed_over=1, received=1, received_due=1, received_in_time=1),
        ),
        (
            {"received_at": REPORTED + HOUR, "received_noted": REPORTED + 50 * HOUR, "must_pass": False},
            50 * HOUR,
            Tally(handed_over=1, received=1, received_due=1),
        ),
        (
            {"received_at": REPORTED, "must_pass": True, "passed_at": REPORTED + 72 * HOUR},
            80 * HOUR,
            Tally(handed_over=1, received=1, received_due=1, received_in_time=1, pass_on_due=1, passed_in_time=1),
        ),
        (
            {"received_at": REPORTED, "must_pass": True, "passed_at": REPORTED + 73 * HOUR},
            80 * HOUR,
            Tally(handed_over=1, received=1, received_due=1, received_in_time=1, pass_on_due=1),
        ),
        (
            {"received_at": REPORTED, "must_pass": False, "followed_at": REPORTED + 90 * DAY},
            91 * DAY,
            Tally(handed_over=1, received=1, received_due=1, received_in_time=1, follow_up_due=1, followed_up=1),
        ),
        (
            {"received_at": REPORTED, "must_pass": False},
            121 * DAY,
            Tally(handed_over=1, received=1, received_due=1, received_in_time=1, follow_up_due=1),
        ),
        ({"void": "mistake", "received_at": REPORTED}, 121 * DAY, Tally(void=1)),
        ({"void": "mistake", "void_waits": True}, 25 * HOUR, Tally(handed_over=1, received_due=1)),
    ],
)
def test_a_clock_counts_once_it_was_met_or_has_run_out(
    said: dict[str, object], after: timedelta, expected: Tally
) -> None:
    assert tally(facts(**said), REPORTED + after) == expected


@pytest.mark.django_db
def test_counts_stay_when_tickets_are_destroyed_with_their_keys() -> None:
    ticket(ago=800 * DAY, now=NOW, received_at=NOW - 800 * DAY + HOUR)
    ticket(ago=800 * DAY, now=NOW)
    ticket(ago=790 * DAY, now=NOW, place=OTHER, void="twice")
    young = ticket(ago=2 * DAY, now=NOW, place=OTHER)
    before = cells("36.72", date(2024, 1, 1), date(2026, 12, 31), now=NOW)
    keys = {str(key) for key in RoomKey.objects.filter(purpose="ticket").values_list("id", flat=True)}

    ask_apps(NOW)
    assert destroy_due(now=NOW) == 0
    late = Tally(handed_over=1, received_due=1, follow_up_due=1)
    # Nobody said whether the law wanted it passed on.
    good = replace(late, received=1, received_in_time=1, pass_on_due=1)
    expected = (
        Cell(PLACE, date(2024, 9, 1), good + late),
        Cell(OTHER, date(2024, 9, 1), Tally(void=1)),
        Cell(OTHER, date(2026, 11, 1), replace(late, follow_up_due=0)),
    )
    assert before == tuple(sorted(expected, key=lambda cell: (cell.month, cell.place)))
    assert cells("36.72", date(2024, 1, 1), date(2026, 12, 31), now=NOW) == before
    assert total(before).handed_over == 3
    assert cells("36.72.05.1005", date(2024, 9, 5), date(2024, 9, 5), now=NOW) == expected[:1]
    assert cells("36.73", date(2024, 1, 1), date(2026, 12, 31), now=NOW) == ()
    left = RoomKey.objects.filter(purpose="ticket").get()
    assert (list(Ticket.objects.all()), Sum.objects.count(), str(left.pk) in keys) == ([young], 1, True)


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["", "1:" + "bm90LXRoaXMtbm90LXRoaXMtbm90LXRoaXMtbm90LXQ="])
def test_a_lost_key_is_not_the_same_as_nothing_happened(key: str) -> None:
    ticket(ago=DAY, now=NOW)

    with override_settings(SELARAS_CASES_KEY=key):
        assert cells("", date(2026, 1, 1), date(2026, 12, 31), now=NOW) is None
        assert destroy_due(now=NOW + 3000 * DAY) == 0
    assert Ticket.objects.count() == 1
