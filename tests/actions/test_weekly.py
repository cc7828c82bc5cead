"""The Monday page: made by itself once a week, anew when asked, drawn by a job, checkable by its printed head."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from selaras.access import CONSOLE
from selaras.actions import audit, weekly
from selaras.actions.jobs import work_off
from selaras.errors import Forbidden, InputError, Missing
from selaras.models import AuditEntry, Cycle, Role, Seal, StoredFile, WeeklyPage
from tests import build

pytestmark = pytest.mark.django_db(transaction=True)

#: Monday 12 August 2024, 04.59 and 05.00 by the clocks of Cilegon.
BEFORE = datetime(2024, 8, 11, 21, 59, tzinfo=UTC)
FIVE = datetime(2024, 8, 11, 22, 0, tzinfo=UTC)


def year(code: str = "36.72", lokus: str = "36.72.05.1005") -> Cycle:
    cycle = build.cycle(code)
    build.lokus(cycle, lokus)
    return cycle


def mondays() -> list[str]:
    return [str(day) for day in WeeklyPage.objects.order_by("monday").values_list("monday", flat=True)]


def test_it_is_made_from_five_o_clock_on_monday_once() -> None:
    year()
    weekly.make_due(now=BEFORE - timedelta(days=7))
    first = mondays()
    early = weekly.make_due(now=BEFORE)
    made = [weekly.make_due(now=FIVE + timedelta(hours=hour)) for hour in range(3)]

    assert (first, early, made) == (["2024-07-29"], 1, [1, 0, 0])
    assert mondays() == ["2024-07-29", "2024-08-05", "2024-08-12"]


def test_a_server_that_slept_through_monday_makes_it_when_it_wakes() -> None:
    year()

    assert weekly.make_due(now=FIVE + timedelta(days=3)) == 1
    assert mondays() == ["2024-08-12"]


def test_five_o_clock_is_by_the_clocks_of_the_place() -> None:
    """Papua is two hours ahead of Banten."""
    cycle = year()
    papua = build.place("32")
    papua.code = "91"
    papua.save()
    Cycle.objects.filter(pk=cycle.pk).update(place=papua)
    weekly.make_due(now=FIVE - timedelta(hours=2))

    assert mondays() == ["2024-08-12"]


def test_closed_years_and_years_without_a_lokus_have_none() -> None:
    closed = year()
    Cycle.objects.filter(pk=closed.pk).update(closed_at=FIVE)
    build.cycle("36.73")

    assert (weekly.make_due(now=FIVE), mondays()) == (0, [])


def test_its_head_covers_what_it_tells_and_is_accepted_as_it_is_printed() -> None:
    cycle = year()
    secretary = build.member(Role.SECRETARIAT, "36.72", cycle=cycle)
    weekly.make_now(by=secretary, cycle_slug=cycle.slug)
    audit.seal_pending()
    weekly.make_now(by=secretary, cycle_slug=cycle.slug)
    page = WeeklyPage.objects.get()
    audit.seal_pending()

    assert page.head == Seal.objects.get(number=1).head
    verdict = audit.verify(head=audit.head_to_print(page.head))
    assert (verdict.holds, verdict.printed) == (True, 1)


def test_the_job_draws_both_files_and_making_anew_replaces_them() -> None:
    cycle = year()
    secretary = build.member(Role.SECRETARIAT, "36.72", cycle=cycle)
    first = weekly.make_now(by=secretary, cycle_slug=cycle.slug)
    work_off()
    page = WeeklyPage.objects.get()
    assert page.pdf is not None
    assert page.png is not None
    width = int.from_bytes(page.png.content()[16:20], "big")
    assert (page.pdf.content()[:5], width) == (b"%PDF-", 1080)

    build.lokus(cycle, "36.72.05.1001", prefix="SJ")
    old = page.png.path
    second = weekly.make_now(by=secretary, cycle_slug=cycle.slug)
    between = WeeklyPage.objects.get()
    assert (second, between.pdf, between.png, old.exists()) == (first, None, None, False)
    work_off()
    assert len(WeeklyPage.objects.get().figures["loci"]) == 2
    assert StoredFile.objects.count() == 2


def test_a_page_whose_job_was_lost_is_drawn_at_the_next_hour() -> None:
    year()
    weekly.make_due(now=FIVE)
    work_off()
    done = weekly.draw_missing()
    WeeklyPage.objects.update(pdf=None)

    assert (done, weekly.draw_missing()) == (0, 1)
    work_off()
    assert WeeklyPage.objects.filter(pdf__isnull=False, png__isnull=False).count() == 1


def test_only_the_secretariat_asks_for_it_and_not_once_the_year_is_closed() -> None:
    cycle = year()
    build.place("36.73")
    leader = build.member(Role.LEADER, "36.72")
    with pytest.raises(Forbidden):
        weekly.make_now(by=leader, cycle_slug=cycle.slug)
    with pytest.raises(Missing):
        weekly.make_now(by=build.member(Role.SECRETARIAT, "36.73"), cycle_slug=cycle.slug)
    Cycle.objects.update(closed_at=timezone.now())
    with pytest.raises(InputError, match="sudah ditutup"):
        weekly.make_now(by=CONSOLE, cycle_slug=cycle.slug)

    assert (mondays(), AuditEntry.objects.count()) == ([], 0)


def test_the_audit_says_who_made_which_monday() -> None:
    year()
    weekly.make_due(now=FIVE)
    entry = AuditEntry.objects.get()
    page = WeeklyPage.objects.get()

    assert (entry.action, entry.object_id, entry.place_code) == ("weekly.make", str(page.uuid), "36.72")
    assert (entry.actor, entry.details) == (None, {"monday": "2024-08-12"})
