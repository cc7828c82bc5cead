"""An empty workbook for a lokus, made from its instrument: what is filled in here is read without a question."""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from selaras.odk.forms import Choice, Field, Form
from selaras.odk.types import SILENT
from selaras.odk.walk import column_letters
from selaras.reports.heights import height_of
from selaras.reports.kip import properties
from selaras.scoring.expressions.words import label_of
from selaras.scoring.instrument import Instrument

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

#: Rows that are prepared with lists to choose from and formats.
ROWS = 2_000
#: What a list inside of a cell's rule may be long; a longer one stands on the sheet of choices.
_LISTED = 255
_FAMILY = (
    ("kode", "Kode keluarga", "{prefix}-001; kosongkan bila belum ada, nanti diberi"),
    ("nama_kepala_keluarga", "Nama kepala keluarga", "seperti di KK"),
    ("alamat", "Alamat", "jalan dan nomor rumah"),
    ("rw", "RW", "dua angka, misalnya 03"),
    ("rt", "RT", "dua angka, misalnya 02"),
    ("no_kk", "Nomor KK", "16 angka"),
    ("nik", "NIK kepala keluarga", "16 angka; kosongkan bila belum punya"),
    ("no_hp", "Nomor HP", "misalnya 0812…"),
)
_MEMBER = (
    ("kode", "Kode keluarga", "sama seperti di sheet keluarga; atau isi nomor KK-nya"),
    ("no_kk", "Nomor KK", "16 angka, bila kodenya belum ada"),
    ("nama", "Nama anggota", "seperti di KK"),
    ("nik", "NIK", "16 angka; kosongkan bila belum punya"),
)
#: What the registry keeps and a survey may ask by the same meaning, by the survey's usual names: asked once.
_SAME = {
    "kode": ("kode_keluarga", "kode"),
    "nama_kepala_keluarga": ("head_name", "nama_kepala", "nama_kepala_keluarga", "kepala_keluarga", "nama_kk"),
    "alamat": ("address", "alamat", "alamat_rumah"),
    "rw": ("rw", "no_rw", "nomor_rw"),
    "rt": ("rt", "no_rt", "nomor_rt"),
    "no_kk": ("kk", "no_kk", "nomor_kk"),
    "nik": ("nik", "no_nik", "nik_kepala"),
    "no_hp": ("phone", "hp", "no_hp", "nomor_hp", "telepon"),
    "nama": ("name", "nama", "nama_anggota", "nama_lengkap"),
}
_TAKES = {
    "integer": "bilangan bulat",
    "decimal": "bilangan, misalnya 3,5",
    "date": "tanggal, misalnya 25/4/2024",
    "time": "jam, misalnya 07:30",
    "datetime": "tanggal dan jam",
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its title, what it takes, and the words to choose from (one of them, or several with `;`)."""

    title: str
    takes: str
    words: tuple[str, ...] = ()
    many: bool = False
    text: bool = True


def template_xlsx(instrument: Instrument, *, prefix: str, place: str) -> bytes:
    """Sheets `keluarga`, one a repeat, `petunjuk` and `pilihan`; `prefix` begins the codes of families (GD)."""
    import xlsxwriter

    form = instrument.form
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False}) as book:
        book.set_properties(properties("contoh-impor"))
        sheets = {"keluarga": tuple(family_columns(form, prefix))}
        for repeat in form.repeats:
            sheets[_repeat_sheet(form, repeat, sheets)] = tuple(member_columns(form, repeat))
        pages = {name: book.add_worksheet(name) for name in sheets}
        guidance, choices = book.add_worksheet("petunjuk"), book.add_worksheet("pilihan")
        looks = _looks(book)
        taken = 0
        for name, columns in sheets.items():
            taken = _fill(pages[name], columns, looks, choices, taken)
        _guide(guidance, sheets, looks, place, instrument)
        pages["keluarga"].activate()
    return buffer.getvalue()


def family_columns(form: Form, prefix: str) -> Iterator[Column]:
    """What the registry keeps of a family and the survey does not ask by the same name, then the survey's questions."""
    asked = [field for field in form.fields.values() if field.repeat is None and _is_asked(field)]
    yield from _registry(_FAMILY, {field.name for field in asked}, prefix)
    yield from (_column(form, field) for field in asked)


def member_columns(form: Form, repeat: str) -> Iterator[Column]:
    """The same of a member; `kode` or the KK says whose."""
    asked = [field for field in form.fields.values() if field.repeat == repeat and _is_asked(field)]
    yield from _registry(_MEMBER, {field.name for field in asked}, "")
    yield from (_column(form, field) for field in asked)


def _registry(items: Sequence[tuple[str, str, str]], asked: set[str], prefix: str) -> Iterator[Column]:
    for name, label, takes in items:
        if not asked & set(_SAME[name]):
            yield Column(f"{label}\n[{name}]", takes.format(prefix=prefix))


def _is_asked(field: Field) -> bool:
    return field.kind not in {"other", "file", "geo"} and field.type not in SILENT


def _column(form: Form, field: Field) -> Column:
    label = " ".join(label_of(field.labels.get(form.default_language, "")).split()) or field.name
    title = f"{label}\n[{field.name}]"
    if field.kind not in {"choice", "choices"}:
        number = field.kind in {"integer", "decimal"}
        return Column(title, _TAKES.get(field.kind, "teks"), text=not number)
    listed = form.lists.get(field.list_name or "", ())
    words = tuple(_word(choice, form) for choice in listed)
    # A label with a comma or a semicolon would be parted where several may be chosen.
    if field.kind == "choices" or len(set(words)) != len(words):
        words = tuple(choice.name for choice in listed)
    many = field.kind == "choices"
    return Column(title, "satu atau lebih, dipisah titik koma" if many else "pilih dari daftar", words, many)


def _word(choice: Choice, form: Form) -> str:
    return " ".join(label_of(choice.labels.get(form.default_language, "")).split()) or choice.name


def _repeat_sheet(form: Form, repeat: str, taken: dict[str, tuple[Column, ...]]) -> str:
    """The first word of its label where that is free (`anggota`), else its name."""
    label = form.repeats[repeat].labels.get(form.default_language, repeat).casefold().split()
    word = "".join(sign for sign in (label[0] if label else repeat) if sign.isalnum())[:31]
    return word if word and word not in {*taken, "petunjuk", "pilihan"} and len(form.repeats) == 1 else repeat[:31]


def _looks(book: "Workbook") -> "dict[str, Format]":
    wrapped = {"text_wrap": True, "valign": "top"}
    return {
        "title": book.add_format({**wrapped, "bold": True, "bg_color": "#e3efec", "border": 1}),
        "text": book.add_format({"num_format": "@"}),
        "free": book.add_format({}),
        "head": book.add_format({**wrapped, "bold": True, "font_size": 14}),
        "wrap": book.add_format(wrapped),
    }


def _fill(
    page: "Worksheet", columns: Sequence[Column], looks: "dict[str, Format]", choices: "Worksheet", taken: int
) -> int:
    """Titles, widths, formats and lists; how many columns of the sheet of choices are taken afterwards."""
    page.freeze_panes(1, min(2, len(columns)))
    page.set_row(0, max(60, height_of((column.title, 22) for column in columns) or 0))
    for index, column in enumerate(columns):
        page.set_column(index, index, 22, looks["text"] if column.text else looks["free"])
        page.write_string(0, index, column.title, looks["title"])
        if not column.words:
            continue
        for row, word in enumerate((column.title.partition("\n")[0], *column.words)):
            choices.write_string(row, taken, word)
        source: str | list[str] = list(column.words)
        if len(",".join(column.words)) > _LISTED or any("," in word for word in column.words):
            letters = column_letters(taken)
            source = f"=pilihan!${letters}$2:${letters}${len(column.words) + 1}"
        taken += 1
        if not column.many:
            said = {"error_title": "Bukan pilihan", "error_message": "Pilih dari daftar, atau kosongkan."}
            page.data_validation(1, index, ROWS, index, {"validate": "list", "source": source, **said})
    return taken


def _guide(
    page: "Worksheet",
    sheets: dict[str, tuple[Column, ...]],
    looks: "dict[str, Format]",
    place: str,
    instrument: Instrument,
) -> None:
    page.set_column(0, 0, 44, looks["wrap"])
    page.set_column(1, 1, 60, looks["wrap"])
    page.write_string(0, 0, f"Data keluarga binaan {place}", looks["head"])
    lines = (
        f"Dibuat dari {instrument.title} versi {instrument.version}.",
        "Satu baris untuk satu keluarga di sheet keluarga; satu baris untuk satu orang di sheet anggota.",
        "Jangan ubah baris judul. Kolom boleh dikosongkan: yang kosong berarti belum diketahui, bukan tidak.",
        "NIK, KK, RT, RW, dan nomor HP diketik sebagai teks supaya nol di depan tidak hilang.",
        "Unggah di halaman Impor data; semua diperiksa dulu dan tidak ada yang masuk sebelum Anda setuju.",
    )
    row = 2
    for line in lines:
        page.set_row(row, height_of([(line, 44)]))
        page.write_string(row, 0, line, looks["wrap"])
        row += 1
    for name, columns in sheets.items():
        row += 1
        page.write_string(row, 0, f"Sheet {name}", looks["title"])
        page.write_string(row, 1, "Isinya", looks["title"])
        for column in columns:
            row += 1
            listed = f": {'; '.join(column.words)}" if column.words else ""
            cells = (column.title.replace("\n", " "), f"{column.takes}{listed}")
            page.set_row(row, height_of(zip(cells, (44, 60), strict=True)))
            for at, cell in enumerate(cells):
                page.write_string(row, at, cell, looks["wrap"])
        row += 1
