"""The canonical content of a workbook and its SHA-256: what it says, not how a spreadsheet stored it.

Left out: `petunjuk`, looks, widths, blank rows and cells, the order of columns, and the order of sheets. Kept: the
order of rows, which an author means. Numbers of our own columns count by value (1 = 1.0 = "1"); dates of
`instrument` by day. In the XLSForm sheets everything is text to XLSForm too.
"""

import hashlib
import json
from collections.abc import Mapping
from decimal import Decimal

from selaras.odk.sheets import Sheet
from selaras.odk.table import Row, Table, as_table
from selaras.odk.xlsform import ALIASES
from selaras.scoring.workbook.layout import DEFAULT_LANGUAGE
from selaras.scoring.workbook.report import as_date, as_number

FORMAT = "selaras-workbook-1"
_NUMBERS: Mapping[str, frozenset[str]] = {
    "aspects": frozenset({"weight"}),
    "indicators": frozenset({"weight", "low", "high", "min_n"}),
    "bands": frozenset({"from", "to", "points"}),
    "options": frozenset({"points"}),
}


def digest(forms: Mapping[str, Sheet], tables: Mapping[str, Table], language: str = DEFAULT_LANGUAGE) -> str:
    """The SHA-256, in hexadecimal. `forms` are the XLSForm sheets, `tables` our own, by name."""
    content = {name: _form_rows(sheet) for name, sheet in forms.items()}
    content |= {name: [_own_row(name, row, language) for row in table] for name, table in tables.items()}
    filled = {name: rows for name, rows in content.items() if rows}
    text = json.dumps([FORMAT, filled], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _form_rows(sheet: Sheet) -> list[dict[str, str]]:
    return [
        {f"{base}::{language}": row.text(base, language) for base, language in row.columns if row.text(base, language)}
        for row in as_table(sheet, ALIASES)
    ]


def _own_row(sheet: str, row: Row, language: str) -> dict[str, str]:
    """Column -> text, each number and date in one spelling. A label without a language is the default language's."""
    found: dict[str, str] = {}
    for base, spoken in row.columns:
        text = row.text(base, spoken)
        if not text:
            continue
        if base in _NUMBERS.get(sheet, ()) or (sheet == "instrument" and row.text("key") == "scale"):
            text = _plain(text)
        elif sheet == "instrument" and row.text("key") in ("valid_from", "valid_to"):
            day = as_date(text)
            text = text if day is None else day.isoformat()
        key = f"label::{spoken or language}" if base == "label" else base
        found[key] = text
    return found


def _plain(text: str) -> str:
    number = as_number(text)
    if number is None:
        return text
    return format(number.normalize() if number else Decimal(0), "f")
