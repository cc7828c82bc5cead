"""The room's own care: destroy what was kept long enough, wrap keys anew. Nobody's doing, but logged."""

from datetime import date, datetime, timedelta

from django.conf import settings
from django.utils import timezone

from selaras.cases import keys
from selaras.cases.breaking import Asked
from selaras.cases.facts import Tally, tally
from selaras.cases.models import Break, Purpose, RoomKey, Sum, Ticket, Vouch
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


def rotate() -> int:
    """Wrap every key of the room with the newest version of SELARAS_CASES_KEY; how many were wrapped anew.

    What they sealed stays as it is, and who works in the room meanwhile notices nothing: both versions open. Each
    chunk commits by itself. Raises ShutError where the setting lacks a version that some key still needs.
    """
    newest, done = keys.current_version(), 0
    while count := _rotate_chunk(newest):
        done += count
    _note_rotation(newest, done)
    return done


@in_the_room
def _rotate_chunk(newest: int) -> int:
    stale = list(RoomKey.objects.exclude(wrapped_by=newest).select_for_update().order_by("pk")[:CHUNK])
    for key in stale:
        key.rewrap()
    RoomKey.objects.bulk_update(stale, ["wrapped", "wrapped_by"])
    return len(stale)


@in_the_room
def _note_rotation(version: int, done: int) -> None:
    note(who="", action="rotate", version=version, keys=done)


@in_the_room
def begin_anew() -> int:
    """After a key was lost for good: drop every key that no version opens, with what it sealed; how many tickets.

    The log's chain stays as it is and goes on under a new key; what the lost one sealed of it is read by nobody.
    """
    lost = []
    for key in RoomKey.objects.order_by("pk"):
        try:
            key.secret()
        except keys.ShutError:
            lost.append(key.pk)
    tickets, _ = Ticket.objects.filter(key__in=lost).delete()
    Break.objects.filter(key__in=lost).delete()
    Vouch.objects.filter(key__in=lost).delete()
    gone = RoomKey.objects.filter(pk__in=lost)
    if gone.filter(purpose=Purpose.SUMS).exists():
        Sum.objects.all().delete()
    gone.delete()
    note(who="", action="begin_anew", tickets=tickets, keys=len(lost))
    return tickets
