"""Reading a workbook from end to end: file, form, sheets, names, scores, canonical content."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from selaras.errors import InputError, Problem
from selaras.odk.convert import Identity
from selaras.odk.forms import Form
from selaras.odk.sheets import Sheet, Sheets, read_sheets
from selaras.odk.table import as_table
from selaras.odk.xlsform import ALIASES, DEFAULT_LANGUAGE, form_sheets, read_xlsform, without_echoes
from selaras.scoring.expressions.near import nearest
from selaras.scoring.instrument import HOUSEHOLD, Calculation, Expression, Indicator, Instrument
from selaras.scoring.workbook.aspects import check_filled, read_aspects
from selaras.scoring.workbook.basics import Basics, read_basics, read_privacy
from selaras.scoring.workbook.calculations import read_calculations, read_classes
from selaras.scoring.workbook.canonical import digest
from selaras.scoring.workbook.form import read_relevants
from selaras.scoring.workbook.indicators import IndicatorRow, check_agencies, read_indicators, with_points
from selaras.scoring.workbook.layout import SHEETS
from selaras.scoring.workbook.names import Names, field_symbols, with_typed_calculates
from selaras.scoring.workbook.points import read_bands, read_options
from selaras.scoring.workbook.report import MOST_PROBLEMS, Report, in_order
from selaras.scoring.workbook.sheets import check_sheets
from selaras.scoring.workbook.violence import check_violence

#: What was only a warning, or nothing, when older workbooks were published: it never unmakes a published one.
_REFUSED_SINCE = frozenset({"indicator.raw_cases", "indicator.measure_backwards"})


@dataclass(frozen=True, slots=True)
class Reading:
    """What a workbook says, and everything that is wrong with it.

    `form` is None where the form itself has an error. `instrument` is None where anything has, and for a plain
    XLSForm, which scores nothing. `problems` are sorted by sheet and cell, warnings among them.
    """

    form: Form | None
    instrument: Instrument | None
    problems: tuple[Problem, ...] = ()

    @property
    def errors(self) -> tuple[Problem, ...]:
        """The problems that forbid its use."""
        return tuple(problem for problem in self.problems if problem.level == "error")


def read_workbook(source: Path | bytes, *, name: str = "", xform: bool = True, published: bool = False) -> Reading:
    """Read and check a workbook, all errors at once. Raises nothing for what a file may contain.

    `name` stands for the file in messages. Without `xform` pyxform is not asked (half a second less) and
    `form.xform` is '': for who scores with a workbook that was checked before. `published`: it was published once, so
    what has been refused only since then is a warning, and past years can still be scored and verified.
    """
    try:
        sheets = read_sheets(source, name=name)
    except InputError as error:
        return Reading(None, None, error.problems)
    ours = {key: sheets.sheets[written] for written, key in _ours(sheets).items()}
    if "instrument" not in ours:
        return _plain(sheets, ours, xform=xform)
    return _Workbook(sheets, ours, xform=xform, published=published).read()


def _ours(sheets: Sheets) -> dict[str, str]:
    """Written name -> our name, for sheets of ours; capitals and spaces around do not matter."""
    lowered = {written: written.strip().lower() for written in sheets.sheets}
    return {written: name for written, name in lowered.items() if name in SHEETS}


def _plain(sheets: Sheets, ours: Mapping[str, Sheet], *, xform: bool) -> Reading:
    """A plain XLSForm: pyxform's rules and warnings hold, and nothing of ours."""
    reading = read_xlsform(sheets, strict=False, xform=xform)
    problems = list(reading.problems)
    if ours:  # somebody meant to score with it
        meant = nearest("instrument", (name for name in sheets.sheets if name not in ours)) or "instrument"
        first = next(iter(ours.values()))
        problems.append(Problem("workbook.only_a_form", f"{first.name}!A1", {"meant": meant}, "warning"))
    return Reading(reading.form, None, in_order(problems, sheets.sheets))


class _Workbook:
    """One pass over an instrument's workbook."""

    def __init__(self, sheets: Sheets, ours: Mapping[str, Sheet], *, xform: bool, published: bool) -> None:
        self.sheets = sheets
        self.forms = form_sheets(sheets)
        self.tables = {name: as_table(sheet, {}) for name, sheet in ours.items()}
        self.xform = xform
        self.published = published
        self.report = Report(DEFAULT_LANGUAGE)

    def read(self) -> Reading:
        basics = read_basics(self.tables["instrument"], self.report)
        identity = Identity(basics.id, basics.version, basics.title)
        reading = read_xlsform(self.sheets, strict=True, identity=identity, xform=self.xform)
        form = reading.draft
        self.report.language = form.default_language
        self.report.problems += reading.problems
        self.tables = check_sheets(self.sheets, self.tables, self.report)
        instrument = self._instrument(basics, form)
        if self.report.full:
            self.report.add("workbook.too_many", "", found=MOST_PROBLEMS)
        problems = in_order(without_echoes(self.report.problems), self.sheets.sheets)
        if self.published:
            problems = tuple(replace(one, level="warning") if one.code in _REFUSED_SINCE else one for one in problems)
        wrong = any(problem.level == "error" for problem in problems)
        # One form for both: in an instrument, calculates are typed by their calculation.
        return Reading(reading.form and instrument.form, None if wrong else instrument, problems)

    def _instrument(self, basics: Basics, form: Form) -> Instrument:
        report, tables = self.report, self.tables
        if HOUSEHOLD in form.repeats:
            report.add("form.name_reserved", form.repeats[HOUSEHOLD].cell, name=HOUSEHOLD)
        blind = "survey" not in self.forms
        names = Names(report, field_symbols(form), frozenset(form.repeats), taken=_taken(form), blind=blind)
        calculations = read_calculations(tables.get("calculations"), names)
        classes = read_classes(tables.get("classes"), names)
        aspects, rows = read_aspects(tables.get("aspects"), report)
        found = read_indicators(tables.get("indicators"), aspects, names)
        indicators = self._with_points(found, basics)
        check_filled(aspects, rows, [one.aspect for one in indicators.values()], report)
        privacy = {} if blind else read_privacy(tables.get("privacy"), form.fields, report)
        check_agencies(found, calculations, privacy, report)
        used = [one.tree for one in _expressions(calculations, indicators)]
        used += [one.expression.tree for one in classes.values()]
        relevants = read_relevants(form, used, calculations, names)
        self._violence(form)
        return Instrument(
            id=basics.id,
            version=basics.version,
            title=basics.title,
            scale=basics.scale,
            valid_from=basics.valid_from,
            valid_to=basics.valid_to,
            source=basics.source,
            form=with_typed_calculates(form, names.symbols),
            relevants=relevants,
            calculations=calculations,
            classes=classes,
            aspects=aspects,
            indicators=indicators,
            privacy=privacy,
            sha256=digest(self.forms, tables, form.default_language),
        )

    def _with_points(self, rows: Mapping[str, IndicatorRow], basics: Basics) -> dict[str, Indicator]:
        rules = {name: one.indicator.rule if one.known else None for name, one in rows.items()}
        bands = read_bands(self.tables.get("bands"), rules, basics.scale, self.report)
        options = read_options(self.tables.get("options"), rules, basics.scale, self.report)
        return with_points(rows, bands, options, self.report)

    def _violence(self, form: Form) -> None:
        if "survey" not in self.forms:
            return
        choices = self.forms.get("choices")
        check_violence(
            as_table(self.forms["survey"], ALIASES),
            as_table(choices, ALIASES) if choices is not None else None,
            form.default_language,
            self.report,
        )


def _taken(form: Form) -> dict[str, str]:
    """Names that a calculation may no longer take, lower-cased, with the cell that holds them."""
    repeats = {name.lower(): repeat.cell for name, repeat in form.repeats.items()}
    return {**repeats, **{name.lower(): field.cell for name, field in form.fields.items()}}


def _expressions(calculations: Mapping[str, Calculation], indicators: Mapping[str, Indicator]) -> list[Expression]:
    """Every expression that a score may rest on: a calculation that nothing uses yet counts too."""
    found = [one.expression for one in calculations.values()]
    for indicator in indicators.values():
        found += [one for one in (indicator.expression, indicator.applies_to) if one is not None]
    return found
