"""Published counts as a workbook, with the same counts withheld as on the page; and the workbook to fill in."""

import io
from collections.abc import Iterable

from selaras.queries.recaps import HandOverPeriod, PublicationsPage, TableShown
from selaras.reports.heights import height_of
from selaras.reports.kip import OUTPUTS, properties
from selaras.reports.letters import Paper
from selaras.scoring.handovers import called
from selaras.scoring.recaps import DIMENSIONS, UNITS

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: What stands in a cell that is withheld; beside it, in the same words, why.
WITHHELD = "…"
_WHY = "… berarti angkanya ditahan: kurang dari {least}, atau angka yang membuatnya dapat dihitung. Nol juga ditahan."
_STATES = {
    "out": "terbit, per {day}",
    "kept_back": "tidak diterbitkan atas pilihan kota",
    "waiting": "terbit {day}",
    "late": "terbit begitu ruang perlindungan dapat dibaca",
    "never": "tidak terbit: tahunnya sudah ditutup",
    "unrefused": "tidak terbit: tidak ada yang sempat menahannya sebelum harinya",
}
_UNIT_SHEETS = {"cases": "kasus", "victims": "korban", "perpetrators": "pelaku", "services": "layanan"}
_SHEETS = {
    "place": "tempat",
    "form": "bentuk",
    "sex": "jenis kelamin",
    "age": "usia",
    "education": "pendidikan",
    "work": "pekerjaan",
    "marital": "perkawinan",
    "disability": "disabilitas",
    "relation": "hubungan",
    "service": "jenis",
}


def publications_xlsx(page: PublicationsPage) -> Paper:
    """One sheet for each published table, the hand-overs, and where it all comes from."""
    import xlsxwriter

    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False}) as book:
        book.set_properties(properties("rekap"))
        bold = book.add_format({"bold": True, "valign": "top"})
        sheet = book.add_worksheet("sumber")
        sheet.set_column(0, 0, 30, bold)
        sheet.set_column(1, 1, 80, book.add_format({"text_wrap": True, "valign": "top"}))
        sheet.fit_to_pages(1, 0)
        for row, (what, said) in enumerate(_sources(page)):
            sheet.set_row(row, height_of([(said, 80)]))
            sheet.write_string(row, 0, what)
            sheet.write_string(row, 1, said)
        for number, table in enumerate(page.tables, start=1):
            _table(book.add_worksheet(f"{number} {table.key}"[:31]), table, bold)
        for period in page.hand_overs:
            if period.lines:
                _hand_overs(book.add_worksheet(f"rujukan {called(period.period)}"), period, bold)
    name = f"angka-layanan-{page.cycle.slug}-{page.year}.xlsx"
    return Paper(name, XLSX, buffer.getvalue())


def _sources(page: PublicationsPage) -> Iterable[tuple[str, str]]:
    yield "data contoh (sintetis)", "ya" if page.cycle.synthetic else "tidak"
    yield "wilayah", page.cycle.place
    yield "tahun", str(page.year)
    for said in page.said:
        name = f"terbitan {said.number}"
        yield name, f"{', '.join(map(called, said.periods))}: {said.source}, per {said.as_of.isoformat()}"
        yield f"ditahan {name}", f"{said.withheld} dari {said.counts} angka. " + _WHY.format(least=said.threshold)
    for early in page.cut_short:
        if early.year == page.year:
            said_on = early.as_of.isoformat()
            yield "tidak penuh", f"{called(early.period)}: dihitung per {said_on}, sebelum masanya berakhir"
    yield "koreksi", "Tiap masa terbit sekali; koreksi sesudah itu tidak ditampilkan di sini, ada atau tidak."
    for period in page.hand_overs:
        yield f"rujukan {called(period.period)}", _STATES[period.state].format(day=period.comes_out.isoformat())
    yield "keterbukaan", OUTPUTS["rekap"].said


def _table(sheet: "xlsxwriter.worksheet.Worksheet", table: TableShown, bold: object) -> None:  # type: ignore[name-defined]  # noqa: F821
    when = f", triwulan {table.period[1:]}" if table.period else ""
    many = "; satu dapat masuk lebih dari satu kolom" if table.several else ""
    sheet.write_string(0, 0, f"Banyaknya {table.unit} menurut {table.dimension}{when}{many}", bold)
    sheet.set_column(0, 0, 28)
    _columns(sheet, table.columns)
    sheet.write_row(2, 0, ("Wilayah", *table.columns), bold)
    for at, (name, counts) in enumerate(table.rows, start=3):
        sheet.write_string(at, 0, name)
        _counts(sheet, at, counts)


def _hand_overs(sheet: "xlsxwriter.worksheet.Worksheet", period: HandOverPeriod, bold: object) -> None:  # type: ignore[name-defined]  # noqa: F821
    clocks = ("diterima 24 jam", "dari", "diteruskan 3 x 24 jam", "dari", "tiga bulan", "dari")
    sheet.set_column(0, 0, 28)
    heads = ("diserahkan", *clocks, "dibatalkan")
    _columns(sheet, heads)
    sheet.write_row(0, 0, ("Wilayah", *heads), bold)
    for at, line in enumerate(period.lines, start=1):
        sheet.write_string(at, 0, line.place)
        counts = (count for clock in line.clocks for count in clock or (None, None))
        _counts(sheet, at, (line.handed_over, *counts, line.void))


def _columns(sheet: "xlsxwriter.worksheet.Worksheet", heads: Iterable[str]) -> None:  # type: ignore[name-defined]  # noqa: F821
    """Each as wide as what stands over it, on a page as wide as all of them."""
    for column, head in enumerate(heads, start=1):
        sheet.set_column(column, column, max(8, len(head) + 2))
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)


def _counts(sheet: "xlsxwriter.worksheet.Worksheet", row: int, counts: Iterable[int | None]) -> None:  # type: ignore[name-defined]  # noqa: F821
    for column, count in enumerate(counts, start=1):
        if count is None:
            sheet.write_string(row, column, WITHHELD)
        else:
            sheet.write_number(row, column, count)


def recap_template(places: Iterable[str]) -> Paper:
    """The workbook that the import reads, with the city's kecamatan and every table, its counts empty."""
    import xlsxwriter

    buffer, names = io.BytesIO(), list(places)
    with xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False}) as book:
        book.set_properties(properties("contoh-impor"))
        bold = book.add_format({"bold": True})
        guide = book.add_worksheet("petunjuk")
        guide.set_column(0, 0, 110)
        for row, text in enumerate(_GUIDE):
            guide.write_string(row, 0, text, bold if row == 0 else None)
        for dimension in DIMENSIONS:
            sheet = book.add_worksheet(f"{_UNIT_SHEETS[dimension.unit]} {_SHEETS[dimension.name]}"[:31])
            _columns(sheet, (*dimension.categories.values(), "Jumlah"))
            sheet.write_row(0, 0, ("Kecamatan", *dimension.categories.values(), "Jumlah"), bold)
            sheet.write_column(1, 0, names)
            sheet.set_column(0, 0, 24)
        sheet = book.add_worksheet("penduduk")
        sheet.write_row(0, 0, ("Kecamatan", "Perempuan"), bold)
        sheet.write_column(1, 0, names)
    return Paper("contoh-rekap.xlsx", XLSX, buffer.getvalue())


_GUIDE = (
    "Rekap laporan untuk Selaras",
    "Hapus sheet yang tidak ada di rekap Anda; kolom yang tidak ada boleh dihapus.",
    "Tulis 0 atau tanda - bila nihil. Sel kosong dianggap salah, bukan nol.",
    f"Satuan: {', '.join(UNITS.values())}. Jumlah satu satuan harus sama di semua tabelnya.",
    "Untuk rekap triwulan tambahkan kolom Triwulan (1 sampai 4) sesudah kolom Kecamatan, di semua tabel.",
    "Sheet penduduk berisi banyaknya perempuan, untuk laporan per 1.000 perempuan. Boleh dihapus.",
    "Jangan tulis nama, alamat, NIK, atau nomor perkara di berkas ini.",
)
