"""What is shown or taken along of what phones sent: names, values of changes, photos, bytes; each is written down."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from selaras.access import demand, may_see_household, may_settle_household, one
from selaras.actions import audit
from selaras.actions.field.edits import OPEN, SEALED, value_of
from selaras.actions.field.reading import read_filled
from selaras.errors import InputError, Missing, Problem
from selaras.models import Arrival, ArrivalFile, CannotUnsealError, User
from selaras.odk.submission import BrokenXmlError
from selaras.queries.arrival import arrival_of, may_open_files, may_take_bytes
from selaras.queries.household import household_of, masked
from selaras.queries.photo_uses import uses_of_files
from selaras.queries.photos import TYPES, kind_of, without_metadata

PLAIN = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class Taken:
    """A file to look at or to keep."""

    content: bytes
    content_type: str
    name: str
    photo: bool


@dataclass(frozen=True, slots=True)
class Said:
    """Who a form says that a family is: item of the registry -> text, numbers masked; `members` are their names."""

    items: Mapping[str, str]
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Values:
    """Item of the registry -> what stands there now; edit -> item -> [stood, said]. Numbers show where they differ."""

    now: Mapping[str, str]
    said: Mapping[UUID, Mapping[str, tuple[str, str]]]


def reveal_arrival(*, by: User, cycle_slug: str, arrival_id: UUID, page: str) -> Said | None:
    """Who the form says that the family is, written down with the page (its path); None where nobody can read it.

    Raises Missing, also where the family is not hers to see.
    """
    arrival = arrival_of(by, cycle_slug, arrival_id)
    if not may_open_files(by, arrival):
        raise Missing(Problem("access.missing"))
    if arrival.field_form is None:
        return None
    try:
        filled = read_filled(arrival, arrival.field_form)
    except (BrokenXmlError, CannotUnsealError, OSError):
        return None
    with transaction.atomic():
        _written(by, "arrivals.reveal_names", arrival, page=page)
    items = {name: filled.registry[name] for name in (*OPEN, *SEALED) if filled.registry.get(name)}
    hidden = {name: masked(items[name]) for name in SEALED if name in items}
    names = [row["registry"].get("name", "") for rows in filled.members.values() for row in rows]
    return Said({**items, **hidden}, tuple(name for name in names if name))


def reveal_changes(*, by: User, cycle_slug: str, code: str, household: str, page: str) -> Values:
    """What phones changed of one family beside what stands there; written down like names. Raises as `household_of`."""
    family = household_of(by, cycle_slug, code, household)
    demand(may_see_household, by, family)
    demand(may_settle_household, by, family)
    now = {name: value_of(family, name) for name in (*OPEN, *SEALED)}
    said: dict[UUID, dict[str, tuple[str, str]]] = {}
    for edit in family.edits.all():
        edit.household = family
        changes = edit.changes()
        said[edit.uuid] = {name: (values[0], values[1]) for name, values in changes.items()}
    for name in SEALED:
        hidden = _apart([now[name], *(text for each in said.values() for text in each.get(name, ()))])
        now[name] = hidden[now[name]]
        for each in said.values():
            if name in each:
                each[name] = hidden[each[name][0]], hidden[each[name][1]]
    with transaction.atomic():
        audit.record(
            by=by,
            action="households.reveal_names",
            object_type="lokus",
            object_id=family.lokus_id,
            place_code=family.lokus.area,
            codes=[family.code],
            page=page,
        )
    return Values(now, said)


def _apart(numbers: list[str]) -> dict[str, str]:
    """Numbers masked but for their last four digits and for those by which numbers of one length differ."""
    lengths: dict[int, list[str]] = {}
    for number in numbers:
        lengths.setdefault(len(number), []).append(number)
    found: dict[str, str] = {}
    for length, same in lengths.items():
        told = [len({each[at] for each in same}) > 1 or at >= length - 4 > 0 for at in range(length)]
        found |= {
            each: "".join(sign if shown else "•" for sign, shown in zip(each, told, strict=True)) for each in same
        }
    return found


def read_file(*, by: User, cycle_slug: str, arrival_id: UUID, file_id: int) -> Taken:
    """A photo or other file that came with a form; a photo without what the camera wrote into it. Written down.

    Raises Missing where there is none for her, InputError where its family lets it be used for nothing.
    """
    arrival = arrival_of(by, cycle_slug, arrival_id)
    row = one(ArrivalFile.objects.select_related("file__key"), arrival=arrival, pk=file_id)
    if not may_open_files(by, arrival):
        raise Missing(Problem("access.missing"))
    if not uses_of_files([row.pk])[row.pk]:
        raise InputError(Problem("photo.barred"))
    try:
        content = row.file.content()
    except (CannotUnsealError, OSError) as error:
        raise Missing(Problem("access.missing")) from error
    try:
        content, kind, photo = without_metadata(content), TYPES[kind_of(content)], True
    except InputError:
        kind, photo = PLAIN, False
    with transaction.atomic():
        _written(by, "arrivals.read_file", arrival, file=row.pk)
    return Taken(content, kind, row.name, photo)


def export_raw(*, by: User, cycle_slug: str, arrival_id: UUID) -> Taken:
    """The bytes of a form as they came, written down. Raises Missing, InputError where they say what is not hers."""
    arrival = arrival_of(by, cycle_slug, arrival_id)
    if not may_take_bytes(by, arrival):
        raise InputError(Problem("arrival.unread"))
    try:
        content = arrival.raw_bytes()
    except (CannotUnsealError, OSError) as error:
        raise Missing(Problem("access.missing")) from error
    with transaction.atomic():
        _written(by, "arrivals.export_raw", arrival, bytes=len(content))
    return Taken(content, PLAIN, f"kiriman-{arrival.uuid}.xml", photo=False)


def _written(by: User, action: str, arrival: Arrival, **details: object) -> None:
    audit.record(
        by=by,
        action=action,
        object_type="arrival",
        object_id=arrival.uuid,
        place_code=arrival.area,
        **details,
    )
