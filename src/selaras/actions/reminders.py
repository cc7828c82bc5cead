"""Remind liaisons: by a message that the secretariat sends, or by mail; never more than once a day."""

import logging
from collections import defaultdict
from datetime import date, datetime
from uuid import UUID

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from selaras.access import CONSOLE, Actor, demand, may_ask, one, the_cycle
from selaras.actions import audit
from selaras.models import Cycle, Digest, User
from selaras.queries.programme import today_in
from selaras.queries.reminders import Reminder, is_urgent, reminders_of

log = logging.getLogger("selaras")

#: Local hours of working days in which a mail may go out.
OFFICE_HOURS = range(7, 18)
SATURDAY = 5


def mark_reminded(*, by: Actor, cycle_slug: str, user_id: UUID) -> bool:
    """Write down that she was reminded today; False where she had been already. Raises Missing, Forbidden."""
    cycle = the_cycle(by, cycle_slug)
    demand(may_ask, by, cycle)
    now = timezone.now()
    known = {each.user for each in reminders_of(by, cycle, now)[0]}
    user = one(User.objects.filter(uuid__in=known), uuid=user_id)
    with transaction.atomic():
        _row, made = Digest.objects.get_or_create(
            user=user, day=today_in(cycle, now), defaults={"by_mail": False, "made_at": now}
        )
        if made:
            audit.record(
                by=by,
                action="reminders.mark",
                object_type="user",
                object_id=user.uuid,
                place_code=cycle.place.code,
                cycle=cycle.slug,
            )
    return made


def send_digests(now: datetime) -> int:
    """Mail to everybody who has an address and something that presses, once a day in office hours; how many.

    The worker calls it hourly. Without SELARAS_EMAIL_URL nothing is sent.
    """
    if not settings.SELARAS_EMAIL_URL:
        return 0
    texts: dict[tuple[UUID, date], list[Reminder]] = defaultdict(list)
    for cycle in Cycle.objects.filter(closed_at=None).select_related("place").order_by("pk"):
        local = now.astimezone(cycle.place.zone)
        if local.weekday() >= SATURDAY or local.hour not in OFFICE_HOURS:
            continue
        found = [each for each in reminders_of(CONSOLE, cycle, now)[0] if each.email and each.said is None]
        last = _last_days({each.user for each in found})
        for each in found:
            if is_urgent(each.duty, local.date(), last.get(each.user)):
                texts[each.user, local.date()].append(each)
    return sum(_send(user, day, rows, now) for (user, day), rows in texts.items())


def _last_days(users: set[UUID]) -> dict[UUID, date]:
    rows = Digest.objects.filter(user__uuid__in=users).values("user__uuid").annotate(last=Max("day"))
    return {row["user__uuid"]: row["last"] for row in rows}


def _send(user_id: UUID, day: date, rows: list[Reminder], now: datetime) -> bool:
    text = "\n\n".join(each.text for each in rows)
    return mail_once(User.objects.get(uuid=user_id), day, f"Pengingat {rows[0].agency}", text, now)


def mail_once(user: User, day: date, subject: str, message: str, now: datetime) -> bool:
    """One mail a day; whether it went. It is written down first: a worker that dies in between reminds nobody twice."""
    with transaction.atomic():
        digest, made = Digest.objects.get_or_create(user=user, day=day, defaults={"by_mail": True, "made_at": now})
        if not made:
            return False
        audit.record(by=None, action="reminders.mail", object_type="user", object_id=user.uuid, day=day.isoformat())
    try:
        send_mail(subject=subject, message=message, from_email=None, recipient_list=[user.email])
    except OSError:
        log.exception("surel pengingat tidak terkirim; dicoba lagi sejam lagi")
        digest.delete()
        return False
    return True
