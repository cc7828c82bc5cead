"""A new version of an instrument from the browser: given, looked at, published or thrown away."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import BinaryIO
from uuid import UUID

from django.db import transaction

from selaras.access import Actor, demand, may_manage_cycle, may_publish_instrument, one, the_cycle
from selaras.actions import audit
from selaras.actions.instruments import WORKBOOK_TYPE, publish
from selaras.errors import InputError, Problem
from selaras.models import InstrumentDraft, InstrumentVersion, StoredFile, User
from selaras.odk.archive import MAX_FILE
from selaras.scoring.workbook import read_workbook

#: A draft that nobody published for so long is thrown away.
KEPT = timedelta(days=7)


def receive_workbook(*, by: Actor, filename: str, file: BinaryIO) -> UUID:
    """Check a workbook and keep it as a draft; nothing is scored by it yet.

    Raises Forbidden, or InputError with every mistake in it, each with its cell and remedy; then nothing is kept.
    """
    demand(may_publish_instrument, by)
    content = file.read(MAX_FILE + 1)
    if len(content) > MAX_FILE:
        raise InputError(Problem("file.too_big", values={"name": filename}))
    reading = read_workbook(content, name=filename)
    if reading.errors:
        raise InputError(reading.errors)
    if reading.instrument is None:
        raise InputError(Problem("instrument.plain", values={"name": filename or "itu"}))
    instrument = reading.instrument
    with transaction.atomic():
        draft = InstrumentDraft.objects.create(
            file=StoredFile.store(content, WORKBOOK_TYPE),
            filename=filename[-200:],
            uploaded_by=by if isinstance(by, User) else None,
        )
        audit.record(
            by=by,
            action="instruments.receive",
            object_type="draft",
            object_id=draft.uuid,
            instrument=f"{instrument.id} {instrument.version}",
            sha256=instrument.sha256,
        )
    return draft.uuid


def publish_draft(*, by: Actor, draft_id: UUID, cycles: Sequence[str] = ()) -> InstrumentVersion:
    """Publish the draft, let these years score by it, and put the draft away.

    Raises Forbidden, Missing (a draft that is gone, a year that is not hers), or InputError as `publish`.
    """
    demand(may_publish_instrument, by)
    draft = one(InstrumentDraft.objects.select_related("file"), uuid=draft_id)
    used = [the_cycle(by, slug) for slug in cycles]
    for cycle in used:
        demand(may_manage_cycle, by, cycle)
    content = draft.file.content()
    version = publish(by=by, workbook=content, name=draft.filename)
    for cycle in used:
        version = publish(by=by, workbook=content, name=draft.filename, cycle=cycle)
    InstrumentDraft.objects.filter(pk=draft.pk).delete()
    return version


def discard_draft(*, by: Actor, draft_id: UUID) -> None:
    """Throw a draft away. Raises Forbidden, Missing."""
    demand(may_publish_instrument, by)
    draft = one(InstrumentDraft.objects.select_related("file"), uuid=draft_id)
    with transaction.atomic():
        audit.record(by=by, action="instruments.discard", object_type="draft", object_id=draft.uuid)
        _forget(draft)


def forget_old(now: datetime) -> None:
    """Throw away drafts that nobody came back to: the worker does it hourly."""
    for draft in InstrumentDraft.objects.filter(uploaded_at__lt=now - KEPT).select_related("file"):
        with transaction.atomic():
            _forget(draft)


def _forget(draft: InstrumentDraft) -> None:
    """The row, and the file unless a published version or another draft has the same bytes."""
    file = draft.file
    draft.delete()
    if not file.drafts.exists() and not file.instrument_versions.exists():
        file.erase()
