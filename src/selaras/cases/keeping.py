"""The room's own care: destroy what was kept long enough. Nobody's doing, but logged."""

from datetime import date, datetime, timedelta

from django.conf import settings
from django.utils import timezone

from selaras.cases import keys
from selaras.cases.breaking import Asked
from selaras.cases.facts import Tally, tally
from selaras.cases.models import Break, Ticket
from selaras.cases.rows import add_sums, destroy, in_the_room, note, unsealed

#: At most so many in one transaction.
CHUNK = 100
#: Emergencies are in the log as long as the log is; what was asked and by whom goes from its own row after this.
BREAKS_KEPT = timedelta(days=365)


def destroy_due(*, now: datetime | None = None) -> int:
    """Destroy tickets whose time is up, with their keys; how many. What they added up to stays, as sums of a month.

    Called every hour. Nothing happens where the room is shut: nothing could be added up.
    """
    now, done = now or timezone.now(), 0
    try:
        if not keys.versions():
            return 0
        while count := _destroy_chunk(now):
            done += count
    except keys.ShutError:
        return done
    return done


@in_the_room
def _destroy_chunk(now: datetime) -> int:
    today = timezone.localdate(now)
    before = today - timedelta(days=settings.SELARAS_CASES_KEEP_DAYS)
    # Held, so that of two workers of one hour only one adds them to the sums.
    rows = Ticket.objects.select_for_update(of=("self",)).select_related("key").filter(reported_on__lt=before)
    due = rows.order_by("reported_on", "id")[:CHUNK]
    months: dict[object, dict[str, Tally]] = {}
    codes = {ticket.code for ticket in due}
    for ticket in due:
        facts = unsealed(ticket)
        month = months.setdefault(ticket.reported_on.replace(day=1), {})
        month[facts.place] = month.get(facts.place, Tally()) + tally(facts, now)
        destroy(ticket)
    for first_day, more in months.items():
        add_sums(first_day, more)
    _forget_breaks(codes, today - BREAKS_KEPT)
    if months:
        note(who="", action="destroy", now=now, tickets=len(due))
    return len(due)


def _forget_breaks(codes: set[str], before: date) -> None:
    """Emergencies of tickets that are no more, and old ones: what the log keeps of them is who opened something."""
    for row in Break.objects.select_related("key"):
        if row.asked_on < before or (codes and Asked.of(row).code in codes):
            key = row.key
            row.delete()
            key.delete()
