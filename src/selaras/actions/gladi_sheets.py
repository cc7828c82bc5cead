"""Filled sheets of a rehearsal: from a marker's phone through the queue, or typed from paper by the secretariat."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.utils import timezone

from selaras.access import Actor, demand, gladi_for, may_hold_gladi, may_send_marks, one
from selaras.actions import audit
from selaras.actions.sending.parcels import Carrier, PartHead
from selaras.errors import InputError, Missing, Problem
from selaras.models import Gladi, GladiMark, GladiMarker, GladiSheet, Lokus, User
from selaras.odk.marking import Said, marks_in, number_of
from selaras.odk.submission import BrokenXmlError, Envelope, open_envelope
from selaras.queries.gladi_sheets import asked_for, bounds_of, form_ids, version_items
from selaras.scoring.instrument import Indicator

#: The largest sheet that is read, in bytes: fifty items with long notes are a tenth of it.
LARGEST = 512 * 1024
_LONGEST_NAME = 150


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is to be kept as one sheet. `replaces`: an earlier one of the same marker is this one, corrected."""

    uuid: UUID
    gladi: Gladi
    lokus: Lokus
    said: Mapping[str, Said]
    marker: User | None = None
    name: str = ""
    typed_by: Actor | None = None
    replaces: bool = True


# --- through the queue ------------------------------------------------------------------------------------------------
def check(by: User) -> None:
    """Raises Forbidden for who was never asked to mark."""
    demand(may_send_marks, by)


def take(by: User, carrier: Carrier | None, parts: Iterator[tuple[PartHead, bytes]], agent: str) -> UUID:  # noqa: ARG001
    """Keep a sheet as its marker's; its uuid. Idempotent by the sheet's own number.

    Raises InputError where it is no sheet of a rehearsal that is open to her, DamagedError from `parts`.
    """
    xml = next((content for part, content in parts if len(content) <= LARGEST and _is_xml(part)), b"")
    envelope = _envelope(xml)
    number = _number(envelope)
    known = GladiSheet.objects.filter(uuid=number, marker=by).values_list("uuid", flat=True).first()
    if known is not None:
        return known
    if carrier is not None and not carrier.signed:
        # Anybody can write her name on a file; a mark is nobody's but its marker's.
        raise InputError(Problem("parcel.owner"))
    asked = _asked(by, envelope.form_id)
    said = marks_in(envelope, list(version_items(asked.gladi.version)))
    return _kept(by, Sheet(number, asked.gladi, asked.lokus, said, marker=by)).uuid


def _asked(by: User, form_id: str) -> GladiMarker:
    """Raises InputError where the rehearsal was closed meanwhile, Missing where she was never asked."""
    try:
        return asked_for(by, form_id)
    except Missing as error:
        gladi, lokus = form_ids(form_id)
        closed = GladiMarker.objects.filter(lokus=lokus, user=by, gladi__closed_at__isnull=False)
        if gladi is not None and closed.filter(gladi__uuid=gladi).exists():
            raise InputError(Problem("gladi.closed")) from error
        raise


def _is_xml(part: PartHead) -> bool:
    return part.name == "xml_submission_file" or part.content_type.partition(";")[0].strip().endswith("/xml")


def _envelope(xml: bytes) -> Envelope:
    try:
        return open_envelope(xml)
    except BrokenXmlError as error:
        raise InputError(Problem("gladi.form")) from error


def _number(envelope: Envelope) -> UUID:
    try:
        return UUID(envelope.instance_id.removeprefix("uuid:"))
    except ValueError as error:
        raise InputError(Problem("gladi.form")) from error


def is_kept(result: UUID) -> bool:
    """Whether that sheet is there."""
    return GladiSheet.objects.filter(uuid=result).exists()


# --- from paper -------------------------------------------------------------------------------------------------------
def type_sheet(
    *, by: Actor, cycle_slug: str, number: int, code: str, name: str, said: Mapping[str, Said], again: bool = False
) -> GladiSheet:
    """Keep a paper sheet that `name` filled in. `again`: it corrects the one that was typed under that name.

    Raises Missing, Forbidden, InputError with all that does not fit; `gladi.same_name` where one of that name is there
    and nobody said that it is the same person's.
    """
    gladi = one(gladi_for(by), cycle__slug=cycle_slug, number=number)
    demand(may_hold_gladi, by, gladi.cycle)
    lokus = one(Lokus.objects.filter(cycle=gladi.cycle), area=code)
    if gladi.closed_at is not None:
        raise InputError(Problem("gladi.closed"))
    if not plain(name):
        raise InputError(Problem("gladi.name", "name"))
    return _kept(by, Sheet(uuid4(), gladi, lokus, said, name=plain(name)[:_LONGEST_NAME], typed_by=by, replaces=again))


def plain(text: str) -> str:
    """One line without signs that no database keeps."""
    return "".join(sign if sign.isprintable() else " " for sign in text).strip()


# --- keeping ----------------------------------------------------------------------------------------------------------
def _kept(by: Actor, sheet: Sheet) -> GladiSheet:
    """The sheet with its marks; an earlier one of the same marker counts no more."""
    marks = list(_marks(sheet))
    if not marks:
        raise InputError(Problem("gladi.nothing"))
    own = {"marker": sheet.marker} if sheet.marker is not None else {"marker": None, "name": sheet.name}
    try:
        with transaction.atomic():
            # Closing counts all sheets or takes none; of two of one marker the second sees the first.
            held = Gladi.objects.select_for_update(no_key=True).get(pk=sheet.gladi.pk)
            if held.closed_at is not None:
                raise InputError(Problem("gladi.closed"))
            _replace(sheet)
            made = GladiSheet.objects.create(
                uuid=sheet.uuid,
                gladi=sheet.gladi,
                lokus=sheet.lokus,
                typed_by=sheet.typed_by if isinstance(sheet.typed_by, User) else None,
                received_at=timezone.now(),
                **own,
            )
            for mark in marks:
                mark.sheet = made
            GladiMark.objects.bulk_create(marks)
            audit.record(
                by=by,
                action="gladi.type" if sheet.marker is None else "gladi.mark",
                object_type="gladi",
                object_id=sheet.gladi.uuid,
                place_code=sheet.lokus.area,
                number=sheet.gladi.number,
                marks=len(marks),
            )
    except IntegrityError:
        # Two requests with one number: the other was quicker.
        return GladiSheet.objects.get(uuid=sheet.uuid)
    return made


def _replace(sheet: Sheet) -> None:
    """An earlier sheet of the same marker counts no more. Of paper only a name is known, which two may have."""
    there = GladiSheet.objects.filter(gladi=sheet.gladi, lokus=sheet.lokus, replaced=False, marker=sheet.marker)
    if sheet.marker is None:
        there = there.filter(name__iexact=sheet.name)
    if not sheet.replaces and there.exists():
        raise InputError(Problem("gladi.same_name", "name", {"name": sheet.name}))
    there.update(replaced=True)


def _marks(sheet: Sheet) -> Iterator[GladiMark]:
    """The marks; a note without a mark says nothing of points and is left out. Raises InputError with all problems."""
    problems = []
    items = version_items(sheet.gladi.version)
    found = []
    for name, said in sheet.said.items():
        if not said.mark or name not in items:
            continue
        mark = _mark(items[name], said)
        if isinstance(mark, Problem):
            problems.append(mark)
        else:
            found.append(mark)
    if problems:
        raise InputError(problems)
    yield from found


def _mark(item: Indicator, said: Said) -> GladiMark | Problem:
    if item.options:
        if said.mark not in {option.name for option in item.options}:
            return Problem("gladi.option", item.name, {"found": said.mark[:40], "item": item.name})
        return GladiMark(indicator=item.name, option=said.mark, note=plain(said.note))
    low, high = bounds_of(item)
    value = number_of(said.mark)
    if value is None or not low <= value <= high or (item.rule == "yes_no" and value not in {Decimal(0), Decimal(1)}):
        values = {"found": said.mark[:40], "item": item.name, "low": low, "high": high}
        return Problem("gladi.number", item.name, values)
    return GladiMark(indicator=item.name, value=value, note=plain(said.note))
