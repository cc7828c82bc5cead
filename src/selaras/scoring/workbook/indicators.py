"""The sheet `indicators`: every combination of where a value comes from and how it becomes points."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import cast, get_args

from selaras.odk.table import Row, Table
from selaras.scoring.instrument import (
    HOUSEHOLD,
    Aggregate,
    Aspect,
    Calculation,
    Expression,
    Indicator,
    MissingPolicy,
    Option,
    Origin,
    Privacy,
    Rule,
    Stage,
)
from selaras.scoring.protection import MEASURES, MeasureKind
from selaras.scoring.workbook.names import Names, fields_used
from selaras.scoring.workbook.points import BandRow, covered
from selaras.scoring.workbook.raw_cases import texts_that_count
from selaras.scoring.workbook.report import Report

#: `share` and `count` ask yes or no of each unit; the others measure.
_BOOLEAN_AGGREGATES = ("share", "count")
_RULES_OF: Mapping[MeasureKind, tuple[Rule, ...]] = {
    "boolean": ("yes_no", "options"),
    "share": ("linear", "bands"),
    "number": ("linear", "bands"),
}


@dataclass(slots=True)
class IndicatorRow:
    """An indicator as read, its row, and whether its closed columns could be read at all."""

    indicator: Indicator
    row: Row
    known: bool


def read_indicators(table: Table | None, aspects: Mapping[str, Aspect], names: Names) -> dict[str, IndicatorRow]:
    """Every row that has a usable name, without bands and options, which `with_points` adds."""
    found: dict[str, IndicatorRow] = {}
    taken: dict[str, str] = {}
    for row in table or ():
        name = names.report.name(row, "indicator", taken)
        one = _indicator(row, name, aspects, names)
        if name:
            found[name] = one
    return found


def _indicator(row: Row, name: str, aspects: Mapping[str, Aspect], names: Names) -> IndicatorRow:
    report = names.report
    aspect = row.text("aspect")
    if not aspect:
        report.blank(row, "aspect")
    elif aspect not in aspects:
        report.unknown("indicator.aspect", row.where("aspect"), aspect, aspects)
    origin = report.closed(row, "from", get_args(Origin), mandatory=True)
    rule = report.closed(row, "rule", get_args(Rule), mandatory=True)
    one = Indicator(
        name=name,
        aspect=aspect,
        labels=report.labels(row, mandatory=True, name=name),
        weight=report.weight(row),
        origin=cast(Origin, origin or "survey"),
        rule=cast(Rule, rule or "linear"),
        stage=cast(Stage, report.closed(row, "stage", get_args(Stage), mandatory=False)) or None,
        aggregate=cast(
            Aggregate, report.closed(row, "aggregate", get_args(Aggregate), mandatory=False, default="share")
        ),
        unit=row.text("unit"),
        low=report.number(row, "low"),
        high=report.number(row, "high"),
        missing=cast(
            MissingPolicy, report.closed(row, "missing", get_args(MissingPolicy), mandatory=False, default="exclude")
        ),
        min_n=_min_n(row, report),
        measure=row.text("measure"),
        agency=row.text("agency"),
        evidence=row.text("evidence"),
        source=row.text("source"),
    )
    if origin:
        one = _from_survey(one, row, names) if origin == "survey" else _from_facts(one, row, report)
    if rule:
        _check_ends(one, row, report, known=bool(origin))
    _check_measure(one, row, report, known=bool(origin and rule))
    return IndicatorRow(one, row, bool(origin and rule))


def _min_n(row: Row, report: Report) -> int:
    number = report.number(row, "min_n")
    if number is None:
        return 0
    if number < 0 or number != int(number):
        report.add("indicator.min_n", row.where("min_n"), found=row.text("min_n"))
        return 0
    return int(number)


# --- from = survey ----------------------------------------------------------------------------------------------
def _from_survey(one: Indicator, row: Row, names: Names) -> Indicator:
    report = names.report
    over = names.over(row.text("over"), row.where("over"))
    if one.rule == "options":
        report.add("indicator.options_survey", row.where("rule"))
    if one.rule == "yes_no" and one.aggregate != "share":
        report.warn("indicator.yes_no", row.where("aggregate"), aggregate=one.aggregate)
    if not row.text("expression"):
        report.add("indicator.expression_missing", row.where("expression"))
    if over is None:  # its expressions cannot be judged; what is wrong with them shows once `over` is right
        return one
    expression = _expression(row, "expression", over, names)
    applies_to = _expression(row, "applies_to", over, names)
    if applies_to is not None and applies_to.kind not in ("boolean", "blank"):
        report.add("indicator.applies_to", row.where("applies_to"), kind=report.kind_word(applies_to.kind))
    if expression is not None and _known_aggregate(row):
        wanted = "boolean" if one.aggregate in _BOOLEAN_AGGREGATES else "number"
        if expression.kind not in (wanted, "blank"):
            values = {"aggregate": one.aggregate, "kind": report.kind_word(expression.kind)}
            code = "indicator.wants_boolean" if wanted == "boolean" else "indicator.wants_number"
            report.add(code, row.where("expression"), **values)
    return replace(one, over=over, expression=expression, applies_to=applies_to)


def _known_aggregate(row: Row) -> bool:
    """A wrong `aggregate` is read as `share`; nothing may be blamed for not being one."""
    return row.text("aggregate") in ("", *get_args(Aggregate))


def _expression(row: Row, column: str, over: str, names: Names) -> Expression | None:
    text = row.text(column)
    return names.read(text, row.where(column), over) if text else None


# --- from = record, activity, protection, judged ----------------------------------------------------------------
def _from_facts(one: Indicator, row: Row, report: Report) -> Indicator:
    """A fact is one value or option a unit: what would change it is refused, what only counts households is told."""
    unfit = [column for column in ("expression", "applies_to") if row.text(column)]
    unfit += ["over"] if row.text("over") not in ("", HOUSEHOLD) else []
    for column in unfit:
        report.add("indicator.survey_only", row.where(column), column=column, origin=one.origin)
    idle = ["aggregate"] if one.aggregate != "share" else []
    idle += ["missing"] if one.missing != "exclude" else []
    idle += ["min_n"] if one.min_n else []
    for column in idle:
        report.warn("indicator.survey_only", row.where(column), column=column, origin=one.origin)
    return replace(one, aggregate="share", missing="exclude", min_n=0)


# --- rules ------------------------------------------------------------------------------------------------------
def _check_ends(one: Indicator, row: Row, report: Report, *, known: bool) -> None:
    if one.rule != "linear":
        for column in ("low", "high"):
            if row.text(column):
                report.warn("indicator.low_high_unused", row.where(column), column=column, rule=one.rule)
        return
    for column in ("low", "high"):
        if not row.text(column):
            report.add("indicator.low_high_missing", row.where(column), column=column)
    if one.low is None or one.high is None:
        return
    if one.low == one.high:
        report.add("indicator.low_is_high", row.where("high"), found=row.text("high"))
    elif known and _known_aggregate(row) and is_share(one):
        for column, end in (("low", one.low), ("high", one.high)):
            if not 0 <= end <= 1:
                report.warn("indicator.share_ends", row.where(column), column=column, found=row.text(column))


def is_share(one: Indicator) -> bool:
    """Whether the indicator's value always lies in 0…1."""
    if one.origin == "survey":
        return one.aggregate == "share"
    return one.measure in MEASURES and MEASURES[one.measure].kind == "share"


def _check_measure(one: Indicator, row: Row, report: Report, *, known: bool) -> None:
    where = row.where("measure")
    if known and one.origin != "protection":
        if one.measure:
            report.add("indicator.measure_elsewhere", where, origin=one.origin)
        return
    if one.origin != "protection":
        return
    if not one.measure:
        report.add("indicator.measure_missing", where, known=", ".join(MEASURES))
    elif one.measure not in MEASURES:
        report.unknown("indicator.measure", where, one.measure, MEASURES)
    elif known and one.rule not in _RULES_OF[MEASURES[one.measure].kind]:
        wanted = " atau ".join(_RULES_OF[MEASURES[one.measure].kind])
        report.add("indicator.measure_rule", row.where("rule"), measure=one.measure, rule=one.rule, wanted=wanted)


# --- who follows up ---------------------------------------------------------------------------------------------
def check_agencies(
    rows: Mapping[str, IndicatorRow],
    calculations: Mapping[str, Calculation],
    privacy: Mapping[str, Privacy],
    report: Report,
) -> None:
    """Warn of indicators that rest on an answer about health and name no agency: nobody would see the need."""
    for one in rows.values():
        expression = one.indicator.expression
        if expression is None or one.indicator.agency:
            continue
        used = [privacy[name] for name in fields_used([expression.tree], calculations) if name in privacy]
        health = [field.field for field in used if field.privacy_class == "kesehatan"]
        if health:
            report.warn("indicator.no_agency", one.row.where("agency"), field=health[0])


# --- bands and options ------------------------------------------------------------------------------------------
def with_points(
    rows: Mapping[str, IndicatorRow],
    bands: Mapping[str, list[BandRow]],
    options: Mapping[str, list[Option]],
    report: Report,
) -> dict[str, Indicator]:
    """Indicators with their bands and options; those that have none but need them go to the report."""
    found: dict[str, Indicator] = {}
    for name, one in rows.items():
        indicator = one.indicator
        if one.known and indicator.rule == "bands":
            if name in bands:
                indicator = replace(indicator, bands=covered(bands[name], share=is_share(indicator), report=report))
            else:
                report.add("indicator.no_bands", one.row.where("rule"), name=name)
        if one.known and indicator.rule == "options":
            if name in options:
                indicator = replace(indicator, options=tuple(options[name]))
            elif indicator.origin != "survey":
                report.add("indicator.no_options", one.row.where("rule"), name=name)
        _check_cases(indicator, one.row, report)
        _check_direction(indicator, one, report)
        found[name] = indicator
    return found


def _check_cases(one: Indicator, row: Row, report: Report) -> None:
    guilty = next(texts_that_count(one), "")
    if guilty:
        language = report.language if ("label", report.language) in row.columns else ""
        report.add("indicator.raw_cases", row.where("label", language), words=guilty[:80])


def _check_direction(one: Indicator, read: IndicatorRow, report: Report) -> None:
    """More of a measure of help is never worth less: nobody may gain by a late hand-over or an untrained cadre."""
    if one.origin != "protection" or one.measure not in MEASURES or not read.known:
        return
    points = [band.points for band in one.bands]
    falls = one.rule == "bands" and points != sorted(points)
    backwards = one.rule == "linear" and one.low is not None and one.high is not None and one.low > one.high
    if falls or backwards:
        where = read.row.where("low" if backwards else "rule")
        report.add("indicator.measure_backwards", where, measure=one.measure)
