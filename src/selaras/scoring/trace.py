"""How a number came to be: its rule in words, each step from counts to points to total, and the SQL that counted.

`54 dari 93` → `Pita 50` → `2,5 dari 5` → aspect → total: the steps of an indicator's page and of `--explain`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from selaras.errors import InputError, Problem
from selaras.scoring.card import IndicatorScore, UnitScore
from selaras.scoring.explain import RuleWords, band_words, measure, over_words, rule_words, shown
from selaras.scoring.expressions.near import nearest
from selaras.scoring.instrument import Indicator, Instrument
from selaras.scoring.nextstep import next_step
from selaras.scoring.numbers import half_up, indonesian, percent
from selaras.scoring.ranges import value_range
from selaras.scoring.rules import band_at
from selaras.scoring.tally import Tally

TOTAL = "total"
_WHY_NONE = {
    "no_answers": "belum ada yang diketahui",
    "too_few": "yang diketahui kurang dari batas terkecil",
    "missing": "masih ada yang kosong, padahal semuanya harus diketahui",
    "no_fact": "belum ada yang mengisi",
}


@dataclass(frozen=True, slots=True)
class Step:
    """One step: what came out, and from what."""

    title: str
    detail: str


@dataclass(frozen=True, slots=True)
class Trace:
    """The way to one number. `rule` and `sql` are None and '' for aspects and totals, and for facts without SQL.

    `outlook` says what missing answers leave open, and what it takes to earn more.
    """

    label: str
    steps: tuple[Step, ...]
    outlook: tuple[str, ...] = ()
    rule: RuleWords | None = None
    expression: str = ""
    sql: str = ""

    def __str__(self) -> str:
        """Plain text: label, rule, numbered steps, SQL."""
        parts = [self.label, *([str(self.rule)] if self.rule else [])]
        if self.expression:
            parts.append(f"Ungkapan: {self.expression}")
        parts.append("\n".join(f"{number}. {s.title}: {s.detail}" for number, s in enumerate(self.steps, start=1)))
        if self.outlook:
            parts.append("\n".join(self.outlook))
        if self.sql:
            parts.append(f"SQL:\n{self.sql}")
        return "\n\n".join(parts)


def trace(
    instrument: Instrument,
    unit: UnitScore,
    subject: str = TOTAL,
    *,
    engine: str = "duckdb",
    today: date | None = None,
) -> Trace:
    """The way to the number of an indicator, an aspect, or the total of `unit`.

    Raises InputError for a subject that the instrument lacks, with the one that was probably meant.
    """
    if subject in instrument.indicators:
        return _indicator(instrument, unit, instrument.indicators[subject], engine, today)
    if subject in instrument.aspects:
        label = shown(instrument.aspects[subject].labels, instrument) or subject
        return Trace(label, tuple(_up(instrument, unit, subject)))
    if subject == TOTAL:
        return Trace("Nilai seluruhnya", (_total(instrument, unit),))
    meant = nearest(subject, (*instrument.indicators, *instrument.aspects, TOTAL))
    code = "trace.subject_near" if meant else "trace.subject"
    raise InputError(Problem(code, values={"name": subject, "meant": meant}))


def statement_of(
    instrument: Instrument, indicator: Indicator, engine: str = "duckdb", today: date | None = None
) -> str:
    """The SQL that counts one survey indicator alone, over tables as the form makes them; '' for facts."""
    # sqlglot takes a tenth of a second to load, which a score without --explain need not wait for.
    from selaras.scoring.sql.dialects import DIALECTS
    from selaras.scoring.sql.rollup import tally_statement
    from selaras.scoring.sql.tables import assumed

    if indicator.expression is None:
        return ""
    tables, dialect = assumed(instrument), DIALECTS[engine]
    return tally_statement(instrument, tables, dialect, today=today, indicators=[indicator.name]).sql(pretty=True)


# --- an indicator -----------------------------------------------------------------------------------------------
def _indicator(instrument: Instrument, unit: UnitScore, indicator: Indicator, engine: str, today: date | None) -> Trace:
    return Trace(
        label=shown(indicator.labels, instrument) or indicator.name,
        steps=indicator_steps(instrument, unit, indicator),
        outlook=tuple(outlook(instrument, indicator, unit.indicators[indicator.name])),
        rule=rule_words(instrument, indicator),
        expression=indicator.expression.text if indicator.expression else "",
        sql=statement_of(instrument, indicator, engine, today),
    )


def indicator_steps(instrument: Instrument, unit: UnitScore, indicator: Indicator) -> tuple[Step, ...]:
    """From the counts of one indicator to the total, or to why there is no value."""
    score = unit.indicators[indicator.name]
    steps = [_value(instrument, indicator, score)]
    if score.points is not None:
        steps += _points(instrument, indicator, score)
        steps.append(_weighed(indicator, score))
        steps += _up(instrument, unit, indicator.aspect)
    return tuple(steps)


def _value(instrument: Instrument, indicator: Indicator, score: IndicatorScore) -> Step:
    over = over_words(instrument, indicator.over)
    sides = f"{score.missing or 0} belum diketahui, {score.not_applicable or 0} tidak berlaku"
    if score.reason:
        detail = _WHY_NONE[score.reason]
        return Step("Belum ada nilai", detail if score.n is None else f"{score.n} {over} diketahui, {sides}: {detail}")
    if score.option is not None:
        return Step(f"Pilihan {score.option}", "pilihan yang diberikan")
    if score.value is None:
        return Step("Beberapa pilihan juri", "rata-rata nilainya dipakai")
    value = _shown(indicator, score.value)
    if score.n is None:
        return Step(value, "nilai yang diberikan")
    if indicator.aggregate == "share":
        return Step(f"{score.true} dari {score.n}", f"{over} yang sudah, menjadi {value}; {sides}")
    if indicator.aggregate == "count":
        return Step(value, f"banyaknya {over} yang sudah, dari {score.n} yang diketahui; {sides}")
    name = {"mean": "rata-rata", "sum": "jumlah", "median": "nilai tengah", "min": "terkecil", "max": "terbesar"}
    return Step(value, f"{name[indicator.aggregate]} dari {score.n} {over} yang diketahui; {sides}")


def _shown(indicator: Indicator, value: Fraction) -> str:
    if indicator.origin == "survey" and indicator.aggregate == "share":
        return percent(value)
    return measure(indicator, half_up(value, 2))


def _points(instrument: Instrument, indicator: Indicator, score: IndicatorScore) -> Iterator[Step]:
    """From value to share of points, and what blanks took of it."""
    scale = indonesian(instrument.scale)
    points = score.points or Fraction(0)
    known, missing = score.n or 0, score.missing or 0
    reduced = indicator.missing == "zero" and missing > 0 and score.n is not None
    before = points * (known + missing) / known if reduced else points
    worth = indonesian(before * Fraction(instrument.scale))
    if indicator.rule == "bands" and score.value is not None:
        band = band_at(indicator, score.value)
        words = "".join(span.text for span in band_words(indicator, band)) if band else ""
        yield Step(f"Pita {worth}", f"{words} dari {scale}")
    elif indicator.rule == "linear":
        ends = f"dari {measure(indicator, indicator.low)} ke {measure(indicator, indicator.high)}"
        yield Step(f"{worth} dari {scale}", f"letaknya pada garis {ends}")
    elif indicator.rule == "options":
        yield Step(f"{worth} dari {scale}", "nilai pilihan itu")
    else:
        yield Step(f"{worth} dari {scale}", "nilai penuh bila semuanya sudah")
    if reduced:
        worth = indonesian(points * Fraction(instrument.scale))
        yield Step(f"{worth} dari {scale}", f"dikali {known}/{known + missing}: yang kosong tidak memberi nilai")


def _weighed(indicator: Indicator, score: IndicatorScore) -> Step:
    weight, points = indonesian(indicator.weight), indonesian(score.points or Fraction(0), 4)
    return Step(f"{indonesian(score.score or Fraction(0))} dari {weight}", f"bobot {weight} × {points}")


def outlook(instrument: Instrument, indicator: Indicator, score: IndicatorScore) -> Iterator[str]:
    """What missing answers leave open, and how many more it takes to earn more; for shares and counts."""
    if score.n is None or score.true is None:
        return
    tally = Tally(score.n, score.true, score.missing or 0, score.not_applicable or 0)
    over = over_words(instrument, indicator.over)
    if tally.missing:
        ends = value_range(indicator, tally)
        low, high = (_shown(indicator, end) for end in (ends.low or Fraction(0), ends.high or Fraction(0)))
        yield f"Bila {tally.missing} yang kosong terjawab, hasilnya antara {low} dan {high}."
    step = None if score.points is None else next_step(indicator, tally, Fraction(instrument.scale))
    if step is not None:
        worth = indonesian(step.points * Fraction(indicator.weight))
        change = f"{step.more} {over} lagi" if step.up else f"{step.more} {over} berkurang"
        yield f"{change}, dan poinnya menjadi {worth} dari {indonesian(indicator.weight)}."


# --- aspects and total ------------------------------------------------------------------------------------------
def _up(instrument: Instrument, unit: UnitScore, name: str | None) -> Iterator[Step]:
    """The aspect `name`, those above it, and the total."""
    while name is not None:
        yield _aspect(instrument, unit, name)
        name = instrument.aspects[name].parent
    yield _total(instrument, unit)


def _aspect(instrument: Instrument, unit: UnitScore, name: str) -> Step:
    scale = Fraction(instrument.scale)
    label = shown(instrument.aspects[name].labels, instrument) or name
    parts = [
        (Fraction(indicator.weight), unit.indicators[indicator.name].points)
        for indicator in instrument.indicators.values()
        if indicator.aspect == name
    ]
    for aspect in instrument.aspects.values():
        if aspect.parent == name:
            score = unit.aspects[aspect.name].score
            parts.append((Fraction(aspect.weight), None if score is None else score / scale))
    return _mean_step(f"aspek {label}", unit.aspects[name].score, parts)


def _total(instrument: Instrument, unit: UnitScore) -> Step:
    scale = Fraction(instrument.scale)
    parts = []
    for aspect in instrument.aspects.values():
        if aspect.parent is None:
            score = unit.aspects[aspect.name].score
            parts.append((Fraction(aspect.weight), None if score is None else score / scale))
    return _mean_step("nilai seluruhnya", unit.total, parts)


def _mean_step(what: str, score: Fraction | None, parts: list[tuple[Fraction, Fraction | None]]) -> Step:
    missing = sum((weight for weight, share in parts if share is None), Fraction(0))
    left_out = f"; bobot {indonesian(missing)} belum bernilai" if missing else ""
    if score is None:
        return Step("Belum ada nilai", f"{what}{left_out}")
    present = sum((weight for weight, share in parts if share is not None), Fraction(0))
    earned = sum((weight * share for weight, share in parts if share is not None), Fraction(0))
    return Step(indonesian(score, 1), f"{what}: {indonesian(earned)} dari bobot {indonesian(present)}{left_out}")
