"""A scorecard as a spreadsheet that explains itself: scores, indicators, classes, steps, rules, SQL, problems."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from fractions import Fraction
from io import BytesIO
from typing import TYPE_CHECKING

from selaras.scoring.card import Scorecard
from selaras.scoring.cardtext import unit_name
from selaras.scoring.explain import rule_words, shown
from selaras.scoring.instrument import Instrument
from selaras.scoring.numbers import half_up
from selaras.scoring.trace import indicator_steps

if TYPE_CHECKING:
    import xlsxwriter

Cell = str | int | Decimal | Fraction | None
#: Steps are written for this many units at most: past it the sheet would outgrow what spreadsheets open.
MOST_TRACED = 200


def card_xlsx(instrument: Instrument, card: Scorecard, *, sql: str = "") -> bytes:
    """The bytes of an .xlsx. `sql` is the statement that counted. No cell is ever a formula."""
    import xlsxwriter

    buffer = BytesIO()
    with xlsxwriter.Workbook(buffer, {"constant_memory": True, "strings_to_formulas": False}) as book:
        book.set_properties({"title": instrument.title, "comments": f"sha256 {card.sha256}"})
        _sheet(book, "Ringkasan", _summary(instrument, card))
        _sheet(book, "Indikator", _indicators(instrument, card))
        if instrument.classes:
            _sheet(book, "Golongan", _classes(instrument, card))
        _sheet(book, "Jejak", _steps(instrument, card))
        _sheet(book, "Aturan", _rules(instrument))
        _sheet(book, "SQL", _statement(sql))
        _sheet(book, "Masalah", _problems(card))
        _sheet(book, "Tentang", _about(instrument, card))
    return buffer.getvalue()


def _sheet(book: "xlsxwriter.Workbook", name: str, rows: Iterable[list[Cell]]) -> None:
    sheet = book.add_worksheet(name)
    head = book.add_format({"bold": True, "bottom": 1})
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, 0, 22)
    sheet.set_column(1, 20, 16)
    for number, row in enumerate(rows):
        for column, cell in enumerate(row):
            if cell is None:
                continue
            if isinstance(cell, str):
                # write_string, so that an answer that begins with = stays a text.
                sheet.write_string(number, column, cell[:32_000], head if number == 0 else None)
            else:
                sheet.write_number(number, column, float(half_up(cell)))


def _summary(instrument: Instrument, card: Scorecard) -> Iterator[list[Cell]]:
    labels = [shown(aspect.labels, instrument) or name for name, aspect in instrument.aspects.items()]
    yield ["Wilayah", "Keluarga", "Nilai", "Bobot belum bernilai", *labels]
    for unit in card.units:
        scores = [unit.aspects[name].score for name in instrument.aspects]
        yield [unit_name(unit), unit.households, unit.total, unit.weight_missing, *scores]


def _indicators(instrument: Instrument, card: Scorecard) -> Iterator[list[Cell]]:
    counts: list[Cell] = ["Diketahui", "Sudah", "Belum diketahui", "Tidak berlaku"]
    yield ["Wilayah", "Aspek", "Indikator", "Label", "Hasil", *counts, "Pilihan", "Bagian nilai", "Bobot", "Poin"]
    for unit in card.units:
        for name, one in instrument.indicators.items():
            score = unit.indicators[name]
            yield [
                unit_name(unit),
                one.aspect,
                name,
                shown(one.labels, instrument) or name,
                score.value,
                score.n,
                score.true,
                score.missing,
                score.not_applicable,
                score.option,
                score.points,
                one.weight,
                score.score,
            ]


def _classes(instrument: Instrument, card: Scorecard) -> Iterator[list[Cell]]:
    labels = [shown(one.labels, instrument) or name for name, one in instrument.classes.items()]
    yield ["Wilayah", *labels, "Belum dapat digolongkan"]
    for unit in card.units:
        counts = [unit.classes.get(name, 0) for name in instrument.classes]
        yield [unit_name(unit), *counts, unit.unclassified]


def _steps(instrument: Instrument, card: Scorecard) -> Iterator[list[Cell]]:
    yield ["Wilayah", "Indikator", "Langkah", "Hasil", "Dari mana"]
    for unit in card.units[:MOST_TRACED]:
        for name, indicator in instrument.indicators.items():
            for number, step in enumerate(indicator_steps(instrument, unit, indicator), start=1):
                yield [unit_name(unit), name, number, step.title, step.detail]
    if len(card.units) > MOST_TRACED:
        yield [f"… dan {len(card.units) - MOST_TRACED} wilayah lain: pakai selaras score --explain"]


def _rules(instrument: Instrument) -> Iterator[list[Cell]]:
    yield ["Indikator", "Label", "Aturan", "Ungkapan", "Berlaku bila"]
    for name, indicator in instrument.indicators.items():
        yield [
            name,
            shown(indicator.labels, instrument) or name,
            str(rule_words(instrument, indicator)),
            indicator.expression.text if indicator.expression else "",
            indicator.applies_to.text if indicator.applies_to else "",
        ]


def _statement(sql: str) -> Iterator[list[Cell]]:
    yield ["Perintah yang menghitung"]
    for line in sql.splitlines():
        yield [line]


def _problems(card: Scorecard) -> Iterator[list[Cell]]:
    yield ["Tempat", "Masalah", "Yang dapat dilakukan", "Jenis"]
    for problem in card.problems:
        kind = "peringatan" if problem.level == "warning" else "kesalahan"
        yield [problem.where, problem.message, problem.remedy, kind]


def _about(instrument: Instrument, card: Scorecard) -> Iterator[list[Cell]]:
    yield ["Keterangan", "Isi"]
    yield ["Instrumen", f"{instrument.title} ({card.instrument} {card.version})"]
    yield ["Sidik isi (sha256)", card.sha256]
    yield ["Mesin", card.engine]
    yield ["Skala", instrument.scale]
    yield ["Sumber", instrument.source]
