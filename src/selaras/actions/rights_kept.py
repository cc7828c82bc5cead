"""What a request about somebody's data keeps of her, and when that is destroyed: with her family, or a year later."""

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from selaras.models import Household, RightsRequest

#: After the answer: long enough to be asked about it, and no longer.
KEPT: Final = timedelta(days=365)


def forget_requests_of(household: Household, now: datetime) -> None:
    """Destroy who asked and what, of every request about that family, in the caller's transaction."""
    for row in RightsRequest.objects.filter(household=household, forgotten_at__isnull=True).select_related("key"):
        _forget(row, now)


def forget_answered(now: datetime) -> int:
    """The same of every request that was answered long enough ago; how many. Called hourly."""
    due = RightsRequest.objects.filter(answered_at__lt=now - KEPT, forgotten_at__isnull=True)
    count = 0
    for row in due.select_related("key"):
        with transaction.atomic():
            _forget(row, now)
            count += 1
    return count


def _forget(row: RightsRequest, now: datetime) -> None:
    row.asker_sealed = row.reach_sealed = row.words_sealed = None
    row.forgotten_at = now
    row.save(update_fields=["asker_sealed", "reach_sealed", "words_sealed", "forgotten_at"])
    if row.key.wrapped is not None:
        row.key.destroy(now)
