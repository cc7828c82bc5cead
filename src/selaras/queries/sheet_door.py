"""Behind the code of a family's sheet: what its page shows, which is nothing that the paper does not say."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from selaras.models import FamilySheet, Lokus, SearchHashes, SheetContact
from selaras.models.confirmations import CODE_LENGTH, CODE_LETTERS
from selaras.queries.family_sheet import PromiseLine, sheets_of
from selaras.queries.programme import cycle_ref, lokus_ref
from selaras.queries.refs import CycleRef, LokusRef

DoorState = Literal["name", "locked", "open"]


@dataclass(frozen=True, slots=True)
class DoorPage:
    """The page behind a code. `promises` are those that the last printing told of, and only where `state` is open.

    Of what she has said it tells only that she did: `PromiseLine.standing` is not for this page.
    """

    cycle: CycleRef
    state: DoorState
    lokus: LokusRef | None = None
    family: str = ""
    promises: tuple[PromiseLine, ...] = ()
    contact: str = ""


def code_of(text: str) -> str:
    """The code as it was typed, in its own letters: capitals, no blanks or strokes; '' where it cannot be one."""
    found = "".join(sign for sign in text[:40].upper() if sign.isalnum())
    return found if len(found) == CODE_LENGTH and set(found) <= set(CODE_LETTERS) else ""


def sheet_behind(code: str) -> FamilySheet | None:
    """The sheet that this code opens, while its year is open and its family there; None for every other."""
    if not code:
        return None
    rows = FamilySheet.objects.filter(code_hash=SearchHashes.load().sheet(code), closed_at__isnull=True)
    rows = rows.filter(household__erased_at__isnull=True, household__pending__isnull=True)
    rows = rows.filter(household__lokus__cycle__closed_at__isnull=True)
    return rows.select_related("household__lokus__cycle__place", "household__lokus__place__parent").first()


def door_page(code: str, let_in: Collection[UUID]) -> DoorPage | None:
    """What the page behind `code` shows in a browser that may see the sheets `let_in`; None where it opens nothing."""
    sheet = sheet_behind(code_of(code))
    if sheet is None:
        return None
    lokus = sheet.household.lokus
    cycle = cycle_ref(lokus.cycle)
    if sheet.locked:
        return DoorPage(cycle, "locked", contact=contact_words(lokus))
    if sheet.uuid not in let_in:
        return DoorPage(cycle, "name")
    (told,) = sheets_of(lokus, [sheet.household])
    printed = set(sheet.told)
    promises = tuple(line for line in told.promises if line.id in printed)
    return DoorPage(cycle, "open", lokus_ref(lokus), told.code, promises, contact_words(lokus))


def contact_words(lokus: Lokus) -> str:
    """`Kelurahan Gedong Dalem, Bu Rina, 0254 123456`; '' where nobody has said."""
    row = SheetContact.objects.filter(lokus=lokus).first()
    return "" if row is None else f"{row.name}, {row.phone}"
