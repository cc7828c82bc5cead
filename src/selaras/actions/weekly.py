"""The Monday page: made by itself every week, or when the secretariat asks; its files are drawn by a job."""

import uuid
from datetime import date, datetime, time, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from selaras.access import Actor, demand, may_manage_cycle, the_cycle
from selaras.actions import audit
from selaras.actions.jobs import Progress, enqueue, enqueue_once
from selaras.errors import InputError, Problem
from selaras.models import Cycle, JobState, Seal, StoredFile, WeeklyPage
from selaras.models.places import zone_of
from selaras.queries.weekly import figures_of
from selaras.reports.weekly import week_pdf, week_png

#: From then on a Monday has its page, by the clocks of the place: before the office opens.
FROM = time(5, 0)


def make_due(*, now: datetime | None = None) -> int:
    """Make the page of this week's Monday for each open year that lacks it; how many. The worker calls it hourly.

    A server that slept through Monday makes it when it wakes. Safe to run twice at once: the second finds it made.
    """
    now = now or timezone.now()
    made = 0
    for cycle in Cycle.objects.filter(closed_at__isnull=True, loci__isnull=False).select_related("place").distinct():
        monday = _due_monday(cycle, now)
        if not WeeklyPage.objects.filter(cycle=cycle, monday=monday).exists():
            made += _make(None, cycle, monday, now) is not None
    return made


def make_now(*, by: Actor, cycle_slug: str) -> uuid.UUID:
    """Make this week's page anew, as things are now; its id. Its address stays: what was shared shows the new one.

    Raises Missing, Forbidden, or InputError for a closed year.
    """
    cycle = the_cycle(by, cycle_slug)
    demand(may_manage_cycle, by, cycle)
    if cycle.closed_at is not None:
        raise InputError(Problem("weekly.closed"))
    now = timezone.now()
    today = now.astimezone(zone_of(cycle.place.code)).date()
    page = _make(by, cycle, today - timedelta(days=today.weekday()), now)
    if page is None:
        raise InputError(Problem("weekly.busy"))
    return page.uuid


def _due_monday(cycle: Cycle, now: datetime) -> date:
    """The last Monday on which the clock has struck FROM."""
    local = now.astimezone(zone_of(cycle.place.code))
    monday = local.date() - timedelta(days=local.weekday())
    return monday if local.weekday() or local.time() >= FROM else monday - timedelta(days=7)


def _make(by: Actor | None, cycle: Cycle, monday: date, now: datetime) -> WeeklyPage | None:
    """The page with fresh figures, and a job for its files; None where another makes it at this moment."""
    # So that the head on the page covers what its figures tell of.
    audit.seal_pending(now=now)
    figures = figures_of(cycle, monday=monday, now=now)
    head = Seal.objects.order_by("-number").values_list("head", flat=True).first() or ""
    try:
        with transaction.atomic():
            page = WeeklyPage.objects.select_for_update().filter(cycle=cycle, monday=monday).first()
            page = page or WeeklyPage(cycle=cycle, monday=monday)
            old = [stored for stored in (page.pdf, page.png) if stored is not None]
            page.figures, page.head, page.made_at = figures, head, now
            page.pdf = page.png = None
            page.save()
            _forget(old)
            enqueue(by=by, kind="weekly.draw", page=str(page.uuid))
            audit.record(
                by=by,
                action="weekly.make",
                object_type="weekly_page",
                object_id=page.uuid,
                place_code=cycle.place.code,
                monday=str(monday),
            )
    except IntegrityError:
        return None
    return page


def draw(progress: Progress) -> None:
    """The job `weekly.draw`: PDF and picture of a page. Done twice, the second replaces the first."""
    page = WeeklyPage.objects.get(uuid=progress.job.params["page"])
    pdf, png = week_pdf(page.figures, page.head), week_png(page.figures, page.head)
    progress.say(1, 2)
    with transaction.atomic():
        row = WeeklyPage.objects.select_for_update().get(pk=page.pk)
        if row.made_at != page.made_at:
            # It was made anew meanwhile, and another job draws that.
            return
        old = [stored for stored in (row.pdf, row.png) if stored is not None]
        row.pdf = StoredFile.store(pdf, "application/pdf")
        row.png = StoredFile.store(png, "image/png")
        row.save(update_fields=["pdf", "png"])
        _forget([stored for stored in old if stored.pk not in {row.pdf_id, row.png_id}])
    progress.say(2, 2, now=True)


def _forget(files: list[StoredFile]) -> None:
    """Erase files that no page names: the same bytes are stored once, and may be another page's."""
    for stored in files:
        if not WeeklyPage.objects.filter(Q(pdf=stored) | Q(png=stored)).exists():
            stored.erase()


def draw_missing() -> int:
    """Ask for the files of pages that have none and for which no job waits; how many. The worker calls it hourly."""
    asked = 0
    for page in WeeklyPage.objects.filter(Q(pdf__isnull=True) | Q(png__isnull=True)):
        with transaction.atomic():
            job = enqueue_once(by=None, kind="weekly.draw", page=str(page.uuid))
            asked += job.state == JobState.QUEUED
    return asked
