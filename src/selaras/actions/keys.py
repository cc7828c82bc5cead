"""Care of the keys: wrap every one with the newest master key, so that an old one can be taken away."""

from django.db import transaction

from selaras.access import Actor, demand, may_rotate_keys
from selaras.actions import audit
from selaras.models import DataKey, sealing

#: Keys in one transaction: some 20 ms on SQLite.
CHUNK = 500


def rotate(*, by: Actor) -> int:
    """Wrap with the highest version of SELARAS_DATA_KEY what another one wraps; how many were wrapped anew.

    What the keys seal stays as it is. Safe to stop and start again: each chunk commits by itself. Raises
    CannotUnsealError where the setting lacks a version that some key still needs; nothing of that chunk changes.
    """
    demand(may_rotate_keys, by)
    newest, done = sealing.current_version(), 0
    while count := _rotate_chunk(newest):
        done += count
    with transaction.atomic():
        audit.record(by=by, action="keys.rotate", version=newest, keys=done)
    return done


@transaction.atomic
def _rotate_chunk(newest: int) -> int:
    stale = DataKey.objects.filter(wrapped__isnull=False).exclude(wrapped_by=newest)
    keys = list(stale.select_for_update().order_by("pk")[:CHUNK])
    for key in keys:
        key.rewrap()
    DataKey.objects.bulk_update(keys, ["wrapped", "wrapped_by"])
    return len(keys)
