"""The invented families as the spreadsheet that an office would bring: one sheet of families, one of members."""

import io
from collections.abc import Iterable, Sequence

from selaras.management.demo.families import Family


def workbook(families: Sequence[Family], columns: Iterable[str], member_columns: Iterable[str]) -> bytes:
    """An .xlsx whose columns are the survey's fields; members stand under their family's code."""
    import xlsxwriter

    own, inside = list(columns), list(member_columns)
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_numbers": False}) as book:
        sheet = book.add_worksheet("keluarga")
        sheet.write_row(0, 0, own)
        for row, family in enumerate(families, start=1):
            for column, name in enumerate(own):
                sheet.write_string(row, column, family.answers.get(name, ""))
        sheet = book.add_worksheet("member")
        sheet.write_row(0, 0, ["kode_keluarga", *inside])
        row = 0
        for family in families:
            for member in family.members:
                row += 1
                sheet.write_string(row, 0, family.code)
                for column, name in enumerate(inside, start=1):
                    sheet.write_string(row, column, member.get(name, ""))
    return buffer.getvalue()
