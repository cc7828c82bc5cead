"""The columns of an uploaded file: what each was read as, three of its cells, and what it may be instead."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from selaras.access import demand, imports_for, may_import, one
from selaras.models import BatchState, CannotUnsealError, ImportBatch, ImportRow, User
from selaras.odk.forms import Field
from selaras.odk.types import SILENT
from selaras.odk.values import is_private
from selaras.odk.walk import column_letters
from selaras.queries.programme import cycle_ref, lokus_in, lokus_ref
from selaras.queries.refs import CycleRef, LokusRef
from selaras.queries.rules import health_fields, instrument_of
from selaras.queries.spoken import shown
from selaras.scoring.expressions.words import label_of
from selaras.scoring.instrument import Instrument

#: Registry items whose cells may be shown.
_OPEN_ITEMS = frozenset({"code", "rw", "rt", "rt_rw", "sex", "relation"})
_FAMILY = ("code", "kk", "nik", "head_name", "address", "rt_rw", "rt", "rw", "phone")
_PERSON = ("code", "kk", "name", "nik", "sex", "relation")


@dataclass(frozen=True, slots=True)
class Option:
    """What a column may be. `name` is what is posted."""

    name: str
    label: str


@dataclass(frozen=True, slots=True)
class OptionGroup:
    """Options under one heading."""

    label: str
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class ColumnRow:
    """One column: `how` it was read (sure, said, remembered, guessed, ignored); `asked` where somebody should look.

    `cells` are its first ones, what is personal replaced by its shape: `Xxxx Xxxx`, `9999`.
    """

    index: int
    letter: str
    title: str
    name: str
    label: str
    how: str
    asked: bool
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SheetColumns:
    """One sheet. `role` is '' for families, else a repeat's name; `row` the last row of its titles."""

    index: int
    label: str
    role: str
    row: int
    columns: tuple[ColumnRow, ...]
    groups: tuple[OptionGroup, ...]

    @property
    def asked(self) -> int:
        return sum(column.asked for column in self.columns)


@dataclass(frozen=True, slots=True)
class ColumnsPage:
    """The columns of one import. `rest` are sheets that are not read; `roles` what a sheet may hold."""

    cycle: CycleRef
    lokus: LokusRef
    id: UUID
    filename: str
    sheets: tuple[SheetColumns, ...]
    rest: tuple[str, ...]
    roles: tuple[Option, ...]

    @property
    def asked(self) -> int:
        return sum(sheet.asked for sheet in self.sheets)


def columns_page(user: User, cycle_slug: str, code: str, import_id: UUID) -> ColumnsPage | None:
    """The columns of an import that was checked, None for one whose columns cannot be chosen (any more).

    Raises Missing, or Forbidden for who may see the lokus but not import.
    """
    lokus = lokus_in(user, cycle_slug, code)
    demand(may_import, user, lokus)
    rows = imports_for(user).select_related("job", "key", "version__workbook")
    batch = one(rows, uuid=import_id, lokus=lokus)
    said = read_titles(batch)
    publishing = batch.job is not None and batch.job.kind == "imports.publish" and not batch.job.is_over
    if batch.state != BatchState.CHECKED or publishing or not said.get("sheets"):
        return None
    instrument = instrument_of(batch.version)
    closed = health_fields(batch.version)
    repeats = instrument.form.repeats.values()
    roles = [Option("", _("keluarga")), *(Option(one.name, shown(one.labels, instrument)) for one in repeats)]
    return ColumnsPage(
        cycle=cycle_ref(lokus.cycle),
        lokus=lokus_ref(lokus),
        id=batch.uuid,
        filename=batch.filename,
        sheets=tuple(_sheet(index, sheet, instrument, closed) for index, sheet in enumerate(said["sheets"])),
        rest=tuple(said["rest"]),
        roles=(*roles, Option("-", _("tidak dipakai"))),
    )


def read_titles(batch: ImportBatch) -> dict[str, Any]:
    """The sheets that the last check found, {} where there was none or its key is destroyed. `batch.key` is at hand."""
    row = ImportRow.objects.filter(batch=batch, sheet=ImportRow.TITLES).first()
    if row is None or batch.key.wrapped is None:
        return {}
    row.batch = batch
    try:
        return row.values()
    except CannotUnsealError:
        return {}


def _sheet(index: int, said: Mapping[str, Any], instrument: Instrument, closed: frozenset[str]) -> SheetColumns:
    repeat = said["repeat"] or None
    groups = tuple(_groups(instrument, repeat, said["same"]))
    labels = {option.name: option.label for group in groups for option in group.options}
    return SheetColumns(
        index=index,
        label=said["label"],
        role=said["repeat"],
        row=said["rows"][1],
        columns=tuple(
            _column(place, column, instrument, closed, labels)
            for place, column in enumerate(said["columns"])
            if column["title"] or column["cells"]
        ),
        groups=groups,
    )


def _column(
    index: int, said: Mapping[str, Any], instrument: Instrument, closed: frozenset[str], labels: Mapping[str, str]
) -> ColumnRow:
    last = said["name"].rpartition(".")[2]
    field = instrument.form.fields.get(last)
    plain = field is not None and last not in closed and not is_private(field)
    visible = plain or said["item"] in _OPEN_ITEMS
    return ColumnRow(
        index=index,
        letter=column_letters(index),
        title=said["title"],
        name=said["name"],
        label=labels.get(said["name"]) or _wide_label(said["name"], instrument),
        how=said["how"],
        asked=said["asked"],
        cells=tuple(text if visible else shape(text) for text in said["cells"]),
    )


def shape(text: str) -> str:
    """What a text looks like without what it says: `Ani Uji, 12` -> `Xxx Xxx, 99`."""
    return "".join(
        "9" if sign.isdigit() else "X" if sign.isupper() else "x" if sign.isalpha() else sign for sign in text
    )


def _wide_label(name: str, instrument: Instrument) -> str:
    repeat, _dot, rest = name.partition(".")
    number, _dot, last = rest.partition(".")
    field = instrument.form.fields.get(last)
    label = _question(field, instrument) if field else item_labels().get(last, last)
    if not rest or repeat not in instrument.form.repeats:
        return label
    return f"{shown(instrument.form.repeats[repeat].labels, instrument) or repeat} {number}: {label}"


def _groups(instrument: Instrument, repeat: str | None, same: Mapping[str, str]) -> Iterator[OptionGroup]:
    """What the registry keeps first, under the survey's own name where it asks the same; then the survey's groups."""
    items = item_labels()
    kept = tuple(Option(same.get(item, item), items[item]) for item in (_PERSON if repeat else _FAMILY))
    yield OptionGroup(_("Buku induk keluarga"), kept)
    taken = {option.name for option in kept}
    groups: dict[str, list[Option]] = {}
    form = instrument.form
    for field in form.fields.values():
        if field.repeat != repeat or field.kind == "other" or field.type in SILENT or field.name in taken:
            continue
        inside = [name for name in field.path if name != repeat and name in form.groups]
        heading = shown(form.groups[inside[0]], instrument) if inside else ""
        groups.setdefault(heading or _("Pertanyaan survei"), []).append(
            Option(field.name, _question(field, instrument))
        )
    for heading, options in groups.items():
        yield OptionGroup(heading, tuple(options))


def _question(field: Field, instrument: Instrument) -> str:
    return label_of(shown(field.labels, instrument)) or field.name


def item_labels() -> dict[str, str]:
    """What the registry's items are called."""
    return {
        "code": _("Kode keluarga"),
        "kk": _("Nomor KK"),
        "nik": _("NIK"),
        "head_name": _("Nama kepala keluarga"),
        "address": _("Alamat"),
        "rt_rw": _("RT/RW dalam satu kolom"),
        "rt": _("RT"),
        "rw": _("RW"),
        "phone": _("Nomor HP"),
        "name": _("Nama anggota"),
        "sex": _("Jenis kelamin"),
        "relation": _("Hubungan dengan kepala keluarga"),
    }
