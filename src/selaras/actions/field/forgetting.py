"""Erasure reaches what phones sent of a family: forms, photos, visits and changes, with the keys that opened them."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from selaras.actions import audit
from selaras.models import Arrival, ArrivalFile, DataKey, Erasure, Household, HouseholdEdit, StoredFile, Visit


def keys_of_arrivals(household: Household) -> list[UUID]:
    """The keys of everything that phones sent of this family: older backups hold what they open."""
    return list(Arrival.objects.filter(_of(household)).values_list("key_id", flat=True))


def forget_arrivals(household: Household, now: datetime) -> None:
    """Delete what phones sent of it, in the caller's transaction; files go when it has committed."""
    HouseholdEdit.objects.filter(household=household).delete()
    _forget(Arrival.objects.filter(_of(household)).values_list("pk", flat=True), now)


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
