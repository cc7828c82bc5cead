"""What a request about somebody's data keeps of her, and when that is destroyed: with her family, or a year later."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from allauth.account.models import EmailAddress
from django.db import transaction

from selaras.access import CONSOLE
from selaras.actions import audit
from selaras.actions.traces import take_out
from selaras.models import AgencyLink, Deed, Household, Invitation, RequestState, RightsRequest, User
from selaras.queries.rights import opened
from selaras.queries.traces import GONE, traces_of_person

#: After the answer: long enough to be asked about it, and no longer.
KEPT: Final = timedelta(days=365)
#: What a closed account is called once its owner is forgotten.
_NOBODY: Final = "dihapus-{pk}"


def forget_requests_of(household: Household, now: datetime) -> None:
    """Destroy who asked and what, of every request about that family, in the caller's transaction."""
    for row in RightsRequest.objects.filter(household=household, forgotten_at__isnull=True).select_related("key"):
        _forget(row, now)


def forget_by_request_keys(keys: Collection[UUID], now: datetime) -> None:
    """The same of requests that an older backup brought back: they were answered by an erasure since.

    One that waited there is closed as what it became, and the name that it gives is taken out of the texts of then.
    """
    rows = RightsRequest.objects.filter(key__in=keys, forgotten_at__isnull=True)
    for row in rows.select_related("key", "cycle__place"):
        if row.state == RequestState.OPEN:
            if row.household_id is None:
                city = row.cycle.place
                take_out(traces_of_person(opened(row, "asker"), opened(row, "reach"), city), city)
            row.state, row.answered_at, row.known_at = RequestState.DONE, now, row.known_at or now
            row.deed = Deed.NAMES if row.household_id is None else Deed.ERASED
            row.save(update_fields=["state", "answered_at", "known_at", "deed"])
        _forget(row, now)


def forget_answered(now: datetime) -> int:
    """The same of every request that was answered long enough ago; how many. Called hourly.

    One that nobody answered for so long after its day ends as LAPSED first: who asked must not be kept for ever because
    nobody did his duty. That it was late stays, and is counted.
    """
    for row in RightsRequest.objects.filter(state=RequestState.OPEN, due_at__lt=now - KEPT).select_related("key"):
        with transaction.atomic():
            row.state, row.answered_at, row.version = RequestState.LAPSED, now, row.version + 1
            row.save(update_fields=["state", "answered_at", "version"])
            _forget(row, now)
            audit.record(
                by=CONSOLE,
                action="rights.lapse",
                object_type="rights_request",
                object_id=row.uuid,
                place_code=row.area,
            )
    due = RightsRequest.objects.filter(answered_at__lt=now - KEPT, forgotten_at__isnull=True)
    count = 0
    for row in due.select_related("key"):
        with transaction.atomic():
            forget_request(row, now)
            count += 1
    return count


def forget_request(row: RightsRequest, now: datetime) -> None:
    """Destroy who asked and what, in the caller's transaction; that she asked, and the answer, stay."""
    if row.forgotten_at is None:
        _forget(row, now)


def forget_earlier(row: RightsRequest, now: datetime) -> list[UUID]:
    """The same of whatever else she asked in that city and was answered, in the caller's transaction; their keys.

    Of who is in no family, which is told by nothing but her name. What waits for an answer stays until it has one.
    """
    city = row.cycle.place
    traces = traces_of_person(opened(row, "asker"), opened(row, "reach"), city)
    others = RightsRequest.objects.filter(cycle__place=city, household__isnull=True, forgotten_at__isnull=True)
    found = []
    for other in others.exclude(pk=row.pk).exclude(state=RequestState.OPEN).select_related("key"):
        asker = opened(other, "asker")
        if traces.without(asker) != asker:
            found.append(other.key_id)
            _forget(other, now)
    return found


def _forget(row: RightsRequest, now: datetime) -> None:
    row.asker_sealed = row.reach_sealed = row.words_sealed = None
    row.forgotten_at = now
    row.save(update_fields=["asker_sealed", "reach_sealed", "words_sealed", "forgotten_at"])
    if row.key.wrapped is not None:
        row.key.destroy(now)


def nameless(user: User) -> None:
    """A closed account says no more who had it; what it did stays its own, so that the audit still holds."""
    user.full_name, user.email, user.username, user.is_active = GONE, "", _NOBODY.format(pk=user.pk), False
    user.save(update_fields=["full_name", "email", "username", "is_active"])
    EmailAddress.objects.filter(user=user).delete()
    Invitation.objects.filter(user=user).update(full_name=GONE)
    AgencyLink.objects.filter(user=user).update(holder=GONE)


def forget_marked_account(marks: Mapping[str, Any]) -> None:
    """The account that the register says was forgotten, in an older backup of which it is still somebody's."""
    user = User.objects.filter(uuid=marks["account"]).first() if marks.get("account") else None
    if user is not None:
        nameless(user)
