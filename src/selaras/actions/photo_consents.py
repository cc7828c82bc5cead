"""What a family lets its photos be used for is written down: said at the door, or at the office at any time.

Consent is asked for photos alone, for each use; the survey itself is a public task. It is withdrawn as easily as it was
given, in a closed year too, and nothing is ever written over. Each word becomes a line of ids, uses and the moment in a
register beside the media, too: a backup that is restored must not take a no back.
Source: UU 27/2022 art. 9 (consent can be withdrawn at any time).
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from selaras.access import Actor, demand, may_set_photo_consent, one
from selaras.actions import audit
from selaras.actions.registers import Register
from selaras.errors import InputError, Problem
from selaras.models import Arrival, ArrivalFile, Household, PhotoConsent, User
from selaras.queries.household import household_of
from selaras.queries.photo_uses import EVERY, ordered, uses_of, uses_of_files


@dataclass(frozen=True, slots=True)
class Word:
    """One line of the register: of all photos of that family, or of one of them, and when it was said."""

    household: str
    file: int | None
    uses: tuple[str, ...]
    at: str


def _word(said: Any) -> Word:
    file = None if said["file"] is None else int(said["file"])
    uses = tuple(str(use) for use in said["uses"])
    return Word(str(UUID(said["household"])), file, uses, datetime.fromisoformat(said["at"]).isoformat())


REGISTER: Final = Register("photo-consents.jsonl", _word)


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


def no_photo_uses(*, by: Actor | None, household: Household, now: datetime) -> None:
    """Nothing any more, in the caller's transaction, as its restriction wished before it came in anew."""
    if not uses_of(household):
        return
    PhotoConsent.objects.create(
        household=household, file=None, uses=[], by=by if isinstance(by, User) else None, at=now
    )
    _note(household, (), file=None, at=now)
    _record(by, household, (), file=None, via="restriction")


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
        left = uses_of(family)
        _note(family, left, file=None, at=timezone.now())
        _record(by, family, left, file=None, via="correction")


def replay(*, by: Actor, words: Iterable[Word]) -> int:
    """Withdraw again what an older backup did not know to be withdrawn; of how many families or photos.

    The last word of each counts. An erased family says nothing any more.
    """
    last = {(word.household, word.file): word for word in sorted(words, key=lambda word: word.at)}
    # Of the family before single photos: a photo's word is written where it narrows what is left.
    return sum(_narrowed(by, last[key]) for key in sorted(last, key=lambda key: (key[1] is not None, str(key))))


def _narrowed(by: Actor, word: Word) -> bool:
    at = datetime.fromisoformat(word.at)
    with transaction.atomic():
        rows = Household.objects.select_for_update(of=("self",), no_key=True).filter(erased_at__isnull=True)
        family = rows.select_related("lokus").filter(uuid=word.household).first()
        if family is None or PhotoConsent.objects.filter(household=family, file=word.file, at__gte=at).exists():
            return False
        file = None
        if word.file is not None:
            file = ArrivalFile.objects.filter(pk=word.file, arrival__household=family, received_at__lte=at).first()
            if file is None:
                return False
        before = uses_of(family) if file is None else uses_of_files([file.pk])[file.pk]
        left = frozenset(before) & frozenset(word.uses)
        if left == before:
            return False
        PhotoConsent.objects.create(household=family, file=file, uses=list(ordered(left)), by=None, at=at)
        _record(by, family, left, file=word.file, via="restore")
    return True


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
    id_ = None if file is None else file.pk
    _note(household, told, file=id_, at=now)
    _record(by, household, told, file=id_, via="office" if arrival is None else "form")
    return made


def _note(household: Household, uses: Collection[str], *, file: int | None, at: datetime) -> None:
    """What holds from now on."""
    REGISTER.note(Word(str(household.uuid), file, ordered(uses), at.isoformat()))


def _record(by: Actor | None, household: Household, uses: Collection[str], *, file: int | None, via: str) -> None:
    audit.record(
        by=by,
        action="photos.consent",
        object_type="household",
        object_id=household.uuid,
        place_code=household.area,
        codes=[household.code],
        uses=list(ordered(uses)),
        file=file,
        via=via,
    )
