"""Filled forms of the queue: they end where a phone's do, under the same number, so that nothing is doubled."""

from collections.abc import Iterator
from typing import Literal
from uuid import UUID

from selaras.access import Filler, demand, filler_in, filling_years, may_bring, may_send_forms
from selaras.actions.field.receiving import LARGEST_READ, Parcel, Sender, Sent, receive
from selaras.actions.sending.parcels import Carrier, PartHead
from selaras.errors import Forbidden, InputError, Problem
from selaras.models import Arrival, ArrivalState, Cycle, FieldForm, Household, Reason, SubmissionMode, User
from selaras.models.places import within
from selaras.odk.fieldform import family_named
from selaras.odk.submission import BrokenXmlError, Envelope, open_envelope

XML_PART = "xml_submission_file"
DEVICE = "web"
#: Photos that are given to receipt at once, in bytes: the others follow as a phone's would, in another request.
AT_ONCE = 8 * 1024 * 1024
_XML = frozenset({"text/xml", "application/xml"})


def check(by: User) -> None:
    """Raises Forbidden for who has never had a task with families."""
    demand(may_send_forms, by)


def take(by: User, carrier: Carrier | None, parts: Iterator[tuple[PartHead, bytes]], agent: str) -> UUID:
    """Keep a filled form and its photos; the arrival's id. Idempotent: receipt knows the form by its number and bytes.

    Raises InputError where no part is the form, Forbidden where its year is none of hers, DamagedError from `parts`.
    """
    waiting: list[Sent] = []
    size = 0
    xml: bytes | None = None
    sender: Sender | None = None
    found: Arrival | None = None
    for part, content in parts:
        if xml is None and (part.name == XML_PART or part.content_type.partition(";")[0].strip() in _XML):
            xml = content
            sender = sender_of(by, xml, carrier)
            continue
        waiting.append(Sent(part.name, content, part.content_type))
        size += len(content)
        if size >= AT_ONCE and xml is not None and sender is not None:
            found = _kept(sender, xml, waiting, agent)
            waiting, size = [], 0
    if xml is None or sender is None:
        raise InputError(Problem("parcel.form"))
    if found is None or waiting:
        found = _kept(sender, xml, waiting, agent)
    return found.uuid


def _kept(sender: Sender, xml: bytes, files: list[Sent], agent: str) -> Arrival:
    parcel = Parcel(xml, tuple(files), device=DEVICE, agent=agent, mode=SubmissionMode.WEB)
    return receive(sender=sender, parcel=parcel).arrival


def standing(result: UUID) -> tuple[Literal["sent", "held", "aside"], str, bool] | None:
    """How an arrival stands, why, and whether it was for practice; None where it is no more (its family was erased)."""
    found = Arrival.objects.filter(uuid=result).values_list("state", "reason").first()
    if found is None:
        return None
    state, reason = found
    if state == ArrivalState.QUARANTINED:
        return "held", reason, False
    return ("aside" if state == ArrivalState.SET_ASIDE else "sent"), "", state == ArrivalState.PRACTICE


def sender_of(by: User, xml: bytes, carrier: Carrier | None = None) -> Sender:
    """Whose form it is, for which year, and for which of her areas. Raises Forbidden where the year is none of hers.

    The form's own name says the year; one that says none is of her newest. Whose task has ended is in doubt, not lost;
    so is what another brings and her browser has not signed: anybody can write her name on a file.
    """
    envelope = _envelope(xml)
    cycle = _year(by, envelope)
    filler = None if cycle is None else filler_in(by, cycle)
    if cycle is None or filler is None:
        raise Forbidden(Problem("access.forbidden", values={"what": "mengirim formulir tahun program itu"}))
    # Where the year itself has ended, her task ended with it: that is what the office is told.
    over = not filler.holds and cycle.closed_at is None
    area = _area(filler, cycle, envelope)
    if carrier is None:
        return Sender(cycle, by, area, doubt=Reason.NO_TASK if over else "")
    if not may_bring(carrier.user, cycle, area):
        raise InputError(Problem("parcel.owner"))
    doubt = "" if carrier.signed else Reason.CARRIED
    return Sender(cycle, by, area, doubt=doubt or (Reason.NO_TASK if over else ""), carrier=carrier.user)


def _envelope(xml: bytes) -> Envelope | None:
    if len(xml) > LARGEST_READ:
        return None
    try:
        return open_envelope(xml)
    except BrokenXmlError:
        return None


def _year(by: User, envelope: Envelope | None) -> Cycle | None:
    if envelope is not None and envelope.form_id:
        forms = FieldForm.objects.filter(form_id=envelope.form_id).select_related("round__cycle__place")
        if (form := forms.first()) is not None:
            return form.round.cycle
    return next(iter(filling_years(by)), None)


def _area(filler: Filler, cycle: Cycle, envelope: Envelope | None) -> str:
    """Of her areas the one that the family lives in, so that it is hers where any of them is; else the first."""
    named = None if envelope is None else family_named(envelope)
    home = None
    if named is not None:
        home = Household.objects.filter(uuid=named, lokus__cycle=cycle).values_list("area", flat=True).first()
    return next((area for area in filler.areas if home is not None and within(home, area)), filler.areas[0])
