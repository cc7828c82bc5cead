"""What is done for who asked about her data: the answer *dipenuhi* is a deed, never a tick.

For a family the deed is done here, or must have been done before (a correction, a copy). Who is in no family is found
by the name and number that she gave: they are taken out of every text about the city, and what only a person can do (a
photo, an account) must stand in the audit since she asked. Source: UU 27/2022 art. 6 to 11, 15, 43.
"""

import re
from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import Q

from selaras.access import may_settle_requests
from selaras.actions.erasure import erase_household, finish_erasures
from selaras.actions.photo_consents import say_photo_uses
from selaras.actions.restrictions import restrict
from selaras.actions.rights_kept import forget_earlier, forget_request, nameless
from selaras.actions.traces import marks_of, take_out
from selaras.errors import InputError, Problem
from selaras.models import (
    AuditEntry,
    Deed,
    Erasure,
    Household,
    RequestKind,
    RightsRequest,
    Role,
    Submission,
    User,
)
from selaras.queries.rights import DEEDS_OF_NOBODY, family_now, opened
from selaras.queries.traces import traces_of_person

#: What of a family's is done, by what is asked.
_OF_FAMILY: Final = {
    RequestKind.SEE: Deed.GIVEN,
    RequestKind.COPY: Deed.GIVEN,
    RequestKind.CORRECT: Deed.CORRECTED,
    RequestKind.STOP: Deed.CONSENT,
    RequestKind.OBJECT: Deed.RESTRICTED,
    RequestKind.RESTRICT: Deed.RESTRICTED,
    RequestKind.ERASE: Deed.ERASED,
}
#: What takes the name that was given out of every text about the city.
CLEANS: Final = frozenset({Deed.NAMES, Deed.PHOTOS, Deed.ACCOUNT})
_CORRECTIONS: Final = ("households.correct", "households.state", "households.merge", "households.split")
#: How a photo is taken away; that very one, since she asked.
_PHOTO_GONE: Final = ("evidence.withdraw", "activities.delete")
_UUID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def family_of(row: RightsRequest) -> Household | None:
    """The family that it is about now, as `queries.rights.family_now`. None where nobody's.

    Raises InputError where it is gone.
    """
    found = family_now(row)
    if found is None and row.household is not None:
        raise InputError(Problem("rights.no_family"))
    return found


def deed_for(by: User, row: RightsRequest, family: Household | None, said: str, about: str) -> Deed:
    """What *dipenuhi* will mean. Of a request about no family the office chooses (`said`), and names the photo or the
    account (`about`: the address of its page, the name that one signs in with).

    Raises InputError where nothing is chosen, or where what must have been done before was not.
    """
    if family is None:
        if said not in DEEDS_OF_NOBODY[RequestKind(row.kind)]:
            raise InputError(Problem("rights.deed", "perbuatan"))
        deed = Deed(said)
        if deed in CLEANS and row.entered_by_id == by.pk and _others_settle(by, row):
            # A name that one person types and takes out would wipe whatever she likes from every record of the city.
            raise InputError(Problem("rights.second"))
        if deed == Deed.PHOTOS and not _photo_gone(row, about):
            raise InputError(Problem("rights.not_photos", "perihal"))
        if deed == Deed.ACCOUNT and account_of(row, about) is None:
            raise InputError(Problem("rights.not_account", "perihal"))
        return deed
    deed = _OF_FAMILY[RequestKind(row.kind)]
    if family.restricted_at is not None and deed in {Deed.CORRECTED, Deed.CONSENT, Deed.RESTRICTED}:
        raise InputError(Problem("rights.restricted"))
    if deed == Deed.CORRECTED and not _corrected_since(row, family):
        raise InputError(Problem("rights.not_corrected"))
    if deed == Deed.GIVEN and not _copy_taken(row):
        raise InputError(Problem("rights.not_given"))
    return deed


def _photo_gone(row: RightsRequest, about: str) -> bool:
    """Whether the one whose page that is was taken away in her city since she asked."""
    found = _UUID.findall(about.casefold())
    gone = AuditEntry.objects.filter(at__gte=row.received_at, action__in=_PHOTO_GONE, object_id__in=found[-1:])
    return gone.filter(_in_city(row, "place_code")).exists()


def account_of(row: RightsRequest, about: str) -> User | None:
    """The closed account of that name, of somebody called as who asks and with a task in her city once; else None."""
    user = User.objects.filter(username__iexact=about.strip(), is_active=False).first()
    here = _in_city(row, "place_code") | _in_city(row, "agency__place__code")
    if user is None or not user.memberships.filter(here).exists():
        return None
    hers = traces_of_person(opened(row, "asker"), "", row.cycle.place).without(user.full_name) != user.full_name
    return user if hers else None


def _in_city(row: RightsRequest, column: str) -> Q:
    city = row.cycle.place.code
    return Q(**{column: city}) | Q(**{f"{column}__startswith": f"{city}."})


def _corrected_since(row: RightsRequest, family: Household) -> bool:
    of_family = AuditEntry.objects.filter(object_type="household", object_id=str(family.uuid))
    if of_family.filter(action__in=_CORRECTIONS, at__gte=row.received_at).exists():
        return True
    return Submission.objects.filter(household=family, received_at__gte=row.received_at).exists()


def _copy_taken(row: RightsRequest) -> bool:
    """Answered, it gives no copy any more: a tick alone would leave her without one for good."""
    of_request = AuditEntry.objects.filter(object_type="rights_request", object_id=str(row.uuid))
    return of_request.filter(action="rights.copy").exists()


def carry_out(*, by: User, row: RightsRequest, family: Household | None, about: str, now: datetime) -> int:
    """Do what `row.deed` says, in the caller's transaction, which has saved it; in how many texts she stood."""
    if family is None:
        account = account_of(row, about) if row.deed == Deed.ACCOUNT else None
        if account is not None:
            nameless(account)
        return _take_out_nobody(row, account, now) if row.deed in CLEANS else 0
    match row.deed:
        case Deed.CONSENT:
            _no_photos(by, family)
        case Deed.RESTRICTED:
            _no_photos(by, family)
            restrict(row=row, family=family, now=now)
        case Deed.ERASED:
            erase_household(by=by, household=family, reason="permintaan")
    return 0


def _others_settle(by: User, row: RightsRequest) -> bool:
    """Whether anybody but she answers requests in that city: a city of one secretary must fulfil them, too."""
    others = User.objects.filter(is_active=True, memberships__role=Role.SECRETARIAT).exclude(pk=by.pk).distinct()
    return any(may_settle_requests(user, row.cycle) for user in others)


def _take_out_nobody(row: RightsRequest, account: User | None, now: datetime) -> int:
    traces = traces_of_person(opened(row, "asker"), opened(row, "reach"), row.cycle.place)
    marks = marks_of(traces, row.cycle.place) | ({"account": str(account.uuid)} if account is not None else {})
    count = sum(take_out(traces, row.cycle.place).values())
    # Swept and replayed as a family's: an older backup must not bring back what she had asked to be forgotten, and one
    # from before she asked has no name to look for but these marks.
    earlier = forget_earlier(row, now) if row.kind == RequestKind.ERASE else []
    keys = [str(key) for key in (row.key_id, *earlier)]
    Erasure.objects.create(household=row.uuid, keys=keys, at=now, marks=marks)
    if row.kind == RequestKind.ERASE:
        forget_request(row, now)
    transaction.on_commit(finish_erasures)
    return count


def _no_photos(by: User, family: Household) -> None:
    lokus = family.lokus
    say_photo_uses(by=by, cycle_slug=lokus.cycle.slug, code=lokus.area, household=family.code, uses=[])
