"""The forms that phones are handed: one a round, made of the year's instrument, and kept for ever."""

import hashlib
import logging
from collections.abc import Iterable
from dataclasses import replace

from django.db import IntegrityError, transaction

from selaras.access import Actor, demand, may_manage_cycle
from selaras.actions import audit
from selaras.errors import InputError, Problem
from selaras.models import (
    Cycle,
    CycleInstrument,
    FieldForm,
    InstrumentVersion,
    NikAsked,
    PhoneToken,
    Round,
    RoundKind,
    StoredFile,
)
from selaras.odk.convert import Identity
from selaras.odk.fieldform import PROPERTIES, NikPart, field_form
from selaras.odk.openrosa import md5_of
from selaras.odk.registry import family_items, nik_questions
from selaras.odk.sheets import read_sheets
from selaras.queries.rules import instrument_of

#: Goes up when `field_form` makes something else of the same workbook.
MAKER = 2
log = logging.getLogger("selaras")
_TITLES = {
    RoundKind.BASELINE: "Data awal",
    RoundKind.VISIT: "Kunjungan",
    RoundKind.ENDLINE: "Data akhir",
    RoundKind.T6: "Pemantauan 6 bulan",
    RoundKind.T12: "Pemantauan 12 bulan",
}


def prepare_forms(*, by: Actor, cycle: Cycle) -> list[FieldForm]:
    """The newest form of each round of that year, and one for practice; made where there is none of this instrument.

    Idempotent. Raises Forbidden, InputError where the year has no instrument or its workbook makes no form.
    """
    demand(may_manage_cycle, by, cycle)
    return make_forms(by=by, cycle=cycle)


def make_forms(*, by: Actor, cycle: Cycle) -> list[FieldForm]:
    """As `prepare_forms`, for an action that has asked whether she may do what needs them. Raises InputError."""
    version = primary_of(cycle)
    made = []
    for round_ in cycle.rounds.order_by("opens", "pk"):
        made.append(_prepared(by, round_, version, practice=False))
    if made:
        made.append(_prepared(by, made[0].round, version, practice=True))
    return made


def renew_forms(*, by: Actor, cycle: Cycle) -> None:
    """After what forms are made of has changed: what will be handed out, where the year has phones or forms.

    A workbook that makes no form does not undo the change: the page of phones says so, and `prepare_forms` why.
    """
    phones = PhoneToken.objects.filter(cycle=cycle, revoked_at__isnull=True)
    if not phones.exists() and not FieldForm.objects.filter(round__cycle=cycle).exists():
        return
    try:
        make_forms(by=by, cycle=cycle)
    except InputError as error:
        log.warning("formulir HP %s belum dapat disiapkan: %s", cycle.slug, error)


def primary_of(cycle: Cycle) -> InstrumentVersion:
    """The version that the year is scored by. Raises InputError where none was chosen."""
    row = CycleInstrument.objects.filter(cycle=cycle, primary=True).select_related("version__workbook").first()
    if row is None:
        raise InputError(Problem("phone.no_instrument"))
    return row.version


def _prepared(by: Actor, round_: Round, version: InstrumentVersion, *, practice: bool) -> FieldForm:
    identity = _identity(round_, version, practice=practice)
    there = list(FieldForm.objects.filter(form_id=identity.id).order_by("-made_at", "-pk"))
    if there and _is_version(there[0].form_version, identity.version):
        return there[0]
    if any(_is_version(known.form_version, identity.version) for known in there):
        # What was handed out before and left holds again: phones take what was made last, under a name of its own.
        identity = replace(identity, version=f"{identity.version}-{len(there) + 1}")
    nik = NikAsked.ON if round_.cycle.asks_nik else NikAsked.OFF
    xform = _xform(version, identity, round_.cycle)
    stored = StoredFile.store(xform, "text/xml")
    try:
        with transaction.atomic():
            form = FieldForm.objects.create(
                round=round_,
                version=version,
                form_id=identity.id,
                form_version=identity.version,
                title=identity.title,
                practice=practice,
                file=stored,
                md5=md5_of(xform),
                nik=nik,
            )
            audit.record(
                by=by,
                action="forms.prepare",
                object_type="form",
                object_id=f"{identity.id} {identity.version}"[:64],
                place_code=round_.cycle.place.code,
                round=round_.pk,
                version=str(version),
            )
    except IntegrityError:
        return FieldForm.objects.get(form_id=identity.id, form_version=identity.version)
    return form


def _is_version(stored: str, wanted: str) -> bool:
    return stored == wanted or stored.startswith(f"{wanted}-")


def _identity(round_: Round, version: InstrumentVersion, *, practice: bool) -> Identity:
    cycle = round_.cycle
    # Two workbooks of one version number do not exist; two of one number in two instruments do.
    asked = " nik" if cycle.asks_nik else ""
    stamp = hashlib.sha256(f"{MAKER} {version.sha256}{asked}".encode()).hexdigest()[:8]
    title = _TITLES[RoundKind(round_.kind)] + (f" {round_.number}" if round_.kind == RoundKind.VISIT else "")
    suffix = "latihan" if practice else f"{round_.kind}-{round_.number}"
    name = f"{cycle.programme} {cycle.year} {cycle.place.name}"
    return Identity(
        id=f"{cycle.slug}-{suffix}",
        version=f"{version.version}-{stamp}",
        title=f"LATIHAN: {name}" if practice else f"{title} {name}",
        default_language=instrument_of(version).form.default_language,
    )


def _xform(version: InstrumentVersion, identity: Identity, cycle: Cycle) -> bytes:
    form = instrument_of(version).form
    items = {name: item for name, item in family_items(form).items() if item in PROPERTIES}
    nik = NikPart(cycle.asks_nik, nik_questions(form), cycle.place.code.replace(".", ""))
    sheets = read_sheets(version.workbook.content(), name=str(version))
    return field_form(sheets, identity, items, nik=nik).encode()


def newest(forms: Iterable[FieldForm]) -> list[FieldForm]:
    """Of each form id the one that was made last: phones are handed no other, though they may send older ones."""
    found: dict[str, FieldForm] = {}
    for form in sorted(forms, key=lambda each: each.made_at):
        found[form.form_id] = form
    return list(found.values())
