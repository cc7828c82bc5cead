"""Erasure reaches what phones sent of a family: forms, photos, visits and changes, with the keys that opened them."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from selaras.models import Arrival, ArrivalFile, DataKey, Household, HouseholdEdit, StoredFile, Visit


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


def _of(household: Household) -> Q:
    return Q(household=household) | Q(submission__household=household) | Q(visit__household=household)


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
