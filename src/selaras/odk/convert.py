"""pyxform, asked politely: our rows in, its XForm out, its English complaints framed with their place."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from selaras.errors import Problem
from selaras.odk.sheets import Sheet
from selaras.odk.survey import OTHER, OTHER_LABEL, SPECIFY_LABEL
from selaras.odk.table import Row, Table
from selaras.odk.types import select

_ROW = re.compile(r"\[row : (\d+)\]")
_SHEET = re.compile(r"'(survey|choices|settings|entities|external_choices|osm)' sheet")
_VALUE = re.compile(r"the '([\w:-]+)' value")
_QUOTED = re.compile(r"'([^']+)'")
_LONGEST = 600

Rows = list[dict[str, str]]


@dataclass(frozen=True, slots=True)
class Identity:
    """What a form is called, and the language that it speaks where nothing else is said."""

    id: str = ""
    version: str = ""
    title: str = ""
    default_language: str = ""


def convert(
    found: Mapping[str, Sheet], tables: Mapping[str, Table], identity: Identity, *, strict: bool
) -> tuple[str, list[Problem]]:
    """The XForm of a form, '' where pyxform refuses it, and what pyxform said.

    `strict` fills the settings that a sheet leaves open and words "other, specify" in the default language, which
    pyxform would write in English.
    """
    from pyxform.errors import PyXFormError
    from pyxform.xls2xform import convert as pyxform_convert

    book: dict[str, object] = {"sheet_names": list(found), "fallback_form_name": identity.id}
    rows = {name: _rows(sheet) for name, sheet in found.items()}
    lines = {name: list(range(2, len(content) + 2)) for name, content in rows.items()}
    headers = {
        name: {text: None for text in (sheet.rows[0] if sheet.rows else ()) if text} for name, sheet in found.items()
    }
    if strict:
        _open_lists(rows, lines, headers, tables, identity.default_language)
        _settle(rows, headers, tables.get("settings"), identity)
    for name, content in rows.items():
        book[name] = content
        book[f"{name}_header"] = [headers[name]]
    warnings: list[str] = []
    try:
        xform: str = pyxform_convert(book, warnings=warnings, pretty_print=False).xform
    except PyXFormError as error:
        return "", [*_framed(warnings, tables, lines), _frame("form.pyxform", str(error), tables, lines)]
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError, RecursionError) as error:
        # pyxform trips over some rows instead of refusing them; to the author both are a form that no phone loads.
        return "", [_frame("form.pyxform", f"{type(error).__name__} {error}", tables, lines)]
    return xform, _framed(warnings, tables, lines)


def _rows(sheet: Sheet) -> Rows:
    """Rows below the header as pyxform wants them; blank rows stay, so that its row numbers are the sheet's."""
    header = sheet.rows[0] if sheet.rows else ()
    return [
        {header[i]: text for i, text in enumerate(row) if text and i < len(header) and header[i]}
        for row in sheet.rows[1:]
    ]


def _settle(
    rows: dict[str, Rows], headers: dict[str, dict[str, None]], table: Table | None, identity: Identity
) -> None:
    """Fill the settings that the sheet leaves open."""
    first = dict(rows["settings"][0]) if rows.get("settings") else {}
    for base, text in (
        ("form_id", identity.id),
        ("form_title", identity.title),
        ("version", identity.version),
        ("default_language", identity.default_language),
    ):
        spelling = _written(table, base) if table is not None else base
        if text and not first.get(spelling):
            first[spelling] = text
    rows["settings"] = [first]
    headers.setdefault("settings", {}).update(dict.fromkeys(first))


def _open_lists(
    rows: dict[str, Rows],
    lines: dict[str, list[int]],
    headers: Mapping[str, dict[str, None]],
    tables: Mapping[str, Table],
    language: str,
) -> None:
    """Write `or_other` out: a choice and a text question, labelled in the default language."""
    survey, choices = tables["survey"], tables.get("choices")
    content: Rows = []
    numbers: list[int] = []
    by_number = {row.number: row for row in survey}
    opened: dict[str, None] = {}
    for index, cells in enumerate(rows["survey"]):
        row = by_number.get(index + 2)
        chosen = select(" ".join(row.text("type").split())) if row is not None else None
        content.append(cells)
        numbers.append(index + 2)
        if row is None or chosen is None or not chosen[2] or row.text("choice_filter"):
            continue
        opened[chosen[1]] = None
        content[-1] = {**cells, _written(survey, "type"): row.text("type").rsplit(" or", 1)[0]}
        content.append(_specify(survey, row, language))
        numbers.append(index + 2)
    rows["survey"], lines["survey"] = content, numbers
    for added in content:
        headers["survey"].update(dict.fromkeys(added))
    if choices is None:
        return
    name, list_name = _written(choices, "name"), _written(choices, "list_name")
    for one in opened:
        if not any(known.get(list_name) == one and known.get(name) == OTHER for known in rows["choices"]):
            rows["choices"].append({list_name: one, name: OTHER, _written(choices, "label", language): OTHER_LABEL})
            lines["choices"].append(len(rows["choices"]) + 1)


def _specify(survey: Table, row: Row, language: str) -> dict[str, str]:
    name = row.text("name")
    return {
        _written(survey, "type"): "text",
        _written(survey, "name"): f"{name}_{OTHER}",
        _written(survey, "label", language): SPECIFY_LABEL,
        _written(survey, "relevant"): f"selected(${{{name}}}, '{OTHER}')",
    }


def _written(table: Table, base: str, language: str = "") -> str:
    """How this sheet spells a column."""
    header = table.columns.get((base, language)) or table.columns.get((base, ""))
    return header.text if header is not None else f"{base}::{language}" if language else base


def _framed(warnings: list[str], tables: Mapping[str, Table], lines: Mapping[str, list[int]]) -> list[Problem]:
    return [_frame("form.pyxform_warning", text, tables, lines, warning=True) for text in warnings]


def _frame(
    code: str, text: str, tables: Mapping[str, Table], lines: Mapping[str, list[int]], *, warning: bool = False
) -> Problem:
    """Place pyxform's words. Where it names no row, a value that it quotes may stand in one cell; else A1."""
    message = " ".join(_ROW.sub("", text).split())[:_LONGEST]
    row, sheet, value = _ROW.search(text), _SHEET.search(text), _VALUE.search(text)
    name = sheet[1] if sheet and sheet[1] in tables else "survey"
    table = tables[name]
    where = table.sheet.where(1, 0)
    if row:
        given = int(row[1]) - 2
        number = lines[name][given] if 0 <= given < len(lines[name]) else int(row[1])
        headers = [header for header in table.columns.values() if value and header.base == value[1].lower()]
        where = table.sheet.where(number, headers[0].index if headers else 0)
    elif not warning:
        where = _quoted(message, table) or where
    return Problem(code, where, {"message": message.rstrip(".")}, "warning" if warning else "error")


def _quoted(message: str, table: Table) -> str:
    """The address of the first cell that holds a value which the message quotes, '' where none does."""
    values = set(_QUOTED.findall(message))
    for row in table:
        for index, text in enumerate(row.cells):
            if text in values:
                return table.sheet.where(row.number, index)
    return ""
