"""Mail whoever answers for a city when a clock of the law is about to end, or has: requests and breaches.

It says how many and until when, and nothing else: a mailbox is no place for who asked what.
"""

from datetime import datetime
from typing import Final

from django.conf import settings
from django.db.models import Q
from django.utils import timezone, translation

from selaras.access.rights import ANSWERABLE
from selaras.actions.reminders import OFFICE_HOURS, mail_once
from selaras.errors import Missing
from selaras.models import Breach, Cycle, Membership, RequestState, RightsRequest, User
from selaras.queries.legal_clocks import NEAR, hours_left
from selaras.queries.rights import ClockNews, clock_news
from selaras.reports.words import full_date

SUBJECT: Final = "Tenggat data pribadi"


def send_digests(now: datetime) -> int:
    """At most one mail a day to each, in office hours of any day: 3 x 24 hours run through a holiday; how many.

    The worker calls it hourly, before the liaisons' reminders. Without SELARAS_EMAIL_URL nothing is sent.
    """
    if not settings.SELARAS_EMAIL_URL:
        return 0
    waiting = Q(pk__in=RightsRequest.objects.filter(state=RequestState.OPEN).values("cycle"))
    waiting |= Q(pk__in=Breach.objects.filter(closed_at__isnull=True).values("cycle"))
    count = 0
    for cycle in Cycle.objects.filter(waiting).select_related("place").order_by("pk"):
        local = now.astimezone(cycle.place.zone)
        if local.hour not in OFFICE_HOURS:
            continue
        for user in _answerable(cycle, now):
            news = _pressing(user, cycle, now)
            if news is not None:
                count += mail_once(user, local.date(), SUBJECT, _text(cycle, news), now)
    return count


def _answerable(cycle: Cycle, now: datetime) -> list[User]:
    tasks = Membership.objects.filter(Q(cycle=cycle) | Q(cycle=None), role__in=ANSWERABLE, starts__lte=now)
    tasks = tasks.filter(user__is_active=True).exclude(user__email="").select_related("user").order_by("pk")
    return list({task.user.pk: task.user for task in tasks if task.holds(now)}.values())


def _pressing(user: User, cycle: Cycle, now: datetime) -> ClockNews | None:
    try:
        news = clock_news(user, cycle.slug, now)
    except Missing:
        # Of another city.
        return None
    return news if news is not None and hours_left(news.due, now) <= NEAR else None


def _text(cycle: Cycle, news: ClockNews) -> str:
    with translation.override("id"):
        due = timezone.localtime(news.due, cycle.place.zone)
        parts = [
            *([f"{news.requests} permintaan pemilik data"] if news.requests else []),
            *([f"{news.breaches} kejadian data"] if news.breaches else []),
        ]
        word = "sudah lewat sejak" if news.late else "habis"
        return (
            f"{cycle.programme} {cycle.place.full_name} {cycle.year}: {' dan '.join(parts)} menunggu.\n"
            f"Tenggat yang pertama {word} {full_date(due.date())} pukul {due:%H.%M}.\n\n"
            f"{settings.SELARAS_BASE_URL}/tahun/{cycle.slug}/"
        )
