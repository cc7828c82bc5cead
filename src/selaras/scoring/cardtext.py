"""A scorecard to be read in a terminal: a line a unit, and where the units are few a line an indicator."""

from fractions import Fraction

from selaras.scoring.card import IndicatorScore, Scorecard, UnitScore
from selaras.scoring.explain import measure, shown
from selaras.scoring.instrument import Indicator, Instrument
from selaras.scoring.numbers import half_up, indonesian, percent

#: With more units than this only the summary is printed.
MOST_UNITS_IN_DETAIL = 3
NAMELESS = "(tanpa wilayah)"
_WIDEST = 44


def unit_name(unit: UnitScore) -> str:
    """The unit's code, or words where households name none."""
    return NAMELESS if unit.unit is None else unit.unit


def card_text(instrument: Instrument, card: Scorecard) -> str:
    """The whole card as text. Numbers are rounded for reading only; `--json` has them all."""
    head = f"{instrument.title} ({card.instrument} {card.version}), skala {indonesian(instrument.scale)}, {card.engine}"
    parts = [head, _summary(instrument, card)]
    if len(card.units) <= MOST_UNITS_IN_DETAIL:
        parts += [_detail(instrument, unit) for unit in card.units]
    return "\n\n".join(parts)


def _summary(instrument: Instrument, card: Scorecard) -> str:
    top = [name for name, aspect in instrument.aspects.items() if aspect.parent is None]
    labels = [shown(instrument.aspects[name].labels, instrument) or name for name in top]
    rows = [["Wilayah", "Keluarga", "Nilai", "Bobot kosong", *labels]]
    for unit in card.units:
        rows.append(
            [
                unit_name(unit),
                indonesian(unit.households),
                _score(unit.total),
                indonesian(unit.weight_missing),
                *(_score(unit.aspects[name].score) for name in top),
            ]
        )
    return _table(rows, left=1)


def _detail(instrument: Instrument, unit: UnitScore) -> str:
    rows = [["Indikator", "Hasil", "Sudah", "Dari", "Kosong", "Tak berlaku", "Poin", "Bobot"]]
    for name, indicator in instrument.indicators.items():
        score = unit.indicators[name]
        rows.append(
            [
                shown(indicator.labels, instrument) or name,
                _value(indicator, score),
                *(_count(count) for count in (score.true, score.n, score.missing, score.not_applicable)),
                _score(score.score, 2),
                indonesian(indicator.weight),
            ]
        )
    title = f"{unit_name(unit)}: {indonesian(unit.households)} keluarga"
    return "\n".join([title, *_classes(instrument, unit), _table(rows, left=1)])


def _classes(instrument: Instrument, unit: UnitScore) -> list[str]:
    if not instrument.classes:
        return []
    parts = [
        f"{shown(one.labels, instrument) or name} {unit.classes.get(name, 0)}"
        for name, one in instrument.classes.items()
    ]
    return [f"Golongan: {', '.join(parts)}, belum dapat digolongkan {unit.unclassified}"]


def _value(indicator: Indicator, score: IndicatorScore) -> str:
    if score.option is not None:
        return score.option
    if score.value is None:
        return "–"
    if indicator.origin == "survey" and indicator.aggregate == "share":
        return percent(score.value)
    return measure(indicator, half_up(score.value, 2))


def _score(value: Fraction | None, places: int = 1) -> str:
    return "–" if value is None else indonesian(value, places, fixed=True)


def _count(count: int | None) -> str:
    return "" if count is None else indonesian(count)


def _table(rows: list[list[str]], left: int) -> str:
    """Columns aligned, the first `left` to the left and the others to the right; long words are cut."""
    cut = [[cell if len(cell) <= _WIDEST else f"{cell[: _WIDEST - 1]}…" for cell in row] for row in rows]
    widths = [max(len(row[column]) for row in cut) for column in range(len(cut[0]))]
    lines = []
    for row in cut:
        cells = [
            cell.ljust(width) if column < left else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        lines.append("  ".join(cells).rstrip())
    lines.insert(1, "  ".join("─" * width for width in widths))
    return "\n".join(lines)
