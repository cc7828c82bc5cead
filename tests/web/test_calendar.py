"""/kalender/<feed>.ics: meetings, stages, due days and ends of commitments of one agency; never a family."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from icalendar import Calendar

from selaras.actions.asks import Reply, answer, ask_all
from selaras.actions.links import Secrets, revoke
from selaras.models import Ask, Commitment, Guest, Meeting, Stage
from selaras.queries.links import feed_of
from tests.build_asks import YEAR, Asking, asking, families, link, visitor

pytestmark = pytest.mark.django_db
TOMORROW = timezone.now().replace(microsecond=0) + timedelta(days=1)


@pytest.fixture(autouse=True)
def _fresh_tries() -> None:
    cache.clear()


def url(made: Secrets) -> str:
    return f"/kalender/{feed_of(made.token)}.ics"


def meeting(of: Asking, title: str, *agencies: str) -> Meeting:
    made = Meeting.objects.create(
        cycle=of.cycle, kind="rakor", title=title, starts=TOMORROW, venue="Aula Bappeda", attend_token=title
    )
    for position, name in enumerate(agencies):
        Guest.objects.create(meeting=made, position=position, name=f"Kepala {name}", agency=of.agencies[name])
    return made


def summaries(content: bytes) -> list[str]:
    return [str(event["summary"]) for event in Calendar.from_ical(content).walk("VEVENT")]


def test_the_feed_holds_what_the_agency_must_know_and_nobodys_name() -> None:
    of = asking()
    families(of, 2, "jamban")
    families(of, 2, "jamban", lokus=of.next)
    ask_all(by=of.secretary, cycle_slug=of.slug, due=of.due)
    made = link(of)
    ask = Ask.objects.get(lokus=of.lokus)
    months = {"starts": date(YEAR, 5, 1), "ends": date(YEAR, 7, 1)}
    answer(
        by=visitor(made), cycle_slug=of.slug, ask_id=ask.uuid, reply=Reply("accept", ask.version, fund="dpa", **months)
    )
    Commitment.objects.update(title="Jamban untuk ZubaidahGD01")
    Stage.objects.create(cycle=of.cycle, position=1, name="Rakor", starts=date(YEAR, 3, 1), ends=date(YEAR, 3, 31))
    meeting(of, "Rakor semua")
    meeting(of, "Rakor Disperkim", "Disperkim")
    meeting(of, "Rakor Dinkes", "Dinkes")
    response = Client().get(url(made))

    assert (response.status_code, response.headers["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    assert summaries(response.content) == [
        "Rakor semua", "Rakor Disperkim", "Rakor", "Tenggat jawaban: 1 kebutuhan", "Akhir K-001: Jamban sehat",
    ]  # fmt: skip
    assert b"Zubaidah" not in response.content
    events = list(Calendar.from_ical(response.content).walk("VEVENT"))
    assert f"DTSTART:{TOMORROW.astimezone(UTC):%Y%m%dT%H%M%SZ}" in response.content.decode().splitlines()
    assert [event.decoded("dtstart") for event in events[2:]] == [date(YEAR, 3, 1), of.due, date(YEAR, 7, 31)]
    assert events[2].decoded("dtend") == date(YEAR, 4, 1)
    assert len({str(event["uid"]) for event in events}) == 5
    assert all(isinstance(event.decoded("dtstamp"), datetime) for event in events)


def test_an_application_that_has_it_is_told_so_until_something_changes() -> None:
    of = asking()
    made, client = link(of), Client()
    held = meeting(of, "Rakor")
    first = client.get(url(made))
    etag = first.headers["ETag"]
    again = client.get(url(made), headers={"If-None-Match": etag})
    Meeting.objects.filter(pk=held.pk).update(cancelled_at=timezone.now(), version=2)
    changed = client.get(url(made), headers={"If-None-Match": etag})

    assert (first.status_code, again.status_code, again.content, changed.status_code) == (200, 304, b"", 200)
    event = next(iter(Calendar.from_ical(changed.content).walk("VEVENT")))
    assert (str(event["status"]), event["sequence"]) == ("CANCELLED", 1)


def test_it_closes_with_its_link_and_is_not_the_links_own_secret() -> None:
    of = asking()
    made = link(of)
    assert Client().get(f"/kalender/{made.token}.ics").status_code == 404
    assert Client().get(f"/opd/{feed_of(made.token)}/").status_code == 404
    revoke(by=of.secretary, cycle_slug=of.slug, link_id=made.link.uuid)
    assert (Client().get(url(made)).status_code, Client().post(url(made)).status_code) == (404, 405)


def test_it_ends_with_the_task_of_whoever_is_behind_the_link() -> None:
    of = asking()
    made = link(of)
    assert Client().get(url(made)).status_code == 200
    made.link.user.memberships.update(ends=timezone.now())
    assert Client().get(url(made)).status_code == 404
