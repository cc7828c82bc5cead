"""The sheets `instrument` and `privacy`: what the instrument is called, and how each field is guarded."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import cast, get_args

from selaras.odk.table import Row, Table
from selaras.scoring.instrument import Privacy, PrivacyClass
from selaras.scoring.workbook.layout import INSTRUMENT_KEYS
from selaras.scoring.workbook.report import NAME, Report, as_date, as_number

DEFAULT_SCALE = Decimal(100)


@dataclass(frozen=True, slots=True)
class Basics:
    """The `instrument` sheet, usable even where keys are missing (then they are reported)."""

    id: str = ""
    version: str = ""
    title: str = ""
    scale: Decimal = DEFAULT_SCALE
    valid_from: date | None = None
    valid_to: date | None = None
    source: str = ""


def read_basics(table: Table, report: Report) -> Basics:
    """Read the key-value sheet; unknown, doubled and missing keys go to the report."""
    rows: dict[str, Row] = {}
    if not (table.has("key") and table.has("value")):
        return Basics()  # said at the header; which keys are there cannot be told
    for row in table:
        key = row.text("key")
        if not key:
            report.blank(row, "key")
        elif key not in INSTRUMENT_KEYS:
            report.unknown("instrument.key", row.where("key"), key, INSTRUMENT_KEYS)
        elif key in rows:
            values = {"name": key, "column": "key", "earlier": rows[key].where("key")}
            report.add("cell.double", row.where("key"), **values)
        else:
            rows[key] = row
    for key, column in INSTRUMENT_KEYS.items():
        if column.mandatory and key not in rows:
            report.add("instrument.key_missing", f"{table.sheet.name}!A1", name=key)
        elif column.mandatory and not rows[key].text("value"):
            report.add("cell.blank", rows[key].where("value"), column=key)
    text = {key: row.text("value") for key, row in rows.items()}
    if text.get("id") and not NAME.match(text["id"]):
        report.add("cell.name", rows["id"].where("value"), name=text["id"], column="id")
    start, end = _date(rows.get("valid_from"), report), _date(rows.get("valid_to"), report)
    if start is not None and end is not None and end < start:
        report.add("instrument.dates", rows["valid_to"].where("value"), start=start, end=end)
    return Basics(
        id=text.get("id", ""),
        version=text.get("version", ""),
        title=text.get("title", ""),
        scale=_scale(rows.get("scale"), report),
        valid_from=start,
        valid_to=end,
        source=text.get("source", ""),
    )


def _scale(row: Row | None, report: Report) -> Decimal:
    if row is None or not row.text("value"):
        return DEFAULT_SCALE
    number = as_number(row.text("value"))
    if number is None or number <= 0:
        report.add("instrument.scale", row.where("value"), found=row.text("value")[:40])
        return DEFAULT_SCALE
    return number


def _date(row: Row | None, report: Report) -> date | None:
    if row is None or not row.text("value"):
        return None
    found = as_date(row.text("value"))
    if found is None:
        report.add("cell.date", row.where("value"), found=row.text("value")[:40])
    return found


def read_privacy(table: Table | None, fields: Iterable[str], report: Report) -> dict[str, Privacy]:
    """Classes by field, in the order of the rows. A field that is not listed is `pribadi`; that is not stored here."""
    found: dict[str, Privacy] = {}
    taken: dict[str, str] = {}
    known = tuple(fields)
    for row in table or ():
        name, where = row.text("field"), row.where("field")
        privacy_class = report.closed(row, "class", get_args(PrivacyClass), mandatory=True)
        if not name:
            report.blank(row, "field")
        elif name not in known:
            report.unknown("privacy.field", where, name, known)
        elif taken.setdefault(name, where) != where:
            report.add("cell.double", where, name=name, column="field", earlier=taken[name])
        elif privacy_class:
            rest = (row.text("purpose"), row.text("basis"), row.text("retention"))
            found[name] = Privacy(name, cast(PrivacyClass, privacy_class), *rest)
    return found
