"""The numbers of one indicator as a table to take along: no family, no code, nothing personal."""

import csv
import io
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

from selaras.models.places import zone_of
from selaras.queries.indicators import IndicatorPage
from selaras.reports.heights import height_of
from selaras.reports.kip import OUTPUTS, properties

Cell = str | int | Decimal | datetime | None

_COUNTS = (("ya", "true"), ("diketahui", "n"), ("belum diketahui", "missing"), ("tidak berlaku", "not_applicable"))


def indicator_rows(page: IndicatorPage) -> Iterator[tuple[str, Cell]]:
    """(what, value) lines: class, place, round, counts, value, points, score, then what they can be checked against.

    A moment is in the place's zone, to the second.
    """
    yield "data contoh (sintetis)", "ya" if page.cycle.synthetic else "tidak"
    yield "informasi publik", OUTPUTS["indikator"].kip.value
    yield "lokus", f"{page.lokus.code} {page.lokus.name}"
    yield "tahun program", f"{page.cycle.programme} {page.cycle.place} {page.cycle.year}"
    yield "putaran", "" if page.round is None else page.round.label
    yield "indikator", f"{page.name}: {page.label}"
    yield "yang dihitung", page.over
    for label, field in _COUNTS:
        yield label, getattr(page, field)
    yield "nilai", page.value
    yield "nilai paling rendah", page.value_low
    yield "nilai paling tinggi", page.value_high
    yield "bagian poin (0 sampai 1)", page.points
    yield "bobot", page.weight
    yield "skor", page.score.value
    yield "aturan", page.rule_words
    yield "rumus", page.expression
    zone = zone_of(page.lokus.code)
    yield "dihitung pada", None if page.as_of is None else page.as_of.astimezone(zone).replace(microsecond=0)
    yield "instrumen", f"{page.instrument.id} {page.instrument.version}"
    yield "SHA-256 instrumen", page.instrument.sha256
    yield "SHA-256 data", page.data_sha256
    yield "mesin", page.engine


def indicator_csv(page: IndicatorPage) -> bytes:
    """The lines as CSV in UTF-8 with a byte order mark (spreadsheets ask for it), a point for the decimal.

    A moment is written with its offset: `2024-08-12 06:00:00+07:00`.
    """
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(("apa", "nilai"))
    writer.writerows((what, _inert(value)) for what, value in indicator_rows(page))
    return text.getvalue().encode("utf-8-sig")


def _inert(value: Cell) -> str:
    """Text that a spreadsheet will not run: no formula begins a cell (OWASP, CSV injection)."""
    text = "" if value is None else f"{value:f}" if isinstance(value, Decimal) else str(value)
    return f"'{text}" if isinstance(value, str) and text[:1] in "=+-@\t\r" and text else text


def indicator_xlsx(page: IndicatorPage) -> bytes:
    """The lines as a workbook with one sheet; numbers stay numbers, and a moment is one that a sheet reckons with."""
    import xlsxwriter

    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False}) as book:
        book.set_properties(properties("indikator"))
        sheet = book.add_worksheet("angka")
        bold = book.add_format({"bold": True, "valign": "top"})
        wrap = book.add_format({"text_wrap": True, "valign": "top"})
        sheet.set_column(0, 0, 30, bold)
        sheet.set_column(1, 1, 70, wrap)
        sheet.freeze_panes(1, 0)
        sheet.fit_to_pages(1, 0)
        sheet.write_row(0, 0, ("apa", "nilai"), bold)
        for row, (what, value) in enumerate(indicator_rows(page), start=1):
            sheet.set_row(row, height_of([(value, 70)]))
            sheet.write_string(row, 0, what)
            if isinstance(value, datetime):
                look = {"num_format": f'dd/mm/yyyy hh:mm "{value.tzname()}"', "valign": "top"}
                sheet.write_datetime(row, 1, value.replace(tzinfo=None), book.add_format(look))
            elif isinstance(value, int | Decimal):
                sheet.write_number(row, 1, float(value))
            elif value is not None:
                sheet.write_string(row, 1, value)
    return buffer.getvalue()
