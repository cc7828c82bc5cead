"""Make a workbook pleasant for an officer: guidance first, drop-downs, frozen headers, widths, notes on columns.

    python tools/dress_workbook.py WORKBOOK [--guidance FILE.md]   dress WORKBOOK in place
    python tools/dress_workbook.py WORKBOOK --new                  write an empty skeleton

What the cells say stays as it is: dressing keeps the instrument's sha256. Formulas become their last values. The
sheet `petunjuk` comes from --guidance (lines starting with # are headings), or stays as it was, or is a short
default. It is never read by the checker.
"""

import argparse
import math
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from selaras.odk.sheets import Sheet, Sheets, read_sheets
from selaras.scoring.workbook.layout import DEFAULT_LANGUAGE, FORM_COLUMNS, FORM_SHEETS, GUIDANCE, SHEETS, Column

FONT = "Calibri"
GUIDANCE_WIDTH = 110
TITLE_HEIGHT = 24.0
LINE_HEIGHT = 15.0
#: A row is never higher than this many lines: a long text is then read in the input line.
MOST_LINES = 8
WIDTHS = {
    "label": 44,
    "hint": 34,
    "expression": 52,
    "applies_to": 36,
    "relevant": 36,
    "constraint": 30,
    "constraint_message": 30,
    "calculation": 44,
    "source": 40,
    "evidence": 32,
    "purpose": 36,
    "basis": 32,
    "retention": 24,
    "value": 60,
    "type": 24,
    "name": 24,
    "indicator": 26,
    "aspect": 20,
    "field": 26,
    "choice_filter": 26,
}
SURVEY_TYPES = (
    "integer", "decimal", "text", "date", "time", "dateTime", "geopoint", "image", "note", "calculate",
    "begin group", "end group", "begin repeat", "end repeat", "start", "end", "today", "deviceid",
)  # fmt: skip
#: Columns that mean numbers; the rest stays text, whatever it looks like.
NUMBERS = {
    "instrument": ("value",),
    "aspects": ("weight",),
    "indicators": ("weight", "low", "high", "min_n"),
    "bands": ("from", "to", "points"),
    "options": ("points",),
}
ROOM = 400  # rows below the last that still offer the drop-down
GUIDANCE_TEXT = f"""# Petunjuk
Buku kerja ini adalah satu instrumen: formulir pendataan dan cara jawaban menjadi nilai.
Sheet ini hanya untuk dibaca; isinya tidak mempengaruhi nilai.

# Urutan membaca
instrument: nama, versi, dan skala.
survey, choices, settings: formulir yang tampil di ponsel kader (standar XLSForm).
privacy: kelas kerahasiaan setiap isian.
calculations: hitungan bernama yang dipakai berulang.
classes: golongan keluarga; baris pertama yang benar menang.
aspects dan indicators: apa yang dinilai dan berapa bobotnya.
bands dan options: rentang dan pilihan beserta poinnya.

# Sebelum diterbitkan
Letakkan penunjuk di atas judul kolom untuk membaca artinya.
Kolom berpanah hanya menerima isi dari daftarnya.
Label bahasa utama ({DEFAULT_LANGUAGE}) wajib; bahasa lain boleh ditambah sebagai kolom label::English (en).
Periksa dengan perintah: selaras check BERKAS.xlsx
Naikkan version setiap kali isi berubah; versi yang sudah terbit tidak diubah.
"""


@dataclass(frozen=True)
class Look:
    """The few formats of the whole book."""

    title: Format
    header: Format
    needed: Format
    cell: Format
    code: Format
    text: Format


def looks(book: xlsxwriter.Workbook) -> Look:
    base: dict[str, object] = {"font_name": FONT, "font_size": 11, "valign": "top", "text_wrap": True}
    head = {**base, "bold": True, "font_color": "#FFFFFF", "border": 1, "border_color": "#FFFFFF"}
    return Look(
        title=book.add_format({**base, "bold": True, "font_size": 15, "font_color": "#14532D", "text_wrap": False}),
        header=book.add_format({**head, "bg_color": "#4B6358"}),
        needed=book.add_format({**head, "bg_color": "#14532D"}),
        cell=book.add_format({**base}),
        code=book.add_format({**base, "font_name": "Consolas", "font_size": 10}),
        text=book.add_format({**base, "font_size": 12}),
    )


def columns_of(sheet: str) -> Mapping[str, Column]:
    """What is known of a sheet's columns, by name without language."""
    if sheet in SHEETS:
        return {column.name: column for column in SHEETS[sheet]}
    return {name: Column(name, about) for name, about in FORM_COLUMNS.get(sheet, {}).items()}


def choices_for(sheet: str, column: Column | None, name: str, book: Sheets) -> tuple[tuple[str, ...], bool]:
    """The values that a drop-down offers, and whether others are refused."""
    if column is not None and column.closed:
        return column.closed, True
    if name == "over":
        return ("household", *repeats(book)), True
    if sheet == "survey" and name == "type":
        lists = dict.fromkeys(values(book, "choices", "list_name"))
        return (
            *SURVEY_TYPES,
            *(f"select_one {one}" for one in lists),
            *(f"select_multiple {one}" for one in lists),
        ), False
    if sheet == "survey" and name == "required":
        return ("yes", "no"), False
    return (), False


def range_for(sheet: str, name: str, book: Sheets) -> str:
    """The cells of another sheet from which a column takes its names, so that a new one is offered at once; or ''."""
    source = {("aspects", "parent"): "aspects", ("indicators", "aspect"): "aspects"}.get((sheet, name), "")
    if sheet in ("bands", "options") and name == "indicator":
        source = "indicators"
    rows = book.sheets[source].rows if source in book.sheets else ()
    column = source.removesuffix("s")
    if not rows or column not in rows[0]:
        return ""
    letters = xl_col_to_name(rows[0].index(column), col_abs=True)
    return f"={source}!{letters}$2:{letters}${len(rows) + ROOM}"


def values(book: Sheets, sheet: str, column: str) -> tuple[str, ...]:
    """The filled cells of one column, in order, each once."""
    rows = book.sheets[sheet].rows if sheet in book.sheets else ()
    if not rows or column not in rows[0]:
        return ()
    index = rows[0].index(column)
    return tuple(dict.fromkeys(row[index] for row in rows[1:] if len(row) > index and row[index]))


def repeats(book: Sheets) -> tuple[str, ...]:
    rows = book.sheets["survey"].rows if "survey" in book.sheets else ()
    if not rows or not {"type", "name"} <= set(rows[0]):
        return ()
    kind, name = rows[0].index("type"), rows[0].index("name")
    begins = [row for row in rows[1:] if len(row) > max(kind, name) and row[kind].replace("_", " ") == "begin repeat"]
    return tuple(row[name] for row in begins)


def is_number(sheet: str, column: str, row: Sequence[str], text: str) -> bool:
    """Whether a cell means a number and is read back as the same text. A version `2024.1` or a choice `1` is a name."""
    if column not in NUMBERS.get(sheet, ()) or (sheet == "instrument" and row[:1] != ("scale",)):
        return False
    try:
        number = float(text)
    except ValueError:
        return False
    return len(text) <= 15 and text in (str(int(number)) if number.is_integer() else "", format(number, ".15g"))


def dress(book: Sheets, target: Path, guidance: str) -> None:
    """Write every sheet of `book` anew to `target`, guidance first."""
    with xlsxwriter.Workbook(str(target), {"strings_to_formulas": False, "strings_to_urls": False}) as file:
        look = looks(file)
        write_guidance(file.add_worksheet(GUIDANCE), guidance, look)
        order = ("instrument", *FORM_SHEETS, *SHEETS)
        names = [name for name in dict.fromkeys(order) if name in book.sheets]
        names += [name for name in book.sheets if name not in names and name != GUIDANCE]
        for name in names:
            write_sheet(file.add_worksheet(name), book.sheets[name], book, look)


def write_guidance(page: Worksheet, guidance: str, look: Look) -> None:
    page.hide_gridlines(2)
    page.set_column(0, 0, GUIDANCE_WIDTH)
    as_printed(page)
    page.set_tab_color("#B45309")
    lines = guidance.splitlines()
    for row, line in enumerate(lines):
        # A sheet that was dressed before has lost its #: there a heading stands first or after an empty line.
        heading = line.startswith("#") or ("#" not in guidance and line and not (row and lines[row - 1]))
        page.write_string(row, 0, line.lstrip("# ") if heading else line, look.title if heading else look.text)
        page.set_row(row, TITLE_HEIGHT if heading else height_of([(line, GUIDANCE_WIDTH)]))


def as_printed(page: Worksheet) -> None:
    """One page wide on A4: an office prints what it discusses."""
    page.set_paper(9)
    page.set_landscape()
    page.fit_to_pages(1, 0)


def height_of(cells: Iterable[tuple[str, float]]) -> float:
    """Points that a row needs: LibreOffice does not grow a row for wrapped text that it did not type itself.

    `cells` are texts with the width of their column in characters; a character takes a little more than its share.
    """
    lines = max(
        (sum(max(1, math.ceil(1.12 * len(part) / width)) for part in text.split("\n")) for text, width in cells),
        default=1,
    )
    return LINE_HEIGHT * min(lines, MOST_LINES)


def width_of(header: str) -> float:
    """Width of a column in characters, by its header without the language."""
    return WIDTHS.get(header.partition("::")[0].strip(), max(12, min(len(header) + 3, 24)))


def write_sheet(page: Worksheet, sheet: Sheet, book: Sheets, look: Look) -> None:
    known = columns_of(sheet.name)
    headers = sheet.rows[0] if sheet.rows else ()
    page.set_tab_color("#14532D" if sheet.name in SHEETS else "#4B6358")
    page.freeze_panes(1, 1)
    for column, header in enumerate(headers):
        base = header.partition("::")[0].strip()
        entry = known.get(base)
        code = base in ("expression", "applies_to", "relevant", "constraint", "calculation", "choice_filter")
        page.set_column(column, column, width_of(header), look.code if code else look.cell)
        page.write_string(0, column, header, look.needed if entry is not None and entry.mandatory else look.header)
        if entry is not None:
            note = f"{entry.about}{' (wajib)' if entry.mandatory else ''}"
            page.write_comment(0, column, note, {"x_scale": 2, "y_scale": 0.8, "font_size": 10})
        last = len(sheet.rows) + ROOM
        names = range_for(sheet.name, base, book)
        if names:
            page.data_validation(1, column, last, column, {"validate": "list", "source": names, "show_error": False})
        else:
            offer(page, column, *choices_for(sheet.name, entry, base, book), last=last)
    as_printed(page)
    page.repeat_rows(0)
    for row, cells in enumerate(sheet.rows[1:], start=1):
        page.set_row(row, height_of((text, width_of(head)) for text, head in zip(cells, headers, strict=False)))
        for column, text in enumerate(cells):
            if column < len(headers) and is_number(sheet.name, headers[column], cells, text):
                page.write_number(row, column, float(text))
            elif text:
                page.write_string(row, column, text)
    if headers:
        page.autofilter(0, 0, max(len(sheet.rows) - 1, 1), len(headers) - 1)


def offer(page: Worksheet, column: int, wanted: tuple[str, ...], closed: bool, *, last: int) -> None:
    """A drop-down on a column. Its list may hold 255 characters: a longer one is cut, and then not closed."""
    fitting: list[str] = []
    for value in wanted:
        if "," not in value and len(",".join([*fitting, value])) <= 255:
            fitting.append(value)
    if not fitting:
        return
    whole = closed and len(fitting) == len(wanted)
    page.data_validation(
        1, column, last, column,
        {
            "validate": "list",
            "source": fitting,
            "error_type": "stop" if whole else "information",
            "show_error": whole,
            "error_title": "Tidak ada di daftar",
            "error_message": "Pilih salah satu isi dari daftar.",
        },
    )  # fmt: skip


def skeleton() -> Sheets:
    """Headers of every sheet, with what a newcomer would otherwise have to look up."""
    language = DEFAULT_LANGUAGE
    sheets = {
        name: Sheet(
            name,
            (tuple(f"{column.name}::{language}" if column.translated else column.name for column in columns),),
        )
        for name, columns in SHEETS.items()
    }
    keys = (("id", ""), ("version", ""), ("title", ""), ("scale", "100"), ("valid_from", ""), ("source", ""))
    sheets["instrument"] = Sheet("instrument", (("key", "value"), *keys))
    labels = (f"label::{language}", f"hint::{language}")
    sheets["survey"] = Sheet(
        "survey", (("type", "name", *labels, "relevant", "required", "constraint", "calculation"),)
    )
    sheets["choices"] = Sheet(
        "choices",
        (("list_name", "name", labels[0]), ("ya_tidak", "ya", "Ya"), ("ya_tidak", "tidak", "Tidak")),
    )
    settings = (("form_title", "form_id", "version", "default_language"), ("", "", "", language))
    sheets["settings"] = Sheet("settings", settings)
    return Sheets("", sheets)


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("workbook", type=Path)
    parser.add_argument("--guidance", type=Path, help="text of the sheet petunjuk")
    parser.add_argument("--new", action="store_true", help="write an empty skeleton")
    asked = parser.parse_args(arguments)
    if asked.new and asked.workbook.exists():
        parser.error(f"{asked.workbook} already exists")
    book = skeleton() if asked.new else read_sheets(asked.workbook)
    kept = "\n".join(row[0] if row else "" for row in book.sheets[GUIDANCE].rows) if GUIDANCE in book.sheets else ""
    guidance = asked.guidance.read_text("utf-8") if asked.guidance else kept or GUIDANCE_TEXT
    dress(book, asked.workbook, guidance)
    for problem in (problem for sheet in book.sheets.values() for problem in sheet.problems):
        print(problem)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
