"""Sheets of families: printed with a code each, opened by that code and her name, answered by her.

Whoever finds the paper has its code, and sees on a screen nothing that the paper does not say; to get that far she must
know the name of a woman of the family, which the paper does not carry. Officers print these sheets, so a browser in
which somebody is signed in answers none.
"""

import difflib
import re
import secrets
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from selaras.access import Actor, demand, may_ask_family, may_print_sheets, may_set_sheet_contact
from selaras.actions import audit
from selaras.actions.confirmations import write_words
from selaras.errors import InputError, Problem
from selaras.models import FamilySheet, Household, Lokus, Person, Said, SearchHashes, Sex, SheetContact, User, Via
from selaras.models.confirmations import CODE_LENGTH, CODE_LETTERS, NAME_TRIES
from selaras.queries.family_sheet import sheets_of
from selaras.queries.household import household_of
from selaras.queries.programme import cycle_ref, lokus_in, lokus_ref, today_in
from selaras.queries.sheet_door import code_of, contact_words, sheet_behind
from selaras.queries.voice import Wanted, families_wanted
from selaras.reports.family_sheet import Coded, sheets_pdf
from selaras.reports.letters import Paper

#: How alike two words of a name must be: *Rohayati* and *Rohayaty* are one, *Siti* and *Sri* are not.
_ALIKE = 0.8
#: What is said before a name or within it and is none.
_TITLES = frozenset({"bu", "ibu", "mbak", "mba", "teh", "hj", "hajah", "ny", "nyonya", "mak", "nenek", "bin", "binti"})
_SHORTEST = 3


# --- printing ---------------------------------------------------------------------------------------------------------
def print_sheets(*, by: User, cycle_slug: str, code: str, wanted: Wanted, base_url: str) -> Paper:
    """The sheets that she asked for, two a page; a family's code is made at its first and stays on every later one.

    Raises Missing, Forbidden, InputError where nobody fits or too many do.
    """
    lokus = lokus_in(by, cycle_slug, code)
    demand(may_print_sheets, by, lokus)
    families = families_wanted(by, lokus, wanted)
    told = sheets_of(lokus, families)
    with transaction.atomic():
        codes = _coded(by, families, {one.uuid: [line.id for line in one.on_paper] for one in told})
        audit.record(
            by=by,
            action="families.print",
            object_type="lokus",
            object_id=lokus.area,
            place_code=lokus.area,
            cycle=lokus.cycle_id,
            codes=[one.code for one in told],
        )
    coded = [Coded(one, codes[one.uuid]) for one in told]
    contact = contact_words(lokus)
    on = today_in(lokus.cycle)
    return sheets_pdf(cycle_ref(lokus.cycle), lokus_ref(lokus), coded, contact=contact, on=on, base_url=base_url)


def _coded(by: User, families: Sequence[Household], told: Mapping[UUID, list[int]]) -> dict[UUID, str]:
    """Family -> the code of its open sheet, which is made where there is none; what the paper tells is kept with it."""
    now, hashes = timezone.now(), SearchHashes.load()
    # Two officers print at once: the second finds the codes of the first, for one family has one code.
    list(Lokus.objects.select_for_update(no_key=True).filter(pk__in={family.lokus_id for family in families}))
    rows = FamilySheet.objects.filter(household__in=families, closed_at__isnull=True)
    there = {row.household_id: row for row in rows.select_for_update(of=("self",))}
    codes, new = {}, []
    for family in families:
        sheet = there.get(family.pk)
        if sheet is None:
            sheet = FamilySheet(household=family, made_by=by, made_at=now)
            fresh = _fresh_code()
            sheet.set_code(fresh, hashes.sheet(fresh))
            new.append(sheet)
        sheet.household = family
        sheet.told, sheet.printed_at = told[family.uuid], now
        codes[family.uuid] = sheet.code()
    FamilySheet.objects.bulk_update(there.values(), ["told", "printed_at"])
    FamilySheet.objects.bulk_create(new)
    return codes


def _fresh_code() -> str:
    return "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))


def close_sheet(*, by: User, cycle_slug: str, code: str, household: str) -> bool:
    """The code of that family's sheet opens nothing any more, and the next printing carries another; False where none
    was open. Raises Missing, Forbidden."""
    family = household_of(by, cycle_slug, code, household)
    demand(may_ask_family, by, family)
    with transaction.atomic():
        sheet = FamilySheet.objects.select_for_update().filter(household=family, closed_at__isnull=True).first()
        if sheet is None:
            return False
        sheet.close(timezone.now())
        _written(by, "families.close_sheet", family)
    return True


def set_contact(*, by: User, cycle_slug: str, code: str, name: str, phone: str) -> SheetContact:
    """Whom the families of that lokus call. Raises Missing, Forbidden, InputError."""
    lokus = lokus_in(by, cycle_slug, code)
    demand(may_set_sheet_contact, by, lokus)
    # PostgreSQL stores no NUL, and nobody means one.
    name, phone = (" ".join(text.replace("\0", "").split()) for text in (name[:80], phone[:40]))
    if not name or not phone:
        raise InputError(Problem("sheet.contact", "name" if not name else "phone"))
    if re.fullmatch(r"\+?[0-9][0-9 ().-]{4,22}", phone) is None or not 6 <= sum(map(str.isdigit, phone)) <= 15:
        raise InputError(Problem("sheet.phone", "phone"))
    said = {"name": name, "phone": phone, "said_by": by, "said_at": timezone.now()}
    with transaction.atomic():
        made, _new = SheetContact.objects.update_or_create(lokus=lokus, defaults=said)
        audit.record(by=by, action="families.contact", object_type="lokus", object_id=lokus.area, place_code=lokus.area)
    return made


# --- behind the code --------------------------------------------------------------------------------------------------
def come_in(*, by: Actor, code: str, name: str) -> UUID:
    """Open the sheet of that code with a woman's name; its uuid, for what this browser keeps.

    Raises InputError for a code that opens nothing, a wrong name, and after NAME_TRIES wrong ones.
    """
    _not_an_officer(by)
    sheet = _open_sheet(code)
    names = _answering(sheet.household)
    if not names:
        raise InputError(Problem("sheet.nameless", "nama"))
    right = is_one_of(name, names)
    with transaction.atomic():
        # One UPDATE with its condition: of many tries at once none is lost.
        rows = FamilySheet.objects.filter(pk=sheet.pk, closed_at__isnull=True, tries__lt=NAME_TRIES)
        changed = rows.update(tries=0 if right else F("tries") + 1)
        if changed:
            _written(by, "families.open_sheet" if right else "families.wrong_name", sheet.household)
    sheet.refresh_from_db(fields=["tries"])
    if not changed or sheet.tries >= NAME_TRIES:
        raise InputError(Problem("sheet.locked", "nama"))
    if not right:
        raise InputError(Problem("sheet.name", "nama", {"left": NAME_TRIES - sheet.tries}))
    return sheet.uuid


def answer_sheet(*, by: Actor, code: str, answers: Mapping[int, bool]) -> int:
    """What she says of the promises that her sheet tells of; how many of her words are new.

    The caller knows that `come_in` let this browser in. Raises InputError.
    """
    _not_an_officer(by)
    sheet = _open_sheet(code)
    family = sheet.household
    asked = set(sheet.told)
    if not set(answers) <= asked:
        raise InputError(Problem("voice.promise"))
    on = today_in(family.lokus.cycle)
    return write_words(by=by, family=family, answers=answers, said=Said.SHE, via=Via.SHEET, on=on)


def _open_sheet(code: str) -> FamilySheet:
    found = sheet_behind(code_of(code))
    if found is None:
        raise InputError(Problem("sheet.code", "kode"))
    return found


def _not_an_officer(by: Actor) -> None:
    if isinstance(by, User):
        raise InputError(Problem("sheet.official"))


def _answering(family: Household) -> list[str]:
    """The names of its women; of a family of which no woman is recorded, all its names."""
    rows = list(Person.objects.filter(household=family).values_list("name", "sex"))
    women = [name for name, sex in rows if sex == Sex.FEMALE]
    unsaid = [name for name, sex in rows if not sex]
    return women or unsaid or [name for name, _sex in rows] or ([family.head_name] if family.head_name else [])


def is_one_of(typed: str, names: Iterable[str]) -> bool:
    """Whether every typed word is a word of one of these names, as people write names: *Bu Rohayati*, *rohayaty*.

    A list of common names is no name: one word of another woman spoils it.
    """
    given = _words(typed)
    return bool(given) and any(_all_in(given, _words(name)) for name in names)


def _all_in(given: Sequence[str], parts: Sequence[str]) -> bool:
    return all(any(_alike(word, part) for part in parts) for word in given)


def _words(name: str) -> list[str]:
    folded = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().casefold()
    return [word for word in re.findall(r"[a-z]+", folded) if len(word) >= _SHORTEST and word not in _TITLES]


def _alike(one: str, other: str) -> bool:
    if one == other:
        return True
    return one[0] == other[0] and difflib.SequenceMatcher(None, one, other).ratio() >= _ALIKE


def _written(by: Actor, action: str, family: Household) -> None:
    audit.record(
        by=by,
        action=action,
        object_type="household",
        object_id=family.uuid,
        place_code=family.area,
        codes=[family.code],
    )
