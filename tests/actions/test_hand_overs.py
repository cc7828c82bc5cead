"""Hand-overs go from the locked room to what everybody in the city may read: published, small counts withheld."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from selaras.access import CONSOLE
from selaras.actions.recaps import publish_hand_overs
from selaras.errors import InputError
from selaras.models import AuditEntry, Place, Publication
from selaras.queries.protection import keyed, measured_share
from selaras.scoring.recaps import Key
from tests import build
from tests.cases.build import ticket

pytestmark = pytest.mark.django_db
CITY, WEST, EAST = "36.72", "36.72.05", "36.72.06"
#: Tickets of each kelurahan, and how many of them were received late.
TICKETS = {"36.72.05.1001": (9, 2), "36.72.05.1005": (3, 1), "36.72.06.1001": (8, 0), "36.72.06.1002": (6, 0)}


def places() -> None:
    city = build.cycle().place
    for code in (WEST, EAST, *TICKETS):
        level = "kecamatan" if code.count(".") == 2 else "kelurahan"
        Place.objects.get_or_create(code=code, defaults={"name": code, "level": level, "kind": level, "parent": city})


def handed_over(year: int = 2024) -> None:
    at = datetime(year, 3, 4, 3, tzinfo=UTC)
    for place, (count, late) in TICKETS.items():
        for number in range(count):
            hours = 30 if number < late else 5
            ticket(ago=timezone.now() - at, place=place, received_at=at + timedelta(hours=hours), must_pass=False)


def test_what_is_published_of_them_withholds_the_small_and_is_measured_by_the_nearest_that_is() -> None:
    places()
    handed_over()
    made = publish_hand_overs(by=CONSOLE, cycle_slug="36-72-2024", year="2024")
    cells = keyed(made.cells)
    shown = {place: cells[Key(place, "", "handed_over")] for place in (CITY, WEST, EAST, *TICKETS)}
    # The three of one kelurahan take its neighbour with them, and the kecamatan's whole stays.
    assert shown == {
        CITY: 26, WEST: 12, EAST: 14, "36.72.05.1001": None, "36.72.05.1005": None,
        "36.72.06.1001": 8, "36.72.06.1002": 6,
    }  # fmt: skip
    # None of them was followed up after three months; none had to be passed on, which is a small count itself.
    assert cells[Key(CITY, "", "pass_on_due")] is None
    found = measured_share(CITY, 2024, "36.72.05.1005.RW03", "handover_24h")
    assert found is not None
    assert (found.area, found.done, found.due) == (WEST, 9, 12)
    assert measured_share(CITY, 2024, "36.72.06.1001", "handover_24h").area == "36.72.06.1001"  # type: ignore[union-attr]
    assert measured_share(CITY, 2024, "36.72.06.1001", "passed_on_in_time") is None
    assert measured_share(CITY, 2023, "36.72.06.1001", "handover_24h") is None
    entry = AuditEntry.objects.get(action="recaps.publish_hand_overs")
    assert set(entry.details) - {"via"} == {"year", "number", "threshold", "withheld"}


def test_one_more_is_not_told_by_publishing_again() -> None:
    places()
    handed_over()
    publish_hand_overs(by=CONSOLE, cycle_slug="36-72-2024", year="2024")
    at = datetime(2024, 3, 4, 3, tzinfo=UTC)
    ticket(ago=timezone.now() - at, place="36.72.06.1001", received_at=at, must_pass=False)
    again = keyed(publish_hand_overs(by=CONSOLE, cycle_slug="36-72-2024", year="2024").cells)
    assert again[Key(CITY, "", "handed_over")] is None
    assert again[Key(WEST, "", "handed_over")] == 12
    assert Publication.objects.count() == 2


def test_a_year_without_enough_of_them_is_not_published() -> None:
    places()
    with pytest.raises(InputError) as refused:
        publish_hand_overs(by=CONSOLE, cycle_slug="36-72-2024", year="2024")
    assert [problem.code for problem in refused.value.problems] == ["recap.nothing_to_show"]
    assert not Publication.objects.exists()
