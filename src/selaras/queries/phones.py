"""What a cadre's phone is handed: the forms that are open today, and the list of the families that she visits."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from selaras.access import carried_by
from selaras.errors import Missing, Problem
from selaras.models import Cycle, FieldForm, Household, PhoneToken
from selaras.odk.fieldform import DATASET, USES_COLUMN
from selaras.odk.openrosa import md5_of
from selaras.queries.photo_uses import DEFAULT, ordered, uses_of_families
from selaras.queries.programme import today_in
from selaras.queries.statements import AWAY, with_state

#: In this order; Collect compares the bytes to see whether the list has changed.
_COLUMNS = ("name", "label", "__version", "code", "head_name", "address", "rw", "rt", USES_COLUMN)


@dataclass(frozen=True, slots=True)
class HandedForm:
    """A form as a phone may fetch it. `lists` are the attachments that it reads."""

    form_id: str
    version: str
    title: str
    md5: str
    lists: tuple[str, ...] = (DATASET,)


def forms_of(phone: PhoneToken, *, now: datetime | None = None) -> tuple[HandedForm, ...]:
    """The newest form of each round that is open today in the phone's year, and the one for practice.

    None once the year is closed. Two queries at most.
    """
    rows = open_forms(phone.cycle, now)
    return tuple(HandedForm(row.form_id, row.form_version, row.title, row.md5) for row in rows)


def open_forms(cycle: Cycle, now: datetime | None = None) -> list[FieldForm]:
    """The forms that are handed out today, in the order in which they were made; none once the year is closed."""
    if cycle.closed_at is not None:
        return []
    today = today_in(cycle, now)
    rows = FieldForm.objects.filter(round__cycle=cycle).select_related("round").order_by("made_at", "pk")
    newest = {row.form_id: row for row in rows}
    return [row for row in newest.values() if row.practice or row.round.opens <= today <= row.round.closes]


def xform_of(phone: PhoneToken, form_id: str, version: str) -> bytes:
    """The bytes of a form of the phone's year, old versions too. Raises Missing."""
    return form_bytes([phone.cycle_id], form_id, version)


def form_bytes(cycles: Iterable[int], form_id: str, version: str) -> bytes:
    """The bytes of a form of one of those years. Raises Missing."""
    rows = FieldForm.objects.filter(round__cycle__in=list(cycles), form_id=form_id, form_version=version)
    row = rows.select_related("file").first()
    if row is None:
        raise Missing(Problem("access.missing"))
    return row.file.content()


def family_list(phone: PhoneToken) -> bytes:
    """`keluarga.csv`: one row a family of this phone's area, in order of their codes.

    `name` is the entity's id, `__version` what the family's next correction must build on.
    """
    return list_of(carried_by(phone))


def list_of(families: QuerySet[Household]) -> bytes:
    """`keluarga.csv` of those families."""
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(_COLUMNS)
    uses = uses_of_families(families)
    for family in with_state(families).order_by("lokus__prefix", "code"):
        rows.writerow(
            [
                str(family.uuid),
                label_of(family),
                family.version,
                *(getattr(family, name) for name in ("code", "head_name", "address", "rw", "rt")),
                " ".join(ordered(uses.get(family.pk, DEFAULT))),
            ]
        )
    return text.getvalue().encode()


def label_of(family: Household) -> str:
    """What a cadre picks a family by: `GD-014 Rohayati, RT 02 RW 03`; of `with_state`, also that it moved or died."""
    where = " ".join(f"{word} {number}" for word, number in (("RT", family.rt), ("RW", family.rw)) if number)
    state = getattr(family, "became", None)
    gone = f" ({state})" if state in AWAY else ""
    return ", ".join(part for part in (f"{family.code} {family.head_name}".strip(), where) if part) + gone


def list_hash(phone: PhoneToken) -> str:
    """md5 of `family_list`."""
    return md5_of(family_list(phone))


def gone(phone: PhoneToken, ids: Iterable[str]) -> dict[str, bool]:
    """Of the families that a phone knows: whether each is not, or no more, on its list. A misshapen id is gone."""
    asked = list(dict.fromkeys(ids))
    uuids = {text: uuid for text in asked if (uuid := _uuid(text)) is not None}
    there = set(carried_by(phone).filter(uuid__in=uuids.values()).values_list("uuid", flat=True))
    return {text: uuids.get(text) not in there for text in asked}


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text.removeprefix("uuid:"))
    except ValueError:
        return None
