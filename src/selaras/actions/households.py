"""What is done about families one by one: showing names and numbers, finding one by a number, correcting the registry.

Each showing, finding and correcting is written down, with codes and names of fields and never a value.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from selaras.access import (
    Actor,
    demand,
    households_for,
    may_correct_household,
    may_see_household,
    may_see_names,
    one,
    the_lokus,
)
from selaras.actions import audit
from selaras.actions.field.edits import corrected, registry_of
from selaras.errors import InputError, Problem
from selaras.models import EditSource, Household, Lokus, NikSaid, Person, SearchHashes
from selaras.models.keys import digits, phone_digits

#: More codes than a page can hold are a copy of the registry, not a page.
MOST = 500
#: Digits of a NIK and of a KK number; and how many a phone number has with its country code.
SIXTEEN = 16
PHONE = range(10, 16)


def reveal_names(*, by: Actor, cycle_slug: str, code: str, households: Sequence[str], page: str) -> dict[str, str]:
    """Code → name of the head of the family, for those of the codes that `by` may see.

    Writes one audit entry that names the codes shown and the page (its path). At most MOST codes are answered.
    Raises Missing where the lokus is not there or not hers, Forbidden where she may not see names.
    """
    lokus = the_lokus(by, cycle_slug, code)
    demand(may_see_names, by, lokus)
    wanted = sorted(set(households))[:MOST]
    rows = households_for(by).filter(lokus=lokus, code__in=wanted).values_list("code", "head_name")
    names = dict(rows)
    with transaction.atomic():
        _written(by, "households.reveal_names", lokus, codes=sorted(names), page=page)
    return names


def _written(by: Actor, action: str, lokus: Lokus, **details: object) -> None:
    audit.record(by=by, action=action, object_type="lokus", object_id=lokus.pk, place_code=lokus.area, **details)


# --- one family -------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Family:
    """Who a family is, in plain: `members` are names by the person's uuid, in the family's order."""

    head_name: str
    address: str
    members: Mapping[UUID, str]


@dataclass(frozen=True, slots=True)
class Numbers:
    """A family's whole numbers, '' where unknown: `niks` by the person's uuid."""

    kk: str
    phone: str
    niks: Mapping[UUID, str]


def _family(by: Actor, cycle_slug: str, code: str, household: str) -> Household:
    lokus = the_lokus(by, cycle_slug, code)
    demand(may_see_names, by, lokus)
    rows = households_for(by).select_related("lokus__cycle", "lokus__place", "key")
    found = one(rows, lokus=lokus, code=household)
    demand(may_see_household, by, found)
    return found


def reveal_family(*, by: Actor, cycle_slug: str, code: str, household: str, page: str) -> Family:
    """The names and the address of one family, written down like `reveal_names`. Raises Missing and Forbidden as it."""
    found = _family(by, cycle_slug, code, household)
    persons = Person.objects.filter(household=found).order_by("position")
    members = dict(persons.values_list("uuid", "name"))
    with transaction.atomic():
        _written(by, "households.reveal_names", found.lokus, codes=[found.code], page=page)
    return Family(found.head_name, found.address, members)


def reveal_numbers(*, by: Actor, cycle_slug: str, code: str, household: str) -> Numbers:
    """KK number, phone and every NIK of one family in full, written down. Raises Missing and Forbidden as above."""
    found = _family(by, cycle_slug, code, household)
    niks = {}
    for person in Person.objects.filter(household=found):
        person.household = found
        niks[person.uuid] = person.nik()
    with transaction.atomic():
        _written(by, "households.reveal_numbers", found.lokus, codes=[found.code])
    return Numbers(found.kk(), found.phone(), niks)


# --- finding one by a number ------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class FoundFamily:
    """A family that a number belongs to: where it stands, never the number."""

    uuid: UUID
    code: str
    lokus: str


def find_by_number(*, by: Actor, cycle_slug: str, code: str, number: str) -> tuple[FoundFamily, ...]:
    """The families that a NIK, KK number or phone number belongs to, those of this lokus first.

    However it is spaced; only families of this year that `by` sees by name are found. The search is written down
    with what was found, and never with the number. Raises InputError where it can be none of the three.
    """
    lokus = the_lokus(by, cycle_slug, code)
    demand(may_see_names, by, lokus)
    fits = _fits(number)
    rows = households_for(by).filter(fits, lokus__cycle=lokus.cycle_id).order_by("code").distinct()
    found = [FoundFamily(row.uuid, row.code, row.lokus.area) for row in rows[:MOST]]
    found.sort(key=lambda one: (one.lokus != lokus.area, one.lokus))
    with transaction.atomic():
        _written(by, "households.find_by_number", lokus, codes=[one.code for one in found])
    return tuple(found)


def _fits(number: str) -> Q:
    if re.fullmatch(r"[0-9\s.+()/-]{1,40}", number) is None:
        raise InputError(Problem("household.number"))
    hashes = SearchHashes.load()
    if len(digits(number)) == SIXTEEN:
        return Q(kk_hash=hashes.kk(number)) | Q(persons__nik_hash=hashes.nik(number))
    if _is_phone(number):
        return Q(phone_hash=hashes.phone(number))
    raise InputError(Problem("household.number"))


def _is_phone(number: str) -> bool:
    """Whether it is a whole number as people here write it: 0812…, 62812…, +62 812…, 812…."""
    return digits(number).startswith(("0", "62", "8")) and len(phone_digits(number)) in PHONE


# --- correcting -------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class MemberCorrection:
    """How a member should stand. `nik` is None to leave it, '' to take it away."""

    uuid: UUID
    name: str
    nik: str | None = None


@dataclass(frozen=True, slots=True)
class Correction:
    """How a family should stand in the registry, beside the `version` that was looked at.

    `kk` and `phone` are None to leave them, '' to take them away. Members that are not named stay as they are.
    """

    version: int
    head_name: str
    address: str
    rw: str
    rt: str
    kk: str | None = None
    phone: str | None = None
    members: Sequence[MemberCorrection] = ()


def correct_household(*, by: Actor, cycle_slug: str, code: str, household: str, correction: Correction) -> list[str]:
    """Write what differs, and return the names of the fields that did; the audit keeps those and no value.

    Raises InputError for numbers of another length or of another family, and `household.changed` where somebody has
    corrected the family since `version`; then nothing is written.
    """
    seen = _family(by, cycle_slug, code, household)
    demand(may_correct_household, by, seen)
    with transaction.atomic():
        # One correction of a lokus at a time: a number must not come to two families at once.
        Lokus.objects.select_for_update().get(pk=seen.lokus_id)
        locked = Household.objects.select_for_update().filter(pk=seen.pk, erased_at__isnull=True)
        family = one(locked.select_related(None))
        family.lokus, family.key = seen.lokus, seen.key
        if family.version != correction.version:
            raise InputError(Problem("household.changed"))
        was = registry_of(family)
        changed = _Correcting(family, correction).apply()
        if changed:
            members = len({name.split()[1] for name in changed if name.startswith("member ")})
            corrected(family, was, by=by, source=EditSource.OFFICE, members=members).save()
            audit.record(
                by=by,
                action="households.correct",
                object_type="household",
                object_id=family.uuid,
                place_code=family.lokus.area,
                fields=changed,
            )
    return changed


class _Correcting:
    """Compares a correction with what is stored, checks its numbers, and writes the difference."""

    def __init__(self, family: Household, wanted: Correction) -> None:
        self._family = family
        self._wanted = wanted
        self._hashes = SearchHashes.load()
        self._changed: list[str] = []

    def apply(self) -> list[str]:
        for name in ("head_name", "address", "rw", "rt"):
            value = getattr(self._wanted, name).strip()
            if value != getattr(self._family, name):
                setattr(self._family, name, value)
                self._changed.append(name)
        self._kk()
        self._phone()
        self._members()
        if self._changed:
            self._family.version += 1
            self._family.save()
        return self._changed

    def _kk(self) -> None:
        number = self._wanted.kk
        if number is None or self._hashes.kk(number) == self._family.kk_hash:
            return
        kept = _sixteen(number, "kk", "nomor KK")
        hashed = self._hashes.kk(kept)
        others = Household.objects.filter(lokus=self._family.lokus, kk_hash=hashed).exclude(pk=self._family.pk)
        if hashed and (other := others.first()) is not None:
            raise InputError(Problem("household.taken", "kk", {"field": "nomor KK", "code": other.code}))
        self._family.set_kk(kept, hashed)
        self._changed.append("kk")

    def _phone(self) -> None:
        number = self._wanted.phone
        if number is None or self._hashes.phone(number) == self._family.phone_hash:
            return
        if number and not _is_phone(number):
            raise InputError(Problem("household.phone", "phone"))
        self._family.set_phone(digits(number), self._hashes.phone(number))
        self._changed.append("phone")

    def _members(self) -> None:
        wanted = {member.uuid: member for member in self._wanted.members}
        for person in Person.objects.filter(household=self._family, uuid__in=wanted).order_by("position"):
            person.household = self._family
            self._member(person, wanted[person.uuid])

    def _member(self, person: Person, wanted: MemberCorrection) -> None:
        changed = []
        if (name := wanted.name.strip()) != person.name:
            person.name = name
            changed.append(f"member {person.position} name")
        if wanted.nik is not None and self._hashes.nik(wanted.nik) != person.nik_hash:
            where = f"nik-{person.uuid}"
            kept = _sixteen(wanted.nik, where, "NIK")
            hashed = self._hashes.nik(kept)
            others = Person.objects.filter(household__lokus=self._family.lokus, nik_hash=hashed)
            others = others.exclude(pk=person.pk).select_related("household")
            if hashed and (other := others.first()) is not None:
                raise InputError(Problem("household.taken", where, {"field": "NIK", "code": other.household.code}))
            person.set_nik(kept, hashed)
            changed.append(f"member {person.position} nik")
        elif wanted.nik and person.nik_said == NikSaid.OTHER:
            # She has looked: what is recorded is right.
            person.nik_said = ""
            changed.append(f"member {person.position} nik")
        if changed:
            person.save()
            self._changed += changed


def _sixteen(number: str, where: str, field: str) -> str:
    """The digits of a number that has sixteen, or none at all."""
    kept = digits(number)
    if len(kept) not in {0, SIXTEEN} or re.search(r"[^0-9\s.-]", number):
        raise InputError(Problem("household.digits", where, {"field": field}))
    return kept
