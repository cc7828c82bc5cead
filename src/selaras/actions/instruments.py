"""Publish a workbook: check it, keep its bytes, number its indicators. Never edited, only followed by a new version."""

from django.db import transaction

from selaras.access import Actor, demand, instruments_for, may_manage_cycle, may_publish_instrument, one
from selaras.actions import audit
from selaras.actions.field.forms import renew_forms
from selaras.actions.recounting import recompute
from selaras.errors import InputError, Problem
from selaras.models import CurrentAnswers, Cycle, CycleInstrument, IndicatorRef, InstrumentVersion, StoredFile, User
from selaras.scoring.instrument import Instrument
from selaras.scoring.workbook import read_workbook

WORKBOOK_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def publish(
    *, by: Actor, workbook: bytes, name: str = "", cycle: Cycle | None = None, primary: bool = False
) -> InstrumentVersion:
    """Publish the workbook, and use it in `cycle` where one is given (`use` says how). Twice is once.

    `name` stands for the file in messages. Raises Forbidden, or InputError with everything that is wrong: in the
    workbook, for a plain XLSForm, and where this id and version have been published with another content.
    """
    demand(may_publish_instrument, by)
    if cycle is not None:
        demand(may_manage_cycle, by, cycle)
    reading = read_workbook(workbook, name=name)
    if reading.errors:
        raise InputError(reading.errors)
    if reading.instrument is None:
        raise InputError(Problem("instrument.plain", values={"name": name or "itu"}))
    with transaction.atomic():
        version = _published(reading.instrument) or _store(by, reading.instrument, workbook)
    if cycle is not None:
        use(by=by, cycle=cycle, version=version, primary=primary)
    return version


def _published(instrument: Instrument) -> InstrumentVersion | None:
    same = InstrumentVersion.objects.filter(instrument=instrument.id, version=instrument.version).first()
    if same is not None and same.sha256 != instrument.sha256:
        values = {"instrument": instrument.id, "version": instrument.version}
        raise InputError(Problem("instrument.changed", values=values))
    return same


def _store(by: Actor, instrument: Instrument, workbook: bytes) -> InstrumentVersion:
    version = InstrumentVersion.objects.create(
        instrument=instrument.id,
        version=instrument.version,
        title=instrument.title,
        sha256=instrument.sha256,
        workbook=StoredFile.store(workbook, WORKBOOK_TYPE),
        published_by=by if isinstance(by, User) else None,
    )
    IndicatorRef.objects.bulk_create(
        IndicatorRef(version=version, name=name, position=position)
        for position, name in enumerate(instrument.indicators)
    )
    audit.record(
        by=by,
        action="instruments.publish",
        object_type="instrument",
        object_id=f"{version.instrument} {version.version}",
        sha256=version.sha256,
        indicators=len(instrument.indicators),
    )
    return version


def use(*, by: Actor, cycle: Cycle, version: InstrumentVersion, primary: bool = False) -> None:
    """Let the cycle score by that version, in place of an older one of the same instrument; then score anew.

    The first instrument of a cycle is its primary one; `primary` makes it so later. States of the older version stay
    stored. Raises Forbidden, or InputError where the cycle is closed.
    """
    demand(may_manage_cycle, by, cycle)
    if cycle.closed_at is not None:
        raise InputError(Problem("cycle.closed", values={"cycle": str(cycle)}))
    rows = CycleInstrument.objects.filter(cycle=cycle)
    with transaction.atomic():
        older = rows.filter(version__instrument=version.instrument).exclude(version=version)
        primary = primary or older.filter(primary=True).exists() or not rows.filter(primary=True).exists()
        older.delete()
        if primary:
            rows.update(primary=False)
        CycleInstrument.objects.update_or_create(
            cycle=cycle, version=version, defaults={"primary": True} if primary else {}
        )
        audit.record(
            by=by,
            action="cycles.use_instrument",
            object_type="cycle",
            object_id=cycle.slug,
            place_code=cycle.place.code,
            instrument=str(version),
            primary=primary,
        )
    renew_forms(by=by, cycle=cycle)
    if CurrentAnswers.objects.filter(round__cycle=cycle).exists():
        recompute(by=by, cycle=cycle)


def export_workbook(*, by: Actor, instrument: str, version: str) -> bytes:
    """The workbook of a published version, as it was given. Raises Missing."""
    found = one(instruments_for(by).select_related("workbook"), instrument=instrument, version=version)
    with transaction.atomic():
        audit.record(by=by, action="instruments.export", object_type="instrument", object_id=str(found))
    return found.workbook.content()
