"""What a family lets its photos be used for is written down: said at the door, or at the office at any time.

Consent is asked for photos alone, for each use; the survey itself is a public task. It is withdrawn as easily as it was
given, in a closed year too, and nothing is ever written over.
"""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from selaras.access import demand, may_set_photo_consent, one
from selaras.actions import audit, photo_register
from selaras.errors import InputError, Problem
from selaras.models import Arrival, ArrivalFile, Household, PhotoConsent, User
from selaras.queries.household import household_of
from selaras.queries.photo_uses import EVERY, ordered, uses_of, uses_of_files


def say_photo_uses(
    *, by: User, cycle_slug: str, code: str, household: str, uses: Collection[str], file_id: int | None = None
) -> PhotoConsent | None:
    """Write down what a family said of all its photos, or of one; None where it says what holds already.

    Raises Missing, Forbidden, InputError for a use that there is none.
    """
    family = household_of(by, cycle_slug, code, household)
    demand(may_set_photo_consent, by, family)
    if not set(uses) <= EVERY:
        raise InputError(Problem("photo.uses"))
    file = None
    if file_id is not None:
        file = one(ArrivalFile.objects.filter(arrival__household=family), pk=file_id)
    with transaction.atomic():
        # One after another, so that the newest row is the last word.
        Household.objects.select_for_update(of=("self",)).get(pk=family.pk)
        asked = PhotoConsent.objects.filter(household=family, file=file).exists()
        before = uses_of(family) if file is None else uses_of_files([file.pk])[file.pk]
        if asked and before == frozenset(uses):
            return None
        return _written(by, family, uses, file=file, arrival=None, now=timezone.now())


def heard_photo_uses(*, arrival: Arrival, household: Household, uses: Collection[str], now: datetime) -> None:
    """The same said in a form, in the transaction that takes it in.

    What was withdrawn at the office is given back at the office alone: a phone that has carried an older word for weeks
    must not give it back unasked, whatever forms have come in between.
    """
    rows = PhotoConsent.objects.filter(household=household, file__isnull=True).order_by("-at", "-pk")
    newest, office = rows.first(), rows.filter(arrival__isnull=True).first()
    said = frozenset(uses)
    if office is not None:
        said &= frozenset(office.uses)
    if newest is None or said != frozenset(newest.uses):
        _written(arrival.by, household, said, file=None, arrival=arrival, now=now)


def unheard_photo_uses(*, arrivals: Collection[int], by: User) -> None:
    """What those forms said of photos was never said: they were about another family, or nobody was met. In the
    transaction that takes their correction in; what was said before them holds again.
    """
    rows = PhotoConsent.objects.filter(arrival__in=arrivals)
    families = {row.household for row in rows.select_related("household__lokus")}
    rows.delete()
    for family in sorted(families, key=lambda one_: one_.pk):
        photo_register.note(family, uses_of(family), file=None, at=timezone.now())
        audit.record(
            by=by,
            action="photos.consent",
            object_type="household",
            object_id=family.uuid,
            place_code=family.area,
            codes=[family.code],
            uses=list(ordered(uses_of(family))),
            file=None,
            via="correction",
        )


def _written(
    by: User,
    household: Household,
    uses: Collection[str],
    *,
    file: ArrivalFile | None,
    arrival: Arrival | None,
    now: datetime,
) -> PhotoConsent:
    told = list(ordered(uses))
    made = PhotoConsent.objects.create(household=household, file=file, uses=told, arrival=arrival, by=by, at=now)
    photo_register.note(household, told, file=None if file is None else file.pk, at=now)
    audit.record(
        by=by,
        action="photos.consent",
        object_type="household",
        object_id=household.uuid,
        place_code=household.area,
        codes=[household.code],
        uses=told,
        file=file.pk if file is not None else None,
        via="office" if arrival is None else "form",
    )
    return made
