"""Activities: what was done, when, where, who came by counts, and one photo, sealed under a key of its own."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Final

from django.db import IntegrityError, transaction
from django.utils import timezone

from selaras.access import (
    CONSOLE,
    Actor,
    activities_for,
    commitments_for,
    demand,
    households_for,
    may_change_activity,
    may_report_for,
    one,
    the_lokus,
)
from selaras.actions import audit, evidence_photos, reactions
from selaras.actions.evidence import destroy_files
from selaras.errors import InputError, Problem
from selaras.models import Activity, Agency, Commitment, DataKey, Household, KeyPurpose, Lokus, StoredFile, User
from selaras.queries.activities import BANDS, SEXES, attended_in, deleted_for
from selaras.queries.evidence_files import type_of
from selaras.queries.photos import TYPES, kind_of, without_metadata
from selaras.queries.plans import agency_of
from selaras.queries.programme import today_in

#: Bytes of a photo: what a phone's camera makes at its best.
LARGEST: Final = 15 * 1024 * 1024
MOST_PEOPLE: Final = 100_000
MOST_QUANTITY: Final = Decimal(10) ** 12
#: So long a deleted report can be brought back; then its photo is destroyed.
KEPT: Final = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Told:
    """What somebody reports. `attended` is sex → band → people, and `difabel` of them all.

    `commitments` are numbers of the year (K-014 is 14), `households` ids of families served, of those she may see by
    name; None leaves the families as they are.
    """

    title: str
    on: date
    agency_id: int | None = None
    venue: str = ""
    quantity: Decimal | None = None
    unit: str = ""
    attended: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    disabled: int = 0
    commitments: tuple[int, ...] = ()
    households: tuple[uuid.UUID, ...] | None = None


def report(
    *, by: Actor, cycle_slug: str, lokus_code: str, activity_id: uuid.UUID, told: Told, photo: bytes | None = None
) -> Activity:
    """Keep a report. Sent twice under the same `activity_id`, which the sender made up, it is one.

    Raises Missing, Forbidden, or InputError with everything that is wrong, each at its field.
    """
    lokus = the_lokus(by, cycle_slug, lokus_code)
    agency = None if told.agency_id is None else agency_of(lokus.cycle, told.agency_id)
    demand(may_report_for, by, lokus, agency)
    before = _sent_before(by, activity_id)
    if before is not None:
        return before
    made = Activity(uuid=activity_id, cycle=lokus.cycle, lokus=lokus, agency=agency)
    made.reported_by = by if isinstance(by, User) else None
    served, families = _told(by, made, told, photo)
    sealed = None if photo is None else _sealed(photo)
    try:
        with transaction.atomic():
            _keep_photo(made, sealed)
            made.save(force_insert=True)
            made.commitments.set(served)
            made.households.set(families or [])
            evidence_photos.follow(made, photo)
            _record(by, "activities.report", made, commitments=len(served), families=len(families or []))
    except IntegrityError:
        # The same report at the same moment, from the same hasty thumb.
        found = _sent_before(by, activity_id)
        if found is None:
            raise
        return found
    return made


def change(
    *,
    by: Actor,
    cycle_slug: str,
    activity_id: uuid.UUID,
    version: int,
    told: Told,
    photo: bytes | None = None,
    drop_photo: bool = False,
) -> Activity:
    """Correct a report; `photo` takes the place of the old one, which is destroyed.

    Raises Missing, Forbidden, or InputError: `activity.newer` where it was changed since `version`.
    """
    sealed = None if photo is None else _checked_and_sealed(photo)
    with transaction.atomic():
        found = _held(by, cycle_slug, activity_id)
        if found.version != version:
            raise InputError(Problem("activity.newer", "version"))
        found.agency = None if told.agency_id is None else agency_of(found.cycle, told.agency_id)
        demand(may_report_for, by, found.lokus, found.agency)
        was = found.title
        served, families = _told(by, found, told, photo)
        if sealed is not None or drop_photo:
            _forget_photo(found)
        _keep_photo(found, sealed)
        found.version = version + 1
        found.save()
        found.commitments.set(served)
        if families is not None:
            _serve(by, found, families)
        evidence_photos.follow(found, photo, was=was)
        _record(by, "activities.change", found, version=found.version, commitments=len(served))
    return found


def delete(*, by: Actor, cycle_slug: str, activity_id: uuid.UUID) -> None:
    """Take a report back: nobody sees it from now on; for KEPT it can be restored. Raises Missing, Forbidden."""
    with transaction.atomic():
        found = _held(by, cycle_slug, activity_id)
        found.deleted_at = timezone.now()
        found.save(update_fields=["deleted_at"])
        evidence_photos.taken_back(found)
        _record(by, "activities.delete", found)


def restore(*, by: Actor, cycle_slug: str, activity_id: uuid.UUID) -> None:
    """Undo `delete`. Raises Missing once it is gone for good, or where it never was hers."""
    with transaction.atomic():
        found = one(deleted_for(by).select_for_update(of=("self",)), uuid=activity_id, cycle__slug=cycle_slug)
        demand(may_change_activity, by, found)
        found.deleted_at = None
        found.save(update_fields=["deleted_at"])
        evidence_photos.there_again(found)
        _record(by, "activities.restore", found)


def purge(*, now: datetime | None = None) -> int:
    """Destroy for good what was deleted KEPT ago: photo, its key, the row; how many. The worker calls it hourly."""
    now = now or timezone.now()
    count = 0
    for found in Activity.objects.filter(deleted_at__lt=now - KEPT).select_related("photo", "key", "lokus"):
        with transaction.atomic():
            _record(None, "activities.purge", found)
            photo, key = found.photo, found.key
            reactions.forget_of(found)
            evidence_photos.forget(found)
            found.delete()
            _destroy(photo, key)
        count += 1
    return count


# --- checks -----------------------------------------------------------------------------------------------------------
def _sent_before(by: Actor, activity_id: uuid.UUID) -> Activity | None:
    found = Activity.objects.filter(uuid=activity_id).select_related("lokus__cycle", "cycle").first()
    if found is None:
        return None
    if by is not CONSOLE and found.reported_by_id != getattr(by, "pk", None):
        raise InputError(Problem("activity.taken"))
    return found


def _held(by: Actor, cycle_slug: str, activity_id: uuid.UUID) -> Activity:
    """The activity, held until the transaction ends."""
    rows = activities_for(by).select_for_update(of=("self",), no_key=True)
    found = one(rows, uuid=activity_id, cycle__slug=cycle_slug)
    demand(may_change_activity, by, found)
    return found


def _told(by: Actor, of: Activity, told: Told, photo: bytes | None) -> tuple[list[Commitment], list[Household] | None]:
    """Set what was told; the commitments and families that it names. Raises InputError with all problems."""
    problems = [*_texts(of, told), *_day(of, told), *_quantity(of, told), *_people(of, told)]
    served = list(_commitments(by, of.lokus, of.agency, told.commitments))
    if len(served) < len(set(told.commitments)):
        problems.append(Problem("activity.commitment", "commitments"))
    families = None
    if told.households is not None:
        families = list(households_for(by).filter(uuid__in=told.households, lokus=of.lokus)) if told.households else []
        if len(families) < len(set(told.households)):
            problems.append(Problem("activity.families", "households"))
    if photo is not None:
        problems += _photo(photo)
    if problems:
        raise InputError(problems)
    return served, families


def _texts(of: Activity, told: Told) -> list[Problem]:
    problems = []
    words = {"title": ("nama kegiatan", told.title), "venue": ("tempat", told.venue), "unit": ("satuan", told.unit)}
    for name, (what, value) in words.items():
        text = " ".join(value.split())
        most: int = getattr(Activity._meta.get_field(name), "max_length", 0)
        if len(text) > most:
            problems.append(Problem("activity.too_long", name, {"what": what, "most": most}))
        setattr(of, name, text)
    if not of.title:
        problems.append(Problem("activity.title", "title"))
    return problems


def _day(of: Activity, told: Told) -> list[Problem]:
    of.on = told.on
    if told.on > today_in(of.cycle):
        return [Problem("activity.future", "on")]
    return [Problem("activity.past", "on")] if told.on < date(of.cycle.year - 1, 1, 1) else []


def _quantity(of: Activity, told: Told) -> list[Problem]:
    of.quantity = told.quantity
    if told.quantity is None:
        return []
    if not 0 <= told.quantity < MOST_QUANTITY:
        return [Problem("activity.quantity", "quantity", {"most": "1 triliun"})]
    return [] if of.unit else [Problem("activity.unit", "unit")]


def _people(of: Activity, told: Told) -> list[Problem]:
    counts = {sex: {band: int(told.attended.get(sex, {}).get(band, 0)) for band in BANDS} for sex in SEXES}
    numbers = [number for bands in counts.values() for number in bands.values()]
    of.attended = attended_in(counts, told.disabled)
    if any(not 0 <= number <= MOST_PEOPLE for number in (*numbers, told.disabled)):
        return [Problem("activity.attended", "attended", {"most": MOST_PEOPLE})]
    return [Problem("activity.disabled", "disabled")] if told.disabled > sum(numbers) else []


def _commitments(by: Actor, lokus: Lokus, agency: Agency | None, numbers: tuple[int, ...]) -> list[Commitment]:
    """Those of the numbers that are of this lokus or the whole city and that she may read; of hers where it is hers."""
    if not numbers:
        return []
    rows = commitments_for(by).filter(cycle=lokus.cycle, number__in=numbers)
    return [row for row in rows if row.lokus_id in {None, lokus.pk} and (agency is None or row.agency_id == agency.pk)]


def _serve(by: Actor, of: Activity, families: list[Household]) -> None:
    """Replace the families that she sees; those that she does not see stay."""
    seen = households_for(by).filter(lokus=of.lokus)
    of.households.remove(*of.households.filter(pk__in=seen.values("pk")))
    of.households.add(*families)


# --- the photo ------------------------------------------------------------------------------------------------
def _photo(content: bytes) -> list[Problem]:
    if len(content) > LARGEST:
        return [Problem("photo.too_big", "photo")]
    try:
        without_metadata(content)
        type_of(content)
    except InputError as error:
        return [Problem(problem.code, "photo", problem.values) for problem in error.problems]
    return []


def _checked_and_sealed(content: bytes) -> StoredFile | None:
    """Sealed, where it is a photo at all: what is wrong with it is said with everything else."""
    return None if _photo(content) else _sealed(content)


def _sealed(content: bytes) -> StoredFile:
    """On disk under a fresh key, before anything is locked; neither has a row yet."""
    return StoredFile.written(content, TYPES[kind_of(content)], DataKey.fresh(KeyPurpose.ACTIVITY))


def _keep_photo(of: Activity, stored: StoredFile | None) -> None:
    if stored is not None and stored.key is not None:
        stored.key.save(force_insert=True)
        stored.save(force_insert=True)
        of.photo, of.key = stored, stored.key


def _forget_photo(of: Activity) -> None:
    evidence_photos.forget(of)
    photo, key = of.photo, of.key
    of.photo = of.key = None
    of.save(update_fields=["photo", "key"])
    _destroy(photo, key)


def _destroy(photo: StoredFile | None, key: DataKey | None) -> None:
    if key is not None:
        destroy_files(key, timezone.now())
    elif photo is not None:
        photo.erase()


def _record(by: Actor | None, action: str, of: Activity, **details: object) -> None:
    audit.record(by=by, action=action, object_type="activity", object_id=of.uuid, place_code=of.lokus.area, **details)
