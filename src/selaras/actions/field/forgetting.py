"""Erasure reaches what phones sent of a family: forms, photos, visits and changes, with the keys that opened them.

What belongs to no family cannot be found by one: it has a limit of time, UNCLAIMED_FOR, and goes of itself.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from selaras.actions import audit
from selaras.models import (
    Arrival,
    ArrivalFile,
    CannotUnsealError,
    DataKey,
    Erasure,
    Household,
    HouseholdEdit,
    StoredFile,
    Visit,
)
from selaras.models.keys import digits
from selaras.queries.arrivals import UNCLAIMED_FOR, unclaimed

#: As many in one go; the next hour does more.
MOST = 50
#: A shorter number could be anything.
SHORTEST = 9


def keys_of_arrivals(household: Household) -> list[UUID]:
    """The keys of everything that phones sent of this family: older backups hold what they open."""
    there = _of(household) | Q(pk__in=list(_mentioning(household)))
    return list(Arrival.objects.filter(there).values_list("key_id", flat=True))


def forget_arrivals(household: Household, now: datetime) -> None:
    """Delete what phones sent of it, in the caller's transaction; files go when it has committed."""
    HouseholdEdit.objects.filter(household=household).delete()
    there = _of(household) | Q(pk__in=list(_mentioning(household)))
    _forget(Arrival.objects.filter(there).values_list("pk", flat=True), now)


def forget_by_keys(keys: Iterable[UUID], now: datetime) -> None:
    """The same for arrivals that an older backup did not know to be this family's."""
    _forget(Arrival.objects.filter(key__in=list(keys)).values_list("pk", flat=True), now)


def forget_returned(*, now: datetime) -> int:
    """Destroy what came in about families that had been erased before; how many. Asked whenever arrivals are read.

    A phone that never heard its receipt sends a form again, for months: it must bring nobody back.
    """
    rows = Arrival.objects.filter(about__in=Erasure.objects.values("household"))
    found = list(rows.values_list("pk", "uuid", "area"))
    if not found:
        return 0
    with transaction.atomic():
        _forget([pk for pk, _, _ in found], now)
        for _, uuid, area in found:
            audit.record(by=None, action="arrivals.forget", object_type="arrival", object_id=uuid, place_code=area)
    return len(found)


def forget_unclaimed(*, now: datetime) -> int:
    """Destroy what has been held or set aside for UNCLAIMED_FOR and belongs to no family; how many. Called hourly."""
    rows = unclaimed(Arrival.objects.filter(received_at__lt=now - UNCLAIMED_FOR)).order_by("pk")
    found = list(rows.values_list("pk", "uuid", "area", "reason")[:MOST])
    if not found:
        return 0
    with transaction.atomic():
        _forget([pk for pk, _, _, _ in found], now)
        for _, uuid, area, reason in found:
            audit.record(
                by=None,
                action="arrivals.forget",
                object_type="arrival",
                object_id=uuid,
                place_code=area,
                reason=reason,
                days=UNCLAIMED_FOR.days,
            )
    return len(found)


def _mentioning(household: Household) -> Iterator[int]:
    """Those of no family whose bytes name this one: by its id, or by a number that no other family has."""
    numbers = [household.kk(), household.phone(), *(person.nik() for person in household.persons.all())]
    marks = {str(household.uuid).encode(), *(text.encode() for text in map(digits, numbers) if len(text) >= SHORTEST)}
    rows = unclaimed(Arrival.objects.filter(cycle=household.lokus.cycle_id)).select_related("key", "file__key")
    for arrival in rows.iterator(chunk_size=MOST):
        try:
            raw = arrival.raw_bytes().lower()
        except (CannotUnsealError, OSError):
            continue
        if any(mark in raw for mark in marks):
            yield arrival.pk


def _of(household: Household) -> Q:
    there = Q(household=household) | Q(submission__household=household) | Q(visit__household=household)
    return there | Q(about=household.uuid)


def _forget(found: Iterable[int], now: datetime) -> None:
    ids = list(found)
    if not ids:
        return
    keys = list(Arrival.objects.filter(pk__in=ids).values_list("key_id", flat=True))
    Visit.objects.filter(arrival__in=ids).delete()
    HouseholdEdit.objects.filter(arrival__in=ids).delete()
    ArrivalFile.objects.filter(arrival__in=ids).delete()
    Arrival.objects.filter(pk__in=ids).delete()
    for stored in StoredFile.objects.filter(key__in=keys):
        stored.erase()
    for key in DataKey.objects.filter(pk__in=keys, wrapped__isnull=False):
        key.destroy(now)
