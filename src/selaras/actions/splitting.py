"""A family becomes two (*pecah KK*), and one again: members go to a new family beside the old one, linked to it."""

from collections.abc import Iterator, Sequence
from datetime import date
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from selaras.access import Actor, demand, households_for, may_correct_household, one, the_lokus
from selaras.actions import audit
from selaras.actions.counting import count_registered
from selaras.actions.field.edits import corrected, registry_of
from selaras.actions.merged_words import words_of_one_again
from selaras.errors import InputError, Problem
from selaras.models import (
    DataKey,
    EditSource,
    Household,
    KeyPurpose,
    Lokus,
    Merge,
    Person,
    Split,
    Target,
    User,
    WomanSaid,
)
from selaras.queries.programme import today_in


def split_family(
    *, by: Actor, cycle_slug: str, code: str, household: str, members: Sequence[UUID], on: date | None
) -> Split:
    """Make those members a family of their own since that day: the next free code, the same address, its own key.

    Raises Missing and Forbidden; InputError where nobody or everybody is to go, and for a day that is none or to come.
    """
    with transaction.atomic():
        old = _locked(by, cycle_slug, code, household)
        if on is None or on > today_in(old.lokus.cycle) or on.year < old.lokus.cycle.year - 5:
            raise InputError(Problem("state.day", "pecah-sejak"))
        persons = list(Person.objects.filter(household=old).order_by("position"))
        going = [person for person in persons if person.uuid in set(members)]
        if not going or len(going) == len(persons):
            raise InputError(Problem("split.members", "pecah"))
        was = registry_of(old)
        new = Household(lokus=old.lokus, code=next_code(old.lokus), key=DataKey.fresh(KeyPurpose.HOUSEHOLD))
        new.head_name, new.address, new.rw, new.rt = going[0].name, old.address, old.rw, old.rt
        new.the_key().save(force_insert=True)
        new.save(force_insert=True)
        moved = [[person.pk, person.position] for person in going]
        for position, person in enumerate(going, start=1):
            _move(person, old, new, position)
        # What a woman answered goes with her.
        WomanSaid.objects.filter(woman__in=going).update(household=new)
        _version(old, was, by, len(going))
        author = by if isinstance(by, User) else None
        made = Split.objects.create(old=old, new=new, on=on, by=author, moved={"members": moved})
        count_registered(old.lokus_id)
        _written(by, "households.split", old, new=new.code, members=len(going))
    return made


def unsplit(*, by: Actor, cycle_slug: str, code: str, household: str) -> Split:
    """Make the family one again with the one that left it last: `household` is the code of either.

    What the new one said of what it received is said by the old one: a "belum" is not lost. The new one is in nobody's
    view then and says nothing of anybody; its corrections go with the old one where that is
    erased. Raises Missing and Forbidden; InputError where something stands on it.
    """
    with transaction.atomic():
        named = _locked(by, cycle_slug, code, household)
        rows = Split.objects.filter(undone_at__isnull=True).select_related("old", "new")
        made = rows.filter(new=named).first() or rows.filter(old=named).order_by("-at", "-pk").first()
        if made is None:
            raise InputError(Problem("split.none"))
        old = _locked(by, cycle_slug, code, made.old.code)
        new = _locked(by, cycle_slug, code, made.new.code)
        if reasons := list(_blockers(new)):
            raise InputError(reasons)
        was, taken = registry_of(old), set(old.persons.values_list("position", flat=True))
        last = old.persons.aggregate(last=Max("position"))["last"] or 0
        before = dict(made.moved["members"])
        back = list(Person.objects.filter(household=new).order_by("position"))
        for person in back:
            position = before.get(person.pk, 0)
            if not position or position in taken:
                position = last = max(last, *taken, 0) + 1
            taken.add(position)
            _move(person, new, old, position)
        words_of_one_again(old, new, timezone.now())
        new.pending = made.uuid
        _emptied(new, old, by)
        _version(old, was, by, len(back))
        made.undone_at, made.undone_by = timezone.now(), by if isinstance(by, User) else None
        made.save(update_fields=["undone_at", "undone_by"])
        count_registered(old.lokus_id)
        _written(by, "households.unsplit", old, new=new.code, members=len(back))
    return made


def _emptied(new: Household, old: Household, by: Actor) -> None:
    """Nobody sees the new one any more: what names it would outlive its people, and its KK number would stay taken.

    Numbers that were typed on it go to the old one where that has none (which is for the caller to save); where it has
    others, they stay among the corrections of the new one.
    """
    was = {**registry_of(new), "head_name": "", "address": ""}
    if was["kk"] and not old.kk():
        old.set_kk(was["kk"], new.kk_hash)
        was["kk"] = ""
    if was["phone"] and not old.phone():
        old.set_phone(was["phone"], new.phone_hash)
        was["phone"] = ""
    new.head_name = new.address = ""
    new.kk_sealed = new.kk_hash = new.phone_sealed = new.phone_hash = None
    new.version += 1
    new.save()
    if was["kk"] or was["phone"]:
        corrected(new, was, by=by, source=EditSource.OFFICE).save()


def next_code(lokus: Lokus) -> str:
    """The code after the last of a lokus, those of families that are hidden counted too."""
    codes = Household.objects.filter(lokus=lokus).values_list("code", flat=True)
    numbers = [int(tail) for code in codes if (tail := code.rpartition("-")[2]).isdigit()]
    return f"{lokus.prefix}-{max(numbers, default=0) + 1:03d}"


def _locked(by: Actor, cycle_slug: str, code: str, household: str) -> Household:
    lokus = the_lokus(by, cycle_slug, code)
    seen = one(households_for(by).select_related("lokus__cycle__place", "lokus__place"), lokus=lokus, code=household)
    demand(may_correct_household, by, seen)
    Lokus.objects.select_for_update().get(pk=lokus.pk)
    rows = Household.objects.select_related("lokus__cycle__place", "lokus__place", "key")
    rows = rows.select_for_update(of=("self",))
    return rows.get(pk=seen.pk)


def _move(person: Person, old: Household, new: Household, position: int) -> None:
    """Under the other family's key."""
    person.household = old
    number, hashed = person.nik(), person.nik_hash
    person.household, person.position = new, position
    person.set_nik(number, hashed)
    person.save()


def _version(old: Household, was: dict[str, str], by: Actor, members: int) -> None:
    old.version += 1
    old.save()
    corrected(old, was, by=by, source=EditSource.OFFICE, members=members).save()


def _blockers(new: Household) -> Iterator[Problem]:
    """What stands on the new family by now: it is no mistake any more."""
    used = (
        new.submissions.exists()
        or new.visits.exists()
        or new.arrivals.exists()
        or new.activities.exists()
        or Target.objects.filter(household=new).exists()
        or Merge.objects.filter(kept=new, undone_at__isnull=True).exists()
        or Split.objects.filter(old=new, undone_at__isnull=True).exists()
    )
    if used:
        yield Problem("split.used", values={"code": new.code})


def _written(by: Actor, action: str, old: Household, **details: object) -> None:
    audit.record(
        by=by,
        action=action,
        object_type="household",
        object_id=old.uuid,
        place_code=old.lokus.area,
        **details,
    )
