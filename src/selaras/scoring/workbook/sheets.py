"""Whether the sheets and columns are those of a workbook: nothing unknown, nothing mandatory left out."""

from collections.abc import Mapping
from dataclasses import replace

from selaras.odk.sheets import Sheets
from selaras.odk.table import Table
from selaras.scoring.workbook.layout import FORM_SHEETS, GUIDANCE, MANDATORY_SHEETS, SHEETS
from selaras.scoring.workbook.report import Report

#: More rows than any rubric has; what depends on rows of ours then stays quick whatever a file holds.
MAX_ROWS = 3_000


def check_sheets(sheets: Sheets, tables: Mapping[str, Table], report: Report) -> dict[str, Table]:
    """Report unknown and missing sheets, and for ours: unknown, doubled and missing columns, and too many rows.

    Returns our tables without the rows past the limit.
    """
    known = (*FORM_SHEETS, *SHEETS, GUIDANCE)
    written = {name.strip().lower() for name in sheets.sheets}
    for name in sheets.sheets:
        if name.strip().lower() not in known:
            report.unknown("sheet.unknown", f"{name}!A1", name, known)
    for name in MANDATORY_SHEETS:
        if name not in written and name != "survey":  # the form says so of survey
            report.add("sheet.missing", f"{name}!A1", name=name)
    for name, table in tables.items():
        report.problems += table.sheet.problems
        _check_columns(name, table, report)
        if len(table.rows) > MAX_ROWS:
            last = table.rows[MAX_ROWS]
            report.add("sheet.too_long", f"{table.sheet.name}!A{last.number}", found=len(table.rows), limit=MAX_ROWS)
    return {name: replace(table, rows=table.rows[:MAX_ROWS]) for name, table in tables.items()}


def _check_columns(name: str, table: Table, report: Report) -> None:
    columns = {column.name: column for column in SHEETS[name]}
    for header in table.columns.values():
        column = columns.get(header.base)
        if column is None:
            report.unknown("sheet.column", header.where, header.text, columns)
        elif header.language and not column.translated:
            report.add("sheet.column_language", header.where, name=header.base)
    for header in table.doubled:
        report.add("sheet.column_double", header.where, name=header.text)
    for where in table.unnamed:
        report.add("sheet.column_unnamed", where)
    for column in columns.values():
        if not column.mandatory:
            continue
        if not table.has(column.name):
            if table.rows or name in MANDATORY_SHEETS:
                report.add("sheet.column_missing", f"{table.sheet.name}!A1", name=column.name)
        elif column.translated and not table.speaks(column.name, report.language):
            first = table.spoken(column.name)[0]
            values = {"column": column.name, "language": report.language, "found": first.language}
            report.add("sheet.language_missing", first.where, **values)
