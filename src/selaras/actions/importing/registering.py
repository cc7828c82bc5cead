"""What a staged row says to the registry: a new family with its persons, or what has changed of a known one."""

import json
from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass
from typing import Any

from selaras.access import Actor
from selaras.actions.field.edits import corrected, registry_of
from selaras.actions.importing.families import sex_of
from selaras.models import (
    DataKey,
    EditSource,
    Household,
    HouseholdEdit,
    ImportBatch,
    ImportRow,
    KeyPurpose,
    Person,
    SearchHashes,
    WomanSaid,
)

Values = dict[str, Any]
#: What of a family is not sealed.
_OPEN = ("head_name", "address", "rw", "rt")
#: What `register` may change of a known family.
_CORRECTED = (
    *("head_name", "address", "rw", "rt", "area"),
    *("kk_sealed", "kk_hash", "phone_sealed", "phone_hash"),
    "version",
)


@dataclass(frozen=True, slots=True)
class Newcomer:
    """A family that the registry has not had, not yet stored, and pending."""

    household: Household
    persons: tuple[Person, ...]


def newcomer(batch: ImportBatch, code: str, values: Values, hashes: SearchHashes) -> Newcomer:
    """Build the family and its persons under a new key; nothing is stored."""
    household = Household(lokus=batch.lokus, code=code, key=DataKey.fresh(KeyPurpose.HOUSEHOLD), pending=batch.uuid)
    household.brought_by = batch.uuid
    register(household, values["registry"], hashes)
    household.place(household.lokus)
    return Newcomer(household, tuple(persons_of(household, values, hashes)))


def register(household: Household, registry: dict[str, str], hashes: SearchHashes) -> None:
    """Set what the row says; what it leaves blank stays as it is."""
    household.head_name = registry.get("head_name", household.head_name)[:120]
    household.address = registry.get("address", household.address)[:300]
    household.rw = registry.get("rw", household.rw)[:20]
    household.rt = registry.get("rt", household.rt)[:20]
    if kk := registry.get("kk"):
        household.set_kk(kk, hashes.kk(kk))
    if phone := registry.get("phone"):
        household.set_phone(phone, hashes.phone(phone))


def persons_of(household: Household, values: Values, hashes: SearchHashes) -> list[Person]:
    """The members that have a name or a NIK, in the order of the file; without any, the head alone."""
    registry = values["registry"]
    members = [row["registry"] for rows in values["members"].values() for row in rows]
    named = [member for member in members if member.get("name") or member.get("nik")]
    if not named and (registry.get("head_name") or registry.get("nik")):
        named = [{"name": registry.get("head_name", ""), "nik": registry.get("nik", "")}]
    persons = []
    for position, member in enumerate(named, start=1):
        person = Person(household=household, position=position, name=member.get("name", "")[:120])
        person.sex = sex_of(member.get("sex", ""))
        person.relation = member.get("relation", "")[:40]
        person.nik_said = member.get("nik_said", "")
        if nik := member.get("nik"):
            person.set_nik(nik, hashes.nik(nik))
        persons.append(person)
    return persons


@dataclass(frozen=True, slots=True)
class Known:
    """A known family whose registry the file corrects: how it will stand, and how it stood. Written in the switch.

    `edit` is the version that this makes, so that a phone which changes the same meets it.
    """

    household: Household
    persons: tuple[Person, ...] | None
    edit: HouseholdEdit
    before: ImportRow | None = None

    @classmethod
    def differing(cls, batch: ImportBatch, household: Household, values: Values, hashes: SearchHashes) -> list["Known"]:
        """[] where the file says nothing new, else the one correction."""
        was, said = copy(household), registry_of(household)
        register(household, values["registry"], hashes)
        household.place(household.lokus)
        persons = persons_of(household, values, hashes)
        _keep_said(household, persons)
        stored = [(p.name, p.sex, p.relation, p.nik_hash) for p in household.persons.order_by("position")]
        same = not values["members"] or stored == [(p.name, p.sex, p.relation, p.nik_hash) for p in persons]
        if same and _shape(was) == _shape(household):
            return []
        household.version += 1
        before = _kept(batch, was, household.version)
        members = 0 if same else len(persons)
        edit = corrected(household, said, by=batch.created_by, source=EditSource.IMPORT, members=members)
        return [cls(household, None if same else tuple(persons), edit, before)]

    @classmethod
    def as_before(cls, row: ImportRow, household: Household, hashes: SearchHashes, by: Actor | None) -> "Known":
        """The family as it stood when `row` was kept; `by` takes the import back."""
        stood = registry_of(household)
        said = json.loads(household.the_key().unseal(row.sealed, _context(household)))
        for name in _OPEN:
            setattr(household, name, said[name])
        household.set_kk(said["kk"], hashes.kk(said["kk"]))
        household.set_phone(said["phone"], hashes.phone(said["phone"]))
        household.place(household.lokus)
        household.version += 1
        persons = []
        for position, one in enumerate(said["persons"], start=1):
            person = Person(household=household, position=position, name=one["name"])
            person.sex, person.relation = one["sex"], one["relation"]
            if one["nik"]:
                person.set_nik(one["nik"], hashes.nik(one["nik"]))
            person.nik_said = one.get("nik_said", "")
            persons.append(person)
        edit = corrected(household, stood, by=by, source=EditSource.UNDO, members=len(persons))
        return cls(household, tuple(persons), edit)

    @staticmethod
    def write(corrections: Sequence["Known"]) -> None:
        """All of them in the caller's transaction, by few statements: everybody who writes waits for it."""
        Household.objects.bulk_update([known.household for known in corrections], _CORRECTED, batch_size=200)
        anew = [known for known in corrections if known.persons is not None]
        said: list[WomanSaid] = []
        for start in range(0, len(anew), 500):
            before = Person.objects.filter(household__in=[known.household for known in anew[start : start + 500]])
            said += WomanSaid.objects.filter(woman__in=before).select_related("woman").order_by("pk")
            before.delete()
        persons = [person for known in anew for person in known.persons or ()]
        Person.objects.bulk_create(persons, batch_size=500)
        _carry(said, persons)
        HouseholdEdit.objects.bulk_create([known.edit for known in corrections], batch_size=500)
        kept = [known.before for known in corrections if known.before is not None]
        ImportRow.objects.bulk_create(kept, batch_size=500)


def _carry(said: Sequence[WomanSaid], persons: Sequence[Person]) -> None:
    """What women answered is theirs still, now that their families' members are written anew."""
    there: dict[int, list[Person]] = {}
    for person in persons:
        there.setdefault(person.household_id, []).append(person)
    answered: set[tuple[int, int]] = set()
    carried = []
    for row in said:
        before = row.woman
        family = [] if before is None else there.get(before.household_id, [])
        same = next((person for person in family if before is not None and is_same(person, before)), None)
        if same is not None and (same.pk, row.round_id) not in answered:
            answered.add((same.pk, row.round_id))
            row.woman = same
            carried.append(row)
    WomanSaid.objects.bulk_update(carried, ["woman"], batch_size=500)


def _keep_said(household: Household, persons: Sequence[Person]) -> None:
    """A sheet says nothing of who has no NIK yet: what a visit found of her stays."""
    found = household.persons.exclude(nik_said="").values_list("name", "nik_said")
    said = {" ".join(name.casefold().split()): word for name, word in found}
    for person in persons:
        if not person.nik_hash:
            person.nik_said = said.get(" ".join(person.name.casefold().split()), "")


def kept_before(batch: ImportBatch) -> list[ImportRow]:
    """What families that are not erased were before this import corrected them, each with its family."""
    rows = ImportRow.objects.filter(batch=batch, sheet__startswith=ImportRow.BEFORE, household__erased_at__isnull=True)
    return list(rows.filter(household__isnull=False).select_related("household__key", "household__lokus__place"))


def _kept(batch: ImportBatch, household: Household, version: int) -> ImportRow:
    """What the registry says of a family, under the family's own key; not saved.

    Its number is the family's version after the correction: who corrects it later makes the undo impossible.
    """
    said = {
        **{name: getattr(household, name) for name in _OPEN},
        "kk": household.kk(),
        "phone": household.phone(),
        "persons": [
            {
                "name": one.name,
                "sex": one.sex,
                "relation": one.relation,
                "nik": one.nik(),
                "nik_said": one.nik_said,
            }
            for one in household.persons.order_by("position")
        ],
    }
    row = ImportRow(batch=batch, sheet=f"{ImportRow.BEFORE}{household.pk}", number=version, household=household)
    row.sealed = household.the_key().seal(json.dumps(said, ensure_ascii=False).encode(), _context(household))
    return row


def _context(household: Household) -> str:
    return f"importrow.before:{household.uuid}"


def _shape(household: Household) -> tuple[str | None, ...]:
    return (
        household.head_name,
        household.address,
        household.rw,
        household.rt,
        household.kk_hash,
        household.phone_hash,
    )


def is_same(one: Person, other: Person) -> bool:
    """Whether two members of a family are one person: by NIK where both have one, else by name."""
    if one.nik_hash and other.nik_hash:
        return one.nik_hash == other.nik_hash
    return bool(other.name) and one.name.casefold().split() == other.name.casefold().split()
